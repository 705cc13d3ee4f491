"""Which new stories are told in reply to an earlier one."""

import pytest
from msgspec.structs import replace

from bot.news.stories.clustering import Clusterer
from bot.news.stories.rules.follow_ups import says_unrelated
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


def test_a_name_that_many_stories_have_leads_to_no_reply() -> None:
    clusterer = Clusterer()
    clusterer.remember(sighting(FIRST), 7)
    for n, what in enumerate(("bakery prize", "flood wall", "school choir", "tram line", "museum")):
        text = f"Something new about the {what} in Ostwick was said on Tuesday."
        clusterer.remember(sighting(Told(f"News of the {what}", text, n + 20)), n + 20)
    second = Told("Ostwick bus drivers end strike", "Bus drivers in Ostwick accept a pay offer.", 3)
    assert clusterer.judge(sighting(second, 3600.0)).related is None


def _in_reply(language: str, first: str, second: str) -> int | None:
    clusterer = Clusterer()
    told, later = Told(first, first), Told(second, second)
    clusterer.remember(replace(sighting(told), language=language), 7)
    return clusterer.judge(replace(sighting(later, 3600.0), language=language)).related


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        (
            "de",
            "Busfahrer streiken bei Brumil und lassen Tausende warten.",
            "Busfahrer bei Brumil beenden den Streik und nehmen das Angebot an.",
        ),
        ("zh", "白鹭公交司机罢工 数千人滞留", "白鹭公交司机结束罢工 接受加薪"),
    ],
)
def test_where_names_cannot_be_seen_nothing_comes_in_reply(
    language: str, first: str, second: str
) -> None:
    assert _in_reply(language, first, second) is None


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        (
            "de",
            "Busfahrer streiken in Tarnbach und lassen Tausende warten.",
            "Busfahrer in Tarnbach beenden den Streik und nehmen das Angebot an.",
        ),
        ("ar", "سائقو الحافلات يضربون في طنجة", "سائقو الحافلات في طنجة ينهون الإضراب"),
        ("he", "נהגי האוטובוסים שובתים באשקלון", "נהגי האוטובוסים באשקלון סיימו את השביתה"),
        ("zh", "奥斯特维克公交司机罢工 数千人滞留", "奥斯特维克公交司机结束罢工 接受加薪"),
    ],
)
def test_a_name_that_no_capital_tells_may_be_followed(
    language: str, first: str, second: str
) -> None:
    assert _in_reply(language, first, second) == 7
