// The part of a case's page that says who works on it beside the lead.

import Access
import EthicoTypes
import Markup
import Web

enum CaseMemberView {
  /// - Parameter form: what the form for another person holds; `nil` where nobody is added or removed any more.
  static func people(_ file: CaseFile, _ form: FormState?, _ here: Path, _ frame: Frame) -> HTML {
    let members = file.case.members
    let all = here.appending("members")
    return panel("Beside the lead", aside: span(.class("count")) { "\(members.count) of \(Case.membersLimit)" }) {
      if members.isEmpty {
        p(.class("muted")) { "Nobody else works on this case." }
      } else {
        ul {
          for person in members {
            li {
              clientText(person.name)
              if form != nil { removeButton(person, from: file.case, all, frame) }
            }
          }
        }
      }
      if let form, members.count < Case.membersLimit { addForm(file, form, all, frame) }
    }
  }

  private static func removeButton(
    _ person: PersonReference, from found: Case, _ all: Path, _ frame: Frame
  ) -> HTML {
    postButton(
      "Remove", to: all.appending(person.id).appending("remove"), frame.secrets("remove-\(person.id)"),
      fields: [("version", String(found.version))], style: .small, name: "Remove \(person.name)")
  }

  private static func addForm(_ file: CaseFile, _ state: FormState, _ all: Path, _ frame: Frame) -> HTML {
    let working = Set(file.case.members + [file.case.lead].compactMap(\.self))
    let people = file.candidates.filter { !working.contains($0.person) }
    return postForm(all, frame.secrets("member"), version: file.case.version, state: state, leaving: .silent) {
      selectField(
        "member", label: "Another person", state: state,
        options: [("", "Choose a person")]
          + people.map { ($0.person.id.description, "\($0.person.name) · \($0.role.label)") })
      formActs { submitButton("Add person", style: .plain) }
    }
  }
}
