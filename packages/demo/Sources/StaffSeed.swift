// More people of Ethico than one signs in as: a team and its lead, one who is new, one locked, one who has left. All of
// them are made up, at an address of their own, so that the demo's sign-in page stays short.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

struct StaffSeed: Sendable {
  let ledger: Ledger
  let clock: SeedClock
  let anchor: Date
  /// Whom the team reports to.
  let lead: ID<Staff>
  let administrator: ID<Staff>

  private struct Person {
    let name: String
    let timezone: String
    let preset: String
    let daysAgo: Double
    var signsIn = true
  }

  private static let people = [
    Person(name: "Amara Lindqvist", timezone: "Europe/Stockholm", preset: "support_l1", daysAgo: 310),
    Person(name: "Diego Castillo", timezone: "America/Bogota", preset: "support_l1", daysAgo: 240),
    Person(name: "Hanna Weber", timezone: "Europe/Berlin", preset: "support_l2", daysAgo: 205),
    Person(name: "Kenji Nakamura", timezone: "Asia/Tokyo", preset: "support", daysAgo: 160),
    Person(name: "Leila Farouk", timezone: "Africa/Cairo", preset: "auditor", daysAgo: 130),
    Person(name: "Omar Haddad", timezone: "Europe/London", preset: "support_l1", daysAgo: 90),
    Person(name: "Priya Iyer", timezone: "Asia/Kolkata", preset: "support_l1", daysAgo: 3, signsIn: false),
    Person(name: "Tomas Novak", timezone: "Europe/Prague", preset: "support_l2", daysAgo: 280),
  ]

  func run() async throws {
    for (index, email) in ["admin", "auditor", "support-l2", "implementation"].enumerated() {
      clock.set(anchor.addingTimeInterval(-Double(30 + index * 40) * 3_600))
      try await signInAndOut(email + "@ethico.example")
    }
    var known: [String: ID<Staff>] = [:]
    for person in Self.people { known[person.name] = try await bring(person) }
    clock.set(anchor.addingTimeInterval(-12 * 86_400))
    if let omar = known["Omar Haddad"] {
      try await ledger.lock(omar, because: "Laptop reported lost at the airport.", by: by("staff.lock"))
    }
    if let tomas = known["Tomas Novak"] { try await ledger.deactivate(tomas, by: by("staff.deactivate")) }
    if let hanna = known["Hanna Weber"] {
      let until = anchor.addingTimeInterval(20 * 86_400)
      let grant = NewGrant(
        .capability(.flagsWrite), rationale: "Stands in for Jordan in the spring release.", until: until)
      try await ledger.grant(grant, to: hanna, by: by("staff.grant"))
    }
    clock.set(anchor)
  }

  private func bring(_ person: Person) async throws -> ID<Staff> {
    let mailbox = person.name.lowercased().split(separator: " ").joined(separator: ".")
    let email = mailbox + "@people.ethico.example"
    clock.set(anchor.addingTimeInterval(-person.daysAgo * 86_400))
    let invitation = StaffInvitation(email: email, name: person.name, reportsTo: lead, timezone: person.timezone)
    let id = try await ledger.invite(invitation, by: by("staff.invite"))
    clock.advance(300)
    let grant = NewGrant(.preset(person.preset), rationale: "Joins the team; a person of the demo.", until: nil)
    try await ledger.grant(grant, to: id, by: by("staff.grant"))
    guard person.signsIn else { return id }
    clock.advance(person.daysAgo * 50_000)
    try await signInAndOut(email)
    return id
  }

  private func signInAndOut(_ email: String) async throws {
    let agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
    let opened = try await ledger.openSession(for: email, method: "demo", agent: agent, request: facts("sign_in.demo"))
    clock.advance(3_000)
    if let opened { try await ledger.closeSession(opened.signedIn, request: facts("auth.sign_out")) }
  }

  /// The administrator of the demo, who was not signed in when the demo was made.
  private func by(_ route: String) -> Administrator {
    Administrator(Author(.staff(administrator), request: facts(route)), name: "Alex Kim")
  }

  private func facts(_ route: String) -> RequestFacts {
    RequestFacts(id: ledger.ids.next(at: ledger.timepiece.now()), ip: "10.8.0.20", method: "POST", route: route)
  }
}
