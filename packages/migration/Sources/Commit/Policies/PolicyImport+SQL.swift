// A policy of a former system, version by version: what was published stands as a version, what was not as the draft.

import Access
import EthicoTypes
import Postgres

/// Writes the policies of a chunk. Rows of one policy follow each other, so they are written in turns: the first of
/// each policy, then the second, until there is none left.
struct PolicyImport: EntityImport {
  let chunk: ImportChunk

  func read(_ purpose: ImportPurpose, in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [table, "DELETE FROM import_policy", projection(tx), "ANALYZE import_policy"])
  }

  func write(in tx: AuditedTransaction) async throws {
    let turns = try await tx.first("SELECT COALESCE(max(turn), 0) FROM import_policy WHERE is_new", as: Int.self) ?? 0
    for turn in stride(from: 1, through: turns, by: 1) {
      try await tx.sql.execute(together: [
        settle(turn), policies(turn, tx), versions(turn, isMain: "NOT r.makes_policy", tx), updates(turn, tx),
      ])
    }
  }

  /// The text of a version is written once; what a source says anew of the policy is taken over by its last version.
  var patch: ImportPatch? {
    ImportPatch(
      chunk: chunk, table: .policy,
      rows: """
        SELECT r.row_no, r.stamp, r.record, r.key, r.target_id, r.content_hash, r.imported, r.legacy,
          CASE WHEN r.is_last THEN jsonb_strip_nulls(jsonb_build_object(
            'title', r.title, 'type', r.type,
            'status', CASE WHEN t.current_version IS NULL OR r.status IN ('published', 'retired') THEN r.status END))
            ELSE '{}' END AS wanted
        FROM import_policy r
        JOIN policy t ON t.id = r.target_id
        WHERE NOT r.is_new
        """)
  }

  private static let columns = [
    "policy_number", "title", "policy_type", "status", "published_at", "language", "body", "change_summary",
  ]

  private let table: SQL = """
    CREATE TEMP TABLE IF NOT EXISTS import_policy (
      row_no integer, stamp uuid, record uuid, key text, is_new boolean, target_id uuid, legacy jsonb,
      content_hash bytea, imported jsonb, policy_number text, title text, type text, status text, language text,
      body text, change_note text, published_at timestamptz, turn integer, is_last boolean, makes_policy boolean,
      version integer) ON COMMIT DELETE ROWS
    """

  private func projection(_ tx: AuditedTransaction) -> SQL {
    """
    INSERT INTO import_policy
    SELECT r.row_no, r.stamp, r.record, r.key, r.is_new, r.target_id, r.legacy, r.content_hash,
      r.kept - \(Self.columns)::text[], w.policy_number, r.parsed ->> 'title', r.parsed ->> 'policy_type',
      r.parsed ->> 'status', CASE WHEN r.parsed ->> 'language' ~ '^[a-z]{2,3}(-[A-Z]{2})?$' THEN r.parsed ->> 'language'
        ELSE n.default_language END,
      COALESCE(NULLIF(r.parsed ->> 'body', ''), r.parsed ->> 'body_file', r.parsed ->> 'title'),
      NULLIF(r.parsed ->> 'change_summary', ''), w.published_at,
      row_number() OVER (PARTITION BY w.policy_number ORDER BY w.published_at NULLS LAST, r.row_no),
      row_number() OVER (PARTITION BY w.policy_number ORDER BY w.published_at DESC NULLS FIRST, r.row_no DESC) = 1,
      false, NULL
    FROM import_row r
    JOIN tenant n ON n.id = \(chunk.tenant)
    CROSS JOIN LATERAL (
      SELECT btrim(r.parsed ->> 'policy_number') AS policy_number, CASE
        WHEN r.parsed ->> 'status' IN ('published', 'retired') THEN COALESCE(r.parsed ->> 'published_at',
          r.parsed ->> 'effective_date', r.parsed ->> 'source_created_at')::timestamptz
        END AS published_at
    ) w
    """
  }

  /// The policy that a row is about: there already, or to be made by it.
  private func settle(_ turn: Int) -> SQL {
    """
    UPDATE import_policy r SET target_id = COALESCE(p.id, import_id(r.stamp, 'policy')), makes_policy = p.id IS NULL,
      version = CASE WHEN r.status IN ('published', 'retired') THEN COALESCE((
        SELECT max(v.number) FROM policy_version v WHERE v.policy_id = p.id), 0) + 1 END
    FROM import_policy o
    LEFT JOIN policy p ON p.number = o.policy_number
    WHERE o.row_no = r.row_no AND r.is_new AND r.turn = \(turn)
    """
  }

  private func policies(_ turn: Int, _ tx: AuditedTransaction) -> SQL {
    let columns = ProvenanceColumns(content: "r.content_hash", imported: "r.imported", legacy: "r.legacy")
    let told = chunk.provenance(.policy, entity: "'policy'", key: "r.key", columns: columns, tx: tx)
    return """
      WITH made AS (
        INSERT INTO policy (tenant_id, id, number, title, type, language, status, current_version, working_title,
          working_body)
        SELECT \(chunk.tenant), r.target_id, r.policy_number, r.title, r.type, r.language, r.status, r.version, r.title,
          r.body
        FROM import_policy r
        WHERE r.is_new AND r.turn = \(turn) AND r.makes_policy
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_policy r ON r.target_id = t.id AND r.turn = \(turn) AND r.is_new
      """
  }

  /// A version of a policy that was made by the same row is a part of its record; any other is the record itself.
  private func versions(_ turn: Int, isMain: SQL, _ tx: AuditedTransaction) -> SQL {
    let columns = ProvenanceColumns(
      identity: "t.number", content: "CASE WHEN \(fragment: isMain) THEN r.content_hash END",
      imported: "CASE WHEN \(fragment: isMain) THEN r.imported ELSE '{}' END",
      legacy: "CASE WHEN \(fragment: isMain) THEN r.legacy ELSE '{}' END")
    let told = chunk.provenance(
      .policyVersion, entity: "CASE WHEN \(fragment: isMain) THEN 'policy' ELSE 'policy_version' END", key: "r.key",
      columns: columns, tx: tx)
    return """
      WITH made AS (
        INSERT INTO policy_version (tenant_id, policy_id, number, title, body, language, change_note, published_at)
        SELECT \(chunk.tenant), r.target_id, r.version, r.title, r.body, r.language, r.change_note,
          COALESCE(r.published_at, \(tx.at))
        FROM import_policy r
        WHERE r.is_new AND r.turn = \(turn) AND r.version IS NOT NULL
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_policy r ON r.target_id = t.policy_id AND r.turn = \(turn) AND r.is_new
      """
  }

  /// What a further row makes of a policy that is there: its next version, or the draft beside the one that counts.
  private func updates(_ turn: Int, _ tx: AuditedTransaction) -> SQL {
    """
    WITH wanted AS MATERIALIZED (
      SELECT r.row_no, r.target_id, to_jsonb(t) AS ours, CASE
        WHEN r.version IS NOT NULL THEN jsonb_build_object('title', r.title, 'status', r.status, 'current_version',
          r.version, 'working_title', r.title, 'working_body', r.body)
        WHEN t.status = 'published' THEN jsonb_build_object('working_status', r.status, 'working_title', r.title,
          'working_body', r.body)
        ELSE jsonb_build_object('title', r.title, 'status', r.status, 'working_title', r.title, 'working_body', r.body)
        END AS fields
      FROM import_policy r
      JOIN policy t ON t.id = r.target_id
      WHERE r.is_new AND r.turn = \(turn) AND NOT r.makes_policy
    ), layers AS (
      INSERT INTO migration_provenance (tenant_id, id, record_id, entity, target_table, target_id, source_system,
        source_record_id, batch_id, row_no, seq, action, before_image, after_image, content_hash, target_row_version,
        imported_fields, legacy_fields, event_id, imported_at)
      SELECT \(chunk.tenant), import_id(r.stamp, 'layer'), r.record, 'policy', 'policy', r.target_id,
        \(chunk.batch.sourceSystem), r.key, \(chunk.batch.id), r.row_no, (
          SELECT max(l.seq) + 1 FROM migration_provenance l
          WHERE l.target_id = r.target_id AND l.target_table = 'policy'),
        CASE WHEN r.version IS NULL THEN 'link' ELSE 'update' END, import_image((
          SELECT jsonb_object_agg(f.name, w.ours -> f.name) FROM jsonb_object_keys(w.fields) AS f (name))),
        import_image(w.fields), CASE WHEN r.version IS NULL THEN r.content_hash END,
        (w.ours ->> 'version')::integer + 1, CASE WHEN r.version IS NULL THEN r.imported ELSE '{}' END,
        CASE WHEN r.version IS NULL THEN r.legacy ELSE '{}' END, \(tx.event), \(tx.at)
      FROM wanted w
      JOIN import_policy r ON r.row_no = w.row_no
      RETURNING id, row_no
    ), texts AS (
      INSERT INTO migration_replaced (tenant_id, provenance_id, field, body)
      SELECT \(chunk.tenant), l.id, f.name, w.ours ->> f.name
      FROM layers l
      JOIN wanted w ON w.row_no = l.row_no
      CROSS JOIN LATERAL jsonb_object_keys(w.fields) AS f (name)
      WHERE jsonb_typeof(w.ours -> f.name) = 'string' AND octet_length(w.ours ->> f.name) > 256
    )
    UPDATE policy t SET (title, status, current_version, working_status, working_title, working_body) = (
      SELECT title, status, current_version, working_status, working_title, working_body
      FROM jsonb_populate_record(t, w.fields))
    FROM wanted w
    WHERE t.id = w.target_id
    """
  }
}
