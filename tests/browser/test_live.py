"""Pages that keep themselves fresh, in a browser: a rebuild moves by itself, and a page whose right has ended says so."""

import re
import socket
import subprocess
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from conftest import ADMIN, SUPPORT, Desk
from look import assert_frame_in_pixels, enter, look
from ops_server import Server
from stream import Stream
from wire import Visitor

AT_ONCE_SECONDS = 2
# A worker starts and indexes 2,400 people; on a busy machine at its second try, up to twenty seconds later.
WORK_SECONDS = 60
OPEN_STREAMS = "ops_live_streams"
LISTENER_OPENED = "postgres_listener_opened_total"


@pytest.fixture(scope="module")
def server(make_program, tmp_path_factory):
    """One that leaves jobs alone: how far they are is what the tests write."""
    program = make_program("live", OPS_JOB_LANES="0")
    server = Server(program, tmp_path_factory.mktemp("live") / "server.log").start()
    yield server
    server.stop()


@pytest.fixture
def sql(cluster, server):
    return lambda statement: cluster.psql(statement, server.program.database)


@contextmanager
def working(server: Server):
    """A worker apart."""
    worker = subprocess.Popen(
        [server.program.binary, "work"], env={**server.program.environment, "OPS_JOB_LANES": "1"},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(20)


def stays(page: Page) -> None:
    """A page that is loaded again forgets this."""
    page.evaluate("window.isSame = true")


def assert_same(page: Page) -> None:
    assert page.evaluate("window.isSame === true"), "the page was loaded again"


def run_job(sql, done: int, seconds: int) -> None:
    """What a worker says of a rebuild of employees."""
    sql(f"""
        UPDATE job SET state = 'running', worker = 'test', heartbeat_at = now(), leased_until = now() + interval '1 h',
          started_at = now() - interval '{seconds} s', done = {done}, total = 2400
        WHERE kind = 'search.rebuild' AND state IN ('queued', 'running')""")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 320)])
def test_rebuild_moves_by_itself(page_of, sql, server, scheme, width):
    page = page_of(scheme=scheme, width=width)
    enter(page)
    page.goto(page.url + "debug/search/employee")
    page.get_by_role("button", name="Rebuild index").click()
    expect(page.locator(".result")).to_contain_text("The rebuild is in line")
    stays(page)
    progress = page.get_by_role("progressbar")
    expect(progress).to_be_hidden()
    run_job(sql, done=600, seconds=10)
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"600 of 2,400 · \d\d/s · \d\d s left"))
    expect(progress).to_have_js_property("value", 600)
    look(page)
    run_job(sql, done=1800, seconds=20)
    expect(page.get_by_role("main")).to_contain_text(re.compile(r"1,800 of 2,400 · \d\d/s"))
    expect(progress).to_have_js_property("value", 1800)
    assert_same(page)

    list_page = page.context.new_page()
    list_page.goto(page.url.split("/employee")[0])
    row = list_page.get_by_role("row", name=re.compile("^Employees"))
    expect(row).to_contain_text("1,800 of 2,400")
    stays(list_page)
    look(list_page)
    sql("UPDATE job SET state = 'retrying', worker = NULL, heartbeat_at = NULL, leased_until = NULL, run_at = now() "
        "WHERE kind = 'search.rebuild' AND state = 'running'")
    expect(row).to_contain_text("Retrying")
    with working(server):
        expect(row).to_contain_text(re.compile(r"Rebuilt, generation \d"), timeout=WORK_SECONDS * 1_000)
        expect(page.get_by_role("link", name="The rebuild has ended: reload the page")).to_be_visible()
    look(list_page)
    assert_same(list_page)
    assert_same(page)


def test_jobs_change_in_place(page_of, sql):
    page = page_of()
    enter(page)
    page.goto(page.url + "debug/jobs?queue=mail")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jobs")
    stays(page)
    rows = page.locator("table").nth(1).locator("tbody tr")
    before = rows.count()
    dead = rows.filter(has_text="Dead").first
    expect(dead).to_be_visible()
    sql("INSERT INTO job (tenant_id, id, kind, queue, effect_key, tries, attempts_left, run_at) SELECT id, "
        "'01fff000-0000-7000-8000-000000000001', 'mail.deliver', 'mail', gen_random_uuid(), 8, 8, now() + interval '1 d' "
        "FROM tenant WHERE slug = 'acme-health'")
    sql("UPDATE job SET state = 'queued', attempts_left = 8, finished_at = NULL, run_at = now() + interval '1 d', "
        "version = version + 1 WHERE state = 'dead' AND queue = 'mail' "
        "AND tenant_id = (SELECT id FROM tenant WHERE slug = 'acme-health')")
    expect(page.get_by_role("link", name="1 newer job: reload the list")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile(r"^\d+ dead in Mail"))).to_be_hidden()
    expect(rows.filter(has_text="Dead")).to_have_count(0)
    assert rows.count() == before, "rows came or went"
    assert_same(page)
    look(page)
    page.get_by_role("link", name="1 newer job: reload the list").click()
    expect(rows).to_have_count(before + 1)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 320)])
def test_ended_by_an_administrator(page_of, desk, server, scheme, width):
    page = page_of(scheme=scheme, width=width)
    enter(page)
    access = page.url.rstrip("/").split("/")[-1]
    page.goto(page.url + "cases")
    page.locator("table.table tbody tr").first.get_by_role("link").first.click()
    words = "Typed before anybody knew."
    page.get_by_role("textbox", name="New note").fill(words)
    expect(page.get_by_role("alert")).to_be_hidden()
    admin = Visitor(server.origin).sign_in(ADMIN)
    person = admin.json(f"/staff?q={SUPPORT}")["items"][0]["id"]
    form = admin.form(f"/staff/{person}", f"/accesses/{access}/end")
    server.wait_for(OPEN_STREAMS, 1)
    assert admin.send(form).status == 303
    alert = page.get_by_role("alert")
    expect(alert).to_be_visible(timeout=AT_ONCE_SECONDS * 1_000)
    expect(alert).to_contain_text(re.compile(r"Your access to Acme Health was ended at \d\d:\d\d, by Alex Kim\."))
    expect(alert).to_contain_text("Nothing you type here will be saved")
    expect(page.locator(".access-banner")).to_be_hidden()
    assert_frame_in_pixels(page)
    look(page)
    page.get_by_role("button", name="Add note").click()
    expect(alert).to_be_focused()
    expect(page.get_by_role("textbox", name="New note")).to_have_value(words)
    alert.get_by_role("link", name="Go to Home").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Forbidden")
    expect(page).to_have_url(f"{server.origin}/")


@pytest.mark.parametrize("end", ["exit", "lock", "sign out"])
def test_every_open_page_hears_of_the_end(page_of, server, sql, end):
    page = page_of()
    enter(page)
    other = page.context.new_page()
    other.goto(page.url)
    page.bring_to_front()
    server.wait_for(OPEN_STREAMS, 2)
    if end == "exit":
        other.get_by_role("button", name="Exit").click()
    elif end == "sign out":
        other.locator(".me-menu summary").click()
        other.get_by_role("button", name="Sign out").click()
    else:
        admin = Visitor(server.origin).sign_in(ADMIN)
        person = admin.json(f"/staff?q={SUPPORT}")["items"][0]["id"]
        form = admin.form(f"/staff/{person}", "/lock")
        assert admin.send(form, {"reason": "Left the laptop on a train."}).status == 303
    alert = page.get_by_role("alert")
    expect(alert).to_be_visible(timeout=AT_ONCE_SECONDS * 1_000)
    said = {"exit": "You left Acme Health at", "lock": "Your sign-in is locked.", "sign out": "You are not signed in."}
    expect(alert).to_contain_text(said[end])
    if end == "lock":
        assert admin.send(admin.form(f"/staff/{person}", "/unlock")).status == 303


def test_a_lost_stream_turns_grey_and_comes_back(chromium, make_program, tmp_path):
    server = Server(make_program("lost", OPS_JOB_LANES="0"), tmp_path / "lost.log").start()
    desk = Desk(chromium, server.origin)
    try:
        visitor = Visitor(server.origin).sign_in(SUPPORT)
        page = desk.open()
        page.context.add_cookies([{"name": n, "value": v, "url": server.origin} for n, v in visitor.jar.items()])
        # The machine stands elsewhere than the page says times for.
        session = page.context.new_cdp_session(page)
        session.send("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Tokyo"})
        page.goto(visitor.enter("acme-health") + "/debug/jobs")
        expect(page.get_by_role("contentinfo")).to_contain_text("Times in Europe/London")
        note = page.locator(".live-note")
        server.wait_for(OPEN_STREAMS, 1)
        expect(note).to_be_hidden()
        server.stop()
        expect(note).to_contain_text("No connection. This is as of", timeout=10_000)
        said = re.fullmatch(r"No connection\. This is as of (\d\d:\d\d:\d\d)\.", note.inner_text())[1]
        now = datetime.now(ZoneInfo("Europe/London"))
        assert said in {f"{now - timedelta(seconds=past):%H:%M:%S}" for past in range(60)}
        look(page)
        server.start()
        expect(note).to_be_hidden(timeout=10_000)
    finally:
        # It asked a server that was not there: that alone may be complained of.
        desk.complaints = [one for one in desk.complaints if "/live" not in one]
        desk.close()
        server.stop()


def test_over_the_wire(make_program, tmp_path):
    """Who hangs up makes room at once, the seventh is refused, and a server that is stopped waits for no stream."""
    server = Server(make_program("wire"), tmp_path / "wire.log").start()
    try:
        visitor = Visitor(server.origin).sign_in(SUPPORT)
        streams = [Stream(visitor, "/live") for _ in range(6)]
        for stream in streams:
            stream.wait_for("retry: 1000")
        assert "text/event-stream" in streams[0].text and "X-Accel-Buffering: no" in streams[0].text
        server.wait_for(OPEN_STREAMS, 6)
        refused = Stream(visitor, "/live")
        refused.wait_for("too_many_streams")
        assert "HTTP/1.1 429" in refused.text and "Retry-After: 30" in refused.text
        for stream in streams[:3]:
            stream.socket.shutdown(socket.SHUT_RDWR)
        server.wait_for(OPEN_STREAMS, 3)
        Stream(visitor, "/live").wait_for("retry: 1000")
        assert server.measurements()[OPEN_STREAMS] == 4
        start = time.monotonic()
        server.stop()
        assert time.monotonic() - start < 8, "the server waited for its streams"
        streams[5].thread.join(2)
        assert streams[5].text.endswith("0\r\n\r\n"), "the stream did not end as it should"
    finally:
        server.stop()


def test_hears_again_after_the_database_restarted(make_program, cluster, tmp_path):
    program = make_program("again")
    server = Server(program, tmp_path / "again.log").start()
    try:
        visitor = Visitor(server.origin).sign_in(SUPPORT)
        access = visitor.enter("acme-health")
        stream = Stream(visitor, access + "/live")
        stream.wait_for("retry: 1000")
        server.wait_for(LISTENER_OPENED, 1)
        ended = cluster.psql(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'ops_listener'",
            program.database)
        assert int(ended) >= 1
        server.wait_for(LISTENER_OPENED, 2)
        token = visitor.form("/me", "/sign-out").fields["_csrf"]
        start = time.monotonic()
        assert visitor.post("/exit-all", {"_csrf": token}).status == 303
        stream.wait_for("event: ended", seconds=AT_ONCE_SECONDS)
        assert time.monotonic() - start < AT_ONCE_SECONDS
    finally:
        server.stop()
