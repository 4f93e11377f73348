// What was done to a value of the debug view: by whom at Ethico, since this view is Ethico's own.

import Access
import EthicoTypes
import Flags
import FoundationEssentials
import Markup
import Web

/// A step on the platform's chain that reached this client with others.
struct SharedStep: Sendable {
  let step: TrailStep
  /// Whom it reached: `for all clients`.
  let reach: String
}

/// The history of one value at this client, newest first.
/// - Parameters:
///   - shared: what was set for several clients and held here too.
///   - names: of staff people, by the actor.
///   - id: of the value, where an act on many says by its effects what it did to this one.
func debugHistory(
  _ steps: [TrailStep], shared: [SharedStep] = [], _ names: [String: String], effectOn id: String? = nil,
  _ frame: Frame
) -> HTML {
  let all = (steps.map { (step: $0, reach: nil) } + shared.map { (step: $0.step, reach: $0.reach) })
    .sorted { $0.step.at > $1.step.at }
  guard !all.isEmpty else { return .nothing }
  return panel("History") {
    timeline(
      all.map { step, reach in
        TimelineStep(
          at: step.at, kind: .change,
          text: HTML {
            strong { actorName(step.actorText, names) }
            " · \(step.action)"
            reach.map { " · \($0)" } ?? ""
            step.effects.first { $0.id == id }.map { " · \($0.text)" } ?? ""
          },
          note: debugNote(step, frame),
          changes: step.changes.flatMap { $0.fields.compactMap(valueChange) })
      }, frame.face)
  }
}

/// A field of a value, or of the rule of a flag; `nil` for what only names them.
private func valueChange(_ field: RecordedChange.Field) -> FieldChange? {
  let label: String? =
    switch field.name {
    case "value": "Value"
    case "kill_switch": "Kill switch"
    case "tiers": "Tiers"
    case "share": "Percentage of clients"
    default: nil
    }
  guard let label else { return nil }
  let words = { (text: String?) in
    field.name == "share" ? text.flatMap(Int.init).map { FlagRule.percent($0) + " %" } : text
  }
  return FieldChange(label: label, before: words(field.before), after: words(field.after))
}

/// Where the act is told in full, for those who may look there, and its place on the chain.
private func debugNote(_ step: TrailStep, _ frame: Frame) -> HTML {
  HTML {
    if let access = step.impersonation, frame.mayReadAccess(of: step.actorText) {
      a(.href(.timeline(access))) { "access" }
      " · "
    }
    if frame.mayReadTrail {
      a(.href(Path.trail.query([(TrailField.id.rawValue, step.id.description)]))) { "event" }
      " · "
    }
    step.seq.map { "sealed #" + grouped($0) } ?? "not sealed yet"
  }
}

extension Frame {
  fileprivate var mayReadTrail: Bool { signedIn?.staff.may(.auditRead) ?? false }

  /// Whether the viewer may read the timeline of an access that such an actor had: their own, or with the trail any.
  fileprivate func mayReadAccess(of actor: String) -> Bool {
    mayReadTrail || signedIn.map { actor == "staff:\($0.staff.id)" } ?? false
  }
}

/// Who set a value: a link to the access in which they did, where the viewer may read it.
func setBy(
  _ actor: String, in access: ID<Impersonation>?, _ names: [String: String], _ frame: Frame
) -> HTML {
  let name = actorName(actor, names)
  guard let access, frame.mayReadAccess(of: actor) else { return .text(name) }
  return a(.href(.timeline(access))) { name }
}

/// When a value was set: a link to the events about it, where the viewer may read the trail.
/// - Parameter tenant: whose value it is; `nil` for what holds for several.
func setAt(_ moment: Date, _ object: AuditObject, of tenant: Tenant?, _ frame: Frame) -> HTML {
  guard frame.mayReadTrail else { return frame.face.ago(moment) }
  let events = Path.trail.query([
    (TrailField.tenant.rawValue, tenant?.slug ?? "platform"), (TrailField.objectType.rawValue, object.type),
    (TrailField.object.rawValue, object.id),
  ])
  return a(.href(events)) { frame.face.ago(moment) }
}

/// Who did something: by name at Ethico, else by what they are.
/// - Parameter actor: as rows name it, `staff:<id>` or `client_user:<id>`.
func actorName(_ actor: String, _ names: [String: String]) -> String {
  names[actor] ?? (actor.hasPrefix("client_user:") ? "the client" : "the system")
}
