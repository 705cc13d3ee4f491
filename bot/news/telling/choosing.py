"""What a chat's settings may be, and how a button carries one of them. Pure.

A button carries the value that it sets, so pressing it twice does no more than pressing it once.
"""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from bot.news.chat import Habits
from bot.news.telling.hours import EVENINGS, HOURLY, MORNINGS, TWICE

MAX_CAP = 1_000
SWITCHES = ("breaking", "buttons", "updates", "silent", "pictures", "previews")
KEPT = "kept"
"""Carried for a value that is too long for a button: what is set stays."""
_ON, _OFF, _NONE, _HOURLY = "1", "0", "off", "hourly"
_MINUTES = 24 * 60
_OFFERED = {
    "digest": tuple(Habits(digest=each) for each in ((), MORNINGS, TWICE, EVENINGS, HOURLY)),
    "quiet": tuple(
        Habits(quiet=each) for each in (None, (22 * 60, 7 * 60), (23 * 60, 8 * 60), (0, 8 * 60))
    ),
    "cap": tuple(Habits(cap=each) for each in (0, 5, 12, 30, 60)),
}


def carried(habits: Habits, name: str) -> str:
    """How a setting of these habits is written in a button."""
    match name:
        case "digest" if habits.digest == HOURLY:
            return _HOURLY
        case "digest":
            return ".".join(map(str, habits.digest)) or _NONE
        case "quiet":
            return ".".join(map(str, habits.quiet)) if habits.quiet else _NONE
        case "cap":
            return str(habits.cap)
        case "timezone":
            return habits.timezone
    return _ON if getattr(habits, name) else _OFF


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
    if value in (_NONE, _HOURLY):
        return {"digest": HOURLY if value == _HOURLY else ()}
    minutes = _minutes(value)
    return {"digest": tuple(sorted(set(minutes)))} if minutes else None


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
