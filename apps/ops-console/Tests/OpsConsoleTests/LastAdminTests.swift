// One active system administrator stays with a client: by the page, by the database, and when two go at once.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("The last administrator of a client")
struct LastAdminTests {
  @Test("stays: neither another role nor deactivation is taken, and the page says what to do first")
  func stays() async throws {
    let desk = try await UserDesk()
    let last = try #require(try await desk.leaveAdmins(1).first)
    // Who is only invited cannot sign in yet, and is no administrator to count on.
    let invitation: KeyValuePairs = ["name": "Ada", "email": "ada@acme-health.example", "role": "system_admin"]
    let invited = try await desk.post("", invitation)
    let ada = String(try #require(invited.location?.split(separator: "/").last?.prefix(36)))
    for (verb, fields) in [("role", ["role": "manager"] as KeyValuePairs), ("deactivate", [:])] {
      #expect(try await desk.act(verb, last, fields).gist == "409 last_admin", "\(verb)")
      let version = try #require(try await desk.user(last)["version"] as? Int)
      let sent = fields.map { ($0.key, $0.value) } + [("version", "\(version)")]
      let shown = try await desk.browser.post("\(desk.access)/people/\(last)/\(verb)", list: sent)
      #expect(shown.status == 409 && shown.body.contains("is the last active system admin here."), "\(verb)")
      #expect(shown.body.contains("Give somebody else that role first."), "\(verb)")
    }
    let found = try await desk.user(last)
    #expect(found["role"] as? String == "system_admin" && found["state"] as? String == "active")
    let refused = ["role", "role", "deactivate", "deactivate"]
    #expect(
      try await desk.events(last) == refused.map { "client_user.\($0) conflict 0 \(World.support)" })
    #expect(try await desk.act("deactivate", ada).status == 303)
    #expect(try await desk.act("reactivate", ada).status == 303)
    #expect(try await desk.act("deactivate", last).status == 303)
    #expect(try await desk.act("role", ada, ["role": "manager"]).gist == "409 last_admin")
  }

  @Test("is kept by the database too, of one and of all at once, whoever writes")
  func database() async throws {
    let desk = try await UserDesk()
    let all = try await desk.leaveAdmins(2)
    #expect(all.count == 2)
    for change in ["role = 'manager'", "state = 'deactivated'", "state = 'invited'"] {
      let both = "UPDATE client_user SET \(change) WHERE role = 'system_admin' AND state = 'active'"
      #expect(try await desk.obstacle(SQL(trusted: both)) == "client_user_last_admin", "\(change)")
    }
    let last = try #require(try await desk.leaveAdmins(1).first)
    let id = UUID(uuidString: last)
    for change: SQL in ["role = 'employee'", "state = 'deactivated'", "role = 'manager', state = 'invited'"] {
      #expect(
        try await desk.obstacle("UPDATE client_user SET \(fragment: change) WHERE id = \(id)")
          == "client_user_last_admin")
    }
  }

  @Test("is one of two whom two people take from each other at once, by role and by deactivation, ten times")
  func race() async throws {
    let desk = try await UserDesk()
    for round in 0..<10 {
      let admins = try await desk.leaveAdmins(2)
      try #require(admins.count == 2)
      let others = [World.support, World.supportL1]
      let ends = try await withThrowingTaskGroup(of: String.self) { group in
        for (index, admin) in admins.enumerated() {
          let verb = (round + index).isMultiple(of: 3) ? "role" : "deactivate"
          group.addTask { [db = desk.db] in try await Self.take(admin, verb, by: others[index], db) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(ends.sorted() == ["303", "409 last_admin"], "round \(round)")
      let left = try await desk.ask(
        """
        SELECT email FROM client_user
        WHERE tenant_id = \(World.acmeHealth.id) AND role = 'system_admin' AND state = 'active'
        """)
      #expect(left.count == 1, "round \(round)")
      try await desk.execute(
        """
        UPDATE client_user SET role = 'system_admin', state = 'active'
        WHERE id IN (\(ID<ClientUser>(admins[0])), \(ID<ClientUser>(admins[1])))
        """)
    }
    #expect(try await desk.db.ledger.verify(by: desk.db.system()).result == .intact)
  }

  /// What somebody in a browser of their own is told when they take an administrator away.
  private static func take(
    _ user: String, _ verb: String, by email: String, _ db: TestDatabase
  ) async throws -> String {
    let (browser, access) = try await RouterClient.inside(db, by: email)
    let page = "\(access)/people/\(user)"
    let version = try #require(try await browser.json(page)["version"] as? Int)
    let form: KeyValuePairs = ["role": "manager", "version": "\(version)"]
    let reply = try await browser.post("\(page)/\(verb)", form, accept: "application/json")
    return reply.status == 303 ? "303" : try reply.gist
  }
}
