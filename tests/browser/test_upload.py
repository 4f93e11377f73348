"""Files that are larger than a form takes, in a browser: shown as they come, paused, cut off, and gone on with."""

import hashlib
from pathlib import Path

import pytest
from playwright.sync_api import expect

from test_migration import IMPLEMENTATION, LIGHT, NARROW, Move
from wire import Visitor

MEBIBYTE = 1 << 20
LINE = b"EP-%07d;New;anonymous;Hotline;2020-12-25;Harassment;High;Remarks;Said on the night shift, and again by day.\n"
HEAD = b"case_number;status;reporter_type;channel;received_at;category;severity;title;summary\n"
FEW = HEAD + b"".join(LINE % number for number in range(20))
# An upload's bytes go to its own address, which ends with its id.
PIECES = "**/migration/uploads/*-*"


@pytest.fixture(scope="session")
def large(tmp_path_factory) -> Path:
    """40 MiB of cases: no form takes as much, and five requests do."""
    path = tmp_path_factory.mktemp("large") / "all cases.csv"
    line_count = (40 * MEBIBYTE - len(HEAD)) // len(LINE % 0)
    path.write_bytes(HEAD + b"".join(LINE % number for number in range(line_count)))
    return path


@pytest.fixture
def move(page_of, server):
    """At clients that test_migration leaves alone: it takes the first fourteen."""
    items = Visitor(server.origin).sign_in(IMPLEMENTATION).json("/tenants?status=live")["items"]
    slugs = [item["slug"] for item in items if item["slug"] != "acme-health"]

    def move(number: int, way: tuple[str, int, bool]) -> Move:
        scheme, width, scripts = way
        move = Move(page_of(IMPLEMENTATION, scheme=scheme, width=width, scripts=scripts), slugs[14 + number], scripts)
        move.page.goto(move.home)
        move.page.get_by_role("checkbox", name="Cases/Investigations", exact=True).check()
        move.page.get_by_label("Decided by").fill("Pavel Petrov")
        move.button("Continue")
        return move

    return move


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


def choose(move: Move, *paths: Path) -> None:
    move.page.get_by_label("File", exact=True).set_input_files(list(paths))
    move.button("Upload file")


def test_a_large_file_is_cut_off_and_left(move, large, cluster, server):
    """A request that is cut off is sent again by itself; a page that is left is gone on with by choosing the file again,
    and what had come is not sent twice."""
    move = move(0, LIGHT)
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
    move = move(1, NARROW)
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
    move.page.get_by_role("button", name="Remove all cases.csv").click()
    move.result("What was here of the file is gone.")
    expect(move.main).not_to_contain_text("Not all here yet")


def test_several_files(move, desk, tmp_path):
    """One after the other; what is wrong with one of them stands at it, and the others come."""
    move = move(2, LIGHT)
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


def test_a_large_file_without_scripts(move, large):
    """A form takes no such file, and says what to do."""
    move = move(3, ("light", 1440, False))
    choose(move, large)
    expect(move.main).to_contain_text("Without JavaScript a file has at most 32 MB.")
