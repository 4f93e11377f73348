"""What whoever operates the program relies on: its measurements."""

import http.client
import re

import pytest

from conftest import SUPPORT
from ops_server import Server
from wire import Visitor


@pytest.fixture(scope="module")
def server(make_program, tmp_path_factory):
    """One that nobody else is at, and that leaves jobs alone: what it counts is what the tests did."""
    server = Server(make_program("serving", OPS_JOB_LANES="0"), tmp_path_factory.mktemp("serving") / "server.log").start()
    yield server
    server.stop()


@pytest.fixture
def sql(cluster, server):
    return lambda statement: cluster.psql(statement, server.program.database)


def measurements(server: Server) -> dict[str, float]:
    """Each series by its name and labels, as Prometheus reads them."""
    connection = http.client.HTTPConnection("127.0.0.1", server.health_port, timeout=5)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    return {name: float(value) for name, value in re.findall(r"^([^#\n].*) (\S+)$", text, re.MULTILINE)}


def test_measurements(server, sql):
    """All that the runbook names is there, and moves with what is done."""
    before = measurements(server)
    visitor = Visitor(server.origin).sign_in(SUPPORT)
    access = visitor.enter("acme-health")
    assert visitor.get(access + "/cases").status == 200
    after = measurements(server)

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

    ended = sql("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                "WHERE usename = 'console_tenant' AND datname = current_database()")
    assert int(ended) >= 1
    assert visitor.get(access + "/cases").status == 200
    discarded = 'postgres_connections_discarded_total{pool="console_tenant"}'
    assert measurements(server)[discarded] > after[discarded]
