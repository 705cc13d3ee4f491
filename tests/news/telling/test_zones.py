"""Time zones as people name them."""

from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.data.shipped import cities_text
from bot.errors import BadInput
from bot.news.telling.zones import (
    MOST_NEAR,
    MOST_OFFERED,
    Atlas,
    FoundPlaces,
    read_atlas,
    shown_zone,
)
from bot.texts.countries import countries, where_spoken
from tests.effort import examples

ZONES = available_timezones()
WINTER = datetime(2027, 1, 15, 8, 0, tzinfo=UTC).timestamp()


@cache
def _atlas() -> Atlas:
    return read_atlas(cities_text(), ZONES)


def _found(text: str, now: float = WINTER) -> FoundPlaces:
    return _atlas().find(text, now, countries("de"))


def _zones(text: str) -> list[str]:
    return [place.zone for place in _found(text).places]


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("Mumbai", "Asia/Kolkata"),
        ("bombay", "Asia/Kolkata"),
        ("मुंबई", "Asia/Kolkata"),
        ("India", "Asia/Kolkata"),
        ("New York", "America/New_York"),
        ("new_york", "America/New_York"),
        ("NYC", "America/New_York"),
        ("São Paulo", "America/Sao_Paulo"),
        ("sao paulo", "America/Sao_Paulo"),
        ("Kiev", "Europe/Kyiv"),
        ("Kyiv", "Europe/Kyiv"),
        ("Київ", "Europe/Kyiv"),
        ("Londres", "Europe/London"),
        ("London, Canada", "America/Toronto"),
        ("London, UK", "Europe/London"),
        ("Лондон", "Europe/London"),
        ("東京", "Asia/Tokyo"),
        ("القاهرة", "Africa/Cairo"),
        ("Deutschland", "Europe/Berlin"),
        ("europe/\u2060london", "Europe/London"),
        ("ＰＡＲＩＳ", "Europe/Paris"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("UTC", "UTC"),
        ("UTC+5:45", "Asia/Kathmandu"),
        ("+1400", "Etc/GMT-14"),
    ],
)
def test_what_has_one_meaning_is_taken(text: str, zone: str) -> None:
    found = _found(text)
    assert (found.is_sure, found.places[0].zone) == (True, zone)


@pytest.mark.parametrize(
    ("text", "zones"),
    [
        ("Birmingham", {"Europe/London", "America/Chicago"}),
        ("mumbia", {"Asia/Kolkata"}),
        ("Lodnon", {"Europe/London"}),
        ("san fran", {"America/Los_Angeles"}),
        ("London, Ohio", {"Europe/London", "America/Toronto"}),
        ("USA", {"America/New_York", "America/Chicago", "America/Los_Angeles"}),
        ("+3", {"Europe/Istanbul", "Europe/Moscow", "Etc/GMT-3"}),
        ("GMT+3", {"Europe/Istanbul", "Europe/Moscow", "Etc/GMT-3"}),
        ("utc -5", {"America/New_York", "Etc/GMT+5"}),
        ("UTC+5:30", {"Asia/Kolkata", "Asia/Colombo"}),
        ("3pm", {"Asia/Jakarta"}),
        ("8:10 am", {"Europe/London"}),
    ],
)
def test_what_has_several_meanings_or_is_a_guess_is_offered(text: str, zones: set[str]) -> None:
    found = _found(text)
    assert not found.is_sure
    assert zones <= {place.zone for place in found.places}


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("I live in Berlin", "Europe/Berlin"), ("Berlin time", "Europe/Berlin"),
        ("in Mumbai", "Asia/Kolkata"), ("the UK", "Europe/London"),
        ("Ich wohne in München", "Europe/Berlin"), ("heure de Paris", "Europe/Paris"),
        ("hora de Madrid", "Europe/Madrid"), ("北京时间", "Asia/Shanghai"),
    ],
)  # fmt: skip
def test_a_place_is_found_in_what_people_say_with_it(text: str, zone: str) -> None:
    assert _atlas().around(text, WINTER, countries("de")).places[0].zone == zone


def test_the_time_there_is_found_in_what_people_say_with_it() -> None:
    for text in ("3pm here", "15:00 jetzt"):
        assert _atlas().around(text, WINTER).places == _found("3pm").places
    for text in (
        "it's 3pm",
        "es ist 15 Uhr",
        "сейчас три часа дня",
        "现在下午三点",
        "son las tres de la tarde",
    ):
        assert _zones(text) == _zones("3pm")


@pytest.mark.parametrize(
    "text", ["in Birmingham", "in", "ferry time", "the skerries", "summer time"]
)
def test_what_is_said_with_no_place_or_several_finds_none(text: str) -> None:
    assert not _atlas().around(text, WINTER).places


def test_a_city_of_the_subcontinent_is_never_an_island() -> None:
    for text in ("Mumbai", "mumba", "mumbay", "Mumbia", "mumbai city"):
        assert "Cuba" not in _zones(text)


@pytest.mark.parametrize("text", ["", "?", "qqqqq", "+15", "+99:99", "localtime", "25:00", "🙂"])
def test_what_means_no_place_finds_none(text: str) -> None:
    assert not _found(text).places


@examples(60)
@given(st.integers(-12, 14), st.sampled_from(["{:+}", "UTC{:+}", "gmt {:+}", "{:+03}:00"]))
def test_an_offset_is_east_of_greenwich_where_it_is_more(hours: int, form: str) -> None:
    for place in _found(form.format(hours)).places:
        at = datetime.fromtimestamp(WINTER, ZoneInfo(place.zone))
        assert (
            at.utcoffset()
            == datetime.fromisoformat(f"2027-01-15T00:00:00{hours:+03}:00").utcoffset()
        )


@examples(40)
@given(st.integers(0, 1439), st.floats(WINTER, WINTER + 3e7))
def test_where_it_is_some_time_now_it_is_about_that(minute: int, now: float) -> None:
    for place in _found(f"{minute // 60}:{minute % 60:02}", now).places:
        there = datetime.fromtimestamp(now, ZoneInfo(place.zone))
        apart = (there.hour * 60 + there.minute - minute) % 1440
        assert min(apart, 1440 - apart) <= 20


@examples(40)
@given(st.text(max_size=80))
def test_whatever_is_typed_finds_few_real_zones_each_once(text: str) -> None:
    found = _found(text)
    zones = [place.zone for place in found.places]
    assert len(zones) == len(set(zones)) <= MOST_OFFERED
    assert set(zones) <= ZONES
    assert not found.is_sure or zones


def test_every_zone_is_found_by_its_name_but_those_of_the_machine() -> None:
    short = {"EST", "MST", "HST", "GMT", "CET", "EET", "WET"}  # who writes so means a place
    for zone in ZONES - {"localtime", "Factory", "GMT+0", "GMT-0"} - short:
        assert _zones(zone)[:1] == [zone]


def test_every_city_of_the_file_has_a_zone_that_there_is() -> None:
    lines = [line.split("\t") for line in cities_text().splitlines() if line[:1] not in ("#", "")]
    assert len(lines) > 4_000
    assert {line[2] for line in lines} <= ZONES


@pytest.mark.parametrize(
    ("north", "east", "names"),
    [
        (38.7, -9.1, ["Lisbon"]),
        (-1.3, 36.8, ["Nairobi"]),
        (19.1, 72.9, ["Mumbai"]),
        (39.7, -105.0, ["Denver"]),
        (33.4, -112.1, ["Phoenix"]),
        (27.7, 85.3, ["Kathmandu"]),
        (-18.1, 178.4, ["Fiji"]),
        (52.3, 14.6, ["Berlin", "Warsaw"]),
    ],
)
def test_the_zones_at_a_place_are_those_of_the_cities_near_it(
    north: float, east: float, names: list[str]
) -> None:
    places = _atlas().near(north, east)
    assert len(places) <= MOST_NEAR
    shown = [shown_zone(place.zone) for place in places]
    assert shown[: len(names)] == names or {p.name for p in places} >= set(names)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_at_every_place_there_are_some_zones_each_once(north: float, east: float) -> None:
    places = _atlas().near(north, east)
    assert 1 <= len(places) <= MOST_NEAR
    assert len({place.zone for place in places}) == len(places)


@pytest.mark.parametrize("line", ["Paris\tFR", "Paris\tFR\tEurope/Paris\tmany\t48 2\t", "Paris",
                                  "Paris\tFR\tEurope/Paris\t9\tx y\t",
                                  "Paris\tFR\tEurope/Paris\t9\t91 2\t",
                                  "Paris\tFR\tEurope/Paris\t9\tnan 2\t"])  # fmt: skip
def test_a_line_that_cannot_be_used_is_named(line: str) -> None:
    with pytest.raises(BadInput, match="Line 2 "):
        read_atlas(f"# Cities\n{line}", ZONES)


def test_zones_are_shown_as_people_write_them() -> None:
    shown = [shown_zone(each) for each in ("Europe/London", "Etc/GMT-3", "America/New_York", "UTC")]
    assert shown == ["London", "UTC+3", "New York", "UTC"]


@given(st.text(max_size=20) | st.sampled_from(["", "-", "pt-br", "zh-hans", "x" * 500, "en_GB"]))
def test_whatever_is_said_to_be_a_language_has_countries(language: str) -> None:
    assert countries(language)["India"] == "IN"
    assert where_spoken(language) <= set(countries("en").values())


@pytest.mark.parametrize(
    ("text", "zones", "is_sure"),
    [
        ("EST", ["America/New_York"], True),
        ("edt", ["America/New_York"], True),
        ("CST", ["America/Chicago"], True),
        ("PT", ["America/Los_Angeles"], True),
        ("BST", ["Europe/London"], True),
        ("AEST", ["Australia/Sydney"], True),
        ("JST", ["Asia/Tokyo"], True),
        ("IST", ["Asia/Kolkata", "Asia/Jerusalem", "Europe/Dublin"], False),
        ("GMT", ["Europe/London", "Africa/Abidjan"], False),
    ],
)
def test_what_is_written_in_short_is_the_zone_of_those_who_write_so(
    text: str, zones: list[str], is_sure: bool
) -> None:
    found = _found(text)
    assert ([place.zone for place in found.places], found.is_sure) == (zones, is_sure)


def test_likely_cities_are_where_a_language_is_spoken() -> None:
    def likely(language: str) -> list[str]:
        return [place.name for place in _atlas().largest(where_spoken(language))]

    assert likely("uk")[0] == "Kyiv"
    assert {"Mexico City", "Madrid", "Buenos Aires"} <= set(likely("es"))
    assert likely("no such language") == likely("en")
