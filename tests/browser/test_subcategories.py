"""What a source has below its categories is asked about with the category that it stands below, and none is made unasked."""

import pytest
from playwright.sync_api import expect

from test_migration import LIGHT, NARROW, WITHOUT_SCRIPTS, Move

COLUMNS = [
    "case_number", "status", "reporter_type", "channel", "received_at", "category", "subcategory", "title", "summary",
    "severity",
]
PAIRS = [
    ("Harassment", "Verbal"), ("Harassment", "Verbal"), ("Harassment", ""), ("Sorcery", "Spells"), ("Sorcery", "Harassment"),
    ("Harassment", "سخرية"),
]


def title(number: int) -> str:
    # One that says nothing: there is something to find in the rows once all is decided.
    return "n/a" if number == 3 else f"Matter {number}"


@pytest.fixture
def table(tmp_path):
    rows = [
        f"EP-{number};New;anonymous;Hotline;25/12/2020;{category};{below};{title(number)};On the night shift.;High"
        for number, (category, below) in enumerate(PAIRS, 1)
    ]
    path = tmp_path / "cases.csv"
    path.write_text("\n".join([";".join(COLUMNS), *rows]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("way", [LIGHT, NARROW, WITHOUT_SCRIPTS])
def test_what_stands_below_a_category(page_of, fresh_client, table, way):
    move = Move.of_cases(page_of, fresh_client, way)
    move.upload(table)
    batch = move.open_mapper("case")
    move.map(batch, {name: name for name in COLUMNS}, {})
    move.check("Save and check rows")
    assert move.undecided(batch) == [2, 5]

    move.page.goto(f"{move.home}{batch}/values")
    move.look()
    verbal = move.page.get_by_label("What “Harassment › Verbal” becomes", exact=True)
    expect(verbal).to_have_value("")
    expect(verbal.locator("option[value='=new']")).to_have_text("New category below “Harassment” …")
    row = move.main.locator("ul.values > li").filter(has=verbal)
    expect(row).to_contain_text("Harassment › Verbal")
    expect(row).to_contain_text("2 rows")
    spells = move.page.get_by_label("What “Sorcery › Spells” becomes", exact=True)
    expect(spells.locator("option[value='=new']")).to_have_text("New category below what its category becomes …")
    # A name that the client has elsewhere is offered, to be looked at.
    elsewhere = move.page.get_by_label("What “Sorcery › Harassment” becomes", exact=True)
    expect(elsewhere).to_have_value("Harassment")

    # A new one has a name; without one nothing is saved, and what was chosen stays.
    verbal.select_option(value="=new")
    move.page.get_by_label("Name of the new category for “Harassment › Verbal”").fill("")
    move.button("Save values")
    expect(move.main).to_contain_text("Say what the new category is called.")
    expect(verbal).to_have_value("=new")
    move.look()
    move.page.get_by_label("Name of the new category for “Harassment › Verbal”").fill("Spoken")
    move.page.get_by_label("What “Harassment › سخرية” becomes", exact=True).select_option(value="=empty")
    move.save_values()
    move.check("Check rows")
    assert move.undecided(batch) == []

    # What becomes no category stays with the case as its own word, and so does a word that became another one.
    move.page.goto(f"{move.home}{batch}/rows/2")
    expect(move.property("Subcategory")).to_contain_text("Spoken")
    kept = move.json(f"{batch}/rows/7")
    assert kept["legacy"] == {"channel": "Hotline", "subcategory": "سخرية"} and "subcategory" not in kept["record"]
    assert move.json(f"{batch}/rows/6")["record"]["category"] == "Harassment"
    move.page.goto(f"{move.home}{batch}")
    assert move.bring_over(batch, "cases") == len(PAIRS)
