-- What the clock does by itself to a client's records: a campaign starts on its day, attestations become overdue,
-- approvals run out. Each is a job of its client, ordered by the act that sets the day; here stands what orders the
-- rest. Then: what a category's routing came to, and cases that are merged.

-- Orders, for every client, what its records say and nobody has ordered: what was planned before there were such jobs,
-- or came by an import. Twice is as good as once: a job of the same kind and key is the same job. Runs as the owner,
-- because no role of the program sees the records of all clients, and gives back nothing but how many jobs it placed.
CREATE FUNCTION clock_order(today timestamptz) RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = ''
  AS $$
WITH planned AS (
  -- One whose last day is over cannot start any more: it waits for a person.
  SELECT c.tenant_id, 'campaign.start' AS kind, jsonb_build_object('campaign', c.id) AS arguments, c.id::text AS record,
    c.starts_at AS moment
  FROM public.campaign c
  WHERE c.status = 'scheduled' AND c.starts_at IS NOT NULL AND c.due_at > today
  UNION ALL
  SELECT c.tenant_id, 'attestation.overdue', jsonb_build_object('campaign', c.id), c.id::text, a.due_at
  FROM public.campaign c
  CROSS JOIN LATERAL (
    SELECT min(a.due_at) AS due_at
    FROM public.attestation a
    WHERE a.tenant_id = c.tenant_id AND a.campaign_id = c.id AND a.state IN ('pending', 'notified', 'in_progress')
  ) a
  WHERE c.status IN ('active', 'paused') AND a.due_at IS NOT NULL
  UNION ALL
  SELECT d.tenant_id, 'disclosure.expire', '{}'::jsonb, NULL, min(d.expires_at)
  FROM public.disclosure d
  WHERE d.state IN ('approved', 'conditions') AND d.expires_at IS NOT NULL
  GROUP BY d.tenant_id
),
placed AS (
  INSERT INTO public.job (tenant_id, id, kind, queue, arguments, unique_key, effect_key, tries, attempts_left, run_at)
  SELECT p.tenant_id,
    overlay(gen_random_uuid()::text PLACING left(public.audit_first_id(today)::text, 14) FROM 1 FOR 14)::uuid,
    p.kind, 'default', p.arguments,
    concat_ws(' ', p.record, to_char(p.moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')), gen_random_uuid(), 8,
    8, p.moment
  FROM planned p
  ON CONFLICT DO NOTHING
  RETURNING 1
)
SELECT count(*) FROM placed
$$;
REVOKE ALL ON FUNCTION clock_order(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION clock_order(timestamptz) TO console_fleet;

INSERT INTO job_schedule (tenant_id, kind, every_minutes, at_minute) VALUES
  ('00000000-0000-0000-0000-000000000000', 'clock.order', 1440, 10);
SELECT clock_order(ops_at());

-- What came of it when a category last named who is to lead the case, in a sentence; NULL once a person chose them.
ALTER TABLE "case"
  ADD COLUMN routing text,
  ADD CONSTRAINT case_routing_length CHECK (char_length(routing) BETWEEN 1 AND 500);
GRANT SELECT (routing) ON "case" TO portal_tenant;

-- A case that turned out to be another one's: it is closed, says into which it went, and is not worked on any more.
ALTER TABLE "case"
  ADD COLUMN merged_into uuid,
  ADD CONSTRAINT case_merged_into_fkey FOREIGN KEY (tenant_id, merged_into) REFERENCES "case" (tenant_id, id),
  ADD CONSTRAINT case_merged_elsewhere CHECK (merged_into <> id),
  DROP CONSTRAINT case_outcome,
  ADD CONSTRAINT case_outcome CHECK (outcome IN ('substantiated', 'unsubstantiated', 'inconclusive', 'policy_violation',
    'no_violation', 'merged')),
  ADD CONSTRAINT case_merged_outcome CHECK ((outcome IS NOT DISTINCT FROM 'merged') = (merged_into IS NOT NULL)),
  ADD CONSTRAINT case_merged_stage CHECK (merged_into IS NULL OR stage IN ('closed', 'archived'));
CREATE INDEX case_merged_into ON "case" (tenant_id, merged_into) WHERE merged_into IS NOT NULL;
GRANT SELECT (merged_into) ON "case" TO portal_tenant;

-- An open case goes into an open one, once. Both rows are held, so that of two merges at once the second sees the first.
CREATE FUNCTION case_merge_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF OLD.merged_into IS NOT NULL THEN
    IF NEW.merged_into IS DISTINCT FROM OLD.merged_into OR NEW.stage NOT IN (OLD.stage, 'archived') THEN
      RAISE EXCEPTION 'a case that was merged stays so'
        USING ERRCODE = '23514', CONSTRAINT = 'case_merged', TABLE = 'case';
    END IF;
  ELSIF NEW.merged_into IS NOT NULL THEN
    PERFORM 1 FROM "case"
    WHERE tenant_id = NEW.tenant_id AND id = NEW.merged_into AND status IN ('new', 'open')
    FOR SHARE;
    IF NOT FOUND OR OLD.status = 'closed' THEN
      RAISE EXCEPTION 'an open case is merged into an open case'
        USING ERRCODE = '23514', CONSTRAINT = 'case_merge', TABLE = 'case';
    END IF;
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER case_merge_check BEFORE UPDATE OF merged_into, stage ON "case"
  FOR EACH ROW EXECUTE FUNCTION case_merge_check();

-- Nothing more is put on a case that was merged.
CREATE FUNCTION case_merged_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM 1 FROM "case" WHERE tenant_id = NEW.tenant_id AND id = NEW.case_id AND merged_into IS NOT NULL;
  IF FOUND THEN
    RAISE EXCEPTION 'nothing is put on a case that was merged'
      USING ERRCODE = '23514', CONSTRAINT = 'case_merged', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END
$$;
DO $$
DECLARE
  target text;
BEGIN
  FOREACH target IN ARRAY ARRAY[
    'case_report', 'case_assignment', 'investigation', 'note', 'case_message', 'attachment'
  ] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT OR UPDATE OF case_id ON %I FOR EACH ROW
      WHEN (NEW.case_id IS NOT NULL) EXECUTE FUNCTION case_merged_check()', target || '_case_merged', target);
  END LOOP;
END
$$;

-- Past new there is always a lead; but one that was merged before anybody led it needs none.
CREATE OR REPLACE FUNCTION case_lead_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
DECLARE
  of_case uuid := CASE TG_TABLE_NAME WHEN 'case' THEN (to_jsonb(NEW) ->> 'id') ELSE (to_jsonb(NEW) ->> 'case_id') END;
BEGIN
  IF EXISTS (
      SELECT 1 FROM "case" c
      WHERE c.tenant_id = NEW.tenant_id AND c.id = of_case AND c.stage <> 'new' AND c.merged_into IS NULL)
    AND NOT EXISTS (
      SELECT 1 FROM case_assignment a
      WHERE a.tenant_id = NEW.tenant_id AND a.case_id = of_case AND a.part = 'lead' AND a.ended_at IS NULL)
  THEN
    RAISE EXCEPTION 'a case past new needs a lead'
      USING ERRCODE = '23514', CONSTRAINT = 'case_needs_lead', TABLE = 'case';
  END IF;
  RETURN NULL;
END
$$;
