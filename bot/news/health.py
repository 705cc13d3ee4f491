"""How a feed is, in words: for the chat, the command line and the operator alike. Pure."""

from enum import StrEnum

from bot.news.feed import Feed
from bot.news.identity import KnownBy

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
    if feed.policy.known_by is not KnownBy.ID and feed.policy.reason:
        reason = feed.policy.reason[:1].upper() + feed.policy.reason[1:]
        said.append(f"{reason}: entries are known by {feed.policy.known_by.value}.")
    if feed.hushed_at is not None and now - feed.hushed_at < _HUSH_SAID_SECONDS:
        entries = "1 entry" if feed.hushed == 1 else f"{feed.hushed} entries"
        said.append(f"Showed its archive at once: {entries} stored without ringing.")
    return said
