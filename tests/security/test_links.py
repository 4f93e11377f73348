"""Every link of every page leads somewhere, and every form to a route: for each kind of person, as far as links go. Of
each route that is come by so, a page is looked at by axe."""

import time

import pytest

from client_move import ClientMove
from conftest import ADMIN, AUDITOR, IMPLEMENTATION, SUPPORT
from look import assert_accessible
from offers import Reach
from ops_server import Server
from wire import Visitor

CLIENT = "acme-health"
MIGRATION = f"/t/{CLIENT}/migration"
CARD, ENTER = f"/t/{CLIENT}", f"/t/{CLIENT}/enter"
# Where each stands at first; who may enter stands inside as well. What the rail leads to is reached from home.
STARTS = {
    SUPPORT: ["/", "/me", "/tenants?q=acme+helth", CARD, ENTER, "/tickets"],
    AUDITOR: ["/", "/me", "/audit/events", CARD, MIGRATION],
    ADMIN: ["/", "/me", "/audit/events", "/staff", "/platform/flags", "/platform/jobs", "/platform/errors", CARD],
    IMPLEMENTATION: ["/", "/me", "/tickets", CARD, MIGRATION],
}
# Routes that each has to come by, or the crawl would prove nothing.
MET = {
    SUPPORT: {"/tickets/{ticket}", "/i/{impersonation}/cases/{case}", "/i/{impersonation}/debug/jobs/{job}"},
    AUDITOR: {"/audit/events", "/audit/accesses/{impersonation}"},
    ADMIN: {"/staff/{staff}", "/platform/flags/{flag}", "/platform/tenants/{slug}"},
    IMPLEMENTATION: {"/t/{slug}/migration/batches/{batch}", "/i/{impersonation}/cases/{case}"},
}


@pytest.fixture(scope="module")
def server(make_program, tmp_path_factory):
    """One of its own: a client's data is brought over, so that the pages about that have something to lead to."""
    server = Server(make_program("links"), tmp_path_factory.mktemp("links") / "server.log").start()
    move = ClientMove(Visitor(server.origin).sign_in(IMPLEMENTATION), CLIENT)
    move.choose()
    # One file of three cases, one of them with a fault, that is imported, and one that waits to be.
    imported, _ = move.check("EP"), move.check("FP")
    move.commit(imported)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def looked_at() -> set[str]:
    """The routes of which somebody has looked at a page in a browser."""
    return set()


@pytest.mark.parametrize("email", [SUPPORT, AUDITOR, ADMIN, IMPLEMENTATION])
def test_every_link_and_form_leads_somewhere(visit, desk, looked_at, figure, email):
    visitor = visit(email)
    starts = list(STARTS[email])
    if email in (SUPPORT, IMPLEMENTATION):
        starts.append(visitor.enter(CLIENT) + "/")
    began = time.monotonic()
    reach = Reach(visitor, visitor.json("/openapi.json"), starts)
    seconds = time.monotonic() - began
    figure(f"{email} followed {reach.asked.total()} links to pages of {len(reach.asked)} routes, whose forms lead to "
           f"{len(reach.forms)} routes, in {seconds:.0f} s")
    assert not reach.dead, f"{len(reach.dead)}:\n" + "\n".join(reach.dead[:40])
    assert MET[email] <= reach.asked.keys()
    assert ("post", "/sign-out") in reach.forms and ("get", "/tenants") in reach.forms

    page = desk.open()
    page.context.add_cookies(
        [{"name": name, "value": value, "url": desk.origin} for name, value in visitor.jar.items()])
    began = time.monotonic()
    fresh = {route: address for route, address in reach.pages.items() if route not in looked_at}
    for address in fresh.values():
        page.goto(address)
        assert_accessible(page)
    looked_at.update(fresh)
    figure(f"axe looked at pages of {len(fresh)} routes for {email} in {time.monotonic() - began:.0f} s")
