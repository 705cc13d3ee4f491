"""Pausing a chat for a time, and going on. A pause without an end is `bot.actions.chats.stop`."""

from msgspec.structs import replace

from bot.actions.chats import resume
from bot.news.chat import Chat, ChatState, Habits
from bot.news.telling import timing
from storage.storage import Storage


async def pause(storage: Storage, chat: Chat, until: float, now: float) -> Habits:
    """Tells a chat nothing until then. What comes meanwhile, and what waits now, comes in a digest
    at the end.
    """
    habits = replace(chat.habits, paused_until=until)
    await storage.chats.set_habits(chat.id, habits)
    ends = timing.held_until(habits, now)
    if now < chat.habits.paused_until:  # it may be a shorter one
        await storage.pauses.let_go(chat.id, timing.held_until(chat.habits, now), ends)
    await storage.pauses.hold_back(chat.id, ends, now)
    if chat.state is ChatState.STOPPED:
        await resume(storage.chats, chat, now)
    return habits


def is_paused(chat: Chat, now: float) -> bool:
    """Whether a chat is told nothing now because it said so."""
    return chat.state is ChatState.STOPPED or now < chat.habits.paused_until


async def go_on(storage: Storage, chat: Chat, now: float) -> bool:
    """Serves a chat again that was paused, had stopped or was blocked; what came meanwhile comes
    now, or with its next digest. False if it was served or must wait to be let in.
    """
    resumed = await resume(storage.chats, chat, now)
    ends = chat.habits.paused_until
    if now >= ends:
        return resumed
    habits = replace(chat.habits, paused_until=0.0)
    await storage.chats.set_habits(chat.id, habits)
    before = timing.held_until(chat.habits, now)
    await storage.pauses.let_go(chat.id, before, timing.held_until(habits, now))
    return chat.state is not ChatState.WAITING
