// A batch whose file is read again, because something about it was found out wrongly.

package import Access
import EthicoTypes
import FoundationEssentials
import Jobs
import Mapping
import Postgres
import SourceFiles

extension Batch {
  /// What came of a correction.
  package enum Rereading: Sendable {
    /// The file is read again.
    case ordered
    /// It is read like that already: nothing is thrown away for it.
    case asBefore
  }

  /// Orders that the file is read again. While rows are being checked it stays as it is.
  /// - Throws: `BatchRefusal`, with nothing changed.
  package func read(with correction: ReadingCorrection, in tx: AuditedTransaction) async throws -> Rereading {
    guard state.isOpen, state != .staged else { throw BatchRefusal.illegalTransition(self, to: .mapped) }
    let wanted = options(with: correction)
    guard wanted != (wantedReading ?? options) else {
      try await tx.record("migration.read", object: object, status: 303, detail: "\(title): as before")
      return .asBefore
    }
    let job = try await tx.order(ReadAgain(batch: id), uniqueKey: "\(id) \(version)")
    try await tx.execute(
      """
      UPDATE migration_batch
      SET wanted_reading = \(try JSONText(encoding: wanted)), reading_refused = NULL, job_id = \(job)
      WHERE id = \(id)
      """)
    try await tx.record("migration.read", object: object, status: 303, detail: "\(title): again")
    return .ordered
  }

  /// Takes what the file is, read as it was wanted: what was made of its former reading goes, and the columns are
  /// looked at anew. What the kind of record is and what values become stays, once somebody has decided about it.
  func take(_ read: ReadTable, _ suggestion: BatchSuggestion, in tx: AuditedTransaction) async throws {
    let former = try await BatchMapping.current(of: self, in: tx)
    let identity = ReporterIdentity.columns(suggestion.columns)
    for table in Self.tablesOfReading { try await tx.execute("\(fragment: table) WHERE batch_id = \(id)") }
    try await Self.keep(read, withholding: identity, of: id, in: tx)
    let mapping = BatchMapping(
      number: mappingNumber + 1, columns: try await suggestion.recalledColumns(in: tx),
      constants: suggestion.entity == entity ? former.constants : [:],
      rules: MappingRules(nothing: former.rules.nothing))
    try await mapping.keep(for: id, in: tx)
    let source = try await self.source(lookingLike: suggestion.detected, in: tx)
    try await tx.execute(
      """
      UPDATE migration_batch
      SET state = CASE state WHEN 'profiled' THEN state ELSE 'mapped' END, entity = \(suggestion.entity.rawValue),
        source_table = \(read.shape.table), source_system = \(source.code),
        detected_system = \(suggestion.detected?.code), reading = \(try JSONText(encoding: read.options)),
        shape = \(try JSONText(encoding: read.shape.withoutGrid)),
        row_count = \(read.table.rows), mapping_number = \(mapping.number), staged_number = NULL, acknowledged = '{}',
        counts = '{}', wanted_reading = NULL, reading_refused = NULL,
        field_policies = CASE WHEN entity = \(suggestion.entity.rawValue) THEN field_policies ELSE '{}' END
      WHERE id = \(id)
      """)
    try await tx.record("migration.read", object: object, detail: "\(title): \(read.table.rows) rows")
  }

  /// What its rows come from once its file has been read again: what was known of it stays.
  private func source(
    lookingLike detected: SourceSystem?, in tx: AuditedTransaction
  ) async throws -> SourceSystem {
    if source.isNamed { return source }
    return try await ProjectSources.of(project, in: tx).ofNewBatches ?? detected ?? .unnamed
  }

  private static let tablesOfReading: [SQL] = [
    "DELETE FROM migration_row_issue", "DELETE FROM migration_staged_row", "DELETE FROM migration_checkpoint",
    "DELETE FROM migration_column_profile", "DELETE FROM migration_grid", "DELETE FROM migration_correction",
  ]

  /// Notes why the file cannot be read as somebody wanted. It stays as it was.
  func refuseReading(_ why: String, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      UPDATE migration_batch SET wanted_reading = NULL, reading_refused = \(String(why.prefix(Self.refusalLimit)))
      WHERE id = \(id)
      """)
    try await tx.record("migration.read", object: object, outcome: .failed, status: 422, detail: title)
  }

  private static let refusalLimit = 1_000
}
