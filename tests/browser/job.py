"""The job that the console exists for, as a person does it: by what stands on the page, with or without scripts."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

NOTE = "Called the reporter back; she has nothing to add."


@dataclass
class Done:
    """What was done, to be found again in the trail."""

    access: str = ""
    reference: str = ""
    old_lead: str = ""
    new_lead: str = ""
    setting_before: str = ""
    setting_after: str = ""
    pages: list[str] = field(default_factory=list)


class Job:
    """Each step ends on a page that `look` is shown."""

    def __init__(self, page: Page, look: Callable[[Page], None]):
        self.page = page
        self.look = look
        self.done = Done()
        page.on("response", self._count)

    def _count(self, response) -> None:
        is_view = response.request.method == "GET" and response.request.resource_type == "document"
        if is_view and response.status == 200 and "/i/" in response.url:
            self.done.pages.append(response.url)

    def run(self) -> Done:
        self.sign_in()
        self.find()
        self.enter()
        self.list_cases()
        self.reassign()
        self.change_stage()
        self.add_note()
        self.look_at_people()
        self.change_setting()
        self.exit()
        return self.done

    def heading(self, name: str | re.Pattern[str]) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)

    def result(self, *words: str) -> None:
        line = self.page.locator(".result")
        expect(line).to_have_attribute("role", "status")
        for word in words:
            expect(line).to_contain_text(word)

    def inside(self) -> None:
        banner = self.page.locator(".access-banner")
        expect(banner).to_be_visible()
        expect(banner).to_contain_text("Acme Health")
        expect(self.page.locator(".access-frame")).to_be_visible()
        expect(self.page).to_have_title(re.compile("^⚠ Acme Health · "))

    def go(self, name: str) -> None:
        self.page.get_by_role("navigation", name="Workspace").get_by_role("link", name=name, exact=True).click()

    def property(self, name: str) -> Locator:
        term = self.page.locator("dt", has_text=re.compile(f"^{name}$"))
        return term.first.locator("xpath=following-sibling::dd[1]")

    # The steps.

    def sign_in(self) -> None:
        self.page.goto("/")
        expect(self.page).to_have_url(re.compile("/sign-in"))
        self.look(self.page)
        self.page.get_by_role("button", name=re.compile("Jordan Doyle")).click()
        expect(self.page).to_have_url(re.compile(r"/$"))
        self.look(self.page)

    def find(self) -> None:
        search = self.page.get_by_role("main").get_by_role("searchbox")
        expect(search).to_be_focused()
        search.fill("acme")
        self.page.get_by_role("main").get_by_role("button", name="Find").click()
        expect(self.page).to_have_url(re.compile(r"/tenants\?q=acme"))
        self.look(self.page)
        self.page.get_by_role("link", name="Acme Health", exact=True).click()
        self.heading("Acme Health")
        self.look(self.page)

    def enter(self) -> None:
        self.page.get_by_role("link", name="Enter workspace").click()
        button = self.page.get_by_role("button", name="Enter workspace")
        expect(button).to_be_focused()
        self.look(self.page)
        button.click()
        expect(self.page).to_have_url(re.compile(r"/i/[0-9a-f-]{36}/$"))
        self.done.access = self.page.url.split("/i/")[1].strip("/")
        self.inside()
        self.look(self.page)

    def list_cases(self) -> None:
        self.go("Cases")
        self.heading("Cases")
        self.look(self.page)
        # With scripts a filter applies as soon as it is chosen, and there is no button.
        button = self.page.get_by_role("button", name="Filter", exact=True)
        takes_a_button = button.is_visible()
        self.page.get_by_role("combobox", name="Stage").select_option(label="Active")
        if takes_a_button:
            button.click()
        expect(self.page).to_have_url(re.compile("stage=active"))
        rows = self.page.locator("table.table tbody tr")
        expect(rows.first).to_contain_text("Active")
        assert all("Active" in row for row in rows.all_inner_texts())
        expect(self.page.get_by_role("link", name=re.compile("Active"))).to_be_visible()
        self.inside()
        self.look(self.page)
        link = rows.first.get_by_role("link").first
        self.done.reference = link.inner_text()
        link.click()
        expect(self.page.get_by_role("main")).to_contain_text(self.done.reference)
        self.look(self.page)

    def reassign(self) -> None:
        self.done.old_lead = self.property("Lead").inner_text()
        choice = self.page.get_by_role("combobox", name="New lead")
        option = choice.locator("option:not([value=''])").first
        self.done.new_lead = option.text_content().split(" · ")[0]
        choice.select_option(value=option.get_attribute("value"))
        self.page.get_by_role("button", name="Reassign case").click()
        self.result(self.done.reference, self.done.new_lead)
        expect(self.property("Lead")).to_have_text(self.done.new_lead)
        self.inside()
        self.look(self.page)

    def change_stage(self) -> None:
        self.page.get_by_role("radio", name="Review").check()
        self.page.get_by_role("button", name="Change stage").click()
        self.result(self.done.reference, "review")
        expect(self.property("Stage")).to_contain_text("Review")
        self.look(self.page)

    def add_note(self) -> None:
        self.page.get_by_role("textbox", name="New note").fill(NOTE)
        self.page.get_by_role("button", name="Add note").click()
        self.result("Note added")
        expect(self.page.get_by_role("main")).to_contain_text(NOTE)
        self.look(self.page)

    def look_at_people(self) -> None:
        self.go("People")
        self.heading("People")
        self.look(self.page)
        person = self.page.locator("table.table tbody tr").first.get_by_role("link").first
        name = person.inner_text()
        person.click()
        self.heading(name)
        expect(self.page.get_by_role("main")).to_contain_text("@")
        self.inside()
        self.look(self.page)

    def change_setting(self) -> None:
        self.go("Settings")
        self.heading("Settings")
        self.look(self.page)
        days = self.page.get_by_label("Days to close a case", exact=True)
        self.done.setting_before = days.input_value()
        self.done.setting_after = "47" if self.done.setting_before != "47" else "48"
        days.fill(self.done.setting_after)
        self.page.get_by_role("button", name="Save Days to close a case").click()
        self.result("Days to close a case", self.done.setting_after)
        expect(self.page.get_by_label("Days to close a case", exact=True)).to_have_value(self.done.setting_after)
        self.inside()
        self.look(self.page)

    def exit(self) -> None:
        self.page.locator(".access-banner").get_by_role("button", name="Exit").click()
        self.heading("You have left Acme Health")
        expect(self.page.locator(".access-banner")).to_have_count(0)
        expect(self.page.locator(".access-frame")).to_have_count(0)
        expect(self.page.get_by_role("link", name="Enter again")).to_be_visible()
        for number, noun in ((len(self.done.pages), "page"), (4, "change"), (0, "reveal")):
            either = rf"\b{number}\s*{noun}s?|{noun}s?\s*{number}(?!\d)"
            expect(self.page.get_by_role("main")).to_contain_text(re.compile(either))
        self.look(self.page)


def assert_trail(page: Page, done: Done) -> None:
    """From the exit card to the timeline: every step is on it, with what was before and after."""
    page.get_by_role("link", name="See what you did").click()
    steps = page.locator(".timeline .step")
    expect(steps.first).to_be_visible()
    answer = page.request.get(page.url, headers={"Accept": "application/json"})
    items = answer.json()["items"]
    expect(steps).to_have_count(len(items))
    order = {item["action"]: number for number, item in enumerate(items)}
    views = sum(item["action"].startswith("view.") for item in items)
    assert views == len(done.pages), [item["action"] for item in items]
    for action in (
        "impersonation.start", "view.case.list", "view.case.show", "case.assign", "case.stage", "note.add",
        "tenant_setting.set", "impersonation.end",
    ):
        assert action in order, f"{action} is not in the trail: {list(order)}"
    shown = {action: steps.nth(number) for action, number in order.items()}
    for action, words in {
        "case.assign": [done.old_lead, done.new_lead],
        "case.stage": [done.reference, "active", "review"],
        "note.add": [NOTE],
        "tenant_setting.set": [done.setting_after],
    }.items():
        text = shown[action].text_content()
        for word in words:
            assert word in text, f"{action} does not show {word!r}: {text}"
    changed = {
        field["name"]: (field["before"], field["after"])
        for item in items if item["action"] in ("case.stage", "tenant_setting.set")
        for change in item["changes"] for field in change["fields"]
    }
    assert changed["stage"] == ("active", "review"), changed
