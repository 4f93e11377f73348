// Walks every chain from its first seal to its last, a batch at a time, and holds what it reads against the formulas.

import EthicoTypes
import FoundationEssentials
import Postgres

extension TransactionSettings {
  /// One snapshot for reading, however long it takes; that of another transaction where one is given.
  static func snapshot(_ shared: ExportedSnapshot? = nil) -> TransactionSettings {
    TransactionSettings(
      values: [], isolation: shared.map { .shared($0) } ?? .repeatableRead, access: .readOnly,
      statementTimeoutMilliseconds: 0)
  }
}

/// What one verification, or one of the two readers it has, found so far.
struct ChainWalk: Sendable {
  private(set) var breaks: [Break] = []
  private(set) var chains = 0
  private(set) var events = 0
  private let slugs: [UUID: String]
  private var head: SealRow?

  private init(slugs: [UUID: String]) {
    self.slugs = slugs
  }

  /// Walks all chains.
  /// - Parameter sibling: a transaction of the same snapshot. Each of the two takes a stretch of seals as soon as it is
  ///   done with another, so that the server reads for one while this program computes for the other.
  init(in sql: Transaction, beside sibling: Transaction, sealsAtOnce: Int) async throws {
    try await Self.prepare(sql)
    try await Self.prepare(sibling)
    let slugs = try await sql.query("SELECT tenant_id, slug FROM tenant_directory", as: SlugRow.self)
    self.init(slugs: Dictionary(slugs.map { ($0.tenant, $0.slug) }, uniquingKeysWith: { first, _ in first }))
    let stretches = StretchQueue(try await Stretch.all(in: sql, ofSeals: sealsAtOnce))
    async let other = reader(of: stretches, in: sibling)
    let own = try await reader(of: stretches, in: sql)
    for found in [own, try await other] {
      breaks += found.breaks
      chains += found.chains
      events += found.events
    }
    try await checkLeftovers(in: sql)
    sort()
  }

  /// Walks stretches until none is left.
  private func reader(of stretches: StretchQueue, in sql: Transaction) async throws -> ChainWalk {
    var walk = ChainWalk(slugs: slugs)
    while let stretch = await stretches.next() {
      let batch = try await SealBatch(of: stretch, in: sql)
      walk.head = batch.before
      for index in batch.seals.indices { walk.check(index, of: batch) }
    }
    return walk
  }

  /// Between two statements this program computes; that is not idleness. A list of ids is no reason to plan anew. A
  /// stretch is read along its key, which has its order: a bitmap or another index, with a sort behind it, would read
  /// all of a chain.
  private static func prepare(_ sql: Transaction) async throws {
    try await sql.execute(
      """
      SELECT set_config('idle_in_transaction_session_timeout', '0', true), set_config('work_mem', '32MB', true),
        set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_bitmapscan', 'off', true),
        set_config('enable_sort', 'off', true), set_config('enable_incremental_sort', 'off', true)
      """)
  }

  private mutating func sort() {
    let order = Dictionary(uniqueKeysWithValues: BreakClass.allCases.enumerated().map { ($1, $0) })
    breaks.sort { left, right in
      let a = (left.chain.uuidString, left.seq ?? .max, order[left.breakClass] ?? 0)
      let b = (right.chain.uuidString, right.seq ?? .max, order[right.breakClass] ?? 0)
      return a < b
    }
  }

  private mutating func check(_ index: Int, of batch: SealBatch) {
    let seal = batch.seals[index]
    let holds = seal.holds
    if !holds { add(.sealChanged, seal, "the seal's hash is not that of what it seals") }
    checkPosition(of: seal, holds: holds)
    guard let event = batch.events[index] else {
      add(.eventMissing, seal, "the sealed event is not there")
      return
    }
    events += 1
    if !event.columnsMatchBody { add(.columnDiffers, seal, "a column says something else than the event") }
    let changesHold = check(batch.changes[index], of: event, seal)
    let detailHolds = check(batch.details[index], of: event, seal)
    guard holds, changesHold, detailHolds else { return }
    if event.leaf != seal.leaf { add(.eventChanged, seal, "the event is not what was sealed") }
  }

  /// A seal's place behind the one before.
  private mutating func checkPosition(of seal: SealRow, holds: Bool) {
    if head?.chain != seal.chain {
      chains += 1
      head = nil
    }
    let expectedSeq = (head?.seq ?? 0) + 1
    if seal.seq != expectedSeq {
      add(.sealMissing, seal, "seals \(expectedSeq) to \(seal.seq - 1) are not there", seq: expectedSeq)
    } else if seal.prev != (head?.hash ?? Hash.start(of: seal.chain)) {
      if let head, seal.prev == head.prev {
        add(.chainForked, seal, "two seals follow the same one")
      } else if holds {
        add(.orderChanged, seal, "the seal does not follow the one before it")
      }
    }
    head = seal
  }

  /// Whether the changes are those that the event counted and digested.
  private mutating func check(_ changes: ChangeSum, of event: EventRow, _ seal: SealRow) -> Bool {
    if changes.count > event.changeCount || changes.count > 0 && changes.xact != event.xact {
      add(.changeAdded, seal, "more changes than the event counted")
      return false
    }
    if changes.count < event.changeCount {
      add(.changeMissing, seal, "\(event.changeCount - changes.count) of \(event.changeCount) changes are gone")
      return false
    }
    guard changes.areWhole, changes.digest == event.changeDigest else {
      add(.changeChanged, seal, "a change is not what it was")
      return false
    }
    return true
  }

  private mutating func check(_ detail: Digest?, of event: EventRow, _ seal: SealRow) -> Bool {
    guard detail ?? .zero == event.detailDigest else {
      add(.detailChanged, seal, "the detail is not what it was")
      return false
    }
    return true
  }

  /// What no seal leads to: events that were never sealed, changes that no event explains.
  private mutating func checkLeftovers(in sql: Transaction) async throws {
    // Of the few that are left the order is made, not followed.
    try await sql.execute(
      "SELECT set_config('enable_sort', 'on', true), set_config('enable_incremental_sort', 'on', true)")
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

private struct SlugRow: RowDecodable {
  let tenant: UUID
  let slug: String

  init(row: Row) throws {
    tenant = try row["tenant_id"]
    slug = try row["slug"]
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
