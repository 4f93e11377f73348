-- A thousand events on each of 20 chains, for a trail that is long enough to measure.
DO $$
DECLARE
  house uuid;
BEGIN
  FOR house IN SELECT tenant_id FROM bench.target WHERE kind = 'many' AND n < 20 LOOP
    PERFORM set_config('ops.tenant', house::text, true), set_config('ops.actor', 'system:bench', true),
      set_config('ops.subject', '', true), set_config('ops.impersonation', '', true),
      set_config('ops.request', '0193a5c0-0000-7000-8000-00000000be9c', true), set_config('ops.session', '', true);
    FOR turn IN 1 .. 1000 LOOP
      PERFORM set_config('ops.event', bench.event_id(clock_timestamp()), true),
        set_config('ops.at', bench.time_text(clock_timestamp()), true);
      INSERT INTO audit_event (at, id, chain, body)
      VALUES (current_setting('ops.at')::timestamptz, current_setting('ops.event')::uuid, house,
        bench.body('view.case.list', 'case.list'));
    END LOOP;
    COMMIT;
  END LOOP;
END
$$;
