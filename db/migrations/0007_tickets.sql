-- The list of tickets, newest first, and the limits of what a ticket says; those that are there already keep their words.

CREATE INDEX ticket_recent ON ticket (created_at DESC, id DESC);
ALTER TABLE ticket
  ADD CONSTRAINT ticket_subject_length CHECK (char_length(subject) BETWEEN 1 AND 200) NOT VALID,
  ADD CONSTRAINT ticket_source_length CHECK (char_length(source) BETWEEN 1 AND 100) NOT VALID,
  ADD CONSTRAINT ticket_external_id_length CHECK (char_length(external_id) BETWEEN 1 AND 200) NOT VALID,
  ADD CONSTRAINT ticket_requester_email_length CHECK (char_length(requester_email) <= 254) NOT VALID,
  ADD CONSTRAINT ticket_url CHECK (url ~ '^https://[^[:space:]]+$' AND char_length(url) <= 500) NOT VALID;
