-- A file can belong to a policy: its text as it was printed, the forms that go with it. What is internal is for whoever
-- works on policies alone: what was signed, what is on its way to the next version.
ALTER TABLE attachment
  ADD COLUMN policy_id uuid,
  ADD COLUMN is_internal boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT attachment_policy_fkey FOREIGN KEY (tenant_id, policy_id) REFERENCES policy (tenant_id, id),
  ADD CONSTRAINT attachment_internal CHECK (policy_id IS NOT NULL OR NOT is_internal),
  DROP CONSTRAINT attachment_owner,
  ADD CONSTRAINT attachment_owner CHECK (num_nonnulls(case_id, disclosure_id, policy_id) = 1);
CREATE INDEX attachment_policy ON attachment (tenant_id, policy_id, attached_at, id) WHERE policy_id IS NOT NULL;

-- As 0021_import.sql has it, and rows that were kept before a column came get what that column begins with: an undo is
-- brought back however long ago it was.
CREATE OR REPLACE FUNCTION import_restore(name text) RETURNS bigint
  LANGUAGE plpgsql
  AS $$
DECLARE
  columns text;
  beginnings text;
  restored bigint;
BEGIN
  SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
    string_agg(format('%L, to_jsonb(%s)', a.attname, pg_get_expr(d.adbin, d.adrelid)), ', ')
      FILTER (WHERE a.attnotnull AND d.adbin IS NOT NULL)
  INTO columns, beginnings
  FROM pg_attribute a
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attrelid = ('public.' || quote_ident(name))::regclass AND a.attnum > 0 AND NOT a.attisdropped
    AND a.attgenerated = '';
  EXECUTE format('INSERT INTO public.%1$I (%2$s)
    SELECT %2$s FROM (
      SELECT r.*
      FROM undo_back b
      CROSS JOIN LATERAL jsonb_populate_record(NULL::public.%1$I, jsonb_build_object(%3$s) || b.archived) r
      WHERE b.target_table = %1$L) kept', name, columns, beginnings);
  GET DIAGNOSTICS restored = ROW_COUNT;
  RETURN restored;
END
$$;
