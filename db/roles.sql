-- The roles of the whole cluster, once per cluster, as a superuser. Safe to run again.
-- One login role and one pool per level of trust; the program never runs SET ROLE (only the migrator does).
-- Passwords are not set here: give each login role one, or let the server trust its socket.

DO $$
DECLARE
  wanted text;
BEGIN
  FOREACH wanted IN ARRAY ARRAY[
    'ethico_owner', 'ethico_audit', 'ethico_search', 'ethico_migrator',
    'console_tenant', 'console_fleet', 'console_bypass', 'console_audit', 'portal_tenant'
  ] LOOP
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = wanted) THEN
      EXECUTE format('CREATE ROLE %I', wanted);
    END IF;
  END LOOP;
END
$$;

-- Owners never log in.
-- (ethico_owner inherits one thing: owning the schema of the database it owns.)
ALTER ROLE ethico_owner NOLOGIN NOSUPERUSER INHERIT NOBYPASSRLS NOCREATEDB NOCREATEROLE;
ALTER ROLE ethico_audit NOLOGIN NOSUPERUSER NOINHERIT NOBYPASSRLS NOCREATEDB NOCREATEROLE;
ALTER ROLE ethico_search NOLOGIN NOSUPERUSER NOINHERIT NOBYPASSRLS NOCREATEDB NOCREATEROLE;

-- The migrator becomes an owner, file by file, and is nothing by itself.
ALTER ROLE ethico_migrator LOGIN NOSUPERUSER NOINHERIT NOBYPASSRLS NOCREATEDB NOCREATEROLE;
GRANT ethico_owner, ethico_audit, ethico_search TO ethico_migrator;

ALTER ROLE console_tenant LOGIN NOSUPERUSER NOINHERIT NOBYPASSRLS NOCREATEDB NOCREATEROLE;
ALTER ROLE console_fleet LOGIN NOSUPERUSER NOINHERIT NOBYPASSRLS NOCREATEDB NOCREATEROLE;
-- How much of a mistyped name has to be right for the directory to find it.
ALTER ROLE console_fleet SET pg_trgm.word_similarity_threshold = 0.5;
ALTER ROLE console_bypass LOGIN NOSUPERUSER NOINHERIT BYPASSRLS NOCREATEDB NOCREATEROLE;
ALTER ROLE console_audit LOGIN NOSUPERUSER NOINHERIT NOBYPASSRLS NOCREATEDB NOCREATEROLE;
ALTER ROLE portal_tenant LOGIN NOSUPERUSER NOINHERIT NOBYPASSRLS NOCREATEDB NOCREATEROLE;
