// Transactions by chance that write, record, take back and cheat, many at once: what has no event is not there.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@Suite("Writes by chance")
struct RandomWriteTests {
  /// Of all writers together.
  private static let operations = ProcessInfo.processInfo.environment["OPS_TEST_LONG"] == nil ? 1_200 : 100_000
  private static let writers = 8

  /// What a transaction does with its write and its event.
  enum Way: CaseIterable {
    case written, writtenTwice, partTakenBack, seen, nothing
    case withoutEvent, afterEvent, checkedEarly, announcedAgain, underAnotherEvent, unannounced, givenUp

    /// Whether it commits.
    var commits: Bool {
      switch self {
      case .written, .writtenTwice, .partTakenBack, .seen, .nothing: true
      case .withoutEvent, .afterEvent, .checkedEarly, .announcedAgain, .underAnotherEvent, .unannounced, .givenUp: false
      }
    }

    /// What then stands in the trail, in its order.
    func told(_ word: String) -> [String] {
      switch self {
      case .written, .partTakenBack: [word]
      case .writtenTwice: [word + " first", word]
      case .seen, .nothing, .withoutEvent, .afterEvent, .checkedEarly, .announcedAgain, .underAnotherEvent,
        .unannounced, .givenUp:
        []
      }
    }
  }

  private struct GivenUp: Error {}

  /// What a writer expects of the rows that are its own.
  private struct Expectation {
    var told: [String] = []
    /// The title of each person, by the id.
    var titles: [String: String] = [:]
  }

  @Test("each that stays has its event and each without one leaves nothing, whatever is tried")
  func byChance() async throws {
    let db = try await TestDatabase.make()
    let clients = [World.acmeHealth, World.borealisBank]
    var expected = Expectation()
    try await withThrowingTaskGroup(of: Expectation.self) { group in
      for writer in 0..<Self.writers {
        group.addTask { try await work(db, writer, at: clients[writer % 2]) }
      }
      for try await part in group {
        expected.told += part.told
        expected.titles.merge(part.titles) { $1 }
      }
    }
    let superuser = db.superuser()
    let told = try await superuser.query(
      .superuser,
      """
      SELECT c.payload::jsonb -> 'after' ->> 'title'
      FROM row_change c
      JOIN audit_event e ON e.id = c.event AND e.xact = c.xact
      JOIN audit_seal s ON s.event = e.id AND s.chain = e.chain
      WHERE c.payload::jsonb -> 'after' ->> 'title' LIKE 'op %'
      """, as: String.self)
    let titles = try await superuser.query(
      .superuser, "SELECT concat_ws(' ', id, title) FROM client_user WHERE title LIKE 'op %'", as: String.self)
    let changes = try await superuser.query(
      .superuser, "SELECT count(*)::int FROM row_change WHERE payload LIKE '%\"op %'", as: Int.self)
    let waiting = try await superuser.query(.superuser, "SELECT count(*)::int FROM audit_pending", as: Int.self)
    await superuser.close()
    #expect(told.sorted() == expected.told.sorted())
    #expect(titles.sorted() == expected.titles.map { "\($0.key) \($0.value)" }.sorted())
    // Nor is there a change beside those, and nothing waits for an event.
    #expect(changes == [told.count] && waiting == [0])
    let verification = try await db.ledger.verify(by: db.system())
    #expect(verification.result == .intact, "\(String(describing: verification.firstBreak))")
  }

  /// Does one operation after the other to people whom nobody else writes to.
  private func work(_ db: TestDatabase, _ writer: Int, at client: Tenant) async throws -> Expectation {
    let ids = try await db.superuser().query(
      .superuser, "SELECT id FROM client_user WHERE tenant_id = \(client.id) ORDER BY id", as: UUID.self)
    let own = ids.enumerated().filter { $0.offset % Self.writers == writer }.map(\.element)
    var dice = SplitMix64(seed: UInt64(writer))
    var expected = Expectation()
    var another: ID<AuditEvent>?
    for number in 0..<Self.operations / Self.writers {
      let way = try #require(Way.allCases.randomElement(using: &dice))
      let person = try #require(own.randomElement(using: &dice))
      let word = "op \(writer)-\(number)"
      do {
        another = try await perform(way, word, on: person, another, by: db.system(client), db)
        #expect(way.commits, "\(word): \(way)")
      } catch is GivenUp {
        #expect(way == .givenUp)
      } catch let error as PostgresError {
        #expect(!way.commits && error.sqlState == .insufficientPrivilege, "\(word): \(way): \(error)")
      }
      expected.told += way.told(word)
      if let last = way.told(word).last { expected.titles[person.uuidString.lowercased()] = last }
    }
    return expected
  }

  private func perform(
    _ way: Way, _ word: String, on person: UUID, _ another: ID<AuditEvent>?, by author: Author, _ db: TestDatabase
  ) async throws -> ID<AuditEvent> {
    try await db.ledger.tenant(by: author) { tx in
      func write(_ text: String) async throws {
        try await tx.execute("UPDATE client_user SET title = \(text) WHERE id = \(person)")
      }
      func announce(_ event: String) async throws {
        try await tx.execute("SELECT set_config('ops.event', \(event), true)")
      }
      switch way {
      case .written:
        try await write(word)
        try await tx.record("test.write", detail: word)
      case .writtenTwice:
        try await write(word + " first")
        try await write(word)
        try await tx.record("test.write")
      case .partTakenBack:
        _ = try? await tx.sql.savepoint { part in
          try await part.execute("UPDATE client_user SET title = \(word + " back") WHERE id = \(person)")
          throw GivenUp()
        }
        try await write(word)
        try await tx.record("test.write")
      case .seen: try await tx.record("view.case.list")
      case .nothing: try await tx.execute("UPDATE client_user SET title = \(word) WHERE false")
      case .withoutEvent: try await write(word)
      case .afterEvent:
        try await write(word + " first")
        try await tx.record("test.write")
        try await write(word)
      case .checkedEarly:
        try await write(word + " first")
        try await tx.record("test.write")
        try await tx.execute("SET CONSTRAINTS ALL IMMEDIATE")
        try await tx.execute("SET CONSTRAINTS ALL DEFERRED")
        try await announce(tx.event.description)
        try await write(word)
      case .announcedAgain:
        try await tx.record("test.write")
        try await announce(tx.event.description)
        try await write(word)
      case .underAnotherEvent:
        // Of a transaction before this one; of nobody where there was none.
        try await announce((another ?? tx.newID()).description)
        try await write(word)
      case .unannounced:
        try await announce("")
        try await write(word)
      case .givenUp:
        try await write(word)
        try await tx.record("test.write")
        throw GivenUp()
      }
      return tx.event
    }
  }
}
