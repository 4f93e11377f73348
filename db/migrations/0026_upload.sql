-- A file that is chosen again goes on where it was cut off, whoever chooses it: it is known by its name, its length, and
-- when its owner's machine says it was last changed.

ALTER TABLE migration_upload
  ADD COLUMN modified_ms bigint,
  ADD CONSTRAINT migration_upload_byte_count CHECK (byte_count BETWEEN 1 AND 2147483648),
  ADD CONSTRAINT migration_upload_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
  DROP COLUMN digest;
CREATE INDEX migration_upload_project ON migration_upload (tenant_id, project_id, name) WHERE file_id IS NULL;
