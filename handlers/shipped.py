"""What ships with the bot for people to choose from, read when somebody first writes: that takes as
long as a fourth of a start, and a bot that only tells news needs none of it.
"""

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import TypeVar

import structlog

from bot.aside import aside
from bot.data.shipped import aliases_text, presets_text, starter_bytes
from bot.errors import BadInput
from bot.feeds.opml import OpmlFeed, read_opml
from bot.news.query.aliases import Aliases, read_aliases
from bot.news.query.presets import Preset, read_presets

log = structlog.get_logger(__name__)

T = TypeVar("T")


class Shipped:
    """Other names, ready-made topics and well-known feeds. A file that somebody edited and that
    cannot be read is logged, and counts as empty.
    """

    async def read(self) -> None:
        """Has all of it there, read beside the loop; costs nothing once it is."""
        if "directory" not in vars(self):
            await aside(self._read)

    def _read(self) -> None:
        # What `read` looks at comes last.
        _ = self.aliases, self.presets, self.directory

    @cached_property
    def aliases(self) -> Aliases:
        """What else people call what a topic names."""
        return or_empty("aliases.txt", lambda: read_aliases(aliases_text()), Aliases())

    @cached_property
    def presets(self) -> tuple[Preset, ...]:
        """Topics that are followed with one tap."""
        return or_empty("presets.txt", lambda: read_presets(presets_text()), ())

    @cached_property
    def directory(self) -> tuple[OpmlFeed, ...]:
        """The well-known feeds to begin with."""
        return or_empty("starter.opml", lambda: tuple(read_opml(starter_bytes())), ())


@lru_cache(maxsize=1)
def shipped() -> Shipped:
    """What this process has read; tests start many bots in one."""
    return Shipped()


def or_empty(name: str, reading: Callable[[], T], empty: T) -> T:
    """What the file of this name says; `empty` where it cannot be read, which is logged."""
    try:
        return reading()
    except BadInput as error:
        log.error("a file that ships with the bot cannot be read", file=name, reason=str(error))  # noqa: TRY400
        return empty
