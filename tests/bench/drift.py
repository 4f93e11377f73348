"""Whether the scripts still are the pages' own SQL: compares their statements with those that the server logged while the
program answered one request."""

import re
import time
from collections import Counter
from pathlib import Path

from tools import HERE, HOME, psql

ROLES = ("console_fleet", "console_tenant")
LOG = Path(HOME) / "log"
SETTLE_SECONDS = 0.3
# Not a page's own: the check that a connection is clean, and what is noted about a sign-in every few seconds.
BESIDES = ("select concat(", "update staff_session set last_seen_at", "insert into impersonation_presence")


def log_statements(wanted):
    """Switches the log of statements on or off for connections that begin afterwards."""
    verb = "SET log_statement = 'all'" if wanted else "RESET log_statement"
    for role in ROLES:
        psql(f"ALTER ROLE {role} {verb}")


def logged(ask):
    """The statements that the program ran for one request."""
    time.sleep(SETTLE_SECONDS)
    start = LOG.stat().st_size
    ask()
    time.sleep(SETTLE_SECONDS)
    with LOG.open(encoding="utf-8") as log:
        log.seek(start)
        records = re.split(r"^(?=\d{4}-\d\d-\d\d )", log.read(), flags=re.MULTILINE)
    found = (re.match(r"\S+ \S+ \S+ \[\d+\] LOG:  (?:statement|execute [^:]*): (.*)", record, re.DOTALL)
             for record in records)
    statements = [folded(match[1]) for match in found if match]
    return [statement for statement in statements if not statement.startswith(BESIDES)]


def scripted(names):
    """The statements of scripts, likewise."""
    text = "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)
    lines = [line for line in text.splitlines() if not line.startswith(("--", "\\"))]
    statements = [folded(part) for part in "\n".join(lines).split(";") if part.strip()]
    return [statement for statement in statements if not statement.startswith(BESIDES)]


def folded(sql):
    """What is left of a statement when values, casts and layout are taken away. What the server has to make up in the
    place of the program (ids, times, an event's body) is left away altogether."""
    sql = re.sub(r"::\w+(\[\])?", "", sql)
    sql = re.sub(r"\$\d+|(?<!:):[a-z_]\w*|\b\d+\b", "?", sql)
    sql = re.sub(r"\s+", " ", sql).strip().rstrip(";").strip().lower()
    sql = re.sub(r"\s*([(),])\s*", r"\1", sql)
    if sql.startswith("insert into audit_event"):
        return sql.split("values")[0]
    if sql.startswith("select set_config("):
        return " ".join(re.findall(r"'(ops\.\w+)'", sql))
    return sql


def demand_same(page, statements, names):
    """Ends the benchmark where a script and its page have parted, and says how."""
    program, script = Counter(statements), Counter(scripted(names))
    if program == script:
        return
    only_program = "\n  ".join((program - script).elements())
    only_script = "\n  ".join((script - program).elements())
    raise SystemExit(
        f"tests/bench/{' and '.join(names)} no longer are the SQL of {page}: bring them in line.\n"
        f"Only the program:\n  {only_program}\nOnly the script:\n  {only_script}")
