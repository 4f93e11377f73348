"""Every held figure, measured on a private PostgreSQL that bin/bench made: seeds it, measures, prints the table.

Pages and writes are held against PostgreSQL doing the same work in the same run, so that a slower machine moves both.
"""

import os
import signal
import sys
import time

from console import command
from crowd import Crowd
from mapping import Mapping
from migration import Migration
from pages import Pages
from report import Report
from tools import HERE, ROUND_SECONDS, ROUNDS, WARM_UP_SECONDS, psql, psql_file, say
from trail import Trail
from volume import Volume

CLIENTS = 100_000


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    report = Report()
    prepare(report)
    is_long = "--long" in sys.argv[1:]
    pages = Pages(report)
    trail = Trail(report, is_long)
    crowd = Crowd(report, is_long)
    volume = Volume(report, is_long)
    migration = Migration(report, is_long)
    mapping = Mapping(report)
    try:
        for measure in (pages.enter, pages.directory, pages.case_list, pages.hello, pages.memory):
            measure()
    finally:
        pages.end()
    for measure in (
        trail.writes, trail.statements, trail.verification, crowd.work, volume.search, volume.jobs, mapping.evaluate,
        mapping.suggest, migration.bring):
        measure()
    report.write(os.environ["BENCH_RESULT"])
    say(f"\n{conditions()}\n\n{report.table()}\n")
    return 0 if report.holds else 1


def prepare(report):
    _, seconds = command("migrate")
    say(f"migrated in {seconds:.1f} s; seeding {CLIENTS:,} clients")
    _, seconds = command("seed", "--tenants", CLIENTS, "--seed", 1)
    report.add(f"seeding {CLIENTS:,} clients", seconds, "s")
    psql_file(HERE / "prepare.sql")
    psql("VACUUM ANALYZE")
    psql("CHECKPOINT")


def conditions():
    """What the figures depend on."""
    settings = dict(psql("SELECT name, setting || COALESCE(' ' || unit, '') FROM pg_settings WHERE name IN "
                         "('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers')"))
    load = os.getloadavg()
    return (f"{time.strftime('%Y-%m-%d %H:%M')} · {os.cpu_count()} cores, shared by PostgreSQL, the console and the load · "
            f"load {load[0]:.1f} · PostgreSQL {settings.pop('server_version')}, "
            + ", ".join(f"{name} {value}" for name, value in sorted(settings.items()))
            + f" · {ROUNDS} × {ROUND_SECONDS} s a side in turns after {WARM_UP_SECONDS} s of warm-up")


if __name__ == "__main__":
    sys.exit(main())
