"""Policies and campaigns in a browser: revised and published, asked for, and done on behalf of an employee."""

import re

import pytest
from playwright.sync_api import Page, expect

from look import check

JSON = {"Accept": "application/json"}


def items(page: Page, path: str) -> list[dict]:
    return page.request.get(page.access + path, headers=JSON).json()["items"]


def step(page: Page, name: str) -> None:
    """Takes a step, from several by its radio button, a single one by its own button."""
    button = name
    if page.get_by_role("radio", name=name).count():
        page.get_by_role("radio", name=name).check()
        button = re.compile("^Change (policy|campaign) status$")
    page.get_by_role("button", name=button).first.click()


WAYS = [("light", 1440, True), ("dark", 320, True), ("light", 1440, False)]


@pytest.mark.parametrize(("number", "scheme", "width", "scripts"), [(number, *way) for number, way in enumerate(WAYS)])
def test_revise_and_publish(inside, number, scheme, width, scripts):
    page = inside(scheme, width, scripts)
    plain = [item for item in items(page, "/policies?status=published&limit=200") if not item.get("working_status")]
    policy = plain[number]
    page.goto(f"{page.access}/policies?q={policy['title']}")
    check(page, scripts)
    page.get_by_role("main").get_by_role("link", name=policy["title"], exact=True).click()
    check(page, scripts)
    page.get_by_role("button", name="Begin a working copy").click()
    page.get_by_role("link", name="Edit working copy").click()
    page.get_by_label("Text").fill(f"{page.get_by_label('Text').input_value()} Ask before you act, always.")
    check(page, scripts)
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".policy-diff ins")).to_contain_text("always.")
    for name in ("Submit for approval", "Approve"):
        step(page, name)
    check(page, scripts)
    page.get_by_label("What changed").fill("Asking comes first")
    step(page, f"Publish as version {policy['current_version'] + 1}")
    expect(page.locator(".result")).to_contain_text(f"is published as version {policy['current_version'] + 1}")
    expect(page.get_by_role("main")).to_contain_text("Asking comes first")
    page.get_by_role("link", name=f"Version {policy['current_version'] + 1}").click()
    expect(page.locator(".policy-diff ins")).to_contain_text("always.")
    check(page, scripts)


@pytest.mark.parametrize(("scheme", "width", "scripts"), WAYS)
def test_run_a_campaign(inside, server, scheme, width, scripts):
    page = inside(scheme, width, scripts)
    page.goto(f"{page.access}/campaigns")
    check(page, scripts)
    page.get_by_role("link", name="Plan a campaign").click()
    page.get_by_label("Name").fill("Radiology, once more")
    page.get_by_label("Policy").select_option(index=3)
    page.get_by_role("radio", name=re.compile("^Org units")).check()
    page.get_by_role("checkbox", name=re.compile("Radiology")).check()
    page.get_by_role("button", name="Save plan").click()
    expect(page.get_by_role("alert")).to_contain_text("Say by which day")
    expect(page.get_by_role("checkbox", name=re.compile("Radiology"))).to_be_checked()
    check(page, scripts)
    page.get_by_label("Due").fill("2031-03-31")
    page.get_by_role("button", name="Save plan").click()
    expect(page.locator(".result")).to_contain_text("Nobody is asked before it starts.")
    step(page, "Activate: asks 200 employees")
    expect(page.locator(".picture svg")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("0 of 200 completed")
    check(page, scripts)

    page.get_by_role("link", name="Attestations", exact=True).click()
    check(page, scripts)
    boxes = page.get_by_role("checkbox", name=re.compile("^Select "))
    bar = page.locator(".selection-bar")
    if scripts:
        expect(bar).to_be_hidden()
    else:
        expect(bar).to_be_visible()
    boxes.nth(1).check()
    boxes.nth(2).check()
    expect(bar).to_be_in_viewport()
    if scripts:
        expect(page.locator(".selection-bar .count")).to_have_text("With 2 rows selected:")
    page.get_by_label("Reason, needed to skip").fill("on parental leave")
    page.get_by_role("button", name="Skip attestations").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 of 2 skipped")
    check(page, scripts)
    page.get_by_role("link", name="Back to the attestations").click()
    page.locator("table.table tbody tr").first.get_by_role("link").first.click()
    page.get_by_label("Note").fill("Signed on paper")
    check(page, scripts)
    page.get_by_role("button", name="Complete attestation").click()
    expect(page.locator(".result")).to_contain_text("Completed on behalf of")
    expect(page.get_by_role("main")).to_contain_text("Ethico Support")
    check(page, scripts)
    server.program.assert_intact()
