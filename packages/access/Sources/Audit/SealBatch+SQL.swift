// What verification reads at once: a run of seals with the events they seal, and the changes of those.

import EthicoTypes
import Foundation
import Postgres

/// A run of seals in their order, with the events they seal.
struct SealBatch: Sendable {
  let seals: [SealRow]
  let events: [UUID: EventRow]
  let details: [UUID: DetailRow]

  private static let sizeLimit = 2_000
  /// An event can hold thousands of changes: about so many are read at once, or those of one event.
  private static let changeLimit = 5_000

  /// The batch behind another, of at most twice as many seals: where events are large, few are read at once.
  init(after last: SealBatch?, in sql: Transaction) async throws {
    let size = min(Self.sizeLimit, (last?.seals.count ?? Self.sizeLimit) * 2)
    let ahead = try await Self.seals(after: last?.seals.last, limit: size, in: sql)
    events = try await Self.events(ahead.map(\.event), in: sql)
    seals = Self.fitting(ahead, events)
    details = try await Self.details(of: seals.map(\.event), in: sql)
  }

  private static func seals(after last: SealRow?, limit: Int, in sql: Transaction) async throws -> [SealRow] {
    let place: SQL = last.map { "(chain, seq) > (\($0.chain), \($0.seq))" } ?? "true"
    return try await sql.query(
      """
      SELECT chain, seq, event, leaf, prev, hash
      FROM audit_seal
      WHERE \(fragment: place)
      ORDER BY chain, seq
      LIMIT \(limit)
      """, as: SealRow.self)
  }

  /// The events of these ids. Their ids tell when they were made, and so the few months they lie in; one that lies
  /// elsewhere is looked for everywhere.
  private static func events(_ ids: [UUID], in sql: Transaction) async throws -> [UUID: EventRow] {
    guard let first = ids.min(), let last = ids.max() else { return [:] }
    let span = first.version7Date.addingTimeInterval(-3600)...last.version7Date.addingTimeInterval(3600)
    let nearby = try await sql.query(
      """
      SELECT \(fragment: EventRow.columns)
      FROM audit_event
      WHERE id = ANY(\(ids)) AND at BETWEEN \(span.lowerBound) AND \(span.upperBound)
      """, as: EventRow.self)
    var events = Dictionary(nearby.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let missing = ids.filter { events[$0] == nil }
    guard !missing.isEmpty else { return events }
    let elsewhere = try await sql.query(
      "SELECT \(fragment: EventRow.columns) FROM audit_event WHERE id = ANY(\(missing))", as: EventRow.self)
    for event in elsewhere { events[event.id] = event }
    return events
  }

  /// As many seals as hold few enough changes, but one at least.
  private static func fitting(_ seals: [SealRow], _ events: [UUID: EventRow]) -> [SealRow] {
    var weight = 0
    let count = seals.prefix { seal in
      defer { weight += events[seal.event]?.changeCount ?? 0 }
      return weight < changeLimit
    }.count
    return Array(seals.prefix(count))
  }

  private static func details(of events: [UUID], in sql: Transaction) async throws -> [UUID: DetailRow] {
    guard let first = events.min(), let last = events.max() else { return [:] }
    let rows = try await sql.query(
      """
      SELECT event, salt, text
      FROM audit_detail
      WHERE event = ANY(\(events)) AND event BETWEEN \(first) AND \(last)
      """, as: DetailRow.self)
    return Dictionary(rows.map { ($0.event, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

/// The changes of a batch's events.
struct ChangeBatch: Sendable {
  private let changes: [ChangeRow]
  private var places: [UUID: Range<Int>] = [:]

  init(of batch: SealBatch, in sql: Transaction) async throws {
    let events = batch.seals.map(\.event)
    let (first, last) = (events.min() ?? Chain.platform, events.max() ?? Chain.platform)
    changes = try await sql.query(
      """
      SELECT event, payload, salt, leaf, xact
      FROM row_change
      WHERE event = ANY(\(events)) AND event BETWEEN \(first) AND \(last)
      ORDER BY event, ordinal
      """, as: ChangeRow.self)
    var start = 0
    while start < changes.count {
      let event = changes[start].event
      let end = changes[start...].firstIndex { $0.event != event } ?? changes.count
      places[event] = start..<end
      start = end
    }
  }

  /// The changes of an event, in their order.
  subscript(_ event: UUID) -> ArraySlice<ChangeRow> {
    places[event].map { changes[$0] } ?? []
  }
}

struct SealRow: RowDecodable {
  let chain: UUID
  let seq: Int
  let event: UUID
  let leaf: [UInt8]
  let prev: [UInt8]
  let hash: [UInt8]

  init(row: Row) throws {
    chain = try row["chain"]
    seq = try row["seq"]
    event = try row["event"]
    leaf = try row["leaf"]
    prev = try row["prev"]
    hash = try row["hash"]
  }
}

/// An event as it is stored.
struct EventRow: RowDecodable {
  let id: UUID
  let body: [UInt8]
  let detailDigest: [UInt8]
  let changeCount: Int
  let changeDigest: [UInt8]
  let xact: Int
  /// Whether the columns beside the body say the same as the body.
  let columnsMatchBody: Bool

  static let columns: SQL =
    "id, body, detail_digest, change_count, change_digest, xact, \(fragment: EventColumns.names)"

  init(row: Row) throws {
    id = try row["id"]
    body = try row["body"]
    detailDigest = try row["detail_digest"]
    changeCount = try row["change_count"]
    changeDigest = try row["change_digest"]
    xact = try row["xact"]
    columnsMatchBody = try EventColumns(row: row).match(CanonicalMembers(body))
  }
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
    chain, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, action, actor_kind, actor_id, outcome,
    request_id, subject_id, impersonation_id, object_type, object_id
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
    return members.says("id", .uuid(id)) && members.says("at", .string(at)) && members.says("chain", .uuid(chain))
      && members.says("action", action.map(CanonicalJSON.string))
      && members.says("outcome", outcome.map(CanonicalJSON.string))
      && members.says("actor", Self.pair("id", actorID, "kind", actorKind))
      && members.says("object", Self.pair("id", objectID, "type", objectType))
      && members.says("request", request.map(CanonicalJSON.uuid))
      && members.says("subject", subject.map(CanonicalJSON.uuid))
      && members.says("impersonation", impersonation.map(CanonicalJSON.uuid))
  }

  /// `nil` where both are; what has only one is no object that a body holds.
  private static func pair(_ first: String, _ a: String?, _ second: String, _ b: String?) -> CanonicalJSON? {
    let members = [a.map { (first, CanonicalJSON.string($0)) }, b.map { (second, CanonicalJSON.string($0)) }]
    let present = members.compactMap(\.self)
    return present.isEmpty ? nil : .object(Dictionary(uniqueKeysWithValues: present))
  }
}

/// Personal text of an event, whose digest alone joins the chain.
struct DetailRow: RowDecodable {
  let event: UUID
  let salt: [UInt8]
  let text: [UInt8]

  init(row: Row) throws {
    event = try row["event"]
    salt = try row["salt"]
    text = try row["text"]
  }
}

/// One change of one row.
struct ChangeRow: RowDecodable {
  let event: UUID
  let payload: [UInt8]
  let salt: [UInt8]
  let leaf: [UInt8]
  let xact: Int

  init(row: Row) throws {
    event = try row["event"]
    payload = try row["payload"]
    salt = try row["salt"]
    leaf = try row["leaf"]
    xact = try row["xact"]
  }
}
