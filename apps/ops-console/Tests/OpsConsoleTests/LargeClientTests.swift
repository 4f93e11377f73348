// A client with very much of everything: what its pages ask is answered by indexes, and reads what they show.

import Access
import EthicoTypes
import Foundation
import Postgres
import TestSupport
import Testing

@testable import Workspace

@Suite("A large client")
struct LargeClientTests {
  /// Twenty thousand more cases, each with a lead, a tenth of them open; as many employees, whom one campaign asks.
  private func grown() async throws -> (db: TestDatabase, lead: ID<ClientUser>, campaign: ID<Campaign>) {
    let db = try await TestDatabase.make()
    let superuser = db.superuser()
    let acme = World.acmeHealth.id
    let people = try await superuser.query(
      .superuser, "SELECT id FROM client_user WHERE tenant_id = \(acme) ORDER BY id LIMIT 100", as: ID<ClientUser>.self)
    let campaign = try #require(
      try await superuser.query(
        .superuser,
        "SELECT id FROM campaign WHERE tenant_id = \(acme) AND status = 'active' ORDER BY id LIMIT 1",
        as: ID<Campaign>.self
      ).first)
    let statements: [SQL] = [
      "ALTER TABLE \"case\" DISABLE TRIGGER USER", "ALTER TABLE case_assignment DISABLE TRIGGER USER",
      "ALTER TABLE employee DISABLE TRIGGER USER", "ALTER TABLE attestation DISABLE TRIGGER USER",
      """
      INSERT INTO "case" (tenant_id, id, reference, title, category_id, stage, severity, outcome, opened_at, due_at,
        changed_at, changed_by)
      SELECT \(acme), gen_random_uuid(), 'CASE-2020-' || (100000 + n), 'One of many', k.id,
        CASE WHEN n % 10 = 0 THEN 'active' ELSE 'archived' END, 'low', CASE WHEN n % 10 > 0 THEN 'inconclusive' END,
        now() - n * interval '1 hour', now(), now(), 'system:test'
      FROM generate_series(1, 20000) AS n
      CROSS JOIN LATERAL (SELECT id FROM category WHERE tenant_id = \(acme) AND n > 0 ORDER BY id LIMIT 1) k
      """,
      """
      INSERT INTO case_assignment (tenant_id, id, case_id, user_id, part, assigned_at, changed_at, changed_by)
      SELECT tenant_id, gen_random_uuid(), id, (\(people)::uuid[])[1 + (row_number() OVER (ORDER BY id))::integer % 10],
        'lead', now(), now(), 'system:test'
      FROM "case" WHERE tenant_id = \(acme) AND title = 'One of many'
      """,
      """
      INSERT INTO employee (tenant_id, id, number, name, changed_at, changed_by)
      SELECT \(acme), gen_random_uuid(), 'L' || n, 'Person ' || n, now(), 'system:test'
      FROM generate_series(1, 20000) AS n
      """,
      """
      INSERT INTO attestation (tenant_id, id, campaign_id, employee_id, due_at, changed_at, changed_by)
      SELECT tenant_id, gen_random_uuid(), \(campaign), id, now(), now(), 'system:test'
      FROM employee WHERE tenant_id = \(acme) AND number LIKE 'L%'
      """,
      "ANALYZE \"case\", case_assignment, employee, attestation",
    ]
    for statement in statements { _ = try await superuser.execute(.superuser, statement) }
    await superuser.close()
    return (db, people[2], campaign)
  }

  private func plan(of sql: SQL, _ db: TestDatabase) async throws -> String {
    try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await tx.query("EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) \(fragment: sql)", as: String.self)
    }.joined(separator: "\n")
  }

  @Test("has its cases chosen by an index, whoever leads them, and what is open counted by one")
  func cases() async throws {
    let (db, lead, _) = try await grown()
    let led = CaseFilter(lead: .person(lead))
    for filter in [CaseFilter(), CaseFilter(stages: [.new]), led] {
      let plan = try await plan(of: Case.pageSQL(filter), db)
      #expect(!plan.contains("Seq Scan on \"case\""), "\(plan)")
    }
    for sql in [Case.pageSQL(led), Case.countSQL(led)] {
      let plan = try await plan(of: sql, db)
      #expect(plan.contains("case_assignment_user") && !plan.contains("Seq Scan on \"case\""), "\(plan)")
    }
    // Somebody's cases are held against words once, not once a category.
    let sought = try await plan(of: Case.pageSQL(CaseFilter(words: "nobody wrote this", lead: .person(lead))), db)
    let loops = sought.matches(of: #/loops=([0-9]+)/#).compactMap { Int($0.1) }
    #expect(!loops.isEmpty && loops.allSatisfy { $0 <= 1 }, "\(sought)")
    let counts = try await plan(of: WorkspaceCounts.sql(at: db.clock.now), db)
    #expect(counts.contains("case_unclosed"), "\(counts)")
    let candidates = try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      (try await tx.all(Case.leadCandidates), try await tx.all(Case.leadNames))
    }
    #expect(candidates.0.map(\.person) == candidates.1.map(\.person))
    #expect(candidates.0.compactMap(\.load).reduce(0, +) >= 200 && candidates.1.allSatisfy { $0.load == nil })
  }

  @Test("has a campaign's later pages read from where they begin, and its rare states by an index")
  func attestations() async throws {
    let (db, _, campaign) = try await grown()
    let now = db.clock.now
    let later = AttestationFilter(after: AttestationFilter.Cursor(name: "Person 9", id: ID(UUID())))
    let page = try await plan(of: Attestation.pageSQL(campaign, later, at: now), db)
    #expect(page.contains("AND (name >= "), "\(page)")
    let skipped = AttestationFilter(states: [.skipped])
    for sql in [
      Attestation.pageSQL(campaign, skipped, at: now), Attestation.countSQL(campaign, skipped, at: now),
    ] {
      let plan = try await plan(of: sql, db)
      #expect(!plan.contains("Seq Scan on attestation") && plan.contains("(state = ANY"), "\(plan)")
    }
  }

  @Test("has its search index counted before it is compared, and compared where the counts differ")
  func searchIndex() async throws {
    let (db, _, _) = try await grown()
    let superuser = db.superuser()
    let acme = World.acmeHealth.id
    _ = try await superuser.execute(
      .superuser,
      """
      INSERT INTO search_document (tenant_id, entity, id, generation, language, title, body, mapping)
      SELECT s.tenant_id, 'case', s.id, 1, s.language, s.title, s.body, search_mapping()
      FROM search_source('case') s WHERE s.tenant_id = \(acme)
      ON CONFLICT DO NOTHING
      """)
    let whole = try await standing(db)
    #expect(!whole.isCompared && whole.records == 20_220 && whole.found == 20_220 && whole.missing == 0)
    _ = try await superuser.execute(
      .superuser,
      """
      DELETE FROM search_document WHERE tenant_id = \(acme) AND entity = 'case' AND id = (
        SELECT id FROM "case" WHERE tenant_id = \(acme) ORDER BY id LIMIT 1)
      """)
    await superuser.close()
    let lacking = try await standing(db)
    #expect(lacking.isCompared && lacking.found == 20_219 && lacking.missing == 1 && lacking.surplus == 0)
  }

  private func standing(_ db: TestDatabase) async throws -> IndexStanding {
    try await db.ledger.tenant(by: db.system(World.acmeHealth)) { tx in
      try await SearchIndex.standing(of: .case, in: tx)
    }
  }
}
