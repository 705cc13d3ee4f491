"""In which order a feed lists its entries, and which of its new ones are old."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.polling.listing import Arranged, Listing, Order, arrange, order_of
from bot.news.story import ParsedEntry

DAY = 86_400.0
NOW = 1_800_000_000.0


def entry(name: str, day: float | None = None) -> tuple[bytes, ParsedEntry]:
    published = None if day is None else NOW + day * DAY
    return name.encode(), ParsedEntry(name, None, f"Headline {name}", "", published)


class Watcher:
    """Reads documents as a poller does: what was seen stays known, and so does the listing."""

    def __init__(self, *first: str | tuple[str, float | None]) -> None:
        self.known: set[bytes] = set()
        self.listing = Listing()
        self.read(*first)

    def read(self, *names: str | tuple[str, float | None]) -> list[str]:
        """The news of a document in the order in which they ring."""
        document = [entry(*((n,) if isinstance(n, str) else n)) for n in names]
        self.found: Arranged = arrange(
            document, {key for key, _ in document} - self.known, self.listing
        )
        self.known |= {key for key, _ in document}
        self.listing = self.found.listing
        return [str(found.id) for found in reversed(self.found.news)]

    @property
    def old(self) -> set[str]:
        return {key.decode() for key in self.found.old}


# --- what slides in where something was deleted ------------------------------------------------


def test_what_slides_in_when_the_newest_is_deleted_is_old() -> None:
    dated = Watcher(("c", 0), ("b", -3), ("a", -9))
    assert dated.read(("b", -3), ("a", -9), ("z", -20)) == []
    assert dated.old == {"z"}
    undated = Watcher("c", "b", "a")
    assert undated.read("b", "a", "z") == []
    assert undated.old == {"z"}


def test_news_that_come_with_what_slid_in_ring() -> None:
    assert Watcher("c", "b", "a").read("d", "b", "a", "z") == ["d"]
    assert Watcher(("c", 0), ("b", -3)).read(("d", 1), ("b", -3), ("z", -20)) == ["d"]


def test_a_back_dated_entry_rings_wherever_else_it_stands() -> None:
    for document in (
        [("x", -99.0), ("c", 0.0), ("b", -3.0), ("a", -9.0)],
        [("c", 0.0), ("x", -99.0), ("b", -3.0), ("a", -9.0)],
        [("c", 0.0), ("b", -3.0), ("x", -99.0), ("a", -9.0)],
    ):
        assert Watcher(("c", 0), ("b", -3), ("a", -9)).read(*document) == ["x"]


def test_what_stands_last_and_is_not_older_than_all_rings() -> None:
    for day in (0.5, -5.0, -9.0):
        found = Watcher(("c", 0), ("b", -3), ("a", -9)).read(
            ("c", 0), ("b", -3), ("a", -9), ("x", day)
        )
        assert found == ["x"], day


def test_where_nothing_was_known_everything_is_news() -> None:
    assert Watcher("c", "b", "a").read("f", "e", "d") == ["d", "e", "f"]
    assert Watcher().read("b", "a") == ["a", "b"]


def test_a_document_that_begins_with_the_oldest_has_its_old_entries_in_front() -> None:
    watcher = Watcher(("a", -9), ("b", -3), ("c", 0))
    assert watcher.read(("z", -20), ("a", -9), ("b", -3)) == []
    assert watcher.old == {"z"}
    assert watcher.read(("b", -3), ("c", 0), ("d", 1), ("e", None)) == ["d", "e"]


def test_news_below_a_pinned_entry_ring_though_all_else_has_gone() -> None:
    watcher = Watcher("pin", *"tsrqponm")
    assert watcher.read("pin", *"987654321") == [*"123456789"]


# --- where news stand --------------------------------------------------------------------------


def test_a_list_without_dates_that_grows_at_its_end_begins_with_the_oldest() -> None:
    watcher = Watcher("a", "b")
    assert watcher.read("a", "b", "c", "d", "e") == ["c", "d", "e"]
    assert watcher.read("c", "d", "e", "f", "g") == ["f", "g"]


def test_a_list_without_dates_that_drops_the_oldest_is_known_at_the_second_news() -> None:
    """The first looks like what slides in; were it taken for news, deleted items would ring."""
    watcher = Watcher("a", "b", "c")
    assert watcher.read("b", "c", "d") == []
    assert watcher.read("c", "d", "e") == ["e"]
    assert watcher.read("e", "f", "g") == ["f", "g"]


def test_a_list_known_to_begin_with_the_newest_stays_so_when_some_are_deleted() -> None:
    watcher = Watcher("c", "b", "a")
    for news in "defg":
        assert watcher.read(news, "c", "b") == [news]
    for before, slid_in in pairwise("azyx"):
        assert watcher.read("b", before, slid_in) == []
    assert watcher.read("h", "b", "a") == ["h"]


def test_a_list_turned_round_is_silent_for_a_few_polls_only() -> None:
    watcher = Watcher("b", "a")
    for news in "cdef":
        assert watcher.read(news, "b", "a") == [news]
    silent = [name for name in "ghijk" if not watcher.read("a", "b", name)]
    assert silent == ["g", "h", "i"]


def test_after_an_upgrade_nothing_is_silent_that_rang_before() -> None:
    watcher = Watcher("a", "b")
    watcher.listing = Listing()
    assert watcher.read("b", "c") == ["c"]
    assert watcher.listing == Listing(0, 2)


# --- the order of one poll's news --------------------------------------------------------------


def test_news_ring_by_date_wherever_they_stand() -> None:
    for document in ([("d", 1), ("e", 2), ("f", 3), ("c", 0)], [("c", 0), ("f", 3), ("e", 2),
                     ("d", 1)], [("e", 2), ("c", 0), ("f", 3), ("d", 1)]):  # fmt: skip
        assert Watcher(("c", 0)).read(*document) == ["d", "e", "f"]


def test_news_without_a_date_ring_beside_their_neighbours() -> None:
    newest_first = [("f", 3), ("e", None), ("d", 1), ("c", 0), ("b", -1)]
    watcher = Watcher(("c", 0), ("b", -1))
    assert watcher.read(*newest_first) == ["d", "e", "f"]
    watcher = Watcher(("b", -1), ("c", 0))
    assert watcher.read(*reversed(newest_first)) == ["d", "e", "f"]


@pytest.mark.parametrize(
    ("days", "order"),
    [
        ([3, 2, 1], Order.NEWEST_FIRST),
        ([1, 2, 3], Order.OLDEST_FIRST),
        ([9, 1, 2, 3, 4], Order.OLDEST_FIRST),
        ([1, 5, None, 4, 3, 2], Order.NEWEST_FIRST),
        ([1, 1, 1], Order.UNKNOWN),
        ([1, 3, 2], Order.UNKNOWN),
        ([], Order.UNKNOWN),
        ([None, 4], Order.UNKNOWN),
    ],
)
def test_dates_tell_the_order_where_they_tell_clearly(
    days: list[float | None], order: Order
) -> None:
    assert order_of(days) is order


_document = st.lists(
    st.tuples(st.integers(0, 40), st.none() | st.integers(-50, 5), st.booleans()),
    unique_by=lambda row: row[0],
    max_size=30,
)


@given(_document, st.integers(-2, 2), st.none() | st.integers(0, 40))
def test_what_is_new_is_news_once_or_old(
    rows: list[tuple[int, int | None, bool]], leaning: int, shown: int | None
) -> None:
    document = [entry(str(number), day) for number, day, _ in rows]
    new = {str(number).encode() for number, _, is_new in rows if is_new}
    found = arrange(document, new, Listing(leaning, shown))
    assert sorted(key for key, _ in found.new) == sorted(new)
    assert found.old <= new
    assert len(found.news) == len(new) - len(found.old)
    assert -2 <= found.listing.leaning <= 2
    assert found.listing.shown == len(document)
    if len(new) == len(document):
        assert not found.old
    dates = [each.published for each in found.news if each.published is not None]
    assert dates == sorted(dates, reverse=True)
    newest_known = max(
        (e.published for key, e in document if key not in new and e.published is not None),
        default=None,
    )
    for key, each in found.new:
        if each.published is not None and (newest_known is None or each.published > newest_known):
            assert key not in found.old
