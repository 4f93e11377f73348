-- What an open page is told: that something changed, never what. A key names it, the page's stream reads the rest as
-- whoever looks. A key is told once a transaction, however often it is named; acts that make records say nothing here,
-- as a NOTIFY makes transactions commit one after the other: what they ordered shows when a worker takes it.

CREATE FUNCTION live_notify() RETURNS trigger
  LANGUAGE plpgsql SET search_path = ''
  AS $$
BEGIN
  PERFORM pg_notify('ops_live', TG_ARGV[0] || ':' || (to_jsonb(NEW) ->> TG_ARGV[1]));
  RETURN NULL;
END
$$;

-- The right to look ended. Not for what a sign-in's every request writes: it touches none of these columns.
CREATE TRIGGER staff_session_live AFTER UPDATE OF ended_at ON staff_session FOR EACH ROW
  WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION live_notify('session', 'id');
CREATE TRIGGER impersonation_live AFTER UPDATE OF ended_at ON impersonation FOR EACH ROW
  WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION live_notify('access', 'id');
CREATE TRIGGER staff_live AFTER UPDATE OF state, locked_at ON staff FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state OR OLD.locked_at IS DISTINCT FROM NEW.locked_at)
  EXECUTE FUNCTION live_notify('staff', 'id');
CREATE TRIGGER staff_grant_live AFTER UPDATE OF ended_at ON staff_grant FOR EACH ROW
  WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL) EXECUTE FUNCTION live_notify('staff', 'staff_id');

-- Jobs moved on. A worker's sign of life that says nothing new is not told.
CREATE FUNCTION live_notify_jobs() RETURNS trigger
  LANGUAGE plpgsql SET search_path = ''
  AS $$
BEGIN
  PERFORM pg_notify('ops_live', 'jobs:' || moved.tenant_id)
  FROM (
    SELECT DISTINCT n.tenant_id
    FROM new_rows n
    JOIN old_rows o ON o.tenant_id = n.tenant_id AND o.id = n.id
    WHERE (n.state, n.done, n.total, n.cancel_asked_at) IS DISTINCT FROM (o.state, o.done, o.total, o.cancel_asked_at)
  ) moved;
  RETURN NULL;
END
$$;
CREATE TRIGGER job_live AFTER UPDATE ON job REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION live_notify_jobs();
