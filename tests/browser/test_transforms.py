"""How the cells of a column are read, in a browser: where its times are, which words mean yes and no, what stands between
two values, text that was decoded twice. And the preview that shows what came of it."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from test_migration import LIGHT, NARROW, WITHOUT_SCRIPTS, Move

COLUMNS = [
    "case_number", "status", "reporter_type", "channel", "received_at", "category", "title", "summary", "legal_hold",
    "related_cases", "severity",
]
ROWS = [
    f"EP-{number}\tNew\tanonymous\tHotline\t25/12/2020 10:15\tHarassment\tStock {number}\tMÃ¼ller lagert.\t"
    + ("Gesperrt" if number % 2 else "Frei") + f"\tEP/{number} + EP/0\t" + ("Low" if number == 70 else "High")
    for number in range(1, 81)
]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "cases.tsv"
    path.write_text("\n".join(["\t".join(COLUMNS), *ROWS]) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def move(page_of, fresh_client):
    """At a client of the test's own."""
    return lambda way: Move.of_cases(page_of, fresh_client, way)


@pytest.mark.parametrize("way", [LIGHT, NARROW, WITHOUT_SCRIPTS])
def test_what_is_said_about_columns(move, table, way):
    """Each column is told how its cells are read; what cannot be is said at its control; every row shows what came."""
    move = move(way)
    move.upload(table)
    batch = move.open_mapper("case")
    rows = move.main.locator("li.mapping-row")
    for index, name in enumerate(COLUMNS):
        field = move.page.get_by_label(f"Field for {name}", exact=True)
        if field.input_value() != name:
            field.select_option(value=name)
        elif rows.nth(index).get_attribute("data-act") == "review":
            rows.nth(index).get_by_role("checkbox", name="Settled").check()
    move.button("Save mapping")
    move.result("The mapping is saved.")

    def fold(name: str):
        group = move.main.locator(f"[role=group][aria-label='{name}']")
        group.locator("xpath=..").locator("summary").click()
        return group

    flag = rows.filter(has=move.page.get_by_label("Field for legal_hold", exact=True))
    expect(flag).to_contain_text("Neither yes nor no: “Gesperrt”, “Frei”.")
    group = fold("legal_hold")
    group.get_by_label("Words for yes").fill("Gesperrt")
    group.get_by_label("Words for no").fill("Frei\ngesperrt")
    group = fold("received_at")
    group.get_by_label("Time zone").fill("Mars/Phobos")
    group = fold("related_cases")
    group.get_by_label("Between two values").select_option(label="Another text")
    group.get_by_label("Another text").fill(" + ")
    move.button("Save and check rows")
    alert = move.main.get_by_role("alert")
    expect(alert).to_contain_text("“Mars/Phobos” is no time zone")
    expect(alert).to_contain_text("“gesperrt” cannot mean both yes and no.")
    zone = move.page.get_by_label("Time zone").first
    expect(zone).to_have_attribute("aria-invalid", "true")
    expect(zone).to_be_visible()
    move.look()
    zone.fill("america/new_york")
    move.page.get_by_label("Words for no").fill("Frei")

    # One press repairs the column, another takes it back, and what else was chosen is saved with it.
    example = move.main.locator(".repair-example")
    expect(example.locator("del")).to_have_text("MÃ¼ller lagert.")
    expect(example.locator("ins")).to_have_text("Müller lagert.")
    move.button("Repair of summary")
    move.result("with the repair of its text")
    move.button("Undo repair of summary")
    move.result("with its text as it came")
    move.button("Repair of summary")
    move.result("with the repair of its text")
    move.look()
    columns = {column["name"]: column for column in move.json(f"{batch}/map")["columns"]}
    assert columns["received_at"]["zone"] == "America/New_York"
    assert columns["legal_hold"]["truth"] == {"yes": ["Gesperrt"], "no": ["Frei"]}
    assert columns["related_cases"]["list"] == " + "
    assert columns["summary"]["repaired"] and columns["summary"]["broken"]

    move.button("Save and check rows")
    move.result("Every row is being read and checked.")
    move.settled("It is done: show what came of it", "Every row can come over. Nothing is wrong with any.")
    tab = move.main.get_by_role("navigation", name="Sample")
    for label in ("First rows · 10", "With issues ·", "Longest · 5", "Rarest values ·", "Picked at random · 20"):
        expect(tab).to_contain_text(label)
    first = move.main.locator("details.preview-row").first
    expect(first).to_have_attribute("open", "")
    expect(first.locator("ins", has_text="Müller lagert.")).to_be_visible()
    expect(first).to_contain_text("from “MÃ¼ller lagert.”")
    expect(first).to_contain_text("EP/1; EP/0")
    move.look()
    tab.get_by_role("link", name="Rarest values").click()
    expect(move.main.locator("details.preview-row", has_text="Row 71")).to_have_count(1)
    move.page.get_by_label("Any row, by its number").fill("99")
    move.button("Show row")
    expect(move.main).to_contain_text("This batch has no row “99”: its rows are 2 to 81.")
    move.look()
    move.page.get_by_label("Any row, by its number").fill("50")
    move.button("Show row")
    expect(move.main.locator("details.preview-row[open]")).to_contain_text("EP-49")
    move.page.get_by_role("link", name="Open row 50").click()
    expect(move.property("Legal hold")).to_have_text("yes")
    expect(move.main).to_contain_text("from “Gesperrt”")
    move.look()
