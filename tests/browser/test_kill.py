"""The server is killed in the middle of bursts, at full length at two hundred points by chance: what it acknowledged is
there once, and the trail is whole after each."""

import http.client
import os
import random
import threading
import uuid

from ops_server import Server
from wire import Form, Visitor

KILLS = 200 if os.environ.get("OPS_TEST_LONG") == "1" else 1
WRITERS = 4
# How many notes are acknowledged before the kill; of many kills, at most.
ACKNOWLEDGED_BEFORE_THE_KILL = 40
DEADLINE_SECONDS = 60


def burst(server: Server, visitor: Visitor, form: Form, enough: int) -> tuple[dict[str, str], set[str]]:
    """Some write notes until so many are acknowledged and the server is killed: what was sent, by its words, with its
    key, and which of it was acknowledged."""
    sent: dict[str, str] = {}
    acknowledged: set[str] = set()
    reached, stopped = threading.Event(), threading.Event()

    def write():
        while not stopped.is_set():
            words, key = f"Note {uuid.uuid4()}", str(uuid.uuid4())
            sent[words] = key
            try:
                answer = visitor.send(form, {"body": words, "_key": key})
            except (OSError, http.client.HTTPException):
                return
            assert answer.status == 303, answer.text
            acknowledged.add(words)
            if len(acknowledged) >= enough:
                reached.set()

    threads = [threading.Thread(target=write) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    assert reached.wait(DEADLINE_SECONDS), f"only {len(acknowledged)} notes were acknowledged"
    server.kill()
    stopped.set()
    for thread in threads:
        thread.join(DEADLINE_SECONDS)
        assert not thread.is_alive()
    return sent, acknowledged


def test_kill_in_a_burst(make_program, cluster, tmp_path):
    program = make_program("kill")
    server = Server(program, tmp_path / "kill.log").start()
    chance = random.Random(4)

    def stored(case: str, sent: dict[str, str]) -> list[str]:
        bodies = cluster.psql(f"SELECT body FROM note WHERE case_id = '{case}'", program.database).splitlines()
        return [body for body in bodies if body in sent]

    try:
        visitor = Visitor(server.origin).sign_in("support@ethico.example")
        access = visitor.enter("acme-health")
        cases = [case["id"] for case in visitor.cases(access, "?stage=active&limit=200")]
        for number in range(KILLS):
            case = cases[number % len(cases)]
            form = visitor.form(f"{access}/cases/{case}", "/notes")
            enough = chance.randint(1, ACKNOWLEDGED_BEFORE_THE_KILL) if KILLS > 1 else ACKNOWLEDGED_BEFORE_THE_KILL
            sent, acknowledged = burst(server, visitor, form, enough)
            server.start()
            survived = stored(case, sent)
            assert len(survived) == len(set(survived)), f"kill {number}"
            assert acknowledged <= set(survived), f"kill {number}"
            # What was under way when it died can be sent again under its key, and is done once.
            for words in set(sent) - acknowledged:
                assert visitor.send(form, {"body": words, "_key": sent[words]}).status == 303
            assert sorted(stored(case, sent)) == sorted(sent), f"kill {number}"
            program.assert_intact()
        notes = "SELECT count(*) FROM note WHERE body LIKE 'Note ________-____-%'"
        events = "SELECT count(*) FROM audit_event WHERE action = 'note.add' AND outcome = 'ok' AND at >= " \
                 f"(SELECT started_at FROM impersonation WHERE id = '{access.removeprefix('/i/')}')"
        assert cluster.psql(notes, program.database) == cluster.psql(events, program.database)
    finally:
        server.stop()
