"""`/topic move NAME here`, or to a thread that is named: where the alerts of a topic come."""

from bot.actions import topics as topics_actions
from bot.news.chat import Topic
from bot.news.text.words import fold
from bot.texts.said import say
from handlers.call import Call
from handlers.commands import topic_page
from handlers.routing.whereabouts import begins_with_place, in_thread, without_here
from handlers.screens.callback_data import Press, pack
from handlers.screens.topic_choice import one_meant

_QUESTION = say("Which topic do you want to move?")


async def move(call: Call, words: str) -> bool:
    """Moves the topic of exactly this name here, or to the thread that is named behind it; else
    says how that is done, or asks which one. False where words name no topic and no place: they
    are one to follow.
    """
    language, names = call.chat.language, await call.storage.threads.names(call.chat.id)
    if here := without_here(words, language):
        name, threads = here, [call.thread_id]
    else:
        name, threads = in_thread(words, names, bare=True)
    if without_here(f"move {words}", language) == "move":
        name, threads = "", [call.thread_id]  # it is here and nothing that is to be moved
    if not threads:
        name = await _named_first(call, words)
        behind = words[len(name) :]
        if not name or (behind and not begins_with_place(behind)):
            return False
    to = threads[0] if len(threads) == 1 else None

    def carries(topic: Topic) -> str:
        return pack("option", topic.id, "thread") if to is None else pack("here", topic.id, to)

    known = await one_meant(call, name, _QUESTION, carries, anywhere=True, exactly=True)
    if known and to is not None:
        await _move(call, known, to)
    elif known:
        await topic_page.open_option(call, known, "thread")
    return True


async def move_here(call: Call, press: Press) -> None:
    """Sends the alerts of a topic to the thread that the button names, or in which it was
    pressed.
    """
    if topic := await topic_page.pressed(call, press):
        to = press.number(1)
        await _move(call, topic, call.thread_id if to is None else to)


async def _move(call: Call, topic: Topic, thread_id: int) -> None:
    moved = await topics_actions.move(call.storage.chats, topic, thread_id)
    await topic_page.show_topic(call, moved)
    if thread_id == call.thread_id:
        await call.note(say("Its alerts come here now."))


async def _named_first(call: Call, words: str) -> str:
    """The name of a topic that words begin with; nothing where they begin with none."""
    names = {fold(topic.name) for topic in await call.storage.chats.topics(call.chat.id)}
    parts, longest = words.split(), max((len(name.split()) for name in names), default=0)
    begun = (" ".join(parts[:end]) for end in range(min(longest, len(parts)), 0, -1))
    return next((name for name in begun if fold(name) in names), "")
