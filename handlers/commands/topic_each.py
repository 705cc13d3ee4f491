"""Each of several things as a topic of its own, for who named them with *and* between."""

from bot.actions.topics import called_so, check_room, read_topic
from bot.texts.html import bold, joined
from bot.texts.said import say
from handlers.call import Call
from handlers.commands import presets
from handlers.rights import resume
from handlers.screens import apart
from handlers.screens.callback_data import Press, pack
from handlers.screens.keyboard import arranged, keyboard
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
