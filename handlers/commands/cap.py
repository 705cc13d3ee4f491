"""/cap: how many alerts a day come one by one, in this chat or of one topic."""

import re
from dataclasses import replace

from bot.actions.habits import change_habits, read_cap
from bot.actions.topics import topic_named
from bot.delivery.render import bold, code
from handlers.call import Call
from handlers.commands.digest import summary
from handlers.surface import Command, Line, Who, without_words

_NAMED = re.compile(r"(?P<name>.+?)\s+(?P<number>\S+)", re.DOTALL)


async def cap(call: Call) -> None:
    """Sets the number for the chat, or for the topic that is named before it; `off` ends it."""
    words = call.words.strip()
    if not words:
        await call.answer(_now(call))
        return
    named = _NAMED.fullmatch(words)
    if named:
        await _of_topic(call, named["name"], read_cap(named["number"]))
    else:
        await _of_chat(call, read_cap(words))


async def _of_chat(call: Call, most: int) -> None:
    habits = replace(call.chat.habits, cap=most)
    await change_habits(call.storage, call.chat, habits, call.now())
    ended = "" if most else "\nNothing is kept back for its number."
    await call.answer(summary(habits, call.now()) + ended)


async def _of_topic(call: Call, name: str, most: int) -> None:
    chats = call.storage.chats
    topic = await topic_named(chats, call.chat.id, name)
    await chats.set_options(topic.id, replace(topic.options, cap=most))
    if most:
        said = f"At most {_alerts(most)} a day of {bold(topic.name)}; the rest comes as a digest."
    else:
        said = f"All alerts of {bold(topic.name)} come, however many."
    await call.answer(said)


def _now(call: Call) -> str:
    most = call.chat.habits.cap
    said = f"At most {_alerts(most)} a day come one by one." if most else "All alerts come."
    return (
        f"{said} Change it: {code('/cap 12')}; of one topic: {code('/cap Ferries 3')}; "
        f"all of them: {code('/cap off')}"
    )


def _alerts(most: int) -> str:
    return "1 alert" if most == 1 else f"{most} alerts"


COMMANDS = (
    Command(
        name="cap",
        handler=cap,
        who=Who.CHANGERS,
        shows=without_words,
        menu=Line(210, "At most so many alerts a day"),
        help=Line(110, "at most so many alerts a day; /cap 12"),
    ),
)
