"""A rare pattern is asked as any other, and compiled when it is asked first."""

import re

from bot.news.text import plain, summary
from bot.news.text.rare import RarePattern


def test_it_finds_what_its_pattern_finds() -> None:
    rare, pattern = RarePattern("t[iy]de", re.IGNORECASE), re.compile("t[iy]de", re.IGNORECASE)
    for text in ("Tide", "low tyde", "", "tides"):
        for found, wanted in (
            (rare.search(text), pattern.search(text)),
            (rare.match(text, 4), pattern.match(text, 4)),
            (rare.fullmatch(text), pattern.fullmatch(text)),
        ):
            assert (found and found.span()) == (wanted and wanted.span())
        assert rare.sub("-", text) == pattern.sub("-", text)


def test_all_of_ours_can_be_asked() -> None:
    ours = [*vars(plain).values(), *vars(summary).values(), *summary._DATELINES]
    for each in (each for each in ours if isinstance(each, RarePattern)):
        each.search("Tide")


def test_what_is_never_asked_is_never_compiled() -> None:
    RarePattern("(")
