// What the demo's past counts for: records that are seeded count as those that the workspace writes, at their own time.

import Access
import Postgres

/// What records of the past count for, as a query: `at`, `kind`, `object_id`, `user_id`, `due_at` and `attrs`.
struct PastUse: Sendable {
  let rows: SQL

  /// Who can sign in, and did. Who is deactivated in the demo never could.
  static let people = PastUse(
    rows: """
      SELECT u.invited_at AS at, 'user_on' AS kind, u.id AS object_id, NULL::uuid AS user_id,
        NULL::timestamptz AS due_at, jsonb_build_object('role', u.role) AS attrs
      FROM client_user u
      WHERE u.state = 'active'
      UNION ALL
      SELECT u.last_sign_in_at, 'sign_in', NULL, u.id, NULL, '{}'
      FROM client_user u
      WHERE u.last_sign_in_at IS NOT NULL
      """)

  /// Reports with their cases. When an open case was taken up is not told: it counts from its beginning.
  static func cases(_ cases: JSONText) -> PastUse {
    PastUse(
      rows: """
        SELECT u.at, u.kind, u.object_id, NULL::uuid AS user_id, u.due_at, u.attrs
        FROM jsonb_to_recordset(\(cases)) AS r (id uuid, report_id uuid, stage text, outcome text,
          opened_at timestamptz, due_at timestamptz, closed_at timestamptz)
        CROSS JOIN LATERAL (VALUES
          (r.opened_at, 'report_received', r.report_id, NULL, '{}'::jsonb),
          (r.opened_at, 'case_opened', r.id, r.due_at, '{}'),
          (r.closed_at, 'case_closed', r.id, r.due_at, jsonb_build_object('outcome', r.outcome)),
          (CASE WHEN r.stage NOT IN ('new', 'assigned') THEN COALESCE(r.closed_at, r.opened_at) END, 'feature_used',
            r.id, NULL, '{"feature": "case_management"}')
        ) AS u (at, kind, object_id, due_at, attrs)
        WHERE u.at IS NOT NULL
        """)
  }

  /// Reporters who came back, and investigations past new.
  static let casework = PastUse(
    rows: """
      SELECT m.sent_at AS at, 'reporter_contact' AS kind, m.case_id AS object_id, NULL::uuid AS user_id,
        NULL::timestamptz AS due_at, '{}'::jsonb AS attrs
      FROM case_message m
      WHERE m.direction = 'from_reporter'
      UNION ALL
      SELECT COALESCE(i.closed_at, i.opened_at), 'feature_used', i.id, NULL, NULL, '{"feature": "investigations"}'
      FROM investigation i
      WHERE i.state <> 'new'
      """)

  /// Every version that was published.
  static let policies = PastUse(
    rows: """
      SELECT v.published_at AS at, 'feature_used' AS kind, v.policy_id AS object_id, NULL::uuid AS user_id,
        NULL::timestamptz AS due_at, '{"feature": "policy_management"}'::jsonb AS attrs
      FROM policy_version v
      """)

  /// A campaign that has begun, whom it asked, and what became of that.
  static func campaign(_ id: String) -> PastUse {
    PastUse(
      rows: """
        SELECT c.activated_at AS at, 'feature_used' AS kind, c.id AS object_id, NULL::uuid AS user_id,
          NULL::timestamptz AS due_at, '{"feature": "attestation_campaigns"}'::jsonb AS attrs
        FROM campaign c
        WHERE c.id = \(id)::uuid AND c.activated_at IS NOT NULL
        UNION ALL
        SELECT c.activated_at, 'attestation_assigned', a.id, NULL, a.due_at, '{}'
        FROM attestation a
        JOIN campaign c ON c.tenant_id = a.tenant_id AND c.id = a.campaign_id
        WHERE c.id = \(id)::uuid
        UNION ALL
        SELECT COALESCE(a.completed_at, c.ended_at, c.activated_at), 'attestation_' || a.state, a.id, NULL, a.due_at,
          '{}'
        FROM attestation a
        JOIN campaign c ON c.tenant_id = a.tenant_id AND c.id = a.campaign_id
        WHERE c.id = \(id)::uuid AND a.state IN ('completed', 'skipped')
        """)
  }

  static let gifts = PastUse(
    rows: """
      SELECT d.submitted_at AS at, 'feature_used' AS kind, d.id AS object_id, NULL::uuid AS user_id,
        NULL::timestamptz AS due_at, '{"feature": "gift_disclosures"}'::jsonb AS attrs
      FROM disclosure d
      WHERE d.kind = 'gift'
      """)
}

extension AuditedTransaction {
  /// Counts it, the oldest first.
  func count(_ use: PastUse) async throws {
    try await execute(
      """
      INSERT INTO usage_event (tenant_id, at, kind, object_id, user_id, due_at, attrs)
      SELECT \(author.tenant), u.at, u.kind, u.object_id, u.user_id, u.due_at, u.attrs
      FROM (\(fragment: use.rows)) u
      ORDER BY u.at, u.kind, u.object_id
      """)
  }
}
