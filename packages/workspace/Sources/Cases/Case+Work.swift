// The verbs of a case. Each looks first, holds its rule, changes the rows and writes the event that says so.

package import Access
package import EthicoTypes
import FoundationEssentials
import Postgres
import Web

extension Case {
  /// What the audit trail calls a case.
  static func object(_ id: ID<Case>) -> AuditObject { AuditObject("case", id) }

  package var object: AuditObject { Self.object(id) }

  /// The longest reason for another stage.
  static let reasonLimit = 500

  /// Throws when somebody saved the case after version `seen`.
  func demand(_ seen: Int) throws {
    guard version == seen else { throw CaseRefusal.stale(self) }
  }

  /// Throws when the case went into another one.
  func demandItself() throws {
    guard mergedInto == nil else { throw CaseRefusal.merged(self) }
  }

  /// Gives the case another lead. A new case becomes an assigned one.
  package func assign(to user: ID<ClientUser>?, in tx: AuditedTransaction) async throws {
    try demandItself()
    let order = try await LeadOrder(user, for: [id], in: tx)
    try order.demand(of: self)
    try await order.carryOut(on: self, status: 303, in: tx)
  }

  /// Makes that person the lead; whether they may be is settled.
  /// - Parameter routing: how they came to be it; `nil` when a person chose them.
  func appoint(_ person: PersonReference, routing: String?, in tx: AuditedTransaction) async throws {
    let assignment: ID<Case> = tx.newID()
    let next = stage == .new ? CaseStage.assigned : stage
    try await tx.sql.execute(together: [
      """
      UPDATE case_assignment SET ended_at = \(tx.at)
      WHERE case_id = \(id) AND ended_at IS NULL AND (part = 'lead' OR user_id = \(person.id))
      """,
      """
      INSERT INTO case_assignment (tenant_id, id, case_id, user_id, part)
      VALUES (\(tx.author.tenant), \(assignment), \(id), \(person.id), 'lead')
      """,
      "UPDATE \"case\" SET stage = \(next), routing = \(routing) WHERE id = \(id)",
    ])
  }

  /// Moves the case to another stage.
  func move(to next: CaseStage, outcome: CaseOutcome?, reason: String?, in tx: AuditedTransaction) async throws {
    guard nextStages.contains(next) else { throw CaseRefusal.badTransition(from: stage, to: next) }
    let isReopening = stage.needsOutcome && next == .active
    if next.needsOutcome, outcome ?? self.outcome == nil {
      throw Invalid("outcome", "A closed case says how it came out: choose an outcome.")
    }
    if isReopening, reason == nil {
      throw Invalid("reason", "Say why the case is opened again.")
    }
    if lead == nil, mergedInto == nil {
      throw Invalid("stage", "A case past new has a lead: assign one first.")
    }
    let chosen = mergedInto == nil ? outcome : nil
    let kept = next.needsOutcome ? chosen ?? self.outcome : nil
    let closedAt: Date? = next.needsOutcome ? (self.closedAt ?? tx.at) : nil
    try await tx.execute(
      """
      UPDATE "case" SET stage = \(next), outcome = \(kept), closed_at = \(closedAt)
      WHERE id = \(id)
      """)
    if let kept, !stage.needsOutcome { try await tx.count(.caseClosed(kept), of: id, due: dueAt) }
    if isReopening { try await tx.count(.caseReopened, of: id, due: dueAt) }
    if next.isPastAssigned { try await tx.count(.featureUsed(.caseManagement), of: id) }
    try await tx.record(
      "case.stage", object: object, status: 303,
      detail: ["\(reference): \(stage.label) → \(next.label)", reason].compactMap(\.self).joined(separator: ". "))
  }

  /// Changes the words, the severity and the category. Another category routes a case that nobody leads.
  func edit(_ draft: CaseDraft, in tx: AuditedTransaction) async throws {
    try demandItself()
    var category: Category?
    if let wanted = draft.category, wanted != categoryID { category = try await Category.demandInUse(wanted, in: tx) }
    try await tx.execute(
      """
      UPDATE "case" SET title = \(draft.title), summary = \(draft.summary), severity = \(draft.severity),
        category_id = \(category?.id ?? categoryID)
      WHERE id = \(id)
      """)
    var said = ["\(reference): edited"]
    if let category {
      said.append("Category \(self.category) → \(category.name)")
      if let routing = try await route(by: category, in: tx) { said.append(routing) }
    }
    try await tx.record("case.edit", object: object, status: 303, detail: said.joined(separator: ". "))
  }

  /// Adds a note: Ethico's own words, whoever is acted as. A private one is its author's alone, so nobody is given one.
  func add(_ draft: NoteDraft, in tx: AuditedTransaction) async throws {
    try demandItself()
    if draft.visibility == .private, tx.author.subject != nil, tx.ownAuthor == nil {
      throw Invalid("visibility", "A private note would be nobody's here. Write it for the team, or for everybody.")
    }
    let note: ID<Note> = tx.newID()
    try await tx.execute(
      """
      INSERT INTO note (tenant_id, id, case_id, author_id, visibility, body)
      VALUES (\(tx.author.tenant), \(note), \(id), \(tx.ownAuthor), \(draft.visibility), \(draft.body))
      """)
    try await tx.record(
      "note.add", object: object, status: 303,
      detail: "\(reference): a note for \(draft.visibility.label.lowercased())")
  }

  /// Links one more report to the case, by its reference.
  func link(_ report: String?, as link: ReportLink, in tx: AuditedTransaction) async throws {
    try demandItself()
    guard let report else { throw Invalid("report", "Write the reference of the report, as RPT-2026-00012.") }
    let found = try await tx.first(
      "SELECT id FROM report WHERE reference = \(report.uppercased())", as: ID<Report>.self)
    guard let found else { throw Invalid("report", "There is no report \(report) here.") }
    let linked = try await tx.execute(
      """
      INSERT INTO case_report (tenant_id, case_id, report_id, link)
      VALUES (\(tx.author.tenant), \(id), \(found), \(link))
      ON CONFLICT (tenant_id, case_id, report_id) DO NOTHING
      """)
    guard linked == 1 else { throw Invalid("report", "\(report.uppercased()) is linked to this case already.") }
    try await tx.record(
      "case_report.link", object: object, status: 303,
      detail: "\(reference): \(report.uppercased()), \(link.label.lowercased())")
  }
}

extension LeadCandidate {
  /// The active person of that id who may work on cases.
  static func find(_ id: ID<ClientUser>, in tx: AuditedTransaction) async throws -> LeadCandidate? {
    let roles = ClientRole.allCases.filter(\.worksCases).map(\.rawValue)
    return try await tx.first(
      """
      SELECT u.id, u.name, u.role, 0 AS load
      FROM client_user u
      WHERE u.id = \(id) AND u.state = 'active' AND u.role = ANY(\(roles))
      FOR SHARE OF u
      """, as: LeadCandidate.self)
  }
}

/// The words of a case as somebody wants them, checked.
struct CaseDraft: Sendable, Hashable {
  let title: String
  let summary: String
  let severity: Severity
  /// `nil` keeps the one it has.
  let category: ID<Category>?

  static let titleLimit = 200
  static let summaryLimit = 10_000

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    var errors: [FieldError] = []
    let title = fields["title"] ?? ""
    let summary = fields["summary"] ?? ""
    if title.isEmpty { errors.append(FieldError("title", "Give the case a title.")) }
    if let error = FieldError(tooLong: title, "title", "A title", limit: Self.titleLimit) { errors.append(error) }
    if let error = FieldError(tooLong: summary, "summary", "A summary", limit: Self.summaryLimit) {
      errors.append(error)
    }
    let severity = fields["severity"].flatMap(Severity.init(rawValue:))
    if severity == nil { errors.append(FieldError("severity", "Choose high, medium or low.")) }
    category = fields.given("category").flatMap { ID<Category>($0) }
    if category == nil, fields.given("category") != nil { errors.append(.caseCategory) }
    guard errors.isEmpty, let severity else { throw Invalid(errors) }
    self.title = title
    self.summary = summary
    self.severity = severity
  }
}

extension FieldError {
  static let caseCategory = FieldError("category", "Choose one of the categories that are in use.")
}
