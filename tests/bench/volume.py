"""What a large client costs: search over its documents, and the jobs tab over more jobs than anybody will look at."""

import json
import random
import time

from console import Browser, Console, Worker
from tools import HERE, percentile, psql, psql_file, say

STAFF = "support@ethico.example"
CLIENT = "acme-health"
SEARCHES = 200
NOTES = 20
PATIENCE_SECONDS = 30
# Of the documents of search-volume.sql: in nearly all of them, in some, in few, by its beginning, a phrase, in none.
WORDS = ["supplier", "invoice", "warehouse", "inv", "supplier warehouse", "\"gift register\"", "nowhere"]


class Volume:
    def __init__(self, report, is_long):
        self.report = report
        self.is_long = is_long

    def search(self):
        """Searches among 100,000 documents of one client; with --long, a million of others beside them."""
        say("search in one client")
        psql_file(HERE / "search-volume.sql", of_acme=True, documents=100_000)
        if self.is_long:
            psql_file(HERE / "search-volume.sql", of_acme=False, documents=900_000)
        psql("VACUUM ANALYZE search_document")
        [[here, in_all]] = psql(
            "SELECT count(*) FILTER (WHERE d.tenant_id = t.tenant_id), count(*) FROM search_document d "
            f"CROSS JOIN tenant_directory t WHERE t.slug = '{CLIENT}'")
        console = Console()
        try:
            browser = Browser().sign_in(STAFF)
            workspace = browser.enter(CLIENT)
            times = self._look(browser, [f"{workspace}search?q={word.replace(' ', '+')}" for word in WORDS])
            self.report.add(f"search: p95 of {SEARCHES}", percentile(times, 95), "ms", at_most=150,
                            baseline=f"{int(here):,} documents of {int(in_all):,}, p50 {percentile(times, 50):.1f} ms")
            self._new_text(browser, workspace)
        finally:
            console.stop()

    @staticmethod
    def _look(browser, addresses):
        chance = random.Random(1)
        times = []
        for _ in range(SEARCHES):
            started = time.perf_counter()
            browser.get(chance.choice(addresses))
            times.append((time.perf_counter() - started) * 1000)
        return times

    def _new_text(self, browser, workspace):
        """From the answer to a note until a search finds it, with a worker apart."""
        [[case]] = psql("SELECT id FROM \"case\" WHERE tenant_id = (SELECT tenant_id FROM tenant_directory "
                        f"WHERE slug = '{CLIENT}') AND stage = 'active' ORDER BY id LIMIT 1")
        waits = []
        worker = Worker()
        try:
            for number in range(NOTES):
                word = f"benchword{number}x"
                note = {"body": f"A note that says {word}.", "visibility": "all"}
                browser.post(f"{workspace}cases/{case}/notes", note)
                started = time.perf_counter()
                while not self._count(browser, f"{workspace}search?q={word}"):
                    if time.perf_counter() - started > PATIENCE_SECONDS:
                        raise SystemExit(f"Search did not find {word} in {PATIENCE_SECONDS} s.")
                waits.append(time.perf_counter() - started)
        finally:
            worker.stop()
        self.report.add(f"search: new text found, p95 of {NOTES}", percentile(waits, 95), "s", at_most=2,
                        baseline=f"p50 {percentile(waits, 50):.2f} s")

    @staticmethod
    def _count(browser, address):
        return json.loads(browser.get(address, "application/json").body)["count"]

    def jobs(self):
        """The jobs tab of a client with 5,000,000 jobs."""
        if not self.is_long:
            return
        say("jobs tab over 5,000,000 jobs")
        psql_file(HERE / "jobs-volume.sql", jobs=5_000_000)
        psql("VACUUM ANALYZE job")
        console = Console()
        try:
            browser = Browser().sign_in(STAFF)
            tab = browser.enter(CLIENT) + "debug/jobs"
            addresses = [tab, tab + "?state=dead", tab + "?state=succeeded&queue=mail", tab + "?kind=mail.deliver",
                         tab + "?only=stuck"]
            times = self._look(browser, addresses)
            [[count]] = psql("SELECT count(*) FROM job")
            self.report.add(f"jobs tab: p95 of {SEARCHES}", percentile(times, 95), "ms", at_most=200,
                            baseline=f"{int(count):,} jobs, p50 {percentile(times, 50):.1f} ms")
        finally:
            console.stop()
