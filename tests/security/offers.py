"""What the console offers: its addresses by their description, and the links and forms that stand on its pages."""

import re
import urllib.parse
from collections import Counter, deque
from dataclasses import dataclass, field

from wire import UUID, Form, FormReader, Visitor

SECRETS = ("_csrf", "_key", "_held")
TYPED = ("text", "search", "email", "tel", "url", "")
# What a field of that kind takes that has no words in it.
WORDLESS = {"date": "2031-05-06", "number": "7", "color": "#123456"}


class Addresses:
    """The paths of the OpenAPI description; finds the one that an address has."""

    def __init__(self, document: dict):
        # What is spelt out goes before a parameter: /tickets/new is no ticket.
        self.templates = sorted(document["paths"], key=lambda path: [part.startswith("{") for part in path.split("/")])
        self.patterns = {
            path: re.compile(re.sub(r"\{([a-z_]+)\}", r"(?P<\1>[^/]+)", path) + "/?") for path in self.templates}

    def template(self, address: str) -> str | None:
        return next((path for path in self.templates if self.patterns[path].fullmatch(address)), None)

    def parameters(self, address: str) -> dict[str, str]:
        template = self.template(address)
        return self.patterns[template].fullmatch(address).groupdict() if template else {}


@dataclass
class OfferedForm:
    """A form, the page it stands on, and which of its fields a person types into."""

    page: str
    form: Form
    typed: list[str] = field(default_factory=list)
    areas: set[str] = field(default_factory=set)
    # By the name of a field that names a record: the ids that can be chosen.
    ids: dict[str, list[str]] = field(default_factory=dict)
    # What fills those that the page leaves empty and nobody types words into.
    fillers: dict[str, str] = field(default_factory=dict)
    choices: list[str] = field(default_factory=list)

    @property
    def action(self) -> str:
        return self.form.action.split("?")[0] or self.page


class PageReader(FormReader):
    """Links, forms and kinds of fields."""

    def __init__(self, text: str):
        self.links: list[str] = []
        self.typed: dict[int, list[str]] = {}
        self.areas: dict[int, set[str]] = {}
        self.ids: dict[int, dict[str, list[str]]] = {}
        self.fillers: dict[int, dict[str, str]] = {}
        self.choices: dict[int, list[str]] = {}
        # Where a button sends its form instead.
        self.actions: list[tuple[str, str]] = []
        super().__init__(text)

    def handle_starttag(self, tag, attributes):
        super().handle_starttag(tag, attributes)
        said = dict(attributes)
        if tag == "a" and (said.get("href") or "").startswith("/"):
            self.links.append(said["href"])
        if self.open is not None and said.get("formaction"):
            self.actions.append((said.get("formmethod") or self.open.method, said["formaction"]))
        is_typed = tag == "textarea" or tag == "input" and (said.get("type") or "") in TYPED
        if self.open is not None and is_typed and said.get("name"):
            self.typed.setdefault(len(self.forms) - 1, []).append(said["name"])
            if tag == "textarea":
                self.areas.setdefault(len(self.forms) - 1, set()).add(said["name"])
        self._fill(tag, said)
        name = self.choice if tag == "option" else said.get("name")
        is_choice = tag in ("option", "input") and name and name not in SECRETS
        if self.open is not None and is_choice and UUID.fullmatch(said.get("value") or ""):
            self.ids.setdefault(len(self.forms) - 1, {}).setdefault(name, []).append(said["value"])

    def _fill(self, tag: str, said: dict[str, str | None]) -> None:
        if self.open is None:
            return
        number, kind = len(self.forms) - 1, said.get("type") or ""
        fillers = self.fillers.setdefault(number, {})
        if tag == "select":
            self.choices.setdefault(number, []).append(said.get("name") or "")
        elif tag == "option" and self.choice and said.get("value"):
            fillers.setdefault(self.choice, said["value"])
        elif tag == "input" and said.get("name") and (kind in WORDLESS or kind in ("radio", "checkbox")):
            fillers.setdefault(said["name"], WORDLESS.get(kind) or said.get("value") or "on")


class Offers:
    """Follows links from where a person stands, a few pages of each route, and keeps each form once."""

    def __init__(self, visitor: Visitor, addresses: Addresses, starts: list[str], per_route: int = 6):
        self.addresses = addresses
        self.pages: list[str] = []
        self.seen: set[str] = set()
        self.forms: dict[tuple, OfferedForm] = {}
        self._count: Counter[str] = Counter()
        waiting = list(starts)
        while waiting:
            page = waiting.pop(0)
            if self._is_wanted(page, per_route):
                waiting += self._read(visitor, page)

    def known(self, template: str) -> list[dict[str, str]]:
        """The parameters of every address of that route that was met."""
        return [self.addresses.parameters(address) for address in sorted(self.seen)
                if self.addresses.template(address) == template]

    def identity(self, offered: OfferedForm) -> tuple:
        """The same for forms that differ in the record alone."""
        names = sorted({*offered.form.fields, *offered.ids})
        return offered.form.method, self.addresses.template(offered.action), tuple(names)

    def _is_wanted(self, page: str, per_route: int) -> bool:
        template = self.addresses.template(page)
        if template is None or page in self.pages or self._count[template] >= per_route:
            return False
        self._count[template] += 1
        return True

    def _read(self, visitor: Visitor, page: str) -> list[str]:
        answer = visitor.get(page)
        if not (answer.header("Content-Type") or "").startswith("text/html") or answer.status != 200:
            return []
        self.pages.append(page)
        reader = PageReader(answer.text)
        links = [link.split("?")[0].split("#")[0] for link in reader.links]
        self.seen |= set(links) | {page}
        for number, form in enumerate(reader.forms):
            offered = OfferedForm(
                page, form, reader.typed.get(number, []), reader.areas.get(number, set()),
                reader.ids.get(number, {}), reader.fillers.get(number, {}), reader.choices.get(number, []))
            self.seen.add(offered.action)
            self.forms.setdefault(self.identity(offered), offered)
        return links


class Reach:
    """Follows every link from where a person stands, its query too: of each shape, a route with the names in its query,
    a few addresses, and of each route some more. What leads nowhere is kept, with the page that it stands on."""

    def __init__(self, visitor: Visitor, document: dict, starts: list[str], per_shape: int = 2, per_route: int = 10):
        self.document = document
        self.addresses = Addresses(document)
        self.per_shape, self.per_route = per_shape, per_route
        self.known: dict[tuple, set[str]] = {}
        self.asked: Counter[str] = Counter()
        self.forms: set[tuple[str, str | None]] = set()
        self.dead: list[str] = []
        # Of each route the first address that gave a page.
        self.pages: dict[str, str] = {}
        self._waiting = deque()
        for start in starts:
            self._meet("the start", start)
        while self._waiting:
            self._ask(visitor, *self._waiting.popleft())

    def _meet(self, page: str, link: str) -> None:
        parts = urllib.parse.urlsplit(urllib.parse.urljoin(page if page.startswith("/") else "/", link))
        if parts.netloc or parts.path.startswith("/assets/"):
            return
        template = self.addresses.template(parts.path)
        if template is None or "get" not in self.document["paths"][template]:
            self.dead.append(f"{page} has a link to no page: {link}")
            return
        address = parts.path + ("?" + parts.query if parts.query else "")
        names = sorted({name for name, _ in urllib.parse.parse_qsl(parts.query, keep_blank_values=True)})
        known = self.known.setdefault((template, *names), set())
        if address in known or len(known) >= self.per_shape or self.asked[template] >= self.per_route:
            return
        known.add(address)
        self.asked[template] += 1
        self._waiting.append((page, address))

    def _ask(self, visitor: Visitor, page: str, address: str) -> None:
        answer = visitor.get(address, allow_fault=True)
        if answer.status >= 400:
            self.dead.append(f"{page} has a link to {address}: {answer.status}")
        elif answer.location:
            self._meet(address, answer.location)
        elif (answer.header("Content-Type") or "").startswith("text/html"):
            self.pages.setdefault(self.addresses.template(address.split("?")[0]), address)
            self._read(address, PageReader(answer.text))

    def _read(self, page: str, reader: PageReader) -> None:
        for link in reader.links:
            self._meet(page, link)
        forms = [(form.method, form.action) for form in reader.forms] + reader.actions
        for method, action in forms:
            path = urllib.parse.urlsplit(urllib.parse.urljoin(page, action)).path
            template = self.addresses.template(path)
            self.forms.add((method, template))
            if template is None or method not in self.document["paths"][template]:
                self.dead.append(f"{page} has a form that no route takes: {method.upper()} {action}")
