"""Topics for who may have meant another: each of several things that were named with *and* between,
and only the word where a ready-made topic is called so.
"""

from contextlib import suppress

from bot.actions import topics as topics_actions
from bot.actions.topics import TopicWish, called_so, check_room, read_topic
from bot.errors import BadInput
from bot.news.chat import Topic
from bot.news.query.parse import parse_query, read_query
from bot.texts.html import bold, joined
from bot.texts.said import say
from handlers.call import Call
from handlers.commands import presets, topic_page
from handlers.rights import resume
from handlers.screens import apart, previews
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import Button, arranged, keyboard
from handlers.screens.threads import forum_of
from handlers.screens.topic_choice import label
from handlers.screens.wished import preset_named


async def follow_each(call: Call, press: Press) -> None:
    """Follows what the button names; ready-made topics with their words."""
    kept = await call.storage.stories.search_words(call.chat.id, press.number(0) or 0)
    if kept is None:
        await call.note(say("This list is old. Send /topic and the words."))
        return
    parts, chats, locale = apart.kept_parts(kept), call.storage.chats, call.locale
    check_room(await chats.topics(call.chat.id), len(parts))
    again = await resume(call)
    names = []
    for part in parts:
        if preset := preset_named(call, part):
            await presets.set_followed(call, preset, on=True)
            names.append(presets.name_of(call, preset))
        else:
            wish = read_topic(part, call.chat.language)
            await presets.take(call, wish)
            names.append(wish.name)
    await call.note(say("Followed."))
    topics, there = await chats.topics(call.chat.id), await forum_of(call)
    followed = {topic.id: topic for name in names for topic in called_so(topics, name)}
    buttons = [(label(each, topics, there), pack("topic", each.id)) for each in followed.values()]
    said = bold(locale.t("Following {what}.", what=locale.all_of(names)))
    every = [(locale.plain("All topics"), pack("topics"))]
    await call.show(joined(" ", [said, *map(locale.t, again)]), keyboard(*arranged(buttons), every))


async def to_follow_each(call: Call, wish: TopicWish) -> list[Button]:
    """A button for each of the things that a wish names together, where no story has them so."""
    each = [] if wish.is_named else await apart.to_follow_each(call, wish.typed)
    return each if each and await apart.has_none(call, wish.query) else []


async def to_follow_only_words(call: Call, ready: Topic, typed: str) -> list[Button]:
    """A button for who typed the name of a ready-made topic and meant no more than these words."""
    if not typed:
        return []
    kept = await previews.keep(call, read_query(typed, call.chat.language), typed)
    return [previews.only(call, typed, "only", ready.id, kept)]


async def follow_only_words(call: Call, press: Press) -> None:
    """Gives a topic that has ready-made words those that were typed, unless it was changed."""
    known = await topic_page.pressed(call, press)
    if known is None:
        return
    words = await call.storage.stories.search_words(call.chat.id, press.number(1) or 0)
    if words is None:
        await call.note(say("This list is old. Send /topic and the words."))
    elif presets.is_ready_made(call, parse_query(known.query)):
        known = await topics_actions.change_query(call.storage.chats, known, parse_query(words))
        typed = await call.storage.stories.search_shown(call.chat.id, press.number(1) or 0)
        with suppress(BadInput):
            known = await topics_actions.rename(call.storage.chats, known, typed or words)
    await topic_page.show_topic(call, known)
