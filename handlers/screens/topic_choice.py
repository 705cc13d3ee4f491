"""Which topic is meant: said where a name fits none or several, with the topics as buttons."""

from collections.abc import Callable

from bot.actions.topics import called_so, meant, nearest_first
from bot.news.chat import Topic
from bot.news.text.plain import cut
from bot.texts.html import NOTHING, Html, bold, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say_many
from handlers.call import Call
from handlers.routing.whereabouts import without_here
from handlers.screens.callback_data import pack
from handlers.screens.keyboard import arranged, keyboard
from handlers.screens.threads import Forum, forum_of

_SHOWN = 12
_NAME = 60


async def one_meant(
    call: Call,
    name: str,
    question: Said,
    carries: Callable[[Topic], str],
    *,
    anywhere: bool = False,
    exactly: bool = False,
) -> Topic | None:
    """The topic that a name means, or is called `exactly` so. Where that is not one of this thread,
    or of the chat where one `anywhere` will do, asks `question` and offers those that fit, or all
    with the likeliest first, each with a button that `carries` what was wanted.
    """
    topics = await call.storage.chats.topics(call.chat.id)
    found = meant(topics, name, call.thread_id)
    if not found and (here := without_here(name, call.chat.language)):
        name, found = here, meant(topics, here, call.thread_id)
    if exactly and not called_so(topics, name):
        found = []
    if len(found) != 1:
        said = _not_one(call.locale, name, len(found))
    elif found[0].thread_id != call.thread_id and not anywhere:
        there = (await forum_of(call)).is_elsewhere(found[0].name, found[0].thread_id)
        said = bold(call.locale.t(there))
    else:
        return found[0]
    await ask(call, said, question, name, carries)
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
    there = await forum_of(call)
    buttons = [(label(each, topics, there), carries(each)) for each in offered[:_SHOWN]]
    every = [(locale.plain("All topics"), pack("topics"))]
    await call.ask(lines(said, locale.t(question)), keyboard(*arranged(buttons), every))


def label(topic: Topic, topics: list[Topic], there: Forum) -> str:
    """A topic on a button: its name, where it is if that is not plain, and whether it is muted."""
    is_among_others = len({each.thread_id for each in topics}) > 1
    name = there.label(topic.name, topic.thread_id, is_among_others=is_among_others)
    if topic.muted_until > there.locale.now:
        return there.locale.plain("{topic} · muted", topic=name)
    return name


def _not_one(locale: Locale, name: str, count: int) -> Html:
    shown = bold(cut(name, _NAME))
    if not name:
        return NOTHING
    if count:
        return locale.t(say_many("{n} topics fit {name}.", count, name=shown))
    return locale.t("No topic is called {name}.", name=shown)
