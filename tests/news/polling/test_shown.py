"""What is kept of the entries that a document showed."""

import math

from hypothesis import given
from hypothesis import strategies as st

from bot.news.polling import shown
from bot.news.polling.entry_keys import entry_keys_of
from bot.news.polling.shown import ShownEntry
from bot.news.story import ParsedEntry

_CONTEXT = bytes(range(16))
_ENTRIES = st.builds(
    ShownEntry,
    st.binary(min_size=8, max_size=8),
    st.binary(min_size=8, max_size=8),
    st.tuples(*[st.binary(min_size=4, max_size=4)] * 3),
    st.none() | st.floats(allow_nan=False),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(_ENTRIES, max_size=20, unique_by=lambda entry: entry.digest))
def test_what_is_kept_is_read_again_in_its_order(entries: list[ShownEntry]) -> None:
    kept = shown.stored(_CONTEXT, entries)
    assert list(shown.read(kept, _CONTEXT).values()) == entries
    assert shown.read(kept, bytes(16)) == {}
    assert shown.read(b"\x00" + kept[1:], _CONTEXT) == {}


@given(st.binary(max_size=200))
def test_anything_kept_is_read_or_passed_over(kept: bytes) -> None:
    assert all(not math.isnan(e.published or 0) for e in shown.read(kept, _CONTEXT).values())


def _shown(*entries: ParsedEntry) -> list[ShownEntry]:
    keys = entry_keys_of(list(entries))
    return [shown.shown_entry(b"digest%02d" % n, each) for n, each in enumerate(keys)]


def _entry(number: int, **other: object) -> ParsedEntry:
    known = {
        "id": f"urn:{number}",
        "link": f"https://paper.example/{number}",
        "title": f"Ferry {number}",
        "summary": "",
        "published": None,
    }
    return ParsedEntry(**{**known, **other})  # type: ignore[arg-type]


def test_entries_are_apart_unless_they_share_an_id_a_link_or_a_headline() -> None:
    assert shown.are_apart(_shown(_entry(1), _entry(2)))
    assert shown.are_apart(_shown(_entry(1, id=None), _entry(2, id=None)))
    assert not shown.are_apart(_shown(_entry(1), _entry(2, id="urn:1")))
    assert not shown.are_apart(_shown(_entry(1), _entry(2, link="https://paper.example/1")))
    assert not shown.are_apart(_shown(_entry(1), _entry(2, title="ferry 1")))


def test_a_stand_in_is_known_by_its_own_marks_alone() -> None:
    one, two = (
        shown.stand_in(place, each) for place, each in enumerate(_shown(_entry(1), _entry(2)))
    )
    assert set(one.keys).isdisjoint(two.keys)
    assert shown.remembered([one, two]).keys() == {*one.keys, *two.keys}
