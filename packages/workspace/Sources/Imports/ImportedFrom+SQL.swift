// Reads where a record came from.

import EthicoTypes
import FoundationEssentials
import Mapping
import Postgres

extension ImportedFrom: RowDecodable {
  private static let selection: SQL = """
    SELECT p.target_id, p.entity, p.source_system, p.source_record_id, p.row_no, p.imported_at, p.batch_id,
      p.record_id, (
        SELECT import_merge(k.imported_fields || k.legacy_fields ORDER BY k.imported_at, k.seq)
        FROM migration_provenance k
        WHERE k.tenant_id = p.tenant_id AND k.record_id = p.record_id AND k.content_hash IS NOT NULL
          AND k.undone_at IS NULL) AS fields, COALESCE((
        SELECT k.imported_fields -> 'date_only'
        FROM migration_provenance k
        WHERE k.tenant_id = p.tenant_id AND k.record_id = p.record_id AND k.content_hash IS NOT NULL
          AND k.undone_at IS NULL
        ORDER BY k.imported_at DESC, k.seq DESC
        LIMIT 1), '{}') AS days, COALESCE((
        SELECT jsonb_object_agg(m.name, m.value ORDER BY k.imported_at, k.seq)
        FROM migration_provenance k
        CROSS JOIN jsonb_each(k.after_image) AS m (name, value)
        WHERE k.tenant_id = p.tenant_id AND k.record_id = p.record_id AND k.target_id = p.target_id
          AND k.target_table = p.target_table AND k.undone_at IS NULL AND right(m.name, 3) = '_at'), '{}') AS written
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
    fields = try Self.members(of: row["fields"], as: ImportEntity(rawValue: try row["entity"]))
    days = ImportedDays(
      try Self.texts(of: row["days"]), written: try Self.texts(of: row["written"]).compactMapValues(Self.moment))
  }

  /// The members of an object, in order, as a person reads them.
  /// - Parameter entity: what kind of record they are of; its fields are called as the mapper calls them.
  static func members(of stored: JSONText, as entity: ImportEntity?) throws -> [(name: String, value: String)] {
    try read(stored).sorted { $0.key < $1.key }.map { name, value -> (name: String, value: String) in
      // What an import noted itself has words of its own.
      guard name == noted, case .members(let days) = value else { return (label(name, of: entity), value.words) }
      let told = days.sorted { $0.key < $1.key }.map { "\(label($0.key, of: entity)): \($0.value.words)" }
      return ("Days without a time", told.joined(separator: ", "))
    }
  }

  /// Under which an import keeps which moments of a record are days.
  private static let noted = "date_only"

  /// What is none of our fields is called as it came.
  private static func label(_ name: String, of entity: ImportEntity?) -> String {
    entity.flatMap { TargetSchema.field(named: name, of: $0) }?.label ?? name
  }

  private static func texts(of stored: JSONText) throws -> [String: String] {
    try read(stored).compactMapValues(\.text)
  }

  private static func read(_ stored: JSONText) throws -> [String: ImportedValue] {
    try JSONDecoder().decode([String: ImportedValue].self, from: Data(stored.text.utf8))
  }

  /// A moment as an image holds it: `2026-03-02T09:15:02+00:00`.
  private static func moment(_ text: String) -> Date? {
    try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains(".")))
  }
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

  /// The value, where it is a text.
  var text: String? {
    if case .text(let text) = self { text } else { nil }
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
