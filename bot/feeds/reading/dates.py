"""Dates as feeds write them, to seconds since the epoch. Pure.

Reads the whole of a text or nothing: a part that fits by chance is how "2025/10/29" becomes the
first of this month. Forms: RFC 822 and 9110 with months and days in many languages and with what
people change of them, ISO 8601 (calendar, week and ordinal dates), the same with slashes, dots or
East Asian signs, any of these after its clock, `ctime`, and seconds or milliseconds since the
epoch. No zone means UTC; so does one that no clock on Earth shows, and one whose letters mean
several zones or a place (`bot.feeds.reading.zones`).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from bot.feeds.reading.zones import zone_minutes

_LONGEST = 100
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = _EPOCH.toordinal()
_FARTHEST_ZONE = 15 * 60  # minutes; the farthest is +14:00

# A line a month: how its names begin, without accents, in some twenty languages. The longest
# beginning counts. Croatian is left out, since its names stand for other months in Polish or Czech.
_MONTH_NAMES = """
    jan gen ene ian led sty oca tammi янв січ яну ιαν يناير
    feb fev uno lut sub helmi peb фев лют φεβ فبراير
    mar maa mrt mrz bre мар бер μαρ مارس
    apr avr abr kwi dub nis huhti апр кві απρ أبريل ابريل
    may mai maj mei mag kve touko маи мая тра μαι مايو
    jun juin giu iun cze cer cvn haz kesa июн чер юни ιουν يونيو يونيه
    jul juil lug iul lipc lipi cervenc cervenec cvc tem heina июл лип юли ιουλ يوليو يوليه
    aug aou ago agu agt avg sie srpen srpna elo авг сер αυγ أغسطس اغسطس
    sep set sze wrz zar eyl syys сен вер сеп σεπ سبتمبر
    oct okt out ott paz rij eki loka окт жов οκτ أكتوبر اكتوبر
    nov noi listopadu kas marras ноя лис ное νοε نوفمبر
    dec dez dic des gru pro ara joulu дек гру δεκ ديسمبر
"""
# Names that mean one month in Polish and Czech, and the one before it in Croatian.
_DOUBTFUL = {"lip": 7, "srp": 8, "lis": 11, "listopad": 11, "listopada": 11}
_SURE_OF_THEM = ("pl", "cs")
# How their days begin, and the English ones, Monday first.
_DAY_NAMES = (
    *(("mon", "po", "pn"), ("tue", "wt", "ut"), ("wed", "sr", "st"), ("thu", "cz", "ct")),
    *(("fri", "pt", "pi", "pa"), ("sat", "so"), ("sun", "ni", "nd", "ne")),
)
_AFTERNOON = frozenset({"pm", "p.m", "p.m.", "오후", "下午"})

_CLOCK = r"""(?:(?:\s*(?:[T,@]|at|um|à|a\ las|klo|kl\.?)\s*|\s+[-–·|]\s+|\s*)
    (?P<half0>오전|오후|上午|下午)?\s*
    (?P<hour>\d{1,2})\s*[:.h时時시]\s*(?P<minute>\d{2})(?:\s*[分분])?
    (?:\s*[:.]?\s*(?P<second>\d{2})(?:[.,]\d{1,9})?\s*[秒초]?)?
    (?:\s*(?P<half>[AaPp]\.?[Mm]\.?)(?![A-Za-z]))?(?:\s*(?:Uhr|uur|h))?)?"""
_ZONE = r"""(?:\s*(?P<zone>(?:GMT|UTC|UT)?\s*[+\-−]\s*\d{1,2}:?(?:\d{2})?|
    [A-Z][A-Za-z]{2,11}/[A-Za-z_/+-]{2,30}|[A-Z]{3}\d[A-Z]{3}|[A-Za-z]{1,5}|)
    (?:\s*[(\[][\w\s/+:.-]{0,40}[)\]]|\s+[A-Z]{3,5})?\s*)"""


def _form(pattern: str, *, clock: str = _CLOCK) -> str:
    return r"\s*" + pattern + clock + _ZONE


_WEEKDAY = r"(?:(?P<day_name>[^\W\d_]{2,14})\.?(?:\s*,\s*|\s+)|)"
_MONTH = r"(?P<name>[^\W\d_]{3,14})\.?"
_DAY_FIRST = (
    rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:\.|º|er|\s+de|- го)?[\s-]*{_MONTH}"
    r"(?:\s+de)?[\s,-]*(?P<year>\d{4}|\d{2})(?:\s*(?:г\.?|р\.?))?"
)
_MONTH_FIRST = rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})"
_TEXTUAL = (
    _form(_DAY_FIRST),
    _form(_MONTH_FIRST),
    _form(rf"(?P<year>\d{{4}})[-\s.]{{1,2}}{_MONTH}[-\s.](?P<day>\d{{1,2}})\.?"),
)
_CTIME = (
    rf"\s*[^\W\d_]{{2,9}}\.?\s+{_MONTH}\s+(?P<day>\d{{1,2}})\s+(?P<hour>\d{{1,2}}):(?P<minute>\d\d)"
    r":(?P<second>\d\d)\s+(?P<zone>(?:GMT|UTC)?[+-]\d{4}|[A-Za-z]{1,5}|)\s*(?P<year>\d{4})\s*"
)
_YEAR_FIRST = r"(?P<year>\d{4})(?P<sign>[-/.])\s?(?P<month>\d{1,2})(?P=sign)\s?(?P<day>\d{1,2})\.?"
_YEAR_LAST = r"(?P<first>\d{1,2})(?P<sign>[./-])(?P<other>\d{1,2})(?P=sign)(?P<year>\d{4})"
_NUMERIC = (
    _form(_YEAR_FIRST),
    _form(_YEAR_FIRST, clock=r"[T\s](?P<hour>\d\d)(?:(?P<minute>\d\d)(?P<second>\d\d)?)?"),
    _form(r"(?P<year>\d{4})\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*(?P<day>\d{1,2})\s*[日일]?"),
    _form(_YEAR_LAST),
    _form(
        r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)",
        clock=r"[T\s](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d))?",
    ),
    _form(
        r"(?P<year>(?:19|20)\d\d)(?P<month>\d\d)(?P<day>\d\d)",
        clock=r"(?:T?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?)?",
    ),
)
_CLOCK_FIRST = tuple(
    _form(
        r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d))?(?:\s*(?P<half>[AaPp]\.?[Mm]\.?)(?![A-Za-z]))?"
        rf"(?:\s*,\s*|\s+(?:[-–·|]\s+)?){pattern}",
        clock="",
    )
    for pattern in (_YEAR_FIRST, _YEAR_LAST, _DAY_FIRST, _MONTH_FIRST)
)
_MONTH_ONLY = r"\s*(?P<year>(?:19|20)\d\d)(?:-(?P<month>\d\d))?\s*"
_WEEK = _form(r"(?P<year>\d{4})-?W(?P<week>\d\d)(?:-?(?P<weekday>[1-7]))?")
_ORDINAL = _form(r"(?P<year>\d{4})-(?P<yearday>\d{3})")
_STAMP = re.compile(r"\s*@?(\d{9,10}|\d{12,13})(?:\.\d{1,9})?\s*")
_FORMS = (*_NUMERIC, *_TEXTUAL, _CTIME, _WEEK, _ORDINAL, *_CLOCK_FIRST, _MONTH_ONLY)
# As most write it.
_TIME = r"([01]\d|2[0-3]):([0-5]\d):([0-5]\d)"
_EAST = r"([+-])(0\d|1[0-4])"
_OF_RSS = re.compile(
    r"(?:[A-Z][a-z][a-z], )?(\d\d? [A-Z][a-z][a-z] (?:19|20)\d\d) "
    rf"{_TIME} (?:GMT|{_EAST}([0-5]\d))",
    re.ASCII,
)
_OF_ATOM = re.compile(
    rf"((?:19|20)\d\d-\d\d-\d\d)T{_TIME}(?:\.\d{{1,9}})?(?:Z|{_EAST}:([0-5]\d))", re.ASCII
)
_OFFSET = re.compile(r"(?:gmt|utc|ut)?\s*([+\-−])\s*(\d{1,2}):?(\d{2})?")


Zone = Callable[[str, str], int]
"""Minutes east of Greenwich of a zone's name, given the feed's language."""


def read_date(text: str, language: str = "", zone: Zone = zone_minutes) -> float | None:
    """Seconds since the epoch of a date in any of the forms above. The feed's `language`, if it
    says one, tells what names mean that are of one month or zone here and of another there.
    """
    if (usual := usual_date(text)) is not None:
        return usual
    if len(text) > _LONGEST:
        return None
    text = unicodedata.normalize("NFC", text)
    if stamp := _STAMP.fullmatch(text):
        seconds = float(stamp.group(1))
        return seconds / 1000 if len(stamp.group(1)) > 10 else seconds
    for form in _forms():
        if found := form.fullmatch(text):
            try:
                parts = {name: part for name, part in found.groupdict().items() if part}
                return _seconds(parts, language, zone)
            except (ValueError, OverflowError):
                return None
    return None


@lru_cache(maxsize=1)
def _forms() -> list[re.Pattern[str]]:
    """Compiled with the first date that is of none of the usual forms."""
    return [re.compile(form, re.VERBOSE) for form in _FORMS]


def usual_date(text: str) -> float | None:
    """As `read_date`, of a date as most feeds of RSS or Atom write it, in a tenth of the time."""
    found = (_OF_ATOM if text[4:5] == "-" else _OF_RSS).fullmatch(text)
    if found is None:
        return None
    day, hour, minute, second, sign, hours, minutes = found.groups()
    if (at := _start_of(day)) is None:
        return None
    seconds = at + int(hour) * 3600 + int(minute) * 60 + int(second)
    if not sign:
        return seconds
    east = (int(hours) * 60 + int(minutes)) * 60
    return seconds + east if sign == "-" else seconds - east


@lru_cache(maxsize=64)  # entries of one document are often of few days
def _start_of(day: str) -> float | None:
    """The first second of a day as the usual dates write it; None where there is no such day."""
    try:
        if day[4:5] == "-":
            found = date.fromisoformat(day)
        else:
            number, name, year = day.split()
            found = date(int(year), _MONTHS.get(name.lower(), 0), int(number))
    except ValueError:
        return None
    return (found.toordinal() - _EPOCH_DAY) * 86_400.0


def _seconds(parts: Mapping[str, str], language: str, zone: Zone) -> float:
    day = datetime.combine(_day(parts, language), datetime.min.time(), UTC)
    at = day + timedelta(seconds=_clock(parts), minutes=-_zone(parts, language, zone))
    return (at - _EPOCH).total_seconds()


def _day(parts: Mapping[str, str], language: str) -> date:
    year = int(parts["year"])
    if len(parts["year"]) == 2:  # RFC 2822, section 4.3
        year += 1900 if year > 68 else 2000
    if "week" in parts:
        return date.fromisocalendar(year, int(parts["week"]), int(parts.get("weekday", 1)))
    if "yearday" in parts:
        return date(year, 1, 1) + timedelta(days=_within(int(parts["yearday"]), 1, 366) - 1)
    if "first" in parts:
        month, number = _which_is_the_month(int(parts["first"]), int(parts["other"]), parts["sign"])
    elif "name" in parts:
        name, number = _bare(parts["name"]), int(parts["day"])
        if month := _DOUBTFUL.get(name, 0):
            return _undoubted(date(year, month, number), parts.get("day_name", ""), language)
        month = _month(name)
    else:
        month, number = int(parts.get("month", 1)), int(parts.get("day", 1))
    return date(year, month, number)


def _undoubted(day: date, name: str, language: str) -> date:
    """The day, if the feed's language or the name of the day says that it is that one."""
    agrees = _bare(name).startswith(_DAY_NAMES[day.weekday()])
    if agrees or language.lower().startswith(_SURE_OF_THEM):
        return day
    raise ValueError("Croatian has another month of that name")


def _which_is_the_month(first: int, other: int, sign: str) -> tuple[int, int]:
    """Month and day of "29/10/2025"; of two small numbers only dots say which comes first."""
    if sign == "." or first > 12 or first == other:
        return other, first
    if other > 12:
        return first, other
    raise ValueError("either could be the month")


def _bare(name: str) -> str:
    bare = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return bare.casefold()


def _month(bare: str) -> int:
    for length in range(min(len(bare), _LONGEST_MONTH), 2, -1):
        if found := _MONTHS.get(bare[:length]):
            return found
    raise ValueError("no month")


_MONTHS = {
    name: at
    for at, line in enumerate(_MONTH_NAMES.strip().splitlines(), 1)
    for name in line.split()
}
_LONGEST_MONTH = max(map(len, _MONTHS))


def _clock(parts: Mapping[str, str]) -> int:
    hour, minute = int(parts.get("hour", 0)), _within(int(parts.get("minute", 0)), 0, 59)
    half = (parts.get("half") or parts.get("half0", "")).lower()
    if half and _within(hour, 0, 23) <= 12:
        hour = hour % 12 + 12 * (half in _AFTERNOON)
    second = min(_within(int(parts.get("second", 0)), 0, 60), 59)  # a leap second has no number
    seconds = hour * 3600 + minute * 60 + second
    return _within(seconds, 0, 86_400)  # 24:00 is the end of the day (ISO 8601)


def _zone(parts: Mapping[str, str], language: str, named: Zone) -> int:
    """Minutes east of Greenwich."""
    zone = parts.get("zone", "").strip().lower()
    if not zone and parts.get("half0") in ("오전", "오후"):
        return 540  # as the Korean portals mean it
    if found := _OFFSET.fullmatch(zone):
        sign, hours, minutes = found.groups()
        offset = int(hours) * 60 + int(minutes or 0)
        return 0 if offset > _FARTHEST_ZONE else (offset if sign == "+" else -offset)
    return named(zone, language)


def _within(number: int, least: int, most: int) -> int:
    if not least <= number <= most:
        raise ValueError("out of range")
    return number
