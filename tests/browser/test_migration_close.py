"""The end of a client's move in a browser: a record's own page, fields to decide, the reconciliation and its signature."""

import re
import subprocess

import pytest
from playwright.sync_api import expect

from test_migration import IMPLEMENTATION, LIGHT, NARROW, WITHOUT_SCRIPTS, Move
from wire import Visitor

HEAD = "case_number,title,severity,status,reporter_type,channel,received_at,category,summary\n"
TAIL = ",anonymous,phone,2020-12-25,Harassment,On the night shift.\n"


def cases(*lines: str) -> str:
    return HEAD + "".join(line + TAIL for line in lines)


@pytest.fixture(scope="session")
def quiet(server) -> list[str]:
    """The slugs of clients that nobody else's test is at."""
    items = Visitor(server.origin).sign_in(IMPLEMENTATION).json("/tenants?status=onboarding")["items"]
    return [item["slug"] for item in items]


class Close(Move):
    """Brings cases over and closes the move."""

    def bring(self, path, count: int) -> str:
        self.page.goto(self.home)
        self.upload(path)
        batch = self.open_mapper("case")
        for row in self.main.locator("li.mapping-row").all():
            name = row.locator("strong").first.inner_text()
            row.locator("select").first.select_option(value=name)
            for box in row.get_by_role("checkbox", name="Settled").all():
                box.check()
        self.button("Save and check rows")
        self.settled("It is done: show what came of it", "Rows as they would be")
        make = self.main.get_by_role("link", name="Map values").first
        make.click()
        new = self.main.get_by_role("button", name=re.compile("^Make (a new category|new categories) of"))
        if new.count():
            new.click()
        else:
            self.button("Save values")
        self.button("Check rows")
        self.settled("It is done: show what came of it", "Rows as they would be")
        for box in self.main.get_by_role("group", name="Take note of").get_by_role("checkbox").all():
            box.check()
        if self.main.get_by_role("button", name="Note these warnings").count():
            self.button("Note these warnings")
        slug = self.home.split("/")[2]
        self.page.get_by_label(f"Type {slug} to import cases").fill(slug)
        self.button(f"Import {count} cases" if count > 1 else "Import 1 case")
        self.settled("It is done: show what came of it", "Undo this batch")
        return batch

    def enter(self, key: str) -> None:
        """From the batch's records to the record's own page, through the way in."""
        self.page.get_by_role("link", name="What came over").click()
        self.look()
        self.page.get_by_role("link", name=f"Open in the workspace: {key}").click()
        expect(self.main).to_contain_text("Entering leads you to the case.")
        self.look()
        self.button("Enter workspace")
        expect(self.page).to_have_url(re.compile(r"/i/[0-9a-f-]{36}/cases/[0-9a-f-]{36}$"))
        expect(self.main).to_contain_text(key)
        expect(self.main.get_by_role("link", name=f"Undo this import: {key}")).to_be_visible()

    def retitle(self, title: str) -> None:
        self.page.get_by_role("link", name="Edit case").click()
        self.page.get_by_label("Title").fill(title)
        self.button("Save case")

    def decide(self, batch: str) -> None:
        """One field is taken from the source; the page said both sides and who wrote ours."""
        self.page.goto(f"{self.home}{batch}")
        self.look()
        self.page.get_by_role("link", name="Decide them").click()
        row = self.main.locator("tbody tr").first
        for words in ("EP-1", "Title", "Ours", "Theirs"):
            expect(row).to_contain_text(words)
        self.look()
        if self.scripts:
            expect(self.page.locator(".selection-bar")).to_be_hidden()
        else:
            self.button("Take the source’s")
            expect(self.main).to_contain_text("Select at least one field first.")
        self.page.get_by_role("checkbox", name="Select EP-1, Title").check()
        self.look()
        self.button("Take the source’s")
        self.result("The source’s is taken over in 1 field.")
        expect(self.main).to_contain_text("Nothing to decide")
        self.look()

    def reconcile(self) -> None:
        """What stands in the way is named, and once it is gone the client's name closes the move."""
        self.page.goto(f"{self.home}/reconciliation")
        expect(self.main).to_contain_text("Nothing reckoned yet")
        self.look()
        self.button("Reconcile")
        self.result("The source is being held against what is here.")
        self.settled("It is done: show what came of it", "Sign-off")
        expect(self.main).to_contain_text("Everything adds up")
        expect(self.main).to_contain_text("Chosen, and nothing of it came over: Policies.")
        self.look()
        self.page.goto(f"{self.home}/scope")
        for name in ("Policies", "Audit trail"):
            self.page.get_by_role("checkbox", name=name, exact=True).uncheck()
        self.button("Continue")
        self.page.get_by_role("link", name="Open reconciliation").click()
        self.button("Reconcile again")
        self.settled("It is done: show what came of it", "Sign-off")
        expect(self.main).to_contain_text("1 of 1 kinds in and reconciled")
        self.page.emulate_media(media="print")
        expect(self.page.locator(".signatures")).to_be_visible()
        expect(self.page.get_by_role("button", name="Sign off migration")).to_be_hidden()
        self.page.emulate_media(media="screen")
        self.button("Sign off migration")
        expect(self.page.get_by_role("alert")).to_contain_text("Say who at the client agreed.")
        self.look()
        self.page.get_by_label("Agreed by").fill("Pavel Petrov, compliance officer")
        self.button("Sign off migration")
        self.result("The client has signed off.")
        expect(self.main).to_contain_text("Pavel Petrov, compliance officer")
        expect(self.main).to_contain_text("kept until")
        self.look()
        with self.page.expect_download() as kept:
            self.page.get_by_role("link", name="Download as CSV").click()
        assert "Cases,records,,2,2,0," in kept.value.path().read_text()
        with self.page.expect_download() as kept:
            self.page.get_by_role("link", name="Download as PDF").click()
        paper = subprocess.run(
            ["pdftotext", "-layout", kept.value.path(), "-"], check=True, capture_output=True, text=True).stdout
        for words in ("reconciliation of the data migration", "Everything adds up", "Pavel Petrov, compliance officer",
                      "Date and signature", "Page 1 of"):
            assert words in paper, words
        self.button("Close migration")
        self.result("This migration is closed.")
        self.look()


@pytest.mark.parametrize(("number", "way"), [(0, LIGHT), (1, NARROW), (2, WITHOUT_SCRIPTS)])
def test_a_move_is_closed(page_of, quiet, tmp_path, number, way):
    """Two cases come over, one is edited here, the source says something else, somebody decides, the client signs."""
    scheme, width, scripts = way
    page = page_of(IMPLEMENTATION, scheme=scheme, width=width, scripts=scripts)
    move = Close(page, quiet[number], scripts)
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(cases("EP-1,First,high,new", "EP-2,Second,low,new"))
    second.write_text(cases("EP-1,Theirs,high,new", "EP-2,Second,low,new"))
    move.choose()
    move.bring(first, 2)
    move.enter("EP-1")
    move.retitle("Ours")
    batch = move.bring(second, 1)
    move.decide(batch)
    move.reconcile()
