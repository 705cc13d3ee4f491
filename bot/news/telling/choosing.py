"""What a chat's settings may be, and how a button carries one of them. Pure.

A button carries the value that it sets, so pressing it twice does no more than pressing it once.
"""

from typing import Any
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.news.chat import Habits
from bot.news.telling.days import WEEKDAYS, as_days
from bot.news.telling.hours import EVENINGS, HOURLY, MORNINGS, TWICE

MAX_CAP = 1_000
SWITCHES = ("breaking", "buttons", "updates", "silent", "pictures", "previews")
KEPT = "kept"
"""Carried for a value that is too long for a button: what is set stays."""
_ON, _OFF, _NONE, _HOURLY = "1", "0", "off", "hourly"
_ON_DAYS, _DAYS = "w", "0123456"
_MINUTES = 24 * 60
_OFFERED = {
    "digest": (
        *(Habits(digest=each) for each in ((), MORNINGS, TWICE, EVENINGS, HOURLY)),
        Habits(digest=MORNINGS, days=WEEKDAYS),
    ),
    "quiet": tuple(
        Habits(quiet=each) for each in (None, (22 * 60, 7 * 60), (23 * 60, 8 * 60), (0, 8 * 60))
    ),
    "cap": tuple(Habits(cap=each) for each in (0, 5, 12, 30, 60)),
}


def carried(habits: Habits, name: str) -> str:
    """How a setting of these habits is written in a button."""
    match name:
        case "digest":
            return _digest_carried(habits)
        case "quiet":
            return ".".join(map(str, habits.quiet)) if habits.quiet else _NONE
        case "cap":
            return str(habits.cap)
        case "timezone":
            return habits.timezone
    return _ON if getattr(habits, name) else _OFF


def _digest_carried(habits: Habits) -> str:
    if not habits.digest:
        return _NONE
    slots = _HOURLY if habits.digest == HOURLY else ".".join(map(str, habits.digest))
    days = "".join(map(str, habits.days))
    return f"{slots}{_ON_DAYS}{days}" if days else slots


def offered(habits: Habits, name: str, *own: str) -> list[str]:
    """The usual values of a setting, then those of one's own, with the present one."""
    usual = [carried(each, name) for each in _OFFERED[name]]
    return list(dict.fromkeys([*usual, *own, carried(habits, name)]))


def chosen(habits: Habits, name: str, value: str) -> Habits | None:
    """The habits with what a button carries; None for what no button of ours does."""
    if value == KEPT:
        return habits
    wish: dict[str, Any] | None = None
    match name:
        case "digest":
            wish = _digest(value)
        case "quiet":
            wish = _quiet(value)
        case "cap":
            wish = {"cap": int(value)} if _is_number(value, MAX_CAP) else None
        case "timezone":
            wish = {"timezone": value} if _is_zone(value) else None
        case _ if name in SWITCHES and value in (_ON, _OFF):
            wish = {name: value == _ON}
    return None if wish is None else replace(habits, **wish)


def _digest(value: str) -> dict[str, Any] | None:
    if value == _NONE:
        return {"digest": (), "days": ()}
    slots, on_days, days = value.partition(_ON_DAYS)
    minutes = HOURLY if slots == _HOURLY else _minutes(slots)
    is_read = minutes and (not on_days or (days and set(days) <= set(_DAYS)))
    if not is_read:
        return None
    return {"digest": tuple(sorted(set(minutes))), "days": as_days(tuple(map(int, days)))}


def _quiet(value: str) -> dict[str, Any] | None:
    if value == _NONE:
        return {"quiet": None}
    minutes = _minutes(value)
    is_range = len(minutes) == 2 and minutes[0] != minutes[1]
    return {"quiet": minutes} if is_range else None


def _minutes(value: str) -> tuple[int, ...]:
    """Minutes of the day; none where something is not."""
    parts = value.split(".")
    is_all = all(_is_number(part, _MINUTES - 1) for part in parts)
    return tuple(map(int, parts)) if is_all else ()


def _is_number(value: str, most: int) -> bool:
    return value.isascii() and value.isdecimal() and len(value) < 5 and int(value) <= most


def _is_zone(name: str) -> bool:
    try:
        return ZoneInfo(name).key not in ("localtime", "Factory")
    except (ValueError, OSError, KeyError):
        return False
