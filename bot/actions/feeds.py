"""Feeds of the catalogue: adding, importing, finding and removing them.

Bad input raises BadInput or QueryError with one sentence for that person; nothing has changed then.
"""

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.errors import BadInput
from bot.news.feed import Feed, FeedGroup, NewFeed, groups_of
from bot.news.polling import schedule
from bot.news.polling.politeness import host_key
from bot.news.polling.schedule import Bounds
from bot.news.text import urls
from bot.news.text.plain import cut, tidy
from bot.news.text.words import fold
from bot.news.why import AddressRefused, Code, because
from bot.texts.said import say
from storage.polling.feeds import Feeds

_SHOWN = 10


class FeedWish(Struct, frozen=True):
    """A feed somebody wants in the catalogue; `named` says that they gave the title."""

    url: str
    title: str = ""
    group: str = ""
    named: bool = True


async def add_feeds(
    feeds: Feeds,
    wishes: Sequence[FeedWish],
    check: Callable[[str], object],
    bounds: Bounds,
    now: float,
    chance: Callable[[], float],
) -> list[Feed]:
    """Adds feeds to the catalogue and returns those that were not there.

    `check` raises AddressRefused for an address that must not be fetched.
    """
    for wish in wishes:
        check_kept(wish.url, check)
    return await _add(feeds, wishes, bounds, now, chance)


def check_kept(url: str, check: Callable[[str], object]) -> None:
    """Raises AddressRefused for an address that must not be fetched, or has more bytes as it is
    kept than an index holds.
    """
    check(url)
    if len(urls.in_ascii(url).encode()) > urls.LONGEST_URL:
        raise AddressRefused(because(Code.ADDRESS_LONG, urls.LONGEST_URL))


async def _add(
    feeds: Feeds,
    wishes: Sequence[FeedWish],
    bounds: Bounds,
    now: float,
    chance: Callable[[], float],
) -> list[Feed]:
    return await feeds.add(
        [
            NewFeed(
                urls.in_ascii(wish.url),
                tidy(wish.title),
                schedule.first_poll(now, bounds, chance()),
                wish.group,
                wish.named,
            )
            for wish in wishes
        ],
        now,
    )


async def import_feeds(
    feeds: Feeds,
    wishes: Sequence[FeedWish],
    bounds: Bounds,
    now: float,
    chance: Callable[[], float],
) -> "Imported":
    """Adds what an operator's list names, as far as `sort_out` calls it good, and puts what was
    there into the groups it names. Several spellings of an address are one feed.
    """
    wishes = await _spelled_alike(feeds, wishes)
    added = await _add(feeds, wishes, bounds, now, chance)
    new = {feed.url for feed in added}
    known = {wish.url: wish.group for wish in wishes if wish.url not in new}
    return Imported(tuple(added), await feeds.adopt(known) if known else 0)


async def _spelled_alike(feeds: Feeds, wishes: Sequence[FeedWish]) -> list[FeedWish]:
    """Each feed once, with its address as the catalogue has it, or else as it is named first."""
    hosts = {host for wish in wishes for host in hosts_of(wish.url)}
    there = {feed.url: feed for feed in await feeds.of_hosts(hosts)}
    spellings: dict[str | None, str] = {}
    for url in there:
        spellings.setdefault(urls.feed_form(url), url)
    wanted: dict[str, FeedWish] = {}
    for wish in wishes:
        url = urls.in_ascii(wish.url)
        if url not in there:
            url = spellings.setdefault(urls.feed_form(url) or url, url)
        wanted.setdefault(url, replace(wish, url=url))
    return list(wanted.values())


def hosts_of(url: str) -> set[str]:
    """Whom requests to the spellings of an address are counted for: they may differ by `www.`."""
    host = urls.host_of(url)
    bare = host.removeprefix("www.")
    return {host_key(f"https://{name}/") for name in (host, bare, f"www.{bare}")}


class Imported(Struct, frozen=True):
    """The feeds that a list added, and how many that were there it put into another group."""

    added: tuple[Feed, ...]
    grouped: int


def sort_out(
    wishes: Sequence[FeedWish], check: Callable[[str], object]
) -> tuple[list[FeedWish], dict[str, str]]:
    """Those with an address that may be fetched, and why the others may not, by address."""
    good: list[FeedWish] = []
    refused: dict[str, str] = {}
    for wish in wishes:
        try:
            check_kept(wish.url, check)
        except AddressRefused as error:
            refused[urls.without_credentials(wish.url)] = str(error)
        else:
            good.append(wish)
    return good, refused


def find_feeds(catalogue: Sequence[Feed], wanted: str) -> list[Feed]:
    """The feeds a person may mean: by number, address, host or title; else by part of a title."""
    key = fold(wanted.strip())
    exact = [feed for feed in catalogue if _is_called(feed, key)]
    return exact or [feed for feed in catalogue if key and key in fold(feed.title)]


def find_named(catalogue: Sequence[Feed], wanted: str) -> list[Feed | FeedGroup]:
    """The feeds and groups a person may mean: those called exactly so, else those whose name has
    that part. Groups stand first.
    """
    groups = groups_of(catalogue)
    key = fold(wanted.strip())
    named: list[Feed | FeedGroup] = [group for group in groups if fold(group.name) == key]
    feeds = find_feeds(catalogue, wanted)
    if named:
        return [*named, *(feed for feed in feeds if fold(feed.title) == key)]
    if any(_is_called(feed, key) for feed in feeds):
        return list(feeds)
    return [*(group for group in groups if key and key in fold(group.name)), *feeds]


def _is_called(feed: Feed, key: str) -> bool:
    return key in (
        f"#{feed.id}", fold(feed.url), fold(feed.title), fold(urls.host_of(feed.url) or "")
    )  # fmt: skip


async def remove_feed(feeds: Feeds, wanted: str) -> Feed:
    """Takes the one feed that `wanted` names out of the catalogue."""
    found = await _one_feed(feeds, wanted)
    await feeds.remove(found.id)
    return found


async def move_feed(
    feeds: Feeds, wanted: str, url: str, check: Callable[[str], object], now: float
) -> tuple[Feed, bool]:
    """Gives the one feed that `wanted` names another address; returns the feed that has it now,
    and whether another had it, so that the two are one now. Raises BadInput or AddressRefused.
    """
    feed = await _one_feed(feeds, wanted)
    check_kept(url, check)
    moved = await feeds.move(feed.id, url, now)
    if moved is None:
        raise BadInput(say("That feed was removed meanwhile."))
    return moved, moved.id != feed.id


async def read_articles(feeds: Feeds, wanted: str, on: bool) -> Feed:
    """Reads the pages of a feed's articles where it gives headlines only, or no more."""
    found = await _one_feed(feeds, wanted)
    await feeds.read_articles(found.id, on)
    return found


async def _one_feed(feeds: Feeds, wanted: str) -> Feed:
    """The feed that is called exactly so. Nobody looks at what a command found before it is done,
    so those of which a part fits are only named.
    """
    catalogue = await feeds.all()
    key, form = fold(wanted.strip()), urls.feed_form(wanted)
    exact = [feed for feed in catalogue if feed.url == wanted.strip()]
    exact = exact or [
        feed
        for feed in catalogue
        if _is_called(feed, key) or (form and urls.feed_form(feed.url) == form)
    ]
    if len(exact) == 1:
        return exact[0]
    name = cut(wanted, 80)
    near = exact or [feed for feed in catalogue if _has_part(feed, key)]
    if near := sorted(near, key=lambda feed: feed.id):
        how_many = f"{len(near)} feeds are" if exact else "No feed is"
        raise BadInput(
            f"{how_many} called '{name}'; name one by its number, as '#{near[0].id}':"
            f" {_numbered(near)}."
        )
    raise BadInput(f"No feed fits '{name}'; `feeds list` shows them.")


def _has_part(feed: Feed, key: str) -> bool:
    return bool(key) and (key in fold(feed.title) or key in fold(feed.url))


def _numbered(feeds: Sequence[Feed]) -> str:
    shown = [
        " ".join(filter(None, (f"#{feed.id}", cut(feed.title, 60), f"({_address(feed)})")))
        for feed in feeds[:_SHOWN]
    ]
    more = [f"and {len(feeds) - _SHOWN} more"] if len(feeds) > _SHOWN else []
    return ", ".join(shown + more)


def _address(feed: Feed) -> str:
    return urls.without_credentials(feed.url)
