// Reads what a batch has brought over.

package import Access
package import EthicoTypes
package import FoundationEssentials
package import Postgres

/// A row of a batch that became a record, or changed one.
package struct ImportedRow: Sendable, Hashable, RowDecodable {
  package let record: ID<ImportedRecord>
  package let number: Int
  package let key: String
  package let target: UUID
  package let action: Action
  package let undoneAt: Date?
  /// Where it shows in the workspace; `nil` once it has been taken back, or where what it belongs to is not here.
  package let page: RecordPage?

  /// What the row did.
  package enum Action: String, Term {
    /// It became a record.
    case insert
    /// It changed the record that it had become before.
    case update
    /// It stands for a record that was here already.
    case link
    /// Another row needs it, and it has none of its own.
    case implied
  }

  package init(row: Row) throws {
    record = try row["record_id"]
    number = try row["row_no"]
    key = try row["source_record_id"]
    target = try row["target_id"]
    action = try row["action"]
    undoneAt = try row["undone_at"]
    page = undoneAt == nil ? try RecordPage(row: row) : nil
  }

  /// How many rows a page shows.
  package static let pageLength = 50

  /// The rows of a batch that came over, from behind a row on.
  package static func page(
    of batch: ID<Batch>, behind number: Int, in tx: AuditedTransaction
  ) async throws -> [ImportedRow] {
    try await tx.query(
      """
      SELECT p.record_id, p.row_no, p.source_record_id, p.target_id, p.action, p.undone_at,
        \(fragment: RecordPage.columns)
      FROM migration_provenance p
      \(fragment: RecordPage.sources)
      WHERE p.batch_id = \(batch) AND p.content_hash IS NOT NULL AND p.row_no > \(number)
      ORDER BY p.row_no, p.seq
      LIMIT \(pageLength + 1)
      """, as: ImportedRow.self)
  }
}
