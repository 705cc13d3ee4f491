"""Copies: the same text under another headline, and the outlet it is from."""

import pytest

from bot.news.stories.clustering import Clusterer, Sighting
from bot.news.text.credits import credited
from bot.news.text.plain import fold_title

LEAD = (
    "The harbour council of Ostwick voted late on Tuesday to close the northern ferry pier for two"
    " winters while divers replace its rotten oak piles."
)


def seen(title: str, summary: str = "", at: float = 0.0, source: str = "") -> Sighting:
    return Sighting(None, fold_title(title, source), at, title, summary, source, "en")


def second_of(first: Sighting, second: Sighting) -> tuple[int | None, str]:
    clusterer = Clusterer()
    clusterer.remember(first, 7)
    verdict = clusterer.judge(second)
    return verdict.story, verdict.reason


@pytest.mark.parametrize(
    "summary",
    [
        LEAD,
        "OSTWICK (Gull Wire) – " + LEAD,
        LEAD + " This article was originally published on Gull Wire and was reproduced with"
        " permission.",
        LEAD[:100] + "…",
    ],
)
def test_the_same_lead_under_another_headline_is_a_copy(summary: str) -> None:
    first = seen("Ostwick shuts ferry pier for two winters", LEAD)
    assert second_of(first, seen("No boats until spring after next", summary)) == (7, "copy")


def test_a_headline_with_words_left_out_is_a_copy() -> None:
    first = seen("Ostwick council closes northern ferry pier for two winters", LEAD)
    assert second_of(first, seen("Ostwick council closes ferry pier for winters")) == (7, "copy")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Strike at Ostwick harbour: day 12", "Strike at Ostwick harbour: day 13"),
        ("Magnitude 5.1 quake shakes Varnholm", "Magnitude 4.4 quake shakes Varnholm"),
    ],
)
def test_another_figure_is_the_next_of_a_series(before: str, after: str) -> None:
    story, reason = second_of(seen(before), seen(after))
    assert (story, reason) == (None, "new")


@pytest.mark.parametrize(
    ("text", "outlet"),
    [
        ("OSTWICK (Gull Wire) – Ferries stop.", "Gull Wire"),
        ("Ferries stop. This story was originally published by Gull Wire.", "Gull Wire"),
        ("Reprinted with permission from Gull Wire.", "Gull Wire"),
        ("Zuerst erschienen bei Gull Wire.", "Gull Wire"),
        ("URSPRÜNGLICH VERÖFFENTLICHT AUF Gull Wire.", "Gull Wire"),
        ("Publié initialement par Gull Wire.", "Gull Wire"),
        ("Paru initialement dans Gull Wire.", "Gull Wire"),
        ("Publicado originalmente en Gull Wire.", "Gull Wire"),
        ("Ferries stop (and buses too).", None),
        ("", None),
    ],
)
def test_a_text_names_where_it_is_from(text: str, outlet: str | None) -> None:
    assert credited(text, "Ostwick Daily") == outlet
    assert credited(text, "gull wire") is None


def test_the_letters_of_a_source_are_no_other_source() -> None:
    dateline = "PORT SELIM (MW) — Envoys opened talks on Sunday."
    assert credited(dateline, "Meridian Wire") is None
    assert credited(dateline, "The Meridian Wire") is None
    assert credited(dateline, "Harbour Courier") == "MW"


def test_few_words_of_a_headline_are_a_copy_while_they_fit_one_story_only() -> None:
    first = seen("Albatross ferry freed from Ostwick sandbank after eleven hours", LEAD)
    cut_short = seen("Albatross freed sandbank")
    clusterer = Clusterer()
    clusterer.remember(first, 7)
    assert clusterer.judge(cut_short).reason == "copy"
    other = seen("Divers find what tore the Albatross, freed from a sandbank last week", LEAD[:40])
    clusterer.remember(other, 8)
    assert clusterer.judge(cut_short).reason != "copy"


def test_two_words_that_anyone_uses_are_no_copy() -> None:
    assert second_of(seen("Police find car in Ostwick harbour", LEAD), seen("Police car")) == (
        None,
        "new",
    )


@pytest.mark.parametrize(
    ("figure", "is_copy"), [("All 212 aboard are safe.", True), ("All aboard are safe.", False)]
)
def test_another_figure_in_the_headline_is_no_objection_if_the_text_has_it(
    figure: str, is_copy: bool
) -> None:
    first = seen("Ostwick ferry aground with 212 aboard", LEAD)
    second = seen("Northern pier to close for 14 winters", LEAD + " " + figure)
    assert (second_of(first, second)[1] == "copy") == is_copy
