-- What an import needs of the tables that it writes, and an undo of those that it takes rows from. Each rule that an
-- import cannot keep is opened for its rows alone: those that a row of migration_provenance tells of.

-- A record's parts have ids of their own, made from the record's: the same row read again makes the same ids
-- [version 7, RFC 9562, 5.7: the record's time, then bits of a digest].
CREATE FUNCTION import_id(record uuid, part text) RETURNS uuid
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (substr(record::text, 1, 15) || substr(md5(record::text || part), 1, 3) || '-8'
    || substr(md5(record::text || part), 4, 3) || '-' || substr(md5(record::text || part), 7, 12))::uuid;

-- What an image holds of a row: what it says, not how often and by whom it was saved. A long text stands by its digest;
-- who reported something stands in no image at all.
CREATE FUNCTION import_image(said jsonb) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$
  SELECT CASE
    WHEN octet_length(bare.said::text) <= 256 THEN bare.said
    ELSE (
      SELECT jsonb_object_agg(m.name, CASE
        WHEN jsonb_typeof(m.value) <> 'string' OR octet_length(m.value #>> '{}') <= 256 THEN m.value
        ELSE jsonb_build_object('sha256', encode(sha256(convert_to(m.value #>> '{}', 'UTF8')), 'hex'),
          'len', octet_length(m.value #>> '{}'))
        END)
      FROM jsonb_each(bare.said) AS m (name, value))
    END
  FROM (SELECT said - '{tenant_id,id,version,changed_at,changed_by,via_impersonation,by_ethico,name_folded,
    reporter_name,reporter_contact,content}'::text[] AS said) bare
$$;

-- What several layers say together: the later one counts.
CREATE AGGREGATE import_merge(jsonb) (SFUNC = jsonb_concat, STYPE = jsonb, INITCOND = '{}');

GRANT EXECUTE ON FUNCTION import_id(uuid, text), import_image(jsonb), import_merge(jsonb) TO console_tenant;

-- A case has one row for each of its reports, a policy for each of its versions: which one, beside the id.
ALTER TABLE migration_provenance ADD COLUMN target_part text NOT NULL DEFAULT '';
CREATE INDEX migration_provenance_key ON migration_provenance (tenant_id, source_system, entity, source_record_id)
  WHERE action IN ('insert', 'link') AND undone_at IS NULL;
CREATE INDEX migration_provenance_implied ON migration_provenance (tenant_id, target_table, target_id)
  WHERE action = 'implied' AND undone_at IS NULL;

-- Rows that have just been written in great numbers are counted before anything is asked of them: nobody who plans by
-- an empty table's figures may join a million rows one by one. Runs as the owner, who alone may count, and tells nothing.
CREATE FUNCTION import_count_rows() RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
  AS $$
BEGIN
  ANALYZE public.migration_staged_row, public.migration_row_issue, public.migration_provenance,
    public.migration_undo_item, public.migration_undo_archive;
END
$$;
REVOKE ALL ON FUNCTION import_count_rows() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION import_count_rows() TO console_tenant;

-- How deep a record lies below the one whose undo takes it along: the deepest go first.
ALTER TABLE migration_undo_item ADD COLUMN depth integer NOT NULL DEFAULT 0;
CREATE INDEX migration_undo_item_waiting ON migration_undo_item (tenant_id, undo_id, depth DESC, row_no DESC, record_id)
  WHERE state = 'waiting';
ALTER TABLE migration_undo_archive ADD COLUMN record_id uuid NOT NULL, ADD COLUMN target_id uuid NOT NULL;
CREATE INDEX migration_undo_archive_target ON migration_undo_archive (tenant_id, target_id);
CREATE INDEX migration_undo_archive_record ON migration_undo_archive (tenant_id, undo_id, record_id);

-- Long texts that an update replaced, whole, because an image holds their digest alone.
CREATE TABLE migration_replaced (
  tenant_id uuid NOT NULL,
  provenance_id uuid NOT NULL,
  field text NOT NULL,
  body text NOT NULL,
  CONSTRAINT migration_replaced_pkey PRIMARY KEY (tenant_id, provenance_id, field),
  CONSTRAINT migration_replaced_provenance_fkey FOREIGN KEY (tenant_id, provenance_id)
    REFERENCES migration_provenance (tenant_id, id)
);
CALL tenant_isolate('migration_replaced');
REVOKE ALL ON migration_replaced FROM portal_tenant;

-- A source's numbers and texts.
ALTER TABLE report
  DROP CONSTRAINT report_reference_form,
  -- One that begins as ours has our form; any other is a source's own.
  ADD CONSTRAINT report_reference_form CHECK (reference ~ '^RPT-[0-9]{4}-[0-9]{5,}$'
    OR (reference !~ '^RPT-' AND char_length(reference) BETWEEN 1 AND 140));
CREATE INDEX report_category ON report (tenant_id, category_id);
ALTER TABLE disclosure
  DROP CONSTRAINT disclosure_reference_form,
  ADD CONSTRAINT disclosure_reference_form CHECK (reference ~ '^DSC-[0-9]{4}-[0-9]{5,}$'
    OR (reference !~ '^DSC-' AND char_length(reference) BETWEEN 1 AND 140)),
  DROP CONSTRAINT disclosure_title_length,
  ADD CONSTRAINT disclosure_title_length CHECK (char_length(title) BETWEEN 1 AND 500),
  DROP CONSTRAINT disclosure_body_length,
  ADD CONSTRAINT disclosure_body_length CHECK (char_length(body) BETWEEN 1 AND 1048576),
  DROP CONSTRAINT disclosure_decision_length,
  ADD CONSTRAINT disclosure_decision_length CHECK (char_length(decision) BETWEEN 3 AND 1048576),
  DROP CONSTRAINT disclosure_decided;
ALTER TABLE "case"
  DROP CONSTRAINT case_title_length,
  ADD CONSTRAINT case_title_length CHECK (char_length(title) BETWEEN 1 AND 500),
  DROP CONSTRAINT case_summary_length,
  ADD CONSTRAINT case_summary_length CHECK (char_length(summary) <= 1048576),
  DROP CONSTRAINT case_closed_outcome;
ALTER TABLE note
  DROP CONSTRAINT note_body_length,
  ADD CONSTRAINT note_body_length CHECK (char_length(body) BETWEEN 1 AND 1048576);
ALTER TABLE investigation
  DROP CONSTRAINT investigation_title_length,
  ADD CONSTRAINT investigation_title_length CHECK (char_length(title) BETWEEN 1 AND 500),
  DROP CONSTRAINT investigation_findings_length,
  ADD CONSTRAINT investigation_findings_length CHECK (char_length(findings) <= 1048576),
  DROP CONSTRAINT investigation_needs_investigator,
  DROP CONSTRAINT investigation_closed;
ALTER TABLE employee
  DROP CONSTRAINT employee_number_length,
  ADD CONSTRAINT employee_number_length CHECK (char_length(number) BETWEEN 1 AND 500),
  DROP CONSTRAINT employee_name_length,
  ADD CONSTRAINT employee_name_length CHECK (char_length(name) BETWEEN 1 AND 1001),
  DROP CONSTRAINT employee_title_length,
  ADD CONSTRAINT employee_title_length CHECK (char_length(title) <= 500);
ALTER TABLE org_unit
  DROP CONSTRAINT org_unit_name_length,
  ADD CONSTRAINT org_unit_name_length CHECK (char_length(name) BETWEEN 1 AND 500);
ALTER TABLE category
  DROP CONSTRAINT category_name_length,
  ADD CONSTRAINT category_name_length CHECK (char_length(name) BETWEEN 1 AND 500);
ALTER TABLE campaign
  DROP CONSTRAINT campaign_name_length,
  ADD CONSTRAINT campaign_name_length CHECK (char_length(name) BETWEEN 1 AND 500);
ALTER TABLE attestation
  DROP CONSTRAINT attestation_refusal_length,
  ADD CONSTRAINT attestation_refusal_length CHECK (char_length(refusal_reason) BETWEEN 1 AND 1048576);
ALTER TABLE policy
  ADD COLUMN number text,
  ADD CONSTRAINT policy_number_length CHECK (char_length(number) BETWEEN 1 AND 128),
  DROP CONSTRAINT policy_title_length,
  ADD CONSTRAINT policy_title_length CHECK (char_length(title) BETWEEN 1 AND 500),
  DROP CONSTRAINT policy_working_title_length,
  ADD CONSTRAINT policy_working_title_length CHECK (char_length(working_title) BETWEEN 1 AND 500),
  DROP CONSTRAINT policy_working_body_length,
  ADD CONSTRAINT policy_working_body_length CHECK (char_length(working_body) <= 1048576);
CREATE INDEX policy_number ON policy (tenant_id, number) WHERE number IS NOT NULL;
GRANT SELECT (number) ON policy TO portal_tenant;
ALTER TABLE policy_version
  DROP CONSTRAINT policy_version_body_length,
  ADD CONSTRAINT policy_version_body_length CHECK (char_length(body) BETWEEN 1 AND 1048576),
  DROP CONSTRAINT policy_version_note_length,
  ADD CONSTRAINT policy_version_note_length CHECK (char_length(change_note) BETWEEN 1 AND 1048576);

-- A policy is found by the number that people knew it by. What has none says what it said before.
CREATE OR REPLACE FUNCTION search_source(wanted text)
  RETURNS TABLE (tenant_id uuid, id uuid, language text, title text, body text)
  LANGUAGE sql STABLE
  AS $$
  SELECT r.tenant_id, r.id, r.language, r.reference, r.body
  FROM report r
  WHERE wanted = 'report'
  UNION ALL
  SELECT c.tenant_id, c.id, t.default_language, c.reference || ' · ' || c.title, c.summary
  FROM "case" c
  JOIN tenant t ON t.id = c.tenant_id
  WHERE wanted = 'case'
  UNION ALL
  SELECT m.tenant_id, m.id, COALESCE(r.language, t.default_language), '', m.body
  FROM case_message m
  JOIN tenant t ON t.id = m.tenant_id
  LEFT JOIN case_report l ON l.tenant_id = m.tenant_id AND l.case_id = m.case_id AND l.link = 'primary'
    AND NOT EXISTS (
      SELECT 1 FROM case_report e
      WHERE e.tenant_id = l.tenant_id AND e.case_id = l.case_id AND e.link = 'primary' AND e.report_id < l.report_id)
  LEFT JOIN report r ON r.tenant_id = l.tenant_id AND r.id = l.report_id
  WHERE wanted = 'case_message'
  UNION ALL
  SELECT n.tenant_id, n.id, t.default_language, '', n.body
  FROM note n
  JOIN tenant t ON t.id = n.tenant_id
  WHERE wanted = 'note'
  UNION ALL
  SELECT p.tenant_id, p.id, v.language, concat_ws(' · ', p.number, v.title), v.body
  FROM policy p
  JOIN policy_version v ON v.tenant_id = p.tenant_id AND v.policy_id = p.id AND v.number = p.current_version
  WHERE wanted = 'policy' AND p.status IN ('published', 'retired')
  UNION ALL
  SELECT p.tenant_id, p.id, p.language, concat_ws(' · ', p.number, p.working_title), p.working_body
  FROM policy p
  WHERE wanted = 'policy_draft' AND (p.working_status IS NOT NULL OR p.status NOT IN ('published', 'retired'))
  UNION ALL
  SELECT d.tenant_id, d.id, t.default_language, d.reference || ' · ' || d.title, concat_ws(E'\n\n', d.body, d.decision)
  FROM disclosure d
  JOIN tenant t ON t.id = d.tenant_id
  WHERE wanted = 'disclosure'
  UNION ALL
  SELECT c.tenant_id, c.id, t.default_language, c.name, ''
  FROM campaign c
  JOIN tenant t ON t.id = c.tenant_id
  WHERE wanted = 'campaign'
  UNION ALL
  SELECT u.tenant_id, u.id, 'und', u.name,
    concat_ws(' · ', u.title, u.email, NULLIF(directory_fold(u.name), lower(u.name)))
  FROM client_user u
  WHERE wanted = 'client_user'
  UNION ALL
  SELECT e.tenant_id, e.id, 'und', e.name,
    concat_ws(' · ', e.number, e.title, e.email, NULLIF(directory_fold(e.name), lower(e.name)))
  FROM employee e
  WHERE wanted = 'employee'
  UNION ALL
  SELECT a.tenant_id, a.id, t.default_language, a.file_name,
    concat_ws(' · ', NULLIF(a.description, ''), translate(a.file_name, '._-', '   '))
  FROM attachment a
  JOIN tenant t ON t.id = a.tenant_id
  WHERE wanted = 'attachment'
$$;

-- Whether a row came by an import that still counts.
CREATE FUNCTION import_made(client uuid, target uuid) RETURNS boolean
  LANGUAGE sql STABLE
  AS $$
  SELECT EXISTS (
    SELECT FROM migration_provenance
    WHERE tenant_id = client AND target_id = target AND action IN ('insert', 'implied') AND undone_at IS NULL)
$$;

-- Whether this transaction is the work of an import, or of an undo, on a row that one of them knows.
CREATE FUNCTION import_works(client uuid, target uuid) RETURNS boolean
  LANGUAGE sql STABLE
  AS $$
  SELECT EXISTS (
      SELECT FROM migration_provenance WHERE tenant_id = client AND target_id = target)
    AND (
      EXISTS (
        SELECT FROM migration_batch
        WHERE tenant_id = client AND id = NULLIF(current_setting('ops.import', true), '')::uuid
          AND state = 'committing')
      OR EXISTS (
        SELECT FROM migration_undo
        WHERE tenant_id = client AND id = NULLIF(current_setting('ops.import', true), '')::uuid AND state = 'running'))
$$;
GRANT EXECUTE ON FUNCTION import_made(uuid, uuid), import_works(uuid, uuid) TO console_tenant;

-- A closed case says how it came out, a decided disclosure what was decided, and an inquiry that began who leads it:
-- but a former system may not have said so, and nothing is made up for it. Looked at when the transaction commits.
CREATE FUNCTION import_left_open() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NOT import_made(NEW.tenant_id, NEW.id) THEN
    RAISE EXCEPTION 'this % leaves open what its state needs', TG_TABLE_NAME
      USING ERRCODE = '23514', CONSTRAINT = TG_NAME, TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER case_closed_outcome AFTER INSERT OR UPDATE OF stage, outcome ON "case"
  FOR EACH ROW
  WHEN (NEW.stage IN ('closed', 'remediation', 'archived') AND NEW.outcome IS NULL)
  EXECUTE FUNCTION import_left_open();
CREATE TRIGGER disclosure_decided AFTER INSERT OR UPDATE OF state, decision, decided_at ON disclosure
  FOR EACH ROW
  WHEN (NEW.state NOT IN ('submitted', 'under_review') AND (NEW.decision IS NULL OR NEW.decided_at IS NULL))
  EXECUTE FUNCTION import_left_open();
CREATE TRIGGER investigation_needs_investigator AFTER INSERT OR UPDATE OF state, investigator_id
  ON investigation FOR EACH ROW
  WHEN (NEW.state <> 'new' AND NEW.investigator_id IS NULL) EXECUTE FUNCTION import_left_open();
CREATE TRIGGER investigation_closed AFTER INSERT OR UPDATE OF state, closed_at ON investigation
  FOR EACH ROW
  WHEN ((NEW.state = 'closed') <> (NEW.closed_at IS NOT NULL)) EXECUTE FUNCTION import_left_open();

-- Past new there is always a lead; but one that was merged before anybody led it needs none, nor one that came closed.
CREATE OR REPLACE FUNCTION case_lead_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
DECLARE
  of_case uuid := CASE TG_TABLE_NAME WHEN 'case' THEN (to_jsonb(NEW) ->> 'id') ELSE (to_jsonb(NEW) ->> 'case_id') END;
BEGIN
  IF EXISTS (
      SELECT 1 FROM "case" c
      WHERE c.tenant_id = NEW.tenant_id AND c.id = of_case AND c.stage <> 'new' AND c.merged_into IS NULL
        AND NOT (c.status = 'closed' AND import_made(c.tenant_id, c.id)))
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
DROP TRIGGER case_lead_check ON "case";
CREATE CONSTRAINT TRIGGER case_lead_check AFTER INSERT OR UPDATE OF stage ON "case"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.stage <> 'new') EXECUTE FUNCTION case_lead_check();

-- A former system went its own ways from state to state: what it says next, and what an undo gives back, is no move.
CREATE OR REPLACE FUNCTION case_stage_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM case_stage_move WHERE from_stage = OLD.stage AND to_stage = NEW.stage)
    AND NOT import_works(NEW.tenant_id, NEW.id)
  THEN
    RAISE EXCEPTION 'a case cannot move from % to %', OLD.stage, NEW.stage
      USING ERRCODE = '23514', CONSTRAINT = 'case_stage_move', TABLE = 'case';
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION disclosure_state_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM disclosure_move WHERE from_state = OLD.state AND to_state = NEW.state)
    AND NOT import_works(NEW.tenant_id, NEW.id)
  THEN
    RAISE EXCEPTION 'a disclosure cannot move from % to %', OLD.state, NEW.state
      USING ERRCODE = '23514', CONSTRAINT = 'disclosure_move', TABLE = 'disclosure';
  END IF;
  RETURN NEW;
END
$$;

CREATE OR REPLACE FUNCTION attestation_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM attestation_move WHERE from_state = OLD.state AND to_state = NEW.state)
    AND NOT import_works(NEW.tenant_id, NEW.id)
  THEN
    RAISE EXCEPTION 'an attestation cannot move from % to %', OLD.state, NEW.state
      USING ERRCODE = '23514', CONSTRAINT = 'attestation_move', TABLE = 'attestation';
  END IF;
  RETURN NEW;
END
$$;

-- What a policy became in a former system is not drafted and approved again here.
DROP TRIGGER policy_check ON policy;
CREATE TRIGGER policy_check BEFORE UPDATE ON policy FOR EACH ROW
  WHEN (NOT import_works(NEW.tenant_id, NEW.id)) EXECUTE FUNCTION policy_check();

-- What was written once goes only with the undo that has kept it whole, row by row, and puts it back on demand.
CREATE FUNCTION written_once_or_undone() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    -- First the few rows kept of this one, then their undo: not all that a running undo has kept.
    PERFORM 1
    FROM (
      SELECT undo_id
      FROM migration_undo_archive
      WHERE tenant_id = OLD.tenant_id AND target_id = (to_jsonb(OLD) ->> TG_ARGV[0])::uuid
        AND target_table = TG_TABLE_NAME
      OFFSET 0
    ) kept
    JOIN migration_undo u ON u.tenant_id = OLD.tenant_id AND u.id = kept.undo_id AND u.state = 'running'
    LIMIT 1;
    IF FOUND THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = '42501', CONSTRAINT = TG_NAME;
END
$$;
DO $$
DECLARE
  kept text[];
BEGIN
  FOREACH kept SLICE 1 IN ARRAY ARRAY[
    ['report', 'id'], ['policy_version', 'policy_id'], ['attestation_act', 'id'], ['case_message', 'id'],
    ['attachment', 'id'], ['attachment_content', 'attachment_id']
  ] LOOP
    EXECUTE format('DROP TRIGGER IF EXISTS %I ON %I', kept[1] || '_immutable', kept[1]);
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW
      EXECUTE FUNCTION written_once_or_undone(%L)', kept[1] || '_immutable', kept[1], kept[2]);
    EXECUTE format('GRANT DELETE ON %I TO console_tenant', kept[1]);
  END LOOP;
END
$$;
DROP FUNCTION report_immutable();

-- Puts kept rows of one table back as they were, with their ids and their marks: the columns that are not derived. The
-- rows are those that the transaction has laid out in its working table undo_back.
CREATE FUNCTION import_restore(name text) RETURNS bigint
  LANGUAGE plpgsql
  AS $$
DECLARE
  columns text;
  restored bigint;
BEGIN
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO columns
  FROM pg_attribute
  WHERE attrelid = ('public.' || quote_ident(name))::regclass AND attnum > 0 AND NOT attisdropped
    AND attgenerated = '';
  EXECUTE format('INSERT INTO public.%1$I (%2$s)
    SELECT %2$s FROM (
      SELECT r.*
      FROM undo_back b
      CROSS JOIN LATERAL jsonb_populate_record(NULL::public.%1$I, b.archived) r
      WHERE b.target_table = %1$L) kept', name, columns);
  GET DIAGNOSTICS restored = ROW_COUNT;
  RETURN restored;
END
$$;
GRANT EXECUTE ON FUNCTION import_restore(text) TO console_tenant;
