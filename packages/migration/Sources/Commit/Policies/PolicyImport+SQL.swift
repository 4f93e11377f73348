// The statements of a policy's import.

import Access
import EthicoTypes
import Postgres

extension PolicyImport {
  /// What has a column at every policy; its language has where it is of the form that is held here.
  private static let columns = ["policy_number", "title", "policy_type", "status", "body"]
  /// What has one at a version alone.
  private static let columnsOfVersions = ["published_at", "change_summary"]

  var table: SQL {
    """
    CREATE TEMP TABLE IF NOT EXISTS import_policy (
      row_no integer, stamp uuid, record uuid, key text, is_new boolean, target_id uuid, legacy jsonb,
      content_hash bytea, imported jsonb, policy_number text, title text, type text, status text, language text,
      body text, change_note text, is_version boolean, began timestamptz, place text COLLATE "C", turn integer,
      makes_policy boolean, version integer, is_current boolean, ends_draft boolean) ON COMMIT DELETE ROWS
    """
  }

  var projection: SQL {
    """
    INSERT INTO import_policy
    SELECT r.row_no, r.stamp, r.record, r.key, r.is_new, r.target_id, r.legacy, r.content_hash,
      r.kept - (\(Self.columns)::text[]
        || CASE WHEN w.is_version THEN \(Self.columnsOfVersions)::text[] ELSE '{}' END
        || CASE WHEN w.language IS NULL THEN '{}' ELSE '{language}'::text[] END),
      w.policy_number, r.parsed ->> 'title', r.parsed ->> 'policy_type', r.parsed ->> 'status', w.language,
      COALESCE(NULLIF(r.parsed ->> 'body', ''), r.parsed ->> 'title'),
      NULLIF(r.parsed ->> 'change_summary', ''), w.is_version, w.began, w.place,
      row_number() OVER (PARTITION BY w.policy_number, r.is_new
        ORDER BY NOT w.is_version, CASE WHEN w.is_version THEN w.began END NULLS FIRST, w.place, r.row_no),
      false, NULL, false, false
    FROM import_row r
    CROSS JOIN LATERAL (
      SELECT btrim(r.parsed ->> 'policy_number') AS policy_number,
        r.parsed ->> 'status' IN ('published', 'retired') AS is_version,
        CASE WHEN r.parsed ->> 'language' ~ '^[a-z]{2,3}(-[A-Z]{2})?$' THEN r.parsed ->> 'language' END AS language,
        COALESCE(r.parsed ->> 'published_at', r.parsed ->> 'effective_date',
          r.parsed ->> 'source_created_at')::timestamptz AS began,
        COALESCE(import_label_order(r.parsed ->> 'version_label'), '') COLLATE "C" AS place
    ) w
    """
  }

  /// The policy that a row is about: there already, or to be made by it.
  func settle(_ turn: Int) -> SQL {
    """
    UPDATE import_policy SET target_id = o.target_id, makes_policy = o.makes_policy, version = o.version,
      is_current = o.is_current
    FROM (
      SELECT r.row_no, COALESCE(p.id, import_id(r.stamp, 'policy')) AS target_id, p.id IS NULL AS makes_policy,
        CASE WHEN r.is_version THEN COALESCE((
          SELECT max(v.number) FROM policy_version v WHERE v.policy_id = p.id), 0) + 1 END AS version,
        r.is_version AND NOT \(fragment: PolicyStanding.hasNewer(than: "p.id")) AS is_current
      FROM import_policy r
      LEFT JOIN policy p ON p.number = r.policy_number
      WHERE r.is_new AND r.turn = \(turn)
    ) o
    WHERE import_policy.row_no = o.row_no
    """
  }

  /// Rows that were drafts and are published by now get a version like any other; the draft ends with it where nobody
  /// has edited it here.
  var publish: SQL {
    """
    UPDATE import_policy SET version = o.version, is_current = o.is_current, ends_draft = o.ends_draft
    FROM (
      SELECT r.row_no, COALESCE((
          SELECT max(v.number) FROM policy_version v WHERE v.policy_id = r.target_id), 0)
          + row_number() OVER own AS version,
        row_number() OVER own = count(*) OVER (PARTITION BY r.target_id)
          AND NOT \(fragment: PolicyStanding.hasNewer(than: "r.target_id")) AS is_current,
        d.status IS NOT NULL AND d.record_id = r.record AND d.is_as_it_came AS ends_draft
      FROM import_policy r
      JOIN policy t ON t.id = r.target_id
      \(fragment: PolicyStanding.draft)
      WHERE NOT r.is_new AND r.is_version AND NOT EXISTS (
        SELECT FROM migration_provenance o
        WHERE o.record_id = r.record AND o.target_table = 'policy_version' AND o.action = 'insert'
          AND o.undone_at IS NULL)
      WINDOW own AS (PARTITION BY r.target_id ORDER BY r.turn)
    ) o
    WHERE import_policy.row_no = o.row_no
    """
  }

  func policies(_ turn: Int, _ tx: AuditedTransaction) -> SQL {
    let columns = ProvenanceColumns(content: "r.content_hash", imported: "r.imported", legacy: "r.legacy")
    let told = chunk.provenance(.policy, entity: "'policy'", key: "r.key", columns: columns, tx: tx)
    return """
      WITH made AS (
        INSERT INTO policy (tenant_id, id, number, title, type, language, status, current_version, working_title,
          working_body)
        SELECT \(chunk.tenant), r.target_id, r.policy_number, r.title, r.type,
          COALESCE(r.language, n.default_language), r.status, r.version, r.title, r.body
        FROM import_policy r
        JOIN tenant n ON n.id = \(chunk.tenant)
        WHERE r.is_new AND r.turn = \(turn) AND r.makes_policy
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_policy r ON r.target_id = t.id AND r.turn = \(turn) AND r.is_new
      """
  }

  /// A version of a policy that was made by the same row, or that its draft became, is a part of its record; any other
  /// is the record itself. Of one that does not count the policy takes nothing, so its state and type stay with it.
  func versions(_ rows: SQL, isMain: SQL, _ tx: AuditedTransaction) -> SQL {
    let columns = ProvenanceColumns(
      identity: "t.number", content: "CASE WHEN \(fragment: isMain) THEN r.content_hash END",
      imported: """
        CASE WHEN NOT (\(fragment: isMain)) THEN '{}' WHEN r.is_current THEN r.imported
          ELSE r.imported || jsonb_build_object('status', r.status, 'policy_type', r.type) END
        """, legacy: "CASE WHEN \(fragment: isMain) THEN r.legacy ELSE '{}' END")
    let told = chunk.provenance(
      .policyVersion, entity: "CASE WHEN \(fragment: isMain) THEN 'policy' ELSE 'policy_version' END", key: "r.key",
      columns: columns, tx: tx)
    return """
      WITH made AS (
        INSERT INTO policy_version (tenant_id, policy_id, number, title, body, language, change_note, published_at)
        SELECT \(chunk.tenant), r.target_id, r.version, r.title, r.body, COALESCE(r.language, n.default_language),
          r.change_note, COALESCE(r.began, \(tx.at))
        FROM import_policy r
        JOIN tenant n ON n.id = \(chunk.tenant)
        WHERE \(fragment: rows) AND r.version IS NOT NULL
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_policy r ON r.target_id = t.policy_id AND r.version = t.number
      """
  }

  /// What a further row makes of a policy that is there: its version that counts from now on, or the draft beside it.
  /// An older version changes nothing of it, and neither does a draft where a later one is here, or one of the client's
  /// own.
  func updates(_ turn: Int, _ tx: AuditedTransaction) -> SQL {
    """
    WITH wanted AS MATERIALIZED (
      SELECT r.row_no, r.target_id, to_jsonb(t) AS ours, w.fields,
        CASE WHEN w.fields = '{}' THEN r.imported || \(fragment: Self.unplaced) ELSE r.imported END AS imported
      FROM import_policy r
      JOIN policy t ON t.id = r.target_id
      \(fragment: PolicyStanding.draft)
      CROSS JOIN LATERAL (
        SELECT CASE
          WHEN r.version IS NOT NULL
          THEN \(fragment: PolicyStanding.subject) || \(fragment: PolicyStanding.state)
            || jsonb_build_object('current_version', r.version)
            || CASE WHEN d.status IS NULL THEN \(fragment: PolicyStanding.text) ELSE '{}' END
          WHEN d.status IS NOT NULL AND NOT (d.is_as_it_came AND d.place <= r.place) THEN '{}'
          WHEN t.status = 'published'
          THEN \(fragment: PolicyStanding.text) || jsonb_build_object('working_status', r.status)
          WHEN t.current_version IS NOT NULL
          THEN \(fragment: PolicyStanding.text) || jsonb_build_object('status', r.status)
          ELSE \(fragment: PolicyStanding.subject) || \(fragment: PolicyStanding.text)
            || jsonb_build_object('status', r.status)
        END AS fields
      ) w
      WHERE r.is_new AND r.turn = \(turn) AND NOT r.makes_policy AND (r.version IS NULL OR r.is_current)
    ), layers AS (
      INSERT INTO migration_provenance (tenant_id, id, record_id, entity, target_table, target_id, source_system,
        source_record_id, batch_id, row_no, seq, action, before_image, after_image, content_hash, target_row_version,
        imported_fields, legacy_fields, event_id, imported_at)
      SELECT \(chunk.tenant), import_id(r.stamp, 'layer'), r.record, 'policy', 'policy', r.target_id,
        \(chunk.batch.sourceSystem), r.key, \(chunk.batch.id), r.row_no, (
          SELECT COALESCE(max(l.seq), 0) + 1 FROM migration_provenance l
          WHERE l.target_id = r.target_id AND l.target_table = 'policy'),
        CASE WHEN r.version IS NULL THEN 'link' ELSE 'update' END, COALESCE(import_image((
          SELECT jsonb_object_agg(f.name, w.ours -> f.name) FROM jsonb_object_keys(w.fields) AS f (name))), '{}'),
        import_image(w.fields), CASE WHEN r.version IS NULL THEN r.content_hash END,
        (w.ours ->> 'version')::integer + (w.fields <> '{}')::integer,
        CASE WHEN r.version IS NULL THEN w.imported ELSE '{}' END,
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
    UPDATE policy t SET (\(fragment: TargetTable.policy.settable)) = (
      SELECT \(fragment: TargetTable.policy.settable) FROM jsonb_populate_record(t, w.fields))
    FROM wanted w
    WHERE t.id = w.target_id AND w.fields <> '{}'
    """
  }
}
