"""The database restarts, and then crashes, while people work at both instances: both serve again at once, nothing that
was acknowledged is lost, nothing is done twice, and the trail is whole."""

import os
import threading
import time
from collections import Counter

import pytest

from load import Act, Clerk, active_cases, leads_of
from wire import Visitor

IS_LONG = os.environ.get("OPS_TEST_LONG") == "1"
CLERKS = 16
# How long people work before each fault, and after the last.
WORK_SECONDS = 20 if IS_LONG else 2
FAULTS = ("fast", "immediate") * (5 if IS_LONG else 1)
# The promise is 5 s, for a machine that does nothing else; that it comes back at all is asked for everywhere.
SERVING_SECONDS = 5 if IS_LONG else 30
# What a socket says of an answer that did not come.
GONE = {"ConnectionResetError", "BrokenPipeError", "RemoteDisconnected", "TimeoutError"}
PLACES = [("support@ethico.example", "acme-health"), ("support-l1@ethico.example", "acme-health"),
          ("support-l2@ethico.example", "borealis-bank"), ("support@ethico.example", "borealis-bank")]


@pytest.fixture
def clerks(instances):
    origins = [server.origin for server in instances]
    stopped = threading.Event()
    desks = []
    signed_in: dict[str, Visitor] = {}
    for email, slug in PLACES:
        visitor = signed_in.get(email) or signed_in.setdefault(email, Visitor(origins[0]).sign_in(email))
        access = visitor.enter(slug)
        desks.append((visitor, access, active_cases(visitor, access), leads_of(visitor, access)))
    clerks = []
    share = CLERKS // 2  # Two of the four desks stand at each client.
    for number in range(CLERKS):
        visitor, access, cases, leads = desks[number % len(desks)]
        # Each works on cases that nobody else touches: what they read is what they change.
        own = cases[number // len(desks) * 2 + number % 2::share][:3]
        assert own, f"no case is left for clerk {number} of {len(cases)}"
        clerks.append(Clerk(origins, dict(visitor.jar), access, own, leads, number, stopped))
    yield clerks
    stopped.set()


def test_restart_under_load(clerks, instances, durable, durable_program, figure):
    for clerk in clerks:
        clerk.start()
    work(clerks, WORK_SECONDS)
    for mode in FAULTS:
        began = time.monotonic()
        durable.restart(mode)
        ready = time.monotonic()
        work(clerks, WORK_SECONDS)
        back = [served(clerks, number, ready) for number in range(len(instances))]
        figure(
            f"PostgreSQL, {'restarted' if mode == 'fast' else 'crashed'} under {CLERKS} clerks, took connections after "
            f"{ready - began:.1f} s; the instances acknowledged again {' and '.join(f'{seconds:.1f}' for seconds in back)} s "
            f"after that; without any acknowledgement {silence(clerks, began):.1f} s")
        assert max(back) < SERVING_SECONDS, back
    clerks[0].stopped.set()
    for clerk in clerks:
        clerk.join(120)
        assert not clerk.is_alive()
        assert clerk.failure is None, f"{clerk.name}: {clerk.failure}"

    acts = [act for clerk in clerks for act in clerk.acts]
    refusals = sum((clerk.refusals for clerk in clerks), Counter())
    again = sum(act.sendings > 1 for act in acts)
    figure(f"{len(acts)} acts, {again} of them sent again; refusals meanwhile: {dict(refusals)}")
    assert again > 0, "the faults met nobody"
    assert set(refusals) <= {503, *GONE}, "a database that went away is nobody's fault"
    assert_done_once(acts, durable, durable_program.database)
    durable_program.assert_intact()


def work(clerks: list[Clerk], seconds: float) -> None:
    """Lets them work for a while, and on until each instance has acknowledged something."""
    began = time.monotonic()
    while time.monotonic() < began + seconds or any(served(clerks, number, began) is None for number in (0, 1)):
        for clerk in clerks:
            assert clerk.failure is None, f"{clerk.name}: {clerk.failure}"
        assert time.monotonic() < began + 60, "nothing is acknowledged any more"
        time.sleep(0.05)


def served(clerks: list[Clerk], instance: int, since: float) -> float | None:
    """How long after that moment the instance acknowledged something."""
    moments = [act.acknowledged for clerk in clerks for act in list(clerk.acts)
               if act.instance == instance and act.acknowledged is not None and act.acknowledged >= since]
    return min(moments) - since if moments else None


def silence(clerks: list[Clerk], since: float) -> float:
    """The longest time without an acknowledgement by anybody, from that moment on."""
    moments = sorted(act.acknowledged for clerk in clerks for act in list(clerk.acts) if (act.acknowledged or 0) >= since)
    return max(later - earlier for earlier, later in zip([since, *moments], moments, strict=False))


def assert_done_once(acts: list[Act], durable, database: str) -> None:
    """Each act was acknowledged, so each is there, and once: by what it wrote, and by its event."""
    def counts(sql: str) -> Counter[str]:
        return Counter(durable.psql(sql, database).split("\n")[:-1])

    notes, tickets = counts("SELECT body FROM note"), counts("SELECT subject FROM ticket")
    for kind, stored in (("note", notes), ("ticket", tickets)):
        wrong = {act.words: stored[act.words] for act in acts if act.kind == kind and stored[act.words] != 1}
        assert not wrong, wrong
    for kind in ("assign", "stage", "edit"):
        events = counts(
            f"SELECT object_id FROM audit_event WHERE action = 'case.{kind}' AND outcome = 'ok' AND actor_kind = 'staff' "
            f"AND impersonation_id IN (SELECT id FROM impersonation WHERE ended_at IS NULL)")
        done = Counter(act.record for act in acts if act.kind == kind)
        assert {case: events[case] for case in done} == done, kind
    titles = counts('SELECT title FROM "case"')
    last = {act.record: act.words for act in acts if act.kind == "edit"}
    assert all(titles[words] == 1 for words in last.values())
