"""What must not be served is not served: the program says which setting or which part of the database it is."""

import re

import pytest

from conftest import BINARY, REPO
from ops_server import Program, Server, free_port
from wire import Visitor

REFUSED = 78


def refusal(program: Program, **settings: str) -> str:
    program.environment = {
        name: value for name, value in (program.environment | settings).items() if value != ""
    } | {"OPS_PORT": str(free_port()), "OPS_HEALTH_PORT": str(free_port())}
    ended = program.run("serve", seconds=30)
    assert ended.returncode == REFUSED, f"{ended.returncode}\n{ended.stdout}\n{ended.stderr}"
    return ended.stderr


@pytest.fixture
def program(server):
    """The program on the database of the other tests; it must not come as far as serving it."""
    made = server.program
    copy = Program.__new__(Program)
    copy.__dict__.update(made.__dict__)
    return copy


@pytest.mark.parametrize("settings, names", [
    ({"OPS_ENV": "production", "OPS_ORIGIN": "https://ops.example.com"}, ["OPS_DEMO", "OPS_ENV"]),
    ({"OPS_ENV": "", "OPS_ORIGIN": "https://ops.example.com"}, ["OPS_DEMO"]),
    ({"OPS_OIDC_ISSUER": "https://id.example.com"}, ["OPS_DEMO", "OPS_OIDC_ISSUER"]),
    ({"OPS_SESSION_KEY": ""}, ["OPS_SESSION_KEY"]),
    ({"OPS_SESSION_KEY": "5c" * 31}, ["OPS_SESSION_KEY"]),
    ({"OPS_SESSION_KEY": "zz" * 32}, ["OPS_SESSION_KEY"]),
    ({"OPS_TICKET_KEYS": "z1"}, ["OPS_TICKET_KEYS"]),
    ({"OPS_VPN_CIDRS": "10.1.2.3/8"}, ["OPS_VPN_CIDRS"]),
    ({"OPS_DEMO": "", "OPS_ENV": "production", "OPS_ORIGIN": "http://ops.example.com"}, ["OPS_ORIGIN"]),
    ({"OPS_DEMO": "", "OPS_ENV": "production", "OPS_ORIGIN": "https://ops.example.com", "OPS_MAIL_RELAY": "file:///tmp",
      "OPS_MAIL_FROM": "no-reply@ethico.example"}, ["OPS_MAIL_RELAY", "OPS_ENV"]),
    ({"OPS_MAIL_RELAY": "smtp://u:5c5c5c@mail.example.com", "OPS_MAIL_FROM": "no-reply@ethico.example"},
     ["OPS_MAIL_RELAY"]),
    ({"OPS_MAIL_RELAY": "smtp://mail.example.com"}, ["OPS_MAIL_FROM"]),
    ({"OPS_MAIL_RELAY": "smtp://mail.example.com", "OPS_MAIL_FROM": "no-reply@ethico.example", "OPS_MAIL_USER": "ops"},
     ["OPS_MAIL_PASSWORD"]),
])
def test_settings(program, settings, names):
    said = refusal(program, **settings)
    for name in names:
        assert name in said, said
    assert "5c5c5c" not in said, "a secret was printed"


def test_a_port_that_is_none(program):
    program.environment = program.environment | {"OPS_PORT": "many"}
    ended = program.run("serve", seconds=30)
    assert ended.returncode == REFUSED and "OPS_PORT" in ended.stderr, ended.stderr


WEAKENINGS = [
    ("ALTER TABLE note DISABLE ROW LEVEL SECURITY", "ALTER TABLE note ENABLE ROW LEVEL SECURITY", "row-level security"),
    ("ALTER TABLE note NO FORCE ROW LEVEL SECURITY", "ALTER TABLE note FORCE ROW LEVEL SECURITY", "FORCE"),
    ("CREATE POLICY open ON note TO console_tenant USING (true)", "DROP POLICY open ON note", "policy open"),
    ("CREATE POLICY everybody ON note USING (true)", "DROP POLICY everybody ON note", "policy everybody"),
    ("ALTER TABLE note DISABLE TRIGGER note_audit_update", "ALTER TABLE note ENABLE ALWAYS TRIGGER note_audit_update", "update"),
    ("ALTER TABLE note ENABLE TRIGGER note_audit_insert", "ALTER TABLE note ENABLE ALWAYS TRIGGER note_audit_insert", "insert"),
    ("GRANT SELECT (email) ON staff TO console_tenant", "REVOKE SELECT (email) ON staff FROM console_tenant", "console_tenant"),
    ("GRANT SELECT ON note TO console_fleet", "REVOKE SELECT ON note FROM console_fleet", "console_fleet"),
    ("GRANT DELETE ON audit_event TO console_audit", "REVOKE DELETE ON audit_event FROM console_audit", "console_audit"),
    ("GRANT TRUNCATE ON note TO console_tenant", "REVOKE TRUNCATE ON note FROM console_tenant", "console_tenant"),
    ("GRANT SELECT ON note TO PUBLIC", "REVOKE SELECT ON note FROM PUBLIC", "everybody"),
    ("CREATE TABLE note_copy (id int)", "DROP TABLE note_copy", "note_copy"),
    ("ALTER TABLE note OWNER TO console_tenant", "ALTER TABLE note OWNER TO ethico_owner", "console_tenant"),
]


@pytest.fixture(scope="module")
def scratch(make_program):
    return make_program("guard")


@pytest.mark.parametrize("weakening, mending, name", WEAKENINGS, ids=[weakening for weakening, _, _ in WEAKENINGS])
def test_planted_weaknesses(cluster, scratch, weakening, mending, name):
    table = re.search(r"(?:TABLE|ON) (\w+)", weakening)[1]
    cluster.psql(weakening, scratch.database)
    try:
        said = refusal(scratch)
    finally:
        cluster.psql(mending, scratch.database)
    assert table in said and name in said, said


def test_a_server_with_known_faults(cluster, scratch):
    """In production it is refused like a weakness; elsewhere the log warns of it."""
    is_faulty = int(cluster.psql("SHOW server_version_num")) < 150020
    production = Program(
        REPO, BINARY, cluster.conninfo(scratch.database), OPS_ENV="production", OPS_DEMO="",
        OPS_ORIGIN="https://ops.example.com")
    cluster.psql("CREATE TABLE note_copy (id int)", scratch.database)
    try:
        refused, elsewhere = production.run("serve", seconds=30), scratch.run("serve", seconds=30)
    finally:
        cluster.psql("DROP TABLE note_copy", scratch.database)
    assert refused.returncode == elsewhere.returncode == REFUSED, refused.stderr + elsewhere.stderr
    assert ("15.20 mends known faults" in refused.stderr) == is_faulty, refused.stderr
    assert "15.20" not in elsewhere.stderr and ("15.20 mends known faults" in elsewhere.stdout) == is_faulty


def test_mended_it_serves_and_knows_no_demo_sign_in(scratch, tmp_path):
    del scratch.environment["OPS_DEMO"]
    scratch.environment["OPS_ENV"] = "staging"
    server = Server(scratch, tmp_path / "no_demo.log").start()
    try:
        assert Visitor(server.origin).post("/demo/sign-in", {"staff": "support@ethico.example"}).status == 404
    finally:
        server.stop()
