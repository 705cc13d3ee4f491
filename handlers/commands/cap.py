"""/cap: how many alerts a day come one by one, in this chat or of one topic."""

import re
from dataclasses import replace

from bot.actions.habits import change_habits, read_cap
from bot.texts.html import bold, lines
from bot.texts.said import say, say_n
from handlers.call import Call
from handlers.callback_data import pack
from handlers.commands.digest import summary
from handlers.setting_screens import open_setting
from handlers.surface import Command, MenuLine, without_words
from handlers.topic_choice import one_meant

_NAMED = re.compile(r"(?P<name>.+?)\s+(?P<number>\S+)", re.DOTALL)


async def cap(call: Call) -> None:
    """Sets the number for the chat, or for the topic that is named before it; `off` ends it."""
    words = call.words.strip()
    if not words:
        await open_setting(call, "cap")
        return
    named = _NAMED.fullmatch(words)
    if named:
        await _of_topic(call, named["name"], read_cap(named["number"]))
    else:
        await _of_chat(call, read_cap(words))


async def _of_chat(call: Call, most: int) -> None:
    habits = replace(call.chat.habits, cap=most)
    await change_habits(call.storage, call.chat, habits, call.now())
    said = summary(habits, call.locale)
    ended = call.locale.t("All alerts come, however many.")
    await call.answer(said if most else lines(said, ended))


async def _of_topic(call: Call, name: str, most: int) -> None:
    question = say("Which topic is the limit for?")
    topic = await one_meant(call, name, question, lambda t: pack("option", t.id, "cap", most))
    if topic is None:
        return
    await call.storage.chats.set_options(topic.id, replace(topic.options, cap=most))
    if most:
        said = say_n(
            "At most 1 alert a day of {topic}; the rest comes as a digest.",
            "At most {n} alerts a day of {topic}; the rest comes as a digest.",
            most,
            topic=bold(topic.name),
        )
    else:
        said = say("All alerts of {topic} come, however many.", topic=bold(topic.name))
    await call.answer(call.locale.t(said))


COMMANDS = (
    Command(
        "cap", cap, shows=without_words,
        menu=MenuLine(210, say("At most so many alerts a day")),
        help=MenuLine(110, say("at most so many alerts a day; /cap 12")),
    ),
)  # fmt: skip
