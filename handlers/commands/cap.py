"""/cap: how many alerts a day come one by one, in this chat or of one topic."""

from msgspec.structs import replace

from bot.actions.habits import change_habits, read_cap
from bot.actions.topics import called_so
from bot.news.telling.spoken_limits import split_limit
from bot.texts.html import NOTHING, bold, lines
from bot.texts.said import say, say_n
from handlers.call import Call
from handlers.commands.digest import answer
from handlers.screens.callback_data import pack
from handlers.screens.keyboard import keyboard
from handlers.screens.setting_screens import about, left_by, open_setting
from handlers.screens.topic_choice import one_meant
from handlers.surface import Command, HelpLine, Purpose, without_words


async def cap(call: Call) -> None:
    """Sets the number for the chat, or for the topic that is named before it; `off` ends it."""
    name, limit = split_limit(call.words)
    whole, _, last = call.words.strip().rpartition(" ")
    if whole and called_so(await call.storage.chats.topics(call.chat.id), whole):
        name, limit = whole, last  # a topic may be called Max
    if not limit:
        await open_setting(call, "cap")
    elif name:
        await _of_topic(call, name, read_cap(limit))
    else:
        await _of_chat(call, read_cap(limit))


async def _of_chat(call: Call, most: int) -> None:
    habits = replace(call.chat.habits, cap=most)
    await change_habits(call.storage, call.chat, habits, call.now())
    await answer(about(call, habits), "cap", asks=True)


async def _of_topic(call: Call, name: str, most: int) -> None:
    question = say("Which topic is the limit for?")
    topic = await one_meant(call, name, question, lambda t: pack("option", t.id, "cap", most))
    if topic is None:
        return
    topic = replace(topic, options=replace(topic.options, cap=most))
    await call.storage.chats.set_options(topic.id, topic.options)
    if most:
        said = say_n(
            "At most 1 alert a day of {topic}. The rest comes in a digest.",
            "At most {n} alerts a day of {topic}. The rest comes in a digest.",
            most,
            topic=bold(topic.name),
        )
    else:
        said = say("No daily limit for {topic}: all alerts come.", topic=bold(topic.name))
    asked, rows = await left_by(call, topic, "cap") or (NOTHING, [])
    await call.answer(lines(call.locale.t(said), asked), keyboard(*rows))


COMMANDS = (
    Command(
        "cap", cap, shows=without_words,
        help=HelpLine(
            Purpose.LESS, 10, say("Daily limit"),
            say("how many alerts a day"), "/cap 12",
        ),
    ),
)  # fmt: skip
