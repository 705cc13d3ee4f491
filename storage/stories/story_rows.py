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


def report_of(row: Row) -> Report:
    """A report as the desk takes it."""
    return Report(
        id=row["id"],
        feed_id=row["feed_id"] or 0,
        source=row["source"],
        link=row["link"],
        canonical=links.canonical_of(row["link"], row["canonical"]),
        title=row["title"],
        summary=row["summary"],
        language=row["language"],
        image=row["image"],
        published_at=row["published_at"],
        seen_at=row["seen_at"],
        quiet=bool(row["quiet"]),
        original=row["original"],
        apart=bool(row["apart"]),
        guest=bool(row["guest"]),
        group=row["folder"],
    )
