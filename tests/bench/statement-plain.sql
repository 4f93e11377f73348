-- The same two statements, with the triggers of the audit trail off.
\timing on
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SELECT set_config('ops.tenant', :'tenant', true), set_config('ops.actor', 'system:bench', true),
  set_config('ops.at', bench.time_text(now()), true);
INSERT INTO employee (tenant_id, id, number, name, email, title)
SELECT :'tenant', gen_random_uuid(), 'P-' || :'round' || '-' || n, 'Person ' || n,
  'unaudited' || n || '.' || :'round' || '@bench.example', 'None'
FROM generate_series(1, 5000) n;
COMMIT;
\echo changed
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SELECT set_config('ops.tenant', :'tenant', true), set_config('ops.actor', 'system:bench', true),
  set_config('ops.at', bench.time_text(now()), true);
UPDATE employee SET title = 'Changed' WHERE number LIKE 'P-' || :'round' || '-%';
COMMIT;
