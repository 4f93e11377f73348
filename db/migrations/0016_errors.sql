-- What went wrong: a client's faults and failed jobs, alike ones together, or the platform's under the zero UUID as on
-- the chains of the trail. They are rows of the machine: no event explains them, but what a person does to a group is
-- an event of its own. Nothing in them is anybody's text: variables of a message are replaced before it is written.

-- Which state of a group may follow which: the one place in SQL, read by the trigger.
CREATE TABLE error_state_move (
  from_state text NOT NULL,
  to_state text NOT NULL,
  CONSTRAINT error_state_move_pkey PRIMARY KEY (from_state, to_state)
);
INSERT INTO error_state_move (from_state, to_state) VALUES
  ('open', 'resolved'), ('open', 'muted'), ('muted', 'open'), ('muted', 'resolved'),
  ('resolved', 'open'), ('resolved', 'regressed'), ('regressed', 'resolved'), ('regressed', 'muted');
GRANT SELECT ON error_state_move TO console_tenant;

CREATE TABLE error_group (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  -- SHA-256 of kind, place and message.
  fingerprint bytea NOT NULL,
  kind text NOT NULL,
  -- The name of a route, or the kind of a job.
  place text NOT NULL,
  message text NOT NULL,
  state text NOT NULL DEFAULT 'open',
  muted_until timestamptz,
  -- The release in which somebody said that it is mended: from a later one on it is back.
  resolved_release text,
  total bigint NOT NULL DEFAULT 1,
  -- Whom it happened to, the first two hundred: as who they acted, or themselves.
  people uuid[] NOT NULL DEFAULT '{}',
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  first_release text NOT NULL,
  last_release text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT error_group_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT error_group_once UNIQUE (tenant_id, fingerprint),
  CONSTRAINT error_group_fingerprint CHECK (octet_length(fingerprint) = 32),
  CONSTRAINT error_group_kind CHECK (kind IN ('request', 'job')),
  CONSTRAINT error_group_place_length CHECK (char_length(place) BETWEEN 1 AND 80),
  CONSTRAINT error_group_message_length CHECK (char_length(message) BETWEEN 1 AND 500),
  CONSTRAINT error_group_state CHECK (state IN ('open', 'resolved', 'muted', 'regressed')),
  CONSTRAINT error_group_muted CHECK ((state = 'muted') = (muted_until IS NOT NULL)),
  CONSTRAINT error_group_resolved CHECK (state <> 'resolved' OR resolved_release IS NOT NULL),
  CONSTRAINT error_group_people CHECK (cardinality(people) <= 200)
);
CREATE INDEX error_group_recent ON error_group (tenant_id, last_at DESC, id DESC);

-- How often in each hour.
CREATE TABLE error_hour (
  tenant_id uuid NOT NULL,
  group_id uuid NOT NULL,
  hour timestamptz NOT NULL,
  count integer NOT NULL,
  CONSTRAINT error_hour_pkey PRIMARY KEY (tenant_id, group_id, hour),
  CONSTRAINT error_hour_group_fkey FOREIGN KEY (tenant_id, group_id) REFERENCES error_group (tenant_id, id)
    ON DELETE CASCADE
);

-- The first five times that it happened, and the last 95.
CREATE TABLE error_sample (
  tenant_id uuid NOT NULL,
  group_id uuid NOT NULL,
  -- The how manieth of its group it is, from 1.
  number bigint NOT NULL,
  at timestamptz NOT NULL,
  -- The request's correlation id; a job's own id.
  request_id uuid NOT NULL,
  release text NOT NULL,
  status integer,
  staff_id uuid,
  subject_id uuid,
  context jsonb NOT NULL DEFAULT '{}',
  CONSTRAINT error_sample_pkey PRIMARY KEY (tenant_id, group_id, number),
  CONSTRAINT error_sample_group_fkey FOREIGN KEY (tenant_id, group_id) REFERENCES error_group (tenant_id, id)
    ON DELETE CASCADE,
  -- The keys that a sample may hold, each of a program's own words.
  CONSTRAINT error_sample_context CHECK (context - ARRAY['method', 'type', 'sql_state', 'constraint', 'attempt'] = '{}')
);

CREATE FUNCTION error_state_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM error_state_move WHERE from_state = OLD.state AND to_state = NEW.state) THEN
    RAISE EXCEPTION 'an error cannot go from % to %', OLD.state, NEW.state
      USING ERRCODE = '23514', CONSTRAINT = 'error_state_move', TABLE = 'error_group';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER error_state_check BEFORE UPDATE OF state ON error_group FOR EACH ROW
  WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION error_state_check();
CREATE TRIGGER error_group_key BEFORE UPDATE OF tenant_id, id, fingerprint, kind, place, message ON error_group
  FOR EACH ROW EXECUTE FUNCTION key_unchanged();

CALL tenant_isolate('error_group');
CALL tenant_isolate('error_hour');
CALL tenant_isolate('error_sample');
REVOKE ALL ON error_group, error_hour, error_sample FROM portal_tenant;

-- Derived, ops-owned: how each client is doing, in numbers, for the directory; nothing of what went wrong. Only who has
-- had something to count has a row.
CREATE TABLE tenant_pulse (
  tenant_id uuid NOT NULL,
  errors_24h bigint NOT NULL DEFAULT 0,
  jobs_dead bigint NOT NULL DEFAULT 0,
  -- How current the search index is; NULL until anybody says otherwise: it is.
  index_state text,
  counted_at timestamptz NOT NULL,
  CONSTRAINT tenant_pulse_pkey PRIMARY KEY (tenant_id),
  CONSTRAINT tenant_pulse_counts CHECK (errors_24h >= 0 AND jobs_dead >= 0)
);
GRANT SELECT ON tenant_pulse TO console_fleet, console_bypass;

-- So that counting the dead costs as much as there are dead.
CREATE INDEX job_dead ON job (tenant_id) WHERE state = 'dead';

-- Counts anew for every client. Runs as the owner, because no role of the program sees the rows of all clients, and
-- gives back nothing but how many clients' counts have changed.
CREATE FUNCTION tenant_pulse_count(moment timestamptz) RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = ''
  AS $$
WITH found AS (
  SELECT s.tenant_id, sum(s.errors) AS errors, sum(s.dead) AS dead
  FROM (
    SELECT h.tenant_id, h.count AS errors, 0 AS dead FROM public.error_hour h
    WHERE h.hour > moment - interval '24 hours' AND h.hour <= moment
    UNION ALL
    SELECT j.tenant_id, 0, 1 FROM public.job j WHERE j.state = 'dead'
    UNION ALL
    SELECT p.tenant_id, 0, 0 FROM public.tenant_pulse p
  ) s
  WHERE s.tenant_id <> '00000000-0000-0000-0000-000000000000'
  GROUP BY s.tenant_id
),
kept AS (
  INSERT INTO public.tenant_pulse AS p (tenant_id, errors_24h, jobs_dead, counted_at)
  SELECT f.tenant_id, f.errors, f.dead, moment FROM found f
  ON CONFLICT (tenant_id) DO UPDATE
  SET errors_24h = EXCLUDED.errors_24h, jobs_dead = EXCLUDED.jobs_dead, counted_at = EXCLUDED.counted_at
  WHERE (p.errors_24h, p.jobs_dead) <> (EXCLUDED.errors_24h, EXCLUDED.jobs_dead)
  RETURNING 1
)
SELECT count(*) FROM kept
$$;
REVOKE ALL ON FUNCTION tenant_pulse_count(timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tenant_pulse_count(timestamptz) TO console_fleet;

INSERT INTO job_schedule (tenant_id, kind, every_minutes, at_minute) VALUES
  ('00000000-0000-0000-0000-000000000000', 'tenant.pulse', 1, 0);
