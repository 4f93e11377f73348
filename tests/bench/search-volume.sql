-- Documents for search: sixty words out of five thousand each, the first of them in nearly every document, the last in
-- one of 250. They stand for records that are not there; search reads the documents alone.
WITH vocabulary AS (
  SELECT array_agg(CASE n WHEN 1 THEN 'supplier' WHEN 2 THEN 'gift' WHEN 3 THEN 'register' WHEN 100 THEN 'invoice'
    WHEN 1000 THEN 'inventory' WHEN 5000 THEN 'warehouse' ELSE 'word' || to_hex(n) END ORDER BY n) AS words
  FROM generate_series(1, 5000) n
), client AS (
  SELECT tenant_id, count(*) OVER () AS clients
  FROM (
    SELECT tenant_id FROM tenant_directory WHERE (slug = 'acme-health') = :'of_acme'::boolean ORDER BY slug LIMIT 500
  ) chosen
)
INSERT INTO search_document (tenant_id, entity, id, generation, language, title, body, mapping)
SELECT c.tenant_id, (ARRAY['report', 'case'])[1 + n % 2], gen_random_uuid(), 1, (ARRAY['en', 'de', 'es'])[1 + n % 3],
  'V-' || n,
  -- By its number, so that each document has words of its own.
  array_to_string(
    ARRAY(SELECT v.words[1 + floor(power(random(), 3) * 5000)::integer] FROM generate_series(1, 60 + n - n)), ' '),
  search_mapping()
FROM vocabulary v
CROSS JOIN client c
CROSS JOIN LATERAL generate_series(1, (:documents / c.clients)::integer) n;
