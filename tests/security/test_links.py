"""Every link of every page leads somewhere, and every form to a route: for each kind of person, as far as links go."""

import time

import pytest

from conftest import ADMIN, AUDITOR, IMPLEMENTATION, SUPPORT
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
BOUNDARY = "----boundary"
EXPORT = """case_number,status,reporter_type,channel,received_at,category,severity,title,summary
EP-1,New,anonymous,Hotline,2020-01-17T09:00:00Z,Harassment,High,Remarks,Nobody had counted the pallets.
EP-2,Closed - Substantiated,identified,Hotline,2020-02-17T09:00:00Z,Fraud,Low,Invoices,Two invoices for one delivery.
EP-3,New,anonymous,Hotline,no day,Harassment,High,Remarks again,The same was said a week later.
"""
PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def server(make_program, tmp_path_factory):
    """One of its own: a client's data is brought over, so that the pages about that have something to lead to."""
    server = Server(make_program("links"), tmp_path_factory.mktemp("links") / "server.log").start()
    bring_over(Visitor(server.origin).sign_in(IMPLEMENTATION))
    yield server
    server.stop()


def bring_over(visitor: Visitor) -> None:
    """A file of three cases, one of them with a fault, that is imported, and one that waits to be."""
    scope = {"choice[]": "case", "decided_by": "N. Berg"}
    assert visitor.send(visitor.form(f"{MIGRATION}/scope", "/scope"), scope).status == 303
    imported, _ = check(visitor, "EP"), check(visitor, "FP")
    form = visitor.form(imported, "/commit")
    assert visitor.send(form, {"slug": CLIENT}).status == 303
    until(lambda: state(visitor, imported) == "committed")


def check(visitor: Visitor, prefix: str) -> str:
    """Uploads the cases with numbers of their own, settles the columns and has the rows checked; the batch's page."""
    form = visitor.form(MIGRATION, "/files")
    parts = "".join(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                    for name, value in form.fields.items() if name != "file")
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{prefix}.csv"\r\n\r\n'
    body = (parts + head + EXPORT.replace("EP", prefix) + f"\r\n--{BOUNDARY}--\r\n").encode()
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    before = {batch["id"] for batch in visitor.json(MIGRATION)["batches"]}
    assert visitor.ask("POST", form.action, body, headers=headers).status == 303
    batch = until(lambda: {batch["id"] for batch in visitor.json(MIGRATION)["batches"]} - before).pop()
    page = f"{MIGRATION}/batches/{batch}"
    until(lambda: state(visitor, page) == "profiled")
    mapper = visitor.json(f"{page}/map")
    fields = {"version": str(mapper["version"]), "then": "check"}
    for column in mapper["columns"]:
        fields |= {f"c{column['index']}.target": column["name"], f"c{column['index']}.ok": "true"}
    assert visitor.send(visitor.form(f"{page}/map", "/map"), fields).status == 303
    until(lambda: state(visitor, page) == "validated")
    return page


def state(visitor: Visitor, page: str) -> str:
    return visitor.json(page)["batch"]["state"]


def until(look):
    """What is there as soon as the worker has made it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found


@pytest.mark.parametrize("email", [SUPPORT, AUDITOR, ADMIN, IMPLEMENTATION])
def test_every_link_and_form_leads_somewhere(visit, figure, email):
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
