"""A name that is followed already: nothing of the topic is lost, and a person is asked.

Others change topics meanwhile: a button carries the words that it was shown beside.
"""

from collections.abc import Sequence
from zlib import crc32

from bot.actions import topics as topics_actions
from bot.actions.topics import TopicWish, both, called_so
from bot.news.chat import Topic
from bot.news.query.match import Query
from bot.news.query.parse import parse_query
from bot.news.query.spelled import as_typed
from bot.news.text.plain import cut
from bot.texts.html import Html, bold, code, lines
from bot.texts.said import say, say_many
from handlers.call import Call
from handlers.commands import topic_page
from handlers.rights import resume
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import arranged, keyboard
from handlers.screens.threads import forum_of
from handlers.screens.topic_choice import label

_SHOWN = 120


async def is_asked(call: Call, wish: TopicWish) -> bool:
    """Asks about a wish whose name the chat follows already; False where it does not."""
    known = called_so(await call.storage.chats.topics(call.chat.id), wish.name)
    here = [topic for topic in known if topic.thread_id == call.thread_id]
    if not known:
        return False
    if not here:
        await ask_where(call, known, wish)
    elif str(wish.query) == here[0].query:
        await topic_page.show_topic(call, here[0])
    else:
        await _ask_words(call, here[0], wish.query, wish.words)
    return True


async def _ask_words(call: Call, topic: Topic, wanted: Query, typed: str) -> None:
    """Replace the words, keep both, or leave it."""
    locale = call.locale
    kept, known = await _keep(call, wanted), _mark(topic)
    ways = [
        [(locale.plain("Replace words"), pack("again", topic.id, kept, "replace", known))],
        [(locale.plain("Keep old and new words"), pack("again", topic.id, kept, "both", known))],
        [(locale.plain("Leave it"), pack("again", topic.id, kept, "leave"))],
    ]
    if both(topic, wanted) is None:
        del ways[1]
    text = lines(
        bold(locale.t("{topic} is a topic here already.", topic=topic.name)),
        locale.t(
            "It has: {words}", words=_shown(as_typed(parse_query(topic.query), topic.name.lower()))
        ),
        locale.t("You sent: {words}", words=_shown(typed)),
    )
    await call.ask(text, keyboard(*ways))


async def ask_where(call: Call, known: Sequence[Topic], wish: TopicWish) -> None:
    """Asks whether to move a topic here from another thread, or to follow it here too; of several
    which one, before that.
    """
    # Who writes the bare name of a topic means its words.
    words = [wish.query if wish.is_named else parse_query(each.query) for each in known]
    if len(known) == 1:
        await _ask_where(call, known[0], words[0])
        return
    locale, there = call.locale, await forum_of(call)
    buttons = [
        (
            label(each, [*known], there),
            pack("again", each.id, await _keep(call, wanted), "which"),
        )
        for each, wanted in zip(known, words, strict=True)
    ]
    asked = lines(
        locale.t(say_many("{n} topics fit {name}.", len(known), name=bold(wish.name))),
        locale.t("Which topic do you mean?"),
    )
    await call.ask(asked, keyboard(*arranged(buttons)))


async def _ask_where(call: Call, topic: Topic, wanted: Query) -> None:
    """Move the topic here, or follow here too."""
    locale, there = call.locale, await forum_of(call)
    kept = await _keep(call, wanted)
    ways = [
        [(locale.plain("Move here"), pack("again", topic.id, kept, "move"))],
        [(locale.plain("Follow here too"), pack("again", topic.id, kept, "here"))],
        [(locale.plain("Leave it"), pack("again", topic.id, kept, "leave"))],
    ]
    text = lines(
        bold(locale.t(there.is_elsewhere(topic.name, topic.thread_id))),
        locale.t("Move its alerts here, or follow it here too?"),
    )
    await call.ask(text, keyboard(*ways))


async def _keep(call: Call, wanted: Query) -> int:
    return await call.storage.stories.keep_search(call.chat.id, str(wanted), call.now())


def _mark(topic: Topic) -> str:
    """A short name of the words of a topic, by which it is seen that they have changed."""
    return f"{crc32(topic.query.encode()):x}"


def _shown(words: str) -> Html:
    return code(cut(words, _SHOWN))


def _would_undo(choice: str, topic: Topic, wanted: Query, *, is_here: bool) -> bool:
    """Whether an answer would change words that are others than it was given about. Where they are
    those that it asks for, somebody has pressed twice.
    """
    if choice == "both":
        return both(topic, wanted) is not None
    is_of_words = choice == "replace" or (choice == "here" and is_here)
    return is_of_words and topic.query != str(wanted)


async def answered(call: Call, press: Press) -> None:
    """Does what was chosen, and shows the topic as it is then; asks again where somebody has
    changed its words meanwhile.
    """
    topic = await topic_page.pressed(call, press)
    words = await call.storage.stories.search_words(call.chat.id, press.number(1) or 0)
    if topic is None:
        return
    if words is None:
        await call.note(say("This question is old. Send /topic and the words again."))
        return
    chats, wanted = call.storage.chats, parse_query(words)
    choice, known = (*press.arguments[2:], "", "")[:2]
    if choice == "here":
        there = called_so(await chats.topics(call.chat.id), topic.name)
        topic = next((each for each in there if each.thread_id == call.thread_id), topic)
    is_here = topic.thread_id == call.thread_id
    if known != _mark(topic) and _would_undo(choice, topic, wanted, is_here=is_here):
        if known or choice == "here":  # buttons of before name no words that they were given about
            await call.note(say("Somebody changed its words meanwhile."))
        await _ask_words(call, topic, wanted, as_typed(wanted, topic.name.lower()))
        return
    match choice:
        case "which":
            await _ask_where(call, topic, wanted)
            return
        case "replace":
            topic = await topics_actions.change_query(chats, topic, wanted)
            await call.note(say("Words replaced."), *await resume(call))
        case "both":
            query = both(topic, wanted) or parse_query(topic.query)
            topic = await topics_actions.change_query(chats, topic, query)
            await call.note(say("Both are kept."), *await resume(call))
        case "move":
            topic = await topics_actions.move(chats, topic, call.thread_id)
            await call.note(say("Its alerts come here now."))
        case "here":
            wish = TopicWish(topic.name, wanted)
            topic = await topics_actions.follow(
                chats, call.chat.id, call.thread_id, wish, call.now()
            )
            await call.note(say("Followed here too."), *await resume(call))
        case _:
            await call.note(say("Left as it is."))
    await topic_page.show_topic(call, topic)
