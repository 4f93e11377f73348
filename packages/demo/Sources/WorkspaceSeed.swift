// What is inside one client: people, categories, reports, cases, notes, settings.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

struct WorkspaceSeed: Sendable {
  let ledger: Ledger
  let client: SeedClient
  let anchor: Date

  func run(using random: inout SplitMix64) async throws {
    let people = makePeople(using: &random)
    let categories = makeCategories()
    var own = SplitMix64(seed: client.source &+ 2)
    let employees = client.size == .ordinary ? makeEmployees(using: &own) : makeEmployees(using: &random)
    let cases = makeCases(people, categories, using: &random)
    try await store(people, categories, employees)
    for some in cases.batches(of: 100) { try await store(some) }
    try await storeSettings(using: &random)
  }

  private var author: Author {
    Seed.author(ledger.ids, at: ledger.timepiece.now()).on(client.id)
  }

  func id(_ date: Date) -> String {
    let id: ID<Tenant> = ledger.ids.next(at: date)
    return id.description
  }

  // MARK: Categories

  struct CategoryRow: Encodable {
    let id: String
    let code: String
    let name: String
    let severity: String
    let days: Int
    let place: Int
  }

  private func makeCategories() -> [CategoryRow] {
    let begun = anchor.addingTimeInterval(-395 * 86_400)
    return Tales.categories.enumerated().map { index, made in
      CategoryRow(
        id: id(begun), code: made.code, name: made.name, severity: made.severity, days: made.days, place: index + 1)
    }
  }

  // MARK: Cases

  struct CaseRow: Encodable {
    let id: String
    let reportID: String
    var reference = ""
    let title: String
    let words: String
    let language: String
    let channel: String
    let reporter: String
    var reporterName: String?
    var reporterContact: String?
    let categoryID: String
    let stage: String
    let severity: String
    let outcome: String?
    let openedAt: Date
    let dueAt: Date
    let closedAt: Date?
    let assignmentID: String
    let leadID: String?
    let noteID: String
    let note: String?
    let noteAuthor: String?
    let noteVisibility: String

    /// With its place among the client's cases, which its reference and its reporter follow from.
    func numbered(_ index: Int) -> CaseRow {
      var row = self
      let year = Calendar(identifier: .gregorian).component(.year, from: openedAt)
      row.reference = "RPT-\(year)-" + (index + 1).padded(to: 5)
      guard reporter != "anonymous" else { return row }
      let identity = Names.reporter(number: index)
      row.reporterName = identity.name
      row.reporterContact = identity.contact
      return row
    }
  }

  private func makeCases(
    _ people: [PersonRow], _ categories: [CategoryRow], using random: inout SplitMix64
  ) -> [CaseRow] {
    let workers = people.filter { person in
      person.state == UserState.active.rawValue && ClientRole(rawValue: person.role)?.worksCases ?? false
    }
    let shared = client.size.sharedCases
    let drawn = makeCases(shared, workers, categories, using: &random)
    var own = SplitMix64(seed: client.source &+ 3)
    let more = makeCases(max(0, client.volume.cases - shared), workers, categories, using: &own)
    return (drawn.suffix(client.volume.cases) + more).sorted { $0.openedAt < $1.openedAt }
      .enumerated().map { $1.numbered($0) }
  }

  private func makeCases(
    _ count: Int, _ workers: [PersonRow], _ categories: [CategoryRow], using random: inout SplitMix64
  ) -> [CaseRow] {
    let opened = (0..<count).map { _ in
      anchor.addingTimeInterval(-Double(Int.random(in: 7_200...390 * 86_400, using: &random)))
    }.sorted()
    return opened.map { makeCase($0, workers, categories, using: &random) }
  }

  private func makeCase(
    _ opened: Date, _ workers: [PersonRow], _ categories: [CategoryRow], using random: inout SplitMix64
  ) -> CaseRow {
    let tale = random.pick(client.tales)
    let number = Tales.categories.firstIndex { $0.code == tale.category } ?? 0
    let category = categories[number]
    let age = anchor.timeIntervalSince(opened) / 86_400
    let stage = stage(ageDays: age, using: &random)
    let isClosed = ["closed", "remediation", "archived"].contains(stage)
    let closed =
      isClosed ? opened.addingTimeInterval(Double.random(in: 2...min(40, max(3, age)), using: &random) * 86_400) : nil
    let hasNote = stage != "new" && random.chance(0.6)
    let channel = random.pick(weighted: [("phone", 5), ("web_form", 4), ("email", 1), ("chatbot", 1), ("proxy", 1)])
    let reporter = random.pick(weighted: [("anonymous", 6), ("confidential", 3), ("identified", 2)])
    return CaseRow(
      id: id(opened), reportID: id(opened), title: tale.title, words: tale.words, language: tale.language,
      channel: channel, reporter: reporter, categoryID: category.id, stage: stage, severity: category.severity,
      outcome: isClosed
        ? random.pick(["substantiated", "unsubstantiated", "inconclusive", "policy_violation", "no_violation"]) : nil,
      openedAt: opened, dueAt: opened.addingTimeInterval(Double(category.days) * 86_400), closedAt: closed,
      assignmentID: id(opened), leadID: stage == "new" ? nil : random.pick(workers).id,
      noteID: id(opened), note: hasNote ? random.pick(Tales.notes) : nil,
      noteAuthor: hasNote ? random.pick(workers).id : nil,
      noteVisibility: random.pick(weighted: [("team", 6), ("all", 3), ("private", 1)]))
  }

  /// Young cases are at their beginning; old ones are mostly done.
  private func stage(ageDays: Double, using random: inout SplitMix64) -> String {
    switch ageDays {
    case ..<4: random.pick(weighted: [("new", 6), ("assigned", 3), ("active", 1)])
    case ..<30: random.pick(weighted: [("new", 1), ("assigned", 3), ("active", 5), ("review", 2), ("closed", 2)])
    default:
      random.pick(weighted: [("active", 2), ("review", 1), ("closed", 8), ("remediation", 1), ("archived", 3)])
    }
  }

  // MARK: Storing

  private func store(_ people: [PersonRow], _ categories: [CategoryRow], _ employees: [EmployeeRow]) async throws {
    let peopleRows = try JSONText.rows(people)
    let categoryRows = try JSONText.rows(categories)
    let employeeRows = try JSONText.rows(employees)
    let tenant = client.id
    try await ledger.tenant(by: author) { tx in
      try await tx.execute(
        """
        INSERT INTO client_user (tenant_id, id, email, name, role, state, title, invited_at, last_sign_in_at,
          second_factor_since)
        SELECT \(tenant), id, email, name, role, state, title, invited_at, last_sign_in_at, second_factor_since
        FROM jsonb_to_recordset(\(peopleRows)) AS r (id uuid, email text, name text, role text, state text, title text,
          invited_at timestamptz, last_sign_in_at timestamptz, second_factor_since timestamptz)
        """)
      try await tx.execute(
        """
        INSERT INTO category (tenant_id, id, code, name, severity_default, sla_days, position)
        SELECT \(tenant), id, code, name, severity, days, place
        FROM jsonb_to_recordset(\(categoryRows)) AS r (id uuid, code text, name text, severity text, days integer,
          place integer)
        """)
      try await tx.execute(
        """
        INSERT INTO employee (tenant_id, id, number, name, email, title)
        SELECT \(tenant), id, number, name, email, title
        FROM jsonb_to_recordset(\(employeeRows)) AS r (id uuid, number text, name text, email text, title text)
        """)
      try await tx.count(.people)
      try await tx.record("demo.people", detail: "\(people.count) users, \(employees.count) employees")
    }
  }

  private func store(_ cases: [CaseRow]) async throws {
    let rows = try JSONText.rows(cases)
    let tenant = client.id
    try await ledger.tenant(by: author) { tx in
      try await tx.execute(
        """
        INSERT INTO report (tenant_id, id, reference, channel, reporter, reporter_name, reporter_contact, language,
          category_id, body, received_at)
        SELECT \(tenant), report_id, reference, channel, reporter, reporter_name, reporter_contact, language,
          category_id, words, opened_at
        FROM jsonb_to_recordset(\(rows)) AS r (report_id uuid, reference text, channel text, reporter text,
          reporter_name text, reporter_contact text, language text, category_id uuid, words text,
          opened_at timestamptz)
        """)
      try await tx.execute(
        """
        INSERT INTO "case" (tenant_id, id, reference, title, category_id, stage, severity, outcome, opened_at, due_at,
          closed_at, changed_at)
        SELECT \(tenant), id, reference, title, category_id, stage, severity, outcome, opened_at, due_at, closed_at,
          COALESCE(closed_at, opened_at)
        FROM jsonb_to_recordset(\(rows)) AS r (id uuid, reference text, title text, category_id uuid, stage text,
          severity text, outcome text, opened_at timestamptz, due_at timestamptz, closed_at timestamptz)
        """)
      try await tx.execute(
        """
        INSERT INTO case_report (tenant_id, case_id, report_id, link)
        SELECT \(tenant), id, report_id, 'primary'
        FROM jsonb_to_recordset(\(rows)) AS r (id uuid, report_id uuid)
        """)
      try await tx.execute(
        """
        INSERT INTO case_assignment (tenant_id, id, case_id, user_id, part, assigned_at)
        SELECT \(tenant), assignment_id, id, lead_id, 'lead', opened_at
        FROM jsonb_to_recordset(\(rows)) AS r (id uuid, assignment_id uuid, lead_id uuid, opened_at timestamptz)
        WHERE lead_id IS NOT NULL
        """)
      try await tx.execute(
        """
        INSERT INTO note (tenant_id, id, case_id, author_id, visibility, body, created_at)
        SELECT \(tenant), note_id, id, note_author, note_visibility, note, opened_at + interval '1 day'
        FROM jsonb_to_recordset(\(rows)) AS r (id uuid, note_id uuid, note_author uuid, note_visibility text, note text,
          opened_at timestamptz)
        WHERE note IS NOT NULL
        """)
      try await tx.count(.cases(rows))
      try await tx.record("demo.cases", detail: "\(cases.count) cases")
    }
  }

  private func storeSettings(using random: inout SplitMix64) async throws {
    let days = String(random.pick([14, 21, 30, 45]))
    let tenant = client.id
    try await ledger.tenant(by: author) { tx in
      try await tx.execute(
        """
        INSERT INTO tenant_setting (tenant_id, key, value)
        VALUES (\(tenant), 'cases.default_sla_days', \(days)), (\(tenant), 'security.second_factor_required', 'true')
        """)
      try await tx.record("tenant_setting.set", detail: "cases.default_sla_days, security.second_factor_required")
    }
  }
}
