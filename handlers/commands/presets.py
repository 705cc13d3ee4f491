"""Ready-made topics, each followed or left with one tap."""

from bot.actions.topics import TopicWish, follow
from bot.delivery.render import bold
from bot.news.query.presets import Preset
from bot.news.text.words import fold
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
        await call.note("That one is not offered any more.")
        await show(call)
        return
    chats, now = call.storage.chats, call.now()
    known = (await _followed(call)).get(fold(preset.name))
    if known is None:
        await resume(call)
        wish = TopicWish(preset.name, preset.query)
        await follow(chats, call.chat.id, call.thread_id, wish, now)
        await call.note(f"Following {preset.name}.")
    else:
        await chats.remove_topic(known)
        await call.note(f"{preset.name} removed.")
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
    text = (
        f"{bold('Ready-made topics')}\nTap one to follow it, once more to leave it. "
        f"This chat follows {count or 'none'} of them."
    )
    await call.show(text, keyboard(*rows, [("My topics", pack("topics"))]))


def _label(preset: Preset, followed: dict[str, int]) -> str:
    return f"✓ {preset.name}" if fold(preset.name) in followed else preset.name
