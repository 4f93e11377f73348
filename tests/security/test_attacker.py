"""What somebody tries who has the source and a small account of their own: other spellings of an address, requests within
requests, fields that no form has, other people's keys, files that are something else."""

import html
import io
import json
import re
import socket
import time
import urllib.parse
import uuid
import zipfile

import pytest

from conftest import SUPPORT, SUPPORT_L1
from offers import Addresses, Offers
from ops_server import Server
from payloads import FORMULAS, WORDS_OF_PROGRAMS
from wire import NOBODY, Answer, Visitor

PATIENCE_SECONDS = 10
# After which nothing more is expected of a conversation.
SILENCE_SECONDS = 0.7
BOUNDARY = "----boundary"


@pytest.fixture(scope="module")
def server(make_program, tmp_path_factory):
    """One of its own; at the end every line of its log is still a line of ours."""
    server = Server(make_program("attacker"), tmp_path_factory.mktemp("attacker") / "server.log").start()
    yield server
    server.stop()
    for line in server.log.read_text().splitlines():
        said = json.loads(line)
        assert {"time", "level", "label", "message"} <= said.keys() and said["message"] != "hit", line


@pytest.fixture
def attacker(visit) -> Visitor:
    return visit(SUPPORT_L1)


# Another spelling of an address.

SPELLINGS = [
    "//{}", "/{}/", "/{}//", "/./{}", "/x/../{}", "/%2e/{}", "/x/%2e%2e/{}", "/{}/.", "/{}%2f", "/{}%00", "/{}.",
    "/{};x=1", "/{}%20",
    "/{}?", "/%2f{}", "/{}#x", "/\\{}", "/{}%09", "/{}.json", "/tenants/..;/{}", "http://{host}/{}", "*", "{}",
]


@pytest.mark.parametrize("page", ["staff", "audit/events", "platform/flags"])
def test_no_spelling_opens_what_is_closed(attacker, page):
    shown = re.sub(r"[^/]+", lambda word: f"%{ord(word[0][0]):x}{word[0][1:]}", page)
    for spelling in [*SPELLINGS, "/" + page.upper(), "/" + page.title(), "/" + shown, "//" + shown]:
        path = spelling.replace("{host}", attacker.host).replace("{}", page)
        for accept in ("text/html", "application/json"):
            answer = attacker.get(path, accept=accept)
            assert answer.status in (400, 403, 404), (path, answer.status)
    # The spelling that is right is refused for the one reason.
    assert attacker.get("/" + page, accept="application/json").json["code"] == "capability"


def test_no_spelling_opens_another_persons_access(attacker, visit):
    theirs = visit(SUPPORT).enter("acme-health").removeprefix("/")
    unknown = attacker.get(f"/i/{NOBODY}/cases", accept="application/json")
    for spelling in SPELLINGS:
        path = spelling.replace("{host}", attacker.host).replace("{}", f"{theirs}/cases")
        answer = attacker.get(path, accept="application/json")
        assert answer.status in (400, 404), (path, answer.status)
    assert attacker.get(f"/{theirs}/cases", accept="application/json").json["code"] == unknown.json["code"] == "not_found"
    assert attacker.get(f"/{theirs.upper()}/cases").status == 404


METHODS = ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get", "GETT", "HEAD"]


@pytest.mark.parametrize("method", METHODS)
def test_no_other_method_acts_or_echoes(attacker, method):
    access = attacker.enter("acme-health")
    page = f"{access}/cases"
    answer = attacker.ask(method, page, headers={"X-Echo": "echoed", "X-HTTP-Method-Override": "GET"})
    assert answer.status in (200 if method == "HEAD" else 404, 400, 404, 405)
    assert b"echoed" not in answer.body and "RPT-" not in answer.text
    assert attacker.ask(method, f"{access}/exit").status in (400, 404, 405)
    assert attacker.get(f"{access}/exit?_method=POST", headers={"X-HTTP-Method-Override": "POST"}).status in (404, 405)
    assert attacker.open_accesses() == [access.removeprefix("/i/")]


# A request within a request.

INNER = "GET /tenants HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\n\r\n"
HEADS = [
    "Content-Length: 4\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 4",
    "Content-Length: 0\r\nContent-Length: {length}", "Content-Length: 0, {length}", "Content-Length: +0",
    "Content-Length: -1",
    "Content-Length: 0x0", "Content-Length : 0", "Content-Length:\r\n 0", "Transfer-Encoding: xchunked",
    "Transfer-Encoding: chunked, identity",
    "Transfer-Encoding: identity, chunked\r\nContent-Length: 0", "Transfer-Encoding:\x0bchunked",
    "Transfer-Encoding : chunked",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "X: y\nTransfer-Encoding: chunked",
    "X: y\rTransfer-Encoding: chunked",
    "X: \x00\r\nContent-Length: 0",
]


@pytest.mark.parametrize("head", HEADS)
def test_no_request_hides_in_another(attacker, head):
    """A head that two programs could read in two ways ends the conversation; what stands behind it is never answered."""
    said = conversation(attacker, head)
    assert re.findall(rb"HTTP/1\.1 (\d{3})", said) == [b"400"], said[:800]


def test_a_request_has_one_host(attacker):
    said = conversation(attacker, "Host: evil.example\r\nContent-Length: 0")
    assert re.findall(rb"HTTP/1\.1 (\d{3})", said) == [b"403", b"200"], said[:800]


def conversation(attacker: Visitor, head: str) -> bytes:
    """What is answered to a form with that head and, behind it, a whole request for a page."""
    cookie = "; ".join(f"{name}={value}" for name, value in attacker.jar.items())
    inner = INNER.format(host=attacker.host, cookie=cookie)
    outer = f"POST /csp HTTP/1.1\r\nHost: {attacker.host}\r\n{head.format(length=len(inner))}\r\n\r\n"
    body = "0\r\n\r\n" if "chunked" in head and "xchunked" not in head else ""
    name, port = attacker.host.split(":")
    with socket.create_connection((name, int(port)), timeout=PATIENCE_SECONDS) as connection:
        connection.sendall((outer + body + inner).encode("latin-1"))
        connection.settimeout(SILENCE_SECONDS)
        said = b""
        try:
            while part := connection.recv(65_536):
                said += part
        except (TimeoutError, ConnectionResetError):
            pass
        return said


# Fields that no form has.

def test_fields_that_no_form_has_change_nothing(attacker, cluster, server):
    access = attacker.enter("acme-health")
    case = f"{access}/cases/{attacker.cases(access, '?stage=active')[0]['id']}"
    database = server.program.database
    before = attacker.json(case)
    more = {
        "id": NOBODY, "tenant_id": NOBODY, "tenant": "borealis-bank", "case_id": NOBODY, "author_id": NOBODY, "author": NOBODY,
        "created_at": "2001-01-01T00:00:00Z", "opened_at": "2001-01-01T00:00:00Z", "changed_by": "staff:x", "via_impersonation": "",
        "reference": "RPT-2001-00001", "stage": "closed", "outcome": "no_violation", "status": "closed", "category_id": NOBODY,
        "closed_at": "2001-01-01", "lead": NOBODY, "actor": "system:x", "staff": NOBODY, "subject": NOBODY, "role": "system_admin",
        "state": "deactivated", "capability": "staff.admin", "_held": NOBODY, "impersonation": NOBODY,
    }
    words = f"Only words {uuid.uuid4()}"
    assert attacker.send(attacker.form(f"{case}/edit", "/edit"), {**more, "title": words}).status == 303
    after = attacker.json(case)
    assert after == {**before, "title": words, "version": before["version"] + 1}, after
    assert attacker.send(attacker.form(case, "/notes"), {**more, "body": words}).status == 303
    stored = cluster.psql(
        f"SELECT n.author_id IS NULL, t.slug, n.created_at > now() - interval '1 day', n.changed_by LIKE 'staff:%', "
        f"n.via_impersonation = '{access.removeprefix('/i/')}' FROM note n JOIN tenant t ON t.id = n.tenant_id "
        f"WHERE n.body = '{words}'", database)
    assert stored.strip() == "t|acme-health|t|t|t"
    person = attacker.json(f"{access}/people?limit=200")["items"][0]
    page = f"{access}/people/{person['id']}"
    assert attacker.send(attacker.form(f"{page}/edit", "/edit"), {**more, "title": "Clerk"}).status == 303
    edited = attacker.json(page)
    assert (edited["role"], edited["state"], edited["email"]) == (person["role"], person["state"], person["email"])
    me = attacker.form("/me", "/keys")
    assert attacker.send(me, more).status == 303
    assert cluster.psql(
        "SELECT count(*) FROM staff_grant g JOIN staff s ON s.id = g.staff_id WHERE g.capability = 'staff.admin' "
        f"AND s.email = '{SUPPORT_L1}'", database).strip() == "0"


# Keys of other people, and of oneself elsewhere.

def test_a_key_is_ones_own(attacker, visit):
    access, key, words = attacker.enter("acme-health"), str(uuid.uuid4()), f"Mine {uuid.uuid4()}"
    record = attacker.cases(access, "?stage=active")[0]["id"]
    form = attacker.form(f"{access}/cases/{record}", "/notes")
    assert attacker.send(form, {"body": words, "_key": key}).status == 303
    other = visit(SUPPORT)
    theirs = other.enter("acme-health")
    answer = other.send(other.form(f"{theirs}/cases/{record}", "/notes"), {"body": words, "_key": key})
    assert answer.status == 303 and answer.location.startswith(theirs)
    assert sum(note["body"] == words for note in other.json(f"{theirs}/cases/{record}")["notes"]) == 2
    # In another access of one's own it is a key that was used; in another client one that was not.
    admin = next(person for person in attacker.json(f"{access}/people?limit=200")["items"]
                 if person["role"] == "system_admin" and person["state"] == "active")
    as_admin = attacker.enter("acme-health", {"as": admin["email"]})
    again = attacker.form(f"{as_admin}/cases/{record}", "/notes")
    answer = attacker.send(again, {"body": words, "_key": key}, accept="application/json")
    assert answer.status == 409 and answer.json["code"] == "key_reused"
    borealis = attacker.enter("borealis-bank")
    case = f"{borealis}/cases/{attacker.cases(borealis)[0]['id']}"
    assert attacker.send(attacker.form(case, "/notes"), {"body": words, "_key": key}).location.startswith(borealis)


# One face that says more than the other.

@pytest.mark.parametrize("role", ["employee", "department_admin", "policy_author", "investigator"])
def test_both_faces_show_a_role_the_same(attacker, role):
    nobody = attacker.enter("acme-health")
    addresses = Addresses(attacker.json("/openapi.json"))
    pages = {page.removeprefix(nobody) for page in Offers(attacker, addresses, [nobody + "/"], per_route=1).pages
             if page.startswith(nobody) and "/debug" not in page}
    person = next(person for person in attacker.json(f"{nobody}/people?limit=200")["items"]
                  if person["role"] == role and person["state"] == "active")
    access = attacker.enter("acme-health", {"as": person["email"]})
    opened = 0
    for page in sorted(pages):
        shown, told = attacker.get(access + page), attacker.get(access + page, accept="application/json")
        assert shown.status == told.status, page
        opened += shown.status == 200
        if shown.status == 200 and (told.header("Content-Type") or "").startswith("application/json"):
            body = told.json
            body.pop("acting", None)
            page_text = unspaced(html.unescape(re.sub(r"<[^>]*>", "", shown.text)) + html.unescape(shown.text))
            hidden = [words for words in sentences(body) if unspaced(words) not in page_text]
            assert not hidden, (page, hidden[:5])
    assert len(pages) > 15 and 0 < opened


def sentences(value) -> list[str]:
    """What a person reads in a JSON body: words with a space between them."""
    if isinstance(value, dict):
        return [words for part in value.values() for words in sentences(part)]
    if isinstance(value, list):
        return [words for part in value for words in sentences(part)]
    return [value] if isinstance(value, str) and " " in value.strip() else []


def unspaced(words: str) -> str:
    return re.sub(r"\s", "", words)


# Words that another program would obey.

QUERIES = [
    ":*", "a:*b", "a <2> b", "'a':A*", "(((((", "a & & b", "a\\", "\\:*", "or or or", "-" * 50, "- " * 50 + "x",
    "-(" * 50, "-|-&" * 40 + "word", '-"' * 50, "\"a b\" -" * 20,
]


def test_no_word_of_a_query_is_obeyed(attacker):
    access = attacker.enter("acme-health")
    for words in [*WORDS_OF_PROGRAMS, *FORMULAS, *QUERIES]:
        for page in ("search", "cases", "people/employees"):
            began = time.monotonic()
            answer = attacker.get(f"{access}/{page}?q={quote(words)}", accept="application/json")
            assert answer.status in (200, 422), (page, words, answer.text)
            assert time.monotonic() - began < PATIENCE_SECONDS
        assert attacker.get(f"/tenants?q={quote(words)}", accept="application/json").status in (200, 422), words


def quote(words: str) -> str:
    return urllib.parse.quote(words, safe="")


def test_a_line_of_the_log_is_one_line(attacker):
    """What is looked at is the log, when the server has stopped."""
    lie = '"}\r\n{"time":"x","level":"error","label":"ops-console","message":"hit"}'
    for path in (f"/{quote(lie)}", f"/tenants?q={quote(lie)}", f"/i/{quote(lie)}/"):
        attacker.get(path)
    attacker.ask("POST", "/csp", lie.encode(), headers={"Content-Type": "application/csp-report"})
    attacker.ask("POST", "/csp", json.dumps({"csp-report": {"document-uri": lie}}).encode())
    attacker.get("/", headers={"User-Agent": lie.replace("\r\n", " "), "Referer": quote(lie)})
    attacker.post("/demo/sign-in", {"staff": lie})


# Files that are something else.

def multipart(fields: dict[str, str], name: bytes, content: bytes) -> bytes:
    start = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="'
    parts = [f'{start}{field}"\r\n\r\n{value}\r\n'.encode() for field, value in fields.items()]
    head = f'{start}file"; filename="'.encode() + name + b'"\r\nContent-Type: text/html\r\n\r\n'
    return b"".join(parts) + head + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def send_parts(visitor: Visitor, address: str, body: bytes) -> Answer:
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return visitor.ask("POST", address, body, accept="application/json", headers={"Content-Type": kind})


def upload(visitor: Visitor, page: str, name: bytes, content: bytes) -> Answer:
    secrets = {"_csrf": visitor.form(page, "/notes").fields["_csrf"], "_key": str(uuid.uuid4()), "description": ""}
    return send_parts(visitor, f"{page}/attachments", multipart(secrets, name, content))


NAMES = {
    b"../../../etc/passwd.pdf": "passwd.pdf",
    b"C:\\windows\\x.pdf": "x.pdf",
    b"a%0D%0AX-Hit: 1.pdf": None,
    b"a%22; x=%22.pdf": 'a"; x=".pdf',
    "\u202efdp.exe.pdf".encode(): "\u202efdp.exe.pdf",
    "ä".encode() * 120 + b".pdf": "ä" * 120 + ".pdf",
    b"nul.pdf": "nul.pdf",
    b".pdf": None, b"x.html": None, b"x.pdf.svg": None, b"x.pdf ": None, b"x" * 300 + b".pdf": None,
}


def test_a_file_is_nothing_but_a_file(attacker):
    access = attacker.enter("acme-health")
    page = f"{access}/cases/{attacker.cases(access, '?stage=active')[0]['id']}"
    for name, wanted in NAMES.items():
        answer = upload(attacker, page, name, b"%PDF-1.7\n<script>hit(1)</script>")
        assert answer.status == (303 if wanted else 422), (name, answer.status, answer.text)
    held = attacker.json(page)["attachments"]
    assert {file["name"] for file in held} >= {wanted for wanted in NAMES.values() if wanted}
    for file in held:
        got = attacker.get(f"{page}/attachments/{file['id']}")
        disposition = got.header("Content-Disposition") or ""
        assert got.status == 200 and disposition.startswith("attachment; ") and "X-Hit" not in dict(got.headers)
        assert not re.search(r"[/\\\u202e]|\.\.", disposition.split("filename*=")[0]), disposition
        assert (got.header("Content-Security-Policy") or "").startswith("sandbox")
        assert got.header("X-Content-Type-Options") == "nosniff" and got.header("Cache-Control") == "no-store"
        assert got.header("Content-Type") == "application/pdf"


def test_bombs_are_not_opened(attacker):
    access = attacker.enter("acme-health")
    page = f"{access}/cases/{attacker.cases(access, '?stage=active')[0]['id']}"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"\0" * 200_000_000)
    began = time.monotonic()
    assert len(packed.getvalue()) < 1_000_000
    assert upload(attacker, page, b"bomb.docx", packed.getvalue()).status == 303
    # A picture that says it is larger than a logo may be is refused by what it says, and never drawn.
    png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x06\0\0\0"
    secrets = attacker.form(f"{access}/settings/branding", "/logo").fields
    answer = send_parts(attacker, f"{access}/settings/branding/logo", multipart(secrets, b"x.png", png))
    assert answer.status == 422 and "pixels" in answer.text, answer.text
    many = multipart({f"x{number}": "" for number in range(2_000)}, b"x.pdf", b"%PDF-1.7")
    assert send_parts(attacker, f"{page}/attachments", many).status == 400
    assert time.monotonic() - began < 6 * PATIENCE_SECONDS
