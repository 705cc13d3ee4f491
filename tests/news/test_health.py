"""How a feed is, in words."""

from dataclasses import replace

import pytest

from bot.news import health
from bot.news.feed import Feed
from bot.news.health import State
from bot.news.identity import KnownBy, Policy

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
    assert health.state_of(replace(FEED, **change)) is state  # type: ignore[arg-type]


def test_a_feed_without_fault_leaves_no_doubt() -> None:
    assert health.doubts(FEED, 2_000.0) == []


def test_doubts_say_what_is_wrong_and_what_is_done_about_it() -> None:
    odd = replace(FEED, policy=Policy(KnownBy.MOMENT, "ids change, links change"))
    assert health.doubts(odd, 2_000.0) == [
        "Ids change, links change: entries are known by title and date."
    ]


def test_an_archive_is_mentioned_for_a_week() -> None:
    hushed = replace(FEED, hushed=1, hushed_at=2_000.0)
    assert health.doubts(hushed, 3_000.0) == [
        "Showed its archive at once: 1 entry stored without ringing."
    ]
    assert health.doubts(hushed, 2_000.0 + 8 * 86_400) == []
