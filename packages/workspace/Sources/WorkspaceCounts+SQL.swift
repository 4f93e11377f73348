// Counts what a client has, all with one question.

import Access
import FoundationEssentials
import Postgres
import Web

/// How much a client has of what.
struct WorkspaceCounts: Sendable, RowDecodable {
  let newCases: Int
  let openCases: Int
  let overdueCases: Int
  let openDisclosures: Int
  let submittedDisclosures: Int
  let activeUsers: Int
  let invitedUsers: Int
  let publishedPolicies: Int
  let policiesInApproval: Int
  let activeCampaigns: Int
  let overdueAttestations: Int

  init(row: Row) throws {
    newCases = try row["new_cases"]
    openCases = try row["open_cases"]
    overdueCases = try row["overdue_cases"]
    openDisclosures = try row["open_disclosures"]
    submittedDisclosures = try row["submitted_disclosures"]
    activeUsers = try row["active_users"]
    invitedUsers = try row["invited_users"]
    publishedPolicies = try row["published_policies"]
    policiesInApproval = try row["policies_in_approval"]
    activeCampaigns = try row["active_campaigns"]
    overdueAttestations = try row["overdue_attestations"]
  }

  static func read(in tx: AuditedTransaction) async throws -> WorkspaceCounts {
    guard let found = try await tx.first(sql(at: tx.at), as: WorkspaceCounts.self) else { throw RecordMissing() }
    return found
  }

  /// What is over is not read: years of it lie behind what is open.
  static func sql(at now: Date) -> SQL {
    """
    SELECT c.*, d.*, u.*, p.*, m.*
    FROM (
      SELECT count(*) FILTER (WHERE status = 'new') AS new_cases,
        count(*) FILTER (WHERE status = 'open') AS open_cases,
        count(*) FILTER (WHERE due_at < \(now)) AS overdue_cases
      FROM "case"
      WHERE status <> 'closed'
    ) c
    CROSS JOIN (
      SELECT count(*) AS open_disclosures, count(*) FILTER (WHERE state = 'submitted') AS submitted_disclosures
      FROM disclosure
      WHERE state IN ('submitted', 'under_review')
    ) d
    CROSS JOIN (
      SELECT count(*) FILTER (WHERE state = 'active') AS active_users,
        count(*) FILTER (WHERE state = 'invited') AS invited_users
      FROM client_user
    ) u
    CROSS JOIN (
      SELECT count(*) FILTER (WHERE status = 'published') AS published_policies,
        count(*) FILTER (WHERE 'pending_approval' IN (status, working_status)) AS policies_in_approval
      FROM policy
    ) p
    CROSS JOIN (
      SELECT count(*) FILTER (WHERE g.status = 'active') AS active_campaigns,
        COALESCE(sum(a.overdue), 0)::bigint AS overdue_attestations
      FROM campaign g
      CROSS JOIN LATERAL (
        SELECT count(*) AS overdue FROM attestation a
        WHERE a.tenant_id = g.tenant_id AND a.campaign_id = g.id AND a.state = ANY(\(AttestationState.open))
          AND a.due_at < \(now)
      ) a
      WHERE g.status IN ('active', 'paused')
    ) m
    """
  }
}
