"""Proves the audit trail a second time, from its specification and by other means than the console's own verifier, with
which it shares no line: rows come out of psql by COPY, hashes from hashlib.

    verify_audit.py CONNINFO        CONNINFO as psql takes it, of a role that may read the trail, as console_audit

Prints what it found as JSON. Exit status: 0 intact, 1 tampered, 2 could not check. It holds the rows of one event at a
time, the prevs of one chain, and what it has found. What takes checkpoints or redactions it does not know."""

import hashlib
import itertools
import json
import os
import re
import subprocess
import sys
import uuid
from datetime import datetime, timedelta, timezone

CLASSES = [
    "event_changed", "event_missing", "event_unsealed", "column_differs", "seal_changed", "seal_missing",
    "chain_forked", "order_changed", "change_changed", "change_missing", "change_added", "detail_changed",
]
PLATFORM = "00000000-0000-0000-0000-000000000000"
NOTHING = bytes(32)

# Everything comes in one order: by seal, and behind them by the ids of what has none.
TRAIL = """
  SELECT COALESCE(s.event, e.id) AS event, s.chain AS seal_chain, s.seq, s.leaf AS seal_leaf, s.prev, s.hash, e.id,
    e.chain, COALESCE(to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.at::text) AS at,
    e.body, e.detail_digest, e.change_count, e.change_digest, e.leaf, e.xact, e.action, e.actor_kind, e.actor_id,
    e.subject_id, e.impersonation_id, e.request_id, e.object_type, e.object_id, e.outcome
  FROM audit_seal s
  FULL JOIN audit_event e ON e.id = s.event
  ORDER BY s.chain, s.seq, COALESCE(s.event, e.id), e.at"""
CHANGES = """
  SELECT c.event, s.chain AS seal_chain, s.seq, c.payload, c.salt, c.leaf, c.xact
  FROM row_change c
  LEFT JOIN audit_seal s ON s.event = c.event
  ORDER BY s.chain, s.seq, c.event, c.ordinal"""
DETAILS = """
  SELECT d.event, s.chain AS seal_chain, s.seq, d.salt, d.text
  FROM audit_detail d
  LEFT JOIN audit_seal s ON s.event = d.event
  ORDER BY s.chain, s.seq, d.event"""
SLUGS = "SELECT tenant_id, slug FROM tenant_directory"


# The formulas.

def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def first_hash(chain: str) -> bytes:
    return sha256(b"ethico-audit/v1", uuid.UUID(chain).bytes)


def seal_hash(chain: str, seq: int, prev: bytes, leaf: bytes) -> bytes:
    return sha256(b"\x01", uuid.UUID(chain).bytes, seq.to_bytes(8, "big", signed=True), prev, leaf)


def event_leaf(change_digest: bytes, detail_digest: bytes, body: str) -> bytes:
    return sha256(b"\x00", change_digest, detail_digest, body.encode())


def salted(salt: bytes, text: str) -> bytes:
    return sha256(salt, text.encode())


def digest_of(leaves: list[bytes]) -> bytes:
    return sha256(*leaves) if leaves else NOTHING


# The rows.

class Snapshot:
    """Several readers that see one state of the database."""

    def __init__(self, conninfo: str):
        self.conninfo = conninfo
        self.holder = self._psql(stdin=subprocess.PIPE)
        self.holder.stdin.write(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0;"
            "SELECT pg_export_snapshot();\n")
        self.holder.stdin.flush()
        self.id = self.holder.stdout.readline().strip()
        if not self.id:
            raise OSError("there is no snapshot to read")

    def rows(self, select: str):
        """The rows of a statement, each by the names of its columns."""
        reader = self._psql(
            "--command", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            "--command", f"SET TRANSACTION SNAPSHOT '{self.id}'",
            "--command", "SET LOCAL statement_timeout = 0",
            "--command", f"COPY ({select}) TO STDOUT (HEADER)")
        names = reader.stdout.readline().rstrip("\n").split("\t")
        for line in reader.stdout:
            yield dict(zip(names, map(cell, line.rstrip("\n").split("\t"))))
        if reader.wait() != 0:
            raise OSError("psql could not read")

    def end(self) -> None:
        self.holder.stdin.close()
        self.holder.wait()

    def _psql(self, *arguments: str, **streams) -> subprocess.Popen:
        command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"]
        return subprocess.Popen(
            [*command, "--dbname", self.conninfo, *arguments], stdout=subprocess.PIPE, encoding="utf-8",
            env={**os.environ, "PGCLIENTENCODING": "UTF8"}, **streams)


ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def cell(text: str) -> str | None:
    """A value as COPY writes it."""
    if text == r"\N":
        return None
    return re.sub(r"\\(.)", lambda match: ESCAPES.get(match[1], match[1]), text)


def raw(text: str) -> bytes:
    """A bytea, which comes as \\x and hexadecimal digits."""
    return bytes.fromhex(text[2:])


class Beside:
    """Rows that belong to events, in the order of the events."""

    def __init__(self, rows):
        self.groups = itertools.groupby(rows, key=order)
        self.head = next(self.groups, None)

    def before(self, key: tuple):
        """What stands before an event, and so belongs to none."""
        while self.head and self.head[0] < key:
            yield self._take()

    def of(self, key: tuple) -> list[dict]:
        return self._take()[1] if self.head and self.head[0] == key else []

    def _take(self) -> tuple[tuple, list[dict]]:
        key, rows = self.head
        taken = key, list(rows)
        self.head = next(self.groups, None)
        return taken


def order(row: dict) -> tuple:
    """The place of a row; what has no seal comes behind all that has one."""
    chain, seq = row["seal_chain"], row["seq"]
    return (chain is None, chain or "", int(seq or 0), row["event"])


END = (True, "~", 0, "~")


# The verification.

class Verifier:
    def __init__(self, snapshot: Snapshot):
        self.slugs = {row["tenant_id"]: row["slug"] for row in snapshot.rows(SLUGS)}
        self.trail = itertools.groupby(snapshot.rows(TRAIL), key=order)
        self.changes = Beside(snapshot.rows(CHANGES))
        self.details = Beside(snapshot.rows(DETAILS))
        self.breaks: list[dict] = []
        self.chains = self.events = 0
        self.last: dict | None = None
        self.prevs: set[bytes] = set()

    def verify(self) -> dict:
        for key, rows in self.trail:
            rows = list(rows)
            self._no_event(self.changes.before(key))
            for _ in self.details.before(key):
                pass
            changes, details = self.changes.of(key), self.details.of(key)
            events = [row for row in rows if row["id"]]
            self.events += len(events)
            if rows[0]["seal_chain"] is None:
                for event in events:
                    self._unsealed(event, "the event has no seal")
            else:
                self._seal(rows[0], events, changes, details)
        self._no_event(self.changes.before(END))
        self.breaks.sort(key=lambda found: (
            found["chain"], found["seq"] is None, found["seq"] or 0, CLASSES.index(found["class"]), found["at"],
            found["event"]))
        return {
            "result": "tampered" if self.breaks else "intact", "chains": self.chains, "events": self.events,
            "breaks": self.breaks, "first_break": self.breaks[0] if self.breaks else None}

    def _seal(self, row: dict, events: list[dict], changes: list[dict], details: list[dict]) -> None:
        chain, seq = row["seal_chain"], int(row["seq"])
        seal = {"chain": chain, "seq": seq, "event": row["event"], "leaf": raw(row["seal_leaf"]),
                "prev": raw(row["prev"]), "hash": raw(row["hash"])}
        seal["holds"] = seal["hash"] == seal_hash(chain, seq, seal["prev"], seal["leaf"])
        if not seal["holds"]:
            self._add("seal_changed", seal, "the hash is not that of prev and leaf")
        self._position(seal)
        if not events:
            self._add("event_missing", seal, "no event has the id that was sealed")
            if changes:
                self._add("change_added", seal, "there are changes, but no event")
            return
        event, *others = sorted(events, key=lambda event: (
            own_leaf(event) != seal["leaf"], not columns_match(event), event["at"]))
        for other in others:
            self._unsealed(other, "the id was sealed with another event")
        if not columns_match(event):
            self._add("column_differs", seal, "a column is not what the body says")
        wrong = wrong_changes(event, changes)
        if wrong:
            self._add(wrong, seal, f"{len(changes)} changes where {event['change_count']} were counted")
        detail = salted(raw(details[0]["salt"]), details[0]["text"]) if details else NOTHING
        if detail != raw(event["detail_digest"]):
            self._add("detail_changed", seal, "the detail has another digest")
        elif seal["holds"] and not wrong and {own_leaf(event), raw(event["leaf"])} != {seal["leaf"]}:
            self._add("event_changed", seal, "the leaf is not the seal's")

    def _position(self, seal: dict) -> None:
        last = self.last if self.last and self.last["chain"] == seal["chain"] else None
        if last is None:
            self.chains += 1
            self.prevs = set()
        expected = last["seq"] + 1 if last else 1
        is_fork = seal["prev"] in self.prevs
        if is_fork:
            self._add("chain_forked", seal, "an earlier seal has the same prev")
        if seal["seq"] != expected:
            self._add("seal_missing", {**seal, "seq": expected}, f"the next seal is {seal['seq']}")
        elif not is_fork and seal["holds"] and (last is None or last["holds"]):
            if seal["prev"] != (last["hash"] if last else first_hash(seal["chain"])):
                self._add("order_changed", seal, "prev is not the hash before it")
        self.prevs.add(seal["prev"])
        self.last = seal

    def _no_event(self, groups) -> None:
        for _, rows in groups:
            self._add("change_added", {"chain": PLATFORM, "seq": None, "event": rows[0]["event"]},
                      "there are changes, but no event")

    def _unsealed(self, event: dict, text: str) -> None:
        place = {"chain": event["chain"], "seq": None, "event": event["id"], "at": event["at"]}
        self._add("event_unsealed", place, text)

    def _add(self, name: str, place: dict, text: str) -> None:
        self.breaks.append({
            "class": name, "chain": place["chain"], "tenant": self.slugs.get(place["chain"]), "seq": place["seq"],
            "event": place["event"], "at": place.get("at") or made_at(place["event"]), "text": text})


def own_leaf(event: dict) -> bytes:
    return event_leaf(raw(event["change_digest"]), raw(event["detail_digest"]), event["body"])


def wrong_changes(event: dict, changes: list[dict]) -> str | None:
    count = int(event["change_count"])
    if len(changes) > count or any(change["xact"] != event["xact"] for change in changes):
        return "change_added"
    if len(changes) < count:
        return "change_missing"
    leaves = [raw(change["leaf"]) for change in changes]
    if leaves != [salted(raw(change["salt"]), change["payload"]) for change in changes] \
            or digest_of(leaves) != raw(event["change_digest"]):
        return "change_changed"
    return None


def columns_match(event: dict) -> bool:
    """Whether each column that repeats a member of the body says the same."""
    try:
        said = json.loads(event["body"], object_pairs_hook=once)
    except ValueError:
        return False
    told = {
        "actor": {"kind": event["actor_kind"], "id": event["actor_id"]},
        "object": {"type": event["object_type"], "id": event["object_id"]},
        "subject": event["subject_id"], "impersonation": event["impersonation_id"], "request": event["request_id"],
        **{name: event[name] for name in ("id", "chain", "at", "action", "outcome")}}
    for name in ("actor", "object"):
        told[name] = {key: value for key, value in told[name].items() if value is not None} or None
    return isinstance(said, dict) and all(said.get(name) == value for name, value in told.items())


def once(members: list[tuple]) -> dict:
    """An object; a member that stands twice would let two readers read two things."""
    if len({name for name, _ in members}) != len(members):
        raise ValueError("a member stands twice")
    return dict(members)


def made_at(event: str) -> str:
    """When an id was made [RFC 9562, 5.7]."""
    moment = timedelta(milliseconds=int(event.replace("-", "")[:12], 16))
    try:
        return (datetime(1970, 1, 1, tzinfo=timezone.utc) + moment).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    except OverflowError:
        return "beyond the calendar"


def main() -> int:
    try:
        snapshot = Snapshot(sys.argv[1])
        found = Verifier(snapshot).verify()
        snapshot.end()
    except (IndexError, OSError) as error:
        print(json.dumps({"result": "unchecked"}))
        print(f"Could not check: {error or __doc__}", file=sys.stderr)
        return 2
    print(json.dumps(found))
    return 0 if found["result"] == "intact" else 1


if __name__ == "__main__":
    sys.exit(main())
