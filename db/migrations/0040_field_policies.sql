-- How a re-import treats each field of a record that is here, where it is not taken over unless it was edited here.

-- By column; chosen while the rows are checked, and kept for the whole import, however often it pauses.
ALTER TABLE migration_batch
  ADD COLUMN field_policies jsonb NOT NULL DEFAULT '{}',
  ADD CONSTRAINT migration_batch_field_policies CHECK (jsonb_typeof(field_policies) = 'object');
