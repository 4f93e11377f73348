"""Sign-in at an identity provider: a real one to the wire, though its people are made up."""

import os
import threading
import urllib.parse

import oidc_provider_mock
import pytest
import werkzeug.serving
from playwright.sync_api import expect

from ops_server import Server
from wire import Visitor

INVITED = "ingrid@ethico.example"


def person(email: str, **claims) -> dict:
    # What is no standard claim goes into the id token as it is: so the mock can tell of a second factor.
    return {"email": email, "email_verified": True, "name": email.split("@")[0].title(), "amr": ["pwd", "otp"]} | claims


PEOPLE = {
    "sub-ingrid": person(INVITED),
    "sub-ingrid-again": person(INVITED),
    "sub-stranger": person("stranger@ethico.example"),
    "sub-no-factor": person("nora@ethico.example", amr=["pwd"]),
    "sub-unverified": person("una@ethico.example", email_verified=False),
}


@pytest.fixture(scope="module")
def provider():
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"
    users = [oidc_provider_mock.User(sub=sub, claims=claims) for sub, claims in PEOPLE.items()]
    app = oidc_provider_mock.app(user_claims=users)
    server = werkzeug.serving.make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


@pytest.fixture(scope="module")
def staging(make_program, provider, tmp_path_factory):
    program = make_program(
        "oidc", OPS_ENV="staging", OPS_DEMO="", OPS_OIDC_ISSUER=provider, OPS_OIDC_CLIENT_ID="ops-console",
        OPS_OIDC_CLIENT_SECRET="a secret of this test", OPS_RATE_SIGN_INS="1000")
    for email in (INVITED, "nora@ethico.example", "una@ethico.example"):
        program.do("staff", "add", email, "--preset", "support")
    server = Server(program, tmp_path_factory.mktemp("oidc") / "oidc.log").start()
    yield server
    server.stop()


@pytest.fixture
def origin(staging):
    return staging.origin


@pytest.fixture
def visitor(staging) -> Visitor:
    return Visitor(staging.origin)


def callback(visitor: Visitor, provider: str, sub: str, back: str = "/") -> str:
    """The address that the provider sends the browser back to."""
    begun = visitor.post("/sign-in/start", {"return": back}, headers={"Sec-Fetch-Site": "same-origin"})
    assert begun.status == 303 and begun.location.startswith(provider + "/"), begun.text
    asked = urllib.parse.parse_qs(urllib.parse.urlsplit(begun.location).query)
    assert asked["code_challenge_method"] == ["S256"] and asked["response_type"] == ["code"]
    assert asked["state"] and asked["nonce"]
    there = Visitor(provider)
    answer = there.post(begun.location.removeprefix(provider), {"sub": sub})
    assert answer.status == 302, answer.text
    assert answer.location.startswith(visitor.origin + "/sign-in/callback?")
    return answer.location.removeprefix(visitor.origin)


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.get("/me", accept="application/json").status == 200


@pytest.fixture
def failures(cluster, staging):
    """Who did not get in, by whose word, and why: as the trail says it."""
    return lambda: cluster.psql(
        "SELECT concat_ws(' ', e.actor_kind, e.outcome, d.text) "
        "FROM audit_event e JOIN audit_detail d ON d.event = e.id WHERE e.action = 'auth.sign_in_failed' "
        "ORDER BY e.at, e.id", staging.program.database).splitlines()


@pytest.fixture
def refused(failures):
    """Comes back from the provider, is not let in for that reason, and the trail has it once; what the page says."""

    def refused(visitor: Visitor, address: str, reason: str) -> str:
        before = failures()
        answer = visitor.get(address)
        assert answer.status == 403, answer.status
        assert [cookie for cookie in answer.all("Set-Cookie") if not cookie.startswith("ops-sign-in=;")] == []
        assert not is_signed_in(visitor)
        assert failures() == [*before, f"anonymous denied {reason}"]
        return answer.text

    return refused


def test_end_to_end_lands_on_the_page_asked_for(desk, staging):
    page = desk.open()
    page.goto("/tenants?q=borealis")
    expect(page.get_by_role("button", name="Jordan Doyle")).to_have_count(0)
    page.get_by_role("button", name="Sign in with Ethico").click()
    page.get_by_role("button", name="sub-ingrid", exact=True).click()
    page.wait_for_url(f"{staging.origin}/tenants?q=borealis")
    expect(page.get_by_role("link", name="Borealis Bank", exact=True)).to_be_visible()
    # Known by (issuer, subject) from now on; a second sign-in is the same person.
    page.goto("/me")
    expect(page.get_by_role("main")).to_contain_text(INVITED)
    page.get_by_label("Signed in as ingrid").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.get_by_role("button", name="Sign in with Ethico").click()
    page.get_by_role("button", name="sub-ingrid", exact=True).click()
    page.wait_for_url(f"{staging.origin}/")
    staging.program.assert_intact()


def test_an_identity_is_bound_once(visitor, provider, refused):
    """Another subject with the invited address is somebody else."""
    assert visitor.get(callback(visitor, provider, "sub-ingrid")).status == 303
    refused(Visitor(visitor.origin), "/sign-in/callback?code=x&state=y", "attempt_unknown")
    other = Visitor(visitor.origin)
    refused(other, callback(other, provider, "sub-ingrid-again"), "not_invited")


def test_tampered_state(visitor, provider, refused):
    address = callback(visitor, provider, "sub-ingrid")
    parts = dict(urllib.parse.parse_qsl(address.split("?")[1]))
    last = "A" if parts["state"][-1] != "A" else "B"
    forged = parts | {"state": parts["state"][:-1] + last}
    refused(visitor, "/sign-in/callback?" + urllib.parse.urlencode(forged), "attempt_unknown")


def test_a_callback_in_another_browser(visitor, provider, refused):
    address = callback(visitor, provider, "sub-ingrid")
    refused(Visitor(visitor.origin), address, "attempt_unknown")


def test_replayed_callback(visitor, provider, refused):
    address = callback(visitor, provider, "sub-ingrid", back="/me")
    attempt = dict(visitor.jar)
    first = visitor.get(address)
    assert first.status == 303 and first.location == "/me" and is_signed_in(visitor)
    again = Visitor(visitor.origin)
    again.jar = attempt
    refused(again, address, "attempt_unknown")
    assert is_signed_in(visitor)


@pytest.mark.parametrize("sub, word, reason", [
    ("sub-stranger", "invited", "not_invited"), ("sub-no-factor", "second factor", "second_factor"),
    ("sub-unverified", "invited", "not_invited")])
def test_who_is_not_let_in(visitor, provider, refused, sub, word, reason):
    assert word in refused(visitor, callback(visitor, provider, sub), reason)


def test_it_does_not_lead_to_another_site(visitor, provider):
    answer = visitor.get(callback(visitor, provider, "sub-ingrid", back="//evil.example/"))
    assert answer.status == 303 and answer.location == "/"


def test_start_from_another_site(visitor):
    answer = visitor.post("/sign-in/start", {}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status == 403 and answer.all("Set-Cookie") == []
