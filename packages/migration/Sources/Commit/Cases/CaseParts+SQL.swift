// What a source says anew of a case that stands in rows of other tables: who leads it, who works on it, its
// investigation.

import Access
import EthicoTypes
import Postgres

/// The parts of a case that are fields of it where a source comes again: held against what is here like its own
/// columns, by a rule of their own, and left to a person where they were edited here.
struct CaseParts: Sendable {
  let chunk: ImportChunk

  static let lead = "lead_id"
  static let members = "member_ids"
  /// Before the columns of the investigation that the case came with.
  static let investigation = "investigation_"
  private static let investigationColumns = ["state", "closed_at", "findings", "investigator_id"]

  /// By the names that rules and conflicts know them by.
  static let fields = [lead, members] + investigationColumns.map { investigation + $0 }

  /// A query of `ours`, `last` and `edits`: what stands here of these fields, what an import has said of them last, and
  /// who changed each when. A case that was merged takes no other lead, and one whose investigation did not come over,
  /// or is not here any more, has none of its fields.
  static func standing(of target: SQL, record: SQL) -> SQL {
    """
    SELECT l.ours || COALESCE(i.ours, '{}') AS ours, l.last || COALESCE(i.last, '{}') AS last,
      l.edits || COALESCE(i.edits, '{}') AS edits
    FROM (
      SELECT CASE WHEN c.merged_into IS NULL THEN jsonb_build_object(\(lead)::text, a.user_id) ELSE '{}' END AS ours,
        jsonb_build_object(\(lead)::text, (\(fragment: lastLead(of: record)))) AS last,
        jsonb_build_object(\(lead)::text, jsonb_build_array(a.changed_by, a.changed_at)) AS edits
      FROM "case" c
      LEFT JOIN case_assignment a ON a.case_id = c.id AND a.part = 'lead' AND a.ended_at IS NULL
      WHERE c.id = \(fragment: target)
    ) l
    LEFT JOIN LATERAL (
      SELECT jsonb_object_agg(\(investigation) || f.name, to_jsonb(t) -> f.name) AS ours,
        jsonb_object_agg(\(investigation) || f.name, m.last -> f.name) AS last,
        jsonb_object_agg(\(investigation) || f.name, jsonb_build_array(t.changed_by, t.changed_at)) AS edits
      FROM investigation t
      CROSS JOIN LATERAL (
        SELECT import_merge(p.after_image ORDER BY p.seq) AS last
        FROM migration_provenance p
        WHERE p.target_id = t.id AND p.target_table = 'investigation' AND p.undone_at IS NULL
      ) m
      CROSS JOIN unnest(\(investigationColumns)) AS f (name)
      WHERE t.id = (\(fragment: importedInvestigation(of: record)))
    ) i ON true
    """
  }

  /// Whom an import has made the lead last. One whom an import has followed by another was it before.
  private static func lastLead(of record: SQL) -> SQL {
    """
    SELECT p.after_image ->> 'user_id'
    FROM migration_provenance p
    WHERE p.record_id = \(fragment: record) AND p.target_table = 'case_assignment' AND p.action = 'insert'
      AND p.after_image ->> 'part' = 'lead' AND p.undone_at IS NULL AND NOT \(fragment: isEnded("p"))
    ORDER BY p.imported_at DESC, p.id DESC
    LIMIT 1
    """
  }

  /// Whether an import has ended what another layer had begun.
  private static func isEnded(_ layer: SQL) -> SQL {
    """
    EXISTS (
      SELECT FROM migration_provenance e
      WHERE e.target_id = \(fragment: layer).target_id AND e.target_table = 'case_assignment'
        AND e.after_image ->> 'ended_at' IS NOT NULL AND e.action = 'update' AND e.undone_at IS NULL)
    """
  }

  private static func importedInvestigation(of record: SQL) -> SQL {
    """
    SELECT p.target_id
    FROM migration_provenance p
    WHERE p.record_id = \(fragment: record) AND p.target_table = 'investigation' AND p.action = 'insert'
      AND p.undone_at IS NULL
    LIMIT 1
    """
  }
}

extension CaseParts {
  /// Those whom the source names beside the lead and who do not work on the case yet, as many as may: once it is known
  /// who leads it. Whoever was taken off it here stays off it, and nobody is taken off it because a source does not
  /// name them any more.
  var joining: [SQL] {
    let rule = chunk.batch.policies[column: Self.members]
    guard rule != .never else { return [] }
    return [
      """
      INSERT INTO import_field (row_no, field, wanted, ours, verdict)
      SELECT r.row_no, \(Self.members), n.ids, to_jsonb(o.ids), 'apply'
      FROM import_patch g
      JOIN import_case r ON r.row_no = g.row_no
      JOIN "case" c ON c.id = g.target_id AND c.merged_into IS NULL
      LEFT JOIN import_field f ON f.row_no = g.row_no AND f.field = \(Self.lead) AND f.verdict = 'apply'
      CROSS JOIN LATERAL (SELECT (f.wanted #>> '{}')::uuid AS id) l
      CROSS JOIN LATERAL (
        SELECT COALESCE(array_agg(a.user_id ORDER BY a.user_id), '{}') AS ids
        FROM case_assignment a
        WHERE a.case_id = c.id AND a.part = 'member' AND a.ended_at IS NULL AND a.user_id IS DISTINCT FROM l.id
      ) o
      CROSS JOIN LATERAL (
        SELECT jsonb_agg(u.id ORDER BY u.place) AS ids
        FROM (
          SELECT u.id, min(m.n) AS place
          FROM jsonb_array_elements_text(r.parsed -> 'investigators.email') WITH ORDINALITY AS m (email, n)
          JOIN client_user u ON u.email = lower(m.email)
          WHERE u.id IS DISTINCT FROM l.id AND u.id <> ALL(o.ids) AND NOT \(fragment: CaseImport.isKept("u", from: "r"))
            AND NOT (l.id IS NULL AND EXISTS (
              SELECT FROM case_assignment a
              WHERE a.case_id = c.id AND a.user_id = u.id AND a.part = 'lead' AND a.ended_at IS NULL))
            AND (\(rule == .always) OR NOT EXISTS (
              SELECT FROM migration_provenance p
              WHERE p.record_id = g.record AND p.target_table = 'case_assignment' AND p.action = 'insert'
                AND p.after_image ->> 'part' = 'member' AND p.after_image ->> 'user_id' = u.id::text
                AND p.undone_at IS NULL AND NOT \(fragment: Self.isEnded("p"))))
          GROUP BY u.id
          ORDER BY place
          LIMIT GREATEST(\(CaseImport.membersLimit) - cardinality(o.ids), 0)
        ) u
      ) n
      WHERE r.parsed ? 'investigators.email' AND n.ids IS NOT NULL
        AND NOT (\(rule == .ifBlank) AND cardinality(o.ids) > 0)
      """
    ]
  }

  /// Takes over what is said of such fields by `said`: a query of `row_no, stamp, record, key, target_id, wanted`.
  func write(_ said: SQL, _ tx: AuditedTransaction) -> [SQL] {
    [end(said, tx), lead(said, tx), join(said, tx), investigate(said, tx)]
  }

  /// Who led the case does so no longer, and who is to lead it no longer works on it beside somebody else.
  func end(_ said: SQL, _ tx: AuditedTransaction) -> SQL {
    """
    WITH said AS MATERIALIZED (\(fragment: said)), ended AS (
      UPDATE case_assignment t SET ended_at = \(tx.at)
      FROM said s
      WHERE t.case_id = s.target_id AND t.ended_at IS NULL AND s.wanted ->> \(Self.lead) IS NOT NULL
        AND (t.part = 'lead' OR t.user_id = (s.wanted ->> \(Self.lead))::uuid)
      RETURNING t.id, t.version, t.ended_at, s.row_no, s.stamp, s.record, s.key
    )
    \(fragment: layer(of: .caseAssignment)),
      '{"ended_at": null}', jsonb_build_object('ended_at', w.ended_at), w.version, \(tx.event), \(tx.at)
    FROM ended w
    """
  }

  /// Since when is not told by the source: since it is known, or from the case's beginning where nobody had led it.
  func lead(_ said: SQL, _ tx: AuditedTransaction) -> SQL {
    let told = chunk.provenance(
      .caseAssignment, entity: "'case_assignment'", key: "r.key || '#lead:' || r.stamp",
      columns: ProvenanceColumns(identity: "'lead'"), tx: tx)
    return """
      WITH said AS MATERIALIZED (\(fragment: said)), made AS (
        INSERT INTO case_assignment (tenant_id, id, case_id, user_id, part, assigned_at)
        SELECT \(chunk.tenant), import_id(s.stamp, 'lead'), c.id, (s.wanted ->> \(Self.lead))::uuid, 'lead',
          CASE WHEN EXISTS (SELECT FROM case_assignment a WHERE a.case_id = c.id AND a.part = 'lead') THEN \(tx.at)
            ELSE c.opened_at END
        FROM said s
        JOIN "case" c ON c.id = s.target_id
        WHERE s.wanted ->> \(Self.lead) IS NOT NULL
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN said r ON r.target_id = t.case_id
      """
  }

  private func join(_ said: SQL, _ tx: AuditedTransaction) -> SQL {
    let told = chunk.provenance(
      .caseAssignment, entity: "'case_assignment'", key: "r.key || '#' || t.user_id || ':' || r.stamp",
      columns: ProvenanceColumns(identity: "t.user_id"), tx: tx)
    return """
      WITH said AS MATERIALIZED (\(fragment: said)), made AS (
        INSERT INTO case_assignment (tenant_id, id, case_id, user_id, part, assigned_at)
        SELECT \(chunk.tenant), import_id(s.stamp, 'member' || u.id), s.target_id, u.id::uuid, 'member', \(tx.at)
        FROM said s
        CROSS JOIN LATERAL jsonb_array_elements_text(s.wanted -> \(Self.members)) AS u (id)
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN said r ON r.target_id = t.case_id
      """
  }

  /// Long findings of ours are kept whole beside the layer, because an image holds their digest alone.
  func investigate(_ said: SQL, _ tx: AuditedTransaction) -> SQL {
    let table = TargetTable.investigation
    return """
      WITH said AS MATERIALIZED (\(fragment: said)), wanted AS MATERIALIZED (
        SELECT s.row_no, s.stamp, s.record, s.key, t.id, to_jsonb(t) AS ours, f.fields
        FROM said s
        JOIN investigation t ON t.id = (\(fragment: Self.importedInvestigation(of: "s.record")))
        CROSS JOIN LATERAL (
          SELECT jsonb_object_agg(substr(f.name, \(Self.investigation.count + 1)::int), f.value) AS fields
          FROM jsonb_each(s.wanted) AS f (name, value)
          WHERE starts_with(f.name, \(Self.investigation))
        ) f
        WHERE f.fields IS NOT NULL
      ), made AS (
        UPDATE investigation t SET (\(fragment: table.settable)) = (
          SELECT \(fragment: table.settable) FROM jsonb_populate_record(t, w.fields))
        FROM wanted w
        WHERE t.id = w.id
        RETURNING t.id, t.version, to_jsonb(t) AS now
      ), texts AS (
        INSERT INTO migration_replaced (tenant_id, provenance_id, field, body)
        SELECT \(chunk.tenant), \(fragment: Self.layerID), f.name, w.ours ->> f.name
        FROM wanted w
        CROSS JOIN LATERAL jsonb_object_keys(w.fields) AS f (name)
        WHERE jsonb_typeof(w.ours -> f.name) = 'string' AND octet_length(w.ours ->> f.name) > 256
      )
      \(fragment: layer(of: table)),
        import_image(i.before), import_image(i.after), made.version, \(tx.event), \(tx.at)
      FROM wanted w
      JOIN made ON made.id = w.id
      CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(f.name, w.ours -> f.name) AS before,
          jsonb_object_agg(f.name, made.now -> f.name) AS after
        FROM jsonb_object_keys(w.fields) AS f (name)
      ) i
      """
  }

  private static let layerID: SQL = "import_id(w.stamp, 'layer' || w.id)"

  /// The beginning of a statement that lays an update over the rows `w` of a table.
  private func layer(of table: TargetTable) -> SQL {
    """
    INSERT INTO migration_provenance (tenant_id, id, record_id, entity, target_table, target_id, source_system,
      source_record_id, batch_id, row_no, seq, action, before_image, after_image, target_row_version, event_id,
      imported_at)
    SELECT \(chunk.tenant), \(fragment: Self.layerID), w.record, \(table.rawValue), \(table.rawValue), w.id,
      \(chunk.batch.sourceSystem), w.key, \(chunk.batch.id), w.row_no, (
        SELECT COALESCE(max(l.seq), 0) + 1 FROM migration_provenance l
        WHERE l.target_id = w.id AND l.target_table = \(table.rawValue)),
      'update'
    """
  }
}

extension CaseParts {
  /// Holds the investigations that open conflicts of a batch are about; who leads a case is changed with the case held.
  static func hold(_ batch: ID<Batch>, among conflicts: [ID<Conflict>]?) -> SQL {
    """
    SELECT count(*)
    FROM (
      SELECT t.id
      FROM migration_conflict c
      JOIN investigation t ON t.case_id = c.target_id
      WHERE c.batch_id = \(batch) AND c.resolution IS NULL AND starts_with(c.field, \(investigation))
        AND (\(conflicts == nil) OR c.id = ANY(\(conflicts ?? [])))
      ORDER BY t.id
      FOR UPDATE OF t
    ) held
    """
  }

  /// Takes over what a person has decided for, of one record.
  /// - Returns: false where the investigation is not here any more, or where whom the source names may not lead by now.
  func take(_ fields: Set<String>, by said: SQL, in tx: AuditedTransaction) async throws -> Bool {
    if fields.contains(Self.lead) {
      guard try await tx.first(mayLead(said), as: Bool.self) ?? false else { return false }
      try await tx.execute(end(said, tx))
      guard try await tx.execute(lead(said, tx)) == 1 else { return false }
    }
    guard fields.contains(where: { $0.hasPrefix(Self.investigation) }) else { return true }
    return try await tx.execute(investigate(said, tx)) == 1
  }

  private func mayLead(_ said: SQL) -> SQL {
    """
    SELECT EXISTS (
      SELECT FROM (\(fragment: said)) s
      JOIN "case" c ON c.id = s.target_id AND c.merged_into IS NULL
      JOIN client_user u ON u.id = (s.wanted ->> \(Self.lead))::uuid
      WHERE \(fragment: CaseImport.mayLead("u", isClosed: "c.status = 'closed'")))
    """
  }
}
