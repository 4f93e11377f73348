-- The number of a ticket grows beyond six digits: lpad cut the millionth to that of the hundred thousandth.
ALTER TABLE ticket
  ALTER COLUMN number SET DEFAULT 'T-' || to_char(nextval('ticket_number'), 'FM999999999000000');
