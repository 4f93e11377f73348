// Reads batches.

package import Access
package import EthicoTypes
import FoundationEssentials
import Mapping
package import Postgres
import SourceFiles

extension Batch: RowDecodable {
  private static let selection: SQL = """
    SELECT b.id, b.project_id, b.file_id, f.name AS file_name, b.entity, b.source_table, b.source_system,
      b.detected_system, b.state, b.reading, b.wanted_reading, b.reading_refused, b.shape, b.row_count,
      b.mapping_number, b.staged_number, b.field_policies, b.acknowledged, b.counts, b.job_id, b.failure,
      b.committed_at, f.purged_at AS file_purged_at, b.version, g.grid
    FROM migration_batch b
    JOIN migration_source_file f ON f.tenant_id = b.tenant_id AND f.id = b.file_id
    LEFT JOIN migration_grid g ON g.tenant_id = b.tenant_id AND g.batch_id = b.id
    """

  package init(row: Row) throws {
    id = try row["id"]
    project = try row["project_id"]
    file = try row["file_id"]
    fileName = try row["file_name"]
    entity = try Self.kind(try row["entity"])
    table = try row["source_table"]
    source = SourceSystem(try row["source_system"])
    let looks: String? = try row["detected_system"]
    detected = looks.map(SourceSystem.init)
    state = try row["state"]
    options = try Self.decode(try row["reading"])
    let wanted: JSONText? = try row["wanted_reading"]
    wantedReading = try wanted.map { try Self.decode($0) }
    readingRefused = try row["reading_refused"]
    var shape: SourceShape = try Self.decode(try row["shape"])
    let grid: JSONText? = try row["grid"]
    if let grid { shape.grid = try Self.decode(grid) }
    self.shape = shape
    rowCount = try row["row_count"]
    mappingNumber = try row["mapping_number"]
    stagedNumber = try row["staged_number"]
    policies = try FieldPolicies(stored: try row["field_policies"])
    acknowledged = try row["acknowledged"]
    counts = try Self.decode(try row["counts"])
    job = try row["job_id"]
    failure = try row["failure"]
    committedAt = try row["committed_at"]
    filePurgedAt = try row["file_purged_at"]
    version = try row["version"]
  }

  private static func kind(_ text: String) throws -> ImportEntity {
    guard let entity = ImportEntity(rawValue: text) else {
      throw RowError.value(column: "entity", expected: "ImportEntity", found: text)
    }
    return entity
  }

  private static func decode<Value: Decodable>(_ json: JSONText) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(json.text.utf8))
  }

  /// The batches of a project in the order in which they are committed, newest first within an entity.
  package static func all(of project: ID<MigrationProject>) -> Query<Batch> {
    Query(
      """
      \(fragment: selection)
      WHERE b.project_id = \(project) AND b.state <> 'uploaded'
      ORDER BY array_position(\(ImportEntity.commitOrder.map(\.rawValue))::text[], b.entity), b.id DESC
      LIMIT 500
      """)
  }

  /// One batch; `nil` when this client has none of that id.
  package static func find(_ id: ID<Batch>, in tx: AuditedTransaction) async throws -> Batch? {
    try await tx.first("\(fragment: selection) WHERE b.id = \(id) AND b.state <> 'uploaded'", as: Batch.self)
  }

  /// The same, held until the transaction ends.
  package static func hold(_ id: ID<Batch>, in tx: AuditedTransaction) async throws -> Batch? {
    try await tx.first(
      "\(fragment: selection) WHERE b.id = \(id) AND b.state <> 'uploaded' FOR UPDATE OF b", as: Batch.self)
  }
}
