"""/topic: what this chat follows, and what it would have heard."""

import re

from bot.actions import topics as topics_actions
from bot.actions.topics import TopicWish, kept_topic, mute, read_duration, read_topic, topic_named
from bot.news.chat import Topic
from bot.news.text.plain import cut
from bot.texts.html import Html, bold, code, fitting, lines
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers import previews
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.commands import presets, topic_page
from handlers.commands.why import topic_named as shown
from handlers.keyboard import Button, arranged, keyboard
from handlers.rights import resume
from handlers.setting_screens import to_settings
from handlers.surface import Action, Command, HelpLine, MenuLine, Purpose, Who, again

_VERB = re.compile(r"(?P<verb>test|remove|mute)\s+(?P<rest>\S.*)", re.IGNORECASE | re.DOTALL)
_MUTE = re.compile(r"(?P<name>.+?)\s+(?P<time>\S+)", re.DOTALL)
_SHOWN = 30


async def topic(call: Call) -> None:
    """Shows, follows, tests, removes or mutes, as the words after the command say."""
    words = call.words.strip()
    verb = _VERB.fullmatch(words)
    match verb["verb"].lower() if verb else "follow" if words else "list":
        case "list":
            await show_topics(call)
        case "test":
            await _test(call, read_topic(verb["rest"] if verb else "", call.chat.language))
        case "remove":
            await _remove(call, verb["rest"] if verb else "")
        case "mute":
            await _mute(call, verb["rest"] if verb else "")
        case _:
            await follow(call, read_topic(words, call.chat.language))


async def follow(call: Call, wish: TopicWish) -> None:
    """Follows a topic and says what the last seven days would have brought."""
    now = call.now()
    await resume(call)
    stored = await topics_actions.follow(
        call.storage.chats, call.chat.id, call.thread_id, wish, now
    )
    locale = call.locale
    name, query = bold(stored.name), code(cut(stored.query, 400))
    if stored.name == stored.query:
        following = locale.t("Following {name}.", name=name)
    else:
        following = locale.t("Following {name} ({query}).", name=name, query=query)
    brought, others = await previews.preview(call, wish.query)
    names, offered = topic_page.names_offered(call, stored)
    ways = [
        (locale.plain("Options"), pack("topic", stored.id)),
        (locale.plain("Remove"), pack("unfollow", stored.id)),
        (locale.plain("All topics"), pack("topics")),
    ]
    await call.answer(lines(following, brought, names), keyboard(*offered, *others, ways))


async def follow_search(call: Call, press: Press) -> None:
    """Follows the words of a /latest or of a test as a topic."""
    if wish := await _kept(call, press):
        await follow(call, wish)
        await call.note(say("Followed."))


async def try_search(call: Call, press: Press) -> None:
    """Tests other words, which a test or an answer offered."""
    if wish := await _kept(call, press):
        await _test(call, wish)


async def _kept(call: Call, press: Press) -> TopicWish | None:
    words = await call.storage.stories.search_words(call.chat.id, press.number(0) or 0)
    if words is None:
        await call.note(say("This list is old; send /topic and the words."))
        return None
    return kept_topic(words)


async def unfollow(call: Call, press: Press) -> None:
    """Removes the topic whose button was pressed."""
    for known in await call.storage.chats.topics(call.chat.id):
        if known.id == press.number(0):
            await topics_actions.unfollow(call.storage.chats, known)
            await call.note(say("{name} removed.", name=known.name))
            break
    else:
        await call.note(say("That topic is gone already."))
    await show_topics(call)


async def show_topics(call: Call) -> None:
    """The chat's topics, each with a button that opens its options, and the ready-made ones."""
    topics, locale = await call.storage.chats.topics(call.chat.id), call.locale
    last: list[Button] = [(locale.plain("Ready-made topics"), pack("presets", 0))]
    if not topics:
        await call.show(
            lines(
                bold(locale.t("This chat follows no topic yet.")),
                locale.t(
                    "Choose ready-made ones below, or write one of your own:\n{example}",
                    example=code("/topic ceasefire OR truce"),
                ),
                locale.t("Try it first: {example}", example=code("/topic test earthquake -drill")),
            ),
            keyboard(
                last, [(locale.plain("Newest stories"), pack("latest", 0))], to_settings(call)
            ),
        )
        return
    listed = [Html("• ") + _line(known, locale) for known in topics[:_SHOWN]]
    if len(topics) > _SHOWN:
        listed.append(locale.t("and {n} more", n=len(topics) - _SHOWN))
    pages = [(known.name, pack("topic", known.id)) for known in topics[:_SHOWN]]
    text = fitting([bold(locale.t("This chat follows")), *listed], "\n")
    await call.show(text, keyboard(*arranged(pages), last, to_settings(call)))


def _line(topic: Topic, locale: Locale) -> Html:
    name = shown(topic.name, topic.query)
    if topic.muted_until <= locale.now:
        return name
    until = locale.clock(topic.muted_until)
    return locale.t("{topic}, silent until {time}", topic=name, time=until)


async def _test(call: Call, wish: TopicWish) -> None:
    words = str(wish.query)
    kept = await call.storage.stories.keep_search(call.chat.id, words, call.now())
    brought, others = await previews.preview(call, wish.query)
    query = bold(cut(words, 400))
    await call.answer(
        lines(call.locale.t("{query} would have brought this.", query=query), brought),
        keyboard(*others, [(call.locale.plain("Follow it"), pack("follow", kept))]),
    )


async def _remove(call: Call, name: str) -> None:
    known = await topic_named(call.storage.chats, call.chat.id, name)
    await topics_actions.unfollow(call.storage.chats, known)
    await call.answer(
        call.locale.t("{name} removed.", name=bold(known.name)),
        keyboard([(call.locale.plain("All topics"), pack("topics"))]),
    )


async def _mute(call: Call, words: str) -> None:
    found = _MUTE.fullmatch(words)
    name, time = (found["name"], found["time"]) if found else (words, "")
    seconds = read_duration(time)
    known = await topic_named(call.storage.chats, call.chat.id, name)
    topic, locale = bold(known.name), call.locale
    at = locale.clock(await mute(call.storage.chats, known, seconds, locale.now))
    await call.answer(locale.t("{topic} is silent until {time}.", topic=topic, time=at))


def _only_shows(words: str) -> bool:
    """The list, and a test."""
    verb = _VERB.fullmatch(words)
    return not words or bool(verb and verb["verb"].lower() == "test")


COMMANDS = (
    Command(
        "topic", topic, shows=_only_shows, for_members=True,
        menu=MenuLine(20, say("Topics you follow")),
        help=HelpLine(
            Purpose.FOLLOW, 10, say("Topics"),
            say("topics you follow"), "/topic ceasefire OR truce",
        ),
        actions=(
            Action("topics", again(show_topics), Who.ANYBODY),
            Action("follow", follow_search),
            Action("unfollow", unfollow),
            Action("try", try_search, Who.ANYBODY),
            Action("topic", topic_page.show, Who.ANYBODY),
            Action("option", topic_page.change),
            Action("name", topic_page.include),
            Action("part", topic_page.take_part_out),
            Action("presets", again(presets.show), Who.ANYBODY),
            Action("preset", presets.choose),
        ),
    ),
)  # fmt: skip
