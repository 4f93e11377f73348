"""The programs that measure, as functions: psql, pgbench and wrk."""

import json
import os
import re
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
HOME = os.environ["BENCH_HOME"]
PROGRAMS = Path(os.environ["BENCH_POSTGRES"])
DATABASE = "ethico"
CONNECTIONS = 16
WARM_UP_SECONDS = 3
ROUNDS = 2
ROUND_SECONDS = 5


def say(text):
    print(text, flush=True)


def run(command, **options):
    """A program's output; what it complained of is in the error if it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise SystemExit(f"{Path(str(command[0])).name} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
    return done.stdout


def psql(sql, user="postgres"):
    """Rows of text columns. Several statements of one text are one transaction."""
    output = run([PROGRAMS / "psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator=\t",
                  "--set=ON_ERROR_STOP=1", f"--host={HOME}", f"--username={user}", f"--dbname={DATABASE}",
                  f"--command={sql}"])
    return [line.split("\t") for line in output.splitlines()]


def psql_file(path, **variables):
    run([PROGRAMS / "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction",
         *(f"--set={name}={value}" for name, value in variables.items()),
         f"--host={HOME}", "--username=postgres", f"--dbname={DATABASE}", f"--file={path}"])


def pgbench(scripts, user, variables, clients=CONNECTIONS, seconds=ROUND_SECONDS):
    """Runs scripts, each as often, and returns transactions a second and their mean time in ms."""
    command = [PROGRAMS / "pgbench", "--no-vacuum", "--protocol=prepared", f"--host={HOME}", f"--username={user}",
               f"--client={clients}", f"--jobs={min(2, clients)}", f"--time={seconds}"]
    command += [f"--file={script}" for script in scripts]
    command += [f"--define={name}={value}" for name, value in variables.items()]
    output = run(command + [DATABASE])
    failed = re.search(r"number of failed transactions: (\d+)", output)
    if failed and failed[1] != "0":
        raise SystemExit(f"pgbench: {failed[1]} transactions failed.\n{output}")
    return (float(re.search(r"tps = ([\d.]+)", output)[1]), float(re.search(r"latency average = ([\d.]+)", output)[1]))


def wrk(address, paths, cookie="-", seconds=ROUND_SECONDS):
    """Asks for pages over 16 connections. An answer other than 200 ends the benchmark: it measures something else."""
    output = run(["wrk", "--threads=2", f"--connections={CONNECTIONS}", f"--duration={seconds}s", "--timeout=10s",
                  f"--script={HERE / 'session.lua'}", address, "--", cookie, *paths])
    result = json.loads(output.strip().splitlines()[-1])
    if result["refused"] or result["errors"]:
        raise SystemExit(f"wrk: {result['refused']} answers were no page, {result['errors']} errors, at {paths}")
    return result


def percentile(values, percent):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]
