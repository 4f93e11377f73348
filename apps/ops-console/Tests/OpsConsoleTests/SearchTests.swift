// Search in one client through the routes: what it finds, what it never finds, and how what was written comes into it.

import Access
import EthicoTypes
import Foundation
import Jobs
import Logging
import OpsConsole
import Postgres
import TestSupport
import Testing
import Workspace

@Suite("Search")
struct SearchTests: SearchSteps {
  /// Puts the canary into a record of every entity that can be changed.
  private func plant(_ db: TestDatabase, _ tenant: Tenant) async throws {
    let word = Self.canary
    try await write(db, tenant) { tx in
      try await Self.summarize(word, in: tx)
      try await tx.execute(
        """
        INSERT INTO case_message (tenant_id, id, case_id, direction, body, sent_at)
        SELECT tenant_id, gen_random_uuid(), id, 'from_reporter', \(word), \(tx.at) FROM "case" LIMIT 1
        """)
      try await tx.execute(
        """
        INSERT INTO note (tenant_id, id, case_id, visibility, body)
        SELECT tenant_id, gen_random_uuid(), id, 'team', \(word) FROM "case" LIMIT 1
        """)
      try await tx.execute(
        """
        INSERT INTO policy (tenant_id, id, title, type, working_title, working_body)
        VALUES (\(tenant.id), gen_random_uuid(), 'Draft', 'other', 'Draft', \(word))
        """)
      try await tx.execute("UPDATE disclosure SET body = \(word) WHERE id = (SELECT id FROM disclosure LIMIT 1)")
      try await tx.execute("UPDATE campaign SET name = \(word) WHERE id = (SELECT id FROM campaign LIMIT 1)")
      try await tx.execute("UPDATE client_user SET name = \(word) WHERE id = (SELECT id FROM client_user LIMIT 1)")
      try await tx.execute("UPDATE employee SET name = \(word) WHERE id = (SELECT id FROM employee LIMIT 1)")
      try await tx.execute(
        """
        INSERT INTO attachment (tenant_id, id, case_id, file_name, kind, byte_count, sha256, attached_at)
        SELECT tenant_id, gen_random_uuid(), id, \(word + "_1.pdf"), 'pdf', 1, sha256('a'), \(tx.at) FROM "case" LIMIT 1
        """)
      try await tx.execute(
        """
        INSERT INTO report (tenant_id, id, reference, channel, reporter, language, category_id, body, received_at)
        SELECT tenant_id, gen_random_uuid(), 'RPT-2026-99999', 'phone', 'anonymous', 'en', id, \(word), \(tx.at)
        FROM category LIMIT 1
        """)
    }
    try await drain(db)
  }

  @Test("finds what was written a moment ago in every entity, and nothing of it from another client")
  func canaries() async throws {
    let db = try await TestDatabase.make()
    try await plant(db, World.borealisBank)
    let (browser, home) = try await inside(db, World.borealisBank)
    let kinds = try await found(browser, home, "q=" + Self.canary).map { String($0.prefix { $0 != " " }) }
    #expect(
      kinds.sorted() == [
        "campaign", "case", "disclosure", "file", "message", "note", "person", "person", "policy", "report",
      ])
    let (other, theirs) = try await inside(db)
    for query in [Self.canary, "quetzal", "\"\(Self.canary)\"", "RPT-2026-99999"] {
      let reply = try await other.get(theirs + "search?q=" + query.replacing("\"", with: "%22"))
      #expect(reply.status == 200 && reply.body.contains("Nothing matches"), "\(query)")
    }
    let waiting = try await db.superuser().query(.superuser, "SELECT count(*) FROM search_dirty", as: Int.self)
    #expect(waiting == [0])
  }

  @Test("of two clients over four connections never mixes what it finds")
  func interleaved() async throws {
    let db = try await TestDatabase.make(pools: 4)
    try await plant(db, World.borealisBank)
    let clients = [World.acmeHealth, World.borealisBank]
    try await withThrowingTaskGroup(of: Void.self) { group in
      // Each of two hundred asks five times: as many as wait for a connection at once.
      for number in 0..<200 {
        group.addTask {
          for turn in 0..<5 {
            let side = (number + turn) % 2
            let settings = TransactionSettings(values: [("ops.tenant", clients[side].id.description)])
            let count = try await db.database.transaction(.tenant, settings) { tx in
              try await tx.first("SELECT count(*) FROM search_hit(search_words(\(Self.canary)), 5000)", as: Int.self)
            }
            #expect(count == side * 10)
          }
        }
      }
      try await group.waitForAll()
    }
  }

  /// What is written while what was ordered before is carried out.
  enum Late: CaseIterable {
    case anotherRecord
    case theSameRecord
  }

  @Test("loses no mark of a write that commits only after its order was carried out", arguments: Late.allCases)
  func behind(_ late: Late) async throws {
    let db = try await TestDatabase.make()
    try await write(db, World.acmeHealth) { tx in try await Self.summarize("orders the indexing", in: tx) }
    let (held, isHeld) = AsyncStream.makeStream(of: Void.self)
    let (done, isDone) = AsyncStream.makeStream(of: Void.self)
    async let writer: Void = write(db, World.acmeHealth) { tx in
      switch late {
      case .anotherRecord:
        try await tx.execute("UPDATE campaign SET name = \(Self.canary) WHERE id = (SELECT id FROM campaign LIMIT 1)")
      case .theSameRecord: try await Self.summarize(Self.canary, in: tx)
      }
      // It is held for as long as the indexing takes, on whatever machine.
      try await tx.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
      isHeld.yield()
      for await _ in done { break }
    }
    for await _ in held { break }
    try await drain(db)
    isDone.yield()
    try await writer
    db.clock.advance(seconds: 2)
    try await drain(db)
    let (browser, home) = try await inside(db)
    let hits = try await found(browser, home, "q=" + Self.canary)
    switch late {
    case .anotherRecord: #expect(hits == ["campaign \(Self.canary)"])
    case .theSameRecord: #expect(hits.count == 1 && hits[0].hasPrefix("case RPT-"))
    }
  }

  @Test("shows each role what it may read and no more")
  func roles() async throws {
    let db = try await TestDatabase.make()
    try await plant(db, World.acmeHealth)
    for (role, kinds) in [
      (ClientRole.employee, []), (.policyAuthor, ["campaign", "policy"]),
      (.investigator, ["case", "disclosure", "file", "message", "note", "person", "person", "report"]),
    ] as [(ClientRole, [String])] {
      let acting = try await db.enter(World.acmeHealth, subject: try await db.address(of: role))
      let browser = try RouterClient(db)
      try await browser.signIn(World.support)
      let home = "/i/\(acting.impersonation.id)/"
      let seen = try await found(browser, home, "q=" + Self.canary).map { String($0.prefix { $0 != " " }) }
      #expect(seen.sorted() == kinds, "\(role)")
    }
    try await write(db, World.acmeHealth) { tx in
      try await tx.execute("UPDATE note SET visibility = 'private', author_id = NULL WHERE body = \(Self.canary)")
    }
    try await drain(db)
    let acting = try await db.enter(World.acmeHealth, subject: try await db.address(of: .investigator))
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    #expect(try await found(browser, "/i/\(acting.impersonation.id)/", "kind=note&q=" + Self.canary).isEmpty)
  }

  @Test("finds a policy's file for whoever may read that policy, and says which it is of")
  func policyFiles() async throws {
    let db = try await TestDatabase.make()
    try await write(db, World.acmeHealth) { tx in
      try await tx.execute(
        """
        INSERT INTO policy (tenant_id, id, title, type, working_title, number)
        VALUES (\(World.acmeHealth.id), gen_random_uuid(), 'Drones', 'other', 'Drones', 'POL-77')
        """)
      try await tx.execute(
        """
        INSERT INTO attachment (tenant_id, id, policy_id, is_internal, file_name, kind, byte_count, sha256, attached_at)
        SELECT p.tenant_id, gen_random_uuid(), p.id, p.n = 'internal',
          concat_ws('_', \(Self.canary)::text, n, '.pdf'), 'pdf', 1, sha256('a'), \(tx.at)
        FROM (
          SELECT tenant_id, id, 'draft' AS n FROM policy WHERE title = 'Drones'
          UNION ALL (SELECT tenant_id, id, 'internal' FROM policy WHERE status = 'published' LIMIT 1)
          UNION ALL (SELECT tenant_id, id, 'published' FROM policy WHERE status = 'published' LIMIT 1)) p
        """)
    }
    try await drain(db)
    for (role, states) in [
      (ClientRole.policyAuthor, ["draft", "internal", "published"]), (.employee, ["published"]),
      (.investigator, ["published"]),
    ] {
      let acting = try await db.enter(World.acmeHealth, subject: try await db.address(of: role))
      let browser = try RouterClient(db)
      try await browser.signIn(World.support)
      let titles = try await found(browser, "/i/\(acting.impersonation.id)/", "q=" + Self.canary)
      #expect(titles.sorted() == states.map { "file \(Self.canary)_\($0)_.pdf" }, "\(role)")
    }
    let (browser, home) = try await inside(db)
    #expect(try await browser.get(home + "search?q=" + Self.canary).body.contains("</mark>_draft_.pdf · POL-77"))
  }

  @Test("knows the stems of each language, beginnings, phrases and words to leave out; marks are the only markup")
  func languages() async throws {
    let db = try await TestDatabase.make()
    try await write(db, World.acmeHealth) { tx in
      for (reference, language, body) in [
        ("RPT-2026-90001", "de", "Die Belästigungen häuften sich <script>alert(1)</script> im Xylophonlager."),
        ("RPT-2026-90002", "en", "Xylophones were bribing suppliers with policies."),
        ("RPT-2026-90003", "fr", "Des xylophonistes harcelaient la comptable."),
      ] {
        try await tx.execute(
          """
          INSERT INTO report (tenant_id, id, reference, channel, reporter, language, category_id, body, received_at)
          SELECT tenant_id, gen_random_uuid(), \(reference), 'phone', 'anonymous', \(language), id, \(body), \(tx.at)
          FROM category LIMIT 1
          """)
      }
    }
    try await drain(db)
    let (browser, home) = try await inside(db)
    for (query, wanted) in [
      ("bel%C3%A4stigung%20xylophonlager", [1]), ("xylophone%20bribe", [2]), ("harcel%C3%A9%20xylophoniste", [3]),
      ("xylo", [1, 2, 3]), ("xy", []), ("xylo%20-bribe", []), ("xylophones%20-policy", [3]),
      ("%22bribing%20suppliers%22", [2]), ("xylophonlager%20or%20bribing", [1, 2]),
    ] as [(String, [Int])] {
      let titles = try await found(browser, home, "kind=report&q=" + query).filter { $0.contains("RPT-2026-9000") }
      #expect(titles.sorted() == wanted.map { "report RPT-2026-9000\($0)" }, "\(query)")
    }
    let page = try await browser.get(home + "search?q=xylophonlager").body
    #expect(page.contains("<mark>Xylophonlager</mark>") && !page.contains("<script>alert"))
  }

  @Test("opens a reference, pages through all it finds, and writes each search down with its words beside the chain")
  func searching() async throws {
    let db = try await TestDatabase.make()
    let (browser, home) = try await inside(db)
    let reference = try await db.superuser().query(
      .superuser, "SELECT reference FROM \"case\" WHERE tenant_id = \(World.acmeHealth.id) LIMIT 1", as: String.self)[0]
    let opened = try await browser.get(home + "search?q=" + reference.lowercased())
    #expect(opened.status == 303 && opened.location?.hasPrefix(home + "cases/") == true)
    var seen: [String] = []
    var after = ""
    var count = 0
    repeat {
      let part = try await browser.json(home + "search?q=supplier" + after)
      let items = part["items"] as? [Item] ?? []
      #expect(items.count <= 20)
      seen += items.map { "\($0["entity"] ?? "") \($0["id"] ?? "")" }
      count = part["count"] as? Int ?? 0
      after = (part["next"] as? String).map { "&after=" + $0 } ?? ""
    } while !after.isEmpty && seen.count < 500
    #expect(seen.count == count && Set(seen).count == count && count > 20)
    #expect(try await browser.get(home + "search?q=other&after=nonsense").status == 400)
    let long = try await browser.get(home + "search?q=" + String(repeating: "a", count: 201))
    #expect(long.status == 422 && long.body.contains(String(repeating: "a", count: 201)))
    let events = try await db.superuser().query(
      .superuser,
      """
      SELECT concat_ws(' ', e.body::jsonb ->> 'status', d.text, e.body LIKE '%supplier%') FROM audit_event e
      JOIN audit_detail d ON d.event = e.id
      WHERE e.action = 'search.run' AND e.impersonation_id IS NOT NULL ORDER BY e.at LIMIT 2
      """, as: String.self)
    #expect(events == ["303 \(reference.lowercased()) f", "200 supplier f"])
  }

  @Test("says so when it takes too long, and keeps the words")
  func slow() async throws {
    let db = try await TestDatabase.make()
    let (browser, home) = try await inside(db)
    let superuser = db.superuser()
    let (held, isHeld) = AsyncStream.makeStream(of: Void.self)
    let (done, isDone) = AsyncStream.makeStream(of: Void.self)
    async let holder: Void = superuser.transaction(.superuser, TransactionSettings(values: [])) { tx in
      try await tx.execute("LOCK TABLE search_document IN ACCESS EXCLUSIVE MODE")
      isHeld.yield()
      for await _ in done { break }
    }
    for await _ in held { break }
    let page = try await browser.get(home + "search?q=supplier")
    let problem = try await browser.get(home + "search?q=supplier", accept: "application/json")
    isDone.yield()
    try await holder
    #expect(page.status == 503 && page.body.contains("value=\"supplier\""))
    #expect(try problem.gist == "503 search_slow")
    await superuser.close()
  }

  @Test("finds what is of the kind that is asked for, however many others hold the words")
  func crowdedOut() async throws {
    let db = try await TestDatabase.make()
    let superuser = db.superuser()
    _ = try await superuser.execute(
      .superuser,
      """
      INSERT INTO search_document (tenant_id, entity, id, generation, language, title, body, mapping)
      SELECT \(World.acmeHealth.id), 'employee', gen_random_uuid(), 1, 'und', 'Cornucopia ' || n, '', 1
      FROM generate_series(1, 6000) AS n
      """)
    try await write(db, World.acmeHealth) { tx in
      try await tx.execute(
        "UPDATE campaign SET name = 'The last cornucopia' WHERE id = (SELECT id FROM campaign LIMIT 1)")
    }
    try await drain(db)
    let (browser, home) = try await inside(db)
    let found = try await found(browser, home, "q=cornucopia&kind=campaign")
    #expect(found.count == 1)
    await superuser.close()
  }

  @Test("reaches the text index through one function alone, which uses it and needs a client")
  func catalogue() async throws {
    let db = try await TestDatabase.make()
    let superuser = db.superuser()
    let owner = try await superuser.query(
      .superuser, "SELECT proowner::regrole::text FROM pg_proc WHERE proname = 'search_hit' AND prosecdef",
      as: String.self)
    #expect(owner == ["ethico_search"])
    let rights = try await superuser.query(
      .superuser,
      """
      SELECT r.role || ' ' || t.name
      FROM unnest(ARRAY['console_fleet', 'portal_tenant', 'console_audit']) AS r (role)
      CROSS JOIN unnest(ARRAY['search_document', 'search_dirty', 'search_index', 'report', 'note', 'case_message'])
        AS t (name)
      WHERE r.role <> 'portal_tenant' OR t.name LIKE 'search%'
      GROUP BY 1, r.role, t.name
      HAVING bool_or(has_table_privilege(r.role, t.name, 'SELECT, INSERT, UPDATE, DELETE'))
        OR bool_or(has_any_column_privilege(r.role, t.name, 'SELECT'))
      """, as: String.self)
    #expect(rights.isEmpty)
    for role in [PoolRole.fleet, .portal] {
      let error = await #expect(throws: PostgresError.self) {
        _ = try await db.pool(of: role).query(role, "SELECT id FROM search_hit('a'::tsquery, 1)", as: UUID.self)
      }
      #expect(error?.sqlState == .insufficientPrivilege)
    }
    let unset = await #expect(throws: PostgresError.self) {
      _ = try await db.database.query(.tenant, "SELECT id FROM search_hit('a'::tsquery, 1)", as: UUID.self)
    }
    #expect(unset?.sqlState == .insufficientPrivilege)
    _ = try await superuser.execute(
      .superuser,
      """
      INSERT INTO search_document (tenant_id, entity, id, generation, language, title, body, mapping)
      SELECT \(World.acmeHealth.id), 'employee', gen_random_uuid(), 1, 'und', 'Volume ' || n, '', 1
      FROM generate_series(1, 20000) AS n
      """)
    _ = try await superuser.execute(.superuser, "ANALYZE search_document")
    let settings = TransactionSettings(values: [("ops.tenant", World.acmeHealth.id.description)])
    let scans = try await superuser.transaction(.superuser, settings) { tx in
      // So few rows may be read from end to end as well; under row-level security the index could not be used at all.
      try await tx.execute(
        "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true)")
      let hits = try await tx.first("SELECT count(*) FROM search_hit(search_words('supplier'), 5000)", as: Int.self)
      #expect(hits ?? 0 > 0)
      return try await tx.first(
        "SELECT pg_stat_get_xact_numscans('search_document_tsv'::regclass)::int", as: Int.self)
    }
    #expect(scans == 1)
    await superuser.close()
  }
}
