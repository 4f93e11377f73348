-- The audit trail: events, the row changes they explain, and one hash chain per client.
-- Owned by ethico_audit, which nobody can log in as. The rules and the hash formulas are in docs/security.md.

SET LOCAL ROLE ethico_audit;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC;

CREATE TABLE audit_event (
  at timestamptz NOT NULL,
  id uuid NOT NULL,
  chain uuid NOT NULL,
  body text NOT NULL,
  detail_digest bytea NOT NULL,
  change_count integer NOT NULL,
  change_digest bytea NOT NULL,
  leaf bytea NOT NULL,
  xact xid8 NOT NULL,
  action text GENERATED ALWAYS AS (body::jsonb ->> 'action') STORED,
  actor_kind text GENERATED ALWAYS AS (body::jsonb #>> '{actor,kind}') STORED,
  actor_id text GENERATED ALWAYS AS (body::jsonb #>> '{actor,id}') STORED,
  subject_id uuid GENERATED ALWAYS AS ((body::jsonb ->> 'subject')::uuid) STORED,
  impersonation_id uuid GENERATED ALWAYS AS ((body::jsonb ->> 'impersonation')::uuid) STORED,
  request_id uuid GENERATED ALWAYS AS ((body::jsonb ->> 'request')::uuid) STORED,
  object_type text GENERATED ALWAYS AS (body::jsonb #>> '{object,type}') STORED,
  object_id text GENERATED ALWAYS AS (body::jsonb #>> '{object,id}') STORED,
  outcome text GENERATED ALWAYS AS (body::jsonb ->> 'outcome') STORED,
  CONSTRAINT audit_event_pkey PRIMARY KEY (at, id),
  CONSTRAINT audit_event_outcome CHECK (outcome IS NOT NULL AND outcome IN ('ok', 'denied', 'failed', 'conflict'))
) PARTITION BY RANGE (at);

CREATE INDEX audit_event_id ON audit_event (id);
CREATE INDEX audit_event_chain ON audit_event (chain, at, id);
CREATE INDEX audit_event_impersonation ON audit_event (impersonation_id, at, id) WHERE impersonation_id IS NOT NULL;
CREATE INDEX audit_event_object ON audit_event (chain, object_id, at, id) WHERE object_id IS NOT NULL;
CREATE INDEX audit_event_actor ON audit_event (actor_id, at, id);

CREATE TABLE audit_detail (
  event uuid NOT NULL,
  salt bytea NOT NULL,
  text text NOT NULL,
  CONSTRAINT audit_detail_pkey PRIMARY KEY (event),
  CONSTRAINT audit_detail_salt CHECK (octet_length(salt) = 16)
) PARTITION BY RANGE (event);

CREATE TABLE row_change (
  event uuid NOT NULL,
  ordinal integer NOT NULL,
  payload text NOT NULL,
  salt bytea NOT NULL,
  leaf bytea NOT NULL,
  xact xid8 NOT NULL,
  CONSTRAINT row_change_pkey PRIMARY KEY (event, ordinal)
) PARTITION BY RANGE (event);

CREATE TABLE audit_seal (
  chain uuid NOT NULL,
  seq bigint NOT NULL,
  event uuid NOT NULL,
  leaf bytea NOT NULL,
  prev bytea NOT NULL,
  hash bytea NOT NULL,
  CONSTRAINT audit_seal_pkey PRIMARY KEY (chain, seq),
  CONSTRAINT audit_seal_event UNIQUE (event),
  CONSTRAINT audit_seal_prev UNIQUE (chain, prev)
);

-- What falls outside every month's partition is still kept.
CREATE TABLE audit_event_other PARTITION OF audit_event DEFAULT;
CREATE TABLE audit_detail_other PARTITION OF audit_detail DEFAULT;
CREATE TABLE row_change_other PARTITION OF row_change DEFAULT;

-- The lowest UUID version 7 of a moment, where a month's partitions meet [RFC 9562, 5.7].
CREATE FUNCTION audit_first_id(moment timestamptz) RETURNS uuid
  LANGUAGE sql IMMUTABLE
  RETURN (lpad(to_hex((extract(epoch FROM moment) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;

-- Makes the partitions of `months` months from the month of `start`; those that exist, or whose rows already lie in the
-- default partition, are left as they are. Returns how many months it made.
CREATE FUNCTION audit_ensure_partitions(start timestamptz, months integer) RETURNS integer
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET timezone = 'UTC'
  AS $$
DECLARE
  first timestamptz := date_trunc('month', start);
  lower_bound timestamptz;
  upper_bound timestamptz;
  suffix text;
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('audit_ensure_partitions', 0));
  FOR step IN 0 .. months - 1 LOOP
    lower_bound := first + make_interval(months => step);
    upper_bound := first + make_interval(months => step + 1);
    suffix := to_char(lower_bound, 'YYYY_MM');
    CONTINUE WHEN to_regclass('public.audit_event_' || suffix) IS NOT NULL;
    BEGIN
      EXECUTE format('CREATE TABLE public.%I PARTITION OF public.audit_event FOR VALUES FROM (%L) TO (%L)',
        'audit_event_' || suffix, lower_bound, upper_bound);
      EXECUTE format('CREATE TABLE public.%I PARTITION OF public.row_change FOR VALUES FROM (%L) TO (%L)',
        'row_change_' || suffix, public.audit_first_id(lower_bound), public.audit_first_id(upper_bound));
      EXECUTE format('CREATE TABLE public.%I PARTITION OF public.audit_detail FOR VALUES FROM (%L) TO (%L)',
        'audit_detail_' || suffix, public.audit_first_id(lower_bound), public.audit_first_id(upper_bound));
      made := made + 1;
    EXCEPTION WHEN check_violation THEN
      CONTINUE;
    END;
  END LOOP;
  RETURN made;
END
$$;

-- 1. Every statement on a business table says which rows it changed, under the event id its transaction announced.
CREATE FUNCTION audit_capture() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET timezone = 'UTC'
  AS $$
DECLARE
  announced uuid := NULLIF(current_setting('ops.event', true), '')::uuid;
  keys text[] := string_to_array(TG_ARGV[0], ',');
  secrets text[] := string_to_array(COALESCE(TG_ARGV[1], ''), ',');
  current_xact xid8 := pg_current_xact_id();
  counted integer;
  foreign_xact boolean;
  touched boolean;
BEGIN
  IF TG_OP = 'DELETE' THEN
    touched := EXISTS (SELECT 1 FROM old_rows);
  ELSE
    touched := EXISTS (SELECT 1 FROM new_rows);
  END IF;
  IF NOT touched THEN
    RETURN NULL;
  END IF;
  IF announced IS NULL THEN
    RAISE EXCEPTION 'a write to % has no audit event', TG_TABLE_NAME USING ERRCODE = '42501';
  END IF;

  SELECT COALESCE(max(ordinal), 0), COALESCE(bool_or(xact <> current_xact), false)
  INTO counted, foreign_xact
  FROM public.row_change
  WHERE event = announced;
  IF foreign_xact THEN
    RAISE EXCEPTION 'audit event % belongs to another transaction', announced USING ERRCODE = '42501';
  END IF;

  IF TG_OP = 'INSERT' THEN
    INSERT INTO public.row_change (event, ordinal, payload, salt, leaf, xact)
    WITH made AS MATERIALIZED (
      SELECT
        jsonb_build_object('table', TG_TABLE_NAME, 'op', 'I',
          'pk', (SELECT jsonb_object_agg(k, r.j -> k) FROM unnest(keys) AS k),
          'after', CASE WHEN r.j ?| secrets THEN public.audit_mask(r.j, secrets) ELSE r.j END - 'tenant_id'
        )::text AS payload,
        uuid_send(gen_random_uuid()) AS salt
      FROM (SELECT to_jsonb(n) AS j FROM new_rows n) r
    )
    SELECT announced, counted + row_number() OVER (), payload, salt, sha256(salt || convert_to(payload, 'UTF8')),
      current_xact
    FROM made;
  ELSIF TG_OP = 'DELETE' THEN
    INSERT INTO public.row_change (event, ordinal, payload, salt, leaf, xact)
    WITH made AS MATERIALIZED (
      SELECT
        jsonb_build_object('table', TG_TABLE_NAME, 'op', 'D',
          'pk', (SELECT jsonb_object_agg(k, r.j -> k) FROM unnest(keys) AS k),
          'before', CASE WHEN r.j ?| secrets THEN public.audit_mask(r.j, secrets) ELSE r.j END - 'tenant_id'
        )::text AS payload,
        uuid_send(gen_random_uuid()) AS salt
      FROM (SELECT to_jsonb(o) AS j FROM old_rows o) r
    )
    SELECT announced, counted + row_number() OVER (), payload, salt, sha256(salt || convert_to(payload, 'UTF8')),
      current_xact
    FROM made;
  ELSE
    INSERT INTO public.row_change (event, ordinal, payload, salt, leaf, xact)
    WITH was AS MATERIALIZED (
      SELECT r.j, (SELECT array_agg(r.j -> k) FROM unnest(keys || 'tenant_id'::text) AS k) AS key
      FROM (SELECT to_jsonb(o) AS j FROM old_rows o OFFSET 0) r
    ), became AS MATERIALIZED (
      SELECT r.j, (SELECT array_agg(r.j -> k) FROM unnest(keys || 'tenant_id'::text) AS k) AS key
      FROM (SELECT to_jsonb(n) AS j FROM new_rows n OFFSET 0) r
    ), made AS MATERIALIZED (
      SELECT
        jsonb_build_object('table', TG_TABLE_NAME, 'op', 'U',
          'pk', (SELECT jsonb_object_agg(k, became.j -> k) FROM unnest(keys) AS k),
          'before', COALESCE(CASE WHEN d.before ?| secrets THEN public.audit_mask(d.before, secrets) ELSE d.before END, '{}'),
          'after', COALESCE(CASE WHEN d.after ?| secrets THEN public.audit_mask(d.after, secrets) ELSE d.after END, '{}')
        )::text AS payload,
        uuid_send(gen_random_uuid()) AS salt
      FROM became
      JOIN was USING (key)
      CROSS JOIN LATERAL (
        SELECT jsonb_object_agg(c.name, was.j -> c.name) AS before, jsonb_object_agg(c.name, c.value) AS after
        FROM jsonb_each(became.j) AS c (name, value)
        WHERE was.j -> c.name IS DISTINCT FROM c.value
      ) d
    )
    SELECT announced, counted + row_number() OVER (), payload, salt, sha256(salt || convert_to(payload, 'UTF8')),
      current_xact
    FROM made;
  END IF;
  RETURN NULL;
END
$$;

-- Secrets are recorded as changed, never as text.
CREATE FUNCTION audit_mask(record jsonb, secrets text[]) RETURNS jsonb
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN CASE
    WHEN record ?| secrets THEN (
      SELECT jsonb_object_agg(
        c.name,
        CASE WHEN c.name = ANY (secrets) AND c.value <> 'null' THEN '"«secret»"'::jsonb ELSE c.value END
      )
      FROM jsonb_each(record) AS c (name, value)
    )
    ELSE record
  END;

-- 2. The event comes last. It must say what the transaction said, and its access must still be open.
CREATE FUNCTION audit_event_check() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET timezone = 'UTC'
  AS $$
DECLARE
  said jsonb := NEW.body::jsonb;
  announced text := NULLIF(current_setting('ops.event', true), '');
  actor text := NULLIF(current_setting('ops.actor', true), '');
BEGIN
  IF announced IS NULL OR NEW.id IS DISTINCT FROM announced::uuid THEN
    RAISE EXCEPTION 'audit event % was not announced', NEW.id USING ERRCODE = '42501';
  END IF;
  IF said ->> 'id' IS DISTINCT FROM NEW.id::text
    OR said ->> 'chain' IS DISTINCT FROM NEW.chain::text
    OR said ->> 'at' IS DISTINCT FROM to_char(NEW.at, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    OR (said #>> '{actor,kind}') || ':' || (said #>> '{actor,id}') IS DISTINCT FROM actor
    OR said ->> 'tenant' IS DISTINCT FROM NULLIF(current_setting('ops.tenant', true), '')
    OR said ->> 'subject' IS DISTINCT FROM NULLIF(current_setting('ops.subject', true), '')
    OR said ->> 'impersonation' IS DISTINCT FROM NULLIF(current_setting('ops.impersonation', true), '')
    OR said ->> 'request' IS DISTINCT FROM NULLIF(current_setting('ops.request', true), '')
    OR said ->> 'session' IS DISTINCT FROM NULLIF(current_setting('ops.session', true), '')
  THEN
    RAISE EXCEPTION 'audit event % does not say what its transaction said', NEW.id USING ERRCODE = '42501';
  END IF;
  IF NEW.chain IS DISTINCT FROM COALESCE((said ->> 'tenant')::uuid, '00000000-0000-0000-0000-000000000000') THEN
    RAISE EXCEPTION 'audit event % is on the wrong chain', NEW.id USING ERRCODE = '42501';
  END IF;
  SELECT count(*), COALESCE(sha256(string_agg(leaf, ''::bytea ORDER BY ordinal)), decode(repeat('00', 32), 'hex'))
  INTO NEW.change_count, NEW.change_digest
  FROM public.row_change
  WHERE event = NEW.id;
  -- A refusal tells of somebody who may be locked or gone; it changes nothing.
  IF (said ->> 'outcome') IS DISTINCT FROM 'denied' OR NEW.change_count > 0 THEN
    PERFORM public.audit_demand_open(said, NEW.id);
  END IF;
  NEW.detail_digest := COALESCE(
    (SELECT sha256(salt || convert_to(text, 'UTF8')) FROM public.audit_detail WHERE event = NEW.id),
    decode(repeat('00', 32), 'hex'));
  NEW.leaf := sha256('\x00'::bytea || NEW.change_digest || NEW.detail_digest || convert_to(NEW.body, 'UTF8'));
  NEW.xact := pg_current_xact_id();
  -- A later write of this transaction needs an event of its own.
  PERFORM set_config('ops.event', '', true);
  RETURN NEW;
END
$$;

-- 3. At commit: the changes of this transaction have their event, with that count.
CREATE FUNCTION row_change_demand_event() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
  AS $$
DECLARE
  said_at timestamptz := NULLIF(current_setting('ops.at', true), '')::timestamptz;
  explained integer;
BEGIN
  IF said_at IS NOT NULL THEN
    SELECT change_count INTO explained
    FROM public.audit_event
    WHERE at = said_at AND id = NEW.event AND xact = pg_current_xact_id();
  ELSE
    SELECT change_count INTO explained
    FROM public.audit_event
    WHERE id = NEW.event AND xact = pg_current_xact_id();
  END IF;
  IF explained IS NULL OR explained <> (SELECT count(*) FROM public.row_change WHERE event = NEW.event) THEN
    RAISE EXCEPTION 'changes under audit event % have no event that explains them', NEW.event USING ERRCODE = '42501';
  END IF;
  RETURN NULL;
END
$$;

-- 4. At commit: the event joins its chain. Deferred, so that the head is read under the lock and the lock is held to the
-- commit's end; each statement here sees what committed before it (READ COMMITTED).
CREATE FUNCTION audit_event_seal() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
  AS $$
DECLARE
  last_seq bigint;
  last_hash bytea;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('audit_seal ' || NEW.chain, 0));
  SELECT seq, hash INTO last_seq, last_hash
  FROM public.audit_seal
  WHERE chain = NEW.chain
  ORDER BY seq DESC
  LIMIT 1;
  last_seq := COALESCE(last_seq, 0);
  last_hash := COALESCE(last_hash, sha256(convert_to('ethico-audit/v1', 'UTF8') || uuid_send(NEW.chain)));
  INSERT INTO public.audit_seal (chain, seq, event, leaf, prev, hash)
  VALUES (NEW.chain, last_seq + 1, NEW.id, NEW.leaf, last_hash,
    public.audit_hash(NEW.chain, last_seq + 1, last_hash, NEW.leaf));
  RETURN NULL;
END
$$;

-- hash(n) = SHA-256(01 ‖ chain ‖ n as 8 bytes, big-endian ‖ hash(n−1) ‖ leaf)
CREATE FUNCTION audit_hash(chain uuid, seq bigint, prev bytea, leaf bytea) RETURNS bytea
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN sha256('\x01'::bytea || uuid_send(chain) || int8send(seq) || prev || leaf);

CREATE FUNCTION audit_immutable() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  RAISE EXCEPTION '% is written once', TG_TABLE_NAME USING ERRCODE = '42501';
END
$$;

CREATE TRIGGER audit_event_check BEFORE INSERT ON audit_event
  FOR EACH ROW EXECUTE FUNCTION audit_event_check();
CREATE CONSTRAINT TRIGGER audit_event_seal AFTER INSERT ON audit_event
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_event_seal();
CREATE CONSTRAINT TRIGGER row_change_demand_event AFTER INSERT ON row_change
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.ordinal = 1) EXECUTE FUNCTION row_change_demand_event();
CREATE TRIGGER audit_event_immutable BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION audit_immutable();
CREATE TRIGGER audit_detail_immutable BEFORE UPDATE OR DELETE ON audit_detail
  FOR EACH ROW EXECUTE FUNCTION audit_immutable();
CREATE TRIGGER row_change_immutable BEFORE UPDATE OR DELETE ON row_change
  FOR EACH ROW EXECUTE FUNCTION audit_immutable();
CREATE TRIGGER audit_seal_immutable BEFORE UPDATE OR DELETE ON audit_seal
  FOR EACH ROW EXECUTE FUNCTION audit_immutable();
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_check;
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_seal;
ALTER TABLE audit_event ENABLE ALWAYS TRIGGER audit_event_immutable;
ALTER TABLE row_change ENABLE ALWAYS TRIGGER row_change_demand_event;
ALTER TABLE row_change ENABLE ALWAYS TRIGGER row_change_immutable;
ALTER TABLE audit_detail ENABLE ALWAYS TRIGGER audit_detail_immutable;
ALTER TABLE audit_seal ENABLE ALWAYS TRIGGER audit_seal_immutable;

-- Who may see and add. Nobody but the definer functions writes changes and seals; nobody at all changes anything.
ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_detail ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE row_change ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
ALTER TABLE audit_seal ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

CREATE POLICY audit_event_definer ON audit_event TO ethico_audit USING (true) WITH CHECK (true);
CREATE POLICY audit_event_owner ON audit_event FOR SELECT TO ethico_owner USING (true);
CREATE POLICY audit_event_reader ON audit_event FOR SELECT TO console_audit USING (true);
CREATE POLICY audit_event_refusal ON audit_event FOR INSERT TO console_audit WITH CHECK (true);
CREATE POLICY audit_event_fleet ON audit_event FOR INSERT TO console_fleet WITH CHECK (true);
CREATE POLICY audit_event_tenant_read ON audit_event FOR SELECT TO console_tenant
  USING (chain = NULLIF(current_setting('ops.tenant', true), '')::uuid);
CREATE POLICY audit_event_tenant_add ON audit_event FOR INSERT TO console_tenant
  WITH CHECK (chain = NULLIF(current_setting('ops.tenant', true), '')::uuid);

CREATE POLICY audit_detail_definer ON audit_detail TO ethico_audit USING (true) WITH CHECK (true);
CREATE POLICY audit_detail_owner ON audit_detail FOR SELECT TO ethico_owner USING (true);
CREATE POLICY audit_detail_reader ON audit_detail FOR SELECT TO console_audit USING (true);
CREATE POLICY audit_detail_add ON audit_detail FOR INSERT TO console_tenant, console_fleet, console_audit
  WITH CHECK (event = NULLIF(current_setting('ops.event', true), '')::uuid);

CREATE POLICY row_change_definer ON row_change TO ethico_audit USING (true) WITH CHECK (true);
CREATE POLICY row_change_owner ON row_change FOR SELECT TO ethico_owner USING (true);
CREATE POLICY row_change_reader ON row_change FOR SELECT TO console_audit USING (true);
CREATE POLICY row_change_tenant_read ON row_change FOR SELECT TO console_tenant
  USING (EXISTS (SELECT 1 FROM audit_event e WHERE e.id = event));

CREATE POLICY audit_seal_definer ON audit_seal TO ethico_audit USING (true) WITH CHECK (true);
CREATE POLICY audit_seal_owner ON audit_seal FOR SELECT TO ethico_owner USING (true);
CREATE POLICY audit_seal_reader ON audit_seal FOR SELECT TO console_audit USING (true);
CREATE POLICY audit_seal_tenant_read ON audit_seal FOR SELECT TO console_tenant
  USING (chain = NULLIF(current_setting('ops.tenant', true), '')::uuid);

GRANT SELECT ON audit_event, audit_detail, row_change, audit_seal TO ethico_owner, console_audit;
GRANT SELECT ON audit_event, row_change, audit_seal TO console_tenant;
GRANT INSERT (at, id, chain, body) ON audit_event TO console_tenant, console_fleet, console_audit, console_bypass;
GRANT INSERT ON audit_detail TO console_tenant, console_fleet, console_audit;

GRANT EXECUTE ON FUNCTION audit_ensure_partitions(timestamptz, integer) TO ethico_owner, console_audit;
GRANT EXECUTE ON FUNCTION audit_first_id(timestamptz) TO ethico_owner, console_audit;
GRANT EXECUTE ON FUNCTION audit_capture() TO ethico_owner;

SET LOCAL ROLE ethico_owner;

-- Puts a table under the audit trail: three triggers, since a transition table allows one verb, that fire whatever the
-- replication role. `keys` are the key columns without tenant_id, comma-separated; `secrets` the columns never recorded.
CREATE PROCEDURE audit_attach(target regclass, keys text, secrets text DEFAULT '')
  LANGUAGE plpgsql
  AS $$
DECLARE
  name text := trim('"' FROM target::text);
BEGIN
  EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %s REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_capture(%L, %L)', name || '_audit_insert', target, keys, secrets);
  EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %s REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_capture(%L, %L)', name || '_audit_update', target, keys, secrets);
  EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %s REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION audit_capture(%L, %L)', name || '_audit_delete', target, keys, secrets);
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', target, name || '_audit_insert');
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', target, name || '_audit_update');
  EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', target, name || '_audit_delete');
END
$$;

-- Puts a table under isolation: only the rows of the transaction's tenant exist for a tenant role, whoever owns the table.
-- `tenant_column` is id for the tenant itself. `portal_columns` are what the client portal may read: never by whom at
-- Ethico, never under which access.
CREATE PROCEDURE tenant_isolate(target regclass, tenant_column text DEFAULT 'tenant_id')
  LANGUAGE plpgsql
  AS $$
DECLARE
  name text := trim('"' FROM target::text);
  own text := format('%I = NULLIF(current_setting(''ops.tenant'', true), '''')::uuid', tenant_column);
  portal_columns text;
BEGIN
  SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) INTO portal_columns
  FROM pg_attribute
  WHERE attrelid = target AND attnum > 0 AND NOT attisdropped AND attname NOT IN ('via_impersonation', 'changed_by');
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', target);
  EXECUTE format('CREATE POLICY %I ON %s TO ethico_owner USING (true) WITH CHECK (true)', name || '_owner', target);
  EXECUTE format('CREATE POLICY %I ON %s TO console_tenant USING (%s) WITH CHECK (%s)', name || '_tenant', target, own, own);
  EXECUTE format('CREATE POLICY %I ON %s FOR SELECT TO portal_tenant USING (%s)', name || '_portal', target, own);
  EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO console_tenant', target);
  EXECUTE format('GRANT SELECT (%s) ON %s TO portal_tenant', portal_columns, target);
END
$$;
