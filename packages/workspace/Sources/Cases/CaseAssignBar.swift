// The bar below a list of cases that gives those selected another lead.

import Access
import EthicoTypes
import Markup
import Web

enum CaseAssignBar {
  /// The form that the boxes of the rows belong to.
  static let formID = "many"

  static func bar(
    _ state: FormState, _ candidates: [LeadCandidate], _ filter: CaseFilter, _ context: Inside, _ frame: Frame
  ) -> HTML {
    let action = context.acting.path("cases").appending("assign").query(filter.place)
    let typed = state.fields["lead"] ?? ""
    return selectionBar(form: formID, action: action, frame.secrets(formID)) {
      label {
        "New lead"
        select(.id("f-lead"), .name("lead"), state.error("lead") == nil ? nil : .aria("invalid", "true")) {
          option(.value("")) { "Choose a person" }
          for choice in LeadCandidate.choices(candidates) {
            option(.value(choice.value), choice.value == typed ? .selected : nil, .dirAuto) { choice.label }
          }
        }
      }
      submitButton("Assign cases")
    }
  }
}

extension LeadCandidate {
  /// People to choose from: by name, with their role and how much they lead.
  static func choices(_ candidates: [LeadCandidate]) -> [Choice] {
    candidates.map { candidate in
      let load = candidate.load.map { "\($0) open" }
      let words = [candidate.person.name, candidate.role.label, load].compactMap(\.self)
      return (value: candidate.person.id.description, label: words.joined(separator: " · "))
    }
  }
}
