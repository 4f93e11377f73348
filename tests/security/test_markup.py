"""Markup in every field that a form offers, and every page visited that could show it: nothing of it runs."""

import os
import re

import pytest
from playwright.sync_api import Error, Page

from conftest import ADMIN, SUPPORT
from offers import Addresses, OfferedForm, Offers
from ops_server import Server
from payloads import ALL, CALL

# How often each form is sent, each time with other payloads.
ROUNDS = len(ALL) if os.environ.get("OPS_TEST_LONG") == "1" else 1
# Beyond what most fields take: what is too long is shown again beside its error, and has to be harmless there too.
AREA_LIMIT = 3_500
# What a title takes; every other line gets one payload alone, which a shorter name takes too.
LINE_LIMIT = 190

# What no page of ours has, or only with the nonce of the answer.
FOREIGN = """() => [...document.querySelectorAll('*')].filter(element =>
  ['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'MARQUEE', 'VIDEO', 'STYLE', 'TEMPLATE', 'MATH'].includes(element.tagName)
  || element.tagName === 'META' && element.httpEquiv.toLowerCase() === 'refresh'
  || element.tagName.toLowerCase() === 'script' && !element.nonce && element.type !== 'application/json'
  || [...element.attributes].some(attribute => attribute.name.startsWith('on')
    || ['href', 'src', 'action', 'formaction', 'xlink:href'].includes(attribute.name)
      && /^[\\u0000-\\u0020]*(j\\s*a\\s*v\\s*a|v\\s*b)script:|^data:text|evil\\.example/i.test(attribute.value))
).map(element => element.outerHTML.slice(0, 200))"""

# Which form of the page it is: what was written before may have changed the page.
FIND = """([action, names]) => [...document.forms].findIndex(form =>
  (form.getAttribute('action') || '') === action && names.every(name => form.elements[name]))"""

FILL = """([number, values]) => {
  const form = document.forms[number]
  for (const [name, value] of Object.entries(values)) {
    for (const field of form.elements) if (field.name === name) field.value = value
  }
  HTMLFormElement.prototype.submit.call(form)
}"""


@pytest.fixture(scope="module")
def server(make_program, tmp_path_factory):
    """One of its own: what is sent is written into whatever takes it."""
    server = Server(make_program("markup"), tmp_path_factory.mktemp("markup") / "server.log").start()
    yield server
    server.stop()


class Reader:
    """Looks at pages for what ran, and for what could have."""

    def __init__(self, page: Page):
        self.page = page
        self.hits: list[str] = []
        self.count = 0
        # Pages that show what was written, as text.
        self.shown: set[str] = set()
        page.expose_function("hit", lambda *_: self.hits.append(page.url))

    def look(self, what: str) -> None:
        self.count += 1
        if CALL in self.page.evaluate("document.body.innerText"):
            self.shown.add(re.sub("[0-9a-f-]{36}", "…", self.page.url))
        foreign = self.page.evaluate(FOREIGN)
        assert not foreign, f"{what}: {foreign}"
        assert not self.hits, f"{what}: a script ran at {self.hits}"

    def open(self, address: str) -> None:
        self.page.goto(address, wait_until="load")
        self.look(address)

    def send(self, offered: OfferedForm, values: dict[str, str]) -> int:
        """Sends the form as it is on its page, with these words typed into it; how many fields that were."""
        number = self.page.evaluate(FIND, [offered.form.action, offered.typed])
        if number < 0:
            return 0
        try:
            with self.page.expect_navigation(wait_until="load"):
                self.page.evaluate(FILL, [number, values])
        except Error as error:
            # A download is no page.
            assert "ERR_ABORTED" in error.message or "Timeout" not in error.message, error
        self.look(f"{offered.form.action} {list(values)}")
        return len(values)


def words(offered: OfferedForm, number: int) -> dict[str, str]:
    """For each typed field other payloads: one or a few in a line, as many as fit in an area."""
    chosen = {}
    for place, name in enumerate(offered.typed):
        start = (number * 7 + place * 3) % len(ALL)
        rotated = ALL[start:] + ALL[:start]
        if name in offered.areas:
            chosen[name] = "\n".join(rotated)[:AREA_LIMIT]
        else:
            chosen[name] = rotated[0] if (number + place) % 2 else " ".join(rotated)[:LINE_LIMIT]
    return chosen


def is_worth_it(offered: OfferedForm) -> bool:
    return bool(offered.typed) and not re.search(r"/(sign-in|sign-out|exit|lock|deactivate)", offered.form.action)


def test_they_do_run_where_nothing_stops_them(chromium):
    """What finds nothing on our pages finds it on a page that escapes nothing and has no policy."""
    page = chromium.new_page()
    hits = []
    page.expose_function("hit", lambda *said: hits.append(said))
    found = 0
    for payload in ALL:
        hits.clear()
        page.goto("about:blank")
        page.set_content(
            f"<textarea>{payload}</textarea><p title=\"{payload}\">{payload}", wait_until="domcontentloaded")
        found += bool(hits or page.evaluate(FOREIGN))
    page.close()
    assert found > len(ALL) / 2, found


@pytest.mark.parametrize("email", [SUPPORT, ADMIN])
def test_nothing_of_it_runs(page_of, visit, email):
    page = page_of(email)
    visitor = visit(None)
    visitor.jar = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    starts = ["/"]
    if email == SUPPORT:
        starts.append(visitor.enter("acme-health") + "/")
    addresses = Addresses(visitor.json("/openapi.json"))
    offers = Offers(visitor, addresses, starts)
    forms = [offered for offered in offers.forms.values() if is_worth_it(offered)]
    reader = Reader(page)
    sent = 0
    for number, offered in enumerate(forms):
        for turn in range(ROUNDS):
            reader.open(offered.page)
            sent += reader.send(offered, words(offered, number * ROUNDS + turn))
    fields = sum(len(offered.typed) for offered in forms)
    assert fields >= (20 if email == SUPPORT else 5), [offered.form.action for offered in forms]
    again = Offers(visitor, addresses, starts, per_route=4)
    for address in again.pages:
        reader.open(address)
    assert len(reader.shown) >= (10 if email == SUPPORT else 3), reader.shown
    assert sent > fields * 0.8 and reader.count > len(forms) + len(again.pages)
