"""What commands on feeds ask others for: addresses, sites and lists. Loaded when one does so."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from rich.progress import Progress

from bot import feeds_file
from bot.actions.adding import Adding, FeedStanding, add_found
from bot.actions.feeds import move_feed, sort_out
from bot.cli.console import errors
from bot.data.shipped import starter_bytes
from bot.errors import BadInput, TocsinError
from bot.feeds import opml
from bot.feeds.check import FeedCheck
from bot.feeds.check import check as check_feed
from bot.feeds.fetching.fetch import Fetcher, user_agent
from bot.feeds.fetching.visitor import Visitor
from bot.feeds.finder import Finder, FoundFeed, read_address
from bot.feeds.opml import OpmlFeed
from bot.feeds.reading.worker import ParserPool
from bot.loops import wall_clock
from bot.news.feed import Feed
from bot.news.text import urls
from bot.roles.by_settings import bounds, chance, guard_of
from bot.settings import Settings
from storage.storage import Storage


@asynccontextmanager
async def tools(known: Settings) -> AsyncIterator[tuple[Fetcher, ParserPool]]:
    """What fetches documents and reads them."""
    guard = guard_of(known)
    async with (
        Fetcher(guard, now=wall_clock, user_agent=user_agent(known.contact)) as fetcher,
        ParserPool() as parser,
    ):
        yield fetcher, parser


async def check(source: str, fetcher: Fetcher, parser: ParserPool) -> FeedCheck:
    """As `bot.feeds.check.check`."""
    return await check_feed(source, fetcher, parser)


def unseen(known: Settings, url: str) -> tuple[FoundFeed, ...]:
    """An address as it is, if it may be fetched. Raises TocsinError."""
    guard_of(known).check_url(url)
    return (FoundFeed(url, "", ""),)


async def search(known: Settings, url: str) -> tuple[FoundFeed, ...]:
    """The feeds at or of an address. One that gives no answer now is taken as it is: the operator
    named it, and a host may be down for a while. Raises TocsinError.
    """
    async with tools(known) as (fetcher, parser):
        check = guard_of(known).check_url
        search = await Finder(Visitor(fetcher), parser, check).find(url)
    if search.unreached:
        errors.print(f"Not read yet: {search.reason}.", markup=False, style="yellow")
        return (FoundFeed(read_address(url), "", ""),)
    if not search.feeds:
        raise TocsinError(
            f"{urls.without_credentials(url)}: {search.reason}. Look for the address of the feed on"
            " the site; --as-is adds an address unseen."
        )
    return search.feeds


async def add(known: Settings, storage: Storage, found: FoundFeed) -> tuple[Feed, bool]:
    """Puts a feed into the catalogue, and says whether it is new there. Raises TocsinError."""
    adding = Adding(guard_of(known).check_url, bounds(known), chance)
    feed, standing = await add_found(storage.feeds, found, adding, wall_clock())
    return feed, standing is not FeedStanding.KNOWN


async def move(known: Settings, storage: Storage, feed: str, url: str) -> tuple[Feed, bool]:
    """Gives a feed another address, and says whether that was there. Raises TocsinError."""
    return await move_feed(storage.feeds, feed, url, guard_of(known).check_url, wall_clock())


async def is_in_file(known: Settings, feed: Feed) -> bool:
    """Whether the file of feeds names a feed, under any spelling of its address."""
    if known.feeds_file is None:
        return False
    try:
        named = await feeds_file.read_feeds_file(known.feeds_file)
    except BadInput:
        return False
    wanted = {feed.url, urls.feed_form(feed.url)}
    return any({each.url, urls.feed_form(each.url)} & wanted for each in named)


async def listed(file: Path | None, *, starter: bool) -> list[OpmlFeed]:
    """The feeds of a file, or of the list that comes with Tocsin. Raises BadInput."""
    if starter == (file is not None):
        raise BadInput("Name a file, or take the feeds that come with Tocsin with --starter.")
    if file is not None:
        return await feeds_file.read_feeds_file(file)
    return opml.read_opml(starter_bytes())


async def in_file(known: Settings, path: Path) -> tuple[int, dict[str, str]]:
    """How many feeds a file names, and those with a refused address, with the reason. Raises
    BadInput.
    """
    found = await feeds_file.read_feeds_file(path)
    _, refused = sort_out(feeds_file.hints_of(found), guard_of(known).check_url)
    return len(found), refused


async def import_each(
    known: Settings, storage: Storage, found: list[OpmlFeed]
) -> tuple[int, int, dict[str, str]]:
    """Adds the feeds a hundred at a time: how many, how many moved into another group, and those
    with a refused address, by address with the reason.
    """
    guard = guard_of(known)
    wishes, refused = sort_out(feeds_file.hints_of(found), guard.check_url)
    added = grouped = 0
    with Progress(console=errors, transient=True) as progress:
        task = progress.add_task("Adding feeds", total=len(wishes))
        for start in range(0, len(wishes), 100):
            part = wishes[start : start + 100]
            imported = await feeds_file.import_feeds(known, storage, part)
            added += len(imported.added)
            grouped += imported.grouped
            progress.advance(task, len(part))
    return added, grouped, refused
