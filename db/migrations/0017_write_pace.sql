-- Writes at a pace that is not felt, with the search beside them: the same rules, with less work for each write.
-- 0006_audit_pace.sql and 0015_search.sql say what each function is for.

-- A mark is a write's own, so that nobody waits for another's. One that was taken while a later write had not committed
-- yet would have counted for that one too.
ALTER TABLE search_dirty ADD COLUMN xact xid8 NOT NULL DEFAULT pg_current_xact_id();
ALTER TABLE search_dirty DROP CONSTRAINT search_dirty_pkey;
ALTER TABLE search_dirty ADD CONSTRAINT search_dirty_pkey PRIMARY KEY (tenant_id, entity, id, xact);

-- Orders a client's next indexing. An order that waits takes what is marked until it begins, and it orders another one
-- as long as anybody who may have seen it waiting has not committed.
CREATE FUNCTION search_order(client uuid, at timestamptz) RETURNS void
  LANGUAGE plpgsql SET search_path = ''
  AS $$
BEGIN
  IF EXISTS (
    SELECT FROM public.job
    WHERE tenant_id = client AND kind = 'search.drain' AND unique_key = 'drain' AND state = 'queued'
  ) THEN
    RETURN;
  END IF;
  INSERT INTO public.job (tenant_id, id, kind, queue, priority, unique_key, effect_key, tries, attempts_left, run_at)
  VALUES (client,
    overlay(gen_random_uuid()::text PLACING left(public.audit_first_id(at)::text, 14) FROM 1 FOR 14)::uuid,
    'search.drain', 'search', 1, 'drain', gen_random_uuid(), 8, 8, at)
  ON CONFLICT DO NOTHING;
END
$$;
REVOKE ALL ON FUNCTION search_order(uuid, timestamptz) FROM PUBLIC;

CREATE OR REPLACE FUNCTION search_mark() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
  AS $$
DECLARE
  at timestamptz := public.ops_at();
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO public.search_dirty (tenant_id, entity, id, since)
    SELECT r.tenant_id, e.entity, r.id, at FROM old_rows r CROSS JOIN unnest(TG_ARGV) AS e (entity)
    ON CONFLICT DO NOTHING;
    PERFORM public.search_order(r.tenant_id, at) FROM (SELECT DISTINCT tenant_id FROM old_rows) r;
  ELSE
    INSERT INTO public.search_dirty (tenant_id, entity, id, since)
    SELECT r.tenant_id, e.entity, r.id, at FROM new_rows r CROSS JOIN unnest(TG_ARGV) AS e (entity)
    ON CONFLICT DO NOTHING;
    PERFORM public.search_order(r.tenant_id, at) FROM (SELECT DISTINCT tenant_id FROM new_rows) r;
  END IF;
  RETURN NULL;
END
$$;

-- The same words without those that several languages make of them alike: each is looked up and ranked once.
CREATE OR REPLACE FUNCTION search_words(words text) RETURNS tsquery
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN COALESCE((
    SELECT string_agg(DISTINCT '(' || q::text || ')', ' | ')::tsquery
    FROM unnest(ARRAY[
      websearch_to_tsquery('pg_catalog.simple', words), websearch_to_tsquery('pg_catalog.english', words),
      websearch_to_tsquery('pg_catalog.german', words), websearch_to_tsquery('pg_catalog.french', words),
      websearch_to_tsquery('pg_catalog.spanish', words), websearch_to_tsquery('pg_catalog.portuguese', words),
      websearch_to_tsquery('pg_catalog.italian', words), websearch_to_tsquery('pg_catalog.dutch', words),
      websearch_to_tsquery('pg_catalog.arabic', words)]) AS q
    WHERE numnode(q) > 0), websearch_to_tsquery('pg_catalog.simple', words));

-- For a word of many documents, reading them all looks cheaper than it is: each document's words have to be unpacked.
SET LOCAL ROLE ethico_search;
ALTER FUNCTION search_hit(tsquery, integer) SET enable_seqscan = off;

SET LOCAL ROLE ethico_audit;

-- As before but for a statement that changes one row, as nearly every one does: it needs no plan for thousands.
CREATE OR REPLACE FUNCTION audit_capture() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET timezone = 'UTC'
  SET plan_cache_mode = force_generic_plan SET enable_nestloop = off SET jit = off
  AS $$
#variable_conflict use_column
DECLARE
  announced uuid := NULLIF(current_setting('ops.event', true), '')::uuid;
  keys text[] := string_to_array(TG_ARGV[0], ',');
  secrets text[] := string_to_array(COALESCE(TG_ARGV[1], ''), ',');
  current_xact xid8 := pg_current_xact_id();
  counted integer;
  foreign_xact boolean;
  touched boolean;
  was jsonb;
  became jsonb;
  before jsonb;
  after jsonb;
  payload text;
  salt bytea;
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
  ELSIF (SELECT count(*) FROM (SELECT FROM new_rows LIMIT 2) few) = 1 THEN
    SELECT to_jsonb(o) INTO was FROM old_rows o;
    SELECT to_jsonb(n) INTO became FROM new_rows n;
    SELECT jsonb_object_agg(c.name, was -> c.name), jsonb_object_agg(c.name, c.value)
    INTO before, after
    FROM jsonb_each(became) AS c (name, value)
    WHERE was -> c.name IS DISTINCT FROM c.value;
    payload := jsonb_build_object('table', TG_TABLE_NAME, 'op', 'U',
      'pk', CASE WHEN cardinality(keys) = 1 THEN jsonb_build_object(keys[1], became -> keys[1])
        ELSE (SELECT jsonb_object_agg(k, became -> k) FROM unnest(keys) AS k) END,
      'before', COALESCE(CASE WHEN before ?| secrets THEN public.audit_mask(before, secrets) ELSE before END, '{}'),
      'after', COALESCE(CASE WHEN after ?| secrets THEN public.audit_mask(after, secrets) ELSE after END, '{}'))::text;
    salt := uuid_send(gen_random_uuid());
    INSERT INTO public.row_change (event, ordinal, payload, salt, leaf, xact)
    VALUES (announced, counted + 1, payload, salt, sha256(salt || convert_to(payload, 'UTF8')), current_xact);
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

SET LOCAL ROLE ethico_owner;
