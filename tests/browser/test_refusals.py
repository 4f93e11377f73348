"""What is refused, byte by byte: who may not, what was not sent by a page of ours, and what cannot be read."""

import http.client
import re
import urllib.parse
import uuid

import pytest
from playwright.sync_api import expect

from conftest import SUPPORT_L1
from wire import NOBODY, UUID, Answer, Visitor

# Hostile to markup, to scripts and to the eye.
MARKUP = """<script>window.hit = 1; alert(1)</script>"'><img src=x onerror="window.hit = 2"></textarea></title>&lt;b&gt;"""
BIDI = "user \u202e\u2066admin\u2069\u2066 end"
ARABIC = "أبلغت عن تجاوزات في قسم المشتريات"
LONG = ("ä<b>\"' " * 2_000)[:10_000]


def notes(visitor: Visitor) -> list[str]:
    return [note["body"] for note in visitor.json(visitor.case)["notes"]]


# Who.


@pytest.mark.parametrize("path", ["/", "/me", "/tenants?q=acme", "/t/acme-health", "/t/acme-health/enter", f"/i/{NOBODY}/cases"])
def test_without_a_cookie(visit, path):
    nobody = visit(None)
    page = nobody.get(path)
    assert page.status == 303
    where = urllib.parse.urlsplit(page.location)
    assert where.path == "/sign-in" and urllib.parse.parse_qs(where.query)["return"] == [path]
    assert page.all("Set-Cookie") == []
    program = nobody.get(path, accept="application/json")
    assert program.status == 401 and program.json["code"] == "sign_in"
    assert program.header("Content-Type").startswith("application/problem+json")
    assert program.all("Set-Cookie") == []


def test_a_made_up_cookie(visit):
    nobody = visit(None)
    for value in ("A" * 43, "x", "'; DROP TABLE staff; --"):
        nobody.jar = {"ops": value}
        answer = nobody.get("/me", accept="application/json")
        assert answer.status == 401 and answer.json["code"] == "sign_in"


def test_the_return_address_is_ours(visit):
    for foreign in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/%0d%0aSet-Cookie:x=1"):
        answer = visit(None).post("/demo/sign-in", {"staff": SUPPORT_L1, "return": foreign})
        assert answer.status == 303
        assert re.match(r"^/(?![/\\])", answer.location), answer.location
        assert answer.header("x") is None


def alike(answer: Answer, asked: str) -> str:
    """A refusal without what may differ: what was asked for, the nonce, the correlation, the keys of forms."""
    text = answer.text.replace(asked, "ASKED")
    text = re.sub(r'nonce="[^"]+"', "nonce", text)
    return UUID.sub("id", text)


@pytest.mark.parametrize("accept", ["text/html", "application/json"])
@pytest.mark.parametrize("end", ["/", "/cases", "/people", "/settings", "/nothing", f"/cases/{NOBODY}"])
def test_another_persons_access_is_as_unknown(visitor, visit, end, accept):
    other = visit(SUPPORT_L1)
    theirs = visitor.access.removeprefix("/i/")
    known = other.get(f"/i/{theirs}{end}", accept=accept)
    unknown = other.get(f"/i/{NOBODY}{end}", accept=accept)
    assert known.status == unknown.status == 404
    assert alike(known, theirs) == alike(unknown, NOBODY)
    assert [name for name, _ in known.headers] == [name for name, _ in unknown.headers]
    assert "Borealis" not in known.text


@pytest.mark.parametrize("end", ["/exit", "/settings/cases.default_sla_days", "/people", f"/cases/{NOBODY}/notes"])
def test_another_persons_access_cannot_be_written_to(visitor, visit, end):
    other = visit(SUPPORT_L1)
    token = other.form("/me", "/sign-out").fields["_csrf"]
    theirs = visitor.access.removeprefix("/i/")
    known, unknown = (other.post(f"/i/{id}{end}", {"_csrf": token, "value": "1"}) for id in (theirs, NOBODY))
    assert known.status == unknown.status == 404
    assert alike(known, theirs) == alike(unknown, NOBODY)
    assert visitor.open_accesses() == [theirs]


def test_another_persons_timeline_and_exit_card(visitor, visit):
    other = visit(SUPPORT_L1)
    theirs = visitor.access.removeprefix("/i/")
    for where in ("/audit/accesses", "/exited"):
        known, unknown = other.get(f"{where}/{theirs}"), other.get(f"{where}/{NOBODY}")
        assert known.status == unknown.status == 404
        assert alike(known, theirs) == alike(unknown, NOBODY)


def test_capability(visit):
    auditor = visit(None).sign_in("auditor@ethico.example")
    answer = auditor.get("/t/acme-health/enter", accept="application/json")
    assert answer.status == 403 and answer.json["code"] == "capability"
    answer = visit(SUPPORT_L1).get("/audit/events", accept="application/json")
    assert answer.status == 403 and answer.json["code"] == "capability"


def test_an_ended_access(visitor):
    form = visitor.form(visitor.case, "/notes")
    visitor.exit_all()
    for path in (f"{visitor.access}/", visitor.case):
        page = visitor.get(path)
        assert page.status == 410
        assert "You have left" in page.text and "Enter again" in page.text and "Jordan Doyle" in page.text
        assert "access-banner" not in page.text
        program = visitor.get(path, accept="application/json")
        assert program.status == 410 and program.json["code"] == "access_ended"
    assert visitor.send(form, {"body": "Too late"}).status == 410


def test_a_client_that_has_left(visit):
    visitor = visit()
    left = visitor.json("/tenants?status=closed")["items"][0]["slug"]
    form = visitor.form("/t/acme-health/enter", "/enter")
    answer = visitor.post(f"/t/{left}/enter", form.fields, accept="application/json")
    assert answer.status == 409 and answer.json["code"] == "tenant_closed"
    assert visitor.open_accesses() == []


def test_an_unknown_user_to_act_as(visit):
    visitor = visit()
    form = visitor.form("/t/acme-health/enter", "/enter")
    answer = visitor.send(form, {"as": "nobody@acme-health.example"}, accept="application/json")
    assert answer.status == 422 and answer.json["code"] == "no_such_user"
    assert visitor.open_accesses() == []


# From where.


@pytest.mark.parametrize("token", ["", None, "forged", "A" * 43, "another's"])
def test_without_our_token(visitor, visit, token):
    form = visitor.form(visitor.case, "/notes")
    words = f"Forged {uuid.uuid4()}"
    if token == "another's":
        token = visit(SUPPORT_L1).form("/me", "/sign-out").fields["_csrf"]
    fields = form.fields | {"body": words, "_csrf": token}
    answer = visitor.post(form.action, {name: value for name, value in fields.items() if value is not None})
    assert answer.status == 403
    assert words not in notes(visitor)


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "same-origin, cross-site"},
    {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://127.0.0.1"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "OURS"},
])
def test_from_another_site(visitor, origin, headers):
    form = visitor.form(visitor.case, "/notes")
    words = f"Cross-site {uuid.uuid4()}"
    sent = {name: value.replace("OURS", origin) for name, value in headers.items()}
    assert visitor.send(form, {"body": words}, headers=sent).status == 403
    assert words not in notes(visitor)
    for path, fields in (("/demo/sign-in", {"staff": SUPPORT_L1}), ("/sign-out", {"_csrf": form.fields["_csrf"]}),
                         ("/exit-all", {"_csrf": form.fields["_csrf"]}), ("/t/acme-health/enter", form.fields)):
        assert visitor.post(path, fields, headers=sent).status == 403, path
    assert len(visitor.open_accesses()) == 1


def test_from_our_own_page(visitor, origin):
    form = visitor.form(visitor.case, "/notes")
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": origin}, {}):
        form.fields["_key"] = str(uuid.uuid4())
        assert visitor.send(form, {"body": "Ours"}, headers=headers).status == 303


def test_prefetch(visitor):
    answer = visitor.get(f"{visitor.access}/cases", headers={"Sec-Purpose": "prefetch"}, allow_fault=True)
    assert answer.status == 503


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "", "ops.ethico.com"])
def test_wrong_host(visitor, host):
    answers = [visitor.get(path, headers={"Host": host}) for path in ("/", "/sign-in", f"{visitor.access}/cases", "/nothing")]
    assert {(answer.status, answer.body) for answer in answers} in ({(403, b"Forbidden\n")}, {(400, answers[0].body)})
    assert all(answer.all("Set-Cookie") == [] and answer.header("Server") is None for answer in answers)
    if host:
        assert answers[0].status == 403


def test_localhost_is_led_to_our_one_name(visit, origin):
    port = origin.rsplit(":", 1)[1]
    answer = visit(None).get("/tenants?q=acme", headers={"Host": f"localhost:{port}"})
    assert answer.status in (307, 308)
    assert answer.location == f"{origin}/tenants?q=acme"


def test_forwarded_headers_are_not_believed(visit):
    assert visit(None).get("/sign-in", headers={"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example"}).status == 200


# What.


def test_too_large(visitor):
    form = visitor.form(visitor.case, "/notes")
    answer = visitor.send(form, {"body": "x" * (2 << 20)})
    assert answer.status == 413
    assert visitor.get("/me").status == 200


@pytest.mark.parametrize("body", [
    b"body=%zz", b"body=%", b"body=%4", b"body=%00", b"body=\x00", b"body=%ff", b"body=\xff", b"body=%c0%af", b"body=%ed%a0%80",
    b"%00=x", b"%ff=x",
])
def test_a_form_that_cannot_be_read(visitor, body):
    form = visitor.form(visitor.case, "/notes")
    before = notes(visitor)
    rest = urllib.parse.urlencode({name: value for name, value in form.fields.items() if name != "body"}).encode()
    answer = visitor.ask("POST", form.action, rest + b"&" + body)
    assert answer.status == 400
    assert notes(visitor) == before


@pytest.mark.parametrize("body", [b"{", b"[]", b"null", b'{"body": {"a": 1}}', b'{"body": "\\u0000"}', b'{"body": "\xff"}', b'{"body": "\\ud800"}'])
def test_json_that_cannot_be_read(visitor, body):
    form = visitor.form(visitor.case, "/notes")
    before = notes(visitor)
    answer = visitor.ask(
        "POST", form.action, body, accept="application/json",
        headers={"Content-Type": "application/json", "Ops-Csrf": form.fields["_csrf"]})
    assert answer.status == 400 and answer.json["code"] == "bad_request"
    assert notes(visitor) == before


@pytest.mark.parametrize("query", ["q=%zz", "q=%", "q=%00", "q=%ff", "q=%c0%af"])
@pytest.mark.parametrize("page", ["/tenants", "cases", "people"])
def test_an_address_that_cannot_be_read(visitor, page, query):
    path = page if page.startswith("/") else f"{visitor.access}/{page}"
    assert visitor.get(f"{path}?{query}").status == 400


@pytest.mark.parametrize("path", ["/t/%00", "/t/%ff", "/t/%zz", "/i/%00/", "/exited/%00", "/audit/accesses/%ff", "/t/" + "x" * 4_000, "/..%2f..%2fetc/passwd"])
def test_a_path_that_cannot_be(visitor, path):
    assert visitor.get(path).status in (400, 404, 414)


@pytest.mark.parametrize("path", ["cases/%00", "cases/%ff", "people/%00", "nothing/%00"])
def test_a_path_that_cannot_be_inside(visitor, path):
    answer = visitor.get(f"{visitor.access}/{path}")
    assert answer.status in (400, 404)


def test_header_line_ends_do_not_split(visitor):
    answer = visitor.get(f"{visitor.access}/cases?q=%0d%0aX-Planted:%201")
    assert answer.status in (200, 400) and answer.header("X-Planted") is None


def test_an_over_long_search(visitor):
    for path, limit in (("/tenants", 100), (f"{visitor.access}/cases", 100), (f"{visitor.access}/people", 100)):
        assert visitor.get(f"{path}?q={'%C3%A9' * limit}").status == 200
        page = visitor.get(f"{path}?q={'x' * (limit + 1)}")
        assert page.status == 422 and str(limit) in page.text
        assert visitor.get(f"{path}?q={'x' * (limit + 1)}", accept="application/json").json["code"] == "invalid"


def test_forged_cursors(visitor):
    for path in ("/tenants", f"{visitor.access}/cases", f"{visitor.access}/people"):
        for cursor in ("x", "AAAA", "%F0%9F%98%80", "A" * 2_000):
            answer = visitor.get(f"{path}?after={cursor}", accept="application/json")
            assert answer.status == 400 and answer.json["code"] == "bad_cursor", (path, cursor)


def test_over_long_fields_come_back_whole(visitor):
    answer = visitor.send(visitor.form(f"{visitor.case}/edit", "/edit"), {"title": LONG, "summary": LONG})
    assert answer.status == 422
    again = answer.form("/edit").fields
    assert again["title"] == LONG.strip() or again["title"] == LONG
    assert again["summary"] in (LONG, LONG.strip())
    answer = visitor.send(visitor.form(visitor.case, "/notes"), {"body": LONG + "x"})
    assert answer.status == 422 and answer.form("/notes").fields["body"].startswith(LONG)


def test_a_reason_that_is_none(visit):
    visitor = visit()
    answer = visitor.send(visitor.form("/t/acme-health/enter", "/enter"), {"reason": MARKUP})
    assert answer.status == 422 and "<script>window" not in answer.text
    assert visitor.open_accesses() == []


# Hostile text, in a browser: it is shown, and nothing in it runs. The page fixture fails on a dialog and on a page error.


def harmless(page) -> None:
    assert page.evaluate("window.hit") is None
    assert page.locator("img[src=x]").count() == 0
    text = page.evaluate("document.body.innerText")
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", text), "a bidi control stands unseen on the page"


def test_hostile_note_and_title(page_of):
    page = page_of()
    page.goto("/t/borealis-bank/enter")
    page.get_by_role("button", name="Enter workspace").click()
    page.wait_for_url("**/i/*/")
    access = "/i/" + page.url.split("/i/")[1].strip("/")
    case = access + "/cases/" + page.request.get(
        access + "/cases?stage=review", headers={"Accept": "application/json"}).json()["items"][0]["id"]
    for words in (MARKUP, BIDI, ARABIC, LONG):
        page.goto(case)
        page.get_by_role("textbox", name="New note").fill(words)
        page.get_by_role("button", name="Add note").click()
        expect(page.locator(".result")).to_be_visible()
        harmless(page)
    main = page.get_by_role("main")
    expect(main).to_contain_text(MARKUP)
    expect(main).to_contain_text("202E")
    expect(main).to_contain_text(LONG[:500].strip())
    arabic = main.get_by_role("paragraph").filter(has_text=ARABIC)
    expect(arabic).to_be_visible()
    assert arabic.evaluate("element => getComputedStyle(element).direction") == "rtl"
    for words in (MARKUP, BIDI, ARABIC):
        page.goto(f"{case}/edit")
        page.get_by_label("Title", exact=True).fill(words)
        page.get_by_role("button", name="Save case").click()
        shown = re.sub("[\u202a-\u202e\u2066-\u2069]", lambda control: f"[U+{ord(control[0]):04X}]", words)
        expect(page.get_by_role("heading", level=1)).to_have_text(shown)
        harmless(page)
        page.goto(f"{case}/edit")
        expect(page.get_by_label("Title", exact=True)).to_have_value(words)
        harmless(page)
        page.goto(f"{access}/cases?stage=review")
        harmless(page)
    page.goto(f"/audit/accesses/{access.removeprefix('/i/')}")
    expect(page.locator(".timeline .step").first).to_be_visible()
    harmless(page)


def test_hostile_search(page_of):
    page = page_of()
    for words in (MARKUP[:100], BIDI, ARABIC):
        page.goto("/tenants?" + urllib.parse.urlencode({"q": words}))
        expect(page.get_by_role("main").get_by_role("searchbox")).to_have_value(words)
        harmless(page)
        page.goto("/me")
        page.keyboard.press("Control+k")
        page.get_by_role("combobox", name="Find a client").fill(words)
        expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text(words[:20].split("\u202e")[0])
        assert page.evaluate("window.hit") is None and page.locator("dialog img").count() == 0


def test_two_words_are_two_words(page_of):
    """A form writes a space as a plus sign."""
    page = page_of()
    page.goto("/")
    page.get_by_role("main").get_by_role("searchbox").fill("health acme")
    page.keyboard.press("Enter")
    page.wait_for_url("**/tenants?*")
    expect(page.get_by_role("main").get_by_role("searchbox")).to_have_value("health acme")
    expect(page.get_by_role("link", name="Acme Health", exact=True)).to_be_visible()
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="Find a client").fill("health acme")
    expect(page.get_by_role("option", name=re.compile("Acme Health"))).to_be_visible()


def test_hostile_reason_and_entry_note(page_of):
    page = page_of()
    page.goto("/t/borealis-bank/enter")
    page.get_by_label(re.compile("^Note")).fill(MARKUP + BIDI + ARABIC)
    page.get_by_role("button", name="Enter workspace").click()
    page.wait_for_url("**/i/*/")
    access = "/i/" + page.url.split("/i/")[1].strip("/")
    closed = page.request.get(
        access + "/cases?stage=closed", headers={"Accept": "application/json"}).json()["items"][0]["id"]
    page.goto(f"{access}/cases/{closed}")
    page.get_by_role("radio", name="Active").check()
    page.get_by_label(re.compile("^Reason")).fill(MARKUP + BIDI)
    page.get_by_role("button", name="Change stage").click()
    expect(page.locator(".result")).to_be_visible()
    harmless(page)
    page.goto(f"/audit/accesses/{access.removeprefix('/i/')}")
    expect(page.locator(".timeline .step").first).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(MARKUP)
    harmless(page)


# What every answer says to the browser.


def assert_guarded(answer: Answer) -> str:
    assert answer.header("Strict-Transport-Security") == "max-age=31536000"
    assert answer.header("X-Content-Type-Options") == "nosniff"
    assert answer.header("Referrer-Policy") == "same-origin"
    assert answer.header("Cross-Origin-Opener-Policy") == "same-origin"
    assert answer.header("Cross-Origin-Resource-Policy") == "same-origin"
    assert answer.header("Cache-Control") == "no-store"
    assert answer.header("Server") is None and answer.header("Content-Encoding") is None
    policy = {words[0]: words[1:] for words in (part.split() for part in answer.header("Content-Security-Policy").split(";"))}
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["style-src"] == policy["connect-src"] == policy["font-src"] == policy["form-action"] == ["'self'"]
    assert policy["img-src"] == ["'self'", "data:"]
    nonce, dynamic = policy["script-src"]
    assert re.fullmatch(r"'nonce-[A-Za-z0-9+/=]{22,}'", nonce) and dynamic == "'strict-dynamic'"
    return nonce


def test_headers_of_every_kind_of_answer(visitor, visit):
    nobody = visit(None)
    answers = [
        visitor.get("/"), visitor.get(f"{visitor.access}/"), visitor.get("/", accept="application/json"),
        visitor.get("/nothing-here"), visitor.get(f"{visitor.access}/nothing-here"), visitor.get(f"/i/{NOBODY}/"),
        visitor.get("/tenants?q=" + "x" * 101), nobody.get("/sign-in"), nobody.get("/me"), nobody.get("/me", accept="application/json"),
        visitor.post("/exit-all", {}), visitor.ask("PUT", "/tenants", b""), visitor.ask("DELETE", visitor.access + "/cases", b""),
    ]
    nonces = [assert_guarded(answer) for answer in answers]
    assert len(set(nonces)) == len(nonces)
    for answer in answers:
        assert answer.all("Set-Cookie") == []


def test_trusted_types(visitor):
    assert "require-trusted-types-for 'script'" in visitor.get("/").header("Content-Security-Policy")


def test_the_cookie_of_a_sign_in(visit):
    answer = visit(None).post("/demo/sign-in", {"staff": SUPPORT_L1})
    (cookie,) = answer.all("Set-Cookie")
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=lax", "path=/"} <= attributes


def test_sign_out(visit):
    visitor = visit()
    kept = dict(visitor.jar)
    answer = visitor.send(visitor.form("/me", "/sign-out"))
    assert answer.status == 303 and "cookies" in answer.header("Clear-Site-Data")
    visitor.jar = kept
    assert visitor.get("/me", accept="application/json").status == 401


def test_assets(visitor, origin):
    path = re.search(r'href="(/assets/[^"]+\.css)"', visitor.get("/").text)[1]
    answer = visitor.get(path)
    assert answer.status == 200 and "immutable" in answer.header("Cache-Control")
    assert answer.header("X-Content-Type-Options") == "nosniff"
    for bad in ("/assets/../../db/roles.sql", "/assets/%2e%2e/%2e%2e/Package.swift", path + "%00", path.replace("css/", "css//")):
        assert visitor.get(bad).status in (400, 404), bad


def test_a_health_port_of_its_own(server, visit):
    assert visit().get("/healthz").status == 404
    connection = http.client.HTTPConnection("127.0.0.1", server.health_port, timeout=10)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    connection.close()
