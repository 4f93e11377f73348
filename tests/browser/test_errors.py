"""The errors tab in a browser: the error of 142 is seen in the directory, found, looked into and resolved."""

import pytest
from playwright.sync_api import expect

from look import look
from test_debug import tab
from test_jobs import open_jobs


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 320)])
def test_error_of_142(page_of, scheme, width):
    page = page_of(scheme=scheme, width=width)
    page.goto("/tenants?q=acme-health")
    expect(page.get_by_role("main")).to_contain_text("1 dead job")
    look(page)
    open_jobs(page)
    tab(page, "Errors")
    look(page)
    page.get_by_role("link", name="integer out of range").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("142 times")
    look(page)
    page.get_by_role("link", name="No. 142", exact=True).click()
    expect(main).to_contain_text("What the trail says of it")
    look(page)
    page.go_back()
    reopen = page.get_by_role("button", name="Reopen error")
    if reopen.is_visible():  # The other scheme was first.
        reopen.click()
        expect(page.locator(".result")).to_contain_text("It is open again.")
    page.get_by_role("button", name="Resolve error").click()
    expect(page.locator(".result")).to_contain_text("It is resolved.")
    expect(page.locator(".page-head .facts")).to_contain_text("Resolved")
    look(page)


def test_mute_without_scripts(page_of):
    page = page_of(scripts=False)
    open_jobs(page)
    tab(page, "Errors")
    page.get_by_role("combobox", name="Kind").select_option(label="Job")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_role("link", name="The mailbox is full").click()
    page.get_by_label("Until").fill("2020-01-01")
    page.get_by_role("button", name="Mute error").click()
    expect(page.get_by_role("alert")).to_contain_text("That day has begun.")
    page.get_by_role("link", name="No. 1", exact=True).click()
    page.get_by_role("link", name="Open job").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("mail.deliver")
