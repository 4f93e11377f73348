-- One change of a case with its event, which travels with the commit, as the program's does. `kind` says whether all
-- writers share a chain.
\set n :client_id
\startpipeline
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SELECT set_config('ops.tenant', tenant_id::text, true), set_config('ops.actor', :actor, true),
  set_config('ops.subject', '', true), set_config('ops.impersonation', '', true),
  set_config('ops.request', '0193a5c0-0000-7000-8000-00000000be9c', true), set_config('ops.session', '', true),
  set_config('ops.event', bench.event_id(now()), true), set_config('ops.at', bench.time_text(now()), true)
FROM bench.target
WHERE kind = :kind AND n = :n::integer;
\endpipeline
UPDATE "case" SET summary = 'Written at ' || clock_timestamp()
WHERE id = (SELECT case_id FROM bench.target WHERE kind = :kind AND n = :n::integer);
\startpipeline
INSERT INTO audit_event (at, id, chain, body)
VALUES (current_setting('ops.at')::timestamptz, current_setting('ops.event')::uuid, current_setting('ops.tenant')::uuid,
  bench.body('case.edit', 'case.edit'));
COMMIT;
\endpipeline
