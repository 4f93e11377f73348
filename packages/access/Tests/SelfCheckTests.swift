// The start refuses a database that is less closed than the program relies on, and names what is open.

import Access
import EthicoTypes
import Postgres
import TestSupport
import Testing

@Suite("The self-check")
struct SelfCheckTests {
  @Test("finds nothing in a database as the migrations make it")
  func sound() async throws {
    let db = try await TestDatabase.make()
    let weaknesses = try await db.ledger.weaknesses()
    #expect(weaknesses.isEmpty, "\(weaknesses.map(\.description))")
  }

  /// Weakenings of the schema, and a word that the refusal has to say.
  static let weakenings: [(sql: String, says: String)] = [
    ("ALTER TABLE note DISABLE ROW LEVEL SECURITY", "note"),
    ("ALTER TABLE note NO FORCE ROW LEVEL SECURITY", "note"),
    ("DROP POLICY case_tenant ON \"case\"", "case"),
    ("CREATE POLICY open ON report TO console_tenant USING (true)", "report"),
    (
      "DROP POLICY client_user_tenant ON client_user; "
        + "CREATE POLICY client_user_tenant ON client_user TO console_tenant USING (tenant_id IS NOT NULL)",
      "client_user"
    ),
    ("GRANT SELECT (email) ON staff TO console_tenant", "staff"),
    ("GRANT SELECT ON \"case\" TO console_fleet", "case"),
    ("GRANT SELECT ON \"case\" TO console_bypass", "role console_bypass can reach case"),
    ("GRANT SELECT (note) ON impersonation TO console_audit", "role console_audit can read note of accesses"),
    (
      """
      DROP POLICY domain_fleet ON domain;
      CREATE POLICY domain_fleet ON domain FOR SELECT TO console_fleet USING (true)
      """,
      "policy domain_fleet on domain is not one of ours"
    ),
    ("GRANT SELECT (via_impersonation) ON note TO portal_tenant", "note"),
    ("DROP TRIGGER note_audit_update ON note", "note"),
    ("ALTER TABLE client_user DISABLE TRIGGER client_user_audit_delete", "client_user"),
    ("ALTER TABLE \"case\" ENABLE TRIGGER case_audit_insert", "case"),
    ("ALTER TABLE audit_event DISABLE TRIGGER audit_event_check", "audit_event_check"),
    ("ALTER TABLE audit_event DISABLE TRIGGER audit_event_came", "audit_event_came"),
    ("DROP TRIGGER audit_event_seal ON audit_event", "audit_event_seal"),
    ("DROP TRIGGER audit_pending_demand_event ON audit_pending", "audit_pending_demand_event"),
    ("ALTER TABLE audit_detail DISABLE TRIGGER audit_detail_pending", "audit_detail_pending"),
    ("DROP TRIGGER audit_seal_immutable ON audit_seal", "audit_seal_immutable"),
    ("CREATE POLICY open ON audit_event FOR SELECT TO console_tenant USING (true)", "policy open on audit_event"),
    ("CREATE POLICY open ON audit_seal FOR SELECT TO PUBLIC USING (true)", "policy open on audit_seal"),
    ("CREATE POLICY open ON row_change FOR SELECT TO console_tenant USING (true)", "policy open on row_change"),
    ("CREATE POLICY open ON audit_detail FOR SELECT TO console_tenant USING (true)", "policy open on audit_detail"),
    ("CREATE POLICY open ON audit_pending TO console_tenant USING (true)", "policy open on audit_pending"),
    (
      "ALTER POLICY audit_event_tenant_add ON audit_event WITH CHECK (true)",
      "policy audit_event_tenant_add on audit_event"
    ),
    ("DROP POLICY audit_event_reader ON audit_event", "table audit_event has no such policy as ours for console_audit"),
    ("GRANT SELECT ON audit_event_other TO console_tenant", "role console_tenant can reach audit_event_other"),
    ("GRANT UPDATE ON audit_event TO console_audit", "audit_event"),
    ("GRANT DELETE ON audit_seal TO console_bypass", "audit_seal"),
    ("GRANT INSERT ON row_change TO console_tenant", "row_change"),
    ("GRANT INSERT ON audit_pending TO console_fleet", "audit_pending"),
    ("CREATE TABLE stray (tenant_id uuid)", "stray"),
    ("GRANT SELECT ON ticket TO PUBLIC", "ticket"),
    ("GRANT TRUNCATE ON note TO console_tenant", "note"),
    ("DROP TABLE staff_pin", "staff_pin"),
    ("ALTER TABLE tenant_directory OWNER TO console_fleet", "tenant_directory"),
    ("ALTER FUNCTION audit_event_check() RESET search_path", "audit_event_check"),
    ("GRANT EXECUTE ON FUNCTION flag_rule(text) TO PUBLIC", "function flag_rule runs as its owner for everybody"),
    ("DROP TRIGGER staff_grant_own ON staff_grant", "staff_grant_own"),
    ("ALTER TABLE staff ENABLE TRIGGER staff_last_admin", "staff_last_admin"),
    ("GRANT UPDATE (until) ON staff_grant TO console_fleet", "until of staff_grant"),
  ]

  @Test("names a planted weakening", arguments: weakenings.indices)
  func planted(index: Int) async throws {
    let weakening = Self.weakenings[index]
    let db = try await TestDatabase.make()
    let superuser = db.superuser()
    for statement in weakening.sql.split(separator: ";") {
      _ = try await superuser.execute(.superuser, SQL(trusted: String(statement)))
    }
    await superuser.close()
    let weaknesses = try await db.ledger.weaknesses()
    #expect(weaknesses.contains { $0.description.contains(weakening.says) }, "\(weaknesses.map(\.description))")
  }
}
