"""Which new stories are told in reply to an earlier one."""

import pytest

from bot.news.stories.clustering import Clusterer
from bot.news.stories.follow_ups import says_unrelated
from tests.news.stories.look_alikes import Told
from tests.news.stories.test_look_alikes import sighting

FIRST = Told(
    "Bus drivers strike in Ostwick",
    "Bus drivers in Ostwick walked out over pay on Tuesday, leaving thousands stranded.",
)


def related(second: Told, first: Told = FIRST) -> int | None:
    clusterer = Clusterer()
    clusterer.remember(sighting(first), 7)
    verdict = clusterer.judge(sighting(second, 3600.0))
    assert verdict.story is None
    return verdict.related


def test_what_shares_a_name_may_follow() -> None:
    second = "Bus drivers in Ostwick accept a pay offer that ends their walkout after two days."
    assert related(Told("Ostwick bus drivers end strike", second)) == 7


def test_what_shares_a_form_and_no_name_follows_nothing() -> None:
    second = "Bus drivers in Varnholm walked out over pay on Tuesday, leaving thousands stranded."
    assert related(Told("Bus drivers strike in Varnholm", second, 2)) is None


def test_what_calls_itself_unrelated_follows_nothing() -> None:
    second = "In an unrelated dispute, ferry drivers in Ostwick walked out over pay on Tuesday."
    assert related(Told("Ostwick ferry drivers strike", second)) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Police said the two fires were not believed to be connected.", True),
        ("Die Taten stehen nicht im Zusammenhang.", True),
        ("Un incident sans lien avec le premier.", True),
        ("Этот случай не связан с первым.", True),
        ("The two are related, police said.", False),
        ("A new rail connection to the coast.", False),
    ],
)
def test_a_text_says_that_it_has_to_do_with_nothing(text: str, says: bool) -> None:
    assert says_unrelated(text) is says
