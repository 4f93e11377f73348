-- What was found out about a file can be corrected, and what it hides is asked about.

-- How a person wants the file of a batch read instead, until that has been done; and why it could not be read so, in
-- which case it stays as it was read before.
ALTER TABLE migration_batch
  ADD COLUMN wanted_reading jsonb,
  ADD COLUMN reading_refused text,
  ADD CONSTRAINT migration_batch_wanted_reading CHECK (wanted_reading IS NULL OR jsonb_typeof(wanted_reading) = 'object'),
  ADD CONSTRAINT migration_batch_reading_refused_length CHECK (char_length(reading_refused) BETWEEN 1 AND 2000);

-- What holds for the cells of all columns of a mapping, beside what each of its columns means: the words that say
-- nothing, and how several columns become one field.
ALTER TABLE migration_mapping ADD COLUMN rules jsonb NOT NULL DEFAULT '{}';

-- Tables with rows that their file hides, as sheets of a workbook: nothing is made of one until somebody asks for it.
CREATE TABLE migration_hidden_table (
  tenant_id uuid NOT NULL,
  file_id uuid NOT NULL,
  position integer NOT NULL,
  name text NOT NULL,
  wanted_at timestamptz,
  refused text,
  CONSTRAINT migration_hidden_table_pkey PRIMARY KEY (tenant_id, file_id, position),
  CONSTRAINT migration_hidden_table_once UNIQUE (tenant_id, file_id, name),
  CONSTRAINT migration_hidden_table_file_fkey FOREIGN KEY (tenant_id, file_id)
    REFERENCES migration_source_file (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT migration_hidden_table_name_length CHECK (char_length(name) BETWEEN 1 AND 500),
  CONSTRAINT migration_hidden_table_refused CHECK (refused IS NULL OR wanted_at IS NULL)
);
CALL tenant_isolate('migration_hidden_table');
REVOKE ALL ON migration_hidden_table FROM portal_tenant;
