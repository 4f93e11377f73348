"""What it costs to bring a client's data over, held against PostgreSQL copying the same rows into a bare table: a file of
200,000 cases goes in, is read, mapped, checked, imported, looked at, taken back and imported again."""

import base64
import csv
import json
import random
import time
from collections import Counter
from pathlib import Path

from console import Browser, Console, Worker, memory_mb
from tools import HOME, percentile, psql, run, say, PROGRAMS, DATABASE

STAFF = "implementation@ethico.example"
CLIENT = "acme-health"
HOUSE = f"/t/{CLIENT}/migration"
ROWS = 200_000
LONG_ROWS = 1_000_000
COPIES = 3
PIECE_BYTES = 8_388_608
SINGLE_UNDOS = 40
PATIENCE_SECONDS = 3_600
MEGABYTE = 1_000_000
# By our own names, so that nothing has to be decided: what is measured is the work, not the mapping.
COLUMNS = ["Case number", "Channel", "Status", "Outcome", "Severity", "Received at", "Closed at", "Category", "Title",
           "Narrative", "Reporter type", "Location", "Country"]
PHRASES = ["the invoice was paid twice", "nobody signed for the delivery", "the gate stood open over the weekend",
           "a supplier sent tickets to a match", "overtime was written down that nobody worked",
           "the samples were relabelled", "the till did not agree with the roll", "a door code was passed on"]


class Migration:
    def __init__(self, report, is_long):
        self.report = report
        self.rows = LONG_ROWS if is_long else ROWS
        # How many jobs of each kind have been waited for.
        self.seen = Counter()

    def bring(self):
        say(f"a client's {self.rows:,} cases come over")
        path = Path(HOME) / "cases.csv"
        write_cases(path, self.rows)
        self.megabytes = path.stat().st_size / MEGABYTE
        self.copied = self._copy(path)
        self.report.add("migration: \\copy of the rows", self.copied, "rows/s",
                        baseline=f"{self.rows:,} rows, {self.megabytes:.0f} MB, the best of {COPIES}")
        console, worker = Console(), Worker()
        try:
            self.worker = worker.process.pid
            self.browser = Browser().sign_in(STAFF)
            self._choose()
            self._upload(path, "cases.csv", console)
            batch = self._stage()
            self._commit(batch)
            self._bring_again(path)
            self._look(batch)
            self._undo_singly(batch)
            self._undo(batch)
        finally:
            worker.stop()
            console.stop()
            path.unlink()

    def _copy(self, path):
        columns = ", ".join(f"c{number} text" for number in range(len(COLUMNS)))
        times = []
        for _ in range(COPIES):
            psql(f"DROP TABLE IF EXISTS bench_raw; CREATE TABLE bench_raw ({columns})")
            started = time.perf_counter()
            run([PROGRAMS / "psql", "--no-psqlrc", "--quiet", f"--host={HOME}", "--username=postgres",
                 f"--dbname={DATABASE}", f"--command=\\copy bench_raw FROM '{path}' CSV HEADER"])
            times.append(time.perf_counter() - started)
        psql("DROP TABLE bench_raw")
        return self.rows / min(times)

    def _choose(self):
        self.browser.post(f"{HOUSE}/scope", {"choice[]": "case", "decided_by": "The benchmark", "version": "0"})

    def _upload(self, path, name, console):
        before, _ = console.memory_mb()
        seconds = self._send(path, name)
        _, most = console.memory_mb()
        self.report.add("migration: upload", self.megabytes / seconds, "MB/s", at_least=40)
        self.report.add("migration: upload, memory above idle", most - before, "MB", at_most=32)

    def _send(self, path, name):
        """Sends a file in pieces [tus 1.0.0]; the seconds that took."""
        address = self.browser.ask("POST", f"{HOUSE}/uploads", {
            "Tus-Resumable": "1.0.0", "Upload-Length": str(path.stat().st_size),
            "Upload-Metadata": f"filename {base64.b64encode(name.encode()).decode()}"}).headers["Location"]
        started = time.perf_counter()
        with path.open("rb") as file:
            offset = 0
            while piece := file.read(PIECE_BYTES):
                self.browser.ask("PATCH", address, {
                    "Tus-Resumable": "1.0.0", "Upload-Offset": str(offset),
                    "Content-Type": "application/offset+octet-stream"}, piece)
                offset += len(piece)
        return time.perf_counter() - started

    def _wait(self, kind):
        """The seconds that the next job of a kind took; it fails with the job."""
        self.seen[kind] += 1
        started = time.perf_counter()
        while time.perf_counter() - started < PATIENCE_SECONDS:
            jobs = psql("SELECT state, extract(epoch FROM finished_at - started_at), result FROM job "
                        f"WHERE kind = '{kind}' ORDER BY created_at DESC")
            if len(jobs) == self.seen[kind] and jobs[0][0] == "succeeded":
                return float(jobs[0][1])
            if jobs and jobs[0][0] in ("dead", "cancelled"):
                raise SystemExit(f"{kind} ended: {jobs[0][2]}")
            time.sleep(0.1)
        raise SystemExit(f"{kind} did not end in {PATIENCE_SECONDS} s.")

    def _batch(self, batch=""):
        return json.loads(self.browser.get(f"{HOUSE}{batch}", "application/json").body)

    def _act(self, batch, act, **fields):
        version = str(self._batch(batch)["batch"]["version"])
        self.browser.post(f"{HOUSE}{batch}/{act}", fields | {"version": version})

    def _stage(self):
        idle, _ = memory_mb(self.worker)
        self._rate("read and profile", self._wait("migration.read"), None)
        batch, self.staging = self._check()
        self._rate("check", self.staging, 0.15)
        _, most = memory_mb(self.worker)
        self.report.add("migration: worker's memory above idle", most - idle, "MB", at_most=64)
        return batch

    def _check(self):
        """Maps the newest batch and has its rows checked: the batch, and the seconds that took."""
        batch = f"/batches/{self._batch()['batches'][0]['id']}"
        columns = json.loads(self.browser.get(f"{HOUSE}{batch}/map", "application/json").body)["columns"]
        wanted = {name: name.lower().replace(" ", "_") for name in COLUMNS}
        chosen = {f"c{index}.target": wanted[column["name"]] for index, column in enumerate(columns)}
        chosen |= {f"c{index}.ok": "true" for index in range(len(columns))}
        self._act(batch, "map", **chosen)
        # What the client does not have is asked about: all of them are new.
        self._act(batch, "values", then="new-categories")
        self._act(batch, "stage")
        return batch, self._wait("migration.stage")

    def _bring_again(self, path):
        """The same rows in another file write nothing."""
        with path.open("a", encoding="utf-8") as file:
            file.write("\n")
        self._send(path, "cases-again.csv")
        self._wait("migration.read")
        batch, seconds = self._check()
        counts = self._batch(batch)["batch"]["counts"]
        self.report.add("migration: rows unchanged when they come again", counts["unchanged"] / self.rows, "",
                        at_least=1, baseline=f"{seconds * 1000 / self.rows:.3f} ms a row")

    def _commit(self, batch):
        found = self._batch(batch)
        warnings = [issue["code"] for issue in found["issues"] if issue["level"] == "warning"]
        if warnings:
            self._act(batch, "acknowledge", **{"code[]": warnings})
        self._act(batch, "commit", slug=CLIENT)
        committing = self._wait("migration.commit")
        self._rate("import", committing, 0.07)
        self._rate("check and import", self.staging + committing, 0.04)
        [[count]] = psql("SELECT count(*) FROM \"case\" WHERE reference LIKE 'BN-%'")
        if int(count) != self.rows:
            raise SystemExit(f"{count} of {self.rows} cases came over: {found['issues']}")

    def _look(self, batch):
        psql("ANALYZE migration_provenance")
        started = time.perf_counter()
        plan = json.loads(self.browser.get(f"{HOUSE}{batch}/undo", "application/json").body)
        self.report.add("migration: undo preview of all", time.perf_counter() - started, "s",
                        at_most=5, baseline=f"{plan['total']:,} records, {plan['total'] - plan['unseen']:,} of them looked at")

    def _undo_singly(self, batch):
        records = json.loads(self.browser.get(f"{HOUSE}{batch}/records", "application/json").body)["items"]
        times = []
        for record in records[:SINGLE_UNDOS]:
            started = time.perf_counter()
            self.browser.post(f"{HOUSE}{batch}/undo", {"items[]": record["record"], "version": "0"})
            times.append((time.perf_counter() - started) * 1000)
        self.report.add(f"migration: one record undone, p95 of {len(times)}", percentile(times, 95), "ms", at_most=300,
                        baseline=f"p50 {percentile(times, 50):.1f} ms")

    def _undo(self, batch):
        self._act(batch, "undo")
        self._rate("undo", self._wait("migration.undo"), 0.06)
        [[count]] = psql("SELECT count(*) FROM \"case\" WHERE reference LIKE 'BN-%'")
        if int(count):
            raise SystemExit(f"{count} cases were not taken back.")

    def _rate(self, name, seconds, bar):
        rate = self.rows / seconds
        self.report.add(f"migration: {name} over \\copy", rate / self.copied, "", at_least=bar,
                        baseline=f"{rate:,.0f} rows/s, {seconds * 1000 / self.rows:.3f} ms a row")


def write_cases(path, rows):
    """Made up, by a fixed seed: about 480 bytes a row."""
    chance = random.Random(7)
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for number in range(rows):
            story = ". ".join(chance.choices(PHRASES, k=9)).capitalize() + "."
            table.writerow([
                f"BN-{number:07}", chance.choice(["phone", "web_form", "email"]), "closed",
                chance.choice(["substantiated", "unsubstantiated"]), chance.choice(["low", "medium", "high"]),
                f"2021-{number % 12 + 1:02}-{number % 28 + 1:02}T09:30:00Z",
                f"2022-{number % 12 + 1:02}-{number % 28 + 1:02}T16:00:00Z", f"Category {number % 24}",
                f"Matter {number}", story, "anonymous", f"Site {number % 60}", "DE"])
