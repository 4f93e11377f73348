-- What is set for all clients of one flag, without who set it: a page inside a client asks whether it has a feature by one
-- question, beside the client's own exception.
CREATE FUNCTION flag_rule(wanted text) RETURNS TABLE (kill_switch text, tiers text[], share integer)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
  AS $$
  SELECT f.kill_switch, f.tiers, f.share FROM public.flag f WHERE f.key = wanted
$$;
REVOKE ALL ON FUNCTION flag_rule(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION flag_rule(text) TO console_tenant;
