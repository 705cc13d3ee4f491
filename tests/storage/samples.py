"""Feeds, reports and chats for storage and pipeline tests; times are seconds since 1970."""

from collections.abc import Sequence

from msgspec.structs import replace

from bot.news.chat import Chat, ChatState
from bot.news.feed import Feed, NewFeed, PollRecord
from bot.news.outbox import Placement, Ring
from bot.news.polling.entry_keys import KEY_BYTES, Trace
from bot.news.story import NewReport
from storage.storage import Storage


def chat(chat_id: int, kind: str = "private", state: ChatState = ChatState.ACTIVE) -> Chat:
    """A chat that has just been met."""
    return Chat(chat_id, kind, f"Chat {chat_id}", state, None, "en", "UTC", 0.0, 1_000.0)


def report(n: int, **other: object) -> NewReport:
    """The n-th report, different from all others in key, link and title."""
    made = NewReport(
        key=n.to_bytes(8, "little"),
        link=f"https://news.example/{n}",
        canonical=f"https://news.example/{n}",
        title=f"Headline number {n}",
        summary="",
        language="en",
        image=None,
        published_at=2_000.0 + n,
        quiet=False,
    )
    return replace(made, **other)


async def add_feed(storage: Storage, url: str = "https://news.example/feed") -> Feed:
    """A feed of the catalogue."""
    (feed,) = await storage.feeds.add([NewFeed(url, "The Example", 1_000.0)], 1_000.0)
    return feed


async def brought(storage: Storage, url: str, *chats: int, now: float = 1.0) -> Feed:
    """A guest that these chats brought along and follow."""
    for chat_id in chats:
        found = await storage.feeds.bring(chat_id, 0, NewFeed(url, "", now, named=False), now)
    assert found
    return found


def key(name: str) -> bytes:
    """A key of an entry."""
    return name.encode().ljust(KEY_BYTES, b"-")


def traces_of(reports: Sequence[NewReport]) -> dict[bytes, Trace]:
    """What is remembered of the entries of these reports."""
    return {r.key: Trace(b"ttl", b"sum", r.published_at) for r in reports}


async def store(storage: Storage, *reports: NewReport, now: float = 3_000.0) -> Feed:
    """Stores reports as a poll of the first feed would, adding that feed if need be."""
    feeds = await storage.feeds.all()
    feed = feeds[0] if feeds else await add_feed(storage)
    record = PollRecord(replace(feed, settled=True), traces_of(reports), reports)
    await storage.feeds.record([record], now)
    return feed


def placed(report_id: int, story_id: int | None = None, *rings: Ring) -> Placement:
    """The placing of a report, in a story of its own unless another is named."""
    return Placement(report_id, story_id or report_id, "", rings, placing=report_id)


def ring(chat_id: int, thread_id: int = 0) -> Ring:
    """A wish to be told, brought by no topic."""
    return Ring(chat_id, thread_id, (), subscribed=True)


async def sql(storage: Storage, statement: str, *values: object) -> list[tuple[object, ...]]:
    """Looks at what is stored, or changes it, behind the storage's back."""
    async with storage._database.write() as transaction:
        found = await transaction.rows(statement, *values)
    return [tuple(row[name] for name in list(row.keys())) for row in found]
