"""A client's status in a browser: set with a reason, closed with its slug typed, and what who is inside sees of that."""

import re

import pytest
from playwright.sync_api import Page, expect

from conftest import ADMIN
from look import assert_accessible, seen


def assert_fits(page: Page) -> None:
    assert_accessible(page)
    lie = seen(page)
    assert lie["sideways"] <= 0, f"{page.url}: {lie['outside']}"


@pytest.mark.parametrize(("scheme", "width", "scripts"), [("light", 1440, True), ("dark", 320, True), ("light", 1440, False)])
def test_suspend_close_and_open_again(page_of, visit, fresh_client, scheme, width, scripts):
    page = page_of(ADMIN, scheme=scheme, width=width, scripts=scripts)
    check = assert_fits if scripts else lambda page: None
    page.goto(f"/t/{fresh_client}")
    page.get_by_role("link", name="Set status").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Status of "))
    expect(page.locator("main")).to_contain_text("nobody inside")
    check(page)

    page.get_by_label("Suspended", exact=True).check()
    page.get_by_role("button", name="Set status").click()
    expect(page.get_by_role("alert")).to_contain_text("Say why, in 10 characters or more.")
    expect(page.get_by_label("Suspended", exact=True)).to_be_checked()
    check(page)
    page.get_by_label("Reason", exact=True).fill("Invoices are overdue.")
    page.get_by_role("button", name="Set status").click()
    expect(page.locator(".result")).to_contain_text("is suspended now.")
    expect(page.locator(".timeline .step").first).to_contain_text("Invoices are overdue.")

    theirs = visit()
    access = theirs.enter(fresh_client)
    page.reload()
    expect(page.locator(".form-danger")).to_contain_text("Ends 1 access and shuts the workspace of")
    page.get_by_label("Reason for closing").fill("Their contract ran out.")
    page.get_by_label("Type the slug to confirm").fill("another-client")
    page.get_by_role("button", name="Close client").click()
    expect(page.get_by_role("alert")).to_contain_text(f"Type {fresh_client}")
    expect(page.get_by_label("Reason for closing")).to_have_value("Their contract ran out.")
    assert theirs.get(access + "/").status == 200
    page.get_by_label("Type the slug to confirm").fill(fresh_client)
    page.get_by_role("button", name="Close client").click()
    expect(page.locator(".result")).to_contain_text("is closed, and every access to it has ended.")
    expect(page.get_by_role("button", name="Close client")).to_have_count(0)
    check(page)
    gone = theirs.get(access + "/")
    assert gone.status == 410 and "was closed, and your access ended with it" in gone.text
    assert theirs.open_accesses() == []

    page.get_by_label("Live", exact=True).check()
    page.get_by_label("Reason", exact=True).fill("They signed for another year.")
    page.get_by_role("button", name="Set status").click()
    expect(page.locator(".result")).to_contain_text("is live now.")
    assert theirs.enter(fresh_client) != access
    theirs.exit_all()
