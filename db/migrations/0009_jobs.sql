-- Work that is done later: a client's jobs, or the platform's under the zero UUID, as on the chains of the trail.
-- They are rows of the machine: no event explains them, but what a person does to one is an event of its own.

-- Which state of a job may follow which: the one place in SQL, read by the trigger.
CREATE TABLE job_state_move (
  from_state text NOT NULL,
  to_state text NOT NULL,
  CONSTRAINT job_state_move_pkey PRIMARY KEY (from_state, to_state)
);
INSERT INTO job_state_move (from_state, to_state) VALUES
  ('queued', 'running'), ('retrying', 'running'),
  ('running', 'succeeded'), ('running', 'retrying'), ('running', 'dead'), ('running', 'cancelled'),
  ('retrying', 'queued'), ('dead', 'queued'), ('queued', 'cancelled'), ('retrying', 'cancelled');
GRANT SELECT ON job_state_move TO console_tenant;

CREATE TABLE job (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL,
  queue text NOT NULL,
  priority integer NOT NULL DEFAULT 3,
  arguments jsonb NOT NULL DEFAULT '{}',
  state text NOT NULL DEFAULT 'queued',
  -- At most one job of a kind waits or runs under the same key.
  unique_key text,
  -- What the outside knows the job's effect by. It never changes, so that a retry cannot send twice.
  effect_key uuid NOT NULL,
  effect_begun_at timestamptz,
  effect_done_at timestamptz,
  -- How often a job is tried before it is dead, how often that was, and how often that may be still.
  tries integer NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  attempts_left integer NOT NULL,
  -- How often a worker went away with it. From the second time on nobody takes it over unasked.
  losses integer NOT NULL DEFAULT 0,
  run_at timestamptz NOT NULL,
  worker text,
  heartbeat_at timestamptz,
  leased_until timestamptz,
  cancel_asked_at timestamptz,
  done bigint,
  total bigint,
  result text,
  created_at timestamptz NOT NULL DEFAULT ops_at(),
  started_at timestamptz,
  finished_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT job_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT job_kind_form CHECK (kind ~ '^[a-z_]+(\.[a-z_]+)+$' AND char_length(kind) <= 80),
  CONSTRAINT job_queue CHECK (queue IN ('default', 'mail', 'nightly', 'search')),
  CONSTRAINT job_priority CHECK (priority BETWEEN 1 AND 5),
  CONSTRAINT job_state CHECK (state IN ('queued', 'running', 'retrying', 'succeeded', 'dead', 'cancelled')),
  CONSTRAINT job_arguments_object CHECK (jsonb_typeof(arguments) = 'object'),
  CONSTRAINT job_tries CHECK (tries BETWEEN 1 AND 100 AND attempts >= 0 AND attempts_left >= 0),
  CONSTRAINT job_lease CHECK ((state = 'running') = (leased_until IS NOT NULL)
    AND (state = 'running') = (heartbeat_at IS NOT NULL) AND (state = 'running') = (worker IS NOT NULL)),
  CONSTRAINT job_finished CHECK ((state IN ('succeeded', 'dead', 'cancelled')) = (finished_at IS NOT NULL)),
  CONSTRAINT job_progress CHECK (done >= 0 AND total >= 0),
  CONSTRAINT job_result_length CHECK (char_length(result) <= 2000)
);
CREATE UNIQUE INDEX job_once ON job (tenant_id, kind, unique_key)
  WHERE unique_key IS NOT NULL AND state IN ('queued', 'running', 'retrying');
CREATE INDEX job_tally ON job (tenant_id, queue, state);
CREATE INDEX job_state_recent ON job (tenant_id, state, id DESC);
CREATE INDEX job_kind_recent ON job (tenant_id, kind, id DESC);

-- Each time a worker tried a job, and what came of it.
CREATE TABLE job_attempt (
  tenant_id uuid NOT NULL,
  job_id uuid NOT NULL,
  number integer NOT NULL,
  worker text NOT NULL,
  started_at timestamptz NOT NULL,
  ended_at timestamptz,
  outcome text,
  error text,
  CONSTRAINT job_attempt_pkey PRIMARY KEY (tenant_id, job_id, number),
  CONSTRAINT job_attempt_job_fkey FOREIGN KEY (tenant_id, job_id) REFERENCES job (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT job_attempt_ended CHECK ((ended_at IS NULL) = (outcome IS NULL)),
  CONSTRAINT job_attempt_outcome CHECK (outcome IN ('succeeded', 'failed', 'lost', 'cancelled', 'handed_back')),
  CONSTRAINT job_attempt_error_length CHECK (char_length(error) <= 2000)
);

-- What is done again and again: every so many minutes, at a minute counted from midnight UTC.
CREATE TABLE job_schedule (
  tenant_id uuid NOT NULL,
  kind text NOT NULL,
  every_minutes integer NOT NULL,
  at_minute integer NOT NULL,
  -- NULL until a worker has seen it: nothing is done at once because it is new.
  next_at timestamptz,
  last_at timestamptz,
  CONSTRAINT job_schedule_pkey PRIMARY KEY (tenant_id, kind),
  CONSTRAINT job_schedule_every CHECK (every_minutes BETWEEN 1 AND 44640),
  CONSTRAINT job_schedule_at CHECK (at_minute >= 0 AND at_minute < every_minutes)
);
INSERT INTO job_schedule (tenant_id, kind, every_minutes, at_minute) VALUES
  ('00000000-0000-0000-0000-000000000000', 'audit.verify', 1440, 120),
  ('00000000-0000-0000-0000-000000000000', 'platform.clean', 60, 17);

-- Derived, ops-owned: where work waits, of every client, and nothing of what it is about. Workers look here with the
-- fleet's role, which has no right on a client's jobs, and take a job inside its own client's transaction.
CREATE TABLE job_due (
  tenant_id uuid NOT NULL,
  job_id uuid NOT NULL,
  queue text NOT NULL,
  kind text NOT NULL,
  priority integer NOT NULL,
  due_at timestamptz NOT NULL,
  CONSTRAINT job_due_pkey PRIMARY KEY (tenant_id, job_id)
);
CREATE INDEX job_due_next ON job_due (priority, due_at, job_id);
GRANT SELECT ON job_due TO console_fleet, console_bypass;

-- A job is due when it may run, or when its worker's lease has run out; never once it is done, nor after its second loss.
CREATE FUNCTION job_due_keep() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
  AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM public.job_due WHERE tenant_id = OLD.tenant_id AND job_id = OLD.id;
  ELSIF NEW.state IN ('queued', 'retrying') OR NEW.state = 'running' AND NEW.losses < 2 THEN
    INSERT INTO public.job_due (tenant_id, job_id, queue, kind, priority, due_at)
    VALUES (NEW.tenant_id, NEW.id, NEW.queue, NEW.kind, NEW.priority, COALESCE(NEW.leased_until, NEW.run_at))
    ON CONFLICT (tenant_id, job_id) DO UPDATE SET
      queue = EXCLUDED.queue, priority = EXCLUDED.priority, due_at = EXCLUDED.due_at;
  ELSE
    DELETE FROM public.job_due WHERE tenant_id = NEW.tenant_id AND job_id = NEW.id;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER job_due_keep AFTER INSERT OR DELETE OR UPDATE OF state, run_at, leased_until, losses, priority, queue
  ON job FOR EACH ROW EXECUTE FUNCTION job_due_keep();

-- Rules that hold whoever writes.
CREATE FUNCTION job_state_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM job_state_move WHERE from_state = OLD.state AND to_state = NEW.state) THEN
    RAISE EXCEPTION 'a job cannot go from % to %', OLD.state, NEW.state
      USING ERRCODE = '23514', CONSTRAINT = 'job_state_move', TABLE = 'job';
  END IF;
  IF OLD.state = 'running' AND NEW.state = 'cancelled' AND NEW.cancel_asked_at IS NULL THEN
    RAISE EXCEPTION 'nobody asked to cancel this job'
      USING ERRCODE = '23514', CONSTRAINT = 'job_cancel_asked', TABLE = 'job';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER job_state_check BEFORE UPDATE OF state ON job FOR EACH ROW
  WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION job_state_check();
CREATE TRIGGER job_key BEFORE UPDATE OF tenant_id, id, kind, arguments, effect_key ON job
  FOR EACH ROW EXECUTE FUNCTION key_unchanged();

CALL tenant_isolate('job');
CALL tenant_isolate('job_attempt');
CALL tenant_isolate('job_schedule');
REVOKE ALL ON job, job_attempt, job_schedule FROM portal_tenant;
