// How long a kind of record is kept. Closed cases have a setting of their own, with its layers.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

/// What a rule is about.
enum RetainedKind: String, Term {
  case report, disclosure, attestation, attachment, employee

  var label: String {
    switch self {
    case .report: "Reports without an open case"
    case .disclosure: "Disclosures after their decision"
    case .attestation: "Attestations after their campaign"
    case .attachment: "Files of closed cases"
    case .employee: "Employees after they have ended"
    }
  }
}

/// A rule as one client has it.
struct RetentionRule: Sendable, Hashable {
  let id: ID<RetentionRule>
  let kind: RetainedKind
  let days: Int
  let version: Int
  let changedAt: Date

  /// A month to thirty years.
  static let days = 30...10_950

  var object: AuditObject { AuditObject("retention_rule", id) }
}

/// Why a rule was left as it was.
enum RetentionRefusal: Refusal, Hashable {
  /// Somebody set or cleared it after this person began.
  case stale(RetainedKind)

  var setback: Setback {
    switch self {
    case .stale(let kind):
      .stale(
        "“\(kind.label)”",
        advice: "Nothing of yours was saved. What holds now is beside it, and what you typed is still in the form.")
    }
  }
}

extension RetentionRule {
  /// The client's rules.
  static func all(in tx: AuditedTransaction) async throws -> [RetentionRule] {
    try await tx.query(
      "SELECT id, kind, days, version, changed_at FROM retention_rule ORDER BY kind", as: RetentionRule.self)
  }

  /// One kind's rule, for an act on it: throws when somebody saved it after version `seen`.
  static func hold(_ kind: RetainedKind, _ seen: Int, in tx: AuditedTransaction) async throws -> RetentionRule? {
    let found = try await tx.first(
      "SELECT id, kind, days, version, changed_at FROM retention_rule WHERE kind = \(kind) FOR UPDATE",
      as: RetentionRule.self)
    guard (found?.version ?? 0) == seen else { throw RetentionRefusal.stale(kind) }
    return found
  }

  /// Says how many days the kind is kept.
  static func set(
    _ kind: RetainedKind, to typed: String, over stored: RetentionRule?, in tx: AuditedTransaction
  ) async throws {
    guard let days = Int(typed), Self.days.contains(days) else {
      throw Invalid("days", "\(kind.label): \(Self.days.lowerBound) to \(grouped(Self.days.upperBound)) days.")
    }
    let detail = "\(kind.label): \(stored.map { grouped($0.days) } ?? "–") → \(grouped(days)) days"
    if let stored {
      guard days != stored.days else { throw Invalid("days", "\(kind.label): \(grouped(days)) days already.") }
      try await tx.execute("UPDATE retention_rule SET days = \(days) WHERE id = \(stored.id)")
      return try await tx.record("retention_rule.set", object: stored.object, status: 303, detail: detail)
    }
    let id: ID<RetentionRule> = tx.newID()
    do {
      try await tx.execute(
        """
        INSERT INTO retention_rule (tenant_id, id, kind, days) VALUES (\(tx.author.tenant), \(id), \(kind), \(days))
        """)
    } catch let error as PostgresError where error.constraint == "retention_rule_kind_once" {
      throw RetentionRefusal.stale(kind)
    }
    try await tx.record("retention_rule.set", object: AuditObject("retention_rule", id), status: 303, detail: detail)
  }

  /// Keeps the kind for as long as the client is one.
  func clear(in tx: AuditedTransaction) async throws {
    try await tx.execute("DELETE FROM retention_rule WHERE id = \(id)")
    try await tx.record(
      "retention_rule.clear", object: object, status: 303, detail: "\(kind.label): \(grouped(days)) days → –")
  }
}

extension RetentionRule: RowDecodable {
  init(row: Row) throws {
    id = try row["id"]
    kind = try row["kind"]
    days = try row["days"]
    version = try row["version"]
    changedAt = try row["changed_at"]
  }
}
