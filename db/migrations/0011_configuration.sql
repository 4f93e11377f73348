-- Settings for more than one client: for all of them, or for those of a tier. What a client sets itself comes first.

CREATE TABLE setting_layer (
  -- platform, or a tier.
  layer text NOT NULL,
  key text NOT NULL,
  value text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT setting_layer_pkey PRIMARY KEY (layer, key),
  CONSTRAINT setting_layer_layer CHECK (layer IN ('platform', 'plg', 'smb', 'enterprise')),
  CONSTRAINT setting_layer_value_length CHECK (char_length(value) <= 2000)
);
CREATE TRIGGER setting_layer_stamp BEFORE UPDATE ON setting_layer FOR EACH ROW EXECUTE FUNCTION record_stamp();
CREATE TRIGGER setting_layer_key BEFORE UPDATE OF layer, key ON setting_layer
  FOR EACH ROW EXECUTE FUNCTION key_unchanged();
CALL audit_attach('setting_layer', 'layer,key');
GRANT SELECT, INSERT, UPDATE, DELETE ON setting_layer TO console_fleet;
GRANT SELECT ON setting_layer TO console_bypass;
