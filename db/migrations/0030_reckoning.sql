-- The end of a move, for moves of a million rows: reckoned by a job, readable once its files are gone, and open to the
-- same file again.

-- One reckoning of a move: who ordered it, and how it ended. What it found stands in migration_reconciliation.
CREATE TABLE migration_reckoning (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  job_id uuid NOT NULL,
  state text NOT NULL DEFAULT 'running',
  ordered_by text NOT NULL DEFAULT ops_actor(),
  failure text,
  began_at timestamptz NOT NULL DEFAULT ops_at(),
  ended_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT migration_reckoning_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT migration_reckoning_project_fkey FOREIGN KEY (tenant_id, project_id)
    REFERENCES migration_project (tenant_id, id),
  CONSTRAINT migration_reckoning_state CHECK (state IN ('running', 'done', 'failed', 'stopped')),
  CONSTRAINT migration_reckoning_ended CHECK ((state = 'running') = (ended_at IS NULL)),
  CONSTRAINT migration_reckoning_failure CHECK ((state = 'failed') = (failure IS NOT NULL))
);
CREATE UNIQUE INDEX migration_reckoning_once ON migration_reckoning (tenant_id, project_id) WHERE state = 'running';
CREATE INDEX migration_reckoning_project ON migration_reckoning (tenant_id, project_id, began_at DESC, id DESC);
CREATE TRIGGER migration_reckoning_stamp BEFORE UPDATE ON migration_reckoning
  FOR EACH ROW EXECUTE FUNCTION record_stamp();
CREATE TRIGGER migration_reckoning_key BEFORE UPDATE OF tenant_id, id ON migration_reckoning
  FOR EACH ROW EXECUTE FUNCTION key_unchanged();
CALL audit_attach('migration_reckoning', 'id');
CALL tenant_isolate('migration_reckoning');
REVOKE ALL ON migration_reckoning FROM portal_tenant;

-- A job writes the figures; who had them reckoned stands beside them, and stays when they are signed.
ALTER TABLE migration_reconciliation ADD COLUMN made_by text;

-- Some rows of a batch are counted at a time, so each of these begins where they begin.
DROP INDEX migration_provenance_standing;
CREATE INDEX migration_provenance_standing ON migration_provenance (tenant_id, batch_id, row_no)
  WHERE content_hash IS NOT NULL;
CREATE INDEX migration_pending_ref_batch ON migration_pending_ref (tenant_id, batch_id, row_no)
  WHERE resolved_at IS NULL;

-- What a file of a former system said goes with the file. Of a decided conflict a digest stays, so that the same value
-- is not asked about again.
ALTER TABLE migration_conflict
  ADD COLUMN source_digest bytea,
  ADD COLUMN purged_at timestamptz,
  ADD CONSTRAINT migration_conflict_purged
    CHECK (CASE WHEN purged_at IS NULL THEN source_digest IS NULL ELSE num_nonnulls(source_value, our_value) = 0 END);

-- A page of conflicts is read in this order, and a chunk of an import counts those of its rows.
DROP INDEX migration_conflict_batch;
CREATE INDEX migration_conflict_batch ON migration_conflict (tenant_id, batch_id, row_no, field);

-- A file whose bytes were removed may come again, as a new one.
ALTER TABLE migration_source_file DROP CONSTRAINT migration_source_file_once;
CREATE UNIQUE INDEX migration_source_file_once ON migration_source_file (tenant_id, project_id, sha256)
  WHERE purged_at IS NULL;
