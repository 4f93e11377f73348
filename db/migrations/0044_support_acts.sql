-- How somebody came to know that a domain is the client's. One that came with its client has no proof.
ALTER TABLE domain
  ADD COLUMN proof text,
  ADD CONSTRAINT domain_proof_length CHECK (char_length(proof) BETWEEN 3 AND 500),
  ADD CONSTRAINT domain_proof_verified CHECK (proof IS NULL OR verified_at IS NOT NULL);
GRANT SELECT (proof) ON domain TO portal_tenant;

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
