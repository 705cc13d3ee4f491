"""Chats that ask for very much: what is stored for each is bounded, and the loop is theirs too."""

import asyncio

import pytest

from bot.actions.chats import subscribe
from bot.actions.topics import TopicWish, follow
from bot.errors import BadInput
from bot.news.chat import MOST_THREADS, Subscription, Topic, TopicOptions
from bot.news.query.parse import parse_query
from bot.news.telling.naming import MOST_NAMED, named
from tests.databases import look
from tests.loop_watch import calls_here, most_between_turns
from tests.pipeline.conftest import Line
from tests.storage.samples import chat, report, store

FORUM = -5
EAGER = TopicOptions()


async def _follows(line: Line, chat_id: int, count: int, threads: int = 1) -> None:
    await line.storage.chats.meet(chat(chat_id, "supergroup"))
    for n in range(count):
        topic = Topic(0, chat_id, n % threads, f"topic {n}", f"ferry OR boat{n}", 0.0)
        await line.storage.chats.put_topic(topic, topic.name, 1_000.0)


def _stored(line: Line, sql: str) -> list[tuple[object, ...]]:
    return look(line.url, sql)


@pytest.mark.parametrize("threads", [1, 10])
async def test_of_topics_that_match_alike_a_few_are_stored(line: Line, threads: int) -> None:
    await _follows(line, FORUM, 100, threads)
    await store(line.storage, report(1, title="Ferry late"), now=line.clock.now)
    await line.place()
    (matches,) = _stored(line, "SELECT count(*), count(DISTINCT thread_id) FROM matches")
    assert matches == (MOST_NAMED, threads)
    assert _stored(line, "SELECT count(*) FROM deliveries") == [(threads,)]


async def test_a_match_keeps_no_more_words_than_a_person_reads(line: Line) -> None:
    await line.storage.chats.meet(chat(7))
    words = [f"word{n}" for n in range(100)]
    topic = Topic(0, 7, 0, "all", " OR ".join(words), 0.0)
    await line.storage.chats.put_topic(topic, "all", 1_000.0)
    told = report(1, title="Ferry", summary=" ".join(words))
    await store(line.storage, told, now=line.clock.now)
    await line.place()
    ((terms,),) = _stored(line, "SELECT terms FROM matches")
    assert len(str(terms).split(", ")) == 12


def test_those_that_ask_to_be_told_soonest_are_named() -> None:
    def topic(n: int, options: TopicOptions) -> tuple[Topic, tuple[str, ...]]:
        return Topic(n, 1, 0, str(n), "q", 0.0, options), ()

    patient = [topic(n, TopicOptions(sources=3)) for n in range(30)]
    gathered = [topic(n, TopicOptions(digest=True)) for n in range(30, 60)]
    loud = topic(99, EAGER)
    assert named([*patient, *gathered, loud], 1)[0] == loud
    assert len(named([*patient, *gathered, loud], 1)) == MOST_NAMED
    assert named([*patient, *gathered, loud], 30) == [loud]


async def test_a_group_follows_in_so_many_threads_and_keeps_those_it_has(line: Line) -> None:
    chats = line.storage.chats
    await chats.meet(chat(FORUM, "supergroup"))
    for thread in range(MOST_THREADS + 5):  # as an older version let it
        await chats.subscribe(Subscription(FORUM, thread, None), 1_000.0)
    with pytest.raises(BadInput, match="follows in 50 threads at most"):
        await subscribe(chats, FORUM, 900, None, 1_000.0)
    wish = TopicWish("ferry", parse_query("ferry"))
    with pytest.raises(BadInput, match="follows in 50 threads at most"):
        await follow(chats, FORUM, 900, wish, 1_000.0)
    await follow(chats, FORUM, 3, wish, 1_000.0)
    assert len(await chats.subscriptions(FORUM)) == MOST_THREADS + 5


@pytest.mark.slow
async def test_all_threads_are_told_in_the_order_in_which_it_was_decided(line: Line) -> None:
    await line.storage.chats.meet(chat(FORUM, "supergroup"))
    for thread in range(1_000):
        await line.storage.chats.subscribe(Subscription(FORUM, thread, None), 1_000.0)
    await store(line.storage, report(1), report(2), now=line.clock.now)
    await line.place()
    told = _stored(line, "SELECT story_id, thread_id FROM deliveries ORDER BY id")
    assert told == [(story, thread) for story in (1, 2) for thread in range(1_000)]
    assert _stored(line, "SELECT count(*) FROM matches") == [(2_000,)]


@pytest.mark.slow
async def test_others_have_the_loop_while_a_report_is_held_against_many_topics(line: Line) -> None:
    await _follows(line, FORUM, 400, 4)
    # Not found by a word alone: each has to be read.
    for topic in await line.storage.chats.topics(FORUM):
        query = f'"ferry {topic.name.split()[1]}" OR "ferry late"'
        await line.storage.chats.put_topic(
            Topic(0, FORUM, topic.thread_id, topic.name, query, 0.0), topic.name, 1_000.0
        )
    await store(line.storage, report(1, title="Ferry late"), now=line.clock.now)
    with calls_here("bot.news.query.match", "match") as matched:
        work = asyncio.ensure_future(line.desk.step())
        most = await most_between_turns(matched, work)
    assert len(matched) >= 400
    assert most <= 20


async def test_others_have_the_loop_while_a_chats_topics_are_read(line: Line) -> None:
    line.desk.wakeup.ring()
    await line.desk.step()  # nothing to place yet
    await _follows(line, FORUM, 100)
    await store(line.storage, report(1), now=line.clock.now)
    with calls_here("bot.news.query.parse", "parse_query") as read:
        work = asyncio.ensure_future(line.desk.step())
        most = await most_between_turns(read, work)
    assert len(read) >= 100
    assert most <= 10
