"""`/topic move NAME here`, or to a thread that is named: where the alerts of a topic come."""

from bot.actions import topics as topics_actions
from bot.actions.topics import called_so
from bot.news.chat import Topic
from bot.texts.said import say
from handlers.call import Call
from handlers.commands import topic_page
from handlers.routing.whereabouts import in_thread, without_here
from handlers.screens.callback_data import Press, pack
from handlers.screens.topic_choice import one_meant

_QUESTION = say("Which topic do you want to move?")


async def move(call: Call, words: str) -> None:
    """Moves a topic here, or to the thread that is named behind it; else says how that is done."""
    if here := without_here(words, call.chat.language):
        known = await one_meant(call, here, _QUESTION, _moves, anywhere=True)
        if known:
            await move_here(call, Press("here", (str(known.id),)))
        return
    names = await call.storage.threads.names(call.chat.id)
    name, threads = in_thread(words, names, bare=True)
    if len(threads) != 1:
        name = await _named_first(call, words)
    known = await one_meant(call, name, _QUESTION, _explains, anywhere=True)
    if known and len(threads) == 1:
        moved = await topics_actions.move(call.storage.chats, known, threads[0])
        await topic_page.show_topic(call, moved)
    elif known:
        await topic_page.open_option(call, known, "thread")


async def move_here(call: Call, press: Press) -> None:
    """Sends the alerts of a topic to the thread in which the button was pressed."""
    if topic := await topic_page.pressed(call, press):
        moved = await topics_actions.move(call.storage.chats, topic, call.thread_id)
        await topic_page.show_topic(call, moved)
        await call.note(say("Its alerts come here now."))


def _moves(topic: Topic) -> str:
    return pack("here", topic.id)


def _explains(topic: Topic) -> str:
    return pack("option", topic.id, "thread")


async def _named_first(call: Call, words: str) -> str:
    """The name of a topic that words begin with; all of them where they begin with none."""
    topics, parts = await call.storage.chats.topics(call.chat.id), words.split()
    begun = (" ".join(parts[:end]) for end in range(len(parts), 0, -1))
    return next((name for name in begun if called_so(topics, name)), words)
