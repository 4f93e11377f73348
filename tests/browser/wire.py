"""The console over plain HTTP, byte by byte, as no browser would let a test send it."""

import http.client
import json
import re
import urllib.parse
from dataclasses import dataclass, field
from html.parser import HTMLParser

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
NOBODY = "0193a5c0-0000-7000-8000-00000000dead"


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)


class FormReader(HTMLParser):
    """The forms of a page, with what their fields hold."""

    def __init__(self, text: str):
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.area: str | None = None
        self.choice: str | None = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        said = dict(attributes)
        if tag == "form":
            self.open = Form(said.get("action", ""), said.get("method", "get").lower())
            self.forms.append(self.open)
        if self.open is None:
            return
        name, kind = said.get("name"), said.get("type", "text")
        if tag == "input" and name and kind not in ("submit", "button"):
            if kind not in ("radio", "checkbox") or "checked" in said:
                self.open.fields[name] = said.get("value") or ""
        elif tag == "textarea" and name:
            self.area = name
            self.open.fields[name] = ""
        elif tag == "select" and name:
            self.choice = name
        elif tag == "option" and self.choice and ("selected" in said or self.choice not in self.open.fields):
            self.open.fields[self.choice] = said.get("value") or ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.open = None
        elif tag == "textarea":
            self.area = None
        elif tag == "select":
            self.choice = None

    def handle_data(self, data):
        if self.area and self.open:
            held = self.open.fields[self.area]
            self.open.fields[self.area] = held + (data.removeprefix("\n") if not held else data)


class Answer:
    def __init__(self, status: int, headers: list[tuple[str, str]], body: bytes):
        self.status = status
        self.headers = headers
        self.body = body

    def header(self, name: str) -> str | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def location(self) -> str:
        return self.header("Location") or ""

    def form(self, action_end: str) -> Form:
        """The form that leads to an address with that end."""
        found = [form for form in FormReader(self.text).forms if form.action.endswith(action_end)]
        assert found, f"no form to …{action_end} on this page (status {self.status})"
        return found[0]


class Visitor:
    """Somebody with a jar of cookies. Every answer of 500 and more fails the test."""

    def __init__(self, origin: str):
        self.origin = origin
        self.host = origin.removeprefix("http://")
        self.jar: dict[str, str] = {}

    def ask(
        self, method: str, path: str, body: bytes | None = None, accept: str = "text/html",
        headers: dict[str, str] | None = None, allow_fault: bool = False,
    ) -> Answer:
        connection = http.client.HTTPConnection(self.host, timeout=30)
        sent = {"Host": self.host, "Accept": accept}
        if self.jar:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        sent |= headers or {}
        try:
            # Written by hand: http.client itself refuses some of what has to be tried.
            connection.putrequest(method, "/", skip_host=True, skip_accept_encoding=True)
            connection._buffer[0] = f"{method} ".encode() + path.encode("latin-1") + b" HTTP/1.1"
            for name, value in sent.items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            try:
                connection.endheaders(body)
            except (BrokenPipeError, ConnectionResetError):
                pass  # It had seen enough, and has answered.
            got = connection.getresponse()
            answer = Answer(got.status, got.getheaders(), got.read())
        finally:
            connection.close()
        for cookie in answer.all("Set-Cookie"):
            name, value = cookie.split(";")[0].split("=", 1)
            if value:
                self.jar[name] = value
            else:
                self.jar.pop(name, None)
        assert allow_fault or answer.status < 500, f"{method} {path[:200]}: {answer.status}\n{answer.text[:2000]}"
        return answer

    def get(self, path: str, **more) -> Answer:
        return self.ask("GET", path, **more)

    def json(self, path: str):
        answer = self.get(path, accept="application/json")
        assert answer.status == 200, f"{path}: {answer.status} {answer.text[:500]}"
        return answer.json

    def post(self, path: str, fields: dict[str, str], **more) -> Answer:
        return self.ask("POST", path, urllib.parse.urlencode(fields).encode(), **more)

    def form(self, page: str, action_end: str) -> Form:
        return self.get(page).form(action_end)

    def send(self, form: Form, fields: dict[str, str] | None = None, **more) -> Answer:
        return self.post(form.action, form.fields | (fields or {}), **more)

    def sign_in(self, email: str) -> "Visitor":
        answer = self.post("/demo/sign-in", {"staff": email})
        assert answer.status == 303, answer.text
        return self

    def enter(self, slug: str, fields: dict[str, str] | None = None) -> str:
        """The address of the access, without a slash at its end."""
        answer = self.send(self.form(f"/t/{slug}/enter", "/enter"), fields)
        assert answer.status == 303 and answer.location.startswith("/i/"), answer.text
        return answer.location.rstrip("/")

    def open_accesses(self) -> list[str]:
        return [access["impersonation"] for access in self.json("/")["open_accesses"]]

    def exit_all(self) -> None:
        token = self.form("/me", "/sign-out").fields["_csrf"]
        # Who may not enter has nothing open.
        assert self.post("/exit-all", {"_csrf": token}).status in (303, 403)

    def cases(self, access: str, query: str = "") -> list[dict]:
        return self.json(f"{access}/cases{query}")["items"]
