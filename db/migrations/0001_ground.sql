-- What every later table stands on: the settings a transaction carries, and how a table comes under isolation.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin;

-- A function is for the roles it is granted to, not for everybody.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO
  ethico_audit, ethico_search, console_tenant, console_fleet, console_bypass, console_audit, portal_tenant;
GRANT CREATE ON SCHEMA public TO ethico_audit;

-- What a transaction says of itself (set with set_config(…, true), gone at its end): '' counts as unset.
CREATE FUNCTION ops_setting(name text) RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN NULLIF(current_setting('ops.' || name, true), '');

-- The moment the program gave this transaction; the server's clock only where no program did.
CREATE FUNCTION ops_at() RETURNS timestamptz
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN COALESCE(NULLIF(current_setting('ops.at', true), '')::timestamptz, now());

CREATE FUNCTION ops_actor() RETURNS text
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN COALESCE(NULLIF(current_setting('ops.actor', true), ''), 'system:database');

CREATE FUNCTION ops_impersonation() RETURNS uuid
  LANGUAGE sql STABLE PARALLEL SAFE
  RETURN NULLIF(current_setting('ops.impersonation', true), '')::uuid;

-- Search text: compatibility forms unified, marks removed, lower case.
CREATE FUNCTION directory_fold(text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
  RETURN lower(regexp_replace(normalize($1, NFKD), '[\u0300-\u036f]', '', 'g'));

-- A saved row says when and by whom, and counts up; its key never changes.
CREATE FUNCTION record_stamp() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  NEW.version := OLD.version + 1;
  NEW.changed_at := ops_at();
  NEW.changed_by := ops_actor();
  NEW.via_impersonation := ops_impersonation();
  RETURN NEW;
END
$$;

CREATE FUNCTION key_unchanged() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  RAISE EXCEPTION 'the key of % never changes', TG_TABLE_NAME USING ERRCODE = '42501';
END
$$;

GRANT EXECUTE ON FUNCTION ops_setting(text), ops_at(), ops_actor(), ops_impersonation()
  TO ethico_audit, console_tenant, console_fleet, console_bypass, console_audit, portal_tenant;
GRANT EXECUTE ON FUNCTION directory_fold(text) TO console_fleet, console_tenant;
