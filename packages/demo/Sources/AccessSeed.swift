// A year of support: people who signed in, entered, looked, changed something and left. Every step is the real code's.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Workspace

struct AccessSeed: Sendable {
  let ledger: Ledger
  let clock: SeedClock
  let clients: [SeedClient]
  let anchor: Date

  private static let people = ["support@ethico.example", "support-l1@ethico.example"]

  func run(using random: inout SplitMix64) async throws {
    for day in 0..<30 {
      let client = day.isMultiple(of: 3) ? clients[0] : random.pick(clients.filter { $0.status != .closed })
      let start = anchor.addingTimeInterval(
        -Double(92 - 3 * day) * 86_400 + Double.random(in: 0..<28_000, using: &random))
      clock.set(start)
      try await live(in: client, email: Self.people[day % 2], using: &random)
    }
    clock.set(anchor)
  }

  private func live(in client: SeedClient, email: String, using random: inout SplitMix64) async throws {
    let opened = try await ledger.openSession(for: email, method: "demo", agent: "demo", request: facts("sign_in.demo"))
    guard let opened else { return }
    let tenant = Tenant(id: client.id, slug: client.slug, name: client.name, status: client.status)
    var entry = Entry(kind: random.chance(0.6) ? .ticketLink : .manualSearch)
    entry.reason = random.pick(EntryReason.allCases)
    if entry.kind == .ticketLink {
      let number = String(48_000 + Int.random(in: 0..<999, using: &random))
      entry.ticket = .verified(source: "zendesk", externalID: number, requester: "admin@" + client.domain)
    }
    clock.advance(20)
    let id = try await ledger.enter(tenant, entry, by: opened.signedIn, request: facts("impersonation.start"))
    guard case .open(let acting) = try await ledger.access(opened.token, id, request: facts("case.list")) else {
      return
    }
    try await work(acting, using: &random)
    clock.advance(Double.random(in: 30...900, using: &random))
    try await ledger.exit(acting.impersonation, by: opened.signedIn, request: facts("impersonation.end"))
    clock.advance(15)
    try await ledger.closeSession(opened.signedIn, request: facts("auth.sign_out"))
  }

  private func work(_ acting: ActingContext, using random: inout SplitMix64) async throws {
    clock.advance(30)
    try await ledger.tenant(acting.named("case.list")) { tx in try await tx.record("view.case.list") }
    let chance = random.next()
    clock.advance(60)
    try await ledger.tenant(acting.named("case.assign")) { tx in try await reassign(by: chance, in: tx) }
  }

  /// Gives one of the open cases another lead, as the form on its page does.
  /// - Parameter chance: chooses the case and its lead.
  private func reassign(by chance: UInt64, in tx: AuditedTransaction) async throws {
    let open = try await tx.query(
      "SELECT id FROM \"case\" WHERE status = 'open' ORDER BY opened_at, id LIMIT 100", as: ID<Case>.self)
    guard !open.isEmpty else { return try await tx.record("view.case.list") }
    let found = try await Case.hold(open[Int(chance % UInt64(open.count))], in: tx)
    let others = try await tx.all(Case.leadCandidates).filter { $0.person != found.lead }
    guard !others.isEmpty else { return try await tx.record("view.case.show", object: found.object) }
    try await found.assign(to: others[Int((chance >> 8) % UInt64(others.count))].person.id, in: tx)
  }

  private func facts(_ route: String) -> RequestFacts {
    RequestFacts(id: ledger.ids.next(at: ledger.timepiece.now()), ip: "10.8.0.14", method: "POST", route: route)
  }
}
