"""/topic: what this chat follows, and what it would have heard."""

import re

from bot.actions import topics as topics_actions
from bot.actions.topics import TopicWish, kept_topic, mute, read_duration, read_topic, topic_named
from bot.delivery import render
from bot.delivery.render import bold, code
from bot.news.chat import Topic
from bot.news.text.plain import cut
from handlers import previews
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.commands import presets, topic_page
from handlers.keyboard import Button, arranged, keyboard
from handlers.rights import resume
from handlers.surface import Action, Command, Line, Who, again

_VERB = re.compile(r"(?P<verb>test|remove|mute)\s+(?P<rest>\S.*)", re.IGNORECASE | re.DOTALL)
_MUTE = re.compile(r"(?P<name>.+?)\s+(?P<time>\S+)", re.DOTALL)
_SHOWN = 30
_QUERY_SHOWN = 80


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
    named = "" if stored.name == stored.query else f" ({code(cut(stored.query, 400))})"
    told, others = await previews.preview(call, wish.query)
    names, offered = topic_page.names_offered(call, stored)
    await call.answer(
        f"Following {bold(stored.name)}{named}.\n{told}{names}",
        keyboard(
            *offered,
            *others,
            [
                ("Options", pack("topic", stored.id)),
                ("Remove", pack("unfollow", stored.id)),
                ("All topics", pack("topics")),
            ],
        ),
    )


async def follow_search(call: Call, press: Press) -> None:
    """Follows the words of a /latest or of a test as a topic."""
    if wish := await _kept(call, press):
        await follow(call, wish)
        await call.note("Followed.")


async def try_search(call: Call, press: Press) -> None:
    """Tests other words, which a test or an answer offered."""
    if wish := await _kept(call, press):
        await _test(call, wish)
        await call.note()


async def _kept(call: Call, press: Press) -> TopicWish | None:
    words = await call.storage.stories.search_words(call.chat.id, press.number(0) or 0)
    if words is None:
        await call.note("This list is old; send /topic and the words.")
        return None
    return kept_topic(words)


async def unfollow(call: Call, press: Press) -> None:
    """Removes the topic whose button was pressed."""
    for known in await call.storage.chats.topics(call.chat.id):
        if known.id == press.number(0):
            await topics_actions.unfollow(call.storage.chats, known)
            await call.note(f"{known.name} removed.")
            break
    else:
        await call.note("That topic is gone already.")
    await show_topics(call)


async def show_topics(call: Call) -> None:
    """The chat's topics, each with a button that opens its options, and the ready-made ones."""
    topics = await call.storage.chats.topics(call.chat.id)
    last: list[Button] = [("Ready-made topics", pack("presets", 0))]
    if not topics:
        await call.show(
            f"{bold('This chat follows no topic yet.')}\n"
            "Choose ready-made ones below, or write one of your own:\n"
            f"{code('/topic ceasefire OR truce')}\n"
            f"Try it first: {code('/topic test earthquake -drill')}",
            keyboard(last, [("Newest stories", pack("latest", 0))]),
        )
        return
    lines = [f"• {_line(call, known)}" for known in topics[:_SHOWN]]
    if len(topics) > _SHOWN:
        lines.append(f"and {len(topics) - _SHOWN} more")
    pages = [(known.name, pack("topic", known.id)) for known in topics[:_SHOWN]]
    text = render.fitting([bold("This chat follows"), *lines], "\n")
    await call.show(text, keyboard(*arranged(pages), last))


def _line(call: Call, topic: Topic) -> str:
    text = bold(topic.name)
    if topic.name != topic.query:
        text += f" {code(cut(topic.query, _QUERY_SHOWN))}"
    now = call.now()
    if topic.muted_until > now:
        text += f", silent until {render.clock(topic.muted_until, call.chat.timezone, now)}"
    return text


async def _test(call: Call, wish: TopicWish) -> None:
    words = str(wish.query)
    kept = await call.storage.stories.keep_search(call.chat.id, words, call.now())
    told, others = await previews.preview(call, wish.query)
    await call.answer(
        f"{bold(cut(words, 400))} would have brought this.\n{told}",
        keyboard(*others, [("Follow it", pack("follow", kept))]),
    )


async def _remove(call: Call, name: str) -> None:
    known = await topic_named(call.storage.chats, call.chat.id, name)
    await topics_actions.unfollow(call.storage.chats, known)
    await call.answer(f"{bold(known.name)} removed.", keyboard([("All topics", pack("topics"))]))


async def _mute(call: Call, words: str) -> None:
    found = _MUTE.fullmatch(words)
    name, time = (found["name"], found["time"]) if found else (words, "")
    seconds = read_duration(time)
    known = await topic_named(call.storage.chats, call.chat.id, name)
    until = await mute(call.storage.chats, known, seconds, call.now())
    at = render.clock(until, call.chat.timezone, call.now())
    await call.answer(f"{bold(known.name)} is silent until {at}.")


def _only_shows(words: str) -> bool:
    """The list, and a test."""
    verb = _VERB.fullmatch(words)
    return not words or bool(verb and verb["verb"].lower() == "test")


COMMANDS = (
    Command(
        name="topic",
        handler=topic,
        who=Who.CHANGERS,
        shows=_only_shows,
        for_members=True,
        menu=Line(20, "What this chat follows; add a topic"),
        help=Line(20, "what this chat follows; /topic ceasefire OR truce to follow more"),
        actions=(
            Action("topics", again(show_topics)),
            Action("follow", follow_search, Who.CHANGERS),
            Action("unfollow", unfollow, Who.CHANGERS),
            Action("try", try_search),
            Action("topic", topic_page.show),
            Action("option", topic_page.change, Who.CHANGERS),
            Action("name", topic_page.include, Who.CHANGERS),
            Action("part", topic_page.take_part_out, Who.CHANGERS),
            Action("presets", again(presets.show)),
            Action("preset", presets.choose, Who.CHANGERS),
        ),
    ),
)
