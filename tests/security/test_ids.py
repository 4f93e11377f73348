"""Ids of another client in every field that names a record: refused as ids of nothing are. Ids in addresses are
ForeignIDTests' matter."""

import re
import uuid

import pytest

from conftest import SUPPORT
from offers import Addresses, OfferedForm, Offers
from ops_server import Server
from wire import NOBODY, UUID, Answer


@pytest.fixture(scope="module")
def server(make_program, tmp_path_factory):
    """One of its own: what is sent is written into whatever takes it."""
    server = Server(make_program("ids"), tmp_path_factory.mktemp("ids") / "server.log").start()
    yield server
    server.stop()


def gist(answer: Answer) -> tuple[int, str]:
    text = re.sub(r'nonce="[^"]*"', "nonce", answer.text)
    return answer.status, UUID.sub("id", text + answer.location)


def test_ids_of_another_client_in_fields(visit):
    visitor = visit(SUPPORT)
    addresses = Addresses(visitor.json("/openapi.json"))
    acme = Offers(visitor, addresses, [visitor.enter("acme-health") + "/"])
    here = visitor.enter("borealis-bank")
    borealis = Offers(visitor, addresses, [here + "/"])
    foreign = choices(acme)

    def send(offered: OfferedForm, name: str, record: str) -> Answer:
        # Another key each time, or the second sending would be the first one's.
        secrets = visitor.get(offered.page).form(offered.form.action).fields
        fields = offered.form.fields | {"_csrf": secrets["_csrf"], "_key": str(uuid.uuid4()), name: record}
        return visitor.post(offered.action, fields)

    swapped = []
    for offered in borealis.forms.values():
        if offered.form.method != "post" or not offered.action.startswith(here):
            continue
        for name, own in offered.ids.items():
            theirs = foreign.get((addresses.template(offered.action), name), set()) - set(own)
            for record in sorted(theirs)[:1]:
                swapped.append(f"{offered.action} {name}")
                nothing, answer = send(offered, name, NOBODY), send(offered, name, record)
                assert gist(answer) == gist(nothing), swapped[-1]
                assert answer.status != 303, swapped[-1]
    assert len(swapped) >= 5, swapped


def choices(offers: Offers) -> dict[tuple[str | None, str], set[str]]:
    """What can be chosen, by the route that a form leads to and the name of the field."""
    found: dict[tuple[str | None, str], set[str]] = {}
    for offered in offers.forms.values():
        for name, ids in offered.ids.items():
            found.setdefault((offers.addresses.template(offered.action), name), set()).update(ids)
    return found
