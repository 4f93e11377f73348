"""Pages against PostgreSQL itself: what a page takes over its own SQL, how long it takes, and what it costs in memory."""

import json
import random
import re
import statistics
import tempfile
import time
from pathlib import Path

import drift
from console import Browser, Console, HEALTH_PORT, ORIGIN
from tools import CONNECTIONS, HERE, ROUND_SECONDS, ROUNDS, WARM_UP_SECONDS, pgbench, percentile, psql, say, wrk

STAFF = "support@ethico.example"
ROLE = "bench_page"
LARGEST_CLIENT = "acme-health"
CASES = "SELECT count(*) FROM \"case\" WHERE tenant_id = (SELECT tenant_id FROM tenant_directory WHERE slug = 'acme-health')"
# By kind: what is typed, and whether the program asks for near names too.
SEARCHES = {
    "exact": ("acme-health", True), "prefix": ("meridi", False), "name": ("meridian-health", False),
    "common word": ("health", False), "typo": ("graniet-steel", True),
}
LOOKS = 100
ENTRIES = 60


class Pages:
    """The console with one signed-in person, and the variables by which pgbench is the same person."""

    def __init__(self, report):
        self.report = report
        self.folder = tempfile.TemporaryDirectory(prefix="bench-scripts.")
        # One role with the privileges of both pools: a page inside a client uses both, and pgbench logs in once.
        psql(f"CREATE ROLE {ROLE} LOGIN INHERIT IN ROLE console_fleet, console_tenant")
        self._hold_to_sources()
        starts = [self._start() for _ in range(3)]
        report.add("start to first answer", statistics.median(starts), "s", at_most=1, baseline="median of 3")
        self._sign_in()

    def _start(self):
        if getattr(self, "console", None):
            self.console.stop()
        self.console = Console()
        return self.console.start_seconds

    def _sign_in(self):
        self.browser = Browser().sign_in(STAFF)
        self.workspace = self.browser.enter(LARGEST_CLIENT)
        self.variables = self._identity()

    def _identity(self):
        [[token, session, staff]] = psql(
            "SELECT s.token_hash, s.id, s.staff_id FROM staff_session s JOIN staff p ON p.id = s.staff_id "
            f"WHERE p.email = '{STAFF}' ORDER BY s.started_at DESC LIMIT 1")
        access = self.workspace.strip("/").split("/")[-1]
        [[tenant, now, idle_since, begun_since]] = psql(
            "SELECT tenant_id, now(), now() - interval '30 minutes', now() - interval '12 hours' "
            f"FROM impersonation WHERE id = '{access}'")
        return {
            "token": token, "session": session, "staff": staff, "actor": f"staff:{staff}", "impersonation": access,
            "tenant": tenant, "request": access, "now": now, "idle_since": idle_since,
            "begun_since": begun_since, "meter": "directory_searches", "limit": 51, "count_limit": 10001,
            "roles": "{system_admin,compliance_officer,triage_lead,investigator}", "flag": "bulk_operations",
        }

    # The scripts are written by hand, so they are held against what the program really sends.
    def _hold_to_sources(self):
        drift.log_statements(True)
        self.console = Console()
        self._sign_in()
        self._look_at_everything()
        queries = {}
        for kind, (words, asks_near) in SEARCHES.items():
            statements = drift.logged(lambda words=words: self.browser.get(f"/tenants?q={words}"))
            drift.demand_same(f"/tenants?q={words}", statements, self._sources(asks_near))
            queries[kind] = len(statements)
        statements = drift.logged(lambda: self.browser.get(self.workspace + "cases"))
        drift.demand_same("the list of cases", statements, ["case-list.sql"])
        self._hold_to_rows()
        drift.log_statements(False)
        self.report.add("directory: queries", max(queries.values()), "", at_most=4)
        # BEGIN with its settings is a round trip like any other query.
        self.report.add("list of cases: queries", len(statements) - 1, "", at_most=8)

    def _look_at_everything(self):
        for words, _ in SEARCHES.values():
            self.browser.get(f"/tenants?q={words}")
        self.browser.get(self.workspace + "cases")

    @staticmethod
    def _sources(asks_near):
        return ["directory.sql", "directory-near.sql"] if asks_near else ["directory.sql"]

    def _hold_to_rows(self):
        """The same rows: as many on the page as the script's own list gives to psql."""
        for words, asks_near in SEARCHES.values():
            found = json.loads(self.browser.get(f"/tenants?q={words}", accept="application/json").body)
            listed = {row[0] for row in self._rows("directory.sql", "WITH matched", words)}
            if asks_near:
                listed |= {row[0] for row in self._rows("directory-near.sql", "SELECT t.tenant_id", words)}
            shown = {item["id"] for item in found["items"]}
            if not shown or not shown <= listed or len(shown) != min(50, len(listed)):
                raise SystemExit(f"/tenants?q={words} shows {len(shown)} clients, its script finds {len(listed)}.")
        found = json.loads(self.browser.get(self.workspace + "cases", accept="application/json").body)
        [[cases]] = psql(CASES)
        if len(found["items"]) != 50 or found["count"] != int(cases):
            raise SystemExit(f"The list of cases shows {len(found['items'])} of {found['count']}, there are {cases}.")

    def _rows(self, name, beginning, words):
        statements = [part for part in re.split(r";\n|\\\w+\n", (HERE / name).read_text(encoding="utf-8"))]
        [sql] = [statement for statement in statements if statement.lstrip().startswith(beginning)]
        for variable, value in (self.variables | {"q": words}).items():
            sql = re.sub(rf"(?<!:):{variable}\b", lambda _, text=value: f"'{text}'", sql)
        return psql(sql, user=ROLE)

    # Side by side, in turns, so that what else the machine does falls on both.
    def _beside(self, paths, scripts, seconds=ROUND_SECONDS):
        self._warm(paths, scripts)
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(wrk(ORIGIN, paths, self.browser.cookie, seconds))
            theirs.append(pgbench(scripts, ROLE, self.variables, seconds=seconds)[0])
        pages = sum(one["requests"] for one in ours) / sum(one["seconds"] for one in ours)
        worst = {key: max(one[key] for one in ours) for key in ("p50", "p95", "p99")}
        return pages, statistics.mean(theirs), worst

    def _warm(self, paths, scripts):
        wrk(ORIGIN, paths, self.browser.cookie, WARM_UP_SECONDS)
        pgbench(scripts, ROLE, self.variables, seconds=WARM_UP_SECONDS)

    def _script(self, kind):
        words, asks_near = SEARCHES[kind]
        text = "\n".join((HERE / name).read_text(encoding="utf-8") for name in self._sources(asks_near))
        variable = "q_" + kind.replace(" ", "_")
        self.variables[variable] = words
        path = Path(self.folder.name) / f"{variable}.sql"
        path.write_text(re.sub(r"(?<!:):q\b", f":{variable}", text), encoding="utf-8")
        return path

    def directory(self):
        say("directory of clients")
        everything = list(SEARCHES)
        for name, kinds in [("50 rows", ["name"]), ("50 rows of thousands", ["common word"]), ("all kinds", everything)]:
            paths = [f"/tenants?q={SEARCHES[kind][0]}" for kind in kinds]
            pages, queries, times = self._beside(paths, [self._script(kind) for kind in kinds])
            self.report.add(f"directory, {name}: throughput", pages / queries, "× pgbench", at_least=0.6,
                            baseline=f"{pages:,.0f} pages/s, pgbench {queries:,.0f}/s")
            self.report.add(f"directory, {name}: p99 at {CONNECTIONS} connections", times["p99"], "ms", at_most=60,
                            baseline=f"p50 {times['p50']:.1f} ms, p95 {times['p95']:.1f} ms")
        self._directory_latency()

    def _directory_latency(self):
        """One person typing, each time something else."""
        # The console has closed a connection that was idle for so long; the next request opens another.
        self.browser.connection.close()
        chance = random.Random(1)
        names = psql(
            f"SELECT slug, name_folded, domains[1] FROM tenant_directory ORDER BY md5(slug) LIMIT {LOOKS}")
        words = {
            "exact": [chance.choice((slug, domain)) for slug, _, domain in names],
            "prefix": [name[:chance.randint(3, 12)].strip() for _, name, _ in names],
            "typo": [mistyped(name, chance) for _, name, _ in names],
        }
        for kind, bar in [("exact", 50), ("prefix", 50), ("typo", 150)]:
            times = []
            for text in words[kind]:
                started = time.perf_counter()
                self.browser.get("/tenants?q=" + text.replace(" ", "+"))
                times.append((time.perf_counter() - started) * 1000)
            self.report.add(f"directory, {kind}: p95 of {LOOKS} searches", percentile(times, 95), "ms", at_most=bar,
                            baseline=f"p50 {percentile(times, 50):.1f} ms")

    def case_list(self):
        say("list of cases")
        pages, queries, times = self._beside([self.workspace + "cases"], [HERE / "case-list.sql"])
        self.report.add("list of cases: throughput", pages / queries, "× pgbench", at_least=0.3,
                        baseline=f"{pages:,.0f} pages/s, pgbench {queries:,.0f}/s")
        self.report.add(f"list of cases: p99 at {CONNECTIONS} connections", times["p99"], "ms", at_most=60,
                        baseline=f"p50 {times['p50']:.1f} ms, p95 {times['p95']:.1f} ms")

    def enter(self):
        say("entering")
        slugs = psql(f"SELECT slug FROM tenant_directory WHERE status <> 'closed' ORDER BY md5(slug) LIMIT {ENTRIES}")
        times = []
        for [slug] in slugs:
            started = time.perf_counter()
            self.browser.get(self.browser.enter(slug))
            times.append((time.perf_counter() - started) * 1000)
        self.report.add("enter to first page: p95", percentile(times, 95), "ms", at_most=200,
                        baseline=f"p50 {percentile(times, 50):.1f} ms, {ENTRIES} entries")

    def hello(self):
        health = f"http://127.0.0.1:{HEALTH_PORT}"
        wrk(health, ["/healthz/live"], seconds=1)
        result = wrk(health, ["/healthz/live"])
        self.report.add("/healthz/live", result["requests"] / result["seconds"], "requests/s",
                        baseline=f"no database, p99 {result['p99']:.1f} ms")

    def memory(self):
        now, most = self.console.memory_mb()
        self.report.add("server's memory after the run", now, "MB", at_most=60, baseline=f"at most {most:.0f} MB")

    def end(self):
        self.console.stop()
        self.folder.cleanup()


def mistyped(name, chance):
    """A name with two letters in each other's place."""
    place = chance.randint(1, len(name) - 3)
    return name[:place] + name[place + 1] + name[place] + name[place + 2:]
