// The verbs of a policy. Each looks first, holds its rule, changes the rows and writes the event that says so.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

extension Policy {
  static func object(_ id: ID<Policy>) -> AuditObject { AuditObject("policy", id) }

  var object: AuditObject { Self.object(id) }

  /// Throws when somebody saved the policy after version `seen`.
  func demand(_ seen: Int) throws {
    guard version == seen else { throw PolicyRefusal.stale(self) }
  }

  /// Begins a policy, as a draft.
  static func add(_ draft: PolicyDraft, in tx: AuditedTransaction) async throws -> ID<Policy> {
    let id: ID<Policy> = tx.newID()
    try await tx.execute(
      """
      INSERT INTO policy (tenant_id, id, title, type, language, working_title, working_body)
      VALUES (\(tx.author.tenant), \(id), \(draft.title), \(draft.type), \(draft.language), \(draft.title),
        \(draft.body))
      """)
    try await tx.record("policy.add", object: object(id), status: 303, detail: "\(draft.title): added")
    return id
  }

  /// Changes the draft. What is published keeps its title until the next version.
  func edit(_ draft: PolicyDraft, in tx: AuditedTransaction) async throws {
    guard isDraft else { throw PolicyRefusal.notDraft(self) }
    if currentVersion != nil, draft.type != type || draft.language != language {
      throw Invalid("title", "What has been published keeps its type and its language; write another policy.")
    }
    let title = currentVersion == nil ? draft.title : self.title
    try await tx.execute(
      """
      UPDATE policy SET title = \(title), type = \(draft.type), language = \(draft.language),
        working_title = \(draft.title), working_body = \(draft.body)
      WHERE id = \(id)
      """)
    try await tx.record("policy.edit", object: object, status: 303, detail: "\(title): edited")
  }

  /// Begins a working copy of what is published.
  func revise(in tx: AuditedTransaction) async throws {
    guard status == .published, working.status == nil else { throw PolicyRefusal.noWorkingCopy(self) }
    try await tx.execute("UPDATE policy SET working_status = 'draft' WHERE id = \(id)")
    try await tx.record("policy.revise", object: object, status: 303, detail: "\(title): working copy begun")
  }

  /// Throws the working copy away; what is published stays as it is.
  func discard(in tx: AuditedTransaction) async throws {
    guard working.status == .draft, let current = try await tx.all(currentText).first else {
      throw PolicyRefusal.notDraft(self)
    }
    try await tx.execute(
      """
      UPDATE policy SET working_status = NULL, working_title = \(current.title), working_body = \(current.body)
      WHERE id = \(id)
      """)
    try await tx.record("policy.discard", object: object, status: 303, detail: "\(title): working copy discarded")
  }

  /// Moves the text, or the policy, on. Publishing makes the next version.
  func move(to next: PolicyStatus, note: String?, in tx: AuditedTransaction) async throws {
    guard moves.contains(next) else { throw PolicyRefusal.badTransition(self, to: next) }
    if next == .pendingApproval, working.body.isEmpty {
      throw Invalid("to", "There is no text to approve: edit the policy first.")
    }
    switch next {
    case .published: try await publish(note, in: tx)
    case .retired:
      // An unfinished working copy is kept: it is what the policy begins with when it is drafted again.
      try await tx.execute("UPDATE policy SET status = 'retired', working_status = NULL WHERE id = \(id)")
    case .draft, .pendingApproval, .approved:
      if working.status == nil {
        try await tx.execute("UPDATE policy SET status = \(next) WHERE id = \(id)")
      } else {
        try await tx.execute("UPDATE policy SET working_status = \(next) WHERE id = \(id)")
      }
    }
    let version = next == .published ? " as version \(nextVersion)" : ""
    try await tx.record(
      "policy.move", object: object, status: 303,
      detail: "\(title): \(openStatus.label) → \(next.label)\(version)")
  }

  private func publish(_ note: String?, in tx: AuditedTransaction) async throws {
    try await tx.execute(
      """
      INSERT INTO policy_version (tenant_id, policy_id, number, title, body, language, change_note, published_at)
      VALUES (\(tx.author.tenant), \(id), \(nextVersion), \(working.title), \(working.body), \(language), \(note),
        \(tx.at))
      """)
    try await tx.execute(
      """
      UPDATE policy SET status = 'published', working_status = NULL, current_version = \(nextVersion),
        title = \(working.title)
      WHERE id = \(id)
      """)
    try await tx.count(.featureUsed(.policyManagement), of: id)
  }
}
