"""What every test stands on: a seeded database, the built program serving it, and a browser that complains."""

import os
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

for folder in ("browser", "faults"):
    sys.path.insert(0, str(Path(__file__).parent / folder))

from durable import DurableCluster
from look import enter
from ops_database import Cluster
from ops_server import Program, Server
from wire import Visitor

REPO = os.environ.get("OPS_TEST_REPO", str(Path(__file__).resolve().parents[1]))
BINARY = os.environ.get("OPS_TEST_BIN", f"{REPO}/.build/debug/ops-console")
CHROMIUM = os.environ.get("OPS_CHROMIUM", "/usr/bin/chromium")
PATIENCE_MILLISECONDS = 10_000

SUPPORT = "support@ethico.example"
SUPPORT_L1 = "support-l1@ethico.example"
ADMIN = "admin@ethico.example"
AUDITOR = "auditor@ethico.example"
IMPLEMENTATION = "implementation@ethico.example"


def pytest_configure(config):
    # The made-up identity provider warns of its own libraries' future.
    config.addinivalue_line("filterwarnings", "ignore::DeprecationWarning:authlib.*")
    config.addinivalue_line("filterwarnings", "ignore::authlib.deprecate.AuthlibDeprecationWarning")


@pytest.fixture(scope="session")
def cluster():
    conninfo = os.environ.get("OPS_TEST_DATABASE")
    assert conninfo, "OPS_TEST_DATABASE is not set; bin/test sets it."
    cluster = Cluster(conninfo, REPO)
    cluster.prepare_roles()
    yield cluster
    cluster.drop_all()


@pytest.fixture(scope="session")
def seeded(cluster):
    """The name of a database with the demo's world in it, which nobody serves: it is copied."""
    name = cluster.create("browser_seed")
    program = Program(REPO, BINARY, cluster.conninfo(name))
    program.do("migrate")
    program.do("seed", "--tenants", "143", "--seed", "1")
    return name


@pytest.fixture(scope="session")
def make_program(cluster, seeded):
    """Makes the program on a copy of the seeded database of its own."""

    def make(name: str, **settings: str) -> Program:
        database = cluster.create(f"browser_{name}", template=seeded)
        program = Program(REPO, BINARY, cluster.conninfo(database), **settings)
        program.database = database
        return program

    return make


@pytest.fixture(scope="session")
def durable(cluster):
    """A cluster of its own, which keeps what it acknowledges and may be restarted."""
    durable = DurableCluster(REPO, cluster.parameters["host"])
    yield durable
    durable.drop()


@pytest.fixture(scope="session")
def durable_seed(durable):
    """The name of a database with a small world in it, in the cluster that may be restarted."""
    name = durable.create("seed")
    program = Program(REPO, BINARY, durable.conninfo(name))
    program.do("migrate")
    program.do("seed", "--tenants", "3", "--seed", "1")
    return name


@pytest.fixture
def durable_program(durable, durable_seed, request):
    """On a database of its own, with jobs left to a process of their own."""
    name = durable.create(request.node.originalname, template=durable_seed)
    program = Program(REPO, BINARY, durable.conninfo(name), OPS_JOB_LANES="0")
    program.database = name
    return program


@pytest.fixture
def instances(durable_program, tmp_path):
    """Two of it, as behind a proxy."""
    servers = [Server(durable_program, tmp_path / f"serve-{number}.log") for number in (1, 2)]
    try:
        yield [server.start() for server in servers]
    finally:
        for server in servers:
            server.stop()


@pytest.fixture(scope="session")
def server(make_program, tmp_path_factory):
    server = Server(make_program("main"), tmp_path_factory.mktemp("server") / "main.log").start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def fresh_clients(server):
    """The slugs of clients that no test has been at, one after the other."""
    items = Visitor(server.origin).sign_in(IMPLEMENTATION).json("/tenants?status=live&limit=200")["items"]
    # The first thirty are at the disposal of tests that name theirs.
    return iter([item["slug"] for item in items if item["slug"] != "acme-health"][30:])


@pytest.fixture
def fresh_client(fresh_clients) -> str:
    """A client that no other test is at."""
    return next(fresh_clients)


@pytest.fixture
def origin(server):
    return server.origin


@pytest.fixture
def visit(origin):
    """Signs somebody in over plain HTTP, with no access open."""

    def visit(email: str | None = SUPPORT) -> Visitor:
        visitor = Visitor(origin)
        if email:
            visitor.sign_in(email).exit_all()
        return visitor

    return visit


@pytest.fixture
def visitor(visit) -> Visitor:
    """Somebody in Borealis Bank, where `access` is open and a `case` is being worked on."""
    visitor = visit()
    visitor.access = visitor.enter("borealis-bank")
    visitor.case = f"{visitor.access}/cases/{visitor.cases(visitor.access, '?stage=active')[0]['id']}"
    return visitor


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


class Desk:
    """Opens pages, and writes down whatever they complain of."""

    def __init__(self, browser: Browser, origin: str):
        self.browser = browser
        self.origin = origin
        self.complaints: list[str] = []
        self.contexts: list[BrowserContext] = []

    def open(self, scripts: bool = True, scheme: str = "light", width: int = 1440, height: int = 900) -> Page:
        context = self.browser.new_context(
            java_script_enabled=scripts, color_scheme=scheme, viewport={"width": width, "height": height},
            base_url=self.origin, locale="en-GB", reduced_motion="reduce", ignore_https_errors=True)
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"page error at {page.url}: {error}"))
        page.on("response", self._response)
        page.on("requestfailed", self._failed)
        page.on("dialog", self._dialog)
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()
        assert not self.complaints, "\n".join(self.complaints)

    def _console(self, message) -> None:
        where = message.location.get("url", "")
        # What could not be loaded is judged by its answer, below.
        is_answer = message.text.startswith("Failed to load resource")
        if message.type == "error" and not is_answer and (not where or where.startswith(self.origin)):
            self.complaints.append(f"console at {where}: {message.text}")

    def _response(self, response) -> None:
        if not response.url.startswith(self.origin):
            return
        is_page = response.request.resource_type == "document"
        if response.status >= 500 or (response.status >= 400 and not is_page):
            self.complaints.append(f"{response.status} for {response.request.method} {response.url}")

    def _failed(self, request) -> None:
        if request.url.startswith(self.origin) and request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.failure} for {request.url}")
        if request.url.endswith("/csp"):
            self.complaints.append(f"a violation of the content security policy: {request.post_data}")

    def _dialog(self, dialog) -> None:
        if dialog.type == "beforeunload":
            dialog.accept()
            return
        self.complaints.append(f"a dialog said {dialog.message}")
        dialog.dismiss()


@pytest.fixture
def desk(chromium, origin):
    desk = Desk(chromium, origin)
    yield desk
    desk.close()


@pytest.fixture
def page_of(desk, visit):
    """A page of somebody who is signed in and has no access open."""

    def page_of(email: str = SUPPORT, **settings) -> Page:
        visitor = visit(email)
        page = desk.open(**settings)
        page.context.add_cookies(
            [{"name": name, "value": value, "url": desk.origin} for name, value in visitor.jar.items()])
        return page

    return page_of


@pytest.fixture
def inside(page_of):
    """A page of somebody who has just stepped into Acme Health; `access` is the address of that."""

    def inside(scheme: str = "light", width: int = 1440, scripts: bool = True) -> Page:
        page = page_of(scheme=scheme, width=width, scripts=scripts)
        enter(page)
        page.access = page.url.rstrip("/")
        return page

    return inside


FIGURES = pytest.StashKey[list[str]]()


@pytest.fixture
def figure(pytestconfig):
    """Notes what was measured: it is told at the end of the run, whether or not anything failed."""
    return pytestconfig.stash.setdefault(FIGURES, []).append


def pytest_terminal_summary(terminalreporter, config):
    for line in config.stash.get(FIGURES, []):
        terminalreporter.write_line(f"Figure: {line}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """What the servers said last stands under every failure."""
    report = yield
    if report.failed:
        for server in Server.running:
            report.sections.append((f"the server at {server.origin}", server.tail()))
    return report
