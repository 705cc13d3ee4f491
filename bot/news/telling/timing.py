"""When and how a chat is told of a story it asked for. Pure.

In this order: too few sources yet, it waits for more; the chat or all
topics that want it gather into digests, it is held for the next; the chat's or the topics' volume
for today is used up, it is held likewise; quiet hours, it is held until their end, unless many
sources carry it at once and the chat lets such news through. Else it is told now. What is
muted does not come here: `pipeline.audience` keeps it away before.
"""

from collections.abc import Mapping, Sequence

from bot.news.chat import Habits, Topic
from bot.news.outbox import DeliveryState, Telling
from bot.news.telling.hours import TWICE, next_slot, quiet_until
from bot.news.why import Code, Why, because

BREAKING_SOURCES = 4
"""From so many independent sources on, a story may break through quiet hours."""
QUIET_HOURS = because(Code.QUIET_HOURS)
"""Why a story is held until their end."""
GATHERED = because(Code.GATHERED)
BREAKING = because(Code.BREAKING)
"""Why an alert rings although the hours are quiet."""


def telling(
    habits: Habits,
    topics: Sequence[Topic],
    subscribed: bool,
    sources: int,
    told: Mapping[int | None, int],
    now: float,
) -> Telling:
    """Decides for a story that these topics want, or a subscription, told by so many sources.

    `told` is how many alerts the chat had today, under None, and each topic by its id.
    """
    needed = 1 if subscribed else min(topic.options.sources for topic in topics)
    if sources < needed:
        why = because(Code.FEWER_SOURCES, needed)
        return Telling(DeliveryState.WAITING, sources=needed, reason=why)
    ready = [topic for topic in topics if topic.options.sources <= sources]
    silent = not subscribed and all(topic.options.silent for topic in ready)
    gathered = habits.digest or (not subscribed and all(t.options.digest for t in ready))
    if gathered:
        return _held(
            habits, now, GATHERED if habits.digest else because(Code.GATHERED_BY_TOPICS), silent
        )
    if habits.cap and told.get(None, 0) >= habits.cap:
        return _held(habits, now, because(Code.CHAT_CAP, habits.cap), silent)
    if not subscribed and all(_used_up(topic, told) for topic in ready):
        return _held(habits, now, because(Code.TOPICS_CAP), silent)
    until = quiet_until(habits.quiet, habits.timezone, now)
    if until is not None and not (habits.breaking and sources >= BREAKING_SOURCES):
        again = BREAKING_SOURCES if habits.breaking else None
        return Telling(DeliveryState.HELD, until, silent, again, QUIET_HOURS)
    return Telling(DeliveryState.PENDING, 0.0, silent, None, None if until is None else BREAKING)


def _used_up(topic: Topic, told: Mapping[int | None, int]) -> bool:
    cap = topic.options.cap
    return topic.options.digest or bool(cap and told.get(topic.id, 0) >= cap)


def _held(habits: Habits, now: float, reason: Why, silent: bool) -> Telling:
    slot = next_slot(habits.digest or TWICE, habits.timezone, now)
    # What is gathered may not arrive in the chat's quiet hours either.
    due = quiet_until(habits.quiet, habits.timezone, slot) or slot
    return Telling(DeliveryState.HELD, due, silent, reason=reason)


def held_until(habits: Habits, now: float) -> float:
    """When what a chat's own habits held for it comes, after they changed to these: at the next
    digest or the end of the quiet hours, or now where there is nothing to wait for.
    """
    if habits.digest:
        return _held(habits, now, GATHERED, silent=False).due_at
    return quiet_until(habits.quiet, habits.timezone, now) or now
