"""What whoever operates the program relies on: its measurements, its log, its limits, and how it ends."""

import http.client
import json
import re
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager

import pytest

from conftest import SUPPORT
from ops_server import Server
from wire import NOBODY, UUID, Answer, Visitor


@pytest.fixture(scope="module")
def server(make_program, tmp_path_factory):
    """One that nobody else is at, and that leaves jobs alone: what it counts is what the tests did."""
    log = tmp_path_factory.mktemp("serving") / "server.log"
    server = Server(make_program("serving", OPS_JOB_LANES="0"), log).start()
    yield server
    server.stop()


@pytest.fixture
def sql(cluster, server):
    return lambda statement: cluster.psql(statement, server.program.database)


def test_measurements(server, sql):
    """All that the runbook names is there, and moves with what is done."""
    before = server.measurements()
    visitor = Visitor(server.origin).sign_in(SUPPORT)
    access = visitor.enter("acme-health")
    assert visitor.get(access + "/cases").status == 200
    after = server.measurements()

    def grown(series: str) -> float:
        return after[series] - before.get(series, 0)

    answered = 'http_requests_total{method="GET",status="200"}'
    assert grown(answered) >= 2
    assert grown('http_request_duration_seconds_count{method="GET"}') >= grown(answered)
    assert grown("ops_open_accesses") == 1
    for role in ("console_tenant", "console_fleet"):
        assert 1 <= after[f'postgres_pool_connections{{role="{role}",state="open"}}']
        assert after[f'postgres_connections_opened_total{{pool="{role}"}}'] >= 1
        assert grown(f'postgres_pool_wait_seconds_count{{pool="{role}"}}') >= 1
        assert f'postgres_pool_wait_seconds_bucket{{pool="{role}",le="0.005"}}' in after
        assert f'postgres_connections_discarded_total{{pool="{role}"}}' in after
    assert "postgres_transaction_retries_total" in after
    assert "postgres_listener_opened_total" in after

    ended = sql("SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
                "WHERE usename = 'console_tenant' AND datname = current_database()")
    assert int(ended) >= 1
    assert visitor.get(access + "/cases").status == 200
    discarded = 'postgres_connections_discarded_total{pool="console_tenant"}'
    assert server.measurements()[discarded] > after[discarded]


def logged(server: Server) -> list[dict]:
    return [json.loads(line) for line in server.log.read_text().splitlines()]


def statuses(server: Server, correlation: str) -> list[str]:
    """How the requests of that id were answered, as the log says it."""
    return [
        line["status"] for line in logged(server) if line["message"] == "request" and line["request"] == correlation]


def test_a_correlation_id_leads_to_the_log(server, sql):
    """That of a problem, on the page and in JSON, and that of an event of the trail."""
    visitor = Visitor(server.origin).sign_in(SUPPORT)
    access = visitor.enter("acme-health")
    page = visitor.get(f"{access}/cases/{NOBODY}")
    shown = [found for found in UUID.findall(page.text) if statuses(server, found)]
    assert page.status == 404 and [statuses(server, found) for found in set(shown)] == [["404"]]
    problem = visitor.get(f"{access}/cases/{NOBODY}", accept="application/json")
    assert problem.header("Content-Type") == "application/problem+json"
    assert statuses(server, problem.json["correlation"]) == ["404"]
    assert problem.json["correlation"] not in shown

    assert visitor.get(f"{access}/cases?stage=review").status == 200
    event = sql(f"""SELECT request_id FROM audit_event WHERE impersonation_id = '{access.split("/")[2]}'
        AND action = 'view.case.list' ORDER BY at DESC LIMIT 1""").strip()
    assert statuses(server, event) == ["200"]


HEADS = {
    "a header": b"X-Long: " + b"a" * 17_000,
    "many headers": b"\r\n".join(b"X-%d: %s" % (number, b"a" * 180) for number in range(100)),
    "a header of two megabytes": b"X-Long: " + b"a" * 2_000_000,
}


@pytest.mark.parametrize("path, fields", [
    *((b"/sign-in", fields) for fields in HEADS.values()), (b"/sign-in?" + b"a" * 17_000, b"X-Long: a")],
    ids=[*HEADS, "an address"])
def test_a_head_beyond_the_limit_is_refused_in_words(server, path, fields):
    before = len(long_heads(server))
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        host = b"Host: 127.0.0.1:%d" % server.port
        connection.sendall(b"\r\n".join([b"GET " + path + b" HTTP/1.1", host, fields, b"", b""]))
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert answer.status == 431 and answer.getheader("Connection") == "close"
        assert "longer than 16 KiB" in answer.read().decode()
    assert len(long_heads(server)) == before + 1


def long_heads(server: Server) -> list[dict]:
    return [line for line in logged(server) if line.get("status") == "431" and line["peer"] == "127.0.0.1"]


def test_a_head_within_the_limit_is_read(server):
    assert Visitor(server.origin).get("/sign-in", headers={"X-Long": "a" * 15_000}).status == 200


def test_a_body_that_drips_is_given_up(server):
    """No silence is long enough for its connection to be closed; all of them together are longer than a body may take."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=1) as connection:
        connection.sendall(
            b"POST /demo/sign-in HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nAccept: application/json\r\nContent-Length: 1000\r\n\r\n"
            % server.port)
        began, said = time.monotonic(), b""
        while not said:
            assert time.monotonic() - began < 60
            connection.sendall(b"a")
            try:
                said = connection.recv(65_536)
            except TimeoutError:
                continue
    assert said.startswith(b"HTTP/1.1 408 ") and b"connection: close" in said.lower(), said
    assert time.monotonic() - began > 15


@contextmanager
def locked(cluster, database: str, case: str):
    """Somebody holds a case in a transaction of their own; asks whether anybody waits for it."""
    command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]
    conninfo = cluster.conninfo(database, cluster.parameters.get("user", "postgres"))
    with subprocess.Popen(
            [*command, "--dbname", conninfo], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:

        def ask(sql: str) -> str:
            holder.stdin.write(sql + "\n")
            holder.stdin.flush()
            return holder.stdout.readline().strip()

        assert ask(f"""BEGIN; SELECT id FROM "case" WHERE id = '{case}' FOR UPDATE;""") == case
        try:
            yield lambda: ask("SELECT count(*) > 0 FROM pg_locks WHERE NOT granted;") == "t"
        finally:
            holder.stdin.close()


def wait_for(is_so) -> None:
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def is_closed(server: Server) -> bool:
    """Whether it takes no connections any more."""
    try:
        socket.create_connection(("127.0.0.1", server.port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    return False


def test_what_is_under_way_is_answered_before_it_ends(make_program, cluster, tmp_path):
    """Told to stop while a request waits for a row, it takes no other, answers that one, and ends well."""
    program = make_program("ends", OPS_JOB_LANES="0")
    server = Server(program, tmp_path / "ends.log").start()
    try:
        visitor = Visitor(server.origin).sign_in(SUPPORT)
        access = visitor.enter("acme-health")
        case = visitor.cases(access, "?stage=active")[0]["id"]
        form = visitor.form(f"{access}/cases/{case}", "/notes")
        answers: list[Answer] = []
        writer = threading.Thread(target=lambda: answers.append(visitor.send(form, {"body": "Written at the end."})))
        with locked(cluster, program.database, case) as is_waited_for:
            writer.start()
            wait_for(is_waited_for)
            server.process.send_signal(signal.SIGTERM)
            wait_for(lambda: is_closed(server))
            assert not answers and server.process.poll() is None
        writer.join(20)
        assert [answer.status for answer in answers] == [303]
        assert server.process.wait(20) == 0, server.tail()
        notes = cluster.psql("SELECT count(*) FROM note WHERE body = 'Written at the end.'", program.database)
        assert notes.strip() == "1"
    finally:
        server.stop()
