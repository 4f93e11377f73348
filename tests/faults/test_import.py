"""A worker is killed, and PostgreSQL crashes, while rows are checked, imported, taken back and brought back: in the end
all stands as where nothing was disturbed, each row once."""

import os
import random
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from conftest import IMPLEMENTATION
from wire import Visitor
from worker import Worker

IS_LONG = os.environ.get("OPS_TEST_LONG") == "1"
# The clients of the small world: one is left in peace, at the other the worker is killed.
QUIET, DISTURBED = "borealis-bank", "acme-health"
ROWS = 12_000 if IS_LONG else 1_500
# How often the worker is killed in each phase of a round, and in how many rounds.
KILLS = {"migration.stage": 2, "migration.commit": 3, "migration.undo": 2, "reverse": 1}
# The table that each phase is in the midst of writing when a worker is killed there, however fast it is.
WRITES = {"migration.stage": "migration_staged_row", "migration.commit": "migration_provenance",
          "migration.undo": "case", "reverse": "case"}
ROUNDS = 13 if IS_LONG else 1
PATIENCE_SECONDS = 300
BOUNDARY = "----boundary"
# What is kept by the machine about the work itself, or derived from records in its own time.
BESIDE = "migration_|job|search_|audit_|row_change|usage_event|tenant_submission|error_|impersonation|imported_history"


class Move:
    """One client's move: what a person orders by the pages' forms, and what the database then says of it."""

    def __init__(self, visitor: Visitor, slug: str, durable, program, log: Path):
        self.visitor, self.slug, self.durable, self.program, self.log = visitor, slug, durable, program, log
        self.home = f"/t/{slug}/migration"
        self.batch = ""
        self.tenant = self.ask(f"SELECT id FROM tenant WHERE slug = '{slug}'")

    def ask(self, sql: str) -> str:
        return self.durable.psql(sql, self.program.database).strip()

    def send(self, page: str, end: str, fields: dict[str, str] | None = None) -> None:
        answer = self.visitor.send(self.visitor.form(page, end), fields)
        assert answer.status == 303, f"{page} {end}: {answer.status} {answer.text[:3000]}"

    # What is done to a batch.

    def bring(self, prefix: str) -> None:
        """Uploads a file whose cases have numbers of their own, and settles its columns; its rows are being checked."""
        lines = ["case_number,status,reporter_type,channel,received_at,category,severity,title,summary"]
        for number in range(ROWS):
            status = "Closed - Substantiated" if number % 3 else "New"
            kind = "identified" if number % 2 else "anonymous"
            lines.append(f"{prefix}-{number},{status},{kind},Hotline,2020-{number % 12 + 1:02}-17T09:00:00Z,"
                         f"Harassment,High,Remarks {number},Said on shift {number} that nobody had counted the pallets.")
        form = self.visitor.form(self.home, "/files")
        parts = "".join(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                        for name, value in form.fields.items() if name != "file")
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{prefix}.csv"\r\n\r\n'
        body = (parts + head + "\n".join(lines) + f"\r\n--{BOUNDARY}--\r\n").encode()
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        answer = self.visitor.ask("POST", form.action, body, headers={"Content-Type": kind})
        assert answer.status == 303, answer.text[:3000]
        self.work("migration.read")
        self.batch = self.visitor.json(self.home)["batches"][0]["id"]
        mapper = self.visitor.json(f"{self.page}/map")
        fields = {"version": str(mapper["version"]), "then": "check"}
        for column in mapper["columns"]:
            fields |= {f"c{column['index']}.target": column["name"], f"c{column['index']}.ok": "true"}
        self.send(f"{self.page}/map", "/map", fields)

    @property
    def page(self) -> str:
        return f"{self.home}/batches/{self.batch}"

    def commit(self) -> None:
        self.send(self.page, "/commit", {"slug": self.slug})

    def undo(self) -> None:
        self.send(f"{self.page}/undo", "/undo")

    def reverse(self) -> None:
        undo = self.ask(f"SELECT id FROM migration_undo WHERE batch_id = '{self.batch}' AND state = 'done' "
                        "AND reverses_id IS NULL ORDER BY started_at DESC LIMIT 1")
        self.send(f"{self.home}/undos/{undo}/reverse", "/reverse")

    # How it is worked on.

    def job(self, kind: str, wanted: str = "state") -> str:
        return self.ask(self.of(kind, wanted))

    def of(self, kind: str, wanted: str) -> str:
        return (f"SELECT {wanted} FROM job WHERE kind = '{kind}' AND tenant_id = '{self.tenant}' "
                "ORDER BY created_at DESC LIMIT 1")

    def errors(self, kind: str) -> str:
        return self.job(kind, "(SELECT string_agg(concat_ws(' ', outcome, error), '; ' ORDER BY number) FROM job_attempt a "
                              "WHERE a.tenant_id = job.tenant_id AND a.job_id = job.id)")

    def wait(self, kind: str, *states: str) -> str:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (state := self.job(kind)) not in states:
            assert state != "dead" and time.monotonic() < deadline, f"{kind} is {state}: {self.errors(kind)}"
            if state == "retrying":
                self.let_another_take_it(kind)
            time.sleep(0.01)
        return state

    def worker(self) -> Worker:
        """One that leaves search to others."""
        return Worker(self.program, self.log, lanes=1, queues="default")

    def work(self, kind: str) -> float:
        """Has the job done; how long that took."""
        worker = self.worker()
        try:
            self.wait(kind, "succeeded")
        finally:
            worker.kill()
        return float(self.job(kind, "extract(epoch FROM finished_at - started_at)"))

    def disturb(self, kind: str, moments: list[float]) -> int:
        """Kills a worker so long after it has begun, for each moment, and lets another one end the job.
        - Returns how often it was in the midst of the work."""
        met = 0
        for moment in moments:
            worker = self.worker()
            try:
                self.until(self.of(kind, "state = 'succeeded' OR leased_until > now()"))
                time.sleep(moment)
            finally:
                worker.kill()
            met += self.job(kind) == "running"
            self.let_another_take_it(kind, seconds=0)
        self.work(kind)
        return met

    def kill_in_the_midst(self, kind: str, table: str) -> None:
        """Kills a worker that has begun to write to a table."""
        with self.held(table):
            worker = self.worker()
            try:
                self.until("SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted "
                           f"AND relation = '\"{table}\"'::regclass)")
            finally:
                worker.kill()
        assert self.job(kind) == "running"
        self.let_another_take_it(kind, seconds=0)

    @contextmanager
    def held(self, table: str):
        """Whoever writes to the table meanwhile waits."""
        conninfo = self.durable.conninfo(self.program.database, "postgres")
        holder = subprocess.Popen(
            ["psql", "--no-psqlrc", "--quiet", "--dbname", conninfo], stdin=subprocess.PIPE, text=True)
        holder.stdin.write(f'BEGIN; LOCK TABLE "{table}" IN SHARE MODE;\n')
        holder.stdin.flush()
        try:
            self.until("SELECT EXISTS (SELECT FROM pg_locks WHERE granted AND mode = 'ShareLock' "
                       f"AND relation = '\"{table}\"'::regclass)")
            yield
        finally:
            holder.communicate("ROLLBACK;\n", timeout=PATIENCE_SECONDS)

    def until(self, question: str) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.ask(question) != "t":
            assert time.monotonic() < deadline, question
            time.sleep(0.01)

    def crash(self, kind: str, moment: float) -> None:
        """The same with PostgreSQL; the worker stays, and tries again."""
        worker = self.worker()
        try:
            self.wait(kind, "running", "succeeded")
            time.sleep(moment)
            self.durable.restart("immediate")
            deadline = time.monotonic() + PATIENCE_SECONDS
            while (state := self.job(kind)) != "succeeded":
                assert state != "dead" and time.monotonic() < deadline, f"{kind} is {state}: {self.errors(kind)}"
                self.let_another_take_it(kind)
                time.sleep(0.5)
        finally:
            worker.kill()

    def let_another_take_it(self, kind: str, seconds: int = 1) -> None:
        """Spares half a minute for each lease, and the person who lets a job go on that took two workers with it."""
        self.ask(f"""
            UPDATE job SET leased_until = CASE WHEN state = 'running' THEN now() - interval '1 second' END, losses = 0,
              attempts_left = 5, run_at = least(run_at, now())
            WHERE kind = '{kind}' AND tenant_id = '{self.tenant}' AND (state = 'retrying'
              OR state = 'running' AND heartbeat_at <= now() - interval '{seconds} second')""")

    # What stands in the end.

    def standing(self) -> dict[str, str]:
        """Of the batch, without ids and times."""
        mine = f"tenant_id = '{self.tenant}' AND batch_id = '{self.batch}'"
        undos = f"FROM migration_undo u JOIN {{}} i ON i.tenant_id = u.tenant_id AND i.undo_id = u.id WHERE u.{mine}"
        tell = {
            "batch": f"SELECT state, counts FROM migration_batch WHERE tenant_id = '{self.tenant}' AND id = '{self.batch}'",
            "staged": f"SELECT count(*), {digest('row_no', 'decision', 'content_hash')} FROM migration_staged_row WHERE {mine}",
            "issues": f"SELECT code, count(*) FROM migration_row_issue WHERE {mine} GROUP BY 1 ORDER BY 1",
            "layers": "SELECT target_table, action, seq, undone_at IS NULL, count(*), count(DISTINCT row_no), "
                      "count(DISTINCT target_id) FROM migration_provenance "
                      f"WHERE {mine} GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4",
            "cases": self.rows_of("case", "title", "summary", "stage", "severity", "outcome", "opened_at", "version"),
            "reports": self.rows_of("report", "reporter", "channel", "received_at", "body"),
            "undone": "SELECT u.reverses_id IS NULL, i.bucket, i.state, count(*) "
                      f"{undos.format('migration_undo_item')} GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            "archived": f"SELECT i.target_table, count(*) {undos.format('migration_undo_archive')} GROUP BY 1 ORDER BY 1",
            # A chunk that was written twice would have two events.
            "events": f"SELECT action, outcome, count(*) FROM audit_event WHERE chain = '{self.tenant}' AND "
                      f"object_id = '{self.batch}' AND actor_kind = 'system' GROUP BY 1, 2 ORDER BY 1, 2",
        }
        return {name: self.ask(sql) for name, sql in tell.items()}

    def rows_of(self, table: str, *columns: str) -> str:
        """What the rows became, by the number of each."""
        return (f"SELECT count(*), {digest('row_no', *columns)} FROM \"{table}\" t JOIN migration_provenance p "
                f"ON p.tenant_id = t.tenant_id AND p.target_id = t.id AND p.target_table = '{table}' "
                f"WHERE p.tenant_id = '{self.tenant}' AND p.batch_id = '{self.batch}' AND p.undone_at IS NULL")

    def workspace(self) -> dict[str, str]:
        """Every row of the client's own tables, as one digest a table."""
        tables = self.ask("SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = "
                          "'tenant_id' WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname !~ "
                          f"'^({BESIDE})' ORDER BY 1").splitlines()
        return {table: self.ask(f"SELECT count(*), md5(string_agg(t::text, ' ' ORDER BY t::text)) FROM \"{table}\" t "
                                f"WHERE tenant_id = '{self.tenant}'") for table in tables}


def digest(*columns: str) -> str:
    return f"md5(string_agg(concat_ws(' ', {', '.join(columns)}), ' ' ORDER BY row_no))"


@pytest.fixture
def moves(instances, durable, durable_program, tmp_path):
    visitor = Visitor(instances[0].origin).sign_in(IMPLEMENTATION)
    moves = [Move(visitor, slug, durable, durable_program, tmp_path / f"{slug}.log") for slug in (QUIET, DISTURBED)]
    for move in moves:
        move.send(f"{move.home}/scope", "/scope", {"choice[]": "case", "decided_by": "N. Berg"})
    return moves


def test_killed_anywhere(moves, durable_program, figure):
    quiet, disturbed = moves
    quiet.bring("EP0")
    lasts = {"migration.stage": quiet.work("migration.stage")}
    before_quiet = quiet.workspace()
    quiet.commit()
    lasts["migration.commit"] = quiet.work("migration.commit")
    imported = quiet.standing()
    quiet.undo()
    lasts["migration.undo"] = quiet.work("migration.undo")
    undone = quiet.standing()
    assert quiet.workspace() == before_quiet, "an import that is undone leaves the workspace as it was"
    quiet.reverse()
    lasts["reverse"] = quiet.work("migration.undo")
    returned = quiet.standing()
    assert returned["cases"] == imported["cases"] and imported["cases"].startswith(f"{ROWS}|"), imported

    chance = random.Random(11)
    killed = met = 0

    def meet(phase: str) -> None:
        nonlocal killed, met
        disturbed.kill_in_the_midst("migration.undo" if phase == "reverse" else phase, WRITES[phase])
        killed += 1
        met += 1

    def disturb(phase: str) -> None:
        nonlocal killed, met
        meet(phase)
        moments = [chance.uniform(0, lasts[phase]) for _ in range(KILLS[phase])]
        killed += len(moments)
        met += disturbed.disturb("migration.undo" if phase == "reverse" else phase, moments)

    for number in range(ROUNDS):
        disturbed.bring(f"EP{number}")
        disturb("migration.stage")
        before = disturbed.workspace()
        disturbed.commit()
        if number == 0:
            meet("migration.commit")
            disturbed.crash("migration.commit", chance.uniform(0, lasts["migration.commit"]))
        else:
            disturb("migration.commit")
        assert disturbed.standing() == imported
        disturbed.undo()
        disturb("migration.undo")
        assert disturbed.standing() == undone
        assert disturbed.workspace() == before
        disturbed.reverse()
        disturb("reverse")
        assert disturbed.standing() == returned
    figure(f"{killed} workers killed, {met} of them in the midst of {ROWS:,} rows being checked, imported, undone or brought "
           f"back, and PostgreSQL crashed once: as an undisturbed run, {', '.join(f'{s:.1f}' for s in lasts.values())} s")
    durable_program.assert_intact()
