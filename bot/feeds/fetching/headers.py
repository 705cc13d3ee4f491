"""What a server says about time, clamped to what we will believe. Pure; RFC 9110 and 9111."""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from bot.news.polling.schedule import LONGEST_PAUSE, SHORTEST_PAUSE
from bot.news.why import Code, Why, because

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?(\d{1,15})", re.IGNORECASE)
_LINK = re.compile(
    r"<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+(?:\s*=\s*(?:\"[^\"]*\"|[^\s\";,]+))?)*)"
)
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s\";,]+))", re.IGNORECASE)
_LONGEST_LINKS = 8000
_STRAY = re.compile("[\udc80-\udcff]")
_NO_CACHE = re.compile(r"(?:^|[\s,])(?:no-cache|no-store)\b", re.IGNORECASE)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds to wait by `Retry-After`, between a minute and a day; None where it is missing.

    Both forms count, seconds and an HTTP date. What cannot be read means the shortest pause: the
    server did ask for one. `now` is seconds since the epoch.
    """
    value = headers.get("Retry-After")
    if value is None:
        return None
    value = value.strip()
    if re.fullmatch(r"\d{1,15}", value):
        seconds = float(value)
    else:
        at = http_date(value)
        seconds = 0.0 if at is None else at - now
    return min(max(seconds, SHORTEST_PAUSE), LONGEST_PAUSE)


def cache_seconds(headers: Mapping[str, str], now: float) -> float | None:
    """How long the answer holds, at most a day; None where nothing is said, or nothing good."""
    control = headers.get("Cache-Control", "")
    if _NO_CACHE.search(control):
        return None
    if found := _MAX_AGE.search(control):
        return min(float(found.group(1)), LONGEST_PAUSE) or None
    said = headers.get("Expires")
    expires = http_date(said) if said else None
    if expires is None or expires <= now:
        return None
    return min(expires - now, LONGEST_PAUSE)


def location(headers: Mapping[str, str]) -> str | None:
    """Where a redirect leads, as it is written; bytes that are no UTF-8 are escaped."""
    value = headers.get("Location")
    return value and _STRAY.sub(lambda found: f"%{ord(found.group()) - 0xDC00:02X}", value)


def linked(values: Iterable[str], relation: str) -> str | None:
    """The first target with this relation type in `Link` headers (RFC 8288), as it is written."""
    for value in values:
        for target, parameters in _LINK.findall(value[:_LONGEST_LINKS]):
            found = _REL.search(parameters)
            if found and relation in (found.group(1) or found.group(2)).lower().split():
                return str(target).strip()
    return None


def http_date(value: str) -> float | None:
    """Seconds since the epoch of an HTTP date; None if it cannot be read."""
    try:
        at = parsedate_to_datetime(value[:100])
        seconds = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return seconds if math.isfinite(seconds) else None


def why_status(status: int) -> Why:
    """The status as a reason, in our words: the server's own phrase is a stranger's text."""
    try:
        return because(Code.STATUS, status, HTTPStatus(status).phrase)
    except ValueError:
        return because(Code.ODD_STATUS, status)
