-- Staff, administered: who may grant, take, lock and deactivate, and what nobody may. Also what the edges of a sign-in
-- need: counts of a minute, and forms kept while somebody signs in again.

-- A lock says when, by whom and why; who is gone has none.
ALTER TABLE staff
  ADD COLUMN locked_by text,
  ADD CONSTRAINT staff_lock CHECK ((locked_at IS NULL) = (lock_reason IS NULL)) NOT VALID,
  ADD CONSTRAINT staff_lock_reason CHECK (char_length(lock_reason) BETWEEN 10 AND 500) NOT VALID,
  ADD CONSTRAINT staff_lock_active CHECK (state = 'active' OR locked_at IS NULL) NOT VALID;

ALTER TABLE staff_grant
  ADD CONSTRAINT staff_grant_rationale_length CHECK (char_length(rationale) <= 500) NOT VALID,
  ADD CONSTRAINT staff_grant_until CHECK (until > granted_at) NOT VALID;

CREATE INDEX staff_by_name ON staff (name, id);
CREATE INDEX staff_session_recent ON staff_session (staff_id, started_at DESC);

-- A grant ends; nothing else of it changes, and it does not begin again.
REVOKE UPDATE ON staff_grant FROM console_fleet;
GRANT UPDATE (ended_at, ended_by) ON staff_grant TO console_fleet;
GRANT INSERT, DELETE ON capability_preset TO console_fleet;

CREATE FUNCTION staff_grant_ended() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  RAISE EXCEPTION 'a grant that has ended stays ended' USING ERRCODE = '42501', CONSTRAINT = 'staff_grant_ended';
END
$$;
CREATE TRIGGER staff_grant_ended BEFORE UPDATE ON staff_grant FOR EACH ROW
  WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION staff_grant_ended();

-- Nobody grants to themselves, and nobody lets themselves in again.
CREATE FUNCTION staff_grant_own() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF ops_actor() = 'staff:' || NEW.staff_id THEN
    RAISE EXCEPTION 'nobody grants to themselves' USING ERRCODE = '42501', CONSTRAINT = 'staff_grant_own';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER staff_grant_own BEFORE INSERT ON staff_grant FOR EACH ROW EXECUTE FUNCTION staff_grant_own();

CREATE FUNCTION staff_unlock_own() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF ops_actor() = 'staff:' || NEW.id THEN
    RAISE EXCEPTION 'nobody unlocks themselves' USING ERRCODE = '42501', CONSTRAINT = 'staff_unlock_own';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER staff_unlock_own BEFORE UPDATE OF locked_at, state ON staff FOR EACH ROW
  WHEN (OLD.locked_at IS NOT NULL AND NEW.locked_at IS NULL OR OLD.state = 'deactivated' AND NEW.state = 'active')
  EXECUTE FUNCTION staff_unlock_own();

-- One administrator stays: active, not locked, by a grant that no clock ends. Under a lock, so that two at once do not
-- each leave the other.
CREATE FUNCTION staff_demand_admin_besides(person uuid) RETURNS void
  LANGUAGE plpgsql
  AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('staff_last_admin', 0));
  IF NOT EXISTS (
    SELECT 1 FROM staff s
    JOIN staff_grant g ON g.staff_id = s.id
    WHERE s.id <> person AND s.state = 'active' AND s.locked_at IS NULL
      AND g.capability = 'staff.admin' AND g.ended_at IS NULL AND g.until IS NULL)
  THEN
    RAISE EXCEPTION 'one administrator of staff has to stay'
      USING ERRCODE = '23514', CONSTRAINT = 'staff_last_admin', TABLE = 'staff';
  END IF;
END
$$;

CREATE FUNCTION staff_last_admin() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM staff_grant g
    WHERE g.staff_id = OLD.id AND g.capability = 'staff.admin' AND g.ended_at IS NULL AND g.until IS NULL)
  THEN
    PERFORM staff_demand_admin_besides(OLD.id);
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER staff_last_admin BEFORE UPDATE OF state, locked_at ON staff FOR EACH ROW
  WHEN (OLD.state = 'active' AND OLD.locked_at IS NULL AND (NEW.state <> 'active' OR NEW.locked_at IS NOT NULL))
  EXECUTE FUNCTION staff_last_admin();

CREATE FUNCTION staff_grant_last_admin() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM staff s WHERE s.id = OLD.staff_id AND s.state = 'active' AND s.locked_at IS NULL) THEN
    PERFORM staff_demand_admin_besides(OLD.staff_id);
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER staff_grant_last_admin BEFORE UPDATE OF ended_at ON staff_grant FOR EACH ROW
  WHEN (OLD.capability = 'staff.admin' AND OLD.until IS NULL AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
  EXECUTE FUNCTION staff_grant_last_admin();
GRANT EXECUTE ON FUNCTION staff_demand_admin_besides(uuid) TO console_fleet;

ALTER TABLE staff
  ENABLE ALWAYS TRIGGER staff_unlock_own,
  ENABLE ALWAYS TRIGGER staff_last_admin;
ALTER TABLE staff_grant
  ENABLE ALWAYS TRIGGER staff_grant_own,
  ENABLE ALWAYS TRIGGER staff_grant_ended,
  ENABLE ALWAYS TRIGGER staff_grant_last_admin;

-- Machine table: how often somebody did something in the present minute. A crash may forget it.
CREATE UNLOGGED TABLE rate_count (
  meter text NOT NULL,
  subject text NOT NULL,
  minute timestamptz NOT NULL,
  spent integer NOT NULL,
  CONSTRAINT rate_count_pkey PRIMARY KEY (meter, subject)
);
GRANT SELECT, INSERT, UPDATE ON rate_count TO console_fleet;

-- Counts one more, and says how many that makes in this minute.
CREATE FUNCTION rate_spend(of_meter text, of_subject text, moment timestamptz) RETURNS integer
  LANGUAGE sql
  AS $$
INSERT INTO rate_count AS c (meter, subject, minute, spent)
VALUES (of_meter, of_subject, date_trunc('minute', moment), 1)
ON CONFLICT (meter, subject) DO UPDATE
SET minute = EXCLUDED.minute, spent = CASE WHEN c.minute = EXCLUDED.minute THEN c.spent + 1 ELSE 1 END
RETURNING spent
$$;
GRANT EXECUTE ON FUNCTION rate_spend(text, text, timestamptz) TO console_fleet;

-- Machine table: forms that met an expired sign-in, sealed with the program's key, for one person and an hour.
CREATE TABLE held_form (
  id uuid NOT NULL,
  staff_id uuid NOT NULL,
  sealed bytea NOT NULL,
  kept_at timestamptz NOT NULL,
  CONSTRAINT held_form_pkey PRIMARY KEY (id),
  CONSTRAINT held_form_staff_fkey FOREIGN KEY (staff_id) REFERENCES staff (id),
  CONSTRAINT held_form_size CHECK (octet_length(sealed) <= 1048576)
);
CREATE INDEX held_form_staff ON held_form (staff_id, kept_at);
GRANT SELECT, INSERT, DELETE ON held_form TO console_fleet;

SET LOCAL ROLE ethico_audit;

-- As in 0003_staff.sql, and: the event that itself ends an access may be another's than the access is, an
-- administrator's or the command line's.
CREATE OR REPLACE FUNCTION audit_demand_open(said jsonb, event uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET plan_cache_mode = force_generic_plan
  AS $$
DECLARE
  person uuid;
BEGIN
  IF said #>> '{actor,kind}' = 'staff' THEN
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
  END IF;
  IF said ? 'impersonation' THEN
    PERFORM 1
    FROM public.impersonation i
    WHERE i.id = (said ->> 'impersonation')::uuid AND i.tenant_id = (said ->> 'tenant')::uuid
      AND i.subject_id IS NOT DISTINCT FROM (said ->> 'subject')::uuid
      AND (i.ended_event = event OR (i.ended_at IS NULL AND i.staff_id = person))
    FOR KEY SHARE;
    IF NOT FOUND THEN
      RAISE EXCEPTION 'this access has ended' USING ERRCODE = '42501', CONSTRAINT = 'impersonation_open';
    END IF;
  END IF;
END
$$;

SET LOCAL ROLE ethico_owner;
