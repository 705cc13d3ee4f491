"""Finding stored stories: pages of the newest, and what a query would have brought.

A command looks at no more than its `Budget`; what it says is then of the newest that it looked at.
"""

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice

from msgspec import Struct

from bot.aside import aside
from bot.news.query.match import Query, cover, match, text_of
from bot.news.story import Story
from bot.news.telling.languages import is_heard, says_language, spoken_in
from storage.stories.stories import CarriedStory, Stories, StoryRow, key_at

PAGE = 5
PREVIEW_DAYS = 7
MOST_CARRIED = 25
DAY, WEEK = 86_400.0, 7 * 86_400.0
_CARRIED_LOOKED_AT = 300
_CHUNK = 50
_MOST_LOOKED_AT = 3_000
_MOST_SECONDS = 1.0


@dataclass
class Budget:
    """What one command may spend on looking: so many `rows`, and `seconds` of a processor for
    matching them, by `clock`. `looked` counts the rows; the last of them came out at `reached`.
    """

    rows: int = _MOST_LOOKED_AT
    seconds: float = _MOST_SECONDS
    clock: Callable[[], float] = field(default=time.thread_time)
    looked: int = 0
    reached: float = 0.0

    @property
    def is_spent(self) -> bool:
        """Whether no more may be looked at."""
        return self.rows <= 0 or self.seconds <= 0

    def spend(self, rows: int, seconds: float, reached: float | None = None) -> None:
        """Counts what was looked at, down to what came out then."""
        self.reached = self.reached if reached is None else reached
        self.rows -= rows
        self.looked += rows
        self.seconds -= seconds

    def part(self, of: int) -> "Budget":
        """One of so many equal parts of what is left, which is spent with it."""
        part = Budget(max(self.rows // of, 1), self.seconds / of, self.clock)
        self.spend(part.rows, part.seconds)
        return part

    def take_back(self, part: "Budget") -> None:
        """What a part left is there for others."""
        self.spend(-max(part.rows, 0), -max(part.seconds, 0.0))


class StoryPage(Struct, frozen=True):
    """Some stories, newest first, and whether there are others on either side. `looked` is at how
    many stories with words of the query it was looked before that was too much.
    """

    rows: tuple[StoryRow, ...]
    newer: bool
    older: bool
    looked: int | None = None


class Preview(Struct, frozen=True):
    """What a query would have brought: how many stories, and the newest of them.

    `whole` is False if there were too many to look at all; then it is of the newest `looked` that
    have words of the query, and `stories` is a lower bound. `days` were seen: whole ones, at most
    seven, or a part of the first; of that nothing can be said about a day. `over` so many days
    stories were counted: fewer where not all were looked at. `languages`: in how many they are;
    `today` so many came out in the last 24 hours.
    """

    stories: int
    newest: tuple[Story, ...]
    whole: bool
    days: float = PREVIEW_DAYS
    looked: int = 0
    over: float = PREVIEW_DAYS
    languages: int = 0
    today: int = 0

    @property
    def a_day(self) -> float | None:
        """Stories a day; None in the first one. Where less than a day was looked at, they are what
        a day brings at least.
        """
        return self.stories / max(self.over, 1.0) if self.days >= 1 else None


async def page_before(
    stories: Stories,
    query: Query | None,
    before: int | None,
    budget: Budget | None = None,
    languages: Sequence[str] = (),
) -> StoryPage:
    """The page of stories older than `before`, or the first page; with `languages` of those only
    that a chat hears which chose them.
    """
    budget = budget or Budget()
    if query is None and not languages:
        rows, whole = await stories.newest(before, PAGE + 1), True
    else:
        falling = _falling(stories, query, before, 0.0, budget, languages)
        rows, whole = await _first(falling, PAGE + 1)
    looked = None if whole else budget.looked
    return StoryPage(tuple(rows[:PAGE]), before is not None, len(rows) > PAGE, looked)


async def page_of_day(stories: Stories, end: float) -> tuple[StoryPage, bool]:
    """The newest stories of the day that ended then, and True; where there are none, those before,
    else the first page, and False.
    """
    page = await page_before(stories, None, key_at(end))
    if not page.rows:
        return await page_before(stories, None, None), False
    return page, page.rows[0].story.at >= end - DAY


async def page_after(
    stories: Stories,
    query: Query | None,
    after: int,
    budget: Budget | None = None,
    languages: Sequence[str] = (),
) -> StoryPage:
    """The page of stories newer than `after`; the first page if fewer than a page are."""
    if query is None and not languages:
        rows = await stories.newer_than(after, PAGE + 1, None)
    else:
        rising = _rising(stories, query, after, budget or Budget(), languages)
        rows, _ = await _first(rising, PAGE + 1)
    if len(rows) <= PAGE:
        return await page_before(stories, query, None, languages=languages)
    return StoryPage(tuple(reversed(rows[:PAGE])), newer=True, older=True)


async def preview(
    stories: Stories,
    query: Query,
    now: float,
    show: int = 3,
    budget: Budget | None = None,
    languages: Sequence[str] = (),
) -> Preview:
    """How many stories match of the last seven days, or of the whole ones since the first was
    stored, and the newest of them. On the first day what feeds had shown before counts too. With
    `languages` those only that a chat hears which chose them, as their first reports have it.
    """
    budget = budget or Budget()
    before = budget.looked
    seen = min((now - (await stories.began() or now)) / DAY, PREVIEW_DAYS)
    days = float(int(seen)) if seen >= 1 else seen
    since = now - (days if days >= 1 else PREVIEW_DAYS) * DAY
    asked = () if says_language(query) else languages
    found, whole = await _first(_falling(stories, query, None, since, budget, asked), None)
    newest = tuple(row.story for row in found[:show])
    over = days if whole else min(max(now - budget.reached, 0.0) / DAY, days)
    spoken = {row.story.language for row in found if row.story.language}
    looked, today = budget.looked - before, sum(row.story.at > now - DAY for row in found)
    return Preview(len(found), newest, whole, days, looked, over, len(_bases(spoken)), today)


def _bases(languages: Iterable[str]) -> set[str]:
    """Languages without their regions."""
    return {language.replace("_", "-").partition("-")[0].lower() for language in languages}


async def most_carried(
    stories: Stories, since: float, query: Query | None = None, languages: Sequence[str] = ()
) -> list[CarriedStory]:
    """The stories since then that most independent sources carry, most first: two sources at least
    carry each. With a query those that match, and with `languages` those that a chat hears which
    chose them, of a few hundred that most carry.
    """
    if query is None and not languages:
        return await stories.most_carried(since, MOST_CARRIED)
    found = await stories.most_carried(since, _CARRIED_LOOKED_AT)
    return await aside(_carried_fitting, query, found, languages)


def _carried_fitting(
    query: Query | None, found: Sequence[CarriedStory], languages: Sequence[str]
) -> list[CarriedStory]:
    fits = (
        each
        for each in found
        if (query is None or match(query, text_of(each.story)) is not None)
        and hears(languages, each.story)
    )
    return list(islice(fits, MOST_CARRIED))


Batches = AsyncIterator[list[StoryRow] | None]


async def _first(batches: Batches, count: int | None) -> tuple[list[StoryRow], bool]:
    """The first rows of what fits, or all; and whether that is all there is of them."""
    found: list[StoryRow] = []
    async for batch in batches:
        if batch is None:
            return found, False
        found += batch
        if count is not None and len(found) >= count:
            return found[:count], True
    return found, True


async def _falling(
    stories: Stories,
    query: Query | None,
    before: int | None,
    since: float,
    budget: Budget,
    languages: Sequence[str] = (),
) -> Batches:
    """What matches, newest first, in batches; None where the budget ended before that. Without a
    query, which asks for no moment, all of it.
    """
    keys = (await aside(cover, query) or frozenset()) if query else None

    async def chunk(at: int | None, limit: int) -> list[StoryRow]:
        if keys is None:
            return await stories.newest(at, limit)
        return await stories.with_keys(keys, at, limit, since)

    async for batch in _batches(chunk, query, before, budget, languages):
        yield batch


async def _rising(
    stories: Stories, query: Query | None, after: int, budget: Budget, languages: Sequence[str]
) -> Batches:
    """As `_falling`, oldest first."""
    keys = await aside(cover, query) if query else None

    async def chunk(at: int | None, limit: int) -> list[StoryRow]:
        return await stories.newer_than(after if at is None else at, limit, keys)

    async for batch in _batches(chunk, query, after, budget, languages):
        yield batch


async def _batches(
    chunk: Callable[[int | None, int], Awaitable[list[StoryRow]]],
    query: Query | None,
    at: int | None,
    budget: Budget,
    languages: Sequence[str] = (),
) -> Batches:
    while not budget.is_spent:
        limit = min(_CHUNK, budget.rows)
        rows = await chunk(at, limit)
        fits, seconds = await aside(_matching, query, rows, budget.clock, languages)
        budget.spend(len(rows), seconds, rows[-1].story.at if rows else None)
        yield fits
        if len(rows) < limit:
            return
        at = rows[-1].sort_key
    yield None


def _matching(
    query: Query | None,
    rows: Sequence[StoryRow],
    clock: Callable[[], float],
    languages: Sequence[str],
) -> tuple[list[StoryRow], float]:
    """The rows that match and are heard, and the seconds that it took."""
    began = clock()
    fits = [row for row in rows if query is None or match(query, text_of(row.story)) is not None]
    if languages:
        fits = [row for row in fits if hears(languages, row.story)]
    return fits, clock() - began


def hears(languages: Sequence[str], story: Story) -> bool:
    """Whether a chat that chose these languages hears of a story: all of them, if it chose none."""
    return not languages or is_heard(languages, _spoken(story))


def _spoken(story: Story) -> tuple[str, ...]:
    return spoken_in(f"{story.title} {story.summary}", story.language)
