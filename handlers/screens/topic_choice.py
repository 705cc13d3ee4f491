"""Which topic is meant: said where a name fits none or several, with the topics as buttons."""

from collections.abc import Callable

from bot.actions.topics import meant, nearest_first
from bot.news.chat import Topic
from bot.news.text.plain import cut
from bot.texts.html import NOTHING, Html, bold, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say_many
from handlers.call import Call
from handlers.screens.callback_data import pack
from handlers.screens.keyboard import keyboard

_SHOWN = 12
_NAME = 60


async def one_meant(
    call: Call, name: str, question: Said, carries: Callable[[Topic], str]
) -> Topic | None:
    """The topic that a name means. Where that is not one, asks `question` and offers those that
    fit, or all with the likeliest first, each with a button that `carries` what was wanted.
    """
    topics = await call.storage.chats.topics(call.chat.id)
    found = meant(topics, name, call.thread_id)
    if len(found) == 1:
        return found[0]
    await ask(call, _not_one(call.locale, name, len(found)), question, name, carries)
    return None


async def ask(
    call: Call, said: Html, question: Said, name: str, carries: Callable[[Topic], str]
) -> None:
    """Says what was not understood, and asks which topic is meant."""
    locale = call.locale
    topics = await call.storage.chats.topics(call.chat.id)
    offered = meant(topics, name, call.thread_id) or nearest_first(topics, name)
    if not topics:
        ways = [(locale.plain("Ready-made topics"), pack("presets", 0))]
        await call.show(lines(said, locale.t("No topics are followed yet.")), keyboard(ways))
        return
    buttons = [(label(each, topics, call), carries(each)) for each in offered[:_SHOWN]]
    rows = [buttons[i : i + 2] for i in range(0, len(buttons), 2)]
    every = [(locale.plain("All topics"), pack("topics"))]
    await call.show(lines(said, locale.t(question)), keyboard(*rows, every))


def label(topic: Topic, topics: list[Topic], call: Call) -> str:
    """A topic on a button: its name, whether it is muted, and of one name in several threads
    where it is.
    """
    name, locale = cut(topic.name, 28), call.locale
    if topic.muted_until > locale.now:
        return locale.plain("{topic} · muted", topic=name)
    if len({each.thread_id for each in topics}) > 1:
        if topic.thread_id == call.thread_id:
            return locale.plain("{topic} · this thread", topic=name)
        return locale.plain("{topic} · elsewhere", topic=name)
    return name


def _not_one(locale: Locale, name: str, count: int) -> Html:
    shown = bold(cut(name, _NAME))
    if not name:
        return NOTHING
    if count:
        return locale.t(say_many("{n} topics fit {name}.", count, name=shown))
    return locale.t("No topic is called {name}.", name=shown)
