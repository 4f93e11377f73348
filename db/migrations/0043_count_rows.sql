-- Counted is what plans are made by: ids, the columns of indexes, and those that statements choose rows by. How texts,
-- images and cells are spread is asked by no plan, and took half of the time. The database counts them by itself.
CREATE OR REPLACE FUNCTION import_count_rows(batch uuid) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
  AS $$
DECLARE
  client uuid := NULLIF(current_setting('ops.tenant', true), '')::uuid;
BEGIN
  PERFORM FROM public.migration_staged_row WHERE tenant_id = client AND batch_id = batch OFFSET 999 LIMIT 1;
  IF FOUND AND pg_try_advisory_xact_lock(hashtextextended('import_count_rows', 0)) THEN
    ANALYZE
      public.migration_staged_row (tenant_id, batch_id, row_no, source_record_id, key_hash, decision, target_id),
      public.migration_row_issue (tenant_id, batch_id, row_no, position, code, level),
      public.migration_provenance (tenant_id, id, record_id, entity, target_table, target_id, target_part,
        source_system, source_record_id, batch_id, row_no, seq, action, undone_at, undone_by),
      public.migration_undo_item (tenant_id, undo_id, record_id, row_no, bucket, state, depth),
      public.migration_undo_archive (tenant_id, undo_id, provenance_id, position, record_id, target_table, target_id),
      public.report (tenant_id, id, reference, channel, reporter, language, category_id, received_at),
      public."case" (tenant_id, id, reference, category_id, stage, status, severity, outcome, opened_at, due_at,
        closed_at, routing, merged_into),
      public.case_report (tenant_id, case_id, report_id, link),
      public.case_assignment (tenant_id, id, case_id, user_id, part, ended_at),
      public.case_party (tenant_id, id, case_id, part, user_id),
      public.note (tenant_id, id, case_id, author_id, visibility, created_at),
      public.case_message (tenant_id, id, case_id, direction, author_id, sent_at),
      public.investigation (tenant_id, id, case_id, investigator_id, state, opened_at, closed_at),
      public.policy (tenant_id, id, number, title, type, language, status, current_version, working_status),
      public.policy_version (tenant_id, policy_id, number, published_at),
      public.campaign (tenant_id, id, name, kind, status, policy_id, policy_version, audience, starts_at, due_at,
        created_at),
      public.attestation (tenant_id, id, campaign_id, employee_id, state, due_at, completed_at),
      public.attestation_act (tenant_id, id, attestation_id, at),
      public.disclosure (tenant_id, id, reference, employee_id, kind, state, submitted_at, expires_at),
      public.employee (tenant_id, id, number, name, email, org_unit_id, user_id, ended_at),
      public.attachment (tenant_id, id, case_id, disclosure_id, policy_id, attached_at),
      public.imported_history (tenant_id, id, batch_id, parent_id, occurred_at, tombstoned_at);
  END IF;
END
$$;
