-- Pages of a client with a hundred thousand cases and employees: what they count stands in an index, and what they list
-- is looked up by one.

-- Who leads a case, and what somebody leads, without the rows.
DROP INDEX case_assignment_lead;
CREATE UNIQUE INDEX case_assignment_lead ON case_assignment (tenant_id, case_id) INCLUDE (user_id)
  WHERE part = 'lead' AND ended_at IS NULL;
DROP INDEX case_assignment_user;
CREATE INDEX case_assignment_user ON case_assignment (tenant_id, user_id, part, case_id) WHERE ended_at IS NULL;

-- How many cases are not closed, in each category, and when they are due.
CREATE INDEX case_unclosed ON "case" (tenant_id, category_id, due_at) INCLUDE (status) WHERE status <> 'closed';

-- How many employees a unit has, and these by name.
DROP INDEX employee_org_unit;
CREATE INDEX employee_org_unit ON employee (tenant_id, org_unit_id, name, id) INCLUDE (ended_at);

-- How far a campaign is.
DROP INDEX attestation_state;
CREATE INDEX attestation_state ON attestation (tenant_id, campaign_id, state, due_at) INCLUDE (refused_at);

-- The tickets of one client, newest first; and by words, which are looked for in the middle of others too. A ticket is
-- Ethico's own, so that no policy keeps it from an index of trigrams.
CREATE INDEX ticket_tenant ON ticket (tenant_id, created_at DESC, id DESC);
CREATE INDEX ticket_words ON ticket USING gin (
  number gin_trgm_ops, subject gin_trgm_ops, requester_email gin_trgm_ops, external_id gin_trgm_ops);

-- Documents are counted by the mapping that made them without a look at their texts.
ALTER TABLE search_document
  DROP CONSTRAINT search_document_pkey,
  ADD CONSTRAINT search_document_pkey PRIMARY KEY (tenant_id, entity, generation, id) INCLUDE (mapping);

-- The same texts. A message's language is asked for where it is wanted, and not where messages are only counted.
CREATE OR REPLACE FUNCTION search_source(wanted text)
  RETURNS TABLE (tenant_id uuid, id uuid, language text, title text, body text)
  LANGUAGE sql STABLE
  AS $$
  SELECT r.tenant_id, r.id, r.language, r.reference, r.body
  FROM public.report r
  WHERE wanted = 'report'
  UNION ALL
  SELECT c.tenant_id, c.id, t.default_language, c.reference || ' · ' || c.title, c.summary
  FROM public."case" c
  JOIN public.tenant t ON t.id = c.tenant_id
  WHERE wanted = 'case'
  UNION ALL
  SELECT m.tenant_id, m.id, COALESCE((
      SELECT r.language
      FROM public.case_report l
      JOIN public.report r ON r.tenant_id = l.tenant_id AND r.id = l.report_id
      WHERE l.tenant_id = m.tenant_id AND l.case_id = m.case_id AND l.link = 'primary'
      ORDER BY l.report_id
      LIMIT 1), t.default_language), '', m.body
  FROM public.case_message m
  JOIN public.tenant t ON t.id = m.tenant_id
  WHERE wanted = 'case_message'
  UNION ALL
  SELECT n.tenant_id, n.id, t.default_language, '', n.body
  FROM public.note n
  JOIN public.tenant t ON t.id = n.tenant_id
  WHERE wanted = 'note'
  UNION ALL
  SELECT p.tenant_id, p.id, v.language, concat_ws(' · ', p.number, v.title), v.body
  FROM public.policy p
  JOIN public.policy_version v ON v.tenant_id = p.tenant_id AND v.policy_id = p.id AND v.number = p.current_version
  WHERE wanted = 'policy' AND p.status IN ('published', 'retired')
  UNION ALL
  SELECT p.tenant_id, p.id, p.language, concat_ws(' · ', p.number, p.working_title), p.working_body
  FROM public.policy p
  WHERE wanted = 'policy_draft' AND (p.working_status IS NOT NULL OR p.status NOT IN ('published', 'retired'))
  UNION ALL
  SELECT d.tenant_id, d.id, t.default_language, d.reference || ' · ' || d.title, concat_ws(E'\n\n', d.body, d.decision)
  FROM public.disclosure d
  JOIN public.tenant t ON t.id = d.tenant_id
  WHERE wanted = 'disclosure'
  UNION ALL
  SELECT c.tenant_id, c.id, t.default_language, c.name, ''
  FROM public.campaign c
  JOIN public.tenant t ON t.id = c.tenant_id
  WHERE wanted = 'campaign'
  UNION ALL
  SELECT u.tenant_id, u.id, 'und', u.name,
    concat_ws(' · ', u.title, u.email, NULLIF(public.directory_fold(u.name), lower(u.name)))
  FROM public.client_user u
  WHERE wanted = 'client_user'
  UNION ALL
  SELECT e.tenant_id, e.id, 'und', e.name,
    concat_ws(' · ', e.number, e.title, e.email, NULLIF(public.directory_fold(e.name), lower(e.name)))
  FROM public.employee e
  WHERE wanted = 'employee'
  UNION ALL
  SELECT a.tenant_id, a.id, t.default_language, a.file_name,
    concat_ws(' · ', NULLIF(a.description, ''), translate(a.file_name, '._-', '   '))
  FROM public.attachment a
  JOIN public.tenant t ON t.id = a.tenant_id
  WHERE wanted = 'attachment'
$$;

SET LOCAL ROLE ethico_audit;

-- What was done to a record: who looked at it is told many times as often.
CREATE INDEX audit_event_change ON audit_event (chain, object_id, at, id)
  WHERE object_id IS NOT NULL AND action NOT LIKE 'view.%';
-- What is rare among a client's events, and is asked for over years.
CREATE INDEX audit_event_refusal ON audit_event (chain, at, id) WHERE outcome <> 'ok';
CREATE INDEX audit_event_reveal ON audit_event (chain, at, id) WHERE action LIKE 'reveal.%';

SET LOCAL ROLE ethico_owner;
