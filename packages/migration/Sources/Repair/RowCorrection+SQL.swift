// Keeps corrections and reads them back. Their cells are sealed by the key of the batch's file: one of them may be who
// reported, which no table may hold, and with the file's key they are gone.

import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import Postgres

extension RowCorrection {
  /// So many are read or written at a time.
  static let atOnce = 500

  /// The key that the corrections of a batch are sealed by.
  /// - Returns: `nil` where the bytes of the batch's file are gone.
  static func key(of batch: Batch, _ vault: Vault, in tx: AuditedTransaction) async throws -> FileKey? {
    guard let file = try await SourceFileRecord.find(batch.file, in: tx),
      let salt = try await StoredBytes.salt(of: file.blob, in: tx)
    else { return nil }
    return vault.fileKey(salt: salt)
  }

  /// The corrections behind a row, the next ones.
  static func page(of batch: ID<Batch>, behind row: Int, in tx: AuditedTransaction) async throws -> [SealedCorrection] {
    try await tx.query(
      """
      SELECT row_no, sealed, blanks_reporter
      FROM migration_correction
      WHERE batch_id = \(batch) AND row_no > \(row)
      ORDER BY row_no
      LIMIT \(atOnce)
      """, as: SealedCorrection.self)
  }

  /// The corrections that certain rows have by now.
  static func of(rows: [Int], _ batch: ID<Batch>, in tx: AuditedTransaction) async throws -> [SealedCorrection] {
    try await tx.query(
      """
      SELECT row_no, sealed, blanks_reporter
      FROM migration_correction
      WHERE batch_id = \(batch) AND row_no = ANY(\(rows))
      """, as: SealedCorrection.self)
  }

  /// Keeps what cells were corrected to; that a reporter was blanked stays as it was decided.
  static func keep(
    _ corrections: [RowCorrection], of batch: ID<Batch>, sealedBy key: FileKey, in tx: AuditedTransaction
  ) async throws {
    guard !corrections.isEmpty else { return }
    let sealed = try corrections.map { try SealedCorrection($0, key) }
    try await tx.execute(
      "CREATE TEMP TABLE IF NOT EXISTS incoming_correction (row_no integer, sealed bytea) ON COMMIT DROP")
    try await tx.execute("TRUNCATE incoming_correction")
    _ = try await tx.sql.copy(
      "COPY incoming_correction FROM STDIN", rows: sealed.map { CopyRow([$0.row, $0.sealed]) })
    try await tx.execute(
      """
      INSERT INTO migration_correction (tenant_id, batch_id, row_no, sealed, at)
      SELECT \(tx.author.tenant), \(batch), row_no, sealed, \(tx.at) FROM incoming_correction
      ON CONFLICT (tenant_id, batch_id, row_no) DO UPDATE SET sealed = EXCLUDED.sealed, at = EXCLUDED.at
      """)
  }

  /// Leaves who reported out of every row that stays behind for it.
  /// - Returns: how many rows these are.
  static func blankReporters(of batch: ID<Batch>, in tx: AuditedTransaction) async throws -> Int {
    try await tx.execute(
      """
      INSERT INTO migration_correction (tenant_id, batch_id, row_no, blanks_reporter, at)
      SELECT DISTINCT \(tx.author.tenant)::uuid, i.batch_id, i.row_no, true, \(tx.at)::timestamptz
      FROM migration_row_issue i
      WHERE i.batch_id = \(batch) AND i.code = \(IssueCode.anonymityIdentity.rawValue)
      ON CONFLICT (tenant_id, batch_id, row_no) DO UPDATE SET blanks_reporter = true, at = EXCLUDED.at
      """)
  }
}

/// A correction as it is stored.
struct SealedCorrection: Sendable, RowDecodable {
  let row: Int
  let sealed: [UInt8]?
  let blanksReporter: Bool

  init(row: Row) throws {
    self.row = try row["row_no"]
    sealed = try row["sealed"]
    blanksReporter = try row["blanks_reporter"]
  }

  init(_ correction: RowCorrection, _ key: FileKey) throws {
    row = correction.row
    blanksReporter = correction.blanksReporter
    sealed = try key.seal(try JSONEncoder().encode(correction.cells), number: Self.piece(row))
  }

  /// - Throws: `CryptoKitError` for what was sealed by another key.
  func opened(_ key: FileKey?) throws -> RowCorrection {
    guard let sealed, let key else { return RowCorrection(row: row, blanksReporter: blanksReporter) }
    let cells = try JSONDecoder().decode([String: String].self, from: try key.open(sealed, number: Self.piece(row)))
    return RowCorrection(row: row, cells: cells, blanksReporter: blanksReporter)
  }

  /// The pieces of the file itself are numbered from 0: none of them can stand for a correction.
  private static func piece(_ row: Int) -> Int { -row }
}

/// The corrections of a batch, given out in the order of its rows while these are read.
struct CorrectionReader: Sendable {
  private let batch: Batch
  private var key: FileKey?
  private var page: ArraySlice<RowCorrection> = []
  private var last = 0
  /// Whether no row further on has one.
  private(set) var isExhausted = false

  init(_ batch: Batch) {
    self.batch = batch
  }

  /// The correction of a row, if it has one; rows are asked for in their order.
  mutating func correction(of row: Int, _ run: JobRun) async throws -> RowCorrection? {
    while !isExhausted {
      if page.isEmpty { try await readOn(run) }
      guard let first = page.first, first.row <= row else { return nil }
      page.removeFirst()
      if first.row == row { return first }
    }
    return nil
  }

  private mutating func readOn(_ run: JobRun) async throws {
    let (batch, behind, known) = (batch, last, key)
    let (sealed, key) = try await run.inside { tx in
      let sealed = try await RowCorrection.page(of: batch.id, behind: behind, in: tx)
      guard known == nil, sealed.contains(where: { $0.sealed != nil }) else { return (sealed, known) }
      guard let vault = run.ledger.vault, let key = try await RowCorrection.key(of: batch, vault, in: tx) else {
        throw JobFailure.permanent("The corrected rows cannot be opened: OPS_FILE_KEY is not set, or the file is gone.")
      }
      return (sealed, key)
    }
    self.key = key
    do {
      page = try sealed.map { try $0.opened(key) }[...]
    } catch {
      throw JobFailure.permanent("The corrected rows were sealed with another OPS_FILE_KEY.")
    }
    last = sealed.last?.row ?? last
    isExhausted = sealed.isEmpty
  }
}
