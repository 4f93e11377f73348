-- The same change of a case where nothing is audited or isolated.
\set n :client_id
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
UPDATE bench.plain_case SET summary = 'Written at ' || clock_timestamp()
WHERE tenant_id = (SELECT tenant_id FROM bench.target WHERE kind = :kind AND n = :n::integer)
  AND id = (SELECT case_id FROM bench.target WHERE kind = :kind AND n = :n::integer);
COMMIT;
