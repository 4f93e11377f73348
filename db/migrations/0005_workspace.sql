-- A client's own records: people, categories, reports, cases and their notes, settings.

CREATE TABLE org_unit (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  parent_id uuid,
  kind text NOT NULL,
  name text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT org_unit_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT org_unit_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT org_unit_parent_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES org_unit (tenant_id, id),
  CONSTRAINT org_unit_kind CHECK (kind IN ('division', 'business_unit', 'department', 'team', 'location')),
  CONSTRAINT org_unit_name_length CHECK (char_length(name) BETWEEN 1 AND 200)
);

CREATE TABLE client_user (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  name_folded text GENERATED ALWAYS AS (directory_fold(name) || ' ' || email) STORED,
  role text NOT NULL,
  state text NOT NULL DEFAULT 'invited',
  title text,
  invited_at timestamptz NOT NULL DEFAULT ops_at(),
  last_sign_in_at timestamptz,
  sessions_ended_at timestamptz,
  second_factor_since timestamptz,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT client_user_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT client_user_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT client_user_email UNIQUE (tenant_id, email),
  CONSTRAINT client_user_email_folded CHECK (email = lower(email) AND email LIKE '%_@_%'),
  CONSTRAINT client_user_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
  CONSTRAINT client_user_role CHECK (role IN ('system_admin', 'compliance_officer', 'triage_lead', 'investigator',
    'policy_author', 'policy_reviewer', 'department_admin', 'manager', 'employee')),
  CONSTRAINT client_user_state CHECK (state IN ('invited', 'active', 'deactivated'))
);
CREATE INDEX client_user_name ON client_user (tenant_id, name, id);

CREATE TABLE employee (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  number text NOT NULL,
  name text NOT NULL,
  email text,
  title text,
  org_unit_id uuid,
  user_id uuid,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT employee_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT employee_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT employee_number UNIQUE (tenant_id, number),
  CONSTRAINT employee_org_unit_fkey FOREIGN KEY (tenant_id, org_unit_id) REFERENCES org_unit (tenant_id, id),
  CONSTRAINT employee_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES client_user (tenant_id, id)
);

CREATE TABLE category (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  parent_id uuid,
  code text NOT NULL,
  name text NOT NULL,
  severity_default text NOT NULL DEFAULT 'medium',
  sla_days integer NOT NULL DEFAULT 30,
  retired_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT category_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT category_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT category_parent_fkey FOREIGN KEY (tenant_id, parent_id) REFERENCES category (tenant_id, id),
  CONSTRAINT category_code UNIQUE (tenant_id, code),
  CONSTRAINT category_severity CHECK (severity_default IN ('high', 'medium', 'low')),
  CONSTRAINT category_sla CHECK (sla_days BETWEEN 1 AND 3650)
);

-- What a reporter said. Written once.
CREATE TABLE report (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  reference text NOT NULL,
  channel text NOT NULL,
  reporter text NOT NULL,
  reporter_name text,
  reporter_contact text,
  language text NOT NULL,
  category_id uuid NOT NULL,
  body text NOT NULL,
  received_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT report_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT report_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT report_reference UNIQUE (tenant_id, reference),
  CONSTRAINT report_reference_form CHECK (reference ~ '^RPT-[0-9]{4}-[0-9]{5,}$'),
  CONSTRAINT report_category_fkey FOREIGN KEY (tenant_id, category_id) REFERENCES category (tenant_id, id),
  CONSTRAINT report_channel CHECK (channel IN ('phone', 'web_form', 'chatbot', 'email', 'proxy', 'direct_entry')),
  CONSTRAINT report_reporter CHECK (reporter IN ('anonymous', 'confidential', 'identified')),
  CONSTRAINT report_anonymous CHECK (reporter <> 'anonymous' OR (reporter_name IS NULL AND reporter_contact IS NULL))
);

-- Which stage of a case may follow which: the one place in SQL, read by the trigger and by the page.
CREATE TABLE case_stage_move (
  from_stage text NOT NULL,
  to_stage text NOT NULL,
  CONSTRAINT case_stage_move_pkey PRIMARY KEY (from_stage, to_stage)
);
INSERT INTO case_stage_move (from_stage, to_stage) VALUES
  ('new', 'assigned'), ('assigned', 'active'), ('active', 'review'), ('review', 'active'), ('review', 'closed'),
  ('closed', 'remediation'), ('remediation', 'archived'), ('closed', 'archived'),
  ('new', 'closed'), ('assigned', 'closed'), ('active', 'closed'),
  ('closed', 'active'), ('remediation', 'active');
GRANT SELECT ON case_stage_move TO console_tenant;

CREATE TABLE "case" (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  reference text NOT NULL,
  title text NOT NULL,
  summary text NOT NULL DEFAULT '',
  category_id uuid NOT NULL,
  stage text NOT NULL DEFAULT 'new',
  status text GENERATED ALWAYS AS (
    CASE
      WHEN stage = 'new' THEN 'new'
      WHEN stage IN ('closed', 'remediation', 'archived') THEN 'closed'
      ELSE 'open'
    END) STORED,
  severity text NOT NULL,
  outcome text,
  opened_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  closed_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT case_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT case_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT case_reference UNIQUE (tenant_id, reference),
  CONSTRAINT case_category_fkey FOREIGN KEY (tenant_id, category_id) REFERENCES category (tenant_id, id),
  CONSTRAINT case_title_length CHECK (char_length(title) BETWEEN 1 AND 200),
  CONSTRAINT case_summary_length CHECK (char_length(summary) <= 10000),
  CONSTRAINT case_stage CHECK (stage IN ('new', 'assigned', 'active', 'review', 'closed', 'remediation', 'archived')),
  CONSTRAINT case_severity CHECK (severity IN ('high', 'medium', 'low')),
  CONSTRAINT case_outcome CHECK (outcome IN ('substantiated', 'unsubstantiated', 'inconclusive', 'policy_violation',
    'no_violation')),
  CONSTRAINT case_closed_outcome CHECK (stage NOT IN ('closed', 'remediation', 'archived') OR outcome IS NOT NULL)
);
CREATE INDEX case_opened ON "case" (tenant_id, opened_at DESC, id DESC);
CREATE INDEX case_stage_opened ON "case" (tenant_id, stage, opened_at DESC, id DESC);

CREATE TABLE case_report (
  tenant_id uuid NOT NULL,
  case_id uuid NOT NULL,
  report_id uuid NOT NULL,
  link text NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT case_report_pkey PRIMARY KEY (tenant_id, case_id, report_id),
  CONSTRAINT case_report_case_fkey FOREIGN KEY (tenant_id, case_id) REFERENCES "case" (tenant_id, id),
  CONSTRAINT case_report_report_fkey FOREIGN KEY (tenant_id, report_id) REFERENCES report (tenant_id, id),
  CONSTRAINT case_report_link CHECK (link IN ('primary', 'related', 'merged_from'))
);
CREATE INDEX case_report_report ON case_report (tenant_id, report_id);

-- Who works on a case: one current lead, and others beside it. History is rows with an end.
CREATE TABLE case_assignment (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  user_id uuid NOT NULL,
  part text NOT NULL,
  assigned_at timestamptz NOT NULL DEFAULT ops_at(),
  ended_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT case_assignment_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT case_assignment_case_fkey FOREIGN KEY (tenant_id, case_id) REFERENCES "case" (tenant_id, id),
  CONSTRAINT case_assignment_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES client_user (tenant_id, id),
  CONSTRAINT case_assignment_part CHECK (part IN ('lead', 'member'))
);
CREATE UNIQUE INDEX case_assignment_lead ON case_assignment (tenant_id, case_id)
  WHERE part = 'lead' AND ended_at IS NULL;
CREATE UNIQUE INDEX case_assignment_once ON case_assignment (tenant_id, case_id, user_id) WHERE ended_at IS NULL;
CREATE INDEX case_assignment_user ON case_assignment (tenant_id, user_id) WHERE ended_at IS NULL;

-- Whom a case is about.
CREATE TABLE case_party (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  part text NOT NULL,
  name text NOT NULL,
  user_id uuid,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT case_party_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT case_party_case_fkey FOREIGN KEY (tenant_id, case_id) REFERENCES "case" (tenant_id, id),
  CONSTRAINT case_party_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES client_user (tenant_id, id),
  CONSTRAINT case_party_part CHECK (part IN ('accused', 'witness'))
);
CREATE INDEX case_party_case ON case_party (tenant_id, case_id);

CREATE TABLE note (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  author_id uuid,
  visibility text NOT NULL,
  body text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT ops_at(),
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT note_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT note_case_fkey FOREIGN KEY (tenant_id, case_id) REFERENCES "case" (tenant_id, id),
  CONSTRAINT note_author_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES client_user (tenant_id, id),
  CONSTRAINT note_visibility CHECK (visibility IN ('private', 'team', 'all')),
  CONSTRAINT note_body_length CHECK (char_length(body) BETWEEN 1 AND 10000)
);
CREATE INDEX note_case ON note (tenant_id, case_id, created_at, id);

CREATE TABLE tenant_setting (
  tenant_id uuid NOT NULL,
  key text NOT NULL,
  value text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT tenant_setting_pkey PRIMARY KEY (tenant_id, key),
  CONSTRAINT tenant_setting_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT tenant_setting_value_length CHECK (char_length(value) <= 2000)
);

-- Machine table: the first answer to a form's key inside a workspace, kept 24 hours and replayed.
CREATE TABLE tenant_submission (
  tenant_id uuid NOT NULL,
  actor text NOT NULL,
  key text NOT NULL,
  route text NOT NULL,
  body_hash bytea NOT NULL,
  status integer NOT NULL,
  location text,
  created_at timestamptz NOT NULL,
  CONSTRAINT tenant_submission_pkey PRIMARY KEY (tenant_id, actor, key)
);
CREATE INDEX tenant_submission_age ON tenant_submission (tenant_id, created_at);

-- Rules that hold whoever writes.

CREATE FUNCTION case_stage_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM case_stage_move WHERE from_stage = OLD.stage AND to_stage = NEW.stage) THEN
    RAISE EXCEPTION 'a case cannot move from % to %', OLD.stage, NEW.stage
      USING ERRCODE = '23514', CONSTRAINT = 'case_stage_move', TABLE = 'case';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER case_stage_check BEFORE UPDATE OF stage ON "case" FOR EACH ROW
  WHEN (OLD.stage <> NEW.stage) EXECUTE FUNCTION case_stage_check();

-- Past new there is always a lead; looked at when the transaction commits, when both rows are there.
CREATE FUNCTION case_lead_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
DECLARE
  of_case uuid := CASE TG_TABLE_NAME WHEN 'case' THEN (to_jsonb(NEW) ->> 'id') ELSE (to_jsonb(NEW) ->> 'case_id') END;
BEGIN
  IF EXISTS (SELECT 1 FROM "case" c WHERE c.tenant_id = NEW.tenant_id AND c.id = of_case AND c.stage <> 'new')
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
CREATE CONSTRAINT TRIGGER case_lead_check AFTER INSERT OR UPDATE OF stage ON "case"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION case_lead_check();
CREATE CONSTRAINT TRIGGER case_assignment_lead_check AFTER UPDATE OF ended_at ON case_assignment
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION case_lead_check();

-- One active system_admin stays. Under a lock of the client, so that two at once do not each leave the other.
CREATE FUNCTION client_user_last_admin() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('client_user_last_admin ' || OLD.tenant_id, 0));
  IF NOT EXISTS (
    SELECT 1 FROM client_user
    WHERE tenant_id = OLD.tenant_id AND role = 'system_admin' AND state = 'active' AND id <> OLD.id)
  THEN
    RAISE EXCEPTION 'one active system administrator has to stay'
      USING ERRCODE = '23514', CONSTRAINT = 'client_user_last_admin', TABLE = 'client_user';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER client_user_last_admin BEFORE UPDATE OF role, state ON client_user FOR EACH ROW
  WHEN (OLD.role = 'system_admin' AND OLD.state = 'active' AND (NEW.role <> 'system_admin' OR NEW.state <> 'active'))
  EXECUTE FUNCTION client_user_last_admin();

CREATE FUNCTION report_immutable() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  RAISE EXCEPTION 'a report is written once' USING ERRCODE = '42501', CONSTRAINT = 'report_immutable';
END
$$;
CREATE TRIGGER report_immutable BEFORE UPDATE OR DELETE ON report FOR EACH ROW EXECUTE FUNCTION report_immutable();

DO $$
DECLARE
  stamped text;
BEGIN
  FOREACH stamped IN ARRAY ARRAY[
    'org_unit', 'client_user', 'employee', 'category', 'case', 'case_assignment', 'case_party', 'note', 'tenant_setting'
  ] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION record_stamp()',
      stamped || '_stamp', stamped);
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OF tenant_id, %I ON %I FOR EACH ROW EXECUTE FUNCTION key_unchanged()',
      stamped || '_key', CASE stamped WHEN 'tenant_setting' THEN 'key' ELSE 'id' END, stamped);
  END LOOP;
END
$$;

CALL audit_attach('org_unit', 'id');
CALL audit_attach('client_user', 'id');
CALL audit_attach('employee', 'id');
CALL audit_attach('category', 'id');
CALL audit_attach('report', 'id', 'reporter_name,reporter_contact');
CALL audit_attach('"case"', 'id');
CALL audit_attach('case_report', 'case_id,report_id');
CALL audit_attach('case_assignment', 'id');
CALL audit_attach('case_party', 'id');
CALL audit_attach('note', 'id');
CALL audit_attach('tenant_setting', 'key');

CALL tenant_isolate('org_unit');
CALL tenant_isolate('client_user');
CALL tenant_isolate('employee');
CALL tenant_isolate('category');
CALL tenant_isolate('report');
CALL tenant_isolate('"case"');
CALL tenant_isolate('case_report');
CALL tenant_isolate('case_assignment');
CALL tenant_isolate('case_party');
CALL tenant_isolate('note');
CALL tenant_isolate('tenant_setting');
CALL tenant_isolate('tenant_submission');
REVOKE ALL ON tenant_submission FROM portal_tenant;
REVOKE UPDATE, DELETE ON report FROM console_tenant;

-- The subject of an open access, for the banner: the one thing of a client's people that the fleet's sign-in sees.
CREATE FUNCTION impersonation_subject(wanted uuid) RETURNS TABLE (name text, role text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
  AS $$
  SELECT u.name, u.role
  FROM public.impersonation i
  JOIN public.client_user u ON u.tenant_id = i.tenant_id AND u.id = i.subject_id
  WHERE i.id = wanted
$$;
GRANT EXECUTE ON FUNCTION impersonation_subject(uuid) TO console_fleet, console_audit;

-- Whether a person of that exact address is active at a client: what "act as" asks before an access exists.
CREATE FUNCTION impersonation_candidate(of_tenant uuid, address text) RETURNS uuid
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
  AS $$
  SELECT u.id FROM public.client_user u
  WHERE u.tenant_id = of_tenant AND u.email = lower(address) AND u.state = 'active'
$$;
GRANT EXECUTE ON FUNCTION impersonation_candidate(uuid, text) TO console_fleet;
