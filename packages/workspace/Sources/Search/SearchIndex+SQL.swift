// Keeps and examines the index of one client's search, inside that client's transaction.

package import Access
package import EthicoTypes
import FoundationEssentials
import Jobs
import Postgres
import Web

/// What is done to a client's index.
package enum SearchIndex {
  /// How much one transaction indexes.
  static let batch = 500

  /// The generation that answers, as a value and not as an expression, which no index would take.
  static func generation(_ entity: SearchEntity) -> SQL {
    "(SELECT COALESCE(max(generation), 1) FROM search_index WHERE entity = \(entity))"
  }

  // MARK: Indexing

  /// Indexes one record again, at once.
  /// - Throws: `RecordMissing` where there is neither such a record nor a document of one.
  package static func reindex(
    _ entity: SearchEntity, _ id: ID<SearchDocument>, in tx: AuditedTransaction
  ) async throws {
    let isThere = try await tx.first(
      """
      SELECT EXISTS (SELECT 1 FROM search_source(\(entity)) WHERE id = \(id))
        OR EXISTS (SELECT 1 FROM search_document WHERE entity = \(entity) AND id = \(id))
      """, as: Bool.self)
    guard isThere == true else { throw RecordMissing() }
    try await hold(in: tx)
    // First, so that the mark of a write that the reading does not see stays.
    try await tx.execute("DELETE FROM search_dirty WHERE entity = \(entity) AND id = \(id)")
    try await index(entity, [id], in: tx)
  }

  /// Indexes the records that have waited longest.
  /// - Returns: how many marks were taken: fewer than a batch when nothing is left.
  static func drain(in tx: AuditedTransaction) async throws -> Int {
    try await hold(in: tx)
    let dirty = try await tx.query(
      """
      DELETE FROM search_dirty
      WHERE ctid = ANY (ARRAY (
        SELECT ctid FROM search_dirty ORDER BY since LIMIT \(batch)
      ))
      RETURNING entity, id
      """, as: DirtyRecord.self)
    for (entity, records) in Dictionary(grouping: dirty, by: \.entity) {
      try await index(entity, Array(Set(records.map(\.id))), in: tx)
    }
    return dirty.count
  }

  /// Whoever writes documents of a client is alone: else an older reading could overwrite a newer one.
  private static func hold(in tx: AuditedTransaction) async throws {
    let name = "search_index " + (tx.author.tenant?.description ?? "")
    try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\(name), 0))")
  }

  /// Makes the documents of these records as they stand, in the generation that answers and in the one being filled.
  /// Those of records that are gone are looked up by their whole key: without the generation every document of the
  /// entity would be read once for each record.
  private static func index(
    _ entity: SearchEntity, _ ids: [ID<SearchDocument>], in tx: AuditedTransaction
  ) async throws {
    let generations: SQL = """
      SELECT \(fragment: generation(entity)) AS generation
      UNION ALL
      SELECT building FROM search_index WHERE entity = \(entity) AND building IS NOT NULL
      """
    try await tx.execute(
      """
      INSERT INTO search_document (tenant_id, entity, id, generation, language, title, body, mapping)
      SELECT s.tenant_id, \(entity), s.id, g.generation, s.language, s.title, s.body, search_mapping()
      FROM search_source(\(entity)) s
      CROSS JOIN (\(fragment: generations)) g
      WHERE s.id = ANY(\(ids))
      \(fragment: overwriting)
      """)
    try await tx.execute(
      """
      DELETE FROM search_document
      WHERE entity = \(entity) AND generation = ANY(ARRAY (\(fragment: generations))) AND id = ANY(\(ids))
        AND id <> ALL(ARRAY (SELECT s.id FROM search_source(\(entity)) s WHERE s.id = ANY(\(ids))))
      """)
  }

  private static let overwriting: SQL = """
    ON CONFLICT (tenant_id, entity, generation, id) DO UPDATE SET
      language = EXCLUDED.language, title = EXCLUDED.title, body = EXCLUDED.body, mapping = EXCLUDED.mapping
    """

  /// Indexes everything of a client in one statement, and drops what was ordered for it: for a client just made.
  package static func indexAll(in tx: AuditedTransaction) async throws {
    try await hold(in: tx)
    try await tx.execute(
      """
      INSERT INTO search_document (tenant_id, entity, id, generation, language, title, body, mapping)
      SELECT s.tenant_id, e.entity, s.id, 1, s.language, s.title, s.body, search_mapping()
      FROM unnest(\(SearchEntity.allCases)::text[]) AS e (entity)
      CROSS JOIN LATERAL search_source(e.entity) s
      \(fragment: overwriting)
      """)
    try await tx.execute("DELETE FROM search_dirty")
    try await tx.execute("DELETE FROM job WHERE kind = \(SearchDrain.kind) AND state = 'queued'")
  }

  // MARK: Rebuilding

  /// Begins the next generation of an entity and orders the job that fills it.
  package static func rebuild(_ entity: SearchEntity, in tx: AuditedTransaction) async throws {
    // First, so that of two at the same moment the second one sees the first one's job.
    try await hold(in: tx)
    let open = try await tx.first(
      """
      SELECT id FROM job
      WHERE kind = \(SearchRebuild.kind) AND unique_key = \(entity) AND state IN ('queued', 'running', 'retrying')
      """, as: ID<JobRecord>.self)
    guard open == nil else { throw IndexRefusal.rebuildRunning(entity) }
    try await tx.execute(
      """
      INSERT INTO search_index (tenant_id, entity, generation, building)
      VALUES (\(tx.author.tenant), \(entity), 1, 2)
      ON CONFLICT (tenant_id, entity) DO UPDATE
        SET building = COALESCE(search_index.building, search_index.generation + 1)
      """)
    try await tx.order(SearchRebuild(entity: entity.rawValue), uniqueKey: entity.rawValue)
  }

  /// How many records an entity has.
  static func count(_ entity: SearchEntity, in tx: AuditedTransaction) async throws -> Int {
    try await tx.first("SELECT count(*) FROM search_source(\(entity))", as: Int.self) ?? 0
  }

  /// Fills the next generation with the records that follow that one.
  /// - Returns: the records filled, fewer than a batch at the end; `nil` when no generation is being filled.
  static func fill(
    _ entity: SearchEntity, after last: ID<SearchDocument>?, in tx: AuditedTransaction
  ) async throws -> [ID<SearchDocument>]? {
    try await hold(in: tx)
    guard let building = try await building(entity, in: tx) else { return nil }
    let position: SQL = last.map { "s.id > \($0)" } ?? "true"
    return try await tx.query(
      """
      INSERT INTO search_document (tenant_id, entity, id, generation, language, title, body, mapping)
      SELECT s.tenant_id, \(entity), s.id, \(building), s.language, s.title, s.body, search_mapping()
      FROM search_source(\(entity)) s
      WHERE \(fragment: position)
      ORDER BY s.id
      LIMIT \(batch)
      \(fragment: overwriting)
      RETURNING id
      """, as: ID<SearchDocument>.self)
  }

  private static func building(_ entity: SearchEntity, in tx: AuditedTransaction) async throws -> Int? {
    try await tx.first(
      "SELECT building FROM search_index WHERE entity = \(entity) AND building IS NOT NULL", as: Int.self)
  }

  /// Lets the generation that is filled answer.
  /// - Returns: which one answers now.
  static func switchOver(_ entity: SearchEntity, in tx: AuditedTransaction) async throws -> Int? {
    try await hold(in: tx)
    return try await tx.first(
      """
      UPDATE search_index SET generation = building, building = NULL, switched_at = \(tx.at)
      WHERE entity = \(entity) AND building IS NOT NULL
      RETURNING generation
      """, as: Int.self)
  }

  /// Drops some of the documents that answer no more: by where they lie. Joined by their keys they were looked up once
  /// for each of the others, wherever the planner had yet to learn how many there are (2,400 documents: 27 s).
  /// - Returns: how many.
  static func dropOld(_ entity: SearchEntity, in tx: AuditedTransaction) async throws -> Int {
    try await hold(in: tx)
    return try await tx.execute(
      """
      DELETE FROM search_document
      WHERE ctid = ANY (ARRAY (
        SELECT ctid FROM search_document
        WHERE entity = \(entity) AND generation < \(fragment: generation(entity))
        LIMIT \(10 * batch)
      ))
      """)
  }
}

/// A record that waits to be indexed.
private struct DirtyRecord: Sendable, RowDecodable {
  let entity: SearchEntity
  let id: ID<SearchDocument>

  init(row: Row) throws {
    entity = try row["entity"]
    id = try row["id"]
  }
}
