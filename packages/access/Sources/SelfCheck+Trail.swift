// What the self-check asks of the trail: who sees which of it, who can change it, and what holds it.

import Postgres

extension SelfCheck {
  static let auditTriggers: SQL = """
    SELECT 'trigger ' || w.trigger_name || ' on ' || c.relname || ' is missing or can be passed by'
    FROM (VALUES
      ('audit_event', 'audit_event_check'), ('audit_event', 'audit_event_seal'),
      ('audit_event', 'audit_event_immutable'), ('audit_event', 'audit_event_came'),
      ('audit_detail', 'audit_detail_immutable'), ('audit_detail', 'audit_detail_pending'),
      ('audit_pending', 'audit_pending_demand_event'),
      ('row_change', 'row_change_immutable'), ('audit_seal', 'audit_seal_immutable')
    ) AS w (table_name, trigger_name)
    JOIN pg_class c ON c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND (c.relname = w.table_name
        OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = to_regclass('public.' || w.table_name)))
    WHERE NOT EXISTS (
      SELECT 1 FROM pg_trigger g
      WHERE g.tgrelid = c.oid AND g.tgname = w.trigger_name AND g.tgenabled = 'A')
    ORDER BY c.relname, w.trigger_name
    """

  /// The policies of the trail are exactly these: all of it for its definer functions, all of it to read for auditors
  /// and the owner, its own chain for a client, and what each may add. A month read by its own name has no policy at
  /// all, so nobody may.
  static let auditPolicies: SQL = """
    WITH own (chain, event) AS (
      VALUES (
        '(chain = (NULLIF(current_setting(''ops.tenant''::text, true), ''''::text))::uuid)',
        '(event = (NULLIF(current_setting(''ops.event''::text, true), ''''::text))::uuid)')
    ), ours (table_name, roles, verb, using_text, check_text) AS (
      SELECT name, 'ethico_audit', '*', 'true', 'true' FROM unnest(\(TableClass.audit)::text[]) AS name
      UNION ALL
      SELECT name, role, 'r', 'true', NULL
      FROM unnest(ARRAY['audit_event', 'audit_detail', 'row_change', 'audit_seal']) AS name
      CROSS JOIN unnest(ARRAY['console_audit', 'ethico_owner']) AS role
      UNION ALL
      SELECT name, 'console_tenant', 'r', chain, NULL
      FROM own
      CROSS JOIN unnest(ARRAY['audit_event', 'audit_seal']) AS name
      UNION ALL
      SELECT 'audit_event', 'console_tenant', 'a', NULL, chain FROM own
      UNION ALL
      SELECT 'audit_event', role, 'a', NULL, 'true' FROM unnest(ARRAY['console_audit', 'console_fleet']) AS role
      UNION ALL
      SELECT 'audit_detail', 'console_audit,console_fleet,console_tenant', 'a', NULL, event FROM own
      UNION ALL
      SELECT 'row_change', 'console_tenant', 'r',
        '(EXISTS ( SELECT 1 FROM audit_event e WHERE (e.id = row_change.event)))', NULL
    ), found AS (
      SELECT p.polname, c.relname, p.polpermissive, who.roles, p.polcmd::text AS verb,
        regexp_replace(pg_get_expr(p.polqual, p.polrelid), '[[:space:]]+', ' ', 'g') AS using_text,
        pg_get_expr(p.polwithcheck, p.polrelid) AS check_text
      FROM pg_policy p
      JOIN pg_class c ON c.oid = p.polrelid
      CROSS JOIN LATERAL (
        SELECT string_agg(CASE r WHEN 0 THEN 'public' ELSE r::regrole::text END, ',' ORDER BY r::regrole::text) AS roles
        FROM unnest(p.polroles) AS r
      ) who
      WHERE c.relnamespace = 'public'::regnamespace AND c.relname = ANY(\(TableClass.audit))
    )
    SELECT 'policy ' || f.polname || ' on ' || f.relname || ' is not one of ours'
    FROM found f
    WHERE NOT f.polpermissive OR NOT EXISTS (
      SELECT 1 FROM ours o
      WHERE (o.table_name, o.roles, o.verb) = (f.relname, f.roles, f.verb)
        AND (o.using_text, o.check_text) IS NOT DISTINCT FROM (f.using_text, f.check_text))
    UNION ALL
    SELECT 'table ' || o.table_name || ' has no such policy as ours for ' || o.roles
    FROM ours o
    WHERE NOT EXISTS (
      SELECT 1 FROM found f
      WHERE (f.relname, f.roles, f.verb) = (o.table_name, o.roles, o.verb)
        AND (f.using_text, f.check_text) IS NOT DISTINCT FROM (o.using_text, o.check_text))
    UNION ALL
    SELECT 'role ' || r.role || ' can reach ' || c.relname || ' past the policies of the trail'
    FROM pg_inherits i
    JOIN pg_class c ON c.oid = i.inhrelid
    CROSS JOIN unnest(\(logins + ["ethico_owner"])::text[]) AS r (role)
    WHERE i.inhparent IN (SELECT to_regclass('public.' || name) FROM unnest(\(TableClass.audit)::text[]) AS name)
      AND c.relkind IN ('r', 'p')
      AND (has_table_privilege(r.role, c.oid, 'SELECT, INSERT')
        OR has_any_column_privilege(r.role, c.oid, 'SELECT, INSERT'))
    ORDER BY 1
    """

  static let auditRights: SQL = """
    SELECT 'role ' || r.role || ' can change ' || c.relname
    FROM pg_class c
    CROSS JOIN unnest(\(logins + ["ethico_owner"])::text[]) AS r (role)
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
      AND (c.relname = ANY(\(TableClass.audit))
        OR c.oid IN (SELECT inhrelid FROM pg_inherits
          WHERE inhparent IN (SELECT to_regclass('public.' || n) FROM unnest(\(TableClass.audit)::text[]) AS n)))
      AND (has_table_privilege(r.role, c.oid, 'UPDATE, DELETE, TRUNCATE')
        OR has_any_column_privilege(r.role, c.oid, 'UPDATE'))
    UNION ALL
    SELECT 'role ' || r.role || ' can write ' || t.name || ' by hand'
    FROM unnest(ARRAY['row_change', 'audit_seal', 'audit_pending']) AS t (name)
    CROSS JOIN unnest(\(logins + ["ethico_owner"])::text[]) AS r (role)
    WHERE has_table_privilege(r.role, 'public.' || t.name, 'INSERT')
      OR has_any_column_privilege(r.role, 'public.' || t.name, 'INSERT')
    ORDER BY 1
    """
}
