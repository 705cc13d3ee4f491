"""Topics of a chat: what is meant by a name, and that no words are lost."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.actions import topics
from bot.actions.topics import (
    MAX_NAME,
    MAX_TOPICS,
    MOST_WORDS,
    MOST_WORDS_KEPT,
    TopicWish,
    both,
    follow,
    meant,
    name_key,
    nearest_first,
)
from bot.errors import BadInput
from bot.news.chat import Topic, TopicOptions
from bot.news.outbox import DeliveryState, Ring, Settlement
from bot.news.query.match import Or, Query
from bot.news.query.parse import parse_query
from bot.turns import on_behalf_of
from storage.chats.chats import BROUGHT_BACK_SECONDS, WordsAsked
from storage.open import open_storage
from storage.storage import Storage
from tests.databases import empty_database
from tests.storage.samples import chat, placed, report, ring, store

NOW = 10_000.0
NAMES = st.sampled_from(["Boats", "boats", "Boathouse", "Hills", "Füße", "Море"])


def _topic(number: int, name: str, thread_id: int = 0, query: str = "ferry") -> Topic:
    return Topic(number, 1, thread_id, name, query, 0.0)


@pytest.fixture(autouse=True)
def somebody() -> Iterator[None]:
    """Who asks, and is no operator."""
    with on_behalf_of(1):
        yield


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(empty_database(tmp_path / "test.db"), alone=True, now=1_000.0)
    await opened.chats.meet(chat(1))
    yield opened
    await opened.close()


async def _follow(storage: Storage, name: str, words: str, thread_id: int = 0) -> Topic:
    wish = TopicWish(name, parse_query(words))
    return await follow(storage.chats, 1, thread_id, wish, NOW)


@given(st.lists(st.tuples(NAMES, st.integers(0, 2)), max_size=6), NAMES, st.integers(0, 2))
def test_a_name_means_what_is_here_before_what_is_elsewhere(
    known: list[tuple[str, int]], name: str, thread_id: int
) -> None:
    there = [_topic(n, called, at) for n, (called, at) in enumerate(known)]
    found = meant(there, name, thread_id)
    assert set(found) <= set(there)
    exact = [t for t in there if name_key(t.name, 0) == name_key(name, 0)]
    if any(t.thread_id == thread_id for t in exact):
        assert {t.thread_id for t in found} == {thread_id}
    elif exact:
        assert found == exact
    assert sorted(nearest_first(there, name), key=lambda t: t.id) == there


@given(NAMES, st.lists(NAMES, max_size=20))
def test_a_name_is_compared_no_further_than_names_go(name: str, known: list[str]) -> None:
    """A message that is as long as it may be, beside a hundred topics, took half a minute."""
    there = [_topic(n, called) for n, called in enumerate(known)]
    written = name.strip().ljust(MAX_NAME, "x")
    assert nearest_first(there, written + "y" * 2_000) == nearest_first(there, written[:MAX_NAME])
    assert meant(there, name + "y" * 2_000, 0) == []


def test_the_name_most_like_what_was_written_is_first() -> None:
    known = ["Storms", "Snow", "Harbour news", "Harbours", "Boats", *map(str, range(40))]
    there = [_topic(n, called) for n, called in enumerate(known)]
    assert [each.name for each in nearest_first(there, "Harbor")][:2] == [
        "Harbours",
        "Harbour news",
    ]


def test_an_empty_name_means_none() -> None:
    assert meant([_topic(1, "Boats")], " ", 0) == []


WORDS = st.lists(st.sampled_from(["ferry", "tram", "bus", "=race", '"old pier"']), min_size=1)


@given(WORDS, WORDS)
def test_both_words_keep_each_of_the_alternatives_once(first: list[str], second: list[str]) -> None:
    topic = _topic(1, "Boats", query=str(parse_query(" OR ".join(first))))
    wanted = parse_query(" OR ".join(second))
    found = both(topic, wanted)
    before, after = _parts(parse_query(topic.query)), _parts(wanted)
    if found is None:
        assert after <= before
    else:
        assert _parts(found) == before | after
        assert parse_query(str(found)) == found


def _parts(query: Query) -> set[str]:
    return {str(part) for part in (query.parts if isinstance(query, Or) else (query,))}


def test_both_words_are_no_longer_than_can_be_read() -> None:
    topic = _topic(1, "Boats", query=" OR ".join(f"f{n}" for n in range(399)))
    assert both(topic, parse_query("tram")) is not None
    assert both(topic, parse_query("tram OR bus")) is None


async def test_following_again_keeps_options_and_the_mute(storage: Storage) -> None:
    topic = await _follow(storage, "Boats", "ferry")
    await storage.chats.set_options(topic.id, TopicOptions(cap=7))
    await topics.mute(storage.chats, topic, 60.0, NOW)
    await _follow(storage, "boats", "tram")
    (now,) = await storage.chats.topics(1)
    assert (now.id, now.name, now.query) == (topic.id, "Boats", "tram")
    assert (now.options.cap, now.muted_until) == (7, NOW + 60)


async def test_a_hundred_topics_are_followed_and_a_removed_one_makes_room(
    storage: Storage,
) -> None:
    followed = [await _follow(storage, f"T{n}", "ferry") for n in range(MAX_TOPICS)]
    with pytest.raises(BadInput, match="can follow 100 topics"):
        await _follow(storage, "One more", "ferry")
    await topics.unfollow(storage.chats, followed[0], NOW)
    await _follow(storage, "One more", "ferry")
    with pytest.raises(BadInput, match="can follow 100 topics"):
        await topics.bring_back(storage.chats, 1, followed[0].id, NOW)


def _long(words: int, mark: str) -> str:
    """So many beginnings for a topic."""
    return " OR ".join(f"{mark}{n}*" for n in range(words))


async def _fill(storage: Storage, chat_id: int, words: int) -> None:
    """A chat that asks for so many words, in long topics."""
    for n, first in enumerate(range(0, words, 250)):
        query = _long(min(250, words - first), f"ab{n}x")
        await storage.chats.put_topic(Topic(0, chat_id, 0, f"T{n}", query, 0.0), f"t{n}", NOW)


async def test_the_topics_of_a_chat_have_room_for_so_many_words(storage: Storage) -> None:
    await _fill(storage, 1, MOST_WORDS - 3)
    boats = await _follow(storage, "Boats", "ferry OR boat")
    with pytest.raises(BadInput, match="topics of one chat"):
        await _follow(storage, "Trams", "tram OR rail")
    with pytest.raises(BadInput, match="topics of one chat"):
        await topics.change_query(storage.chats, boats, parse_query("a1 OR b1 OR c1 OR d1"))
    await topics.change_query(storage.chats, boats, parse_query("ferry"))
    await _follow(storage, "Trams", "tram OR rail")
    assert await storage.chats.words_asked(1) == WordsAsked(MOST_WORDS, MOST_WORDS)


async def test_all_chats_of_a_person_have_room_for_so_many_words(storage: Storage) -> None:
    groups = range(-MOST_WORDS_KEPT // MOST_WORDS, 0)
    for group in groups:
        await storage.chats.meet(chat(group, kind="group"))
        await storage.keepers.keep(group, 1, NOW)
        await _fill(storage, group, MOST_WORDS)
    assert await storage.chats.words_asked(1) == WordsAsked(0, MOST_WORDS_KEPT)
    with pytest.raises(BadInput, match="all your chats"):
        await _follow(storage, "Boats", "ferry")
    with on_behalf_of(None):  # an operator
        await topics.unfollow(storage.chats, await _follow(storage, "Boats", "ferry"), NOW)
    await storage.keepers.keep(-1, 2, NOW + 1)  # another's by now
    await _follow(storage, "Boats", "ferry")


async def test_what_has_more_words_than_there_is_room_for_stays_and_may_shrink(
    storage: Storage,
) -> None:
    """An older version had no such bound."""
    for n in range(45):
        topic = Topic(0, 1, 0, f"T{n}", _long(250, f"ab{n}x"), 0.0)
        await storage.chats.put_topic(topic, f"t{n}", NOW)
    known = await storage.chats.topics(1)
    await topics.rename(storage.chats, known[0], "Boats")
    await topics.change_query(storage.chats, known[0], parse_query(_long(249, "ab0x")))
    with pytest.raises(BadInput, match="topics of one chat"):
        await _follow(storage, "One more", "ferry")
    assert len(await storage.chats.topics(1)) == 45


async def test_words_are_counted_as_the_database_counts_them(storage: Storage) -> None:
    written = (
        "ferry", "ferry OR boat OR ship", "(a OR b) (c OR d) -e", '"red apple" near(a b, 5)',
        "title:gaza* source:wire", "北京 OR 上海", '"x OR y OR z"',
    )  # fmt: skip
    for number, text in enumerate(written):
        await _follow(storage, f"T{number}", text)
    kept = [topic.query for topic in await storage.chats.topics(1)]
    counted = sum(map(topics.words_in, kept))
    assert await storage.chats.words_asked(1) == WordsAsked(counted, counted)
    assert [topics.words_in(query) for query in kept[:3]] == [1, 3, 5]


async def test_a_removed_topic_wants_nothing_and_comes_back_with_its_matches(
    storage: Storage,
) -> None:
    topic = await _follow(storage, "Boats", "ferry")
    await store(storage, report(1))
    wish = Ring(1, 0, ((topic.id, ("ferry",)),))
    await storage.stories.place([placed(1, None, wish)], NOW)
    await topics.unfollow(storage.chats, topic, NOW)
    assert (await storage.chats.audience()).topics == ()
    (claimed,) = await storage.outbox.claim([1], NOW, 60.0)
    assert claimed.topics == ()
    assert await topics.bring_back(storage.chats, 1, topic.id, NOW + BROUGHT_BACK_SECONDS) is None
    assert await topics.bring_back(storage.chats, 1, topic.id, NOW + 59) == topic
    assert (await storage.chats.audience()).topics == (topic,)
    alert = await storage.alerts.get(1)
    assert alert
    assert alert.topic_ids == (topic.id,)


async def test_two_of_one_name_whose_threads_go_are_both_kept(storage: Storage) -> None:
    for thread, words in ((0, "bus"), (5, "ferry"), (6, "tram")):
        await _follow(storage, "Boats", words, thread)
    for number, thread in enumerate((5, 6), 1):
        await store(storage, report(number))
        at = ring(1, thread)
        await storage.stories.place([placed(number, None, at)], NOW)
        await storage.outbox.claim([number], NOW, 60.0)
        gone = Settlement(number, 1, DeliveryState.PENDING, NOW, to_main_thread=True, for_good=True)
        await storage.outbox.settle([gone], True)
    kept = await storage.chats.topics(1)
    assert [(t.thread_id, t.query) for t in kept] == [(0, "bus"), (0, "ferry"), (0, "tram")]
    changed = await topics.change_query(storage.chats, kept[1], parse_query("raft"))
    assert changed.query == "raft"
    await _follow(storage, "Boats", "raft", 5)
    assert len(await storage.chats.topics(1)) == 4
