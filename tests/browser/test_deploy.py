"""What deploy/ and docs/runbook.md promise: its files hold, the main job survives an upgrade, a backup proves itself."""

import http.client
import os
import re
import shutil
import ssl
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from conftest import BINARY, IMPLEMENTATION, REPO, Desk
from job import Job, assert_trail
from ops_server import Program, Server
from proxy import ADDRESS, PROXY, Proxy

DEPLOY = Path(REPO, "deploy")


@pytest.fixture
def proxy(tmp_path):
    proxy = Proxy(REPO, tmp_path)
    yield proxy
    proxy.stop()


@pytest.fixture
def instances(make_program, proxy, tmp_path):
    """Two on one database, as behind the proxy in production."""
    program = make_program(
        "deploy", OPS_ORIGIN=proxy.origin, OPS_TRUSTED_PROXIES=f"{PROXY}/32", OPS_VPN_CIDRS="127.0.0.1/32")
    instances = [Server(program, tmp_path / f"{name}.log").start() for name in ("first", "second")]
    proxy.configure(*(instance.port for instance in instances))
    yield instances
    for instance in instances:
        instance.stop()


class Upgrade(Job):
    """The main job, while one instance after the other is stopped and started."""

    def __init__(self, page, instances):
        super().__init__(page, lambda page: None)
        self.first, self.second = instances

    def reassign(self) -> None:
        self.first.stop()
        super().reassign()

    def change_stage(self) -> None:
        super().change_stage()
        self.first.start()

    def add_note(self) -> None:
        self.second.stop()
        super().add_note()

    def exit(self) -> None:
        super().exit()
        self.second.start()


def test_main_job_through_an_upgrade(chromium, proxy, instances):
    assert proxy.check().returncode == 0, proxy.check().stderr
    proxy.start()
    desk = Desk(chromium, proxy.origin)
    page = desk.open()
    done = Upgrade(page, instances).run()
    assert_trail(page, done)
    [cookie] = [one for one in page.context.cookies() if one["name"] == "__Host-ops"]
    assert cookie["secure"] and cookie["httpOnly"]
    desk.close()
    instances[0].program.assert_intact()


def test_proxy_hands_on_who_asks_and_lets_nobody_pretend(proxy, instances):
    proxy.configure(*(instance.port for instance in instances))
    proxy.start()

    def status(**headers: str) -> int:
        request = urllib.request.Request(proxy.origin + "/sign-in", headers=headers)
        context = ssl.create_default_context(cafile=f"{proxy.folder}/cert.pem")
        try:
            with urllib.request.urlopen(request, context=context, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code

    assert status() == 200
    assert status(**{"X-Forwarded-For": "203.0.113.7"}) == 200, "what the client claims replaced what the proxy saw"
    assert status(Host="evil.example") == 403


OUTSIDE = "127.0.0.9"
# What somebody says who would be taken for another.
CLAIMS = [
    {}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Forwarded-For": f"127.0.0.1, {PROXY}"}, {"X-Real-IP": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1"}, {"x-forwarded-for": "127.0.0.1", "X_Forwarded_For": "127.0.0.1"},
]


def asked_from(address: str, proxy: Proxy, method: str, path: str, headers: dict[str, str]) -> tuple[int, bytes, str]:
    """Status, body and `Server` of what somebody at that address is answered."""
    context = ssl.create_default_context(cafile=f"{proxy.folder}/cert.pem")
    connection = http.client.HTTPSConnection(
        ADDRESS, proxy.port, timeout=10, source_address=(address, 0), context=context)
    connection.request(method, path, body=b"staff=x" if method == "POST" else None, headers=headers)
    answer = connection.getresponse()
    found = answer.status, answer.read(), answer.getheader("Server") or ""
    connection.close()
    return found


def denials(cluster, program: Program) -> list[str]:
    """The addresses whose refusal is in the trail."""
    return cluster.psql(
        "SELECT body::json ->> 'ip' FROM audit_event WHERE action = 'access.network_denied' ORDER BY at",
        program.database).split()


def test_nobody_outside_the_vpn_comes_past_the_proxy(proxy, instances, cluster):
    """It refuses by itself at every address, whoever they say they are, and the console does not hear of it."""
    proxy.configure(*(instance.port for instance in instances))
    proxy.start()
    program = instances[0].program
    for method, path in (
        ("GET", "/sign-in"), ("GET", "/"), ("GET", "/assets/nothing.css"), ("POST", "/demo/sign-in"),
        ("POST", "/t/acme-health/migration/files"), ("PATCH", "/t/acme-health/migration/uploads/1"),
        ("GET", "//sign-in"), ("GET", "/t/../sign-in"), ("OPTIONS", "/"),
    ):
        for claim in CLAIMS:
            status, body, server = asked_from(OUTSIDE, proxy, method, path, claim)
            assert status == 403 and b"nginx" in body and server == "nginx", f"{method} {path} {claim}: {status}"
    assert denials(cluster, program) == []
    for claim in CLAIMS:
        status, body, _ = asked_from("127.0.0.1", proxy, "GET", "/sign-in", claim)
        assert status == 200 and b"nginx" not in body, claim
    # What it measures is for nobody through the proxy.
    for path in ("/metrics", "/healthz"):
        assert asked_from("127.0.0.1", proxy, "GET", path, {"Accept": "application/json"})[0] in (303, 401, 404), path


def test_a_proxy_that_lets_everybody_through_is_no_way_in(proxy, instances, cluster):
    """The console holds the line by itself: it goes by what the proxy saw, and not by what anybody says."""
    proxy.configure(*(instance.port for instance in instances), allowed="all")
    proxy.start()
    for claim in CLAIMS:
        status, body, _ = asked_from(OUTSIDE, proxy, "GET", "/sign-in", claim)
        assert (status, body) == (403, b"Forbidden\n"), claim
    assert set(denials(cluster, instances[0].program)) == {OUTSIDE}
    assert asked_from("127.0.0.1", proxy, "GET", "/sign-in", {"X-Forwarded-For": OUTSIDE})[0] == 200


def test_streams_flow_through_the_proxy(proxy, instances):
    """The first event comes at once; when its instance is stopped the stream ends, and the other one takes it over."""
    proxy.configure(*(instance.port for instance in instances))
    proxy.start()
    context = ssl.create_default_context(cafile=f"{proxy.folder}/cert.pem")
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context), urllib.request.HTTPCookieProcessor())
    opener.addheaders = [("Sec-Fetch-Site", "same-origin")]
    opener.open(proxy.origin + "/demo/sign-in", data=b"staff=support@ethico.example", timeout=10)
    request = urllib.request.Request(proxy.origin + "/live", headers={"Accept": "text/event-stream"})
    with opener.open(request, timeout=5) as stream:
        assert stream.readline() == b"retry: 1000\n"
        for instance in instances:
            instance.stop()
        assert stream.read() == b"\n"
    instances[1].start()
    with opener.open(request, timeout=5) as stream:
        assert stream.readline() == b"retry: 1000\n"


def test_a_large_form_passes_the_proxy_at_its_address_alone(proxy, instances):
    proxy.configure(*(instance.port for instance in instances))
    proxy.start()
    context = ssl.create_default_context(cafile=f"{proxy.folder}/cert.pem")
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context), urllib.request.HTTPCookieProcessor())
    opener.addheaders = [("Sec-Fetch-Site", "same-origin")]
    opener.open(proxy.origin + "/demo/sign-in", data=f"staff={IMPLEMENTATION}".encode(), timeout=10)
    home = proxy.origin + "/t/acme-health/migration"
    token = re.search(r'name="_csrf" value="([^"]+)"', opener.open(home, timeout=10).read().decode())[1]
    scope = urllib.parse.urlencode({"_csrf": token, "version": "0", "choice[]": "case", "decided_by": "Pavel Petrov"})
    opener.open(home + "/scope", data=scope.encode(), timeout=10)
    head = "Content-Disposition: form-data; name="
    body = (
        f'--b\r\n{head}"_csrf"\r\n\r\n{token}\r\n--b\r\n{head}"file"; filename="cases.csv"\r\n\r\ncase_number\n'.encode()
        + (b"EP-" + b"1" * 1020 + b"\n") * (40 << 10) + b"\r\n--b--\r\n")
    form = {"Content-Type": "multipart/form-data; boundary=b"}
    with opener.open(urllib.request.Request(home + "/files", data=body, headers=form), timeout=120) as page:
        assert "done=file" in page.url
    with pytest.raises(urllib.error.HTTPError, match="413"):
        opener.open(urllib.request.Request(home + "/scope", data=body, headers=form), timeout=120)


@pytest.mark.parametrize("unit", sorted(path.name for path in (DEPLOY / "systemd").iterdir()))
def test_units_hold(unit, tmp_path):
    for path in (DEPLOY / "systemd").iterdir():
        shutil.copy(path, tmp_path)
    for path in tmp_path.iterdir():
        path.write_text(path.read_text().replace("/usr/bin/ops-console", BINARY))
    name = unit
    if "@." in unit:
        name = unit.replace("@.", "@8400.")
        (tmp_path / unit).rename(tmp_path / name)
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)], capture_output=True, text=True, timeout=60,
        env={**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"})
    assert done.returncode == 0, done.stderr
    assert str(tmp_path) not in done.stderr, done.stderr


def secrets_of(unit: str) -> set[str]:
    """Those of deploy/etc/secrets.env that a unit hands to its program."""
    text = (DEPLOY / "systemd" / unit).read_text()
    if not re.search(r"^EnvironmentFile=-?\S*/secrets\.env$", text, re.MULTILINE):
        return set()
    kept_back = " ".join(re.findall(r"^UnsetEnvironment=(.+)$", text, re.MULTILINE)).split()
    return set(re.findall(r"^(OPS_[A-Z_]+)=", (DEPLOY / "etc/secrets.env").read_text(), re.MULTILINE)) - set(kept_back)


def test_units_know_the_secrets_that_they_use():
    known = {path.name: found for path in (DEPLOY / "systemd").iterdir() if (found := secrets_of(path.name))}
    served = {
        "OPS_SESSION_KEY", "OPS_FILE_KEY", "OPS_TICKET_KEYS", "OPS_OIDC_CLIENT_SECRET", "OPS_MAPPING_LLM_KEY",
        "OPS_MAIL_PASSWORD"}
    assert known == {
        "ops-console@.service": served,
        "ops-console-work.service": {"OPS_FILE_KEY", "OPS_MAPPING_LLM_KEY", "OPS_MAIL_PASSWORD"}}


def test_schema_and_trail_need_no_secret(cluster, seeded):
    program = Program(
        REPO, BINARY, cluster.conninfo(cluster.create("secretless", template=seeded)), OPS_ENV="", OPS_DEMO="",
        **{name: "" for name in secrets_of("ops-console@.service")})
    assert "up to date" in program.do("migrate")
    program.assert_intact()
    program.do("staff", "add", "first.person@ethico.example", "--preset", "admin")


def test_settings_files_name_every_setting():
    program = Program(REPO, BINARY, "host=/nowhere dbname=none")
    known = set(re.findall(r"^(OPS_[A-Z_]+)$", program.do("settings"), re.MULTILINE))
    files = "\n".join(path.read_text() for path in (DEPLOY / "etc").iterdir())
    assert set(re.findall(r"^#?(OPS_[A-Z_]+)=", files, re.MULTILINE)) == known


def test_backup_proves_itself(cluster, seeded, tmp_path):
    """As docs/runbook.md does it: dump, restore into a new database, verify there, serve from it."""
    copy = cluster.create("restored")
    tools = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))[-1]
    user = cluster.parameters.get("user", "postgres")
    dump = tmp_path / "ethico.dump"
    for command in (
        [tools / "pg_dump", "--format=custom", f"--file={dump}", f"--dbname={cluster.conninfo(seeded, user)}"],
        [tools / "pg_restore", "--exit-on-error", f"--dbname={cluster.conninfo(copy, user)}", dump],
    ):
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, done.stderr
    program = Program(REPO, BINARY, cluster.conninfo(copy))
    program.assert_intact()
    Server(program, tmp_path / "restored.log").start().stop()
