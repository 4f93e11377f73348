-- Who works on a case: at most ten people beside its lead, and nobody who is accused in it or from whom it is kept.
-- Looked at once a statement, at those rows of it that hold now.

CREATE FUNCTION case_assignment_check() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off
  AS $$
BEGIN
  PERFORM 1
  FROM new_rows r
  JOIN case_party p ON p.tenant_id = r.tenant_id AND p.case_id = r.case_id
  JOIN client_user u ON u.tenant_id = r.tenant_id AND u.id = r.user_id
  WHERE r.ended_at IS NULL AND (p.user_id = u.id OR p.user_id IS NULL AND lower(p.name) = u.email) AND p.part IN ('accused', 'restricted');
  IF FOUND THEN
    RAISE EXCEPTION 'nobody works on a case in which they are accused, or which is kept from them'
      USING ERRCODE = '23514', CONSTRAINT = 'case_assignment_accused', TABLE = 'case_assignment';
  END IF;
  -- Of two who come at once, the second waits here and then sees the first.
  PERFORM 1
  FROM "case" c
  WHERE (c.tenant_id, c.id) IN (
    SELECT r.tenant_id, r.case_id FROM new_rows r WHERE r.part = 'member' AND r.ended_at IS NULL)
  ORDER BY c.id
  FOR NO KEY UPDATE;
  IF FOUND THEN
    PERFORM 1
    FROM case_assignment a
    WHERE a.part = 'member' AND a.ended_at IS NULL AND (a.tenant_id, a.case_id) IN (
      SELECT r.tenant_id, r.case_id FROM new_rows r WHERE r.part = 'member' AND r.ended_at IS NULL)
    GROUP BY a.tenant_id, a.case_id
    HAVING count(*) > 10;
    IF FOUND THEN
      RAISE EXCEPTION 'at most ten people work on a case beside its lead'
        USING ERRCODE = '23514', CONSTRAINT = 'case_assignment_members', TABLE = 'case_assignment';
    END IF;
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER case_assignment_check_insert AFTER INSERT ON case_assignment REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION case_assignment_check();
CREATE TRIGGER case_assignment_check_update AFTER UPDATE ON case_assignment REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION case_assignment_check();
