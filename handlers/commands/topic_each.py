"""Topics for who may have meant another: each of several things that were named with *and* between,
and only the word where a ready-made topic is called so.
"""

from contextlib import suppress

from bot.actions import topics as topics_actions
from bot.actions.topics import TopicWish, called_so, check_room, read_topic
from bot.errors import BadInput
from bot.news.chat import Topic
from bot.news.query.parse import read_query
from bot.news.query.presets import Preset
from bot.texts.html import bold, joined
from bot.texts.said import say
from handlers.call import Call
from handlers.commands import presets, topic_page
from handlers.rights import resume
from handlers.screens import apart
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
    topics, number = await chats.topics(call.chat.id), press.number(1)
    together = str(read_query(" ".join(parts), call.chat.language))
    whole = [each for each in topics if each.id == number and each.query == together]
    check_room([each for each in topics if each not in whole], len(parts))
    for each in whole:
        await topics_actions.unfollow(chats, each, call.now())
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


async def to_follow_each(call: Call, wish: TopicWish, whole: Topic) -> list[Button]:
    """A button for each of the things that a wish names together, where no story has them so, in
    the place of the topic for the whole.
    """
    each = [] if wish.is_named else await apart.to_follow_each(call, wish.typed, whole.id)
    return each if each and await apart.has_none(call, wish.query) else []


def to_take_ready_words(call: Call, topic: Topic) -> Button | None:
    """A button for who followed one word that a ready-made topic is called by, which has others."""
    preset = _of_one_word(call, topic)
    if preset is None:
        return None
    named = call.locale.plain("{topic}, ready-made", topic=presets.name_of(call, preset))
    return named, pack("ready", topic.id)


async def take_ready_words(call: Call, press: Press) -> None:
    """Gives a topic of one word those of the ready-made one that is called so."""
    known = await topic_page.pressed(call, press)
    if known is None:
        return
    if preset := _of_one_word(call, known):
        known = await topics_actions.change_query(call.storage.chats, known, preset.query)
        with suppress(BadInput):
            name = presets.name_of(call, preset)
            known = await topics_actions.rename(call.storage.chats, known, name)
    await topic_page.show_topic(call, known)


def _of_one_word(call: Call, topic: Topic) -> Preset | None:
    """The ready-made topic that is called as a topic is that looks for its name alone."""
    preset = preset_named(call, topic.name)
    own = str(read_query(topic.name, call.chat.language)) if preset else ""
    return preset if own == topic.query else None
