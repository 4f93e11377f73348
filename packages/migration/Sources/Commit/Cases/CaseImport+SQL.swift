// The statements of a case's import. Each writes one table for the whole chunk, and the provenance of what it wrote.

import Access
import EthicoTypes
import Postgres

extension CaseImport {
  /// Reads the rows as what they become: nothing of a reporter who stays anonymous goes further than this.
  func project(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: [
      """
      CREATE TEMP TABLE IF NOT EXISTS import_case (
        row_no integer, stamp uuid, record uuid, key text, is_new boolean, target_id uuid, parsed jsonb, legacy jsonb,
        content_hash bytea, imported jsonb, case_id uuid, report_id uuid, case_reference text, report_reference text,
        category text, subcategory text, category_id uuid, severity text, days integer, reporter text, language text,
        received_at timestamptz, opened_at timestamptz, due_at timestamptz, closed_at timestamptz, stage text,
        is_closed boolean, title text, summary text, body text, lead_id uuid) ON COMMIT DELETE ROWS
      """,
      "DELETE FROM import_case",
      """
      INSERT INTO import_case (row_no, stamp, record, key, is_new, target_id, parsed, legacy, content_hash, imported,
        case_id, report_id, case_reference, report_reference, category, subcategory, reporter, language, received_at,
        opened_at, due_at, closed_at, stage, is_closed, title, summary, body, severity)
      SELECT r.row_no, r.stamp, r.record, r.key, r.is_new, r.target_id, r.parsed, r.legacy, r.content_hash,
        r.kept - CASE WHEN w.stage IN ('closed', 'remediation', 'archived') THEN \(Self.columns + Self.ends)::text[]
          ELSE \(Self.columns)::text[] END,
        COALESCE(r.target_id, import_id(r.stamp, 'case')), import_id(r.stamp, 'report'),
        r.parsed ->> 'case_number', COALESCE(r.parsed ->> 'report_reference', r.parsed ->> 'case_number'),
        btrim(r.parsed ->> 'category'), NULLIF(btrim(r.parsed ->> 'subcategory'), ''), w.reporter,
        COALESCE(r.parsed ->> 'language', n.default_language), w.received_at, w.opened_at,
        (r.parsed ->> 'due_at')::timestamptz, (r.parsed ->> 'closed_at')::timestamptz, w.stage,
        w.stage IN ('closed', 'remediation', 'archived'),
        left(COALESCE(NULLIF(btrim(r.parsed ->> 'title'), ''),
          NULLIF(left(btrim(regexp_replace(left(w.said, 400), '\\s+', ' ', 'g')), 120), ''), r.key), 500),
        COALESCE(r.parsed ->> 'summary', r.parsed ->> 'narrative', ''), COALESCE(w.said, ''),
        r.parsed ->> 'severity'
      FROM import_row r
      JOIN tenant n ON n.id = \(chunk.tenant)
      CROSS JOIN LATERAL (
        SELECT COALESCE(r.parsed ->> 'reporter_type', 'anonymous') AS reporter,
          (r.parsed ->> 'received_at')::timestamptz AS received_at,
          COALESCE(r.parsed ->> 'opened_at', r.parsed ->> 'received_at')::timestamptz AS opened_at,
          COALESCE(r.parsed ->> 'narrative', r.parsed ->> 'summary') AS said,
          \(fragment: Self.stage(of: "r.parsed")) AS stage
      ) w
      """,
    ])
  }

  /// What depends on the client's own rows: whose reporter is anonymous here, the category, who may lead it, and
  /// numbers that are taken.
  func settle(in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: people)
    try await tx.sql.execute(together: [
      """
      UPDATE import_case r SET parsed = r.parsed - \(ReporterIdentity.targets)::text[],
        imported = r.imported - \(ReporterIdentity.targets)::text[]
      WHERE NOT r.is_new AND \(fragment: HeldAnonymity.isAnonymous("r.case_id"))
      """,
      """
      UPDATE import_case r SET
        category_id = k.id, severity = COALESCE(r.severity, k.severity_default),
        due_at = COALESCE(r.due_at, r.opened_at + make_interval(days => k.sla_days)),
        imported = CASE WHEN m.took_subcategory THEN r.imported - 'subcategory' ELSE r.imported END
      FROM import_category m
      JOIN category k ON k.id = m.id
      WHERE m.name = lower(r.category) AND m.below = COALESCE(lower(r.subcategory), '')
      """,
      // Nobody leads a case in which they are accused; who is that here is said of a case that is here already.
      """
      UPDATE import_case r SET lead_id = u.id
      FROM client_user u
      WHERE u.email = lower(r.parsed ->> 'assignee.email') AND \(fragment: Self.mayLead("u", isClosed: "r.is_closed"))
        AND NOT \(fragment: Self.isKept("u", from: "r"))
      """,
      // Past new there is somebody who leads it; a former system's own people may not be here. How far it was there is
      // kept.
      """
      UPDATE import_case r SET stage = 'new', imported = r.imported || \(fragment: Self.progress)
      WHERE r.is_new AND r.lead_id IS NULL AND NOT r.is_closed AND r.stage <> 'new'
      """,
      """
      UPDATE import_case r SET stage = 'new', imported = r.imported || \(fragment: Self.progress)
      WHERE NOT r.is_new AND \(fragment: getsNoLead) AND NOT r.is_closed AND r.stage <> 'new' AND NOT EXISTS (
        SELECT FROM case_assignment a
        WHERE a.case_id = r.case_id AND a.part = 'lead' AND a.ended_at IS NULL
        OFFSET 0)
      """,
      // A number that is taken here, or has our form and not our shape, says where it came from.
      """
      UPDATE import_case r SET case_reference = \(chunk.batch.sourceSystem) || ':' || r.case_reference
      WHERE r.is_new AND EXISTS (SELECT FROM "case" c WHERE c.reference = r.case_reference OFFSET 0)
      """,
      """
      UPDATE import_case r SET report_reference = \(chunk.batch.sourceSystem) || ':' || r.report_reference
      WHERE r.is_new AND (EXISTS (SELECT FROM report c WHERE c.reference = r.report_reference OFFSET 0)
        OR r.report_reference ~ '^RPT-' AND r.report_reference !~ '^RPT-[0-9]{4}-[0-9]{5,}$')
      """,
      "ANALYZE import_case (row_no, case_id, report_id, is_new)",
    ])
  }

  /// Whether a case that is here and has no lead gets none from its row: by its rule, or because the one whom an import
  /// gave it was taken off it here.
  private var getsNoLead: SQL {
    switch chunk.batch.policies[column: CaseParts.lead] {
    case .never: "true"
    case .always, .ifBlank: "r.lead_id IS NULL"
    case .ifUnchangedSinceImport:
      """
      (r.lead_id IS NULL OR EXISTS (
        SELECT FROM migration_provenance p
        WHERE p.record_id = r.record AND p.target_table = 'case_assignment' AND p.action = 'insert'
          AND p.after_image ->> 'part' = 'lead' AND p.undone_at IS NULL))
      """
    }
  }

  /// How far a case is by what its row says: by its stage, else by its status.
  static func stage(of parsed: SQL) -> SQL {
    """
    CASE
      WHEN \(fragment: parsed) ? 'stage' THEN \(fragment: parsed) ->> 'stage'
      WHEN \(fragment: parsed) ->> 'status' = 'closed' THEN 'closed'
      WHEN \(fragment: parsed) ->> 'status' = 'open' THEN 'active'
      ELSE 'new'
    END
    """
  }

  /// Whether somebody may lead a case; one that is closed may have been led by anybody.
  static func mayLead(_ user: SQL, isClosed: SQL) -> SQL {
    """
    (\(fragment: isClosed) OR \(fragment: user).state = 'active'
      AND \(fragment: user).role = ANY(\(ClientRole.allCases.filter(\.worksCases))))
    """
  }

  private static let progress: SQL = """
    jsonb_strip_nulls(jsonb_build_object('status', r.parsed -> 'status', 'stage', r.parsed -> 'stage'))
    """

  func reports(_ tx: AuditedTransaction) -> SQL {
    let told = chunk.provenance(.report, entity: "'report'", key: "r.key", columns: ProvenanceColumns(), tx: tx)
    return """
      WITH made AS (
        INSERT INTO report (tenant_id, id, reference, channel, reporter, reporter_name, reporter_contact, language,
          category_id, body, received_at)
        SELECT \(chunk.tenant), r.report_id, r.report_reference, r.parsed ->> 'channel', r.reporter,
          CASE WHEN r.reporter <> 'anonymous' THEN r.parsed ->> 'reporter_name' END,
          CASE WHEN r.reporter <> 'anonymous' THEN
            NULLIF(concat_ws(' · ', r.parsed ->> 'reporter_email', r.parsed ->> 'reporter_phone'), '') END,
          r.language, r.category_id, r.body, r.received_at
        FROM import_case r
        WHERE r.is_new
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_case r ON r.report_id = t.id
      """
  }

  func cases(_ tx: AuditedTransaction) -> SQL {
    let columns = ProvenanceColumns(content: "r.content_hash", imported: "r.imported", legacy: "r.legacy")
    let told = chunk.provenance(.case, entity: "'case'", key: "r.key", columns: columns, tx: tx)
    return """
      WITH made AS (
        INSERT INTO "case" (tenant_id, id, reference, title, summary, category_id, stage, severity, outcome, opened_at,
          due_at, closed_at)
        SELECT \(chunk.tenant), r.case_id, r.case_reference, r.title, r.summary, r.category_id, r.stage,
          COALESCE(r.severity, 'medium'), CASE WHEN r.is_closed THEN r.parsed ->> 'outcome' END, r.opened_at, r.due_at,
          CASE WHEN r.is_closed THEN r.closed_at END
        FROM import_case r
        WHERE r.is_new
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_case r ON r.case_id = t.id
      """
  }

  func links(_ tx: AuditedTransaction) -> SQL {
    let told = chunk.provenance(
      .caseReport, entity: "'case_report'", key: "r.key", columns: ProvenanceColumns(), tx: tx)
    return """
      WITH made AS (
        INSERT INTO case_report (tenant_id, case_id, report_id, link)
        SELECT \(chunk.tenant), r.case_id, r.report_id, 'primary' FROM import_case r WHERE r.is_new
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_case r ON r.case_id = t.case_id
      """
  }

  /// Who leads a case that is new here. What a source says later is a change of it: `CaseParts`.
  func leads(_ tx: AuditedTransaction) -> SQL {
    let told = chunk.provenance(
      .caseAssignment, entity: "'case_assignment'", key: "r.key || '#lead'",
      columns: ProvenanceColumns(identity: "'lead'"), tx: tx)
    return """
      WITH made AS (
        INSERT INTO case_assignment (tenant_id, id, case_id, user_id, part, assigned_at)
        SELECT \(chunk.tenant), import_id(r.stamp, 'lead'), r.case_id, r.lead_id, 'lead', r.opened_at
        FROM import_case r
        WHERE r.is_new AND r.lead_id IS NOT NULL
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_case r ON r.case_id = t.case_id
      """
  }

  /// As many of those whom the source names as may work on a case beside its lead, the first of them; all that it names
  /// stay in `imported_fields`.
  func members(_ tx: AuditedTransaction) -> SQL {
    let told = chunk.provenance(
      .caseAssignment, entity: "'case_assignment'", key: "r.key || '#' || t.user_id",
      columns: ProvenanceColumns(identity: "t.user_id"), tx: tx)
    return """
      WITH made AS (
        INSERT INTO case_assignment (tenant_id, id, case_id, user_id, part, assigned_at)
        SELECT \(chunk.tenant), import_id(r.stamp, 'member' || u.id), r.case_id, u.id, 'member', r.opened_at
        FROM import_case r
        CROSS JOIN LATERAL (
          SELECT u.id
          FROM jsonb_array_elements_text(r.parsed -> 'investigators.email') WITH ORDINALITY AS m (email, n)
          CROSS JOIN LATERAL (
            SELECT u.id, u.name FROM client_user u WHERE u.email = lower(m.email) OFFSET 0
          ) u
          WHERE u.id IS DISTINCT FROM r.lead_id AND NOT \(fragment: Self.isKept("u", from: "r"))
          GROUP BY u.id
          ORDER BY min(m.n)
          LIMIT \(Self.membersLimit)
        ) u
        WHERE r.is_new AND r.parsed ? 'investigators.email'
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_case r ON r.case_id = t.case_id
      """
  }

  func notes(_ tx: AuditedTransaction) -> SQL {
    let told = chunk.provenance(
      .note, entity: "'note'", key: "r.key || '#' || r.n || ':' || left(r.digest, 12)",
      columns: ProvenanceColumns(
        identity: "r.n", hash: "decode(r.digest, 'hex')", imported: "jsonb_strip_nulls(r.note - '{body,at}'::text[])"),
      tx: tx)
    return """
      WITH listed AS MATERIALIZED (
        SELECT r.row_no, r.stamp, r.record, r.key, r.case_id, r.opened_at, m.n, m.note,
          r.parsed ->> ('notes[' || m.n || '].at') AS begins,
          import_id(r.stamp, 'note' || m.n) AS id, encode(sha256(convert_to(m.note::text, 'UTF8')), 'hex') AS digest
        FROM import_case r
        CROSS JOIN LATERAL jsonb_array_elements(r.parsed -> 'notes') WITH ORDINALITY AS m (note, n)
        WHERE r.parsed ? 'notes' AND m.note ->> 'body' <> ''
      ), fresh AS (
        SELECT l.*, u.id AS author_id FROM listed l
        LEFT JOIN client_user u ON u.email = lower(l.note ->> 'author')
        WHERE NOT EXISTS (
          SELECT FROM migration_provenance p
          WHERE p.record_id = l.record AND p.target_table = 'note' AND p.undone_at IS NULL
            AND p.after_hash = decode(l.digest, 'hex')
          OFFSET 0)
      ), made AS (
        INSERT INTO note (tenant_id, id, case_id, author_id, visibility, body, created_at)
        SELECT \(chunk.tenant), f.id, f.case_id, f.author_id, COALESCE(f.note ->> 'visibility', 'team'),
          f.note ->> 'body', COALESCE(COALESCE(f.begins, f.note ->> 'at')::timestamptz, f.opened_at)
        FROM fresh f
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN fresh r ON r.id = t.id
      """
  }

  func investigations(_ tx: AuditedTransaction) -> SQL {
    let makesInvestigations = chunk.batch.policies[column: "investigation_state"] != .never
    let told = chunk.provenance(
      .investigation, entity: "'investigation'", key: "r.key", columns: ProvenanceColumns(), tx: tx)
    return """
      WITH made AS (
        INSERT INTO investigation (tenant_id, id, case_id, title, investigator_id, state, findings, opened_at,
          closed_at)
        SELECT \(chunk.tenant), import_id(r.stamp, 'investigation'), r.case_id, r.title, r.lead_id,
          CASE WHEN w.state = 'closed' OR r.lead_id IS NOT NULL THEN w.state ELSE 'new' END,
          COALESCE(r.parsed ->> 'resolution', ''), r.opened_at, CASE w.state WHEN 'closed' THEN r.closed_at END
        FROM import_case r
        CROSS JOIN LATERAL (SELECT r.parsed ->> 'investigation_status' AS state) w
        WHERE r.parsed ? 'investigation_status' AND (r.is_new OR \(makesInvestigations) AND NOT EXISTS (
          SELECT FROM migration_provenance p
          WHERE p.record_id = r.record AND p.target_table = 'investigation' AND p.undone_at IS NULL
          OFFSET 0))
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN import_case r ON r.case_id = t.case_id
      """
  }
}
