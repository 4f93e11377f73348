// The categories that cases of a former system name: the client's own where they match, else new ones.

import Access
import EthicoTypes
import Postgres

/// Finds or makes the categories of the cases in `import_case`, and leaves them in `import_category`.
struct CategoryImport: Sendable {
  let chunk: ImportChunk

  func settle(_ purpose: ImportPurpose, in tx: AuditedTransaction) async throws {
    try await tx.sql.execute(together: listed + steps(purpose, tx))
  }

  private var listed: [SQL] {
    [
      """
      CREATE TEMP TABLE IF NOT EXISTS import_category (
        name text, below text, shown text, shown_below text, row_no integer, top_id uuid, id uuid,
        took_subcategory boolean) ON COMMIT DELETE ROWS
      """,
      "DELETE FROM import_category",
      """
      INSERT INTO import_category (name, below, shown, shown_below, row_no)
      SELECT lower(r.category), COALESCE(lower(r.subcategory), ''), min(r.category), min(r.subcategory), min(r.row_no)
      FROM import_case r
      WHERE r.category <> ''
      GROUP BY 1, 2
      """,
    ]
  }

  private func steps(_ purpose: ImportPurpose, _ tx: AuditedTransaction) -> [SQL] {
    let top: [SQL] =
      switch purpose {
      case .look: [matchTop]
      case .write: [matchTop, make(newTop, tx), matchTop]
      }
    let below: [SQL] =
      switch purpose {
      case .look: [matchBelow]
      case .write: [matchBelow, make(newBelow, tx), matchBelow]
      }
    return top + ["UPDATE import_category SET id = top_id, took_subcategory = false"] + below
  }

  private var newTop: SQL {
    """
    SELECT DISTINCT ON (m.name) m.name AS path, m.shown AS name, NULL::uuid AS parent_id, m.row_no
    FROM import_category m
    WHERE m.top_id IS NULL
    ORDER BY m.name, m.row_no
    """
  }

  /// A category that stands below another one here takes no further one below it.
  private var newBelow: SQL {
    """
    SELECT m.name || '/' || m.below AS path, m.shown_below AS name, m.top_id AS parent_id, m.row_no
    FROM import_category m
    JOIN category k ON k.id = m.top_id AND k.parent_id IS NULL AND k.retired_at IS NULL
    WHERE m.below <> '' AND NOT m.took_subcategory
    """
  }

  /// The client's category of that code or name: one in use before one that is not, one on its own before others.
  private var matchTop: SQL {
    """
    UPDATE import_category m SET top_id = (
      SELECT k.id FROM category k
      WHERE k.code = upper(m.name) OR lower(k.name) = m.name OR k.code = \(fragment: Self.code("m.name"))
      ORDER BY k.retired_at IS NOT NULL, k.parent_id IS NOT NULL, k.position, k.code
      LIMIT 1)
    WHERE m.top_id IS NULL
    """
  }

  private var matchBelow: SQL {
    """
    UPDATE import_category m SET id = k.id, took_subcategory = true
    FROM category k
    WHERE m.below <> '' AND NOT m.took_subcategory AND k.parent_id = m.top_id
      AND (k.code = upper(m.below) OR lower(k.name) = m.below
        OR k.code = \(fragment: Self.code("m.name || '/' || m.below")))
    """
  }

  /// A code of its own for what had none: letters of its name, and of a digest of its path.
  private static func code(_ path: SQL) -> SQL {
    """
    (COALESCE(NULLIF(left(ltrim(regexp_replace(upper(directory_fold(\(fragment: path))), '[^A-Z0-9]+', '_', 'g'), '_'),
      14), ''), 'C') || '-' || upper(left(md5(\(fragment: path)), 5)))
    """
  }

  private func make(_ wanted: SQL, _ tx: AuditedTransaction) -> SQL {
    let told = chunk.provenance(
      .category, entity: "'category'", key: "r.path",
      columns: ProvenanceColumns(identity: "r.path", action: "'implied'"), tx: tx)
    return """
      WITH wanted AS MATERIALIZED (\(fragment: wanted)), placed AS MATERIALIZED (
        SELECT w.*, c.stamp, c.record, c.key, import_id(c.stamp, 'category' || w.path) AS id,
          \(fragment: Self.code("w.path")) AS code, (SELECT COALESCE(max(position), 0) FROM category) AS last
        FROM wanted w
        JOIN import_case c ON c.row_no = w.row_no
      ), made AS (
        INSERT INTO category (tenant_id, id, parent_id, code, name, position)
        SELECT \(chunk.tenant), p.id, p.parent_id, p.code, p.name, p.last + row_number() OVER (ORDER BY p.path)
        FROM placed p
        RETURNING *
      )
      \(fragment: told)
      FROM made t
      JOIN placed r ON r.id = t.id
      """
  }
}
