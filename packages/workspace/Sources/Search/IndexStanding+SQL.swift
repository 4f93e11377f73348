// Compares a client's search index with its records, inside that client's transaction.

package import Access
import EthicoTypes
import FoundationEssentials
import Jobs
package import Postgres
import Web

extension SearchIndex {
  /// Up to so many records an index is held against them each time it is looked at. Where there are more of them, both
  /// are counted first, and compared if they are not as many.
  static let comparedLimit = 10_000

  /// How the index of each entity stands.
  package static func standings(in tx: AuditedTransaction) async throws -> [IndexStanding] {
    let each = SearchEntity.allCases.enumerated().map { standing(of: $1, at: $0) }
    return try await tx.query(
      "SELECT s.* FROM (\(fragment: .unionAll(each))) s ORDER BY s.position", as: IndexStanding.self)
  }

  /// How the index of one entity stands.
  package static func standing(of entity: SearchEntity, in tx: AuditedTransaction) async throws -> IndexStanding {
    guard let found = try await tx.first(standing(of: entity, at: 0), as: IndexStanding.self) else {
      throw RecordMissing()
    }
    return found
  }

  /// Each entity has a statement of its own, in which the source is that of its records alone.
  static func standing(of entity: SearchEntity, at position: Int) -> SQL {
    """
    SELECT \(position)::integer AS position, \(entity)::text AS entity, n.records, n.is_compared,
      CASE WHEN n.is_compared THEN s.found ELSE n.records END AS found, s.missing, s.surplus, n.outdated, w.waiting,
      w.oldest_wait, x.generation, x.building, j.id AS job_id, j.state AS job_state, j.done, j.total, j.started_at
    FROM (
      SELECT COALESCE(max(generation), 1) AS generation, max(building) AS building
      FROM search_index WHERE entity = \(entity)
    ) x
    CROSS JOIN LATERAL (
      SELECT r.records, d.outdated, r.records <= \(comparedLimit) OR r.records <> d.documents AS is_compared
      FROM (SELECT count(*) AS records FROM search_source(\(entity))) r
      CROSS JOIN (
        SELECT count(*) AS documents, count(*) FILTER (WHERE mapping < search_mapping()) AS outdated
        FROM search_document WHERE entity = \(entity) AND generation = x.generation
      ) d
      OFFSET 0
    ) n
    CROSS JOIN LATERAL (
      SELECT count(r.id) FILTER (WHERE d.id IS NOT NULL) AS found,
        count(*) FILTER (WHERE d.id IS NULL AND y.id IS NULL) AS missing,
        count(*) FILTER (WHERE r.id IS NULL AND y.id IS NULL) AS surplus
      FROM (SELECT id FROM search_source(\(entity))) r
      FULL JOIN (
        SELECT id FROM search_document WHERE entity = \(entity) AND generation = x.generation
      ) d ON d.id = r.id
      LEFT JOIN (SELECT DISTINCT id FROM search_dirty WHERE entity = \(entity)) y ON y.id = COALESCE(r.id, d.id)
      WHERE n.is_compared
    ) s
    CROSS JOIN LATERAL (
      SELECT count(DISTINCT id) AS waiting, min(since) AS oldest_wait FROM search_dirty WHERE entity = \(entity)
    ) w
    LEFT JOIN job j ON j.kind = \(SearchRebuild.kind) AND j.unique_key = \(entity)
      AND j.state IN ('queued', 'running', 'retrying')
    """
  }

  /// Compares every document of an entity with its record. What waits to be indexed is not wrong yet.
  package static func check(_ entity: SearchEntity, in tx: AuditedTransaction) async throws -> IndexCheck {
    let found = try await tx.query(
      """
      SELECT n.id, n.title, n.fault, n.count
      FROM (
        SELECT f.id, COALESCE(NULLIF(f.title, ''), left(f.body, 80)) AS title, f.fault,
          count(*) OVER (PARTITION BY f.fault) AS count,
          row_number() OVER (PARTITION BY f.fault ORDER BY f.id DESC) AS place
        FROM (
          SELECT COALESCE(r.id, d.id) AS id, COALESCE(r.title, d.title) AS title, COALESCE(r.body, d.body) AS body,
            CASE WHEN d.id IS NULL THEN 'missing' WHEN r.id IS NULL THEN 'surplus' ELSE 'differs' END AS fault
          FROM (SELECT id, language, title, body FROM search_source(\(entity))) r
          FULL JOIN (
            SELECT id, language, title, body FROM search_document
            WHERE entity = \(entity) AND generation = \(fragment: generation(entity))
          ) d ON d.id = r.id
          LEFT JOIN (SELECT DISTINCT id FROM search_dirty WHERE entity = \(entity)) y ON y.id = COALESCE(r.id, d.id)
          WHERE y.id IS NULL AND (r.language, r.title, r.body) IS DISTINCT FROM (d.language, d.title, d.body)
        ) f
      ) n
      WHERE n.place <= \(IndexCheck.listLimit)
      ORDER BY array_position(\(IndexFault.allCases.map(\.rawValue)), n.fault), n.id DESC
      """, as: CountedFault.self)
    return IndexCheck(
      entity: entity, counts: Dictionary(found.map { ($0.record.fault, $0.count) }) { one, _ in one },
      first: found.prefix(IndexCheck.listLimit).map(\.record))
  }
}

/// A record that is not found as it stands, and how many are not in that way.
private struct CountedFault: Sendable, RowDecodable {
  let record: FaultyRecord
  let count: Int

  init(row: Row) throws {
    record = try FaultyRecord(row: row)
    count = try row["count"]
  }
}

extension IndexStanding: RowDecodable {
  /// Reads a row of `standing(of:at:)`; where its `job_id` is NULL, no rebuild waits or runs.
  package init(row: Row) throws {
    entity = try row["entity"]
    records = try row["records"]
    isCompared = try row["is_compared"]
    found = try row["found"]
    waiting = try row["waiting"]
    oldestWait = try row["oldest_wait"]
    missing = try row["missing"]
    surplus = try row["surplus"]
    outdated = try row["outdated"]
    generation = try row["generation"]
    building = try row["building"]
    let job: ID<JobRecord>? = try row["job_id"]
    rebuild = try job.map { _ in try IndexRebuild(row: row) }
  }
}

extension FaultyRecord: RowDecodable {
  /// Reads the columns `id`, `title` and `fault`.
  package init(row: Row) throws {
    id = try row["id"]
    title = try row["title"]
    fault = try row["fault"]
  }
}
