// What counts as use of a client's features. One function writes it, in the transaction of what was done; what happens
// under an access of Ethico's keeps that access's id and is never counted.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres

/// Something that counts as use.
enum Usage: Sendable, Hashable {
  /// A fact that shows a feature in use.
  case featureUsed(Feature)
  /// Somebody can sign in from now on, or no more. A change of the role says it anew: the last one holds.
  case userOn(ClientRole)
  case userOff(ClientRole)
  /// The reporter came back.
  case reporterContact
  case caseClosed(CaseOutcome)
  case caseReopened
  case attestationAssigned, attestationDue, attestationCompleted, attestationSkipped, attestationWithdrawn

  var kind: String {
    switch self {
    case .featureUsed: "feature_used"
    case .userOn: "user_on"
    case .userOff: "user_off"
    case .reporterContact: "reporter_contact"
    case .caseClosed: "case_closed"
    case .caseReopened: "case_reopened"
    case .attestationAssigned: "attestation_assigned"
    case .attestationDue: "attestation_due"
    case .attestationCompleted: "attestation_completed"
    case .attestationSkipped: "attestation_skipped"
    case .attestationWithdrawn: "attestation_withdrawn"
    }
  }

  /// What more there is to say of it, by one name.
  var attribute: (name: String, value: String)? {
    switch self {
    case .featureUsed(let feature): ("feature", feature.rawValue)
    case .userOn(let role), .userOff(let role): ("role", role.rawValue)
    case .caseClosed(let outcome): ("outcome", outcome.rawValue)
    case .reporterContact, .caseReopened, .attestationAssigned, .attestationDue, .attestationCompleted,
      .attestationSkipped, .attestationWithdrawn:
      nil
    }
  }
}

/// A feature that a client may have, of those that an act here can show in use.
enum Feature: String, Sendable {
  /// A case goes past assigned, or is closed.
  case caseManagement = "case_management"
  /// An investigation goes past new.
  case investigations
  /// A policy's version is published.
  case policyManagement = "policy_management"
  /// A campaign that asks attestations is active.
  case attestationCampaigns = "attestation_campaigns"
  /// A gift is disclosed.
  case giftDisclosures = "gift_disclosures"
}

extension AuditedTransaction {
  /// Writes one use of one record.
  /// - Parameter access: the access under which it was arranged, where that is not the one it happens under.
  func count<Subject>(
    _ use: Usage, of object: ID<Subject>, due: Date? = nil, under access: ID<Impersonation>? = nil
  ) async throws {
    try await count(
      use, of: "SELECT \(object)::uuid AS object_id, \(due)::timestamptz AS due_at", under: access)
  }

  /// Writes a use of each record of a query.
  /// - Parameter objects: gives `object_id` and `due_at`.
  func count(_ use: Usage, of objects: SQL, under access: ID<Impersonation>? = nil) async throws {
    let attribute = use.attribute
    try await execute(
      """
      INSERT INTO usage_event (tenant_id, kind, object_id, user_id, due_at, attrs, impersonation)
      SELECT \(author.tenant), \(use.kind), o.object_id, \(author.subject), o.due_at,
        jsonb_strip_nulls(jsonb_build_object(\(attribute?.name ?? "feature")::text, \(attribute?.value)::text)),
        COALESCE(\(access)::uuid, ops_impersonation())
      FROM (\(fragment: objects)) o
      """)
  }
}
