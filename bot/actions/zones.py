"""The time zone that somebody means, and those that are likely for them."""

from functools import lru_cache
from zoneinfo import available_timezones

from bot.actions.habits import local_time
from bot.aside import aside
from bot.data.shipped import cities_text
from bot.errors import BadInput
from bot.news.telling.zones import Atlas, FoundPlaces, ZonePlace, read_atlas
from bot.news.text.plain import cut
from bot.texts.countries import countries, where_spoken, zone_called
from bot.texts.said import say

_LIKELY = 8
_TIMES = 3
# Where most readers of a language are that is spoken around the world.
_MOST_READERS = {
    "en": ("America/New_York", "Europe/London", "Asia/Kolkata"),
    "es": ("Europe/Madrid", "America/Mexico_City", "America/Argentina/Buenos_Aires"),
    "fr": ("Europe/Paris", "America/Toronto", "Africa/Abidjan"),
    "pt": ("America/Sao_Paulo", "Europe/Lisbon", "Africa/Luanda"),
}
# Where a country's clocks are not its own: they go as Moscow's do.
_OF_ANOTHER_COUNTRY = ("Europe/Simferopol",)


async def find_zone(text: str, language: str, now: float) -> FoundPlaces:
    """The places that are meant by a city, country, zone, offset or time of day. Raises BadInput
    where there is none.
    """
    found = await aside(_find, text, language, now)
    if not found.places:
        name = cut(text.strip(), 40)
        raise BadInput(
            say("I don't know a place called '{name}'. Send a city near you, or UTC+3.", name=name)
        )
    return found


async def zones_near(north: float, east: float) -> tuple[ZonePlace, ...]:
    """The nearest cities to these degrees, each of another zone; nearest first."""
    return await aside(_near, north, east)


async def likely_zones(language: str) -> tuple[ZonePlace, ...]:
    """The largest cities, each of another zone, where people speak a language."""
    return await aside(_likely, language)


async def likely_times(language: str, now: float) -> tuple[ZonePlace, ...]:
    """Three places at most where people speak a language, or else English; of those where it is
    the same time one.
    """
    return await aside(_times, language, now)


def _times(language: str, now: float) -> tuple[ZonePlace, ...]:
    places = _where_spoken(language) or _where_spoken("en")
    first = _MOST_READERS.get(language.partition("-")[0].lower(), ())
    likely = sorted(places, key=lambda p: first.index(p.zone) if p.zone in first else len(first))
    shown: dict[str, ZonePlace] = {}
    for place in likely:
        shown.setdefault(local_time(place.zone, now), place)
    return tuple(shown.values())[:_TIMES]


def _find(text: str, language: str, now: float) -> FoundPlaces:
    known = countries(language)
    found = _atlas().find(text, now, known)
    if found.places and not found.is_guess:
        return found
    zone = zone_called(text, language)
    said = _atlas().find(zone, now, known) if zone else _atlas().around(text, now, known)
    return said if said.places else found


def _near(north: float, east: float) -> tuple[ZonePlace, ...]:
    return _atlas().near(north, east)


def _likely(language: str) -> tuple[ZonePlace, ...]:
    return _where_spoken(language)[:_LIKELY]


def _where_spoken(language: str) -> tuple[ZonePlace, ...]:
    places = _atlas().largest(where_spoken(language))
    return tuple(place for place in places if place.zone not in _OF_ANOTHER_COUNTRY)


@lru_cache(maxsize=1)
def _atlas() -> Atlas:
    return read_atlas(cities_text(), available_timezones())
