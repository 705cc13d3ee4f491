"""A poller as tests have it: it waits for no others, and its feeds keep to the middle of chance."""

from typing import Any

from bot.loops import Now, Stop
from bot.metrics import Metrics
from bot.news.polling.schedule import Bounds
from bot.pipeline.polling.offers import Parse
from bot.pipeline.polling.poll import Poller
from bot.pipeline.polling.poll_outcomes import Fetch
from storage.polling.feeds import Feeds


def poller_on(
    feeds: Feeds, fetch: Fetch, parse: Parse, now: Now, stop: Stop, **more: Any
) -> Poller:
    """A poller of these feeds; `more` is given to it instead of what it has here."""
    known: dict[str, Any] = {
        "breath": 0.0,
        "bounds": Bounds(60, 3600),
        "chance": lambda: 0.5,
        "desk": stop.wakeup(),
        "metrics": Metrics(),
    }
    return Poller(feeds=feeds, fetch=fetch, parse=parse, now=now, stop=stop, **known | more)
