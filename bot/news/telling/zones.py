"""Time zones as people name them: by a city, a country, an offset, or the time it is there. Pure.

Cities come from a file that anybody may edit; `bot/data/cities.txt` explains its format and
`bot.data.shipped` reads it.
"""

import math
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from msgspec import Struct

from bot.errors import BadInput
from bot.news.telling.hours import plainly, read_time
from bot.news.text.patterns import late
from bot.news.text.words import fold

MOST_OFFERED = 8
MOST_NEAR = 3
_FARTHER, _NEAR_KM, _ABOUT_KM = 1.5, 100.0, 50.0
"""A city in another zone is offered too where it is hardly farther than the nearest."""
_EARTH_KM = 6371.0
_LONGEST = 60
_LIKE = 0.75
_MANY_TIMES = 10
"""A city so many times larger than others of its name is the one that is meant."""
_ABOUT = timedelta(minutes=20)
_DAY = timedelta(days=1)
_OFFSET = re.compile(
    r"(?:utc|gmt)?\s*(?P<sign>[+-])\s*(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?", re.ASCII
)
_FIXED = re.compile(r"Etc/GMT(?P<sign>[+-])(?P<hours>\d+)")
_SIGNS = re.compile(r"[\W_]+")
# What people call clocks in short, by those who say so. Some are zones of the database too, which
# keep one offset all year, and most are the beginning of some town.
_SHORT = {
    zone: zones
    for names, *zones in map(
        str.split,
        """
        est,edt,et America/New_York
        cst,cdt,ct America/Chicago
        mst,mdt,mt America/Denver
        pst,pdt,pt America/Los_Angeles
        akst,akdt America/Anchorage
        hst Pacific/Honolulu
        brt America/Sao_Paulo
        gmt Europe/London Africa/Abidjan
        bst Europe/London
        wet,west Europe/Lisbon
        cet,cest,mez,mesz Europe/Berlin Europe/Paris Europe/Rome Europe/Madrid Europe/Warsaw
        eet,eest Europe/Kyiv Europe/Athens Europe/Bucharest Africa/Cairo
        msk Europe/Moscow
        trt Europe/Istanbul
        ist Asia/Kolkata Asia/Jerusalem Europe/Dublin
        pkt Asia/Karachi
        wib Asia/Jakarta
        sgt Asia/Singapore
        hkt Asia/Hong_Kong
        jst Asia/Tokyo
        kst Asia/Seoul
        aest,aedt Australia/Sydney
        acst,acdt Australia/Adelaide
        awst Australia/Perth
        nzst,nzdt Pacific/Auckland
    """.strip().splitlines(),
    )
    for zone in names.split(",")
}
# What people say with a place that they are in, or with the time there.
_WITH_PLACE = late(
    r"^(?:i'm in|i am in|i live in|we live in|i'm from|i am from|live in|from|time in|in|the"
    r"|ich bin in|ich wohne in|ich lebe in|wohne in|ich komme aus|ich bin aus|aus"
    r"|je suis à|j'habite à|j'habite|je vis à|je suis de|à|heure de|l'heure de"
    r"|estoy en|vivo en|soy de|en|hora de|moro em|estou em|eu moro em|sou de|em"
    r"|horário de|sono a|vivo a|abito a|sono di|ora di"
    r"|(?:я |мы )?(?:живу|живём|живем|нахожусь|сейчас) в|(?:я )?из|я в|в"
    r"|(?:я |ми )?(?:живу|живемо|мешкаю) [ву]|(?:я )?з|я у|у"
    r"|saya di|saya tinggal di|di|waktu|أنا في|أسكن في|أعيش في|أقيم في|أنا من|في|توقيت"
    r"|به وقت|من در|در|שעון)\s+"
    r"|^(?:我住在|我现在在|我人在|我来自|我在|住在|在|אני גר ב|אני גרה ב|אני ב|ב)(?=\w)"
    r"|时间$|'?[dt][ae](?:\s+(?:yaşıyorum|oturuyorum|yaşıyoruz|oturuyoruz)|y[ıi]m)$"
    r"|\s+(?:time|zeit|saati|समय|here|now|hier|jetzt|ici|aquí|aqui|qui|здесь|тут|сейчас|зараз"
    r"|burada|هنا|اینجا|כאן|यहाँ)$"
)
# Cities that are other words too, or in the news more often than anybody writes from there.
_WORDS_TOO_LIST = """
    rest center central centre reading basic general tema coro nice solo dual darwin gold nada north
    south west east eastern gaza perm hang wake mobile lone sale bone feira valley midway mountain
    mango springs metro chin orange corona victoria split derby essen rugby cork hull phoenix
    buffalo independence surprise santos concord florida bath lens tours worms para hall hamm wahl
    тема могу орёл орел
"""
_WORDS_TOO = frozenset(map(fold, _WORDS_TOO_LIST.split()))
_LEAST_BEGUN, _LARGE = 4, 1_000  # letters, and thousands of people
_CYRILLIC_CASES = "еиыуюії"
_UKRAINIAN = {"ов": "ів", "єв": "їв", "ев": "їв"}
# Whoever names them means no place, or the place of the machine.
_NO_ZONES = ("localtime", "Factory")


class ZonePlace(Struct, frozen=True):
    """A city, of so many thousand people, whose zone is named by it, and its degrees `north` and
    `east`.
    """

    name: str
    country: str
    zone: str
    people: int
    north: float = 0.0
    east: float = 0.0


class FoundPlaces(Struct, frozen=True):
    """Places that somebody may mean, each of another zone; `is_sure`: the first is meant;
    `is_guess`: none is called so, nor does a large one begin with so much.
    """

    places: tuple[ZonePlace, ...]
    is_sure: bool = False
    is_guess: bool = False


class Atlas:
    """Cities by their names, and all zones by theirs."""

    def __init__(self, cities: Iterable[tuple[ZonePlace, tuple[str, ...]]], zones: Collection[str]):
        self._zones = {_key(zone): zone for zone in zones if zone not in _NO_ZONES}
        self._named: dict[str, list[ZonePlace]] = {}
        self._of_zone: dict[str, list[ZonePlace]] = {}
        for place, others in cities:
            if place.zone in zones:
                self._of_zone.setdefault(place.zone, []).append(place)
                for key in {_key(name) for name in (place.name, *others)}:
                    self._named.setdefault(key, []).append(place)
        self._main = {_key(each.name) for places in self._of_zone.values() for each in places}
        for zone in zones:
            area, _, city = zone.rpartition("/")
            if area and not zone.startswith("Etc/"):
                self._named.setdefault(_key(city), [ZonePlace(shown_zone(zone), "", zone, 0)])

    def find(
        self, text: str, now: float, countries: Mapping[str, str] | None = None
    ) -> FoundPlaces:
        """What is meant by a city, a zone, what clocks are called in short (`EST`), an offset like
        `+3`, or the time of day that it is there. `countries` are codes of ISO 3166 by the names
        that the reader knows.
        """
        typed = plainly(text)[:_LONGEST]
        if found := _OFFSET.fullmatch(typed):
            return self._at_offset(_offset(found), now)
        if (minute := read_time(typed)) is not None:
            return self._where_it_is(minute, now)
        if zones := _SHORT.get(typed):
            return FoundPlaces(tuple(map(self._of, zones)), is_sure=len(zones) == 1)
        if zone := self._zones.get(_key(typed)):
            return FoundPlaces((ZonePlace(shown_zone(zone), "", zone, 0),), is_sure=True)
        codes = {_key(name): code for name, code in (countries or {}).items()}
        name, comma, country = typed.partition(",")
        if not comma and (code := codes.get(_key(name))):
            within = self.largest({code})
            return FoundPlaces(within[:MOST_OFFERED], is_sure=len(within) == 1)
        return self._called(_key(name), codes.get(_key(country)), is_clear=not comma)

    def largest(self, countries: Collection[str]) -> tuple[ZonePlace, ...]:
        """The largest city of each zone in these countries, largest first."""
        return self._apart(
            place
            for places in self._of_zone.values()
            for place in places
            if place.country in countries
        )

    def near(self, north: float, east: float) -> tuple[ZonePlace, ...]:
        """A city of each zone that one may be in at these degrees, nearest first: the largest of
        those about as near as the nearest. Between zones a city on the other side may be nearer,
        so there may be several.
        """
        found = []
        for places in self._of_zone.values():
            near = [(_apart_km(north, east, place), place) for place in places]
            nearest = min(far for far, _ in near)
            about = (place for far, place in near if far <= nearest + _ABOUT_KM)
            found.append((nearest, max(about, key=lambda place: place.people)))
        found.sort(key=lambda each: each[0])
        limit = _FARTHER * found[0][0] + _NEAR_KM if found else 0.0
        return tuple(place for far, place in found[:MOST_NEAR] if far <= limit)

    def _of(self, zone: str) -> ZonePlace:
        """The largest city of a zone."""
        places = self._apart(self._of_zone.get(zone, ()))
        return places[0] if places else ZonePlace(shown_zone(zone), "", zone, 0)

    def _called(self, key: str, country: str | None, is_clear: bool) -> FoundPlaces:
        """Cities of this name, or else of one that begins with it, or is nearly it."""
        named = self._named.get(key, [])
        there = [place for place in named if place.country == country]
        exact = self._apart(there or named)
        if exact:
            second = exact[1].people if len(exact) > 1 else 0
            is_largest = len(exact) == 1 or exact[0].people >= _MANY_TIMES * second
            return FoundPlaces(exact[:MOST_OFFERED], is_largest and (is_clear or bool(there)))
        begun = [p for name, ps in self._named.items() if name.startswith(key) for p in ps]
        near = begun if begun and len(key) > 2 else self._alike(key)
        found = self._apart(near)[:MOST_OFFERED]
        is_begun = bool(found) and near is begun and _is_begun_with(found[0], key)
        return FoundPlaces(found, is_guess=not is_begun)

    def around(
        self, text: str, now: float, countries: Mapping[str, str] | None = None
    ) -> FoundPlaces:
        """What is meant by `I live in Berlin`, where that is sure, or by `3pm here`."""
        typed = plainly(text)[:_LONGEST]
        named = _WITH_PLACE().sub("", typed)
        for form in (named, *(_nominatives(named) if named != typed else ())):
            found = self.find(form, now, countries) if form else FoundPlaces(())
            if found.is_sure or read_time(form) is not None:
                return found
        return FoundPlaces(())

    def _alike(self, key: str) -> list[ZonePlace]:
        """Cities of nearly this name. Only what begins alike is looked at of rarer names."""
        near = [
            name
            for name in self._named
            if abs(len(name) - len(key)) <= 2 and (name in self._main or name[:1] == key[:1])
        ]
        return [
            place for name in get_close_matches(key, near, 4, _LIKE) for place in self._named[name]
        ]

    def _at_offset(self, offset: timedelta, now: float) -> FoundPlaces:
        """Cities that are so far from Greenwich now, and the offset itself for all the year."""
        places = self._offered(now, lambda there: there == offset)
        hours = offset // timedelta(hours=1)
        fixed = f"Etc/GMT{-hours:+}" if hours else "UTC"
        if offset == timedelta(hours=hours) and fixed in self._zones.values():
            places = (*places[: MOST_OFFERED - 1], ZonePlace(shown_zone(fixed), "", fixed, 0))
        return FoundPlaces(places, is_sure=len(places) == 1)

    def _where_it_is(self, minute: int, now: float) -> FoundPlaces:
        """Cities in which it is about this time of day."""
        here = datetime.fromtimestamp(now, UTC)
        wanted = timedelta(minutes=minute - here.hour * 60 - here.minute)

        def is_about(there: timedelta) -> bool:
            apart = (there - wanted) % _DAY
            return min(apart, _DAY - apart) <= _ABOUT

        return FoundPlaces(self._offered(now, is_about))

    def _offered(self, now: float, fits: Callable[[timedelta], bool]) -> tuple[ZonePlace, ...]:
        fitting = (
            places[0] for zone, places in self._of_zone.items() if fits(_offset_of(zone, now))
        )
        return self._apart(fitting)[:MOST_OFFERED]

    def _apart(self, places: Iterable[ZonePlace]) -> tuple[ZonePlace, ...]:
        """Of each zone the largest, largest first."""
        largest: dict[str, ZonePlace] = {}
        for place in sorted(places, key=lambda each: -each.people):
            largest.setdefault(place.zone, place)
        return tuple(largest.values())


def _is_begun_with(place: ZonePlace, key: str) -> bool:
    """Whether somebody means this city who writes the beginning of one of its names. Of others than
    its own few letters begin some: `musk` is in one of Moscow's.
    """
    is_own = _key(place.name).startswith(key)
    return place.people >= _LARGE and len(key) >= _LEAST_BEGUN + (not is_own)


def is_word_too(name: str) -> bool:
    """Whether a city is called by a word that people mean otherwise more often: Nice, Mobile."""
    return fold(name) in _WORDS_TOO


def _nominatives(name: str) -> list[str]:
    """What a city may be called that somebody lives in who says so in Russian or Ukrainian:
    `Киеве`, `Москве`, `Львові`.
    """
    if name[-1:] not in _CYRILLIC_CASES:
        return []
    stem = name[:-1]
    ukrainian = stem[:-2] + _UKRAINIAN.get(stem[-2:], stem[-2:])
    return [stem, *(stem + end for end in "аяьй"), ukrainian]


def read_atlas(text: str, zones: Collection[str]) -> Atlas:
    """Reads the file of cities. Raises BadInput with the number of a line that cannot be used."""
    return Atlas(_cities(text), zones)


def _cities(text: str) -> Iterable[tuple[ZonePlace, tuple[str, ...]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if line and not line.startswith("#"):
            parts = line.split("\t")
            if len(parts) != 6 or not parts[3].isdecimal():
                raise BadInput(f"Line {number} must have six parts with tabs between.")
            north, east = _degrees(parts[4], number)
            place = ZonePlace(parts[0], parts[1], parts[2], int(parts[3]), north, east)
            yield place, tuple(filter(None, parts[5].split("|")))


def _degrees(text: str, number: int) -> tuple[float, float]:
    try:
        north, east = map(float, text.split())
    except ValueError:
        north, east = math.nan, math.nan
    if not (abs(north) <= 90 and abs(east) <= 180):
        raise BadInput(f"Line {number} must have degrees north and east, as 38.7 -9.1.")
    return north, east


def _apart_km(north: float, east: float, place: ZonePlace) -> float:
    """How far it is to a place along the ground (the haversine formula)."""
    here, there = math.radians(north), math.radians(place.north)
    up, over = there - here, math.radians(place.east - east)
    chord = math.sin(up / 2) ** 2 + math.cos(here) * math.cos(there) * math.sin(over / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(chord, 1.0)))


def _key(name: str) -> str:
    """A name without what does not matter in comparing; zones and cities alike."""
    return _SIGNS.sub(" ", fold(name)).strip() if "/" not in name else fold(name).replace("_", " ")


def shown_zone(zone: str) -> str:
    """A zone as people write it: its city, or how far it is from Greenwich, as UTC+3."""
    fixed = _FIXED.fullmatch(zone)
    if fixed:  # POSIX counts westward of Greenwich, people eastward.
        return f"UTC{'-' if fixed['sign'] == '+' else '+'}{fixed['hours']}"
    return zone.rpartition("/")[2].replace("_", " ")


def _offset(found: re.Match[str]) -> timedelta:
    offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
    return -offset if found["sign"] == "-" else offset


def _offset_of(zone: str, now: float) -> timedelta:
    return datetime.fromtimestamp(now, ZoneInfo(zone)).utcoffset() or timedelta()
