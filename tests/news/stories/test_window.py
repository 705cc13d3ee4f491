"""The window: what is forgotten leaves no trace."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.news.stories.cards import PlacedByCard, card_of
from bot.news.stories.likeness import ask
from bot.news.stories.splitting.terms import terms_of
from bot.news.stories.window import MOST_BYTES, MOST_REPORTS, Window

DAY = 86_400.0
_WORD_LIST = "ostwick ferry harbour strike quake mayor bridge 12 5.6 東京大火"
_words = st.sampled_from(_WORD_LIST.split())
_reports = st.tuples(
    st.lists(_words, max_size=6).map(" ".join),
    st.lists(_words, max_size=6).map(" ".join),
    st.sampled_from(["", "Gull Wire", "Hill Radio"]),
    st.sampled_from([-3600.0, 0.0, 60.0, DAY / 2, 2 * DAY]),
    st.integers(0, 4),
)


def _filled(
    reports: list[tuple[str, str, str, float, int]],
    oldest: float,
    bounds: tuple[int, int] = (MOST_REPORTS, MOST_BYTES),
) -> Window:
    """A window that takes in, in order, what is not older than `oldest`."""
    window, at = Window(3 * DAY, *bounds), 10 * DAY
    for title, summary, source, later, story in reports:
        at += later
        if at >= oldest:
            window.add(card_of(terms_of(title, summary, "en")), source, at, story)
    return window


def seen_in(window: Window) -> object:
    """All that can be asked of a window, without the numbers by which it files."""
    order = {serial: i for i, serial in enumerate(window.reports)}
    vocabulary, all_terms = window.vocabulary, frozenset(window.vocabulary.terms.values())
    return (
        {
            text: (
                vocabulary.reports[term],
                vocabulary.stories[term],
                vocabulary.spread[term],
                [order[serial] for serial in vocabulary.posts[term]],
            )
            for text, term in vocabulary.terms.items()
        },
        [_seen_of(window, serial) for serial in window.reports],
        {
            story: {vocabulary.text(t): n for t, n in found.tally(all_terms).items()}
            for story in {window.story_of(serial) for serial in window.reports}
            if (found := window.stories.story(story))
        },
        len(window.stories),
        {source: [order[s] for s in window.sources.of(source)] for source in window.sources},
    )


def _seen_of(window: Window, serial: int) -> object:
    """A report, and in what order it stands among those of its story, its link and its title."""
    report, story, text = window.report(serial), window.story(serial), window.vocabulary.text
    return (
        report.at, report.story, report.source, report.feed, list(map(text, report.terms)),
        report.heads, list(map(text, report.names)), report.numbers, report.wording,
        report.link, report.headline, report.title,
        [window.report(other).at for other in story.serials], story.last,
        [other.at for other in window.linked(report.link)],
        [other.at for other in window.titled(report.title)],
    )  # fmt: skip


def is_empty(window: Window) -> bool:
    """Whether nothing is held."""
    held = [
        window.vocabulary.terms, window.vocabulary.guests, window.reports, window.stories,
        window.sources, window._by_age, window.bytes,
    ]  # fmt: skip
    return not any(held)


@settings(deadline=None)
@given(st.lists(_reports, max_size=40))
def test_what_was_forgotten_leaves_no_trace(
    reports: list[tuple[str, str, str, float, int]],
) -> None:
    window = _filled(reports, 0.0)
    assert seen_in(window) == seen_in(_filled(reports, window.newest - window.seconds))


@settings(deadline=None)
@given(st.lists(_reports, max_size=40))
def test_an_empty_window_holds_nothing(reports: list[tuple[str, str, str, float, int]]) -> None:
    window = _filled(reports, 0.0)
    window.forget(1000 * DAY)
    assert is_empty(window)


@settings(deadline=None)
@given(st.lists(_reports, max_size=40))
def test_counts_are_those_of_the_reports(reports: list[tuple[str, str, str, float, int]]) -> None:
    window = _filled(reports, 0.0)
    vocabulary = window.vocabulary
    for term in vocabulary.terms.values():
        having = [serial for serial in window.reports if term in window.report(serial).terms]
        assert having == list(vocabulary.posts[term])
        assert window.counts([term]) == ([len(having)], [vocabulary.stories[term]])
        assert len({window.story_of(serial) for serial in having}) == vocabulary.stories[term]
    assert len(window.stories) == len({window.story_of(serial) for serial in window.reports})


def test_what_is_not_asked_of_a_report_is_read_when_it_is() -> None:
    card = card_of(terms_of("Ferry strike", "In the harbour", "en"), 7, 9, long=True)
    for name, value in (("title", 9), ("at", 1.0), ("story", 5), ("source", "Gull Wire")):
        window = Window(3 * DAY)
        window.add(card, "Gull Wire", 1.0, 5)
        assert getattr(window.report(0), name) == value
    with pytest.raises(AttributeError):
        _ = window.report(0).nothing  # type: ignore[attr-defined]


def test_a_story_is_found_whatever_its_number() -> None:
    window = Window(3 * DAY)
    for story in (5, 3, 9, 3):
        window.add(card_of(terms_of("Ferry strike", "", "en")), "", 1.0, story)
    sizes = [found.size if (found := window.stories.story(n)) else 0 for n in (3, 4, 5, 9, 10)]
    assert sizes == [2, 0, 1, 1, 0]


# One that is too large for the room that is left, and an older one that is not.
_LARGE = ["mayor", "ostwick harbour", "ferry strike", "quake bridge"]


@settings(deadline=None)
@given(
    st.lists(_reports, max_size=40),
    st.sampled_from([(MOST_REPORTS, MOST_BYTES), (5, MOST_BYTES), (MOST_REPORTS, 6_000)]),
)
@example(
    [("", words, "", -3600.0, 0) for words in [""] * 10 + _LARGE + [""]], (MOST_REPORTS, 6_000)
)
def test_what_is_put_back_is_what_was_there(
    reports: list[tuple[str, str, str, float, int]], bounds: tuple[int, int]
) -> None:
    """From the newest backwards, until the window is full."""
    lived = _filled(reports, 0.0, bounds)
    lived.forget(lived.newest)
    back, at = Window(3 * DAY, *bounds), 10 * DAY
    stored = []
    for number, (title, summary, source, later, story) in enumerate(reports):
        at += later
        card = card_of(terms_of(title, summary, "en"))
        stored.append((at, number, card, source, story))
    for at, number, card, source, story in sorted(stored, reverse=True):
        if not back.is_full and at >= lived.newest - lived.seconds:
            held = PlacedByCard(number, at, story, 0, source, guest=0, packed=None)
            back.put_back([held], [card], [source])
    list(back.settling())
    back.forget(lived.newest)
    assert seen_in(back) == seen_in(lived)
    assert back.bytes == lived.bytes
    lived.forget(1000 * DAY)
    back.forget(1000 * DAY)
    assert is_empty(back)


@settings(deadline=None)
@given(st.lists(_reports, max_size=60), st.lists(_words, min_size=1, max_size=6))
def test_what_an_outlet_says_of_everything_tells_nothing(
    reports: list[tuple[str, str, str, float, int]], words: list[str]
) -> None:
    """Counted anew of its last reports, whatever was asked and forgotten before."""
    window, at, asked = Window(3 * DAY), 10 * DAY, terms_of(" ".join(words), "", "en")
    for number, (title, summary, _, later, _) in enumerate(reports):
        at += later / 8
        card = card_of(terms_of(title, f"{words[0]} {words[-1]} {summary}", "en"))
        window.add(card, "Gull Wire", at, number)
        lately = [window.report(s) for s in window.sources.of("Gull Wire")[-12:]]
        told = ask(window, asked, "Gull Wire", at)
        known = window.vocabulary.asked(asked.title)
        kept = [
            term for term in known if len(lately) < 8 or sum(term in r.terms for r in lately) < 8
        ]
        assert (told.terms, told.heads) == (kept, len(kept))
