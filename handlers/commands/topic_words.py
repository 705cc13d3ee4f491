"""The words of a topic: what it looks for and leaves out, and other names for it, six a page."""

import unicodedata
from zlib import crc32

from bot.actions import refining
from bot.actions.topics import change_query
from bot.aside import aside
from bot.news.chat import Topic
from bot.news.query.match import Query
from bot.news.query.outline import outline
from bot.news.query.parse import parse_query
from bot.news.query.spelled import as_typed
from bot.texts.html import NOTHING, Html, bold, code, lines
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers.call import Call
from handlers.commands.topic_page import pressed
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, arranged, keyboard
from handlers.screens.pages import BACK_AND_ON, page_of, turning

_A_PAGE = 6
_QUERY_SHOWN = 200
_ALL = "all"
_QUOTES = '"'
PREVIOUS_AND_NEXT = (say("← Previous"), say("Next →"))


async def show(call: Call, press: Press) -> None:
    """Shows the words of a topic, and what can be added and taken out."""
    if topic := await pressed(call, press):
        await _show(call, topic, press.number(1) or 0)


async def include(call: Call, press: Press) -> None:
    """Includes another name of what the topic names, or all that are offered."""
    topic = await pressed(call, press)
    if topic is None:
        return
    chosen = press.arguments[1] if len(press.arguments) > 1 else ""
    query = parse_query(topic.query)
    if chosen == _ALL:
        # Many names take a while; others must not wait for it.
        query = await aside(call.services.shipped.aliases.expand, query)
    for offer in call.services.shipped.aliases.offers(query):
        for name in offer.names:
            if _mark(name) == chosen:
                query = call.services.shipped.aliases.include(query, offer.word, (name,))
    await _rewrite(call, topic, query, press.number(2) or 0)


async def take_part_out(call: Call, press: Press) -> None:
    """Takes one alternative, or one exclusion, out of the query."""
    topic = await pressed(call, press)
    if topic is None:
        return
    query = parse_query(topic.query)
    chosen = press.arguments[1] if len(press.arguments) > 1 else ""
    for part in refining.removable(query):
        if _mark(str(part)) == chosen:
            query = refining.without(query, part)
            break
    await _rewrite(call, topic, query, press.number(2) or 0)


async def _rewrite(call: Call, topic: Topic, query: Query, page: int) -> None:
    changed = await change_query(call.storage.chats, topic, query)
    await _show(call, changed, page)
    new = changed.query != topic.query
    await call.note(say("Changed.") if new else say("Nothing to change."))


def can_be_named_otherwise(call: Call, topic: Topic) -> bool:
    """Whether what a topic names has other names, which its words do not have."""
    return bool(call.services.shipped.aliases.offers(parse_query(topic.query)))


async def _show(call: Call, topic: Topic, wanted: int) -> None:
    locale, query = call.locale, parse_query(topic.query)
    offers = call.services.shipped.aliases.offers(query)
    names = _by_script([name for offer in offers for name in offer.names])
    parts = refining.removable(query)
    page = page_of(len(names) + len(parts), _A_PAGE, wanted)
    buttons = [
        *[
            (
                f"✕ {as_typed(part, topic.name.lower()).strip(_QUOTES)}",
                pack("part", topic.id, _mark(str(part)), page.number),
            )
            for part in parts
        ],
        *[(f"+ {name}", pack("name", topic.id, _mark(name), page.number)) for name in names],
    ]
    rows = arranged(page.of(buttons))
    every: list[Button] = []
    if names:
        every = [(locale.plain("Add all other names"), pack("name", topic.id, _ALL, page.number))]
    again = locale.t(
        "Other words: {example}", example=code(f"/topic {topic.name}: {locale.plain('WORDS')}")
    )
    await call.show(
        lines(
            page.under(bold(locale.t("Words of {topic}", topic=topic.name)), locale),
            _shown(as_typed(query, topic.name.lower()), query, locale),
            locale.t("✕ takes a word out.") if parts else NOTHING,
            locale.t("+ adds another name.") if names else NOTHING,
            again,
        ),
        keyboard(
            *rows,
            turning(
                locale,
                pack("words", topic.id, page.number - 1) if page.number else None,
                pack("words", topic.id, page.number + 1) if not page.is_last else None,
                PREVIOUS_AND_NEXT,
            ),
            every,
            [(locale.plain(BACK_AND_ON[0]), pack("topic", topic.id))],
        ),
    )


def _shown(words: str, query: Query, locale: Locale) -> Html:
    """The words where a phone shows them whole, else how many they are: the buttons name them."""
    if len(words) <= _QUERY_SHOWN:
        return code(words)
    return locale.n("1 word", "{n} words", outline(query).words)


def _by_script(names: list[str]) -> list[str]:
    """The first name of each script before the rest, so that who reads another one sees theirs."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(unicodedata.name(name[0], "").partition(" ")[0], name)
    of_each = list(first.values())
    return [*of_each, *(name for name in names if name not in of_each)]


def _mark(text: str) -> str:
    """A short name of a text that fits into a button; the text is found again by it."""
    return f"{crc32(text.encode()):x}"
