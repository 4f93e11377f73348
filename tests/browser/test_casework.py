"""Disclosures and the work around a case in a browser: light and dark, wide and narrow, with scripts and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from look import check
from ops_server import Server

FACES = [("light", 1440, True), ("dark", 320, True), ("light", 1440, False)]


@pytest.fixture(scope="module")
def server(make_program, tmp_path_factory):
    """One of its own: cases that others work on are merged away here."""
    server = Server(make_program("casework"), tmp_path_factory.mktemp("casework") / "server.log").start()
    yield server
    server.stop()


def go(page: Page, name: str) -> None:
    menu = page.locator(".rail-menu summary")
    if menu.is_visible():
        menu.click()
    page.get_by_role("navigation", name="Workspace").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.parametrize(("scheme", "width", "scripts"), FACES)
def test_disclosure(inside, scheme, width, scripts):
    page = inside(scheme=scheme, width=width, scripts=scripts)
    go(page, "Disclosures")
    check(page, scripts)
    page.get_by_role("link", name="Add a disclosure").click()
    page.get_by_label("Employee").fill("10046")
    page.get_by_label("Kind").select_option(label="Gift")
    page.get_by_label("Title").fill("<b>Wine</b> from a vendor")
    page.get_by_label("What is disclosed").fill("Two bottles.")
    page.get_by_label(re.compile("^Value")).fill("lots")
    page.get_by_role("button", name="Add disclosure").click()
    expect(page.get_by_role("alert")).to_contain_text("Write an amount")
    expect(page.get_by_label("Title")).to_have_value("<b>Wine</b> from a vendor")
    check(page, scripts)
    page.get_by_label(re.compile("^Value")).fill("45.50")
    page.get_by_label(re.compile("^Currency")).select_option("EUR")
    page.get_by_role("button", name="Add disclosure").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("<b>Wine</b> from a vendor")
    expect(page.locator(".result")).to_contain_text(re.compile(r"DSC-\d{4}-\d{5} added\."))
    page.get_by_role("button", name="Start review").click()
    expect(page.locator(".result")).to_contain_text("under review")
    check(page, scripts)
    page.get_by_role("radio", name="Approve with conditions").check()
    page.get_by_label("Reason").fill("Goes to the raffle.")
    page.get_by_role("button", name="Decide disclosure").click()
    expect(page.locator(".result")).to_contain_text("approved with conditions")
    expect(page.get_by_role("main")).to_contain_text("Goes to the raffle.")
    expect(page.get_by_role("main")).to_contain_text("45.50 EUR")
    check(page, scripts)


@pytest.mark.parametrize(("scheme", "width", "scripts"), FACES)
def test_case(inside, tmp_path, scheme, width, scripts):
    page = inside(scheme=scheme, width=width, scripts=scripts)
    go(page, "Reports")
    check(page, scripts)
    page.goto(page.url + "?reporter=identified")
    page.locator("main table a[href*='/cases/']").first.click()
    page.wait_for_url("**/cases/*")
    expect(page.get_by_role("main")).not_to_contain_text("(demo)")
    page.get_by_role("button", name="Reveal reporter").first.click()
    expect(page.locator(".revealed")).to_contain_text("(demo)")
    check(page, scripts)
    page.goto(page.url.split("/reports/")[0])
    expect(page.get_by_role("main")).not_to_contain_text("(demo)")

    page.get_by_label("New message").fill("Which day was it?")
    page.get_by_role("button", name="Add message").click()
    expect(page.locator(".result")).to_have_text("Message added.")
    expect(page.get_by_role("main")).to_contain_text("Which day was it?")

    page.get_by_label("Another person").select_option(index=1)
    page.get_by_role("button", name="Add person").click()
    expect(page.locator(".result")).to_contain_text("One more person works on RPT-")
    check(page, scripts)
    page.get_by_role("button", name=re.compile("^Remove ")).first.click()
    expect(page.locator(".result")).to_contain_text("One person fewer works on RPT-")

    wrong, right = tmp_path / "page.pdf", tmp_path / "notes.txt"
    wrong.write_text("<html>")
    right.write_text("Confirmed.\n")
    page.get_by_label(re.compile("^Description of the file")).fill("From HR")
    page.get_by_label("File", exact=True).set_input_files(wrong)
    page.get_by_role("button", name="Attach file").click()
    expect(page.get_by_role("alert")).to_contain_text("does not begin as that of a PDF file")
    expect(page.get_by_label(re.compile("^Description of the file"))).to_have_value("From HR")
    check(page, scripts)
    page.get_by_label("File", exact=True).set_input_files(right)
    page.get_by_role("button", name="Attach file").click()
    expect(page.locator(".result")).to_have_text("File attached.")
    with page.expect_download() as download:
        page.get_by_role("link", name="notes.txt").first.click()
    assert download.value.path().read_text() == "Confirmed.\n"

    page.get_by_role("link", name="Open an investigation").click()
    check(page, scripts)
    page.get_by_label("Title").fill("Interviews on site")
    page.get_by_label(re.compile("^Investigator")).select_option(index=1)
    page.get_by_role("button", name="Open investigation").click()
    expect(page.locator(".result")).to_have_text("Investigation opened.")
    page.get_by_role("radio", name="Investigating").check()
    page.get_by_role("button", name="Change state").click()
    expect(page.locator(".result")).to_contain_text("investigating")
    check(page, scripts)

    page.locator(".access-banner").get_by_role("button", name="Exit").click()
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"\b1\s*reveal|reveal\s*1(?!\d)"))


def test_a_file_that_is_too_large(inside, tmp_path):
    """Over the wire, to its end: the page says which rule it broke, and keeps what was typed."""
    page = inside()
    go(page, "Cases")
    page.goto(page.url + "?stage=active")
    page.locator("main table a").first.click()
    large, largest = tmp_path / "large.pdf", tmp_path / "largest.pdf"
    large.write_bytes(b"%PDF-1.7\n".ljust(40 << 20))
    largest.write_bytes(b"%PDF-1.7\n".ljust(25 << 20))
    page.get_by_label(re.compile("^Description of the file")).fill("Scans")
    page.get_by_label("File", exact=True).set_input_files(large)
    page.get_by_role("button", name="Attach file").click()
    expect(page.get_by_role("alert")).to_contain_text("“large.pdf” is too large: a file has at most 25 MiB.")
    expect(page.get_by_label(re.compile("^Description of the file"))).to_have_value("Scans")
    page.get_by_label("File", exact=True).set_input_files(largest)
    page.get_by_role("button", name="Attach file").click()
    expect(page.locator(".result")).to_have_text("File attached.")
    with page.expect_download() as download:
        page.get_by_role("link", name="largest.pdf").first.click()
    assert download.value.path().stat().st_size == 25 << 20


def test_export(inside):
    page = inside()
    go(page, "Cases")
    page.goto(page.url + "?stage=new")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export as CSV").click()
    text = download.value.path().read_text()
    assert re.match(r"acme-health-cases-\d{4}-\d\d-\d\d\.csv", download.value.suggested_filename)
    assert text.startswith("Reference,Title,Category,") and ",New," in text and ",Closed,20" not in text


@pytest.mark.parametrize(("scheme", "width", "scripts"), FACES)
def test_merge(inside, scheme, width, scripts):
    page = inside(scheme=scheme, width=width, scripts=scripts)
    access = page.url
    page.goto(access + "cases?stage=new")
    page.locator("main table a[href*='/cases/']").first.click()
    source = page.get_by_role("main").inner_text().split("RPT-")[1].split()[0]
    page.get_by_role("link", name="Edit case").click()
    expect(page.get_by_role("main")).to_contain_text("Nobody leads the case yet")
    check(page, scripts)
    page.go_back()
    page.get_by_role("link", name="Merge into…").click()
    check(page, scripts)
    page.locator("main table a[href*='into=']").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"^Merge RPT-\S+ into RPT-\S+$"))
    expect(page.get_by_role("main")).to_contain_text("Stays readable on RPT-" + source)
    check(page, scripts)
    page.get_by_role("button", name=re.compile("^Merge into RPT-")).click()
    expect(page.locator(".result")).to_contain_text("is merged into RPT-")
    check(page, scripts)
    page.get_by_role("link", name="RPT-" + source, exact=True).first.click()
    expect(page.get_by_role("main")).to_contain_text("This case went into")
    expect(page.get_by_role("button", name="Add note")).to_have_count(0)
    check(page, scripts)


def mend(page: Page, access: str) -> None:
    """Finds why nothing can be selected at Acme, and clears it; whoever came first has done so."""
    page.goto(access + "debug/flags/bulk_operations")
    clear = page.get_by_role("button", name="Clear here")
    if clear.is_visible():
        page.goto(access + "cases?stage=active")
        expect(page.get_by_role("checkbox")).to_have_count(0)
        page.go_back()
        clear.click()
        expect(page.locator(".result")).to_contain_text("Bulk operations is on here now.")


@pytest.mark.parametrize(("scheme", "width", "scripts"), FACES)
def test_assign_many(inside, scheme, width, scripts):
    page = inside(scheme=scheme, width=width, scripts=scripts)
    access = page.url
    mend(page, access)
    page.goto(access + "cases?stage=active")
    rows = page.locator("main tbody tr")

    def reference(row: int) -> str:
        return rows.nth(row).get_by_role("link").first.inner_text()

    def leads(row: int) -> str:
        return rows.nth(row).locator("[data-label=Lead]").inner_text()

    first, second = reference(0), reference(1)
    people = page.get_by_label("New lead").locator("option").all_text_contents()[1:]
    person = next(person for person in people if person.split(" · ")[0] not in {leads(row) for row in range(3)})
    name = person.split(" · ")[0]
    if scripts:
        for key in "jxjx":
            page.keyboard.press(key)
        expect(page.locator(".selection-bar .count")).to_have_text("With 2 rows selected:")
    else:
        for row in range(2):
            rows.nth(row).get_by_role("checkbox").check()
    check(page, scripts)
    page.get_by_label("New lead").select_option(label=person)
    page.get_by_role("button", name="Assign cases").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 of 2 cases assigned")
    check(page, scripts)
    page.get_by_role("link", name="Back to the cases").click()
    page.wait_for_url("**/cases?stage=active")
    for row, known in enumerate((first, second)):
        assert (reference(row), leads(row)) == (known, name)

    third = reference(2)
    page.get_by_role("checkbox", name="Select " + first).check()
    page.get_by_role("checkbox", name="Select " + third).check()
    again = page.locator("#f-lead option", has_text=re.compile("^" + re.escape(name) + " · "))
    page.get_by_label("New lead").select_option(value=again.get_attribute("value"))
    page.get_by_role("button", name="Assign cases").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("1 of 2 cases assigned")
    expect(page.get_by_role("main")).to_contain_text(f"{name} leads this case already.")
    expect(page.get_by_role("checkbox", name="Select " + first)).to_be_checked()
    expect(page.get_by_role("checkbox", name="Select " + third)).to_have_count(0)
    check(page, scripts)
