"""Times, lengths of time, yes and no in languages of ours."""

import pytest

from bot.errors import BadInput
from bot.news.telling.durations import read_duration, split_until
from bot.news.telling.hours import is_off, is_on, read_quiet, read_slots

NOW = 1_800_000_000.0


@pytest.mark.parametrize(
    ("typed", "slots"),
    [
        ("8 утра", (480,)), ("8 утра 6 вечера", (480, 1080)), ("8 ранку, 6 вечора", (480, 1080)),
        ("8 Uhr 18 Uhr", (480, 1080)), ("7 Uhr abends", (1140,)), ("8 de la mañana", (480,)),
        ("8 du matin", (480,)), ("7:30 da noite", (1170,)), ("8 di sera", (1200,)),
        ("sabah 8", (480,)), ("8 pagi", (480,)), ("8 صباحًا", (480,)), ("सुबह 8 बजे", (480,)),
        ("上午8点 晚上8点", (480, 1200)), ("8 בבוקר", (480,)), ("2 часа дня", (840,)),
    ],
)  # fmt: skip
def test_hours_are_read_as_people_say_them(typed: str, slots: tuple[int, ...]) -> None:
    assert read_slots(typed) == slots


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("2 días", 172_800), ("2 Stunden", 7_200), ("2 дня", 172_800), ("5 дней", 432_000),
        ("3 jours", 259_200), ("1 semana", 604_800), ("2 saat", 7_200), ("3 hari", 259_200),
        ("3 أيام", 259_200), ("2 दिन", 172_800), ("2天", 172_800), ("30 хвилин", 1_800),
        ("2 ימים", 172_800), ("2 روز", 172_800), ("1 mês", 2_592_000), ("2 ore", 7_200),
    ],
)  # fmt: skip
def test_lengths_of_time_are_read_in_each_language(typed: str, seconds: float) -> None:
    assert read_duration(typed) == seconds


def test_what_is_no_time_is_refused_as_before() -> None:
    for typed in ("2 кита", "2 /дня", "двадцать"):
        with pytest.raises(BadInput):
            read_duration(typed)
    with pytest.raises(BadInput):
        read_slots("14 вечера вечера")


def test_words_and_how_long_they_are_muted_are_told_apart() -> None:
    assert split_until("большая лотерея 2 дня", "UTC", NOW) == ("большая лотерея", NOW + 172_800)


def test_the_night_has_halves_too_and_yes_and_no_are_answers() -> None:
    assert read_quiet("10 вечера - 7 утра") == (1320, 420)
    for typed in ("нет", "Nein", "não", "لا", "否"):
        assert is_off(typed)
    for typed in ("да", "Oui", "Sí", "是"):
        assert is_on(typed)
