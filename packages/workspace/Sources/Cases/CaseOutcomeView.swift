// The part of a case's page on which its outcome is corrected.

import Access
import EthicoTypes
import Markup
import Web

enum CaseOutcomeView {
  /// The form, where the case has come out. One that came over without an outcome says it as it is moved, while it can.
  static func form(_ found: Case, _ state: FormState, _ here: Path, _ frame: Frame) -> HTML {
    guard found.hasComeOut, found.outcome != nil || found.nextStages.isEmpty else { return .nothing }
    let others = CaseOutcome.chosen.filter { $0 != found.outcome }
    return panel("Correct outcome") {
      p(.class("muted")) {
        found.outcome.map { "It came out as \($0.label.lowercased()). " } ?? "It has no outcome. "
        "It stays \(found.stage.label.lowercased()), closed when it was; its history says what was corrected."
      }
      postForm(
        here.appending("outcome"), frame.secrets("outcome"), version: found.version, state: state, leaving: .silent
      ) {
        selectField(
          "outcome", label: "Right outcome", state: state,
          options: [("", "Choose an outcome")] + others.map { ($0.rawValue, $0.label) })
        formActs { submitButton("Correct outcome", style: .plain) }
      }
    }
  }
}
