"""A file is sent through two instances that are killed and cut off: it comes whole, and little of it twice."""

import base64
import hashlib
import http.client
import os
import random
import time

import pytest

from conftest import IMPLEMENTATION
from wire import Visitor

IS_LONG = os.environ.get("OPS_TEST_LONG") == "1"
HOME = "/t/acme-health/migration"
MEBIBYTE = 1 << 20
REQUEST_BYTES = 8 * MEBIBYTE
CUTS, KILLS = (20, 3) if IS_LONG else (4, 2)
SIZE = (200 if IS_LONG else 40) * MEBIBYTE + 12_345


class Sender:
    """Somebody who asks how much is there, and sends what follows, to one instance and then the other."""

    def __init__(self, servers, jar: dict[str, str], csrf: str):
        self.servers, self.jar, self.csrf = servers, jar, csrf
        self.turn = 0
        self.sent = 0

    def ask(self, method: str, path: str, headers: dict[str, str], body: bytes = b"", cut: int | None = None):
        """With `cut`, only so many bytes of the body leave; there is no answer then."""
        self.turn += 1
        self.server = self.servers[self.turn % len(self.servers)]
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        connection.putrequest(method, path)
        cookie = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        sent = {"Tus-Resumable": "1.0.0", "Ops-Csrf": self.csrf, "Cookie": cookie, "Accept": "application/json"}
        for name, value in {**sent, **headers, "Content-Length": str(len(body))}.items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(body[:cut])
        if cut is not None:
            self.sent += cut
            return connection
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        # What was cut off may still be on its way into the database when somebody asks how far it is.
        assert answer.status < 300 or (answer.status == 409 and b"upload_moved" in text), f"{answer.status} {text[:500]}"
        self.sent += len(body) if answer.status < 300 else 0
        return answer

    def offset(self, place: str) -> int:
        return int(self.ask("HEAD", place, {}).headers["Upload-Offset"])

    def rest(self, place: str) -> int:
        """How much is there when nothing more comes of what was cut off."""
        before, now = -1, self.offset(place)
        while before != now:
            time.sleep(0.2)
            before, now = now, self.offset(place)
        return now

    def put(self, place: str, content: bytes, offset: int, cut: int | None = None):
        headers = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        return self.ask("PATCH", place, headers, content[offset:offset + REQUEST_BYTES], cut)


@pytest.fixture
def sender(instances):
    visitor = Visitor(instances[0].origin).sign_in(IMPLEMENTATION)
    form = visitor.form(f"{HOME}/scope", "/scope")
    assert visitor.send(form, {"choice[]": "case", "decided_by": "N. Berg"}).status == 303
    return Sender(instances, visitor.jar, form.fields["_csrf"])


def test_cut_off_and_killed(sender, durable, durable_program, figure):
    chance = random.Random(5)
    content = chance.randbytes(SIZE)
    announced = sender.ask("POST", f"{HOME}/uploads", {
        "Upload-Length": str(SIZE), "Upload-Metadata": "filename " + base64.b64encode(b"noise.bin").decode()})
    place = announced.headers["Location"]
    faults = ["cut"] * CUTS + ["kill"] * KILLS
    chance.shuffle(faults)
    # So that they fall anywhere in the file, a request that comes through stands between them now and then.
    stride = SIZE // (len(faults) + 1)
    lost = []
    for number, fault in enumerate(faults, start=1):
        while (offset := sender.offset(place)) < number * stride - REQUEST_BYTES:
            sender.put(place, content, offset)
        length = min(REQUEST_BYTES, SIZE - offset)
        cut = chance.randrange(1, length)
        connection = sender.put(place, content, offset, cut)
        if fault == "kill":
            sender.server.kill()
            sender.server.start()
        connection.close()
        lost.append(offset + cut - sender.rest(place))
    while (offset := sender.offset(place)) < SIZE:
        sender.put(place, content, offset)
    # A server that is killed after the last byte leaves the file unmade; no more bytes make it.
    sender.put(place, content, SIZE)

    stored = durable.psql("SELECT name, byte_count, encode(sha256, 'hex') FROM migration_source_file",
                          durable_program.database)
    assert stored.strip() == f"noise.bin|{SIZE}|{hashlib.sha256(content).hexdigest()}"
    assert max(lost) <= REQUEST_BYTES, lost
    assert sender.sent - SIZE <= sum(lost) + REQUEST_BYTES, (sender.sent, lost)
    figure(f"a file of {SIZE // MEBIBYTE} MiB came whole through {CUTS} cuts and {KILLS} kills; "
           f"{(sender.sent - SIZE) / MEBIBYTE:.1f} MiB of it were sent twice, {max(lost) / MEBIBYTE:.1f} MiB at most at once")
    durable_program.assert_intact()
