// Who works on a case beside its lead, through the routes and in the database.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("Those who work on a case")
struct CaseMemberTests {
  private typealias Item = [String: Any]

  private func leader(_ found: Item) -> String { (found["lead"] as? Item)?["id"] as? String ?? "" }

  private func members(_ page: String, _ cases: Cases) async throws -> [String] {
    let found = try await cases.browser.json(page)["members"] as? [Item]
    return try #require(found).compactMap { $0["id"] as? String }
  }

  /// Sends what a form of the case's page does, as the case is now.
  private func send(_ act: String, to page: String, member: String = "", _ cases: Cases) async throws -> String {
    let version = try await cases.browser.json(page)["version"] as? Int ?? 0
    return try await cases.browser.post(
      page + act, ["member": member, "version": String(version)], accept: "application/json"
    ).gist
  }

  @Test("are added and removed one by one, each an event, and each stands on the page with a button")
  func life() async throws {
    let cases = try await Cases()
    let (page, found) = try await cases.some("stage=active")
    let people = Array(try await cases.workers(except: [leader(found)]).prefix(2))
    for person in people {
      #expect(try await send("/members", to: page, member: person, cases).hasPrefix("303"))
    }
    #expect(try await Set(members(page, cases)) == Set(people))
    let shown = try await cases.browser.get(page).body
    for person in people { #expect(shown.contains("action=\"\(page)/members/\(person)/remove\"")) }
    #expect(shown.contains("2 of 10") && shown.contains("Case member add"))
    #expect(try await send("/members/\(people[0])/remove", to: page, cases).hasPrefix("303"))
    #expect(try await members(page, cases) == [people[1]])
    #expect(
      try await cases.events("case_member.%") == [
        "case_member.add ok 2", "case_member.add ok 2", "case_member.remove ok 2",
      ])
    #expect(try await send("/members", to: page, member: people[0], cases).hasPrefix("303"))
    #expect(try await cases.db.ledger.verify(by: cases.db.system()).result == .intact)
  }

  @Test("stop being it as they become its lead")
  func promoted() async throws {
    let cases = try await Cases()
    let (page, found) = try await cases.some("stage=active")
    let person = try #require(try await cases.workers(except: [leader(found)]).first)
    #expect(try await send("/members", to: page, member: person, cases).hasPrefix("303"))
    let version = try await cases.browser.json(page)["version"] as? Int ?? 0
    #expect(
      try await cases.browser.post(page + "/assign", ["lead": person, "version": String(version)]).status == 303)
    #expect(try await leader(cases.browser.json(page)) == person)
    #expect(try await members(page, cases) == [])
  }

  @Test("are nobody who is accused, leads it, works on it already or may not; what is stale or merged is left")
  func refusals() async throws {
    let cases = try await Cases()
    let browser = cases.browser
    let (page, found) = try await cases.some("stage=active")
    let people = try await cases.workers(except: [leader(found)])
    try await cases.accuse(people[0], in: found["id"] as? String ?? "")
    #expect(try await send("/members", to: page, member: people[1], cases).hasPrefix("303"))
    let employee = try await cases.db.superuser().query(
      .superuser,
      "SELECT id::text FROM client_user WHERE tenant_id = \(World.acmeHealth.id) AND role = 'employee' LIMIT 1",
      as: String.self)
    let refused: [(member: String, gist: String)] = [
      ("", "422 invalid"), (UUID().uuidString, "422 invalid"), (try #require(employee.first), "422 invalid"),
      (leader(found), "422 invalid"), (people[1], "422 invalid"), (people[0], "422 conflict"),
    ]
    for (member, gist) in refused {
      #expect(try await send("/members", to: page, member: member, cases) == gist, "\(member)")
    }
    for (person, gist) in [(leader(found), "409 no_member"), (people[2], "409 no_member")] {
      #expect(try await send("/members/\(person)/remove", to: page, cases) == gist)
    }
    #expect(try await send("/members/\(UUID())/remove", to: page, cases) == "404 not_found")
    let before = "\(found["version"] ?? "")"
    let stale = try await browser.post(page + "/members", ["member": people[2], "version": before])
    #expect(stale.status == 409 && stale.body.contains("was changed while you worked on it"))
    #expect(stale.body.contains("value=\"\(people[2])\" selected"))
    #expect(try await members(page, cases) == [people[1]])

    let (target, other) = try await cases.some("stage=assigned")
    let sent = [
      ("into", other["id"] as? String ?? ""), ("version", "\(try await browser.json(page)["version"] ?? "")"),
      ("target_version", "\(other["version"] ?? "")"),
    ]
    #expect(try await browser.post(page + "/merge", list: sent).status == 303, "\(target)")
    #expect(try await send("/members", to: page, member: people[2], cases) == "409 merged")
    #expect(try await send("/members/\(people[1])/remove", to: page, cases) == "409 merged")
    #expect(try await !browser.get(page).body.contains("/members"))
  }

  @Test("are at most ten, and none of them accused, by the page and by the database")
  func limits() async throws {
    let cases = try await Cases()
    let (page, found) = try await cases.some("stage=active")
    let people = try await cases.workers(except: [leader(found)])
    for person in people.prefix(10) {
      #expect(try await send("/members", to: page, member: person, cases).hasPrefix("303"))
    }
    #expect(try await send("/members", to: page, member: people[10], cases) == "409 full")
    let shown = try await cases.browser.get(page).body
    #expect(shown.contains("10 of 10") && !shown.contains("action=\"\(page)/members\""))

    let own = ID<Tenant>(found["id"] as? String ?? "")
    try await cases.accuse(people[11], in: found["id"] as? String ?? "")
    let statements: [(String, SQL)] = [
      ("case_assignment_members", assignment(of: people[10], in: own, "member")),
      ("case_assignment_accused", assignment(of: people[11], in: own, "member")),
      (
        "case_assignment_accused",
        """
        UPDATE case_assignment SET user_id = \(ID<Tenant>(people[11]))
        WHERE case_id = \(own) AND part = 'lead' AND ended_at IS NULL
        """
      ),
    ]
    for (constraint, statement) in statements {
      let error = await #expect(throws: PostgresError.self) { try await cases.execute(statement) }
      #expect(error?.constraint == constraint, "\(statement)")
    }
  }

  private func assignment(of user: String, in found: ID<Tenant>?, _ part: String) -> SQL {
    """
    INSERT INTO case_assignment (tenant_id, id, case_id, user_id, part)
    VALUES (\(World.acmeHealth.id), \(UUID()), \(found), \(ID<Tenant>(user)), \(part))
    """
  }
}
