"""Where a request says it comes from, over the wire and behind a proxy of ours: no header but the proxy's counts, and
whoever is refused is in the trail. How each address is read is NetworkGuardTests' matter."""

import http.client

import pytest

from ops_server import Server

INSIDE, OUTSIDE, PROXY = "10.20.0.5", "203.0.113.9", "127.0.0.1"


@pytest.fixture(scope="module")
def server(make_program, tmp_path_factory):
    """Behind a proxy, that is behind us."""
    program = make_program("network", OPS_TRUSTED_PROXIES=f"{PROXY}/32", OPS_VPN_CIDRS="10.20.0.0/16")
    server = Server(program, tmp_path_factory.mktemp("network") / "server.log").start()
    yield server
    server.stop()


@pytest.mark.parametrize(("headers", "status"), [
    ([("X-Forwarded-For", INSIDE)], 200),
    ([("x-forwarded-FOR", f"{OUTSIDE}, {INSIDE}")], 200),
    ([("X-Forwarded-For", INSIDE), ("X-Forwarded-For", PROXY)], 200),
    ([("X-Forwarded-For", INSIDE), ("X-Forwarded-For", OUTSIDE)], 403),
    ([("X-Forwarded-For", f"{INSIDE}, {OUTSIDE}")], 403),
    ([("X-Forwarded-For", OUTSIDE), ("X-Real-IP", INSIDE)], 403),
    ([("X-Real-IP", INSIDE)], 403),
    ([("Forwarded", f"for={INSIDE}")], 403),
    ([("X-Forwarded-For", OUTSIDE), ("Forwarded", f"for={INSIDE};host=ops")], 403),
    ([("True-Client-IP", INSIDE), ("CF-Connecting-IP", INSIDE), ("X-Client-IP", INSIDE)], 403),
    ([("X_Forwarded_For", INSIDE)], 403),
    ([("X-Forwarded-For", "")], 403),
    ([("X-Forwarded-For", f"{INSIDE},")], 403),
    ([("X-Forwarded-For", PROXY)], 403),
    ([], 403),
])
def test_who_is_let_in(server, headers, status):
    connection = http.client.HTTPConnection(PROXY, server.port, timeout=10)
    connection.putrequest("GET", "/sign-in")
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == status
    # Who is refused learns nothing and keeps nothing.
    assert status == 200 or body == b"Forbidden\n" and answer.getheader("Set-Cookie") is None


def denials(server: Server) -> int:
    return int(server.measurements().get("ops_network_denied_total", 0))


def ask_from(server: Server, address: str) -> None:
    connection = http.client.HTTPConnection(PROXY, server.port, timeout=10)
    connection.request("GET", "/tenants", headers={"X-Forwarded-For": address})
    assert connection.getresponse().status == 403
    connection.close()


def test_the_trail_has_the_first_of_each_peer_and_minute(server, cluster):
    """The rest are counted: who knocks a thousand times writes no thousand events."""
    knocks = {"203.0.113.77": 5, "203.0.113.78": 1}
    before = denials(server)
    for address, times in knocks.items():
        for _ in range(times):
            ask_from(server, address)
    assert denials(server) - before == sum(knocks.values())
    told = cluster.psql(
        "SELECT concat_ws(' ', body::json ->> 'ip', outcome, body::json ->> 'status', count(*)) FROM audit_event "
        "WHERE action = 'access.network_denied' AND body::json ->> 'ip' LIKE '203.0.113.7_' "
        "GROUP BY body::json ->> 'ip', outcome, body::json ->> 'status', date_trunc('minute', at)",
        server.program.database)
    # A minute may have ended between them.
    assert set(told.splitlines()) == {f"{address} denied 403 1" for address in knocks}
