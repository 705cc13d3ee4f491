"""The window: what is forgotten leaves no trace."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.news.stories.cards import card_of
from bot.news.stories.terms import terms_of
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
    order = {number: i for i, number in enumerate(sorted(window.live))}
    return (
        {
            text: (term.stories, term.spread, [order[number] for number in term.posts])
            for text, term in window.terms.items()
        },
        {
            story.id: (
                [(r.at, r.source, [t.text for t in r.terms]) for r in story.reports],
                {t.text: n for t, n in story.tally(frozenset(window.terms.values())).items()},
            )
            for story in window.told.values()
        },
    )


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
    held = [window.terms, window.told, window.live, window._by_source, window._by_age]
    assert not any(held)


@settings(deadline=None)
@given(st.lists(_reports, max_size=40))
def test_counts_are_those_of_the_reports(reports: list[tuple[str, str, str, float, int]]) -> None:
    window = _filled(reports, 0.0)
    for term in window.terms.values():
        having = [report for report in window.live.values() if term in report.terms]
        assert [report.number for report in having] == list(term.posts)
        assert len({report.story.id for report in having}) == term.stories


@settings(deadline=None)
@given(
    st.lists(_reports, max_size=40),
    st.sampled_from([(MOST_REPORTS, MOST_BYTES), (5, MOST_BYTES), (MOST_REPORTS, 6_000)]),
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
            back.put_back(card, source, at, story, number, 0)
    list(back.settling())
    back.forget(lived.newest)
    assert seen_in(back) == seen_in(lived)
    assert back.bytes == lived.bytes
    assert {source: [r.at for r in of] for source, of in back._by_source.items()} == {
        source: [r.at for r in of] for source, of in lived._by_source.items()
    }
    lived.forget(1000 * DAY)
    back.forget(1000 * DAY)
    assert not any([back.terms, back.told, back.live, back._by_source, back._by_age])


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
        lately = window._by_source.get("Gull Wire", [])[-12:]
        told, heads = window.telling(asked, "Gull Wire")
        kept = [
            text
            for text in asked.title
            if len(lately) < 8 or sum(text in {t.text for t in r.terms} for r in lately) < 8
        ]
        assert ([term.text for term in told], heads) == (kept, len(kept))
