"""When and how a chat is told: zone, quiet hours, digests, daily limits.

Bad input raises BadInput or QueryError with one sentence for that person; nothing has changed then.
"""

from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import BadInput
from bot.news.chat import (
    Chat,
    Habits,
)
from bot.news.telling import timing
from bot.news.telling.hours import Quiet
from bot.news.text.plain import cut
from bot.texts.said import say
from storage.storage import Storage


def read_timezone(text: str) -> str:
    """The name of a time zone of the IANA database, found in any capitals. Raises BadInput."""
    wanted = text.strip().replace(" ", "_").casefold()
    zones = available_timezones()
    for zone in sorted(zones):
        if zone.casefold() == wanted or zone.casefold().rpartition("/")[2] == wanted:
            return zone
    near = get_close_matches(wanted, [zone.casefold() for zone in zones], 3, 0.6)
    like = ", ".join(sorted(zone for zone in zones if zone.casefold() in near))
    name = cut(text.strip(), 40)
    if like:
        raise BadInput(
            say(
                "No time zone is called '{name}'; write it as Europe/London, or did you mean"
                " {like}?",
                name=name,
                like=like,
            )
        )
    raise BadInput(say("No time zone is called '{name}'; write it as Europe/London.", name=name))


def local_time(timezone: str, now: float) -> str:
    """The time of day in a zone, as 08:00."""
    return f"{datetime.fromtimestamp(now, ZoneInfo(timezone)):%H:%M}"


def with_digest(habits: Habits, slots: tuple[int, ...]) -> Habits:
    """Gathers stories at these minutes of the day; none: one by one."""
    return replace(habits, digest=slots)


def with_quiet(habits: Habits, quiet: Quiet | None) -> Habits:
    """Keeps these hours quiet."""
    return replace(habits, quiet=quiet)


def with_timezone(habits: Habits, timezone: str) -> Habits:
    """Means the chat's hours in another zone."""
    return replace(habits, timezone=timezone)


async def change_habits(storage: Storage, chat: Chat, habits: Habits, now: float) -> None:
    """Changes when and how a chat is told; what is held for it comes by the new habits."""
    await storage.chats.set_habits(chat.id, habits)
    before = chat.habits
    hours = (habits.digest, habits.quiet, habits.timezone)
    if hours != (before.digest, before.quiet, before.timezone):
        held = timing.held_until(habits, now)
        await storage.digests.hold_until(chat.id, held, (timing.QUIET_HOURS, timing.GATHERED))


MAX_CAP = 1_000


def read_cap(text: str) -> int:
    """How many alerts a day of `12`; 0 for `off`, which means all. Raises BadInput."""
    word = text.strip().lower()
    if word in ("off", "all", "none", "no"):
        return 0
    number = int(word) if word.isascii() and word.isdigit() and len(word) < 6 else 0
    if not 1 <= number <= MAX_CAP:
        raise BadInput(
            say(
                "'{text}' is no number of alerts a day; write 1 to {most}, or off.",
                text=cut(text.strip(), 30),
                most=MAX_CAP,
            )
        )
    return number
