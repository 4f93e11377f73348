-- Feature flags: what holds for all clients is ours, an exception is the client's. Which flags there are stands in the
-- program, with their defaults, so that a flag that cannot be read has one.

CREATE TABLE flag (
  key text NOT NULL,
  -- On: the feature is off everywhere, whatever else is set.
  kill_switch text NOT NULL DEFAULT 'off',
  -- The tiers that have it.
  tiers text[] NOT NULL DEFAULT '{}',
  -- The share of clients that have it, in hundredths of a percent; NULL where there is no such rule.
  share integer,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT flag_pkey PRIMARY KEY (key),
  CONSTRAINT flag_key_form CHECK (key ~ '^[a-z][a-z0-9_]*$' AND char_length(key) <= 80),
  CONSTRAINT flag_kill_switch CHECK (kill_switch IN ('on', 'off')),
  CONSTRAINT flag_share CHECK (share BETWEEN 0 AND 10000)
);

CREATE TABLE flag_override (
  tenant_id uuid NOT NULL,
  flag_key text NOT NULL,
  value text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT flag_override_pkey PRIMARY KEY (tenant_id, flag_key),
  CONSTRAINT flag_override_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT flag_override_key_form CHECK (flag_key ~ '^[a-z][a-z0-9_]*$' AND char_length(flag_key) <= 80),
  CONSTRAINT flag_override_value CHECK (value IN ('on', 'off'))
);

CREATE TRIGGER flag_stamp BEFORE UPDATE ON flag FOR EACH ROW EXECUTE FUNCTION record_stamp();
CREATE TRIGGER flag_key BEFORE UPDATE OF key ON flag FOR EACH ROW EXECUTE FUNCTION key_unchanged();
CREATE TRIGGER flag_override_stamp BEFORE UPDATE ON flag_override FOR EACH ROW EXECUTE FUNCTION record_stamp();
CREATE TRIGGER flag_override_key BEFORE UPDATE OF tenant_id, flag_key ON flag_override
  FOR EACH ROW EXECUTE FUNCTION key_unchanged();

CALL audit_attach('flag', 'key');
CALL audit_attach('flag_override', 'flag_key');
CALL tenant_isolate('flag_override');
GRANT SELECT, INSERT, UPDATE ON flag TO console_fleet;
GRANT SELECT ON flag TO console_bypass;
