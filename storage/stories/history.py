"""What was told to a chat and why, and what became of a link: reads only."""

from collections.abc import Collection, Sequence

from bot.news.chat import ChatState
from bot.news.feed import Feed
from bot.news.history import (
    Case,
    Follow,
    Heard,
    Inquiry,
    LinkReport,
    Posted,
    SentMessage,
    ToldStory,
    Wish,
)
from bot.news.outbox import DeliveryKind, DeliveryState
from bot.news.why import read_why
from storage.database import Database, Row, Transaction
from storage.polling.feed_rows import feed_of
from storage.sql import as_list, listed
from storage.stories import links
from storage.stories.outlets import carried_by
from storage.stories.visibility import seen

_MOST_STORIES = 300
_MOST_SIGHTINGS = 50
_MOST_OF_A_HOST = 1_000
_SEEN = seen("r", "?1")
_ALL, _GROUP = 3, 1  # what brought a report that no topic did; 2 is its own feed

_HEARD = (
    "r.id AS report_id, r.source, coalesce(r.title_now, r.title) AS title, r.link, r.seen_at,"
    " nullif(r.reason, 'new') AS joined, r.original, r.doubtful"
)

# The deliveries of a message: those of its digest, or the one that it is.
_TOLD = (
    f"SELECT d.id, d.story_id AS told_story, r.story_id AS now_story, d.thread_id, {_HEARD},"
    " coalesce(min(coalesce(r.published_at, r.seen_at), r.seen_at), 0) AS at,"
    " (SELECT related_to FROM stories s WHERE s.id = d.story_id) AS related_to,"
    f" {carried_by('d.story_id', 'd.chat_id')} AS sources"
    " FROM deliveries d LEFT JOIN reports r ON r.id = d.report_id"
)

_WISHES = (
    "SELECT m.story_id, m.thread_id, m.report_id, t.name, t.query, m.terms, m.subscribed, m.at,"
    " m.kept_by, (SELECT max(CASE WHEN s.feed_id IS NOT NULL THEN 2"
    "  WHEN s.folder = '' THEN 3 ELSE 1 END)"
    "  FROM subscriptions s WHERE s.chat_id = m.chat_id AND s.thread_id = m.thread_id"
    "  AND (s.feed_id = f.id OR s.feed_id IS NULL AND s.folder IN ('', f.folder))) AS follows,"
    " coalesce(f.folder, '') AS folder"
    " FROM matches m LEFT JOIN topics t ON t.id = m.topic_id AND t.removed_at IS NULL"
    " LEFT JOIN reports r ON r.id = m.report_id LEFT JOIN feeds f ON f.id = r.feed_id"
    f" WHERE m.chat_id = ? AND m.story_id IN {listed()}"
    " ORDER BY m.subscribed, m.topic_id, m.at"
)

# The plus sign keeps SQLite from walking through all deliveries of the chat.
_POSTED = (
    "SELECT d.*, g.state AS within_state, g.error AS within_error,"
    " coalesce(g.message_id, d.message_id) AS told_by, (SELECT count(*) FROM deliveries e"
    "  WHERE e.chat_id = d.chat_id AND e.state IN ('pending', 'sending') AND e.id < d.id) AS ahead,"
    f" {_HEARD}"
    " FROM deliveries d LEFT JOIN deliveries g ON g.id = d.digest_id"
    " LEFT JOIN reports r ON r.id = d.report_id"
    " WHERE +d.chat_id = ? AND d.kind = 'alert'"
    f" AND d.story_id IN {listed()} ORDER BY d.id"
)


class History:
    """Why a chat was told of something, or was not."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def told_by(self, chat_id: int, message_id: int) -> SentMessage | None:
        """What a message of ours told a chat, if that is still on record."""
        async with self._database.read() as view:
            messages = await view.rows(
                "SELECT id, kind, settled_at FROM deliveries WHERE chat_id = ? AND message_id = ?"
                " AND state = 'sent' ORDER BY id DESC LIMIT 1",
                chat_id,
                message_id,
            )
            if not messages:
                return None
            (message,) = messages
            kind = DeliveryKind(message["kind"])
            which = "d.digest_id" if kind is DeliveryKind.DIGEST else "d.id"
            rows = await view.rows(
                f"{_TOLD} WHERE {which} = ? ORDER BY d.id LIMIT ?", message["id"], _MOST_STORIES
            )
            told = await _told(view, chat_id, rows)
        return SentMessage(kind, message["settled_at"], told)

    async def delivery_of(self, chat_id: int, message_id: int) -> int | None:
        """The number of the delivery that a message of ours is, be it settled or not; None for one
        that tells no news, or is no longer on record.
        """
        row = await self._database.row(
            "SELECT id FROM deliveries WHERE chat_id = ? AND message_id = ?"
            " ORDER BY id DESC LIMIT 1",
            chat_id,
            message_id,
        )
        return row["id"] if row else None

    async def message_of(self, chat_id: int, delivery_id: int) -> int | None:
        """The message that told a delivery of this chat; None where none is on record."""
        row = await self._database.row(
            "SELECT message_id FROM deliveries WHERE chat_id = ? AND id = ?", chat_id, delivery_id
        )
        return row["message_id"] if row else None

    async def of_link(self, chat_id: int, canonical: str, link: str) -> Inquiry | None:
        """What became of a link in a chat; None for a chat that is not known. `canonical` is the
        link as `bot.news.text.urls` folds it, `link` as it is shown.
        """
        async with self._database.read() as view:
            chats = await view.rows("SELECT * FROM chats WHERE id = ?", chat_id)
            if not chats:
                return None
            (chat,) = chats
            return Inquiry(
                ChatState(chat["state"]),
                read_why(chat["reason"]),
                chat["since"],
                chat["changed_at"],
                chat["hold_until"],
                await _follows(view, chat_id),
                await _cases(view, chat_id, await _sightings(view, chat_id, canonical, link)),
            )

    async def feeds_of_host(self, chat_id: int, origin: str) -> list[Feed]:
        """The feeds that a chat sees whose reports have links that begin so, a canonical
        `https://host/`.
        """
        rows = await self._database.rows(
            "SELECT * FROM feeds f WHERE id IN (SELECT feed_id FROM (SELECT feed_id FROM reports"
            f" WHERE link_mark BETWEEN ?2 AND ?3 LIMIT ?4) r) AND {seen('f', '?1', 'id')}"
            " ORDER BY lower(title), url",
            chat_id,
            *links.marks_of_site(origin),
            _MOST_OF_A_HOST,
        )
        return [feed_of(row) for row in rows]


async def _told(view: Transaction, chat_id: int, rows: Sequence[Row]) -> tuple[ToldStory, ...]:
    stories = {row[name] for row in rows for name in ("told_story", "now_story")} - {None}
    related = [row["related_to"] for row in rows if row["related_to"]]
    reports = await view.rows(
        f"SELECT r.story_id, {_HEARD} FROM reports r WHERE r.story_id IN"
        f" {listed('?2')} AND NOT EXISTS (SELECT 1 FROM taken_out t"
        f"  WHERE t.report_id = r.id AND t.chat_id = ?1) AND {_SEEN} ORDER BY r.id",
        chat_id,
        as_list(sorted(stories)),
    )
    wishes = await view.rows(_WISHES, chat_id, as_list(sorted(stories)))
    earlier = await view.rows(
        f"SELECT {_HEARD} FROM reports r WHERE r.id IN {listed('?2')} AND {_SEEN}",
        chat_id,
        as_list(related),
    )
    follows = {row["report_id"]: _heard(row) for row in earlier}
    return tuple(
        _story(row, reports, _wishes_of(row, wishes), follows.get(row["related_to"]))
        for row in rows
    )


def _story(
    row: Row, reports: Sequence[Row], wishes: tuple[Wish, ...], follows: Heard | None
) -> ToldStory:
    own = [each for each in reports if each["story_id"] == row["told_story"]]
    return ToldStory(
        rang=_heard(row) if row["report_id"] is not None else None,
        attached=tuple(_heard(each) for each in own if each["report_id"] != row["report_id"]),
        wishes=wishes,
        follows=follows,
        sources=row["sources"],
        at=row["at"],
    )


def _wishes_of(told: Row, wishes: Sequence[Row]) -> tuple[Wish, ...]:
    """The wishes for a story in its thread; a topic that several reports matched stands once."""
    # A report that the chat took out of its story keeps the wishes by which it was in it.
    stories = (told["told_story"], told["now_story"])
    own = [
        _wish(row)
        for row in wishes
        if row["story_id"] in stories
        and row["thread_id"] == told["thread_id"]
        and row["kept_by"] is None
    ]
    return tuple({(wish.topic, wish.subscribed): wish for wish in own}.values())


async def _follows(view: Transaction, chat_id: int) -> tuple[Follow, ...]:
    rows = await view.rows(
        "SELECT name, since, query, NULL AS feed_id, '' AS folder FROM topics WHERE chat_id = ?1"
        "  AND removed_at IS NULL"
        " UNION ALL SELECT CASE s.folder WHEN '' THEN coalesce(f.title, '') ELSE s.folder END,"
        " s.since, NULL, s.feed_id, s.folder FROM subscriptions s"
        " LEFT JOIN feeds f ON f.id = s.feed_id WHERE s.chat_id = ?1 ORDER BY since",
        chat_id,
    )
    return tuple(
        Follow(row["name"], row["since"], row["query"], row["feed_id"], row["folder"])
        for row in rows
    )


async def _sightings(
    view: Transaction, chat_id: int, canonical: str, link: str
) -> list[LinkReport]:
    rows = await view.rows(
        f"SELECT r.title AS text_title, r.summary, r.language, r.feed_id, r.story_id, r.quiet,"
        " r.canonical, f.hushed_at, coalesce(f.folder, '') AS folder,"
        " r.quiet = 1 AND EXISTS (SELECT 1 FROM reports e WHERE e.feed_id = r.feed_id"
        f"  AND e.key IS NOT NULL AND e.seen_at < r.seen_at) AS earlier, {_HEARD} FROM reports r"
        " LEFT JOIN feeds f ON f.id = r.feed_id WHERE (r.link_mark = ?2"
        # A link that several entries of a document share is kept without its canonical form.
        f" OR r.canonical IS NULL AND r.link = ?3) AND {_SEEN} ORDER BY r.id DESC LIMIT ?4",
        chat_id,
        links.mark_of(canonical),
        link,
        _MOST_SIGHTINGS,
    )
    return [
        LinkReport(
            _heard(row), row["text_title"], row["summary"], row["language"], row["feed_id"],
            row["story_id"], bool(row["quiet"]), bool(row["earlier"]), row["hushed_at"],
            row["folder"],
        )
        for row in rows
        if links.canonical_of(row["link"], row["canonical"]) in (None, canonical)
    ]  # fmt: skip


async def _cases(
    view: Transaction, chat_id: int, sightings: Sequence[LinkReport]
) -> tuple[Case, ...]:
    stories = {each.story_id for each in sightings}
    ids = {each.heard.id for each in sightings}
    known = as_list(ids | (stories - {None}))  # a report taken out is its own story
    wishes = await view.rows(_WISHES, chat_id, known)
    posted = await view.rows(_POSTED, chat_id, known)
    muted = await view.rows(
        f"SELECT story_id, at FROM muted_stories WHERE chat_id = ? AND story_id IN {listed()}",
        chat_id,
        known,
    )
    counts = await view.rows(
        f"SELECT s.id AS story_id, {carried_by('s.id', '?2')} AS n FROM stories s"
        f" WHERE s.id IN {listed('?1')}",
        known,
        chat_id,
    )
    cases = []
    for story in stories:
        own = tuple(each for each in sightings if each.story_id == story)
        of = {story, *(each.heard.id for each in own)}
        cases.append(
            Case(
                own,
                tuple(_posted(row) for row in posted if row["story_id"] in of),
                tuple(_wish(row) for row in wishes if row["story_id"] in of),
                _value(muted, of, "at"),
                int(_value(counts, of, "n") or 1),
            )
        )
    return tuple(cases)


def _value(rows: Sequence[Row], stories: Collection[int | None], name: str) -> float | None:
    return next((row[name] for row in rows if row["story_id"] in stories), None)


def _heard(row: Row) -> Heard:
    return Heard(
        row["report_id"], row["source"], row["title"], row["link"], row["seen_at"],
        row["joined"], row["original"], bool(row["doubtful"]),
    )  # fmt: skip


def _wish(row: Row) -> Wish:
    return Wish(
        topic=row["name"],
        query=row["query"],
        words=row["terms"],
        subscribed=bool(row["subscribed"]),
        at=row["at"],
        whole=None if row["follows"] is None else row["follows"] == _ALL,
        group=row["folder"] if row["follows"] == _GROUP else "",
        kept_by=read_why(row["kept_by"]),
    )


def _posted(row: Row) -> Posted:
    within = row["within_state"]
    return Posted(
        state=DeliveryState(row["state"]),
        thread_id=row["thread_id"],
        created_at=row["created_at"],
        due_at=row["due_at"],
        settled_at=row["settled_at"],
        attempts=row["attempts"],
        error=read_why(row["error"]),
        sources=row["sources"],
        message_id=row["told_by"],
        rang=_heard(row) if row["source"] is not None else None,
        report_id=row["report_id"],
        ahead=row["ahead"],
        within_state=DeliveryState(within) if within else None,
        within_error=read_why(row["within_error"]),
    )
