"""The index of audiences: told only what changed, it knows the same as one told everything."""

import random
from collections.abc import Awaitable, Callable
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.chat import Audience, ChatState, Habits, Mute, Subscription, Topic, TopicOptions
from bot.news.outbox import Ring
from bot.news.query.match import match, text_of
from bot.news.query.parse import parse_query
from bot.news.story import Report
from bot.news.why import Code, because
from bot.pipeline.placing.audience import AudienceIndex
from storage.storage import Storage
from tests.effort import examples, seeds
from tests.storage.samples import add_feed, chat, sql

CHATS = [1, 2, 3, -5, -6, -1005, -1006]
QUERIES = [
    "ferry",
    "ferry OR storm",
    '"red ferry"',
    "storm -ferry",
    "stor*",
    "source:courier",
    "ferry lang:de",
    "storm -lang:de",
]
STORIES = ["Red ferry leaves", "Storms ahead", "A ferry in a storm", "Quiet day"]


def _report(title: str, feed_id: int = 2, tag: str | None = "en") -> Report:
    return Report(9, feed_id, "The Courier", None, None, title, "", tag, None, None, 1.0, False)


def rings(index: AudienceIndex, now: float = 100.0) -> list[list[Ring]]:
    """Who wants each of the stories, from a feed that some chats follow and from another."""
    found = []
    for title, feed_id, tag in product(STORIES, (1, 2), ("en", "de-AT", None)):
        report = _report(title, feed_id, tag)
        text = text_of(report)
        found.append(sorted(index.rings(report, text, now), key=repr))
    return found


async def fresh(storage: Storage) -> AudienceIndex:
    """An index that was told everything."""
    index = AudienceIndex()
    await index.update(await storage.chats.audience())
    return index


async def assert_same(index: AudienceIndex, storage: Storage) -> None:
    other = await fresh(storage)
    assert index.version == other.version == await storage.chats.audience_version()
    assert index.topics == other.topics
    assert rings(index) == rings(other)
    assert [index.habits(chat_id) for chat_id in CHATS] == [other.habits(c) for c in CHATS]


class Life:
    """What chats do, by chance."""

    def __init__(self, storage: Storage, seed: int) -> None:
        self.chats = storage.chats
        self.chance = random.Random(seed)
        self.now = 2_000.0

    async def happens(self) -> None:
        """One thing."""
        self.now += 1
        chat_id = self.chance.choice(CHATS)
        deeds: list[Callable[[int], Awaitable[object]]] = [
            self.meet, self.follow, self.follow, self.unfollow, self.subscribe, self.unsubscribe,
            self.mute, self.unmute, self.mute_topic, self.habits, self.options, self.migrate,
            self.stop, self.serve, self.forget,
        ]  # fmt: skip
        await self.chance.choice(deeds)(chat_id)

    async def meet(self, chat_id: int) -> None:
        await self.chats.meet(chat(chat_id))

    async def follow(self, chat_id: int) -> None:
        await self.meet(chat_id)
        name, thread = self.chance.choice("abc"), self.chance.randrange(2)
        query = self.chance.choice(QUERIES)
        await self.chats.put_topic(Topic(0, chat_id, thread, name, query, 0.0), name, self.now)

    async def _topic(self, chat_id: int) -> int:
        topics = await self.chats.topics(chat_id)
        return self.chance.choice(topics).id if topics else 0

    async def unfollow(self, chat_id: int) -> None:
        await self.chats.set_topic_aside(await self._topic(chat_id), 0.0)

    async def mute_topic(self, chat_id: int) -> None:
        await self.chats.mute_topic(await self._topic(chat_id), self.chance.choice([0.0, 500.0]))

    async def options(self, chat_id: int) -> None:
        options = TopicOptions(silent=self.chance.random() < 0.5)
        await self.chats.set_options(await self._topic(chat_id), options)

    def _subscription(self, chat_id: int) -> Subscription:
        return Subscription(chat_id, self.chance.randrange(2), self.chance.choice([None, 1]))

    async def subscribe(self, chat_id: int) -> None:
        await self.meet(chat_id)
        await self.chats.subscribe(self._subscription(chat_id), self.now)

    async def unsubscribe(self, chat_id: int) -> None:
        await self.chats.unsubscribe(self._subscription(chat_id))

    async def mute(self, chat_id: int) -> None:
        await self.meet(chat_id)
        word = self.chance.choice(["storm", "source:courier"])
        until = self.now + self.chance.choice([1.0, 5_000.0])
        await self.chats.mute(Mute(0, chat_id, word, word, until), self.now)

    async def unmute(self, chat_id: int) -> None:
        for mute in (await self.chats.mutes(chat_id, self.now))[:1]:
            await self.chats.unmute(mute.id)

    async def habits(self, chat_id: int) -> None:
        await self.meet(chat_id)
        languages = self.chance.choice([(), ("en",), ("de", "fr")])
        habits = Habits(cap=self.chance.randrange(3), languages=languages)
        await self.chats.set_habits(chat_id, habits)

    async def migrate(self, chat_id: int) -> None:
        if -100 < chat_id < 0:
            await self.chats.migrate(chat_id, chat_id - 1_000, self.now)

    async def stop(self, chat_id: int) -> None:
        await self.chats.set_state(chat_id, ChatState.STOPPED, None, self.now)

    async def serve(self, chat_id: int) -> None:
        await self.chats.set_state(chat_id, ChatState.ACTIVE, None, self.now)

    async def forget(self, chat_id: int) -> None:
        await self.chats.forget(chat_id)


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds(6))
async def test_told_what_changed_it_knows_what_one_told_everything_knows(
    storage: Storage, seed: int
) -> None:
    await add_feed(storage)
    life, index = Life(storage, seed), AudienceIndex()
    for _ in range(40):
        for _ in range(life.chance.randrange(5)):
            await life.happens()
        await index.update(await storage.chats.audience(index.version))
        await assert_same(index, storage)
    await storage.feeds.remove(1)
    await index.update(await storage.chats.audience(index.version))
    await assert_same(index, storage)


async def test_it_is_told_of_the_chats_that_changed_only(storage: Storage) -> None:
    for chat_id in (1, 2):
        await storage.chats.meet(chat(chat_id))
        topic = Topic(0, chat_id, 0, "Sea", "ferry", 0.0)
        await storage.chats.put_topic(topic, "sea", 1.0)
    version = await storage.chats.audience_version()
    assert (await storage.chats.audience(version)).chats == frozenset()
    await storage.chats.subscribe(Subscription(2, 0, None), 2.0)
    changed = await storage.chats.audience(version)
    assert changed.chats == frozenset({2})
    assert [topic.chat_id for topic in changed.topics] == [2]


async def test_too_far_behind_it_is_told_everything(storage: Storage) -> None:
    await add_feed(storage)
    life, index = Life(storage, 1), await fresh(storage)
    for _ in range(40):
        await life.happens()
    await sql(storage, "DELETE FROM audience_changes WHERE version <= 3")
    audience = await storage.chats.audience(index.version)
    assert audience.chats is None
    await index.update(audience)
    await assert_same(index, storage)


async def test_few_changes_are_remembered(storage: Storage) -> None:
    await storage.chats.meet(chat(1))
    async with storage._database.write() as transaction:
        changes = ((1,) for _ in range(10_500))
        await transaction.run_many("UPDATE chats SET habits = '{}' WHERE id = ?", changes)
    assert await sql(storage, "SELECT count(*) AS n FROM audience_changes") == [(10_000,)]
    assert await storage.chats.audience_version() == 10_500


_chats = st.lists(
    st.tuples(
        st.sampled_from([(), ("en",), ("de",), ("de", "fr")]),  # what it chose
        st.sampled_from([None, "", "all", "feed"]),  # what it follows whole
        st.sampled_from([None, "ferry", "ferry lang:de", "storm"]),
    ),
    min_size=1,
    max_size=4,
)


@examples(40)
@given(_chats, st.sampled_from(STORIES), st.sampled_from(["en", "de-AT", "fr", None]))
async def test_a_report_rings_where_its_language_was_chosen_or_asked_for(
    chats: list[tuple[tuple[str, ...], str | None, str | None]], title: str, tag: str | None
) -> None:
    index, subscriptions, topics = AudienceIndex(), [], []
    for number, (_, follows, query) in enumerate(chats, 1):
        if follows in ("all", "feed"):
            subscriptions.append(Subscription(number, 0, 2 if follows == "feed" else None))
        if query:
            topics.append(Topic(number, number, 0, "Sea", query, 0.0))
    habits = {n: Habits(languages=chosen) for n, (chosen, *_) in enumerate(chats, 1)}
    await index.update(Audience(1, tuple(subscriptions), tuple(topics), habits))
    report = _report(title, 2, tag)
    text = text_of(report)
    heard = {ring.chat_id for ring in index.rings(report, text, 1.0) if not ring.kept_by}
    language = (tag or "").partition("-")[0]
    for number, (chosen, follows, query) in enumerate(chats, 1):
        matched = query is not None and match(parse_query(query), text) is not None
        wanted = follows in ("all", "feed") or matched
        asked = follows == "feed" or (matched and "lang:" in (query or ""))
        assert (number in heard) == (
            wanted and (not chosen or not tag or language in chosen or asked)
        )


async def test_what_is_kept_away_for_its_language_says_so() -> None:
    index = AudienceIndex()
    everything, topic = Subscription(1, 0, None), Topic(3, 1, 0, "Sea", "ferry", 0.0)
    habits = {1: Habits(languages=("en", "fr"))}
    await index.update(Audience(1, (everything,), (topic,), habits))
    report = _report("Red ferry leaves", 2, "de-AT")
    (kept,) = index.rings(report, text_of(report), 1.0)
    assert kept.kept_by == because(Code.OTHER_LANGUAGE, "de")
    assert (kept.subscribed, kept.topic_ids) == (True, (3,))


async def test_a_source_followed_in_one_thread_is_heard_in_that_thread() -> None:
    index = AudienceIndex()
    whole = (Subscription(-5, 0, None), Subscription(-5, 7, 2))
    await index.update(Audience(1, whole, (), {-5: Habits(languages=("en",))}))
    report = _report("Red ferry leaves", 2, "de")
    rung = {
        ring.thread_id for ring in index.rings(report, text_of(report), 1.0) if not ring.kept_by
    }
    assert rung == {7}
