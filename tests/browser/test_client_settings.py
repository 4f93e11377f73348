"""What a client sets of itself, saved and seen again: branding, retention, the provider its people sign in by. What is
refused keeps what was typed, and changes nothing. Light and dark, wide and narrow, with scripts and without."""

import re
import struct
import zlib

import pytest
from playwright.sync_api import Locator, Page, expect

from look import check, enter

FACES = [("light", 1440, True), ("dark", 320, True), ("light", 1440, False)]
NAME, COLOUR = "<b>Nord</b> & Söhne", "#1a5fb4"
SECRET, NEXT_SECRET = "first-secret-of-a-test", "second-secret-of-a-test"


@pytest.fixture
def tab(page_of, fresh_client):
    """Opens a tab of the settings of a client that has set nothing of itself yet."""

    def tab(name: str, **face) -> Page:
        page = page_of(**face)
        enter(page, fresh_client)
        page.goto(page.url + "settings")
        page.get_by_role("navigation", name="Settings").get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        return page

    return tab


def again(page: Page) -> None:
    """The page anew, by the tab that leads to it."""
    page.get_by_role("navigation", name="Settings").locator("[aria-current]").click()
    expect(page.locator(".result, .error-summary")).to_have_count(0)


def stored(page: Page) -> dict:
    """What stands there, as a program reads it."""
    tab = page.get_by_role("navigation", name="Settings").locator("[aria-current]").get_attribute("href")
    return page.request.get(tab, headers={"Accept": "application/json"}).json()


def picture(width: int, height: int) -> bytes:
    """A PNG of one colour that a browser can draw."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    rows = (b"\0" + b"\x1a\x5f\xb4" * width) * height
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def send_logo(page: Page, name: str, content: bytes) -> None:
    page.get_by_label("New logo").set_input_files({"name": name, "mimeType": "image/png", "buffer": content})
    page.get_by_role("button", name="Replace logo").click()


def drawn(page: Page, scripts: bool) -> tuple[int, int]:
    """How large the logo that stands on the page is, as its file says it."""
    logo = page.get_by_role("img", name=f"Logo of {NAME}")
    expect(logo).to_be_visible()
    if scripts:
        return tuple(logo.evaluate(
            "picture => picture.decode().then(() => [picture.naturalWidth, picture.naturalHeight])"))
    file = page.request.get(logo.get_attribute("src")).body()
    return struct.unpack(">II", file[16:24])


@pytest.mark.parametrize(("scheme", "width", "scripts"), FACES)
def test_branding(tab, scheme, width, scripts):
    page = tab("Branding", scheme=scheme, width=width, scripts=scripts)
    name, colour = page.get_by_label("Name", exact=True), page.get_by_label("Colour", exact=True)
    save = page.get_by_role("button", name="Save branding")
    # A logo stands beside a name.
    expect(page.get_by_role("button", name="Replace logo")).to_have_count(0)
    name.fill(NAME)
    colour.fill("teal")
    save.click()
    expect(page.get_by_role("alert")).to_contain_text("Write a colour as #1a5fb4")
    expect(name).to_have_value(NAME)
    expect(colour).to_have_value("teal")
    assert "name" not in stored(page)
    check(page, scripts)
    colour.fill(COLOUR.upper())
    save.click()
    expect(page.locator(".result")).to_have_text("The branding is saved.")
    check(page, scripts)
    again(page)
    expect(name).to_have_value(NAME)
    expect(colour).to_have_value(COLOUR)
    expect(page.get_by_role("main")).to_contain_text(f"{COLOUR} is saved; it stands out from white by")

    send_logo(page, "logo.png", picture(48, 32))
    expect(page.locator(".result")).to_have_text("The logo is replaced.")
    assert drawn(page, scripts) == (48, 32)
    check(page, scripts)
    for file, content, rule in (
        ("photo.png", b"<svg>", "“photo.png” is not a PNG, JPEG or WebP picture"),
        ("wide.png", picture(2_049, 1), "“wide.png” has 2,049 × 1 pixels"),
        ("heavy.png", picture(9, 9) + b"\0" * 524_288, "“heavy.png” is too large"),
    ):
        send_logo(page, file, content)
        expect(page.get_by_role("alert")).to_contain_text(rule)
        expect(name).to_have_value(NAME)
        assert drawn(page, scripts) == (48, 32)
    check(page, scripts)
    # The one that takes its place is seen at once, whatever the browser has kept of the first.
    send_logo(page, "logo.png", picture(64, 16))
    expect(page.locator(".result")).to_have_text("The logo is replaced.")
    assert drawn(page, scripts) == (64, 16)
    name.fill("Nord")
    colour.fill("#777777")
    save.click()
    expect(page.get_by_role("alert")).to_contain_text("text needs at least 4.5:1")
    expect(name).to_have_value("Nord")
    again(page)
    expect(name).to_have_value(NAME)
    expect(colour).to_have_value(COLOUR)
    assert drawn(page, scripts) == (64, 16)


def rule(page: Page, kind: str) -> Locator:
    return page.locator("form", has=page.get_by_role("button", name=f"Save {kind}"))


@pytest.mark.parametrize(("scheme", "width", "scripts"), FACES)
def test_retention(tab, scheme, width, scripts):
    page = tab("Retention", scheme=scheme, width=width, scripts=scripts)
    kind, other = "Disclosures after their decision", "Files of closed cases"
    days = page.get_by_label(kind, exact=True)

    def save(typed: str) -> None:
        days.fill(typed)
        page.get_by_role("button", name=f"Save {kind}").click()

    expect(rule(page, kind)).to_contain_text("No rule")
    expect(page.get_by_role("button", name=f"Clear {kind}")).to_have_count(0)
    save("365")
    expect(page.locator(".result")).to_have_text(f"{kind}: kept 365 days.")
    check(page, scripts)
    for wrong in ("29", "10951"):
        save(wrong)
        expect(page.get_by_role("alert")).to_contain_text(f"{kind}: 30 to 10,950 days.")
        expect(days).to_have_value(wrong)
        expect(rule(page, kind)).to_contain_text("365 days")
    check(page, scripts)
    again(page)
    expect(days).to_have_value("365")
    expect(rule(page, other)).to_contain_text("No rule")
    save("10950")
    expect(page.locator(".result")).to_have_text(f"{kind}: kept 10,950 days.")
    assert [(item["kind"], item["days"]) for item in stored(page)["items"]] == [("disclosure", 10_950)]
    page.get_by_role("button", name=f"Clear {kind}").click()
    expect(page.locator(".result")).to_have_text(f"{kind}: kept without a rule.")
    expect(days).to_have_value("")
    expect(rule(page, kind)).to_contain_text("No rule")
    check(page, scripts)


@pytest.mark.parametrize(("scheme", "width", "scripts"), FACES)
def test_sign_in(tab, scheme, width, scripts):
    page = tab("Sign-in", scheme=scheme, width=width, scripts=scripts)
    issuer, client = page.get_by_label("Issuer", exact=True), page.get_by_label("Client id", exact=True)
    secret = page.get_by_label(re.compile("^Client secret"))
    save = page.get_by_role("button", name="Save sign-in")

    def reveals(text: str) -> None:
        expect(page.get_by_role("main")).not_to_contain_text(text)
        assert text not in page.content()
        page.get_by_role("button", name="Reveal secret").click()
        expect(page.locator(".revealed")).to_contain_text(text)
        check(page, scripts)
        again(page)
        assert text not in page.content()

    expect(page.get_by_role("main")).to_contain_text("people sign in without a provider")
    issuer.fill("http://login.nord.example")
    client.fill("nord-portal")
    secret.fill(SECRET)
    save.click()
    expect(page.get_by_role("alert")).to_contain_text("Write the issuer's address")
    expect(issuer).to_have_value("http://login.nord.example")
    expect(client).to_have_value("nord-portal")
    # A secret is not sent back to stand in a page.
    expect(secret).to_have_value("")
    assert SECRET not in page.content() and "issuer" not in stored(page)
    check(page, scripts)
    issuer.fill("https://login.nord.example")
    secret.fill(SECRET)
    save.click()
    expect(page.locator(".result")).to_have_text("The sign-in is saved. It holds from the next sign-in on.")
    check(page, scripts)
    again(page)
    expect(issuer).to_have_value("https://login.nord.example")
    expect(client).to_have_value("nord-portal")
    reveals(SECRET)

    # Another secret beside something that is refused: whoever corrects that is told to write the secret again.
    client.fill("two words")
    secret.fill(NEXT_SECRET)
    save.click()
    expect(page.get_by_role("alert")).to_contain_text("1 to 200 characters without spaces")
    expect(page.get_by_role("alert")).to_contain_text("Write the new client secret again")
    expect(client).to_have_value("two words")
    check(page, scripts)
    again(page)
    expect(client).to_have_value("nord-portal")
    reveals(SECRET)
    # Left empty, the secret stays; written, it takes the place of the first.
    client.fill("nord-desk")
    save.click()
    expect(page.locator(".result")).to_contain_text("The sign-in is saved.")
    expect(client).to_have_value("nord-desk")
    reveals(SECRET)
    secret.fill(NEXT_SECRET)
    save.click()
    expect(page.locator(".result")).to_contain_text("The sign-in is saved.")
    reveals(NEXT_SECRET)
    page.get_by_role("button", name="Switch off sign-in").click()
    expect(page.locator(".result")).to_contain_text("is switched off, and its secret forgotten")
    expect(page.get_by_role("button", name="Reveal secret")).to_have_count(0)
    expect(issuer).to_have_value("")
    check(page, scripts)
