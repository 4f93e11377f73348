-- The audit trail at a pace that is not felt: the same rules, with plans that are made once a connection and one
-- reading of an event's body. 0002_audit.sql says what each function is for.

SET LOCAL ROLE ethico_audit;

-- Each generated column read the body anew. The check reads it once and fills them; nobody may insert or update them,
-- and verification holds them against the body.
ALTER TABLE audit_event
  ALTER COLUMN action DROP EXPRESSION,
  ALTER COLUMN actor_kind DROP EXPRESSION,
  ALTER COLUMN actor_id DROP EXPRESSION,
  ALTER COLUMN subject_id DROP EXPRESSION,
  ALTER COLUMN impersonation_id DROP EXPRESSION,
  ALTER COLUMN request_id DROP EXPRESSION,
  ALTER COLUMN object_type DROP EXPRESSION,
  ALTER COLUMN object_id DROP EXPRESSION,
  ALTER COLUMN outcome DROP EXPRESSION;

CREATE OR REPLACE FUNCTION audit_event_check() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET timezone = 'UTC' SET plan_cache_mode = force_generic_plan
  AS $$
DECLARE
  said jsonb := NEW.body::jsonb;
  announced text := NULLIF(current_setting('ops.event', true), '');
BEGIN
  IF announced IS NULL OR NEW.id IS DISTINCT FROM announced::uuid THEN
    RAISE EXCEPTION 'audit event % was not announced', NEW.id USING ERRCODE = '42501';
  END IF;
  NEW.action := said ->> 'action';
  NEW.actor_kind := said #>> '{actor,kind}';
  NEW.actor_id := said #>> '{actor,id}';
  NEW.subject_id := said ->> 'subject';
  NEW.impersonation_id := said ->> 'impersonation';
  NEW.request_id := said ->> 'request';
  NEW.object_type := said #>> '{object,type}';
  NEW.object_id := said #>> '{object,id}';
  NEW.outcome := said ->> 'outcome';
  IF said ->> 'id' IS DISTINCT FROM NEW.id::text
    OR said ->> 'chain' IS DISTINCT FROM NEW.chain::text
    OR said ->> 'at' IS DISTINCT FROM to_char(NEW.at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    OR NEW.actor_kind || ':' || NEW.actor_id IS DISTINCT FROM NULLIF(current_setting('ops.actor', true), '')
    OR said ->> 'tenant' IS DISTINCT FROM NULLIF(current_setting('ops.tenant', true), '')
    OR said ->> 'subject' IS DISTINCT FROM NULLIF(current_setting('ops.subject', true), '')
    OR said ->> 'impersonation' IS DISTINCT FROM NULLIF(current_setting('ops.impersonation', true), '')
    OR said ->> 'request' IS DISTINCT FROM NULLIF(current_setting('ops.request', true), '')
    OR said ->> 'session' IS DISTINCT FROM NULLIF(current_setting('ops.session', true), '')
  THEN
    RAISE EXCEPTION 'audit event % does not say what its transaction said', NEW.id USING ERRCODE = '42501';
  END IF;
  IF NEW.chain IS DISTINCT FROM COALESCE((said ->> 'tenant')::uuid, '00000000-0000-0000-0000-000000000000') THEN
    RAISE EXCEPTION 'audit event % is on the wrong chain', NEW.id USING ERRCODE = '42501';
  END IF;
  SELECT count(*), COALESCE(sha256(string_agg(leaf, ''::bytea ORDER BY ordinal)), decode(repeat('00', 32), 'hex'))
  INTO NEW.change_count, NEW.change_digest
  FROM public.row_change
  WHERE event = NEW.id;
  -- A refusal tells of somebody who may be locked or gone; it changes nothing.
  IF NEW.outcome IS DISTINCT FROM 'denied' OR NEW.change_count > 0 THEN
    PERFORM public.audit_demand_open(said, NEW.id);
  END IF;
  NEW.detail_digest := COALESCE(
    (SELECT sha256(salt || convert_to(text, 'UTF8')) FROM public.audit_detail WHERE event = NEW.id),
    decode(repeat('00', 32), 'hex'));
  NEW.leaf := sha256('\x00'::bytea || NEW.change_digest || NEW.detail_digest || convert_to(NEW.body, 'UTF8'));
  NEW.xact := pg_current_xact_id();
  -- A later write of this transaction needs an event of its own.
  PERFORM set_config('ops.event', '', true);
  RETURN NEW;
END
$$;

-- A plan for one month's partition was made anew each time; one for all of them prunes when it runs.
ALTER FUNCTION audit_demand_open(jsonb, uuid) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION row_change_demand_event() SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION audit_event_seal() SET plan_cache_mode = force_generic_plan;

-- With an event announced, what the statement touched shows when its rows are recorded; it is not asked before. The plan
-- that the first statement of a connection makes has to do for one that touches thousands of rows.
CREATE OR REPLACE FUNCTION audit_capture() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET timezone = 'UTC'
  SET plan_cache_mode = force_generic_plan SET enable_nestloop = off SET jit = off
  AS $$
DECLARE
  announced uuid := NULLIF(current_setting('ops.event', true), '')::uuid;
  keys text[] := string_to_array(TG_ARGV[0], ',');
  secrets text[] := string_to_array(COALESCE(TG_ARGV[1], ''), ',');
  current_xact xid8 := pg_current_xact_id();
  counted integer;
  foreign_xact boolean;
  touched boolean;
BEGIN
  IF announced IS NULL THEN
    -- A statement that touches no row needs no event.
    IF TG_OP = 'DELETE' THEN
      touched := EXISTS (SELECT 1 FROM old_rows);
    ELSE
      touched := EXISTS (SELECT 1 FROM new_rows);
    END IF;
    IF NOT touched THEN
      RETURN NULL;
    END IF;
    RAISE EXCEPTION 'a write to % has no audit event', TG_TABLE_NAME USING ERRCODE = '42501';
  END IF;

  SELECT COALESCE(max(ordinal), 0), COALESCE(bool_or(xact <> current_xact), false)
  INTO counted, foreign_xact
  FROM public.row_change
  WHERE event = announced;
  IF foreign_xact THEN
    RAISE EXCEPTION 'audit event % belongs to another transaction', announced USING ERRCODE = '42501';
  END IF;

  IF TG_OP = 'INSERT' THEN
    INSERT INTO public.row_change (event, ordinal, payload, salt, leaf, xact)
    WITH made AS MATERIALIZED (
      SELECT
        jsonb_build_object('table', TG_TABLE_NAME, 'op', 'I',
          'pk', CASE WHEN cardinality(keys) = 1 THEN jsonb_build_object(keys[1], r.j -> keys[1])
            ELSE (SELECT jsonb_object_agg(k, r.j -> k) FROM unnest(keys) AS k) END,
          'after', CASE WHEN r.j ?| secrets THEN public.audit_mask(r.j, secrets) ELSE r.j END - 'tenant_id'
        )::text AS payload,
        uuid_send(gen_random_uuid()) AS salt
      FROM (SELECT to_jsonb(n) AS j FROM new_rows n) r
    )
    SELECT announced, counted + row_number() OVER (), payload, salt, sha256(salt || convert_to(payload, 'UTF8')),
      current_xact
    FROM made;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO public.row_change (event, ordinal, payload, salt, leaf, xact)
    WITH made AS MATERIALIZED (
      SELECT
        jsonb_build_object('table', TG_TABLE_NAME, 'op', 'D',
          'pk', CASE WHEN cardinality(keys) = 1 THEN jsonb_build_object(keys[1], r.j -> keys[1])
            ELSE (SELECT jsonb_object_agg(k, r.j -> k) FROM unnest(keys) AS k) END,
          'before', CASE WHEN r.j ?| secrets THEN public.audit_mask(r.j, secrets) ELSE r.j END - 'tenant_id'
        )::text AS payload,
        uuid_send(gen_random_uuid()) AS salt
      FROM (SELECT to_jsonb(o) AS j FROM old_rows o) r
    )
    SELECT announced, counted + row_number() OVER (), payload, salt, sha256(salt || convert_to(payload, 'UTF8')),
      current_xact
    FROM made;
  ELSE
    INSERT INTO public.row_change (event, ordinal, payload, salt, leaf, xact)
    WITH was AS MATERIALIZED (
      SELECT keyed.j, keyed.pk, jsonb_build_array(keyed.j -> 'tenant_id', keyed.pk) AS key
      FROM (
        SELECT r.j, CASE WHEN cardinality(keys) = 1 THEN jsonb_build_object(keys[1], r.j -> keys[1])
            ELSE (SELECT jsonb_object_agg(k, r.j -> k) FROM unnest(keys) AS k) END AS pk
        FROM (SELECT to_jsonb(o) AS j FROM old_rows o OFFSET 0) r
        OFFSET 0
      ) keyed
    ), became AS MATERIALIZED (
      SELECT keyed.j, keyed.pk, jsonb_build_array(keyed.j -> 'tenant_id', keyed.pk) AS key
      FROM (
        SELECT r.j, CASE WHEN cardinality(keys) = 1 THEN jsonb_build_object(keys[1], r.j -> keys[1])
            ELSE (SELECT jsonb_object_agg(k, r.j -> k) FROM unnest(keys) AS k) END AS pk
        FROM (SELECT to_jsonb(n) AS j FROM new_rows n OFFSET 0) r
        OFFSET 0
      ) keyed
    ), made AS MATERIALIZED (
      SELECT
        jsonb_build_object('table', TG_TABLE_NAME, 'op', 'U', 'pk', became.pk,
          'before',
          COALESCE(CASE WHEN d.before ?| secrets THEN public.audit_mask(d.before, secrets) ELSE d.before END, '{}'),
          'after',
          COALESCE(CASE WHEN d.after ?| secrets THEN public.audit_mask(d.after, secrets) ELSE d.after END, '{}')
        )::text AS payload,
        uuid_send(gen_random_uuid()) AS salt
      FROM became
      JOIN was USING (key)
      CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(c.name, was.j -> c.name) AS before, jsonb_object_agg(c.name, c.value) AS after
        FROM jsonb_each(became.j) AS c (name, value)
        WHERE was.j -> c.name IS DISTINCT FROM c.value
      ) d
    )
    SELECT announced, counted + row_number() OVER (), payload, salt, sha256(salt || convert_to(payload, 'UTF8')),
      current_xact
    FROM made;
  END IF;
  RETURN NULL;
END
$$;

-- No page asks by actor alone.
DROP INDEX audit_event_actor;

SET LOCAL ROLE ethico_owner;
