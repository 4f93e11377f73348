-- What the directory asks once more when few clients match: names that are nearly the words.
\startpipeline
SELECT t.tenant_id, t.slug, t.name, t.name_folded, t.status, t.tier, t.industry, t.employee_count,
  (SELECT count(*) FROM ticket k WHERE k.tenant_id = t.tenant_id AND k.state NOT IN ('resolved', 'closed'))
    AS open_tickets, u.errors_24h, u.jobs_dead, u.index_state, a.access, 4 AS rank
FROM (
  SELECT t.tenant_id, word_similarity((SELECT directory_fold(:q::text)), t.name_folded) AS likeness
  FROM tenant_directory t
  WHERE t.name_folded %> (SELECT directory_fold(:q::text)) AND true
  ORDER BY likeness DESC, t.name_folded COLLATE "C"
  LIMIT 20
) hit
JOIN tenant_directory t USING (tenant_id)
LEFT JOIN tenant_pulse u ON u.tenant_id = t.tenant_id
LEFT JOIN (
  SELECT DISTINCT ON (i.tenant_id) i.tenant_id, i.id AS access
  FROM impersonation i
  WHERE i.staff_id = :staff AND i.ended_at IS NULL
  ORDER BY i.tenant_id, i.started_at DESC
) a ON a.tenant_id = t.tenant_id
WHERE hit.likeness >= 0.5
ORDER BY hit.likeness DESC, t.name_folded COLLATE "C", t.tenant_id;
SELECT concat(current_setting('ops.tenant', true), current_setting('ops.actor', true),
  current_setting('ops.subject', true), current_setting('ops.impersonation', true), current_setting('ops.request', true),
  current_setting('ops.session', true), current_setting('ops.event', true), current_setting('ops.at', true)) = ''
  AND current_user = session_user;
\endpipeline
