// A policy of a former system, version by version: what was published stands as a version, what was not as the draft.

import Access
import EthicoTypes
import Postgres

/// Writes the policies of a chunk. Rows of one policy follow each other, the oldest version first and drafts last, so
/// they are written in turns: the first of each policy, then the second, until there is none left.
struct PolicyImport: EntityImport {
  let chunk: ImportChunk
  let files: AttachmentSource

  func read(_ purpose: ImportPurpose, in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [table, "DELETE FROM import_policy", projection, "ANALYZE import_policy"])
    switch purpose {
    case .look: try await tx.execute(publish)
    case .write: try await PolicyFileImport(chunk: chunk, files: files).read(in: tx)
    }
  }

  func write(in tx: AuditedTransaction) async throws {
    let turns = try await tx.first("SELECT COALESCE(max(turn), 0) FROM import_policy WHERE is_new", as: Int.self) ?? 0
    for turn in stride(from: 1, through: turns, by: 1) {
      try await tx.sql.execute(together: [
        settle(turn), policies(turn, tx), versions("r.is_new AND r.turn = \(turn)", isMain: "NOT r.makes_policy", tx),
        updates(turn, tx),
      ])
    }
    try await tx.sql.execute(together: [publish, versions("NOT r.is_new", isMain: "false", tx)])
    try await PolicyFileImport(chunk: chunk, files: files).write(in: tx)
  }

  /// What a source says anew of a policy is taken over from the row that speaks for it: that of the version that
  /// counts, or that of the draft. A version's text is written once, so another one stays with the source's own fields.
  var patch: ImportPatch? {
    ImportPatch(chunk: chunk, table: .policy, rows: drafts, later: [spokenFor])
  }

  private func rows(_ wanted: SQL, _ kept: SQL, where condition: SQL) -> SQL {
    """
    SELECT r.row_no, r.stamp, r.record, r.key, r.target_id, r.content_hash,
      r.imported || \(fragment: kept) AS imported, r.legacy, \(fragment: wanted) AS wanted
    FROM import_policy r
    JOIN policy t ON t.id = r.target_id
    \(fragment: PolicyStanding.draft)
    LEFT JOIN LATERAL (
      SELECT v.number, v.title, v.body
      FROM migration_provenance o
      JOIN policy_version v ON v.policy_id = o.target_id AND v.number::text = o.target_part
      WHERE o.record_id = r.record AND o.target_table = 'policy_version' AND o.action = 'insert' AND o.undone_at IS NULL
      LIMIT 1
    ) v ON true
    WHERE NOT r.is_new AND \(fragment: condition)
    """
  }

  /// Rows of drafts. What was published or thrown away here is no draft any more: its text is not brought back.
  private var drafts: SQL {
    let speaks: SQL = "(v.number IS NULL AND d.status IS NOT NULL AND d.record_id = r.record)"
    return rows(
      """
      CASE
        WHEN NOT \(fragment: speaks) THEN '{}'
        WHEN t.current_version IS NULL
        THEN \(fragment: PolicyStanding.subject) || \(fragment: PolicyStanding.text)
          || jsonb_build_object('status', r.status)
        WHEN t.working_status IS NULL THEN \(fragment: PolicyStanding.text) || jsonb_build_object('status', r.status)
        ELSE \(fragment: PolicyStanding.text) || jsonb_build_object('working_status', r.status)
      END
      """,
      "CASE WHEN \(fragment: speaks) THEN '{}' ELSE \(fragment: Self.unplaced) END",
      where: "NOT r.is_version")
  }

  /// Rows of versions, those that were a draft before among them.
  private var spokenFor: SQL {
    rows(
      """
      CASE
        WHEN r.version IS NOT NULL AND NOT r.is_current THEN '{}'
        WHEN r.version IS NOT NULL
        THEN \(fragment: PolicyStanding.subject) || jsonb_build_object('current_version', r.version)
          || CASE WHEN r.ends_draft THEN jsonb_build_object('status', r.status, 'working_status', NULL)
            ELSE \(fragment: PolicyStanding.state) END
          || CASE WHEN r.ends_draft OR d.status IS NULL THEN \(fragment: PolicyStanding.text) ELSE '{}' END
        WHEN v.number = t.current_version AND NOT EXISTS (
          SELECT FROM import_policy k WHERE k.target_id = t.id AND NOT k.is_new AND k.is_current)
        THEN \(fragment: PolicyStanding.subject) || \(fragment: PolicyStanding.state)
        ELSE '{}'
      END
      """,
      """
      CASE WHEN r.version IS NULL AND (v.title, v.body) IS DISTINCT FROM (r.title, r.body)
        THEN \(fragment: Self.unplaced) ELSE '{}' END
      """,
      where: "r.is_version")
  }

  /// A text that has no place here.
  static let unplaced: SQL = "jsonb_build_object('title', r.title, 'body', r.body)"
}
