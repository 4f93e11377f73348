// The form in which the words about a person are changed.

import Access
import EthicoTypes
import Markup
import Web

enum UserEditView {
  static func page(_ found: ClientUserRecord, _ state: FormState, setback: Setback?, _ context: Inside) -> Page {
    let people = context.acting.path("people")
    let here = people.appending(found.id)
    return Page(
      "Edit \(found.name)", section: people, crumbs: [Crumb("People", people), Crumb(found.name, here)],
      trace: found.name, value: ClientUserFormBody(version: found.version)
    ) { frame in
      pageHead("Edit \(found.name)", facts: [.text(found.role.label), userStateBadge(found.state)])
      setbackPanel(setback)
      if setback?.isStale == true { storedBeside(found.fields, state) }
      postForm(here.appending("edit"), frame.secrets("edit"), version: found.version, state: state) {
        personFields(state)
        formActs {
          submitButton("Save person")
          linkButton("Discard changes", to: here, style: .quiet)
        }
      }
    }
  }
}
