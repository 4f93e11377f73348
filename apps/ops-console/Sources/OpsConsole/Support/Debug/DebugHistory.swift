// What was done to a value of the debug view: by whom at Ethico, since this view is Ethico's own.

import Access
import EthicoTypes
import Markup
import Web

/// The history of one value at this client, newest first.
/// - Parameter names: of staff people, by the actor.
func debugHistory(_ steps: [TrailStep], _ names: [String: String], _ frame: Frame) -> HTML {
  guard !steps.isEmpty else { return .nothing }
  return panel("History") {
    timeline(
      steps.map { step in
        TimelineStep(
          at: step.at, kind: .change,
          text: HTML {
            strong { names[step.actorText] ?? "The system" }
            " · \(step.action)"
          },
          changes: step.changes.flatMap { change in
            change.fields.filter { $0.name == "value" }.map { field in
              FieldChange(label: "Value", before: field.before, after: field.after)
            }
          })
      }, frame.face)
  }
}
