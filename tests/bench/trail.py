"""What the audit trail costs: writes with it and without, and the proof of it afterwards."""

import contextlib
import json
import os
import re
import statistics
import subprocess
import time

from console import PROGRAM
from tools import DATABASE, HERE, HOME, PROGRAMS, ROUND_SECONDS, ROUNDS, WARM_UP_SECONDS, pgbench, psql, run, say

ROLE = "console_tenant"
STATEMENT_ROUNDS = 5
LONG_EVENTS = 1_000_000


@contextlib.contextmanager
def unaudited(table):
    """The same table as ever, but for the three triggers of the audit trail."""
    triggers = [f"{table}_audit_{verb}" for verb in ("insert", "update", "delete")]
    psql(f'ALTER TABLE "{table}" ' + ", ".join(f"DISABLE TRIGGER {name}" for name in triggers))
    try:
        yield
    finally:
        psql(f'ALTER TABLE "{table}" ' + ", ".join(f"ENABLE ALWAYS TRIGGER {name}" for name in triggers))


class Trail:
    def __init__(self, report, is_long):
        self.report = report
        self.is_long = is_long

    def writes(self):
        say("audited writes")
        audited, plain = self._beside("one", clients=1)
        self.report.add("single audited write", plain[0] / audited[0], "× the time", at_most=2.5,
                        baseline=f"{audited[1]:.2f} ms, unaudited {plain[1]:.2f} ms")
        audited, plain = self._beside("one", clients=64)
        self.report.add("one chain, 64 writers", audited[0], "writes/s", at_least=200,
                        baseline=f"unaudited {plain[0]:,.0f}/s")
        audited, plain = self._beside("many", clients=50)
        self.report.add("50 chains, 50 writers", audited[0], "writes/s", at_least=500)
        self.report.add("50 chains, over unaudited", audited[0] / plain[0], "× unaudited", at_least=0.35,
                        baseline=f"unaudited {plain[0]:,.0f}/s")

    @staticmethod
    def _beside(kind, clients):
        def measured(name, seconds=ROUND_SECONDS):
            # A connection is long-lived in the console; what its first transactions prepare must not be the figure.
            return pgbench([HERE / name], ROLE, {"kind": kind, "actor": "system:bench"}, clients=clients,
                           seconds=seconds * (4 if clients > 1 else 1))

        def pair(*seconds):
            audited = measured("write-audited.sql", *seconds)
            with unaudited("case"):
                return audited, measured("write-plain.sql", *seconds)

        pair(WARM_UP_SECONDS)
        pairs = [pair() for _ in range(ROUNDS)]
        return [tuple(statistics.mean(values) for values in zip(*side)) for side in zip(*pairs)]

    def statements(self):
        say("statements over 5,000 rows")
        audited, plain = [], []
        for number in range(STATEMENT_ROUNDS):
            audited.append(self._statement("statement-audited.sql", number))
            with unaudited("employee"):
                plain.append(self._statement("statement-plain.sql", number))
        for place, name in enumerate(("inserted", "updated")):
            with_trail = statistics.median(times[place] for times in audited)
            without = statistics.median(times[place] for times in plain)
            self.report.add(f"5,000 rows {name} by one statement", with_trail / without, "× the time", at_most=4,
                            baseline=f"{with_trail:.0f} ms, unaudited {without:.0f} ms")

    @staticmethod
    def _statement(name, number):
        """The time of each of the two transactions in ms."""
        [[tenant]] = psql("SELECT tenant_id FROM bench.target WHERE kind = 'one' AND n = 0")
        output = run([PROGRAMS / "psql", "--no-psqlrc", "--set=ON_ERROR_STOP=1", f"--set=tenant={tenant}",
                      f"--set=round={number}", f"--host={HOME}", f"--username={ROLE}", f"--dbname={DATABASE}",
                      f"--file={HERE / name}"])
        if output.count(" 5000\n") != 2:
            raise SystemExit(f"{name} did not touch 5,000 rows twice.")
        return [sum(float(ms) for ms in re.findall(r"Time: ([\d.]+) ms", half)) for half in output.split("changed")]

    def verification(self):
        say("verification")
        if self.is_long:
            self._lengthen()
        with subprocess.Popen([PROGRAM, "audit", "verify", "--json"], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True) as process:
            output = process.stdout.read()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        self.report.add("verification: memory", usage.ru_maxrss / 1024, "MB", at_most=200)
        if process.returncode != 0:
            say(output[:2000])
            self.report.add("verification", 0, "events/s", at_least=50_000,
                            baseline=f"ended with status {process.returncode}: {output.splitlines()[-1][:100]}")
            return
        found = json.loads(output.splitlines()[-1])
        changes = int(psql("SELECT count(*) FROM row_change")[0][0])
        rate = found["events"] / found["ms"] * 1000
        self.report.add("verification", rate, "events/s", at_least=50_000,
                        baseline=f"{found['events']:,} events, {changes:,} row changes, {found['chains']:,} chains")

    @staticmethod
    def _lengthen():
        started = time.perf_counter()
        while (events := int(psql("SELECT count(*) FROM audit_event")[0][0])) < LONG_EVENTS:
            run([PROGRAMS / "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--host={HOME}",
                 f"--username={ROLE}", f"--dbname={DATABASE}", f"--file={HERE / 'events.sql'}"])
        psql("ANALYZE audit_event, audit_seal")
        say(f"  {events:,} events after {time.perf_counter() - started:.0f} s")
