"""The jobs tab in a browser: each seeded fault is found and repaired, light and dark, narrow, and without scripts."""

import email
import email.policy
import re

import pytest
from playwright.sync_api import Page, expect

from conftest import Desk
from look import enter, look
from ops_server import Server


def open_jobs(page: Page) -> None:
    enter(page)
    workspace = page.get_by_role("navigation", name="Workspace")
    # On a narrow page the rail is behind its menu.
    if workspace.get_by_text("Menu", exact=True).is_visible():
        workspace.get_by_text("Menu", exact=True).click()
    workspace.get_by_role("link", name="Debug", exact=True).click()
    page.wait_for_url("**/debug/**")
    page.get_by_role("navigation", name="Debug view").get_by_role("link", name="Jobs").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Jobs")


def settled(page: Page, state: str) -> None:
    """The worker of the server takes the job in its own time: looked at again until it has. What the page heard while it
    was open is less than what a new look shows."""
    for _ in range(40):
        if page.locator(".page-head .facts").inner_text().startswith(f"● {state}"):
            page.reload()
            return
        page.wait_for_timeout(250)
        page.reload()
    raise AssertionError(page.locator("main").inner_text())


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 320)])
def test_dead_mail(page_of, scheme, width):
    """Retried where no mail is sent, it is dead again and says why: nothing is claimed."""
    page = page_of(scheme=scheme, width=width)
    open_jobs(page)
    look(page)
    page.get_by_role("link", name="1 dead in Mail").click()
    look(page)
    page.get_by_role("link", name="mail.deliver").first.click()
    main = page.get_by_role("main")
    expect(main).to_contain_text("552 5.2.2 The mailbox is full")
    expect(main).to_contain_text("hidden, 32 bytes")
    look(page)
    page.get_by_role("button", name="Reveal 2 arguments").click()
    expect(main).to_contain_text("compliance@acme-health.example")
    look(page)
    page.go_back()
    page.get_by_role("button", name="Retry job").click()
    expect(page.locator(".result")).to_contain_text("It is in line again")
    settled(page, "Dead")
    expect(main).to_contain_text("No way to send mail is set up on this console. Nothing was sent.")


def test_dead_mail_where_mail_is_sent(chromium, make_program, tmp_path):
    """Retried, it succeeds, and the mail lies in the folder."""
    folder = tmp_path / "mail"
    folder.mkdir()
    program = make_program("mail", OPS_MAIL_RELAY=folder.as_uri(), OPS_MAIL_FROM="Ethico <no-reply@ethico.example>")
    server = Server(program, tmp_path / "server.log").start()
    desk = Desk(chromium, server.origin)
    try:
        page = desk.open()
        page.goto("/sign-in")
        page.get_by_role("button", name=re.compile("Jordan Doyle")).click()
        open_jobs(page)
        page.get_by_role("link", name="1 dead in Mail").click()
        page.get_by_role("link", name="mail.deliver").first.click()
        page.get_by_role("button", name="Retry job").click()
        expect(page.locator(".result")).to_contain_text("It is in line again")
        settled(page, "Succeeded")
        [file] = folder.iterdir()
        main = page.get_by_role("main")
        expect(main).to_contain_text(f"Written to the folder of OPS_MAIL_RELAY as {file.name}.")
        look(page)
        desk.close()
    finally:
        server.stop()
    mail = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert mail["To"] == "Compliance office <compliance@acme-health.example>"
    assert mail["From"] == "Ethico <no-reply@ethico.example>" and mail["Auto-Submitted"] == "auto-generated"
    assert mail["Message-ID"] == f"<{file.stem}@ethico.example>" and mail["Date"].datetime
    assert "Hello Compliance office," in mail.get_content() and "Acme Health" in mail.get_content()
    assert not mail.defects
    assert "compliance@acme-health.example" not in server.log.read_text()


def test_stuck_job_without_scripts(page_of):
    page = page_of(scripts=False)
    open_jobs(page)
    page.get_by_role("combobox", name="Stuck").select_option(label="Stuck")
    page.get_by_role("button", name="Filter", exact=True).click()
    page.get_by_role("link", name="retention.check").click()
    expect(page.locator(".notice")).to_contain_text("no worker takes it over unasked")
    page.get_by_role("button", name="Take it and try again").click()
    settled(page, "Succeeded")
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"\d+ of \d+ closed cases are older than 10 years"))


def test_all_that_match(page_of):
    """Counted first; what fits nothing says so."""
    page = page_of(scheme="dark")
    open_jobs(page)
    page.get_by_role("combobox", name="Queue").select_option(label="Mail")
    page.get_by_role("link", name="Retry all that match").click()
    expect(page.get_by_role("main")).to_contain_text("1 job will be tried again at once")
    look(page)
    page.get_by_role("button", name="Retry 1 job").click()
    expect(page.locator(".result")).to_contain_text("1 job was put in line.")


def test_cancel_before_its_time(page_of, server, cluster):
    """What waits for its day is cancelled: one by itself, then all that match, without scripts too."""
    cluster.psql(
        "INSERT INTO job (tenant_id, id, kind, queue, effect_key, tries, attempts_left, run_at) SELECT id, "
        "gen_random_uuid(), 'test.waiting', 'default', gen_random_uuid(), 3, 3, now() + interval '30 days' "
        "FROM tenant, generate_series(1, 3) WHERE slug = 'acme-health'", server.program.database)
    page = page_of(scripts=False)
    open_jobs(page)
    page.goto(page.url.split("?")[0] + "?kind=test.waiting&state=queued")
    page.locator("tbody").get_by_role("link", name="test.waiting").first.click()
    page.get_by_role("button", name="Cancel job").click()
    expect(page.locator(".result")).to_have_text("It is cancelled.")
    expect(page.locator(".page-head .facts")).to_contain_text("Cancelled")
    expect(page.get_by_role("button", name="Run now")).to_have_count(0)

    page = page_of()
    open_jobs(page)
    waiting = page.url.split("?")[0] + "?kind=test.waiting&state=queued"
    page.goto(waiting)
    page.get_by_role("link", name="Cancel all that match").click()
    expect(page.get_by_role("main")).to_contain_text("2 jobs will be cancelled")
    look(page)
    page.get_by_role("button", name="Cancel 2 jobs").click()
    expect(page.locator(".result")).to_contain_text("2 jobs were cancelled, or asked to stop.")
    page.goto(waiting)
    expect(page.locator("tbody").get_by_role("link", name="test.waiting")).to_have_count(0)
