-- What an import waits for, and whom it keeps from a case.

-- The batches that rows of this one counted on when they were checked: as long as one of them is on its way, it is
-- imported first.
ALTER TABLE migration_batch ADD COLUMN awaits uuid[] NOT NULL DEFAULT '{}';

-- Whom a case is kept from, beside whom it is about: neither leads it nor looks into it.
ALTER TABLE case_party
  DROP CONSTRAINT case_party_part,
  ADD CONSTRAINT case_party_part CHECK (part IN ('accused', 'witness', 'restricted'));
