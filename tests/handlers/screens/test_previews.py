"""How much news there is, in words: a rate is said only of whole days that were seen."""

import pytest

from bot.actions.search import Preview
from bot.news.query.parse import parse_query
from handlers.screens import previews

HOUR = 1 / 24


def _found(stories: int, days: float, **how: object) -> Preview:
    return Preview(stories, (), days=days, **{"whole": True, "over": days} | how)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "sentence", "about", "amount"),
    [
        (_found(0, 0.01), "Nothing so far. I began to read 14 minutes ago.", "no stories yet", "0"),
        (_found(1, 0.001), "1 story so far.", "1 so far", "1 so far"),
        (_found(70, HOUR), "70 stories so far.", "70 so far", "70 so far"),
        (
            _found(60, 9 * HOUR, whole=False, over=0.1), "More than 60 stories so far.",
            "over 60 so far", "over 60 so far",
        ),
        (
            _found(0, 0.1, whole=False, looked=600), "Nothing in the newest 600 stories.",
            "none in the newest 600 stories", "over 0",
        ),
        (
            _found(1, 7.0, whole=False, over=3.0), "Less than 1 a day.",
            "less than 1 a day", "less than 1 a day",
        ),
        (_found(9, 1.0), "Last day: 9 stories.", "about 9 a day", "9 a day"),
        (_found(3, 4.0), "Last 4 days: 3 stories, about 1 a day.", "about 3 in 4", "3 in 4 days"),
        (_found(5, 7.0), "Last 7 days: 5 stories, about 1 a day.", "about 5 a week", "5 a week"),
        (_found(2, 7.0), "Last 7 days: 2 stories.", "about 2 a week", "2 a week"),
        (_found(1, 7.0), "Last 7 days: 1 story.", "about 1 a week", "1 a week"),
        (_found(0, 7.0), "Last 7 days: nothing. Fewer words find", "no stories yet", "0 a week"),
        (_found(98, 7.0), "Last 7 days: 98 stories, about 14 a day.", "about 14 a day", "14 a day"),
        (_found(60, 7.0, whole=False, over=2.0), "About 30 a day.", "about 30 a day", "30 a day"),
        (
            _found(60, 7.0, whole=False, over=0.2), "Over 60 a day.",
            "over 60 a day", "over 60 a day",
        ),
    ],
)  # fmt: skip
def test_what_is_said_of_so_many_in_so_many_days(
    found: Preview, sentence: str, about: str, amount: str
) -> None:
    query = parse_query("ferry lund")
    assert str(previews.volume(found, query)).startswith(sentence)
    assert str(previews.about(found)).startswith(about)
    assert str(previews.amount(found)).startswith(amount)
    rates = [str(said) for said in (
        previews.volume(found, query), previews.about(found), previews.amount(found),
    )]  # fmt: skip
    assert all(("a day" in said) <= (found.days >= 1) for said in rates)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("ferry lund", "Last 7 days: nothing. Fewer words find more."),
        ("ferry (lund OR oslo) -race", "Last 7 days: nothing. Fewer words find more."),
        ("ferry", "Last 7 days: 0 stories."),
        ("ferry -race", "Last 7 days: 0 stories."),
        ("ferry OR night boat", "Last 7 days: 0 stories."),
    ],
)
def test_fewer_words_are_advised_where_several_must_occur(words: str, said: str) -> None:
    assert str(previews.volume(_found(0, 7.0), parse_query(words))) == said
