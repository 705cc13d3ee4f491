"""The page of one topic: how it tells, other names to include, and parts to take out."""

import unicodedata
from dataclasses import replace
from zlib import crc32

from bot.actions import refining
from bot.actions.topics import change_query
from bot.aside import aside
from bot.news.chat import Topic, TopicOptions
from bot.news.query.match import Query
from bot.news.query.parse import parse_query
from bot.news.text.plain import cut
from bot.texts.html import NOTHING, Html, bold, code, lines
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.keyboard import Button, arranged, keyboard
from handlers.pages import BACK_AND_ON

_NAMES_OFFERED = 9
_PARTS_OFFERED = 12
_QUERY_SHOWN = 1_500
_SOURCES = (1, 2, 3)
_CAPS = (0, 3, 10)
_ALL = "all"


async def show(call: Call, press: Press) -> None:
    """Shows the page of a topic."""
    if topic := await _topic(call, press):
        await _show(call, topic)


async def change(call: Call, press: Press) -> None:
    """Turns one option of a topic on, off or to its next value."""
    topic = await _topic(call, press)
    if topic is None:
        return
    options = _turned(topic.options, press.arguments[1] if len(press.arguments) > 1 else "")
    await call.storage.chats.set_options(topic.id, options)
    await _show(call, replace(topic, options=options))


def _turned(options: TopicOptions, name: str) -> TopicOptions:
    match name:
        case "silent":
            return replace(options, silent=not options.silent)
        case "digest":
            return replace(options, digest=not options.digest)
        case "sources":
            return replace(options, sources=_next(_SOURCES, options.sources))
        case "cap":
            return replace(options, cap=_next(_CAPS, options.cap))
        case _:
            return options


def _next(values: tuple[int, ...], value: int) -> int:
    return values[(values.index(value) + 1) % len(values)] if value in values else values[0]


async def include(call: Call, press: Press) -> None:
    """Includes another name of what the topic names, or all that are offered."""
    topic = await _topic(call, press)
    if topic is None:
        return
    chosen = press.arguments[1] if len(press.arguments) > 1 else ""
    query = parse_query(topic.query)
    if chosen == _ALL:
        # Many names take a while; others must not wait for it.
        query = await aside(call.services.aliases.expand, query)
    for offer in call.services.aliases.offers(query):
        for name in offer.names:
            if _mark(name) == chosen:
                query = call.services.aliases.include(query, offer.word, (name,))
    await _rewrite(call, topic, query)


async def take_part_out(call: Call, press: Press) -> None:
    """Takes one alternative, or one exclusion, out of the query."""
    topic = await _topic(call, press)
    if topic is None:
        return
    query = parse_query(topic.query)
    chosen = press.arguments[1] if len(press.arguments) > 1 else ""
    for part in refining.removable(query):
        if _mark(str(part)) == chosen:
            query = refining.without(query, part)
            break
    await _rewrite(call, topic, query)


async def _rewrite(call: Call, topic: Topic, query: Query) -> None:
    changed = await change_query(call.storage.chats, topic, query, call.now())
    await _show(call, changed)
    new, _locale = changed.query != topic.query, call.locale
    await call.note(say("Changed.") if new else say("It is so already."))


async def _topic(call: Call, press: Press) -> Topic | None:
    for topic in await call.storage.chats.topics(call.chat.id):
        if topic.id == press.number(0):
            return topic
    await call.note(say("That topic is gone already."))
    return None


def names_offered(call: Call, topic: Topic) -> tuple[Html, list[list[Button]]]:
    """Other names of what a topic names, that its query does not have: in words and as buttons."""
    offers = call.services.aliases.offers(parse_query(topic.query))
    names = _mixed([name for offer in offers for name in offer.names])
    if not names:
        return NOTHING, []
    buttons = [(f"+ {name}", pack("name", topic.id, _mark(name))) for name in names]
    called = call.locale.list(bold(offer.word) for offer in offers[:3])
    text = call.locale.t("Others call {names} by other names; include them?", names=called)
    include_all = (call.locale.plain("Include all"), pack("name", topic.id, _ALL))
    return text, [*arranged(buttons), [include_all]]


def _mixed(names: list[str]) -> list[str]:
    """Some of the names: the first of each script beside the first of all, so that who reads
    another one sees theirs.
    """
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(unicodedata.name(name[0], "").partition(" ")[0], name)
    of_each = list(first.values())[: _NAMES_OFFERED // 2]
    chosen = dict.fromkeys(
        [*of_each, *(name for name in names if name not in of_each)][:_NAMES_OFFERED]
    )
    return [name for name in names if name in chosen]


async def _show(call: Call, topic: Topic) -> None:
    names, offered = names_offered(call, topic)
    locale = call.locale
    parts = [
        (f"✕ {part}", pack("part", topic.id, _mark(str(part))))
        for part in refining.removable(parse_query(topic.query))[:_PARTS_OFFERED]
    ]
    query = code(cut(topic.query, _QUERY_SHOWN))
    back = (locale.plain(BACK_AND_ON[0]), pack("topics"))
    await call.show(
        lines(bold(topic.name), query, _how(topic, locale), names),
        keyboard(
            *_options(topic, locale),
            *offered,
            *arranged(parts),
            [(locale.plain("Remove topic"), pack("unfollow", topic.id)), back],
        ),
    )


def _options(topic: Topic, locale: Locale) -> list[list[Button]]:
    options = topic.options
    sound = locale.plain("Sound: off") if options.silent else locale.plain("Sound: on")
    when = locale.plain("In digests") if options.digest else locale.plain("At once")
    sources = locale.plain("Sources: {n} or more", n=options.sources)
    cap = locale.plain("A day: {n}", n=options.cap) if options.cap else locale.plain("A day: all")
    rows = (((sound, "silent"), (when, "digest")), ((sources, "sources"), (cap, "cap")))
    return [[(label, pack("option", topic.id, name)) for label, name in row] for row in rows]


def _how(topic: Topic, locale: Locale) -> Html:
    """How a topic is told."""
    options = topic.options
    if topic.muted_until > locale.now:
        return locale.t("Silent until {time}.", time=locale.clock(topic.muted_until))
    how = [locale.t("Told in digests") if options.digest else locale.t("Told at once")]
    how.append(locale.t("without a sound") if options.silent else locale.t("with a sound"))
    if options.sources > 1:
        how.append(locale.t("once {n} independent sources carry it", n=options.sources))
    if options.cap:
        how.append(
            locale.n(
                "at most 1 alert a day, the rest in a digest",
                "at most {n} alerts a day, the rest in a digest",
                options.cap,
            )
        )
    return locale.t("{sentence}.", sentence=locale.list(how))


def _mark(text: str) -> str:
    """A short name of a text that fits into a button; the text is found again by it."""
    return f"{crc32(text.encode()):x}"
