-- One page of the client directory for a word of three letters or more without a dot, as the program sends it: the
-- sign-in, and the page with its count, each in one round trip with the check that nothing is left over.
\startpipeline
SELECT s.id AS session_id, s.started_at, s.last_seen_at, s.ended_at IS NOT NULL AS is_ended,
  s.ended_at IS NOT NULL OR s.last_seen_at < :idle_since OR s.started_at < :begun_since AS is_over,
  p.id AS staff_id, p.email, p.name AS staff_name, p.timezone AS staff_timezone, p.single_keys,
  p.state <> 'active' OR p.locked_at IS NOT NULL AS is_barred,
  ARRAY (
    SELECT g.capability FROM staff_grant g
    WHERE g.staff_id = p.id AND g.ended_at IS NULL AND (g.until IS NULL OR g.until > :now)
  ) AS capabilities,
  CASE WHEN NOT (s.ended_at IS NOT NULL OR s.last_seen_at < :idle_since OR s.started_at < :begun_since)
    AND NOT (p.state <> 'active' OR p.locked_at IS NOT NULL)
    THEN rate_spend(:meter, p.id::text, :now) END AS spent
FROM staff_session s
JOIN staff p ON p.id = s.staff_id
WHERE s.token_hash = :token;
SELECT concat(current_setting('ops.tenant', true), current_setting('ops.actor', true),
  current_setting('ops.subject', true), current_setting('ops.impersonation', true), current_setting('ops.request', true),
  current_setting('ops.session', true), current_setting('ops.event', true), current_setting('ops.at', true)) = ''
  AND current_user = session_user;
\endpipeline
\startpipeline
WITH matched AS MATERIALIZED (
  SELECT t.tenant_id, t.name_folded,
    CASE WHEN t.slug = :q THEN 0
      WHEN (t.name_folded COLLATE "C" >= (SELECT directory_fold(:q::text)) COLLATE "C"
        AND t.name_folded COLLATE "C" < (SELECT directory_fold(:q::text) || U&'\+10FFFF') COLLATE "C") THEN 1
      WHEN (' ' || t.name_folded) LIKE (SELECT '% ' || directory_fold(:q::text) || '%') THEN 2 ELSE 3 END
      AS rank
  FROM tenant_directory t
  WHERE t.folded LIKE (SELECT '%' || directory_fold(:q::text) || '%')
    AND true
  LIMIT :count_limit
)
SELECT t.tenant_id, t.slug, t.name, t.name_folded, t.status, t.tier, t.industry, t.employee_count,
  (SELECT count(*) FROM ticket k WHERE k.tenant_id = t.tenant_id AND k.state NOT IN ('resolved', 'closed'))
    AS open_tickets, u.errors_24h, u.jobs_dead, u.index_state, a.access, hit.rank,
  (SELECT count(*) FROM matched) AS matches
FROM (
  SELECT m.tenant_id, m.rank FROM matched m
  WHERE true
  ORDER BY m.rank, m.name_folded COLLATE "C", m.tenant_id
  LIMIT :limit
) hit
JOIN tenant_directory t USING (tenant_id)
LEFT JOIN tenant_pulse u ON u.tenant_id = t.tenant_id
LEFT JOIN (
  SELECT DISTINCT ON (i.tenant_id) i.tenant_id, i.id AS access
  FROM impersonation i
  WHERE i.staff_id = :staff AND i.ended_at IS NULL
  ORDER BY i.tenant_id, i.started_at DESC
) a ON a.tenant_id = t.tenant_id
ORDER BY hit.rank, t.name_folded COLLATE "C", t.tenant_id;
SELECT concat(current_setting('ops.tenant', true), current_setting('ops.actor', true),
  current_setting('ops.subject', true), current_setting('ops.impersonation', true), current_setting('ops.request', true),
  current_setting('ops.session', true), current_setting('ops.event', true), current_setting('ops.at', true)) = ''
  AND current_user = session_user;
\endpipeline
