// A case of a former system: what was reported, the case itself, its investigation, whom it is about, and what was
// noted.

import Access
import EthicoTypes
import Postgres

/// Writes the case rows of a chunk, table by table.
struct CaseImport: EntityImport {
  let chunk: ImportChunk

  func read(_ purpose: ImportPurpose, in tx: AuditedTransaction) async throws {
    try await project(in: tx)
    try await CategoryImport(chunk: chunk).settle(purpose, in: tx)
    try await settle(in: tx)
  }

  func write(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [
      reports(tx), cases(tx), links(tx), leads(tx), members(tx), parties(tx), notes(tx), investigations(tx),
    ])
  }

  /// The report of a case is written once: what a source says anew of it changes the case alone, and who reported it
  /// never comes to light by an update.
  var patch: ImportPatch? {
    ImportPatch(
      chunk: chunk, table: .case,
      rows: """
        SELECT r.row_no, r.stamp, r.record, r.key, r.target_id, r.content_hash, r.imported, r.legacy,
          \(fragment: wanted) AS wanted
        FROM import_case r
        WHERE NOT r.is_new
        """)
  }

  /// A case that is open again has not ended.
  private var wanted: SQL {
    ImportPatch.wanted(
      [
        "title": "CASE WHEN r.parsed ? 'title' THEN r.title END", "summary": "r.summary",
        "category_id": "r.category_id", "stage": "r.stage", "severity": "r.parsed ->> 'severity'",
        "outcome": "CASE WHEN r.is_closed THEN r.parsed ->> 'outcome' END", "opened_at": "r.opened_at",
        "due_at": "CASE WHEN r.parsed ? 'due_at' THEN r.due_at END",
        "closed_at": "CASE WHEN r.is_closed THEN r.closed_at END", "lead_id": "r.lead_id",
        "investigation_state": investigationState,
        "investigation_closed_at": "CASE r.parsed ->> 'investigation_status' WHEN 'closed' THEN r.closed_at END",
        "investigation_findings":
          "CASE WHEN \(fragment: chunk.hasColumn("resolution")) THEN COALESCE(r.parsed ->> 'resolution', '') END",
        "investigation_investigator_id": "r.lead_id",
      ],
      emptied: [
        "outcome": "NOT r.is_closed OR \(fragment: chunk.hasColumn("outcome"))",
        "closed_at": "NOT r.is_closed OR \(fragment: chunk.hasColumn("closed_at"))",
        "investigation_closed_at": "r.parsed ->> 'investigation_status' <> 'closed'",
      ])
  }

  /// An investigation that nobody leads here has not begun, unless it has ended.
  private var investigationState: SQL {
    """
    CASE WHEN r.lead_id IS NOT NULL OR r.parsed ->> 'investigation_status' = 'closed' OR EXISTS (
        SELECT FROM investigation i
        JOIN migration_provenance p ON p.target_id = i.id AND p.target_table = 'investigation' AND p.action = 'insert'
          AND p.record_id = r.record AND p.undone_at IS NULL
        WHERE i.case_id = r.case_id AND i.investigator_id IS NOT NULL)
      THEN r.parsed ->> 'investigation_status' WHEN r.parsed ? 'investigation_status' THEN 'new' END
    """
  }

  /// The most people who work on a case beside its lead. The database holds the same.
  static let membersLimit = 10

  /// What has a column, or stands elsewhere in the record; all other fields are kept in `imported_fields`.
  static let columns = [
    "case_number", "channel", "status", "stage", "severity", "received_at", "opened_at", "due_at", "category", "title",
    "summary", "narrative", "language", "reporter_type", "reporter_name", "reporter_email", "reporter_phone", "notes",
  ]
  /// What only a closed case has a column for.
  static let ends = ["outcome", "closed_at"]
}
