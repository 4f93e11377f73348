// Every act of the table of routes below an access, done by support: in the chain once, with actor, subject and client.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import OpsConsole
import Postgres
import TestSupport
import Testing
import Web

@Suite("Every act of a workspace")
struct EveryActTests {
  private static let admin = "admin@acme-health.example"

  @Test("of the table of routes is one that these tests do, and no other is")
  func complete() async throws {
    let db = try await TestDatabase.make()
    let table = OpsConsole.routes(try RouterClient.console(db), provider: nil).table
    let routes = table.filter { $0.isInside && !$0.method.isSafe && !$0.isCatchAll }
      .map { String($0.path.dropFirst("/i/{impersonation}/".count)) }
    #expect(routes.count > 80)
    #expect(WorkspaceAct.all.map(\.route).sorted() == routes.sorted())
  }

  @Test(
    "is done by the form that a page offers, and is one event: by whom, as whom, at which client, under which access",
    arguments: [nil, admin] as [String?])
  func done(subject: String?) async throws {
    let visit = try await WorkspaceVisit(as: subject)
    let whose = "\(World.support) \(subject ?? "nobody") acme-health \(visit.access.dropFirst(3))"
    for act in WorkspaceAct.all where subject == nil || act.isEthicosBecause == nil {
      let before = visit.db.clock.now
      let reply = try await visit.perform(act)
      #expect([200, 303].contains(reply.status), "\(act.route): \(reply.status)")
      let events = try await visit.events(since: before)
      #expect(events == act.events.map { "\($0) ok \(whose)" }, "\(act.route)")
    }
    #expect(try await visit.db.ledger.verify(by: visit.db.system()).result == .intact)
  }

  @Test("that is Ethico’s alone is not offered to somebody who is acted as, and refused")
  func ours() async throws {
    let visit = try await WorkspaceVisit(as: Self.admin)
    let ours = WorkspaceAct.all.filter { $0.isEthicosBecause != nil }
    #expect(ours.map(\.route).sorted() == ["settings/domains/{domain}/unverify", "settings/domains/{domain}/verify"])
    let list = try await visit.browser.json(visit.access + "/settings/domains")["items"] as? [[String: Any]]
    let domain = visit.access + "/settings/domains/" + (try #require(list?.first?["id"] as? String))
    let shown = OfferedForm.all(in: try await visit.browser.get(domain).body)
    #expect(shown.contains { $0.action == domain + "/edit" })
    for act in ours {
      #expect(!shown.contains { act.isAt($0.action, below: visit.access) }, "\(act.route)")
      let verb = act.route.split(separator: "/").last ?? ""
      let before = visit.db.clock.now
      let reply = try await visit.browser.post("\(domain)/\(verb)", ["proof": "Seen.", "version": "1"])
      #expect(reply.status == 403, "\(act.route)")
      let events = try await visit.events(since: before)
      #expect(events.count == 1 && events[0].hasPrefix("access.denied denied "), "\(act.route): \(events)")
    }
  }

  @Test("is nobody’s but where a rule of the product says why it is not somebody’s")
  func refused() async throws {
    for (act, words) in WorkspaceAct.refusedAsSomebody {
      let visit = try await WorkspaceVisit(as: Self.admin)
      let before = visit.db.clock.now
      let reply = try await visit.perform(act)
      #expect(reply.status == 422 && reply.body.contains(words), "\(act.route): \(reply.status)")
      let whose = "\(World.support) \(Self.admin) acme-health \(visit.access.dropFirst(3))"
      let events = try await visit.events(since: before)
      #expect(events == act.events.map { "\($0) failed \(whose)" }, "\(act.route)")
      let nobody = try await WorkspaceVisit()
      #expect(try await nobody.perform(act).status == 303, "\(act.route)")
    }
  }
}
