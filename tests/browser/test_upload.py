"""Large files in a browser: shown as they come, paused, cut off and gone on with, and in one form without scripts."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import expect

from conftest import IMPLEMENTATION
from test_migration import LIGHT, NARROW, Move

MEBIBYTE = 1 << 20
LINE = b"EP-%07d;New;anonymous;Hotline;2020-12-25;Harassment;High;Remarks;Said on the night shift, and again by day.\n"
HEAD = b"case_number;status;reporter_type;channel;received_at;category;severity;title;summary\n"
FEW = HEAD + b"".join(LINE % number for number in range(20))
# An upload's bytes go to its own address, which ends with its id.
PIECES = "**/migration/uploads/*-*"


@pytest.fixture(scope="session")
def large(tmp_path_factory) -> Path:
    """40 MiB of cases: five requests, or one form that is taken in a piece at a time."""
    path = tmp_path_factory.mktemp("large") / "all cases.csv"
    line_count = (40 * MEBIBYTE - len(HEAD)) // len(LINE % 0)
    path.write_bytes(HEAD + b"".join(LINE % number for number in range(line_count)))
    return path


@pytest.fixture
def move(page_of, fresh_client):
    """At a client of the test's own, where files are added: a page that is on its way in asks past a route set meanwhile."""
    def begin(way):
        move = Move.of_cases(page_of, fresh_client, way)
        expect(move.page.locator("file-upload")).to_be_attached()
        return move

    return begin


class Pieces:
    """The requests that bring bytes: counted, and cut off or held when a test wants it."""

    def __init__(self, move: Move):
        self.sent = 0
        self.cut: set[int] = set()
        self.held_from: int | None = None
        self.held = []
        self.count = 0
        move.page.route(PIECES, self.take)

    def take(self, route) -> None:
        if route.request.method != "PATCH":
            route.continue_()
            return
        self.count += 1
        if self.held_from is not None and self.count >= self.held_from:
            self.held.append(route)  # Neither answered nor refused: the page is left meanwhile.
            return
        if self.count in self.cut:
            route.abort("aborted")
            return
        self.sent += len(route.request.post_data_buffer or b"")
        route.continue_()

    def release(self) -> None:
        self.held_from = None
        for route in self.held:
            route.continue_()
        self.held = []


def choose(move: Move, *paths: Path) -> None:
    if move.scripts:
        # A form that is sent before its scripts are there brings the file as a form does.
        expect(move.page.locator("file-upload:defined")).to_be_attached()
    move.page.get_by_label("File", exact=True).set_input_files(list(paths))
    move.button("Upload file")


def test_a_large_file_is_cut_off_and_left(move, large, cluster, server):
    """A request that is cut off is sent again by itself; a page that is left is gone on with by choosing the file again,
    and what had come is not sent twice."""
    move = move(LIGHT)
    pieces = Pieces(move)
    pieces.cut, pieces.held_from = {2}, 5
    choose(move, large)
    row = move.main.locator("file-upload li")
    expect(row).to_contain_text("24 MB of 40 MB", timeout=60_000)
    expect(row.get_by_role("progressbar", name="Upload of all cases.csv")).to_be_visible()
    move.look()

    move.page.goto(move.home)
    expect(move.main).to_contain_text("Not all here yet")
    expect(move.main).to_contain_text("24 MB of 40 MB")
    move.look()
    assert [(upload["name"], upload["offset"]) for upload in move.json()["uploads"]] == [(large.name, 24 * MEBIBYTE)]
    pieces.held_from = None
    before = pieces.sent
    choose(move, large)
    move.page.wait_for_url("**/migration?done=file", timeout=60_000)
    move.result("The file is here. It is being read.")
    assert pieces.sent - before == large.stat().st_size - 24 * MEBIBYTE
    assert move.json()["uploads"] == []
    stored = cluster.psql(
        f"SELECT encode(sha256, 'hex') FROM migration_source_file WHERE name = '{large.name}'", server.program.database)
    assert stored.strip() == hashlib.sha256(large.read_bytes()).hexdigest()


def test_a_pause(move, large):
    """An upload waits when it is told to, and goes on; one that nobody wants is removed."""
    move = move(NARROW)
    pieces = Pieces(move)
    pieces.held_from = 3
    choose(move, large)
    row = move.main.locator("file-upload li")
    expect(row).to_contain_text("16 MB of 40 MB", timeout=60_000)
    row.get_by_role("button", name="Pause all cases.csv").click()
    expect(row).to_contain_text("Paused.")
    expect(move.page.locator("file-upload [role=status]")).to_have_text("all cases.csv: Paused.")
    move.look()
    pieces.held_from = pieces.count + 2
    row.get_by_role("button", name="Continue all cases.csv").click()
    expect(row).to_contain_text("24 MB of 40 MB", timeout=60_000)
    move.page.goto(move.home)
    move.page.get_by_role("button", name="Remove upload of all cases.csv").click()
    move.result("What was here of the file is gone.")
    expect(move.main).not_to_contain_text("Not all here yet")


def test_several_files(move, desk, tmp_path):
    """One after the other; what is wrong with one of them stands at it, and the others come."""
    move = move(LIGHT)
    first, second, empty = tmp_path / "one.csv", tmp_path / "two <b>.csv", tmp_path / "none.csv"
    first.write_bytes(FEW)
    second.write_bytes(FEW + LINE % 99)
    empty.write_bytes(b"")
    choose(move, first, second)
    move.result("The files are here.")
    expect(move.main).to_contain_text("two <b>.csv")

    copy = tmp_path / "copy.csv"
    copy.write_bytes(FEW)
    third = tmp_path / "three.csv"
    third.write_bytes(FEW + LINE % 98)
    choose(move, empty, copy, third)
    rows = move.main.locator("file-upload li")
    expect(rows.nth(0)).to_contain_text("The file is empty. Nothing was uploaded.")
    expect(rows.nth(1)).to_contain_text("This very file is here already, as “one.csv”.")
    expect(rows.nth(2)).to_contain_text("It is here.")
    move.look()
    move.page.get_by_role("link", name="Show the files that are here").click()
    expect(move.main).to_contain_text("three.csv")
    refused = [complaint for complaint in desk.complaints if complaint.startswith(("409 for PATCH", "422 for POST"))]
    assert len(refused) == 2, desk.complaints
    desk.complaints = [complaint for complaint in desk.complaints if complaint not in refused]


def test_a_pause_before_its_turn(move, tmp_path):
    """What waits for its turn is paused too, and says so; it is passed by nobody, and goes on."""
    move = move(LIGHT)
    pieces = Pieces(move)
    pieces.held_from = 1
    first, second = tmp_path / "one.csv", tmp_path / "two.csv"
    first.write_bytes(FEW)
    second.write_bytes(FEW + LINE % 99)
    choose(move, first, second)
    row = move.main.locator("file-upload li").nth(1)
    expect(row).to_contain_text("Waiting.")
    row.get_by_role("button", name="Pause two.csv").click()
    expect(row).to_contain_text("Paused.")
    expect(move.page.locator("file-upload [role=status]")).to_have_text("two.csv: Paused.")
    pieces.release()
    expect(move.main.locator("file-upload li").nth(0)).to_contain_text("It is here.")
    assert [file["name"] for file in move.json()["files"]] == ["one.csv"]
    move.look()
    row.get_by_role("button", name="Continue two.csv").click()
    move.page.wait_for_url("**/migration?done=files", timeout=60_000)
    assert sorted(file["name"] for file in move.json()["files"]) == ["one.csv", "two.csv"]


def test_a_pause_between_two_tries(move, desk, tmp_path):
    """Whoever pauses an upload that waits for its next try sees so at once, and not when the wait is over."""
    move = move(LIGHT)
    file = tmp_path / "one.csv"
    file.write_bytes(FEW)
    move.page.route(
        "**/migration/uploads", lambda route: route.fulfill(status=503, headers={"Retry-After": "3600"}, body=""))
    choose(move, file)
    row = move.main.locator("file-upload li")
    expect(row).to_contain_text("What has come is kept, and it goes on by itself.")
    row.get_by_role("button", name="Pause one.csv").click()
    expect(row).to_contain_text("Paused.")
    move.page.unroute("**/migration/uploads")
    row.get_by_role("button", name="Continue one.csv").click()
    move.page.wait_for_url("**/migration?done=file")
    desk.complaints = [complaint for complaint in desk.complaints if not complaint.startswith("503 for POST")]


def test_an_upload_is_removed_on_its_way(move, page_of, desk, large):
    """Who sends it is told that somebody removed it, and nothing of it comes back by itself."""
    move = move(LIGHT)
    pieces = Pieces(move)
    pieces.held_from = 3
    choose(move, large)
    row = move.main.locator("file-upload li")
    expect(row).to_contain_text("16 MB of 40 MB", timeout=60_000)
    other = page_of(IMPLEMENTATION)
    other.goto(move.home)
    other.get_by_role("button", name="Remove upload of all cases.csv").click()
    expect(other.locator(".result")).to_contain_text("What was here of the file is gone.")
    pieces.release()
    expect(row).to_contain_text("It was removed meanwhile. Choose the file again to begin anew.")
    expect(row.get_by_role("button")).to_have_count(0)
    move.look()
    found = move.json()
    assert found["uploads"] == [] and found["files"] == []
    gone = [complaint for complaint in desk.complaints if complaint.startswith("404 for PATCH")]
    assert len(gone) == 1, desk.complaints
    desk.complaints = [complaint for complaint in desk.complaints if complaint not in gone]


def test_a_large_file_without_scripts(move, large, server):
    """A plain form takes it as well, and the server holds no more of it than a few pieces."""
    move = move(("light", 1440, False))
    memory = Path(f"/proc/{server.process.pid}/status")

    def peak() -> int:
        return next(int(line.split()[1]) for line in memory.read_text().splitlines() if line.startswith("VmHWM"))

    Path(f"/proc/{server.process.pid}/clear_refs").write_text("5")
    before = peak()
    choose(move, large)
    move.result("The file is here. It is being read.")
    assert peak() - before < 32 * 1024, f"{before} KB before, {peak()} KB at the most"
    found = move.json()
    assert found["uploads"] == [] and [file["name"] for file in found["files"]] == [large.name]
