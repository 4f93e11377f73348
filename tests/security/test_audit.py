"""Two verifiers that share no code name the same breaks in the same places: each class is planted by somebody who owns
the database and switches the triggers off."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import verify_audit
from conftest import BINARY, REPO
from ops_server import Program

TABLES = ["audit_event", "audit_seal", "row_change", "audit_detail"]
COLUMNS = """chain, detail_digest, change_count, change_digest, leaf, xact, action, actor_kind, actor_id, subject_id,
  impersonation_id, request_id, object_type, object_id, outcome"""
TAKE_OUT = "; ".join(f"DELETE FROM {table} WHERE {name} = E" for table, name in [
    ("audit_event", "id"), ("row_change", "event"), ("audit_detail", "event"), ("audit_seal", "event")])


def second(at: str, body: str = "body") -> str:
    """Another event under the id of one that is sealed."""
    return f"""INSERT INTO audit_event (at, id, body, {COLUMNS})
      SELECT {at}, id, {body}, {COLUMNS} FROM audit_event WHERE id = E"""


RENUMBERED = "UPDATE audit_event SET body = replace(body, '\"v\":1', '\"v\":2') WHERE id = E"
# An id of nothing.
STRAY = "0199c300-0000-7000-8000-000000000001"


def follow(distance: int) -> str:
    """The seal so many behind that of `E` follows what that one follows."""
    return f"""ALTER TABLE audit_seal DROP CONSTRAINT audit_seal_prev;
      UPDATE audit_seal s SET prev = p.prev, hash = audit_hash(s.chain, s.seq, p.prev, s.leaf)
      FROM audit_seal p WHERE p.event = E AND s.chain = p.chain AND s.seq = p.seq + {distance}"""


# What somebody does to an event `E` that has three changes and a detail, and all that is told of it: classes, and how
# far behind its seal; None is what has no seal.
PLANTS = {
    "body": (RENUMBERED, [("event_changed", 0)]),
    "leaf of the event": ("UPDATE audit_event SET leaf = sha256('x') WHERE id = E", [("event_changed", 0)]),
    "event gone": ("DELETE FROM audit_event WHERE id = E", [("event_missing", 0), ("change_added", 0)]),
    "second event in another month": (second("at + interval '40 days'"), [("event_unsealed", None)]),
    "second event beside": (
        second("at - interval '1 second'", "replace(body, '\"v\":1', '\"v\":2')"), [("event_unsealed", None)]),
    "seal gone": ("DELETE FROM audit_seal WHERE event = E", [("seal_missing", 0), ("event_unsealed", None)]),
    "time": ("UPDATE audit_event SET at = at + interval '1 second' WHERE id = E", [("column_differs", 0)]),
    "no time": ("UPDATE audit_event SET at = 'infinity' WHERE id = E", [("column_differs", 0)]),
    "action": ("UPDATE audit_event SET action = 'case.view' WHERE id = E", [("column_differs", 0)]),
    "actor": ("UPDATE audit_event SET actor_id = 'somebody' WHERE id = E", [("column_differs", 0)]),
    "object": ("UPDATE audit_event SET object_id = NULL WHERE id = E", [("column_differs", 0)]),
    "hash": ("UPDATE audit_seal SET hash = sha256('x') WHERE event = E", [("seal_changed", 0)]),
    "leaf of the seal": ("UPDATE audit_seal SET leaf = sha256('x') WHERE event = E", [("seal_changed", 0)]),
    "all of it gone": (TAKE_OUT, [("seal_missing", 0)]),
    "fork": (follow(1), [("chain_forked", 1), ("order_changed", 2)]),
    "fork from afar": (follow(5), [("chain_forked", 5), ("order_changed", 6)]),
    "order": (
        "UPDATE audit_seal SET prev = sha256('x'), hash = audit_hash(chain, seq, sha256('x'), leaf) WHERE event = E",
        [("order_changed", 0), ("order_changed", 1)]),
    "change": (
        "UPDATE row_change SET payload = payload || ' ' WHERE event = E AND ordinal = 2", [("change_changed", 0)]),
    "change with its leaf": (
        "UPDATE row_change SET payload = payload || ' ', leaf = sha256(salt || convert_to(payload || ' ', 'UTF8')) "
        "WHERE event = E AND ordinal = 2", [("change_changed", 0)]),
    "order of changes": ("UPDATE row_change SET ordinal = 9 WHERE event = E AND ordinal = 1", [("change_changed", 0)]),
    "change gone": ("DELETE FROM row_change WHERE event = E AND ordinal = 2", [("change_missing", 0)]),
    "one change more": ("INSERT INTO row_change SELECT event, 9, payload, salt, leaf, xact FROM row_change "
                        "WHERE event = E AND ordinal = 1", [("change_added", 0)]),
    "change of another transaction": ("UPDATE row_change SET xact = '1' WHERE event = E", [("change_added", 0)]),
    "change of no event": (f"UPDATE row_change SET event = '{STRAY}' WHERE event = E AND ordinal = 1",
                           [("change_added", None), ("change_missing", 0)]),
    "detail": ("UPDATE audit_detail SET text = 'nothing happened' WHERE event = E", [("detail_changed", 0)]),
    "detail gone": ("DELETE FROM audit_detail WHERE event = E", [("detail_changed", 0)]),
}


class Trail:
    """A trail of its own, both verifiers, and whoever tampers with it."""

    def __init__(self, cluster, name: str):
        self.cluster = cluster
        self.name = name
        self.program = Program(REPO, BINARY, cluster.conninfo(name))

    def told_by_the_console(self) -> list[tuple]:
        return self._told(self.program.run("audit", "verify", "--json"))

    def told_by_the_other(self) -> list[tuple]:
        conninfo = self.cluster.conninfo(self.name, "console_audit")
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        return self._told(subprocess.run(
            [sys.executable, Path(__file__).parent / "verify_audit.py", conninfo], env=environment, capture_output=True,
            text=True, timeout=120))

    @staticmethod
    def _told(done: subprocess.CompletedProcess[str]) -> list[tuple]:
        assert done.returncode in (0, 1), done.stdout + done.stderr
        found = json.loads(done.stdout)
        assert found["result"] == ("tampered" if done.returncode else "intact")
        assert found["first_break"] == (found["breaks"][0] if found["breaks"] else None)
        return [tuple(told[name] for name in ("class", "chain", "tenant", "seq", "event", "at"))
                for told in found["breaks"]]

    def sql(self, sql: str) -> str:
        return self.cluster.psql(sql, self.name).strip()

    def plant(self, sql: str, event: str) -> None:
        tables = ", ".join(f"'{table}'" for table in TABLES)
        statements = [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in TABLES]
        statements.append(re.sub(r"= E\b", f"= '{event}'", sql))
        statements.append(f"""DO $$
          DECLARE item record;
          BEGIN
            FOR item IN SELECT tgrelid::regclass AS place, tgname FROM pg_trigger
              WHERE tgrelid = ANY (ARRAY[{tables}]::regclass[]) AND NOT tgisinternal
            LOOP
              EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', item.place, item.tgname);
            END LOOP;
          END $$""")
        self.sql("; ".join(statements))


@pytest.fixture
def trail(cluster, seeded) -> Trail:
    return Trail(cluster, cluster.create("audit", template=seeded))


def test_every_class_is_planted():
    assert {name for _, told in PLANTS.values() for name, _ in told} == set(verify_audit.CLASSES)


def test_both_hold_what_nobody_touched_for_intact(trail):
    assert trail.told_by_the_console() == trail.told_by_the_other() == []


@pytest.mark.parametrize("name", PLANTS)
def test_both_name_what_was_planted(trail, name):
    sql, expected = PLANTS[name]
    # One whose changes are several, in the midst of its chain, with as many seals behind it as the plants reach.
    event, seq = trail.sql("""
      SELECT e.id, s.seq FROM audit_event e JOIN audit_seal s ON s.event = e.id JOIN audit_detail d ON d.event = e.id
      WHERE e.chain = '0193a5c0-0000-7000-8000-000000000001' AND e.change_count = 3 AND e.object_id IS NOT NULL
      ORDER BY s.seq LIMIT 1""").split("|")
    trail.plant(sql, event)
    console, other = trail.told_by_the_console(), trail.told_by_the_other()
    assert console == other
    told = [(found[0], found[3] and found[3] - int(seq)) for found in other]
    assert told == expected
    assert {found[2] for found in other if found[3]} <= {"acme-health"}
    assert all(found[4] == event for found in other if found[3] == int(seq) and found[0] != "seal_missing")


def test_an_access_is_verified_by_itself(trail):
    [access, behind] = trail.sql("""
      SELECT own.access, later.event
      FROM (SELECT e.chain, e.impersonation_id AS access, max(s.seq) AS last
            FROM audit_event e JOIN audit_seal s ON s.event = e.id
            WHERE e.impersonation_id IS NOT NULL GROUP BY 1, 2) own
      JOIN audit_seal later ON later.chain = own.chain AND later.seq = own.last + 1 LIMIT 1""").split("|")
    trail.plant(RENUMBERED, behind)
    assert trail.program.run("audit", "verify").returncode == 1
    by_itself = trail.program.run("audit", "verify", "--impersonation", access)
    assert by_itself.returncode == 0 and by_itself.stdout.startswith("Intact: "), by_itself
    assert "Not verified is what lies before and behind" in by_itself.stdout
    [own] = trail.sql(f"SELECT id FROM audit_event WHERE impersonation_id = '{access}' LIMIT 1").split()
    trail.plant(RENUMBERED, own)
    broken = json.loads(trail.program.run("audit", "verify", "--json", "--impersonation", access).stdout)
    assert [(told["class"], told["event"]) for told in broken["breaks"]] == [("event_changed", own)]
    unknown = trail.program.run("audit", "verify", "--json", "--impersonation", STRAY)
    assert unknown.returncode == 2 and json.loads(unknown.stdout) == {"result": "unchecked"}


def test_the_other_knows_the_formulas_of_the_specification():
    chain, salts = "0193a5c0-0000-7000-8000-000000000001", [bytes(range(n, n + 16)) for n in (0, 16, 32)]
    digest = verify_audit.digest_of([verify_audit.salted(salts[0], '{"op": "U", "pk": "7"}')])
    assert digest.hex() == "3d33e45e04159ceddb79f395460bae4b1a47e66184e12b3ef4069fd540c04d03"
    body = '{"action":"case.assign","at":"2026-03-02T09:15:00.000000Z","v":1}'
    leaf = verify_audit.event_leaf(digest, verify_audit.NOTHING, body)
    assert leaf.hex() == "ce376410bf4b05b53e19561487ae052e12c6a12b438b5a645ae774e9f8638a8a"
    first = verify_audit.first_hash(chain)
    assert first.hex() == "f0d92b75ee172aa2a15460b00eb42b2edf525284a835cee1fc2c02375e27d4dc"
    assert verify_audit.seal_hash(chain, 1, first, leaf).hex() == (
        "7aa3512768766c54d7e8363c83810e4e0318c8ca735dc10bd75d482a9fefc8d0")
    payload = ('{"op": "U", "pk": {"id": "0193a5c0-0000-7000-8000-00000000000c"}, "after": {"stage": "assigned"}, '
               '"table": "case", "before": {"stage": "new"}}')
    assert verify_audit.digest_of([verify_audit.salted(salt, payload) for salt in salts[:2]]).hex() == (
        "1f4a5bdf6e8e95cdeba13cff0277341bb6d392432aaa0d7a714033752d474fda")
    assert verify_audit.salted(salts[2], "Ärger").hex() == (
        "174bf5fdba6e0a48436035275ecc60b268ae66699bc1143a7671001e76219663")
