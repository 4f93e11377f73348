-- Which system rows come from is somebody's to say: keys, parents and references meet within one system alone. What a
-- file looks like stays beside it, as no more than that.
ALTER TABLE migration_batch
  ADD COLUMN detected_system text,
  ADD CONSTRAINT migration_batch_detected_system_length CHECK (char_length(detected_system) BETWEEN 1 AND 64);
ALTER TABLE migration_project
  ADD CONSTRAINT migration_project_source_system_length CHECK (char_length(source_system) BETWEEN 1 AND 64);
