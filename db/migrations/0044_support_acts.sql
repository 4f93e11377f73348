-- How somebody came to know that a domain is the client's. One that came with its client has no proof.
ALTER TABLE domain
  ADD COLUMN proof text,
  ADD CONSTRAINT domain_proof_length CHECK (char_length(proof) BETWEEN 3 AND 500),
  ADD CONSTRAINT domain_proof_verified CHECK (proof IS NULL OR verified_at IS NOT NULL);

-- What was proven was proven of a name: another name begins without it, and nothing becomes verified unproven.
CREATE FUNCTION domain_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NEW.name <> OLD.name AND NEW.verified_at IS NOT NULL THEN
    RAISE EXCEPTION 'a domain that is given another name is not verified yet'
      USING ERRCODE = '23514', CONSTRAINT = 'domain_renamed', TABLE = 'domain';
  END IF;
  IF OLD.verified_at IS NULL AND NEW.verified_at IS NOT NULL AND NEW.proof IS NULL THEN
    RAISE EXCEPTION 'a domain is verified by a proof'
      USING ERRCODE = '23514', CONSTRAINT = 'domain_proven', TABLE = 'domain';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER domain_check BEFORE UPDATE ON domain FOR EACH ROW EXECUTE FUNCTION domain_check();

-- The histories of those records of a client that are read together, since one that is gone has no page of its own.
SET LOCAL ROLE ethico_audit;
CREATE INDEX audit_event_kind ON audit_event (chain, object_type, at, id)
  WHERE object_type IN ('domain', 'retention_rule', 'tenant_setting');
SET LOCAL ROLE ethico_owner;

-- Of the work that waits, in which state it does, so that whoever operates the platform sees what waits everywhere.
ALTER TABLE job_due ADD COLUMN state text;
UPDATE job_due d SET state = j.state FROM job j WHERE j.tenant_id = d.tenant_id AND j.id = d.job_id;
ALTER TABLE job_due
  ALTER COLUMN state SET NOT NULL,
  ADD CONSTRAINT job_due_state CHECK (state IN ('queued', 'running', 'retrying'));
CREATE INDEX job_due_tally ON job_due (queue, state);

CREATE OR REPLACE FUNCTION job_due_keep() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
  AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM public.job_due WHERE tenant_id = OLD.tenant_id AND job_id = OLD.id;
  ELSIF NEW.state IN ('queued', 'retrying') OR NEW.state = 'running' AND NEW.losses < 2 THEN
    INSERT INTO public.job_due (tenant_id, job_id, queue, kind, priority, due_at, state)
    VALUES (NEW.tenant_id, NEW.id, NEW.queue, NEW.kind, NEW.priority, COALESCE(NEW.leased_until, NEW.run_at), NEW.state)
    ON CONFLICT (tenant_id, job_id) DO UPDATE SET
      queue = EXCLUDED.queue, priority = EXCLUDED.priority, due_at = EXCLUDED.due_at, state = EXCLUDED.state;
  ELSE
    DELETE FROM public.job_due WHERE tenant_id = NEW.tenant_id AND job_id = NEW.id;
  END IF;
  RETURN NULL;
END
$$;

-- How much of what waits stands where; each count stops at `most`. Where nearly all of it is of one kind, a plan that is
-- made for any kind would walk through the whole table for each of the others.
CREATE FUNCTION job_due_tally(queues text[], states text[], most integer)
  RETURNS TABLE (queue text, state text, count bigint)
  LANGUAGE sql STABLE SET enable_seqscan = off SET enable_bitmapscan = off
  AS $$
  SELECT q.queue, s.state, c.count
  FROM unnest(queues) AS q (queue)
  CROSS JOIN unnest(states) AS s (state)
  CROSS JOIN LATERAL (
    SELECT count(*) FROM (
      SELECT FROM job_due d WHERE d.queue = q.queue AND d.state = s.state LIMIT most
    ) counted
  ) c
  WHERE c.count > 0
$$;
REVOKE ALL ON FUNCTION job_due_tally(text[], text[], integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION job_due_tally(text[], text[], integer) TO console_fleet;

-- The clients with dead jobs, most first, however many clients there are.
CREATE INDEX tenant_pulse_dead ON tenant_pulse (jobs_dead DESC, tenant_id) WHERE jobs_dead > 0;
