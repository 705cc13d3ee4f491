"""Notices of one form ring each; one story told twice rings once."""

import pytest

from bot.news.stories.clustering import Clusterer, Sighting
from bot.news.stories.splitting.stock_wording import is_stock_title
from bot.news.stories.splitting.terms import STOCK, terms_of
from bot.news.text.plain import fold_title
from tests.news.stories.look_alikes import GOES_ON, LOOK_ALIKES, SAME_NEWS, Pair, Told


def sighting(told: Told, at: float = 0.0) -> Sighting:
    source = f"Feed {told.feed}"
    return Sighting(
        None, fold_title(told.title, source), at, told.title, told.summary, source, told.language,
        told.feed,
    )  # fmt: skip


def joins(first: Told, second: Told) -> bool:
    clusterer = Clusterer()
    clusterer.remember(sighting(first), 1)
    return clusterer.judge(sighting(second, 60.0)).story is not None


@pytest.mark.parametrize("pair", LOOK_ALIKES.values(), ids=LOOK_ALIKES.keys())
def test_look_alikes_are_two_stories_in_either_order(pair: Pair) -> None:
    first, second = pair
    assert not joins(first, second)
    assert not joins(second, first)


@pytest.mark.parametrize("pair", GOES_ON.values(), ids=GOES_ON.keys())
def test_what_goes_on_is_news_and_what_was_before_is_not(pair: Pair) -> None:
    first, second = pair
    assert not joins(first, second)
    assert joins(second, first)


@pytest.mark.parametrize("pair", SAME_NEWS.values(), ids=SAME_NEWS.keys())
def test_one_story_told_twice_is_one_in_either_order(pair: Pair) -> None:
    first, second = pair
    assert joins(first, second)
    assert joins(second, first)


def test_a_headline_under_which_two_stories_stand_joins_no_third_report() -> None:
    clusterer = Clusterer()
    title = "Ferry to Lund Island resumes after storm"
    for number, text in enumerate(("One boat sailed.", "Two boats wait.", "Three more."), 1):
        clusterer.remember(sighting(Told(title, text)), number)
    assert clusterer.judge(sighting(Told(title, feed=2), 60.0)).story is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Crews came to Tarva on Tuesday in November."),
        ("tr", "Ekipler Tarva adasına Salı günü, Kasım ayında geldi."),
        ("id", "Petugas tiba di Tarva pada hari Selasa bulan Desember."),
        ("el", "Τα συνεργεία έφτασαν στη Τάρβα την Τρίτη του Νοεμβρίου."),
    ],
)
def test_days_and_months_are_no_names(language: str, text: str) -> None:
    names = terms_of("", text, language).names
    assert len(names) == 1
    assert names[0].startswith(("tarv", "ταρβ"))


@pytest.mark.parametrize(
    ("title", "stock"),
    [
        ("Scheduled maintenance has been completed", True),
        ("Release 2.4.1", True),
        ("Update on scheduled maintenance of the Lund ferry pier", False),
        ("Council meeting on Tuesday in Ostwick", False),
    ],
)
def test_stock_wording_says_nothing_that_only_one_story_says(title: str, stock: bool) -> None:
    terms = terms_of(title, "", "en")
    assert bool(terms.wording & STOCK) is stock
    assert is_stock_title(terms.title, terms.names, "en") is stock
