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
  private var head: (seal: SealRow, holds: Bool)?

  private init(slugs: [UUID: String]) {
    self.slugs = slugs
  }

  /// Walks the chains as far as they are part of what is verified.
  /// - Parameter sibling: a transaction of the same snapshot. Each of the two takes a stretch of seals as soon as it is
  ///   done with another, so that the server reads for one while this program computes for the other.
  init(of part: VerifiedPart, in sql: Transaction, beside sibling: Transaction, sealsAtOnce: Int) async throws {
    try await Self.prepare(sql)
    try await Self.prepare(sibling)
    let slugs = try await sql.query("SELECT tenant_id, slug FROM tenant_directory", as: SlugRow.self)
    self.init(slugs: Dictionary(slugs.map { ($0.tenant, $0.slug) }, uniquingKeysWith: { first, _ in first }))
    let whole = try await Stretch.of(part, in: sql)
    async let doubled = Self.doubled(in: whole, sibling)
    let portions = try await whole.portions(ofSeals: sealsAtOnce, in: sql)
    let plan = Plan(stretches: StretchQueue(portions), length: sealsAtOnce, doubled: try await doubled)
    async let other = reader(plan, in: sibling)
    let own = try await reader(plan, in: sql)
    merge(own, try await other)
    try await checkForks(in: whole, sql)
    async let unsealed = unsealed(of: part, in: sibling)
    let unexplained = try await unexplained(of: part, in: sql)
    merge(unexplained, try await unsealed)
    // The chain of an access counts though it is not walked from its first seal on.
    if part != .everything { chains = 1 }
    breaks.sort()
  }

  /// What both readers go by.
  private struct Plan: Sendable {
    let stretches: StretchQueue
    let length: Int
    let doubled: Set<UUID>
  }

  /// Walks stretches until none is left.
  private func reader(_ plan: Plan, in sql: Transaction) async throws -> ChainWalk {
    var walk = ChainWalk(slugs: slugs)
    while let stretch = await plan.stretches.next() {
      let batch = try await SealBatch(of: stretch, length: plan.length, doubled: plan.doubled, in: sql)
      walk.head = batch.before.map { ($0, $0.holds) }
      for index in batch.seals.indices { walk.check(index, of: batch) }
      for double in batch.doubles {
        walk.events += 1
        walk.add(
          .eventUnsealed, chain: double.row.chain, seq: nil, event: double.event, at: double.row.at,
          "the seal of this id is another event's")
      }
    }
    return walk
  }

  private mutating func merge(_ walks: ChainWalk...) {
    for walk in walks {
      breaks += walk.breaks
      chains += walk.chains
      events += walk.events
    }
  }

  /// Between two statements this program computes; that is not idleness. A list of ids is no reason to plan anew. A
  /// stretch is read along its key, which has its order: a bitmap or another index, with a sort behind it, would read
  /// all of a chain. What a cursor reads is read to its end.
  private static func prepare(_ sql: Transaction) async throws {
    try await sql.execute(
      """
      SELECT set_config('idle_in_transaction_session_timeout', '0', true), set_config('work_mem', '32MB', true),
        set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_bitmapscan', 'off', true),
        set_config('enable_sort', 'off', true), set_config('enable_incremental_sort', 'off', true),
        set_config('cursor_tuple_fraction', '1', true)
      """)
  }

  /// The ids that several events have: the key of an event is its time and its id, so a second one can lie anywhere.
  private static func doubled(in whole: Stretch, _ sql: Transaction) async throws -> Set<UUID> {
    let sealed: SQL =
      whole.isEverything ? "true" : "id IN (SELECT event FROM audit_seal WHERE \(fragment: whole.seals))"
    return Set(
      try await sql.query(
        """
        SELECT id
        FROM audit_event
        WHERE \(fragment: sealed)
        GROUP BY id
        HAVING count(*) > 1
        """, as: UUID.self))
  }

  private mutating func check(_ index: Int, of batch: SealBatch) {
    let seal = batch.seals[index]
    let holds = seal.holds
    if !holds { add(.sealChanged, seal, "the seal's hash is not that of what it seals") }
    checkPosition(of: seal, holds: holds)
    guard let event = batch.events[index] else {
      add(.eventMissing, seal, "the sealed event is not there")
      if batch.changes[index].count > 0 { add(.changeAdded, seal, "changes without an event") }
      return
    }
    events += 1
    if !event.columnsMatchBody { add(.columnDiffers, seal, "a column says something else than the event") }
    let changesHold = check(batch.changes[index], of: event, seal)
    let detailHolds = check(batch.details[index], of: event, seal)
    guard holds, changesHold, detailHolds else { return }
    if event.leaf != seal.leaf {
      add(.eventChanged, seal, "the event is not what was sealed")
    } else if event.storedLeaf != seal.leaf {
      add(.eventChanged, seal, "the leaf beside the event is not what was sealed")
    }
  }

  /// A seal's place behind the one before.
  private mutating func checkPosition(of seal: SealRow, holds: Bool) {
    if head?.seal.chain != seal.chain {
      chains += 1
      head = nil
    }
    let expectedSeq = (head?.seal.seq ?? 0) + 1
    if seal.seq != expectedSeq {
      let missing = "seals \(expectedSeq) to \(seal.seq - 1), before that of this event, are not there"
      add(.sealMissing, seal, missing, seq: expectedSeq)
    } else if seal.prev != (head?.seal.hash ?? Hash.start(of: seal.chain)), holds, head?.holds ?? true {
      add(.orderChanged, seal, "the seal does not follow the one before it")
    }
    head = (seal, holds)
  }

  /// Seals that follow one that another seal follows before them. Where nothing else parts there are none: of two such
  /// seals one does not follow the seal before it, or that seal's hash is not its own.
  private mutating func checkForks(in whole: Stretch, _ sql: Transaction) async throws {
    let suspects = Set(breaks.map(\.chain))
    guard !suspects.isEmpty else { return }
    var forked: Set<Stretch.Place> = []
    try await sql.stream(
      """
      SELECT chain, seq, event, leaf, prev, hash
      FROM (
        SELECT chain, seq, event, leaf, prev, hash, row_number() OVER (PARTITION BY chain, prev ORDER BY seq) AS use
        FROM audit_seal
        WHERE chain = ANY(\(Array(suspects)))
      ) seal
      WHERE use > 1 AND \(fragment: whole.seals)
      """, as: SealRow.self
    ) { seals in
      for seal in seals {
        add(.chainForked, seal, "another seal before it follows the same one")
        forked.insert(seal.place)
      }
    }
    breaks.removeAll { found in
      found.breakClass == .orderChanged
        && found.seq.map { forked.contains(Stretch.Place(chain: found.chain, seq: $0)) } == true
    }
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

  /// Events that no seal leads to.
  private func unsealed(of part: VerifiedPart, in sql: Transaction) async throws -> ChainWalk {
    var walk = ChainWalk(slugs: slugs)
    let own: SQL =
      switch part {
      case .everything: "true"
      case .access(let access): "impersonation_id = \(access)"
      }
    try await sql.stream(
      """
      SELECT id AS event, chain, \(fragment: EventRow.time) AS at
      FROM audit_event e
      WHERE \(fragment: own) AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.event = e.id)
      """, as: UnsealedRow.self, batch: Self.leftoversAtOnce
    ) { rows in
      walk.events += rows.count
      for row in rows {
        walk.add(.eventUnsealed, chain: row.chain, seq: nil, event: row.event, at: row.at, "the event has no seal")
      }
    }
    return walk
  }

  /// Changes that no event explains, nor a seal of one that is not there any more. Nothing says whose they were.
  private func unexplained(of part: VerifiedPart, in sql: Transaction) async throws -> ChainWalk {
    var walk = ChainWalk(slugs: slugs)
    guard part == .everything else { return walk }
    try await sql.stream(
      """
      SELECT DISTINCT c.event
      FROM row_change c
      WHERE NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.id = c.event)
        AND NOT EXISTS (SELECT 1 FROM audit_seal s WHERE s.event = c.event)
      """, as: UUID.self, batch: Self.leftoversAtOnce
    ) { events in
      for event in events {
        walk.add(.changeAdded, chain: Chain.platform, seq: nil, event: event, "changes without an event")
      }
    }
    return walk
  }

  /// Events and changes can be left over without number; so many are read at once.
  private static let leftoversAtOnce = 5_000

  private mutating func add(_ breakClass: BreakClass, _ seal: SealRow, _ text: String, seq: Int? = nil) {
    add(breakClass, chain: seal.chain, seq: seq ?? seal.seq, event: seal.event, text)
  }

  private mutating func add(
    _ breakClass: BreakClass, chain: UUID, seq: Int?, event: UUID, at: String? = nil, _ text: String
  ) {
    breaks.append(
      Break(
        breakClass: breakClass, chain: chain, tenant: slugs[chain], seq: seq, event: event,
        at: at ?? event.version7Date.microsecondText, text: text))
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

private struct UnsealedRow: RowDecodable {
  let event: UUID
  let chain: UUID
  let at: String

  init(row: Row) throws {
    event = try row["event"]
    chain = try row["chain"]
    at = try row["at"]
  }
}
