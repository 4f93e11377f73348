// The verbs of a batch until its rows are checked. Each looks first, holds its rule, changes the row and writes the
// event that says so.

package import Access
package import EthicoTypes
import FoundationEssentials
import Jobs
package import Mapping
import Postgres
import SourceFiles

extension Batch {
  /// What the trail calls it.
  package static func object(_ id: ID<Batch>) -> AuditObject { AuditObject("migration_batch", id) }

  var object: AuditObject { Self.object(id) }

  /// What the trail says of it.
  package var title: String { Self.title(entity, of: fileName, table: table) }

  static func title(_ entity: ImportEntity, of fileName: String, table: String?) -> String {
    "\(entity.pluralLabel) of \(fileName)" + (table.map { " (\($0))" } ?? "")
  }

  /// Throws when somebody saved the batch after version `seen`.
  package func demand(_ seen: Int) throws {
    guard version == seen else { throw BatchRefusal.stale(self) }
  }

  func demandOpen(for next: BatchState) throws {
    guard state.isOpen else { throw BatchRefusal.illegalTransition(self, to: next) }
    guard !isBeingRead else { throw BatchRefusal.beingRead(self) }
  }

  /// Makes a batch of a table: the entity that fits it best, and what its columns seem to mean.
  static func make(
    of read: ReadTable, _ suggestion: BatchSuggestion, file: ID<SourceFileRecord>, project: ID<MigrationProject>,
    in tx: AuditedTransaction
  ) async throws {
    let id: ID<Batch> = tx.newID()
    let source = try await Self.source(of: suggestion, in: project, tx)
    try await tx.execute(
      """
      INSERT INTO migration_batch (tenant_id, id, project_id, file_id, entity, source_table, source_system,
        detected_system, state, reading, shape, row_count, mapping_number)
      VALUES (\(tx.author.tenant), \(id), \(project), \(file), \(suggestion.entity.rawValue), \(read.shape.table),
        \(source.code), \(suggestion.detected?.code), 'profiled', \(try JSONText(encoding: read.options)),
        \(try JSONText(encoding: read.shape.withoutGrid)), \(read.table.rows), 1)
      """)
    let mapping = try await suggestion.beginning(of: read.table, in: tx)
    try await keep(read, withholding: ReporterIdentity.columns(mapping.columns), of: id, in: tx)
    try await mapping.keep(for: id, in: tx)
    try await ValueMapping.recall(for: id, of: suggestion.entity, from: source, in: tx)
  }

  /// Keeps what stands in the table. It is the machine's to keep: the batch itself is captured, and that for ever.
  static func keep(
    _ read: ReadTable, withholding identity: Set<Int>, of batch: ID<Batch>, in tx: AuditedTransaction
  ) async throws {
    try await tx.execute(
      """
      INSERT INTO migration_grid (tenant_id, batch_id, grid)
      VALUES (\(tx.author.tenant), \(batch), \(try JSONText(encoding: read.shape.grid(withholding: identity))))
      """)
    for profile in read.table.columns {
      try await keep(profile.withheld(identity.contains), of: batch, in: tx)
    }
  }

  /// Takes the rows for another kind of record: what the columns mean is suggested anew, by what is known here.
  /// - Parameter key: names headers among clients; without it nothing is known of others.
  package func take(as entity: ImportEntity, _ key: HeaderKey?, in tx: AuditedTransaction) async throws {
    try demandOpen(for: .mapped)
    guard entity != self.entity else { return try await tx.record("migration.map", object: object, status: 303) }
    let profiles = try await profiles(in: tx)
    let table = SourceTable(name: fileName, columns: profiles, rows: rowCount)
    let known = try await MappingMemory.suggestion(for: table, as: entity, key, in: tx)
    let suggestion = BatchSuggestion(known.suggestion, of: table)
    try await tx.execute("DELETE FROM migration_value_mapping WHERE batch_id = \(id)")
    let nothing = try await BatchMapping.current(of: self, in: tx).rules.nothing
    _ = try await put(
      try await suggestion.recalledColumns(in: tx), constants: [:], rules: MappingRules(nothing: nothing),
      entity: entity, in: tx)
    try await ValueMapping.recall(for: id, of: entity, from: source, in: tx)
    try await tx.record("migration.map", object: object, status: 303, detail: "\(title): as \(entity.pluralLabel)")
  }

  /// What follows on a mapping that was saved.
  package enum Following: Sendable {
    case nothing
    /// Every row is read and checked by it.
    case check
  }

  /// Keeps what the columns mean. Rows that were checked by an earlier mapping have to be checked again.
  /// - Throws: `BatchRefusal`, with nothing changed.
  package func map(
    _ columns: [ColumnDecision], constants: [String: String], rules: MappingRules, then following: Following,
    in tx: AuditedTransaction
  ) async throws {
    try demandOpen(for: .mapped)
    let mapping = try await put(columns, constants: constants, rules: rules, entity: entity, in: tx)
    switch following {
    case .nothing:
      let mapped = mapping.matched.count
      try await tx.record(
        "migration.map", object: object, status: 303, detail: "\(title): \(mapped) of \(columns.count) columns")
    case .check: try await order(mapping, in: tx)
    }
  }

  private func put(
    _ columns: [ColumnDecision], constants: [String: String], rules: MappingRules, entity: ImportEntity,
    in tx: AuditedTransaction
  ) async throws -> BatchMapping {
    let next = BatchMapping(number: mappingNumber + 1, columns: columns, constants: constants, rules: rules)
    try await next.keep(for: id, in: tx)
    try await Self.withhold(ReporterIdentity.columns(columns), of: id, in: tx)
    try await tx.execute(
      """
      UPDATE migration_batch
      SET entity = \(entity.rawValue), state = 'mapped', mapping_number = \(next.number), acknowledged = '{}',
        field_policies = CASE WHEN entity = \(entity.rawValue) THEN field_policies ELSE '{}' END
      WHERE id = \(id)
      """)
    return next
  }

  /// Keeps what values become.
  package func map(_ values: [ValueMapping], in tx: AuditedTransaction) async throws {
    try demandOpen(for: .mapped)
    for value in values {
      let (act, word) = value.act.stored
      try await tx.execute(
        """
        INSERT INTO migration_value_mapping (tenant_id, batch_id, target, source_value, act, target_value)
        VALUES (\(tx.author.tenant), \(id), \(value.target), \(value.value), \(act), \(word))
        ON CONFLICT (tenant_id, batch_id, target, source_value)
          DO UPDATE SET act = EXCLUDED.act, target_value = EXCLUDED.target_value
        """)
    }
    if state != .mapped { try await tx.execute("UPDATE migration_batch SET state = 'mapped' WHERE id = \(id)") }
    try await tx.record(
      "migration.map_values", object: object, status: 303, detail: "\(title): \(values.count) values")
  }

  /// Orders that every row is read and checked.
  /// - Throws: `BatchRefusal.undecided` while columns wait for a decision or a required field for a column.
  package func stage(in tx: AuditedTransaction) async throws {
    guard state == .mapped || state == .validated || state == .profiled else {
      throw BatchRefusal.illegalTransition(self, to: .staged)
    }
    guard !isBeingRead else { throw BatchRefusal.beingRead(self) }
    let mapping = try await BatchMapping.current(of: self, in: tx)
    if state != .mapped { try await tx.execute("UPDATE migration_batch SET state = 'mapped' WHERE id = \(id)") }
    try await order(mapping, in: tx)
  }

  private func order(_ mapping: BatchMapping, in tx: AuditedTransaction) async throws {
    try demandSettled(mapping)
    // By its version: a job that still reads for an earlier order must not be taken for the one that is meant now.
    let job = try await tx.order(StageBatch(batch: id), uniqueKey: "\(id) \(version)")
    try await tx.execute(
      """
      UPDATE migration_batch
      SET state = 'staged', staged_number = \(mapping.number), job_id = \(job), acknowledged = '{}', counts = '{}'
      WHERE id = \(id)
      """)
    try await tx.record("migration.stage", object: object, status: 303, detail: title)
  }

  private func demandSettled(_ mapping: BatchMapping) throws {
    let open = mapping.undecided.map(\.wish)
    let doubled = mapping.doubled(of: entity).map { target in
      "\(TargetSchema.field(named: target, of: entity)?.label ?? target) has more than one column: say how they become "
        + "one."
    }
    let missing = mapping.missing(of: entity).map { fields in
      fields.map(\.label).joined(separator: " or ") + " is needed by every record."
    }
    guard open.isEmpty, doubled.isEmpty, missing.isEmpty else { throw BatchRefusal.undecided(open + doubled + missing) }
  }

  /// What stands between the checked rows and their import, each a sentence.
  package func obstacles(_ issues: [IssueGroup]) -> [String] {
    let blocking = Set(issues.map(\.code).filter(\.isOfBatch))
    let unnoted = Set(issues.map(\.code).filter { $0.level == .warning && !acknowledged.contains($0.rawValue) })
    return blocking.sorted { $0.rawValue < $1.rawValue }.map { $0.label + ": " + $0.remedy }
      + unnoted.sorted { $0.rawValue < $1.rawValue }.map { "Take note of: " + $0.label + "." }
  }

  /// Throws while something stands in the way of the import.
  package func demandReady(_ issues: [IssueGroup]) throws {
    guard state == .validated else { throw BatchRefusal.illegalTransition(self, to: .committing) }
    guard !isBeingRead else { throw BatchRefusal.beingRead(self) }
    let obstacles = obstacles(issues)
    guard obstacles.isEmpty else { throw BatchRefusal.unsettled(obstacles) }
  }

  /// Takes note of warnings.
  package func acknowledge(_ codes: [IssueCode], in tx: AuditedTransaction) async throws {
    guard state == .validated else { throw BatchRefusal.illegalTransition(self, to: .validated) }
    let noted = Set(acknowledged).union(codes.filter { $0.level == .warning }.map(\.rawValue)).sorted()
    try await tx.execute("UPDATE migration_batch SET acknowledged = \(noted) WHERE id = \(id)")
    try await tx.record(
      "migration.acknowledge", object: object, status: 303, detail: "\(title): \(noted.joined(separator: ", "))")
  }

  /// Lets go of the batch before anything came of it.
  package func cancel(in tx: AuditedTransaction) async throws {
    guard state.isOpen else { throw BatchRefusal.illegalTransition(self, to: .cancelled) }
    try await tx.execute("UPDATE migration_batch SET state = 'cancelled' WHERE id = \(id)")
    try await tx.record("migration.cancel", object: object, status: 303, detail: title)
  }
}

extension ValueMapping.Act {
  /// The act in one word, and what it leads to.
  var stored: (act: String, word: String?) {
    switch self {
    case .value(let word): ("value", word)
    case .newCategory(let name): ("new_category", name)
    case .empty: ("empty", nil)
    case .reject: ("reject", nil)
    }
  }

  init(act: String, word: String?) {
    switch (act, word) {
    case ("value", let word?): self = .value(word)
    case ("new_category", let name?): self = .newCategory(name)
    case ("reject", _): self = .reject
    default: self = .empty
    }
  }
}

extension ColumnDecision {
  /// What somebody has to say about it.
  fileprivate var wish: String {
    switch act == .matched ? reading.wants : nil {
    case .order: "“\(name)”: choose the order of its dates."
    case .separator: "“\(name)”: choose its decimal separator."
    case nil: "“\(name)” waits for a decision."
    }
  }
}
