// The verbs of an investigation. Each looks first, holds its rule, changes the row and writes the event that says so.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Postgres
import Web

/// Why an investigation was left as it was.
enum InvestigationRefusal: Refusal, Hashable {
  /// Somebody saved the investigation after this person began.
  case stale(Investigation)
  case badTransition(from: InvestigationState, to: InvestigationState)
  /// The person is accused in the case, or it is kept from them.
  case conflict(String, CaseBar)

  var setback: Setback {
    switch self {
    case .stale(let now):
      .stale("“\(now.title)”")
    case .badTransition(let from, let to):
      Setback(
        .conflict, "bad_transition",
        "An investigation cannot go from \(from.label.lowercased()) to \(to.label.lowercased()).",
        "Nothing was changed. Choose one of the states that may follow.")
    case .conflict(let name, let bar):
      Setback(
        .unprocessableContent, "conflict", "\(name) is \(bar.words) this case and cannot investigate it.",
        "Nothing was changed. Choose somebody else.",
        errors: [FieldError("investigator", "\(name) is \(bar.words) this case.")])
    }
  }
}

extension Case {
  /// Begins an investigation of the case.
  func investigate(_ draft: InvestigationDraft, in tx: AuditedTransaction) async throws -> ID<Investigation> {
    try demandItself()
    let investigator = try await draft.investigator(of: self, in: tx)
    let opened: ID<Investigation> = tx.newID()
    let state = investigator == nil ? InvestigationState.new : .assigned
    try await tx.execute(
      """
      INSERT INTO investigation (tenant_id, id, case_id, title, investigator_id, state, plan, opened_at)
      VALUES (\(tx.author.tenant), \(opened), \(id), \(draft.title), \(investigator?.id), \(state), \(draft.plan),
        \(tx.at))
      """)
    if state != .new { try await tx.count(.featureUsed(.investigations), of: opened) }
    try await tx.record(
      "investigation.open", object: Investigation.object(opened), status: 303,
      detail: "\(reference): “\(draft.title)”")
    return opened
  }

  /// An active person who may work on cases, and is neither accused in this one nor kept from it.
  fileprivate func demandInvestigator(_ user: ID<ClientUser>, in tx: AuditedTransaction) async throws
    -> PersonReference
  {
    guard let candidate = try await LeadCandidate.find(user, in: tx) else {
      throw Invalid("investigator", "Choose one of the active people who may work on cases.")
    }
    if let bar = try await bar(of: user, in: tx) {
      throw InvestigationRefusal.conflict(candidate.person.name, bar)
    }
    return candidate.person
  }
}

extension Investigation {
  static func object(_ id: ID<Investigation>) -> AuditObject { AuditObject("investigation", id) }

  var object: AuditObject { Self.object(id) }

  /// Throws when somebody saved the investigation after version `seen`.
  func demand(_ seen: Int) throws {
    guard version == seen else { throw InvestigationRefusal.stale(self) }
  }

  /// Gives the investigation another investigator. A new one becomes an assigned one.
  func assign(to user: ID<ClientUser>?, in tx: AuditedTransaction) async throws {
    guard let user else { throw Invalid("investigator", "Choose who is to investigate.") }
    guard state != .closed else { throw Invalid("investigator", "A closed investigation keeps its investigator.") }
    guard let found = try await Case.find(caseID, in: tx) else { throw RecordMissing() }
    let person = try await found.demandInvestigator(user, in: tx)
    guard person != investigator else { throw Invalid("investigator", "\(person.name) investigates this already.") }
    let next = state == .new ? InvestigationState.assigned : state
    try await tx.execute(
      "UPDATE investigation SET investigator_id = \(person.id), state = \(next) WHERE id = \(id)")
    if next != state { try await tx.count(.featureUsed(.investigations), of: id) }
    try await tx.record(
      "investigation.assign", object: object, status: 303,
      detail: "\(caseReference): investigator \(investigator?.name ?? "–") → \(person.name)")
  }

  /// Moves the investigation to another state.
  func move(to next: InvestigationState, in tx: AuditedTransaction) async throws {
    guard state.nextStates.contains(next) else { throw InvestigationRefusal.badTransition(from: state, to: next) }
    guard investigator != nil else { throw Invalid("state", "An investigation past new has an investigator.") }
    let closedAt: Date? = next == .closed ? tx.at : nil
    try await tx.execute(
      "UPDATE investigation SET state = \(next), closed_at = \(closedAt) WHERE id = \(id)")
    try await tx.count(.featureUsed(.investigations), of: id)
    try await tx.record(
      "investigation.state", object: object, status: 303, detail: "\(caseReference): \(state.label) → \(next.label)")
  }

  /// Changes the words.
  func edit(_ words: InvestigationWords, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      UPDATE investigation SET title = \(words.title), plan = \(words.plan), findings = \(words.findings)
      WHERE id = \(id)
      """)
    try await tx.record("investigation.edit", object: object, status: 303, detail: "\(caseReference): edited")
  }
}

/// The words of an investigation as somebody wants them, checked.
struct InvestigationWords: Sendable, Hashable {
  let title: String
  let plan: String
  let findings: String

  static let titleLimit = 200
  /// Of the plan, and of the findings.
  static let textLimit = 10_000

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    title = fields["title"] ?? ""
    plan = fields["plan"] ?? ""
    findings = fields["findings"] ?? ""
    var errors: [FieldError] = []
    if title.isEmpty { errors.append(FieldError("title", "Give the investigation a title.")) }
    if let error = FieldError(tooLong: title, "title", "A title", limit: Self.titleLimit) { errors.append(error) }
    if let error = FieldError(tooLong: plan, "plan", "A plan", limit: Self.textLimit) { errors.append(error) }
    if let error = FieldError(tooLong: findings, "findings", "A text", limit: Self.textLimit) { errors.append(error) }
    guard errors.isEmpty else { throw Invalid(errors) }
  }
}

/// A new investigation as somebody wants it. Its investigator is looked up when it is stored.
struct InvestigationDraft: Sendable, Hashable {
  let title: String
  let plan: String
  private let investigatorID: String?

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ fields: FormFields) throws {
    let words = try InvestigationWords(fields)
    title = words.title
    plan = words.plan
    investigatorID = fields.given("investigator")
  }

  fileprivate func investigator(of found: Case, in tx: AuditedTransaction) async throws -> PersonReference? {
    guard let investigatorID else { return nil }
    guard let user = ID<ClientUser>(investigatorID) else { throw Invalid("investigator", "Choose a person.") }
    return try await found.demandInvestigator(user, in: tx)
  }
}
