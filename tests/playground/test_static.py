"""The page as files: nothing from elsewhere, no markup made of received text."""

import re

import pytest

from bot.playground.server import STATIC

_STYLE = (STATIC / "style.css").read_text("utf-8")
_READ_ON = {
    "ink": ("paper", "side", "room", "theirs", "mine", "hover", "chosen", "key"),
    "soft": ("paper", "side", "room", "theirs", "mine", "hover", "chosen"),
    "link": ("paper", "side", "theirs", "mine", "hover", "chosen", "key"),
    "good": ("key", "side"),
    "danger": ("key",),
    "accent-ink": ("accent",),
}


def test_the_page_loads_nothing_from_elsewhere_and_never_writes_html() -> None:
    for path in STATIC.iterdir():
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text
        assert "//cdn" not in text
        assert "innerHTML" not in text
        assert "insertAdjacentHTML" not in text


def _colours(theme: str) -> dict[str, str]:
    """The colours by name; what the dark theme does not name is as in the light one."""
    light, _, dark = _STYLE.partition("@media (prefers-color-scheme: dark)")
    named = re.compile(r"--([\w-]+): (#[0-9a-f]{6,8});")
    found = dict(named.findall(light))
    return found if theme == "light" else found | dict(named.findall(dark))


def _parts(colour: str) -> list[int]:
    return [int(colour[at : at + 2], 16) for at in range(1, len(colour), 2)]


def _seen_on(colour: str, ground: str) -> list[float]:
    """What is seen of a colour that the ground may shine through."""
    *parts, opaque = _parts(colour.ljust(9, "f"))
    share = opaque / 255
    pairs = zip(parts, _parts(ground), strict=True)
    return [part * share + below * (1 - share) for part, below in pairs]


def _brightness(parts: list[float]) -> float:
    """Relative luminance, as WCAG 2.2 defines it."""
    shares = [part / 255 for part in parts]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_everything_can_be_read(theme: str) -> None:
    """A contrast of 4.5 at least: WCAG 2.2, success criterion 1.4.3."""
    colours = _colours(theme)
    faint = {}
    for ink, grounds in _READ_ON.items():
        for ground in grounds:
            seen = _seen_on(colours[ground], colours["room"])
            low, high = sorted((_brightness(seen), _brightness(_seen_on(colours[ink], "#000000"))))
            contrast = (high + 0.05) / (low + 0.05)
            if contrast < 4.5:
                faint[ink, ground] = round(contrast, 2)
    assert faint == {}
