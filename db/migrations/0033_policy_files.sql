-- A file can belong to a policy: its text as it was printed and signed, the forms that go with it.
ALTER TABLE attachment
  ADD COLUMN policy_id uuid,
  ADD CONSTRAINT attachment_policy_fkey FOREIGN KEY (tenant_id, policy_id) REFERENCES policy (tenant_id, id),
  DROP CONSTRAINT attachment_owner,
  ADD CONSTRAINT attachment_owner CHECK (num_nonnulls(case_id, disclosure_id, policy_id) = 1);
CREATE INDEX attachment_policy ON attachment (tenant_id, policy_id, attached_at, id) WHERE policy_id IS NOT NULL;
