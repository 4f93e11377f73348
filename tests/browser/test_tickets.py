"""Tickets in a browser: found, taken, and the way in for one, light and dark, wide and narrow, with scripts and without."""

import re

import pytest
from playwright.sync_api import expect

from look import assert_accessible


@pytest.mark.parametrize(("scheme", "width", "scripts"), [("light", 1440, True), ("dark", 320, True), ("light", 1440, False)])
def test_take_and_enter(page_of, scheme, width, scripts):
    page = page_of(scheme=scheme, width=width, scripts=scripts)
    page.goto("/tickets?state=open&only=unassigned")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tickets")
    if scripts:
        assert_accessible(page)
    page.locator("main table a[href^='/tickets/']").first.click()
    page.wait_for_url("**/tickets/*")
    number = page.title().split(" ")[0]
    page.get_by_label("Assigned to").select_option(label="Jordan Doyle")
    page.get_by_label("State").select_option(label="In progress")
    page.get_by_role("button", name="Save ticket").click()
    expect(page.locator(".result")).to_contain_text(f"{number} saved.")
    expect(page.locator("dl")).to_contain_text("Jordan Doyle")
    if scripts:
        assert_accessible(page)
    page.get_by_role("link", name=re.compile("^Enter ")).click()
    expect(page.get_by_role("main")).to_contain_text(number)
    page.get_by_label(re.compile("^Act as")).fill("")
    page.get_by_role("button", name="Enter workspace").click()
    page.wait_for_url("**/i/*/")
    expect(page.locator(".access-banner")).to_contain_text(number)


def test_add(page_of):
    page = page_of()
    page.goto("/tickets")
    page.get_by_role("link", name="Add a ticket").click()
    page.get_by_label("Subject").fill("<b>Reports</b> & exports")
    page.get_by_role("button", name="Add ticket").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="Say whose ticket it is.").click()
    page.keyboard.type("borealis-bank")
    expect(page.get_by_label("Subject")).to_have_value("<b>Reports</b> & exports")
    assert_accessible(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("<b>Reports</b> & exports")
    page.get_by_role("main").get_by_role("link", name="Borealis Bank", exact=True).click()
    page.get_by_role("link", name=re.compile("^T-")).click()
    expect(page.get_by_role("main")).to_contain_text("<b>Reports</b> & exports")
