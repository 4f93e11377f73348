// The demo's data: believable clients in skewed sizes and volumes, two of them in full, staff one a preset, and a past
// that was really lived – entered, changed and left through the same code as in the browser – so that the audit trail
// verifies.

import Access
import EthicoTypes
package import FoundationEssentials
package import Postgres
import Synchronization

/// Fills an empty database.
package struct Seed: Sendable {
  package let tenants: Int
  package let seed: UInt64
  let database: Database
  let release: String
  let anchor: Date
  let say: @Sendable (String) -> Void

  /// - Parameters:
  ///   - tenants: how many clients, 2 to 100,000; the first 143 have people and cases.
  ///   - anchor: the present of the demo; its past lies before it.
  ///   - say: told what has been done, a line at a time.
  package init(
    tenants: Int, seed: UInt64, database: Database, release: String, anchor: Date,
    say: @escaping @Sendable (String) -> Void
  ) {
    self.tenants = tenants
    self.seed = seed
    self.database = database
    self.release = release
    self.anchor = anchor
    self.say = say
  }

  static let fullTenants = 143

  /// Seeds, unless there are clients already.
  /// - Returns: whether anything was seeded.
  package func run() async throws -> Bool {
    let existing = try await database.query(.fleet, "SELECT count(*) FROM tenant_directory", as: Int.self).first ?? 0
    guard existing == 0 else {
      say("The database has \(existing) clients already; nothing was seeded.")
      return false
    }
    let clock = SeedClock(anchor.addingTimeInterval(-400 * 86_400))
    let ids = SeededIDs(seed: seed)
    let ledger = Ledger(database: database, timepiece: clock.timepiece, ids: ids.source, release: release)
    try await ensurePartitions()
    let staff = try await seedStaff(ledger)
    say("\(staff.count) staff people")
    let clients = try await seedTenants(ledger, clock)
    say("\(tenants) clients in the directory")
    var random = SplitMix64(seed: seed &+ 1)
    for (index, client) in clients.prefix(Self.fullTenants).enumerated() {
      try await WorkspaceSeed(ledger: ledger, client: client, anchor: anchor).run(using: &random)
      try await PolicySeed(ledger: ledger, client: client, anchor: anchor).run()
      try await DisclosureSeed(ledger: ledger, client: client, anchor: anchor).run()
      try await CaseworkSeed(ledger: ledger, client: client, anchor: anchor).run()
      try await ClientSetupSeed(ledger: ledger, client: client, anchor: anchor).run()
      if (index + 1).isMultiple(of: 20) { say("\(index + 1) workspaces filled") }
    }
    var jobRandom = SplitMix64(seed: seed &+ 13)
    try await JobSeed(ledger: ledger, client: clients[0], anchor: anchor, faults: .planted).run(using: &jobRandom)
    try await JobSeed(ledger: ledger, client: clients[1], anchor: anchor, faults: .none).run(using: &jobRandom)
    var errorRandom = SplitMix64(seed: seed &+ 16)
    try await ErrorSeed(ledger: ledger, client: clients[0], anchor: anchor, staff: Array(staff.prefix(2)))
      .run(using: &errorRandom)
    try await ConfigurationSeed(ledger: ledger, anchor: anchor).run()
    try await FlagSeed(ledger: ledger, client: clients[0], anchor: anchor).run()
    try await AccessSeed(ledger: ledger, clock: clock, clients: Array(clients.prefix(30)), anchor: anchor)
      .run(using: &random)
    say("30 accesses lived through")
    try await TicketSeed(
      ledger: ledger, clients: Array(clients.prefix(60)), anchor: anchor, assignees: Array(staff.prefix(2))
    ).run(using: &random)
    say("300 tickets")
    try await StaffSeed(ledger: ledger, clock: clock, anchor: anchor, lead: staff[1], administrator: staff[3]).run()
    for client in clients.prefix(Self.fullTenants) {
      try await SearchSeed(ledger: ledger, client: client, anchor: anchor).run()
    }
    _ = try await ledger.surveyIndexes(of: clients.prefix(Self.fullTenants).map(\.id), at: anchor)
    _ = try await ledger.countPulses(at: anchor)
    say("search indexed")
    return true
  }

  static func author(_ ids: IDSource, at date: Date) -> Author {
    Author(.system("seed"), request: RequestFacts(id: ids.next(at: date), ip: nil, method: "CLI", route: "seed"))
  }

  private func ensurePartitions() async throws {
    let start = anchor.addingTimeInterval(-430 * 86_400)
    _ = try await database.query(.audit, "SELECT audit_ensure_partitions(\(start), 16)", as: Int.self)
  }

  private func seedStaff(_ ledger: Ledger) async throws -> [ID<Staff>] {
    let people = [
      ("support-l1@ethico.example", "Dana Whitfield", "support_l1", "America/New_York"),
      ("support@ethico.example", "Jordan Doyle", "support", "Europe/London"),
      ("auditor@ethico.example", "Ruth Abadi", "auditor", "Europe/Berlin"),
      ("admin@ethico.example", "Alex Kim", "admin", "UTC"),
      ("support-l2@ethico.example", "Sam Rivera", "support_l2", "America/Chicago"),
      ("implementation@ethico.example", "Mira Okafor", "implementation", "Europe/London"),
    ]
    var added: [ID<Staff>] = []
    for (email, name, preset, timezone) in people {
      let author = Self.author(ledger.ids, at: ledger.timepiece.now())
      added.append(
        try await ledger.addStaff(email: email, name: name, preset: preset, timezone: timezone, by: author))
    }
    return added
  }
}

/// A client as the seed made it.
struct SeedClient: Sendable {
  let id: ID<Tenant>
  let slug: String
  let name: String
  let domain: String
  let status: TenantStatus
  let size: Size
  let volume: SeedVolume
  /// What is reported there.
  let tales: [Tale]
  /// Where the client's own randomness begins; zero for the two that are always the same.
  let source: UInt64

  /// How full its workspace is.
  enum Size: Sendable {
    case acme, borealis, ordinary

    /// So many people are drawn from the source that the whole world shares, whatever the client's own volume: what is
    /// drawn after them does not depend on it.
    var sharedUsers: Int {
      switch self {
      case .acme: SeedVolume.acme.users
      case .borealis: SeedVolume.borealis.users
      case .ordinary: 7
      }
    }

    /// The same for cases.
    var sharedCases: Int {
      switch self {
      case .acme: SeedVolume.acme.cases
      case .borealis: SeedVolume.borealis.cases
      case .ordinary: 9
      }
    }
  }
}

extension JSONText {
  /// Rows for `jsonb_to_recordset`, whose columns are their properties.
  static func rows(_ rows: some Encodable) throws -> JSONText {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.dateEncodingStrategy = .iso8601
    return JSONText(String(decoding: try encoder.encode(rows), as: UTF8.self))
  }
}
