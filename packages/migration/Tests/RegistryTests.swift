// The reviewed list of what refers to what can be imported, held against the database.

import Postgres
import TestSupport
import Testing

@testable import Migration

@Suite("The registry of dependants")
struct RegistryTests {
  @Test("names every foreign key to a table that can be imported, and no other")
  func complete() async throws {
    let db = try await TestDatabase.make(pools: 2)
    let tables = TargetTable.allCases.map(\.rawValue)
    let found = try await db.superuser().query(
      .superuser,
      """
      SELECT trim('"' FROM c.conrelid::regclass::text) || '(' || string_agg(a.attname, ',' ORDER BY k.n) || ') → '
        || trim('"' FROM c.confrelid::regclass::text)
      FROM pg_constraint c
      CROSS JOIN unnest(c.conkey) WITH ORDINALITY AS k (attnum, n)
      JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum AND a.attname <> 'tenant_id'
      WHERE c.contype = 'f' AND trim('"' FROM c.confrelid::regclass::text) = ANY(\(tables))
      GROUP BY c.oid, c.conrelid, c.confrelid
      """, as: String.self)
    let listed = Dependant.foreignKeys.map { "\($0.child.rawValue)(\($0.columns)) → \($0.parent.rawValue)" }
    #expect(Set(found) == Set(listed))
    #expect(found.count == listed.count)
  }

  @Test("finds what refers to a row that an undo deletes by an index, whichever the reference")
  func indexed() async throws {
    let db = try await TestDatabase.make(pools: 2)
    let tables = TargetTable.allCases.map(\.rawValue)
    let unindexed = try await db.superuser().query(
      .superuser,
      """
      SELECT c.conname
      FROM pg_constraint c
      WHERE c.contype = 'f' AND trim('"' FROM c.confrelid::regclass::text) = ANY(\(tables)) AND NOT EXISTS (
        SELECT FROM pg_index i
        WHERE i.indrelid = c.conrelid AND i.indkey[0] = ANY(c.conkey) AND i.indkey[1] = ANY(c.conkey)
          AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$'))
      ORDER BY 1
      """, as: String.self)
    #expect(unindexed == [])
  }

  @Test("names every column by which no two rows of a client's are the same")
  func numbered() async throws {
    let db = try await TestDatabase.make(pools: 2)
    let tables = TargetTable.allCases.map(\.rawValue)
    let found = try await db.superuser().query(
      .superuser,
      """
      SELECT trim('"' FROM i.indrelid::regclass::text) || '.' || a.attname
      FROM pg_index i
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey) AND a.attname <> 'tenant_id'
      WHERE i.indisunique AND NOT i.indisprimary AND i.indnkeyatts = 2
        AND (i.indpred IS NULL OR pg_get_expr(i.indpred, i.indrelid) ~ '^\\(\\w+ IS NOT NULL\\)$')
        AND trim('"' FROM i.indrelid::regclass::text) = ANY(\(tables))
      """, as: String.self)
    #expect(Set(found) == Set(TargetTable.numbers.map { "\($0.table.rawValue).\($0.name)" }))
  }
}
