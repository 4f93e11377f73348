"""Flags and configuration in a browser: why something is as it is at a client, and setting it there or for all."""

import re

import pytest
from playwright.sync_api import expect

from look import look
from test_jobs import open_jobs


def tab(page, name: str) -> None:
    page.get_by_role("navigation", name="Debug view").get_by_role("link", name=name).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 320)])
def test_flag(page_of, scheme, width):
    """Acme has bought bulk operations and cannot see them: the exception is found and set, or cleared."""
    page = page_of(scheme=scheme, width=width)
    open_jobs(page)
    tab(page, "Flags")
    look(page)
    page.get_by_role("link", name="Bulk operations").click()
    main = page.get_by_role("main")
    look(page)
    clear = page.get_by_role("button", name="Clear here")
    if not clear.is_visible():  # The other scheme was first.
        page.get_by_role("button", name="Turn off here").click()
        expect(page.locator(".result")).to_contain_text("Bulk operations is off here now.")
    expect(main).to_contain_text("Set here, for this client alone.")
    page.get_by_role("button", name="Clear here").click()
    expect(page.locator(".result")).to_contain_text("Bulk operations is on here now.")
    expect(main).to_contain_text("On for the tier Enterprise.")
    look(page)


def test_configuration_without_scripts(page_of):
    page = page_of(scripts=False)
    open_jobs(page)
    tab(page, "Configuration")
    page.get_by_role("link", name="Hour of the digest").click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("Platform")
    page.get_by_label("Hour of the digest").fill("99")
    page.get_by_role("button", name="Set here").click()
    expect(page.get_by_role("alert")).to_contain_text("a whole number from 0 to 23")
    page.get_by_label("Hour of the digest").fill("9")
    page.get_by_role("button", name="Set here").click()
    expect(page.locator(".result")).to_contain_text("Hour of the digest is now 9.")
    expect(main).to_contain_text("Jordan Doyle")
    page.get_by_role("button", name="Clear here").click()
    expect(page.locator(".result")).to_contain_text("Hour of the digest is now 7, as for others.")


def test_configuration_look(page_of):
    page = page_of(scheme="dark")
    open_jobs(page)
    tab(page, "Configuration")
    page.locator("summary", has_text="The program’s own settings").click()
    expect(page.get_by_role("main")).to_contain_text("set, not shown")
    look(page)


def test_for_all_clients(desk):
    page = desk.open()
    page.goto("/sign-in")
    page.get_by_role("button", name=re.compile("Alex Kim")).click()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Flags").click()
    look(page)
    page.get_by_role("link", name="Campaign calendar").click()
    page.get_by_label("Percentage of clients").fill("12.5")
    page.get_by_role("button", name="Set for all clients").click()
    expect(page.get_by_role("alert")).to_contain_text("Type campaign_calendar")
    look(page)
    page.get_by_label("Type the key to confirm").fill("campaign_calendar")
    page.get_by_role("button", name="Set for all clients").click()
    expect(page.locator(".result")).to_contain_text("Campaign calendar is set for all clients.")
    expect(page.get_by_role("main")).to_contain_text("12.5 % of clients")
