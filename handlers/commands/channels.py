"""Channels, managed from the private chat of somebody who administers them.

A channel is bound by forwarding a post of it to the bot, or by making the bot its administrator.
Who bound it may then speak for it, for an hour: commands and buttons are about the channel, and
every screen says so. Telegram is asked each time whether the person still administers the channel
and whether the bot may still post there.
"""

from enum import Enum

import structlog
import telegram
from msgspec import Struct
from msgspec.structs import replace
from telegram import ChatMember, ChatMemberAdministrator, InlineKeyboardMarkup
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.news.chat import Chat, ChatState
from bot.news.text.plain import cut
from bot.news.text.words import fold
from bot.texts.html import NOTHING, Html, bold, joined, lines
from bot.texts.locale import Locale
from bot.texts.said import Said, say
from handlers.call import Call, Place
from handlers.commands import start
from handlers.screens.callback_data import Press, pack
from handlers.screens.followed import followed
from handlers.screens.keyboard import Button, keyboard
from handlers.screens.setting_screens import to_settings
from handlers.services import called
from handlers.surface import Action, Command, HelpLine, Purpose, Where, Who, again

log = structlog.get_logger(__name__)

_HOUR = 3600.0
_TITLE, _LABEL = 60, 16
_MANAGING_WORDS = """
    manage verwalte verwalten gestiona gestionar gère gérer gestisci gestire gerencie gerenciar
    управляй управлять керуй керувати yönet yönetmek أدر إدارة נהל לנהל مدیریت प्रबंधित kelola 管理
"""
_MANAGING = frozenset(map(fold, _MANAGING_WORDS.split()))
_HEARD = (ChatState.ACTIVE, ChatState.STOPPED)  # who paused alerts is answered all the same
_ADMINISTRATORS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)


class _SpeakingRight(Enum):
    """Whether a person may speak for a channel now."""

    MAY = "may"
    NO_ADMINISTRATOR = "no administrator"
    NOT_THERE = "the bot is no administrator"
    MAY_NOT_POST = "the bot may not post"
    UNSURE = "Telegram did not say"


async def channels(call: Call) -> None:
    """The channels that this person bound, each with a button."""
    if call.user is None:
        return
    keepers, locale = call.storage.keepers, call.locale
    known = await keepers.channels_of(call.user.id)
    speaking = await keepers.speaking(call.user.id)
    said = [bold(locale.t("Your channels"))]
    rows: list[list[Button]] = [[(_name(chat, locale), pack("speak", chat.id))] for chat in known]
    if speaking and speaking.until > call.now():
        name = _named(speaking.chat, locale)
        said.append(locale.t("You manage {channel} now.", channel=name))
        rows.append([(locale.plain("Stop managing"), pack("silent"))])
    if known:
        said.append(locale.t("Choose one. For an hour, what you write here is about it."))
    to_add = lines(
        locale.t("To add one: make me its administrator, with the right to post."),
        locale.t("Then forward a post of it to me."),
    )
    to_group = locale.t("To a group: add me as a member. Its administrators choose there.")
    text = joined("\n\n", [lines(*said), to_add, to_group])
    await replace(call, place=None).show(text, keyboard(*rows, to_settings(call)))


class Unbound(Struct, frozen=True):
    """A channel whose post was forwarded and that cannot be managed: why, where there is a sign
    that this person may; else the way to channels of their own, if it may be one.
    """

    why: Said | None = None
    way: tuple[Button, ...] = ()


async def forwarded(call: Call, origin: telegram.Chat) -> Unbound | None:
    """Binds the channel of a post that was forwarded to the bot. Most who forward one only read
    the channel: what they would have to do for it is said to the others.
    """
    if call.user is None:
        return None
    standing = await _standing(call, origin.id, call.user.id)
    if standing is not _SpeakingRight.MAY:
        if not await _may_be_theirs(call, origin.id, standing, call.user.id):
            own = (call.locale.plain("Channels"), pack("channels"))
            return Unbound(way=() if standing is _SpeakingRight.NO_ADMINISTRATOR else (own,))
        name = cut(called(origin) or call.locale.plain("This channel"), _TITLE)
        return Unbound(_refusal(standing, bold(name)))
    channel = await call.services.chat_of(origin, call.user)
    await call.storage.keepers.keep(channel.id, call.user.id, call.now())
    await _begin(call, channel)
    return None


async def _may_be_theirs(
    call: Call, channel_id: int, standing: _SpeakingRight, user_id: int
) -> bool:
    """Whether there is a sign that a person administers a channel for which they may not speak now:
    Telegram says so, or they managed it before.
    """
    if standing is _SpeakingRight.MAY_NOT_POST:
        return await _standing_of(call, channel_id, user_id) is _SpeakingRight.MAY
    known = await call.storage.keepers.channels_of(user_id)
    is_known = any(chat.id == channel_id for chat in known)
    return is_known and standing is not _SpeakingRight.NO_ADMINISTRATOR


async def chosen(call: Call, press: Press) -> None:
    """Begins to speak for the channel that was pressed, one of those this person bound."""
    user = call.user
    known = await call.storage.keepers.channels_of(user.id) if user else []
    channel = next((chat for chat in known if chat.id == press.number(0)), None)
    if channel is None:
        gone = say("I don't know that channel any more. Forward a post of it.")
        await call.note(gone)
        return
    await manage(call, channel)


async def named(call: Call, words: str) -> Chat | None:
    """The channel that this person says to manage, by its name: `manage Evening bulletin`."""
    said = words.strip(" .!?").split()
    name = fold(" ".join(word for word in said if fold(word) not in _MANAGING))
    if call.user is None or len(name) == len(fold(" ".join(said))):
        return None
    known = await call.storage.keepers.channels_of(call.user.id)
    return next((chat for chat in known if fold(chat.title) == name), None)


async def manage(call: Call, channel: Chat) -> None:
    """Begins to speak for a channel of this person, if that may be now."""
    if call.user is None:
        return
    standing = await _standing(call, channel.id, call.user.id)
    if standing is _SpeakingRight.MAY:
        await _begin(call, channel)
    else:
        await _lost(call, channel, standing)


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
    locale = spoken.locale
    await spoken.show(
        lines(
            locale.t("What you write here now is about this channel."),
            locale.t("Alerts go there, answers come here."),
        ),
        keyboard(
            [
                (locale.plain("Choose topics"), pack("presets", 0)),
                (locale.plain("Follow everything"), pack("subscribe_all")),
            ],
            [(locale.plain("Settings"), pack("settings"))],
        ),
    )


async def silent(call: Call, _: Press) -> None:
    """Ends speaking for a channel."""
    if call.user:
        await call.storage.keepers.fall_silent(call.user.id)
    await channels(call)
    await call.note(say("You manage your own chat again."))


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
        over = say("You don't manage that channel now. /channels chooses it again.")
        await call.note(over)
        return None
    if speaking is None:
        return call
    if speaking.until <= now:
        await keepers.fall_silent(call.user.id)
        await _say_over(call, speaking.chat)
        return None
    standing = await _standing(call, speaking.chat.id, call.user.id)
    if standing is not _SpeakingRight.MAY:
        await _lost(call, speaking.chat, standing)
        return None
    place = Place(call.chat, call.thread_id, speaking.until)
    return replace(call, chat=speaking.chat, thread_id=0, place=place)


async def _say_over(call: Call, channel: Chat) -> None:
    said = say(
        "Your hour for {channel} is over. Nothing was done. Send it again for this chat, or choose"
        " the channel again.",
        channel=_named(channel, call.locale),
    )
    await call.answer(call.locale.t(said), _to_speak(channel, call.locale))


async def _lost(call: Call, channel: Chat, standing: _SpeakingRight) -> None:
    """Says why this person cannot speak for the channel; what is lost for good ends it, which is
    said, as what comes next is about their own chat.
    """
    if call.user is None:
        return
    keepers, locale = call.storage.keepers, call.locale
    speaking = await keepers.speaking(call.user.id)
    ends = speaking is not None and speaking.chat.id == channel.id
    buttons = None
    match standing:
        case _SpeakingRight.NO_ADMINISTRATOR:
            await keepers.leave(channel.id, call.user.id)
        case _SpeakingRight.UNSURE:
            ends = False
        case _:
            buttons = _to_speak(channel, locale)
            if ends:
                await keepers.fall_silent(call.user.id)
    said = locale.t(_refusal(standing, _named(channel, locale)))
    over = locale.t("You manage your own chat again.") if ends else NOTHING
    await call.answer(lines(said, over), buttons)


async def _standing(call: Call, channel_id: int, user_id: int) -> _SpeakingRight:
    bot = call.services.sender.bot
    try:
        own = await bot.get_chat_member(channel_id, bot.id)
        if not isinstance(own, ChatMemberAdministrator):
            return _SpeakingRight.NOT_THERE
        if not own.can_post_messages:
            return _SpeakingRight.MAY_NOT_POST
    except (BadRequest, Forbidden):
        return _SpeakingRight.NOT_THERE
    except TelegramError as error:
        log.warning("rights in a channel could not be asked", chat=channel_id, error=str(error))
        return _SpeakingRight.UNSURE
    return await _standing_of(call, channel_id, user_id)


async def _standing_of(call: Call, channel_id: int, user_id: int) -> _SpeakingRight:
    """The same, whatever the bot may."""
    try:
        member = await call.services.sender.bot.get_chat_member(channel_id, user_id)
    except (BadRequest, Forbidden):
        return _SpeakingRight.NO_ADMINISTRATOR
    except TelegramError as error:
        log.warning("rights in a channel could not be asked", chat=channel_id, error=str(error))
        return _SpeakingRight.UNSURE
    if member.status not in _ADMINISTRATORS:
        return _SpeakingRight.NO_ADMINISTRATOR
    return _SpeakingRight.MAY


async def told(call: Call) -> tuple[int, int] | None:
    """The chat and the message that is replied to; of what Telegram put into the group of a channel
    the post there, for who administers the channel.
    """
    if call.reply_to is None:
        return None
    if call.post is None:
        return call.chat.id, call.reply_to
    may = await administers(call, call.post.channel_id)
    return (call.post.channel_id, call.post.message_id) if may else None


async def refused(call: Call) -> bool:
    """Says to who replies to a post of a channel that they do not administer it, or that Telegram
    cannot tell; False where the channel is none of ours.
    """
    channel = await call.storage.chats.get(call.post.channel_id) if call.post else None
    if channel is None or call.user is None:
        return False
    standing = await _standing_of(call, channel.id, call.user.id)
    await call.answer(call.locale.t(_refusal(standing, _named(channel, call.locale))))
    return True


async def administers(call: Call, channel_id: int) -> bool:
    """Whether whoever speaks administers a channel; no if Telegram cannot be asked."""
    channel = await call.storage.chats.get(channel_id)
    if call.user is None or channel is None or channel.kind != "channel":
        return False
    return await _standing_of(call, channel_id, call.user.id) is _SpeakingRight.MAY


async def welcome(call: Call) -> None:
    """Tells who made the bot an administrator of a channel how it is managed, in private."""
    person = await call.storage.chats.get(call.user.id) if call.user else None
    if person is None or person.state not in _HEARD:
        return
    at_home = replace(call, chat=person, thread_id=0)
    locale = at_home.locale
    await at_home.answer(
        lines(
            locale.t("I can post in {channel} now.", channel=_named(call.chat, locale)),
            locale.t("Following: {what}", what=what)
            if (what := await followed(replace(call, place=Place(person, 0, 0.0))))
            else locale.t("Nothing comes there before you choose."),
        ),
        _to_speak(call.chat, locale),
    )


def _named(chat: Chat, locale: Locale) -> Html:
    return bold(cut(_name(chat, locale), _TITLE))


def _name(chat: Chat, locale: Locale) -> str:
    return chat.title or locale.plain("without a name")


def _to_speak(channel: Chat, locale: Locale) -> InlineKeyboardMarkup | None:
    label = locale.plain("Manage {channel}", channel=cut(channel.title, _LABEL))
    return keyboard([(label, pack("speak", channel.id))])


def _refusal(standing: _SpeakingRight, channel: Html) -> Said:
    match standing:
        case _SpeakingRight.NO_ADMINISTRATOR:
            return say("You are not an administrator of {channel}.", channel=channel)
        case _SpeakingRight.MAY_NOT_POST:
            return say(
                "I can't post in {channel}. Give me the right to post there.", channel=channel
            )
        case _SpeakingRight.NOT_THERE:
            return say(
                "I can't post in {channel}. To manage it here, make me its administrator first.",
                channel=channel,
            )
    return say(
        "Telegram can't tell me who manages {channel}. Nothing changed. Try again in a minute.",
        channel=channel,
    )


COMMANDS = (
    Command(
        "channels", channels, Who.ANYBODY, where=Where.PRIVATE,
        help=HelpLine(Purpose.CHATS, 30, say("Channels"), say("channels you manage from here")),
        elsewhere=say("Send /channels in your private chat with me."),
        actions=(
            Action("channels", again(channels), Who.ANYBODY),
            Action("speak", chosen, Who.ANYBODY),
            Action("silent", silent, Who.ANYBODY),
        ),
    ),
)  # fmt: skip
