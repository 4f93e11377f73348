// A disclosure of a former system, with its decision, of somebody who is found or stood in for.

import Access
import EthicoTypes
import Postgres

/// Writes the disclosures of a chunk.
struct DisclosureImport: EntityImport {
  let chunk: ImportChunk

  func read(_ purpose: ImportPurpose, in tx: AuditedTransaction) async throws {
    try await PersonReference(chunk: chunk, field: "discloser").settle(purpose, in: tx)
    try await tx.sql.execute(together: [table, "DELETE FROM import_disclosure", projection(tx), taken])
  }

  func write(in tx: AuditedTransaction) async throws {
    let columns = ProvenanceColumns(content: "r.content_hash", imported: "r.imported", legacy: "r.legacy")
    let told = chunk.provenance(.disclosure, entity: "'disclosure'", key: "r.key", columns: columns, tx: tx)
    try await tx.execute(
      """
      WITH made AS (
        INSERT INTO disclosure (tenant_id, id, reference, employee_id, kind, title, body, amount_minor, currency, state,
          submitted_at, decision, decided_at, expires_at)
        SELECT \(chunk.tenant), r.target_id, r.reference, r.employee_id, r.kind, r.title, r.body, r.amount_minor,
          r.currency, r.state, r.submitted_at, r.decision, r.decided_at, r.expires_at
        FROM import_disclosure r
        WHERE r.is_new
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_disclosure r ON r.target_id = t.id
      """)
  }

  var patch: ImportPatch? {
    ImportPatch(
      chunk: chunk, table: .disclosure,
      rows: """
        SELECT d.row_no, d.stamp, d.record, d.key, d.target_id, d.content_hash, d.imported, d.legacy,
          \(fragment: wanted) AS wanted
        FROM import_disclosure d
        JOIN import_row r ON r.row_no = d.row_no
        WHERE NOT d.is_new
        """)
  }

  /// What is looked at again is not decided. An amount or a decision that the source has and no column here takes is
  /// not nothing.
  private var wanted: SQL {
    let isOpen: SQL = "d.state IN ('submitted', 'under_review')"
    let value: SQL = "\(fragment: chunk.hasColumn("value")) AND r.parsed ->> 'value' IS NULL"
    let decision: SQL = """
      \(fragment: chunk.hasColumn("decision_comment", "conditions"))
        AND COALESCE(r.parsed ->> 'decision_comment', r.parsed ->> 'conditions', '') = ''
      """
    return ImportPatch.wanted(
      [
        "employee_id": "d.employee_id", "kind": "d.kind", "title": "d.title", "body": "d.body",
        "amount_minor": "d.amount_minor", "currency": "d.currency", "state": "d.state",
        "submitted_at": "d.submitted_at", "decision": "d.decision", "decided_at": "d.decided_at",
        "expires_at": "d.expires_at",
      ],
      emptied: [
        "amount_minor": value, "currency": value,
        "decision": "\(fragment: isOpen) OR \(fragment: decision)",
        "decided_at": "\(fragment: isOpen) OR \(fragment: chunk.hasColumn("decided_at"))",
        "expires_at": chunk.hasColumn("effective_to"),
      ])
  }

  private static let columns = [
    "disclosure_number", "disclosure_type", "submitted_at", "decided_at", "effective_to", "description",
  ]

  private let table: SQL = """
    CREATE TEMP TABLE IF NOT EXISTS import_disclosure (
      row_no integer, stamp uuid, record uuid, key text, is_new boolean, target_id uuid, legacy jsonb,
      content_hash bytea, imported jsonb, reference text, employee_id uuid, kind text, title text, body text,
      amount_minor bigint, currency text, state text, submitted_at timestamptz, decision text, decided_at timestamptz,
      expires_at timestamptz) ON COMMIT DELETE ROWS
    """

  /// An amount without a currency stays with the source's own fields, as does a decision too short to be one, and the
  /// status of what has expired.
  private func projection(_ tx: AuditedTransaction) -> SQL {
    """
    INSERT INTO import_disclosure
    SELECT r.row_no, r.stamp, r.record, r.key, r.is_new, COALESCE(r.target_id, import_id(r.stamp, 'disclosure')),
      r.legacy, r.content_hash, r.kept - (\(Self.columns)::text[]
        || CASE WHEN w.currency IS NULL THEN '{}' ELSE '{value,value_currency}'::text[] END
        || CASE WHEN w.decision IS NULL THEN '{}' ELSE '{decision_comment}'::text[] END
        || CASE WHEN w.state IS DISTINCT FROM r.parsed ->> 'status' THEN '{}' ELSE '{status}'::text[] END),
      r.parsed ->> 'disclosure_number', p.employee_id, r.parsed ->> 'disclosure_type',
      left(COALESCE(r.parsed ->> 'subtype', r.parsed ->> 'counterparty_organisation',
        r.parsed ->> 'counterparty_name', r.parsed ->> 'organisation',
        NULLIF(left(btrim(regexp_replace(left(r.parsed ->> 'description', 400), '\\s+', ' ', 'g')), 120), ''),
        r.parsed ->> 'disclosure_number'), 500),
      COALESCE(NULLIF(r.parsed ->> 'description', ''), NULLIF(r.parsed ->> 'business_purpose', ''),
        r.parsed ->> 'disclosure_number'),
      CASE WHEN w.currency IS NOT NULL THEN round((r.parsed ->> 'value')::numeric * 100)::bigint END, w.currency,
      w.state, (r.parsed ->> 'submitted_at')::timestamptz, w.decision, (r.parsed ->> 'decided_at')::timestamptz,
      w.expires_at
    FROM import_row r
    JOIN import_person_of p ON p.row_no = r.row_no
    CROSS JOIN LATERAL (
      SELECT CASE
          WHEN (r.parsed ->> 'effective_to')::timestamptz < \(tx.at)
            AND r.parsed ->> 'status' IN ('approved', 'conditions') THEN 'expired'
          ELSE r.parsed ->> 'status'
        END AS state, CASE WHEN r.parsed ->> 'value_currency' ~ '^[A-Z]{3}$' AND (r.parsed ->> 'value')::numeric >= 0
          THEN r.parsed ->> 'value_currency' END AS currency,
        (r.parsed ->> 'effective_to')::timestamptz AS expires_at,
        CASE WHEN char_length(w.said) >= 3 THEN w.said END AS decision
      FROM (SELECT COALESCE(r.parsed ->> 'decision_comment', r.parsed ->> 'conditions') AS said) w
    ) w
    """
  }

  private var taken: SQL {
    """
    UPDATE import_disclosure r SET reference = \(chunk.batch.sourceSystem) || ':' || r.reference
    WHERE r.is_new AND (EXISTS (SELECT FROM disclosure d WHERE d.reference = r.reference OFFSET 0)
      OR r.reference ~ '^DSC-' AND r.reference !~ '^DSC-[0-9]{4}-[0-9]{5,}$')
    """
  }
}
