"""The numbers by which a report is compared with a story."""

from math import isfinite

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.news.stories.cards import card_of
from bot.news.stories.features import FALLING, FEATURES, RISING, chance, features_of
from bot.news.stories.likeness import NearReports, ask, compare, neighbours, rivals_of, stories_near
from bot.news.stories.splitting.terms import terms_of
from bot.news.stories.window import Window
from tests.effort import examples

_WORD_LIST = "ostwick ferry harbour strike quake mayor bridge 12 5.6 東京大火"
_words = st.sampled_from(_WORD_LIST.split())
_texts = st.lists(_words, max_size=8).map(" ".join)
_reports = st.tuples(_texts, _texts, st.integers(0, 5))
_UNBOUNDED_LIST = "mass title_length best_reports best_stories known_mass size idle rival"
_UNBOUNDED = frozenset(_UNBOUNDED_LIST.split())
# Some are an idf over 7, which that of a word never seen exceeds a little.
_IDF_LIST = "best_idf first_best core_best core_missing unknown_best"
_IDF = frozenset(_IDF_LIST.split())
_SLACK = 1e-6


@settings(deadline=None)
@given(st.lists(_reports, max_size=25), _texts, _texts)
def test_features_are_shares_or_counts_and_the_chance_is_one(
    reports: list[tuple[str, str, int]], title: str, summary: str
) -> None:
    window = Window(1000.0)
    for at, (their_title, their_summary, story) in enumerate(reports):
        window.add(card_of(terms_of(their_title, their_summary, "en")), "", at, story)
    asked = ask(window, terms_of(title, summary, "en"), "", 30.0)
    found_near = neighbours(window, asked)
    stories = stories_near(window, found_near)
    for near in stories:
        told = compare(window, asked, near.story.first)
        rivals = rivals_of(window, found_near, stories, near)
        features = features_of(window, asked, near, told, rivals)
        assert len(features) == len(FEATURES)
        for name, value in zip(FEATURES, features, strict=True):
            assert isfinite(value), name
            assert value >= -_SLACK, name
            if name not in _UNBOUNDED:
                assert value <= (1.2 if name in _IDF else 1 + _SLACK), name
        assert 0 < chance(features) < 1


_amounts = st.floats(0, 3, allow_nan=False)


@given(
    st.lists(_amounts, min_size=len(FEATURES), max_size=len(FEATURES)),
    st.sampled_from(sorted(RISING | FALLING)),
    _amounts,
)
def test_more_of_what_speaks_for_a_story_never_lowers_the_chance(
    features: list[float], name: str, more: float
) -> None:
    raised = list(features)
    raised[FEATURES.index(name)] += more
    gain = chance(raised) - chance(features)
    assert gain >= -1e-9 if name in RISING else gain <= 1e-9


@examples(40)
@given(st.lists(_reports, min_size=20, max_size=60), _texts)
def test_neighbours_are_all_that_share_the_rarest_terms(
    reports: list[tuple[str, str, int]], title: str
) -> None:
    """In their order, also where so many share several terms that the others are not looked at."""
    window = Window(1000.0)
    for at, (their_title, their_summary, story) in enumerate(reports):
        window.add(card_of(terms_of(their_title, their_summary, "en")), "", at, story)
    asked = ask(window, terms_of(title, "", "en"), "", 60.0)
    weight: dict[int, float] = {}
    known = [i for i, count in enumerate(asked.reports) if count]
    for i in sorted(known, key=asked.reports.__getitem__)[:8]:
        for number in window.newest_with(asked.terms[i], 100):
            weight[number] = weight.get(number, 0.0) + asked.weights[i]
    expected = sorted(weight, key=weight.__getitem__, reverse=True)
    near = neighbours(window, asked)
    assert near.first(5) == expected[:5]
    assert list(near) == expected
    assert near.weight == weight


@given(
    st.dictionaries(st.integers(0, 900), st.sampled_from([0.5, 1.5, 2.0, 3.5, 4.0]), max_size=500),
    st.sampled_from([0.0, 2.0, 4.0]),
)
def test_neighbours_come_in_the_order_of_all_of_them(
    weight: dict[int, float], at_least: float
) -> None:
    near = NearReports(weight, at_least)
    expected = sorted(weight, key=weight.__getitem__, reverse=True)[:200]
    begun = iter(near)
    next(begun, None)
    assert list(near) == expected
    assert list(begun) == expected[1:]
    assert near.first(7) == expected[:7]
