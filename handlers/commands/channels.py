"""Channels, managed from the private chat of somebody who administers them.

A channel is bound by forwarding a post of it to the bot, or by making the bot its administrator.
Who bound it may then speak for it, for an hour: commands and buttons are about the channel, and
every screen says so. Telegram is asked each time whether the person still administers the channel
and whether the bot may still post there.
"""

from dataclasses import replace
from enum import Enum

import structlog
import telegram
from telegram import ChatMember, ChatMemberAdministrator
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.delivery.render import bold
from bot.news.chat import Chat, ChatState
from bot.news.text.plain import cut
from handlers.call import Call, Place
from handlers.callback_data import Press, pack
from handlers.commands import start
from handlers.keyboard import Button, keyboard
from handlers.surface import Action, Command, Line, Where, again

log = structlog.get_logger(__name__)

_HOUR = 3600.0
_TITLE = 60
_ADMINISTRATORS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)


class Standing(Enum):
    """Whether a person may speak for a channel now."""

    MAY = "may"
    NO_ADMINISTRATOR = "no administrator"
    MAY_NOT_POST = "the bot may not post"
    UNSURE = "Telegram did not say"


async def channels(call: Call) -> None:
    """The channels that this person bound, each with a button."""
    if call.user is None:
        return
    keepers = call.storage.keepers
    known = await keepers.channels_of(call.user.id)
    speaking = await keepers.speaking(call.user.id)
    lines = [bold("Your channels")]
    if known:
        lines.append("Choose one to speak for it: what you then write to me is about the channel.")
    lines.append(
        "To add one, make me its administrator with the right to post, then forward a post of it "
        "to me."
    )
    rows: list[list[Button]] = [[(chat.title, pack("speak", chat.id))] for chat in known]
    if speaking and speaking.until > call.now():
        lines.insert(1, f"You speak for {_named(speaking.chat)} at the moment.")
        rows.append([(f"End speaking for {speaking.chat.title}", pack("silent"))])
    await replace(call, place=None).show("\n".join(lines), keyboard(*rows))


async def forwarded(call: Call, origin: telegram.Chat) -> None:
    """Binds the channel of a post that was forwarded to the bot."""
    if call.user is None:
        return
    standing = await _standing(call, origin.id, call.user.id)
    title = bold(cut(origin.effective_name or "This channel", _TITLE))
    if standing is not Standing.MAY:
        await call.answer(_REFUSALS[standing].format(title=title))
        return
    channel = await call.services.chat_of(origin, call.user)
    await call.storage.keepers.keep(channel.id, call.user.id, call.now())
    await _begin(call, channel)


async def chosen(call: Call, press: Press) -> None:
    """Begins to speak for the channel that was pressed, one of those this person bound."""
    user = call.user
    known = await call.storage.keepers.channels_of(user.id) if user else []
    channel = next((chat for chat in known if chat.id == press.number(0)), None)
    if user is None or channel is None:
        await call.note("That channel is not bound any more; forward a post of it to me.")
        return
    standing = await _standing(call, channel.id, user.id)
    if standing is not Standing.MAY:
        await _lost(call, channel, standing)
        return
    await _begin(call, channel)
    await call.note()


async def _begin(call: Call, channel: Chat) -> None:
    if call.user is None:
        return
    until = call.now() + _HOUR
    await call.storage.keepers.speak(call.user.id, channel.id, until)
    spoken = replace(
        call, chat=channel, thread_id=0, place=Place(call.here, call.address.thread_id, until)
    )
    if start.waits(spoken):
        await start.explain_waiting(spoken)
        return
    await spoken.show(
        "What you write to me now is about this channel: /topic, /subscribe, /digest, /quiet, "
        "/cap, /mute, /settings, /stop. Alerts go there, answers come here.",
        keyboard(
            [("Choose topics", pack("presets", 0)), ("Follow everything", pack("subscribe_all"))],
            [("Topics of the channel", pack("topics")), ("Settings", pack("settings"))],
        ),
    )


async def silent(call: Call, _: Press) -> None:
    """Ends speaking for a channel."""
    if call.user:
        await call.storage.keepers.fall_silent(call.user.id)
    await channels(call)
    await call.note("You speak for yourself again.")


async def about(call: Call, channel_id: int | None) -> Call | None:
    """The call as it is meant: about the channel its person speaks for, if they do. A button
    names the channel that it is about. None where that may not be, which the person was told.
    """
    if call.user is None or call.chat.kind != "private":
        return call
    keepers, now = call.storage.keepers, call.now()
    speaking = await keepers.speaking(call.user.id)
    if channel_id is not None and (
        speaking is None or speaking.chat.id != channel_id or speaking.until <= now
    ):
        await call.note("You do not speak for that channel any more; /channels chooses it again.")
        return None
    if speaking is None:
        return call
    if speaking.until <= now:
        await keepers.fall_silent(call.user.id)
        await call.answer(
            f"Your hour of speaking for {_named(speaking.chat)} is over, so I did nothing. Send it "
            "again if you mean this chat, or choose the channel once more.",
            keyboard([(f"Speak for {speaking.chat.title}", pack("speak", speaking.chat.id))]),
        )
        return None
    standing = await _standing(call, speaking.chat.id, call.user.id)
    if standing is not Standing.MAY:
        await _lost(call, speaking.chat, standing)
        return None
    place = Place(call.chat, call.thread_id, speaking.until)
    return replace(call, chat=speaking.chat, thread_id=0, place=place)


async def _lost(call: Call, channel: Chat, standing: Standing) -> None:
    """Says why this person cannot speak for the channel; what is lost for good ends it."""
    if call.user and standing is Standing.NO_ADMINISTRATOR:
        await call.storage.keepers.leave(channel.id, call.user.id)
    elif call.user and standing is Standing.MAY_NOT_POST:
        await call.storage.keepers.fall_silent(call.user.id)
    await call.note()
    await call.answer(_REFUSALS[standing].format(title=_named(channel)))


async def _standing(call: Call, channel_id: int, user_id: int) -> Standing:
    bot = call.services.sender.bot
    try:
        own = await bot.get_chat_member(channel_id, bot.id)
        if not isinstance(own, ChatMemberAdministrator) or not own.can_post_messages:
            return Standing.MAY_NOT_POST
    except (BadRequest, Forbidden):
        return Standing.MAY_NOT_POST
    except TelegramError as error:
        log.warning("rights in a channel could not be asked", chat=channel_id, error=str(error))
        return Standing.UNSURE
    try:
        member = await bot.get_chat_member(channel_id, user_id)
    except (BadRequest, Forbidden):
        return Standing.NO_ADMINISTRATOR
    except TelegramError as error:
        log.warning("rights in a channel could not be asked", chat=channel_id, error=str(error))
        return Standing.UNSURE
    if member.status not in _ADMINISTRATORS:
        return Standing.NO_ADMINISTRATOR
    return Standing.MAY


async def welcome(call: Call) -> None:
    """Tells who made the bot an administrator of a channel how it is managed, in private."""
    person = await call.storage.chats.get(call.user.id) if call.user else None
    if person is None or person.state is not ChatState.ACTIVE:
        return
    at_home = replace(call, chat=person, thread_id=0)
    await at_home.answer(
        f"I may post in {_named(call.chat)} now. Nothing is told there before you choose what.",
        keyboard([(f"Speak for {call.chat.title}", pack("speak", call.chat.id))]),
    )


def _named(chat: Chat) -> str:
    return bold(cut(chat.title or "without a name", _TITLE))


_REFUSALS = {
    Standing.NO_ADMINISTRATOR: (
        "You are no administrator of {title}, so I cannot take your word for it. You speak for "
        "yourself here."
    ),
    Standing.MAY_NOT_POST: (
        "I may not post in {title}. Make me an administrator there who may, then forward a post "
        "of it to me again. Until then you speak for yourself here."
    ),
    Standing.UNSURE: (
        "Telegram does not say at the moment who administers {title}. Nothing was changed; try "
        "again in a minute."
    ),
}

COMMANDS = (
    Command(
        name="channels",
        handler=channels,
        where=Where.PRIVATE,
        elsewhere="Channels are managed in your private chat with me; write it there.",
        menu=Line(260, "Channels that you speak for"),
        help=Line(140, "channels that you administer, managed from here"),
        actions=(
            Action("channels", again(channels)),
            Action("speak", chosen),
            Action("silent", silent),
        ),
    ),
)
