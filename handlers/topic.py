"""/topic: what this chat follows, and what it would have heard."""

import re

from bot import actions, search
from bot.actions import TopicWish
from bot.delivery import render
from bot.delivery.render import bold, code, escape
from bot.news.chat import Topic
from bot.search import Preview
from handlers.buttons import Press, pack
from handlers.keyboard import arranged, keyboard
from handlers.kit import Call
from handlers.latest import item_of
from handlers.rights import may_change, refuse

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
            await _test(call, verb["rest"] if verb else "")
        case _ if not await may_change(call):
            await refuse(call)
        case "remove":
            await _remove(call, verb["rest"] if verb else "")
        case "mute":
            await _mute(call, verb["rest"] if verb else "")
        case _:
            await follow(call, actions.read_topic(words))


async def follow(call: Call, wish: TopicWish) -> None:
    """Follows a topic and says what the last seven days would have brought."""
    now = call.kit.now()
    await actions.resume(call.kit.storage.chats, call.chat, now)
    stored = await actions.follow(call.kit.storage.chats, call.chat.id, call.thread_id, wish, now)
    preview = await search.preview(call.kit.storage.stories, wish.query, now)
    named = "" if stored.name == stored.query else f" ({code(stored.query)})"
    text = f"Following {bold(stored.name)}{named}.\n{_told(call, preview)}"
    await call.answer(text, keyboard([("Remove", pack("unfollow", stored.id)), _listing()]))


async def follow_search(call: Call, press: Press) -> None:
    """Follows the words of a /latest as a topic."""
    if not await may_change(call):
        await refuse(call)
        return
    words = await call.kit.storage.stories.search_words(press.number(0) or 0)
    if words is None:
        await call.note("This list is old; send /topic and the words.")
        return
    await follow(call, actions.read_topic(words))
    await call.note("Followed.")


async def unfollow(call: Call, press: Press) -> None:
    """Removes the topic whose button was pressed."""
    if not await may_change(call):
        await refuse(call)
        return
    for known in await call.kit.storage.chats.topics(call.chat.id):
        if known.id == press.number(0):
            await actions.unfollow(call.kit.storage.chats, known)
            await call.note(f"{known.name} removed.")
            break
    else:
        await call.note("That topic is gone already.")
    await show_topics(call)


async def show_topics(call: Call) -> None:
    """The chat's topics, each with a button to remove it."""
    topics = await call.kit.storage.chats.topics(call.chat.id)
    if not topics:
        await call.show(
            f"{bold('This chat follows no topic yet.')}\n"
            f"Write one: {code('/topic ceasefire OR truce')}\n"
            f"Try it first: {code('/topic test earthquake -drill')}",
            keyboard([("Newest stories", pack("latest", 0))]),
        )
        return
    lines = [f"• {_line(call, known)}" for known in topics[:_SHOWN]]
    if len(topics) > _SHOWN:
        lines.append(f"and {len(topics) - _SHOWN} more")
    removals = [(f"✕ {known.name}", pack("unfollow", known.id)) for known in topics[:_SHOWN]]
    await call.show(
        f"{bold('This chat follows')}\n" + "\n".join(lines), keyboard(*arranged(removals))
    )


def _line(call: Call, topic: Topic) -> str:
    text = bold(topic.name)
    if topic.name != topic.query:
        text += f" {code(topic.query)}"
    now = call.kit.now()
    if topic.muted_until > now:
        text += f", silent until {render.clock(topic.muted_until, call.chat.timezone, now)}"
    return text


async def _test(call: Call, words: str) -> None:
    wish = actions.read_topic(words)
    preview = await search.preview(call.kit.storage.stories, wish.query, call.kit.now())
    search_id = await call.kit.storage.stories.keep_search(str(wish.query), call.kit.now())
    await call.answer(
        f"{bold(str(wish.query))} would have brought this.\n{_told(call, preview)}",
        keyboard([("Follow it", pack("follow", search_id))]),
    )


async def _remove(call: Call, name: str) -> None:
    known = await actions.topic_named(call.kit.storage.chats, call.chat.id, name)
    await actions.unfollow(call.kit.storage.chats, known)
    await call.answer(f"{bold(known.name)} removed.", keyboard([_listing()]))


async def _mute(call: Call, words: str) -> None:
    found = _MUTE.fullmatch(words)
    name, time = (found["name"], found["time"]) if found else (words, "")
    seconds = actions.read_duration(time)
    known = await actions.topic_named(call.kit.storage.chats, call.chat.id, name)
    until = await actions.mute(call.kit.storage.chats, known, seconds, call.kit.now())
    at = render.clock(until, call.chat.timezone, call.kit.now())
    await call.answer(f"{bold(known.name)} is silent until {at}.")


def _listing() -> tuple[str, str]:
    return ("All topics", pack("topics"))


def _told(call: Call, preview: Preview) -> str:
    """What a query would have brought, in words, with the newest stories."""
    if not preview.stories:
        return escape(
            "The last 7 days brought nothing on it. That may be right for a rare event; "
            "fewer words or an OR find more."
        )
    count = f"{preview.stories}{'' if preview.whole else ' or more'}"
    stories = "story" if count == "1" else "stories"
    a_day = f"{preview.a_day:.1f}" if preview.a_day < 10 else f"{preview.a_day:.0f}"
    newest = render.headlines(
        [item_of(story) for story in preview.newest], call.chat.timezone, call.kit.now()
    )
    return f"Last 7 days: {count} {stories}, about {escape(a_day)} a day. The newest:\n{newest}"
