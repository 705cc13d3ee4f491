"""What a chat asked for, written and read back; strangers' JSON is read or refused."""

import json
import time
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import fields, replace

from bot.errors import BadInput
from bot.news.chat import Habits, TopicOptions
from bot.news.telling.saved import (
    MOST_BYTES,
    Saved,
    SavedFeed,
    SavedFollow,
    SavedMute,
    SavedSource,
    SavedTopic,
    read_saved,
    write_saved,
)
from bot.news.text.plain import tidy

_words = st.text(min_size=1, max_size=30).map(tidy).filter(
    lambda text: text and text.isprintable()
)  # fmt: skip
_minutes = st.integers(0, 1439)
_times = st.floats(0, 4e9, allow_nan=False)
_urls = st.integers(0, 99).map("https://h.example/{}".format)
_threads = st.integers(0, 1 << 40)
_sources = st.builds(SavedSource, _threads, _words, _words)
_habits = st.builds(
    Habits,
    st.sampled_from(["UTC", "Europe/London", "Asia/Kathmandu"]),
    st.sets(_minutes, max_size=8).map(lambda slots: tuple(sorted(slots))),
    st.none() | st.tuples(_minutes, _minutes).filter(lambda pair: pair[0] != pair[1]),
    st.booleans(),
    st.integers(0, 10_000),
    *[st.booleans()] * 5,
    st.sets(st.sampled_from(["de", "en", "pt", "zh"])).map(lambda some: tuple(sorted(some))),
    st.sets(st.integers(0, 6), max_size=6).map(lambda days: tuple(sorted(days))),
)
_options = st.builds(
    TopicOptions, st.booleans(), st.booleans(), st.integers(1, 100), st.integers(0, 10_000)
)
_saved = st.builds(
    Saved,
    st.integers(-(1 << 52), 1 << 52),
    _habits,
    st.lists(
        st.builds(SavedFollow, _threads)
        | st.builds(SavedFollow, _threads, _urls)
        | st.builds(SavedFollow, _threads, st.just(""), st.none(), _words)
        | st.builds(SavedFollow, _threads, st.just(""), _sources),
        unique=True,
    ).map(tuple),
    st.lists(
        st.builds(SavedTopic, _words, _words, _threads, _times, _options), unique=True, max_size=9
    ).map(tuple),
    st.lists(
        st.builds(SavedMute, _words, _times, _words, st.just(""), st.none() | _sources),
        unique=True,
        max_size=9,
    ).map(tuple),
    st.lists(st.builds(SavedFeed, _urls, _words), unique=True, max_size=9).map(tuple),
)


@pytest.mark.slow
@settings(deadline=None)
@given(_saved)
def test_what_was_written_reads_back(saved: Saved) -> None:
    assert read_saved(write_saved(saved, 1_790_000_000.0)) == saved


# A pause is of the moment: who brings a file back does not mean it.
_NOT_SAVED = ("paused_until",)
_OTHERWISE = [
    Habits(
        "Europe/London", (480,), (1, 2), False, 7, False, False, True, True, True, ("de",), (0, 4)
    ),
    TopicOptions(True, True, 3, 9),
]


@pytest.mark.parametrize("other", _OTHERWISE, ids=lambda other: type(other).__name__)
def test_every_setting_there_is_survives_the_way(other: Habits | TopicOptions) -> None:
    """A setting that is added to these classes and not to the document fails here."""
    usual = type(other)()
    for each in (field for field in fields(other) if field.name not in _NOT_SAVED):
        assert getattr(other, each.name) != getattr(usual, each.name), f"give {each.name} a value"
    if isinstance(other, Habits):
        saved = Saved(1, other)
    else:
        saved = Saved(1, topics=(SavedTopic("a", "b", options=other),))
    assert read_saved(write_saved(saved, 0.0)) == saved


def test_what_a_file_does_not_name_stays_as_it_is() -> None:
    """So files of older versions, or cut by hand, turn nothing off."""
    now = Habits("Europe/London", (480,), (1, 2), False, 7, False, False, True, True, True)
    named: dict[str, Any] = {"cap": 3, "quiet": None, "digest": []}
    document = json.dumps({"tocsin_chat": 1, "settings": named}).encode()
    assert read_saved(document, now).habits == replace(now, cap=3, quiet=None, digest=())
    assert read_saved(b'{"tocsin_chat": 1}', now).habits == now


def test_days_of_a_file_are_read_as_people_write_them_and_a_pause_stays() -> None:
    def read(days: Any) -> Habits:
        document = {"tocsin_chat": 1, "settings": {"digest_days": days, "paused_until": 9.0}}
        return read_saved(json.dumps(document).encode(), Habits(paused_until=5.0)).habits

    assert read(["Sun", "monday"]) == Habits(days=(0, 6), paused_until=5.0)
    assert read(None) == Habits(paused_until=5.0)
    for wrong in ("monday", ["moonday"], [1], {"monday": 1}):
        with pytest.raises(BadInput, match="digest_days is no list of days"):
            read(wrong)


def test_languages_of_a_file_are_read_as_people_write_them() -> None:
    settings = {"languages": ["pt-BR", "en_GB", "en", "iw"]}
    document = json.dumps({"tocsin_chat": 1, "settings": settings}).encode()
    assert read_saved(document).habits.languages == ("en", "he", "pt")
    none: dict[str, Any] = {"tocsin_chat": 1, "settings": {"languages": None}}
    assert read_saved(json.dumps(none).encode(), Habits(languages=("de",))).habits == Habits()


_GOOD: dict[str, Any] = json.loads(write_saved(Saved(1), 0.0))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tocsin_chat": 2}, "version 2. I read version 1 only"),
        ({"tocsin_chat": True}, "not from /export"),
        ({"tocsin_chat": None}, "not from /export"),
        ({"chat": 1 << 60}, "chat must be a whole number"),
        ({"topics": {}}, "topics must be a list"),
        ({"topics": [{}] * 101}, "topics has 101 parts. I read 100 at most"),
        ({"topics": [{"name": "a"}]}, "query must be a text"),
        ({"topics": [{"name": "a\ud800", "query": "b"}]}, "name must be a text"),
        ({"mutes": [{"shown": "a", "until": 1e999}]}, "until is a time that cannot be"),
        ({"mutes": [{"shown": "a", "until": int("9" * 400)}]}, "until is a time that cannot be"),
        (
            {"topics": [{"name": "a", "query": "b", "muted_until": -(10**400)}]},
            "muted_until is a time that cannot be",
        ),
        ({"settings": {"cap": 10**400}}, "cap must be a whole number"),
        ({"follows": [{"thread_id": 10**400}]}, "thread_id must be a whole number"),
        ({"mutes": [{"shown": "a", "until": float("nan")}]}, "until is a time that cannot be"),
        ({"mutes": [{"shown": "a", "until": "soon"}]}, "until must be a time in seconds"),
        ({"settings": []}, "settings must be an object"),
        ({"settings": {"timezone": "../../etc/passwd"}}, "timezone is not one I know"),
        ({"settings": {"digest": ["25:00"]}}, "can't read '25:00' as a time"),
        ({"settings": {"quiet": "all day"}}, "can't read those hours"),
        ({"settings": {"languages": "de"}}, "languages must be a list of codes"),
        ({"settings": {"languages": [1]}}, "languages must be a list of codes"),
        ({"settings": {"languages": ["de", "x\ud800y"]}}, "one I don't know: 'xy'"),
        ({"settings": {"languages": ["qq" * 9_000]}}, "one I don't know"),
        ({"settings": {"languages": [chr(97 + n % 26) + "a" for n in range(900)]}}, "languages"),
        ({"settings": {"breaking": "yes"}}, "breaking must be true or false"),
        ({"follows": [{"url": "x" * 9000}]}, "url must be a text"),
        ({"follows": [1]}, "follows must be a list of objects"),
    ],
    ids=lambda value: str(value)[:30] if isinstance(value, str) else "",
)
def test_a_changed_file_is_refused_in_one_sentence(change: dict[str, Any], said: str) -> None:
    with pytest.raises(BadInput, match=said) as refusal:
        read_saved(json.dumps(_GOOD | change).encode())
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 500_000,
        b'{"a":' * 150_000,
        b"9" * 900_000,
        b'{"tocsin_chat": ' + b"9" * 5_000 + b"}",
        b"\xff\xfe{}",
        b"",
        b"null",
        b'{"tocsin_chat": 1, "chat": 1e400}',
        b" " * (MOST_BYTES + 1),
    ],
    ids=["lists", "objects", "digits", "version", "utf-16", "empty", "null", "infinite", "large"],
)
def test_hostile_json_is_refused_in_time(data: bytes) -> None:
    began = time.perf_counter()
    with pytest.raises(BadInput):
        read_saved(data)
    assert time.perf_counter() - began < 2


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@pytest.mark.slow
@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(_GOOD)), _json))
def test_any_json_raises_nothing_but_bad_input(change: dict[str, Any]) -> None:
    with suppress(BadInput):
        read_saved(json.dumps(_GOOD | change).encode())
