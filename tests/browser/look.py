"""What an eye would see: axe, the pixels of the frame, and what lies where."""

import struct
import zlib
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()

# Hatching as deep as the frame is, and how many stripes a line of pixels has to cross at the least.
FRAME = 6
PIXELS_A_STRIPE = 40

Colour = tuple[int, int, int]


def assert_accessible(page: Page) -> None:
    """No violation that axe calls serious or critical."""
    session = page.context.new_cdp_session(page)
    # By the debugger's own evaluation, which the page's content security policy does not bind.
    session.send("Runtime.evaluate", {"expression": AXE})
    found = session.send(
        "Runtime.evaluate",
        {"expression": "axe.run(document, {resultTypes: ['violations'], preload: false})", "awaitPromise": True, "returnByValue": True})
    session.detach()
    assert "exceptionDetails" not in found, found
    grave = [
        f"{violation['id']} ({violation['impact']}): {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
        for violation in found["result"]["value"]["violations"] if violation["impact"] in ("serious", "critical")
        for node in violation["nodes"][:3]
    ]
    assert not grave, f"{page.url}\n" + "\n".join(grave)


def pixels(png: bytes) -> list[list[Colour]]:
    """The rows of a PNG as Chromium writes them: 8 bits a channel, not interlaced."""
    width, height, depth, kind, _, _, interlaced = struct.unpack(">IIBBBBB", png[16:29])
    assert (depth, interlaced) == (8, 0) and kind in (2, 6)
    channels = 3 if kind == 2 else 4
    data, at = b"", 8
    while at < len(png):
        length, name = struct.unpack(">I4s", png[at:at + 8])
        if name == b"IDAT":
            data += png[at + 8:at + 8 + length]
        at += 12 + length
    raw, stride = zlib.decompress(data), width * channels
    above, rows = bytearray(stride), []
    for row in range(height):
        start = row * (stride + 1)
        line = _unfiltered(raw[start], bytearray(raw[start + 1:start + 1 + stride]), above, channels)
        rows.append([tuple(line[i:i + 3]) for i in range(0, stride, channels)])
        above = line
    return rows


def _unfiltered(kind: int, line: bytearray, above: bytearray, channels: int) -> bytearray:
    for i in range(len(line)):
        left = line[i - channels] if i >= channels else 0
        corner = above[i - channels] if i >= channels else 0
        if kind == 1:
            line[i] = line[i] + left & 255
        elif kind == 2:
            line[i] = line[i] + above[i] & 255
        elif kind == 3:
            line[i] = line[i] + (left + above[i]) // 2 & 255
        elif kind == 4:
            guess = left + above[i] - corner
            nearest = min((left, above[i], corner), key=lambda value: abs(guess - value))
            line[i] = line[i] + nearest & 255
    return line


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio [WCAG 2.2]."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (c / 255 for c in colour)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def clip(page: Page, x: float, y: float, width: float, height: float) -> list[list[Colour]]:
    return pixels(page.screenshot(clip={"x": x, "y": y, "width": width, "height": height}))


def assert_frame_in_pixels(page: Page) -> None:
    """Along all four edges the pixels are stripes that stand out from the page."""
    width, height = page.viewport_size["width"], page.viewport_size["height"]
    ground = clip(page, FRAME + 2, height // 2, 1, 1)[0][0]
    edges = {
        "top": clip(page, 0, 0, width, FRAME)[FRAME // 2],
        "bottom": clip(page, 0, height - FRAME, width, FRAME)[FRAME // 2],
        "left": [row[FRAME // 2] for row in clip(page, 0, 0, FRAME, height)],
        "right": [row[FRAME // 2] for row in clip(page, width - FRAME, 0, FRAME, height)],
    }
    for name, line in edges.items():
        best = max(contrast(colour, ground) for colour in line)
        assert best >= 3, f"{page.url}: the {name} edge stands out by {best:.2f}:1 only"
        darkest, lightest = min(map(_luminance, line)), max(map(_luminance, line))
        middle = (darkest + lightest) / 2
        marks = [_luminance(colour) > middle for colour in line]
        stripes = sum(a != b for a, b in zip(marks, marks[1:]))
        assert lightest - darkest > 0.05 and stripes >= len(line) / PIXELS_A_STRIPE, (
            f"{page.url}: the {name} edge is not hatched ({stripes} changes on {len(line)} pixels)")


SEEN = """() => {
  const root = document.documentElement;
  const banner = document.querySelector(".access-banner"), frame = document.querySelector(".access-frame");
  const shown = (element) => {
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    return style.display !== "none" && style.visibility === "visible" && style.opacity !== "0" && box.width > 0 && box.height > 0;
  };
  const uncovered = () => {
    const box = banner.getBoundingClientRect();
    const spots = [[0.1, 0.5], [0.3, 0.5], [0.5, 0.5], [0.9, 0.5]];
    return box.top >= 0 && box.bottom <= innerHeight && spots.every(([x, y]) => {
      const found = document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
      return found !== null && banner.contains(found);
    });
  };
  const outside = [...document.body.querySelectorAll("*")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.right > root.clientWidth + 0.5 && getComputedStyle(element).position !== "fixed";
  }).slice(0, 3).map((element) => element.outerHTML.slice(0, 120));
  const seen = { sideways: root.scrollWidth - root.clientWidth, outside, banner: banner !== null, frame: frame !== null };
  if (!banner || !frame) return seen;
  scrollTo({ top: 0, behavior: "instant" });
  seen.top = uncovered();
  scrollTo({ top: root.scrollHeight, behavior: "instant" });
  seen.bottom = uncovered();
  seen.scrolled = scrollY;
  scrollTo({ top: 0, behavior: "instant" });
  return Object.assign(seen, {
    words: banner.textContent, bannerShown: shown(banner), frameShown: shown(frame),
    position: getComputedStyle(banner).position, pointer: getComputedStyle(frame).pointerEvents,
  });
}"""


def seen(page: Page) -> dict:
    """Where banner and frame lie, and by how much the page is wider than its window."""
    return page.evaluate(SEEN)


def look(page: Page) -> None:
    """Accessible, and no wider than its window."""
    assert_accessible(page)
    found = seen(page)
    assert found["sideways"] <= 0, f"{page.url}: {found}"


def check(page: Page, scripts: bool) -> None:
    """The same, where scripts run: without them nothing can be asked of the page."""
    if scripts:
        look(page)


def enter(page: Page, slug: str = "acme-health") -> None:
    """Steps into a client's workspace, as nobody of it."""
    page.goto(f"/t/{slug}/enter")
    page.get_by_role("button", name="Enter workspace").click()
    page.wait_for_url("**/i/*/")
