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
            strong { actorName(step.actorText, names) }
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

/// Who did something: by name at Ethico, else by what they are.
/// - Parameter actor: as rows name it, `staff:<id>` or `client_user:<id>`.
func actorName(_ actor: String, _ names: [String: String]) -> String {
  names[actor] ?? (actor.hasPrefix("client_user:") ? "the client" : "the system")
}
