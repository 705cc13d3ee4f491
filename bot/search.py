"""Finding stored stories: pages of the newest, and what a query would have brought."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from bot.news.query import Query, Text, cover, match
from bot.news.story import Story
from storage.interface import Stories, StoryRow

PAGE = 5
PREVIEW_DAYS = 7
_CHUNK = 50
_MOST_LOOKED_AT = 3_000
_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Page:
    """Some stories, newest first, and whether there are others on either side."""

    rows: tuple[StoryRow, ...]
    newer: bool
    older: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a query would have brought: how many stories, and the newest of them.

    `whole` is False if there were too many to look at all; `stories` is then a lower bound. `days`
    is for how long stories have been stored, at most seven: of less than one nothing can be said
    about a day.
    """

    stories: int
    newest: tuple[Story, ...]
    whole: bool
    days: float = PREVIEW_DAYS

    @property
    def a_day(self) -> float | None:
        """Stories a day; None in the first one."""
        return self.stories / self.days if self.days >= 1 else None

    @property
    def least_a_day(self) -> float:
        """How many a day at least: in the first one, as if they were those of a week."""
        return self.stories / PREVIEW_DAYS if self.a_day is None else self.a_day


def text_of(story: Story) -> Text:
    """The story's text, for matching queries against it."""
    return Text(story.title, story.summary, story.source, story.language, story.link)


async def page_before(stories: Stories, query: Query | None, before: int | None) -> Page:
    """The page of stories older than `before`, or the first page."""
    rows = await _first(_falling(stories, query, before, 0.0), PAGE + 1)
    return Page(tuple(rows[:PAGE]), newer=before is not None, older=len(rows) > PAGE)


async def page_after(stories: Stories, query: Query | None, after: int) -> Page:
    """The page of stories newer than `after`; the first page if fewer than a page are."""
    rows = await _first(_rising(stories, query, after), PAGE + 1)
    if len(rows) <= PAGE:
        return await page_before(stories, query, None)
    return Page(tuple(reversed(rows[:PAGE])), newer=True, older=True)


async def preview(stories: Stories, query: Query, now: float, show: int = 3) -> Preview:
    """How many stories match of the last seven days, or of those since the first was stored, and
    the newest of them. On the first day what feeds had shown before counts too.
    """
    found: list[StoryRow] = []
    looked = 0
    days = min((now - (await stories.began() or now)) / _DAY, PREVIEW_DAYS)
    since = now - (days if days >= 1 else PREVIEW_DAYS) * _DAY
    async for row, fits in _looked_at(stories, query, None, since):
        looked += 1
        if fits:
            found.append(row)
    newest = tuple(row.story for row in found[:show])
    return Preview(len(found), newest, looked < _MOST_LOOKED_AT, days)


async def _first(rows: AsyncIterator[StoryRow], count: int) -> list[StoryRow]:
    found: list[StoryRow] = []
    async for row in rows:
        found.append(row)
        if len(found) == count:
            break
    return found


async def _falling(
    stories: Stories, query: Query | None, before: int | None, since: float
) -> AsyncIterator[StoryRow]:
    if query is None:
        for row in await stories.newest(before, PAGE + 1):
            yield row
        return
    async for row, fits in _looked_at(stories, query, before, since):
        if fits:
            yield row


async def _looked_at(
    stories: Stories, query: Query, before: int | None, since: float
) -> AsyncIterator[tuple[StoryRow, bool]]:
    """Candidates from the index, newest first, each with whether it matches; bounded."""
    keys = cover(query) or frozenset()
    for _ in range(_MOST_LOOKED_AT // _CHUNK):
        rows = await stories.with_keys(keys, before, _CHUNK, since)
        for row in rows:
            yield row, match(query, text_of(row.story)) is not None
        if len(rows) < _CHUNK:
            return
        before = rows[-1].sort_key


async def _rising(stories: Stories, query: Query | None, after: int) -> AsyncIterator[StoryRow]:
    keys = cover(query) if query else None
    for _ in range(_MOST_LOOKED_AT // _CHUNK):
        rows = await stories.newer_than(after, _CHUNK, keys)
        for row in rows:
            if query is None or match(query, text_of(row.story)) is not None:
                yield row
        if len(rows) < _CHUNK:
            return
        after = rows[-1].sort_key
