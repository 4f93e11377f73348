// What clients' imports have in common is counted without a word of theirs, and used from two others on.

import Access
import EthicoTypes
import Foundation
import Jobs
import Logging
import Mapping
import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("Votes across clients")
struct MappingVoteTests {
  private static let navex = "navex_ethicspoint"
  private static let zone = "Zone 51"

  private func clients(_ db: TestDatabase) async throws -> [ID<Tenant>] {
    try await db.superuser().query(.superuser, "SELECT id FROM tenant ORDER BY id", as: ID<Tenant>.self)
  }

  /// An import of a client's that somebody decided the mapping of.
  @discardableResult
  private func bring(
    _ columns: KeyValuePairs<String, String>, of system: String = navex, at client: ID<Tenant>, number: Int = 2,
    state: String = "committed", _ db: TestDatabase
  ) async throws -> ID<Batch> {
    let id: ID<Batch> = db.ledger.ids.next(at: db.clock.now)
    let decided = columns.enumerated().map { index, column in
      ColumnDecision(
        index: index, name: column.key, target: column.value.isEmpty ? nil : column.value,
        act: column.value.isEmpty ? .ignore : .matched, band: .low, score: 0, ranked: [], reasons: [],
        reading: CellReading())
    }
    try await db.ledger.tenant(by: db.system().on(client)) { tx in
      let there = try await tx.first("SELECT id FROM migration_project LIMIT 1", as: UUID.self)
      let project = there ?? (tx.newID() as ID<MigrationProject>).uuid
      if there == nil {
        try await tx.execute(
          """
          INSERT INTO migration_project (tenant_id, id, state, entities, decided_by)
          VALUES (\(client), \(project), 'active', '{case}', 'Somebody there')
          """)
      }
      try await tx.execute(
        """
        INSERT INTO migration_source_file (tenant_id, id, project_id, name, kind, byte_count, sha256, blob_id)
        VALUES (\(client), \(id), \(project), 'rows.csv', 'csv', 1, sha256(uuid_send(\(id))), \(id))
        """)
      try await tx.execute(
        """
        INSERT INTO migration_batch (tenant_id, id, project_id, file_id, entity, source_system, state, mapping_number,
          staged_number, committed_at)
        VALUES (\(client), \(id), \(project), \(id), 'case', \(system), \(state), \(number), \(number), \(tx.at))
        """)
      try await BatchMapping(number: number, columns: decided, constants: [:]).keep(for: id, in: tx)
      try await tx.record("migration.commit_finish", object: Batch.object(id))
    }
    return id
  }

  private func move(_ batch: ID<Batch>, at client: ID<Tenant>, to states: [String], _ db: TestDatabase) async throws {
    for state in states {
      try await db.ledger.tenant(by: db.system().on(client)) { tx in
        try await tx.execute("UPDATE migration_batch SET state = \(state) WHERE id = \(batch)")
        try await tx.record("undo.finish", object: Batch.object(batch))
      }
    }
  }

  /// Has the votes counted.
  private func count(_ db: TestDatabase) async throws {
    let platform = Author(.system("test"), tenant: .platform, request: db.facts())
    _ = try await db.ledger.tenant(by: platform) { tx in try await tx.order(VoteCount()) }
    let worker = Worker(
      ledger: db.ledger, kinds: JobKinds([VoteCount.self]), settings: WorkerSettings(name: "w1"),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    // Ends when nothing is due.
    while try await worker.turn() {}
  }

  private func stored(_ db: TestDatabase) async throws -> [String] {
    try await db.superuser().query(
      .superuser, "SELECT to_jsonb(v)::text FROM mapping_vote v ORDER BY 1", as: String.self)
  }

  private func suggestion(for client: ID<Tenant>, _ db: TestDatabase) async throws -> ColumnSuggestion {
    let columns = ["Case Number", "Case Status", Self.zone].enumerated().map { index, name in
      ColumnProfiler(name: name, index: index).finish()
    }
    let table = SourceTable(name: "ethicspoint.csv", columns: columns, rows: 0)
    let key = try #require(db.ledger.vault?.headerKey)
    let suggestion = try await db.ledger.tenant(by: db.system().on(client)) { tx in
      try await MappingMemory.suggestion(for: table, as: .case, key, in: tx).suggestion
    }
    return try #require(suggestion.columns.last)
  }

  private func score(for client: ID<Tenant>, _ db: TestDatabase) async throws -> Double {
    try await suggestion(for: client, db).ranked.first { $0.target == "location" }?.score ?? 0
  }

  @Test("count from two others on, never one's own, and say why")
  func threshold() async throws {
    let db = try await TestDatabase.make()
    let all = try await clients(db)
    let before = try await score(for: all[0], db)
    try await bring([Self.zone: "location"], at: all[1], db)
    try await count(db)
    #expect(try await score(for: all[0], db) == before)
    try await bring([Self.zone: "location"], at: all[2], db)
    try await count(db)
    #expect(try await score(for: all[0], db) > before)
    // Of two who vote, each has one other.
    let others = try await db.database.transaction(
      .tenant, TransactionSettings(values: [("ops.tenant", all[1].description)])
    ) { tx in try await tx.query(try Self.question(Self.zone, db), as: Int.self) }
    #expect(others.isEmpty)
    for client in all[3...] { try await bring([Self.zone: "location"], at: client, db) }
    try await count(db)
    let suggested = try await suggestion(for: all[0], db)
    #expect(suggested.target == "location" && suggested.band == .low)
    #expect(suggested.reasons.contains { $0.code == .vendorVotes })
  }

  /// What a client's connection can ask of a header.
  private static func question(_ header: String, _ db: TestDatabase) throws -> SQL {
    let key = try #require(db.ledger.vault?.headerKey)
    let digest = key.digest(of: MappingMemory.key(of: header), as: ImportEntity.case.rawValue)
    return "SELECT clients FROM mapping_votes(\(navex), ARRAY[\(digest)::bytea])"
  }

  @Test("go with the import that they came of, and are the same counted twice")
  func undone() async throws {
    let db = try await TestDatabase.make()
    let all = try await clients(db)
    let first = try await bring([Self.zone: "location", "Memo": ""], at: all[1], db)
    try await bring(["Memo 9": "summary"], at: all[1], db)
    try await bring([Self.zone: "location"], at: all[2], db)
    try await bring([Self.zone: "department"], at: all[3], state: "validated", db)
    // What nobody decided, but the engine alone, is nobody's vote.
    try await bring([Self.zone: "country"], at: all[4], number: 1, db)
    try await count(db)
    let once = try await stored(db)
    #expect(once.count == 3)
    try await count(db)
    #expect(try await stored(db) == once)
    try await move(first, at: all[1], to: ["undoing", "partially_undone"], db)
    try await count(db)
    #expect(try await stored(db) == once)
    try await move(first, at: all[1], to: ["undoing", "undone"], db)
    try await count(db)
    let left = once.filter { !$0.contains(all[1].description) || $0.contains("summary") }
    #expect(try await stored(db) == left && left.count == 2)
  }

  @Test("are the newest decision about a header, of systems that the program knows")
  func decisions() async throws {
    let db = try await TestDatabase.make()
    let all = try await clients(db)
    try await bring([Self.zone: "department", "Note 2": "notes[2].body"], at: all[1], db)
    db.clock.advance(seconds: 60)
    try await bring([Self.zone: "location"], at: all[1], db)
    try await bring([Self.zone: "location"], of: "file", at: all[2], db)
    try await bring([Self.zone: "location"], of: "what we call our old system", at: all[2], db)
    try await count(db)
    let targets = try await db.superuser().query(
      .superuser, "SELECT vendor || ' ' || target FROM mapping_vote ORDER BY 1", as: String.self)
    #expect(targets == ["navex_ethicspoint location", "navex_ethicspoint notes[n].body"])
  }

  @Test("can be for every field of every kind of record")
  func fields() async throws {
    let db = try await TestDatabase.make()
    let client = try #require(try await clients(db).first)
    let key = try #require(db.ledger.vault?.headerKey)
    let votes = Set(
      ImportEntity.allCases.flatMap { entity in
        TargetSchema.fields(of: entity).map { field in
          MappingVote(
            vendor: Self.navex, header: key.digest(of: "zone51", as: entity.rawValue), target: field.name)
        }
      })
    #expect(votes.contains { $0.target == "sha256" })
    #expect(votes.contains { $0.target == "notes[n].body" })
    let kept = try await db.ledger.fleet(db.system()) { tx in
      try await MappingVote.keep(votes, of: client, in: tx)
    }
    #expect(kept == votes.count)
  }

  @Test("of others are counted where one client's cannot be, and the job fails and says whose")
  func passedOver() async throws {
    let db = try await TestDatabase.make()
    let all = try await clients(db)
    // No field that the table takes.
    try await bring([Self.zone: "No field"], at: all[1], db)
    try await bring([Self.zone: "location"], at: all[2], db)
    try await count(db)
    let rows = try await stored(db)
    #expect(rows.count == 1 && rows.first?.contains(all[2].description) == true)
    let errors = try await db.superuser().query(
      .superuser,
      """
      SELECT a.error
      FROM job_attempt a
      JOIN job j ON j.tenant_id = a.tenant_id AND j.id = a.job_id
      WHERE j.kind = 'migration.votes' AND a.outcome = 'failed'
      """, as: String.self)
    let error = try #require(errors.first)
    #expect(
      error.hasSuffix("1 client was passed over: \(all[1]) (23514 mapping_vote_target_form).")
        && !error.contains("No field"))
  }

  @Test("hold no text of a client's, and its connection learns neither a header nor who voted")
  func isolation() async throws {
    let db = try await TestDatabase.make()
    let all = try await clients(db)
    for client in all[1...] { try await bring([Self.zone: "location", "Canary": "department"], at: client, db) }
    try await count(db)
    let rows = try await stored(db)
    #expect(rows.count == 2 * (all.count - 1))
    for word in ["zone", "51", "canary"] {
      #expect(!rows.contains { row in row.replacing(/[0-9a-f-]{32,}/, with: "").lowercased().contains(word) })
    }
    let refused: [SQL] = [
      "SELECT count(*) FROM mapping_vote", "SELECT count(*) FROM mapping_vote_clients()",
      "SELECT count(header_hmac) FROM mapping_vote",
    ]
    for sql in refused {
      let error = await #expect(throws: PostgresError.self) {
        _ = try await db.database.query(.tenant, sql, as: Int.self)
      }
      #expect(error?.sqlState == .insufficientPrivilege)
    }
    let settings = TransactionSettings(values: [("ops.tenant", all[0].description)])
    let zone = try #require(db.ledger.vault?.headerKey).digest(of: MappingMemory.key(of: Self.zone), as: "case")
    let answer = try await db.database.transaction(.tenant, settings) { tx in
      try await tx.query(
        """
        SELECT to_jsonb(v)::text FROM mapping_votes(\(Self.navex), ARRAY[\(zone)::bytea]) v
        """, as: String.self)
    }
    #expect(answer.count == 1 && answer.first?.contains("\"clients\": \(all.count - 1)") == true)
    for client in all { #expect(answer.first?.contains(client.description) == false) }
    // Who has no key cannot ask for a header by its name.
    let guessed = Vault(key: Array(repeating: 1, count: 32)).headerKey.digest(of: "zone51", as: "case")
    let found = try await db.database.query(
      .tenant, "SELECT count(*) FROM mapping_votes(\(Self.navex), ARRAY[\(guessed)::bytea])", as: Int.self)
    #expect(found == [0])
  }
}
