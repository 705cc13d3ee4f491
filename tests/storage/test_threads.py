"""What the threads of a forum are called."""

from bot.news.chat import Subscription, Topic
from storage.chats.threads import HEARD_SECONDS, MOST_NAMED
from storage.storage import Storage
from tests.storage.samples import chat, sql

GROUP, OTHER = -1003, -1004


async def test_the_first_name_is_kept_until_a_thread_is_called_otherwise(storage: Storage) -> None:
    await storage.chats.meet(chat(GROUP, "supergroup"))
    await storage.threads.learn(GROUP, 7, "Science", 1_000.0)
    await storage.threads.learn(GROUP, 7, "Physics", 2_000.0)
    assert await storage.threads.names(GROUP) == {7: "Science"}
    await storage.threads.rename(GROUP, 7, "Physics", 3_000.0)
    assert await storage.threads.names(GROUP) == {7: "Physics"}


async def test_the_newest_of_a_chat_are_known(storage: Storage) -> None:
    for each in (GROUP, OTHER):
        await storage.chats.meet(chat(each, "supergroup"))
    await storage.threads.learn(OTHER, 1, "Old", 1.0)
    for n in range(MOST_NAMED + 2):
        await storage.threads.learn(GROUP, n + 1, f"Thread {n + 1}", 1_000.0 + n)
    names = await storage.threads.names(GROUP)
    assert (len(names), min(names)) == (MOST_NAMED, 3)
    assert await storage.threads.names(OTHER) == {1: "Old"}


async def test_where_something_is_followed_or_still_written_the_name_is_kept(
    storage: Storage,
) -> None:
    await storage.chats.meet(chat(GROUP, "supergroup"))
    for thread in (1, 2, 3, 4):
        await storage.threads.rename(GROUP, thread, f"Mended {thread}", 1_000.0)
    await storage.chats.put_topic(Topic(0, GROUP, 1, "ferry", "ferry", 0.0), "ferry\n1", 1_000.0)
    await storage.chats.subscribe(Subscription(GROUP, 2, None), 1_000.0)
    for n in range(MOST_NAMED):
        later = 1_001.0 + HEARD_SECONDS
        await storage.threads.learn(GROUP, 3, "Old", later)
        await storage.threads.learn(GROUP, 100 + n, f"Thread {n}", later - 1)
    names = await storage.threads.names(GROUP)
    assert [names.get(thread) for thread in (1, 2, 3, 4)] == [
        "Mended 1", "Mended 2", "Mended 3", None
    ]  # fmt: skip


async def test_the_same_name_again_writes_nothing(storage: Storage) -> None:
    await storage.chats.meet(chat(GROUP, "supergroup"))
    for at in (1_000.0, 2_000.0):
        await storage.threads.rename(GROUP, 7, "Science", at)
        await storage.threads.learn(GROUP, 7, "Science", at)
    assert await sql(storage, "SELECT at FROM thread_names") == [(1_000.0,)]


async def test_of_a_chat_that_is_not_known_or_is_forgotten_nothing_is(storage: Storage) -> None:
    await storage.threads.learn(GROUP, 7, "Science", 1_000.0)
    assert await storage.threads.names(GROUP) == {}
    await storage.chats.meet(chat(GROUP, "supergroup"))
    await storage.threads.learn(GROUP, 7, "Science", 1_000.0)
    await storage.chats.forget(GROUP)
    assert await storage.threads.names(GROUP) == {}


async def test_they_move_with_the_chat(storage: Storage) -> None:
    for is_known in (False, True):
        await storage.chats.meet(chat(-4, "group"))
        await storage.threads.learn(-4, 7, "Science", 1_000.0)
        if is_known:
            await storage.chats.meet(chat(OTHER, "supergroup"))
        await storage.chats.migrate(-4, OTHER if is_known else GROUP, 2_000.0)
        names = await storage.threads.names(OTHER if is_known else GROUP)
        assert names == {7: "Science"}
        assert await storage.threads.names(-4) == {}
