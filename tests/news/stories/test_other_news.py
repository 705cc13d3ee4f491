"""A join must not hide other news from who has read the alert."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.stories_readers import FOLDER, of_pairs
from bot.news.stories.clustering import Clusterer, Sighting
from bot.news.stories.filed import Filed
from bot.news.stories.likeness import Asked, ask, compare
from bot.news.stories.other_news import fills_its_form_otherwise, is_other_news
from bot.news.stories.window import View
from bot.news.text.plain import fold_title

WORDS = ["harbour", "ferry", "council", "votes", "closes", "opens", "storm", "bridge", "keeper"]


def _sighting(title: str, summary: str = "", language: str = "en", feed: int = 1) -> Sighting:
    return Sighting(None, fold_title(title, ""), 0.0, title, summary, f"N{feed}", language, feed)


def _compared(alert: Sighting, report: Sighting, rule: object) -> bool:
    clusterer = Clusterer()
    clusterer.remember(alert, 1)
    terms = clusterer.terms(report)
    asked = ask(clusterer.window, terms, report.outlet, report.at)
    told = clusterer.window.report(0)
    return bool(rule(clusterer.window, asked, told))  # type: ignore[operator]


def _is_other(window: View, asked: Asked, told: Filed) -> bool:
    return is_other_news(window, asked, told, compare(window, asked, told).alike)


@pytest.mark.parametrize(
    ("language", "alert", "report"),
    [
        ("en", "Pellow United sign winger Jon Aske from Marrick",
         "Pellow United sign keeper Tom Ruud from Marrick"),
        ("de", "Unwetterwarnung für den Kreis Altenau bis Mitternacht",
         "Unwetterwarnung für den Kreis Dornbach bis Mitternacht"),
        ("es", "Retiran del mercado los yogures Brisal por un fallo de envasado",
         "Retiran del mercado los quesos Montiel por un fallo de envasado"),
        ("ru", "Землетрясение магнитудой у побережья Норвика ощутили жители",
         "Землетрясение магнитудой у побережья Тамсара ощутили жители"),
    ],
)  # fmt: skip
def test_one_form_filled_in_with_another_word_is_other_news(
    language: str, alert: str, report: str
) -> None:
    one, other = _sighting(alert, language=language), _sighting(report, "", language, 2)
    assert _compared(one, other, fills_its_form_otherwise)
    clusterer = Clusterer()
    clusterer.remember(one, 1)
    assert clusterer.judge(other).story is None


def test_more_words_on_one_side_only_are_no_other_filling() -> None:
    one = _sighting("Ferry to Saint Orla stopped by storm")
    other = _sighting("Ferry to Saint Orla stopped by storm until Friday noon", feed=2)
    assert not _compared(one, other, fills_its_form_otherwise)


def test_what_is_little_like_the_alert_is_other_news_however_well_it_fits_the_story() -> None:
    told = _sighting("Ore carrier Brannock runs aground off Pellow lighthouse")
    far = _sighting("Brannock owners win prize for cleanest kitchens at sea fair dinner", feed=2)
    near = _sighting("Carrier Brannock aground off Pellow", feed=3)
    assert _compared(told, far, _is_other)
    assert not _compared(told, near, _is_other)


@given(st.lists(st.sampled_from(WORDS), min_size=4, max_size=9, unique=True))
def test_a_headline_is_no_other_news_than_itself(words: list[str]) -> None:
    title = " ".join(words)
    assert not _compared(_sighting(title), _sighting(title, feed=2), _is_other)


@pytest.mark.slow
def test_look_alikes_that_were_invented_without_sight_of_the_rules_are_alerted() -> None:
    found = {}
    for line in of_pairs(FOLDER / "pairs.jsonl"):
        language, others, same = (cell.strip() for cell in line.strip("|").split("|"))
        found[language] = [int(cell.partition(" ")[0]) for cell in (others, same)]
    assert found["en"][0] <= 1
    assert sum(others for others, _ in found.values()) <= 5
    assert sum(same for _, same in found.values()) >= 30
