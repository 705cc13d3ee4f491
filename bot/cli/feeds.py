"""`tocsin feeds`: the catalogue."""

from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape
from rich.table import Column, Table

from bot.actions.feeds import read_articles, remove_feed
from bot.cli.console import BAD, Json, errors, output, print_json, run, settings, with_storage
from bot.errors import BadInput
from bot.feeds import opml
from bot.feeds.opml import OpmlFeed
from bot.loops import wall_clock
from bot.news.feed import Feed
from bot.news.telling import health
from bot.news.telling.health import State
from bot.news.text import urls
from bot.news.text.plain import cut
from bot.news.text.words import fold
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.feeds.check import FeedCheck
    from bot.feeds.finder import FoundFeed
    from storage.storage import Storage

_WIDEST = 100_000

commands = typer.Typer(help="The catalogue of feeds.", no_args_is_help=True)


class Switch(StrEnum):
    """On or off, as a person writes it."""

    ON = "on"
    OFF = "off"


@commands.command("list")
def list_(json: Json = False) -> None:
    """Show the feeds and how they are."""

    async def work(known: Settings, storage: "Storage") -> None:
        feeds = await storage.feeds.all()
        if json:
            print_json([_as_json(feed) for feed in feeds])
            return
        table = Table("#", "Title", Column("Address", overflow="fold"), "State", "Last news")
        now = wall_clock()
        for feed in feeds:
            said = (_state(feed), health.advice(feed), health.pace(feed, now))
            told = "\n".join(map(str, [*filter(None, said), *health.doubts(feed, now)]))
            table.add_row(
                str(feed.id), escape(feed.title) or "-", escape(feed.url), escape(told),
                _time(feed.news_at) or "-",
            )  # fmt: skip
        if not feeds:
            output.print("No feeds yet; `tocsin feeds add URL` adds one.")
            return
        if not output.is_terminal:
            output.width = _WIDEST  # a file or a pipe has none to fit into
        output.print(table)

    run(lambda: with_storage(work, makes=False, writes=False))


def _as_json(feed: Feed) -> dict[str, object]:
    return {
        "id": feed.id,
        "url": feed.url,
        "title": feed.title,
        "group": feed.group,
        "state": _state(feed),
        "interval": feed.interval,
        "failures": feed.failures,
        "failing_since": feed.failing_since,
        "answered_at": feed.answered_at,
        "news_at": feed.news_at,
        "known_by": feed.policy.known_by.value,
        "known_by_reason": health.lowered(feed.policy) or None,
        "hushed": feed.hushed,
        "hushed_at": feed.hushed_at,
        "advice": str(health.advice(feed) or ""),
        "usually_every": feed.gaps.every if feed.gaps.is_known else None,
        "doubts": [*map(str, health.doubts(feed, wall_clock()))],
        "full_text": feed.full_text,
    }


def _state(feed: Feed) -> str:
    state = health.state_of(feed)
    if state is State.ANSWERING:
        return "ok"
    times = f", {feed.failures} times in a row" if feed.failures > 1 else ""
    since = f" since {_time(feed.failing_since)}" if feed.failing_since is not None else ""
    return f"{state.value}{since}" + (f": {feed.error}{times}" if feed.error else "")


def _time(at: float | None) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC" if at is not None else ""


@commands.command()
def add(
    url: str,
    as_is: Annotated[
        bool, typer.Option("--as-is", help="Add the address without looking at it.")
    ] = False,
    json: Json = False,
) -> None:
    """Add a feed, by its address or that of its site; it is polled within a minute."""

    from bot.cli import asking

    async def work(known: Settings, storage: "Storage") -> bool:
        found = asking.unseen(known, url) if as_is else await asking.search(known, url)
        if len(found) > 1:
            _list(url, found, json=json)
            return False
        feed, added = await asking.add(known, storage, found[0])
        asked = found[0].url
        # In another spelling it is the same address; what is none was the feed's once.
        former = urls.feed_form(asked) != urls.feed_form(feed.url)
        if json:
            print_json({"url": feed.url, "added": added} | ({"former": asked} if former else {}))
        elif former:
            output.print(
                f"Known already: {asked} is a former address of {feed.url}, #{feed.id}."
                f" To poll it there again: tocsin feeds move '#{feed.id}' {asked}",
                markup=False,
            )
        else:
            output.print(f"{'Added' if added else 'Known already'}: {feed.url}", markup=False)
        return True

    if not run(lambda: with_storage(work)):
        raise typer.Exit(BAD)


def _list(url: str, found: "tuple[FoundFeed, ...]", *, json: bool) -> None:
    """Says which feeds there are to choose from; nothing was added."""
    if json:
        shown = [{"url": f.url, "title": f.title, "newest": f.newest} for f in found]
        print_json({"url": url, "added": False, "found": shown})
        return
    errors.print(f"{len(found)} feeds were found; add one of them:", markup=False)
    for feed in found:
        output.print(f"{feed.url}  {feed.title}: {feed.newest or 'empty so far'}", markup=False)


@commands.command()
def remove(feed: str, json: Json = False) -> None:
    """Remove a feed, named by its address, its whole title or #number; its stories stay."""

    from bot.cli import asking

    async def work(known: Settings, storage: "Storage") -> None:
        removed = await remove_feed(storage.feeds, feed)
        if json:
            print_json({"url": removed.url, "removed": True})
        else:
            output.print(f"Removed {removed.url}.", markup=False)
        if await asking.is_in_file(known, removed):
            errors.print(
                f"FEEDS_FILE={known.feeds_file} names it: the next start adds it again, unless it"
                " is taken out there too.",
                markup=False,
                style="yellow",
            )

    run(lambda: with_storage(work, makes=False))


@commands.command()
def move(feed: str, url: str, json: Json = False) -> None:
    """Give a feed another address; what it showed before stays known and does not ring again."""

    from bot.cli import asking

    async def work(known: Settings, storage: "Storage") -> None:
        moved, joined = await asking.move(known, storage, feed, url)
        if json:
            print_json({"url": moved.url, "moved": True, "joined": joined})
        else:
            with_it = " It was in the catalogue; the two are one now." if joined else ""
            output.print(f"Moved to {moved.url}.{with_it}", markup=False)

    run(lambda: with_storage(work, makes=False))


@commands.command()
def fulltext(
    feed: str,
    wanted: Annotated[Switch, typer.Argument(metavar="on|off")],
    json: Json = False,
) -> None:
    """Read the pages of a feed's articles where it gives headlines only; off by default."""

    async def work(known: Settings, storage: "Storage") -> None:
        found = await read_articles(storage.feeds, feed, wanted is Switch.ON)
        if json:
            print_json({"url": found.url, "full_text": wanted is Switch.ON})
        else:
            read = "are read" if wanted is Switch.ON else "are not read"
            output.print(f"The articles of {found.url} {read}.", markup=False)

    run(lambda: with_storage(work, makes=False))


@commands.command("check")
def check_(
    sources: Annotated[list[str], typer.Argument(metavar="URL-or-FILE…")], json: Json = False
) -> None:
    """Fetch or read feeds and show what is in them; nothing is stored."""

    from bot.cli import asking

    async def work() -> bool:
        good = True
        async with asking.tools(settings()) as (fetcher, parser):
            for source in sources:
                found = await asking.check(source, fetcher, parser)
                good = good and found.ok
                if json:
                    print_json(found.as_json())
                else:
                    _show(found)
        return good

    if not run(work):
        raise typer.Exit(BAD)


def _show(found: "FeedCheck") -> None:
    answer = found.as_json()
    if not found.ok:
        errors.print(f"✗ {answer['url']}: {answer['error']}", markup=False, style="red")
        return
    entries = answer["entries"]
    assert isinstance(entries, list)
    output.print(
        f"✓ {answer['title'] or '(untitled)'} ({answer['kind']}), {len(entries)} entries",
        markup=False,
    )
    for entry in entries[:5]:
        output.print(f"  {entry['published'] or 'no date'}  {entry['title']}", markup=False)


@commands.command("import")
def import_(
    file: Annotated[Path | None, typer.Argument()] = None,
    starter: Annotated[
        bool, typer.Option("--starter", help="The well-known feeds that come with Tocsin.")
    ] = False,
    group: Annotated[
        list[str] | None, typer.Option("--group", help="Only this group; may be repeated.")
    ] = None,
    json: Json = False,
) -> None:
    """Add the feeds of an OPML file, or of a text file with one address a line. The folders of
    the file become groups; feeds that are there already move into theirs.
    """

    from bot.cli import asking

    async def work(known: Settings, storage: "Storage") -> None:
        found = _in_groups(await asking.listed(file, starter=starter), group or [])
        if starter:
            errors.print("These addresses are unverified: some may have moved.", style="yellow")
        added, grouped, refused = await asking.import_each(known, storage, found)
        if json:
            print_json(
                {"found": len(found), "added": added, "grouped": grouped, "refused": refused}
            )
            return
        for url, reason in refused.items():
            errors.print(f"{url}: {reason}", markup=False, style="yellow")
        there = len(found) - added - len(refused)
        moved = f", of which {grouped} are in another group now" if grouped else ""
        output.print(f"{added} added, {there} known already{moved}.", highlight=False)

    run(lambda: with_storage(work))


def _in_groups(found: list[OpmlFeed], groups: list[str]) -> list[OpmlFeed]:
    """The feeds of these groups, or all where none is named."""
    there = {fold(feed.group): feed.group for feed in found if feed.group}
    for name in groups:
        if fold(name) not in there:
            known = "; ".join(there.values()) or "none"
            raise BadInput(f"No group is called {cut(name, 60)!r}. There are: {known}.")
    wanted = {fold(name) for name in groups}
    return [feed for feed in found if not wanted or fold(feed.group) in wanted]


@commands.command()
def export(json: Json = False) -> None:
    """Print the catalogue as OPML, or as JSON."""

    async def work(known: Settings, storage: "Storage") -> None:
        feeds = [OpmlFeed(feed.url, feed.title, feed.group) for feed in await storage.feeds.all()]
        if json:
            print_json([{"url": f.url, "title": f.title, "group": f.group} for f in feeds])
        else:
            output.out(opml.write_opml(feeds).decode(), highlight=False)

    run(lambda: with_storage(work, makes=False, writes=False))
