// What verification reads at once: a stretch of seals with the events they seal, and what came of their changes.

import Crypto
import EthicoTypes
import FoundationEssentials
import Postgres

/// A stretch of the seals in their order, from behind one place to another; open where there is none.
struct Stretch: Sendable {
  let start: Place?
  let end: Place?
  let length: Int

  /// All seals, so many a stretch.
  static func all(in sql: Transaction, ofSeals length: Int) async throws -> [Stretch] {
    let ends = try await sql.query(
      """
      SELECT chain, seq
      FROM (SELECT chain, seq, row_number() OVER (ORDER BY chain, seq) AS number FROM audit_seal) seal
      WHERE number % \(length) = 0
      ORDER BY chain, seq
      """, as: Place.self)
    return zip([nil] + ends, ends + [nil]).map { Stretch(start: $0, end: $1, length: length) }
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

/// The seals of a stretch, with the events they seal: each list has a place for each seal.
struct SealBatch: Sendable {
  /// The seal before the first.
  let before: SealRow?
  let seals: [SealRow]
  private(set) var events: [EventRow?]
  private(set) var details: [Digest?]
  private(set) var changes: [ChangeSum]

  /// An event can hold thousands of changes: about so many are read at once, or those of one event.
  private static let changeLimit = 5_000

  init(of stretch: Stretch, in sql: Transaction) async throws {
    let found = try await Self.seals(of: stretch, in: sql)
    before = stretch.start == nil ? nil : found.first
    seals = Array(found.dropFirst(stretch.start == nil ? 0 : 1))
    events = Array(repeating: nil, count: seals.count)
    details = Array(repeating: nil, count: seals.count)
    changes = Array(repeating: .none, count: seals.count)
    try await readEvents(in: sql)
    try await readDetails(in: sql)
    try await readChanges(in: sql)
  }

  /// The limit is there for the plan alone, which then follows the key: it is twice what a stretch holds.
  private static func seals(of stretch: Stretch, in sql: Transaction) async throws -> [SealRow] {
    let start: SQL = stretch.start.map { "(chain, seq) >= (\($0.chain), \($0.seq))" } ?? "true"
    let end: SQL = stretch.end.map { "(chain, seq) <= (\($0.chain), \($0.seq))" } ?? "true"
    return try await sql.query(
      """
      SELECT chain, seq, event, leaf, prev, hash
      FROM audit_seal
      WHERE \(fragment: start) AND \(fragment: end)
      ORDER BY chain, seq
      LIMIT \(2 * stretch.length + 1)
      """, as: SealRow.self)
  }

  /// An id tells when it was made, and so the month its event lies in; one that lies elsewhere is looked for
  /// everywhere.
  private mutating func readEvents(in sql: Transaction) async throws {
    let seconds = seals.map { Int($0.event.version7Date.timeIntervalSince1970) }
    let nearby = try await sql.query(
      """
      SELECT sealed.place, \(fragment: EventRow.columns)
      FROM unnest(\(seals.map(\.event))::uuid[], \(seconds)::bigint[]) WITH ORDINALITY AS sealed (event, made, place)
      JOIN audit_event ON id = sealed.event
        AND at BETWEEN to_timestamp(sealed.made - 3600) AND to_timestamp(sealed.made + 3600)
      """, as: Placed<EventRow>.self)
    for row in nearby where events[row.index] == nil { events[row.index] = row.value }
    let missing = seals.indices.filter { events[$0] == nil }
    guard !missing.isEmpty else { return }
    let elsewhere = try await sql.query(
      """
      SELECT sealed.place, \(fragment: EventRow.columns)
      FROM unnest(\(missing.map { seals[$0].event })::uuid[]) WITH ORDINALITY AS sealed (event, place)
      JOIN audit_event ON id = sealed.event
      """, as: Placed<EventRow>.self)
    for row in elsewhere { events[missing[row.index]] = row.value }
  }

  private mutating func readDetails(in sql: Transaction) async throws {
    let rows = try await sql.query(
      """
      SELECT sealed.place, d.salt, d.text
      FROM unnest(\(seals.map(\.event))::uuid[]) WITH ORDINALITY AS sealed (event, place)
      JOIN audit_detail d ON d.event = sealed.event
      """, as: Placed<DetailRow>.self)
    for row in rows { details[row.index] = row.value.digest }
  }

  private mutating func readChanges(in sql: Transaction) async throws {
    var start = 0
    while start < seals.count {
      var end = start
      var weight = 0
      while end < seals.count, weight < Self.changeLimit {
        weight += events[end]?.changeCount ?? 0
        end += 1
      }
      try await readChanges(of: start..<end, in: sql)
      start = end
    }
  }

  private mutating func readChanges(of places: Range<Int>, in sql: Transaction) async throws {
    let rows = try await sql.query(
      """
      SELECT sealed.place, c.ordinal, c.salt, c.payload, c.leaf, c.xact
      FROM unnest(\(seals[places].map(\.event))::uuid[]) WITH ORDINALITY AS sealed (event, place)
      JOIN row_change c ON c.event = sealed.event
      """, as: Placed<ChangeRow>.self
    ).sorted { ($0.index, $0.value.ordinal) < ($1.index, $1.value.ordinal) }
    var rest = rows[...]
    while let index = rest.first?.index {
      let own = rest.prefix { $0.index == index }
      changes[places.lowerBound + index] = ChangeSum(of: own.lazy.map(\.value))
      rest = rest.dropFirst(own.count)
    }
  }
}

/// A row of what was asked for by a list, with its place in the list.
private struct Placed<Value: RowDecodable>: RowDecodable {
  let index: Int
  let value: Value

  init(row: Row) throws {
    index = try row.decode("place", as: Int.self) - 1
    value = try Value(row: row)
  }
}

/// What the changes of an event come to.
struct ChangeSum: Sendable {
  /// Where there are none.
  static let none = ChangeSum(of: EmptyCollection<ChangeRow>())

  let count: Int
  /// Whether each is what its leaf says.
  let areWhole: Bool
  /// Of their leaves, in their order.
  let digest: Digest
  /// The transaction that all of them are of; `nil` where there are none, or several.
  let xact: Int?

  /// - Parameter changes: those of one event, in their order.
  init(of changes: some Collection<ChangeRow>) {
    count = changes.count
    areWhole = changes.allSatisfy(\.isWhole)
    let first = changes.first?.xact
    xact = changes.allSatisfy { $0.xact == first } ? first : nil
    digest = changes.isEmpty ? .zero : Hash.digests(changes.lazy.map(\.leaf))
  }
}

/// A seal as it is stored.
struct SealRow: RowDecodable {
  let chain: UUID
  let seq: Int
  let event: UUID
  let leaf: Digest
  let prev: Digest
  let hash: Digest

  init(row: Row) throws {
    chain = try row["chain"]
    seq = try row["seq"]
    event = try row["event"]
    leaf = try row.withBytes("leaf") { Digest($0) }
    prev = try row.withBytes("prev") { Digest($0) }
    hash = try row.withBytes("hash") { Digest($0) }
  }

  /// Whether its hash is that of what it seals.
  var holds: Bool { hash == Hash.seal(chain: chain, seq: seq, prev: prev, leaf: leaf) }
}

/// An event as it is stored.
struct EventRow: RowDecodable {
  let detailDigest: Digest
  let changeCount: Int
  let changeDigest: Digest
  /// What its parts come to.
  let leaf: Digest
  let xact: Int
  /// Whether the columns beside the body say the same as the body.
  let columnsMatchBody: Bool

  static let columns: SQL =
    "id, body, detail_digest, change_count, change_digest, xact, \(fragment: EventColumns.names)"

  init(row: Row) throws {
    let columns = try EventColumns(row: row)
    let body: [UInt8] = try row["body"]
    detailDigest = try row.withBytes("detail_digest") { Digest($0) }
    changeCount = try row["change_count"]
    changeDigest = try row.withBytes("change_digest") { Digest($0) }
    xact = try row["xact"]
    leaf = Hash.leaf(changeDigest: changeDigest, detailDigest: detailDigest, body: body)
    columnsMatchBody = columns.match(CanonicalMembers(body))
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
private struct DetailRow: RowDecodable {
  let digest: Digest

  init(row: Row) throws {
    var hasher = SHA256()
    try row.withBytes("salt") { hasher.update(bufferPointer: $0) }
    try row.withBytes("text") { hasher.update(bufferPointer: $0) }
    digest = Digest(hasher.finalize())
  }
}

/// One change of one row, held against its leaf where it lies: its text is not kept.
struct ChangeRow: RowDecodable {
  let ordinal: Int
  let leaf: Digest
  /// Whether the stored leaf is that of the change.
  let isWhole: Bool
  let xact: Int

  init(row: Row) throws {
    ordinal = try row["ordinal"]
    var hasher = SHA256()
    try row.withBytes("salt") { hasher.update(bufferPointer: $0) }
    try row.withBytes("payload") { hasher.update(bufferPointer: $0) }
    leaf = try row.withBytes("leaf") { Digest($0) }
    isWhole = leaf == Digest(hasher.finalize())
    xact = try row["xact"]
  }
}
