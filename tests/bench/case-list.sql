-- A page inside a client, as the program sends it: who asks and by which access; then, in one transaction, whether the
-- client has what the page offers, the list of cases and the event that says it was looked at.
\startpipeline
SELECT s.id AS session_id, s.started_at, s.last_seen_at, s.ended_at IS NOT NULL AS is_ended,
  s.ended_at IS NOT NULL OR s.last_seen_at < :idle_since OR s.started_at < :begun_since AS is_over,
  p.id AS staff_id, p.email, p.name AS staff_name, p.timezone AS staff_timezone, p.single_keys,
  p.state <> 'active' OR p.locked_at IS NOT NULL AS is_barred,
  ARRAY (
    SELECT g.capability FROM staff_grant g
    WHERE g.staff_id = p.id AND g.ended_at IS NULL AND (g.until IS NULL OR g.until > :now)
  ) AS capabilities,
  i.id AS impersonation_id, i.entry, COALESCE(k.number, i.ticket_text) AS ticket, i.started_at AS access_started_at,
  i.ended_at AS access_ended_at, i.ended_kind, i.ended_by, i.subject_id, u.name AS subject_name, u.role AS subject_role,
  t.tenant_id, t.slug, t.name AS tenant_name, t.status AS tenant_status,
  pr.last_session_id, pr.last_seen_at AS presence_seen_at
FROM staff_session s
JOIN staff p ON p.id = s.staff_id
LEFT JOIN impersonation i ON i.id = :impersonation AND i.staff_id = p.id
LEFT JOIN tenant_directory t ON t.tenant_id = i.tenant_id
LEFT JOIN ticket k ON k.id = i.ticket_id
LEFT JOIN impersonation_presence pr ON pr.impersonation_id = i.id
LEFT JOIN LATERAL impersonation_subject(i.id) u ON i.subject_id IS NOT NULL
WHERE s.token_hash = :token;
SELECT concat(current_setting('ops.tenant', true), current_setting('ops.actor', true),
  current_setting('ops.subject', true), current_setting('ops.impersonation', true), current_setting('ops.request', true),
  current_setting('ops.session', true), current_setting('ops.event', true), current_setting('ops.at', true)) = ''
  AND current_user = session_user;
\endpipeline
\startpipeline
BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
SELECT set_config('ops.tenant', :tenant, true), set_config('ops.actor', :actor, true), set_config('ops.subject', '', true),
  set_config('ops.impersonation', :impersonation, true), set_config('ops.request', :request, true),
  set_config('ops.session', :session, true), set_config('ops.event', bench.event_id(now()), true),
  set_config('ops.at', bench.time_text(now()), true);
\endpipeline
SELECT n.id, n.tier, o.value, r.kill_switch, r.tiers, r.share
FROM tenant n
LEFT JOIN flag_override o ON o.flag_key = :flag
LEFT JOIN flag_rule(:flag) r ON true
WHERE n.id = :tenant;
SELECT c.id, c.reference, c.title, k.name AS category, c.stage, c.severity, c.opened_at, c.due_at, c.version,
  a.user_id AS lead_id, u.name AS lead_name
FROM (
  SELECT c.tenant_id, c.id, c.reference, c.title, c.category_id, c.stage, c.severity, c.opened_at, c.due_at,
    c.version
  FROM "case" c
  WHERE true AND true
  ORDER BY c.opened_at DESC, c.id DESC
  LIMIT :limit
) c
JOIN category k ON k.tenant_id = c.tenant_id AND k.id = c.category_id
LEFT JOIN case_assignment a
  ON a.tenant_id = c.tenant_id AND a.case_id = c.id AND a.part = 'lead' AND a.ended_at IS NULL
LEFT JOIN client_user u ON u.tenant_id = a.tenant_id AND u.id = a.user_id
ORDER BY c.opened_at DESC, c.id DESC;
SELECT count(*) FROM (
  SELECT 1 FROM "case" c
  WHERE true
  LIMIT :count_limit
) counted;
SELECT u.id, u.name, u.role, NULL::bigint AS load FROM (
  SELECT u.id, u.name, u.role
  FROM client_user u
  WHERE u.state = 'active' AND u.role = ANY(:roles)
  ORDER BY u.name, u.id
  LIMIT 500
) u ORDER BY u.name, u.id;
INSERT INTO audit_event (at, id, chain, body)
VALUES (current_setting('ops.at')::timestamptz, current_setting('ops.event')::uuid, :tenant,
  bench.body('view.case.list', 'case.list'));
\startpipeline
COMMIT;
SELECT concat(current_setting('ops.tenant', true), current_setting('ops.actor', true),
  current_setting('ops.subject', true), current_setting('ops.impersonation', true), current_setting('ops.request', true),
  current_setting('ops.session', true), current_setting('ops.event', true), current_setting('ops.at', true)) = ''
  AND current_user = session_user;
\endpipeline
