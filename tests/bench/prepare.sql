-- What the benchmarks add to the database: who writes to which case, and an event's body in SQL.

CREATE SCHEMA bench;
GRANT USAGE ON SCHEMA bench TO console_tenant;

-- One case a writer: on one chain, or on a chain each.
CREATE TABLE bench.target (
  kind text NOT NULL,
  n integer NOT NULL,
  tenant_id uuid NOT NULL,
  case_id uuid NOT NULL,
  PRIMARY KEY (kind, n)
);
GRANT SELECT ON bench.target TO console_tenant;
INSERT INTO bench.target (kind, n, tenant_id, case_id)
SELECT 'one', row_number() OVER (ORDER BY id) - 1, tenant_id, id
FROM public."case"
WHERE tenant_id = (SELECT tenant_id FROM public."case" GROUP BY tenant_id ORDER BY count(*) DESC LIMIT 1);
INSERT INTO bench.target (kind, n, tenant_id, case_id)
SELECT 'many', row_number() OVER (ORDER BY tenant_id) - 1, tenant_id, id
FROM (SELECT DISTINCT ON (tenant_id) tenant_id, id FROM public."case" ORDER BY tenant_id, id) first_of_each;

-- The program sends ids and times; pgbench has neither, so the server makes them [RFC 9562, 5.7].
CREATE FUNCTION bench.event_id(moment timestamptz) RETURNS text
  LANGUAGE sql VOLATILE
  RETURN (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || '7'
    || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid::text;

CREATE FUNCTION bench.time_text(moment timestamptz) RETURNS text
  LANGUAGE sql STABLE
  RETURN to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

-- The canonical body of the event that this transaction announced.
CREATE FUNCTION bench.body(action text, route text) RETURNS text
  LANGUAGE sql STABLE
  RETURN format(
    '{"action":"%s","actor":{"id":"%s","kind":"%s"},"at":"%s","chain":"%s","id":"%s",%s"ip":"127.0.0.1",'
      || '"method":"GET","outcome":"ok","release":"bench","request":"%s","route":"%s",%s"status":200,"tenant":"%s","v":1}',
    action, split_part(current_setting('ops.actor'), ':', 2), split_part(current_setting('ops.actor'), ':', 1),
    current_setting('ops.at'), current_setting('ops.tenant'), current_setting('ops.event'),
    '"impersonation":"' || NULLIF(current_setting('ops.impersonation'), '') || '",',
    current_setting('ops.request'), route, '"session":"' || NULLIF(current_setting('ops.session'), '') || '",',
    current_setting('ops.tenant'));
GRANT EXECUTE ON FUNCTION bench.event_id(timestamptz), bench.time_text(timestamptz), bench.body(text, text)
  TO console_tenant;
ANALYZE;

-- The console's own role has it from db/roles.sql; here every session counts as the console does.
DO $$
BEGIN
  EXECUTE format('ALTER DATABASE %I SET pg_trgm.word_similarity_threshold = 0.5', current_database());
END
$$;
