-- 5,000 employees brought in by one statement, then changed by one: each in a transaction with its event.
\timing on
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SELECT set_config('ops.tenant', :'tenant', true), set_config('ops.actor', 'system:bench', true),
  set_config('ops.subject', '', true), set_config('ops.impersonation', '', true),
  set_config('ops.request', '0193a5c0-0000-7000-8000-00000000be9c', true), set_config('ops.session', '', true),
  set_config('ops.event', bench.event_id(now()), true), set_config('ops.at', bench.time_text(now()), true);
INSERT INTO employee (tenant_id, id, number, name, email, title)
SELECT :'tenant', gen_random_uuid(), 'B-' || :'round' || '-' || n, 'Person ' || n,
  'person' || n || '.' || :'round' || '@bench.example', 'None'
FROM generate_series(1, 5000) n;
INSERT INTO audit_event (at, id, chain, body)
VALUES (current_setting('ops.at')::timestamptz, current_setting('ops.event')::uuid, :'tenant',
  bench.body('employee.import', 'bench'));
COMMIT;
\echo changed
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SELECT set_config('ops.tenant', :'tenant', true), set_config('ops.actor', 'system:bench', true),
  set_config('ops.subject', '', true), set_config('ops.impersonation', '', true),
  set_config('ops.request', '0193a5c0-0000-7000-8000-00000000be9c', true), set_config('ops.session', '', true),
  set_config('ops.event', bench.event_id(now()), true), set_config('ops.at', bench.time_text(now()), true);
UPDATE employee SET title = 'Changed' WHERE number LIKE 'B-' || :'round' || '-%';
INSERT INTO audit_event (at, id, chain, body)
VALUES (current_setting('ops.at')::timestamptz, current_setting('ops.event')::uuid, :'tenant',
  bench.body('employee.edit', 'bench'));
COMMIT;
