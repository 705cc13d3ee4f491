"""When and how a chat is told: zone, quiet hours, digests, daily limits.

Bad input raises BadInput or QueryError with one sentence for that person; nothing has changed then.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from bot.errors import BadInput
from bot.news.chat import Chat, Habits, Topic
from bot.news.telling import timing
from bot.news.telling.choosing import MAX_CAP
from bot.news.telling.days import split_days
from bot.news.telling.hours import (
    MORNINGS,
    TWICE,
    USUAL_NIGHT,
    Quiet,
    day_began,
    is_night,
    is_off,
    is_on,
    plainly,
    read_quiet,
    read_slots,
)
from bot.news.telling.spoken_limits import read_limit
from bot.news.telling.spoken_times import AT_ONCE
from bot.news.text.plain import cut
from bot.news.why import Why
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
    if _hours_of(habits) == _hours_of(chat.habits):
        return
    until, held = timing.held_until(habits, now), [timing.QUIET_HOURS, timing.PAUSED]
    if habits.digest:
        why = None if now < habits.paused_until else timing.GATHERED
        await storage.digests.hold_until(chat.id, until, [*held, timing.GATHERED], why)
    else:
        await storage.digests.hold_until(chat.id, until, held)
        await _put_off(storage, chat.id, habits)
    reasons = await storage.digests.reasons(chat.id)
    if for_digest := [why for why in reasons if timing.is_for_digest(why)]:
        await storage.digests.hold_until(chat.id, timing.digest_at(habits, now), for_digest)


def _hours_of(habits: Habits) -> tuple[object, ...]:
    return habits.digest, habits.days, habits.quiet, habits.timezone


async def _put_off(storage: Storage, chat_id: int, habits: Habits) -> None:
    """What waits for the hour that was set does not come in quiet hours either."""
    _, due = await storage.digests.held(chat_id, [timing.GATHERED])
    if due is not None and (later := timing.put_off(habits, due)) != due:
        await storage.digests.hold_until(chat_id, later, [timing.GATHERED])


async def left_over(storage: Storage, chat_id: int, habits: Habits) -> tuple[int, float | None]:
    """How many stories wait although what held them back holds no more with these habits: the
    digest, or the daily limit; and until when.
    """
    return await storage.digests.held(chat_id, await _over(storage, chat_id, habits))


async def release_left(storage: Storage, chat_id: int, habits: Habits, now: float) -> None:
    """Sends now what is left over."""
    over = await _over(storage, chat_id, habits)
    await storage.digests.hold_until(chat_id, now, over)


async def send_waiting(storage: Storage, chat_id: int, now: float) -> int:
    """Sends now what waits for a digest or the end of the quiet hours, whatever holds it back but a
    pause; returns how many stories. What is set stays, and holds what comes from now on.
    """
    known = await storage.digests.reasons(chat_id)
    usual = (timing.GATHERED, timing.QUIET_HOURS)
    reasons = [why for why in known if why in usual or timing.is_for_digest(why)]
    count, _ = await storage.digests.held(chat_id, reasons)
    if count:
        await storage.digests.hold_until(chat_id, now, reasons)
    return count


async def _over(storage: Storage, chat_id: int, habits: Habits) -> list[Why]:
    reasons = await storage.digests.reasons(chat_id)
    return [why for why in reasons if timing.is_over(habits, why)]


async def left_of_topic(storage: Storage, habits: Habits, topic: Topic) -> tuple[int, float | None]:
    """How many stories wait although the topic that held them back, by its daily limit or for
    digests, now has them told at once; and until when.
    """
    held = await storage.digests.held_by_topic(topic)
    if held is None:
        return 0, None
    # By the day of the last: a new day ends no limit.
    since = day_began(habits.timezone, held.last_at)
    told = await storage.chats.told_since(topic.chat_id, since) if topic.options.cap else {}
    if not timing.has_room(topic.options, told.get(topic.id, 0)):
        return 0, None
    return held.count, held.due_at


def read_digest(text: str, present: Habits) -> Habits:
    """The habits with the hours of `08:00 18:00`, `daily`, `weekdays 8am` or `on`; with none for
    `off` and `at once`. Raises BadInput.
    """
    if is_off(text) or plainly(text) in AT_ONCE:
        return replace(present, digest=(), days=())
    if is_on(text):
        return replace(present, digest=present.digest or TWICE)
    days, rest = split_days(text)
    slots = read_slots(rest) if rest or not days else present.digest or MORNINGS
    return replace(present, digest=slots, days=days)


def read_quiet_hours(text: str, present: Quiet | None) -> Quiet | None:
    """The hours of `22:00-07:00`, `on` or `at night`; None for `off`. Raises BadInput."""
    if is_off(text):
        return None
    if is_night(text):
        return USUAL_NIGHT
    return (present or USUAL_NIGHT) if is_on(text) else read_quiet(text)


def read_cap(text: str) -> int:
    """How many alerts a day of `12`, `five` or `max 12 a day`; 0 for `off`, `all` and `no limit`.
    Raises BadInput.
    """
    number = read_limit(text)
    if number is None or number > MAX_CAP:
        raise BadInput(
            say(
                "I can't read '{text}'. Send a number from 1 to {most}, or off.",
                text=cut(text.strip(), 30),
                most=MAX_CAP,
            )
        )
    return number
