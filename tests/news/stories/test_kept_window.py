"""The window as a stop leaves it is the window."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.news.stories.cards import card_of
from bot.news.stories.kept_window import Filling, parts_of
from bot.news.stories.splitting.terms import terms_of
from bot.news.stories.window import Window
from tests.news.stories.test_window import DAY, _filled, _reports, is_empty, seen_in

_Report = tuple[str, str, str, float, int]
_Parts = list[tuple[str, bytes]]


def _again(parts: _Parts) -> Window:
    """The window that these parts make."""
    window = Window(3 * DAY)
    filling = Filling(window)
    for name, piece in parts:
        filling.put(name, piece)
    for _ in filling.ending():
        pass
    return window


@settings(deadline=None)
@given(st.lists(_reports, max_size=20), st.lists(_reports, max_size=10))
def test_it_is_what_it_was_and_goes_on_so(before: list[_Report], after: list[_Report]) -> None:
    window = _filled(before, 0.0)
    kept = _again(list(parts_of(window)))
    assert seen_in(kept) == seen_in(window)
    assert (kept.newest, kept.bytes, kept.first) == (window.newest, window.bytes, window.first)
    at = window.newest
    for title, summary, source, later, story in after:
        at += later
        for each in (window, kept):
            each.add(card_of(terms_of(title, summary, "en")), source, at, story)
    assert seen_in(kept) == seen_in(window)
    for each in (window, kept):
        each.forget(at + 30 * DAY)
        assert is_empty(each)


@pytest.mark.slow
def test_a_large_one_goes_through_in_small_pieces() -> None:
    window = Window(3 * DAY)
    for number in range(2_000):
        words = " ".join(f"w{number % 97}x{place}" for place in range(60))
        window.add(card_of(terms_of(f"Harbour {number} opens", words, "en")), "Gull", 9.0, number)
    parts = list(parts_of(window))
    assert max(len(piece) for _, piece in parts) < 200_000
    assert seen_in(_again(parts)) == seen_in(window)


@settings(deadline=None)
@given(st.lists(_reports, max_size=20), st.floats(0, 20))
def test_what_is_too_old_leaves_it(before: list[_Report], days: float) -> None:
    window = _filled(before, 0.0)
    kept = _again(list(parts_of(window)))
    leaving = sum(window.reports.came(serial) < days * DAY for serial in window.reports)
    for each in (window, kept):
        assert each.leaves_many(days * DAY, leaving)
        assert not each.leaves_many(days * DAY, leaving + 1)
    kept.leave(days * DAY)
    assert len(kept.reports) == len(window.reports) - leaving
    assert all(kept.reports.came(serial) >= days * DAY for serial in kept.reports)


@settings(deadline=None)
@given(st.lists(_reports, min_size=1, max_size=9), st.data())
def test_pieces_that_are_lost_or_cut_make_none(before: list[_Report], data: st.DataObject) -> None:
    parts = [part for part in parts_of(_filled(before, 0.0)) if part[1]]
    place = data.draw(st.integers(0, len(parts) - 1))
    name, piece = parts[place]
    cut = data.draw(st.integers(0, len(piece) - 1))
    parts[place : place + 1] = [(name, piece[:cut])] if cut else []
    with pytest.raises((ValueError, LookupError)):
        _again(parts)
