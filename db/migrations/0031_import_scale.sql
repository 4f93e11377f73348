-- What an import of many rows costs beside its rows.

-- Counted are the batch's own rows, and of the tables that an import writes those that have changed by a tenth since they
-- were counted last: after a batch that is large enough to lead a plan astray, and by one at a time.
CREATE OR REPLACE FUNCTION import_count_rows(batch uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
  AS $$
DECLARE
  client uuid := NULLIF(current_setting('ops.tenant', true), '')::uuid;
  changed text;
BEGIN
  PERFORM FROM public.migration_staged_row WHERE tenant_id = client AND batch_id = batch OFFSET 999 LIMIT 1;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('import_count_rows', 0));
  ANALYZE public.migration_staged_row, public.migration_row_issue, public.migration_provenance;
  SELECT string_agg(t.name::regclass::text, ', ')
  INTO changed
  FROM unnest(ARRAY[
    'public.migration_undo_item', 'public.migration_undo_archive', 'public.report', 'public."case"',
    'public.case_report', 'public.case_assignment', 'public.case_party', 'public.note', 'public.case_message',
    'public.investigation', 'public.policy', 'public.policy_version', 'public.campaign', 'public.attestation',
    'public.attestation_act', 'public.disclosure', 'public.employee', 'public.attachment', 'public.imported_history'
  ]) AS t (name)
  JOIN pg_class c ON c.oid = t.name::regclass
  WHERE c.reltuples < 0 OR pg_stat_get_mod_since_analyze(c.oid) * 10 > c.reltuples;
  IF changed IS NOT NULL THEN
    EXECUTE 'ANALYZE ' || changed;
  END IF;
END
$$;
