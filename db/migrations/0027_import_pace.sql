-- Imports and undos at less cost a row: the same ids' form, the same images, the same trail, with less to do for each.
-- 0021_import.sql says what the first two are for, 0022_capture_pace.sql what the capture is.

-- One digest instead of three.
CREATE OR REPLACE FUNCTION import_id(record uuid, part text) RETURNS uuid
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (left(record::text, 15) || left(overlay(md5(record::text || part) PLACING '8' FROM 4), 19))::uuid;

-- Only what has more than 256 bytes at all can hold a text of more than 256, and only such texts are replaced.
CREATE OR REPLACE FUNCTION import_image(said jsonb) RETURNS jsonb
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
  AS $$
DECLARE
  bare jsonb := said - '{tenant_id,id,version,changed_at,changed_by,via_impersonation,by_ethico,name_folded,
    reporter_name,reporter_contact,content}'::text[];
BEGIN
  IF pg_column_size(bare) <= 256 THEN
    RETURN bare;
  END IF;
  RETURN bare || COALESCE((
    SELECT jsonb_object_agg(m.name, jsonb_build_object(
      'sha256', encode(sha256(convert_to(m.value, 'UTF8')), 'hex'), 'len', octet_length(m.value)))
    FROM jsonb_each_text(bare) AS m (name, value)
    WHERE octet_length(m.value) > 256 AND jsonb_typeof(bare -> m.name) = 'string'), '{}');
END
$$;

-- Whether a case may go is asked of its assignments, those that have ended included.
CREATE INDEX case_assignment_case ON case_assignment (tenant_id, case_id);

-- Written as SQL these were planned anew each time a rule asked them. So they are planned once, and by an index whatever
-- the figures of the day say.
CREATE OR REPLACE FUNCTION import_made(client uuid, target uuid) RETURNS boolean
  LANGUAGE plpgsql STABLE SET enable_seqscan = off
  AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM migration_provenance
    WHERE tenant_id = client AND target_id = target AND action IN ('insert', 'implied') AND undone_at IS NULL);
END
$$;
CREATE OR REPLACE FUNCTION import_works(client uuid, target uuid) RETURNS boolean
  LANGUAGE plpgsql STABLE SET enable_seqscan = off
  AS $$
DECLARE
  work uuid := NULLIF(current_setting('ops.import', true), '')::uuid;
BEGIN
  RETURN work IS NOT NULL
    AND EXISTS (SELECT FROM migration_provenance WHERE tenant_id = client AND target_id = target)
    AND (
      EXISTS (SELECT FROM migration_batch WHERE tenant_id = client AND id = work AND state = 'committing')
      OR EXISTS (SELECT FROM migration_undo WHERE tenant_id = client AND id = work AND state = 'running')
      -- Somebody has just decided that what the source says is taken over.
      OR EXISTS (
        SELECT FROM migration_conflict
        WHERE tenant_id = client AND target_id = target AND resolution = 'source' AND resolved_at = ops_at()
          AND batch_id = work));
END
$$;
ALTER FUNCTION case_lead_check() SET enable_seqscan = off;

-- A source's key stands for one record, whether that was made or met: one index instead of two.
DROP INDEX migration_provenance_key;
DROP INDEX migration_provenance_once;
CREATE UNIQUE INDEX migration_provenance_once ON migration_provenance (tenant_id, source_system, entity, source_record_id)
  WHERE action IN ('insert', 'link') AND undone_at IS NULL;

-- Nothing is put on a case that was merged: asked once a statement where rows are new.
CREATE FUNCTION case_merged_insert_check() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off
  AS $$
BEGIN
  PERFORM 1
  FROM new_rows r
  JOIN "case" c ON c.tenant_id = r.tenant_id AND c.id = r.case_id
  WHERE c.merged_into IS NOT NULL;
  IF FOUND THEN
    RAISE EXCEPTION 'nothing is put on a case that was merged'
      USING ERRCODE = '23514', CONSTRAINT = 'case_merged', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END
$$;
DO $$
DECLARE
  target text;
BEGIN
  FOREACH target IN ARRAY ARRAY[
    'case_report', 'case_assignment', 'investigation', 'note', 'case_message', 'attachment'
  ] LOOP
    EXECUTE format('DROP TRIGGER %I ON %I', target || '_case_merged', target);
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OF case_id ON %I FOR EACH ROW
      WHEN (NEW.case_id IS NOT NULL) EXECUTE FUNCTION case_merged_check()', target || '_case_merged', target);
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT
      EXECUTE FUNCTION case_merged_insert_check()', target || '_case_merged_insert', target);
  END LOOP;
END
$$;

-- Counted are the rows that an import writes too; only after a batch that is large enough to lead a plan astray, and not
-- while somebody else counts: they would be waited for until their transaction ends.
DROP FUNCTION import_count_rows();
CREATE FUNCTION import_count_rows(batch uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
  AS $$
DECLARE
  client uuid := NULLIF(current_setting('ops.tenant', true), '')::uuid;
BEGIN
  PERFORM FROM public.migration_staged_row WHERE tenant_id = client AND batch_id = batch OFFSET 999 LIMIT 1;
  IF FOUND AND pg_try_advisory_xact_lock(hashtextextended('import_count_rows', 0)) THEN
    ANALYZE public.migration_staged_row, public.migration_row_issue, public.migration_provenance,
      public.migration_undo_item, public.migration_undo_archive, public.report, public."case", public.case_report,
      public.case_assignment, public.case_party, public.note, public.case_message, public.investigation,
      public.policy, public.policy_version, public.campaign, public.attestation, public.attestation_act,
      public.disclosure, public.employee, public.attachment, public.imported_history;
  END IF;
END
$$;
REVOKE ALL ON FUNCTION import_count_rows(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION import_count_rows(uuid) TO console_tenant;

SET LOCAL ROLE ethico_audit;

-- Only the secrets themselves are looked at, and the rest of the record is not taken apart.
CREATE OR REPLACE FUNCTION audit_mask(record jsonb, secrets text[]) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN record || COALESCE((
    SELECT jsonb_object_agg(s, '"«secret»"'::jsonb) FROM unnest(secrets) AS s WHERE record -> s <> 'null'), '{}');

-- A payload is written down as text from its parts, in the order in which jsonb would write it: the record is not copied
-- into a larger one first.
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
    INSERT INTO public.row_change (event, ordinal, payload, salt, leaf, xact)
    VALUES (announced, 1, payload, salt, sha256(salt || convert_to(payload, 'UTF8')), current_xact)
    ON CONFLICT DO NOTHING;
    IF FOUND THEN
      RETURN NULL;
    END IF;
  END IF;

  SELECT COALESCE(max(ordinal), 0), COALESCE(bool_or(xact <> current_xact), false)
  INTO counted, foreign_xact
  FROM public.row_change
  WHERE event = announced;
  IF foreign_xact THEN
    RAISE EXCEPTION 'audit event % belongs to another transaction', announced USING ERRCODE = '42501';
  END IF;

  IF is_one THEN
    INSERT INTO public.row_change (event, ordinal, payload, salt, leaf, xact)
    VALUES (announced, counted + 1, payload, salt, sha256(salt || convert_to(payload, 'UTF8')), current_xact);
  ELSIF TG_OP = 'UPDATE' THEN
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
  RETURN NULL;
END
$$;

SET LOCAL ROLE ethico_owner;
