// The form by which a person is invited.

import Access
import EthicoTypes
import Markup
import Web

enum UserInviteView {
  static func page(_ state: FormState, setback: Setback?, _ context: Inside) -> Page {
    let people = context.acting.path("people")
    return Page(
      "Invite a person", section: people, crumbs: [Crumb("People", people)], value: ClientUserFormBody(version: nil)
    ) { frame in
      setbackPanel(setback)
      pageHead("Invite a person")
      postForm(people, frame.secrets("invite"), state: state) {
        personFields(state)
        selectField(
          "role", label: "Role", state: state, options: [("", "Choose a role")] + choices(ClientRole.self))
        p(.class("muted")) { "The person becomes active by signing in." }
        formActs {
          submitButton("Send invitation")
          linkButton("Discard invitation", to: people, style: .quiet)
        }
      }
    }
  }
}

/// The fields that inviting and editing share.
func personFields(_ state: FormState) -> HTML {
  HTML {
    textField("name", label: "Name", state: state, maxLength: ClientUserDraft.nameLimit)
    textField(
      "email", label: "E-mail", help: "The address the person signs in with; one user each.", state: state,
      kind: .email, maxLength: FieldError.emailLimit)
    textField("title", label: "Job title", state: state, need: .optional, maxLength: ClientUserDraft.titleLimit)
  }
}
