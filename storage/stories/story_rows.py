"""Reports and stories from their rows."""

from bot.news.stories.clustering import Sighting
from bot.news.story import Report, Story
from bot.news.text.plain import fold_title
from storage.database import Row
from storage.stories import links


def story_of(row: Row) -> Story:
    """A story as its chats see it."""
    return Story(
        id=row["id"],
        title=row["title"],
        summary=row["summary"],
        link=row["link"],
        source=row["source"],
        language=row["language"],
        image=row["image"],
        at=row["at"],
        reports=row["reports"],
    )


def sighting_of(row: Row) -> Sighting:
    """What tells which story a report tells."""
    return Sighting(
        canonical=links.canonical_of(row["link"], row["canonical"]),
        title_key=fold_title(row["title"], row["source"]),
        at=row["seen_at"],
        title=row["title"],
        summary=row["summary"],
        source=row["source"],
        language=row["language"],
        feed=row["feed_id"] or 0,
    )


REPORT = (
    "r.id, coalesce(r.feed_id, 0) AS feed, r.source, r.link, r.canonical, r.title, r.summary,"
    " r.language, r.image, r.published_at, r.seen_at, r.quiet, r.original, r.apart, r.guest,"
    " coalesce(f.folder, '') AS folder"
)
"""The columns of `report_of`, of a report `r` with its feed `f`, as SQL."""


def report_of(row: Row) -> Report:
    """A report as the desk takes it, of a row of `REPORT`: by their order, since to look each
    column up by its name takes longer than all the rest.
    """
    number, feed, source, link, stored, title, summary, *more = row
    language, image, published, seen, quiet, original, apart, guest, group = more
    canonical = links.canonical_of(link, stored)
    return Report(
        number, feed, source, link, canonical, title, summary, language, image, published, seen,
        bool(quiet), original, bool(apart), bool(guest), group,
    )  # fmt: skip
