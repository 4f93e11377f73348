"""What one client's move has – files, uploads, batches, undos, reconciliations – asked for under another client's
address: on every route and by every verb it is as if it were nowhere, and nothing at either client changes."""

import re

import pytest

from client_move import EXPORT, ClientMove, until
from conftest import BINARY, IMPLEMENTATION, REPO
from ops_server import Program, Server
from wire import NOBODY, UUID, Answer, Visitor

THEIRS, OURS = "acme-health", "borealis-bank"
TUS = {"Tus-Resumable": "1.0.0"}
PIECE = b"case_number;status\n"
# What the parameters that are no ids stand for: a row of a file, a rule that one of its rows breaks.
WORDS = {"row": "2", "code": "date.unparsable"}
# Of what each act asks, so that none ends at an empty field before it has looked for its record.
FIELDS = {
    "reason": "A test asks.", "scope": "all", "choice": "ours", "entity": "case", "table": "Archive",
    "system": "ethicspoint", "confirmed_by": "N. Berg", "then": "check", "filename": "more.csv",
}
# What an answer itself leaves behind: who was here when, and that they asked for what is not there.
FOOTPRINTS = ("staff_session", "audit_")


@pytest.fixture(scope="module")
def program(make_program):
    return make_program("move_ids")


@pytest.fixture(scope="module")
def moves(program, cluster, tmp_path_factory):
    """Everything that a move can have, at each of two clients."""
    server = Server(program, tmp_path_factory.mktemp("moves") / "worker.log").start()
    visitor = Visitor(server.origin).sign_in(IMPLEMENTATION)
    for client in (THEIRS, OURS):
        fill(ClientMove(visitor, client))
    server.stop()


@pytest.fixture(scope="module")
def server(moves, program, cluster, tmp_path_factory):
    """The same without a worker: whatever changes now is what a request did."""
    quiet = Program(REPO, BINARY, cluster.conninfo(program.database), OPS_JOB_LANES="0")
    quiet.database = program.database
    server = Server(quiet, tmp_path_factory.mktemp("move_ids") / "server.log").start()
    yield server
    server.stop()


def fill(move: ClientMove) -> None:
    """A reconciliation that was signed, an undo, conflicts, a batch with faults that waits, and half an upload."""
    visitor = move.visitor
    move.choose()
    whole = EXPORT.replace("no day", "2020-03-17T09:00:00Z")
    first, other = move.check("EP", whole), move.check("GP", whole)
    for batch in (first, other):
        move.commit(batch)
    assert visitor.send(visitor.form(f"{other}/undo", "/undo")).status == 303
    until(lambda: move.state(other) == "undone")
    page = f"{move.home}/reconciliation"
    assert visitor.send(visitor.form(page, "/reconciliation")).status == 303
    until(lambda: "/sign-off" in visitor.get(page).text)
    assert visitor.send(visitor.form(page, "/sign-off"), {"confirmed_by": "N. Berg"}).status == 303
    access = visitor.enter(move.client)
    for case in visitor.cases(access, "?q=EP-"):
        form = visitor.form(f"{access}/cases/{case['id']}/edit", "/edit")
        assert visitor.send(form, {"title": "Ours"}).status == 303
    visitor.exit_all()
    again = move.check("EP", whole.replace("Remarks", "Theirs"))
    move.commit(again)
    assert visitor.json(f"{again}/conflicts")["items"]
    move.check("FP")
    begun = visitor.ask("POST", f"{move.home}/uploads", b"", headers=TUS | {
        "Upload-Length": "1000", "Upload-Metadata": "filename bW9yZS5jc3Y=", "Ops-Csrf": csrf(visitor)})
    assert begun.status == 201, begun.text


def csrf(visitor: Visitor) -> str:
    return visitor.form("/me", "/sign-out").fields["_csrf"]


def ids_of(cluster, program, client: str) -> dict[str, list[str]]:
    """By the name of the parameter, each record of the client's move."""
    tables = {name: name for name in ("upload", "batch", "undo", "reconciliation")} | {"file": "source_file"}
    return {name: cluster.psql(
        f"SELECT id FROM migration_{table} JOIN tenant_directory USING (tenant_id) WHERE slug = '{client}' ORDER BY id",
        program.database).split() for name, table in tables.items()}


def fingerprint(cluster, program) -> dict[str, str]:
    """Each table with how many rows it has and who wrote last: equal only while nothing is written."""
    names = cluster.psql(
        "SELECT oid::regclass FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1",
        program.database).split()
    counts = " UNION ALL ".join(
        f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM {name}" for name in names)
    return dict(line.split("|", 1) for line in cluster.psql(counts, program.database).splitlines())


def changed(before: dict[str, str], cluster, program) -> list[str]:
    return [name for name, print in fingerprint(cluster, program).items()
            if print != before.get(name) and not name.startswith(FOOTPRINTS)]


def trail(cluster, program) -> list[str]:
    """What stands in the clients' chains, in order."""
    return cluster.psql(
        "SELECT concat_ws(' ', d.slug, e.action, e.outcome, e.body::json ->> 'status') FROM audit_event e "
        "JOIN tenant_directory d ON d.tenant_id = e.chain ORDER BY e.at, e.id", program.database).splitlines()


def gist(answer: Answer) -> tuple[int, str]:
    """An answer without what differs each time: nonces, and ids of requests and of forms."""
    return answer.status, UUID.sub("id", re.sub(r'nonce="[^"]*"', "nonce", answer.text + answer.location))


def test_ids_of_another_clients_move_are_of_nothing(server, cluster):
    visitor = Visitor(server.origin).sign_in(IMPLEMENTATION)
    document = visitor.json("/openapi.json")
    token, theirs = csrf(visitor), ids_of(cluster, server.program, THEIRS)
    assert all(theirs.values()), theirs
    versions = {batch["id"]: str(batch["version"]) for batch in visitor.json(f"/t/{THEIRS}/migration")["batches"]}
    items = [("items[]", item["item"]) for batch in theirs["batch"]
             for item in visitor.json(f"/t/{THEIRS}/migration/batches/{batch}/conflicts")["items"]]
    assert items

    def ask(method: str, address: str, version: str, accept: str) -> Answer:
        if method == "patch":
            head = TUS | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream", "Ops-Csrf": token}
            return visitor.ask("PATCH", address, PIECE, accept=accept, headers=head)
        if method == "post":
            fields = FIELDS | dict(items[:1]) | {"_csrf": token, "version": version, "slug": OURS}
            return visitor.post(address, fields, accept=accept)
        return visitor.ask(method.upper(), address, accept=accept, headers=TUS if method == "head" else None)

    routes = [(method, path, name) for path, operations in document["paths"].items() for method in operations
              for name in re.findall(r"\{([a-z]+)\}", path)
              if name in theirs and path.startswith("/t/{slug}/migration/")]
    assert len(routes) >= 38 and {method for method, _, _ in routes} == {"get", "head", "patch", "post"}
    assert {name for _, _, name in routes} == theirs.keys()
    before, before_trail = fingerprint(cluster, server.program), trail(cluster, server.program)
    wrong, count = [], 0
    for method, path, name in routes:
        for record in theirs[name]:
            for accept in ("text/html", "application/json"):
                here = {**WORDS, "slug": OURS}
                version = versions.get(record, "1")
                foreign = ask(method, path.format(**here, **{name: record}), version, accept)
                nothing = ask(method, path.format(**here, **{name: NOBODY}), version, accept)
                count += 1
                if foreign.status != 404 or gist(foreign) != gist(nothing):
                    wrong.append(f"{method} {path} {accept}: {foreign.status}, of nothing {nothing.status}")
    assert not wrong, f"{len(wrong)} of {count}:\n" + "\n".join(wrong)
    assert changed(before, cluster, server.program) == []
    done = trail(cluster, server.program)[len(before_trail):]
    assert set(done) == {f"{OURS} access.denied denied 404"}, set(done)


def test_ids_of_its_own_are_found(server, cluster):
    """Or the routes above would answer 404 to anybody."""
    visitor = Visitor(server.origin).sign_in(IMPLEMENTATION)
    document = visitor.json("/openapi.json")
    met = 0
    for path, operations in document["paths"].items():
        for name in set(re.findall(r"\{([a-z]+)\}", path)) & {"batch", "undo", "reconciliation", "upload"}:
            if not path.startswith("/t/{slug}/migration/"):
                continue
            for method in operations.keys() & {"get", "head"}:
                answers = [
                    visitor.ask(method.upper(), path.format(**WORDS, **{"slug": OURS, name: record}),
                                accept="application/json", headers=TUS if method == "head" else None).status
                    for record in ids_of(cluster, server.program, OURS)[name]]
                met += 1
                assert 200 in answers and not set(answers) - {200, 303, 404, 409}, f"{method} {path}: {answers}"
    assert met > 12


def test_fields_in_dispute_elsewhere_are_no_field_here(server, cluster):
    """Under the client's own batch, what another client has to decide is told as something that has changed."""
    visitor = Visitor(server.origin).sign_in(IMPLEMENTATION)
    items = {client: [(batch["id"], item["item"]) for batch in visitor.json(f"/t/{client}/migration")["batches"]
                      for item in visitor.json(f"/t/{client}/migration/batches/{batch['id']}/conflicts")["items"]]
             for client in (THEIRS, OURS)}
    [(batch, own), *_], [(_, theirs), *_] = items[OURS], items[THEIRS]
    address = f"/t/{OURS}/migration/batches/{batch}/conflicts"
    before = fingerprint(cluster, server.program)
    answers = [visitor.post(
        address, {"_csrf": csrf(visitor), "items[]": item, "choice": "source"}, accept="application/json")
        for item in (theirs, re.sub(UUID, NOBODY, theirs))]
    assert [answer.status for answer in answers] == [409, 409]
    assert answers[0].json["code"] == answers[1].json["code"] == "stale"
    assert changed(before, cluster, server.program) == []
    assert own in [item["item"] for item in visitor.json(address)["items"]]
