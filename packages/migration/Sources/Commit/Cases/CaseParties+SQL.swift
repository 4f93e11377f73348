// Whom a case is about, who saw it, and whom it is kept from: none of the first and the last leads it or works on it.

import Access
import EthicoTypes
import Postgres

extension CaseImport {
  /// Reads whom the rows name into `import_case_party`. Somebody is one of the client's people by their number or their
  /// address; a name alone makes nobody that.
  var people: [SQL] {
    [
      """
      CREATE TEMP TABLE IF NOT EXISTS import_case_party (
        row_no integer, case_id uuid, n text, part text, name text, user_id uuid, digest text) ON COMMIT DELETE ROWS
      """,
      "CREATE INDEX IF NOT EXISTS import_case_party_row ON import_case_party (row_no)",
      "DELETE FROM import_case_party",
      """
      INSERT INTO import_case_party (row_no, case_id, n, part, name, user_id, digest)
      SELECT r.row_no, r.case_id, m.n::text, CASE m.party ->> 'role' WHEN 'subject' THEN 'accused' ELSE 'witness' END,
        m.party ->> 'name', u.id, encode(sha256(convert_to(m.party::text, 'UTF8')), 'hex')
      FROM import_case r
      CROSS JOIN LATERAL jsonb_array_elements(r.parsed -> 'parties') WITH ORDINALITY AS m (party, n)
      LEFT JOIN LATERAL (\(fragment: Self.user("m.party ->> 'name'"))) u ON true
      WHERE r.parsed ? 'parties' AND m.party ->> 'role' IN ('subject', 'witness') AND m.party ->> 'name' <> ''
      """,
      // Of whom a number or an address tells who they are the name says nothing more.
      """
      INSERT INTO import_case_party (row_no, case_id, n, part, name, user_id, digest)
      SELECT w.row_no, w.case_id, 'restricted:' || left(d.digest, 12), 'restricted', min(w.name), w.user_id, d.digest
      FROM (
        SELECT r.row_no, r.case_id, COALESCE(u.name, f.told) AS name, u.id AS user_id,
          bool_or(u.id IS NOT NULL) OVER (PARTITION BY r.row_no, lower(COALESCE(u.name, f.told))) AS is_known
        FROM import_case r
        CROSS JOIN LATERAL (
          SELECT btrim(v.told) AS told
          FROM unnest(\(Self.restricted)) AS k (field)
          CROSS JOIN LATERAL jsonb_array_elements_text(r.parsed -> k.field) AS v (told)
        ) f
        LEFT JOIN LATERAL (\(fragment: Self.user("f.told"))) u ON true
        WHERE r.parsed ?| \(Self.restricted) AND f.told <> ''
      ) w
      CROSS JOIN LATERAL (
        SELECT encode(sha256(convert_to('restricted ' || COALESCE(w.user_id::text, lower(w.name)), 'UTF8')), 'hex')
          AS digest
      ) d
      WHERE w.user_id IS NOT NULL OR NOT w.is_known
      GROUP BY w.row_no, w.case_id, w.user_id, d.digest
      """,
      "ANALYZE import_case_party",
    ]
  }

  private static let restricted = [
    "restricted_persons.employee_id", "restricted_persons.email", "restricted_persons.name",
  ]

  /// The client's user whose number or address a text is, or holds: found once for each text, then by the id.
  private static func user(_ told: SQL) -> SQL {
    """
    SELECT c.id, c.name
    FROM (
      SELECT COALESCE((
          SELECT COALESCE(e.user_id, o.id)
          FROM employee e
          LEFT JOIN client_user o ON o.email = e.email
          WHERE e.number = btrim(\(fragment: told))
        ), (
          SELECT o.id
          FROM client_user o
          WHERE o.email = lower(substring(\(fragment: told) FROM '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+[.][A-Za-z]{2,}'))
        )) AS id
      OFFSET 0
    ) k
    JOIN client_user c ON c.id = k.id
    """
  }

  /// Whether a case is about a user, or is kept from them: by what the row says, or by what is here. One who only has
  /// the name of such a person is not given the case by an import either; a person may do so.
  static func isKept(_ user: SQL, from row: SQL) -> SQL {
    """
    (EXISTS (
      SELECT FROM import_case_party p
      WHERE p.row_no = \(fragment: row).row_no AND p.part <> 'witness'
        AND (p.user_id = \(fragment: user).id OR lower(btrim(p.name)) = lower(\(fragment: user).name))
    ) OR EXISTS (
      SELECT FROM case_party p
      WHERE p.case_id = \(fragment: row).case_id AND p.user_id = \(fragment: user).id AND p.part <> 'witness'
      OFFSET 0))
    """
  }

  func parties(_ tx: AuditedTransaction) -> SQL {
    let told = chunk.provenance(
      .caseParty, entity: "'case_party'", key: "r.key || '#' || r.n || ':' || left(r.digest, 12)",
      columns: ProvenanceColumns(identity: "r.n", hash: "decode(r.digest, 'hex')"), tx: tx)
    return """
      WITH fresh AS MATERIALIZED (
        SELECT r.row_no, r.stamp, r.record, r.key, r.case_id, l.n, l.part, l.name, l.user_id, l.digest,
          import_id(r.stamp, 'party' || l.n) AS id
        FROM import_case_party l
        JOIN import_case r ON r.row_no = l.row_no
        WHERE NOT EXISTS (
          SELECT FROM migration_provenance p
          WHERE p.record_id = r.record AND p.target_table = 'case_party' AND p.undone_at IS NULL
            AND p.after_hash = decode(l.digest, 'hex')
          OFFSET 0)
      ), made AS (
        INSERT INTO case_party (tenant_id, id, case_id, part, name, user_id)
        SELECT \(chunk.tenant), f.id, f.case_id, f.part, f.name, f.user_id
        FROM fresh f
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN fresh r ON r.id = t.id
      """
  }
}
