"""Dates as feeds write them."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.reading import former
from bot.feeds.reading.dates import read_date, usual_date
from bot.feeds.reading.items import published_of

NOON = datetime(2025, 10, 29, 14, 58, 20, tzinfo=UTC).timestamp()
MINUTE, DAY = NOON - 20, datetime(2025, 10, 29, tzinfo=UTC).timestamp()

FORMS = [
    ("Wed, 29 Oct 2025 14:58:20 GMT", NOON),
    ("Wed, 29 Oct 2025 14:58:20 +0000", NOON),
    ("Wed,29 Oct 2025 14:58:20 Z", NOON),
    ("29 Oct 25 14:58:20 UT", NOON),
    ("Wed, 29-Oct-2025 14:58:20 GMT", NOON),
    ("Thu, 29 Oct 2025 14:58:20 GMT", NOON),
    ("Wednesday, 29 October 2025 15:58:20 +01:00", NOON),
    ("Wed, 29 Oct 2025 15:58:20 GMT+0100", NOON),
    ("Wed, 29 Oct 2025 15:58:20 GMT+1", NOON),
    ("Wed, 29 Oct 2025 15:58:20 +0100 (CET)", NOON),
    ("Wed, 29 Oct 2025 15:58:20 CET", NOON),
    ("Wed, 29 Oct 2025 17:58:20 MSK", NOON),
    ("Wed, 29 Oct 2025 10:58:20 EDT", NOON),
    ("Wed, 29 Oct 2025 06:58:20 PST", NOON),
    ("Wed, 29 Oct 2025 14:58:20 XYZ", NOON),
    ("Wed, 29 Oct 2025 14:58:20 +9900", NOON),
    ("Wed, 29 Oct 2025 14.58.20", NOON),
    ("Wed, 29 Oct 2025 02:58:20 PM GMT", NOON),
    ("Wed, 29 Oct 2025 14:58 GMT", MINUTE),
    ("Wed, 29 Oct 2025", DAY),
    ("Wed, 29 Oct 2025 12:00 am", DAY),
    ("Wed Oct 29 14:58:20 2025", NOON),
    ("Wed Oct 29 14:58:20 UTC 2025", NOON),
    ("Wednesday, October 29, 2025 - 14:58", MINUTE),
    ("Oct 29th, 2025 at 2:58 pm", MINUTE),
    ("October 29, 2025 2:58 PM", MINUTE),
    ("2025-10-29T14:58:20Z", NOON),
    ("  2025-10-29T14:58:20.123456Z\n", NOON),
    ("2025-10-29T14:58:20,5Z", NOON),
    ("2025-10-29T20:28:20+05:30", NOON),
    ("2025-10-29T15:58:20+01", NOON),
    ("2025-10-29 15:58:20 +0100", NOON),
    ("2025-10-29T07:58:20-07:00[America/Los_Angeles]", NOON),
    ("2025-10-29T14:58Z", MINUTE),
    ("2025-10-29T145820Z", NOON),
    ("2025-10-29 1458", MINUTE),
    ("2025-10-29T14Z", MINUTE - 58 * 60),
    ("20251029 14:58:20", NOON),
    ("2025-10-29T07:58:20-07:00 PDT", NOON),
    ("Wed, 29 Oct 2025 14:58:20 Europe/Berlin", NOON),
    ("2025-10-29 14:58:20 PST8PDT", NOON),
    ("14:58 29.10.2025", MINUTE),
    ("14:58:20, 29 октября 2025 г.", NOON),
    ("2:58 PM - Wednesday, October 29, 2025", MINUTE),
    ("14:58 2025-10-29", MINUTE),
    ("2025-10", DAY - 28 * 86_400),
    ("2025-10-28T24:00:00Z", DAY),
    ("20251029T145820Z", NOON),
    ("20251029", DAY),
    ("2025-W44-3T14:58:20Z", NOON),
    ("2025-W44-3", DAY),
    ("2025-302", DAY),
    ("2025/10/29 14:58:20", NOON),
    ("2025. 10. 29. 14:58", MINUTE),
    ("29.10.2025 14:58", MINUTE),
    ("29/10/2025 14:58", MINUTE),
    ("10/29/2025 14:58", MINUTE),
    ("2025年10月29日 14時58分20秒", NOON),
    ("2025-10-29 오후 11:58:20", NOON),
    ("2025-10-29 下午 2:58", MINUTE),
    ("1761749900", NOON),
    ("1761749900000", NOON),
    ("mer., 29 oct. 2025 15:58:20 +0100", NOON),
    ("29 octobre 2025 à 14:58", MINUTE),
    ("Mi, 29 Okt 2025 14:58:20 GMT", NOON),
    ("29. Oktober 2025, 14:58 Uhr", MINUTE),
    ("mié, 29 oct 2025 14:58:20 +0000", NOON),
    ("29 de octubre de 2025 14:58", MINUTE),
    ("Qua, 29 Out 2025 11:58:20 -0300", NOON),
    ("29 ottobre 2025", DAY),
    ("Ср, 29 окт 2025 17:58:20 +0300", NOON),
    ("29 октября 2025 г. 14:58", MINUTE),
    ("29 жовтня 2025", DAY),
    ("śr., 29 paź 2025 14:58:20 +0000", NOON),
    ("29. října 2025 14:58", MINUTE),
    ("Çar, 29 Eki 2025 17:58:20 +0300", NOON),
    ("29 Οκτωβρίου 2025", DAY),
    ("2025. október 29.", DAY),
    ("29 lokakuuta 2025 klo 14.58", MINUTE),
    ("29 أكتوبر 2025 14:58", MINUTE),
]
NO_DATES = [
    *("", "yesterday", "3 hours ago", "Wed, 31 Feb 2025 10:00:00 GMT", "2025-02-31", "2025-13-01"),
    *("10000-01-01T00:00:00Z", "0000-00-00 00:00:00", "-0001-11-30T00:00:00+00:00", "2025-W60-1"),
    *("05-06-25", "25-06-05", "12:30 05/06/2025", "12:30", "20250605123", "12345678", "250605"),
    *("5. srpnja 2025", "5. listopada 2025", "05 lip 2025", "Sri, 05 lip 2025", "Sun, 05 lis 2025"),
    *("03/04/2025", "2025 apples", "2025/13/13", "1" * 5000, "29 Smarch 2025", "29 Oct 2025 25:00"),
]


@pytest.mark.parametrize(("text", "seconds"), FORMS, ids=[text.strip() for text, _ in FORMS])
def test_a_date_is_read(text: str, seconds: float) -> None:
    assert read_date(text) == seconds


@pytest.mark.parametrize("text", NO_DATES, ids=[text[:20] for text in NO_DATES])
@pytest.mark.hostile(81)
def test_what_is_no_date_is_none(text: str) -> None:
    assert read_date(text) is None


def test_a_month_that_is_another_in_croatian_needs_a_language_or_a_day_that_agrees() -> None:
    november = datetime(2025, 11, 5, tzinfo=UTC).timestamp()
    for text in ("Śr, 05 lis 2025", "Wed, 05 lis 2025", "Środa, 5 listopada 2025"):
        assert read_date(text) == november, text
    for language in ("pl", "cs-CZ", "PL"):
        assert read_date("5 listopada 2025", language) == november
        assert read_date("5 lip 2025", language) == datetime(2025, 7, 5, tzinfo=UTC).timestamp()
    assert read_date("5 listopada 2025", "hr") is None


def test_a_month_in_many_languages() -> None:
    lines = (
        "janvier Januar января sty ocak tammikuuta", "fév febrero Feb února Şubat helmikuuta",
        "März mars marzo march maart března", "avril abril апреля kwietnia Nisan huhtikuuta",
        "mai may mayo maj травня května", "juin giugno июня czerwca června Haziran",
        "juil luglio июля lipca července Temmuz", "août agosto Aug sierpnia srpna Ağustos",
        "sept settembre září września Eylül syyskuuta", "oct ottobre října października Ekim",
        "nov noviembre listopadu Kasım marraskuuta", "déc dicembre Dez prosince Aralık",
    )  # fmt: skip
    for month, line in enumerate(lines, 1):
        for name in line.split():
            wanted = datetime(2025, month, 3, tzinfo=UTC).timestamp()
            assert read_date(f"3 {name} 2025") == wanted, name


@given(st.integers(631_152_000, 4_102_444_800))
def test_what_machines_write_is_read_back(seconds: int) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    for text in (at.isoformat(), at.strftime("%a, %d %b %Y %H:%M:%S +0000")):
        assert read_date(text) == seconds


@given(st.text(alphabet="0123456789-/.:TZW+ ,abOctпм年", max_size=40) | st.text(max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    read_date(text)


@pytest.mark.parametrize(
    ("zone", "language", "hours"),
    [
        ("AWST", "", 8), ("ACST", "", 9.5), ("ACDT", "", 10.5), ("AEDT", "", 11), ("ICT", "", 7),
        ("PHT", "", 8), ("WIB", "", 7), ("WIT", "", 9), ("EAT", "", 3), ("CAT", "", 2),
        ("WAT", "", 1), ("CLT", "", -4), ("ART", "", -3), ("IRST", "", 3.5), ("NPT", "", 5.75),
        ("CHAST", "", 12.75), ("HNE", "fr", -5), ("cest", "", 2), ("NST", "", -3.5),
        ("IST", "", 5.5), ("IST", "en-IN", 5.5), ("IST", "he", 2), ("IST", "en_IE", 1),
        ("BST", "", 1), ("BST", "en-GB", 1), ("BST", "bn-BD", 6), ("CST", "", -6),
        ("CST", "zh-CN", 8), ("CST", "en-AU", 9.5), ("AST", "", -4), ("AST", "ar-SA", 3),
        ("EST", "en-AU", 10), ("PST", "fil", 8), ("AMT", "hy", 4), ("AMT", "pt-BR", -4),
        ("XYZT", "", 0),
    ],
)  # fmt: skip
def test_a_zone_is_known_by_its_name_and_the_language_of_the_feed(
    zone: str, language: str, hours: float
) -> None:
    noon = 1_785_326_400.0  # 2026-07-29T12:00:00Z
    assert read_date(f"Wed, 29 Jul 2026 12:00:00 {zone}", language) == noon - hours * 3600


@given(
    st.sampled_from(["Wed, 29 Oct 2025 10:00:00", "2025-10-29T10:00:00", "29 Oct 25 7:5", "x 1"]),
    st.sampled_from(["GMT", " GMT", "Z", "+0100", " -07:30", "+9900", " +01:00"]),
    st.sampled_from(["", "de", "en-IN"]),
)
def test_the_former_reader_understood_dates_without_names_of_zones_alike(
    date: str, zone: str, language: str
) -> None:
    entry = {"published": date + zone}
    today = published_of(entry, language)
    assert former._SAME_ZONE.search(date + zone) or zone.startswith("GMT")
    assert published_of(entry, language, former._zone) == today


ZONES = st.integers(-14 * 60 - 59, 14 * 60 + 59).map(
    lambda minutes: timezone(timedelta(minutes=minutes))
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@given(st.integers(-2_208_900_000, 4_102_300_000), ZONES)
def test_the_usual_forms_say_what_they_say(seconds: int, zone: timezone) -> None:
    at = (EPOCH + timedelta(seconds=seconds)).astimezone(zone)
    iso = at.isoformat()
    for text in (
        at.strftime("%a, %d %b %Y %H:%M:%S %z"), at.strftime("%d %b %Y %H:%M:%S %z"),
        iso, f"{iso[:19]}.123{iso[19:]}",
    ):  # fmt: skip
        assert usual_date(text) == at.timestamp()
    in_utc = at.astimezone(UTC)
    assert usual_date(in_utc.strftime("%a, %d %b %Y %H:%M:%S GMT")) == at.timestamp()
    assert usual_date(in_utc.strftime("%Y-%m-%dT%H:%M:%SZ")) == at.timestamp()


@given(
    st.sampled_from(["Wed, 31 Feb 2025", "29 Oct 2025", "1 Okt 2025", "30 Lip 2025", "2 Lis 2025"]),
    st.sampled_from(["10:00:00", "24:00:00", "10:60:00", "10:00:60"]),
    st.sampled_from(["GMT", "+0100", "-1430", "+1500", "+0175", "EST", "Z"]),
)
def test_a_usual_date_reads_as_one_of_another_form(day: str, clock: str, zone: str) -> None:
    usual = usual_date(f"{day} {clock} {zone}")
    assert usual is None or usual == read_date(f"{day}  {clock} {zone}")


@given(
    st.sampled_from(["2025-02-29", "2024-02-29", "2025-10-29", "1899-01-01", "2025-00-10"]),
    st.sampled_from(["10:00:00", "24:00:00", "10:60:00", "10:00:60", "10:00:00.5"]),
    st.sampled_from(["Z", "+01:00", "-14:30", "+15:00", "+01:75", "+0100"]),
)
def test_a_usual_date_of_atom_reads_as_one_of_another_form(day: str, clock: str, zone: str) -> None:
    usual = usual_date(f"{day}T{clock}{zone}")
    assert usual is None or usual == read_date(f"{day} {clock}{zone}")
