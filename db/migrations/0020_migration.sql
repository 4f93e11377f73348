-- Bringing a client's data over: projects, the files as they came, what each column means, the rows on their way, and
-- what became of each of them. Bytes and rows on their way are the machine's; what people decide is captured.

-- Which state may follow which: the one place in SQL for each machine, read by its trigger.
CREATE TABLE migration_project_move (
  from_state text NOT NULL,
  to_state text NOT NULL,
  CONSTRAINT migration_project_move_pkey PRIMARY KEY (from_state, to_state)
);
INSERT INTO migration_project_move (from_state, to_state) VALUES
  ('scoping', 'active'), ('active', 'reconciling'), ('reconciling', 'active'), ('reconciling', 'signed_off'),
  ('signed_off', 'active'), ('signed_off', 'closed');

CREATE TABLE migration_batch_move (
  from_state text NOT NULL,
  to_state text NOT NULL,
  CONSTRAINT migration_batch_move_pkey PRIMARY KEY (from_state, to_state)
);
INSERT INTO migration_batch_move (from_state, to_state) VALUES
  ('uploaded', 'profiled'), ('profiled', 'mapped'), ('mapped', 'staged'), ('staged', 'validated'),
  ('validated', 'committing'), ('committing', 'committed'),
  ('staged', 'mapped'), ('validated', 'mapped'),
  ('uploaded', 'cancelled'), ('profiled', 'cancelled'), ('mapped', 'cancelled'), ('staged', 'cancelled'),
  ('validated', 'cancelled'),
  ('uploaded', 'failed'), ('committing', 'failed'), ('failed', 'committing'),
  ('committing', 'paused'), ('paused', 'committing'),
  ('paused', 'undoing'), ('failed', 'undoing'), ('committed', 'undoing'), ('undone', 'undoing'),
  ('partially_undone', 'undoing'),
  ('undoing', 'undone'), ('undoing', 'partially_undone'), ('undoing', 'committed');
GRANT SELECT ON migration_project_move, migration_batch_move TO console_tenant;

-- One client's move from another system: what comes over, and who there decided it.
CREATE TABLE migration_project (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  state text NOT NULL DEFAULT 'scoping',
  entities text[] NOT NULL DEFAULT '{}',
  decided_by text,
  source_system text,
  opened_at timestamptz NOT NULL DEFAULT ops_at(),
  closed_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT migration_project_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT migration_project_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id),
  CONSTRAINT migration_project_state CHECK (state IN ('scoping', 'active', 'reconciling', 'signed_off', 'closed')),
  CONSTRAINT migration_project_entities CHECK (entities <@ ARRAY['policy', 'attestation', 'case', 'disclosure',
    'attachment', 'audit_event']),
  CONSTRAINT migration_project_scoped CHECK (state = 'scoping'
    OR (cardinality(entities) > 0 AND decided_by IS NOT NULL)),
  CONSTRAINT migration_project_decided_by_length CHECK (char_length(decided_by) BETWEEN 1 AND 200),
  CONSTRAINT migration_project_closed CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE UNIQUE INDEX migration_project_open ON migration_project (tenant_id) WHERE state <> 'closed';

-- What the choice was before and after, and whose it was. Written once.
CREATE TABLE migration_scope_change (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  entities_before text[] NOT NULL,
  entities_after text[] NOT NULL,
  decided_by text NOT NULL,
  at timestamptz NOT NULL DEFAULT ops_at(),
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT migration_scope_change_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT migration_scope_change_project_fkey FOREIGN KEY (tenant_id, project_id)
    REFERENCES migration_project (tenant_id, id)
);
CREATE INDEX migration_scope_change_project ON migration_scope_change (tenant_id, project_id, at);

-- A file as it came. Its bytes lie sealed in migration_blob_chunk.
CREATE TABLE migration_source_file (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  name text NOT NULL,
  kind text,
  byte_count bigint NOT NULL,
  sha256 bytea NOT NULL,
  blob_id uuid NOT NULL,
  uploaded_at timestamptz NOT NULL DEFAULT ops_at(),
  refused_code text,
  refused_text text,
  purged_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT migration_source_file_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT migration_source_file_project_fkey FOREIGN KEY (tenant_id, project_id)
    REFERENCES migration_project (tenant_id, id),
  CONSTRAINT migration_source_file_once UNIQUE (tenant_id, project_id, sha256),
  CONSTRAINT migration_source_file_name_length CHECK (char_length(name) BETWEEN 1 AND 200),
  CONSTRAINT migration_source_file_kind CHECK (kind IN ('csv', 'tsv', 'xlsx', 'json', 'ndjson', 'zip')),
  CONSTRAINT migration_source_file_byte_count CHECK (byte_count BETWEEN 1 AND 2147483648),
  CONSTRAINT migration_source_file_sha256 CHECK (octet_length(sha256) = 32),
  CONSTRAINT migration_source_file_refused CHECK ((refused_code IS NULL) = (refused_text IS NULL))
);

-- One entity of one table of one file, on its way from its columns to records.
CREATE TABLE migration_batch (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  file_id uuid NOT NULL,
  entity text NOT NULL,
  source_table text,
  source_system text NOT NULL DEFAULT 'file',
  state text NOT NULL DEFAULT 'uploaded',
  reading jsonb NOT NULL DEFAULT '{}',
  shape jsonb,
  row_count integer,
  mapping_number integer,
  staged_number integer,
  acknowledged text[] NOT NULL DEFAULT '{}',
  counts jsonb NOT NULL DEFAULT '{}',
  job_id uuid,
  failure text,
  committed_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT migration_batch_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT migration_batch_project_fkey FOREIGN KEY (tenant_id, project_id)
    REFERENCES migration_project (tenant_id, id),
  CONSTRAINT migration_batch_file_fkey FOREIGN KEY (tenant_id, file_id) REFERENCES migration_source_file (tenant_id, id),
  CONSTRAINT migration_batch_entity CHECK (entity IN ('person', 'policy', 'attestation', 'case', 'disclosure',
    'attachment', 'audit_event')),
  CONSTRAINT migration_batch_state CHECK (state IN ('uploaded', 'profiled', 'mapped', 'staged', 'validated',
    'committing', 'paused', 'committed', 'cancelled', 'failed', 'undoing', 'undone', 'partially_undone')),
  CONSTRAINT migration_batch_source_system_length CHECK (char_length(source_system) BETWEEN 1 AND 64)
);
CREATE INDEX migration_batch_project ON migration_batch (tenant_id, project_id, id);
CREATE INDEX migration_batch_file ON migration_batch (tenant_id, file_id);

-- What each column of a batch means: a version a save, the newest counts.
CREATE TABLE migration_mapping (
  tenant_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  number integer NOT NULL,
  columns jsonb NOT NULL,
  constants jsonb NOT NULL DEFAULT '{}',
  frozen_at timestamptz,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT migration_mapping_pkey PRIMARY KEY (tenant_id, batch_id, number),
  CONSTRAINT migration_mapping_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES migration_batch (tenant_id, id),
  CONSTRAINT migration_mapping_number CHECK (number >= 1)
);

-- What a value of the source becomes here.
CREATE TABLE migration_value_mapping (
  tenant_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  target text NOT NULL,
  source_value text NOT NULL,
  act text NOT NULL,
  target_value text,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT migration_value_mapping_pkey PRIMARY KEY (tenant_id, batch_id, target, source_value),
  CONSTRAINT migration_value_mapping_batch_fkey FOREIGN KEY (tenant_id, batch_id)
    REFERENCES migration_batch (tenant_id, id),
  CONSTRAINT migration_value_mapping_act CHECK (act IN ('value', 'new_category', 'empty', 'reject')),
  CONSTRAINT migration_value_mapping_value CHECK ((act IN ('value', 'new_category')) = (target_value IS NOT NULL)),
  CONSTRAINT migration_value_mapping_length CHECK (char_length(source_value) <= 500 AND char_length(target_value) <= 500)
);

-- Where a record was changed here after it had been imported, and the source now says something else.
CREATE TABLE migration_conflict (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  batch_id uuid NOT NULL,
  row_no integer NOT NULL,
  entity text NOT NULL,
  target_id uuid NOT NULL,
  field text NOT NULL,
  source_value text,
  our_value text,
  edited_by text,
  resolution text,
  resolved_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT migration_conflict_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT migration_conflict_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES migration_batch (tenant_id, id),
  CONSTRAINT migration_conflict_resolution CHECK (resolution IN ('ours', 'source')),
  CONSTRAINT migration_conflict_resolved CHECK ((resolution IS NULL) = (resolved_at IS NULL))
);
CREATE INDEX migration_conflict_batch ON migration_conflict (tenant_id, batch_id) WHERE resolution IS NULL;

-- One undo, of a record, a selection or a batch; or the reversal of one.
CREATE TABLE migration_undo (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  batch_id uuid NOT NULL,
  reverses_id uuid,
  scope text NOT NULL,
  state text NOT NULL DEFAULT 'running',
  include_blocked boolean NOT NULL DEFAULT false,
  include_edited boolean NOT NULL DEFAULT false,
  reason text,
  counts jsonb NOT NULL DEFAULT '{}',
  job_id uuid,
  started_at timestamptz NOT NULL DEFAULT ops_at(),
  ended_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT migration_undo_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT migration_undo_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES migration_batch (tenant_id, id),
  CONSTRAINT migration_undo_reverses_fkey FOREIGN KEY (tenant_id, reverses_id) REFERENCES migration_undo (tenant_id, id),
  CONSTRAINT migration_undo_scope CHECK (scope IN ('record', 'selection', 'batch')),
  CONSTRAINT migration_undo_state CHECK (state IN ('running', 'done', 'failed')),
  CONSTRAINT migration_undo_reason CHECK (NOT (include_blocked OR include_edited) OR char_length(reason) >= 10),
  CONSTRAINT migration_undo_ended CHECK ((state = 'running') = (ended_at IS NULL))
);
CREATE INDEX migration_undo_batch ON migration_undo (tenant_id, batch_id, started_at DESC);

-- Source against target for one entity, and who agreed that it is complete.
CREATE TABLE migration_reconciliation (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  entity text NOT NULL,
  figures jsonb NOT NULL,
  made_at timestamptz NOT NULL DEFAULT ops_at(),
  confirmed_by text,
  confirmed_at timestamptz,
  version integer NOT NULL DEFAULT 1,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT migration_reconciliation_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT migration_reconciliation_project_fkey FOREIGN KEY (tenant_id, project_id)
    REFERENCES migration_project (tenant_id, id),
  CONSTRAINT migration_reconciliation_confirmed CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL))
);
CREATE INDEX migration_reconciliation_project ON migration_reconciliation (tenant_id, project_id, entity, made_at DESC);

-- The trail of the former system, kept as it came and outside our own claims. Written once.
CREATE TABLE imported_history (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  batch_id uuid NOT NULL,
  event_key text NOT NULL,
  parent_entity text NOT NULL,
  parent_key text NOT NULL,
  parent_id uuid,
  occurred_at timestamptz NOT NULL,
  actor text,
  action text NOT NULL,
  action_label text,
  field text,
  old_value text,
  new_value text,
  comment text,
  extra jsonb NOT NULL DEFAULT '{}',
  tombstoned_at timestamptz,
  changed_at timestamptz NOT NULL DEFAULT ops_at(),
  changed_by text NOT NULL DEFAULT ops_actor(),
  via_impersonation uuid DEFAULT ops_impersonation(),
  CONSTRAINT imported_history_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT imported_history_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES migration_batch (tenant_id, id),
  CONSTRAINT imported_history_action CHECK (action IN ('create', 'view', 'update', 'status_change', 'assign', 'comment',
    'attach', 'export', 'delete', 'login', 'approve', 'attest', 'other'))
);
CREATE INDEX imported_history_parent ON imported_history (tenant_id, parent_id, occurred_at) WHERE tombstoned_at IS NULL;

-- Machine tables.

-- A file on its way in, a piece at a time.
CREATE TABLE migration_upload (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  blob_id uuid NOT NULL,
  name text NOT NULL,
  byte_count bigint NOT NULL,
  byte_offset bigint NOT NULL DEFAULT 0,
  digest bytea,
  staff_id uuid NOT NULL,
  began_at timestamptz NOT NULL DEFAULT ops_at(),
  touched_at timestamptz NOT NULL DEFAULT ops_at(),
  file_id uuid,
  CONSTRAINT migration_upload_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT migration_upload_project_fkey FOREIGN KEY (tenant_id, project_id)
    REFERENCES migration_project (tenant_id, id),
  CONSTRAINT migration_upload_offset CHECK (byte_offset BETWEEN 0 AND byte_count)
);
CREATE INDEX migration_upload_touched ON migration_upload (tenant_id, touched_at) WHERE file_id IS NULL;

-- The bytes of a file, sealed with a key of the file's own, in pieces of 1 MiB.
CREATE TABLE migration_blob (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  key_salt bytea NOT NULL,
  CONSTRAINT migration_blob_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT migration_blob_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES tenant (id)
);
CREATE TABLE migration_blob_chunk (
  tenant_id uuid NOT NULL,
  blob_id uuid NOT NULL,
  number integer NOT NULL,
  sealed bytea NOT NULL,
  CONSTRAINT migration_blob_chunk_pkey PRIMARY KEY (tenant_id, blob_id, number),
  CONSTRAINT migration_blob_chunk_blob_fkey FOREIGN KEY (tenant_id, blob_id) REFERENCES migration_blob (tenant_id, id)
    ON DELETE CASCADE
);
ALTER TABLE migration_blob_chunk ALTER COLUMN sealed SET STORAGE EXTERNAL;

-- What is known of a column's values.
CREATE TABLE migration_column_profile (
  tenant_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  position integer NOT NULL,
  profile jsonb NOT NULL,
  CONSTRAINT migration_column_profile_pkey PRIMARY KEY (tenant_id, batch_id, position),
  CONSTRAINT migration_column_profile_batch_fkey FOREIGN KEY (tenant_id, batch_id)
    REFERENCES migration_batch (tenant_id, id)
);

-- The first rows of a table as they stand, without the cells that say who reported.
CREATE TABLE migration_grid (
  tenant_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  grid jsonb NOT NULL,
  CONSTRAINT migration_grid_pkey PRIMARY KEY (tenant_id, batch_id),
  CONSTRAINT migration_grid_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES migration_batch (tenant_id, id)
);

-- A row of the source, as it came and as it was read. `parsed` has the names of the target schema as keys.
CREATE TABLE migration_staged_row (
  tenant_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  row_no integer NOT NULL,
  cells text[] NOT NULL,
  parsed jsonb NOT NULL,
  legacy jsonb NOT NULL DEFAULT '{}',
  source_record_id text,
  key_hash bytea,
  content_hash bytea NOT NULL,
  decision text,
  target_id uuid,
  CONSTRAINT migration_staged_row_pkey PRIMARY KEY (tenant_id, batch_id, row_no),
  CONSTRAINT migration_staged_row_batch_fkey FOREIGN KEY (tenant_id, batch_id)
    REFERENCES migration_batch (tenant_id, id),
  CONSTRAINT migration_staged_row_decision CHECK (decision IN ('insert', 'update', 'unchanged', 'conflict', 'reject',
    'skip'))
);
CREATE INDEX migration_staged_row_key ON migration_staged_row (tenant_id, batch_id, key_hash);

CREATE TABLE migration_row_issue (
  tenant_id uuid NOT NULL,
  n bigint GENERATED ALWAYS AS IDENTITY,
  batch_id uuid NOT NULL,
  row_no integer NOT NULL,
  position integer,
  code text NOT NULL,
  level text NOT NULL,
  value text,
  CONSTRAINT migration_row_issue_pkey PRIMARY KEY (tenant_id, n),
  CONSTRAINT migration_row_issue_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES migration_batch (tenant_id, id),
  CONSTRAINT migration_row_issue_level CHECK (level IN ('blocker', 'warning', 'info'))
);
CREATE INDEX migration_row_issue_code ON migration_row_issue (tenant_id, batch_id, code, row_no);
CREATE INDEX migration_row_issue_row ON migration_row_issue (tenant_id, batch_id, row_no);

-- How far a job is: what is behind this was committed with it.
CREATE TABLE migration_checkpoint (
  tenant_id uuid NOT NULL,
  batch_id uuid NOT NULL,
  phase text NOT NULL,
  row_no integer NOT NULL,
  at timestamptz NOT NULL DEFAULT ops_at(),
  CONSTRAINT migration_checkpoint_pkey PRIMARY KEY (tenant_id, batch_id, phase),
  CONSTRAINT migration_checkpoint_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES migration_batch (tenant_id, id)
);

-- What a record refers to that has not come yet.
CREATE TABLE migration_pending_ref (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  batch_id uuid NOT NULL,
  row_no integer NOT NULL,
  entity text NOT NULL,
  target_id uuid NOT NULL,
  field text NOT NULL,
  wanted_entity text NOT NULL,
  wanted_key text NOT NULL,
  resolved_at timestamptz,
  CONSTRAINT migration_pending_ref_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT migration_pending_ref_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES migration_batch (tenant_id, id)
);
CREATE INDEX migration_pending_ref_wanted ON migration_pending_ref (tenant_id, wanted_entity, wanted_key)
  WHERE resolved_at IS NULL;

-- What one row of a source did here: each layer of each record, for as long as the record lives.
CREATE TABLE migration_provenance (
  tenant_id uuid NOT NULL,
  id uuid NOT NULL,
  record_id uuid NOT NULL,
  entity text NOT NULL,
  target_table text NOT NULL,
  target_id uuid NOT NULL,
  source_system text NOT NULL,
  source_record_id text NOT NULL,
  batch_id uuid NOT NULL,
  row_no integer NOT NULL,
  seq integer NOT NULL DEFAULT 1,
  action text NOT NULL,
  before_image jsonb,
  after_image jsonb,
  after_hash bytea,
  content_hash bytea,
  target_row_version bigint,
  imported_fields jsonb NOT NULL DEFAULT '{}',
  legacy_fields jsonb NOT NULL DEFAULT '{}',
  event_id uuid NOT NULL,
  imported_at timestamptz NOT NULL DEFAULT ops_at(),
  undone_at timestamptz,
  undone_by uuid,
  CONSTRAINT migration_provenance_pkey PRIMARY KEY (tenant_id, id),
  CONSTRAINT migration_provenance_batch_fkey FOREIGN KEY (tenant_id, batch_id) REFERENCES migration_batch (tenant_id, id),
  CONSTRAINT migration_provenance_undo_fkey FOREIGN KEY (tenant_id, undone_by) REFERENCES migration_undo (tenant_id, id),
  CONSTRAINT migration_provenance_action CHECK (action IN ('insert', 'update', 'link', 'implied')),
  CONSTRAINT migration_provenance_undone CHECK ((undone_at IS NULL) = (undone_by IS NULL))
);
CREATE UNIQUE INDEX migration_provenance_once
  ON migration_provenance (tenant_id, source_system, entity, source_record_id)
  WHERE action = 'insert' AND undone_at IS NULL;
CREATE INDEX migration_provenance_target ON migration_provenance (tenant_id, target_id, seq);
CREATE INDEX migration_provenance_batch ON migration_provenance (tenant_id, batch_id, row_no);
CREATE INDEX migration_provenance_record ON migration_provenance (tenant_id, record_id);

-- What an undo is to do to one record, and what came of it.
CREATE TABLE migration_undo_item (
  tenant_id uuid NOT NULL,
  undo_id uuid NOT NULL,
  record_id uuid NOT NULL,
  row_no integer NOT NULL,
  bucket text NOT NULL,
  reasons jsonb NOT NULL DEFAULT '[]',
  state text NOT NULL DEFAULT 'waiting',
  CONSTRAINT migration_undo_item_pkey PRIMARY KEY (tenant_id, undo_id, record_id),
  CONSTRAINT migration_undo_item_undo_fkey FOREIGN KEY (tenant_id, undo_id) REFERENCES migration_undo (tenant_id, id),
  CONSTRAINT migration_undo_item_bucket CHECK (bucket IN ('gone', 'held', 'superseded', 'blocked_native', 'edited',
    'needs_cascade', 'clean', 'errored')),
  CONSTRAINT migration_undo_item_state CHECK (state IN ('waiting', 'done', 'kept'))
);

-- The rows that an undo took away, whole, so that it can be undone.
CREATE TABLE migration_undo_archive (
  tenant_id uuid NOT NULL,
  undo_id uuid NOT NULL,
  provenance_id uuid NOT NULL,
  position integer NOT NULL,
  target_table text NOT NULL,
  archived jsonb NOT NULL,
  CONSTRAINT migration_undo_archive_pkey PRIMARY KEY (tenant_id, undo_id, provenance_id, position),
  CONSTRAINT migration_undo_archive_undo_fkey FOREIGN KEY (tenant_id, undo_id) REFERENCES migration_undo (tenant_id, id)
);

-- Rules that hold whoever writes.

CREATE FUNCTION migration_project_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM migration_project_move WHERE from_state = OLD.state AND to_state = NEW.state) THEN
    RAISE EXCEPTION 'a migration cannot move from % to %', OLD.state, NEW.state
      USING ERRCODE = '23514', CONSTRAINT = 'migration_project_move', TABLE = 'migration_project';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER migration_project_check BEFORE UPDATE OF state ON migration_project FOR EACH ROW
  WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION migration_project_check();

CREATE FUNCTION migration_batch_check() RETURNS trigger
  LANGUAGE plpgsql
  AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM migration_batch_move WHERE from_state = OLD.state AND to_state = NEW.state) THEN
    RAISE EXCEPTION 'a batch cannot move from % to %', OLD.state, NEW.state
      USING ERRCODE = '23514', CONSTRAINT = 'migration_batch_move', TABLE = 'migration_batch';
  END IF;
  RETURN NEW;
END
$$;
CREATE TRIGGER migration_batch_check BEFORE UPDATE OF state ON migration_batch FOR EACH ROW
  WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION migration_batch_check();

CREATE TRIGGER migration_scope_change_immutable BEFORE UPDATE OR DELETE ON migration_scope_change
  FOR EACH ROW EXECUTE FUNCTION written_once();

DO $$
DECLARE
  stamped text;
BEGIN
  FOREACH stamped IN ARRAY ARRAY['migration_project', 'migration_source_file', 'migration_batch', 'migration_conflict',
    'migration_undo', 'migration_reconciliation'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE ON %I FOR EACH ROW EXECUTE FUNCTION record_stamp()',
      stamped || '_stamp', stamped);
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OF tenant_id, id ON %I FOR EACH ROW EXECUTE FUNCTION key_unchanged()',
      stamped || '_key', stamped);
  END LOOP;
END
$$;
CREATE TRIGGER migration_value_mapping_stamp BEFORE UPDATE ON migration_value_mapping
  FOR EACH ROW EXECUTE FUNCTION record_stamp();

CALL audit_attach('migration_project', 'id');
CALL audit_attach('migration_scope_change', 'id');
CALL audit_attach('migration_source_file', 'id');
CALL audit_attach('migration_batch', 'id');
CALL audit_attach('migration_mapping', 'batch_id,number');
CALL audit_attach('migration_value_mapping', 'batch_id,target,source_value');
CALL audit_attach('migration_conflict', 'id');
CALL audit_attach('migration_undo', 'id');
CALL audit_attach('migration_reconciliation', 'id');
CALL audit_attach('imported_history', 'id');

DO $$
DECLARE
  isolated text;
BEGIN
  FOREACH isolated IN ARRAY ARRAY['migration_project', 'migration_scope_change', 'migration_source_file',
    'migration_batch', 'migration_mapping', 'migration_value_mapping', 'migration_conflict', 'migration_undo',
    'migration_reconciliation', 'imported_history', 'migration_upload', 'migration_blob', 'migration_blob_chunk',
    'migration_column_profile', 'migration_grid', 'migration_staged_row', 'migration_row_issue', 'migration_checkpoint',
    'migration_pending_ref', 'migration_provenance', 'migration_undo_item', 'migration_undo_archive'] LOOP
    CALL tenant_isolate(isolated::regclass);
    -- How data came over is Ethico's to work on; the client sees its records.
    EXECUTE format('REVOKE ALL ON %I FROM portal_tenant', isolated);
  END LOOP;
END
$$;
REVOKE UPDATE, DELETE ON migration_scope_change FROM console_tenant;

-- Who does this work, and who may look on. Presets are rows that the trail keeps, so the change has its event.
DO $$
DECLARE
  moment timestamptz := date_trunc('milliseconds', now());
  event uuid := (substr(audit_first_id(moment)::text, 1, 24) || substr(gen_random_uuid()::text, 25))::uuid;
  request uuid := gen_random_uuid();
  platform uuid := '00000000-0000-0000-0000-000000000000';
BEGIN
  PERFORM audit_ensure_partitions(moment, 4);
  PERFORM set_config('ops.actor', 'system:migration', true), set_config('ops.request', request::text, true),
    set_config('ops.event', event::text, true);
  INSERT INTO capability_preset (preset, capability)
  SELECT preset, unnest(string_to_array(capabilities, ' '))
  FROM (VALUES
    ('implementation', 'tenant.read support.act ticket.write migration.read migration.run'),
    ('auditor', 'migration.read')
  ) AS named (preset, capabilities);
  SET LOCAL ROLE ethico_audit;
  INSERT INTO audit_event (at, id, chain, body)
  -- Canonical, as the program writes it: members by name, no space between.
  VALUES (moment, event, platform, format(
    '{"action":"staff.preset","actor":{"id":"migration","kind":"system"},"at":"%s","chain":"%s","id":"%s",'
      '"method":"CLI","outcome":"ok","release":"0.1.0","request":"%s","route":"migrate","status":200,"v":1}',
    to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), platform, event, request));
  SET LOCAL ROLE ethico_owner;
  PERFORM set_config('ops.actor', '', true), set_config('ops.request', '', true), set_config('ops.event', '', true);
END
$$;
