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
