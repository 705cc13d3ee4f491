"""How many stories come, and how many alerts a chat is to expect: counted once for all chats."""

import asyncio
import time
from collections.abc import Collection, Sequence

from bot.actions.search import Budget, preview
from bot.aside import aside
from bot.news.chat import Habits, Subscription, Topic
from bot.news.query.index import TopicIndex
from bot.news.query.match import Or, Query, text_of
from bot.news.query.parse import parse_query
from bot.news.query.presets import Preset
from bot.news.story import Story
from bot.news.telling.languages import says_language, spoken_in
from bot.news.telling.volume import (
    A_SLOT,
    DAY,
    SLOT_SECONDS,
    Seen,
    StoryKind,
    slot_of,
    slots_since,
)
from storage.stories.stories import Sample, Stories

MUCH = 40
"""More alerts a day are much for one chat."""
_FRESH_SECONDS = 60.0
_MOST_SECONDS = 0.2
_OWN_ROWS, _OWN_SECONDS = 600, 0.2


class Volumes:
    """The stories of the last seven days, matched against the ready-made topics. A look spends so
    many `seconds` of a processor, and some hours more; what is left is looked at the next time.
    """

    def __init__(self, seconds: float = _MOST_SECONDS) -> None:
        self._seconds = seconds
        self._slots: dict[int, tuple[StoryKind, ...]] = {}
        self._index: TopicIndex[str] | None = None
        self._newest_at = 0.0
        self._turn = asyncio.Lock()

    async def seen(self, stories: Stories, presets: Sequence[Preset], now: float) -> Seen:
        """The stories that all chats see, as of a minute ago at most."""
        began = await stories.began()
        if began is None:
            return Seen((), 0.0)
        wanted = slots_since(began, now)
        async with self._turn:
            if now - self._newest_at >= _FRESH_SECONDS or now < self._newest_at:
                self._slots.pop(slot_of(now), None)
                self._slots.pop(slot_of(self._newest_at), None)
                self._newest_at = now
            left = self._seconds
            for slot in wanted:
                if left > 0 and slot not in self._slots:
                    left -= await self._look(slot, began, stories, presets)
            self._slots = {slot: self._slots[slot] for slot in wanted if slot in self._slots}
            return _seen(self._slots, wanted, began, now)

    async def _look(
        self, slot: int, began: float, stories: Stories, presets: Sequence[Preset]
    ) -> float:
        """Looks at the stories of a slot; returns how many seconds of a processor that took."""
        begins = slot * SLOT_SECONDS
        sample = await stories.sample(max(begins, began), begins + SLOT_SECONDS, A_SLOT)
        self._index, self._slots[slot], seconds = await aside(
            _kinds, sample, self._index or presets
        )
        return seconds


def _kinds(
    sample: Sample, topics: TopicIndex[str] | Sequence[Preset]
) -> tuple[TopicIndex[str], tuple[StoryKind, ...], float]:
    began = time.thread_time()
    index = topics if isinstance(topics, TopicIndex) else _index_of(topics)
    weight = sample.count / max(len(sample.stories), 1)
    kinds = tuple([_kind(story, feed, weight, index) for story, feed in sample.stories])
    return index, kinds, time.thread_time() - began


def _index_of(presets: Sequence[Preset]) -> TopicIndex[str]:
    index: TopicIndex[str] = TopicIndex()
    for preset in presets:
        index.add(preset.key, preset.query)
    return index


def _kind(story: Story, feed: int, weight: float, index: TopicIndex[str]) -> StoryKind:
    on = frozenset(key for found in index.match(text_of(story)) for key in found.topics)
    return StoryKind(on, _spoken(story), feed, weight)


def _spoken(story: Story) -> tuple[str, ...]:
    return spoken_in(f"{story.title} {story.summary}", story.language)


def _seen(slots: dict[int, tuple[StoryKind, ...]], wanted: range, began: float, now: float) -> Seen:
    """What was looked at without a gap, back from now."""
    since, kinds = now, list[StoryKind]()
    for slot in wanted:
        if slot not in slots:
            break
        since = max(slot * SLOT_SECONDS, began)
        kinds += slots[slot]
    return Seen(tuple(kinds), max(now - since, 0.0) / DAY)


async def expected_a_day(
    stories: Stories,
    seen: Seen,
    presets: Sequence[Preset],
    habits: Habits,
    topics: Sequence[Topic],
    subscriptions: Sequence[Subscription],
    feeds: Collection[int],
    now: float,
    budget: Budget | None = None,
) -> float | None:
    """About how many alerts a day a chat is to expect that follows these topics and this else;
    None where nobody knows. `stories` are those that it sees, `feeds` those that it follows by
    name or by their group. What its limits and mutes keep away is counted too.
    """
    if any(each.is_all for each in subscriptions):
        return seen.everything(habits.languages).a_day
    keys = {preset.words: preset.key for preset in presets}
    awake = {topic.query for topic in topics if topic.muted_until <= now}
    known = {keys[query] for query in awake if query in keys}
    ready = seen.wanted(known, feeds, habits.languages).a_day
    own = [parse_query(query) for query in awake if query not in keys]
    if ready is None or not own:
        return ready
    budget = budget or Budget(rows=_OWN_ROWS, seconds=_OWN_SECONDS)
    more = await _on_own(stories, own, habits.languages, now, budget)
    return None if more is None else ready + more


async def _on_own(
    stories: Stories,
    queries: Sequence[Query],
    languages: Sequence[str],
    now: float,
    budget: Budget,
) -> float | None:
    """Stories a day on topics of one's own; None where they are too many to count here. Those that
    say a language are heard in it.
    """
    asked = [query for query in queries if says_language(query)]
    a_day = 0.0
    for group in (asked, [query for query in queries if query not in asked]):
        if group:
            query = group[0] if len(group) == 1 else Or(tuple(group))
            found = await preview(stories, query, now, 0, budget, languages)
            if found.a_day is None or not found.whole:
                return None
            a_day += found.a_day
    return a_day
