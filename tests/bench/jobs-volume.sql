-- Jobs of one client that are over, as they are after years: nearly all succeeded, one of fifty dead or cancelled.
ALTER TABLE job DISABLE TRIGGER USER;
INSERT INTO job (tenant_id, id, kind, queue, state, effect_key, tries, attempts, attempts_left, run_at, created_at,
  started_at, finished_at, result)
SELECT t.tenant_id, bench.event_id(made.at)::uuid,
  (ARRAY['mail.deliver', 'search.drain', 'retention.check'])[1 + n % 3],
  (ARRAY['mail', 'search', 'nightly'])[1 + n % 3],
  CASE WHEN n % 50 > 0 THEN 'succeeded' WHEN n % 100 > 0 THEN 'dead' ELSE 'cancelled' END,
  gen_random_uuid(), 8, 1, 0, made.at, made.at, made.at, made.at, 'Done.'
FROM tenant_directory t
CROSS JOIN generate_series(1, :jobs) n
CROSS JOIN LATERAL (SELECT now() - interval '1 second' * n AS at) made
WHERE t.slug = 'acme-health';
ALTER TABLE job ENABLE TRIGGER USER;
