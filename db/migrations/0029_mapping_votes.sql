-- What clients' mappings have in common: that some client's import of a system had a header for a field. A header is here
-- only by its HMAC under a key that the database never has, so that nobody's words leave them; systems and fields are
-- those that the program knows.
CREATE TABLE mapping_vote (
  vendor text NOT NULL,
  header_hmac bytea NOT NULL,
  target text NOT NULL,
  tenant_id uuid NOT NULL,
  CONSTRAINT mapping_vote_pkey PRIMARY KEY (vendor, header_hmac, target, tenant_id),
  CONSTRAINT mapping_vote_vendor_form CHECK (vendor ~ '^[a-z0-9_]{1,64}$'),
  CONSTRAINT mapping_vote_hmac_length CHECK (octet_length(header_hmac) = 32),
  CONSTRAINT mapping_vote_target_form CHECK (target ~ '^[a-z0-9_]{1,40}(\[n\])?(\.[a-z0-9_]{1,40})?$')
);
CREATE INDEX mapping_vote_tenant ON mapping_vote (tenant_id);
GRANT SELECT, INSERT, DELETE ON mapping_vote TO console_fleet;

-- Whose votes there are to count: clients with an import that stands, and those whose votes may have to go. Runs as the
-- owner, because no role of the program sees the batches of all clients, and gives back nothing but who they are.
CREATE FUNCTION mapping_vote_clients() RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
  AS $$
SELECT b.tenant_id FROM public.migration_batch b WHERE b.state IN ('committed', 'partially_undone')
UNION
SELECT v.tenant_id FROM public.mapping_vote v
ORDER BY 1
$$;
REVOKE ALL ON FUNCTION mapping_vote_clients() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mapping_vote_clients() TO console_fleet;

-- How many others had one of these headers for which field, from two on and never more than ten: enough for a suggestion,
-- and nothing of who they are.
CREATE FUNCTION mapping_votes(system text, headers bytea[]) RETURNS TABLE (header_hmac bytea, target text, clients bigint)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
  AS $$
SELECT v.header_hmac, v.target, LEAST(count(*), 10)
FROM public.mapping_vote v
WHERE v.vendor = system AND v.header_hmac = ANY (headers)
  AND v.tenant_id IS DISTINCT FROM NULLIF(current_setting('ops.tenant', true), '')::uuid
GROUP BY v.header_hmac, v.target
HAVING count(*) >= 2
$$;
REVOKE ALL ON FUNCTION mapping_votes(text, bytea[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION mapping_votes(text, bytea[]) TO console_tenant;

INSERT INTO job_schedule (tenant_id, kind, every_minutes, at_minute) VALUES
  ('00000000-0000-0000-0000-000000000000', 'migration.votes', 1440, 40);
