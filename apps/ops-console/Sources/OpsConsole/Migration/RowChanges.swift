// What an import would make of a record that is here already, field by field, on the page of its row.

import Access
import EthicoTypes
import Markup
import Migration
import Web

enum RowChanges {
  /// What would be taken over, and what a person would have to decide; nothing where nothing would change.
  static func panels(_ differences: [FieldDifference]) -> HTML {
    let taken = differences.filter { $0.kind == .apply }
    let open = differences.filter { $0.kind == .conflict }
    return HTML {
      if !taken.isEmpty {
        panel("What would change here") { diff(taken.map(change)) }
      }
      if !open.isEmpty {
        panel("What somebody would have to decide") {
          p(.class("muted")) { "These fields were edited here since they were imported. The import leaves them alone." }
          diff(open.map(change))
        }
      }
    }
  }

  /// What a field refers to has no name here: that it would be another is what there is to say.
  private static func change(_ difference: FieldDifference) -> FieldChange {
    let label = ConflictView.fieldLabel(difference.field)
    guard !difference.isReference else {
      return FieldChange(label: label, before: "as it is here", after: "as the source says")
    }
    return FieldChange(label: label, before: difference.ours, after: difference.theirs)
  }
}

extension FieldDifference {
  /// Whether the field refers to other records, and holds their ids.
  var isReference: Bool { field.hasSuffix("_id") || field.hasSuffix("_ids") }
}

extension Batch {
  /// What an import would change of the records that some rows are about, while it is still to come.
  func changes(of rows: [PreviewRow], in tx: AuditedTransaction) async throws -> [FieldDifference] {
    let changing = rows.filter { $0.decision == .update || $0.decision == .conflict }
    guard state == .validated, !changing.isEmpty else { return [] }
    return try await FieldDifference.of(rows: changing.map(\.number), of: id, in: tx)
  }
}
