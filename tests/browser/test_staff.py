"""Staff in a browser: invited, granted to, locked and taken from; and the edges of a sign-in, as a person meets them."""

import re

import pytest
from playwright.sync_api import Page, expect

from conftest import SUPPORT
from look import assert_accessible, seen

ADMIN = "admin@ethico.example"


def assert_fits(page: Page) -> None:
    lie = seen(page)
    assert lie["sideways"] <= 0, f"{page.url}: {lie['outside']}"


@pytest.mark.parametrize(("scheme", "width", "scripts"), [("light", 1440, True), ("dark", 320, True), ("light", 1440, False)])
def test_invite_grant_take_lock(page_of, visit, scheme, width, scripts):
    name, address = f"Nia {scheme} {width}", f"nia.{scheme}.{width}.{scripts}@people.ethico.example".lower()
    page = page_of(ADMIN, scheme=scheme, width=width, scripts=scripts)
    page.goto("/staff")
    expect(page.get_by_role("heading", level=1)).to_have_text("Staff")
    expect(page.locator("main")).to_contain_text("Locked")
    if scripts:
        assert_accessible(page)
        assert_fits(page)

    page.get_by_role("link", name="Invite a person").click()
    page.get_by_label("E-mail address").fill(address)
    page.get_by_label(re.compile("^Reports to")).select_option(label="Jordan Doyle")
    page.get_by_role("button", name="Invite person").click()
    if scripts:
        expect(page.get_by_role("alert")).to_be_focused()
        assert_accessible(page)
    expect(page.get_by_label("E-mail address")).to_have_value(address)
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Invite person").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator(".result")).to_contain_text(f"{name} is invited.")

    page.get_by_label("What", exact=True).select_option(label="Preset Support L1 (3)")
    page.get_by_label("Why").fill("Joins the team.")
    page.get_by_label(re.compile("^Until")).fill("2099-12-31")
    page.get_by_role("button", name="Grant capabilities", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("within ten years")
    expect(page.get_by_label("Why")).to_have_value("Joins the team.")
    page.get_by_label(re.compile("^Until")).fill("")
    page.get_by_role("button", name="Grant capabilities", exact=True).click()
    expect(page.locator("main")).to_contain_text("support.act")

    theirs = visit(address)
    access = theirs.enter("acme-health")
    page.reload()
    if scripts:
        assert_accessible(page)
        assert_fits(page)
    page.get_by_role("button", name="Take Support L1: 3 capabilities, ends 1 access").click()
    expect(page.locator(".result")).to_contain_text("Taken")
    assert theirs.get(access + "/").status == 403

    expect(page.locator("main")).to_contain_text("Ends 1 sign-in and refuses new ones")
    page.get_by_label("Reason").fill("Left the laptop on a train.")
    page.get_by_role("button", name="Lock person").click()
    expect(page.locator(".notice")).to_contain_text("Left the laptop on a train.")
    expect(page.locator(".timeline .step").first).to_contain_text("locked")
    assert theirs.get("/").status == 403


def test_own_page_offers_nothing_to_oneself(page_of):
    page = page_of(ADMIN)
    page.goto("/staff?q=Alex")
    page.get_by_role("link", name="Alex Kim").click()
    expect(page.get_by_role("main")).to_contain_text("Another administrator can.")
    expect(page.get_by_role("button", name="Grant capabilities", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Take staff.admin").click()
    expect(page.get_by_role("alert")).to_contain_text("last administrator")
    assert_accessible(page)


@pytest.mark.parametrize("width", [1440, 768, 320])
def test_a_long_name_fits(page_of, width):
    page = page_of(ADMIN, width=width)
    page.goto("/staff/new")
    page.get_by_label("E-mail address").fill(f"{'a' * 60}.{width}@{'b' * 60}.ethico.example")
    page.get_by_label("Name", exact=True).fill("Abcdefghij" * 20)
    page.get_by_role("button", name="Invite person").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Abcdefghij" * 20)
    assert_fits(page)
    page.get_by_label("What", exact=True).select_option(label="See a client's debug view · debug.read")
    page.get_by_label("Why").fill("Begründung" * 40)
    page.get_by_role("button", name="Grant capabilities", exact=True).click()
    page.get_by_role("button", name="Take debug.read").click()
    page.get_by_text("Held before · 1").click()
    assert_fits(page)
    page.goto("/staff?q=" + "Abcdefghij")
    assert_fits(page)


def test_deactivated_by_a_script(server, visit):
    program = server.program
    address = "script.case@people.ethico.example"
    program.do("staff", "add", address, "--preset", "support_l1")
    theirs = visit(address)
    access = theirs.enter("borealis-bank")
    program.do("staff", "deactivate", address)
    assert theirs.get(access + "/").status == 403
    for refused, words in (("nobody@people.ethico.example", "no staff person"), (ADMIN, "has to stay")):
        done = program.run("staff", "deactivate", refused)
        assert done.returncode == 1 and words in done.stderr, done.stderr
    program.assert_intact()


def test_stay_is_offered(page_of):
    page = page_of()
    page.clock.install()
    page.goto("/tenants")
    offer = page.locator("stay-signed-in")
    expect(offer).to_be_hidden()
    page.clock.fast_forward("27:50")
    expect(offer).to_be_hidden()
    page.clock.fast_forward("00:20")
    expect(offer).to_be_visible()
    expect(offer.get_by_role("status")).to_contain_text("Your sign-in ends in 2 min")
    assert_accessible(page)
    with page.expect_response("**/me/stay") as answer:
        offer.get_by_role("button", name="Stay signed in").click()
    assert answer.value.status == 200
    expect(offer).to_be_hidden()
    page.clock.fast_forward("27:00")
    expect(offer).to_be_hidden()
    page.clock.fast_forward("03:10")
    expect(offer.get_by_role("status")).to_contain_text("is kept")
    expect(offer.get_by_role("button")).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_form_that_comes_too_late_is_kept(page_of, cluster, server, visit, scripts):
    page = page_of(scripts=scripts)
    page.goto("/t/acme-health/enter")
    page.get_by_role("button", name="Enter workspace").click()
    page.get_by_role("navigation", name="Workspace").get_by_role("link", name="Cases", exact=True).click()
    page.locator("table.table tbody tr").first.get_by_role("link").first.click()
    words = f"Written just before the sign-in ended, scripts {scripts}."
    page.get_by_role("textbox", name="New note").fill(words)
    cluster.psql(
        "UPDATE staff_session SET last_seen_at = last_seen_at - interval '31 minutes' WHERE ended_at IS NULL",
        server.program.database)
    page.get_by_role("button", name="Add note").click()
    expect(page).to_have_url(re.compile("/sign-in"))
    page.get_by_role("button", name=re.compile("Jordan Doyle")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your form was kept")
    expect(page.get_by_role("main")).to_contain_text(words)
    expect(page.get_by_role("main")).to_contain_text("Acme Health")
    if scripts:
        assert_accessible(page)
        expect(page.get_by_role("button", name="Send now")).to_be_focused()
    page.get_by_role("button", name="Send now").click()
    expect(page.locator(".result")).to_contain_text("Note added")
    expect(page.get_by_role("main")).to_contain_text(words)
    visit(SUPPORT)
