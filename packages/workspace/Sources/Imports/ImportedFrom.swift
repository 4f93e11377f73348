// Where a record came from, if it came over from another system: its line, what has no field here, and the way to take
// it back.

import Access
import EthicoTypes
import Foundation
import Markup
import Web

/// Where a record came from.
struct ImportedFrom: Sendable {
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

  /// `navex_ethicspoint` as people say it.
  private var systemName: String {
    system == "file" ? "a file" : system.replacing("_", with: " ")
  }

  /// The panel of where it came from.
  func panel(_ acting: ActingContext, _ frame: Frame) -> HTML {
    Web.panel("From \(systemName)") {
      p {
        "Imported "
        frame.face.ago(importedAt)
        ", row \(grouped(rowNumber)): "
        span(.dirAuto) { key }
        if acting.staff.may(.migrationRun) {
          " · "
          a(.href(undo(of: acting.tenant))) { "Undo this import" }
        }
      }
      if !fields.isEmpty { properties(fields.map { ($0.name, clientText($0.value)) }) }
    }
  }

  private func undo(of tenant: Tenant) -> Path {
    Path("/t").appending(tenant.slug).appending("migration").appending("batches").appending(batch.lowercaseText)
      .appending("undo").query([("items[]", record.lowercaseText)])
  }
}
