"""By what an entry is known again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.identity import body_hash, entry_keys
from bot.news.story import ParsedEntry


def entry(
    id: str | None = None, link: str | None = None, title: str = "", published: float | None = None
) -> ParsedEntry:
    return ParsedEntry(id, link, title, "", published)


def one(given: ParsedEntry) -> bytes:
    (key,) = entry_keys([given])
    return key


def test_an_id_outlasts_every_edit() -> None:
    """hostile 80"""
    assert one(entry("7", "a", "Old", 1.0)) == one(entry("7", "b", "New", 2.0))


def test_a_link_stands_in_for_a_missing_or_empty_id() -> None:
    """hostile 80"""
    assert one(entry(None, "a", "Old", 1.0)) == one(entry("", "a", "New", 2.0))
    assert one(entry(None, "a")) != one(entry(None, "b"))


def test_without_id_and_link_title_and_date_tell_entries_apart() -> None:
    """hostile 80, 82"""
    assert one(entry(title="Rain", published=1.0)) == one(entry(title="Rain", published=1.0))
    assert one(entry(title="Rain", published=1.0)) != one(entry(title="Rain", published=2.0))
    assert one(entry(title="Rain")) != one(entry(title="Snow"))


def test_an_id_that_repeats_in_a_document_loses_no_entry() -> None:
    """hostile 80"""
    feed = [entry("x", f"link {i}", f"Title {i}") for i in range(50)]
    assert len(set(entry_keys(feed))) == 50


def test_a_link_that_repeats_in_a_document_loses_no_entry() -> None:
    """hostile 82"""
    feed = [entry(None, "home", f"Title {i}") for i in range(50)]
    assert len(set(entry_keys(feed))) == 50
    assert len(set(entry_keys([entry(None, None, "Same", float(i)) for i in range(50)]))) == 50


def test_ids_that_differ_in_capitals_are_two() -> None:
    """hostile 80"""
    assert one(entry("Abc")) != one(entry("abc"))


def test_a_huge_id_makes_no_huge_key() -> None:
    """hostile 80"""
    assert len(one(entry("x" * 100_000))) == 16
    assert one(entry("x" * 100_000)) != one(entry("x" * 99_999 + "y"))


def test_an_id_is_never_taken_for_a_link_or_a_title() -> None:
    keys = [one(entry("a")), one(entry(None, "a")), one(entry(title="a"))]
    assert len(set(keys)) == 3


def test_parts_do_not_run_together() -> None:
    feed = [entry("x", "ab", "c"), entry("x", "a", "bc"), entry("x", "", "abc")]
    assert len(set(entry_keys(feed))) == 3


@pytest.mark.parametrize("text", ["\ud83d", "\x00", "é" * 1000, " "])
def test_any_text_can_be_an_id(text: str) -> None:
    assert len(one(entry(text, text, text))) == 16


_short = st.sampled_from(["", "a", "b", "A"])
_entries = st.lists(
    st.builds(
        entry, st.none() | _short, st.none() | _short, _short, st.sampled_from([None, 1.0, 2.0])
    ),
    max_size=8,
)


@given(_entries.flatmap(lambda feed: st.tuples(st.just(feed), st.permutations(feed))))
def test_the_order_of_a_document_does_not_matter(
    feeds: tuple[list[ParsedEntry], list[ParsedEntry]],
) -> None:
    feed, shuffled = feeds
    assert dict(zip(feed, entry_keys(feed), strict=True)) == dict(
        zip(shuffled, entry_keys(shuffled), strict=True)
    )


@given(_entries)
def test_entries_that_differ_in_id_or_link_have_different_keys(feed: list[ParsedEntry]) -> None:
    keys = entry_keys(feed)
    assert len(set(keys)) >= len({e.id for e in feed if e.id})
    for e, key in zip(feed, keys, strict=True):
        for other, other_key in zip(feed, keys, strict=True):
            if (e.id or "", e.link or "") != (other.id or "", other.link or ""):
                assert key != other_key or (e.id and e.id == other.id and feed.count(e) > 1)


def test_a_body_that_changed_by_a_byte_is_another() -> None:
    assert body_hash(b"abc") == body_hash(b"abc") != body_hash(b"abd")
