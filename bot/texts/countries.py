"""Countries by name, and where a language is spoken, as CLDR knows it. Pure."""

from functools import lru_cache

import babel
from babel.core import UnknownLocaleError, get_global
from babel.languages import get_official_languages, get_territory_language_info

from bot.texts.languages import ENGLISH, NAMES, cldr, language_of

_SHORT = {"USA": "US", "UK": "GB", "UAE": "AE"}
_LETTERS_OF_A_CODE = 2


@lru_cache(maxsize=64)
def countries(language: str) -> dict[str, str]:
    """Codes of ISO 3166 by their names in English and in a language (BCP 47)."""
    known = {
        name: code
        for locale in dict.fromkeys((cldr(ENGLISH), _locale(language)))
        for code, name in locale.territories.items()
    }
    return {name: code for name, code in (known | _SHORT).items() if _is_country(code)}


def country(code: str, language: str) -> str:
    """What a country is called in a language; its code where that is not known."""
    return str(_locale(language).territories.get(code, code))


@lru_cache(maxsize=64)
def where_spoken(language: str) -> frozenset[str]:
    """The countries in which it is an official language, or one of those."""
    spoken = _locale(language).language
    codes = filter(_is_country, cldr(ENGLISH).territories)
    return frozenset(
        code for code in codes if spoken in get_official_languages(code, de_facto=True)
    )


def _is_country(code: str) -> bool:
    known = get_territory_language_info(code)
    return len(code) == _LETTERS_OF_A_CODE and bool(known)


def _locale(language: str) -> babel.Locale:
    try:
        return babel.Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return cldr(ENGLISH)


def zone_called(name: str, language: str) -> str | None:
    """The zone of the city that CLDR has for it under this name, in a language of ours."""
    return _cities(language_of(language) or ENGLISH).get(name.strip().casefold())


def zone_city(zone: str, language: str) -> str | None:
    """What the city of a zone is called in a language of ours; None where CLDR says nothing."""
    return _cities_of_zones(language_of(language) or ENGLISH).get(zone)


@lru_cache(maxsize=len(NAMES))
def _cities_of_zones(language: str) -> dict[str, str]:
    """Cities by their zones. CLDR keeps some by what they were called before: Europe/Kiev."""
    now = get_global("zone_aliases")
    zones = cldr(language).time_zones.items()
    cities = {zone: names["city"] for zone, names in zones if "city" in names}
    return {str(now.get(zone, zone)): city for zone, city in cities.items()} | cities


@lru_cache(maxsize=4)
def _cities(language: str) -> dict[str, str]:
    zones = cldr(language).time_zones.items()
    return {names["city"].casefold(): zone for zone, names in zones if "city" in names}
