"""By keyboard alone: the pointer is never used here."""

import re

import pytest
from playwright.sync_api import Page, expect

from test_ticket_link import link, parameters

TABS_AT_MOST = 60


@pytest.fixture
def page(page_of) -> Page:
    page = page_of()
    page.goto("/")
    return page


def tab_to(page: Page, name: str) -> None:
    """Presses Tab until the control of that name has the focus, as somebody without a mouse does."""
    for _ in range(TABS_AT_MOST):
        page.keyboard.press("Tab")
        label = page.evaluate(
            "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()")
        if label == name:
            return
    raise AssertionError(f"{name} is not within {TABS_AT_MOST} tabs of the start of {page.url}")


def open_switcher(page: Page, words: str) -> None:
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Find a client")).to_be_visible()
    expect(page.get_by_role("combobox", name="Find a client")).to_be_focused()
    page.keyboard.type(words)
    expect(page.get_by_role("dialog").get_by_role("status")).to_contain_text("found")


def enter_acme(page: Page) -> None:
    open_switcher(page, "acme")
    expect(page.get_by_role("option").first).to_contain_text("Acme Health")
    page.keyboard.press("Control+Enter")
    expect(page).to_have_url(re.compile("/t/acme-health/enter$"))
    expect(page.get_by_role("button", name="Enter workspace")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/i/[0-9a-f-]{36}/$"))


def enter_cases(page: Page) -> None:
    enter_acme(page)
    tab_to(page, "Cases")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cases")


def focused_row(page: Page) -> int:
    return page.evaluate(
        "[...document.querySelectorAll('table.table tbody tr')].indexOf(document.activeElement.closest('tr'))")


def test_sign_in(desk):
    page = desk.open()
    page.goto("/tenants")
    tab_to(page, page.get_by_role("button", name=re.compile("Jordan Doyle")).text_content().strip())
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/tenants$"))


def test_a_ticket_link_from_sign_in_to_the_record(desk, visit):
    """The link of a ticket names a case: one signs in, reads what is proven, enters, and stands before it."""
    visitor = visit()
    matter = visitor.cases(visitor.enter("acme-health"))[0]
    visitor.exit_all()
    page = desk.open()
    page.goto(link(parameters(ticket="900009", open=matter["reference"])))
    expect(page).to_have_url(re.compile("/sign-in"))
    tab_to(page, page.get_by_role("button", name=re.compile("Jordan Doyle")).text_content().strip())
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Verified ticket")
    expect(page.get_by_role("main")).to_contain_text("zendesk 900009")
    # What can be said besides stands before the button, which has the focus: back to it, and on again.
    button = page.get_by_role("button", name="Enter workspace")
    expect(button).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(button).not_to_be_focused()
    assert page.evaluate("document.activeElement.closest('form') !== null"), "the form cannot be filled in backwards"
    tab_to(page, "Enter workspace")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(rf"/i/[0-9a-f-]{{36}}/cases/{matter['id']}$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(matter["title"])
    # From the start of the page the way to its content is one step.
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    tab_to(page, "Exit")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("You have left Acme Health")


def test_switcher_arrows_and_card(page):
    open_switcher(page, "al")
    options = page.get_by_role("option")
    expect(options.nth(1)).to_be_visible()
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    name = options.nth(1).locator("bdi").inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page).to_have_url(re.compile("/t/[a-z0-9-]+$"))


def test_switcher_says_what_is_only_close(page):
    page.keyboard.press("Control+k")
    status = page.get_by_role("dialog").get_by_role("status")
    page.keyboard.type("acme helth")
    expect(status).to_have_text("Nothing matches “acme helth”. Close to it:")
    expect(page.get_by_role("option").first).to_contain_text("close to it")
    page.keyboard.type("zzzzqqqq")
    expect(status).to_have_text("Nothing matches “acme helthzzzzqqqq”.")
    expect(page.get_by_role("option")).to_have_count(0)


def test_switcher_escape_gives_the_focus_back(page):
    tab_to(page, page.get_by_role("banner").get_by_role("link", name="Find a client").text_content().strip())
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Find a client")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("banner").get_by_role("link", name="Find a client")).to_be_focused()


def test_switcher_enters(page):
    enter_acme(page)
    expect(page.locator(".access-banner")).to_contain_text("Acme Health")
    page.keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name="Find a client")).to_contain_text("You are in Acme Health")
    expect(page.get_by_role("dialog").get_by_role("link", name=re.compile("^Acme Health"))).to_be_visible()


def test_switcher_exits(page):
    enter_acme(page)
    page.goto("/")
    open_switcher(page, "acme")
    expect(page.get_by_role("option").first).to_contain_text("Live")
    expect(page.get_by_role("option").first).to_contain_text("Enterprise · Healthcare")
    expect(page.get_by_role("dialog").get_by_role("button", name="Exit Acme Health").first).to_be_visible()
    tab_to(page, "Exit Acme Health")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/exited/[0-9a-f-]{36}$"))
    expect(page.get_by_role("heading", level=1)).to_have_text("You have left Acme Health")
    left = page.url.rsplit("/", 1)[1]
    accesses = page.request.get("/me", headers={"Accept": "application/json"}).json()["open_accesses"]
    assert left not in [access["impersonation"] for access in accesses]


def test_rows_and_filter(page):
    enter_cases(page)
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Reference or title")).to_be_focused()
    page.keyboard.type("j")
    expect(page.get_by_role("searchbox", name="Reference or title")).to_have_value("j")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    assert focused_row(page) == 0
    page.keyboard.press("j")
    assert focused_row(page) == 1
    page.keyboard.press("k")
    assert focused_row(page) == 0
    reference = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    expect(page).to_have_title(re.compile(re.escape(reference)))


def test_keys_dialog(page):
    enter_cases(page)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys of this page")
    expect(dialog).to_be_visible()
    for words in ("Find a client", "Filter", "Next, previous row", "You are in Acme Health"):
        expect(dialog).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_places(page):
    page.keyboard.press("Escape")  # Out of the search field.
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile("/tenants$"))
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page).to_have_url(re.compile(r"/$"))


def test_one_letter_keys_off(page):
    page.goto("/me")
    tab_to(page, "Switch one-letter keys off")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Switch one-letter keys on")).to_be_visible()
    try:
        page.goto("/tenants")
        expect(page.locator("table.table tbody tr").first).to_be_visible()
        page.evaluate("document.activeElement.blur()")
        for key in ("j", "?", "/"):
            page.keyboard.press(key)
            assert page.evaluate("document.activeElement === document.body"), f"{key} did something"
            expect(page.get_by_role("dialog")).to_have_count(0)
        open_switcher(page, "acme")
        page.keyboard.press("Escape")
    finally:
        page.goto("/me")
        tab_to(page, "Switch one-letter keys on")
        page.keyboard.press("Enter")
        expect(page.get_by_role("button", name="Switch one-letter keys off")).to_be_visible()


def test_focus_is_always_visible(page):
    """Every stop of Tab on a case's page shows where it is."""
    enter_cases(page)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Add note")).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    for _ in range(30):
        page.keyboard.press("Tab")
        ring = page.evaluate(
            """() => {
              const style = getComputedStyle(document.activeElement);
              return { at: document.activeElement.outerHTML.slice(0, 120), body: document.activeElement === document.body,
                shown: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none" };
            }""")
        assert ring["body"] or ring["shown"], ring["at"]
