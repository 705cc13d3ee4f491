"""Times, lengths of time, yes and no in languages of ours."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.news.telling.durations import MOST_SECONDS, read_duration, split_until, without_time
from bot.news.telling.hours import (
    HOURLY,
    TWICE,
    is_night,
    is_off,
    is_on,
    read_quiet,
    read_slots,
    read_time,
    shown_slots,
)
from bot.news.telling.spoken_numbers import HOURS, SPELLED
from bot.news.telling.spoken_times import ALL, NO, YES

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
    ("typed", "slots"),
    [
        ("at eight", "08:00"), ("acht", "08:00"), ("eight and six pm", "08:00 18:00"),
        ("half past seven", "07:30"), ("a quarter past eight", "08:15"),
        ("quarter to nine", "08:45"), ("eight thirty", "08:30"), ("every evening at 8pm", "20:00"),
        ("8am, please", "08:00"), ("8 at night", "20:00"), ("12 noon", "12:00"),
        ("um acht", "08:00"), ("acht Uhr", "08:00"), ("halb acht", "07:30"), ("halb 1", "12:30"),
        ("Viertel vor acht", "07:45"), ("8 Uhr 30", "08:30"), ("um ein Uhr", "01:00"),
        ("morgens um 8 und abends um 6", "08:00 18:00"), ("jeden Abend um 20 Uhr", "20:00"),
        ("1 Uhr mittags", "13:00"), ("12 Uhr mittags", "12:00"), ("um elf", "11:00"),
        ("à huit heures", "08:00"), ("huit heures et demie", "08:30"), ("20 h", "20:00"),
        ("20 h 30", "20:30"), ("neuf heures moins le quart", "08:45"), ("8h 18h", "08:00 18:00"),
        ("dix sept heures", "17:00"), ("tous les matins à huit heures", "08:00"),
        ("a las ocho y media", "08:30"), ("a las once", "11:00"), ("12 de la noche", "00:00"),
        ("por la mañana a las 8", "08:00"), ("às oito e meia", "08:30"),
        ("às 7 da manhã e às 6 da tarde", "07:00 18:00"), ("alle nove meno un quarto", "08:45"),
        ("la mattina alle 8", "08:00"), ("в восемь утра", "08:00"), ("полвосьмого", "07:30"),
        ("в половине восьмого", "07:30"), ("без четверти восемь", "07:45"), ("в час дня", "13:00"),
        ("2 ночи", "02:00"), ("12 ночи", "00:00"), ("в 20:00 вечера", "20:00"),
        ("утром в 8 и вечером в 6", "08:00 18:00"), ("о восьмій ранку", "08:00"),
        ("пів на восьму", "07:30"), ("sabah sekizde", "08:00"), ("akşam 6'da", "18:00"),
        ("saat on", "10:00"), ("saat sekiz buçukta", "08:30"), ("jam setengah delapan", "07:30"),
        ("jam 12 malam", "00:00"), ("jam 1 siang", "13:00"), ("الساعة الثامنة صباحًا", "08:00"),
        ("الساعة الثامنة والنصف", "08:30"), ("ساعت هشت و نیم", "08:30"), ("ساعت نه", "09:00"),
        ("בשמונה בבוקר", "08:00"), ("ב-8", "08:00"), ("सुबह आठ बजे", "08:00"),
        ("साढ़े आठ बजे", "08:30"), ("早上八点", "08:00"), ("每天早上8点", "08:00"),
        ("每天早上八点半", "08:30"), ("早上8点和晚上6点", "08:00 18:00"), ("二十二点", "22:00"),
        ("晚上12点", "00:00"), ("早8点晚6点", "08:00 18:00"), ("20点30分", "20:30"),
    ],
)  # fmt: skip
def test_hours_are_read_that_are_spelled(typed: str, slots: str) -> None:
    assert shown_slots(read_slots(typed)) == slots


@pytest.mark.parametrize(
    "typed",
    [
        "seven ten", "ten to seven", "ocho y diez", "otto e dieci", "sept heures dix",
        "acht Uhr zehn", "12 de la mañana", "8pm in the morning", "5 at night", "5 mittags",
        "8 утра вечера", "one", "two", "три", "once", "on 8am", "восьмого", "two times a day",
        "eight people", "zehn Leute", "alle 8 ore", "not before eight",
        "eight or nine", "twenty-two", "vierzehn", "night", "nachts",
    ],
)  # fmt: skip
def test_what_may_mean_another_hour_or_none_is_refused(typed: str) -> None:
    with pytest.raises(BadInput):
        read_slots(typed)


@pytest.mark.parametrize("word", [word for word, hour in HOURS.items() if hour > 3])
def test_every_hour_that_is_spelled_is_that_hour(word: str) -> None:
    assert read_slots(word) == read_slots(f"{word}, {word}") == (HOURS[word] * 60,)
    assert read_time(word) is None
    assert read_time(f"{word} pm") == (HOURS[word] % 12 + 12) * 60


def test_no_number_is_a_word_for_yes_no_or_all() -> None:
    assert SPELLED.keys().isdisjoint(YES | NO | ALL)


@pytest.mark.parametrize(
    "words",
    [
        "eight", "nine eleven", "ocean's eleven", "seven samurai", "the hateful eight", "big four",
        "quarter finals", "half moon", "midnight sun", "eight hours of work", "zehn Gebote",
        "11 сентября", "apollo 13", "5G", "14 июля", "halbfinale", "один дома", "dix pour cent",
        "六四", "十点半的飞机", "八国集团", "ثمانية", "night of the museums", "tagesschau 20 uhr",
    ],
)  # fmt: skip
def test_words_to_look_for_are_no_time_of_day(words: str) -> None:
    assert read_time(words) is None


@given(st.lists(st.sampled_from(sorted(HOURS)), min_size=1, max_size=5).map(" ".join))
def test_hours_beside_nothing_of_a_clock_are_no_time_of_day(words: str) -> None:
    assert read_time(words) is None


@pytest.mark.parametrize(
    ("typed", "hours"),
    [
        ("every 3 hours", 3), ("alle drei Stunden", 3), ("toutes les 6 heures", 6),
        ("cada 4 horas", 4), ("a cada 12 horas", 12), ("ogni 3 ore", 3), ("каждые два часа", 2),
        ("кожні 3 години", 3), ("her 3 saatte bir", 3), ("3 saatte bir", 3), ("setiap 3 jam", 3),
        ("كل ٣ ساعات", 3), ("كل ساعتين", 2), ("هر ۳ ساعت", 3), ("כל 3 שעות", 3), ("हर 3 घंटे", 3),
        ("每3小时", 3), ("每隔两个小时", 2), ("every 24h", 24), ("stündlich", 1), ("каждый час", 1),
    ],
)  # fmt: skip
def test_digests_come_so_many_hours_apart(typed: str, hours: int) -> None:
    slots = read_slots(typed)
    assert 8 * 60 in slots
    apart = {
        (later - each) % 1440 for each, later in zip(slots, (*slots[1:], slots[0]), strict=True)
    }
    assert apart == {hours * 60 % 1440}


@pytest.mark.parametrize(
    "typed", ["every 5 hours", "alle 0 Stunden", "каждые 7 часов", "every 25 hours"]
)
def test_hours_that_no_day_is_made_of_are_refused_with_what_can_be_said(typed: str) -> None:
    with pytest.raises(BadInput, match="Send 1 to 24 times"):
        read_slots(typed)


def test_twice_a_day_and_every_hour_are_said_in_each_language() -> None:
    assert read_slots("zweimal täglich") == read_slots("два раза в день") == TWICE
    assert read_slots("щогодини") == read_slots("每小时") == HOURLY


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
        "晚上10点到早上7点", "22:00'den 07:00'ye", "22'den 7'ye kadar", "22 h - 7 h", "22h 07h",
        "from ten pm to seven am", "von abends 10 bis morgens 7", "с десяти вечера до семи утра",
        "з десятої вечора до сьомої ранку", "akşam ondan sabah yediye", "מ-22 עד 7",
        "dalle dieci di sera alle sette di mattina", "من العاشرة مساء إلى السابعة صباحا",
        "desde las diez de la noche hasta las siete de la mañana", "از ده شب تا هفت صبح",
        "das dez da noite às sete da manhã", "dari jam 10 malam sampai jam 7 pagi",
        "晚上十点到早上七点", "从晚上10点到早上7点", "22点至次日7点",
    ],
)  # fmt: skip
def test_a_night_is_read_from_and_to_as_each_language_says_it(typed: str) -> None:
    start, end = read_quiet(typed)
    assert (start % 720, end) == (600, 420)


@pytest.mark.parametrize(
    "typed",
    [
        "10 to 7 please", "from 10 till 7", "between 10 and 7", "von 10 bis 7", "zehn bis sieben",
        "de 10h à 7h", "de 10 a 7", "dalle 10 alle 7", "das 10 às 7", "с 10 до 7",
        "с десяти до семи", "10点到7点", "من 10 إلى 7", "10'dan 7'ye kadar",
        "dari jam 10 sampai jam 7",
    ],
)  # fmt: skip
def test_two_hours_of_twelve_are_a_night_in_each_language(typed: str) -> None:
    assert read_quiet(typed) == (1320, 420)


@pytest.mark.parametrize(
    "typed",
    ["Nachts", "nur nachts", "at night", "nights only", "только ночью", "de noche", "la nuit",
     "gece", "晚上", "夜间", "ليلا", "בלילה", "रात में"],
)  # fmt: skip
def test_the_usual_night_is_called_so(typed: str) -> None:
    assert is_night(typed)


@pytest.mark.parametrize("typed", ["", "only", "night shift", "tonight", "nur", "good night"])
def test_what_is_no_night_is_none(typed: str) -> None:
    assert not is_night(typed)


@pytest.mark.parametrize("typed", ["ten to seven", "sept huit", "22h 07", "seven", "acht"])
def test_what_is_one_hour_is_no_night(typed: str) -> None:
    with pytest.raises(BadInput):
        read_quiet(typed)


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
        ("football أسبوع", "football", 604_800), ("غزة يوم", "غزة", 86_400),
        ("足球 一周", "足球", 604_800), ("足球 两周", "足球", 1_209_600),
        ("足球 十天", "足球", 864_000),
        ("足球 三个小时", "足球", 10_800), ("足球 2个星期", "足球", 1_209_600),
        ("כדורגל לשבוע", "כדורגל", 604_800), ("lottery half an hour", "lottery", 1_800),
        ("паром на полчаса", "паром", 1_800), ("Bahn eine halbe Stunde", "Bahn", 1_800),
        ("Bahn zehn Tage", "Bahn", 864_000), ("lottery 2 days please", "lottery", 172_800),
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
        ("lottery until tonight", "Fri 18:00"), ("football until friday", "Fri 08:00"),
        ("football until tomorrow", "Sat 08:00"), ("football bis morgen", "Sat 08:00"),
        ("足球 到周一", "Mon 08:00"), ("足球 直到明天", "Sat 08:00"),
        ("grève jusqu'à 20h", "Fri 20:00"),
        ("Bahn bis acht Uhr", "Sat 08:00"), ("Bahn bis neun", "Fri 09:00"),
        ("lottery until half past seven", "Sat 07:30"), ("паром до девяти", "Fri 09:00"),
    ],
)  # fmt: skip
def test_an_end_is_named_in_each_language(typed: str, until: str) -> None:
    what, at = split_until(typed, "UTC", NOW)
    assert what == typed.split()[0]
    assert f"{datetime.fromtimestamp(at, UTC):%a %H:%M}" == until


def test_for_ever_is_a_year_and_on_is_no_time_behind_words() -> None:
    assert split_until("lottery forever", "UTC", NOW) == ("lottery", NOW + MOST_SECONDS)
    for typed in ("hands on", "вот так", "stop per ora", "hands on day", "elf day", "أسبوع",
                  "weather eleven", "day", "a", "足球周"):  # fmt: skip
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
