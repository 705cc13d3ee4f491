"""How a feed is, in words: for the chat, the command line and the operator alike. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from functools import reduce

from msgspec.structs import replace

from bot.news.feed import Feed
from bot.news.polling import gaps
from bot.news.polling.identity import KnownBy, Policy
from bot.news.why import Argument, Code
from bot.texts.said import Said, say, say_many, say_n

LONG_FAILURES = 6
LONG_SECONDS = 6 * 3600.0
LONG_WAIT_SECONDS = 86_400.0
_HUSH_SAID_SECONDS = 7 * 86_400.0


_KNOWN_BY = {
    KnownBy.LINK: say("link"),
    KnownBy.MOMENT: say("title and date"),
    KnownBy.TITLE: say("title"),
}


class State(StrEnum):
    """What a feed's last poll came to."""

    PENDING = "not polled yet"
    ANSWERING = "answering"
    WAITING = "asked us to wait"
    FAILING = "failing"
    SUSPENDED = "suspended"


def state_of(feed: Feed) -> State:
    """How the feed is now."""
    if feed.suspended:
        return State.SUSPENDED
    if feed.failures:
        return State.FAILING
    if feed.error:
        return State.WAITING
    return State.ANSWERING if feed.answered_at is not None else State.PENDING


def doubts(feed: Feed, now: float) -> list[Said]:
    """What the feed does that it should not, and what is done about it: short sentences."""
    said = []
    if feed.policy.known_by is not KnownBy.ID and feed.policy.reason:
        first, *others = (why.said for why in feed.policy.reason)
        why = reduce(
            lambda a, b: say("{one}, {two}", one=a, two=b), others, replace(first, begins=True)
        )
        by = _KNOWN_BY[feed.policy.known_by]
        said.append(say("{why}, so stories are recognised by {by}.", why=why, by=by))
    if feed.hushed_at is not None and now - feed.hushed_at < _HUSH_SAID_SECONDS:
        said.append(
            say_n(
                "Sent old news at once: 1 story kept without an alert.",
                "Sent old news at once: {n} stories kept without alerts.",
                feed.hushed,
            )
        )
    return said


def lowered(policy: Policy) -> str:
    """Why entries are known by less than their ids, in English; "" where they are not."""
    return ", ".join(map(str, policy.reason))


def is_long_in_trouble(feed: Feed, now: float) -> bool:
    """Whether people should be told: it is suspended, has failed often and for hours, or has asked
    for nothing but patience for a day.
    """
    if feed.suspended or feed.failing_since is None:
        return feed.suspended
    if state_of(feed) is State.WAITING:
        return now - feed.failing_since >= LONG_WAIT_SECONDS
    return feed.failures >= LONG_FAILURES and now - feed.failing_since >= LONG_SECONDS


def pace(feed: Feed, now: float) -> Said | None:
    """How often it has news, and whether it is silent now; None while that is not known."""
    if not feed.gaps.is_known:
        return None
    every = _every(max(feed.gaps.every, 60.0))
    if feed.news_at is not None and gaps.is_silent(feed.gaps, feed.news_at, now):
        silent = lasting(now - feed.news_at)
        return say("Usually news {every}, but none for {silent}.", every=every, silent=silent)
    return say("Usually news {every}.", every=every)


_MINUTES = say_many("every {n} minutes", 1)
# A unit in seconds; a length of time in it; and what lies between one time and the next.
_UNITS = (
    (86_400, say_n("1 day", "{n} days", 1), say("every day"), say_many("every {n} days", 1)),
    (3_600, say_n("1 hour", "{n} hours", 1), say("every hour"), say_many("every {n} hours", 1)),
    (60, say_n("1 minute", "{n} minutes", 1), say("every minute"), _MINUTES),
)


def lasting(seconds: float) -> Said:
    """A length of time in words, in its largest unit."""
    for unit, said, *_ in _UNITS:
        if seconds >= unit * 0.95:
            return replace(said, args={"n": max(1, round(seconds / unit))})
    return say("less than a minute")


def _every(seconds: float) -> Said:
    """The same as what lies between one time and the next, from a minute on."""
    unit, _, each_one, several = next(each for each in _UNITS if seconds >= each[0] * 0.95)
    n = max(1, round(seconds / unit))
    return each_one if n == 1 else replace(several, args={"n": n})


def advice(feed: Feed) -> Said | None:
    """What can be done about a feed in trouble, as a sentence; None if it is not in any."""
    if state_of(feed) not in (State.FAILING, State.SUSPENDED):
        return None
    why = feed.error
    if why is None:
        return _WAIT
    if why.code is Code.STATUS:
        return _OF_STATUS.get(why.args[0], _WAIT)
    return _ADVICE.get(why.code, _WAIT)


_WAIT = say("I keep trying. You don't need to do anything yet.")
_LOOK = say("Look on its site for the new address of its feed. Add that.")
_ENDED = say("It has ended. Remove it, or add its new address.")
_SHORTER = say("Look on its site for a shorter feed.")
_THEIRS = say("Only its site can mend that.")
_OF_STATUS: Mapping[Argument, Said] = {
    401: say("It wants a password, which I cannot give. Look for another feed of it."),
    403: say("It refuses me. Look on its site for another feed."),
    404: _LOOK,
}
_ADVICE = {
    Code.GONE: _ENDED,
    Code.GONE_ONCE: _ENDED,
    Code.WEB_PAGE: _LOOK,
    Code.NOT_A_FEED: _LOOK,
    Code.CIRCLE: _LOOK,
    Code.REDIRECTS: _LOOK,
    Code.REDIRECTS_NOWHERE: _LOOK,
    Code.NOT_ALLOWED: say("Only whoever runs this bot can allow it."),
    Code.UNRESOLVED: say("If that stays so, the site has ended or moved."),
    Code.CERTIFICATE: _THEIRS,
    Code.COMPRESSION: _THEIRS,
    Code.DAMAGED: _THEIRS,
    Code.ATTRIBUTES: _THEIRS,
    Code.DAMAGED_JSON: _THEIRS,
    Code.TOO_LARGE: _SHORTER,
    Code.TOO_SLOW: _SHORTER,
}
