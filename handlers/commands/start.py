"""/start, /stop and /help."""

import base64
import binascii

from bot.actions.pausing import go_on
from bot.actions.topics import TopicWish, read_topic
from bot.errors import TocsinError
from bot.news.chat import ChatState, FirstStep
from bot.texts.html import NOTHING, Html, bold, code, lines
from bot.texts.said import say
from handlers.call import Call
from handlers.commands import first_minute, presets, topic
from handlers.rights import may_change
from handlers.screens.callback_data import pack
from handlers.screens.keyboard import Button, keyboard
from handlers.screens.setting_screens import paused
from handlers.surface import (
    Command,
    HelpLine,
    Purpose,
    Who,
)

_TOPIC, _WORDS = "topic_", "t-"
"""What deep links begin with: a ready-made topic by its key, and words as base64url."""


async def start(call: Call) -> None:
    """In private the first minute, or what holds here; elsewhere one short screen. Resumes a chat
    that had stopped.
    """
    may = await may_change(call)
    resumed = may and await go_on(call.storage, call.chat, call.now())
    if may and call.words.startswith((_TOPIC, _WORDS)):
        await _follow_link(call)
    elif call.chat.kind != "private":
        await _short_screen(call, resumed=resumed, may=may)
    elif call.chat.first_step and not resumed:
        await first_minute.show(call, call.chat.first_step)
    else:
        await first_minute.home(call, _hello(call, resumed), [first_minute.steps_button(call)])


def _hello(call: Call, resumed: bool) -> Html:
    if resumed:
        return call.locale.t("Welcome back. Alerts are on again.")
    return call.locale.t("Alerts are on")


async def _short_screen(call: Call, *, resumed: bool, may: bool) -> None:
    """What is done here, and what whoever asked may do; to members of a group, who stays paused."""
    locale = call.locale
    newest = (locale.plain("Newest stories"), pack("latest", 0))
    topics = (locale.plain("Topics"), pack("topics"))
    rows: list[list[Button]] = [[newest, topics], [(locale.plain("Help"), pack("help"))]]
    if may:
        own = locale.t("Your own words: {example}", example=code("/topic ceasefire"))
        choose = (locale.plain("Choose topics"), pack("presets", 0))
        rows.insert(0, [choose, (locale.plain("Follow everything"), pack("subscribe_all"))])
    else:
        own = locale.t("Administrators choose what comes here.")
    if resumed:
        hello = locale.t("Welcome back. Alerts are on again.")
    else:
        hello = NOTHING if may else paused(call)
    said = [bold(hello or locale.t("News alerts, one for each story"))]
    if resumed or not hello:
        feeds = (await call.storage.feeds.census(call.chat.id)).feeds
        said.append(
            locale.n(
                "I read 1 source and send its news here.",
                "I read {n} sources and send their news here.",
                feeds,
            )
        )
    await call.show(lines(*said, own), keyboard(*rows))


async def _follow_link(call: Call) -> None:
    """Follows the topic of a deep link; in the first minute among the topics to choose."""
    preset = presets.preset_of(call, call.words.removeprefix(_TOPIC))
    wish = TopicWish(presets.name_of(call, preset), preset.query) if preset else _wish_of(call)
    if wish is None:
        said = say("I can't read the topic in this link. Choose one: /topic")
        await call.answer(call.locale.t(said))
    elif call.chat.kind == "private" and call.chat.first_step:
        await presets.take(call, wish)
        await first_minute.go(call, FirstStep.TOPICS)
    elif preset and await presets.is_kept(call, preset):
        await presets.ask(call, presets.USUAL, preset, presets.POPULAR)
    elif preset and await presets.is_asked_where(call, preset):
        return
    else:
        await topic.follow(call, wish)


def _wish_of(call: Call) -> TopicWish | None:
    """The topic that a link carries as words; None where it cannot be read."""
    raw = call.words.removeprefix(_WORDS)
    if raw == call.words:
        return None
    try:
        words = base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4)).decode()
        return read_topic(words, call.chat.language)
    except (binascii.Error, UnicodeDecodeError, TocsinError):
        return None


def waits(call: Call) -> bool:
    """True for a chat that no operator has let in."""
    return call.chat.state is ChatState.WAITING


async def explain_waiting(call: Call) -> None:
    """Says how to be let in."""
    said = say(
        "This bot serves invited chats only. Ask its operator to let in chat {number}.",
        number=code(str(call.chat.id)),
    )
    await call.answer(call.locale.t(said))


COMMANDS = (
    Command(
        "start", start, Who.ANYBODY, changes=True,
        help=HelpLine(Purpose.CHATS, 40, say("Begin again"), say("begin, or resume after a pause")),
    ),
)  # fmt: skip
