"""Requests generated from the description of the routes: none makes the console fail, and none is slow."""

import itertools
import os
import re
import urllib.parse
import warnings
from collections import Counter

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings, strategies
from openapi_spec_validator import validate
from schemathesis import GenerationMode

from conftest import ADMIN, AUDITOR, SUPPORT
from offers import Addresses, Offers
from ops_server import Server

# Files in pieces come as plain bytes, by the name that the tus protocol has for them.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")

IS_LONG = os.environ.get("OPS_TEST_LONG") == "1"
# How many are made of each operation in a round, and how many each person sends, in as many rounds as that takes.
EXAMPLES = 40 if IS_LONG else 4
WANTED = {SUPPORT: 44_000, ADMIN: 5_000, AUDITOR: 1_000} if IS_LONG else {SUPPORT: 400, ADMIN: 60, AUDITOR: 4}
# How long an answer may take is a promise for a machine that does nothing else: held by the long run.
LIMIT_SECONDS = 2 if IS_LONG else 60
ROUNDS_LIMIT = 100
FAULTS_TOLD = 20
NOBODY = "0193a5c0-0000-7000-8000-00000000dead"
EDGES_A_FIELD = 100 if IS_LONG else 6
# What fits where it is read, and not where it is written; what one library reads and another does not.
EDGES = [
    "", " ", "0", "-1", "2147483647", "2147483648", "-2147483649", "9223372036854775807", "9223372036854775808",
    "1e309", "NaN", "0.1", "1,000", "٣", "1_000", "0x10", "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01",
    "2026-02-30", "2026-11-28T25:61:61Z", "infinity", "true", "null", NOBODY, NOBODY.upper(), "%", "_", "\\", "'",
    "a\u0301", "\ufeff", "\ufffe", "\U0010ffff", "\u2028", "x" * 201, "é" * 4_000, "x" * 20_001,
]
# Everything else is asked for by who supports clients.
OTHERS = {AUDITOR: {"audit.read", "audit.review"}, ADMIN: {"staff.admin", "fleet.write"}}


@pytest.fixture(scope="module")
def server(make_program, tmp_path_factory):
    """One of its own: what is sent is written into whatever takes it."""
    server = Server(make_program("openapi"), tmp_path_factory.mktemp("openapi") / "server.log").start()
    yield server
    server.stop()


@pytest.fixture
def document(visit):
    return visit(AUDITOR).json("/openapi.json")


def test_the_description_is_valid(document):
    validate(document)
    assert len(document["paths"]) > 80


class Person:
    """Somebody who stays signed in and inside a client, whatever the last request did to that."""

    def __init__(self, visit, origin: str, email: str):
        self.visit, self.origin, self.email = visit, origin, email
        self.session = requests.Session()
        self.access = NOBODY
        self.arrive()

    def arrive(self) -> None:
        visitor = self.visitor = self.visit(self.email)
        self.csrf = visitor.form("/me", "/sign-out").fields["_csrf"]
        if self.email == SUPPORT:
            self.access = visitor.enter("acme-health").removeprefix("/i/")

    def is_here(self) -> bool:
        page = f"/i/{self.access}/" if self.email == SUPPORT else "/me"
        return self.visitor.get(page, accept="application/json").status == 200

    def send(self, case, accept: str) -> requests.Response:
        if "impersonation" in case.path_parameters and case.path_parameters["impersonation"] == NOBODY:
            case.path_parameters["impersonation"] = self.access
        sent = case.as_transport_kwargs(base_url=self.origin)
        return self._request(sent, accept)

    def ask(self, method: str, address: str, sent: dict) -> requests.Response:
        return self._request({"method": method, "url": self.origin + address, "headers": {}, **sent}, "text/html")

    def _request(self, sent: dict, accept: str) -> requests.Response:
        cookie = "; ".join(f"{name}={value}" for name, value in self.visitor.jar.items())
        sent["headers"] = {**sent["headers"], "Cookie": cookie, "Ops-Csrf": self.csrf, "Accept": accept}
        sent.pop("cookies", None)
        return self.session.request(**sent, allow_redirects=False, timeout=30)


def enriched(document: dict, offers: Offers) -> dict:
    """The description as a person at the pages knows it: with the fields of the forms, and with nobody's secrets."""
    paths = {path: dict(operations) for path, operations in document["paths"].items()}
    for offered in offers.forms.values():
        template = offers.addresses.template(offered.action)
        operation = paths.get(template, {}).get(offered.form.method)
        if operation is None:
            continue
        fields = {name: {"anyOf": [{"type": "string"}, {"enum": [value]}]}
                  for name, value in offered.form.fields.items() if name not in ("_csrf", "_key")}
        if offered.form.method == "get":
            operation["parameters"] = operation["parameters"] + [
                {"name": name, "in": "query", "schema": schema} for name, schema in fields.items()
                if name not in {known.get("name") for known in operation["parameters"]}]
        else:
            known = {"type": "object", "properties": fields, "additionalProperties": {"type": "string"}}
            operation["requestBody"] = {"content": {
                kind: {"schema": known} for kind in operation["requestBody"]["content"]}}
    for operations in paths.values():
        for operation in operations.values():
            operation.pop("security")
    components = {name: part for name, part in document["components"].items() if name != "securitySchemes"}
    return {**document, "paths": paths, "components": components}


def requests_of(operation, known: list[dict[str, str]]):
    """Of an operation: as described and against it, for records that exist and for others."""
    fixed = {"impersonation": NOBODY} if operation.path.startswith("/i/") else {}
    addresses = [{**parameters, **fixed} for parameters in known[:2]]
    return strategies.one_of(*[
        operation.as_strategy(mode, path_parameters=parameters or None)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE) for parameters in (*addresses, fixed)])


@pytest.mark.parametrize("email", [SUPPORT, AUDITOR, ADMIN])
def test_no_request_makes_it_fail(visit, origin, document, figure, email):
    person = Person(visit, origin, email)
    offers = Offers(person.visitor, Addresses(document), ["/", f"/i/{person.access}/"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        schema = schemathesis.openapi.from_dict(enriched(document, offers))
    operations = [result.ok() for result in schema.get_all_operations()]
    mine = [operation for operation in operations if is_asked_by(email, operation)]
    answers: Counter[int] = Counter()
    faults: list[str] = []
    slowest = 0.0

    def ask(case, accept):
        nonlocal slowest
        answer = person.send(case, accept)
        seconds = answer.elapsed.total_seconds()
        slowest = max(slowest, seconds)
        answers[answer.status_code] += 1
        kind = answer.headers.get("Content-Type", "")
        is_problem = kind.startswith("application/problem+json")
        if answer.status_code >= 500 or seconds > LIMIT_SECONDS:
            faults.append(f"{answer.status_code} in {seconds:.2f} s: {case.as_curl_command()}\n{answer.text[:400]}")
        elif answer.status_code >= 400 and accept == "application/json" and not is_problem:
            faults.append(f"{answer.status_code} as {kind!r}: {case.as_curl_command()}")

    for turn in itertools.count():
        for operation in mine:
            if not person.is_here():
                person.arrive()
            known = offers.known(operation.path)
            seed(turn)(settings(
                max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck),
                phases=[Phase.generate])(given(
                    case=requests_of(operation, known[turn % 5:] or known),
                    accept=strategies.sampled_from(["application/json", "text/html"]))(ask)))()
        assert turn < ROUNDS_LIMIT, f"the operations do not give as many requests: {answers}"
        if answers.total() >= WANTED[email] or len(faults) > FAULTS_TOLD:
            break
    figure(
        f"{email} sent {answers.total():,} generated requests to {len(mine)} operations; the slowest answer took "
        f"{slowest * 1_000:.0f} ms; answers by status: "
        + ", ".join(f"{status} {count:,}" for status, count in sorted(answers.items())))
    assert not faults, f"{len(faults)} of {answers.total()}:\n" + "\n".join(faults[:FAULTS_TOLD])
    assert answers[403] < answers.total() / 2


def is_asked_by(email: str, operation) -> bool:
    capability = operation.definition.raw.get("x-capability")
    if email in OTHERS:
        return capability in OTHERS[email]
    return capability not in set().union(*OTHERS.values())


@pytest.mark.parametrize("email", [SUPPORT, AUDITOR, ADMIN])
def test_no_edge_of_a_value_makes_it_fail(visit, origin, document, email):
    """Each field of each form by itself, while all others hold what the page put there; and each word of an address."""
    person = Person(visit, origin, email)
    offers = Offers(person.visitor, Addresses(document), ["/", f"/i/{person.access}/"], per_route=3)
    faults: list[str] = []
    count = 0

    def ask(method: str, address: str, fields: dict[str, str], what: str) -> None:
        nonlocal count
        count += 1
        sent = {"params": fields} if method == "get" else {"data": {**fields, "_csrf": person.csrf}}
        answer = person.ask(method, address, sent)
        seconds = answer.elapsed.total_seconds()
        if answer.status_code >= 500 or seconds > LIMIT_SECONDS:
            faults.append(f"{answer.status_code} in {seconds:.2f} s: {method} {address} {what[:80]!r}")

    for place, offered in enumerate(offers.forms.values()):
        if re.search("/(exit|exit-all|sign-out|end-sign-ins)$", offered.action):
            continue
        fields = {name: value for name, value in offered.form.fields.items() if name not in ("_csrf", "_key")}
        for name in fields:
            for number in range(min(EDGES_A_FIELD, len(EDGES))):
                edge = EDGES[(place * 5 + number) % len(EDGES)]
                ask(offered.form.method, offered.action, {**fields, name: edge}, f"{name}={edge}")
    for template in offers.addresses.templates:
        operation = document["paths"][template].get("get")
        words = [known["name"] for known in operation["parameters"] if known.get("schema", {}).get("type") == "string"
                 and "format" not in known["schema"]] if operation else []
        for word in words:
            for known in offers.known(template)[:1]:
                for edge in EDGES[:-2]:
                    address = template.format(**{**known, word: urllib.parse.quote(edge or "-", safe="")})
                    ask("get", address, {}, f"{word}={edge}")
    assert not faults, f"{len(faults)} of {count}:\n" + "\n".join(faults[:30])
    assert count > {SUPPORT: 300}.get(email, 20), count
