"""How many stories come, as rules."""

from hypothesis import given
from hypothesis import strategies as st

from bot.news.telling.volume import (
    DAY,
    SLOT_SECONDS,
    SLOTS,
    Seen,
    StoryKind,
    Volume,
    rounded,
    slot_of,
    slots_since,
)

_KINDS = st.builds(
    StoryKind,
    topics=st.frozensets(st.sampled_from("abc")),
    spoken=st.sampled_from([(), ("en",), ("de",), ("ru", "uk")]),
    feed=st.integers(1, 3),
    weight=st.floats(1, 9),
)
_SEEN = st.builds(Seen, st.lists(_KINDS, max_size=20).map(tuple), st.floats(0, 7))
_LANGUAGES = st.sampled_from([(), ("en",), ("de", "en"), ("uk",)])


def test_a_rate_needs_a_whole_day() -> None:
    assert Volume(30, 2).a_day == 15
    assert Volume(30, 0.99).a_day is None
    assert Volume(30, 0.5).least_a_day == 30
    assert Volume(30, 3).least_a_day == 10


@given(_SEEN, _LANGUAGES)
def test_a_part_is_no_more_than_the_whole_and_more_is_wanted_with_more_topics(
    seen: Seen, languages: tuple[str, ...]
) -> None:
    one, two = seen.on("a", languages).stories, seen.on("ab", languages).stories
    assert one <= two <= one + seen.on("b", languages).stories + 1e-6
    assert two <= seen.everything(languages).stories <= seen.everything(()).stories
    assert seen.on("a", languages).days == seen.days


@given(_SEEN, _LANGUAGES)
def test_what_a_followed_feed_tells_counts_in_any_language(
    seen: Seen, languages: tuple[str, ...]
) -> None:
    of_feed = sum(each.weight for each in seen.kinds if each.feed == 1)
    assert abs(seen.wanted((), (1,), languages).stories - of_feed) < 1e-6


@given(st.floats(0, 4e9), st.floats(0, 4e9))
def test_slots_reach_from_now_to_the_beginning_and_no_further_than_a_week(
    began: float, age: float
) -> None:
    now = began + age
    slots = slots_since(began, now)
    assert slots[0] == slot_of(now)
    assert len(slots) <= SLOTS
    assert slots[-1] >= slot_of(began)
    assert len(slots) == SLOTS or slots[-1] == slot_of(began)
    assert SLOTS * SLOT_SECONDS == 7 * DAY


@given(st.floats(0, 1e7))
def test_a_rounded_number_is_near_and_has_two_digits_that_count(number: float) -> None:
    shown = rounded(number)
    assert abs(shown - number) <= max(0.5, number * 0.05) + 1e-6
    assert len(str(shown).rstrip("0")) <= 3
    assert [rounded(each) for each in (14.3, 143, 1_432)] == [14, 140, 1_400]
