// Which page of the workspace a record shows on: its own, or that of what it belongs to.

package import FoundationEssentials
import Postgres

/// A page of the workspace that shows a record.
package enum RecordPage: Sendable, Hashable {
  case `case`(UUID)
  case policy(UUID)
  case disclosure(UUID)
  case employee(UUID)
  case attestation(UUID, campaign: UUID)

  /// What a statement reads beside a layer `p`, with the tables of `sources`.
  static let columns: SQL = """
    COALESCE(h.parent_entity, p.target_table) AS page_of, COALESCE(h.parent_id, p.target_id) AS page_id,
      a.campaign_id AS page_campaign_id, f.case_id AS page_case_id, f.disclosure_id AS page_disclosure_id,
      f.policy_id AS page_policy_id
    """

  static let sources: SQL = """
    LEFT JOIN attestation a ON p.target_table = 'attestation' AND a.tenant_id = p.tenant_id AND a.id = p.target_id
    LEFT JOIN attachment f ON p.target_table = 'attachment' AND f.tenant_id = p.tenant_id AND f.id = p.target_id
    LEFT JOIN imported_history h ON p.target_table = 'imported_history' AND h.tenant_id = p.tenant_id
      AND h.id = p.target_id AND h.parent_id IS NOT NULL
    """

  /// - Returns: `nil` where nothing shows it: a former system's trail of something that never came.
  init?(row: Row) throws {
    let id: UUID = try row["page_id"]
    let campaign: UUID? = try row["page_campaign_id"]
    switch try row["page_of"] as String {
    case "case": self = .case(id)
    case "policy", "policy_version": self = .policy(id)
    case "disclosure": self = .disclosure(id)
    case "employee", "person": self = .employee(id)
    case "attestation":
      guard let campaign else { return nil }
      self = .attestation(id, campaign: campaign)
    case "attachment":
      if let found: UUID = try row["page_case_id"] {
        self = .case(found)
      } else if let found: UUID = try row["page_disclosure_id"] {
        self = .disclosure(found)
      } else if let found: UUID = try row["page_policy_id"] {
        self = .policy(found)
      } else {
        return nil
      }
    default: return nil
    }
  }
}
