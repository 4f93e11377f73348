// The form in which a person is invited.

import Access
import EthicoTypes
import Markup
import Web

enum StaffInviteView {
  static func page(_ managers: [StaffRecord.Named], _ state: FormState) -> Page {
    let body = StaffInviteBody(managers: managers.map { StaffBody.Person(id: $0.id, name: $0.name) })
    return Page("Invite a person", section: "/staff", crumbs: [Crumb("Staff", "/staff")], value: body) { frame in
      pageHead("Invite a person")
      postForm("/staff", frame.secrets("invite"), state: state, refused: "Nobody was invited yet") {
        p(.class("muted")) {
          "No mail is sent. The person becomes active by signing in at the identity provider with this address, "
          "and may look up clients until you grant more."
        }
        textField(
          "email", label: "E-mail address", help: "As the identity provider knows it.", state: state, kind: .email)
        textField("name", label: "Name", state: state, maxLength: StaffInvitation.nameLimit)
        selectField(
          "reports_to", label: "Reports to", state: state,
          options: [("", "Nobody")] + managers.map { ($0.id.description, $0.name) }, need: .optional)
        textField(
          "timezone", label: "Time zone", help: "Times are shown to the person in it, as Europe/London.", state: state)
        formActs {
          submitButton("Invite person", style: .primary)
          linkButton("Back to staff", to: "/staff", style: .quiet)
        }
      }
    }
  }
}
