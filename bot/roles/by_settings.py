"""What settings say of feeds: what may be fetched, how often, and whether anybody answers."""

import random

from bot.feeds.fetching.guard import Guard
from bot.feeds.fetching.ourselves import Ourselves
from bot.news.polling.connectivity import HEARD_SECONDS, Connectivity
from bot.news.polling.schedule import Bounds
from bot.settings import Settings


def guard_of(settings: Settings) -> Guard:
    """What may be fetched: nothing private but what is allowed, and nothing of our own."""
    hubs = f"{settings.websub_url}/websub" if settings.websub_url else None
    public = (hubs, settings.webhook_url)
    return Guard(settings.allowed_private_hosts, Ourselves.at(public, settings.web_listen))


def bounds(settings: Settings) -> Bounds:
    """The bounds of polling intervals."""
    return Bounds(settings.poll_min_seconds, settings.poll_max_seconds)


def connectivity_of(settings: Settings) -> Connectivity:
    """Who answers lately. Where nobody listens to Telegram, hours may lie between two answers."""
    if "chat" in settings.roles:
        return Connectivity()
    return Connectivity(max(HEARD_SECONDS, settings.poll_max_seconds))


def chance() -> float:
    """A number from 0 to 1, for spreading work over time."""
    return random.random()  # noqa: S311  (not a secret)
