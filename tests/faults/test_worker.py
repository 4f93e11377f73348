"""A worker is killed in the middle of its jobs: another takes them over once the leases end, and what they do is done
once."""

import os
import time

from conftest import SUPPORT
from wire import Visitor
from worker import Worker

IS_LONG = os.environ.get("OPS_TEST_LONG") == "1"
JOBS = 40
PATIENCE_SECONDS = 60 if IS_LONG else 20
ORDER = f"""
INSERT INTO job (tenant_id, id, kind, queue, arguments, effect_key, tries, attempts_left, run_at)
SELECT t.id, gen_random_uuid(), 'retention.check', 'default', '{{"entity": "case", "asked_by": "A. User"}}',
  gen_random_uuid(), 3, 3, now()
FROM tenant t CROSS JOIN generate_series(1, {JOBS}) WHERE t.slug = 'acme-health'"""
DONE = ("SELECT count(*) FROM job WHERE kind = 'retention.check' AND state = 'succeeded' "
        "AND created_at > now() - interval '1 hour'")
ENDS = ("SELECT kind, state, (SELECT string_agg(error, ' ') FROM job_attempt WHERE job_id = j.id) FROM job j "
        "WHERE state <> 'succeeded'")
# A rebuild of search and the other jobs are taken at once.
BOTH = {"lanes": 2, "queues": "default,search"}


def test_a_killed_worker(instances, durable, durable_program, tmp_path, figure):
    database = durable_program.database

    def ask(sql: str) -> str:
        return durable.psql(sql, database).strip()

    def wait_for(sql: str, wanted: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (said := ask(sql)) != wanted:
            assert time.monotonic() < deadline, f"{said!r}, not {wanted!r}: {sql}\n{ask(ENDS)}"
            time.sleep(0.02)

    visitor = Visitor(instances[0].origin).sign_in(SUPPORT)
    access = visitor.enter("acme-health")
    rebuild = f"{access}/debug/search/employee"
    assert visitor.send(visitor.form(rebuild, "/rebuild")).status == 303
    ask(ORDER)
    killed = Worker(durable_program, tmp_path / "killed.log", **BOTH)
    try:
        wait_for("SELECT count(*) > 0 FROM job WHERE kind = 'search.rebuild' AND state = 'running' AND done > 0", "t")
    finally:
        killed.kill()
    running = int(ask("SELECT count(*) FROM job WHERE state = 'running' AND worker IS NOT NULL AND losses = 0"))
    assert ask("SELECT state FROM job WHERE kind = 'search.rebuild'") == "running", "it was done before it was killed"

    heir = Worker(durable_program, tmp_path / "heir.log", **BOTH)
    try:
        if not IS_LONG:
            # Nobody takes a job whose lease runs; half a minute is spared here.
            wait_for(f"SELECT ({DONE}) >= {JOBS - 2}", "t")
            assert ask("SELECT state || ' ' || attempts FROM job WHERE kind = 'search.rebuild'") == "running 1"
            ask("UPDATE job SET leased_until = now() "
                "WHERE state = 'running' AND kind IN ('search.rebuild', 'retention.check')")
        wait_for("SELECT state FROM job WHERE kind = 'search.rebuild'", "succeeded")
        wait_for(DONE, str(JOBS))
    finally:
        heir.stop()

    assert ask("SELECT attempts || ' ' || losses FROM job WHERE kind = 'search.rebuild'") == "2 1"
    lost = ask("SELECT string_agg(outcome, ' ' ORDER BY number) FROM job_attempt a JOIN job j ON j.id = a.job_id "
               "WHERE j.kind = 'search.rebuild'")
    assert lost == "lost succeeded"
    assert ask("SELECT count(*) FROM job WHERE kind = 'retention.check' AND attempts > 1 + losses") == "0"
    # The index is there once, and whole: one generation, a document for each record.
    missing = ask(
        "SELECT count(*) FROM employee e JOIN tenant t ON t.id = e.tenant_id AND t.slug = 'acme-health' LEFT JOIN "
        "search_document d ON d.tenant_id = e.tenant_id AND d.entity = 'employee' AND d.id = e.id WHERE d.id IS NULL")
    generations = ask(
        "SELECT count(DISTINCT d.generation) || ' ' || count(*) - count(DISTINCT d.id) FROM search_document d "
        "JOIN tenant t ON t.id = d.tenant_id AND t.slug = 'acme-health' WHERE d.entity = 'employee'")
    assert (missing, generations) == ("0", "1 0")
    figure(f"a worker killed with {running} jobs in its hands; another finished those and {JOBS} more, each once")
    durable_program.assert_intact()
