-- Disclosures, and the work around a case: investigations, messages with the reporter, files; reports by their date.

-- What an employee declared, and what was decided about it.
CREATE TABLE disclosure_move (
  from_state text NOT NULL,
  to_state text NOT NULL,
  CONSTRAINT disclosure_move_pkey PRIMARY KEY (from_state, to_state)
);
INSERT INTO disclosure_move (from_state, to_state) VALUES
  ('submitted', 'under_review'),
  ('under_review', 'approved'), ('under_review', 'rejected'), ('under_review', 'conditions'),
  ('conditions', 'approved'),
  ('approved', 'expired'), ('conditions', 'expired'),
  ('approved', 'under_review'), ('rejected', 'under_review');
GRANT SELECT ON disclosure_move TO console_tenant;

CREATE TABLE disclosure (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  reference text NOT NULL,
  employee_id uuid NOT NULL,
  kind text NOT NULL,
  title text NOT NULL,
  body text NOT NULL,
  amount_minor bigint,
  currency text,
  state text NOT NULL DEFAULT 'submitted',
  submitted_at timestamptz NOT NULL,
  decision text,
  decided_at timestamptz,
  expires_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT disclosure_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT disclosure_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT disclosure_employee_fkey FOREIGN KEY (tenant_id, employee_id) REFERENCES employee (tenant_id, id),
  CONSTRAINT disclosure_reference UNIQUE (tenant_id, reference),
  CONSTRAINT disclosure_reference_form CHECK (reference ~ '^DSC-[0-9]{4}-[0-9]{5,}$'),
  CONSTRAINT disclosure_kind CHECK (kind IN ('coi', 'gift', 'outside_employment', 'political', 'charitable', 'travel')),
  CONSTRAINT disclosure_state CHECK (state IN ('submitted', 'under_review', 'approved', 'rejected', 'conditions',
    'expired')),
  CONSTRAINT disclosure_title_length CHECK (char_length(title) BETWEEN 1 AND 200),
  CONSTRAINT disclosure_body_length CHECK (char_length(body) BETWEEN 1 AND 10000),
  CONSTRAINT disclosure_decision_length CHECK (char_length(decision) BETWEEN 3 AND 5000),
  CONSTRAINT disclosure_decided CHECK (state IN ('submitted', 'under_review')
    OR (decision IS NOT NULL AND decided_at IS NOT NULL)),
  CONSTRAINT disclosure_value CHECK ((amount_minor IS NULL) = (currency IS NULL) AND amount_minor >= 0
    AND currency ~ '^[A-Z]{3}$')
);
CREATE INDEX disclosure_submitted ON disclosure (tenant_id, submitted_at DESC, id DESC);
CREATE INDEX disclosure_state_submitted ON disclosure (tenant_id, state, submitted_at DESC, id DESC);
CREATE INDEX disclosure_employee ON disclosure (tenant_id, employee_id);
CREATE INDEX disclosure_due ON disclosure (tenant_id, expires_at) WHERE state IN ('approved', 'conditions');

CREATE FUNCTION disclosure_state_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM disclosure_move WHERE from_state = OLD.state AND to_state = NEW.state) THEN
    RAISE EXCEPTION 'a disclosure cannot move from % to %', OLD.state, NEW.state
      USING ERRCODE = '23514', CONSTRAINT = 'disclosure_move', TABLE = 'disclosure';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER disclosure_state_check BEFORE UPDATE OF state ON disclosure FOR EACH ROW
  WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION disclosure_state_check();

-- The inquiry into a case: who leads it, what is planned, what was found.
CREATE TABLE investigation_move (
  from_state text NOT NULL,
  to_state text NOT NULL,
  CONSTRAINT investigation_move_pkey PRIMARY KEY (from_state, to_state)
);
INSERT INTO investigation_move (from_state, to_state) VALUES
  ('new', 'assigned'), ('assigned', 'investigating'),
  ('investigating', 'on_hold'), ('on_hold', 'investigating'),
  ('investigating', 'pending_review'), ('pending_review', 'investigating'), ('pending_review', 'closed');
GRANT SELECT ON investigation_move TO console_tenant;

CREATE TABLE investigation (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  title text NOT NULL,
  investigator_id uuid,
  state text NOT NULL DEFAULT 'new',
  plan text NOT NULL DEFAULT '',
  findings text NOT NULL DEFAULT '',
  opened_at timestamptz NOT NULL,
  closed_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT investigation_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT investigation_case_fkey FOREIGN KEY (tenant_id, case_id) REFERENCES "case" (tenant_id, id),
  CONSTRAINT investigation_investigator_fkey FOREIGN KEY (tenant_id, investigator_id)
    REFERENCES client_user (tenant_id, id),
  CONSTRAINT investigation_state CHECK (state IN ('new', 'assigned', 'investigating', 'pending_review', 'closed',
    'on_hold')),
  CONSTRAINT investigation_needs_investigator CHECK (state = 'new' OR investigator_id IS NOT NULL),
  CONSTRAINT investigation_closed CHECK ((state = 'closed') = (closed_at IS NOT NULL)),
  CONSTRAINT investigation_title_length CHECK (char_length(title) BETWEEN 1 AND 200),
  CONSTRAINT investigation_plan_length CHECK (char_length(plan) <= 10000),
  CONSTRAINT investigation_findings_length CHECK (char_length(findings) <= 10000)
);
CREATE INDEX investigation_case ON investigation (tenant_id, case_id, opened_at, id);

CREATE FUNCTION investigation_state_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM investigation_move WHERE from_state = OLD.state AND to_state = NEW.state) THEN
    RAISE EXCEPTION 'an investigation cannot move from % to %', OLD.state, NEW.state
      USING ERRCODE = '23514', CONSTRAINT = 'investigation_move', TABLE = 'investigation';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER investigation_state_check BEFORE UPDATE OF state ON investigation FOR EACH ROW
  WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION investigation_state_check();

-- What the reporter and those who work on the case wrote to each other. Written once.
CREATE TABLE case_message (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  direction text NOT NULL,
  author_id uuid,
  body text NOT NULL,
  sent_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT case_message_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT case_message_case_fkey FOREIGN KEY (tenant_id, case_id) REFERENCES "case" (tenant_id, id),
  CONSTRAINT case_message_author_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES client_user (tenant_id, id),
  CONSTRAINT case_message_direction CHECK (direction IN ('to_reporter', 'from_reporter')),
  CONSTRAINT case_message_body_length CHECK (char_length(body) BETWEEN 1 AND 10000)
);
CREATE INDEX case_message_case ON case_message (tenant_id, case_id, sent_at, id);

-- A file of a case or of a disclosure: what it is called, how large it is, and the digest of its bytes. Written once.
CREATE TABLE attachment (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  case_id uuid,
  disclosure_id uuid,
  file_name text NOT NULL,
  kind text NOT NULL,
  description text NOT NULL DEFAULT '',
  byte_count bigint NOT NULL,
  sha256 bytea NOT NULL,
  author_id uuid,
  attached_at timestamptz NOT NULL,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT attachment_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT attachment_case_fkey FOREIGN KEY (tenant_id, case_id) REFERENCES "case" (tenant_id, id),
  CONSTRAINT attachment_disclosure_fkey FOREIGN KEY (tenant_id, disclosure_id) REFERENCES disclosure (tenant_id, id),
  CONSTRAINT attachment_author_fkey FOREIGN KEY (tenant_id, author_id) REFERENCES client_user (tenant_id, id),
  CONSTRAINT attachment_owner CHECK (num_nonnulls(case_id, disclosure_id) = 1),
  CONSTRAINT attachment_file_name_length CHECK (char_length(file_name) BETWEEN 1 AND 200),
  CONSTRAINT attachment_description_length CHECK (char_length(description) <= 500),
  CONSTRAINT attachment_byte_count CHECK (byte_count BETWEEN 1 AND 26214400),
  CONSTRAINT attachment_sha256 CHECK (octet_length(sha256) = 32)
);
CREATE INDEX attachment_case ON attachment (tenant_id, case_id, attached_at, id) WHERE case_id IS NOT NULL;
CREATE INDEX attachment_disclosure ON attachment (tenant_id, disclosure_id, attached_at, id)
  WHERE disclosure_id IS NOT NULL;

-- Machine table: the bytes. Capturing them would put each file into the trail; their digest stands in the captured row,
-- and no bytes but those of that digest can be put here.
CREATE TABLE attachment_content (
  tenant_id uuid NOT NULL,
  attachment_id uuid NOT NULL,
  content bytea NOT NULL,
  CONSTRAINT attachment_content_pkey PRIMARY KEY (tenant_id, attachment_id),
  CONSTRAINT attachment_content_attachment_fkey FOREIGN KEY (tenant_id, attachment_id)
    REFERENCES attachment (tenant_id, id)
);
ALTER TABLE attachment_content ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE FUNCTION attachment_content_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM attachment
    WHERE tenant_id = NEW.tenant_id AND id = NEW.attachment_id AND sha256 = sha256(NEW.content)
      AND byte_count = octet_length(NEW.content))
  THEN
    RAISE EXCEPTION 'these are not the bytes of the attachment'
      USING ERRCODE = '23514', CONSTRAINT = 'attachment_content_digest', TABLE = 'attachment_content';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER attachment_content_check BEFORE INSERT OR UPDATE ON attachment_content
  FOR EACH ROW EXECUTE FUNCTION attachment_content_check();

CREATE INDEX report_received ON report (tenant_id, received_at DESC, id DESC);

DO $$
DECLARE
  stamped text;
BEGIN
  FOREACH stamped IN ARRAY ARRAY['disclosure', 'investigation'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION record_stamp()',
      stamped || '_stamp', stamped);
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OF tenant_id, id ON %I FOR EACH ROW EXECUTE FUNCTION key_unchanged()',
      stamped || '_key', stamped);
  END LOOP;
END
$$;

CALL audit_attach('disclosure', 'id');
CALL audit_attach('investigation', 'id');
CALL audit_attach('case_message', 'id');
CALL audit_attach('attachment', 'id');

CALL tenant_isolate('disclosure');
CALL tenant_isolate('investigation');
CALL tenant_isolate('case_message');
CALL tenant_isolate('attachment');
CALL tenant_isolate('attachment_content');
REVOKE UPDATE, DELETE ON case_message, attachment, attachment_content FROM console_tenant;
REVOKE ALL ON attachment_content FROM portal_tenant;
