"""The colours of the console, computed from the style sheets themselves: text at least 4.5:1, marks at least 3:1, in both
schemes and for the hue of every client [WCAG 2.2, 1.4.3 and 1.4.11]."""

import math
import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "apps" / "ops-console" / "Public" / "css"
SCHEMES = ("light", "dark")
MEANINGS = ("good", "attention", "bad", "info", "away")
GROUNDS = ("page", "sunken", "hover", "raised")
HUES = range(8)

TEXT, MARK = 4.5, 3.0
# What stands on what, and how much it has to stand out; a meaning and a hue have pairs of their own below.
PAIRS = [
    *((text, ground, TEXT) for text in ("text", "soft", "muted", "accent") for ground in GROUNDS),
    ("text", "pressed", TEXT), ("accent", "accent-surface", TEXT), ("text", "accent-surface", TEXT),
    *(("on-accent", fill, TEXT) for fill in (
        "accent-fill", "accent-fill-hover", "danger-fill", "danger-fill-hover")),
    # The borders of controls, the ring of the focus, the mark of a badge without a meaning.
    *((mark, ground, MARK) for mark in ("control", "accent", "n9") for ground in GROUNDS),
]
OF_A_MEANING = [
    *(("{0}", ground, TEXT) for ground in (*GROUNDS, "{0}-surface")),
    *(("{0}-mark", ground, MARK) for ground in (*GROUNDS, "{0}-surface")),
]
OF_A_HUE = [
    ("on-hue", "hue-fill", TEXT), ("hue-text", "hue-surface", TEXT), ("hue-text", "page", TEXT),
    # The frame on what it lies above, and its stripes on each other.
    ("hue-stripe", "page", MARK), ("hue-stripe", "raised", MARK), ("hue-stripe", "hue-gap", MARK),
]


def declarations(text: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+):\s*([^;]+);", re.sub(r"/\*.*?\*/", "", text, flags=re.S)))


TOKENS = declarations((CSS / "tokens.css").read_text().split("@media")[0])


def hue(number: int) -> dict[str, str]:
    """The tokens of a client's hue: those of all, with the hue's own over them."""
    text = (CSS / "hues.css").read_text()
    common, own = (re.search(rf"\[{selector}\]\s*\{{(.*?)\}}", text, re.S)[1]
                   for selector in ("data-hue", f'data-hue="{number}"'))
    return TOKENS | declarations(common) | declarations(own)


def colour(name: str, scheme: str, tokens: dict[str, str]) -> tuple[float, float, float]:
    """Lightness, chroma and hue of a token in a scheme."""
    value = tokens[name]
    while found := re.search(r"var\(--([a-z0-9-]+)\)", value):
        value = value.replace(found[0], tokens[found[1]])
    value = re.sub(r"calc\(([\d.]+) \* ([\d.]+)\)", lambda product: str(float(product[1]) * float(product[2])), value)
    shades = re.findall(r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)", value)
    assert 1 <= len(shades) <= 2 and "var(" not in value, f"--{name}: {value}"
    return tuple(float(part) for part in shades[SCHEMES.index(scheme) if len(shades) == 2 else 0])


def luminance(shade: tuple[float, float, float]) -> float:
    """Relative luminance [WCAG 2.2] of a colour in OKLCH [CSS Color 4, 18.2], clipped to what a screen shows."""
    lightness, chroma, angle = shade
    a, b = chroma * math.cos(math.radians(angle)), chroma * math.sin(math.radians(angle))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    red, green, blue = (min(1, max(0, part)) for part in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def too_weak(pairs, scheme: str, tokens: dict[str, str]) -> list[str]:
    weak = []
    for front, ground, wanted in pairs:
        found = contrast(luminance(colour(front, scheme, tokens)), luminance(colour(ground, scheme, tokens)))
        if found < wanted:
            weak.append(f"--{front} on --{ground}: {found:.2f} of {wanted}")
    return weak


def test_the_reckoning_itself():
    assert contrast(luminance((1, 0, 0)), luminance((0, 0, 0))) == pytest.approx(21, abs=0.01)
    # #767676 on white, the darkest grey that WCAG's own example lets pass.
    assert contrast(luminance((1, 0, 0)), luminance((0.5657, 0, 0))) == pytest.approx(4.54, abs=0.03)
    # sRGB red: 3.998.
    assert contrast(luminance((1, 0, 0)), luminance((0.62796, 0.25768, 29.234))) == pytest.approx(4.0, abs=0.02)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_text_and_controls(scheme):
    assert not too_weak(PAIRS, scheme, TOKENS)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("meaning", MEANINGS)
def test_meanings(meaning, scheme):
    pairs = [(front.format(meaning), ground.format(meaning), wanted) for front, ground, wanted in OF_A_MEANING]
    assert not too_weak(pairs, scheme, TOKENS)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("number", HUES)
def test_hues(number, scheme):
    assert not too_weak(OF_A_HUE, scheme, hue(number))


def test_every_hue_is_another():
    hues = [hue(number)["hue"] for number in HUES]
    assert len(set(hues)) == len(HUES), hues
    assert f'[data-hue="{len(HUES)}"]' not in (CSS / "hues.css").read_text()
