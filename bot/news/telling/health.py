"""How a feed is, in words: for the chat, the command line and the operator alike. Pure."""

from collections.abc import Mapping
from enum import StrEnum

from bot.news.feed import Feed
from bot.news.polling import gaps
from bot.news.polling.identity import KnownBy, Policy
from bot.news.why import Argument, Code

LONG_FAILURES = 6
LONG_SECONDS = 6 * 3600.0
LONG_WAIT_SECONDS = 86_400.0
_HUSH_SAID_SECONDS = 7 * 86_400.0


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


def doubts(feed: Feed, now: float) -> list[str]:
    """What the feed does that it should not, and what is done about it: short sentences."""
    said = []
    if feed.policy.known_by is not KnownBy.ID and (reason := lowered(feed.policy)):
        reason = reason[:1].upper() + reason[1:]
        said.append(f"{reason}: entries are known by {feed.policy.known_by.value}.")
    if feed.hushed_at is not None and now - feed.hushed_at < _HUSH_SAID_SECONDS:
        entries = "1 entry" if feed.hushed == 1 else f"{feed.hushed} entries"
        said.append(f"Showed its archive at once: {entries} stored without ringing.")
    return said


def lowered(policy: Policy) -> str:
    """Why entries are known by less than their ids, in words; "" where they are not."""
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


def pace(feed: Feed, now: float) -> str:
    """How often it has news, and whether it is silent now; "" while that is not known."""
    if not feed.gaps.is_known:
        return ""
    every = lasting(max(feed.gaps.every, 60.0)).removeprefix("1 ")
    said = f"Usually news every {every}"
    if feed.news_at is not None and gaps.is_silent(feed.gaps, feed.news_at, now):
        said += f", silent for {lasting(now - feed.news_at)}"
    return f"{said}."


def lasting(seconds: float) -> str:
    """A length of time in words, in its largest unit."""
    for unit, length in (("day", 86_400), ("hour", 3600), ("minute", 60)):
        if seconds >= length * 0.95:
            count = max(1, round(seconds / length))
            return f"{count} {unit}s" if count > 1 else f"1 {unit}"
    return "less than a minute"


def advice(feed: Feed) -> str:
    """What can be done about a feed in trouble, as a sentence; "" if it is not in any."""
    if state_of(feed) not in (State.FAILING, State.SUSPENDED):
        return ""
    why = feed.error
    if why is None:
        return _WAIT
    if why.code is Code.STATUS:
        return _OF_STATUS.get(why.args[0], _WAIT)
    return _ADVICE.get(why.code, _WAIT)


_WAIT = "It is tried again and again; nothing needs to be done at first."
_LOOK = "Look on its site for the new address of the feed, and add that."
_ENDED = "It has ended: take it out, or add its new address."
_SHORTER = "Look on its site for a shorter feed."
_THEIRS = "Only its host can put that right."
_OF_STATUS: Mapping[Argument, str] = {
    401: "It wants a password, which this bot cannot give; look for another feed of it.",
    403: "Its host refuses this bot; look for another feed of it.",
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
    Code.NOT_ALLOWED: "Whoever runs this bot can do that, and nobody else.",
    Code.UNRESOLVED: "If that stays so its host has ended, or its name has changed.",
    Code.CERTIFICATE: _THEIRS,
    Code.COMPRESSION: _THEIRS,
    Code.DAMAGED: _THEIRS,
    Code.ATTRIBUTES: _THEIRS,
    Code.DAMAGED_JSON: _THEIRS,
    Code.TOO_LARGE: _SHORTER,
    Code.TOO_SLOW: _SHORTER,
}
