// Reads what a former system wrote down about a record.

import EthicoTypes
import FoundationEssentials
import Postgres

extension ImportedEvent: RowDecodable {
  /// What was written down about any of these records, and has not been taken back with its import; the newest first,
  /// one more than `length`.
  static func about(
    _ records: [UUID], behind position: ImportedHistory.Position? = nil, length: Int = ImportedHistory.fewLength
  ) -> Query<ImportedEvent> {
    let behind: SQL = position.map { "AND (h.occurred_at, h.id) < (\($0.at), \($0.id))" } ?? ""
    return Query(
      """
      SELECT h.id, h.occurred_at, h.actor, h.action, h.action_label, h.field, h.old_value, h.new_value, h.comment,
        h.extra, p.source_system, p.imported_at
      FROM imported_history h
      JOIN migration_provenance p ON p.tenant_id = h.tenant_id AND p.target_id = h.id AND p.action = 'insert'
        AND p.undone_at IS NULL
      WHERE h.parent_id = ANY(\(records)) AND h.tombstoned_at IS NULL \(fragment: behind)
      ORDER BY h.occurred_at DESC, h.id DESC
      LIMIT \(length + 1)
      """)
  }

  init(row: Row) throws {
    id = try row["id"]
    occurredAt = try row["occurred_at"]
    actor = try row["actor"]
    action = try row["action"]
    actionLabel = try row["action_label"]
    field = try row["field"]
    oldValue = try row["old_value"]
    newValue = try row["new_value"]
    comment = try row["comment"]
    extra = try ImportedFrom.members(of: row["extra"], as: nil)
    system = try row["source_system"]
    importedAt = try row["imported_at"]
  }
}
