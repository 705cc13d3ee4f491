"""/digest and /quiet: when this chat is told; and the pages of a digest."""

from bot.actions.habits import (
    change_habits,
    local_time,
    read_timezone,
    with_digest,
    with_quiet,
    with_timezone,
)
from bot.delivery import digest_page
from bot.delivery.render import bold, clock, code, escape
from bot.news.chat import Habits
from bot.news.telling import hours
from bot.news.telling.timing import USUAL_SLOTS
from handlers.call import Call
from handlers.callback_data import Press
from handlers.keyboard import keyboard
from handlers.pages import page_of
from handlers.surface import Action, Command, Line, Who, without_words

_OFF = ("off", "none", "no")


async def turn(call: Call, press: Press) -> None:
    """Another page of a digest, in place."""
    digest_id = press.number(0) or 0
    gathered = await call.storage.digests.gathered(call.chat.id, digest_id)
    if not gathered:
        await call.note("This digest is too old to turn its pages.")
        return
    zone, now = call.chat.timezone, call.now()
    page = page_of(len(digest_page.paged(gathered, zone, now)), 1, press.number(1))
    shown = digest_page.page(gathered, page.number, zone, now)
    await call.show(shown.html, keyboard(page.turning("digest", digest_id)))
    await call.note()


async def digest(call: Call) -> None:
    """Gathers this chat's stories into digests at the hours it names, or tells them one by one."""
    words = call.words.strip().lower()
    if not words:
        await call.answer(_digest_now(call))
    else:
        slots = () if words in _OFF else hours.read_slots(words)
        await _change(call, with_digest(call.chat.habits, slots))


async def quiet(call: Call) -> None:
    """Sets the hours in which nothing rings, or ends them."""
    words = call.words.strip().lower()
    if not words:
        await call.answer(_quiet_now(call.chat.habits))
    else:
        wanted = None if words in _OFF else hours.read_quiet(words)
        await _change(call, with_quiet(call.chat.habits, wanted))


async def timezone(call: Call) -> None:
    """Sets the zone in which this chat's hours are meant."""
    if not call.words.strip():
        now = call.now()
        await call.answer(
            f"The time zone of this chat is {code(call.chat.timezone)}; it is now "
            f"{clock(now, call.chat.timezone, now)} there. "
            f"Change it: {code('/timezone Europe/London')}"
        )
    else:
        zone = read_timezone(call.words)
        await _change(call, with_timezone(call.chat.habits, zone))


async def _change(call: Call, habits: Habits) -> None:
    now = call.now()
    await change_habits(call.storage, call.chat, habits, now)
    await call.answer(summary(habits, now))


def summary(habits: Habits, now: float) -> str:
    """When a chat with these habits is told, in words."""
    local = escape(local_time(habits.timezone, now))
    lines = [f"It is {local} in {code(habits.timezone)}."]
    if habits.digest:
        at = bold(hours.shown_slots(habits.digest))
        lines.append(f"Stories come gathered, at {at}. {code('/digest off')} ends that.")
    else:
        lines.append("Stories come one by one, at once.")
    lines.append(_quiet_now(habits))
    if habits.cap:
        alerts = "1 alert" if habits.cap == 1 else f"{habits.cap} alerts"
        lines.append(f"At most {alerts} a day; the rest comes as a digest.")
    return "\n".join(lines)


def _digest_now(call: Call) -> str:
    habits = call.chat.habits
    usual = hours.shown_slots(USUAL_SLOTS)
    if habits.digest:
        return f"Digests come at {bold(hours.shown_slots(habits.digest))}. " + (
            f"Other hours: {code('/digest 07:30')}; one by one: {code('/digest off')}"
        )
    return f"Stories come one by one. Gather them: {code(f'/digest {usual}')}"


def _quiet_now(habits: Habits) -> str:
    if habits.quiet is None:
        return f"No quiet hours. Set some: {code('/quiet 22:00-07:00')}"
    start, end = (hours.shown_minute(minute) for minute in habits.quiet)
    through = (
        "Only what many sources carry at once rings then."
        if habits.breaking
        else "Nothing rings then."
    )
    return (
        f"Quiet from {start} to {end}. {through} What came is delivered at {end}. "
        f"{code('/quiet off')} ends that."
    )


COMMANDS = (
    Command(
        name="digest",
        handler=digest,
        who=Who.CHANGERS,
        shows=without_words,
        menu=Line(150, "Stories gathered, at hours you choose"),
        help=Line(80, "stories gathered; /digest 08:00 18:00"),
        actions=(Action("digest", turn),),
    ),
    Command(
        name="quiet",
        handler=quiet,
        who=Who.CHANGERS,
        shows=without_words,
        menu=Line(160, "Hours in which nothing rings"),
        help=Line(90, "hours without alerts; /quiet 22:00-07:00"),
    ),
    Command(
        name="timezone",
        handler=timezone,
        who=Who.CHANGERS,
        shows=without_words,
        menu=Line(170, "The zone those hours are meant in"),
        help=Line(100, "where those hours are meant; /timezone Europe/London"),
    ),
)
