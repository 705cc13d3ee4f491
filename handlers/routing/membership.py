"""What Telegram tells of the chat itself: the bot is blocked, added, or the group has moved."""

from telegram import (
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberRestricted,
    ChatMemberUpdated,
    Message,
)

from bot.delivery.send import Address
from bot.news.chat import ChatState
from bot.news.why import Code, because
from bot.texts.html import bold, lines
from handlers.call import Call
from handlers.commands import channels, start
from handlers.screens.callback_data import pack
from handlers.screens.followed import followed
from handlers.screens.keyboard import keyboard
from handlers.screens.setting_screens import paused
from handlers.services import Services

_OUT = (ChatMember.LEFT, ChatMember.BANNED)
_GROUPS = ("group", "supergroup")


async def changed(services: Services, update: ChatMemberUpdated) -> None:
    """Pauses a chat that blocked or removed the bot, resumes one that took it back."""
    known = await services.storage.chats.get(update.chat.id)
    chat = await services.chat_of(update.chat, update.from_user)
    inside = _may_write(update.new_chat_member)
    was_inside = update.old_chat_member.status not in _OUT
    now = services.now()
    if not inside:
        # A chat that waits to be let in, or has stopped, stays so: blocking the bot and taking it
        # back must not be a way around that. What is sent there meanwhile is refused anyway.
        if chat.state is ChatState.ACTIVE:
            left = update.new_chat_member.status in _OUT
            why = because(Code.REMOVED if left else Code.MAY_NOT_WRITE)
            await services.storage.chats.set_state(chat.id, ChatState.BLOCKED, why, now)
        return
    if chat.state is ChatState.BLOCKED:
        await services.storage.chats.set_state(chat.id, ChatState.ACTIVE, None, now)
    could_write = was_inside and _may_write(update.old_chat_member)
    if chat.kind != "private" and not could_write and not update.from_user.is_bot:
        await services.storage.keepers.keep(chat.id, update.from_user.id, now)
        if chat.kind == "channel":
            await channels.welcome(Call(services=services, chat=chat, user=update.from_user))
    if could_write or chat.kind not in _GROUPS:
        return
    call = Call(services=services, chat=chat, user=update.from_user)
    # A group that became a supergroup is one that I am in, though Telegram says I came.
    if chat.state is ChatState.WAITING:
        if known is None:
            await start.explain_waiting(call)
    elif known is None or known.state is ChatState.BLOCKED:
        await _greet(call)


async def _greet(call: Call) -> None:
    """What a group reads when the bot comes: one message, with what can be done; where it comes
    back, what goes on. Nothing where it read that within the hour.
    """
    services, locale = call.services, call.locale
    what = await followed(call)
    if not services.limits.may_greet(call.chat.id, back=bool(what)):
        return
    services.limits.remember_greeting(call.chat.id)
    if what:
        said = [bold(locale.t("I am back.")), locale.t("Following: {what}", what=what)]
        first = (locale.plain("Topics"), pack("topics"))
        said.append(paused(call))
    else:
        said = [
            bold(locale.t("I bring news to this group.")),
            locale.t("One alert for each story."),
            locale.t("Nothing comes before an administrator chooses."),
        ]
        first = (locale.plain("Choose topics"), pack("presets", 0))
    newest = (locale.plain("Newest stories"), pack("latest", 0))
    settings = (locale.plain("Settings"), pack("settings"))
    address = Address(call.chat.id, call.chat.kind)
    buttons = keyboard([first], [newest, settings])
    await services.sender.reply(address, lines(*said), buttons)


def _may_write(bot: ChatMember) -> bool:
    """Whether the bot is in the chat and may write there."""
    if isinstance(bot, ChatMemberRestricted):
        return bot.is_member and bot.can_send_messages
    if isinstance(bot, ChatMemberAdministrator):
        return bot.can_post_messages is not False  # None in groups, where the right is not used
    return bot.status not in _OUT


async def moved(services: Services, message: Message) -> None:
    """Moves everything of a group to the id it has as a supergroup.

    Telegram says it twice, in the old chat and in the new one; either alone is enough.
    """
    if message.migrate_to_chat_id:
        old, new = message.chat.id, message.migrate_to_chat_id
    elif message.migrate_from_chat_id:
        old, new = message.migrate_from_chat_id, message.chat.id
    else:
        return
    await services.storage.chats.migrate(old, new, services.now())
