-- What a source says anew of an inquiry, and what an undo gives back, is no move from state to state,
-- as 0021_import.sql says of cases. An import knows an inquiry by the case that it is a part of.
CREATE OR REPLACE FUNCTION investigation_state_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM investigation_move WHERE from_state = OLD.state AND to_state = NEW.state)
    AND NOT import_works(NEW.tenant_id, NEW.case_id)
  THEN
    RAISE EXCEPTION 'an investigation cannot move from % to %', OLD.state, NEW.state
      USING ERRCODE = '23514', CONSTRAINT = 'investigation_move', TABLE = 'investigation';
  END IF;
  RETURN NEW;
END
$$;
