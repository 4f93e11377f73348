-- A client's numbers as they are dialled and written down elsewhere: telephone systems and tickets hand on a hotline
-- number without its spaces, its country or its plus, and a contract number without its hyphens.

-- Of each hotline number its last digits, from six of them to all fifteen that a number has at most (ITU-T E.164), and
-- of the contract number its letters and digits.
CREATE FUNCTION directory_numbers(lines text[], contract text) RETURNS text[]
  LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
  AS $$
DECLARE
  line text;
  numbers text[] := array_remove(ARRAY[lower(regexp_replace(contract, '[^A-Za-z0-9]', '', 'g'))], NULL);
BEGIN
  FOREACH line IN ARRAY lines LOOP
    line := right(regexp_replace(line, '[^0-9]', '', 'g'), 15);
    FOR digits IN 6..length(line) LOOP
      numbers := numbers || right(line, digits);
    END LOOP;
  END LOOP;
  RETURN numbers;
END
$$;
GRANT EXECUTE ON FUNCTION directory_numbers(text[], text) TO console_fleet;

-- They stand in the index alone: a search for other words does not read past them.
CREATE INDEX tenant_directory_numbers ON tenant_directory USING gin (directory_numbers(lines, contract_number));
