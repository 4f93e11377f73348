// Reads where a record came from.

import EthicoTypes
import FoundationEssentials
import Postgres

extension ImportedFrom: RowDecodable {
  private static let selection: SQL = """
    SELECT p.target_id, p.source_system, p.source_record_id, p.row_no, p.imported_at, p.batch_id, p.record_id, (
        SELECT import_merge(k.imported_fields || k.legacy_fields ORDER BY k.imported_at, k.seq)
        FROM migration_provenance k
        WHERE k.tenant_id = p.tenant_id AND k.record_id = p.record_id AND k.content_hash IS NOT NULL
          AND k.undone_at IS NULL) AS fields
    FROM migration_provenance p
    """

  /// What tells of a record as a whole, and has not been taken back. What came along later is said with it.
  private static let stands: SQL = """
    p.action IN ('insert', 'link') AND p.content_hash IS NOT NULL AND p.undone_at IS NULL
    """

  /// The imports that a record came by, the first one first: a policy comes a row a version, a person may come from
  /// two systems. None for a record that grew here.
  static func of<Subject>(_ id: ID<Subject>) -> Query<ImportedFrom> {
    Query(
      """
      \(fragment: selection)
      WHERE p.target_id = \(id) AND \(fragment: stands)
      ORDER BY p.seq, p.imported_at, p.row_no
      LIMIT 20
      """)
  }

  /// The imports that the files of a record came by.
  static func ofFiles(_ owner: AttachmentOwner) -> Query<ImportedFrom> {
    Query(
      """
      \(fragment: selection)
      JOIN attachment f ON f.tenant_id = p.tenant_id AND f.id = p.target_id
      WHERE \(fragment: owner.condition) AND p.target_table = 'attachment' AND \(fragment: stands)
      ORDER BY f.attached_at DESC, f.id DESC
      LIMIT 100
      """)
  }

  init(row: Row) throws {
    target = try row["target_id"]
    system = try row["source_system"]
    key = try row["source_record_id"]
    rowNumber = try row["row_no"]
    importedAt = try row["imported_at"]
    batch = try row["batch_id"]
    record = try row["record_id"]
    fields = try Self.members(of: row["fields"])
  }

  /// The members of an object, in order, as a person reads them.
  static func members(of stored: JSONText) throws -> [(name: String, value: String)] {
    let members = try JSONDecoder().decode([String: ImportedValue].self, from: Data(stored.text.utf8))
    return members.sorted { $0.key < $1.key }.map { (label($0.key), $0.value.words) }
  }

  /// What came along is called as it came; what an import noted itself has words of its own.
  private static func label(_ name: String) -> String { name == "date_only" ? "Days without a time" : name }
}

/// A value of JSON that came along with a record.
private enum ImportedValue: Decodable {
  case text(String)
  case list([ImportedValue])
  case members([String: ImportedValue])
  case nothing

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([ImportedValue].self) {
      self = .list(list)
    } else if let members = try? container.decode([String: ImportedValue].self) {
      self = .members(members)
    } else if let claim = try? container.decode(Bool.self) {
      self = .text(claim ? "yes" : "no")
    } else if let number = try? container.decode(Decimal.self) {
      self = .text(number.description)
    } else {
      self = .nothing
    }
  }

  /// The value as a person reads it.
  var words: String {
    switch self {
    case .text(let text): text
    case .list(let list): list.map(\.words).joined(separator: "; ")
    case .members(let members):
      members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.words)" }.joined(separator: ", ")
    case .nothing: ""
    }
  }
}
