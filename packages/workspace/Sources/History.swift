// The history of one record, as its page shows it.

import Access
import Markup
import Web

/// The record's own history: by client users by name, by Ethico as Ethico.
func historyPanel(_ steps: [TrailStep], _ frame: Frame) -> HTML {
  guard !steps.isEmpty else { return .nothing }
  return details(.class("panel history")) {
    summary { "History · \(steps.count)" }
    timeline(steps.map(\.asHistory), frame.face)
  }
}

extension TrailStep {
  var asHistory: TimelineStep {
    TimelineStep(
      at: at, kind: .change,
      text: HTML {
        strong { actor.kind == "staff" ? "Ethico Support" : actor.name }
        " · \(word(action.split(separator: ".").joined(separator: " ")))"
      },
      changes: changes.flatMap { change in
        change.fields.map { FieldChange(label: word($0.name), before: $0.before, after: $0.after) }
      })
  }
}
