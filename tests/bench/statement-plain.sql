-- The same two statements where nothing is audited or isolated.
\timing on
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
INSERT INTO bench.plain_employee (tenant_id, id, number, name, email, title)
SELECT :'tenant', gen_random_uuid(), 'B-' || :'round' || '-' || n, 'Person ' || n, 'person' || n || '@bench.example', 'None'
FROM generate_series(1, 5000) n;
COMMIT;
\echo changed
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
UPDATE bench.plain_employee SET title = 'Changed'
WHERE tenant_id = :'tenant' AND number LIKE 'B-' || :'round' || '-%';
COMMIT;
