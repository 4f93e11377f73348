// Reads what a merge would move, and moves it.

import Access
import EthicoTypes
import FoundationEssentials
import Postgres
import Web

extension CaseMerge {
  /// The merge of one case into another as it would be now; throws where the client has not both.
  static func plan(_ source: ID<Case>, into target: ID<Case>, in tx: AuditedTransaction) async throws -> CaseMerge {
    guard source != target else { throw Invalid("into", "A case is not merged into itself: choose another one.") }
    guard let ending = try await Case.find(source, in: tx), let lasting = try await Case.find(target, in: tx),
      let tally = try await tally(source, target, in: tx)
    else { throw RecordMissing() }
    return CaseMerge(
      source: ending, target: lasting, tally: tally, partial: try await partial(source, target, in: tx))
  }

  /// The same for the act itself: both rows are held, in the order of their ids, so that two merges at once wait.
  static func hold(_ source: ID<Case>, into target: ID<Case>, in tx: AuditedTransaction) async throws -> CaseMerge {
    try await tx.execute(
      "SELECT id FROM \"case\" WHERE id = ANY(\([source, target])) ORDER BY id FOR UPDATE")
    return try await plan(source, into: target, in: tx)
  }

  private static func tally(_ source: ID<Case>, _ target: ID<Case>, in tx: AuditedTransaction) async throws -> Tally? {
    try await tx.first(
      """
      SELECT
        (SELECT count(*) FROM case_report r WHERE r.case_id = \(source)) AS reports,
        (SELECT count(*) FROM case_report r
          JOIN case_report o ON o.tenant_id = r.tenant_id AND o.report_id = r.report_id AND o.case_id = \(target)
          WHERE r.case_id = \(source)) AS shared,
        (SELECT count(*) FROM investigation i WHERE i.case_id = \(source) AND i.state <> 'closed') AS investigations,
        (SELECT count(*) FROM investigation i WHERE i.case_id = \(source) AND i.state = 'closed')
          AS closed_investigations,
        (SELECT count(*) FROM note n WHERE n.case_id = \(source)) AS notes,
        (SELECT count(*) FROM case_message m WHERE m.case_id = \(source)) AS messages,
        (SELECT count(*) FROM attachment f WHERE f.case_id = \(source)) AS attachments
      """, as: Tally.self)
  }

  /// Who would work on a case in which they are accused, or which is kept from them.
  private static func partial(
    _ source: ID<Case>, _ target: ID<Case>, in tx: AuditedTransaction
  ) async throws -> [String] {
    try await tx.query(
      """
      SELECT DISTINCT u.name
      FROM case_party p
      JOIN client_user u ON u.tenant_id = p.tenant_id AND u.id = p.user_id
      WHERE p.part = ANY(\(CaseBar.allCases)) AND p.case_id IN (\(source), \(target)) AND (
        p.case_id = \(source) AND EXISTS (
          SELECT 1 FROM case_assignment a
          WHERE a.case_id = \(target) AND a.user_id = p.user_id AND a.ended_at IS NULL)
        OR EXISTS (
          SELECT 1 FROM investigation i
          WHERE i.case_id IN (\(source), \(target)) AND i.case_id <> p.case_id AND i.investigator_id = p.user_id
            AND i.state <> 'closed'))
      ORDER BY u.name
      """, as: String.self)
  }

  /// Moves what goes over, and closes the case that ends. One event tells it for both.
  func carryOut(in tx: AuditedTransaction) async throws {
    if let refusal { throw refusal }
    try await tx.execute(
      """
      INSERT INTO case_report (tenant_id, case_id, report_id, link)
      SELECT r.tenant_id, \(target.id), r.report_id, 'merged_from' FROM case_report r WHERE r.case_id = \(source.id)
      ON CONFLICT (tenant_id, case_id, report_id) DO NOTHING
      """)
    try await tx.execute("DELETE FROM case_report WHERE case_id = \(source.id)")
    try await tx.execute(
      "UPDATE investigation SET case_id = \(target.id) WHERE case_id = \(source.id) AND state <> 'closed'")
    try await tx.execute("UPDATE case_party SET case_id = \(target.id) WHERE case_id = \(source.id)")
    try await tx.execute(
      """
      UPDATE "case" SET stage = 'closed', outcome = 'merged', closed_at = \(tx.at), merged_into = \(target.id)
      WHERE id = \(source.id)
      """)
    try await tx.execute("UPDATE \"case\" SET changed_at = \(tx.at) WHERE id = \(target.id)")
    try await tx.count(.caseClosed(.merged), of: source.id, due: source.dueAt)
    try await tx.count(.featureUsed(.caseManagement), of: source.id)
    try await tx.record(
      "case.merge", object: source.object, status: 303,
      effects: [
        Effect(type: "case", id: source.id.description, text: "merged into \(target.reference)"),
        Effect(type: "case", id: target.id.description, text: "\(tally.moving) from \(source.reference)"),
      ],
      detail: "\(source.reference): into \(target.reference), \(tally.moving)")
  }
}

extension CaseMerge.Tally: RowDecodable {
  init(row: Row) throws {
    reports = try row["reports"]
    shared = try row["shared"]
    investigations = try row["investigations"]
    closedInvestigations = try row["closed_investigations"]
    notes = try row["notes"]
    messages = try row["messages"]
    attachments = try row["attachments"]
  }
}
