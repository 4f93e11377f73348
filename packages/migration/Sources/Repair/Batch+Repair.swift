// What people do about rows that stay behind: correct their cells, or leave out who reported. Only these rows are read
// again; then the whole batch is checked anew, since a corrected key can be somebody else's.

package import Access
import EthicoTypes
package import FoundationEssentials
import Jobs
import Postgres
package import SourceFiles

/// Why rows were not put right.
package enum RepairRefusal: Error, Sendable, Equatable {
  /// The workbook cannot be taken as it is.
  case fault(CorrectionFault)
  /// It names rows that this batch does not have.
  case unknownRows([Int])
  /// It says what the rows say already.
  case nothingCorrected
  /// The bytes of the batch's file are gone, and with them what stands in its rows.
  case fileGone
  /// No row stays behind for who reported it.
  case nobodyNamed
}

extension Batch {
  /// Takes a workbook of rows to fix back: the cells that were changed in it replace those of their rows. A cell that
  /// says «withheld» keeps what the sealed file has there, so that such a row goes on staying behind until the cell is
  /// emptied, or its reporter is no longer anonymous.
  /// - Throws: `RepairRefusal`, with nothing changed.
  package func correct(_ file: Data, sealedBy vault: Vault?, in tx: AuditedTransaction) async throws {
    try demandChecked()
    guard let vault else { throw FileRefusal.noKey }
    guard let key = try await RowCorrection.key(of: self, vault, in: tx) else { throw RepairRefusal.fileGone }
    let workbook = try Self.open(file, columns: shape.columns)
    var (rowCount, cellCount) = (0, 0)
    while true {
      let rows = try Self.next(of: workbook)
      guard !rows.isEmpty else { break }
      let corrections = try await corrections(rows, key, in: tx)
      try await RowCorrection.keep(corrections.map(\.correction), of: id, sealedBy: key, in: tx)
      rowCount += corrections.count
      cellCount += corrections.reduce(0) { $0 + $1.changed }
    }
    guard rowCount > 0 else { throw RepairRefusal.nothingCorrected }
    try await readAgain(in: tx)
    try await tx.record(
      "migration.correct", object: object, status: 303, detail: "\(title): \(cellCount) cells of \(rowCount) rows")
  }

  /// Leaves who reported out of the rows that stay behind for it. It stays left out whatever the columns come to mean,
  /// for as long as the reporter of a row stays anonymous.
  /// - Throws: `RepairRefusal.nobodyNamed`.
  package func blankReporters(in tx: AuditedTransaction) async throws {
    try demandChecked()
    let rows = try await RowCorrection.blankReporters(of: id, in: tx)
    guard rows > 0 else { throw RepairRefusal.nobodyNamed }
    try await readAgain(in: tx)
    try await tx.record("migration.blank", object: object, status: 303, detail: "\(title): \(rows) rows")
  }

  /// How many rows stay behind because they name a reporter who is anonymous.
  package func countNamedReporters(in tx: AuditedTransaction) async throws -> Int {
    try await tx.first(
      """
      SELECT count(DISTINCT row_no) FROM migration_row_issue
      WHERE batch_id = \(id) AND code = \(IssueCode.anonymityIdentity.rawValue)
      """, as: Int.self) ?? 0
  }

  /// Throws while its rows are not checked, or about to be other ones.
  func demandChecked() throws {
    guard !isBeingRead else { throw BatchRefusal.beingRead(self) }
    guard state == .validated else { throw BatchRefusal.illegalTransition(self, to: .staged) }
  }

  private func readAgain(in tx: AuditedTransaction) async throws {
    try await tx.execute("UPDATE migration_batch SET state = 'mapped' WHERE id = \(id)")
    let job = try await tx.order(ReadCorrected(batch: id), uniqueKey: "\(id) \(version)")
    try await tx.execute(
      """
      UPDATE migration_batch SET state = 'staged', job_id = \(job), acknowledged = '{}', counts = '{}'
      WHERE id = \(id)
      """)
  }

  // MARK: The workbook

  private static func open(_ file: Data, columns: [String]) throws -> CorrectedWorkbook {
    do {
      let scratch = try ScratchFile()
      try file.withUnsafeBytes { try scratch.append($0) }
      return try CorrectedWorkbook(try scratch.bytes(), columns: columns)
    } catch let fault as CorrectionFault {
      throw RepairRefusal.fault(fault)
    }
  }

  private static func next(of workbook: CorrectedWorkbook) throws -> [CorrectedWorkbook.Row] {
    var rows: [CorrectedWorkbook.Row] = []
    do throws(CorrectionFault) {
      while rows.count < RowCorrection.atOnce, let row = try workbook.next() { rows.append(row) }
    } catch {
      throw RepairRefusal.fault(error)
    }
    return rows
  }

  /// What was changed in some rows, with what had been corrected of them before.
  private func corrections(
    _ rows: [CorrectedWorkbook.Row], _ key: FileKey, in tx: AuditedTransaction
  ) async throws -> [(correction: RowCorrection, changed: Int)] {
    let numbers = rows.map(\.number)
    let staged = try await tx.query(
      "SELECT row_no, cells FROM migration_staged_row WHERE batch_id = \(id) AND row_no = ANY(\(numbers))",
      as: StagedCells.self)
    let there = Dictionary(uniqueKeysWithValues: staged.map { ($0.row, $0.cells) })
    let unknown = numbers.filter { there[$0] == nil }
    guard unknown.isEmpty else { throw RepairRefusal.unknownRows(unknown) }
    let sealed = try await RowCorrection.of(rows: numbers, id, in: tx)
    let before = try Dictionary(uniqueKeysWithValues: sealed.map { ($0.row, try $0.opened(key)) })
    return rows.compactMap { row in
      let changed = changes(of: row, there[row.number] ?? [])
      guard !changed.isEmpty else { return nil }
      var correction = before[row.number] ?? RowCorrection(row: row.number)
      correction.cells.merge(changed) { $1 }
      return (correction, changed.count)
    }
  }

  /// The cells that say something else than what stands in the row, by the names of their columns.
  private func changes(of row: CorrectedWorkbook.Row, _ cells: [String]) -> [String: String] {
    var changes: [String: String] = [:]
    for (place, read) in row.cells where read != ReporterIdentity.withheld {
      let text = cells.indices.contains(place) ? cells[place] : ""
      if let corrected = ErrorWorkbook.corrected(read, from: text) { changes[shape.columns[place]] = corrected }
    }
    return changes
  }
}

/// The cells of a row as staging kept them.
private struct StagedCells: Sendable, RowDecodable {
  let row: Int
  let cells: [String]

  init(row: Row) throws {
    self.row = try row["row_no"]
    cells = try row["cells"]
  }
}
