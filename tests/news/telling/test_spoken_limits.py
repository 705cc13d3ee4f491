"""How many alerts a day, as people say it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.telling.spoken_limits import read_limit, split_limit


@pytest.mark.parametrize(
    "typed",
    [
        "5", "٥", "five", "5 a day", "5 per day", "max 5 a day", "at most five", "up to 5", "5 max",
        "only 5", "5 alerts a day", "no more than 5 per day", "5 a day at most", "5 please",
        "höchstens 5", "maximal fünf am Tag", "nicht mehr als 5", "fünf Mitteilungen pro Tag",
        "au plus 5", "5 par jour maximum", "como máximo 5", "cinco al día", "no máximo 5",
        "até cinco por dia", "al massimo 5", "cinque al giorno", "не более 5 в день", "максимум 5",
        "пять уведомлений в день", "не більше 5 на день", "en fazla 5",
        "günde en fazla beş", "paling banyak 5 per hari", "على الأكثر 5", "حداکثر ۵",
        "לכל היותר 5", "अधिकतम 5", "最多5条", "每天最多五条", "最多 5",
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_say_it(typed: str) -> None:
    name, limit = split_limit(typed)
    assert (name, read_limit(limit)) == ("", 5)


@pytest.mark.parametrize(
    "typed",
    [
        "off", "all", "no limit", "No limits", "unlimited", "kein Limit", "unbegrenzt",
        "sans limite", "sin límite", "sem limite", "senza limiti", "без ограничений",
        "без обмежень", "sınırsız", "tanpa batas", "بلا حدود", "نامحدود", "ללא הגבלה", "不限",
        "alle", "все", "aus", "no limit please",
    ],
)  # fmt: skip
def test_no_limit_is_none(typed: str) -> None:
    name, limit = split_limit(typed)
    assert (name, read_limit(limit)) == ("", 0)


@pytest.mark.parametrize(
    ("typed", "name", "limit"),
    [
        ("Ferries 5", "Ferries", 5), ("Ferries max 5 a day", "Ferries", 5),
        ("Ferries no limit", "Ferries", 0), ("Ferries off", "Ferries", 0),
        ("Football stories five", "Football stories", 5), ("Often 5", "Often", 5),
        ("Лодки не более 5 в день", "Лодки", 5), ("Ferries x", "Ferries", None),
    ],
)  # fmt: skip
def test_a_topic_is_told_from_its_limit(typed: str, name: str, limit: int | None) -> None:
    said = split_limit(typed)
    assert (said[0], read_limit(said[1])) == (name, limit)


@pytest.mark.parametrize("typed", ["", "on", "a", "an", "0", "-3", "many", "999999", "5.5", "um"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert read_limit(split_limit(typed)[1]) is None


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_name_and_a_limit_of_it(text: str) -> None:
    name, limit = split_limit(text)
    assert name in (said := " ".join(text.split()))
    assert limit in said
    assert (read_limit(limit) or 0) >= 0


@given(st.integers(1, 99_999), st.sampled_from(["{}", "max {}", "{} a day", "höchstens {} am Tag"]))
def test_every_number_is_read_back(number: int, form: str) -> None:
    assert split_limit(form.format(number))[0] == ""
    assert read_limit(split_limit(form.format(number))[1]) == number
