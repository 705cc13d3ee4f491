"""Rows by a hash: what a dictionary of lists would find, and what is gone is let go."""

from hypothesis import given
from hypothesis import strategies as st

from bot.news.stories.row_index import RowIndex

# Few, and some that differ in one half only.
_keys = st.sampled_from([1, 2, 1 << 32, 1 << 32 | 5, 3 << 32, 3 << 32 | 5, 2**64 - 1])


@given(st.lists(_keys, max_size=40), st.lists(_keys, max_size=40), st.integers(1, 5))
def test_rows_are_found_by_their_hash_in_the_order_of_adding(
    filled: list[int], added: list[int], most_late: int
) -> None:
    index = RowIndex(most_late)
    index.fill(filled)
    for serial, key in enumerate(added, len(filled)):
        index.add(key, serial, 0)
    keys = filled + added
    for key in set(keys):
        found = [serial for serial in index.may_have(key) if keys[serial] == key]
        assert found == [serial for serial, each in enumerate(keys) if each == key]
    assert index.may_have(7 << 32) == []


@given(st.lists(_keys, min_size=1, max_size=60), st.integers(1, 5))
def test_no_more_are_held_than_live_and_were_added_since(keys: list[int], most_late: int) -> None:
    index = RowIndex(most_late)
    for serial, key in enumerate(keys):
        index.add(key, serial, max(0, serial - 3))
        assert len(index) <= 2 * most_late + 4


def test_rows_without_a_hash_are_not_filed() -> None:
    index = RowIndex()
    index.fill([0, 4 << 32, 0])
    assert len(index) == 1
