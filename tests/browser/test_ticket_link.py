"""A link from a support ticket: its signature only says that the ticket is real, and a GET enters nothing."""

import base64
import hashlib
import hmac
import re
import time
import urllib.parse

import pytest
from playwright.sync_api import expect

KEY = b"0123456789abcdef0123456789abcdef"
NINETY_DAYS = 90 * 86_400


def signature(parameters: dict[str, str], key: bytes = KEY) -> str:
    message = "\n".join(sorted(f"{name}={value}" for name, value in parameters.items()))
    code = hmac.new(key, message.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(code).rstrip(b"=").decode()


def parameters(**changed: str) -> dict[str, str]:
    return {
        "v": "1", "k": "z1", "src": "zendesk", "tenant": "acme-health", "ticket": "48213",
        "ts": str(int(time.time()))} | changed


def link(said: dict[str, str], sig: str | None = None) -> str:
    return "/enter?" + urllib.parse.urlencode(said | {"sig": sig or signature(said)})


def test_vector():
    said = parameters(user="admin@acme-health.example", ts="1772442900")
    assert signature(said) == "RdkLIo9YpmiIxO0Gyc2_5fjEfDIQagBRpYBZ25xNd4Q"


def test_verified(page_of):
    page = page_of()
    page.goto(link(parameters(ticket="900001")))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Acme Health")
    expect(page.get_by_role("main")).to_contain_text("Verified ticket")
    expect(page.get_by_role("main")).to_contain_text("zendesk 900001")
    button = page.get_by_role("button", name="Enter workspace")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/i/*/")
    banner = page.locator(".access-banner")
    expect(banner).to_contain_text("Acme Health")
    acting = page.request.get(page.url, headers={"Accept": "application/json"}).json()["acting"]
    assert acting["entry"] == "ticket_link"
    assert re.fullmatch(r"T-\d{6}", acting["ticket"]), acting
    expect(banner).to_contain_text(acting["ticket"])


def test_the_user_of_the_link_is_acted_as(page_of, visit):
    visitor = visit()
    access = visitor.enter("acme-health")
    person = visitor.json(f"{access}/people?state=active")["items"][0]
    page = page_of()
    page.goto(link(parameters(ticket="900002", user=person["email"])))
    expect(page.get_by_label(re.compile("^Act as"))).to_have_value(person["email"])
    page.get_by_role("button", name="Enter workspace").click()
    page.wait_for_url("**/i/*/")
    expect(page.locator(".access-banner")).to_contain_text(person["name"])


def test_a_record_under_the_signature_is_led_to(page_of, visit):
    visitor = visit()
    access = visitor.enter("acme-health")
    matter = visitor.json(f"{access}/cases")["items"][0]
    page = page_of()
    page.goto(link(parameters(ticket="900008", open=matter["reference"])))
    expect(page.get_by_role("main")).to_contain_text("Verified ticket")
    button = page.get_by_role("button", name="Enter workspace")
    expect(button).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/i/*/cases/{matter['id']}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(matter["title"])


def test_altered_shows_its_words_and_lets_enter(page_of):
    said = parameters(ticket="900003")
    page = page_of()
    page.goto(link(said | {"ticket": "900004"}, sig=signature(said)))
    main = page.get_by_role("main")
    expect(main).to_contain_text("Unverified link")
    expect(main).not_to_contain_text("Verified ticket")
    expect(main).to_contain_text("900004")
    page.get_by_role("button", name="Enter workspace").click()
    page.wait_for_url("**/i/*/")
    expect(page.locator(".access-banner")).to_contain_text("900004")


def altered() -> dict[str, str]:
    good = parameters()
    old = parameters(ts=str(int(time.time()) - NINETY_DAYS - 60))
    raw = link(good)
    return {
        "no signature": "/enter?" + urllib.parse.urlencode(good),
        "a signature of other words": link(good | {"user": "who@acme-health.example"}, sig=signature(good)),
        "a signature cut short": raw[:-3],
        "a signature with padding": raw + "%3D",
        "another key's signature": link(good, sig=signature(good, b"another key of thirty-two bytes!")),
        "an unknown key": link(good | {"k": "z9"}),
        "another version": link(good | {"v": "2"}),
        "older than 90 days": link(old),
        "from the future": link(parameters(ts=str(int(time.time()) + 86_400))),
        "a doubled parameter": raw + "&ticket=48213",
        "a control character": link(good | {"src": "zen\x07desk"}),
        "a line feed": link(good | {"src": "zendesk\nv=1"}),
        "no time": link({name: value for name, value in good.items() if name != "ts"}),
        "broken percent-encoding": raw + "&user=%zz",
    }


@pytest.mark.parametrize("how", list(altered()))
def test_no_altered_link_is_verified_and_no_word_lost(visit, how):
    visitor = visit()
    answer = visitor.get(altered()[how])
    assert answer.status == 200, answer.text
    assert "Unverified link" in answer.text and "Verified ticket" not in answer.text
    for word in ("48213", "desk", "acme-health"):
        assert word in answer.text
    assert answer.form("/enter").action == "/t/acme-health/enter"
    assert visitor.open_accesses() == []


def test_unknown_client(visit):
    visitor = visit()
    answer = visitor.get(link(parameters(tenant="nobody-at-all")))
    assert answer.status == 404
    assert "Unknown client" in answer.text and "nobody-at-all" in answer.text and "48213" in answer.text


def test_get_enters_nothing(visit):
    visitor = visit()
    for path in (link(parameters(ticket="900005")), "/t/acme-health/enter"):
        assert visitor.get(path).status == 200
    assert visitor.open_accesses() == []


def test_without_a_sign_in_it_leads_back(desk):
    page = desk.open()
    said = parameters(ticket="900006")
    page.goto(link(said))
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_role("button", name=re.compile("Jordan Doyle")).click()
    page.wait_for_url("**/enter?*")
    expect(page.get_by_role("main")).to_contain_text("Verified ticket")


def test_unknown_user_of_a_link_is_an_error_that_keeps_the_link(page_of):
    page = page_of()
    page.goto(link(parameters(ticket="900007", user="nobody@acme-health.example")))
    page.get_by_role("button", name="Enter workspace").click()
    expect(page.locator(".error-summary")).to_contain_text("nobody@acme-health.example")
    expect(page.get_by_role("main")).to_contain_text("Verified ticket")
