-- The audit trail at a cost that does not grow with its months: what an event has to explain stands in one small
-- table until the event comes. A plan over a partitioned table locks every month of it, whichever it reads, and each
-- write made four such plans. 0002_audit.sql says what each function is for; they stood in 0006, 0022 and 0027.

-- Whoever is in the midst of a write ends it by the old rules first, and nobody begins one until the new ones hold.
DO $$
BEGIN
  EXECUTE (
    SELECT 'LOCK TABLE ' || string_agg(DISTINCT tgrelid::regclass::text, ', ') || ' IN SHARE ROW EXCLUSIVE MODE'
    FROM pg_trigger
    WHERE tgfoid = 'audit_capture'::regproc);
END
$$;

SET LOCAL ROLE ethico_audit;

-- Nor does anybody tell a detail by the old rules and its event by the new ones. In the order of who writes them.
LOCK TABLE audit_detail, audit_event, row_change IN SHARE ROW EXCLUSIVE MODE;

-- What was written under an announced event that has not come yet. A row that is still there when its transaction
-- ends refuses the commit, so nobody ever sees one of another transaction, and a crash has nothing to keep.
CREATE UNLOGGED TABLE audit_pending (
  event uuid NOT NULL,
  changes integer NOT NULL,
  -- Of the changes, one behind the other; NULL where they are more than sixteen, or many by one statement.
  leaves bytea,
  detail_digest bytea,
  CONSTRAINT audit_pending_pkey PRIMARY KEY (event)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0,
  vacuum_truncate = off);
ALTER TABLE audit_pending ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY audit_pending_definer ON audit_pending TO ethico_audit USING (true) WITH CHECK (true);

-- At commit, or whenever somebody has it asked before: what was written has its event. What is written after the
-- event waits for another one. An index is used however few rows there were when the plan was made.
CREATE FUNCTION audit_demand_event() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET enable_seqscan = off
  AS $$
BEGIN
  PERFORM FROM public.audit_pending WHERE event = NEW.event;
  IF FOUND THEN
    RAISE EXCEPTION 'changes under audit event % have no event that explains them', NEW.event USING ERRCODE = '42501';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER audit_pending_demand_event AFTER INSERT ON audit_pending
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_demand_event();
ALTER TABLE audit_pending ENABLE ALWAYS TRIGGER audit_pending_demand_event;
DROP TRIGGER row_change_demand_event ON row_change;
DROP FUNCTION row_change_demand_event();

-- A detail says its digest as it is written.
CREATE FUNCTION audit_detail_pending() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
  AS $$
BEGIN
  INSERT INTO public.audit_pending (event, changes, leaves, detail_digest)
  VALUES (NEW.event, 0, '', sha256(NEW.salt || convert_to(NEW.text, 'UTF8')))
  ON CONFLICT (event) DO UPDATE SET detail_digest = EXCLUDED.detail_digest;
  RETURN NULL;
END
$$;
CREATE TRIGGER audit_detail_pending AFTER INSERT ON audit_detail
  FOR EACH ROW EXECUTE FUNCTION audit_detail_pending();
ALTER TABLE audit_detail ENABLE ALWAYS TRIGGER audit_detail_pending;

-- Only an event that lies in the trail has come, and it explains what it counted: one that was left out, as by
-- ON CONFLICT DO NOTHING, or behind which more was written, leaves everything waiting.
CREATE FUNCTION audit_event_came() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET enable_seqscan = off
  AS $$
BEGIN
  DELETE FROM public.audit_pending
  WHERE event = NEW.id AND changes = NEW.change_count
    AND COALESCE(detail_digest, decode(repeat('00', 32), 'hex')) = NEW.detail_digest;
  RETURN NULL;
END
$$;
CREATE TRIGGER audit_event_came AFTER INSERT ON audit_event
  FOR EACH ROW EXECUTE FUNCTION audit_event_came();
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_came;

-- A change takes the next place under its event. The first of many looks whether there are any already, one alone
-- whether its place is taken: either tells of changes that an event has explained, here or in another transaction.
CREATE OR REPLACE FUNCTION audit_capture() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET timezone = 'UTC'
  SET plan_cache_mode = force_generic_plan SET enable_nestloop = off SET enable_seqscan = off SET jit = off
  AS $$
#variable_conflict use_column
DECLARE
  announced uuid := NULLIF(current_setting('ops.event', true), '')::uuid;
  keys text[] := string_to_array(TG_ARGV[0], ',');
  secrets text[] := string_to_array(COALESCE(TG_ARGV[1], ''), ',');
  current_xact xid8 := pg_current_xact_id();
  counted integer;
  written integer;
  is_one boolean;
  was jsonb;
  became jsonb;
  same text[];
  pk text;
  payload text;
  -- What all payloads of this table begin their key and end with.
  key_head text := '{"' || keys[1] || '": ';
  table_tail text := ', "table": "' || TG_TABLE_NAME || '"';
  salt bytea;
  leaf bytea;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT NOT EXISTS (SELECT FROM new_rows OFFSET 1), one.was, one.became,
      ARRAY(SELECT k FROM jsonb_object_keys(one.became) AS k WHERE one.was -> k = one.became -> k)
    INTO is_one, was, became, same
    FROM (SELECT to_jsonb(o) AS was, to_jsonb(n) AS became FROM old_rows o CROSS JOIN new_rows n LIMIT 1) one;
  ELSIF TG_OP = 'INSERT' THEN
    SELECT NOT EXISTS (SELECT FROM new_rows OFFSET 1), to_jsonb(n) INTO is_one, became FROM new_rows n LIMIT 1;
  ELSE
    SELECT NOT EXISTS (SELECT FROM old_rows OFFSET 1), to_jsonb(o) INTO is_one, was FROM old_rows o LIMIT 1;
  END IF;
  IF NOT FOUND THEN
    -- A statement that touches no row needs no event.
    RETURN NULL;
  END IF;
  IF announced IS NULL THEN
    RAISE EXCEPTION 'a write to % has no audit event', TG_TABLE_NAME USING ERRCODE = '42501';
  END IF;

  IF is_one THEN
    IF cardinality(keys) = 1 THEN
      pk := key_head || (COALESCE(became, was) -> keys[1])::text || '}';
    ELSE
      SELECT jsonb_object_agg(k, COALESCE(became, was) -> k)::text INTO pk FROM unnest(keys) AS k;
    END IF;
    IF cardinality(secrets) > 0 THEN
      was := public.audit_mask(was, secrets);
      became := public.audit_mask(became, secrets);
    END IF;
    IF TG_OP = 'UPDATE' THEN
      payload := '{"op": "U", "pk": ' || pk || ', "after": ' || (became - same)::text || table_tail
        || ', "before": ' || (was - same)::text || '}';
    ELSIF TG_OP = 'INSERT' THEN
      payload := '{"op": "I", "pk": ' || pk || ', "after": ' || (became - 'tenant_id')::text || table_tail || '}';
    ELSE
      payload := '{"op": "D", "pk": ' || pk || table_tail || ', "before": ' || (was - 'tenant_id')::text || '}';
    END IF;
    salt := uuid_send(gen_random_uuid());
    leaf := sha256(salt || convert_to(payload, 'UTF8'));
    INSERT INTO public.audit_pending AS p (event, changes, leaves)
    VALUES (announced, 1, leaf)
    ON CONFLICT (event) DO UPDATE SET
      changes = p.changes + 1, leaves = CASE WHEN p.changes < 16 THEN p.leaves || EXCLUDED.leaves END
    RETURNING p.changes INTO counted;
    INSERT INTO public.row_change (event, ordinal, payload, salt, leaf, xact)
    VALUES (announced, counted, payload, salt, leaf, current_xact)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'audit event % has come already', announced USING ERRCODE = '42501';
    END IF;
    RETURN NULL;
  END IF;

  INSERT INTO public.audit_pending AS p (event, changes)
  VALUES (announced, 0)
  ON CONFLICT (event) DO UPDATE SET leaves = NULL
  RETURNING p.changes INTO counted;
  IF counted = 0 THEN
    PERFORM FROM public.row_change WHERE event = announced LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'audit event % has come already', announced USING ERRCODE = '42501';
    END IF;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    INSERT INTO public.row_change (event, ordinal, payload, salt, leaf, xact)
    SELECT announced, counted + row_number() OVER (), made.payload, made.salt,
      sha256(made.salt || convert_to(made.payload, 'UTF8')), current_xact
    FROM (
      SELECT
        '{"op": "U", "pk": ' || pair.pk || ', "after": '
          || (CASE WHEN pair.became ?| secrets THEN public.audit_mask(pair.became, secrets) ELSE pair.became END
            - pair.same)::text
          || table_tail || ', "before": '
          || (CASE WHEN pair.was ?| secrets THEN public.audit_mask(pair.was, secrets) ELSE pair.was END
            - pair.same)::text
          || '}' AS payload,
        uuid_send(gen_random_uuid()) AS salt
      FROM (
        SELECT o.j AS was, n.j AS became, n.pk,
          ARRAY(SELECT k FROM jsonb_object_keys(n.j) AS k WHERE o.j -> k = n.j -> k) AS same
        FROM (
          SELECT r.j, CASE WHEN cardinality(keys) = 1 THEN r.j ->> keys[1]
              ELSE (SELECT jsonb_agg(r.j -> k)::text FROM unnest(keys) AS k) END AS key
          FROM (SELECT to_jsonb(o) AS j FROM old_rows o OFFSET 0) r
          OFFSET 0
        ) o
        JOIN (
          SELECT r.j, CASE WHEN cardinality(keys) = 1 THEN r.j ->> keys[1]
              ELSE (SELECT jsonb_agg(r.j -> k)::text FROM unnest(keys) AS k) END AS key,
            CASE WHEN cardinality(keys) = 1 THEN key_head || (r.j -> keys[1])::text || '}'
              ELSE (SELECT jsonb_object_agg(k, r.j -> k)::text FROM unnest(keys) AS k) END AS pk
          FROM (SELECT to_jsonb(n) AS j FROM new_rows n OFFSET 0) r
          OFFSET 0
        ) n ON n.key = o.key AND n.j -> 'tenant_id' IS NOT DISTINCT FROM o.j -> 'tenant_id'
        OFFSET 0
      ) pair
      OFFSET 0
    ) made;
  ELSIF TG_OP = 'INSERT' THEN
    INSERT INTO public.row_change (event, ordinal, payload, salt, leaf, xact)
    SELECT announced, counted + row_number() OVER (), made.payload, made.salt,
      sha256(made.salt || convert_to(made.payload, 'UTF8')), current_xact
    FROM (
      SELECT
        '{"op": "I", "pk": '
          || CASE WHEN cardinality(keys) = 1 THEN key_head || (r.j -> keys[1])::text || '}'
            ELSE (SELECT jsonb_object_agg(k, r.j -> k)::text FROM unnest(keys) AS k) END
          || ', "after": '
          || (CASE WHEN r.j ?| secrets THEN public.audit_mask(r.j, secrets) ELSE r.j END - 'tenant_id')::text
          || table_tail || '}' AS payload,
        uuid_send(gen_random_uuid()) AS salt
      FROM (SELECT to_jsonb(n) AS j FROM new_rows n OFFSET 0) r
      OFFSET 0
    ) made;
  ELSE
    INSERT INTO public.row_change (event, ordinal, payload, salt, leaf, xact)
    SELECT announced, counted + row_number() OVER (), made.payload, made.salt,
      sha256(made.salt || convert_to(made.payload, 'UTF8')), current_xact
    FROM (
      SELECT
        '{"op": "D", "pk": '
          || CASE WHEN cardinality(keys) = 1 THEN key_head || (r.j -> keys[1])::text || '}'
            ELSE (SELECT jsonb_object_agg(k, r.j -> k)::text FROM unnest(keys) AS k) END
          || table_tail || ', "before": '
          || (CASE WHEN r.j ?| secrets THEN public.audit_mask(r.j, secrets) ELSE r.j END - 'tenant_id')::text
          || '}' AS payload,
        uuid_send(gen_random_uuid()) AS salt
      FROM (SELECT to_jsonb(o) AS j FROM old_rows o OFFSET 0) r
      OFFSET 0
    ) made;
  END IF;
  GET DIAGNOSTICS written = ROW_COUNT;
  UPDATE public.audit_pending SET changes = counted + written WHERE event = announced;
  RETURN NULL;
END
$$;

-- The changes of an event are read again only where there are many.
CREATE OR REPLACE FUNCTION audit_event_check() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET timezone = 'UTC' SET plan_cache_mode = force_generic_plan
  SET enable_seqscan = off
  AS $$
DECLARE
  said jsonb := NEW.body::jsonb;
  announced text := NULLIF(current_setting('ops.event', true), '');
  pending public.audit_pending;
  nothing bytea := decode(repeat('00', 32), 'hex');
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
  SELECT * INTO pending FROM public.audit_pending WHERE event = NEW.id;
  NEW.change_count := COALESCE(pending.changes, 0);
  IF NEW.change_count = 0 THEN
    NEW.change_digest := nothing;
  ELSIF pending.leaves IS NOT NULL THEN
    NEW.change_digest := sha256(pending.leaves);
  ELSE
    SELECT sha256(string_agg(leaf, ''::bytea ORDER BY ordinal)) INTO NEW.change_digest
    FROM public.row_change
    WHERE event = NEW.id;
  END IF;
  NEW.detail_digest := COALESCE(pending.detail_digest, nothing);
  -- A refusal tells of somebody who may be locked or gone; it changes nothing.
  IF NEW.outcome IS DISTINCT FROM 'denied' OR NEW.change_count > 0 THEN
    PERFORM public.audit_demand_open(said, NEW.id);
  END IF;
  NEW.leaf := sha256('\x00'::bytea || NEW.change_digest || NEW.detail_digest || convert_to(NEW.body, 'UTF8'));
  NEW.xact := pg_current_xact_id();
  -- A later write of this transaction needs an event of its own.
  PERFORM set_config('ops.event', '', true);
  RETURN NEW;
END
$$;

SET LOCAL ROLE ethico_owner;
