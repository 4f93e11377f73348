// What verification reads at once: a stretch of seals with the events they seal, and what came of their changes.

import Crypto
import EthicoTypes
import FoundationEssentials
import Postgres

/// The seals of a stretch, with the events they seal: each list has a place for each seal.
struct SealBatch: Sendable {
  /// The seal before the first.
  let before: SealRow?
  let seals: [SealRow]
  private(set) var events: [EventRow?]
  /// Other events under the ids of these, which have no seal of their own.
  private(set) var doubles: [(event: UUID, row: EventRow)] = []
  private(set) var details: [Digest?]
  private(set) var changes: [ChangeSum]

  /// An event can hold thousands of changes: about so many are read at once, or those of one event.
  private static let changeLimit = 5_000

  /// - Parameters:
  ///   - length: of the stretch, about.
  ///   - doubled: the ids that several events have.
  init(of stretch: Stretch, length: Int, doubled: Set<UUID>, in sql: Transaction) async throws {
    let found = try await Self.seals(of: stretch, length: length, in: sql)
    before = found.first.flatMap { $0.place == stretch.start ? $0 : nil }
    seals = Array(found.dropFirst(before == nil ? 0 : 1))
    events = Array(repeating: nil, count: seals.count)
    details = Array(repeating: nil, count: seals.count)
    changes = Array(repeating: .none, count: seals.count)
    try await readEvents(doubled: doubled, in: sql)
    try await readDetails(in: sql)
    try await readChanges(in: sql)
  }

  /// The limit is there for the plan alone, which then follows the key: it is twice what a stretch holds.
  private static func seals(of stretch: Stretch, length: Int, in sql: Transaction) async throws -> [SealRow] {
    try await sql.query(
      """
      SELECT chain, seq, event, leaf, prev, hash
      FROM audit_seal
      WHERE \(fragment: stretch.seals)
      ORDER BY chain, seq
      LIMIT \(2 * length + 1)
      """, as: SealRow.self)
  }

  /// An id tells when it was made, and so the month its event lies in; one that lies elsewhere is looked for
  /// everywhere, and so is one that several events have.
  private mutating func readEvents(doubled: Set<UUID>, in sql: Transaction) async throws {
    let seconds = seals.map { Int($0.event.version7Date.timeIntervalSince1970) }
    let nearby = try await sql.query(
      """
      SELECT sealed.place, \(fragment: EventRow.columns)
      FROM unnest(\(seals.map(\.event))::uuid[], \(seconds)::bigint[]) WITH ORDINALITY AS sealed (event, made, place)
      JOIN audit_event ON id = sealed.event
        AND at BETWEEN to_timestamp(sealed.made - 3600) AND to_timestamp(sealed.made + 3600)
      """, as: Placed<EventRow>.self)
    for row in nearby where !doubled.contains(seals[row.index].event) { events[row.index] = row.value }
    let missing = seals.indices.filter { events[$0] == nil }
    guard !missing.isEmpty else { return }
    let elsewhere = try await sql.query(
      """
      SELECT sealed.place, \(fragment: EventRow.columns)
      FROM unnest(\(missing.map { seals[$0].event })::uuid[]) WITH ORDINALITY AS sealed (event, place)
      JOIN audit_event ON id = sealed.event
      """, as: Placed<EventRow>.self
    ).sorted { $0.value.at < $1.value.at }
    for row in elsewhere { take(row.value, at: missing[row.index]) }
  }

  /// Of several events of one id the seal is that of the one that it fits best.
  private mutating func take(_ row: EventRow, at index: Int) {
    let seal = seals[index]
    guard let other = events[index] else {
      events[index] = row
      return
    }
    let isBetter = row.likeness(to: seal) > other.likeness(to: seal)
    doubles.append((seal.event, isBetter ? other : row))
    if isBetter { events[index] = row }
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

  var place: Stretch.Place { Stretch.Place(chain: chain, seq: seq) }

  /// Whether its hash is that of what it seals.
  var holds: Bool { hash == Hash.seal(chain: chain, seq: seq, prev: prev, leaf: leaf) }
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
