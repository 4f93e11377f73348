-- The same two statements, isolated as well, where nothing is audited.
\timing on
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SELECT set_config('ops.tenant', :'tenant', true), set_config('ops.actor', 'system:bench', true),
  set_config('ops.at', bench.time_text(now()), true);
INSERT INTO bench.plain_employee (tenant_id, id, number, name, email, title)
SELECT :'tenant', gen_random_uuid(), 'B-' || :'round' || '-' || n, 'Person ' || n,
  'person' || n || '.' || :'round' || '@bench.example', 'None'
FROM generate_series(1, 5000) n;
COMMIT;
\echo changed
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SELECT set_config('ops.tenant', :'tenant', true), set_config('ops.actor', 'system:bench', true),
  set_config('ops.at', bench.time_text(now()), true);
UPDATE bench.plain_employee SET title = 'Changed' WHERE number LIKE 'B-' || :'round' || '-%';
COMMIT;
