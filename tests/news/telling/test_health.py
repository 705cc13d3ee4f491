"""How a feed is, in words."""

import pytest
from msgspec.structs import replace

from bot.feeds.fetching.headers import why_status
from bot.news.feed import Feed
from bot.news.polling.gaps import Gaps
from bot.news.polling.identity import KnownBy, Policy
from bot.news.telling import health
from bot.news.telling.health import State
from bot.news.why import Code, Why, because, quoted

FEED = Feed(
    id=1, url="https://x.example/feed", title="X", named=False, group="", language=None,
    suspended=False, settled=True, etag=None, last_modified=None, body_hash=None, poll_at=0.0,
    interval=60.0, failures=0, error=None, answered_at=1_000.0, news_at=None, failing_since=None,
    policy=Policy(), newest_at=None, usual=0.0, hushed=0, hushed_at=None,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, State.ANSWERING),
        ({"answered_at": None}, State.PENDING),
        ({"failures": 2, "error": "no answer"}, State.FAILING),
        ({"error": "too many requests"}, State.WAITING),
        ({"suspended": True, "error": "gone", "failures": 1}, State.SUSPENDED),
    ],
)
def test_a_state_is_what_the_last_poll_came_to(change: dict[str, object], state: State) -> None:
    assert health.state_of(replace(FEED, **change)) is state


def test_a_feed_without_fault_leaves_no_doubt() -> None:
    assert health.doubts(FEED, 2_000.0) == []


def test_doubts_say_what_is_wrong_and_what_is_done_about_it() -> None:
    odd = replace(
        FEED, policy=Policy(KnownBy.MOMENT, (because(Code.IDS_CHANGE), because(Code.LINKS_CHANGE)))
    )
    assert [*map(str, health.doubts(odd, 2_000.0))] == [
        "Ids change, links change, so stories are recognised by title and date."
    ]


def test_an_archive_is_mentioned_for_a_week() -> None:
    hushed = replace(FEED, hushed=1, hushed_at=2_000.0)
    assert [*map(str, health.doubts(hushed, 3_000.0))] == [
        "Sent old news at once: 1 story kept without an alert."
    ]
    assert health.doubts(hushed, 2_000.0 + 8 * 86_400) == []


@pytest.mark.parametrize(
    ("every", "silent", "said"),
    [
        (240.0, 60.0, "Usually news every 4 minutes."),
        (240.0, 3 * 3600.0, "Usually news every 4 minutes, but none for 3 hours."),
        (3600.0, 3 * 3600.0, "Usually news every hour."),
        (5.0, 0.0, "Usually news every minute."),
        (2 * 86_400.0, 11 * 86_400.0, "Usually news every 2 days, but none for 11 days."),
    ],
)
def test_a_feed_that_is_silent_for_long_is_said_to_be(
    every: float, silent: float, said: str
) -> None:
    feed = replace(FEED, gaps=Gaps(every, 20), news_at=1e9 - silent)
    assert str(health.pace(feed, 1e9)) == said


def test_nothing_is_said_of_a_rhythm_that_is_not_known() -> None:
    assert health.pace(replace(FEED, gaps=Gaps(60.0, 2), news_at=0.0), 1e9) is None


@pytest.mark.parametrize(
    ("error", "advised"),
    [
        (why_status(404), "new address"),
        (because(Code.WEB_PAGE), "new address"),
        (why_status(403), "refuses me"),
        (because(Code.GONE), "ended"),
        (because(Code.NOT_ALLOWED), "whoever runs this bot"),
        (why_status(500), "keep trying"),
        (why_status(405), "keep trying"),
        (quoted("something like 404 that nobody thought of"), "keep trying"),
        (None, "keep trying"),
    ],
)
def test_what_to_do_about_a_failing_feed_is_said(error: Why | None, advised: str) -> None:
    assert advised in str(health.advice(replace(FEED, failures=3, error=error)))
    assert health.advice(replace(FEED, error=error)) is None


@pytest.mark.parametrize(
    ("failures", "hours", "suspended", "long"),
    [(6, 6, False, True), (5, 60, False, False), (60, 5, False, False), (2, 1, True, True)],
)
def test_people_are_told_of_what_fails_often_and_for_hours(
    failures: int, hours: float, suspended: bool, long: bool
) -> None:
    now = 1e9
    feed = replace(FEED, failures=failures, failing_since=now - hours * 3600, suspended=suspended)
    assert health.is_long_in_trouble(feed, now) is long
