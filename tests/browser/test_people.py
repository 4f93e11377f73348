"""People and settings in a browser: light and dark, wide and narrow, with scripts and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from look import check

FACES = [("light", 1440, True), ("dark", 320, True), ("light", 1440, False)]


def tab(page: Page, area: str, name: str, scripts: bool) -> None:
    page.goto(re.sub(r"(/i/[^/]+/).*", rf"\1{area.lower()}", page.url))
    page.get_by_role("navigation", name=area).get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    check(page, scripts)


@pytest.mark.parametrize(("scheme", "width", "scripts"), FACES)
def test_people(inside, scheme, width, scripts):
    page = inside(scheme=scheme, width=width, scripts=scripts)
    tab(page, "People", "Org units", scripts)
    page.get_by_role("link", name="Add a unit").click()
    page.get_by_label("Name").fill(f"<i>Night</i> {scheme} {width} {scripts}")
    page.get_by_label("Kind").select_option(label="Team")
    page.get_by_label(re.compile("^Below")).select_option(index=1)
    page.get_by_role("button", name="Add unit").click()
    expect(page.locator(".result")).to_contain_text("is added.")
    check(page, scripts)

    tab(page, "People", "Employees", scripts)
    page.get_by_role("link", name="Add an employee").click()
    page.get_by_label("Number").fill(f"T-{scheme}-{width}-{scripts}")
    page.get_by_label("Name").fill("Ada <b>Night</b>")
    page.get_by_label(re.compile("^E-mail")).fill("not an address")
    page.get_by_role("button", name="Add employee").click()
    expect(page.get_by_role("alert")).to_contain_text("Write the whole e-mail address")
    expect(page.get_by_label("Name")).to_have_value("Ada <b>Night</b>")
    check(page, scripts)
    page.get_by_label(re.compile("^E-mail")).fill("")
    page.get_by_role("button", name="Add employee").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ada <b>Night</b>")
    page.get_by_role("button", name="End employment").click()
    expect(page.locator(".result")).to_contain_text("has ended")
    check(page, scripts)
    page.get_by_role("button", name="Reactivate employee").click()
    expect(page.locator(".result")).to_contain_text("active again")


@pytest.mark.parametrize(("scheme", "width", "scripts"), FACES)
def test_users(inside, scheme, width, scripts):
    """Somebody is invited after a second try, given another role, kept out and let in again."""
    page = inside(scheme=scheme, width=width, scripts=scripts)
    page.goto(re.sub(r"(/i/[^/]+/).*", r"\1people", page.url))
    page.get_by_role("link", name="Invite a person").click()
    page.get_by_label("Name", exact=True).fill("Ada <b>Night</b>")
    page.get_by_label(re.compile("^E-mail")).fill("ADMIN@acme-health.example")
    page.get_by_label("Role", exact=True).select_option(label="Manager")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.get_by_role("alert")).to_contain_text("admin@acme-health.example is a user here already.")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ada <b>Night</b>")
    expect(page.get_by_label("Role", exact=True)).to_have_value("manager")
    check(page, scripts)
    page.get_by_label(re.compile("^E-mail")).fill(f"ada.{scheme}.{width}.{scripts}@acme-health.example")
    page.get_by_role("button", name="Send invitation").click()
    expect(page.locator(".result")).to_have_text("Ada <b>Night</b> is invited.")
    expect(page.get_by_role("button", name="End all sessions")).to_have_count(0)
    check(page, scripts)
    page.get_by_label("Role", exact=True).select_option(label="Investigator")
    page.get_by_role("button", name="Change role").click()
    expect(page.locator(".result")).to_contain_text("now has the role Investigator.")
    expect(page.get_by_role("main")).to_contain_text("can no longer sign in, is signed out everywhere and leads no open")
    page.get_by_role("button", name="Deactivate person").click()
    expect(page.locator(".result")).to_contain_text("is deactivated and signed out everywhere.")
    check(page, scripts)
    page.get_by_role("button", name="Reactivate person").click()
    expect(page.locator(".result")).to_contain_text("is active again.")


@pytest.mark.parametrize(("scheme", "width", "scripts"), FACES)
def test_settings(inside, tmp_path, scheme, width, scripts):
    page = inside(scheme=scheme, width=width, scripts=scripts)
    tab(page, "Settings", "Categories", scripts)
    page.get_by_role("button", name="Move Retaliation down").click()
    expect(page.locator(".result")).to_have_text("The order is saved.")
    page.get_by_role("button", name="Move Retaliation up").click()
    page.get_by_role("link", name="Harassment").click()
    expect(page.get_by_role("main")).to_contain_text("A category can be retired once nothing open uses it.")
    page.get_by_label("Days to close a case").fill("0")
    page.get_by_role("button", name="Save category").click()
    expect(page.get_by_role("alert")).to_contain_text("Write days from 1 to 3,650.")
    check(page, scripts)

    tab(page, "Settings", "Domains", scripts)
    page.get_by_label("Domain", exact=True).fill("https://x")
    page.get_by_role("button", name="Add domain").click()
    expect(page.get_by_role("alert")).to_contain_text("without https://")
    check(page, scripts)
    page.get_by_role("link", name="acmehealth-group.example").click()
    page.get_by_role("button", name="Mark as verified").click()
    expect(page.get_by_role("alert")).to_contain_text("Say how it was proven")
    page.get_by_label("How it was proven").fill("TXT ethico-verify=7f3a")
    page.get_by_role("button", name="Mark as verified").click()
    expect(page.locator(".result")).to_contain_text("is verified. The client is found by it.")
    check(page, scripts)
    page.get_by_role("button", name="Not verified any more").click()
    expect(page.locator(".result")).to_contain_text("is not verified any more")

    tab(page, "Settings", "Sign-in", scripts)
    expect(page.get_by_role("main")).not_to_contain_text("not-a-real-secret")
    page.get_by_role("button", name="Reveal secret").click()
    expect(page.locator(".revealed")).to_contain_text("demo-acme-health-not-a-real-secret")
    check(page, scripts)

    tab(page, "Settings", "Branding", scripts)
    logo = page.get_by_role("img", name="Logo of Acme Health")
    assert logo.evaluate("picture => picture.decode().then(() => picture.naturalWidth)") == 160
    page.get_by_label("Colour", exact=True).fill("#777777")
    page.get_by_role("button", name="Save branding").click()
    expect(page.get_by_role("alert")).to_contain_text("text needs at least 4.5:1")
    check(page, scripts)
    fake = tmp_path / "logo.png"
    fake.write_text("<svg>")
    page.get_by_label("New logo").set_input_files(fake)
    page.get_by_role("button", name="Replace logo").click()
    expect(page.get_by_role("alert")).to_contain_text("is not a PNG, JPEG or WebP picture")
    check(page, scripts)

    tab(page, "Settings", "Retention", scripts)
    page.get_by_label("Files of closed cases").first.fill("7")
    page.get_by_role("button", name="Save Files of closed cases").click()
    expect(page.get_by_role("alert")).to_contain_text("30 to 10,950 days")
    check(page, scripts)
