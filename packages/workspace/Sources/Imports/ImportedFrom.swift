// Where a record came from, if it came over from another system: its line, what has no field here, and the way to take
// it back.

import Access
import EthicoTypes
import FoundationEssentials
import Markup
import Web

/// Where a record came from.
struct ImportedFrom: Sendable {
  /// The record here.
  let target: UUID
  /// The system, as a migration knows it.
  let system: String
  /// The record's number or key there.
  let key: String
  let rowNumber: Int
  let importedAt: Date
  let batch: UUID
  let record: UUID
  /// What came along and has no field here, by name, in order.
  let fields: [(name: String, value: String)]
  /// Which of its moments are days.
  let days: ImportedDays

  /// `navex_ethicspoint` as people say it.
  var systemName: String { Self.name(of: system) }

  static func name(of system: String) -> String {
    system == "file" ? "a file" : system.replacing("_", with: " ")
  }

  /// When it came, as which row, under which key, and the way back for whoever runs migrations.
  fileprivate func line(_ acting: ActingContext, _ frame: Frame) -> HTML {
    HTML {
      "Imported "
      frame.face.ago(importedAt)
      ", row \(grouped(rowNumber)): "
      span(.dirAuto) { key }
      wayBack(acting)
    }
  }

  /// The same beside a file, which has no panel of its own.
  func fileLine(_ acting: ActingContext) -> HTML {
    p(.class("muted")) {
      "From \(systemName), row \(grouped(rowNumber))"
      wayBack(acting)
    }
  }

  private func wayBack(_ acting: ActingContext) -> HTML {
    guard acting.staff.may(.migrationRun) else { return .nothing }
    return HTML {
      " · "
      a(.href(undo(of: acting.tenant)), .aria("label", "Undo this import: \(key)")) { "Undo this import" }
    }
  }

  private func undo(of tenant: Tenant) -> Path {
    Path.card(tenant).appending("migration").appending("batches").appending(batch.lowercaseText)
      .appending("undo").query([("items[]", record.lowercaseText)])
  }
}

/// Where a record came from: a panel for each system, with a line for each row. Nothing for one that grew here.
func importedPanels(_ imports: [ImportedFrom], _ acting: ActingContext, _ frame: Frame) -> HTML {
  var systems: [String] = []
  for found in imports where !systems.contains(found.systemName) { systems.append(found.systemName) }
  return HTML {
    for system in systems {
      panel("From \(system)") {
        for found in imports where found.systemName == system {
          p { found.line(acting, frame) }
          if !found.fields.isEmpty { properties(found.fields.map { ($0.name, clientText($0.value)) }) }
        }
      }
    }
  }
}
