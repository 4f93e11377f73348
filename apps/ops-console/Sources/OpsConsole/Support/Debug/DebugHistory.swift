// What was done to a value of the debug view: by whom at Ethico, since this view is Ethico's own.

import Access
import EthicoTypes
import Markup
import Web

/// The history of one value at this client, newest first.
/// - Parameters:
///   - names: of staff people, by the actor.
///   - id: of the value, where an act on many says by its effects what it did to this one.
func debugHistory(
  _ steps: [TrailStep], _ names: [String: String], effectOn id: String? = nil, _ frame: Frame
) -> HTML {
  guard !steps.isEmpty else { return .nothing }
  return panel("History") {
    timeline(
      steps.map { step in
        TimelineStep(
          at: step.at, kind: .change,
          text: HTML {
            strong { actorName(step.actorText, names) }
            " · \(step.action)"
            step.effects.first { $0.id == id }.map { " · \($0.text)" } ?? ""
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
