-- Employees and units that come to an end, and the rest of what a client sets up: the order and routing of categories,
-- sign-in by the client's provider, branding, how long records are kept.

-- Somebody who has left stays, because campaigns and disclosures tell of them.
ALTER TABLE employee
  ADD COLUMN ended_at timestamptz,
  ADD COLUMN name_folded text GENERATED ALWAYS AS
    (directory_fold(name) || ' ' || lower(number) || ' ' || COALESCE(email, '')) STORED,
  ADD CONSTRAINT employee_email_folded CHECK (email = lower(email) AND email LIKE '%_@_%'),
  ADD CONSTRAINT employee_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
  ADD CONSTRAINT employee_number_length CHECK (char_length(number) BETWEEN 1 AND 40),
  ADD CONSTRAINT employee_title_length CHECK (char_length(title) <= 100);
CREATE UNIQUE INDEX employee_email ON employee (tenant_id, email) WHERE email IS NOT NULL;
CREATE INDEX employee_name ON employee (tenant_id, name, id);
CREATE INDEX employee_org_unit ON employee (tenant_id, org_unit_id);

ALTER TABLE org_unit ADD COLUMN retired_at timestamptz;
CREATE INDEX org_unit_parent ON org_unit (tenant_id, parent_id);

-- A unit stands below a larger kind, so that no unit ever stands below itself; one that is no longer used takes nothing.
CREATE FUNCTION org_unit_rank(kind text) RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN array_position(ARRAY['division', 'business_unit', 'department', 'team', 'location'], kind);
GRANT EXECUTE ON FUNCTION org_unit_rank(text) TO console_tenant;

CREATE FUNCTION org_unit_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NEW.parent_id IS NOT NULL AND NEW.retired_at IS NULL THEN
    PERFORM 1 FROM org_unit
    WHERE tenant_id = NEW.tenant_id AND id = NEW.parent_id AND retired_at IS NULL
      AND org_unit_rank(kind) < org_unit_rank(NEW.kind)
    FOR SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'a % stands below a larger unit that is in use', NEW.kind
        USING ERRCODE = '23514', CONSTRAINT = 'org_unit_place', TABLE = 'org_unit';
    END IF;
  END IF;
  IF NEW.retired_at IS NOT NULL AND (
    EXISTS (
      SELECT 1 FROM org_unit WHERE tenant_id = NEW.tenant_id AND parent_id = NEW.id AND retired_at IS NULL)
    OR EXISTS (
      SELECT 1 FROM employee WHERE tenant_id = NEW.tenant_id AND org_unit_id = NEW.id AND ended_at IS NULL))
  THEN
    RAISE EXCEPTION 'a unit that holds employees or units stays'
      USING ERRCODE = '23514', CONSTRAINT = 'org_unit_in_use', TABLE = 'org_unit';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER org_unit_check AFTER INSERT OR UPDATE OF parent_id, retired_at ON org_unit
  FOR EACH ROW EXECUTE FUNCTION org_unit_check();

CREATE FUNCTION org_unit_kind_kept() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  RAISE EXCEPTION 'the kind of a unit never changes'
    USING ERRCODE = '23514', CONSTRAINT = 'org_unit_kind_kept', TABLE = 'org_unit';
END
$$;
CREATE TRIGGER org_unit_kind_kept BEFORE UPDATE OF kind ON org_unit
  FOR EACH ROW WHEN (OLD.kind <> NEW.kind) EXECUTE FUNCTION org_unit_kind_kept();

CREATE FUNCTION employee_unit_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM 1 FROM org_unit WHERE tenant_id = NEW.tenant_id AND id = NEW.org_unit_id AND retired_at IS NULL FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'an employee is placed in a unit that is in use'
      USING ERRCODE = '23514', CONSTRAINT = 'employee_unit', TABLE = 'employee';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER employee_unit_check AFTER INSERT OR UPDATE OF org_unit_id, ended_at ON employee
  FOR EACH ROW WHEN (NEW.org_unit_id IS NOT NULL AND NEW.ended_at IS NULL) EXECUTE FUNCTION employee_unit_check();

-- Categories stand in the client's own order, and say to whom their new cases go.
ALTER TABLE category
  ADD COLUMN position integer NOT NULL DEFAULT 0,
  ADD COLUMN lead_id uuid,
  ADD CONSTRAINT category_lead_fkey FOREIGN KEY (tenant_id, lead_id) REFERENCES client_user (tenant_id, id),
  ADD CONSTRAINT category_name_length CHECK (char_length(name) BETWEEN 1 AND 100),
  ADD CONSTRAINT category_code_form CHECK (code ~ '^[A-Z0-9][A-Z0-9_-]{0,19}$');
CREATE INDEX case_category ON "case" (tenant_id, category_id);
CREATE INDEX category_parent ON category (tenant_id, parent_id);

CREATE FUNCTION category_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NEW.parent_id IS NOT NULL AND NEW.retired_at IS NULL THEN
    PERFORM 1 FROM category
    WHERE tenant_id = NEW.tenant_id AND id = NEW.parent_id AND id <> NEW.id AND parent_id IS NULL AND retired_at IS NULL
    FOR SHARE;
    IF NOT FOUND OR EXISTS (SELECT 1 FROM category WHERE tenant_id = NEW.tenant_id AND parent_id = NEW.id) THEN
      RAISE EXCEPTION 'a category stands on its own or below one that does and is in use'
        USING ERRCODE = '23514', CONSTRAINT = 'category_place', TABLE = 'category';
    END IF;
  END IF;
  IF NEW.retired_at IS NOT NULL AND (
    EXISTS (SELECT 1 FROM category WHERE tenant_id = NEW.tenant_id AND parent_id = NEW.id AND retired_at IS NULL)
    OR EXISTS (
      SELECT 1 FROM "case" WHERE tenant_id = NEW.tenant_id AND category_id = NEW.id AND status IN ('new', 'open')))
  THEN
    RAISE EXCEPTION 'a category of open cases or of other categories stays'
      USING ERRCODE = '23514', CONSTRAINT = 'category_in_use', TABLE = 'category';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER category_check AFTER INSERT OR UPDATE OF parent_id, retired_at ON category
  FOR EACH ROW EXECUTE FUNCTION category_check();

CREATE FUNCTION case_category_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM 1 FROM category WHERE tenant_id = NEW.tenant_id AND id = NEW.category_id AND retired_at IS NULL FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'an open case has a category that is in use'
      USING ERRCODE = '23514', CONSTRAINT = 'case_category', TABLE = 'case';
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER case_category_check AFTER INSERT OR UPDATE OF category_id ON "case"
  FOR EACH ROW WHEN (NEW.status IN ('new', 'open')) EXECUTE FUNCTION case_category_check();

-- How a client's people sign in by the client's own provider [OpenID Connect]; one a client.
CREATE TABLE sso_setting (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  issuer text NOT NULL,
  client_id text NOT NULL,
  client_secret text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT sso_setting_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT sso_setting_once UNIQUE (tenant_id),
  CONSTRAINT sso_setting_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT sso_setting_issuer CHECK (issuer LIKE 'https://_%' AND char_length(issuer) <= 500),
  CONSTRAINT sso_setting_client_id_length CHECK (char_length(client_id) BETWEEN 1 AND 200),
  CONSTRAINT sso_setting_client_secret_length CHECK (char_length(client_secret) BETWEEN 8 AND 500)
);

-- How a client's pages look; one a client.
CREATE TABLE branding (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  colour text NOT NULL,
  logo_kind text,
  logo_width integer,
  logo_height integer,
  logo_byte_count integer,
  logo_sha256 bytea,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT branding_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT branding_once UNIQUE (tenant_id),
  CONSTRAINT branding_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT branding_name_length CHECK (char_length(name) BETWEEN 1 AND 80),
  CONSTRAINT branding_colour_form CHECK (colour ~ '^#[0-9a-f]{6}$'),
  CONSTRAINT branding_logo_whole CHECK
    (num_nulls(logo_kind, logo_width, logo_height, logo_byte_count, logo_sha256) IN (0, 5)),
  CONSTRAINT branding_logo_kind CHECK (logo_kind IN ('png', 'jpg', 'webp')),
  CONSTRAINT branding_logo_size CHECK (logo_width BETWEEN 1 AND 2048 AND logo_height BETWEEN 1 AND 2048
    AND logo_byte_count BETWEEN 1 AND 524288 AND octet_length(logo_sha256) = 32)
);

-- Machine table: the bytes of the logo. Their digest stands in the captured row, and no others can be put here.
CREATE TABLE branding_logo (
  tenant_id uuid NOT NULL,
  branding_id uuid NOT NULL,
  content bytea NOT NULL,
  CONSTRAINT branding_logo_pkey PRIMARY KEY (tenant_id, branding_id),
  CONSTRAINT branding_logo_branding_fkey FOREIGN KEY (tenant_id, branding_id) REFERENCES branding (tenant_id, id)
);
ALTER TABLE branding_logo ALTER COLUMN content SET STORAGE EXTERNAL;

CREATE FUNCTION branding_logo_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM branding
    WHERE tenant_id = NEW.tenant_id AND id = NEW.branding_id AND logo_sha256 = sha256(NEW.content)
      AND logo_byte_count = octet_length(NEW.content))
  THEN
    RAISE EXCEPTION 'these are not the bytes of the logo'
      USING ERRCODE = '23514', CONSTRAINT = 'branding_logo_digest', TABLE = 'branding_logo';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER branding_logo_check BEFORE INSERT OR UPDATE ON branding_logo
  FOR EACH ROW EXECUTE FUNCTION branding_logo_check();

-- How many days a kind of record is kept. Closed cases have their setting, retention.closed_case_years.
CREATE TABLE retention_rule (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  days integer NOT NULL,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT retention_rule_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT retention_rule_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT retention_rule_kind_once UNIQUE (tenant_id, kind),
  CONSTRAINT retention_rule_kind CHECK (kind IN ('report', 'disclosure', 'attestation', 'attachment', 'employee')),
  CONSTRAINT retention_rule_days CHECK (days BETWEEN 30 AND 10950)
);

DO $$
DECLARE
  stamped text;
BEGIN
  FOREACH stamped IN ARRAY ARRAY['sso_setting', 'branding', 'retention_rule'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION record_stamp()',
      stamped || '_stamp', stamped);
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OF tenant_id, id ON %I FOR EACH ROW EXECUTE FUNCTION key_unchanged()',
      stamped || '_key', stamped);
  END LOOP;
END
$$;

CALL audit_attach('sso_setting', 'id', 'client_secret');
CALL audit_attach('branding', 'id');
CALL audit_attach('retention_rule', 'id');

CALL tenant_isolate('sso_setting');
CALL tenant_isolate('branding');
CALL tenant_isolate('branding_logo');
CALL tenant_isolate('retention_rule');
REVOKE SELECT (client_secret) ON sso_setting FROM portal_tenant;
REVOKE ALL ON branding_logo FROM portal_tenant;

-- What the portal shows of the new columns is theirs to see.
GRANT SELECT (ended_at) ON employee TO portal_tenant;
GRANT SELECT (retired_at) ON org_unit TO portal_tenant;
GRANT SELECT (position, lead_id) ON category TO portal_tenant;
