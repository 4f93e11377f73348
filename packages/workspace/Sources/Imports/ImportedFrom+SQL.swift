// Reads where a record came from.

import EthicoTypes
import Foundation
import Postgres

extension ImportedFrom: RowDecodable {
  /// The import that a record came by, while it has not been taken back; none for a record that grew here.
  static func of<Subject>(_ id: ID<Subject>) -> Query<ImportedFrom> {
    Query(
      """
      SELECT source_system, source_record_id, row_no, imported_at, batch_id, record_id,
        imported_fields || legacy_fields AS fields
      FROM migration_provenance
      WHERE target_id = \(id) AND action IN ('insert', 'link') AND content_hash IS NOT NULL AND undone_at IS NULL
      ORDER BY seq
      LIMIT 1
      """)
  }

  init(row: Row) throws {
    system = try row["source_system"]
    key = try row["source_record_id"]
    rowNumber = try row["row_no"]
    importedAt = try row["imported_at"]
    batch = try row["batch_id"]
    record = try row["record_id"]
    let stored: JSONText = try row["fields"]
    let members = try JSONSerialization.jsonObject(with: Data(stored.text.utf8)) as? [String: Any] ?? [:]
    fields = members.sorted { $0.key < $1.key }.map { ($0.key, Self.words($0.value)) }
  }

  /// A value of JSON as a person reads it.
  private static func words(_ value: Any) -> String {
    switch value {
    case let text as String: text
    case let list as [Any]: list.map(words).joined(separator: "; ")
    case let members as [String: Any]:
      members.sorted { $0.key < $1.key }.map { "\($0.key): \(words($0.value))" }.joined(separator: ", ")
    default: "\(value)"
    }
  }
}
