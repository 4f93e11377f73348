-- What closes a client's move: conflicts that a person decides, the reconciliation that the client signs, and the day on
-- which what came in files is removed.

-- When our side of a conflict was edited; by whom stands beside it.
ALTER TABLE migration_conflict ADD COLUMN edited_at timestamptz;
CREATE INDEX migration_conflict_target ON migration_conflict (tenant_id, target_id, field);

-- Whether this transaction is the work of an import, or of an undo, on a row that one of them knows; or takes over what
-- its source says, as somebody has just decided.
CREATE OR REPLACE FUNCTION import_works(client uuid, target uuid) RETURNS boolean
  LANGUAGE sql STABLE
  AS $$
  SELECT EXISTS (
      SELECT FROM migration_provenance WHERE tenant_id = client AND target_id = target)
    AND (
      EXISTS (
        SELECT FROM migration_batch
        WHERE tenant_id = client AND id = NULLIF(current_setting('ops.import', true), '')::uuid
          AND state = 'committing')
      OR EXISTS (
        SELECT FROM migration_undo
        WHERE tenant_id = client AND id = NULLIF(current_setting('ops.import', true), '')::uuid AND state = 'running')
      OR EXISTS (
        SELECT FROM migration_conflict
        WHERE tenant_id = client AND target_id = target AND resolution = 'source' AND resolved_at = ops_at()
          AND batch_id = NULLIF(current_setting('ops.import', true), '')::uuid))
$$;

-- Until when the files of a move that was signed off are kept.
ALTER TABLE migration_project
  ADD COLUMN signed_off_at timestamptz,
  ADD COLUMN purge_at timestamptz,
  ADD COLUMN purged_at timestamptz,
  ADD CONSTRAINT migration_project_purge CHECK (purge_at >= signed_off_at);
CREATE INDEX migration_provenance_standing ON migration_provenance (tenant_id, entity, batch_id)
  WHERE content_hash IS NOT NULL;
