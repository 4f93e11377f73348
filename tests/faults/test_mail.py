"""Mails go to a real mail server: what it refuses stands with the job in its own words, and retried it takes them."""

import email
import email.policy
import time

import pytest
from aiosmtpd.controller import Controller

from conftest import SUPPORT
from ops_server import Server, free_port
from wire import Visitor

PATIENCE_SECONDS = 30
FULL = "552 5.2.2 The mailbox <{}> is full"


class Mailbox:
    """Full until it is emptied."""

    def __init__(self):
        self.is_full = True
        self.mails: list[bytes] = []
        self.recipients: list[str] = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.is_full:
            return FULL.format(address)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(envelope.content)
        self.recipients += envelope.rcpt_tos
        return "250 2.0.0 Ok: queued as 4F2A1"


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def mail_server(mailbox):
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def server(make_program, mail_server, tmp_path):
    program = make_program(
        "smtp", OPS_MAIL_RELAY=f"smtp://127.0.0.1:{mail_server.port}", OPS_MAIL_FROM="Ethico <no-reply@ethico.example>")
    server = Server(program, tmp_path / "serve.log").start()
    yield server
    server.stop()


def test_a_full_mailbox(server, mailbox):
    visitor = Visitor(server.origin).sign_in(SUPPORT)
    jobs = visitor.enter("acme-health") + "/debug/jobs"
    [dead] = visitor.json(f"{jobs}?state=dead&kind=mail.deliver")["items"]
    here = f"{jobs}/{dead['id']}"
    tried = visitor.json(here)["attempts"]

    def retry(state: str, attempts: int) -> dict:
        assert visitor.send(visitor.form(here, "/retry")).status == 303
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (job := visitor.json(here))["attempts"] != attempts or job["state"] != state:
            assert time.monotonic() < deadline, job
            time.sleep(0.1)
        return job

    refused = retry("dead", tried + 1)
    assert refused["last_error"] == "552 5.2.2 The mailbox (address) is full"
    mailbox.is_full = False
    taken = retry("succeeded", tried + 2)
    assert taken["result"] == "The mail server took it: 250 2.0.0 Ok: queued as 4F2A1"
    [content] = mailbox.mails
    mail = email.message_from_bytes(content, policy=email.policy.default)
    assert mailbox.recipients == ["compliance@acme-health.example"]
    assert mail["To"] == "Compliance office <compliance@acme-health.example>" and not mail.defects
    assert "Hello Compliance office," in mail.get_content()
    assert "compliance@acme-health.example" not in server.log.read_text()
