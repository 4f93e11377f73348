// What verification reads at once: a stretch of seals with the events they seal, and what came of their changes.

import Crypto
import EthicoTypes
import Foundation
import Postgres

/// A stretch of the seals in their order, from behind one place to another; open where there is none.
struct Stretch: Sendable {
  let start: Place?
  let end: Place?

  /// All seals, so many a stretch.
  static func all(in sql: Transaction, ofSeals length: Int) async throws -> [Stretch] {
    let ends = try await sql.query(
      """
      SELECT chain, seq
      FROM (SELECT chain, seq, row_number() OVER (ORDER BY chain, seq) AS number FROM audit_seal) seal
      WHERE number % \(length) = 0
      ORDER BY chain, seq
      """, as: Place.self)
    return zip([nil] + ends, ends + [nil]).map { Stretch(start: $0, end: $1) }
  }

  /// Where a seal stands.
  struct Place: RowDecodable {
    let chain: UUID
    let seq: Int

    init(row: Row) throws {
      chain = try row["chain"]
      seq = try row["seq"]
    }
  }
}

/// Hands out stretches, each once.
actor StretchQueue {
  private var rest: ArraySlice<Stretch>

  init(_ stretches: [Stretch]) {
    rest = stretches[...]
  }

  func next() -> Stretch? {
    rest.popFirst()
  }
}

/// The seals of a stretch, with the events they seal.
struct SealBatch: Sendable {
  /// The seal before the first.
  let before: SealRow?
  let seals: ArraySlice<SealRow>
  let events: [UUID: EventRow]
  let details: [UUID: DetailRow]
  let changes: [UUID: ChangeSum]

  /// An event can hold thousands of changes: about so many are read at once, or those of one event.
  private static let changeLimit = 5_000

  init(of stretch: Stretch, in sql: Transaction) async throws {
    let found = try await Self.seals(of: stretch, in: sql)
    before = stretch.start == nil ? nil : found.first
    seals = found.dropFirst(stretch.start == nil ? 0 : 1)
    // Each once, whatever the seals say.
    var seen: Set<UUID> = []
    let ids = seals.map(\.event).filter { seen.insert($0).inserted }
    events = try await Self.events(ids, in: sql)
    details = try await Self.details(of: ids, in: sql)
    changes = try await Self.changes(of: ids, events, in: sql)
  }

  private static func seals(of stretch: Stretch, in sql: Transaction) async throws -> [SealRow] {
    let start: SQL = stretch.start.map { "(chain, seq) >= (\($0.chain), \($0.seq))" } ?? "true"
    let end: SQL = stretch.end.map { "(chain, seq) <= (\($0.chain), \($0.seq))" } ?? "true"
    return try await sql.query(
      """
      SELECT chain, seq, event, leaf, prev, hash
      FROM audit_seal
      WHERE \(fragment: start) AND \(fragment: end)
      ORDER BY chain, seq
      """, as: SealRow.self)
  }

  /// The events of these ids. An id tells when it was made, and so the month its event lies in; one that lies elsewhere
  /// is looked for everywhere.
  private static func events(_ ids: [UUID], in sql: Transaction) async throws -> [UUID: EventRow] {
    let seconds = ids.map { Int($0.version7Date.timeIntervalSince1970) }
    let nearby = try await sql.query(
      """
      SELECT \(fragment: EventRow.columns)
      FROM unnest(\(ids)::uuid[], \(seconds)::bigint[]) AS sealed (event, made)
      JOIN audit_event ON id = sealed.event
        AND at BETWEEN to_timestamp(sealed.made - 3600) AND to_timestamp(sealed.made + 3600)
      """, as: EventRow.self)
    var events = Dictionary(nearby.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let missing = ids.filter { events[$0] == nil }
    guard !missing.isEmpty else { return events }
    let elsewhere = try await sql.query(
      "SELECT \(fragment: EventRow.columns) FROM audit_event WHERE id = ANY(\(missing))", as: EventRow.self)
    for event in elsewhere { events[event.id] = event }
    return events
  }

  private static func details(of events: [UUID], in sql: Transaction) async throws -> [UUID: DetailRow] {
    let rows = try await sql.query(
      """
      SELECT d.event, d.salt, d.text
      FROM unnest(\(events)::uuid[]) AS sealed (event)
      JOIN audit_detail d ON d.event = sealed.event
      """, as: DetailRow.self)
    return Dictionary(rows.map { ($0.event, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private static func changes(
    of ids: [UUID], _ events: [UUID: EventRow], in sql: Transaction
  ) async throws -> [UUID: ChangeSum] {
    var sums: [UUID: ChangeSum] = [:]
    var rest = ids[...]
    while !rest.isEmpty {
      var weight = 0
      let group = rest.prefix { id in
        defer { weight += events[id]?.changeCount ?? 0 }
        return weight < changeLimit
      }
      for sum in try await ChangeSum.all(of: Array(group), in: sql) { sums[sum.event] = sum }
      rest = rest.dropFirst(group.count)
    }
    return sums
  }
}

/// What the changes of an event come to.
struct ChangeSum: Sendable {
  let event: UUID
  let count: Int
  /// Whether each is what its leaf says.
  let areWhole: Bool
  /// Of their leaves, in their order.
  let digest: [UInt8]
  /// The transaction that all of them are of; `nil` where there are none, or several.
  let xact: Int?

  /// - Parameter changes: those of one event, in their order.
  init(of event: UUID, _ changes: ArraySlice<ChangeRow>) {
    self.event = event
    count = changes.count
    areWhole = changes.allSatisfy(\.isWhole)
    let first = changes.first?.xact
    xact = changes.allSatisfy { $0.xact == first } ? first : nil
    var hasher = SHA256()
    for change in changes { change.leaf.add(to: &hasher) }
    digest = changes.isEmpty ? Hash.zero : Digest(hasher.finalize()).bytes
  }

  /// Those of all of these events that have changes.
  static func all(of events: [UUID], in sql: Transaction) async throws -> [ChangeSum] {
    let changes = try await sql.query(
      """
      SELECT c.event, c.ordinal, c.salt, c.payload, c.leaf, c.xact
      FROM unnest(\(events)::uuid[]) AS sealed (event)
      JOIN row_change c ON c.event = sealed.event
      """, as: ChangeRow.self
    ).sorted { ($0.event, $0.ordinal) < ($1.event, $1.ordinal) }
    var sums: [ChangeSum] = []
    var start = 0
    while start < changes.count {
      let event = changes[start].event
      let end = changes[start...].firstIndex { $0.event != event } ?? changes.count
      sums.append(ChangeSum(of: event, changes[start..<end]))
      start = end
    }
    return sums
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
    return "{" + members.map { "\"\($0)\":" + CanonicalJSON.quote($1) }.joined(separator: ",") + "}"
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

/// One change of one row, held against its leaf where it lies: its text is not kept.
struct ChangeRow: RowDecodable {
  let event: UUID
  let ordinal: Int
  let leaf: Digest
  /// Whether the stored leaf is that of the change.
  let isWhole: Bool
  let xact: Int

  init(row: Row) throws {
    event = try row["event"]
    ordinal = try row["ordinal"]
    var hasher = SHA256()
    try row.withBytes("salt") { hasher.update(bufferPointer: $0) }
    try row.withBytes("payload") { hasher.update(bufferPointer: $0) }
    let computed = Digest(hasher.finalize())
    leaf = try row.withBytes("leaf") { Digest($0) } ?? computed
    isWhole = try row.withBytes("leaf") { Digest($0) } == computed
    xact = try row["xact"]
  }
}
