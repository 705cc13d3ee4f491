"""The other reports of the story that a delivery tells, as its chat sees them."""

from collections.abc import Collection, Iterable, Sequence

from bot.news.outbox import Also, Attached
from storage.database import Row, Transaction
from storage.sql import as_list, listed
from storage.stories.visibility import seen

_MOST = 100
_MOST_DOUBTS = 10

# Those that the chat sees and did not take out. Where the report that the delivery tells joined in
# doubt itself, the others may all tell something else than it.
_OTHERS = (
    "SELECT d.id AS delivery_id, o.id, o.source, o.link, o.original,"
    # What has no headline goes by its first words.
    " coalesce(nullif(coalesce(o.title_now, o.title), ''), o.summary_now, o.summary, '') AS title,"
    " CASE WHEN 1 IN (o.doubtful, r.doubtful) THEN 1 ELSE 0 END AS doubtful"
    " FROM deliveries d CROSS JOIN reports o ON o.story_id = d.story_id"
    " LEFT JOIN reports r ON r.id = d.report_id"
    f" WHERE d.id IN {listed('?1')} AND o.id <> d.report_id AND NOT EXISTS"
    "  (SELECT 1 FROM taken_out t WHERE t.report_id = o.id AND t.chat_id = d.chat_id)"
    f" AND {seen('o', 'd.chat_id')}"
)
# Of each delivery the ?2 oldest; those in doubt first, or only, where ?3 says so.
_OLDEST = (
    "SELECT * FROM (SELECT a.*, row_number() OVER"
    "  (PARTITION BY delivery_id ORDER BY doubtful DESC, id) AS nth"
    f" FROM ({_OTHERS}) a WHERE doubtful >= ?3) b WHERE nth <= ?2 ORDER BY delivery_id, nth"
)
_NEWEST = f"{_OTHERS} ORDER BY doubtful DESC, o.id DESC LIMIT ?2"


async def other_reports(view: Transaction, ids: Collection[int]) -> dict[int, tuple[Also, ...]]:
    """The other reports of each delivery's story, those in doubt first, then the oldest, so many at
    most; without those deliveries whose story has none.
    """
    return _also(await view.rows(_OLDEST, as_list(ids), _MOST, 0))


async def doubtful_reports(view: Transaction, ids: Collection[int]) -> dict[int, tuple[Also, ...]]:
    """The same, of those reports only that may tell something else."""
    return _also(await view.rows(_OLDEST, as_list(ids), _MOST_DOUBTS, 1))


async def newest_others(view: Transaction, delivery_id: int, most: int) -> tuple[Attached, ...]:
    """The newest other reports of a delivery's story, those in doubt first."""
    return tuple(
        Attached(
            row["id"], row["source"], row["title"], row["link"], row["original"],
            bool(row["doubtful"]),
        )
        for row in await view.rows(_NEWEST, as_list([delivery_id]), most)
    )  # fmt: skip


def by_delivery(rows: Iterable[Row]) -> dict[int, list[Row]]:
    """Rows that name a delivery, by it, in their order."""
    found: dict[int, list[Row]] = {}
    for row in rows:
        found.setdefault(row["delivery_id"], []).append(row)
    return found


def _also(rows: Sequence[Row]) -> dict[int, tuple[Also, ...]]:
    return {
        delivery: tuple(
            Also(o["source"], o["title"], o["link"], o["original"], bool(o["doubtful"]))
            for o in others
        )
        for delivery, others in by_delivery(rows).items()
    }
