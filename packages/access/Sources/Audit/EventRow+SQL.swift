// An event as the trail keeps it: its body, and the columns that repeat what the body says.

import EthicoTypes
import FoundationEssentials
import Postgres

/// An event as it is stored.
struct EventRow: RowDecodable {
  let chain: UUID
  let at: String
  let detailDigest: Digest
  let changeCount: Int
  let changeDigest: Digest
  /// What its parts come to.
  let leaf: Digest
  /// What the database says that they come to.
  let storedLeaf: Digest
  let xact: Int
  /// Whether the columns beside the body say the same as the body.
  let columnsMatchBody: Bool

  static let columns: SQL =
    "id, body, detail_digest, change_count, change_digest, leaf, xact, \(fragment: EventColumns.names)"

  init(row: Row) throws {
    let columns = try EventColumns(row: row)
    chain = columns.chain
    at = columns.at
    let body: [UInt8] = try row["body"]
    detailDigest = try row.withBytes("detail_digest") { Digest($0) }
    changeCount = try row["change_count"]
    changeDigest = try row.withBytes("change_digest") { Digest($0) }
    storedLeaf = try row.withBytes("leaf") { Digest($0) }
    xact = try row["xact"]
    leaf = Hash.leaf(changeDigest: changeDigest, detailDigest: detailDigest, body: body)
    columnsMatchBody = columns.match(CanonicalMembers(body))
  }

  /// How much says that a seal is this event's.
  func likeness(to seal: SealRow) -> Int {
    (leaf == seal.leaf ? 2 : 0) + (columnsMatchBody ? 1 : 0)
  }

  /// The time of an event as bodies write it; what is no time of a calendar, as PostgreSQL does.
  static let time: SQL = """
    COALESCE(to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), at::text)
    """
}

/// The columns that repeat members of an event's body, so that events can be found by them.
private struct EventColumns: RowDecodable {
  let id: UUID
  let chain: UUID
  let at: String
  let action: String?
  let actorKind: String?
  let actorID: String?
  let outcome: String?
  let request: UUID?
  let subject: UUID?
  let impersonation: UUID?
  let objectType: String?
  let objectID: String?

  static let names: SQL = """
    chain, \(fragment: EventRow.time) AS at, action, actor_kind, actor_id, outcome, request_id, subject_id,
    impersonation_id, object_type, object_id
    """

  init(row: Row) throws {
    id = try row["id"]
    chain = try row["chain"]
    at = try row["at"]
    action = try row["action"]
    actorKind = try row["actor_kind"]
    actorID = try row["actor_id"]
    outcome = try row["outcome"]
    request = try row["request_id"]
    subject = try row["subject_id"]
    impersonation = try row["impersonation_id"]
    objectType = try row["object_type"]
    objectID = try row["object_id"]
  }

  /// - Parameter members: of the body; `nil` where it is not canonical.
  func match(_ members: CanonicalMembers?) -> Bool {
    guard let members else { return false }
    return members.says("id", uuid: id) && members.says("at", string: at) && members.says("chain", uuid: chain)
      && members.says("action", string: action) && members.says("outcome", string: outcome)
      && members.says("actor", text: Self.pair("id", actorID, "kind", actorKind))
      && members.says("object", text: Self.pair("id", objectID, "type", objectType))
      && members.says("request", uuid: request) && members.says("subject", uuid: subject)
      && members.says("impersonation", uuid: impersonation)
  }

  /// An object of two members in their order. `nil` where both are; what has only one is no object that a body holds.
  private static func pair(_ first: String, _ a: String?, _ second: String, _ b: String?) -> String? {
    let members = [a.map { (first, $0) }, b.map { (second, $0) }].compactMap(\.self)
    guard !members.isEmpty else { return nil }
    return "{" + members.map { "\"\($0)\":" + JSONString.quoted($1) }.joined(separator: ",") + "}"
  }
}
