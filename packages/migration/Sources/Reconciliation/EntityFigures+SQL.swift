// Reckons one kind of record: the rows of its batches, the records here, and both held against each other.

import Access
import EthicoTypes
import FoundationEssentials
import Mapping
import Postgres

extension EntityFigures {
  /// Reckons every kind of record that came or was to come, in the order of the import.
  static func all(of project: MigrationProject, in tx: AuditedTransaction) async throws -> [EntityFigures] {
    // Every row and every record is looked at once: that takes longer than a page may.
    try await tx.execute("SET LOCAL statement_timeout = '120s'")
    let batches = try await BatchFigures.all(of: project.id, in: tx)
    let conflicts = try await Conflict.open(of: project.id, in: tx)
    var found: [EntityFigures] = []
    for entity in ImportEntity.commitOrder where batches[entity] != nil || project.chose(entity) {
      let own = batches[entity] ?? []
      let open = own.reduce(0) { $0 + (conflicts[$1.id] ?? 0) }
      found.append(try await EntityFigures(entity, own, conflicts: open, project.id, in: tx))
    }
    return found
  }

  private init(
    _ entity: ImportEntity, _ batches: [BatchFigures], conflicts: Int, _ project: ID<MigrationProject>,
    in tx: AuditedTransaction
  ) async throws {
    let source = FigureSource.of(entity)
    let standing = Standing(entity: entity, project: project, source: source)
    let (counts, pairs, amounts) = try await tx.together(standing.counts, standing.pairs, standing.amounts)
    let records = counts.first?.records ?? 0
    let rows = batches.reduce(RowFigures()) { $0 + $1.rows }
    let gone = rows.made - rows.undone - records
    self.entity = entity
    self.batches = batches
    self.records = records
    groups = FigureGroup.all(pairs, named: source.dimensions.map(\.name))
    money = MoneyFigures.all(amounts)
    files =
      entity == .attachment
      ? FileFigures(count: records, bytes: counts.first?.bytes ?? 0, sourceBytes: counts.first?.sourceBytes) : nil
    unresolved = counts.first?.unresolved ?? 0
    placeholders = counts.first?.placeholders ?? 0
    self.conflicts = conflicts
    differences =
      batches.flatMap(\.differences)
      + (gone == 0
        ? []
        : ["\(entity.pluralLabel): came over and not taken back \(rows.made - rows.undone), here \(records)."])
  }
}

extension MigrationProject {
  /// Whether that kind of record was to come; people come with everything.
  func chose(_ entity: ImportEntity) -> Bool { choices.contains { $0.rawValue == entity.rawValue } }
}

/// The records of one kind that a project brought and nobody took back.
private struct Standing {
  let entity: ImportEntity
  let project: ID<MigrationProject>
  let source: FigureSource

  /// Each record with what its newest row says, and the version that an import left it in.
  private var records: SQL {
    """
    SELECT p.record_id, p.target_id, p.action, l.imported_fields AS kept, COALESCE(r.parsed, '{}') AS parsed, (
        SELECT v.target_row_version FROM migration_provenance v
        WHERE v.target_id = p.target_id AND v.target_table = \(source.table.rawValue) AND v.undone_at IS NULL
        ORDER BY v.seq DESC
        LIMIT 1) AS version
    FROM migration_provenance p
    JOIN migration_batch b ON b.id = p.batch_id AND b.project_id = \(project)
    CROSS JOIN LATERAL (
      SELECT k.batch_id, k.row_no, k.imported_fields
      FROM migration_provenance k
      WHERE k.record_id = p.record_id AND k.content_hash IS NOT NULL AND k.undone_at IS NULL
      ORDER BY k.imported_at DESC, k.seq DESC
      LIMIT 1
    ) l
    LEFT JOIN migration_staged_row r ON r.batch_id = l.batch_id AND r.row_no = l.row_no
    WHERE p.entity = \(entity.rawValue) AND p.action IN ('insert', 'link') AND p.content_hash IS NOT NULL
      AND p.undone_at IS NULL
    """
  }

  private var here: SQL {
    let shown: SQL = source.table == .importedHistory ? "AND t.tombstoned_at IS NULL" : ""
    return """
      FROM (\(fragment: records)) s
      JOIN \(fragment: source.table.name) t ON t.id = s.target_id \(fragment: shown)
      \(fragment: source.joins)
      """
  }

  /// Whether somebody changed that column here since an import wrote it last; looked up only where both sides differ.
  private func isEdited(_ column: SQL, differs: SQL) -> SQL {
    guard source.table.countsVersions else { return "false" }
    return """
      CASE WHEN NOT (\(fragment: differs)) OR \(fragment: column) IS NULL OR t.version = s.version THEN false ELSE (
        SELECT COALESCE(import_merge(v.after_image ORDER BY v.seq) -> \(fragment: column), 'null')
        FROM migration_provenance v
        WHERE v.target_id = s.target_id AND v.target_table = \(source.table.rawValue) AND v.undone_at IS NULL
          AND v.after_image IS NOT NULL
        ) IS DISTINCT FROM import_image(jsonb_build_object('x', to_jsonb(t) -> \(fragment: column))) -> 'x' END
      """
  }

  var counts: Query<FigureCounts> {
    let isFile = entity == .attachment
    return Query(
      """
      SELECT count(*) AS records, \(fragment: isFile ? "sum(t.byte_count)::bigint" : "NULL::bigint") AS bytes,
        \(fragment: isFile ? "sum((s.parsed ->> 'size_bytes')::bigint)::bigint" : "NULL::bigint") AS source_bytes,
        (SELECT count(*) FROM migration_pending_ref w
          JOIN migration_batch b ON b.id = w.batch_id AND b.project_id = \(project)
          WHERE w.entity = \(entity.rawValue) AND w.resolved_at IS NULL AND EXISTS (
            SELECT FROM migration_provenance q WHERE q.target_id = w.target_id AND q.undone_at IS NULL)) AS unresolved,
        (SELECT count(*) FROM migration_provenance q
          JOIN migration_batch b ON b.id = q.batch_id AND b.project_id = \(project) AND b.entity = \(entity.rawValue)
          WHERE q.entity = 'placeholder' AND q.undone_at IS NULL) AS placeholders
      \(fragment: here)
      """)
  }

  /// What the source says and what stands here, in pairs, with how many records have them.
  var pairs: Query<FigurePair> {
    let told = source.dimensions.map { dimension -> SQL in
      """
      (\(dimension.name)::text, \(fragment: dimension.source), \(fragment: dimension.here), \(dimension.column)::text)
      """
    }
    guard let first = told.first else { return Query("SELECT '' AS name, '' AS source, '' AS here WHERE false") }
    let values = told.dropFirst().reduce(first) { "\(fragment: $0), \(fragment: $1)" }
    return Query(
      """
      SELECT d.name, d.source, d.here, e.is_edited, count(*) AS count
      \(fragment: here)
      CROSS JOIN LATERAL (VALUES \(fragment: values)) AS d (name, source, here, held)
      CROSS JOIN LATERAL (
        SELECT \(fragment: isEdited("d.held", differs: "d.source IS DISTINCT FROM d.here")) AS is_edited
      ) e
      GROUP BY d.name, d.source, d.here, e.is_edited
      """)
  }

  var amounts: Query<AmountPair> {
    guard let money = source.money else {
      return Query("SELECT '' AS currency WHERE false")
    }
    return Query(
      """
      SELECT m.source_currency, m.here_currency, m.differs, e.is_edited,
        COALESCE(sum(m.source), 0)::text AS source, COALESCE(sum(m.here), 0)::text AS here, count(*) AS count
      \(fragment: here)
      CROSS JOIN LATERAL (
        SELECT w.*, (w.source, w.source_currency) IS DISTINCT FROM (w.here, w.here_currency) AS differs
        FROM (
          SELECT \(fragment: money.source) AS source, \(fragment: money.sourceCurrency) AS source_currency,
            \(fragment: money.here) AS here, \(fragment: money.hereCurrency) AS here_currency
        ) w
      ) m
      CROSS JOIN LATERAL (
        SELECT \(fragment: isEdited("\(money.column)::text", differs: "m.differs")) AS is_edited
      ) e
      WHERE num_nonnulls(m.source, m.here) > 0
      GROUP BY m.source_currency, m.here_currency, m.differs, e.is_edited
      """)
  }
}

/// What is counted of a kind of record as a whole.
struct FigureCounts: Sendable, RowDecodable {
  let records: Int
  let bytes: Int?
  let sourceBytes: Int?
  let unresolved: Int
  let placeholders: Int

  init(row: Row) throws {
    records = try row["records"]
    bytes = try row["bytes"]
    sourceBytes = try row["source_bytes"]
    unresolved = try row["unresolved"]
    placeholders = try row["placeholders"]
  }
}

/// So many records say the one in the source and the other here.
struct FigurePair: Sendable, RowDecodable {
  let name: String
  let source: String?
  let here: String?
  let isEdited: Bool
  let count: Int

  init(row: Row) throws {
    name = try row["name"]
    source = try row["source"]
    here = try row["here"]
    isEdited = try row["is_edited"]
    count = try row["count"]
  }

  /// Why both differ.
  var reason: String {
    source == nil ? FigureReason.unsaid : isEdited ? FigureReason.edited : FigureReason.rule
  }
}

/// Amounts of one currency in the source and of one here.
struct AmountPair: Sendable, RowDecodable {
  let sourceCurrency: String?
  let hereCurrency: String?
  let differs: Bool
  let isEdited: Bool
  let source: Decimal
  let here: Decimal
  let count: Int

  init(row: Row) throws {
    sourceCurrency = try row["source_currency"]
    hereCurrency = try row["here_currency"]
    differs = try row["differs"]
    isEdited = try row["is_edited"]
    source = try Self.amount(try row["source"])
    here = try Self.amount(try row["here"])
    count = try row["count"]
  }

  private static func amount(_ text: String) throws -> Decimal {
    guard let amount = Decimal(string: text) else {
      throw RowError.value(column: "source", expected: "Decimal", found: text)
    }
    return amount
  }
}

extension FigureGroup {
  static func all(_ pairs: [FigurePair], named names: [String]) -> [FigureGroup] {
    let byName = Dictionary(grouping: pairs, by: \.name)
    return names.compactMap { name in byName[name].map { FigureGroup(name, $0) } }
  }

  /// The values by how many records are here, then by name: a year or a status is found at once either way.
  private init(_ name: String, _ pairs: [FigurePair]) {
    let values = Set(pairs.flatMap { [$0.source ?? "", $0.here ?? ""] })
    var lines = values.map { value in
      let came = pairs.filter { ($0.source ?? "") == value }
      let stand = pairs.filter { ($0.here ?? "") == value }
      let moved = (came + stand).filter { ($0.source ?? "") != ($0.here ?? "") }
      return FigureLine(
        value: value, source: came.reduce(0) { $0 + $1.count }, here: stand.reduce(0) { $0 + $1.count },
        reasons: FigureReason.sum(moved.map { FigureReason(code: $0.reason, count: $0.count) }))
    }
    lines.sort { ($1.here, $0.value) < ($0.here, $1.value) }
    self.name = name
    self.lines = Array(lines.prefix(Self.listed))
    others = lines.dropFirst(Self.listed).reduce(0) { $0 + $1.here }
  }
}

extension MoneyFigures {
  static func all(_ pairs: [AmountPair]) -> [MoneyFigures] {
    let currencies = Set(pairs.flatMap { [$0.sourceCurrency ?? "", $0.hereCurrency ?? ""] })
    return currencies.sorted().map { currency in
      let came = pairs.filter { ($0.sourceCurrency ?? "") == currency }
      let stand = pairs.filter { ($0.hereCurrency ?? "") == currency }
      let differing = pairs.filter {
        $0.differs && [$0.sourceCurrency ?? "", $0.hereCurrency ?? ""].contains(currency)
      }
      return MoneyFigures(
        currency: currency, source: came.reduce(0) { $0 + $1.source }, here: stand.reduce(0) { $0 + $1.here },
        reasons: FigureReason.sum(
          differing.map { FigureReason(code: $0.isEdited ? FigureReason.edited : FigureReason.rule, count: $0.count) }))
    }
  }
}
