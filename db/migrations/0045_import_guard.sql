-- What an import waits for, and whom it keeps from a case.

-- The batches that rows of this one counted on when they were checked: as long as one of them is on its way, it is
-- imported first.
ALTER TABLE migration_batch ADD COLUMN awaits uuid[] NOT NULL DEFAULT '{}';
