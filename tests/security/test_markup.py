"""Markup in every field that a form offers, and every page visited that could show it: nothing of it runs."""

import csv
import html
import io
import os
import re
import urllib.parse
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, Route

from client_move import ClientMove
from conftest import ADMIN, IMPLEMENTATION, SUPPORT
from offers import Addresses, OfferedForm, Offers
from ops_database import Cluster
from ops_server import Server
from payloads import ALL, CALL, ELSEWHERE, FAMILIES, IMAGE, MARK, PLACES, REFUSED
from wire import Answer, Form, FormReader, Visitor

IS_LONG = os.environ.get("OPS_TEST_LONG") == "1"
# How often each form is stored, each time with other payloads, and how often one that makes a record for a list. The
# long run goes on until every field has held every payload, or its form takes no more.
ROUNDS, ROUNDS_OF_LISTS = (900, 900) if IS_LONG else (1, 24)
# How many pages of each route are looked at in the end.
PAGES = 40 if IS_LONG else 3
# From what the longest texts take down to what a short name takes: what is refused is tried again, shorter.
LENGTHS = (9_500, 1_900, 480, 190, 95, 38)
# All of them at once, in pieces that an address can hold.
ADDRESS_LIMIT = 2_500

# What no page of ours has, or only with the nonce of the answer.
FOREIGN = f"""page => [...page.querySelectorAll('*')].filter(element =>
  ['IFRAME', 'OBJECT', 'EMBED', 'BASE', 'MARQUEE', 'VIDEO', 'AUDIO', 'STYLE', 'TEMPLATE', 'MATH', 'FRAMESET', 'XMP',
    'PLAINTEXT'].includes(element.tagName.toUpperCase())
  || element.tagName === 'META' && element.httpEquiv.toLowerCase() === 'refresh'
  || element.tagName.toLowerCase() === 'script' && !element.nonce && element.type !== 'application/json'
  || element.hasAttribute('{MARK}')
  || [...element.attributes].some(attribute => attribute.name.startsWith('on')
    || ['href', 'src', 'action', 'formaction', 'xlink:href', 'data', 'ping', 'style', 'srcdoc'].includes(attribute.name)
      && /^[\\u0000-\\u0020]*(j\\s*a\\s*v\\s*a|v\\s*b)script:|^data:text|{ELSEWHERE}/i.test(attribute.value))
).map(element => element.outerHTML.slice(0, 200))"""

# What a page shows, by how it shows it.
SHOWN = """() => {
  const gather = (selector, said) => [...document.querySelectorAll(selector)].map(said).join('\\n')
  const text = element => element.textContent
  return {
    text: document.body.textContent, field: gather('input, textarea', field => field.value), cell: gather('td, th', text),
    heading: gather('h1, h2, h3', text) + document.title, link: gather('a, button', text), option: gather('option', text),
    term: gather('dd', text), attribute: gather('[aria-label], [title], [data-label]', element =>
      [element.title, element.ariaLabel, element.dataset.label].join(' ')),
  }
}"""

# Each payload in a frame of its own, in the middle of what its family breaks out of: which of them ran or left something
# behind that harmless words in that place do not.
BENCH = """async ([documents, foreign, patience]) => {
  const found = documents.map(() => false), count = eval(foreign)
  window.live = number => { found[number] = true }
  const frames = documents.map((source, number) => {
    const frame = document.createElement('iframe')
    frame.srcdoc = `<!doctype html><script nonce=bench>window.hit = () => parent.live(${number})</script>` + source
    document.body.append(frame)
    return frame
  })
  await Promise.all(frames.map(frame => new Promise(done => { frame.onload = done; setTimeout(done, patience) })))
  await new Promise(done => setTimeout(done, 50))
  const left = frames.map(frame => { try { return count(frame.contentDocument).length } catch { return 99 } })
  frames.forEach(frame => frame.remove())
  return [found, left]
}"""
BENCH_AT_ONCE = 120
# Some frames never say that they are loaded; what seems to do no harm is tried again with more patience.
BENCH_MILLISECONDS, BENCH_AGAIN_MILLISECONDS = 700, 8_000


# What reporters and files say, and no form of ours takes: by table and column, how long a piece of it is.
UNOFFERED = {
    "report": {"body": None, "reporter_name": 180, "reporter_contact": 180}, "attachment": {"file_name": 180},
}


@pytest.fixture(scope="module")
def server(make_program, cluster, tmp_path_factory):
    """One of its own: what is sent is written into whatever takes it."""
    program = make_program("markup")
    plant(cluster, program.database)
    server = Server(program, tmp_path_factory.mktemp("markup") / "server.log").start()
    yield server
    server.stop()


def plant(cluster: Cluster, database: str) -> None:
    """Writes payloads where only a reporter, a file or a former system could: into every row of these."""
    for table, columns in UNOFFERED.items():
        sets = ", ".join(f"{column} = CASE WHEN {column} IS NOT NULL THEN {turns(length)} END"
                         for column, length in columns.items())
        run_without(cluster, database, table, [f"{table}_audit_update", f"{table}_immutable"], f"""
          UPDATE {table} t SET {sets}
          FROM (SELECT id, row_number() OVER (ORDER BY id)::integer AS place FROM {table}) o WHERE o.id = t.id""")
    run_without(cluster, database, "case_party", ["case_party_audit_insert"], f"""
      INSERT INTO case_party (tenant_id, id, case_id, part, name, changed_by)
      SELECT tenant_id, gen_random_uuid(), id, CASE place % 2 WHEN 0 THEN 'accused' ELSE 'witness' END, {turns(180)},
        'system:test'
      FROM (SELECT *, row_number() OVER (ORDER BY id)::integer AS place FROM "case") c""")


def turns(length: int | None) -> str:
    """A row's piece of the payloads in SQL, by its `place`; all of them where there is no limit."""
    pieces = in_pieces(length) if length else ["\n".join(ALL)]
    return f"(ARRAY[{', '.join(map(quoted, pieces))}])[1 + place % {len(pieces)}]"


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def run_without(cluster: Cluster, database: str, table: str, triggers: list[str], statement: str) -> None:
    disabled = "; ".join(f"ALTER TABLE {table} DISABLE TRIGGER {name}" for name in triggers)
    enabled = "; ".join(f"ALTER TABLE {table} ENABLE {'ALWAYS ' if '_audit_' in name else ''}TRIGGER {name}"
                        for name in triggers)
    for step in (disabled, statement, enabled):
        cluster.psql(step, database)


class Reader:
    """Looks at pages for what ran, for what could have, and for how much of it they showed."""

    def __init__(self, page: Page):
        self.page = page
        self.hits: list[str] = []
        self.count = 0
        # By how it is shown: the payloads that were.
        self.met: dict[str, set[str]] = defaultdict(set)
        # Pages that show what was written, as text.
        self.shown: set[str] = set()
        page.expose_function("hit", lambda *_: self.hits.append(page.url))
        page.on("request", lambda request: self._leaves(request.url))
        page.on("response", lambda response: self._answered(response.headers))

    def look(self, what: str) -> None:
        self.count += 1
        foreign = self.page.evaluate(f"({FOREIGN})(document)")
        assert not foreign, f"{what}: {foreign}"
        assert not self.hits, f"{what}: a script ran, or something was asked for, at {self.hits}"
        for kind, text in self.page.evaluate(SHOWN).items():
            self.met[kind] |= {payload for payload in ALL if payload not in self.met[kind] and payload.strip() in text}
            if kind == "text" and CALL in text:
                self.shown.add(re.sub("[0-9a-f-]{36}", "…", self.page.url))

    def open(self, address: str) -> None:
        self.page.goto(address, wait_until="load")
        self.look(address)

    def show(self, address: str, answer: Answer) -> None:
        """A page that was the answer to a form: the same bytes, under the same policy."""
        headers = {name: value for name, value in answer.headers if name.lower() not in ("content-length", "connection")}
        self.page.route(
            self.page_at(address), lambda route: route.fulfill(status=answer.status, headers=headers, body=answer.body),
            times=1)
        self.page.goto(address, wait_until="load")
        self.look(f"the answer to {address}")

    def page_at(self, address: str) -> re.Pattern[str]:
        return re.compile(f"^http://[^/]+{re.escape(address)}$")

    def _leaves(self, address: str) -> None:
        if ELSEWHERE in address.split("?")[0]:
            self.hits.append(address)

    def _answered(self, headers: dict[str, str]) -> None:
        if MARK in headers or "hit=" in headers.get("set-cookie", ""):
            self.hits.append(str(headers))


class Supply:
    """Hands out the payloads in turn, so that all of them are used before one is used again."""

    def __init__(self):
        self.handed = 0

    def take(self, length: int) -> str:
        """As many of the next ones as fit, one at least."""
        taken: list[str] = []
        while len(taken) < len(ALL):
            payload = ALL[self.handed % len(ALL)]
            if taken and sum(map(len, taken)) + len(taken) + len(payload) > length:
                break
            taken.append(payload)
            self.handed += 1
        return "\n".join(taken)[:length]


class Writer:
    """Sends payloads through the forms, over plain HTTP; what comes of it is looked at in Chromium."""

    def __init__(self, visitor: Visitor, names: dict[str, str]):
        """`names` are what some fields take alone, as they name a record."""
        self.visitor = visitor
        self.names = names
        # The long run has one for each field, else all short ones share one, and all long ones.
        self.supplies: dict[tuple, Supply] = defaultdict(Supply)
        self.taken: Counter[str] = Counter()
        self.overflowed = 0

    def store(self, offered: OfferedForm, rounds: int) -> None:
        shorter = {name: 0 for name in offered.typed if name not in self.names}
        form = self._form(offered)
        for _ in range(rounds):
            if form is None or not self._send(offered, form, shorter) or IS_LONG and self._all_went(offered):
                return
            if "version" in form.fields:
                form = self._form(offered)

    def _form(self, offered: OfferedForm) -> Form | None:
        """The same form as its page has it now."""
        forms = FormReader(self.visitor.get(offered.page).text).forms
        return next((form for form in forms if form.action == offered.form.action
                     and form.fields.keys() == offered.form.fields.keys()), None)

    def _send(self, offered: OfferedForm, form: Form, shorter: dict[str, int]) -> bool:
        """Sends it until it is taken: what is refused is shortened, and left as it was in the end."""
        filled = {name: value for name, value in offered.fillers.items() if name not in offered.choices}
        for _ in range(2 * len(LENGTHS)):
            fields = {**form.fields, **filled}
            fields |= {name: value for name, value in self.names.items() if name in offered.typed}
            fields |= {name: self._words(offered, name, step) for name, step in shorter.items() if step < len(LENGTHS)}
            answer = self.visitor.post(
                offered.action, {**fields, "_key": str(uuid.uuid4())}, accept="application/json")
            if answer.status == 303:
                self.taken[offered.action] += 1
                return True
            refused = {error["field"] for error in answer.json.get("errors") or []}
            # A setting's form calls its one field after the setting, and what is wrong is its value.
            if refused == {"value"}:
                refused = set(shorter)
            for name in refused & set(shorter):
                shorter[name] += 1
            filled |= {name: offered.fillers[name] for name in refused & set(offered.fillers)}
            if not refused & {*shorter, *offered.fillers}:
                return False
        return False

    def overflow(self, offered: OfferedForm) -> Iterator[tuple[str, Answer]]:
        """Every payload in every field at once, and each of its choices: the pages that say what is wrong."""
        form = self._form(offered)
        for names in (offered.typed, offered.choices):
            if form and names:
                pieces = ["\n".join(ALL)] if form.method == "post" else in_pieces(ADDRESS_LIMIT)[:None if IS_LONG else 1]
                for words in pieces:
                    yield self._ask(offered.action, form, form.fields | dict.fromkeys(names, words))
        if form:
            self.overflowed += len(offered.typed) + len(offered.choices)

    def _ask(self, address: str, form: Form, fields: dict[str, str]) -> tuple[str, Answer]:
        if form.method == "post":
            return address, self.visitor.post(address, {**fields, "_key": str(uuid.uuid4())})
        address += "?" + urllib.parse.urlencode(fields)
        return address, self.visitor.get(address)

    def _words(self, offered: OfferedForm, name: str, step: int) -> str:
        start = 0 if name in offered.areas else LENGTHS.index(190)
        length = LENGTHS[min(start + step, len(LENGTHS) - 1)]
        words = self.supplies[self._place(offered, name)].take(length)
        if name in offered.areas:
            return words
        if name == "code":
            return uuid.uuid4().hex[:12]
        if "email" in name:
            return re.sub(r"[\s@]", "", words)[:60] + f"{uuid.uuid4()}@x.example"
        return re.sub(r"[\r\n\x0b\x0c\x85\u2028\u2029]", " ", words)

    def _place(self, offered: OfferedForm, name: str) -> tuple:
        return (offered.action, name) if IS_LONG else (name in offered.areas,)

    def _all_went(self, offered: OfferedForm) -> bool:
        return all(self.supplies[self._place(offered, name)].handed >= len(ALL) for name in offered.typed)


def is_worth_it(offered: OfferedForm) -> bool:
    return not re.search(r"/(sign-in|sign-out|exit|exit-all|end-sign-ins|lock|deactivate)$", offered.form.action)


def makes_a_record(offered: OfferedForm) -> bool:
    return offered.page.endswith("/new") or offered.action == offered.page


def in_pieces(length: int) -> list[str]:
    supply, pieces = Supply(), []
    while supply.handed < len(ALL):
        pieces.append(supply.take(length))
    return pieces


def test_there_are_as_many_as_promised():
    assert len(set(ALL)) == len(ALL) >= 500
    places = {family.place for family in FAMILIES}
    assert places == {None, *PLACES} and not any("\0" in payload for payload in ALL)


def test_they_do_run_where_nothing_stops_them(chromium, figure):
    """What finds nothing on our pages finds it on pages that escape nothing and have no policy."""
    page = chromium.new_page()
    page.goto("about:blank")
    page.route(re.compile("^https?:"), lambda route: route.abort())

    def bench(documents: list[str], milliseconds: int = BENCH_MILLISECONDS) -> list[tuple[bool, int]]:
        found = []
        for start in range(0, len(documents), BENCH_AT_ONCE):
            ran, left = page.evaluate(BENCH, [documents[start:start + BENCH_AT_ONCE], FOREIGN, milliseconds])
            found += zip(ran, left, strict=True)
        return found

    harmless = dict(zip(PLACES, bench([place.replace("§", "x") for place in PLACES.values()]), strict=True))
    live: Counter[str] = Counter()
    running = [(family, payload) for family in FAMILIES if family.place for payload in family.payloads]
    for milliseconds in (BENCH_MILLISECONDS, BENCH_AGAIN_MILLISECONDS):
        found = bench([PLACES[family.place].replace("§", payload) for family, payload in running], milliseconds)
        dead = []
        for (family, payload), (ran, left) in zip(running, found, strict=True):
            if ran or left > harmless[family.place][1]:
                live[family.name] += 1
            else:
                dead.append((family, payload))
        running = dead
    page.close()
    figure(f"{live.total()} of {len(ALL)} payloads do harm on a page that stops nothing; others are for other programs")
    assert not any(ran for ran, _ in harmless.values())
    assert live.total() > 10 * len(dead), dead
    for family in FAMILIES:
        assert family.place is None or live[family.name] >= len(family.payloads) / 3, family.name


def test_it_would_be_seen(page_of, desk):
    """A page of ours that forgot to escape is noticed, though its policy keeps the scripts from running."""
    page = page_of(SUPPORT)
    reader = Reader(page)
    reader.open("/tenants?q=%3Cimg+src%3Dx+onerror%3Dhit(1)%3E")

    def forget(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace(html.escape(IMAGE, quote=False), IMAGE))

    page.route("**/tenants?*", forget)
    with pytest.raises(AssertionError, match="onerror"):
        reader.open("/tenants?q=%3Cimg+src%3Dx+onerror%3Dhit(1)%3E")
    page.close()
    assert any("Content Security Policy" in complaint for complaint in desk.complaints)
    desk.complaints.clear()


def test_what_is_no_text_is_refused_as_a_whole(visit):
    visitor = visit(SUPPORT)
    case = f"{(access := visitor.enter('acme-health'))}/cases/{visitor.cases(access)[0]['id']}"
    form = visitor.form(case, "/notes")
    for payload in REFUSED:
        answer = visitor.send(form, {"body": payload})
        assert answer.status == 400 and "onerror" not in answer.text


# What a former system's trail says of an event, and no rule of ours reads.
SAID = ("actor.name", "action_label", "field", "old_value", "new_value", "reference", "comment")


def former_trail(kept: str) -> str:
    """An export of events, each with a payload of its own in every column that can hold words."""
    file = io.StringIO()
    rows = csv.writer(file)
    rows.writerow(["event_key", "parent_entity", "parent_key", "occurred_at", "action", *SAID, kept])
    for number, payload in enumerate(ALL):
        day = f"2021-03-{1 + number % 28:02}T10:{number // 28 % 60:02}:00Z"
        rows.writerow([f"A-{number}", "case", "HP-1", day, "update", *[payload] * len(SAID), payload])
    return file.getvalue()


def test_a_former_systems_trail(page_of, visit, figure):
    """Read from a file, mapped, checked, imported, and shown with the case that it is about: it stays words."""
    page = page_of(IMPLEMENTATION)
    visitor = visit(None)
    visitor.jar = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    move = ClientMove(visitor, "borealis-bank")
    move.choose()
    move.commit(move.check("HP"))
    kept = f"Remarks {IMAGE}"
    trail = move.check("HT", former_trail(kept), kept=(kept,))
    reader = Reader(page)
    for part in ("", "/map", "/values", "/rows/2", "/rows/300"):
        reader.open(trail + part)
    move.commit(trail)
    for part in ("", "/records", "/undo"):
        reader.open(trail + part)
    migration = reader.count
    access = visitor.enter("borealis-bank")
    [case] = visitor.cases(access, "?q=HP-1")
    address = f"{access}/cases/{case['id']}"
    reader.open(address)
    reader.met.clear()
    address += "/imported-history"
    events = 0
    while address:
        reader.open(address)
        events += page.locator(".imported .step").count()
        following = page.get_by_role("link", name="Next page")
        address = following.get_attribute("href") if following.count() else None
    shown = {kind: len(found) for kind, found in reader.met.items()}
    figure(f"a former system's trail of {len(ALL)} payloads in {len(SAID) + 1} columns: {migration} pages of its "
           f"migration and {reader.count - migration} of its case, shown as {told(shown)}; none ran")
    # One of them is how a spreadsheet writes nothing. Who acted is "Reporter" here; and of what is written as HTML, with
    # ends of its elements or paragraphs, the text alone is read.
    assert events == len(ALL) - 1 and shown["text"] > 0.75 * len(ALL), (events, shown)
    assert shown["term"] > 0.7 * len(ALL), shown


@pytest.mark.parametrize("email", [SUPPORT, ADMIN])
def test_nothing_of_it_runs(page_of, visit, desk, server, cluster, figure, email):
    page = page_of(email)
    # What a browser calls itself.
    everything = quoted("\n".join(ALL))
    cluster.psql(f"UPDATE staff_session SET agent = {everything}", server.program.database)
    visitor = visit(None)
    visitor.jar = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    starts = ["/"]
    if email == SUPPORT:
        access = visitor.enter("acme-health")
        starts.append(access + "/")
    addresses = Addresses(visitor.json("/openapi.json"))
    forms = [offered for offered in Offers(visitor, addresses, starts).forms.values() if is_worth_it(offered)]
    typed = [offered for offered in forms if offered.typed]
    names = {"tenant": "acme-health"}
    if email == SUPPORT:
        names["employee"] = visitor.json(f"{access}/people/employees")["items"][0]["number"]
    reader, writer = Reader(page), Writer(visitor, names)

    # Stored, and shown wherever a page shows it.
    for offered in typed:
        if offered.form.method == "post":
            writer.store(offered, ROUNDS_OF_LISTS if makes_a_record(offered) else ROUNDS)
    pages = Offers(visitor, addresses, starts, per_route=PAGES).pages
    for address in pages:
        reader.open(address + "?limit=200" if address.endswith("s") else address)
    stored = {kind: len(found) for kind, found in reader.met.items()}

    # Too much, so that the page comes back with it beside what is wrong.
    for offered in forms:
        for address, answer in writer.overflow(offered):
            if answer.status not in (303, 200) and (answer.header("Content-Type") or "").startswith("text/html"):
                reader.show(address, answer)

    figure(
        f"{email}: {len(ALL)} payloads, {writer.taken.total()} times stored by {len(writer.taken)} of {len(typed)} forms "
        f"and shown as {told(stored)}; all at once in {writer.overflowed} fields and shown as "
        f"{told({kind: len(found) for kind, found in reader.met.items()})}; {reader.count} pages, none ran")
    fields = sum(len(offered.typed) for offered in typed)
    assert fields >= (20 if email == SUPPORT else 5), [offered.form.action for offered in typed]
    assert len(reader.shown) >= (10 if email == SUPPORT else 3), reader.shown
    # A field of one line takes no line end; and what began or ended with one is shown without it.
    assert len(reader.met["field"]) > 0.9 * len(ALL)
    if email == SUPPORT:
        assert len(reader.met["text"]) > 0.9 * len(ALL) and stored["text"] > 0.9 * len(ALL), stored
        assert min(stored[kind] for kind in ("cell", "heading", "link")) > 30, stored
        assert any("/reports/" in address for address in reader.shown), reader.shown


def told(met: dict[str, int]) -> str:
    return ", ".join(f"{kind} {count}" for kind, count in sorted(met.items()))
