-- The list of tickets, newest first, and the one rule that their addresses lead somewhere safe.

CREATE INDEX ticket_recent ON ticket (created_at DESC, id DESC);
ALTER TABLE ticket
  ADD CONSTRAINT ticket_subject_length CHECK (char_length(subject) BETWEEN 1 AND 200),
  ADD CONSTRAINT ticket_url CHECK (url ~ '^https://' AND char_length(url) <= 500);
