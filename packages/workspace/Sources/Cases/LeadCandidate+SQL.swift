// Reads who may lead a case, inside one client's transaction.

import Access
import EthicoTypes
package import Postgres
import Web

extension Case {
  /// Everybody who may lead a case here, by name, with how many open cases they lead. These are counted at once, from
  /// the open cases on: somebody's past ones are often many more.
  package static var leadCandidates: Query<LeadCandidate> {
    Query(
      """
      SELECT u.id, u.name, u.role, COALESCE(l.load, 0) AS load
      FROM (\(fragment: leads)) u
      LEFT JOIN (
        SELECT a.user_id, count(*) AS load
        FROM "case" c
        JOIN case_assignment a
          ON a.tenant_id = c.tenant_id AND a.case_id = c.id AND a.part = 'lead' AND a.ended_at IS NULL
        WHERE c.stage = ANY(\(CaseStage.open))
        GROUP BY a.user_id
      ) l ON l.user_id = u.id
      ORDER BY u.name, u.id
      """)
  }

  /// The same people where it does not matter how much they lead.
  static var leadNames: Query<LeadCandidate> {
    Query("SELECT u.id, u.name, u.role, NULL::bigint AS load FROM (\(fragment: leads)) u ORDER BY u.name, u.id")
  }

  private static let leads: SQL = """
    SELECT u.id, u.name, u.role
    FROM client_user u
    WHERE u.state = 'active' AND u.role = ANY(\(ClientRole.allCases.filter(\.worksCases)))
    ORDER BY u.name, u.id
    LIMIT 500
    """
}

extension LeadCandidate: RowDecodable {
  package init(row: Row) throws {
    person = try PersonReference(row: row)
    role = try row["role"]
    load = try row["load"]
  }
}
