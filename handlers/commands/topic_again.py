"""A name that is followed already: nothing of the topic is lost, and a person is asked."""

from bot.actions import topics as topics_actions
from bot.actions.topics import TopicWish, both, called_so
from bot.news.chat import Topic
from bot.news.query.parse import parse_query
from bot.news.query.spelled import as_typed
from bot.news.text.plain import cut
from bot.texts.html import Html, bold, code, lines
from bot.texts.said import say
from handlers.call import Call
from handlers.commands import topic_page
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import keyboard

_SHOWN = 120


async def is_asked(call: Call, wish: TopicWish) -> bool:
    """Asks about a wish whose name the chat follows already; False where it does not."""
    known = called_so(await call.storage.chats.topics(call.chat.id), wish.name)
    here = [topic for topic in known if topic.thread_id == call.thread_id]
    if not known:
        return False
    if not here:
        await _ask_where(call, known[0], wish)
    elif str(wish.query) == here[0].query:
        await topic_page.show_topic(call, here[0])
    else:
        await _ask_words(call, here[0], wish)
    return True


async def _ask_words(call: Call, topic: Topic, wish: TopicWish) -> None:
    """Replace the words, keep both, or leave it."""
    locale = call.locale
    kept = await _keep(call, wish)
    ways = [
        [(locale.plain("Replace words"), pack("again", topic.id, kept, "replace"))],
        [(locale.plain("Keep old and new words"), pack("again", topic.id, kept, "both"))],
        [(locale.plain("Leave it"), pack("again", topic.id, kept, "leave"))],
    ]
    if both(topic, wish.query) is None:
        del ways[1]
    text = lines(
        bold(locale.t("{topic} is a topic here already.", topic=topic.name)),
        locale.t(
            "It has: {words}", words=_shown(as_typed(parse_query(topic.query), topic.name.lower()))
        ),
        locale.t("You sent: {words}", words=_shown(wish.words)),
    )
    await call.show(text, keyboard(*ways))


async def _ask_where(call: Call, topic: Topic, wish: TopicWish) -> None:
    """Move the topic here, or follow here too."""
    locale = call.locale
    # Who writes the bare name of a topic means its words.
    words = wish.query if wish.is_named else parse_query(topic.query)
    kept = await _keep(call, TopicWish(wish.name, words))
    ways = [
        [(locale.plain("Move here"), pack("again", topic.id, kept, "move"))],
        [(locale.plain("Follow here too"), pack("again", topic.id, kept, "here"))],
        [(locale.plain("Leave it"), pack("again", topic.id, kept, "leave"))],
    ]
    text = lines(
        bold(locale.t("{topic} is a topic in another thread.", topic=topic.name)),
        locale.t("Move its alerts here, or follow it here too?"),
    )
    await call.show(text, keyboard(*ways))


async def _keep(call: Call, wish: TopicWish) -> int:
    return await call.storage.stories.keep_search(call.chat.id, str(wish.query), call.now())


def _shown(words: str) -> Html:
    return code(cut(words, _SHOWN))


async def answered(call: Call, press: Press) -> None:
    """Does what was chosen, and shows the topic as it is then."""
    topic = await topic_page.pressed(call, press)
    words = await call.storage.stories.search_words(call.chat.id, press.number(1) or 0)
    if topic is None:
        return
    if words is None:
        await call.note(say("This question is old. Send /topic and the words again."))
        return
    chats = call.storage.chats
    match press.arguments[2] if len(press.arguments) > 2 else "":
        case "replace":
            topic = await topics_actions.change_query(chats, topic, parse_query(words))
            await call.note(say("Words replaced."))
        case "both":
            query = both(topic, parse_query(words)) or parse_query(topic.query)
            topic = await topics_actions.change_query(chats, topic, query)
            await call.note(say("Both are kept."))
        case "move":
            topic = await topics_actions.move(chats, topic, call.thread_id)
            await call.note(say("Its alerts come here now."))
        case "here":
            wish = TopicWish(topic.name, parse_query(words))
            topic = await topics_actions.follow(
                chats, call.chat.id, call.thread_id, wish, call.now()
            )
            await call.note(say("Followed here too."))
        case _:
            await call.note(say("Left as it is."))
    await topic_page.show_topic(call, topic)
