"""Search in one client, in a browser: what is written is found, and the cases that the index lacks are brought back."""

import re

import pytest
from playwright.sync_api import Page, expect

from look import enter, look


def follow(page: Page, name: str) -> None:
    workspace = page.get_by_role("navigation", name="Workspace")
    # On a narrow page the rail is behind its menu.
    if workspace.get_by_text("Menu", exact=True).is_visible():
        workspace.get_by_text("Menu", exact=True).click()
    workspace.get_by_role("link", name=name, exact=True).click()


@pytest.mark.parametrize(("scheme", "width", "word"), [("light", 1440, "zirconium"), ("dark", 320, "palladium")])
def test_written_then_found(page_of, scheme, width, word):
    page = page_of(scheme=scheme, width=width)
    enter(page)
    follow(page, "Cases")
    page.get_by_role("link", name=re.compile("^RPT-")).first.click()
    reference = page.get_by_role("heading", level=1).inner_text().split()[0]
    page.get_by_role("textbox", name="New note").fill(f"The {word} <b>ledger</b> was not kept.")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".result")).to_be_visible()
    follow(page, "Search")
    expect(page.get_by_role("main")).to_contain_text("Search Acme Health")
    look(page)
    for _ in range(20):
        page.get_by_role("searchbox").fill(f"{word} ledger")
        page.keyboard.press("Enter")
        page.wait_for_url("**q=*")
        if page.locator(".hits mark").count():
            break
        page.wait_for_timeout(200)
    expect(page.locator(".hits mark").first).to_have_text(re.compile(word, re.IGNORECASE))
    expect(page.locator(".hits b")).to_have_count(0)
    look(page)
    page.locator(".hits a").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(reference)


def test_index_without_scripts(page_of):
    page = page_of(scripts=False)
    enter(page)
    follow(page, "Debug")
    page.get_by_role("navigation", name="Debug view").get_by_role("link", name="Search").click()
    page.get_by_role("main").get_by_role("link", name="Cases", exact=True).click()
    page.get_by_role("button", name="Check index").click()
    expect(page.locator(".result")).to_contain_text("3 not found")
    page.get_by_role("button", name=re.compile("^Re-index RPT-")).first.click()
    expect(page.locator(".result")).to_contain_text("The record was indexed again.")
    page.get_by_role("button", name="Rebuild index").click()
    for _ in range(40):
        if "generation 2" in page.get_by_role("main").inner_text():
            break
        page.wait_for_timeout(250)
        page.reload()
    expect(page.get_by_role("main")).to_contain_text("generation 2")
    expect(page.get_by_role("main")).to_contain_text("Search finds every record as it stands.")
