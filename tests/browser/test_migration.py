"""A client's move from another system in a browser: what comes over, a file, its columns and values, its rows."""

import json
import re
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from conftest import IMPLEMENTATION
from look import assert_accessible, seen

FIXTURES = Path(__file__).parents[1] / "fixtures" / "migration"
sys.path.insert(0, str(FIXTURES))

from make import make

JSON = {"Accept": "application/json"}
NAVEX = "navex_ethicspoint_cases.csv"
EXPECTED = json.loads((FIXTURES / "expected.json").read_text())

LIGHT, NARROW, WITHOUT_SCRIPTS = ("light", 1440, True), ("dark", 320, True), ("light", 1440, False)


@pytest.fixture(scope="session")
def exports(tmp_path_factory) -> dict[str, Path]:
    """The files that a client would upload, by name."""
    return {path.name: path for path in make(tmp_path_factory.mktemp("exports"))}


class Move:
    """One client's move, done by what stands on its pages."""

    def __init__(self, page: Page, slug: str, scripts: bool):
        self.page = page
        self.home = f"/t/{slug}/migration"
        self.scripts = scripts
        self.main = page.get_by_role("main")

    @classmethod
    def of_cases(cls, page_of, slug: str, way: tuple[str, int, bool]) -> "Move":
        """One that has just begun, of cases alone."""
        scheme, width, scripts = way
        move = cls(page_of(IMPLEMENTATION, scheme=scheme, width=width, scripts=scripts), slug, scripts)
        move.page.goto(move.home)
        move.page.get_by_role("checkbox", name="Cases/Investigations", exact=True).check()
        move.page.get_by_label("Decided by").fill("Pavel Petrov")
        move.button("Continue")
        return move

    def look(self) -> None:
        if not self.scripts:
            return
        assert_accessible(self.page)
        found = seen(self.page)
        assert found["sideways"] <= 0, f"{self.page.url}: {found}"

    def result(self, words: str) -> None:
        line = self.page.locator(".result")
        expect(line).to_have_attribute("role", "status")
        expect(line).to_contain_text(words)

    def button(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def json(self, path: str = "") -> dict:
        answer = self.page.request.get(f"{self.home}{path}", headers=JSON)
        assert answer.ok, f"{path}: {answer.status}"
        return answer.json()

    def settled(self, link: str, again: str, times: int = 1) -> None:
        """The worker takes the job in its own time. A page that listens then offers what came of it; one that was
        opened afterwards, or does not listen, has `again` so many times."""
        for _ in range(60):
            offer = self.page.get_by_role("link", name=link)
            if offer.is_visible():
                offer.click()
                self.page.wait_for_load_state()
            if self.main.get_by_text(again, exact=True).nth(times - 1).is_visible():
                return
            self.page.wait_for_timeout(250)
            if not self.scripts:
                self.page.reload()
        raise AssertionError(self.main.inner_text())

    def property(self, name: str) -> Locator:
        """Of the record that a row would become, without the words beside it that say where a value comes from."""
        term = self.page.locator("dt", has_text=re.compile(f"^{name}$"))
        value = "descendant-or-self::*[self::ins or self::dd[not(.//ins)]][1]"
        return term.last.locator(f"xpath=following-sibling::dd[1]/{value}")

    # The steps.

    def choose(self) -> None:
        self.page.goto(self.home)
        self.look()
        # With nothing chosen a click does nothing, and the keyboard is told why.
        onward = self.page.get_by_role("button", name="Continue")
        expect(onward).to_have_css("pointer-events", "none")
        onward.press("Enter")
        expect(self.page.get_by_role("alert")).to_contain_text("Choose at least one kind of data.")
        self.look()
        for name in ("Policies", "Cases/Investigations", "Audit trail"):
            self.page.get_by_role("checkbox", name=name, exact=True).check()
        self.page.get_by_label("Decided by").fill("Pavel Petrov, compliance officer")
        # By keyboard alone: the button is what comes next.
        self.page.keyboard.press("Tab")
        expect(onward).to_have_css("pointer-events", "auto")
        expect(onward).to_be_focused()
        self.page.keyboard.press("Enter")
        self.result("What comes over is settled.")
        expect(self.main).to_contain_text("decided by Pavel Petrov, compliance officer")
        self.look()

    def upload(self, path: Path) -> None:
        self.page.get_by_label("File", exact=True).set_input_files(path)
        self.button("Upload file")
        self.result("The file is here.")
        self.look()
        self.settled("It has been read: show what is in it", "Map its columns")
        expect(self.main).to_contain_text(path.name)
        self.look()

    def open_mapper(self, entity: str) -> str:
        """Reads the rows as what they are, if the console took them for something else; the batch's address."""
        self.page.get_by_role("link", name="Map its columns").first.click()
        self.page.wait_for_url("**/map")
        batch = self.page.url.removesuffix("/map").split(self.home)[1]
        if self.json(f"{batch}/map")["entity"] != entity:
            self.main.locator("summary", has_text="The rows are read as").click()
            self.page.get_by_label("What the rows are").select_option(value=entity)
            self.button("Read them as that")
            self.result("The columns were looked at anew")
        self.look()
        return batch

    def refuse(self) -> None:
        """While a column waits for a decision no row is checked, and what was chosen stays."""
        field = self.main.locator("li.mapping-row select").first
        field.select_option(value="")
        self.button("Save and check rows")
        expect(self.main).to_contain_text("The columns are not settled yet.")
        expect(field).to_have_value("")
        self.look()

    def map(self, batch: str, columns: dict[str, str | None], constants: dict[str, str]) -> None:
        """Decides about every column as a careful person would, where the console has not."""
        rows = self.main.locator("li.mapping-row")
        stand = rows.evaluate_all("""rows => rows.map(row => [
          row.querySelector("strong").textContent, row.querySelector("select").value, row.dataset.act])""")
        for name, value, act in stand:
            target = columns[name] or "=keep"
            if value == target and act != "review":
                continue
            field = self.page.get_by_label(f"Field for {name}", exact=True)
            field.select_option(value=target)
            if value == target:
                rows.filter(has=field).get_by_role("checkbox", name="Settled").check()
        # One value for all records can be given where no column is left for it: after the mapping is saved.
        self.button("Save mapping")
        self.result("The mapping is saved.")
        for target, value in constants.items():
            field = self.main.locator(f"[name='k.{target}']")
            if field.count():
                field.select_option(value=value)
        decided = {column["name"]: column.get("target") for column in self.json(f"{batch}/map")["columns"]}
        assert decided == columns
        self.look()

    def tab_through_a_column(self, name: str) -> None:
        """From a column's field the keyboard reaches its tick and its reasons, in this order."""
        field = self.page.get_by_label(f"Field for {name}", exact=True)
        row = self.main.locator("li.mapping-row").filter(has=field)
        field.focus()
        self.page.keyboard.press("Tab")
        expect(row.get_by_role("checkbox", name="Settled")).to_be_focused()
        self.page.keyboard.press("Tab")
        expect(row.locator("details.why > summary")).to_be_focused()
        self.page.keyboard.press("Enter")
        expect(row.locator("details.why")).to_have_attribute("open", "")

    def check(self, label: str) -> None:
        self.button(label)
        self.result("Every row is being read and checked.")
        self.settled("It is done: show what came of it", "What was found")
        self.look()

    def save_values(self) -> None:
        """Saves what was chosen; categories that the client does not have, and that nobody decided about, are made."""
        make = self.main.get_by_role("button", name=re.compile("^Make (a new category|new categories) of"))
        expect(make).to_have_count(1)
        make.click()
        self.result("What the values become is saved.")

    def undecided(self, batch: str) -> list[int]:
        """How many rows wait for a value's decision, by column."""
        return sorted(issue["count"] for issue in self.json(batch)["issues"] if issue["code"] == "enum.undecided")

    def bring_over(self, batch: str, noun: str) -> int:
        """Imports what can come over; how many records came."""
        button = self.page.get_by_role("button", name=re.compile(rf"^Import \d+ {noun}$"))
        count = int(button.inner_text().split()[1])
        button.click()
        expect(self.main).to_contain_text("Nothing was imported")
        self.look()
        slug = self.home.split("/")[2]
        self.page.get_by_label(f"Type {slug} to import cases").fill(slug)
        button.click()
        self.result("The import has begun.")
        self.settled("It is done: show what came of it", "Undo this batch")
        expect(self.main.locator(".tallies")).to_contain_text(f"{count} ")
        self.look()
        return count

    def undo_all(self, count: int) -> None:
        """Undoes what is left of the batch after one record, and brings it back."""
        self.page.get_by_role("link", name="Undo this batch").click()
        expect(self.main).to_contain_text("As it came")
        self.look()
        self.button(f"Undo {count} records")
        self.result("The undo has begun.")
        self.settled("It is done: show what came of it", "Bring back", times=2)
        self.look()
        records = self.page.get_by_role("cell", name=str(count), exact=True)
        self.main.get_by_role("row").filter(has=records).get_by_role("link", name="Bring back").click()
        self.look()
        self.button(f"Bring {count} records back")
        self.settled("It is done: show what came of it", "Undo this batch")

    def rejected(self, batch: str) -> dict[str, int]:
        """By rule, how many rows break it in the column where most of them do."""
        found: dict[str, int] = {}
        for issue in self.json(batch)["issues"]:
            if issue["level"] == "blocker":
                found[issue["code"]] = max(found.get(issue["code"], 0), issue["count"])
        return found


@pytest.fixture
def move(page_of, fresh_client):
    """At a client of the test's own."""

    def move(way: tuple[str, int, bool]) -> Move:
        scheme, width, scripts = way
        return Move(page_of(IMPLEMENTATION, scheme=scheme, width=width, scripts=scripts), fresh_client, scripts)

    return move


def test_cases_of_ethicspoint(move, exports, server):
    """43 cases of EthicsPoint: what is wrong with some of them is said, and a row withholds who was anonymous."""
    move = move(LIGHT)
    table = EXPECTED[NAVEX]["tables"][0]
    move.choose()
    move.upload(exports[NAVEX])
    batch = move.open_mapper("case")
    move.refuse()
    # With a relationship to the organisation every anonymous row would stay behind: it may say who reported.
    move.map(batch, table["columns"] | {"Relationship to Organization": None}, {})
    move.tab_through_a_column("Case #")
    move.check("Save and check rows")

    rejected = move.rejected(batch)
    assert rejected.pop("enum.undecided") > 0
    expected = {code: len(rows) for code, rows in table["stays_behind"].items()}
    # Who is anonymous nobody has said yet: Yes and No may mean either.
    assert rejected == {code: count for code, count in expected.items() if code != "anonymity.identity"}

    # What the source's own words become.
    move.page.get_by_role("link", name="Map values").first.click()
    move.look()
    become = {
        "In Process": "open/active", "Unreviewed": "new/new", "Closed - Referred": "closed/closed",
        "Pending - Legal Hold Review": "=reject", "Hotline - Phone": "phone", "Hotline - Web": "web_form",
        "Digital Intake": "web_form", "Open Door": "proxy", "Insufficient Information": "inconclusive",
        "Yes": "anonymous", "No": "identified",
    }
    for value, word in become.items():
        move.page.get_by_label(f"What “{value}” becomes", exact=True).first.select_option(value=word)
    move.save_values()
    move.check("Check rows")
    rejected = move.rejected(batch)
    assert "enum.undecided" not in rejected, rejected
    assert rejected.pop("enum.rejected") == 1
    assert rejected == expected

    # Warnings are taken note of by name.
    for box in move.main.get_by_role("group", name="Take note of").get_by_role("checkbox").all():
        box.check()
    move.button("Note these warnings")
    move.result("The warnings are noted.")
    expect(move.main.get_by_role("button", name="Note these warnings")).to_have_count(0)
    move.look()

    # A row that stays behind: its reporter is withheld, and the rest is there.
    row = table["stays_behind"]["anonymity.identity"][0]
    move.page.goto(f"{move.home}{batch}/rows/{row}")
    expect(move.main).to_contain_text("This row stays behind")
    expect(move.main).to_contain_text("Withheld")
    expect(move.main).not_to_contain_text("Canary")
    expect(move.main).not_to_contain_text("osprey01")
    expect(move.main).to_contain_text("Notes de frais douteuses")
    move.look()

    # A caller's number in a column of its own is not kept, even where that was asked for, and is on no page.
    assert "555 0177" not in json.dumps(move.json(f"{batch}/rows/11"))
    for path in (f"{batch}/map", f"{batch}/rows/11", f"{batch}/values", batch):
        move.page.goto(f"{move.home}{path}")
        expect(move.main).not_to_contain_text("Canary")
        expect(move.main).not_to_contain_text("555 0177")

    # A row that comes over: its markup is text, and its status says stage and outcome.
    move.page.goto(f"{move.home}{batch}/rows/6")
    expect(move.main).to_contain_text(re.compile(r"On two mornings the supervisor shouted at a technician\."))
    expect(move.property("Outcome")).to_have_text(re.compile("^substantiated$", re.IGNORECASE))
    expect(move.property("Stage")).to_have_text(re.compile("^closed$", re.IGNORECASE))
    expect(move.property("Closed at")).to_have_text("2020-03-22")
    move.look()

    # They come over; one is taken back, then all that are left, and these return.
    move.page.goto(f"{move.home}{batch}")
    count = move.bring_over(batch, "cases")
    move.page.get_by_role("link", name="What came over").click()
    expect(move.main.locator("tbody tr")).to_have_count(count)
    move.look()
    move.page.get_by_role("link", name="Undo this record").first.click()
    move.look()
    move.button("Undo 1 record")
    move.result("1 record was taken back.")
    move.undo_all(count - 1)
    items = move.json(f"{batch}/records")["items"]
    assert len(items) == count and sum(item.get("undone") is not None for item in items) == 1
    server.program.assert_intact()


@pytest.mark.parametrize("way", [NARROW, WITHOUT_SCRIPTS])
def test_cases_of_globaleaks(move, exports, way):
    """24 cases whose export does not say how they came: one value says it for all."""
    move = move(way)
    name = "globaleaks_reports.csv"
    table = EXPECTED[name]["tables"][0]
    move.choose()
    move.upload(exports[name])
    batch = move.open_mapper("case")
    move.map(batch, table["columns"], table["constants"])
    move.check("Save and check rows")
    assert 7 in move.undecided(batch)
    rejected = move.rejected(batch)
    assert rejected.pop("enum.undecided") == 24
    assert rejected == {code: len(rows) for code, rows in table["stays_behind"].items()}
    move.page.get_by_role("link", name="Map values").first.click()
    move.look()
    for value in table["undecided"]["status"]:
        word = "open/active" if value == "Opened" else "closed/archived"
        move.page.get_by_label(f"What “{value}” becomes", exact=True).select_option(value=word)
    move.save_values()
    move.check("Check rows")
    assert "enum.undecided" not in move.rejected(batch)
    move.page.goto(f"{move.home}{batch}/rows/3")
    expect(move.property("Reporter type")).to_have_text(re.compile("^anonymous$", re.IGNORECASE))
    expect(move.property("Channel")).to_have_text(re.compile("^web.form$", re.IGNORECASE))
    move.look()


def test_policies_from_a_workbook(move, exports):
    """Versions of policies: days come as days, and one published without its day stays behind."""
    move = move(LIGHT)
    name = "policytech_documents.xlsx"
    table = EXPECTED[name]["tables"][0]
    move.choose()
    move.upload(exports[name])
    batch = move.open_mapper("policy")
    move.map(batch, table["columns"], {})
    move.check("Save and check rows")
    rejected = move.rejected(batch)
    for code, rows in table["stays_behind"].items():
        assert rejected[code] == len(rows), f"{code}: {rejected}"
    move.page.goto(f"{move.home}{batch}/rows/5")
    expect(move.property("Effective date")).to_have_text("2017-02-01")


def test_a_file_that_is_no_export(move, exports, tmp_path):
    """It is refused with its reason, can be deleted, and the same file twice is not taken."""
    move = move(WITHOUT_SCRIPTS)
    move.choose()
    web = tmp_path / "report.xls"
    web.write_text("<html><body><table><tr><td>Case</td></tr></table></body></html>")
    move.page.get_by_label("File", exact=True).set_input_files(web)
    move.button("Upload file")
    move.settled("It has been read: show what is in it", "file.html")
    move.page.get_by_role("button", name="Delete file report.xls").click()
    move.result("The file is gone")
    for _ in range(2):
        move.page.get_by_label("File", exact=True).set_input_files(exports[NAVEX])
        move.button("Upload file")
    expect(move.main).to_contain_text("This very file is here already")


def test_markup_in_a_file(move, tmp_path):
    """In its name, a column's name and every cell it is text like any other, on each page that shows it."""
    move = move(LIGHT)
    hostile = "<b data-hostile>{}</b><script>document.body.dataset.hostile = 1</script>"
    path = tmp_path / "<b data-hostile>.csv"
    path.write_text(
        "Case Number,Status,Reporter type,Received at,Category,Summary," + hostile.format("Site") + "\n"
        + ",".join(["EP-0000001", hostile.format("Odd"), "Identified", "2020-12-25"] + [hostile.format("Bay 4")] * 3))

    def hold(words: str) -> None:
        expect(move.main).to_contain_text(words)
        expect(move.page.locator("[data-hostile]")).to_have_count(0)

    move.choose()
    move.upload(path)
    hold("<b data-hostile>.csv")
    batch = move.open_mapper("case")
    hold(hostile.format("Site"))
    for row in move.main.locator("li.mapping-row").all():
        if not row.locator("select").first.input_value():
            row.locator("select").first.select_option(value="=keep")
        for box in row.get_by_role("checkbox", name="Settled").all():
            box.check()
    for field in move.main.locator("[name^='k.channel']").all():
        field.select_option(value="phone")
    move.check("Save and check rows")
    hold("<b data-hostile>.csv")
    for page, words in (("values", hostile.format("Odd")), ("rows/2", hostile.format("Bay 4"))):
        move.page.goto(f"{move.home}{batch}/{page}")
        hold(words)


def test_keys_of_the_mapper(move, exports):
    """j and k walk the columns, Enter accepts, u unmaps, / picks, ? says why; where one types none is heard."""
    move = move(LIGHT)
    move.choose()
    move.upload(exports[NAVEX])
    batch = move.open_mapper("case")
    # It is in sight once the keys are heard.
    hints = move.main.get_by_role("list", name="Keys of the mapper")
    expect(hints).to_be_visible()
    rows = move.main.locator("li.mapping-row")
    press = move.page.keyboard.press
    press("j")
    expect(rows.nth(0)).to_be_focused()
    press("j")
    press("j")
    press("k")
    expect(rows.nth(1)).to_be_focused()
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")

    row = rows.nth(1)
    field = row.locator("select").first
    field.select_option(value="case_number")
    press("Escape")
    press("u")
    expect(field).to_have_value("")
    press("Enter")
    expect(field).to_be_focused()
    # In a field letters are its own.
    press("j")
    expect(field).to_be_focused()
    field.select_option(value="location")
    press("Escape")
    box = row.get_by_role("checkbox", name="Settled")
    press("Enter")
    expect(box).to_be_checked()
    expect(rows.nth(2)).to_be_focused()
    press("?")
    expect(rows.nth(2).locator("details.why")).to_have_attribute("open", "")
    press("/")
    expect(rows.nth(2).locator("select").first).to_be_focused()
    press("Escape")
    move.look()

    # What was accepted by keys is saved like any other choice.
    move.button("Save mapping")
    move.result("The mapping is saved.")
    assert move.json(f"{batch}/map")["columns"][1]["target"] == "location"
    expect(hints).to_be_visible()
    press("v")
    move.page.wait_for_url("**/values")


def test_how_a_file_was_read(move, tmp_path):
    """What was found out about a file is corrected above its first rows; one that cannot be read so stays as it was."""
    move = move(LIGHT)
    lines = ["Case Number;Status;Reporter type;Received at;Category;Summary"]
    lines += [f"EP-{number};New;Identified;2020-12-{number};Theft;Müller, aisle {number}" for number in range(10, 20)]
    path = tmp_path / "cases.csv"
    path.write_text("\n".join(lines), encoding="windows-1252")
    move.choose()
    move.upload(path)
    batch = move.open_mapper("case")
    move.page.goto(f"{move.home}{batch}")

    def correct(label: str, value: str) -> None:
        move.main.locator("summary", has_text="How it was read").click()
        field = move.page.get_by_label(label)
        field.select_option(value=value) if field.evaluate("field => field.tagName") == "SELECT" else field.fill(value)
        move.look()
        move.button("Read it again")
        move.result("The file is being read again.")
        for _ in range(60):
            if not move.json(batch)["reading"]["again"]:
                break
            move.page.wait_for_timeout(250)
        move.page.goto(f"{move.home}{batch}")

    summary = move.main.locator("summary", has_text="How it was read")
    expect(summary).to_contain_text("windows-1252, semicolon, header in row 1")
    correct("Encoding", "windows-1251")
    expect(summary).to_contain_text("windows-1251")
    summary.click()
    expect(move.main.get_by_role("region", name="First rows of the file")).to_contain_text("Mьller")
    move.page.reload()
    correct("Row that names the columns", "150")
    expect(move.main).to_contain_text("There is no header row “150” in this file.")
    expect(summary).to_contain_text("header in row 1")


ROWS = """Case Number,Status,Reporter type,Received at,Category,Summary,Reporter email
EP-0000001,New,Anonymous,2020-12-25,Theft,Pallets disappear.,
EP-0000002,New,Identified,31/02/2021,Theft,Pallets disappear again.,
EP-0000003,New,Anonymous,2020-12-27,Theft,And again.,canary.osprey02@client.example
"""


@pytest.mark.parametrize("way", [LIGHT, NARROW, WITHOUT_SCRIPTS])
def test_rows_to_fix(move, tmp_path, way):
    """They come out as a workbook, replace their rows when they come back corrected, and without who reported them."""
    move = move(way)
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    move.choose()
    move.upload(path)
    batch = move.open_mapper("case")
    for row in move.main.locator("li.mapping-row").all():
        for box in row.get_by_role("checkbox", name="Settled").all():
            box.check()
    for field in move.main.locator("[name^='k.channel']").all():
        field.select_option(value="phone")
    move.check("Save and check rows")
    assert set(move.rejected(batch)) == {"date.unparsable", "anonymity.identity"}

    with move.page.expect_download() as handed:
        move.page.get_by_role("link", name="Download rows to fix (.xlsx)").click()
    fixed = tmp_path / "fixed.xlsx"
    with zipfile.ZipFile(handed.value.path()) as came, zipfile.ZipFile(fixed, "w") as goes:
        sheets = {entry: came.read(entry) for entry in came.namelist()}
        assert not any(b"osprey02" in content for content in sheets.values())
        for entry, content in sheets.items():
            goes.writestr(entry, content.replace(b"31/02/2021", b"2021-02-28"))

    # A file that is none is refused with its reason, and nothing is replaced.
    move.page.get_by_label("Corrected rows").set_input_files(path)
    move.button("Upload corrected rows")
    expect(move.main).to_contain_text("This is no workbook of rows to fix.")
    move.look()
    move.page.get_by_label("Corrected rows").set_input_files(fixed)
    move.button("Upload corrected rows")
    move.result("The corrected rows are being read")
    move.settled("It is done: show what came of it", "What was found")
    assert set(move.rejected(batch)) == {"anonymity.identity"}
    move.look()

    # What was found leads to its rows.
    finding = move.main.get_by_role("row", name=re.compile("anonymity.identity"))
    finding.get_by_role("link").first.click()
    expect(move.main.get_by_role("link", name="row 4")).to_be_visible()
    move.look()
    move.page.go_back()

    move.button("Blank the reporter’s identity in this row")
    move.result("These rows are being read again without who reported them.")
    move.settled("It is done: show what came of it", "Rows as they would be")
    assert not move.rejected(batch)
    move.page.goto(f"{move.home}{batch}/rows/4")
    expect(move.main).not_to_contain_text("osprey02")
    move.look()
