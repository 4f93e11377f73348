// What counts as use of a client's features. One function writes it, in the transaction of what was done; what happens
// under an access of Ethico's keeps that access's id and is never counted.

import Access
import EthicoTypes
import Postgres

/// Something that counts as use.
enum Usage: Sendable, Hashable {
  /// Somebody used a feature; one counts a user and day.
  case featureUsed(Feature)
  case attestationAssigned, attestationDue, attestationCompleted, attestationSkipped, attestationWithdrawn

  var kind: String {
    switch self {
    case .featureUsed: "feature_used"
    case .attestationAssigned: "attestation_assigned"
    case .attestationDue: "attestation_due"
    case .attestationCompleted: "attestation_completed"
    case .attestationSkipped: "attestation_skipped"
    case .attestationWithdrawn: "attestation_withdrawn"
    }
  }

  var feature: Feature? {
    switch self {
    case .featureUsed(let feature): feature
    case .attestationAssigned, .attestationDue, .attestationCompleted, .attestationSkipped, .attestationWithdrawn: nil
    }
  }
}

/// A feature that a client may have.
enum Feature: String, Sendable {
  case policyManagement = "policy_management"
  case attestationCampaigns = "attestation_campaigns"
}

extension AuditedTransaction {
  /// Writes one use of one record.
  func count<Subject>(_ use: Usage, of object: ID<Subject>) async throws {
    try await count(use, of: "SELECT \(object)::uuid AS object_id, NULL::timestamptz AS due_at")
  }

  /// Writes a use of each record of a query.
  /// - Parameter objects: gives `object_id` and `due_at`.
  func count(_ use: Usage, of objects: SQL) async throws {
    try await execute(
      """
      INSERT INTO usage_event (tenant_id, kind, object_id, user_id, due_at, attrs)
      SELECT \(author.tenant), \(use.kind), o.object_id, \(author.subject), o.due_at,
        jsonb_strip_nulls(jsonb_build_object('feature', \(use.feature?.rawValue)::text))
      FROM (\(fragment: objects)) o
      """)
  }
}
