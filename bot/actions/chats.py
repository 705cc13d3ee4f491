"""Chats: letting them in, pausing, and what they follow whole.

Bad input raises BadInput or QueryError with one sentence for that person; nothing has changed then.
"""

from collections.abc import Sequence

from bot.errors import BadInput
from bot.news.chat import (
    MOST_FOLLOWED,
    MOST_THREADS,
    SHUT_OUT,
    Chat,
    ChatState,
    Subscription,
)
from bot.news.feed import Feed, FeedGroup
from bot.news.why import Code, because
from bot.texts.said import say, say_many
from storage.chats.chats import Chats
from storage.storage import Storage


async def resume(chats: Chats, chat: Chat, now: float) -> bool:
    """Serves a chat that had stopped or was blocked; False if it was served or must wait."""
    if chat.state in (ChatState.ACTIVE, ChatState.WAITING):
        return False
    await chats.set_state(chat.id, ChatState.ACTIVE, None, now)
    return True


async def stop(chats: Chats, chat: Chat, now: float) -> None:
    """Pauses a chat; what it follows is kept, what waits for it is not sent."""
    await chats.set_state(chat.id, ChatState.STOPPED, because(Code.SAID_STOP), now)


async def let_in(storage: Storage, chat_id: int, now: float) -> None:
    """Lets in a chat that waits for it or was shut out. Raises BadInput for one nobody knows."""
    pardoned = await storage.chats.pardon(chat_id)
    if await storage.chats.get(chat_id):
        await storage.chats.set_state(chat_id, ChatState.ACTIVE, None, now)
    elif not pardoned:
        raise BadInput(say("Chat {chat_id} has never written to this bot.", chat_id=str(chat_id)))


async def shut_out(storage: Storage, chat_id: int, now: float) -> None:
    """Serves a chat no more until it is let in again, also where it has its data deleted, or has
    done so already.
    """
    if await storage.chats.get(chat_id):
        await storage.chats.set_state(chat_id, ChatState.WAITING, SHUT_OUT, now)
    else:
        await storage.chats.refuse(chat_id)


async def subscribe(
    chats: Chats, chat_id: int, thread_id: int, what: Feed | FeedGroup | None, now: float
) -> bool:
    """Follows every story of a feed, of the feeds that are in a group when it comes, or of all
    (None); False if the chat did already. Raises BadInput where it follows as many as it may.
    """
    wanted = _subscription(chat_id, thread_id, what)
    there = await chats.subscriptions(chat_id)
    if wanted not in there:
        check_room(there)
        await check_thread(chats, chat_id, thread_id)
    return await chats.subscribe(wanted, now)


def check_room(there: Sequence[Subscription]) -> None:
    """Raises BadInput where a chat that follows these may follow no more."""
    if len(there) >= MOST_FOLLOWED:
        raise BadInput(
            say_many(
                "A chat follows {n} sources and groups at most. /unsubscribe one first.",
                MOST_FOLLOWED,
            )
        )


async def check_thread(chats: Chats, chat_id: int, thread_id: int) -> None:
    """Raises BadInput where a chat follows in as many threads as it may, and not in this one."""
    threads = await followed_threads(chats, chat_id)
    if thread_id not in threads and len(threads) >= MOST_THREADS:
        raise BadInput(
            say_many(
                "A group follows in {n} threads at most. Unfollow all in one first.",
                MOST_THREADS,
            )
        )


async def followed_threads(chats: Chats, chat_id: int) -> frozenset[int]:
    """The threads of a chat in which something is followed."""
    subscribed = {each.thread_id for each in await chats.subscriptions(chat_id)}
    return frozenset(subscribed | {each.thread_id for each in await chats.topics(chat_id)})


async def unsubscribe(
    chats: Chats, chat_id: int, thread_id: int, what: Feed | FeedGroup | None
) -> bool:
    """Ends what `subscribe` began; False if there was nothing to end."""
    return await chats.unsubscribe(_subscription(chat_id, thread_id, what))


def _subscription(chat_id: int, thread_id: int, what: Feed | FeedGroup | None) -> Subscription:
    if isinstance(what, FeedGroup):
        return Subscription(chat_id, thread_id, None, what.name)
    return Subscription(chat_id, thread_id, what.id if what else None)
