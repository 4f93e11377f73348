-- The people of Ethico: who they are, what they may do, where they are signed in, and whose house they stand in.
-- Ops-owned: no role of a client or of a client's workspace has any privilege here.

CREATE TABLE staff (
  id uuid NOT NULL,
  email text NOT NULL,
  name text NOT NULL,
  state text NOT NULL DEFAULT 'active',
  timezone text NOT NULL DEFAULT 'UTC',
  reports_to uuid,
  oidc_issuer text,
  oidc_subject text,
  locked_at timestamptz,
  lock_reason text,
  single_keys text NOT NULL DEFAULT 'on',
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT ops_at(),
  CONSTRAINT staff_pkey PRIMARY KEY (id),
  CONSTRAINT staff_email_folded CHECK (email = lower(email) AND email LIKE '%_@_%'),
  CONSTRAINT staff_email UNIQUE (email),
  CONSTRAINT staff_oidc UNIQUE (oidc_issuer, oidc_subject),
  CONSTRAINT staff_oidc_both CHECK ((oidc_issuer IS NULL) = (oidc_subject IS NULL)),
  CONSTRAINT staff_state CHECK (state IN ('active', 'deactivated')),
  CONSTRAINT staff_single_keys CHECK (single_keys IN ('on', 'off')),
  CONSTRAINT staff_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
  CONSTRAINT staff_reports_to_fkey FOREIGN KEY (reports_to) REFERENCES staff (id)
);

-- Tiers are rows, not code.
CREATE TABLE capability_preset (
  preset text NOT NULL,
  capability text NOT NULL,
  CONSTRAINT capability_preset_pkey PRIMARY KEY (preset, capability)
);
INSERT INTO capability_preset (preset, capability)
SELECT preset, unnest(string_to_array(capabilities, ' '))
FROM (VALUES
  ('support_l1', 'tenant.read support.act ticket.write debug.read'),
  ('support_l2', 'tenant.read support.act ticket.write debug.read errors.write jobs.write index.write migration.read'),
  ('support', 'tenant.read support.act ticket.write debug.read errors.write jobs.write index.write flags.write '
    'config.write migration.read'),
  ('auditor', 'tenant.read audit.read audit.review'),
  ('admin', 'tenant.read staff.admin fleet.write audit.read')
) AS named (preset, capabilities);

CREATE TABLE staff_grant (
  id uuid NOT NULL,
  staff_id uuid NOT NULL,
  capability text NOT NULL,
  preset text,
  granted_at timestamptz NOT NULL,
  granted_by text NOT NULL,
  rationale text NOT NULL,
  until timestamptz,
  ended_at timestamptz,
  ended_by text,
  CONSTRAINT staff_grant_pkey PRIMARY KEY (id),
  CONSTRAINT staff_grant_staff_fkey FOREIGN KEY (staff_id) REFERENCES staff (id),
  CONSTRAINT staff_grant_rationale CHECK (char_length(rationale) >= 3)
);
CREATE UNIQUE INDEX staff_grant_open ON staff_grant (staff_id, capability) WHERE ended_at IS NULL;

-- Machine table: sign-ins. Only the hash of a session's token is kept.
CREATE TABLE staff_session (
  id uuid NOT NULL,
  staff_id uuid NOT NULL,
  token_hash bytea NOT NULL,
  method text NOT NULL,
  started_at timestamptz NOT NULL,
  last_seen_at timestamptz NOT NULL,
  ip text NOT NULL,
  agent text NOT NULL,
  ended_at timestamptz,
  ended_event uuid,
  CONSTRAINT staff_session_pkey PRIMARY KEY (id),
  CONSTRAINT staff_session_token UNIQUE (token_hash),
  CONSTRAINT staff_session_staff_fkey FOREIGN KEY (staff_id) REFERENCES staff (id)
);
CREATE INDEX staff_session_open ON staff_session (staff_id, started_at) WHERE ended_at IS NULL;

-- Machine table: sign-ins under way at the identity provider, for ten minutes, single use.
CREATE TABLE sign_in_attempt (
  state_hash bytea NOT NULL,
  cookie_hash bytea NOT NULL,
  nonce text NOT NULL,
  verifier text NOT NULL,
  return_path text NOT NULL,
  started_at timestamptz NOT NULL,
  used_at timestamptz,
  CONSTRAINT sign_in_attempt_pkey PRIMARY KEY (state_hash)
);
CREATE INDEX sign_in_attempt_age ON sign_in_attempt (started_at);

CREATE SEQUENCE ticket_number AS bigint;

CREATE TABLE ticket (
  id uuid NOT NULL,
  number text NOT NULL DEFAULT 'T-' || lpad(nextval('ticket_number')::text, 6, '0'),
  source text NOT NULL,
  external_id text NOT NULL,
  url text,
  tenant_id uuid NOT NULL,
  requester_email text,
  subject text NOT NULL,
  priority text NOT NULL DEFAULT 'normal',
  state text NOT NULL DEFAULT 'open',
  assignee_id uuid,
  version integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT ops_at(),
  CONSTRAINT ticket_pkey PRIMARY KEY (id),
  CONSTRAINT ticket_number_unique UNIQUE (number),
  CONSTRAINT ticket_external UNIQUE (source, external_id),
  CONSTRAINT ticket_priority CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
  CONSTRAINT ticket_state CHECK (state IN ('open', 'in_progress', 'waiting_on_client', 'resolved', 'closed')),
  CONSTRAINT ticket_assignee_fkey FOREIGN KEY (assignee_id) REFERENCES staff (id)
);
CREATE INDEX ticket_open ON ticket (tenant_id) WHERE state NOT IN ('resolved', 'closed');
CREATE INDEX ticket_assignee ON ticket (assignee_id) WHERE state NOT IN ('resolved', 'closed');

-- One stay of one staff person in one client's workspace. Its subject never changes, and no clock ends it.
CREATE TABLE impersonation (
  id uuid NOT NULL,
  staff_id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  subject_id uuid,
  entry text NOT NULL,
  ticket_id uuid,
  ticket_text text,
  reason text,
  note text,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_kind text,
  ended_by text,
  ended_event uuid,
  review_state text,
  CONSTRAINT impersonation_pkey PRIMARY KEY (id),
  CONSTRAINT impersonation_staff_fkey FOREIGN KEY (staff_id) REFERENCES staff (id),
  CONSTRAINT impersonation_ticket_fkey FOREIGN KEY (ticket_id) REFERENCES ticket (id),
  CONSTRAINT impersonation_entry CHECK (entry IN ('ticket_link', 'manual_search')),
  CONSTRAINT impersonation_reason CHECK (reason IN ('reproduce_issue', 'configuration', 'data_correction', 'user_access',
    'case_reassignment', 'onboarding', 'training', 'other')),
  CONSTRAINT impersonation_note CHECK (char_length(note) <= 500),
  CONSTRAINT impersonation_ended CHECK ((ended_at IS NULL) = (ended_kind IS NULL)),
  CONSTRAINT impersonation_ended_kind CHECK (ended_kind IN ('manual', 'revoked', 'tenant_closed')),
  CONSTRAINT impersonation_review CHECK (review_state IN ('pending', 'approved', 'flagged'))
);
CREATE UNIQUE INDEX impersonation_open ON impersonation
  (staff_id, tenant_id, COALESCE(subject_id, '00000000-0000-0000-0000-000000000000')) WHERE ended_at IS NULL;
CREATE INDEX impersonation_recent ON impersonation (staff_id, started_at DESC);
CREATE INDEX impersonation_tenant ON impersonation (tenant_id, started_at DESC);

-- Machine table: which sign-in last used an access, and when.
CREATE TABLE impersonation_presence (
  impersonation_id uuid NOT NULL,
  last_seen_at timestamptz NOT NULL,
  last_session_id uuid NOT NULL,
  CONSTRAINT impersonation_presence_pkey PRIMARY KEY (impersonation_id),
  CONSTRAINT impersonation_presence_fkey FOREIGN KEY (impersonation_id) REFERENCES impersonation (id)
);

CREATE TABLE staff_pin (
  staff_id uuid NOT NULL,
  tenant_id uuid NOT NULL,
  pinned_at timestamptz NOT NULL,
  CONSTRAINT staff_pin_pkey PRIMARY KEY (staff_id, tenant_id),
  CONSTRAINT staff_pin_staff_fkey FOREIGN KEY (staff_id) REFERENCES staff (id)
);

CREATE TRIGGER impersonation_fixed
  BEFORE UPDATE OF id, staff_id, tenant_id, subject_id, entry, ticket_id, started_at ON impersonation
  FOR EACH ROW EXECUTE FUNCTION key_unchanged();
CREATE TRIGGER staff_key BEFORE UPDATE OF id ON staff FOR EACH ROW EXECUTE FUNCTION key_unchanged();

CALL audit_attach('staff', 'id');
CALL audit_attach('capability_preset', 'preset,capability');
CALL audit_attach('staff_grant', 'id');
CALL audit_attach('ticket', 'id');
CALL audit_attach('impersonation', 'id');
CALL audit_attach('staff_pin', 'staff_id,tenant_id');

GRANT SELECT, INSERT, UPDATE ON staff, staff_grant, staff_session, sign_in_attempt, ticket,
  impersonation, impersonation_presence, staff_pin TO console_fleet;
GRANT DELETE ON staff_pin, sign_in_attempt TO console_fleet;
GRANT SELECT ON capability_preset TO console_fleet;
GRANT USAGE ON SEQUENCE ticket_number TO console_fleet;
GRANT SELECT ON staff, staff_grant, capability_preset, ticket, impersonation, impersonation_presence TO console_bypass;
GRANT SELECT (id, email, name) ON staff TO console_audit;
GRANT SELECT ON impersonation TO console_audit;
GRANT SELECT (id, number) ON ticket TO console_audit;
-- The audit's own check locks the rows it relies on (FOR KEY SHARE asks for the right to update one column).
GRANT SELECT (id, state, locked_at), UPDATE (id) ON staff TO ethico_audit;
GRANT SELECT (id, staff_id, ended_at, ended_event), UPDATE (id) ON staff_session TO ethico_audit;
GRANT SELECT (id, staff_id, tenant_id, subject_id, ended_at, ended_event), UPDATE (id) ON impersonation TO ethico_audit;

SET LOCAL ROLE ethico_audit;

-- An event counts only while its person is active, its sign-in lasts and its access is open. The rows are held FOR KEY
-- SHARE: who ends one takes it FOR UPDATE first, so nothing commits after a revocation has. The event that itself ends an
-- access or a sign-in names itself in ended_event.
CREATE FUNCTION audit_demand_open(said jsonb, event uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
  AS $$
DECLARE
  person uuid;
BEGIN
  IF said #>> '{actor,kind}' <> 'staff' THEN
    IF said ? 'impersonation' THEN
      RAISE EXCEPTION 'only staff act under an access' USING ERRCODE = '42501';
    END IF;
    RETURN;
  END IF;
  person := (said #>> '{actor,id}')::uuid;
  PERFORM 1 FROM public.staff s WHERE s.id = person AND s.state = 'active' AND s.locked_at IS NULL FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'this person is not active' USING ERRCODE = '42501', CONSTRAINT = 'staff_active';
  END IF;
  IF said ? 'session' THEN
    PERFORM 1
    FROM public.staff_session s
    WHERE s.id = (said ->> 'session')::uuid AND s.staff_id = person
      AND (s.ended_at IS NULL OR s.ended_event = event)
    FOR KEY SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'this sign-in has ended' USING ERRCODE = '42501', CONSTRAINT = 'staff_session_open';
    END IF;
  END IF;
  IF said ? 'impersonation' THEN
    PERFORM 1
    FROM public.impersonation i
    WHERE i.id = (said ->> 'impersonation')::uuid AND i.staff_id = person AND i.tenant_id = (said ->> 'tenant')::uuid
      AND i.subject_id IS NOT DISTINCT FROM (said ->> 'subject')::uuid
      AND (i.ended_at IS NULL OR i.ended_event = event)
    FOR KEY SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'this access has ended' USING ERRCODE = '42501', CONSTRAINT = 'impersonation_open';
    END IF;
  END IF;
END
$$;

SET LOCAL ROLE ethico_owner;
