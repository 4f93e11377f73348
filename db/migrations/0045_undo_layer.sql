-- An undo may leave later imports where they are, and take only what its own import changed out from under them.
ALTER TABLE migration_undo ADD COLUMN keeps_later boolean NOT NULL DEFAULT false;
