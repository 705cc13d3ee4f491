"""What a chat's settings may be, and how a button carries one."""

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.news.chat import Habits
from bot.news.telling.choosing import KEPT, MAX_CAP, SWITCHES, carried, chosen, offered

_MINUTE = st.integers(0, 1439)
_ZONES = sorted(available_timezones() - {"localtime", "Factory"})
_DAYS = st.sets(st.integers(0, 6), max_size=6).map(lambda days: tuple(sorted(days)))
_HABITS = st.builds(
    Habits,
    timezone=st.sampled_from(_ZONES),
    digest=st.lists(_MINUTE, max_size=24).map(lambda slots: tuple(sorted(set(slots)))),
    quiet=st.none() | st.lists(_MINUTE, min_size=2, max_size=2, unique=True).map(tuple),
    cap=st.integers(0, MAX_CAP),
    days=_DAYS,
    **{name: st.booleans() for name in SWITCHES},
).map(lambda habits: habits if habits.digest else replace(habits, days=()))
_NAMES = ("digest", "quiet", "timezone", "cap", *SWITCHES)


@given(_HABITS, _HABITS, st.sampled_from(_NAMES))
def test_what_a_button_carries_sets_that_and_nothing_else(
    before: Habits, wanted: Habits, name: str
) -> None:
    after = chosen(before, name, carried(wanted, name))
    assert after is not None
    for each in _NAMES:
        source = wanted if each == name else before
        assert getattr(after, each) == getattr(source, each)
    assert after.days == (wanted if name == "digest" else before).days
    assert chosen(after, name, carried(wanted, name)) == after


@given(_HABITS, st.sampled_from(("digest", "quiet", "cap")))
def test_what_is_set_stands_among_the_choices_once(habits: Habits, name: str) -> None:
    values = offered(habits, name)
    assert values.count(carried(habits, name)) == 1
    assert len(values) == len(set(values))
    assert all(chosen(habits, name, value) for value in values)


@given(_HABITS, st.sampled_from((*_NAMES, "own", "")), st.text(max_size=64))
def test_what_no_button_carries_sets_nothing_that_cannot_be(
    habits: Habits, name: str, value: str
) -> None:
    after = chosen(habits, name, value)
    if after is not None:
        assert 0 <= after.cap <= MAX_CAP
        assert all(0 <= minute < 1440 for minute in (*after.digest, *(after.quiet or ())))
        assert after.timezone in {*_ZONES, habits.timezone}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("digest", ""), ("digest", "1440"), ("digest", "٨"), ("digest", "480w"),
        ("digest", "480w7"),
        ("digest", "w0"), ("digest", "offw0"), ("digest", "480wx"),
        ("quiet", "60"), ("quiet", "60.60"),
        ("cap", "1001"), ("cap", "-1"), ("timezone", "../etc/passwd"), ("timezone", "localtime"),
        ("timezone", "Europe"), ("timezone", "\x00"), ("silent", "2"), ("own", "1"),
    ],
)  # fmt: skip
def test_what_no_button_carries_is_nothing(name: str, value: str) -> None:
    assert chosen(Habits(), name, value) is None
    assert chosen(Habits(cap=7), name, KEPT) == Habits(cap=7)
