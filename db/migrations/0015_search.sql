-- Search in one client: a text for each record, kept by a job from what writes have marked. Everything here is the
-- machine's: derived from records, explained by their events, and made again when it is lost.

-- What a record says to search. A record stands here once for each generation: one answers, the next is being filled.
CREATE TABLE search_document (
  tenant_id uuid NOT NULL,
  entity text NOT NULL,
  id uuid NOT NULL,
  generation integer NOT NULL,
  -- A language tag; und where there is none, as in names.
  language text NOT NULL,
  title text NOT NULL,
  body text NOT NULL,
  -- Which version of search_source made it.
  mapping integer NOT NULL,
  -- The words of the title as they stand and by their stems, those of the body by their stems alone.
  tsv tsvector NOT NULL GENERATED ALWAYS AS (
    setweight(to_tsvector('pg_catalog.simple', title), 'A') ||
    CASE split_part(language, '-', 1)
      WHEN 'en' THEN setweight(to_tsvector('pg_catalog.english', title), 'A')
        || setweight(to_tsvector('pg_catalog.english', body), 'B')
      WHEN 'de' THEN setweight(to_tsvector('pg_catalog.german', title), 'A')
        || setweight(to_tsvector('pg_catalog.german', body), 'B')
      WHEN 'fr' THEN setweight(to_tsvector('pg_catalog.french', title), 'A')
        || setweight(to_tsvector('pg_catalog.french', body), 'B')
      WHEN 'es' THEN setweight(to_tsvector('pg_catalog.spanish', title), 'A')
        || setweight(to_tsvector('pg_catalog.spanish', body), 'B')
      WHEN 'pt' THEN setweight(to_tsvector('pg_catalog.portuguese', title), 'A')
        || setweight(to_tsvector('pg_catalog.portuguese', body), 'B')
      WHEN 'it' THEN setweight(to_tsvector('pg_catalog.italian', title), 'A')
        || setweight(to_tsvector('pg_catalog.italian', body), 'B')
      WHEN 'nl' THEN setweight(to_tsvector('pg_catalog.dutch', title), 'A')
        || setweight(to_tsvector('pg_catalog.dutch', body), 'B')
      WHEN 'ar' THEN setweight(to_tsvector('pg_catalog.arabic', title), 'A')
        || setweight(to_tsvector('pg_catalog.arabic', body), 'B')
      ELSE setweight(to_tsvector('pg_catalog.simple', body), 'B')
    END) STORED,
  CONSTRAINT search_document_pkey PRIMARY KEY (tenant_id, entity, generation, id),
  CONSTRAINT search_document_entity CHECK (entity IN ('report', 'case', 'case_message', 'note', 'policy',
    'policy_draft', 'disclosure', 'campaign', 'client_user', 'employee', 'attachment')),
  CONSTRAINT search_document_generation CHECK (generation >= 1)
);
CREATE INDEX search_document_tsv ON search_document USING gin (tenant_id, tsv);

-- Records that were written since they were last indexed.
CREATE TABLE search_dirty (
  tenant_id uuid NOT NULL,
  entity text NOT NULL,
  id uuid NOT NULL,
  since timestamptz NOT NULL DEFAULT ops_at(),
  CONSTRAINT search_dirty_pkey PRIMARY KEY (tenant_id, entity, id)
);
CREATE INDEX search_dirty_oldest ON search_dirty (tenant_id, since);

-- Which generation of an entity answers, and which is being filled. Without a row the first one answers.
CREATE TABLE search_index (
  tenant_id uuid NOT NULL,
  entity text NOT NULL,
  generation integer NOT NULL DEFAULT 1,
  building integer,
  switched_at timestamptz,
  CONSTRAINT search_index_pkey PRIMARY KEY (tenant_id, entity),
  CONSTRAINT search_index_building CHECK (building > generation)
);

CALL tenant_isolate('search_document');
CALL tenant_isolate('search_dirty');
CALL tenant_isolate('search_index');
REVOKE ALL ON search_document, search_dirty, search_index FROM portal_tenant;

-- The version of search_source: raised with each change of it, so that a document made by an earlier one is known.
CREATE FUNCTION search_mapping() RETURNS integer
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN 1;

-- What the records of an entity say: the one place that knows. Runs as whoever asks, under row-level security.
CREATE FUNCTION search_source(wanted text) RETURNS TABLE (tenant_id uuid, id uuid, language text, title text, body text)
  LANGUAGE sql STABLE
  AS $$
  SELECT r.tenant_id, r.id, r.language, r.reference, r.body
  FROM report r
  WHERE wanted = 'report'
  UNION ALL
  SELECT c.tenant_id, c.id, t.default_language, c.reference || ' · ' || c.title, c.summary
  FROM "case" c
  JOIN tenant t ON t.id = c.tenant_id
  WHERE wanted = 'case'
  UNION ALL
  SELECT m.tenant_id, m.id, COALESCE(r.language, t.default_language), '', m.body
  FROM case_message m
  JOIN tenant t ON t.id = m.tenant_id
  LEFT JOIN case_report l ON l.tenant_id = m.tenant_id AND l.case_id = m.case_id AND l.link = 'primary'
    AND NOT EXISTS (
      SELECT 1 FROM case_report e
      WHERE e.tenant_id = l.tenant_id AND e.case_id = l.case_id AND e.link = 'primary' AND e.report_id < l.report_id)
  LEFT JOIN report r ON r.tenant_id = l.tenant_id AND r.id = l.report_id
  WHERE wanted = 'case_message'
  UNION ALL
  SELECT n.tenant_id, n.id, t.default_language, '', n.body
  FROM note n
  JOIN tenant t ON t.id = n.tenant_id
  WHERE wanted = 'note'
  UNION ALL
  SELECT p.tenant_id, p.id, v.language, v.title, v.body
  FROM policy p
  JOIN policy_version v ON v.tenant_id = p.tenant_id AND v.policy_id = p.id AND v.number = p.current_version
  WHERE wanted = 'policy' AND p.status IN ('published', 'retired')
  UNION ALL
  SELECT p.tenant_id, p.id, p.language, p.working_title, p.working_body
  FROM policy p
  WHERE wanted = 'policy_draft' AND (p.working_status IS NOT NULL OR p.status NOT IN ('published', 'retired'))
  UNION ALL
  SELECT d.tenant_id, d.id, t.default_language, d.reference || ' · ' || d.title, concat_ws(E'\n\n', d.body, d.decision)
  FROM disclosure d
  JOIN tenant t ON t.id = d.tenant_id
  WHERE wanted = 'disclosure'
  UNION ALL
  SELECT c.tenant_id, c.id, t.default_language, c.name, ''
  FROM campaign c
  JOIN tenant t ON t.id = c.tenant_id
  WHERE wanted = 'campaign'
  UNION ALL
  SELECT u.tenant_id, u.id, 'und', u.name,
    concat_ws(' · ', u.title, u.email, NULLIF(directory_fold(u.name), lower(u.name)))
  FROM client_user u
  WHERE wanted = 'client_user'
  UNION ALL
  SELECT e.tenant_id, e.id, 'und', e.name,
    concat_ws(' · ', e.number, e.title, e.email, NULLIF(directory_fold(e.name), lower(e.name)))
  FROM employee e
  WHERE wanted = 'employee'
  UNION ALL
  SELECT a.tenant_id, a.id, t.default_language, a.file_name,
    concat_ws(' · ', NULLIF(a.description, ''), translate(a.file_name, '._-', '   '))
  FROM attachment a
  JOIN tenant t ON t.id = a.tenant_id
  WHERE wanted = 'attachment'
$$;

-- What was typed, as each language takes it: a record answers to the stems of its own.
CREATE FUNCTION search_words(words text) RETURNS tsquery
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN websearch_to_tsquery('pg_catalog.simple', words) || websearch_to_tsquery('pg_catalog.english', words)
    || websearch_to_tsquery('pg_catalog.german', words) || websearch_to_tsquery('pg_catalog.french', words)
    || websearch_to_tsquery('pg_catalog.spanish', words) || websearch_to_tsquery('pg_catalog.portuguese', words)
    || websearch_to_tsquery('pg_catalog.italian', words) || websearch_to_tsquery('pg_catalog.dutch', words)
    || websearch_to_tsquery('pg_catalog.arabic', words);

-- The same in the language of one record alone: what an excluded word is held against.
CREATE FUNCTION search_words_in(language text, words text) RETURNS tsquery
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN websearch_to_tsquery('pg_catalog.simple', words) ||
    CASE split_part(language, '-', 1)
      WHEN 'en' THEN websearch_to_tsquery('pg_catalog.english', words)
      WHEN 'de' THEN websearch_to_tsquery('pg_catalog.german', words)
      WHEN 'fr' THEN websearch_to_tsquery('pg_catalog.french', words)
      WHEN 'es' THEN websearch_to_tsquery('pg_catalog.spanish', words)
      WHEN 'pt' THEN websearch_to_tsquery('pg_catalog.portuguese', words)
      WHEN 'it' THEN websearch_to_tsquery('pg_catalog.italian', words)
      WHEN 'nl' THEN websearch_to_tsquery('pg_catalog.dutch', words)
      WHEN 'ar' THEN websearch_to_tsquery('pg_catalog.arabic', words)
      ELSE websearch_to_tsquery('pg_catalog.simple', words)
    END;

-- A text with what was found between the private characters U+E000 and U+E001, which a text of its own never holds.
CREATE FUNCTION search_marked(language text, content text, wanted tsquery, how text) RETURNS text
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN ts_headline(
    CASE split_part(language, '-', 1)
      WHEN 'en' THEN 'pg_catalog.english'::regconfig
      WHEN 'de' THEN 'pg_catalog.german'::regconfig
      WHEN 'fr' THEN 'pg_catalog.french'::regconfig
      WHEN 'es' THEN 'pg_catalog.spanish'::regconfig
      WHEN 'pt' THEN 'pg_catalog.portuguese'::regconfig
      WHEN 'it' THEN 'pg_catalog.italian'::regconfig
      WHEN 'nl' THEN 'pg_catalog.dutch'::regconfig
      WHEN 'ar' THEN 'pg_catalog.arabic'::regconfig
      ELSE 'pg_catalog.simple'::regconfig
    END,
    translate(content, U&'\E000\E001', ''), wanted, U&'StartSel=\E000, StopSel=\E001, ' || how);

GRANT EXECUTE ON FUNCTION search_mapping(), search_source(text), search_words(text), search_words_in(text, text),
  search_marked(text, text, tsquery, text) TO console_tenant;

-- Marks what a statement wrote, and orders its indexing. The order is one a client: a job that waits takes what comes
-- until it begins, and one that has begun gives up its key first, so that nothing written behind its back is left.
CREATE FUNCTION search_mark() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
  AS $$
DECLARE
  at timestamptz := public.ops_at();
BEGIN
  IF TG_OP = 'DELETE' THEN
    INSERT INTO public.search_dirty (tenant_id, entity, id, since)
    SELECT r.tenant_id, e.entity, r.id, at FROM old_rows r CROSS JOIN unnest(TG_ARGV) AS e (entity)
    ON CONFLICT DO NOTHING;
    INSERT INTO public.job (tenant_id, id, kind, queue, priority, unique_key, effect_key, tries, attempts_left, run_at)
    SELECT DISTINCT ON (r.tenant_id) r.tenant_id,
      overlay(gen_random_uuid()::text PLACING left(public.audit_first_id(at)::text, 14) FROM 1 FOR 14)::uuid,
      'search.drain', 'search', 1, 'drain', gen_random_uuid(), 8, 8, at
    FROM old_rows r
    ON CONFLICT DO NOTHING;
  ELSE
    INSERT INTO public.search_dirty (tenant_id, entity, id, since)
    SELECT r.tenant_id, e.entity, r.id, at FROM new_rows r CROSS JOIN unnest(TG_ARGV) AS e (entity)
    ON CONFLICT DO NOTHING;
    INSERT INTO public.job (tenant_id, id, kind, queue, priority, unique_key, effect_key, tries, attempts_left, run_at)
    SELECT DISTINCT ON (r.tenant_id) r.tenant_id,
      overlay(gen_random_uuid()::text PLACING left(public.audit_first_id(at)::text, 14) FROM 1 FOR 14)::uuid,
      'search.drain', 'search', 1, 'drain', gen_random_uuid(), 8, 8, at
    FROM new_rows r
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN NULL;
END
$$;

DO $$
DECLARE
  marked text[];
BEGIN
  FOREACH marked SLICE 1 IN ARRAY ARRAY[
    ['report', '''report'''], ['case', '''case'''], ['case_message', '''case_message'''], ['note', '''note'''],
    ['policy', '''policy'', ''policy_draft'''], ['disclosure', '''disclosure'''], ['campaign', '''campaign'''],
    ['client_user', '''client_user'''], ['employee', '''employee'''], ['attachment', '''attachment''']
  ] LOOP
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT ON %I REFERENCING NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION search_mark(%s)', marked[1] || '_search_insert', marked[1], marked[2]);
    EXECUTE format('CREATE TRIGGER %I AFTER UPDATE ON %I REFERENCING NEW TABLE AS new_rows
      FOR EACH STATEMENT EXECUTE FUNCTION search_mark(%s)', marked[1] || '_search_update', marked[1], marked[2]);
    EXECUTE format('CREATE TRIGGER %I AFTER DELETE ON %I REFERENCING OLD TABLE AS old_rows
      FOR EACH STATEMENT EXECUTE FUNCTION search_mark(%s)', marked[1] || '_search_delete', marked[1], marked[2]);
  END LOOP;
END
$$;

-- The one way to the text index. PostgreSQL uses none under row-level security, because @@ is not leakproof; so this
-- runs as a role that is nothing else, whose policy has no predicate, and holds the client itself. It gives ids: the
-- rows behind them are read by whoever asks, under row-level security.
GRANT SELECT ON search_document TO ethico_search;
CREATE POLICY search_document_search ON search_document FOR SELECT TO ethico_search USING (true);
GRANT CREATE ON SCHEMA public TO ethico_search;
SET LOCAL ROLE ethico_search;

CREATE FUNCTION search_hit(wanted tsquery, most integer)
  RETURNS TABLE (entity text, id uuid, generation integer, rank double precision)
  LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' SET plan_cache_mode = force_custom_plan
  AS $$
DECLARE
  own uuid := NULLIF(current_setting('ops.tenant', true), '')::uuid;
BEGIN
  IF own IS NULL THEN
    RAISE EXCEPTION 'a search without a client' USING ERRCODE = '42501';
  END IF;
  RETURN QUERY
  SELECT f.entity, f.id, f.generation, ts_rank_cd(f.tsv, wanted)::double precision
  FROM (
    SELECT d.entity, d.id, d.generation, d.tsv
    FROM public.search_document d
    WHERE d.tenant_id = own AND d.tsv @@ wanted
    LIMIT most
  ) f;
END
$$;
REVOKE ALL ON FUNCTION search_hit(tsquery, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_hit(tsquery, integer) TO console_tenant;

SET LOCAL ROLE ethico_owner;
REVOKE CREATE ON SCHEMA public FROM ethico_search;

-- What is there already is indexed by each client's first job.
INSERT INTO search_dirty (tenant_id, entity, id, since)
SELECT s.tenant_id, e.entity, s.id, ops_at()
FROM unnest(ARRAY['report', 'case', 'case_message', 'note', 'policy', 'policy_draft', 'disclosure', 'campaign',
  'client_user', 'employee', 'attachment']) AS e (entity)
CROSS JOIN LATERAL search_source(e.entity) s;
INSERT INTO job (tenant_id, id, kind, queue, priority, unique_key, effect_key, tries, attempts_left, run_at)
SELECT DISTINCT ON (tenant_id) tenant_id, gen_random_uuid(), 'search.drain', 'search', 1, 'drain', gen_random_uuid(), 8,
  8, ops_at()
FROM search_dirty;
