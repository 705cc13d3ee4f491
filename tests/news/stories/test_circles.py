"""Guests: they are placed upon the operator's reports and leave no mark on them."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.news.stories.cards import PlacedByCard, packed, unpacked
from bot.news.stories.circles import Circles
from bot.news.stories.clustering import (
    WINDOW_SECONDS,
    Clusterer,
    Placed,
    Sighting,
    Verdict,
)
from bot.news.stories.placing import Placer
from bot.news.text.plain import fold_title
from tests.effort import examples
from tests.news.stories.test_window import is_empty

DAY = 86_400.0
ADA, BEN = 1, 2
FOLLOWERS = {
    11: frozenset({ADA}),
    12: frozenset({ADA}),
    13: frozenset({ADA, BEN}),
    14: frozenset({BEN}),
}

_WORD_LIST = (
    "ostwick varnholm harbour council ferry strike quake mayor bridge flood votes closes opens"
    " rises falls 12 13 5.6 東京 大火 زلزال"
)
_texts = st.lists(st.sampled_from(_WORD_LIST.split()), max_size=7).map(" ".join)
_rows = st.tuples(
    st.sampled_from([None, None, "a", "b", "c"]),
    _texts,
    _texts,
    st.sampled_from(["", "Gull Wire", "Ostwick Daily"]),
    st.sampled_from([1, 2, 3, *FOLLOWERS]),
    st.sampled_from([0.0, 60.0, -3600.0, DAY / 2, DAY]),
)


@st.composite
def _streams(draw: st.DrawFn) -> list[Sighting]:
    found, at = [], 0.0
    for link, title, summary, source, feed, later in draw(st.lists(_rows, max_size=40)):
        at += later
        found.append(Sighting(link, fold_title(title), at, title, summary, source, "en", feed=feed))
    return found


class Desk:
    """Places reports as the desk does, and remembers where."""

    def __init__(self, **bounds: int) -> None:
        self.placer = Placer(0.5, last=-1)
        self.clusterer = self.placer.clusterer
        self.circles = self.placer.circles = Circles(self.clusterer, **bounds)
        self.placed: list[Placed] = []
        self.followers = dict(FOLLOWERS)
        self.let_go: set[int] = set()

    @property
    def held(self) -> dict[int, tuple[int, ...]]:
        """The reports of guests that are held, each with the followers of its circle."""
        live = self.circles._live.values()
        return {each.number: each.layer.order if each.layer else () for each in live}

    def wait(self, now: float) -> None:
        """Lets the clock go on, as it does whatever is published."""
        self.placer.wait(now)

    def place(self, sighting: Sighting, number: int) -> Verdict:
        self.wait(sighting.at)
        followers = self.followers.get(sighting.feed)
        self.placer.last = number - 1
        if followers is None:
            where = self.placer.place(sighting, number)
            self.placed = [
                replace(p, story=where.story, opened=False) if p.story in where.takes_in else p
                for p in self.placed
            ]
        else:
            where = self.placer.place_guest(sighting, number, followers)
        self.let_go.update(self.circles.crowded_out())
        opened = followers is not None and (
            where.story == number or self.circles.is_opened(where.story, followers)
        )
        guest = followers is not None
        self.placed.append(Placed(sighting, where.story, number, guest=guest, opened=opened))
        return replace(where.verdict, related=None)

    def restarted(self, now: float, **bounds: int) -> "Desk":
        """A desk that was told of the same reports as after a start: the newest of the operator's
        first.
        """
        other = Desk(**bounds)
        other.placed, other.followers = list(self.placed), dict(self.followers)
        other.wait(now)
        held = [placed for placed in self.placed if placed.sighting.at >= now - WINDOW_SECONDS]
        for placed in sorted(held, key=lambda p: (p.sighting.at, p.number), reverse=True):
            if not placed.guest and not other.clusterer.window.is_full:
                other._put_back(placed)
        list(other.clusterer.window.settling())
        for placed in held:
            if placed.guest and placed.number not in self.let_go:
                followers = self.followers.get(placed.sighting.feed, frozenset())
                other.circles.remember(placed, followers)
        return other

    def _put_back(self, placed: Placed) -> None:
        told = placed.sighting
        card = packed(self.clusterer.card(told))
        held = PlacedByCard(placed.number, told.at, placed.story, told.feed, told.source, 0, card)
        read = unpacked(held.packed)
        assert read is not None
        self.clusterer.put_back([held], [read])


@examples(60)
@given(_streams())
def test_the_operators_reports_are_placed_as_if_no_guest_existed(stream: list[Sighting]) -> None:
    mixed, alone = Desk(), Desk()
    for number, sighting in enumerate(stream):
        verdict = mixed.place(sighting, number)
        alone.wait(sighting.at)
        if sighting.feed not in FOLLOWERS:
            assert alone.place(sighting, number) == verdict
            window = alone.clusterer.window
            words = [
                t for t, term in window.vocabulary.terms.items() if window.vocabulary.posts[term]
            ]
            beside = mixed.clusterer.window
            theirs = beside.idf(beside.vocabulary.asked(words))
            assert theirs == window.idf(window.vocabulary.asked(words))


@examples(60)
@given(_streams())
def test_a_guest_is_placed_as_if_no_other_circle_existed(stream: list[Sighting]) -> None:
    mixed, alone = Desk(), Desk()
    for number, sighting in enumerate(stream):
        verdict = mixed.place(sighting, number)
        alone.wait(sighting.at)
        if FOLLOWERS.get(sighting.feed, {ADA}) == {ADA}:
            assert alone.place(sighting, number) == verdict


@examples(60)
@given(_streams(), st.integers(0, 40))
def test_a_restart_places_guests_as_it_would_have_gone_on(stream: list[Sighting], cut: int) -> None:
    desk = Desk()
    for number, sighting in enumerate(stream[:cut]):
        desk.place(sighting, number)
    other = desk.restarted(max((s.at for s in stream[: cut + 1]), default=0.0))
    for number, sighting in enumerate(stream[cut:], cut):
        assert other.place(sighting, number) == desk.place(sighting, number)
    assert other.placed == desk.placed


@examples(60)
@given(
    _streams(),
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from(sorted(FOLLOWERS)), st.integers(0, 3))),
)
def test_circles_follow_who_follows_now_and_a_restart_comes_to_the_same(
    stream: list[Sighting], changes: list[tuple[int, int, int]]
) -> None:
    desk = Desk()
    for number, sighting in enumerate(stream):
        for at, feed, who in changes:
            if at == number:
                desk.followers[feed] = frozenset({ADA, BEN, 3}) if who == 3 else frozenset({who})
                list(desk.circles.moving(feed, desk.followers[feed]))
        other = desk.restarted(max(s.at for s in stream[: number + 1]))
        verdict = other.place(sighting, number)
        assert desk.place(sighting, number) == verdict


@examples(60)
@given(
    _streams(),
    st.lists(st.tuples(st.integers(0, 40), st.sampled_from(sorted(FOLLOWERS)), st.integers(1, 2))),
    st.sampled_from([{"most": 5}, {"most_bytes": 20_000}]),
)
def test_where_circles_are_full_a_restart_holds_what_was_held(
    stream: list[Sighting], changes: list[tuple[int, int, int]], bounds: dict[str, int]
) -> None:
    desk = Desk(most_of_a_circle=3, **bounds)
    for number, sighting in enumerate(stream):
        for at, feed, who in changes:
            if at == number:
                desk.followers[feed] = frozenset({who})
                list(desk.circles.moving(feed, desk.followers[feed]))
                desk.let_go.update(desk.circles.crowded_out())
        now = max(s.at for s in stream[: number + 1])
        other = desk.restarted(now, most_of_a_circle=3, **bounds)
        desk.wait(now)
        desk.let_go.update(desk.circles.crowded_out())
        other.wait(now)
        assert other.held == desk.held
        verdict = other.place(sighting, number)
        assert desk.place(sighting, number) == verdict
        assert other.held == desk.held


def test_what_was_crowded_out_by_what_is_forgotten_since_is_not_held_after_a_restart() -> None:
    desk = Desk(most=4)
    ats = [0.0, 60.0, *(2 * DAY + 60.0 * n for n in range(5))]
    for number, at in enumerate(ats):
        feed = 11 if number < 2 else 14
        desk.place(told(f"Report {number} of the harbour", feed, at=at), number)
    assert set(desk.held) == {0, 1, 4, 5, 6}
    later = 3 * DAY + 600.0
    desk.wait(later)
    assert set(desk.held) == {4, 5, 6}
    assert desk.restarted(later, most=4).held == desk.held


@examples(60)
@given(st.lists(st.sampled_from(sorted(FOLLOWERS)), max_size=40))
def test_a_circle_that_takes_no_more_than_its_part_loses_nothing(feeds: list[int]) -> None:
    desk = Desk(most=6)
    told_of: Counter[frozenset[int]] = Counter()
    for number, feed in enumerate(feeds):
        desk.place(told(f"Report {number} of the harbour", feed, at=60.0 * number), number)
        told_of[FOLLOWERS[feed]] += 1
        desk.wait(60.0 * number)
        for followers, count in told_of.items():
            held = len(desk.circles._layers[followers].live)
            assert held >= min(count, 6 // len(told_of))


@pytest.mark.slow
@pytest.mark.parametrize("bounds", [{"most": 40}, {"most_bytes": 100_000}])
def test_what_strangers_publish_pushes_out_nothing_that_others_told(
    bounds: dict[str, int],
) -> None:
    """hostile: many circles, each within its quota."""
    desk = Desk(most_of_a_circle=20, **bounds)
    desk.place(told("Quake shakes the coast of Lund Island", 11, "quake"), 0)
    for number in range(1, 200):
        feed = 100 + number % 8
        desk.followers[feed] = frozenset({feed})
        desk.place(told(f"Offer {number} of shop {feed} ends", feed, at=60.0 * number), number)
    again = told("Quake shakes the coast of Lund Island", 12, "quake", 12_000.0)
    assert desk.place(again, 200).story == 0


@examples(60)
@given(_streams())
def test_what_guests_told_leaves_no_trace_when_it_is_forgotten(stream: list[Sighting]) -> None:
    desk = Desk()
    for number, sighting in enumerate(stream):
        desk.place(sighting, number)
    last = max((s.at for s in stream), default=0.0) + 4 * DAY
    desk.clusterer.judge(Sighting(None, "", last))
    desk.circles.judge(Sighting(None, "", last, feed=11), FOLLOWERS[11])
    circles = desk.circles
    held = [circles._layers, circles._live, circles._of_feed, circles._followers, circles._having]
    assert not any(held)
    assert circles.bytes == 0
    assert is_empty(desk.clusterer.window)


@examples(60)
@given(_streams())
def test_guests_are_bounded_and_push_out_nothing_of_the_operators(stream: list[Sighting]) -> None:
    desk, alone = Desk(most_of_a_circle=3, most=5), Desk()
    for number, sighting in enumerate(stream):
        verdict = desk.place(sighting, number)
        alone.wait(sighting.at)
        if sighting.feed not in FOLLOWERS:
            assert alone.place(sighting, number) == verdict
        assert all(len(layer.live) <= 3 for layer in desk.circles._layers.values())
        assert len(desk.circles._live) <= 6


def told(title: str, feed: int, link: str | None = None, at: float = 0.0) -> Sighting:
    return Sighting(link, fold_title(title), at, title, "", f"Feed {feed}", "en", feed=feed)


def test_a_guest_with_the_headline_of_one_story_and_the_link_of_another_bridges_nothing() -> None:
    desk = Desk()
    desk.place(told("Storm closes the harbour of Lund Island", 1, "a"), 1)
    guest = desk.place(told("Storm closes the harbour of Lund Island", 11, "b", 60), 2)
    assert (guest.story, guest.reason) == (1, "title")
    coming = told("Customer data of Ostwick council were stolen", 1, "b", 120)
    assert desk.place(coming, 3).story is None
    assert [p.story for p in desk.placed] == [1, 1, 3]


def test_a_story_of_the_operators_takes_in_what_guests_told_of_it() -> None:
    desk = Desk()
    desk.place(told("Customer data of Ostwick council were stolen", 11, "g"), 1)
    desk.place(told("Customer data of Ostwick council were stolen", 14, "h", 30), 2)
    desk.place(told("Customer data of Ostwick council were stolen", 1, "o", 60), 3)
    assert [p.story for p in desk.placed] == [3, 3, 3]
    follows = desk.place(told("Customer data of Ostwick council were stolen", 12, "i", 90), 4)
    assert follows.story == 3


def test_guests_with_other_followers_do_not_know_of_each_other() -> None:
    desk = Desk()
    desk.place(told("Customer data of Ostwick council were stolen", 11), 1)
    assert desk.place(told("Customer data of Ostwick council were stolen", 12, at=9), 2).story == 1
    assert (
        desk.place(told("Customer data of Ostwick council were stolen", 13, at=9), 3).story is None
    )
    assert (
        desk.place(told("Customer data of Ostwick council were stolen", 14, at=9), 4).story is None
    )


@examples(60)
@given(st.lists(st.integers(0, 30), max_size=60), st.integers(0, 60))
def test_a_window_holds_so_many_reports_and_a_restart_holds_the_same(
    words: list[int], cut: int
) -> None:
    stream = [
        told(f"Report {n} of the {n % 7} harbours", 1, at=60.0 * i) for i, n in enumerate(words)
    ]
    whole, again = Clusterer(0.5, most_reports=5), Clusterer(0.5, most_reports=5)
    for number, sighting in enumerate(stream):
        verdict = whole.judge(sighting)
        if number >= cut:
            assert again.judge(sighting) == verdict
        story = number if verdict.story is None else verdict.story
        whole.remember(sighting, story)
        again.remember(sighting, story)
        assert len(whole.window.reports) <= 6


def test_a_window_holds_so_many_bytes() -> None:
    clusterer = Clusterer(most_bytes=20_000)
    for number in range(100):
        text = " ".join(f"word{number}x{n}" for n in range(50))
        clusterer.remember(replace(told("A headline", 1, at=60.0 * number), summary=text), number)
    assert 1 <= len(clusterer.window.reports) <= 4
    assert clusterer.window.bytes < 40_000
