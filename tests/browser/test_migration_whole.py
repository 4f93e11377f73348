"""A whole client comes over: people, policies, cases, disclosures, attestations, files and trail, out of the exports of six
products with all that is wrong in them; then one case and one batch are taken back."""

import re

from playwright.sync_api import expect

# The steps of one move are those of its other tests.
from test_migration import EXPECTED, LIGHT, Move, exports, move  # noqa: F401

# What a careful person makes of words that the console cannot guess, the first that is offered; what else is open keeps its
# row behind.
BECOME = {
    "Code": ["code_of_conduct"], "Policy": ["other"], "Procedure": ["other"], "Archived": ["retired"],
    "Approval": ["pending_approval"], "Suspended": ["retired"], "Parked": ["open/active"],
    "No Action Required": ["approved"], "Read": ["completed", "checkbox"],
    "Gift, Entertainment & Hospitality": ["gift"], "Family Relationship": ["coi"], "Received": ["receiving"],
    "Given": ["giving"], "true": ["anonymous"], "false": ["identified"], "Incident": ["case"], "Insert": ["create"],
    "Purge": ["delete"],
}
FILES = [
    ("sai360_employees.tsv", "person", "people"),
    ("policytech_documents.xlsx", "policy", "policies"),
    ("case_iq_cases.json", "case", "cases"),
    ("convercent_disclosures.json", "disclosure", "disclosures"),
    ("policytech_tasks.txt", "attestation", "attestations"),
    ("case_iq_files.zip", "attachment", "attachments"),
    ("sai360_entity_audit.ndjson", "audit_event", "audit events"),
]


def test_a_whole_client(move, exports, server):  # noqa: F811
    move = move(LIGHT)
    choose_everything(move)
    batches = {}
    for name, entity, noun in FILES:
        batches[entity] = bring(move, exports[name], name, entity, noun)
    for entity, (_, count) in batches.items():
        assert count > 0, entity
    take_one_back(move, *batches["case"], files=batches["attachment"][0])
    take_all_back(move, *batches["disclosure"])
    server.program.assert_intact()


def choose_everything(move: Move) -> None:
    move.page.goto(move.home)
    for box in move.main.get_by_role("checkbox").all():
        box.check()
    move.page.get_by_label("Decided by").fill("Pavel Petrov, compliance officer")
    move.button("Continue")
    move.result("What comes over is settled.")


def bring(move: Move, path, name: str, entity: str, noun: str) -> tuple[str, int]:
    """From the file to the records; the batch's address, and how many came."""
    table = next(table for table in EXPECTED[name]["tables"] if table["entity"] == entity)
    move.page.goto(move.home)
    move.upload(path)
    batch = move.open_mapper(entity)
    columns = dict(table["columns"])
    if "data.reporter.relationship" in columns:
        # With it every anonymous row would stay behind: it may say who reported.
        columns["data.reporter.relationship"] = None
    move.map(batch, columns, table["constants"])
    move.check("Save and check rows")
    decide(move, batch)
    for box in move.main.get_by_role("group", name="Take note of").get_by_role("checkbox").all():
        box.check()
    if move.page.get_by_role("button", name="Note these warnings").count():
        move.button("Note these warnings")
        move.result("The warnings are noted.")
    return batch, bring_over(move, batch, noun)


def bring_over(move: Move, batch: str, noun: str) -> int:
    button = move.page.get_by_role("button", name=re.compile(rf"^Import [\d,]+ {noun}$"))
    assert button.count(), move.json(batch)["issues"]
    count = int(button.inner_text().split()[1].replace(",", ""))
    confirmation = move.page.locator("[name=slug]")
    if confirmation.count():
        confirmation.fill(move.home.split("/")[2])
    button.click()
    move.result("The import has begun.")
    move.settled("It is done: show what came of it", "Undo this batch")
    return count


def decide(move: Move, batch: str) -> None:
    """What the source's own words become, where the check found some undecided."""
    if "enum.undecided" not in move.rejected(batch):
        return
    move.page.get_by_role("link", name="Map values").first.click()
    while (new := move.page.get_by_role("button", name=re.compile("^Make (new categories|a new category)"))).count():
        new.first.click()
        move.result("What the values become is saved.")
        move.page.goto(f"{move.home}{batch}/values")
    for panel in move.main.locator("section.panel").all():
        for field in panel.locator("select").all():
            if field.input_value():
                continue
            value = field.get_attribute("aria-label").removeprefix("What “").removesuffix("” becomes")
            offered = field.evaluate("field => [...field.options].map(option => option.value)")
            field.select_option(value=next((word for word in BECOME.get(value, []) if word in offered), "=reject"))
    move.button("Save values")
    move.result("What the values become is saved.")
    move.check("Check rows")
    assert "enum.undecided" not in move.rejected(batch)


def take_one_back(move: Move, batch: str, count: int, files: str) -> None:
    """A case goes with the file that came with it."""
    move.page.goto(f"{move.home}{batch}/records")
    move.page.get_by_role("link", name="Undo this record").first.click()
    expect(move.main).to_contain_text("With what came along")
    expect(move.main).to_contain_text("1 record is taken back, with 1 that hangs on it")
    expect(move.main.get_by_role("listitem").filter(has_text="1 attachment of")).to_have_count(1)
    move.button("Undo 2 records")
    move.result("2 records were taken back.")
    for came, left in ((batch, count - 1), (files, None)):
        items = move.json(f"{came}/records")["items"]
        undone = sum(item.get("undone") is not None for item in items)
        assert undone == 1 and (left is None or len(items) - undone == left)


def take_all_back(move: Move, batch: str, count: int) -> None:
    move.page.goto(f"{move.home}{batch}")
    move.page.get_by_role("link", name="Undo this batch").click()
    expect(move.main).to_contain_text("As it came")
    move.button(f"Undo {count} records")
    move.result("The undo has begun.")
    move.settled("It is done: show what came of it", "Bring back")
    assert all(item.get("undone") is not None for item in move.json(f"{batch}/records")["items"])
