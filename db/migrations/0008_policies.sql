-- Policies with their versions, campaigns with their attestations, and what counts as use.

-- Which state may follow which: the one place in SQL for each machine, read by its trigger.
CREATE TABLE policy_move (
  from_status text NOT NULL,
  to_status text NOT NULL,
  CONSTRAINT policy_move_pkey PRIMARY KEY (from_status, to_status)
);
INSERT INTO policy_move (from_status, to_status) VALUES
  ('draft', 'pending_approval'), ('pending_approval', 'approved'), ('approved', 'published'),
  ('published', 'retired'), ('retired', 'draft'), ('pending_approval', 'draft'), ('approved', 'draft');

CREATE TABLE campaign_move (
  from_status text NOT NULL,
  to_status text NOT NULL,
  CONSTRAINT campaign_move_pkey PRIMARY KEY (from_status, to_status)
);
INSERT INTO campaign_move (from_status, to_status) VALUES
  ('draft', 'scheduled'), ('draft', 'active'), ('scheduled', 'active'), ('active', 'paused'), ('paused', 'active'),
  ('active', 'completed'),
  ('draft', 'cancelled'), ('scheduled', 'cancelled'), ('active', 'cancelled'), ('paused', 'cancelled');

CREATE TABLE attestation_move (
  from_state text NOT NULL,
  to_state text NOT NULL,
  CONSTRAINT attestation_move_pkey PRIMARY KEY (from_state, to_state)
);
INSERT INTO attestation_move (from_state, to_state) VALUES
  ('pending', 'notified'), ('notified', 'in_progress'), ('in_progress', 'completed'),
  ('pending', 'overdue'), ('notified', 'overdue'), ('in_progress', 'overdue'), ('overdue', 'completed'),
  ('pending', 'skipped'), ('notified', 'skipped'), ('in_progress', 'skipped'), ('overdue', 'skipped'),
  ('pending', 'expired'), ('notified', 'expired'), ('in_progress', 'expired'), ('overdue', 'expired');
GRANT SELECT ON policy_move, campaign_move, attestation_move TO console_tenant;

-- A policy and the text that is worked on. While it is published, that text is a working copy with a state of its own;
-- without one it is the text of the current version.
CREATE TABLE policy (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  title text NOT NULL,
  type text NOT NULL,
  language text NOT NULL DEFAULT 'en',
  status text NOT NULL DEFAULT 'draft',
  current_version integer,
  working_status text,
  working_title text NOT NULL,
  working_body text NOT NULL DEFAULT '',
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT policy_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT policy_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT policy_title_length CHECK (char_length(title) BETWEEN 1 AND 200),
  CONSTRAINT policy_working_title_length CHECK (char_length(working_title) BETWEEN 1 AND 200),
  CONSTRAINT policy_working_body_length CHECK (char_length(working_body) <= 100000),
  CONSTRAINT policy_language_form CHECK (language ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
  CONSTRAINT policy_type CHECK (type IN ('code_of_conduct', 'anti_harassment', 'anti_bribery', 'data_privacy',
    'information_security', 'gift_entertainment', 'conflicts_of_interest', 'travel_expense', 'whistleblower',
    'social_media', 'acceptable_use', 'other')),
  CONSTRAINT policy_status CHECK (status IN ('draft', 'pending_approval', 'approved', 'published', 'retired')),
  CONSTRAINT policy_working_status CHECK (working_status IN ('draft', 'pending_approval', 'approved')),
  CONSTRAINT policy_working_published CHECK (working_status IS NULL OR status = 'published'),
  CONSTRAINT policy_published_version CHECK (status NOT IN ('published', 'retired') OR current_version IS NOT NULL)
);
CREATE INDEX policy_title ON policy (tenant_id, title, id);

-- What was published. Written once.
CREATE TABLE policy_version (
  tenant_id uuid NOT NULL,
  policy_id uuid NOT NULL,
  number integer NOT NULL,
  title text NOT NULL,
  body text NOT NULL,
  language text NOT NULL,
  change_note text,
  published_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT policy_version_pkey PRIMARY KEY (tenant_id, policy_id, number),
  CONSTRAINT policy_version_policy_fkey FOREIGN KEY (tenant_id, policy_id) REFERENCES policy (tenant_id, id),
  CONSTRAINT policy_version_number CHECK (number >= 1),
  CONSTRAINT policy_version_body_length CHECK (char_length(body) BETWEEN 1 AND 100000),
  CONSTRAINT policy_version_note_length CHECK (char_length(change_note) BETWEEN 1 AND 500)
);
-- Looked at when the transaction commits, when both rows are there.
ALTER TABLE policy ADD CONSTRAINT policy_current_version_fkey
  FOREIGN KEY (tenant_id, id, current_version) REFERENCES policy_version (tenant_id, policy_id, number)
  DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE campaign (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  type text NOT NULL DEFAULT 'attestation',
  kind text NOT NULL DEFAULT 'checkbox',
  status text NOT NULL DEFAULT 'draft',
  policy_id uuid NOT NULL,
  policy_version integer NOT NULL,
  audience text NOT NULL,
  audience_ids uuid[] NOT NULL DEFAULT '{}',
  starts_at timestamptz,
  due_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT ops_at(),
  activated_at timestamptz,
  ended_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT campaign_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT campaign_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT campaign_policy_version_fkey FOREIGN KEY (tenant_id, policy_id, policy_version)
    REFERENCES policy_version (tenant_id, policy_id, number),
  CONSTRAINT campaign_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
  CONSTRAINT campaign_type CHECK (type IN ('attestation', 'disclosure', 'survey')),
  CONSTRAINT campaign_kind CHECK (kind IN ('checkbox', 'signature', 'quiz')),
  CONSTRAINT campaign_status CHECK (status IN ('draft', 'scheduled', 'active', 'paused', 'completed', 'cancelled')),
  CONSTRAINT campaign_audience CHECK (audience IN ('all', 'units', 'list')),
  CONSTRAINT campaign_audience_ids CHECK ((audience = 'all') = (cardinality(audience_ids) = 0)),
  CONSTRAINT campaign_scheduled_start CHECK (status <> 'scheduled' OR starts_at IS NOT NULL)
);
CREATE INDEX campaign_recent ON campaign (tenant_id, created_at DESC, id DESC);
CREATE INDEX campaign_policy ON campaign (tenant_id, policy_id, created_at DESC, id DESC);

CREATE TABLE attestation (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  campaign_id uuid NOT NULL,
  employee_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'pending',
  due_at timestamptz NOT NULL,
  completed_at timestamptz,
  refused_at timestamptz,
  refusal_reason text,
  reminded_at timestamptz,
  reminders integer NOT NULL DEFAULT 0,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT attestation_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT attestation_campaign_fkey FOREIGN KEY (tenant_id, campaign_id) REFERENCES campaign (tenant_id, id),
  CONSTRAINT attestation_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  CONSTRAINT attestation_once UNIQUE (tenant_id, campaign_id, employee_id),
  CONSTRAINT attestation_state CHECK (state IN ('pending', 'notified', 'in_progress', 'completed', 'overdue', 'skipped',
    'expired')),
  CONSTRAINT attestation_completed CHECK ((state = 'completed') = (completed_at IS NOT NULL)),
  CONSTRAINT attestation_refusal CHECK ((refused_at IS NULL) = (refusal_reason IS NULL)),
  CONSTRAINT attestation_refusal_length CHECK (char_length(refusal_reason) BETWEEN 3 AND 500)
);
CREATE INDEX attestation_state ON attestation (tenant_id, campaign_id, state);
CREATE INDEX attestation_employee ON attestation (tenant_id, employee_id);

-- What somebody did for an employee, or asked of them. Written once. Where `by_ethico` is set, `user_id` is as whom
-- Ethico acted, not who did it; by whom and under which access stand in columns that the client does not see.
CREATE TABLE attestation_act (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  attestation_id uuid NOT NULL,
  act text NOT NULL,
  at timestamptz NOT NULL DEFAULT ops_at(),
  user_id uuid,
  reason text,
  due_before timestamptz,
  due_after timestamptz,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  by_ethico boolean NOT NULL GENERATED ALWAYS AS (via_impersonation IS NOT NULL) STORED,
  CONSTRAINT attestation_act_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT attestation_act_attestation_fkey FOREIGN KEY (tenant_id, attestation_id)
    REFERENCES attestation (tenant_id, id),
  CONSTRAINT attestation_act_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES client_user (tenant_id, id),
  CONSTRAINT attestation_act_act CHECK (act IN ('complete', 'refuse', 'skip', 'extend', 'remind')),
  CONSTRAINT attestation_act_reason_length CHECK (char_length(reason) BETWEEN 3 AND 500)
);
CREATE INDEX attestation_act_attestation ON attestation_act (tenant_id, attestation_id, at, id);

-- Machine table: what counts as use, one row each, written with what was done. Rows under an access or from an import
-- are kept and not counted.
CREATE TABLE usage_event (
  tenant_id uuid NOT NULL,
  n bigint GENERATED ALWAYS AS IDENTITY,
  at timestamptz NOT NULL DEFAULT ops_at(),
  kind text NOT NULL,
  object_id uuid,
  user_id uuid,
  due_at timestamptz,
  attrs jsonb NOT NULL DEFAULT '{}',
  impersonation uuid DEFAULT ops_impersonation(),
  imported boolean NOT NULL DEFAULT false,
  CONSTRAINT usage_event_pkey PRIMARY KEY (tenant_id, n),
  CONSTRAINT usage_event_kind CHECK (kind IN ('sign_in', 'feature_used', 'user_on', 'user_off', 'report_received',
    'reporter_contact', 'case_opened', 'case_due', 'case_closed', 'case_reopened', 'attestation_assigned',
    'attestation_due', 'attestation_completed', 'attestation_skipped', 'attestation_withdrawn'))
);
CREATE INDEX usage_event_kind ON usage_event (tenant_id, kind, at) WHERE impersonation IS NULL AND NOT imported;

-- Rules that hold whoever writes.

CREATE FUNCTION policy_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
DECLARE
  was text := COALESCE(OLD.working_status, OLD.status);
  publishes boolean := was = 'approved' AND COALESCE(NEW.working_status, NEW.status) = 'published';
BEGIN
  IF NEW.status <> OLD.status
    AND NOT EXISTS (SELECT 1 FROM policy_move WHERE from_status = OLD.status AND to_status = NEW.status)
  THEN
    RAISE EXCEPTION 'a policy cannot move from % to %', OLD.status, NEW.status
      USING ERRCODE = '23514', CONSTRAINT = 'policy_move', TABLE = 'policy';
  END IF;
  -- A working copy begins as a draft of what is published, goes the policy's way, and ends published or discarded.
  IF NEW.working_status IS DISTINCT FROM OLD.working_status AND NEW.status = OLD.status
    AND NOT (CASE
      WHEN OLD.working_status IS NULL THEN NEW.working_status = 'draft'
      WHEN NEW.working_status IS NULL THEN OLD.working_status IN ('draft', 'approved')
      ELSE EXISTS (SELECT 1 FROM policy_move WHERE from_status = OLD.working_status AND to_status = NEW.working_status)
    END)
  THEN
    RAISE EXCEPTION 'a working copy cannot move from % to %', OLD.working_status, NEW.working_status
      USING ERRCODE = '23514', CONSTRAINT = 'policy_move', TABLE = 'policy';
  END IF;
  -- What was approved is what is published.
  IF (NEW.working_title, NEW.working_body, NEW.type, NEW.language)
      IS DISTINCT FROM (OLD.working_title, OLD.working_body, OLD.type, OLD.language) AND was <> 'draft'
  THEN
    RAISE EXCEPTION 'only a draft can be edited'
      USING ERRCODE = '23514', CONSTRAINT = 'policy_draft', TABLE = 'policy';
  END IF;
  -- What has been published keeps its subject and its language.
  IF (NEW.type, NEW.language) IS DISTINCT FROM (OLD.type, OLD.language) AND OLD.current_version IS NOT NULL THEN
    RAISE EXCEPTION 'a policy that has been published keeps its type and language'
      USING ERRCODE = '23514', CONSTRAINT = 'policy_settled', TABLE = 'policy';
  END IF;
  IF COALESCE(NEW.current_version, 0) <> COALESCE(OLD.current_version, 0) + publishes::int THEN
    RAISE EXCEPTION 'publishing makes the next version, and nothing else does'
      USING ERRCODE = '23514', CONSTRAINT = 'policy_next_version', TABLE = 'policy';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER policy_check BEFORE UPDATE ON policy FOR EACH ROW EXECUTE FUNCTION policy_check();

-- A version is the policy's current one or an earlier one; looked at when the transaction commits.
CREATE FUNCTION policy_version_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM policy p
    WHERE p.tenant_id = NEW.tenant_id AND p.id = NEW.policy_id AND p.current_version >= NEW.number)
  THEN
    RAISE EXCEPTION 'version % was not published', NEW.number
      USING ERRCODE = '23514', CONSTRAINT = 'policy_version_published', TABLE = 'policy_version';
  END IF;
  RETURN NULL;
END
$$;
CREATE CONSTRAINT TRIGGER policy_version_check AFTER INSERT ON policy_version
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION policy_version_check();

CREATE FUNCTION written_once() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = '42501', CONSTRAINT = TG_NAME;
END
$$;
CREATE TRIGGER policy_version_immutable BEFORE UPDATE OR DELETE ON policy_version
  FOR EACH ROW EXECUTE FUNCTION written_once();
CREATE TRIGGER attestation_act_immutable BEFORE UPDATE OR DELETE ON attestation_act
  FOR EACH ROW EXECUTE FUNCTION written_once();

CREATE FUNCTION campaign_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NEW.status <> OLD.status
    AND NOT EXISTS (SELECT 1 FROM campaign_move WHERE from_status = OLD.status AND to_status = NEW.status)
  THEN
    RAISE EXCEPTION 'a campaign cannot move from % to %', OLD.status, NEW.status
      USING ERRCODE = '23514', CONSTRAINT = 'campaign_move', TABLE = 'campaign';
  END IF;
  -- What people are asked for is settled once they are asked.
  IF OLD.status NOT IN ('draft', 'scheduled')
    AND (NEW.policy_id, NEW.policy_version, NEW.kind, NEW.audience, NEW.audience_ids)
      IS DISTINCT FROM (OLD.policy_id, OLD.policy_version, OLD.kind, OLD.audience, OLD.audience_ids)
  THEN
    RAISE EXCEPTION 'a campaign that has begun keeps its policy and its audience'
      USING ERRCODE = '23514', CONSTRAINT = 'campaign_settled', TABLE = 'campaign';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER campaign_check BEFORE UPDATE ON campaign FOR EACH ROW EXECUTE FUNCTION campaign_check();

CREATE FUNCTION attestation_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM attestation_move WHERE from_state = OLD.state AND to_state = NEW.state) THEN
    RAISE EXCEPTION 'an attestation cannot move from % to %', OLD.state, NEW.state
      USING ERRCODE = '23514', CONSTRAINT = 'attestation_move', TABLE = 'attestation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER attestation_check BEFORE UPDATE OF state ON attestation FOR EACH ROW
  WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION attestation_check();

CREATE TRIGGER policy_stamp BEFORE UPDATE ON policy FOR EACH ROW EXECUTE FUNCTION record_stamp();
CREATE TRIGGER campaign_stamp BEFORE UPDATE ON campaign FOR EACH ROW EXECUTE FUNCTION record_stamp();
CREATE TRIGGER attestation_stamp BEFORE UPDATE ON attestation FOR EACH ROW EXECUTE FUNCTION record_stamp();
CREATE TRIGGER policy_key BEFORE UPDATE OF tenant_id, id ON policy FOR EACH ROW EXECUTE FUNCTION key_unchanged();
CREATE TRIGGER campaign_key BEFORE UPDATE OF tenant_id, id ON campaign FOR EACH ROW EXECUTE FUNCTION key_unchanged();
CREATE TRIGGER attestation_key BEFORE UPDATE OF tenant_id, id, campaign_id, employee_id ON attestation
  FOR EACH ROW EXECUTE FUNCTION key_unchanged();

CALL audit_attach('policy', 'id');
CALL audit_attach('policy_version', 'policy_id,number');
CALL audit_attach('campaign', 'id');
CALL audit_attach('attestation', 'id');
CALL audit_attach('attestation_act', 'id');

CALL tenant_isolate('policy');
CALL tenant_isolate('policy_version');
CALL tenant_isolate('campaign');
CALL tenant_isolate('attestation');
CALL tenant_isolate('attestation_act');
CALL tenant_isolate('usage_event');
REVOKE UPDATE, DELETE ON policy_version, attestation_act, usage_event FROM console_tenant;
REVOKE ALL ON usage_event FROM portal_tenant;
