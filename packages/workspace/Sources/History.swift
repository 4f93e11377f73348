// The history of one record, as its page shows it.

import Access
import Markup
import Web

/// The record's own history: by client users by name, by Ethico as Ethico.
/// - Parameters:
///   - names: of the people and records whose ids stand in its fields.
///   - joined: of the other records whose acts belong to it.
func historyPanel(
  _ steps: [TrailStep], names: [String: String] = [:], joined: [String: String] = [:], _ frame: Frame
) -> HTML {
  guard !steps.isEmpty else { return .nothing }
  return details(.class("panel history")) {
    summary { "History · \(counted(steps.count, "change"))" }
    timeline(steps.map { $0.asHistory(names, joined, frame.face) }, frame.face)
  }
}

extension [TrailStep] {
  /// What each record was last called, by its id: those that are gone have their name here alone.
  func lastNames(in field: String) -> [String: String] {
    reduce(into: [:]) { names, step in
      guard let id = step.object?.id, names[id] == nil else { return }
      let named = step.changes.flatMap(\.fields).first { $0.name == field }
      names[id] = named.flatMap { $0.after ?? $0.before }
    }
  }
}

extension TrailStep {
  func asHistory(_ names: [String: String], _ joined: [String: String], _ face: ClockFace) -> TimelineStep {
    let name = { (id: String) in names[id.lowercased()] ?? "…" + id.suffix(7) }
    return TimelineStep(
      at: at, kind: .change,
      text: HTML {
        strong(.dirAuto) { doer(names) }
        " · \(word(action.split(separator: ".").joined(separator: "_")))"
        object.flatMap { joined[$0.id] }.map { " · \($0)" } ?? ""
      },
      changes: shownChanges.flatMap { change in
        change.fields.filter { !Self.keys.contains($0.name) }.map { field in
          FieldChange(
            label: Self.label(field.name), before: field.before.map { face.words(of: $0, naming: name) },
            after: field.after.map { face.words(of: $0, naming: name) })
        }
      })
  }

  private func doer(_ names: [String: String]) -> String {
    switch (actor.kind, actor.id) {
    case ("staff", _): "Ethico Support"
    case ("system", "job"): "By itself"
    default: names[actor.id] ?? actor.name
    }
  }

  /// Notes and messages stand on the page, by their own rule of who may read them; so do versions and acts on behalf.
  /// Of an act on many rows only what it did to the record itself is shown.
  private var shownChanges: [RecordedChange] {
    let told = ["note", "case_message", "policy_version", "attestation_act"]
    let shown = changes.filter { !told.contains($0.table) }
    return changeCount > 10 ? shown.filter { $0.key == object?.id } : shown
  }

  /// Columns that only hold the row and its owner together.
  private static let keys: Set<String> = ["id", "tenant_id", "case_id", "disclosure_id", "policy_id"]

  /// `User` for `user_id`.
  private static func label(_ column: String) -> String {
    word(column.hasSuffix("_id") ? String(column.dropLast(3)) : column)
  }
}
