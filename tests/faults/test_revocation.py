"""Somebody is locked out while they work at both instances: what they ask for after the lock's answer gets nothing, and
what was under way when it came either commits before it or not at all."""

import os
import threading
import time
import uuid

import pytest

from conftest import ADMIN, SUPPORT
from load import active_cases
from wire import Visitor

ROUNDS = 25 if os.environ.get("OPS_TEST_LONG") == "1" else 2
HANDS = 12
# How long they work before the lock, and after it.
BEFORE_SECONDS, AFTER_SECONDS = 0.5, 0.5


class Hand(threading.Thread):
    """Asks again and again, and notes when each request began and what came of it."""

    def __init__(self, number: int, visitor: Visitor, case: str, csrf: str, stopped: threading.Event):
        super().__init__(daemon=True)
        self.number, self.visitor, self.case, self.csrf, self.stopped = number, visitor, case, csrf, stopped
        self.answers: list[tuple[float, int, str]] = []

    def run(self) -> None:
        while not self.stopped.is_set():
            began, words = time.monotonic(), f"Hand {self.number}: {uuid.uuid4()}"
            if self.number % 2:
                answer = self.visitor.get(self.case, accept="application/json")
            else:
                fields = {"body": words, "visibility": "team", "_csrf": self.csrf, "_key": str(uuid.uuid4())}
                answer = self.visitor.post(f"{self.case}/notes", fields, accept="application/json")
            self.answers.append((began, answer.status, words))


@pytest.mark.parametrize("act", ["lock", "take"])
def test_nothing_begins_after_the_answer(instances, durable, durable_program, figure, act):
    administrator = Visitor(instances[0].origin).sign_in(ADMIN)
    page = next(f"/staff/{person['id']}" for person in administrator.json("/staff?limit=200")["items"]
                if person["email"] == SUPPORT)
    counts = {"before": 0, "after": 0}
    for _ in range(ROUNDS):
        worker = Visitor(instances[0].origin).sign_in(SUPPORT)
        access = worker.enter("acme-health")
        case = f"{access}/cases/{active_cases(worker, access)[0]}"
        csrf = worker.form(case, "/notes").fields["_csrf"]
        stopped = threading.Event()
        hands = []
        for number in range(HANDS):
            visitor = Visitor(instances[number // 2 % 2].origin)
            visitor.jar = dict(worker.jar)
            hands.append(Hand(number, visitor, case, csrf, stopped))
        for hand in hands:
            hand.start()
        time.sleep(BEFORE_SECONDS)
        done = shut_out(administrator, page, act)
        answered = time.monotonic()
        time.sleep(AFTER_SECONDS)
        stopped.set()
        for hand in hands:
            hand.join(60)
            assert not hand.is_alive()
        assert done.status == 303, done.text
        seen = [answer for hand in hands for answer in hand.answers]
        late = [answer for answer in seen if answer[0] >= answered]
        counts["before"] += sum(status in (200, 303) for _, status, _ in seen)
        counts["after"] += len(late)
        assert late and {status for _, status, _ in late} <= ({403} if act == "lock" else {403, 410}), late[:3]
        assert_kept(durable.psql("SELECT body FROM note WHERE body LIKE 'Hand %'", durable_program.database), seen)
        let_in(administrator, page, act)
    figure(f"{ROUNDS} times shut out ({act}) under {HANDS} hands: {counts['before']} requests done before, none of the "
           f"{counts['after']} that began after the answer")
    durable_program.assert_intact()


def assert_kept(stored: str, seen: list[tuple[float, int, str]]) -> None:
    """A note is there if, and only if, it was acknowledged."""
    notes = stored.split("\n")
    for _, status, words in seen:
        assert notes.count(words) == (status == 303), (status, words)


def shut_out(administrator: Visitor, page: str, act: str):
    form = administrator.form(page, f"/{act}")
    if act == "lock":
        return administrator.send(form, {"reason": "Suspicious requests at night"})
    del form.fields["grant"]
    return administrator.send(form, {"preset": "support"})


def let_in(administrator: Visitor, page: str, act: str) -> None:
    if act == "lock":
        answer = administrator.send(administrator.form(page, "/unlock"))
    else:
        answer = administrator.send(
            administrator.form(page, "/grant"), {"what": "preset:support", "rationale": "Is back"})
    assert answer.status == 303, answer.text
