// What is to be done for one employee or for many: checked once, judged by each attestation, carried out in few
// statements.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

/// What is to be done, checked.
struct AttestationOrder: Sendable, Hashable {
  let act: AttestationAct
  var reason: String?
  /// The new day of an extension.
  var dueAt: Date?

  static let reasonLimit = 500

  init(act: AttestationAct) {
    self.act = act
  }

  /// - Throws: `Invalid` with every field that cannot be accepted.
  init(_ act: AttestationAct, _ fields: FormFields, at now: Date) throws {
    self.act = act
    switch act {
    case .complete, .refuse, .skip: reason = try Self.reason(for: act, fields)
    case .extend:
      dueAt = CalendarDay(fields["due"] ?? "")?.end
      guard let dueAt, dueAt > now else { throw Invalid("due", "Choose a day to come: 2026-03-31.") }
    case .remind: break
    }
  }

  private static func reason(for act: AttestationAct, _ fields: FormFields) throws -> String? {
    let field = act.reasonField
    let reason = fields.given(field)
    if reason == nil, act == .complete { return nil }
    guard let reason, reason.unicodeScalars.count >= 3 else {
      throw Invalid(field, act == .complete ? "A note has at least 3 characters." : "Say why, in a few words.")
    }
    if let error = FieldError(tooLong: reason, field, "A reason", limit: reasonLimit) { throw Invalid([error]) }
    return reason
  }

  /// Throws where the attestation does not allow it.
  func demand(of attestation: Attestation) throws {
    switch (attestation.campaignStatus, act) {
    case (.active, _), (.paused, .complete), (.paused, .refuse), (.paused, .skip), (.paused, .extend): break
    default:
      // What is over says so itself.
      guard attestation.state.isOpen else { throw AttestationRefusal.badTransition(attestation, act) }
      throw AttestationRefusal.notActive(attestation)
    }
    guard attestation.state.isOpen else { throw AttestationRefusal.badTransition(attestation, act) }
    if act == .refuse, attestation.refusal != nil { throw AttestationRefusal.refusedAlready(attestation) }
    if let dueAt, dueAt <= attestation.dueAt {
      throw Invalid("due", "\(attestation.employee.name) has until then already: choose a later day.")
    }
  }

  /// Does it for every one of them; each has been asked whether it allows that.
  func carryOut(on ids: [ID<Attestation>], in tx: AuditedTransaction) async throws {
    try await note(ids, in: tx)
    let these: SQL = "id = ANY(\(ids))"
    switch act {
    case .complete: try await complete(these, in: tx)
    case .refuse:
      try await tx.execute(
        "UPDATE attestation SET refused_at = \(tx.at), refusal_reason = \(reason) WHERE \(fragment: these)")
    case .skip: try await tx.execute("UPDATE attestation SET state = 'skipped' WHERE \(fragment: these)")
    case .extend: try await tx.execute("UPDATE attestation SET due_at = \(dueAt) WHERE \(fragment: these)")
    case .remind:
      try await tx.execute(
        "UPDATE attestation SET reminded_at = \(tx.at), reminders = reminders + 1 WHERE \(fragment: these)")
    }
    guard let use else { return }
    try await tx.count(
      use, of: "SELECT a.id AS object_id, a.due_at FROM attestation a WHERE a.id = ANY(\(ids))")
  }

  /// Goes the whole way that an employee would go, a state at a time: what is late becomes overdue first.
  private func complete(_ these: SQL, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      UPDATE attestation SET state = 'overdue'
      WHERE \(fragment: these) AND state = ANY(\(AttestationState.beforeDue)) AND due_at < \(tx.at)
      """)
    try await tx.execute("UPDATE attestation SET state = 'notified' WHERE \(fragment: these) AND state = 'pending'")
    try await tx.execute("UPDATE attestation SET state = 'in_progress' WHERE \(fragment: these) AND state = 'notified'")
    try await tx.execute(
      """
      UPDATE attestation SET state = 'completed', completed_at = \(tx.at)
      WHERE \(fragment: these) AND state IN ('in_progress', 'overdue')
      """)
  }

  /// Writes down for each what was done, when, and as whom.
  private func note(_ ids: [ID<Attestation>], in tx: AuditedTransaction) async throws {
    let notes: [ID<AttestationDeed>] = ids.map { _ in tx.newID() }
    try await tx.execute(
      """
      INSERT INTO attestation_act (tenant_id, id, attestation_id, act, at, user_id, reason, due_before, due_after)
      SELECT \(tx.author.tenant), n.id, a.id, \(act), \(tx.at), \(tx.author.subject), \(reason),
        CASE WHEN \(act) = 'extend' THEN a.due_at END, \(dueAt)
      FROM unnest(\(notes), \(ids)) AS n (id, attestation_id)
      JOIN attestation a ON a.id = n.attestation_id
      """)
  }

  private var use: Usage? {
    switch act {
    case .complete: .attestationCompleted
    case .skip: .attestationSkipped
    case .extend: .attestationDue
    case .refuse, .remind: nil
    }
  }
}
