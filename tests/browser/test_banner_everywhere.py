"""Inside a client every page says whose house it is, at any width and on paper; outside none does."""

import re
import urllib.parse
from collections import Counter, deque

import pytest
from playwright.sync_api import Page, expect

from look import assert_frame_in_pixels, seen
from wire import NOBODY, UUID

PAGES_AT_MOST = 150
SAME_SHAPE_AT_MOST = 6
WIDTHS = (1440, 320)
# Half screens and tablets, on which a list of many columns has to find room or become cards.
WIDTHS_BETWEEN = (700, 768, 820, 1024, 1120, 1160, 1190, 1200)
NAME = "Acme Health"


def shape(address: str) -> str:
    """An address without what is one record's own."""
    parts = urllib.parse.urlsplit(address)
    names = sorted({name for name, _ in urllib.parse.parse_qsl(parts.query, keep_blank_values=True)})
    return UUID.sub("{id}", parts.path) + "?" + "&".join(names)


def examine(page: Page, inside: bool = True) -> None:
    """The page as it stands, at both widths and on paper."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found = seen(page)
        where = f"{page.url} at {width} px: {found}"
        assert found["sideways"] <= 0, where
        assert found["banner"] is inside and found["frame"] is inside, where
        if not inside:
            continue
        assert NAME in found["words"], where
        assert found["bannerShown"] and found["frameShown"], where
        assert found["position"] == "sticky" and found["pointer"] == "none", where
        assert found["top"], f"covered at the top: {where}"
        assert found["bottom"], f"covered or gone after scrolling: {where}"
    if inside:
        assert page.title().startswith(f"⚠ {NAME} · "), page.title()
        page.emulate_media(media="print")
        found = seen(page)
        assert found["bannerShown"] and found["frameShown"], f"{page.url} in print: {found}"
        page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1440, "height": 800})


@pytest.fixture
def inside(inside) -> Page:
    """One page in the workspace."""
    return inside()


def links(page: Page) -> list[str]:
    found = page.eval_on_selector_all("a[href]:not([download])", "links => links.map((link) => link.href.split('#')[0])")
    return [address for address in dict.fromkeys(found)]


def test_every_page_that_links_reach(inside, origin):
    page, prefix = inside, f"{inside.access}/"
    waiting, visited, shapes = deque([prefix]), {prefix}, Counter()
    outside: dict[str, str] = {}
    while waiting and sum(shapes.values()) < PAGES_AT_MOST:
        # What has been seen least comes first, so that the bound leaves out only more of the same.
        address = min(waiting, key=lambda known: shapes[shape(known)])
        waiting.remove(address)
        if shapes[shape(address)] >= SAME_SHAPE_AT_MOST:
            continue
        answer = page.goto(address)
        assert answer.status == 200, f"{address}: {answer.status}"
        examine(page)
        if not shapes[shape(address)]:
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                assert_frame_in_pixels(page)
        shapes[shape(address)] += 1
        for link in links(page):
            if link in visited:
                continue
            visited.add(link)
            if link.startswith(prefix):
                waiting.append(link)
            elif link.startswith(origin):
                outside.setdefault(shape(link), link)
    assert len(shapes) >= 8, shapes
    for address in list(outside.values())[:20]:
        page.goto(address)
        examine(page, inside=False)


@pytest.mark.parametrize("path, status", [
    ("nothing-here", 404), (f"cases/{NOBODY}", 404), ("cases/none", 404), ("settings/none", 404),
    # Where a form led to: typed again, or reloaded from a bookmark.
    (f"cases/{NOBODY}/notes", 404), ("exit", 404),
    ("cases?after=forged", 400), (f"cases?q={'x' * 101}", 422), (f"people?q={'x' * 101}", 422),
    ("cases?q=%3Cb%3E&stage=new", 200),
])
def test_every_refusal_of_a_page(inside, path, status):
    answer = inside.goto(f"{inside.access}/{path}")
    assert answer.status == status
    examine(inside)


@pytest.mark.parametrize("path", [
    "{access}/cases", "{access}/policies", "{access}/campaigns", "{access}/disclosures", "{access}/debug/jobs",
    "/tickets", "/tenants",
])
def test_lists_on_half_a_screen(inside, path):
    assert inside.goto(path.format(access=inside.access)).status == 200
    expect(inside.locator("table.table tbody tr").first).to_be_visible()
    for width in WIDTHS_BETWEEN:
        inside.set_viewport_size({"width": width, "height": 800})
        found = seen(inside)
        assert found["sideways"] <= 0, f"{inside.url} at {width} px: {found}"


def open_case(page: Page) -> str:
    page.goto(f"{page.access}/cases?stage=active")
    page.locator("table.table tbody tr").first.get_by_role("link").first.click()
    expect(page.get_by_role("button", name="Add note")).to_be_visible()
    return page.url


def answer_to(page: Page, button: str) -> int:
    with page.expect_response(lambda response: response.request.method == "POST") as waiting:
        page.get_by_role("button", name=button).click()
    page.wait_for_load_state()
    return waiting.value.status


def test_forms_with_errors(inside):
    open_case(inside)
    assert answer_to(inside, "Add note") == 422
    expect(inside.locator(".error-summary")).to_be_focused()
    examine(inside)
    open_case(inside)
    assert answer_to(inside, "Reassign case") == 422
    examine(inside)
    open_case(inside)
    inside.get_by_role("link", name="Edit case").click()
    inside.get_by_label("Title", exact=True).fill("")
    assert answer_to(inside, "Save case") == 422
    examine(inside)
    inside.goto(f"{inside.access}/settings")
    inside.get_by_label("Days to close a case", exact=True).fill("4000")
    assert answer_to(inside, "Save Days to close a case") == 422
    examine(inside)


def test_a_stale_conflict(inside):
    case = open_case(inside)
    inside.get_by_role("link", name="Edit case").click()
    inside.get_by_label("Title", exact=True).fill("What I typed")
    other = inside.context.new_page()
    other.goto(f"{case}/edit")
    other.get_by_label("Title", exact=True).fill("What somebody else saved")
    other.get_by_role("button", name="Save case").click()
    expect(other.locator(".result")).to_be_visible()
    assert answer_to(inside, "Save case") == 409
    expect(inside.get_by_label("Title", exact=True)).to_have_value("What I typed")
    expect(inside.get_by_role("main")).to_contain_text("What somebody else saved")
    examine(inside)


def test_a_forged_form(inside):
    open_case(inside)
    inside.get_by_role("textbox", name="New note").fill("Forged")
    inside.eval_on_selector_all("input[name=_csrf]", "fields => fields.forEach((field) => { field.value = 'forged'; })")
    assert answer_to(inside, "Add note") == 403
    examine(inside)


@pytest.mark.parametrize("key", ["Control+k", "?"])
def test_modals_repeat_it(inside, key):
    inside.keyboard.press(key)
    expect(inside.get_by_role("dialog")).to_contain_text(f"You are in {NAME}")


def test_with_a_user_it_names_the_user(inside):
    page = inside
    person = page.request.get(
        f"{page.access}/people?state=active&role=compliance_officer", headers={"Accept": "application/json"}
    ).json()["items"][0]
    page.locator(".access-banner").get_by_role("link", name="Act as").click()
    page.get_by_label(re.compile("^Act as")).fill(person["email"])
    page.get_by_role("button", name="Enter workspace").click()
    page.wait_for_url("**/i/*/")
    expect(page.locator(".access-banner")).to_contain_text(person["name"])
    expect(page.locator(".access-banner")).to_contain_text("ompliance officer")
    examine(page)


@pytest.mark.parametrize("path", ["/", "/me", "/tenants", "/t/acme-health", "/t/acme-health/enter", "/nothing-here"])
def test_outside_none_has_it(page_of, path):
    page = page_of()
    page.goto(path)
    examine(page, inside=False)


def test_the_sign_in_page_has_none(desk):
    page = desk.open()
    page.goto("/sign-in")
    examine(page, inside=False)
