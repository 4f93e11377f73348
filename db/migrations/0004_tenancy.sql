-- The client organisations, and the one directory in which they can be found.

CREATE TABLE tenant (
  id uuid NOT NULL,
  slug text NOT NULL,
  name text NOT NULL,
  status text NOT NULL,
  tier text NOT NULL,
  industry text NOT NULL,
  employee_count integer NOT NULL DEFAULT 0,
  timezone text NOT NULL DEFAULT 'UTC',
  default_language text NOT NULL DEFAULT 'en',
  primary_contact text,
  contract_number text,
  created_at timestamptz NOT NULL DEFAULT ops_at(),
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT tenant_pkey PRIMARY KEY (id),
  CONSTRAINT tenant_slug UNIQUE (slug),
  CONSTRAINT tenant_slug_form CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(slug) <= 80),
  CONSTRAINT tenant_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
  CONSTRAINT tenant_status CHECK (status IN ('trial', 'onboarding', 'live', 'suspended', 'closed')),
  CONSTRAINT tenant_tier CHECK (tier IN ('plg', 'smb', 'enterprise')),
  CONSTRAINT tenant_industry CHECK (industry IN ('healthcare', 'financial_services', 'manufacturing', 'technology',
    'retail', 'education', 'government', 'other')),
  CONSTRAINT tenant_employee_count CHECK (employee_count >= 0)
);

CREATE TABLE domain (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  verified_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT domain_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT domain_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT domain_name UNIQUE (tenant_id, name),
  CONSTRAINT domain_name_folded CHECK (name = lower(name))
);

CREATE TABLE hotline_line (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  number text NOT NULL,
  country text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT hotline_line_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT hotline_line_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT hotline_line_number UNIQUE (tenant_id, number)
);

-- Derived, ops-owned: what staff may search over all clients, and nothing of their content.
CREATE TABLE tenant_directory (
  tenant_id uuid NOT NULL,
  slug text NOT NULL,
  name text NOT NULL,
  name_folded text NOT NULL,
  status text NOT NULL,
  tier text NOT NULL,
  industry text NOT NULL,
  employee_count integer NOT NULL,
  timezone text NOT NULL,
  default_language text NOT NULL,
  primary_contact text,
  contract_number text,
  domains text[] NOT NULL DEFAULT '{}',
  lines text[] NOT NULL DEFAULT '{}',
  folded text NOT NULL,
  CONSTRAINT tenant_directory_pkey PRIMARY KEY (tenant_id),
  CONSTRAINT tenant_directory_slug UNIQUE (slug)
);
CREATE INDEX tenant_directory_name ON tenant_directory (name_folded COLLATE "C", tenant_id);
CREATE INDEX tenant_directory_slug_prefix ON tenant_directory (slug text_pattern_ops);
CREATE INDEX tenant_directory_folded ON tenant_directory USING gin (folded gin_trgm_ops);
CREATE INDEX tenant_directory_near ON tenant_directory USING gin (name_folded gin_trgm_ops);
CREATE INDEX tenant_directory_domains ON tenant_directory USING gin (domains);

CREATE FUNCTION tenant_directory_entry(wanted uuid[]) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = ''
  AS $$
  INSERT INTO public.tenant_directory AS d (tenant_id, slug, name, name_folded, status, tier, industry, employee_count,
    timezone, default_language, primary_contact, contract_number, domains, lines, folded)
  SELECT t.id, t.slug, t.name, public.directory_fold(t.name), t.status, t.tier, t.industry, t.employee_count,
    t.timezone, t.default_language, t.primary_contact, t.contract_number, m.domains, l.lines,
    ' ' || public.directory_fold(concat_ws(' ', t.name, t.slug, t.id, array_to_string(m.domains, ' '),
      array_to_string(l.lines, ' '), t.contract_number))
  FROM public.tenant t
  CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(name ORDER BY name), '{}') AS domains
    FROM public.domain
    WHERE tenant_id = t.id AND verified_at IS NOT NULL
  ) m
  CROSS JOIN LATERAL (
    SELECT COALESCE(array_agg(number ORDER BY number), '{}') AS lines FROM public.hotline_line WHERE tenant_id = t.id
  ) l
  WHERE t.id = ANY (wanted)
  ON CONFLICT (tenant_id) DO UPDATE SET
    slug = EXCLUDED.slug, name = EXCLUDED.name, name_folded = EXCLUDED.name_folded, status = EXCLUDED.status,
    tier = EXCLUDED.tier, industry = EXCLUDED.industry, employee_count = EXCLUDED.employee_count,
    timezone = EXCLUDED.timezone, default_language = EXCLUDED.default_language,
    primary_contact = EXCLUDED.primary_contact, contract_number = EXCLUDED.contract_number,
    domains = EXCLUDED.domains, lines = EXCLUDED.lines, folded = EXCLUDED.folded
$$;

CREATE FUNCTION tenant_directory_from_tenant() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
  AS $$
BEGIN
  PERFORM public.tenant_directory_entry(ARRAY (SELECT id FROM new_rows));
  RETURN NULL;
END
$$;

CREATE FUNCTION tenant_directory_from_part() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
  AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    PERFORM public.tenant_directory_entry(ARRAY (SELECT DISTINCT tenant_id FROM old_rows));
  ELSE
    PERFORM public.tenant_directory_entry(ARRAY (SELECT DISTINCT tenant_id FROM new_rows));
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER tenant_directory_insert AFTER INSERT ON tenant REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION tenant_directory_from_tenant();
CREATE TRIGGER tenant_directory_update AFTER UPDATE ON tenant REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION tenant_directory_from_tenant();
CREATE TRIGGER domain_directory_insert AFTER INSERT ON domain REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION tenant_directory_from_part();
CREATE TRIGGER domain_directory_update AFTER UPDATE ON domain REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION tenant_directory_from_part();
CREATE TRIGGER domain_directory_delete AFTER DELETE ON domain REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION tenant_directory_from_part();
CREATE TRIGGER hotline_line_directory_insert AFTER INSERT ON hotline_line REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION tenant_directory_from_part();
CREATE TRIGGER hotline_line_directory_update AFTER UPDATE ON hotline_line REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION tenant_directory_from_part();
CREATE TRIGGER hotline_line_directory_delete AFTER DELETE ON hotline_line REFERENCING OLD TABLE AS old_rows
  FOR EACH STATEMENT EXECUTE FUNCTION tenant_directory_from_part();

CREATE TRIGGER tenant_stamp BEFORE UPDATE ON tenant FOR EACH ROW EXECUTE FUNCTION record_stamp();
CREATE TRIGGER domain_stamp BEFORE UPDATE ON domain FOR EACH ROW EXECUTE FUNCTION record_stamp();
CREATE TRIGGER hotline_line_stamp BEFORE UPDATE ON hotline_line FOR EACH ROW EXECUTE FUNCTION record_stamp();
CREATE TRIGGER tenant_key BEFORE UPDATE OF id ON tenant FOR EACH ROW EXECUTE FUNCTION key_unchanged();
CREATE TRIGGER domain_key BEFORE UPDATE OF tenant_id, id ON domain FOR EACH ROW EXECUTE FUNCTION key_unchanged();
CREATE TRIGGER hotline_line_key BEFORE UPDATE OF tenant_id, id ON hotline_line
  FOR EACH ROW EXECUTE FUNCTION key_unchanged();

CALL audit_attach('tenant', 'id');
CALL audit_attach('domain', 'id');
CALL audit_attach('hotline_line', 'id');
CALL tenant_isolate('tenant', 'id');
CALL tenant_isolate('domain');
CALL tenant_isolate('hotline_line');

-- Bringing a client into being, and its status, are acts of the fleet: the listed cross-tenant policies.
CREATE POLICY tenant_fleet ON tenant TO console_fleet USING (true) WITH CHECK (true);
CREATE POLICY domain_fleet ON domain TO console_fleet USING (true) WITH CHECK (true);
CREATE POLICY hotline_line_fleet ON hotline_line TO console_fleet USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE (status) ON tenant TO console_fleet;
GRANT SELECT, INSERT ON domain, hotline_line TO console_fleet;
GRANT SELECT ON tenant_directory TO console_fleet, console_bypass;
GRANT SELECT (tenant_id, slug, name) ON tenant_directory TO console_audit;
