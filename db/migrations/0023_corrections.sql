-- What people put right in rows on their way: staging lays it over what the file says, however often it reads that. It
-- goes with the file, and without the file's key nobody can read it.
CREATE TABLE migration_correction (
  tenant_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  row_no integer NOT NULL,
  -- The cells that were corrected, by the names of their columns, sealed as the file is: one of them may say who
  -- reported.
  sealed bytea,
  -- Who reported is left out of this row, as long as its reporter stays anonymous.
  blanks_reporter boolean NOT NULL DEFAULT false,
  at timestamptz NOT NULL DEFAULT ops_at(),
  CONSTRAINT migration_correction_pkey PRIMARY KEY (tenant_id, batch_id, row_no),
  CONSTRAINT migration_correction_batch_fkey FOREIGN KEY (tenant_id, batch_id)
    REFERENCES migration_batch (tenant_id, id),
  CONSTRAINT migration_correction_says_something CHECK (sealed IS NOT NULL OR blanks_reporter)
);
CALL tenant_isolate('migration_correction');
REVOKE ALL ON migration_correction FROM portal_tenant;
