-- What the program sees to by itself, and what its search and its audit role may reach.

-- The kinds of record that are asked for, each with the generation that answers, go along: what is cut off at the limit
-- is then never another kind's, nor what is still being filled. Without them every document counts.
SET LOCAL ROLE ethico_search;
DROP FUNCTION search_hit(tsquery, integer);
SET LOCAL ROLE ethico_owner;
GRANT CREATE ON SCHEMA public TO ethico_search;
SET LOCAL ROLE ethico_search;

CREATE FUNCTION search_hit(
    wanted tsquery, most integer, entities text[] DEFAULT NULL, generations integer[] DEFAULT NULL
  ) RETURNS TABLE (entity text, id uuid, generation integer, rank double precision)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' SET plan_cache_mode = force_custom_plan
  SET enable_seqscan = off
  AS $$
DECLARE
  own uuid := NULLIF(current_setting('ops.tenant', true), '')::uuid;
BEGIN
  IF own IS NULL THEN
    RAISE EXCEPTION 'a search without a client' USING ERRCODE = '42501';
  END IF;
  RETURN QUERY
  SELECT f.entity, f.id, f.generation, ts_rank_cd(f.tsv, wanted)::double precision
  FROM (
    SELECT d.entity, d.id, d.generation, d.tsv
    FROM public.search_document d
    WHERE d.tenant_id = own AND d.tsv @@ wanted
      AND (entities IS NULL OR d.generation = generations[array_position(entities, d.entity)])
    LIMIT most
  ) f;
END
$$;
REVOKE ALL ON FUNCTION search_hit(tsquery, integer, text[], integer[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_hit(tsquery, integer, text[], integer[]) TO console_tenant;

SET LOCAL ROLE ethico_owner;
REVOKE CREATE ON SCHEMA public FROM ethico_search;

-- How current each client's search index is. Comparing every record with its document takes too long for every minute:
-- what that came to stands here until it is compared again.
ALTER TABLE tenant_pulse
  ADD COLUMN index_survey text,
  ADD CONSTRAINT tenant_pulse_index_survey CHECK (index_survey IN ('current', 'incomplete', 'stale'));

-- As before, by names that hold wherever it is called from.
CREATE OR REPLACE FUNCTION search_source(wanted text)
  RETURNS TABLE (tenant_id uuid, id uuid, language text, title text, body text)
  LANGUAGE sql STABLE
  AS $$
  SELECT r.tenant_id, r.id, r.language, r.reference, r.body
  FROM public.report r
  WHERE wanted = 'report'
  UNION ALL
  SELECT c.tenant_id, c.id, t.default_language, c.reference || ' · ' || c.title, c.summary
  FROM public."case" c
  JOIN public.tenant t ON t.id = c.tenant_id
  WHERE wanted = 'case'
  UNION ALL
  SELECT m.tenant_id, m.id, COALESCE(r.language, t.default_language), '', m.body
  FROM public.case_message m
  JOIN public.tenant t ON t.id = m.tenant_id
  LEFT JOIN public.case_report l ON l.tenant_id = m.tenant_id AND l.case_id = m.case_id AND l.link = 'primary'
    AND NOT EXISTS (
      SELECT 1 FROM public.case_report e
      WHERE e.tenant_id = l.tenant_id AND e.case_id = l.case_id AND e.link = 'primary' AND e.report_id < l.report_id)
  LEFT JOIN public.report r ON r.tenant_id = l.tenant_id AND r.id = l.report_id
  WHERE wanted = 'case_message'
  UNION ALL
  SELECT n.tenant_id, n.id, t.default_language, '', n.body
  FROM public.note n
  JOIN public.tenant t ON t.id = n.tenant_id
  WHERE wanted = 'note'
  UNION ALL
  SELECT p.tenant_id, p.id, v.language, concat_ws(' · ', p.number, v.title), v.body
  FROM public.policy p
  JOIN public.policy_version v ON v.tenant_id = p.tenant_id AND v.policy_id = p.id AND v.number = p.current_version
  WHERE wanted = 'policy' AND p.status IN ('published', 'retired')
  UNION ALL
  SELECT p.tenant_id, p.id, p.language, concat_ws(' · ', p.number, p.working_title), p.working_body
  FROM public.policy p
  WHERE wanted = 'policy_draft' AND (p.working_status IS NOT NULL OR p.status NOT IN ('published', 'retired'))
  UNION ALL
  SELECT d.tenant_id, d.id, t.default_language, d.reference || ' · ' || d.title, concat_ws(E'\n\n', d.body, d.decision)
  FROM public.disclosure d
  JOIN public.tenant t ON t.id = d.tenant_id
  WHERE wanted = 'disclosure'
  UNION ALL
  SELECT c.tenant_id, c.id, t.default_language, c.name, ''
  FROM public.campaign c
  JOIN public.tenant t ON t.id = c.tenant_id
  WHERE wanted = 'campaign'
  UNION ALL
  SELECT u.tenant_id, u.id, 'und', u.name,
    concat_ws(' · ', u.title, u.email, NULLIF(public.directory_fold(u.name), lower(u.name)))
  FROM public.client_user u
  WHERE wanted = 'client_user'
  UNION ALL
  SELECT e.tenant_id, e.id, 'und', e.name,
    concat_ws(' · ', e.number, e.title, e.email, NULLIF(public.directory_fold(e.name), lower(e.name)))
  FROM public.employee e
  WHERE wanted = 'employee'
  UNION ALL
  SELECT a.tenant_id, a.id, t.default_language, a.file_name,
    concat_ws(' · ', NULLIF(a.description, ''), translate(a.file_name, '._-', '   '))
  FROM public.attachment a
  JOIN public.tenant t ON t.id = a.tenant_id
  WHERE wanted = 'attachment'
$$;

-- Compares how many records each client has with how many documents answer for them; what waits to be indexed is not
-- wrong yet. Runs as the owner, because no role of the program sees the rows of all clients, and gives back nothing but
-- how many clients' index is not current.
CREATE FUNCTION search_survey(moment timestamptz) RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = ''
  AS $$
WITH compared AS (
  SELECT f.tenant_id, f.entity, sum(f.records) AS records, sum(f.documents) AS documents,
    bool_or(f.is_outdated) AS is_outdated
  FROM (
    SELECT s.tenant_id, e.entity, count(*) AS records, 0 AS documents, false AS is_outdated
    FROM unnest(ARRAY['report', 'case', 'case_message', 'note', 'policy', 'policy_draft', 'disclosure', 'campaign',
      'client_user', 'employee', 'attachment']) AS e (entity)
    CROSS JOIN LATERAL public.search_source(e.entity) s
    GROUP BY s.tenant_id, e.entity
    UNION ALL
    SELECT d.tenant_id, d.entity, 0, count(*), bool_or(d.mapping < public.search_mapping())
    FROM public.search_document d
    LEFT JOIN public.search_index x ON x.tenant_id = d.tenant_id AND x.entity = d.entity
    WHERE d.generation = COALESCE(x.generation, 1)
    GROUP BY d.tenant_id, d.entity
  ) f
  GROUP BY f.tenant_id, f.entity
),
verdict AS (
  SELECT c.tenant_id,
    CASE WHEN bool_or(c.records <> c.documents AND w.entity IS NULL) THEN 'incomplete'
      WHEN bool_or(c.is_outdated) THEN 'stale' ELSE 'current' END AS said
  FROM compared c
  LEFT JOIN (SELECT DISTINCT tenant_id, entity FROM public.search_dirty) w
    ON w.tenant_id = c.tenant_id AND w.entity = c.entity
  GROUP BY c.tenant_id
),
kept AS (
  INSERT INTO public.tenant_pulse AS p (tenant_id, index_survey, counted_at)
  SELECT v.tenant_id, v.said, moment
  FROM verdict v
  LEFT JOIN public.tenant_pulse e ON e.tenant_id = v.tenant_id
  -- Who has had nothing to count has no row.
  WHERE v.said <> COALESCE(e.index_survey, 'current')
  ON CONFLICT (tenant_id) DO UPDATE SET index_survey = EXCLUDED.index_survey
)
SELECT count(*) FROM verdict WHERE said <> 'current'
$$;
REVOKE ALL ON FUNCTION search_survey(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_survey(timestamptz) TO console_fleet;

INSERT INTO job_schedule (tenant_id, kind, every_minutes, at_minute) VALUES
  ('00000000-0000-0000-0000-000000000000', 'search.survey', 60, 7);

-- As before, and whose index has waited for minutes or was not right when it was last compared.
CREATE OR REPLACE FUNCTION tenant_pulse_count(moment timestamptz) RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = ''
  AS $$
WITH found AS (
  SELECT s.tenant_id, sum(s.errors) AS errors, sum(s.dead) AS dead,
    CASE WHEN bool_or(s.is_waiting) THEN 'waiting' ELSE COALESCE(max(s.survey), 'current') END AS index_state
  FROM (
    SELECT h.tenant_id, h.count AS errors, 0 AS dead, false AS is_waiting, NULL AS survey
    FROM public.error_hour h
    WHERE h.hour > moment - interval '24 hours' AND h.hour <= moment
    UNION ALL
    SELECT j.tenant_id, 0, 1, false, NULL FROM public.job j WHERE j.state = 'dead'
    UNION ALL
    SELECT DISTINCT w.tenant_id, 0, 0, true, NULL
    FROM public.search_dirty w
    WHERE w.since < moment - interval '5 minutes'
    UNION ALL
    SELECT p.tenant_id, 0, 0, false, p.index_survey FROM public.tenant_pulse p
  ) s
  WHERE s.tenant_id <> '00000000-0000-0000-0000-000000000000'
  GROUP BY s.tenant_id
),
kept AS (
  INSERT INTO public.tenant_pulse AS p (tenant_id, errors_24h, jobs_dead, index_state, counted_at)
  SELECT f.tenant_id, f.errors, f.dead, f.index_state, moment FROM found f
  ON CONFLICT (tenant_id) DO UPDATE
  SET errors_24h = EXCLUDED.errors_24h, jobs_dead = EXCLUDED.jobs_dead, index_state = EXCLUDED.index_state,
    counted_at = EXCLUDED.counted_at
  WHERE (p.errors_24h, p.jobs_dead, COALESCE(p.index_state, 'current'))
    <> (EXCLUDED.errors_24h, EXCLUDED.jobs_dead, EXCLUDED.index_state)
  RETURNING 1
)
SELECT count(*) FROM kept
$$;

-- The clients of whom the machine keeps something longer than it should: errors and finished jobs of a month ago, form
-- keys of yesterday. Runs as the owner, because no role of the program sees the rows of all clients, and gives ids
-- alone.
CREATE FUNCTION clean_due(moment timestamptz) RETURNS SETOF uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
  AS $$
SELECT t.id
FROM public.tenant t
WHERE EXISTS (
    SELECT FROM public.error_sample s WHERE s.tenant_id = t.id AND s.at < moment - interval '30 days')
  OR EXISTS (
    SELECT FROM public.error_group g WHERE g.tenant_id = t.id AND g.last_at < moment - interval '30 days')
  OR EXISTS (
    SELECT FROM public.job j
    WHERE j.tenant_id = t.id AND j.state IN ('succeeded', 'cancelled')
      AND j.id < public.audit_first_id(moment - interval '30 days') AND j.finished_at < moment - interval '30 days')
  OR EXISTS (
    SELECT FROM public.tenant_submission k WHERE k.tenant_id = t.id AND k.created_at < moment - interval '1 day')
ORDER BY t.id
$$;
REVOKE ALL ON FUNCTION clean_due(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clean_due(timestamptz) TO console_fleet;

-- The trail's role writes refusals, proves the trail and tells by name who acted as whom: notes and reasons of accesses
-- are not its business.
REVOKE SELECT ON impersonation FROM console_audit;
GRANT SELECT (id, tenant_id) ON impersonation TO console_audit;
