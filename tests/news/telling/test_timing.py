"""When a chat is told of a story: each rule, and their order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.news.chat import Habits, Topic, TopicOptions
from bot.news.outbox import DeliveryState, Telling
from bot.news.telling import timing
from bot.news.telling.timing import BREAKING_SOURCES, held_until, telling
from bot.news.why import Code, Why, because

NOON = datetime.fromisoformat("2026-05-01T12:00:00+00:00").timestamp()
NIGHT = datetime.fromisoformat("2026-05-01T23:00:00+00:00").timestamp()
USUAL = Habits()
NIGHTS = Habits(quiet=(22 * 60, 7 * 60))
HOUR = 3600.0


def _topic(number: int = 1, **options: Any) -> Topic:
    return Topic(number, 42, 0, f"t{number}", "ferry", 0.0, TopicOptions(**options))


def _told(
    habits: Habits,
    *topics: Topic,
    subscribed: bool = False,
    sources: int = 1,
    told: Mapping[int | None, int] | None = None,
    now: float = NOON,
) -> Telling:
    return telling(habits, topics, subscribed, sources, told or {}, now)


def test_the_usual_is_at_once_and_with_a_sound() -> None:
    assert _told(USUAL, _topic()) == Telling(DeliveryState.PENDING)
    assert _told(USUAL, subscribed=True) == Telling(DeliveryState.PENDING)


def test_a_story_waits_for_its_sources_unless_another_wish_does_not() -> None:
    waits = _told(USUAL, _topic(sources=2))
    assert (waits.state, waits.sources) == (DeliveryState.WAITING, 2)
    assert _told(USUAL, _topic(sources=2), sources=2).state is DeliveryState.PENDING
    assert _told(USUAL, _topic(1, sources=3), _topic(2, sources=2)).sources == 2
    assert _told(USUAL, _topic(sources=2), subscribed=True).state is DeliveryState.PENDING


def test_silent_is_what_all_that_want_it_now_say() -> None:
    assert _told(USUAL, _topic(silent=True)).silent
    assert not _told(USUAL, _topic(silent=True), _topic(2)).silent
    assert _told(USUAL, _topic(silent=True), _topic(2, sources=2)).silent
    assert not _told(USUAL, _topic(silent=True), subscribed=True).silent


@pytest.mark.parametrize(
    ("habits", "hours"),
    [
        (Habits(digest=(8 * 60, 18 * 60)), 6),
        (Habits(digest=(8 * 60,)), 20),
        (Habits(digest=(23 * 60,), quiet=(22 * 60, 7 * 60)), 19),
        (Habits(digest=(18 * 60,), timezone="Asia/Tokyo"), 21),
    ],
)
def test_a_chat_that_gathers_is_told_at_its_hours(habits: Habits, hours: float) -> None:
    held = _told(habits, _topic())
    assert (held.state, held.due_at) == (DeliveryState.HELD, NOON + hours * HOUR)
    assert held.sources is None


def test_a_topic_that_gathers_comes_at_the_usual_hours_unless_another_wants_it_now() -> None:
    held = _told(USUAL, _topic(digest=True))
    assert (held.state, held.due_at) == (DeliveryState.HELD, NOON + 6 * HOUR)
    assert _told(USUAL, _topic(digest=True), _topic(2)).state is DeliveryState.PENDING


def test_the_volume_of_a_day_is_kept_and_the_rest_is_held() -> None:
    habits = Habits(cap=12)
    assert _told(habits, _topic(), told={None: 11}).state is DeliveryState.PENDING
    held = _told(habits, _topic(), told={None: 12})
    assert held.state is DeliveryState.HELD
    assert "limit of 12" in str(held.reason)
    assert _told(USUAL, _topic(cap=3), told={None: 9, 1: 3}).state is DeliveryState.HELD
    both = (_topic(1, cap=3), _topic(2))
    assert _told(USUAL, *both, told={1: 3}).state is DeliveryState.PENDING
    assert _told(USUAL, _topic(1, cap=3), _topic(2, digest=True), told={1: 3}).state is (
        DeliveryState.HELD
    )


def test_quiet_hours_hold_until_their_end_and_many_sources_break_through() -> None:
    held = _told(NIGHTS, _topic(), now=NIGHT)
    assert (held.state, held.due_at) == (DeliveryState.HELD, NIGHT + 8 * HOUR)
    assert held.sources == BREAKING_SOURCES
    loud = _told(NIGHTS, _topic(), now=NIGHT, sources=BREAKING_SOURCES)
    assert loud.state is DeliveryState.PENDING
    still = _told(replace(NIGHTS, breaking=False), _topic(), now=NIGHT, sources=9)
    assert (still.state, still.sources) == (DeliveryState.HELD, None)
    assert _told(NIGHTS, _topic(), now=NOON).state is DeliveryState.PENDING


def test_changed_habits_move_what_is_held() -> None:
    assert held_until(USUAL, NOON) == NOON
    assert held_until(Habits(digest=(18 * 60,)), NOON) == NOON + 6 * HOUR
    assert held_until(NIGHTS, NIGHT) == NIGHT + 8 * HOUR


@given(
    st.builds(
        Habits,
        timezone=st.sampled_from(["UTC", "Europe/London", "America/New_York"]),
        digest=st.sampled_from([(), (480,), (90, 1080)]),
        quiet=st.sampled_from([None, (1320, 420), (60, 120)]),
        breaking=st.booleans(),
        cap=st.sampled_from([0, 1, 12]),
    ),
    st.lists(
        st.builds(
            TopicOptions,
            silent=st.booleans(),
            digest=st.booleans(),
            sources=st.integers(1, 3),
            cap=st.integers(0, 2),
        ),
        max_size=3,
    ),
    st.booleans(),
    st.integers(1, 6),
    st.dictionaries(st.sampled_from([None, 0, 1, 2]), st.integers(0, 13)),
    st.floats(NOON, NOON + 3e7),
)
def test_whatever_is_wanted_is_told_now_or_has_an_hour_or_a_number_of_sources(
    habits: Habits,
    options: list[TopicOptions],
    subscribed: bool,
    sources: int,
    told: dict[int | None, int],
    now: float,
) -> None:
    topics = [Topic(i, 42, 0, "t", "x", 0.0, each) for i, each in enumerate(options)]
    if not topics and not subscribed:
        return
    plan = telling(habits, topics, subscribed, sources, told, now)
    match plan.state:
        case DeliveryState.PENDING:
            assert plan.due_at == 0
        case DeliveryState.HELD:
            assert now < plan.due_at <= now + 50 * HOUR
            assert plan.sources is None or plan.sources > sources
            assert plan.reason
        case DeliveryState.WAITING:
            assert plan.sources is not None
            assert plan.sources > sources
        case _:
            raise AssertionError(plan)


PAUSED = replace(USUAL, paused_until=NOON + 2 * HOUR)


def test_in_a_pause_everything_waits_for_its_end_even_major_news() -> None:
    for habits in (PAUSED, replace(PAUSED, cap=1, breaking=True)):
        for sources in (1, BREAKING_SOURCES + 3):
            told = _told(habits, _topic(), sources=sources)
            assert (told.state, told.due_at) == (DeliveryState.HELD, NOON + 2 * HOUR)
            assert told.reason == timing.PAUSED
            assert told.sources is None
    assert _told(PAUSED, _topic(), now=NOON + 2 * HOUR).state is DeliveryState.PENDING


def test_what_a_pause_held_comes_with_the_next_digest_and_never_in_quiet_hours() -> None:
    assert held_until(replace(PAUSED, digest=(18 * 60,)), NOON) == NOON + 6 * HOUR
    # That of the very minute in which the pause ends is the next.
    assert held_until(replace(PAUSED, digest=(14 * 60,)), NOON) == NOON + 2 * HOUR
    assert held_until(replace(PAUSED, quiet=(13 * 60, 15 * 60)), NOON) == NOON + 3 * HOUR
    assert timing.put_off(PAUSED, NOON + HOUR) == NOON + 2 * HOUR
    # What is held for a digest comes with it, or at the end of the pause that it falls into.
    assert timing.digest_at(PAUSED, NOON) == NOON + 6 * HOUR
    assert timing.digest_at(replace(PAUSED, paused_until=NOON + 7 * HOUR), NOON) == NOON + 7 * HOUR
    assert timing.digest_at(replace(PAUSED, digest=(13 * 60,)), NOON) == NOON + 25 * HOUR
    assert timing.put_off(USUAL, NOON + HOUR) == NOON + HOUR


def test_a_digest_of_some_days_waits_for_them() -> None:
    friday_noon = NOON
    monday = replace(USUAL, digest=(8 * 60,), days=(0,))
    told = _told(monday, _topic(), now=friday_noon)
    assert (told.state, told.due_at) == (DeliveryState.HELD, friday_noon + 2 * 86_400 + 20 * HOUR)
    # What the daily limit holds back does not wait for a week.
    limited = _told(replace(USUAL, cap=1, days=(0,)), _topic(), told={None: 1})
    assert limited.due_at == friday_noon + 6 * HOUR


@given(
    st.builds(TopicOptions, digest=st.booleans(), cap=st.integers(0, 4)),
    st.integers(0, 5),
)
def test_a_topic_has_room_where_it_would_tell_at_once(options: TopicOptions, told: int) -> None:
    topic = replace(_topic(), options=options)
    telling = _told(USUAL, topic, told={topic.id: told})
    assert timing.has_room(options, told) is (telling.state is DeliveryState.PENDING)
    assert (telling.reason in timing.BY_TOPICS) is not timing.has_room(options, told)


@pytest.mark.parametrize(
    ("habits", "why", "is_over"),
    [
        (USUAL, timing.GATHERED, True),
        (replace(USUAL, digest=(480,)), timing.GATHERED, False),
        (USUAL, because(Code.CHAT_CAP, 12), True),
        (replace(USUAL, cap=30), because(Code.CHAT_CAP, 12), True),
        (replace(USUAL, cap=12), because(Code.CHAT_CAP, 12), False),
        (replace(USUAL, cap=5), because(Code.CHAT_CAP, 12), False),
        (replace(USUAL, cap=5), because(Code.CHAT_CAP, "x"), False),
        (USUAL, timing.QUIET_HOURS, False),
        (USUAL, because(Code.TOPICS_CAP), False),
    ],
)
def test_what_held_a_story_is_over_when_the_habit_is(
    habits: Habits, why: Why, is_over: bool
) -> None:
    assert timing.is_over(habits, why) is is_over


@given(
    st.builds(
        Habits,
        quiet=st.none() | st.just((22 * 60, 7 * 60)),
        digest=st.sampled_from([(), (480,), (480, 1080)]),
        days=st.sampled_from([(), (0,), (0, 1, 2, 3, 4)]),
        paused_until=st.floats(NOON - 86_400, NOON + 8 * 86_400),
        timezone=st.sampled_from(["UTC", "Asia/Kolkata", "America/New_York"]),
    ),
    st.booleans(),
)
def test_nothing_comes_before_a_pause_ends(habits: Habits, subscribed: bool) -> None:
    told = _told(habits, _topic(), subscribed=subscribed)
    at = NOON if told.state is DeliveryState.PENDING else told.due_at
    assert at >= min(habits.paused_until, at)
    if habits.paused_until > NOON:
        assert told.state is DeliveryState.HELD
        assert told.due_at >= habits.paused_until
        assert held_until(habits, NOON) == told.due_at
