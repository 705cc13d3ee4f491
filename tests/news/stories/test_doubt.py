"""Joins just above the threshold are in doubt, and nothing else is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.news.stories.clustering import STORY_THRESHOLD, Sighting, Verdict
from bot.news.stories.doubt import DOUBT_BAND, SURELY_TOLD, doubtful
from bot.news.stories.placing import Placer
from bot.news.text.plain import fold_title
from tests.news.stories.doubted import (
    AGROUND,
    ASHORE,
    chance,
    threshold_of_doubt,
    threshold_of_no_doubt,
)

_chances = st.floats(0.0, 1.0)


def _alike(score: float, told: float = 1.0) -> Verdict:
    return Verdict(1, "alike", score, told=told)


@given(_chances, _chances)
def test_what_joins_by_likeness_is_in_doubt_as_far_as_the_band_goes(
    score: float, threshold: float
) -> None:
    left, short = 1.0 - threshold, 1.0 - score
    if doubtful(_alike(score), threshold):
        assert score >= threshold
        assert short == pytest.approx(left) or short >= left * (1.0 - DOUBT_BAND)
    else:
        assert score < threshold or short <= left * (1.0 - DOUBT_BAND) + 1e-9


@given(_chances, _chances, _chances)
def test_what_is_likelier_than_what_is_sure_is_sure(one: float, two: float, at: float) -> None:
    low, high = sorted(max(each, at) for each in (one, two))
    if not doubtful(_alike(low), at):
        assert not doubtful(_alike(high), at)


@given(_chances, _chances)
def test_what_is_not_very_like_what_the_alert_told_is_in_doubt(score: float, told: float) -> None:
    assert doubtful(_alike(score, told), 0.0) == (
        told < SURELY_TOLD or doubtful(_alike(score), 0.0)
    )


@given(_chances, st.sampled_from(["link", "title", "copy", "new", "taken out"]), _chances)
def test_nothing_else_is_in_doubt(score: float, reason: str, threshold: float) -> None:
    story = None if reason in ("new", "taken out") else 1
    assert not doubtful(Verdict(story, reason, score), threshold)


def test_what_just_joins_is_in_doubt_and_what_is_certain_is_not() -> None:
    assert not doubtful(_alike(1.0), STORY_THRESHOLD)
    assert doubtful(_alike(STORY_THRESHOLD), STORY_THRESHOLD)


@pytest.mark.parametrize(
    ("threshold", "in_doubt"), [(threshold_of_doubt(), True), (threshold_of_no_doubt(), False)]
)
def test_a_report_is_placed_in_doubt_by_how_near_the_threshold_it_joined(
    threshold: float, in_doubt: bool
) -> None:
    placer = Placer(threshold)
    assert not placer.place(AGROUND, 1).doubtful
    where = placer.place(ASHORE, 2)
    assert (where.story, where.verdict.score, where.doubtful) == (1, chance(), in_doubt)


@pytest.mark.parametrize(
    ("threshold", "in_doubt"), [(threshold_of_doubt(), True), (threshold_of_no_doubt(), False)]
)
def test_guests_join_and_are_taken_in_in_doubt_as_others_are(
    threshold: float, in_doubt: bool
) -> None:
    followers = frozenset({1})
    placer = Placer(threshold)
    placer.place_guest(AGROUND, 1, followers)
    where = placer.place(ASHORE, 2)
    assert (where.takes_in, where.doubtful) == ((1,), False)
    assert where.doubted == ((1,) if in_doubt else ())
    placer = Placer(threshold)
    placer.place(AGROUND, 1)
    assert placer.place_guest(replace(ASHORE, feed=3), 2, followers).doubtful is in_doubt


LINK = "https://example.org/2026/1234"
ZOO, DAM = "Quiet day at the zoo, keepers say", "Dam breaks above Ostwick, thousands told to flee"


def _shown(title: str, feed: int, at: float = 0.0) -> Sighting:
    return Sighting(LINK, fold_title(title), at, title, "", f"Feed {feed}", "en", feed)


@pytest.mark.parametrize(
    ("title", "feed", "in_doubt"),
    [
        (DAM, 2, True),
        (ZOO, 2, False),
        ("Keepers of a zoo tell of their day", 2, False),
        ("…", 2, False),
        (DAM, 1, False),
    ],
)
def test_a_page_that_another_feed_shows_as_something_else_is_in_doubt(
    title: str, feed: int, in_doubt: bool
) -> None:
    placer = Placer()
    placer.place(_shown(ZOO, 1), 1)
    where = placer.place(_shown(title, feed, 60.0), 2)
    assert where.doubtful is in_doubt
    # One feed that shows two entries under one link has no page for each.
    assert where.story == (1 if feed == 2 else 2)


def test_a_guest_that_shows_a_page_first_does_not_hide_what_the_operators_feed_says_of_it() -> None:
    placer = Placer()
    placer.place_guest(_shown(ZOO, 9), 1, frozenset({1}))
    where = placer.place(_shown(DAM, 1, 60.0), 2)
    assert (where.takes_in, where.doubted) == ((1,), (1,))
