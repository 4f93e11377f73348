-- A day that a source says without a time begins at midnight where its column's times are. The day itself stays in what
-- was read; when it begins stands beside it, by the name of its field.
ALTER TABLE migration_staged_row ADD COLUMN days jsonb NOT NULL DEFAULT '{}';
