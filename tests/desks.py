"""A desk as tests have it: alone on its database, and rung by hand."""

from collections.abc import Callable
from typing import Any

from bot.loops import Stop
from bot.metrics import Metrics
from bot.pipeline.placing.desk import Desk
from storage.storage import Storage


def desk_on(storage: Storage, now: Callable[[], float], stop: Stop, **more: Any) -> Desk:
    """A desk on a database; `more` is given to it instead of what it has here."""
    known: dict[str, Any] = {"wakeup": stop.wakeup(), "outbox": stop.wakeup(), "metrics": Metrics()}
    return Desk(
        stories=storage.stories,
        window=storage.window,
        chats=storage.chats,
        digests=storage.digests,
        now=now,
        stop=stop,
        **known | more,
    )
