"""Texts and their entities, with TDLib and without."""

import pytest

from bot.playground.bot_api import display
from bot.playground.bot_api.refusals import BotApiError
from bot.playground.bot_api.verdict import Verdicts
from tests.playground.conftest import needs_tdlib


def _shown(verdicts: Verdicts, html: str) -> tuple[str, list[tuple[str, int, int]]]:
    formatted = verdicts.of_message(html, "HTML", None)
    found = [(e["type"], e["offset"], e["length"]) for e in formatted.entities]
    return formatted.text, found


@needs_tdlib
def test_tdlib_is_named() -> None:
    assert Verdicts().name.startswith("tdjson, TDLib 1.")
    assert Verdicts(use_tdlib=False).name == "none"


@pytest.mark.parametrize(
    "verdicts",
    [pytest.param(Verdicts(), marks=needs_tdlib, id="tdlib"), Verdicts(use_tdlib=False)],
)
@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>a</b> &amp; <i>b</i>", "a & b", [("bold", 0, 1), ("italic", 4, 1)]),
        ("<a href='https://a.org/?x=1&amp;y=2'>z</a>", "z", [("text_link", 0, 1)]),
        ("<a href='javascript:x'>z</a>", "z", []),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("🔔🔔<code>x</code>", "🔔🔔x", [("code", 4, 1)]),
        ("<b>a</b>\n ", "a", [("bold", 0, 1)]),
        ("/stop", "/stop", [("bot_command", 0, 5)]),
        ("<code>/stop</code>", "/stop", [("code", 0, 5)]),
        ('<span class="tg-spoiler">s</span>', "s", [("spoiler", 0, 1)]),
    ],
)
def test_both_readers_agree_on_what_is_right(
    verdicts: Verdicts, html: str, text: str, entities: list[tuple[str, int, int]]
) -> None:
    assert _shown(verdicts, html) == (text, entities)


@needs_tdlib
def test_entities_after_the_hundredth_are_dropped() -> None:
    formatted = Verdicts().of_message("<b>x</b> " * 120, "HTML", None)
    assert len([e for e in formatted.entities if e["type"] == "bold"]) == 100


@needs_tdlib
@pytest.mark.parametrize("char", ["x", "🔔"])
def test_4096_characters_are_the_most(char: str) -> None:
    assert Verdicts().of_message(char * 4096, "HTML", None).text == char * 4096
    with pytest.raises(BotApiError, match="message is too long"):
        Verdicts().of_message(char * 4097, "HTML", None)


def test_without_tdlib_nothing_is_refused_and_unknown_tags_vanish() -> None:
    assert display.read("<p>a</b> <u>c") == ("a c", [])
    assert _shown(Verdicts(use_tdlib=False), "<p>a <b>b") == ("a b", [])
