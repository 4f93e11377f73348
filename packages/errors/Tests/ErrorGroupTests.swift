// Writing errors down: alike ones together, so many times kept, back in a later release; each client's for itself.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Errors

@Suite("Errors written down")
struct ErrorGroupTests {
  private static let place = "test.place"

  private func note(
    _ db: TestDatabase, _ message: String = "Case 1 of 'a'", release: String = "1.9.0",
    in tenant: Tenant = World.acmeHealth, by subject: ID<ClientUser>? = nil
  ) async throws {
    let ledger = Ledger(database: db.database, timepiece: db.clock.timepiece, ids: .random, release: release)
    var occurrence = ErrorOccurrence(.request, at: Self.place, ErrorText(replacingVariablesIn: message))
    occurrence.status = 500
    occurrence.subject = subject
    try await ledger.note(occurrence, by: db.system(tenant))
  }

  private func groups(_ db: TestDatabase, _ tenant: Tenant = World.acmeHealth) async throws -> [ErrorGroup] {
    try await db.ledger.tenant(by: db.system(tenant)) { tx in
      try await ErrorGroup.page(ErrorFilter(place: Self.place), in: tx).groups
    }
  }

  private func only(_ db: TestDatabase) async throws -> ErrorGroup {
    let groups = try await groups(db)
    #expect(groups.count == 1)
    return try #require(groups.first)
  }

  private func samples(_ db: TestDatabase, _ group: ErrorGroup) async throws -> [Int] {
    try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await tx.all(ErrorGroup.samples(of: group.id)).map(\.number)
    }
  }

  @Test("keep the first five times and the last 95, and count all")
  func limits() async throws {
    let db = try await TestDatabase.make()
    let people = (0..<3).map { _ in ID<ClientUser>(UUID()) }
    for index in 0..<100 { try await note(db, "Case \(index) of 'a'", by: people[index % 3]) }
    var group = try await only(db)
    #expect(try await samples(db, group) == Array((1...100).reversed()))
    for index in 100..<142 { try await note(db, "Case \(index) of 'b'") }
    group = try await only(db)
    #expect(group.total == 142 && group.lastDay == 142 && group.lastWeek == 142 && group.people == 3)
    #expect(try await samples(db, group) == Array((48...142).reversed()) + [5, 4, 3, 2, 1])
    db.clock.advance(seconds: 3 * 86_400)
    try await note(db)
    group = try await only(db)
    #expect(group.total == 143 && group.lastDay == 1 && group.lastWeek == 143)
    #expect(group.days == Array(repeating: 0, count: 10) + [142, 0, 0, 1])
  }

  @Test("are dropped after thirty days, a group when it did not happen again")
  func age() async throws {
    let db = try await TestDatabase.make()
    try await note(db)
    try await note(db, "another")
    db.clock.advance(seconds: 29 * 86_400)
    try await note(db)
    db.clock.advance(seconds: 2 * 86_400)
    let dropped = try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await ErrorGroup.dropOld(in: tx)
    }
    #expect(dropped >= 2)
    let group = try await only(db)
    #expect(group.total == 2 && group.days.reduce(0, +) == 1)
    #expect(try await samples(db, group) == [2])
  }

  @Test("are back when they happen in a later release than they were resolved in, and only then")
  func regressed() async throws {
    let db = try await TestDatabase.make()
    try await note(db)
    let ledger = Ledger(database: db.database, timepiece: db.clock.timepiece, ids: .random, release: "1.9.0")
    let id = try await only(db).id
    try await ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await ErrorGroup.hold(id, in: tx)?.resolve(in: tx)
    }
    for (release, state) in [("1.9.0", ErrorState.resolved), ("1.8.9", .resolved), ("1.10", .regressed)] {
      try await note(db, release: release)
      #expect(try await only(db).state(at: db.clock.now) == state, "\(release)")
    }
    #expect(try await only(db).lastRelease == "1.10")
  }

  @Test(
    "tell which of two releases is the later one",
    arguments: [
      ("0.2.0", "0.1.9", true), ("0.10.0", "0.9.0", true), ("1.0", "1.0.0", false), ("1.0.1", "1.0", true),
      ("0.1.0", "0.2.0", false), ("0.1.0", "0.1.0", false), ("build-7", "build-7", false), ("build-8", "build-7", true),
    ])
  func releases(one: String, other: String, isLater: Bool) {
    #expect(Release(name: one).isLater(than: Release(name: other)) == isLater)
  }

  @Test("move in SQL as in Swift, whoever writes")
  func moves() async throws {
    let db = try await TestDatabase.make()
    let listed = try await db.superuser().query(
      .superuser, "SELECT from_state || ' ' || to_state FROM error_state_move", as: String.self)
    let offered = ErrorState.allCases.flatMap { from in from.next.map { "\(from.rawValue) \($0.rawValue)" } }
    #expect(Set(listed) == Set(offered))
    try await note(db)
    let id = try await only(db).id
    await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
        try await tx.execute("UPDATE error_group SET state = 'regressed' WHERE id = \(id)")
      }
    }
  }

  @Test("are nobody else's: no other client reads or writes them, nor does the fleet")
  func isolation() async throws {
    let db = try await TestDatabase.make()
    try await note(db)
    try await note(db, in: World.borealisBank)
    #expect(try await groups(db).map(\.total) == [1])
    #expect(try await groups(db, World.borealisBank).map(\.total) == [1])
    let id = try await only(db).id
    let touched = try await db.ledger.tenant(by: db.system(World.borealisBank)) { tx in
      try await tx.execute("UPDATE error_group SET total = 7 WHERE id = \(id)")
    }
    #expect(touched == 0)
    await #expect(throws: PostgresError.self) {
      _ = try await db.database.query(.fleet, "SELECT count(*) FROM error_sample", as: Int.self)
    }
    await #expect(throws: PostgresError.self) {
      try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
        try await tx.execute(#"UPDATE error_sample SET context = '{"name": "Jane Doe"}' WHERE group_id = \#(id)"#)
      }
    }
  }
}
