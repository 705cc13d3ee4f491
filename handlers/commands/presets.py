"""Ready-made topics, each followed or left with one tap."""

from bot.actions.topics import TopicWish, follow
from bot.news.query.presets import Preset
from bot.news.text.words import fold
from bot.texts.html import bold, joined, lines
from bot.texts.said import say
from handlers.call import Call
from handlers.callback_data import Press, pack
from handlers.keyboard import Button, keyboard
from handlers.rights import resume

_A_ROW = 2


async def choose(call: Call, press: Press) -> None:
    """Follows the one pressed, or leaves it where the chat follows it."""
    key = press.arguments[0] if press.arguments else ""
    preset = next((each for each in call.services.presets if each.key == key), None)
    if preset is None:
        await call.note(say("That one is not offered any more."))
        await show(call)
        return
    chats, now = call.storage.chats, call.now()
    known = (await _followed(call)).get(fold(preset.name))
    if known is None:
        await resume(call)
        wish = TopicWish(preset.name, preset.query)
        await follow(chats, call.chat.id, call.thread_id, wish, now)
        await call.note(say("Following {name}.", name=preset.name))
    else:
        await chats.remove_topic(known)
        await call.note(say("{name} removed.", name=preset.name))
    await show(call)


async def _followed(call: Call) -> dict[str, int]:
    topics = await call.storage.chats.topics(call.chat.id)
    return {fold(topic.name): topic.id for topic in topics}


async def show(call: Call) -> None:
    """All of them, by group; what the chat follows has a mark."""
    followed = await _followed(call)
    rows: list[list[Button]] = []
    group = ""
    for preset in call.services.presets:
        if preset.group != group or len(rows[-1]) == _A_ROW:
            rows.append([])
        group = preset.group
        rows[-1].append((_label(preset, followed), pack("preset", preset.key)))
    count = sum(fold(preset.name) in followed for preset in call.services.presets)
    locale = call.locale
    follows = (
        locale.t("This chat follows {n} of them.", n=count)
        if count
        else locale.t("This chat follows none of them.")
    )
    how = joined(" ", [locale.t("Tap one to follow it, once more to leave it."), follows])
    await call.show(
        lines(bold(locale.t("Ready-made topics")), how),
        keyboard(*rows, [(locale.plain("My topics"), pack("topics"))]),
    )


def _label(preset: Preset, followed: dict[str, int]) -> str:
    return f"✓ {preset.name}" if fold(preset.name) in followed else preset.name
