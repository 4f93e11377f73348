"""The server is killed in the middle of a burst: what it acknowledged is there once, and the trail is whole."""

import http.client
import threading
import uuid

from ops_server import Server
from wire import Form, Visitor

WRITERS = 4
ACKNOWLEDGED_BEFORE_THE_KILL = 40
DEADLINE_SECONDS = 60


def writer_of(origin: str) -> tuple[Visitor, str, Form]:
    visitor = Visitor(origin).sign_in("support@ethico.example")
    access = visitor.enter("acme-health")
    case = f"{access}/cases/{visitor.cases(access, '?stage=active')[0]['id']}"
    return visitor, case, visitor.form(case, "/notes")


def test_kill_in_a_burst(make_program, tmp_path):
    program = make_program("kill")
    server = Server(program, tmp_path / "kill.log").start()
    try:
        visitor, case, form = writer_of(server.origin)
        sent: dict[str, str] = {}
        acknowledged: set[str] = set()
        enough, stopped = threading.Event(), threading.Event()

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
                if len(acknowledged) >= ACKNOWLEDGED_BEFORE_THE_KILL:
                    enough.set()

        threads = [threading.Thread(target=write) for _ in range(WRITERS)]
        for thread in threads:
            thread.start()
        assert enough.wait(DEADLINE_SECONDS), f"only {len(acknowledged)} notes were acknowledged"
        server.kill()
        stopped.set()
        for thread in threads:
            thread.join(DEADLINE_SECONDS)
            assert not thread.is_alive()

        server.start()
        stored = [note["body"] for note in visitor.json(case)["notes"] if note["body"] in sent]
        assert len(stored) == len(set(stored))
        assert acknowledged <= set(stored)
        # What was under way when it died can be sent again under its key, and is done once.
        for words in set(sent) - acknowledged:
            assert visitor.send(form, {"body": words, "_key": sent[words]}).status == 303
        stored = [note["body"] for note in visitor.json(case)["notes"] if note["body"] in sent]
        assert sorted(stored) == sorted(sent)
        program.assert_intact()
    finally:
        server.stop()
