"""What the mapping is worth on systems it has never seen, and how long it takes to say what columns mean."""

import csv
import random
import re
import time
from pathlib import Path

from console import PROGRAM, command
from tools import HOME, run, say

COLUMNS = 60
ROWS = 2_000
LARGE_BYTES = 10_000_000
TURNS = 5
# How the command names its figures, with ours, their bars, and whether more is better.
FIGURES = {
    "top-1 · top-3": [("mapping: right first", 0.90, True), ("mapping: right among three", 0.96, True)],
    "top-1 from headers alone": [("mapping: right first from headers alone", 0.80, True)],
    "sure: right · share · without a field": [
        ("mapping: sure and right", 0.98, True), ("mapping: sure, of what has a field", 0.60, True),
        ("mapping: sure, of what has none", 0.02, False)],
    "calibration error": [("mapping: calibration error", 0.05, False)],
    "right entity": [("mapping: right entity", 0.97, True)],
}


class Mapping:
    def __init__(self, report):
        self.report = report

    def evaluate(self):
        say("what columns mean")
        output, seconds = command("mapping", "evaluate")
        told = dict(re.split(r" {2,}", line, maxsplit=1) for line in output.splitlines() if "  " in line)
        baseline = f"Levenshtein {told['baselines: same label · Levenshtein'].split(' · ')[1]}, in {seconds:.0f} s"
        for name, figures in FIGURES.items():
            for text, (figure, bar, more) in zip(told[name].split(" · "), figures, strict=True):
                share = float(text.removesuffix(" %")) / (100 if text.endswith("%") else 1)
                bars = {"at_least": bar} if more else {"at_most": bar}
                self.report.add(figure, share, "", **bars, baseline=baseline)

    def suggest(self):
        """The whole command, from its start to its answer, over a file that fits and over one that is large."""
        wide, large = Path(HOME) / "wide.csv", Path(HOME) / "large.csv"
        write(wide, rows=ROWS)
        write(large, size=LARGE_BYTES)
        for path, name, bar in ((wide, f"{COLUMNS} × {ROWS:,}", 0.15), (large, "10 MB", 1)):
            times = []
            for _ in range(TURNS):
                started = time.perf_counter()
                run([PROGRAM, "mapping", "suggest", path, "--entity", "case", "--json"])
                times.append(time.perf_counter() - started)
            self.report.add(f"mapping: suggest {name}, the command", min(times), "s", at_most=bar,
                            baseline=f"the best of {TURNS}, {path.stat().st_size / 1e6:.1f} MB")
            path.unlink()


def write(path, rows=None, size=None):
    """A made-up export of sixty columns, of so many rows or bytes."""
    chance = random.Random(11)
    names = ["Case #", "Date Received", "Status", "Issue Type", "Location", "Severity", "Assigned To", "Closed Date",
             "Reporter Type", "Summary"] + [f"Custom Field {number}" for number in range(COLUMNS - 10)]
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(names)
        number = 0
        while number < rows if rows else file.tell() < size:
            number += 1
            day = f"{number % 28 + 1:02}/{number % 12 + 1:02}/2021"
            table.writerow([f"EP-{number:06}", day, chance.choice(["Open", "Closed"]), chance.choice(["Theft", "Fraud"]),
                            f"Site {number % 40}", chance.choice(["High", "Low"]), f"person{number % 90}@client.example",
                            day, "Anonymous", "What was told about the matter."]
                           + [str(chance.randrange(1000)) for _ in range(COLUMNS - 10)])
