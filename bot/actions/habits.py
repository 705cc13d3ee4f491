"""When and how a chat is told: zone, quiet hours, digests, daily limits.

Bad input raises BadInput or QueryError with one sentence for that person; nothing has changed then.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.errors import BadInput
from bot.news.chat import Chat, Habits
from bot.news.telling import timing
from bot.news.telling.choosing import MAX_CAP
from bot.news.telling.hours import (
    TWICE,
    USUAL_NIGHT,
    Quiet,
    is_off,
    is_on,
    quiet_until,
    read_quiet,
    read_slots,
)
from bot.news.text.plain import cut
from bot.texts.said import say
from storage.storage import Storage


def local_time(timezone: str, now: float) -> str:
    """The time of day in a zone, as 08:00."""
    return f"{datetime.fromtimestamp(now, ZoneInfo(timezone)):%H:%M}"


async def change_habits(storage: Storage, chat: Chat, habits: Habits, now: float) -> None:
    """Changes when and how a chat is told; what is held for it comes by the new habits. But what
    waits for a digest where there is none any more waits for the hour that was set.
    """
    await storage.chats.set_habits(chat.id, habits)
    before = chat.habits
    hours = (habits.digest, habits.quiet, habits.timezone)
    if hours == (before.digest, before.quiet, before.timezone):
        return
    until, quiet, gathered = timing.held_until(habits, now), timing.QUIET_HOURS, timing.GATHERED
    if habits.digest:
        await storage.digests.hold_until(chat.id, until, [quiet, gathered], gathered)
    else:
        await storage.digests.hold_until(chat.id, until, [quiet])
        await _keep_from_quiet_hours(storage, chat.id, habits)


async def _keep_from_quiet_hours(storage: Storage, chat_id: int, habits: Habits) -> None:
    """What waits for the hour that was set does not come in quiet hours either."""
    _, due = await left_of_digest(storage, chat_id)
    if due and (until := quiet_until(habits.quiet, habits.timezone, due)):
        await storage.digests.hold_until(chat_id, until, [timing.GATHERED])


async def left_of_digest(storage: Storage, chat_id: int) -> tuple[int, float | None]:
    """How many stories wait for a digest because the chat gathers, or did; and until when."""
    return await storage.digests.held(chat_id, timing.GATHERED)


async def release_digest(storage: Storage, chat_id: int, now: float) -> None:
    """Sends now what waits for a digest."""
    await storage.digests.hold_until(chat_id, now, [timing.GATHERED])


def read_digest(text: str, present: tuple[int, ...]) -> tuple[int, ...]:
    """The hours of `08:00 18:00`, `daily` or `on`; none for `off`. Raises BadInput."""
    if is_off(text):
        return ()
    return (present or TWICE) if is_on(text) else read_slots(text)


def read_quiet_hours(text: str, present: Quiet | None) -> Quiet | None:
    """The hours of `22:00-07:00` or `on`; None for `off`. Raises BadInput."""
    if is_off(text):
        return None
    return (present or USUAL_NIGHT) if is_on(text) else read_quiet(text)


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
