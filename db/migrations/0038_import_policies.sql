-- The versions of a policy come over in any order: a text of years ago may come after the one that counts. It gets the
-- next number all the same, because numbers are what campaigns and pages name, and the policy stays with its text.

-- A version's label as people count: 1.10 comes after 1.9, and "v2" is 2. Compared byte by byte.
CREATE FUNCTION import_label_order(label text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (
    SELECT string_agg(
      CASE WHEN p.part[1] ~ '^[0-9]' THEN lpad(ltrim(p.part[1], '0'), 32, '0') ELSE p.part[1] END, '' ORDER BY p.n)
    FROM regexp_matches(regexp_replace(lower(btrim(label)), '^[^0-9]+(?=[0-9])', ''), '[0-9]+|[^0-9]+', 'g')
      WITH ORDINALITY AS p (part, n));
GRANT EXECUTE ON FUNCTION import_label_order(text) TO console_tenant;

-- As 0008_policies.sql has it, and a version that came over may stand behind the one that counts, whatever its number.
CREATE OR REPLACE FUNCTION policy_version_check() RETURNS trigger
  LANGUAGE plpgsql SET enable_seqscan = off
  AS $$
BEGIN
  PERFORM 1
  FROM policy p
  WHERE p.tenant_id = NEW.tenant_id AND p.id = NEW.policy_id AND p.current_version >= NEW.number;
  IF FOUND THEN
    RETURN NULL;
  END IF;
  PERFORM 1
  FROM migration_provenance o
  WHERE o.tenant_id = NEW.tenant_id AND o.target_id = NEW.policy_id AND o.target_table = 'policy_version'
    AND o.target_part = NEW.number::text AND o.action = 'insert' AND o.undone_at IS NULL;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'version % was not published', NEW.number
      USING ERRCODE = '23514', CONSTRAINT = 'policy_version_published', TABLE = 'policy_version';
  END IF;
  RETURN NULL;
END
$$;

-- As 0008_policies.sql has it, and the next version is the one after the highest number, not after the one that counts.
CREATE OR REPLACE FUNCTION policy_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
DECLARE
  was text := COALESCE(OLD.working_status, OLD.status);
  publishes boolean := was = 'approved' AND COALESCE(NEW.working_status, NEW.status) = 'published';
  following integer := COALESCE(OLD.current_version, 0);
BEGIN
  IF NEW.status <> OLD.status
    AND NOT EXISTS (SELECT 1 FROM policy_move WHERE from_status = OLD.status AND to_status = NEW.status)
  THEN
    RAISE EXCEPTION 'a policy cannot move from % to %', OLD.status, NEW.status
      USING ERRCODE = '23514', CONSTRAINT = 'policy_move', TABLE = 'policy';
  END IF;
  -- A working copy begins as a draft of what is published, goes the policy's way, and ends published or discarded.
  IF NEW.working_status IS DISTINCT FROM OLD.working_status AND NEW.status = OLD.status
    AND NOT (CASE
      WHEN OLD.working_status IS NULL THEN NEW.working_status = 'draft'
      WHEN NEW.working_status IS NULL THEN OLD.working_status IN ('draft', 'approved')
      ELSE EXISTS (SELECT 1 FROM policy_move WHERE from_status = OLD.working_status AND to_status = NEW.working_status)
    END)
  THEN
    RAISE EXCEPTION 'a working copy cannot move from % to %', OLD.working_status, NEW.working_status
      USING ERRCODE = '23514', CONSTRAINT = 'policy_move', TABLE = 'policy';
  END IF;
  -- What was approved is what is published.
  IF (NEW.working_title, NEW.working_body, NEW.type, NEW.language)
      IS DISTINCT FROM (OLD.working_title, OLD.working_body, OLD.type, OLD.language) AND was <> 'draft'
  THEN
    RAISE EXCEPTION 'only a draft can be edited'
      USING ERRCODE = '23514', CONSTRAINT = 'policy_draft', TABLE = 'policy';
  END IF;
  -- What has been published keeps its subject and its language.
  IF (NEW.type, NEW.language) IS DISTINCT FROM (OLD.type, OLD.language) AND OLD.current_version IS NOT NULL THEN
    RAISE EXCEPTION 'a policy that has been published keeps its type and language'
      USING ERRCODE = '23514', CONSTRAINT = 'policy_settled', TABLE = 'policy';
  END IF;
  IF publishes THEN
    SELECT GREATEST(following, max(number)) + 1 INTO following
    FROM policy_version
    WHERE tenant_id = NEW.tenant_id AND policy_id = NEW.id AND number IS DISTINCT FROM NEW.current_version;
  END IF;
  IF COALESCE(NEW.current_version, 0) <> following THEN
    RAISE EXCEPTION 'publishing makes the next version, and nothing else does'
      USING ERRCODE = '23514', CONSTRAINT = 'policy_next_version', TABLE = 'policy';
  END IF;
  RETURN NEW;
END
$$;
