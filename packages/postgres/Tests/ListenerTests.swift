// What a listener hears, and that it listens again after its connection is lost.

import Logging
import Postgres
import Testing

@Suite("A listener")
struct ListenerTests {
  /// Runs a listener of that database beside `body`.
  private func listening(
    _ test: TestDatabase, _ body: (inout AsyncStream<Heard>.Iterator) async throws -> Void
  ) async throws {
    let (heard, hear) = AsyncStream.makeStream(of: Heard.self)
    let listener = Listener(
      conninfo: test.conninfo, role: test.role, channel: "ops_test",
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await listener.run { hear.yield($0) } }
      defer { group.cancelAll() }
      var iterator = heard.makeAsyncIterator()
      #expect(await iterator.next() == .gap)
      try await body(&iterator)
    }
  }

  @Test("hears a transaction when it commits: each key once, and nothing of one that is rolled back")
  func keys() async throws {
    try await TestDatabase.lend { database, test in
      try await listening(test) { heard in
        try await database.transaction(test.role) { tx in
          for _ in 0..<500 { try await tx.execute("SELECT pg_notify('ops_test', 'jobs:1')") }
        }
        #expect(await heard.next() == .keys(["jobs:1"]))
        await #expect(throws: BindingError.self) {
          try await database.transaction(test.role) { tx in
            try await tx.execute("SELECT pg_notify('ops_test', 'never')")
            throw BindingError.zeroByte
          }
        }
        try await database.execute(test.role, "SELECT pg_notify('ops_test', 'last')")
        #expect(await heard.next() == .keys(["last"]))
      }
    }
  }

  @Test("says that it may have missed something, and hears again, after the server ended its connection")
  func reconnects() async throws {
    try await TestDatabase.lend { database, test in
      try await listening(test) { heard in
        for round in 0..<2 {
          let ended = try await database.query(
            test.role,
            """
            SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name = \(Listener.applicationName)
            """, as: Int.self)
          #expect(ended == [1])
          #expect(await heard.next() == .gap)
          try await database.execute(test.role, "SELECT pg_notify('ops_test', \(String(round)))")
          #expect(await heard.next() == .keys([String(round)]))
        }
      }
    }
  }
}
