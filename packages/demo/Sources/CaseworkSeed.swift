// The work on the cases of the demo's two full clients: what reporters and clients wrote to each other, investigations,
// a few files.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

struct CaseworkSeed: Sendable {
  let ledger: Ledger
  let client: SeedClient
  let anchor: Date

  func run() async throws {
    guard client.size != .ordinary else { return }
    let author = Seed.author(ledger.ids, at: ledger.timepiece.now()).on(client.id)
    try await ledger.tenant(by: author) { tx in
      let cases = try await tx.query(
        """
        SELECT c.id::text, c.stage, c.opened_at, a.user_id::text AS lead_id
        FROM "case" c
        JOIN case_assignment a ON a.tenant_id = c.tenant_id AND a.case_id = c.id AND a.part = 'lead'
        WHERE a.ended_at IS NULL
        ORDER BY c.opened_at, c.id
        """, as: LedCase.self)
      var random = SplitMix64(seed: UInt64(cases.count))
      try await store(makeMessages(cases, using: &random), in: tx)
      try await store(makeInvestigations(cases, using: &random), in: tx)
      try await SeedFile.store(makeFiles(cases, using: &random), of: client.id, in: tx)
      try await tx.count(.casework)
      try await tx.record("demo.casework", detail: "\(cases.count) cases")
    }
  }

  private struct LedCase: RowDecodable {
    let id: String
    let stage: String
    let openedAt: Date
    let lead: String

    init(row: Row) throws {
      id = try row["id"]
      stage = try row["stage"]
      openedAt = try row["opened_at"]
      lead = try row["lead_id"]
    }
  }

  private func id(_ date: Date) -> String {
    let id: ID<Tenant> = ledger.ids.next(at: date)
    return id.description
  }

  /// Some time after a case was opened, and before the present.
  private func later(_ found: LedCase, days: ClosedRange<Double>, using random: inout SplitMix64) -> Date {
    let age = anchor.timeIntervalSince(found.openedAt)
    return found.openedAt.addingTimeInterval(
      min(Double.random(in: days, using: &random) * 86_400, age * Double.random(in: 0.5...0.95, using: &random)))
  }

  // MARK: Messages

  private struct MessageRow: Encodable {
    let id: String
    let caseID: String
    let direction: String
    let authorID: String?
    let body: String
    let sentAt: Date
  }

  /// A question and its answer, on every third case about.
  private func makeMessages(_ cases: [LedCase], using random: inout SplitMix64) -> [MessageRow] {
    cases.flatMap { found -> [MessageRow] in
      guard random.chance(0.35) else { return [] }
      let (question, answer) = random.pick(Self.dialogues)
      let asked = later(found, days: 0.5...2, using: &random)
      let answered = later(found, days: 2.5...6, using: &random)
      let first = MessageRow(
        id: id(asked), caseID: found.id, direction: "to_reporter", authorID: found.lead, body: question,
        sentAt: asked)
      guard answered > asked, random.chance(0.8) else { return [first] }
      return [
        first,
        MessageRow(
          id: id(answered), caseID: found.id, direction: "from_reporter", authorID: nil, body: answer,
          sentAt: answered),
      ]
    }
  }

  private static let dialogues = [
    (
      "Thank you for telling us. On which days did you see it? You can stay anonymous; this page is the only way in "
        + "which we can reach you.",
      "On the 3rd and on the 9th, both times after the shift meeting. I do not want my name in it."
    ),
    (
      "Did anybody else see or hear it? Please do not name them if you would rather not.",
      "Two colleagues were in the room. One of them would talk to you, not to the manager."
    ),
    (
      "You wrote of messages. Could you keep them, and tell us how many there are?",
      "There are eleven. I took pictures of all of them and can bring them to a lawyer if need be."
    ),
    (
      "¿Ha cambiado algo desde que nos escribió?",
      "Sí. Desde el lunes me han vuelto a cambiar el turno, sin explicación."
    ),
    ("We have closed our first interviews. Is there anything you would add?", "No. Thank you for taking it seriously."),
  ]

  private func store(_ messages: [MessageRow], in tx: AuditedTransaction) async throws {
    let rows = try JSONText.rows(messages)
    try await tx.execute(
      """
      INSERT INTO case_message (tenant_id, id, case_id, direction, author_id, body, sent_at)
      SELECT \(client.id), id, case_id, direction, author_id, body, sent_at
      FROM jsonb_to_recordset(\(rows)) AS r (id uuid, case_id uuid, direction text, author_id uuid, body text,
        sent_at timestamptz)
      """)
  }

  // MARK: Investigations

  private struct InvestigationRow: Encodable {
    let id: String
    let caseID: String
    let title: String
    let investigatorID: String?
    let state: String
    let plan: String
    let findings: String
    let openedAt: Date
    let closedAt: Date?
  }

  private func makeInvestigations(_ cases: [LedCase], using random: inout SplitMix64) -> [InvestigationRow] {
    cases.compactMap { found in
      guard random.chance(0.3) else { return nil }
      let opened = later(found, days: 1...4, using: &random)
      let state = Self.state(of: found.stage, using: &random)
      let isClosed = state == "closed"
      return InvestigationRow(
        id: id(opened), caseID: found.id, title: random.pick(Self.titles),
        investigatorID: state == "new" ? nil : found.lead, state: state, plan: random.pick(Self.plans),
        findings: isClosed || state == "pending_review" ? random.pick(Self.findings) : "", openedAt: opened,
        closedAt: isClosed ? later(found, days: 6...25, using: &random) : nil)
    }
  }

  private static func state(of stage: String, using random: inout SplitMix64) -> String {
    switch stage {
    case "assigned": random.pick(["new", "assigned"])
    case "active": random.pick(weighted: [("assigned", 1), ("investigating", 4), ("on_hold", 1)])
    case "review": "pending_review"
    default: "closed"
    }
  }

  private static let titles = [
    "Interviews on site", "Review of the records", "Fact finding with HR", "Forensic look at the mailbox",
    "Interviews and shift plans",
  ]
  private static let plans = [
    "1. Interview the two colleagues, each alone.\n\n2. Ask IT for the access log of 90 days.\n\n3. Talk to the "
      + "supervisor last.",
    "Compare the shift plans before and after the report. Ask payroll for the hours booked.",
    "Collect the invoices of the last two quarters and compare the approvals with the limits.",
  ]
  private static let findings = [
    "Both interviews agree with the report in time and place. The access log shows the export.",
    "The records do not bear out the report; the hours were booked by another team.",
    "The rule was broken on two of three days. No intent to harm was found.",
  ]

  private func store(_ investigations: [InvestigationRow], in tx: AuditedTransaction) async throws {
    let rows = try JSONText.rows(investigations)
    try await tx.execute(
      """
      INSERT INTO investigation (tenant_id, id, case_id, title, investigator_id, state, plan, findings, opened_at,
        closed_at, changed_at)
      SELECT \(client.id), id, case_id, title, investigator_id, state, plan, findings, opened_at, closed_at,
        COALESCE(closed_at, opened_at)
      FROM jsonb_to_recordset(\(rows)) AS r (id uuid, case_id uuid, title text, investigator_id uuid, state text,
        plan text, findings text, opened_at timestamptz, closed_at timestamptz)
      """)
  }

  // MARK: Files

  private func makeFiles(_ cases: [LedCase], using random: inout SplitMix64) -> [SeedFile] {
    cases.compactMap { found in
      guard random.chance(0.1) else { return nil }
      let attached = later(found, days: 1...9, using: &random)
      let (name, kind, description, words) = random.pick(Self.files)
      return SeedFile(
        id: id(attached), caseID: found.id, fileName: name, kind: kind, description: description, words: words,
        authorID: found.lead, attachedAt: attached)
    }
  }

  private static let files = [
    ("Interview notes.txt", "txt", "First interview, by phone", "Interview of 40 minutes. Confirms dates and place.\n"),
    ("Roster September.csv", "csv", "From HR", "day,early,late\n2026-09-01,7,5\n2026-09-02,6,6\n"),
    ("Antwort Personalabteilung.eml", "eml", "", "Subject: Stundenzettel\n\nAnbei die Liste, wie besprochen.\n"),
  ]
}
