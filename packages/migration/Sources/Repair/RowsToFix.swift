// The rows of a batch that stay behind, as a workbook: somebody corrects them there and brings it back.

package import Access
import EthicoTypes
import Postgres
package import SourceFiles

/// The workbook of a batch's rows to fix.
package struct RowsToFix: Sendable {
  package let bytes: any ByteSource
  /// How many rows stand in it, and how many stay behind in all.
  package let written: Int
  package let total: Int
}

extension Batch {
  /// Rows that are in memory at a time.
  private static let rowsAtOnce = 100

  /// The rows that stay behind, the first 200,000, each with what is wrong with it. Their cells are those that staging
  /// kept: who reported anonymously is withheld here too.
  /// - Throws: `BatchRefusal` while its rows have not been checked.
  package func rowsToFix(in tx: AuditedTransaction) async throws -> RowsToFix {
    guard stagedNumber != nil, state != .staged else { throw BatchRefusal.illegalTransition(self, to: .validated) }
    let total = try await rowsBehind(in: tx)
    let place = try ScratchPath()
    let workbook = try ErrorWorkbook(path: place.path, columns: shape.columns)
    var (written, last) = (0, 0)
    while written < ErrorWorkbook.rowsAtMost {
      let wanted = min(Self.rowsAtOnce, ErrorWorkbook.rowsAtMost - written)
      let rows = try await PreviewRow.stayingBehind(after: last, limit: wanted, of: id, in: tx)
      guard let end = rows.last else { break }
      for row in rows {
        try workbook.add(row: row.number, key: row.key ?? "", cells: row.cells, problems: problems(of: row))
      }
      (written, last) = (written + rows.count, end.number)
    }
    workbook.leaveOut(total - written)
    try workbook.finish()
    return RowsToFix(bytes: try place.bytes(), written: written, total: total)
  }

  private func rowsBehind(in tx: AuditedTransaction) async throws -> Int {
    try await tx.first(
      "SELECT count(*) FROM migration_staged_row WHERE batch_id = \(id) AND decision = 'reject'", as: Int.self) ?? 0
  }

  /// What keeps a row back, and what somebody has to take note of; not what is for information alone.
  private func problems(of row: PreviewRow) -> [RowProblem] {
    row.issues.compactMap { issue in
      guard issue.code.level != .info, let level = CellProblem.Level(rawValue: issue.code.level.rawValue) else {
        return nil
      }
      let column = issue.position.flatMap { shape.columns.indices.contains($0) ? $0 : nil }
      return RowProblem(
        column: column, level: level, code: issue.code.rawValue, text: issue.code.label, fix: issue.code.remedy,
        value: issue.value)
    }
  }
}
