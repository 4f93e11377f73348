// Walks every chain from its first seal to its last, a batch at a time, and holds what it reads against the formulas.

import EthicoTypes
import Foundation
import Postgres

extension TransactionSettings {
  /// One snapshot for reading, however long it takes.
  static let snapshot = TransactionSettings(
    values: [], isolation: .repeatableRead, access: .readOnly, statementTimeoutMilliseconds: 0)
}

/// The state of one verification.
struct ChainWalk: Sendable {
  private(set) var breaks: [Break] = []
  private(set) var chains = 0
  private(set) var events = 0
  private var slugs: [UUID: String] = [:]
  private var head: SealRow?
  private var seenPrev: Set<[UInt8]> = []

  /// An event can hold thousands of changes: so many are read at once, or those of one event.
  private static let changeBatch = 5_000

  mutating func run(in sql: Transaction) async throws {
    // Between two statements this program computes; that is not idleness.
    try await sql.execute("SELECT set_config('idle_in_transaction_session_timeout', '0', true)")
    for row in try await sql.query("SELECT tenant_id, slug FROM tenant_directory", as: SlugRow.self) {
      slugs[row.tenant] = row.slug
    }
    var batch = try await Batch(after: nil, in: sql)
    while let last = batch.seals.last {
      // The server reads on while this program computes.
      async let following = Batch(after: last, in: sql)
      try await check(batch, in: sql)
      batch = try await following
    }
    try await checkLeftovers(in: sql)
  }

  mutating func sort() {
    let order = Dictionary(uniqueKeysWithValues: BreakClass.allCases.enumerated().map { ($1, $0) })
    breaks.sort { left, right in
      let a = (left.chain.uuidString, left.seq ?? .max, order[left.breakClass] ?? 0)
      let b = (right.chain.uuidString, right.seq ?? .max, order[right.breakClass] ?? 0)
      return a < b
    }
  }

  private mutating func check(_ batch: Batch, in sql: Transaction) async throws {
    let (seals, eventByID, detailByEvent) = (batch.seals, batch.events, batch.details)
    var start = 0
    while start < seals.count {
      var end = start
      var weight = 0
      while end < seals.count, end == start || weight < Self.changeBatch {
        weight += eventByID[seals[end].event]?.changeCount ?? 0
        end += 1
      }
      let part = seals[start..<end]
      let changes = try await Self.changes(of: part.map(\.event), in: sql)
      for seal in part {
        checkPosition(of: seal)
        guard let event = eventByID[seal.event] else {
          add(.eventMissing, seal, "the sealed event is not there")
          continue
        }
        check(event, detailByEvent[seal.event], changes[seal.event] ?? [], seal)
      }
      start = end
    }
  }

  private static func changes(of events: [UUID], in sql: Transaction) async throws -> [UUID: [ChangeRow]] {
    let changes = try await sql.query(
      """
      SELECT event, convert_to(payload, 'UTF8') AS payload, salt, leaf, xact::text::bigint AS xact
      FROM row_change
      WHERE event = ANY(\(events))
      ORDER BY event, ordinal
      """, as: ChangeRow.self)
    return Dictionary(grouping: changes, by: \.event)
  }

  /// A seal's own hash, and its place behind the one before.
  private mutating func checkPosition(of seal: SealRow) {
    let holds = seal.hash == Hash.seal(chain: seal.chain, seq: seal.seq, prev: seal.prev, leaf: seal.leaf)
    if !holds { add(.sealChanged, seal, "the seal's hash is not that of what it seals") }
    if head?.chain != seal.chain {
      chains += 1
      head = nil
      seenPrev.removeAll(keepingCapacity: true)
    }
    let expectedSeq = (head?.seq ?? 0) + 1
    if seal.seq != expectedSeq {
      add(.sealMissing, seal, "seals \(expectedSeq) to \(seal.seq - 1) are not there", seq: expectedSeq)
    } else if seal.prev != (head?.hash ?? Hash.start(of: seal.chain)) {
      if !seenPrev.isEmpty, seal.prev == head?.prev {
        add(.chainForked, seal, "two seals follow the same one")
      } else if holds {
        add(.orderChanged, seal, "the seal does not follow the one before it")
      }
    }
    seenPrev.insert(seal.prev)
    head = seal
  }

  private mutating func check(_ event: EventRow, _ detail: DetailRow?, _ changes: [ChangeRow], _ seal: SealRow) {
    events += 1
    var holds = true
    func fails(_ breakClass: BreakClass, _ text: String) -> (BreakClass, String) { (breakClass, text) }
    var found: [(BreakClass, String)] = []

    if !event.columnsMatchBody { found.append(fails(.columnDiffers, "a column says something else than the event")) }
    let areOwn = changes.allSatisfy { $0.xact == event.xact }
    let own = areOwn ? changes : changes.filter { $0.xact == event.xact }
    if own.count < changes.count || own.count > event.changeCount {
      found.append(fails(.changeAdded, "more changes than the event counted"))
      holds = false
    } else if own.count < event.changeCount {
      found.append(fails(.changeMissing, "\(event.changeCount - own.count) of \(event.changeCount) changes are gone"))
      holds = false
    } else {
      let leavesHold = own.allSatisfy { Hash.sha256($0.salt, $0.payload) == $0.leaf }
      let digest = own.isEmpty ? Hash.zero : Hash.sha256(own.lazy.map(\.leaf))
      if !leavesHold || digest != event.changeDigest {
        found.append(fails(.changeChanged, "a change is not what it was"))
        holds = false
      }
    }
    let detailDigest = detail.map { Hash.sha256($0.salt, $0.text) } ?? Hash.zero
    if detailDigest != event.detailDigest {
      found.append(fails(.detailChanged, "the detail is not what it was"))
      holds = false
    }
    let sealHolds = seal.hash == Hash.seal(chain: seal.chain, seq: seal.seq, prev: seal.prev, leaf: seal.leaf)
    let leaf = Hash.leaf(changeDigest: event.changeDigest, detailDigest: event.detailDigest, body: event.body)
    if holds, sealHolds, leaf != seal.leaf {
      found.append(fails(.eventChanged, "the event is not what was sealed"))
    }
    for (breakClass, text) in found { add(breakClass, seal, text) }
  }

  /// What no seal leads to: events that were never sealed, changes that no event explains.
  private mutating func checkLeftovers(in sql: Transaction) async throws {
    let unsealed = try await sql.query(
      """
      SELECT e.id AS event, e.chain
      FROM audit_event e
      WHERE NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.event = e.id)
      ORDER BY e.chain, e.at, e.id
      LIMIT 10000
      """, as: LeftoverRow.self)
    for row in unsealed {
      events += 1
      add(.eventUnsealed, chain: row.chain, seq: nil, event: row.event, "the event has no seal")
    }
    let unexplained = try await sql.query(
      """
      SELECT DISTINCT c.event, \(Chain.platform)::uuid AS chain
      FROM row_change c
      WHERE NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.id = c.event)
        AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.event = c.event)
      ORDER BY c.event
      LIMIT 10000
      """, as: LeftoverRow.self)
    for row in unexplained {
      add(.changeAdded, chain: row.chain, seq: nil, event: row.event, "changes without an event")
    }
  }

  private mutating func add(_ breakClass: BreakClass, _ seal: SealRow, _ text: String, seq: Int? = nil) {
    add(breakClass, chain: seal.chain, seq: seq ?? seal.seq, event: seal.event, text)
  }

  private mutating func add(_ breakClass: BreakClass, chain: UUID, seq: Int?, event: UUID?, _ text: String) {
    breaks.append(
      Break(breakClass: breakClass, chain: chain, tenant: slugs[chain], seq: seq, event: event, text: text))
  }
}

/// A thousand seals in their order, with the events they seal.
private struct Batch: Sendable {
  let seals: [SealRow]
  let events: [UUID: EventRow]
  let details: [UUID: DetailRow]

  private static let size = 1_000

  init(after last: SealRow?, in sql: Transaction) async throws {
    let place: SQL = last.map { "(chain, seq) > (\($0.chain), \($0.seq))" } ?? "true"
    seals = try await sql.query(
      """
      SELECT chain, seq, event, leaf, prev, hash
      FROM audit_seal
      WHERE \(fragment: place)
      ORDER BY chain, seq
      LIMIT \(Self.size)
      """, as: SealRow.self)
    let ids = seals.map(\.event)
    let stored = try await sql.query(
      """
      SELECT id, convert_to(body, 'UTF8') AS body, detail_digest, change_count, change_digest, leaf,
        xact::text::bigint AS xact,
        \(fragment: EventRow.columnsMatch) AS columns_match
      FROM audit_event
      WHERE id = ANY(\(ids))
      """, as: EventRow.self)
    let kept = try await sql.query(
      "SELECT event, salt, text FROM audit_detail WHERE event = ANY(\(ids))", as: DetailRow.self)
    events = Dictionary(stored.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    details = Dictionary(kept.map { ($0.event, $0) }, uniquingKeysWith: { first, _ in first })
  }
}

private struct SlugRow: RowDecodable {
  let tenant: UUID
  let slug: String

  init(row: Row) throws {
    tenant = try row["tenant_id"]
    slug = try row["slug"]
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

private struct EventRow: RowDecodable {
  let id: UUID
  let body: [UInt8]
  let detailDigest: [UInt8]
  let changeCount: Int
  let changeDigest: [UInt8]
  let xact: Int
  let columnsMatchBody: Bool

  init(row: Row) throws {
    id = try row["id"]
    body = try row["body"]
    detailDigest = try row["detail_digest"]
    changeCount = try row["change_count"]
    changeDigest = try row["change_digest"]
    xact = try row["xact"]
    columnsMatchBody = try row["columns_match"]
  }

  /// Whether the columns beside the body say the same as the body: canonical JSON holds each member in one spelling,
  /// and no text in it can look like one, for its quotation marks are escaped.
  static let columnsMatch: SQL = """
    position('"id":"' || id || '"' IN body) > 0
    AND position('"at":"' || to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"' IN body) > 0
    AND position('"chain":"' || chain || '"' IN body) > 0
    AND COALESCE(position('"action":' || to_json(action) || ',' IN body) > 0, false)
    AND COALESCE(
      position('"actor":{"id":' || to_json(actor_id) || ',"kind":' || to_json(actor_kind) || '}' IN body) > 0, false)
    AND COALESCE(position('"outcome":' || to_json(outcome) || ',' IN body) > 0, false)
    AND COALESCE(position('"request":"' || request_id || '"' IN body) > 0, position('"request":' IN body) = 0)
    AND COALESCE(position('"subject":"' || subject_id || '"' IN body) > 0, position('"subject":' IN body) = 0)
    AND COALESCE(
      position('"impersonation":"' || impersonation_id || '"' IN body) > 0, position('"impersonation":' IN body) = 0)
    AND COALESCE(
      position('"object":{"id":' || to_json(object_id) || ',"type":' || to_json(object_type) || '}' IN body) > 0,
      object_id IS NULL AND object_type IS NULL AND position('"object":' IN body) = 0)
    """
}

private struct DetailRow: RowDecodable {
  let event: UUID
  let salt: [UInt8]
  let text: [UInt8]

  init(row: Row) throws {
    event = try row["event"]
    salt = try row["salt"]
    let words: String = try row["text"]
    text = Array(words.utf8)
  }
}

private struct ChangeRow: RowDecodable {
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

private struct LeftoverRow: RowDecodable {
  let event: UUID
  let chain: UUID

  init(row: Row) throws {
    event = try row["event"]
    chain = try row["chain"]
  }
}
