// What somebody attested in a former system, under the campaign that asked them there: over, so that it asks nobody
// here.

import Access
import EthicoTypes
import Postgres

/// Writes the attestations of a chunk, and the campaigns they imply.
struct AttestationImport: EntityImport {
  let chunk: ImportChunk

  func read(_ purpose: ImportPurpose, in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [
      table, "DELETE FROM import_attestation", projection, version, campaign, "ANALYZE import_attestation",
    ])
  }

  func write(in tx: AuditedTransaction) async throws {
    // Rows that were refused are in no working table any more but this one, and stand for nobody.
    try await tx.execute(
      "DELETE FROM import_attestation a WHERE NOT EXISTS (SELECT FROM import_row r WHERE r.row_no = a.row_no)")
    try await PersonReference(chunk: chunk, field: "person").settle(.write, in: tx)
    try await tx.sql.execute(together: [
      "UPDATE import_attestation a SET employee_id = p.employee_id FROM import_person_of p WHERE p.row_no = a.row_no",
      campaigns(tx), attestations(tx),
    ])
  }

  var patch: ImportPatch? {
    ImportPatch(
      chunk: chunk, table: .attestation,
      rows: """
        SELECT a.row_no, a.stamp, a.record, a.key, a.target_id, a.content_hash, a.imported, a.legacy,
          \(fragment: wanted) AS wanted
        FROM import_attestation a
        JOIN import_row r ON r.row_no = a.row_no
        WHERE NOT a.is_new
        """)
  }

  /// What is not completed any more was completed at no time.
  private var wanted: SQL {
    let refusal = chunk.hasColumn("refused_at")
    return ImportPatch.wanted(
      [
        "state": "a.state", "due_at": "a.due_at", "completed_at": "a.completed_at", "refused_at": "a.refused_at",
        "refusal_reason": "a.refusal_reason",
      ],
      emptied: ["completed_at": "a.state <> 'completed'", "refused_at": refusal, "refusal_reason": refusal])
  }

  /// A campaign asks for a version of a policy: without one there is nothing that was attested.
  var refusals: SQL? {
    """
    SELECT r.row_no, 'ref.unresolved' AS code, COALESCE(r.policy, 'policy') AS value
    FROM import_attestation r
    WHERE r.is_new AND r.version IS NULL
    """
  }

  private static let columns = ["status", "due_at", "kind", "campaign_name"]

  private let table: SQL = """
    CREATE TEMP TABLE IF NOT EXISTS import_attestation (
      row_no integer, stamp uuid, record uuid, key text, is_new boolean, target_id uuid, legacy jsonb,
      content_hash bytea, imported jsonb, policy text, policy_title text, label text, policy_id uuid, version integer,
      campaign_name text, kind text, campaign_id uuid, employee_id uuid, state text, assigned_at timestamptz,
      due_at timestamptz, completed_at timestamptz, refused_at timestamptz, refusal_reason text) ON COMMIT DELETE ROWS
    """

  private var projection: SQL {
    """
    INSERT INTO import_attestation
    SELECT r.row_no, r.stamp, r.record, r.key, r.is_new, COALESCE(r.target_id, import_id(r.stamp, 'attestation')),
      r.legacy, r.content_hash, r.kept - (\(Self.columns)::text[]
        || CASE r.parsed ->> 'status' WHEN 'completed' THEN '{attested_at}'::text[] ELSE '{}' END),
      COALESCE(r.parsed ->> 'policy.number', r.parsed ->> 'policy.title'), r.parsed ->> 'policy.title',
      r.parsed ->> 'policy_version', NULL, NULL, r.parsed ->> 'campaign_name',
      COALESCE(r.parsed ->> 'kind', 'checkbox'), NULL, NULL, r.parsed ->> 'status',
      (r.parsed ->> 'assigned_at')::timestamptz, (r.parsed ->> 'due_at')::timestamptz,
      CASE r.parsed ->> 'status' WHEN 'completed' THEN (r.parsed ->> 'attested_at')::timestamptz END,
      (r.parsed ->> 'refused_at')::timestamptz,
      CASE WHEN r.parsed ->> 'refused_at' IS NOT NULL
        THEN COALESCE(NULLIF(r.parsed ->> 'refusal_reason', ''), '–') END
    FROM import_row r
    """
  }

  /// By number, else by title; the version by the label that it came with, else the one that counts.
  private let version: SQL = """
    UPDATE import_attestation r SET policy_id = f.policy_id, version = f.version
    FROM (
      SELECT w.policy, w.policy_title, w.label, p.id AS policy_id, COALESCE((
        SELECT v.number
        FROM policy_version v
        \(fragment: PolicyStanding.facts)
        WHERE v.policy_id = p.id AND f.label = w.label
        ORDER BY v.number DESC
        LIMIT 1), p.current_version) AS version
      FROM (SELECT DISTINCT policy, policy_title, label FROM import_attestation) w
      CROSS JOIN LATERAL (
        SELECT p.id, p.current_version FROM policy p
        WHERE p.number = w.policy OR p.title = w.policy_title
        ORDER BY p.number = w.policy DESC NULLS LAST, p.current_version DESC NULLS LAST, p.id
        LIMIT 1
      ) p
    ) f
    WHERE r.policy = f.policy AND r.policy_title IS NOT DISTINCT FROM f.policy_title
      AND r.label IS NOT DISTINCT FROM f.label
    """

  /// The campaign is known by what it asked for: the same one goes on in a later row, chunk or batch.
  private var campaign: SQL {
    """
    UPDATE import_attestation r SET campaign_name = f.name, campaign_id = c.id
    FROM (
      SELECT a.row_no, left(COALESCE(a.campaign_name, p.title), 500) AS name
      FROM import_attestation a
      JOIN policy p ON p.id = a.policy_id
    ) f
    LEFT JOIN import_attestation a ON a.row_no = f.row_no
    LEFT JOIN LATERAL (
      SELECT c.id FROM campaign c
      WHERE c.policy_id = a.policy_id AND c.policy_version = a.version AND c.name = f.name AND c.kind = a.kind
        AND EXISTS (
          SELECT FROM migration_provenance o
          WHERE o.target_id = c.id AND o.target_table = 'campaign' AND o.action = 'implied' AND o.undone_at IS NULL
          OFFSET 0)
      LIMIT 1
    ) c ON true
    WHERE r.row_no = f.row_no
    """
  }

  private func campaigns(_ tx: AuditedTransaction) -> SQL {
    let told = chunk.provenance(
      .campaign, entity: "'campaign'", key: "r.campaign_name",
      columns: ProvenanceColumns(
        identity: "r.policy_id || '/' || r.version || '/' || r.kind || '/' || r.campaign_name", action: "'implied'"),
      tx: tx)
    return """
      WITH wanted AS MATERIALIZED (
        SELECT DISTINCT ON (a.policy_id, a.version, a.kind, a.campaign_name) a.policy_id, a.version, a.kind,
          a.campaign_name, a.stamp, a.record, a.key, a.row_no,
          import_id(a.stamp, 'campaign' || a.campaign_name || a.kind) AS id,
          min(a.assigned_at) OVER own AS begun_at, max(a.due_at) OVER own AS due_at,
          max(COALESCE(a.completed_at, a.refused_at, a.due_at, a.assigned_at)) OVER own AS ended_at
        FROM import_attestation a
        WHERE a.is_new AND a.campaign_id IS NULL
        WINDOW own AS (PARTITION BY a.policy_id, a.version, a.kind, a.campaign_name)
        ORDER BY a.policy_id, a.version, a.kind, a.campaign_name, a.row_no
      ), named AS (
        UPDATE import_attestation a SET campaign_id = w.id
        FROM wanted w
        WHERE a.policy_id = w.policy_id AND a.version = w.version AND a.kind = w.kind
          AND a.campaign_name = w.campaign_name AND a.is_new AND a.campaign_id IS NULL
      ), made AS (
        INSERT INTO campaign (tenant_id, id, name, kind, status, policy_id, policy_version, audience, due_at,
          created_at, activated_at, ended_at)
        SELECT \(chunk.tenant), w.id, w.campaign_name, w.kind, 'completed', w.policy_id, w.version, 'all',
          COALESCE(w.due_at, w.ended_at, \(tx.at)), COALESCE(w.begun_at, w.ended_at, \(tx.at)), w.begun_at,
          COALESCE(w.ended_at, \(tx.at))
        FROM wanted w
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN wanted r ON r.id = t.id
      """
  }

  private func attestations(_ tx: AuditedTransaction) -> SQL {
    let columns = ProvenanceColumns(content: "r.content_hash", imported: "r.imported", legacy: "r.legacy")
    let told = chunk.provenance(.attestation, entity: "'attestation'", key: "r.key", columns: columns, tx: tx)
    return """
      WITH made AS (
        INSERT INTO attestation (tenant_id, id, campaign_id, employee_id, state, due_at, completed_at, refused_at,
          refusal_reason)
        SELECT \(chunk.tenant), r.target_id, r.campaign_id, r.employee_id, r.state,
          COALESCE(r.due_at, c.due_at), r.completed_at, r.refused_at, r.refusal_reason
        FROM import_attestation r
        JOIN campaign c ON c.id = r.campaign_id
        WHERE r.is_new
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_attestation r ON r.target_id = t.id
      """
  }
}
