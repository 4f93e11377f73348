// The trail of a former system, kept as it came: shown beside the records it tells of, and outside our own claims.

import Access
import EthicoTypes
import Postgres

/// Writes the audit events of a chunk.
struct HistoryImport: EntityImport {
  let chunk: ImportChunk

  func read(_ purpose: ImportPurpose, in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [table, "DELETE FROM import_event", projection])
  }

  func write(in tx: AuditedTransaction) async throws {
    let columns = ProvenanceColumns(content: "r.content_hash", legacy: "r.legacy")
    let told = chunk.provenance(.importedHistory, entity: "'audit_event'", key: "r.key", columns: columns, tx: tx)
    try await tx.sql.execute(together: [
      """
      WITH made AS (
        INSERT INTO imported_history (tenant_id, id, batch_id, event_key, parent_entity, parent_key, parent_id,
          occurred_at, actor, action, action_label, field, old_value, new_value, comment, extra)
        SELECT \(chunk.tenant), r.target_id, \(chunk.batch.id), r.key, r.parent_entity, r.parent_key, r.parent_id,
          r.occurred_at, r.actor, r.parsed ->> 'action', r.parsed ->> 'action_label', r.parsed ->> 'field',
          r.parsed ->> 'old_value', r.parsed ->> 'new_value', r.parsed ->> 'comment', r.extra
        FROM import_event r
        WHERE r.is_new
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_event r ON r.target_id = t.id
      """,
      """
      INSERT INTO migration_pending_ref (tenant_id, id, batch_id, row_no, entity, target_id, field, wanted_entity,
        wanted_key)
      SELECT \(chunk.tenant), import_id(r.stamp, 'pending'), \(chunk.batch.id), r.row_no, 'audit_event', r.target_id,
        'parent', r.parent_entity, r.parent_key
      FROM import_event r
      WHERE r.is_new AND r.parent_id IS NULL
      """,
    ])
  }

  /// What a former system wrote down is written once.
  var patch: ImportPatch? { nil }

  private static let columns = [
    "event_key", "parent_entity", "parent_key", "occurred_at", "actor.employee_id", "actor.email", "actor.name",
    "action", "action_label", "field", "old_value", "new_value", "comment",
  ]

  private let table: SQL = """
    CREATE TEMP TABLE IF NOT EXISTS import_event (
      row_no integer, stamp uuid, key text, record uuid, is_new boolean, target_id uuid, parsed jsonb, legacy jsonb,
      content_hash bytea, parent_entity text, parent_key text, parent_id uuid, occurred_at timestamptz, actor text,
      extra jsonb) ON COMMIT DELETE ROWS
    """

  private static let address: SQL = """
    '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+[.][A-Za-z]{2,}|(?=[0-9][0-9 ()./-]{8,}[0-9])[0-9](?:[ ()./-]*[0-9]){8,}'
    """

  /// Whether a text holds what `CellText.holdsAddress` finds: an e-mail address, or a phone number. First it is asked
  /// whether it has what neither does without, an `@` or nine digits one behind the other: a pattern that looks ahead
  /// takes twenty times as long, and few texts hold any.
  static func holdsAddress(_ text: SQL) -> SQL {
    """
    (\(fragment: text) ~ '@|(?:[0-9][ ()./-]*){9}' AND \(fragment: text) ~ \(fragment: address))
    """
  }

  /// The texts of a JSON object that hold an address, each as it stands where it is withheld.
  /// - Parameter names: which of its members; `nil` for all.
  static func withheldTexts(_ object: SQL, among names: [String]? = nil) -> SQL {
    let isMeant: SQL = names.map { "t.name = ANY(\($0)) AND" } ?? ""
    return """
      COALESCE((
        SELECT jsonb_object_agg(t.name, \(ReporterIdentity.withheld)::text)
        FROM jsonb_each_text(\(fragment: object)) AS t (name, told)
        WHERE \(fragment: isMeant) \(fragment: holdsAddress("t.told"))), '{}'::jsonb)
      """
  }

  /// Whoever reported reads "reporter", by whatever the report calls them. Where they stay anonymous, so does whoever
  /// acted and is nobody of the client's own, and the address they acted from; and no other address is repeated.
  private var projection: SQL {
    """
    INSERT INTO import_event
    SELECT r.row_no, r.stamp, r.key, r.record, r.is_new, COALESCE(r.target_id, import_id(r.stamp, 'event')),
      CASE WHEN a.is_anonymous THEN r.parsed || \(fragment: Self.withheldTexts("r.parsed", among: HeldAnonymity.told))
        ELSE r.parsed END,
      CASE WHEN a.is_anonymous THEN r.legacy || \(fragment: Self.withheldTexts("r.legacy")) ELSE r.legacy END,
      r.content_hash,
      r.parsed ->> 'parent_entity', r.parsed ->> 'parent_key', p.target_id, (r.parsed ->> 'occurred_at')::timestamptz,
      CASE WHEN a.is_reporter OR a.is_anonymous AND u.id IS NULL THEN 'reporter' ELSE COALESCE(
        r.parsed ->> 'actor.name', r.parsed ->> 'actor.email', r.parsed ->> 'actor.employee_id') END,
      (r.kept - \(Self.columns)::text[])
        || CASE WHEN a.is_anonymous AND r.parsed ? 'ip' THEN '{"ip": "reporter"}'::jsonb ELSE '{}' END
    FROM import_row r
    \(fragment: ParentRecord.join(from: chunk.batch.sourceSystem))
    LEFT JOIN client_user u ON u.email = lower(r.parsed ->> 'actor.email')
    LEFT JOIN LATERAL (
      SELECT f.case_id FROM attachment f WHERE p.target_table = 'attachment' AND f.id = p.target_id OFFSET 0
    ) f ON true
    CROSS JOIN LATERAL (
      SELECT r.parsed ->> 'parent_entity' IN ('case', 'attachment')
          AND (p.target_id IS NULL OR COALESCE(bool_or(o.reporter = 'anonymous'), false)) AS is_anonymous,
        COALESCE(bool_or(lower(btrim(o.reporter_name)) = n.name OR strpos(
          ' ' || translate(lower(o.reporter_contact), '·,;<>', '     ') || ' ', ' ' || n.name || ' ') > 0), false)
          AS is_reporter
      FROM case_report l
      JOIN report o ON o.tenant_id = l.tenant_id AND o.id = l.report_id
      CROSS JOIN unnest(ARRAY[lower(btrim(r.parsed ->> 'actor.name')), lower(btrim(r.parsed ->> 'actor.email')),
        lower(btrim(r.parsed ->> 'actor.employee_id'))]) AS n (name)
      WHERE l.case_id = CASE p.target_table WHEN 'attachment' THEN f.case_id ELSE p.target_id END
    ) a
    """
  }
}
