"""Times, lengths of time, yes and no in languages of ours."""

from datetime import UTC, datetime

import pytest

from bot.errors import BadInput
from bot.news.telling.durations import MOST_SECONDS, read_duration, split_until, without_time
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
        ("в 8 утра", (480,)), ("8h du matin", (480,)), ("8h30 du matin", (510,)),
        ("ore 8", (480,)), ("jam 8", (480,)), ("saat 8", (480,)), ("a las 8", (480,)),
        ("8 und 18 Uhr", (480, 1080)), ("8 in the morning", (480,)), ("noon", (720,)),
        ("every day at 8", (480,)), ("every morning", (480,)), ("täglich 8", (480,)),
        ("каждый день в 9", (540,)), ("Le matin", (480,)), ("Abends", (1080,)),
        ("٨", (480,)), ("۸ صبح", (480,)), ("८ बजे", (480,)),
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


@pytest.mark.parametrize(
    "typed",
    [
        "22 bis 7 Uhr", "von 22 Uhr bis 7 Uhr", "de 22h à 7h", "entre 22h et 7h", "с 22 до 7",
        "з 22 до 7", "22h às 7h", "dalle 22 alle 7", "de 22 a 7", "entre las 22 y las 7",
        "dari jam 22 sampai jam 7", "من 22 إلى 7", "از ۲۲ تا ۷", "٢٢-٧", "10 से सुबह 7 बजे तक",
        "晚上10点到早上7点",
    ],
)  # fmt: skip
def test_a_night_is_read_from_and_to_as_each_language_says_it(typed: str) -> None:
    start, end = read_quiet(typed)
    assert (start % 720, end) == (600, 420)


@pytest.mark.parametrize(
    ("typed", "what", "seconds"),
    [
        ("grève pendant 2 jours", "grève", 172_800), ("паром на 2 дня", "паром", 172_800),
        ("Bahn für 2 Tage", "Bahn", 172_800), ("huelga durante 2 días", "huelga", 172_800),
        ("huelga por 2 días", "huelga", 172_800), ("greve por 2 dias", "greve", 172_800),
        ("sciopero per 2 giorni", "sciopero", 172_800), ("пором на 2 дні", "пором", 172_800),
        ("feri selama 2 hari", "feri", 172_800), ("grev 2 gün için", "grev", 172_800),
        ("lottery for two days", "lottery", 172_800), ("غزة ٢ يوم", "غزة", 172_800),
        ("غزة يومين", "غزة", 172_800), ("کشتی ۲ روز", "کشتی", 172_800),
        ("שביתה יומיים", "שביתה", 172_800), ("हड़ताल २ दिन के लिए", "हड़ताल", 172_800),
        ("пожар на неделю", "пожар", 604_800), ("Bahn eine Woche", "Bahn", 604_800),
    ],
)  # fmt: skip
def test_a_length_is_told_from_the_words_before_it(typed: str, what: str, seconds: float) -> None:
    assert split_until(typed, "UTC", NOW) == (what, NOW + seconds)


@pytest.mark.parametrize(
    ("typed", "until"),
    [
        ("Bahn morgen", "Sat 08:00"), ("Bahn bis Montag", "Mon 08:00"),
        ("Bahn bis 18 Uhr", "Fri 18:00"), ("Bahn bis 18", "Fri 18:00"),
        ("grève jusqu'à lundi", "Mon 08:00"),
        ("grève jusqu'à demain matin", "Sat 08:00"), ("huelga hasta mañana", "Sat 08:00"),
        ("паром до понедельника", "Mon 08:00"), ("паром завтра", "Sat 08:00"),
        ("sciopero fino a lunedì", "Mon 08:00"), ("greve até segunda", "Mon 08:00"),
        ("grev pazartesiye kadar", "Mon 08:00"), ("feri sampai senin", "Mon 08:00"),
        ("שביתה עד יום שני", "Mon 08:00"), ("feri sampai hari Senin", "Mon 08:00"),
        ("غزة حتى يوم الاثنين", "Mon 08:00"), ("lottery tonight", "Sat 08:00"),
        ("lottery until tonight", "Fri 18:00"),
    ],
)  # fmt: skip
def test_an_end_is_named_in_each_language(typed: str, until: str) -> None:
    what, at = split_until(typed, "UTC", NOW)
    assert what == typed.split()[0]
    assert f"{datetime.fromtimestamp(at, UTC):%a %H:%M}" == until


def test_for_ever_is_a_year_and_on_is_no_time_behind_words() -> None:
    assert split_until("lottery forever", "UTC", NOW) == ("lottery", NOW + MOST_SECONDS)
    for typed in ("hands on", "вот так", "stop per ora"):
        with pytest.raises(BadInput):
            split_until(typed, "UTC", NOW)


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("lottery for 2 fortnights", "lottery"), ("Bahn bis 8 Monde", "Bahn"),
        ("huelga por dos quincenas", "huelga"), ("war for talent", "war for talent"),
        ("until dawn", "until dawn"),
    ],
)  # fmt: skip
def test_what_was_meant_as_a_time_is_left_out_of_the_words(typed: str, what: str) -> None:
    assert without_time(typed) == what


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
    for typed in ("нет", "Nein", "não", "لا", "否", "aus", "выкл", "kapalı", "désactivé", "关"):
        assert is_off(typed)
    for typed in ("да", "Oui", "Sí", "是", "an", "вкл", "açık", "开"):
        assert is_on(typed)
