"""When and how a chat is told of a story it asked for. Pure.

In this order: too few sources yet, it waits for more; the chat is paused for a time, it is held
until the end of that; the chat or all topics that want it gather into digests, it is held for the
next; the chat's or the topics' volume for today is used up, it is held likewise; quiet hours, it is
held until their end, unless many sources carry it at once and the chat lets such news through. Else
it is told now. What is muted does not come here: `pipeline.placing.audience` keeps it away before.
"""

from collections.abc import Mapping, Sequence

from bot.news.chat import Habits, Topic, TopicOptions
from bot.news.outbox import DeliveryState, Telling
from bot.news.telling.hours import TWICE, next_slot, quiet_until
from bot.news.why import Code, Why, because

BREAKING_SOURCES = 4
"""From so many independent sources on, a story may break through quiet hours."""
QUIET_HOURS = because(Code.QUIET_HOURS)
"""Why a story is held until their end."""
GATHERED = because(Code.GATHERED)
BY_TOPICS = (because(Code.GATHERED_BY_TOPICS), because(Code.TOPICS_CAP))
"""Why a story is held for a digest where the chat's own habits do not hold it."""
PAUSED = because(Code.PAUSED)
"""Why a story is held until a pause ends."""
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
    if now < habits.paused_until:
        return Telling(DeliveryState.HELD, held_until(habits, now), silent, reason=PAUSED)
    gathered = habits.digest or (not subscribed and all(t.options.digest for t in ready))
    if gathered:
        return _held(
            habits, now, GATHERED if habits.digest else because(Code.GATHERED_BY_TOPICS), silent
        )
    if habits.cap and told.get(None, 0) >= habits.cap:
        return _held(habits, now, because(Code.CHAT_CAP, habits.cap), silent)
    if not subscribed and not any(
        has_room(topic.options, told.get(topic.id, 0)) for topic in ready
    ):
        return _held(habits, now, because(Code.TOPICS_CAP), silent)
    until = quiet_until(habits.quiet, habits.timezone, now)
    if until is not None and not (habits.breaking and sources >= BREAKING_SOURCES):
        again = BREAKING_SOURCES if habits.breaking else None
        return Telling(DeliveryState.HELD, until, silent, again, QUIET_HOURS)
    return Telling(DeliveryState.PENDING, 0.0, silent, None, None if until is None else BREAKING)


def has_room(options: TopicOptions, told: int) -> bool:
    """Whether a topic of which so many alerts were told in a day has one more told at once."""
    return not options.digest and (not options.cap or told < options.cap)


def _held(habits: Habits, now: float, reason: Why, silent: bool) -> Telling:
    return Telling(DeliveryState.HELD, _next_digest(habits, now), silent, reason=reason)


def _next_digest(habits: Habits, now: float) -> float:
    days = habits.days if habits.digest else ()
    slot = next_slot(habits.digest or TWICE, habits.timezone, now, days)
    # What is gathered may not arrive in the chat's quiet hours either.
    return _out_of_quiet_hours(habits, slot)


def _out_of_quiet_hours(habits: Habits, at: float) -> float:
    return quiet_until(habits.quiet, habits.timezone, at) or at


def held_until(habits: Habits, now: float) -> float:
    """When what a chat's own habits held for it comes, after they changed to these: at the next
    digest or the end of the quiet hours, or now where there is nothing to wait for; but not before
    a pause ends.
    """
    paused = now < habits.paused_until
    if habits.digest:  # that of the minute in which a pause ends comes too
        return _next_digest(habits, habits.paused_until - 1 if paused else now)
    return _out_of_quiet_hours(habits, habits.paused_until if paused else now)


def digest_at(habits: Habits, now: float) -> float:
    """When what a daily limit, or the topics that want it, held for a digest comes, after the
    chat's habits changed to these: at the next one, but not before a pause ends.
    """
    return max(_next_digest(habits, now), held_until(habits, now))


def put_off(habits: Habits, due_at: float) -> float:
    """When something comes that waits for an hour which these habits no longer set: not in a pause
    nor in quiet hours.
    """
    return _out_of_quiet_hours(habits, max(due_at, habits.paused_until))


def is_for_digest(why: Why) -> bool:
    """Whether a story held for this reason waits for a digest that is none of the chat's own: what
    holds it are a daily limit, or the topics that want it.
    """
    return why.code is Code.CHAT_CAP or why in BY_TOPICS


def is_over(habits: Habits, why: Why) -> bool:
    """Whether what held a story back holds no more: the digest was left, or more alerts a day are
    wanted than it was held for.
    """
    if why.code is Code.GATHERED:
        return not habits.digest
    if why.code is Code.CHAT_CAP:
        (most,) = why.args
        return not habits.cap or (isinstance(most, int) and habits.cap > most)
    return False
