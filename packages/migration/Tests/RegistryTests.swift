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
}
