// The verbs of a disclosure. Each looks first, holds its rule, changes the row and writes the event that says so.

import Access
import EthicoTypes
import FoundationEssentials
import HTTPTypes
import Postgres
import Web

/// Why a disclosure was left as it was.
enum DisclosureRefusal: Refusal, Hashable {
  /// Somebody saved the disclosure after this person began.
  case stale(Disclosure)
  case badTransition(Disclosure, to: DisclosureState)

  var setback: Setback {
    switch self {
    case .stale(let now):
      .stale(
        now.reference,
        advice: "Nothing of yours was saved. It is now \(now.state.label.lowercased()); what you typed is still in the "
          + "form.")
    case .badTransition(let now, let next):
      Setback(
        .conflict, "bad_transition",
        "A disclosure cannot go from \(now.state.label.lowercased()) to \(next.label.lowercased()).",
        "Nothing was changed. Choose one of the steps that may follow.")
    }
  }
}

extension Disclosure {
  static func object(_ id: ID<Disclosure>) -> AuditObject { AuditObject("disclosure", id) }

  var object: AuditObject { Self.object(id) }

  /// Throws when somebody saved the disclosure after version `seen`.
  func demand(_ seen: Int) throws {
    guard version == seen else { throw DisclosureRefusal.stale(self) }
  }

  /// Writes down what an employee disclosed.
  static func create(_ draft: DisclosureDraft, in tx: AuditedTransaction) async throws -> ID<Disclosure> {
    let employee = try await draft.employee(in: tx)
    let reference = try await nextReference(in: tx)
    let id: ID<Disclosure> = tx.newID()
    try await tx.execute(
      """
      INSERT INTO disclosure (tenant_id, id, reference, employee_id, kind, title, body, amount_minor, currency,
        submitted_at)
      VALUES (\(tx.author.tenant), \(id), \(reference), \(employee.id), \(draft.kind), \(draft.title), \(draft.body),
        \(draft.value?.amountMinor), \(draft.value?.currency), \(tx.at))
      """)
    if draft.kind == .gift { try await tx.count(.featureUsed(.giftDisclosures), of: id) }
    try await tx.record(
      "disclosure.create", object: object(id), status: 303, detail: "\(reference): \(draft.kind.label)")
    return id
  }

  /// Takes the disclosure up.
  func startReview(in tx: AuditedTransaction) async throws {
    try demandMove(to: .underReview)
    guard state == .submitted else { throw DisclosureRefusal.badTransition(self, to: .underReview) }
    try await tx.execute("UPDATE disclosure SET state = 'under_review' WHERE id = \(id)")
    try await tx.record(
      "disclosure.review", object: object, status: 303,
      detail: "\(reference): \(state.label) → \(DisclosureState.underReview.label)")
  }

  /// Decides it; a decision says why.
  func decide(_ draft: DecisionDraft, in tx: AuditedTransaction) async throws {
    let next = draft.verdict.state
    try demandMove(to: next)
    try await tx.execute(
      """
      UPDATE disclosure SET state = \(next), decision = \(draft.text), decided_at = \(tx.at),
        expires_at = \(draft.expiresAt)
      WHERE id = \(id)
      """)
    if let expiresAt = draft.expiresAt { try await DisclosureExpiry.order(at: expiresAt, in: tx) }
    try await tx.record(
      "disclosure.decide", object: object, status: 303, detail: "\(reference): \(state.label) → \(next.label)")
  }

  /// Takes a decision up again. What was decided stays on the page until something else is.
  func reopen(in tx: AuditedTransaction) async throws {
    guard state.canReopen else { throw DisclosureRefusal.badTransition(self, to: .underReview) }
    try await tx.execute("UPDATE disclosure SET state = 'under_review', expires_at = NULL WHERE id = \(id)")
    try await tx.record(
      "disclosure.reopen", object: object, status: 303,
      detail: "\(reference): \(state.label) → \(DisclosureState.underReview.label)")
  }

  private func demandMove(to next: DisclosureState) throws {
    guard state.nextStates.contains(next) else { throw DisclosureRefusal.badTransition(self, to: next) }
  }

  /// The next number of this year, under a lock of the client, so that two at once do not take the same.
  private static func nextReference(in tx: AuditedTransaction) async throws -> String {
    let lock = "disclosure_reference \(tx.author.tenant?.description ?? "")"
    try await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended(\(lock), 0))")
    let year = tx.at.formatted(.iso8601.year())
    let last = try await tx.first(
      "SELECT max(substr(reference, 10)::bigint) FROM disclosure WHERE reference LIKE \("DSC-\(year)-%")",
      as: Int?.self)
    let number = String(((last ?? nil) ?? 0) + 1)
    return "DSC-\(year)-" + String(repeating: "0", count: max(0, 5 - number.count)) + number
  }
}

extension DisclosureDraft {
  /// The one employee who is meant.
  fileprivate func employee(in tx: AuditedTransaction) async throws -> DisclosingEmployee {
    let found = try await DisclosingEmployee.matches(employee, in: tx)
    if let exact = found.first, found.count == 1 || exact.number == employee { return exact }
    guard !found.isEmpty else {
      throw Invalid("employee", "No employee has that number, e-mail address or whole name.")
    }
    let numbers = found.map(\.number).joined(separator: ", ")
    throw Invalid("employee", "Several employees have that name: give the number of one (\(numbers)).")
  }
}
