"""People who work at both instances at once, and never take silence for an answer: what was not acknowledged is sent
again under its key until it is."""

import http.client
import json
import threading
import time
import uuid
from collections import Counter
from dataclasses import dataclass, field

from wire import Answer, Visitor

PATIENCE_SECONDS = 60
BREATH_SECONDS = 0.02


@dataclass
class Act:
    """Something that is to be done once: a note, a ticket, an assignment, a move, an edit."""

    kind: str
    record: str
    words: str
    address: str
    fields: dict[str, str]
    # When it was acknowledged, by which instance, and how often it had to be sent.
    acknowledged: float | None = None
    instance: int | None = None
    sendings: int = 0


@dataclass
class Clerk(threading.Thread):
    """One person at one desk: works on cases of their own until told to stop, and finishes the act that is begun."""

    origins: list[str]
    jar: dict[str, str]
    access: str
    cases: list[str]
    leads: list[str]
    number: int
    stopped: threading.Event
    acts: list[Act] = field(default_factory=list)
    refusals: Counter = field(default_factory=Counter)
    failure: Exception | None = None

    def __post_init__(self):
        super().__init__(name=f"clerk {self.number}", daemon=True)
        self.visitors = [Visitor(origin) for origin in self.origins]
        for visitor in self.visitors:
            visitor.jar = dict(self.jar)

    def __hash__(self) -> int:
        return self.number

    def run(self) -> None:
        try:
            page = self.until_answered(lambda visitor: visitor.get("/me", allow_fault=True))
            token = page.form("/sign-out").fields["_csrf"]
            turn = 0
            while not self.stopped.is_set():
                turn += 1
                self.do(self.next_act(turn, token))
        except Exception as error:  # noqa: BLE001 – told by the test, whose thread this is not
            self.failure = error

    def next_act(self, turn: int, token: str) -> Act:
        case = self.cases[turn % len(self.cases)]
        address = f"{self.access}/cases/{case}"
        words = f"{self.name}, act {turn}: {uuid.uuid4()}"
        kind = ("note", "assign", "note", "stage", "ticket", "edit")[turn % 6]
        if kind in ("assign", "stage", "edit"):
            now = self.until_answered(
                lambda visitor: visitor.get(address, accept="application/json", allow_fault=True)).json
        match kind:
            case "note":
                fields = {"body": words, "visibility": "team"}
                address += "/notes"
            case "ticket":
                fields = {"tenant": "acme-health", "subject": words, "priority": "low"}
                address = "/tickets"
            case "assign":
                lead = next(lead for lead in self.leads if lead != (now["lead"] or {}).get("id"))
                fields = {"lead": lead, "version": str(now["version"])}
                address += "/assign"
            case "stage":
                fields = {"stage": "review" if now["stage"] == "active" else "active", "version": str(now["version"])}
                address += "/stage"
            case "edit":
                fields = {"title": words, "summary": "", "severity": "low", "version": str(now["version"])}
                address += "/edit"
        return Act(kind, case, words, address, {**fields, "_csrf": token, "_key": str(uuid.uuid4())})

    def do(self, act: Act) -> None:
        self.acts.append(act)

        def send(visitor: Visitor) -> Answer:
            act.sendings += 1
            return visitor.post(act.address, act.fields, accept="application/json", allow_fault=True)

        answer = self.until_answered(send)
        assert answer.status == 303, f"{act.kind}, sent {act.sendings} times: {answer.status} {answer.text[:2000]}"
        act.acknowledged, act.instance = time.monotonic(), self.last

    def until_answered(self, ask) -> Answer:
        """Turns from one instance to the other until one of them has an answer that is none of a fault."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            self.last = (self.number + sum(act.sendings for act in self.acts[-1:]) + len(self.acts)) % len(self.visitors)
            try:
                answer = ask(self.visitors[self.last])
                if answer.status < 500:
                    return answer
                self.refusals[answer.status] += 1
            except (OSError, http.client.HTTPException) as error:
                self.refusals[type(error).__name__] += 1
            assert time.monotonic() < deadline, f"{self.name} has no answer for {PATIENCE_SECONDS} s: {self.refusals}"
            time.sleep(BREATH_SECONDS)


def active_cases(visitor: Visitor, access: str) -> list[str]:
    return [case["id"] for case in visitor.json(f"{access}/cases?stage=active&limit=200")["items"]]


def leads_of(visitor: Visitor, access: str) -> list[str]:
    """Two of the client's people who may lead a case."""
    people = json.loads(visitor.get(f"{access}/people?limit=200", accept="application/json").body)["items"]
    able = [person["id"] for person in people
            if person["role"] in ("compliance_officer", "triage_lead", "investigator") and person["state"] == "active"]
    assert len(able) >= 3, people
    return able[:3]
