"""The file of feeds that an operator writes: OPML, or a list of addresses."""

import asyncio
from pathlib import Path

import structlog

from bot.actions import feeds as feeds_actions
from bot.actions.feeds import FeedWish, Imported, sort_out
from bot.errors import BadInput
from bot.feeds import opml
from bot.feeds.opml import OpmlFeed
from bot.loops import Now, wall_clock
from bot.roles.by_settings import bounds, chance, guard_of
from bot.settings import Settings
from storage.storage import Storage

log = structlog.get_logger(__name__)


async def add_all(settings: Settings, storage: Storage, path: Path, now: Now) -> None:
    """Adds what the file names. One bad address in it is said, and does not stop the bot. Raises
    BadInput where the file cannot be read.
    """
    try:
        found = await read_feeds_file(path)
    except BadInput as error:
        raise BadInput(f"FEEDS_FILE={path}: {error}") from error
    guard = guard_of(settings)
    wishes, refused = sort_out(hints_of(found), guard.check_url)
    for url, reason in refused.items():
        log.warning("an address in the feeds file is refused", feed=url, reason=reason)
    imported = await import_feeds(settings, storage, wishes, now)
    log.info(
        "feeds file read",
        path=str(path),
        added=len(imported.added),
        grouped=imported.grouped,
    )


def hints_of(found: list[OpmlFeed]) -> list[FeedWish]:
    """The feeds of a file as wishes."""
    return [FeedWish(feed.url, feed.title, feed.group) for feed in found]


async def read_feeds_file(path: Path) -> list[OpmlFeed]:
    """The feeds that an OPML file or a list of addresses names. Raises BadInput."""
    try:
        data = await asyncio.to_thread(_beginning, path)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    return opml.read_feed_list(data)


def _beginning(path: Path) -> bytes:
    """A file, or as much of it as shows that it is too large."""
    with path.open("rb") as file:
        return file.read(opml.MOST_BYTES + 1)


async def import_feeds(
    settings: Settings, storage: Storage, wishes: list[FeedWish], now: Now = wall_clock
) -> Imported:
    """Adds feeds that `sort_out` calls good to the catalogue, spread as the settings say."""
    return await feeds_actions.import_feeds(storage.feeds, wishes, bounds(settings), now(), chance)
