"""What every role of a process is given, and the loops that every process has.

Each role has a module here, which is imported when a process takes the role: most of what a start
costs is imports.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from msgspec import Struct, field

from bot.loops import Now, Outage, Stop
from bot.metrics import Metrics
from bot.news.polling.connectivity import Connectivity
from bot.pipeline.bells import Bells
from bot.pipeline.membership import Membership, where_held
from bot.pipeline.polling.housekeeping import Housekeeper
from bot.settings import Settings
from storage.errors import database_outage
from storage.storage import Storage

if TYPE_CHECKING:
    from bot.feeds.reading.worker import DocumentParser


class Loop(Struct, frozen=True):
    """Something a process does again and again until it is stopped."""

    name: str
    step: Callable[[], Awaitable[None]]


def _telegram_outage() -> Outage:
    return Outage("Telegram cannot be reached", "Telegram is reached again")


class Process(Struct, frozen=True, kw_only=True):
    """What every role is given; `database` and `telegram` say that these are away. Without a
    `parser`, documents are read by processes of this one.
    """

    settings: Settings
    storage: Storage
    stop: Stop
    now: Now
    stack: AsyncExitStack
    metrics: Metrics
    connectivity: Connectivity
    token_refused: Callable[[str], None]
    membership: Membership
    bells: Bells
    parser: "DocumentParser | None" = None
    database: Outage = field(default_factory=database_outage)
    telegram: Outage = field(default_factory=_telegram_outage)

    def heard(self) -> None:
        """Telegram answered."""
        self.connectivity.heard(self.now())


def sharing(process: Process) -> list[Loop]:
    """Every process that may have others beside it: what each of them does, and their bells."""
    if process.membership.alone:
        return []
    return [Loop("members", process.membership.share), Loop("bells", process.bells.step)]


def alone(process: Process, role: str, *loops: Loop) -> list[Loop]:
    """Loops of what one process at a time does."""
    part = process.membership.part(role)
    return [Loop(loop.name, where_held(part, loop.step, process.stop)) for loop in loops]


def housekeeping(process: Process) -> list[Loop]:
    """Every process: deletes what is old."""
    housekeeper = Housekeeper(
        storage=process.storage,
        retention_days=process.settings.retention_days,
        now=process.now,
        stop=process.stop,
    )
    return alone(process, "housekeeping", Loop("housekeeping", housekeeper.step))
