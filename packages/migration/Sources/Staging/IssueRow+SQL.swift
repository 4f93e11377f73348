// The rows behind one finding of a batch: where it stands, and what stands there.

package import Access
package import EthicoTypes
package import Postgres

/// Something that was found, with its row.
package struct IssueRow: Sendable, Hashable, RowDecodable {
  /// Where the list goes on behind it.
  package let n: Int
  /// The row; 0 for what is no row's, as a file that none names.
  package let number: Int
  package let value: String?
  package let key: String?
  package let decision: StagedDecision?

  package init(row: Row) throws {
    n = try row["n"]
    number = try row["row_no"]
    value = try row["value"]
    key = try row["source_record_id"]
    decision = try row["decision"]
  }

  /// How many a page shows.
  package static let pageLength = 50

  /// What was found by one rule in one column, or of rows as a whole; from behind one on.
  package static func page(
    _ code: IssueCode, at position: Int?, of batch: ID<Batch>, behind last: (number: Int, n: Int)?,
    in tx: AuditedTransaction
  ) async throws -> [IssueRow] {
    try await tx.query(
      """
      SELECT i.n, i.row_no, i.value, s.source_record_id, s.decision
      FROM migration_row_issue i
      LEFT JOIN migration_staged_row s ON s.batch_id = i.batch_id AND s.row_no = i.row_no
      WHERE i.batch_id = \(batch) AND i.code = \(code.rawValue) AND i.position IS NOT DISTINCT FROM \(position)
        AND (i.row_no, i.n) > (\(last?.number ?? -1)::integer, \(last?.n ?? 0)::bigint)
      ORDER BY i.row_no, i.n
      LIMIT \(pageLength + 1)
      """, as: IssueRow.self)
  }
}
