-- The comparison of what clients have with what their search indexes hold, for some clients at a time: over all that a
-- thousand clients wrote in years it took longer than a statement may. The function that compares everybody at once
-- (0034_care.sql) stays for the release before this one.
CREATE FUNCTION search_survey(moment timestamptz, clients uuid[]) RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = ''
  AS $$
WITH compared AS (
  SELECT t.id AS tenant_id, r.records <> d.documents AND NOT EXISTS (
      SELECT FROM public.search_dirty w WHERE w.tenant_id = t.id AND w.entity = e.entity) AS is_incomplete,
    d.is_outdated
  FROM unnest(clients) AS t (id)
  CROSS JOIN unnest(ARRAY['report', 'case', 'case_message', 'note', 'policy', 'policy_draft', 'disclosure', 'campaign',
    'client_user', 'employee', 'attachment']) AS e (entity)
  CROSS JOIN LATERAL (
    SELECT count(*) AS records FROM public.search_source(e.entity) s WHERE s.tenant_id = t.id
  ) r
  CROSS JOIN LATERAL (
    SELECT count(*) AS documents, bool_or(s.mapping < public.search_mapping()) AS is_outdated
    FROM public.search_document s
    WHERE s.tenant_id = t.id AND s.entity = e.entity
      AND s.generation = COALESCE((
        SELECT x.generation FROM public.search_index x WHERE x.tenant_id = t.id AND x.entity = e.entity), 1)
  ) d
),
verdict AS (
  SELECT c.tenant_id,
    CASE WHEN bool_or(c.is_incomplete) THEN 'incomplete' WHEN bool_or(c.is_outdated) THEN 'stale' ELSE 'current' END
      AS said
  FROM compared c
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
REVOKE ALL ON FUNCTION search_survey(timestamptz, uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_survey(timestamptz, uuid[]) TO console_fleet;
