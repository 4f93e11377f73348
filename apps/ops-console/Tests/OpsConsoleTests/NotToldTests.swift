// What a client learns of a visit by Ethico: its changes alone. Not who made them, nor that anybody looked, and nothing
// that counts as use.

import Access
import EthicoTypes
import Foundation
import HTTPTypes
import Postgres
import TestSupport
import Testing

@Suite("What a client is not told")
struct NotToldTests {
  private static let admin = "admin@acme-health.example"
  private static let steps = ProcessInfo.processInfo.environment["OPS_TEST_LONG"] == nil ? 60 : 500

  @Test("the client's own portal reads the same before and after a visit that only looks")
  func unseen() async throws {
    let db = try await TestDatabase.make()
    let portal = try await Portal(db)
    let before = try await portal.rows()
    let browser = try RouterClient(db)
    try await browser.signIn(World.support)
    let entered = try await browser.post("/t/acme-health/enter")
    let access = String(try #require(entered.location).dropLast())
    for page in ["/", "/people", "/settings", "/reports"] { _ = try await browser.get(access + page) }
    for records in ["/cases", "/policies", "/campaigns", "/disclosures"] {
      let list = try await browser.json(access + records + "?limit=20")
      for item in try #require(list["items"] as? [[String: Any]]) {
        _ = try await browser.get(access + records + "/\(item["id"] as? String ?? "")")
      }
    }
    _ = try await browser.post(access + "/exit")
    #expect(try await portal.rows() == before)
  }

  @Test(
    "of looks and changes by chance the portal sees the changes alone, without a name, nobody's own; none is counted")
  func seen() async throws {
    let visit = try await WorkspaceVisit(as: Self.admin)
    let subject = try await visit.id(of: Self.admin)
    let secrets = ["Jordan Doyle", World.support, "staff:", String(visit.access.dropFirst(3))]
    let portal = try await Portal(visit.db)
    let uses = try await uses(visit.db)
    var chance = try await Chance(visit)
    var changed: Set<String> = []
    var before = try await portal.rows()
    for step in 0..<Self.steps {
      let moment = visit.db.clock.now
      let did = try await chance.step(step)
      let after = try await portal.rows()
      let changes = try await changes(visit.db, since: moment)
      for (table, rows) in after {
        let was = before[table] ?? []
        let fresh = rows.subtracting(was)
        let told = changes.filter { $0.table == table }
        #expect(fresh.count == told.count { $0.verb != "D" }, "\(step) \(did): \(table)")
        #expect(was.subtracting(rows).count == told.count { $0.verb != "I" }, "\(step) \(did): \(table)")
        for secret in secrets { #expect(fresh.allSatisfy { !$0.contains(secret) }, "\(step) \(did): \(table)") }
        // What has an author has none of the client's people.
        if ["note", "case_message", "attachment"].contains(table) {
          #expect(fresh.allSatisfy { !$0.contains(subject) }, "\(step) \(did): \(table)")
        }
        if !fresh.isEmpty { changed.insert(table) }
      }
      before = after
    }
    // Each kind of change was there, and what does count was counted as what was done by Ethico.
    #expect(changed.isSuperset(of: Chance.tables), "\(changed.sorted())")
    let now = try await self.uses(visit.db)
    #expect(now.counted == uses.counted && now.uncounted > uses.uncounted)
  }

  /// The rows that changed since then: `I`, `U` or `D`, each once.
  private func changes(_ db: TestDatabase, since moment: Date) async throws -> [(table: String, verb: String)] {
    let found = try await db.superuser().query(
      .superuser,
      """
      SELECT concat(c.payload::jsonb ->> 'table', ' ', min(c.payload::jsonb ->> 'op'))
      FROM row_change c
      JOIN audit_event e ON e.id = c.event
      WHERE e.at > \(moment) AND e.at <= \(db.clock.now)
      GROUP BY c.payload::jsonb ->> 'table', c.payload::jsonb -> 'pk'
      """, as: String.self)
    return found.map { $0.split(separator: " ").map(String.init) }.map { ($0[0], $0[1]) }
  }

  /// The events of use that health and adoption are made of, and how many there are that count for nothing.
  private func uses(_ db: TestDatabase) async throws -> (counted: [String], uncounted: Int) {
    let superuser = db.superuser()
    let counted = try await superuser.query(
      .superuser,
      "SELECT to_jsonb(u)::text FROM usage_event u WHERE impersonation IS NULL AND NOT imported ORDER BY tenant_id, n",
      as: String.self)
    let others = try await superuser.query(
      .superuser, "SELECT count(*)::int FROM usage_event WHERE impersonation IS NOT NULL", as: Int.self)
    await superuser.close()
    return (counted, others.first ?? 0)
  }
}

/// What the client's own portal may read of Acme.
private struct Portal {
  let database: Database
  /// A query of each table, with the columns that the portal's role has.
  let queries: [String: String]

  init(_ db: TestDatabase) async throws {
    database = db.pool(of: .portal)
    let granted = try await database.query(
      .portal,
      """
      SELECT concat_ws(' ', table_name, string_agg(quote_ident(column_name), ',' ORDER BY column_name))
      FROM information_schema.column_privileges
      WHERE grantee = 'portal_tenant' AND privilege_type = 'SELECT'
      GROUP BY table_name
      """, as: String.self)
    queries = Dictionary(
      granted.map { $0.split(separator: " ").map(String.init) }.map {
        ($0[0], "SELECT concat_ws('|', \($0[1])) FROM \"\($0[0])\"")
      }
    ) { first, _ in first }
    #expect(queries.keys.count > 25)
  }

  /// Every row, by table.
  func rows() async throws -> [String: Set<String>] {
    let settings = TransactionSettings(values: [("ops.tenant", World.acmeHealth.id.description)])
    return try await database.transaction(.portal, settings) { tx in
      var rows: [String: Set<String>] = [:]
      for (table, query) in queries { rows[table] = Set(try await tx.query(SQL(trusted: query), as: String.self)) }
      return rows
    }
  }
}

/// A step by chance, the same in every run: somebody looks at something, or does one of many acts to some record.
private struct Chance {
  /// What the acts change.
  static let tables: Set = [
    "attachment", "attestation", "attestation_act", "branding", "campaign", "case", "case_assignment", "case_message",
    "case_report", "category", "client_user", "disclosure", "domain", "employee", "flag_override", "investigation",
    "note", "org_unit", "policy", "retention_rule", "sso_setting", "tenant_setting",
  ]

  private let visit: WorkspaceVisit
  private var dice = SplitMix64(seed: 7)
  /// The acts that have not had their turn.
  private var deck: [Int] = []
  private let records: [String: [String]]

  init(_ visit: WorkspaceVisit) async throws {
    self.visit = visit
    var records: [String: [String]] = [:]
    for (name, list) in [
      "case": "cases?stage=active&limit=20", "employee": "people/employees?limit=200", "unit": "people/units?limit=200",
      "user": "people?limit=200", "category": "settings/categories?limit=200", "policy": "policies?limit=50",
      "disclosure": "disclosures?limit=50", "report": "reports?limit=5", "campaign": "campaigns?status=active&limit=1",
    ] {
      let items = try #require(try await visit.browser.json("\(visit.access)/\(list)")["items"] as? [[String: Any]])
      records[name] = items.compactMap { $0[name == "report" ? "reference" : "id"] as? String }
    }
    self.records = records
  }

  /// Does the next step.
  /// - Returns: what was done.
  mutating func step(_ number: Int) async throws -> String {
    if Int.random(in: 0..<5, using: &dice) < 2 {
      let page = look()
      #expect(try await visit.browser.get("\(visit.access)/\(page)").status == 200, "\(page)")
      return page
    }
    let acts = acts(number)
    if deck.isEmpty { deck = Array(acts.indices).shuffled(using: &dice) }
    let act = acts[deck.removeLast()]
    let reply = try await visit.perform(act)
    // A report may be linked to the case already.
    #expect(reply.status == 303 || act.route == "cases/{case}/reports", "\(act.route): \(reply.status)")
    return act.route
  }

  private mutating func some(_ record: String) -> String {
    records[record]?.randomElement(using: &dice) ?? ""
  }

  private mutating func look() -> String {
    [
      "", "cases", "people", "people/employees", "people/units", "reports", "policies", "campaigns", "disclosures",
      "settings", "settings/sign-in", "search?q=invoice", "debug/jobs", "debug/search/case",
      "cases/\(some("case"))", "people/\(some("user"))", "policies/\(some("policy"))", "campaigns/\(some("campaign"))",
      "disclosures/\(some("disclosure"))", "people/employees/\(some("employee"))",
    ].randomElement(using: &dice) ?? ""
  }

  private mutating func acts(_ number: Int) -> [WorkspaceAct] {
    acts(onCase: "cases/" + some("case"), number) + settings(number) + acts(onPeople: number)
  }

  private mutating func acts(onPeople number: Int) -> [WorkspaceAct] {
    [
      WorkspaceAct(
        "people/employees/{employee}/edit", on: "people/employees/\(some("employee"))/edit",
        ["name": "Employee \(number)"], says: "employee.edit"),
      WorkspaceAct(
        "people/units/{unit}/rename", on: "people/units/\(some("unit"))", ["name": "Unit \(number)"],
        says: "org_unit.rename"),
      WorkspaceAct(
        "people/{user}/edit", on: "people/\(some("user"))/edit", ["title": "Title \(number)"],
        says: "client_user.edit"),
      WorkspaceAct(
        "disclosures", on: "disclosures/new",
        ["employee": "10045", "kind": "gift", "title": "Gift", "body": "Wine.", "currency": ""],
        says: "disclosure.create"),
      WorkspaceAct(
        "policies", on: "policies/new", ["title": "Policy \(number)", "body": "Be fair."], says: "policy.add"),
      WorkspaceAct(
        "campaigns", on: "campaigns/new", ["name": "Campaign \(number)", "due": "2029-06-01"], says: "campaign.add"),
      WorkspaceAct(
        "campaigns/{campaign}/attestations/{attestation}/complete",
        on: "campaigns/\(some("campaign"))/attestations/{state=pending}", says: "attestation.complete"),
    ]
  }

  private mutating func acts(onCase page: String, _ number: Int) -> [WorkspaceAct] {
    [
      WorkspaceAct("cases/{case}/notes", on: page, ["body": "Note \(number)"], says: "note.add"),
      WorkspaceAct(
        "cases/{case}/messages", on: page, ["message": "Message \(number)", "direction": "from_reporter"],
        says: "case_message.add"),
      WorkspaceAct("cases/{case}/edit", on: page + "/edit", ["title": "Title \(number)"], says: "case.edit"),
      WorkspaceAct("cases/{case}/reports", on: page, ["report": some("report")], says: "case_report.link"),
      WorkspaceAct("cases/{case}/members", on: page, says: "case_member.add"),
      WorkspaceAct("cases/{case}/attachments", on: page, file: WorkspaceAct.plan, says: "attachment.add"),
      WorkspaceAct(
        "cases/{case}/investigations", on: page + "/investigations/new", ["title": "Talks", "investigator": ""],
        says: "investigation.open"),
    ]
  }

  private mutating func settings(_ number: Int) -> [WorkspaceAct] {
    [
      WorkspaceAct(
        "settings/categories/{category}/edit", on: "settings/categories/\(some("category"))",
        ["name": "Category \(number)", "lead": "", "parent": ""], says: "category.edit"),
      WorkspaceAct("settings/domains", on: "settings/domains", ["name": "d\(number).example"], says: "domain.add"),
      WorkspaceAct("settings/branding", on: "settings/branding", ["name": "Brand \(number)"], says: "branding.edit"),
      WorkspaceAct(
        "settings/retention/{kind}", on: "settings/retention", ["report": String(100 + number)],
        says: "retention_rule.set"),
      WorkspaceAct(
        "settings/sign-in", on: "settings/sign-in", ["client_id": "portal-\(number)"], says: "sso_setting.edit"),
      WorkspaceAct(
        "debug/configuration/{key}", on: "debug/configuration/cases.default_sla_days",
        ["cases.default_sla_days": String(22 + number % 300)], says: "tenant_setting.set"),
      WorkspaceAct("debug/flags/{flag}", on: "debug/flags/ai_case_summary", says: "flag.set"),
    ]
  }
}
