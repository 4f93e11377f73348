// The questions of the self-check. Each answers with sentences; no sentence is a good answer.

import Postgres

enum SelfCheck {
  static let queries: [SQL] = [
    loginRoles, memberships, missingTables, unlistedTables, unprotectedTables, policies, auditPolicies, opsPrivileges,
    captureTriggers, auditTriggers, auditRights, publicRights, definerFunctions, staffRules,
  ]

  private static let tenantTables = TableClass.tenant + TableClass.tenantMachine
  private static let auditedTables = TableClass.tenant + TableClass.ops
  private static let allTables =
    tenantTables + TableClass.ops + TableClass.opsMachine + TableClass.reference + TableClass.audit
  static let logins = ["console_tenant", "console_fleet", "console_bypass", "console_audit", "portal_tenant"]

  private static let loginRoles: SQL = """
    SELECT 'role ' || rolname || ' has more than it should: ' || concat_ws(', ',
      CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolinherit THEN 'inherits' END,
      CASE WHEN rolbypassrls AND rolname <> 'console_bypass' THEN 'bypasses row-level security' END,
      CASE WHEN rolcreaterole THEN 'creates roles' END, CASE WHEN rolcreatedb THEN 'creates databases' END,
      CASE WHEN rolreplication THEN 'replicates' END)
    FROM pg_roles
    WHERE rolname = ANY(\(logins))
      AND (rolsuper OR rolinherit OR rolcreaterole OR rolcreatedb OR rolreplication
        OR (rolbypassrls AND rolname <> 'console_bypass'))
    ORDER BY rolname
    """

  private static let memberships: SQL = """
    SELECT 'role ' || m.rolname || ' is a member of ' || r.rolname
    FROM pg_auth_members a
    JOIN pg_roles m ON m.oid = a.member
    JOIN pg_roles r ON r.oid = a.roleid
    WHERE m.rolname = ANY(\(logins + ["ethico_audit", "ethico_search"]))
    UNION ALL
    SELECT 'role ' || r.rolname || ' owns ' || c.relname
    FROM pg_class c
    JOIN pg_roles r ON r.oid = c.relowner
    WHERE c.relnamespace = 'public'::regnamespace AND r.rolname = ANY(\(logins))
    ORDER BY 1
    """

  private static let missingTables: SQL = """
    SELECT 'table ' || name || ' is missing'
    FROM unnest(\(allTables)::text[]) AS name
    WHERE to_regclass('public.' || quote_ident(name)) IS NULL
    ORDER BY name
    """

  private static let unlistedTables: SQL = """
    SELECT 'table ' || relname || ' is on no list'
    FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'f', 'v', 'm') AND NOT relispartition
      AND relname <> ALL(\(allTables))
    ORDER BY relname
    """

  private static let unprotectedTables: SQL = """
    SELECT 'table ' || relname || ' lacks ' || concat_ws(', ',
      CASE WHEN NOT relrowsecurity THEN 'row-level security' END,
      CASE WHEN NOT relforcerowsecurity THEN 'FORCE' END,
      CASE WHEN NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid) THEN 'a policy' END)
    FROM pg_class c
    WHERE relnamespace = 'public'::regnamespace AND relname = ANY(\(tenantTables + TableClass.audit))
      AND (NOT relrowsecurity OR NOT relforcerowsecurity
        OR NOT EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid))
    ORDER BY relname
    """

  /// Every policy of a tenant table is one of those that migrations make: the owner's, the tenant's by its own
  /// column, the portal's for reading, the text index's, and the fleet's on the listed tables.
  private static let policies: SQL = """
    SELECT 'policy ' || p.polname || ' on ' || c.relname || ' is not one of ours'
    FROM pg_policy p
    JOIN pg_class c ON c.oid = p.polrelid
    CROSS JOIN LATERAL (
      SELECT string_agg(CASE r WHEN 0 THEN 'public' ELSE r::regrole::text END, ',' ORDER BY r::regrole::text) AS roles
      FROM unnest(p.polroles) AS r
    ) who
    CROSS JOIN LATERAL (
      SELECT '(' || CASE c.relname WHEN 'tenant' THEN 'id' ELSE 'tenant_id' END
        || ' = (NULLIF(current_setting(''ops.tenant''::text, true), ''''::text))::uuid)' AS own,
        pg_get_expr(p.polqual, p.polrelid) AS using_text, pg_get_expr(p.polwithcheck, p.polrelid) AS check_text
    ) said
    WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(\(tenantTables))
      AND NOT (p.polpermissive AND (
        (who.roles = 'ethico_owner' AND p.polcmd = '*')
        OR (who.roles = 'console_tenant' AND p.polcmd = '*' AND using_text = own AND check_text = own)
        OR (who.roles = 'portal_tenant' AND p.polcmd = 'r' AND using_text = own)
        OR (who.roles = 'ethico_search' AND p.polcmd = 'r' AND c.relname = 'search_document')
        OR (who.roles = 'console_fleet' AND c.relname IN ('tenant', 'domain', 'hotline_line') AND p.polcmd = '*'
          AND using_text = 'true' AND check_text = 'true')))
    UNION ALL
    SELECT 'table ' || name || ' has no policy for console_tenant'
    FROM unnest(\(tenantTables)::text[]) AS name
    WHERE NOT EXISTS (
      SELECT 1 FROM pg_policy p
      WHERE p.polrelid = to_regclass('public.' || quote_ident(name)) AND 'console_tenant'::regrole = ANY(p.polroles))
    ORDER BY 1
    """

  private static let opsPrivileges: SQL = """
    SELECT 'role ' || r.role || ' can reach ' || t.name
    FROM unnest(\(TableClass.ops + TableClass.opsMachine)::text[]) AS t (name)
    CROSS JOIN unnest(ARRAY['console_tenant', 'portal_tenant']) AS r (role)
    WHERE to_regclass('public.' || quote_ident(t.name)) IS NOT NULL
      AND (has_table_privilege(r.role, 'public.' || quote_ident(t.name), 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE')
        OR has_any_column_privilege(r.role, 'public.' || quote_ident(t.name), 'SELECT, INSERT, UPDATE'))
    UNION ALL
    SELECT 'role portal_tenant can see by whom ' || c.relname || ' was changed'
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('via_impersonation', 'changed_by')
    WHERE c.relnamespace = 'public'::regnamespace
      AND has_column_privilege('portal_tenant', c.oid, a.attname, 'SELECT')
    UNION ALL
    SELECT 'role ' || r.role || ' can reach ' || t.name
    FROM unnest(\(tenantTables)::text[]) AS t (name)
    CROSS JOIN unnest(ARRAY['console_audit', 'console_bypass', 'console_fleet']) AS r (role)
    WHERE to_regclass('public.' || quote_ident(t.name)) IS NOT NULL
      AND NOT (r.role = 'console_fleet' AND t.name IN ('tenant', 'domain', 'hotline_line'))
      AND (has_table_privilege(r.role, 'public.' || quote_ident(t.name), 'SELECT, INSERT, UPDATE, DELETE')
        OR has_any_column_privilege(r.role, 'public.' || quote_ident(t.name), 'SELECT, INSERT, UPDATE'))
    UNION ALL
    SELECT 'role console_audit can read ' || a.attname || ' of accesses'
    FROM pg_attribute a
    WHERE a.attrelid = to_regclass('public.impersonation') AND a.attname NOT IN ('id', 'tenant_id') AND a.attnum > 0
      AND has_column_privilege('console_audit', a.attrelid, a.attnum, 'SELECT')
    ORDER BY 1
    """

  private static let captureTriggers: SQL = """
    SELECT 'table ' || t.name || ' does not record ' || v.verb || 's'
    FROM unnest(\(auditedTables)::text[]) AS t (name)
    CROSS JOIN (VALUES ('insert', 4), ('update', 16), ('delete', 8)) AS v (verb, bit)
    WHERE NOT EXISTS (
      SELECT 1 FROM pg_trigger g
      JOIN pg_proc f ON f.oid = g.tgfoid
      WHERE g.tgrelid = to_regclass('public.' || quote_ident(t.name)) AND g.tgenabled = 'A'
        AND f.proname = 'audit_capture'
        AND g.tgtype & v.bit <> 0 AND g.tgtype & 1 = 0)
    ORDER BY 1
    """

  private static let publicRights: SQL = """
    SELECT 'everybody has ' || lower(a.privilege_type) || ' on ' || c.relname
    FROM pg_class c
    CROSS JOIN LATERAL aclexplode(c.relacl) AS a
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND a.grantee = 0
    UNION ALL
    SELECT 'role ' || a.grantee::regrole || ' has ' || lower(a.privilege_type) || ' on ' || c.relname
    FROM pg_class c
    CROSS JOIN LATERAL aclexplode(c.relacl) AS a
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND a.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER') AND a.grantee <> c.relowner AND a.grantee <> 0
    ORDER BY 1
    """

  /// What no administrator may bend stands in triggers, and a grant is written once.
  private static let staffRules: SQL = """
    SELECT 'trigger ' || w.trigger_name || ' on ' || w.table_name || ' is missing or can be passed by'
    FROM (VALUES
      ('staff', 'staff_unlock_own'), ('staff', 'staff_last_admin'), ('staff_grant', 'staff_grant_own'),
      ('staff_grant', 'staff_grant_ended'), ('staff_grant', 'staff_grant_last_admin')
    ) AS w (table_name, trigger_name)
    WHERE NOT EXISTS (
      SELECT 1 FROM pg_trigger g
      WHERE g.tgrelid = to_regclass('public.' || w.table_name) AND g.tgname = w.trigger_name AND g.tgenabled = 'A')
    UNION ALL
    SELECT 'role console_fleet can rewrite ' || a.attname || ' of staff_grant'
    FROM pg_attribute a
    WHERE a.attrelid = to_regclass('public.staff_grant') AND a.attnum > 0 AND NOT a.attisdropped
      AND a.attname NOT IN ('ended_at', 'ended_by')
      AND has_column_privilege('console_fleet', a.attrelid, a.attname, 'UPDATE')
    ORDER BY 1
    """

  private static let definerFunctions: SQL = """
    SELECT 'function ' || p.proname || ' runs as its owner with an open search path'
    FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
      AND NOT COALESCE(p.proconfig @> ARRAY['search_path=""'], false)
    UNION ALL
    SELECT 'function ' || p.proname || ' runs as its owner for everybody'
    FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef AND has_function_privilege('public', p.oid, 'EXECUTE')
    ORDER BY 1
    """
}
