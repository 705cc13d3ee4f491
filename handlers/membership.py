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
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers.call import Call
from handlers.commands import channels
from handlers.services import Services

_OUT = (ChatMember.LEFT, ChatMember.BANNED)
_HELLO = say(
    "I ring once for each piece of news. An administrator can follow everything with /subscribe, "
    "or a topic with /topic ceasefire. Nothing rings here before that."
)


async def changed(services: Services, update: ChatMemberUpdated) -> None:
    """Pauses a chat that blocked or removed the bot, resumes one that took it back."""
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
    if not was_inside and chat.kind in ("group", "supergroup") and chat.state is ChatState.ACTIVE:
        locale = Locale(chat.language, chat.timezone, now)
        await services.sender.reply(Address(chat.id, chat.kind), locale.t(_HELLO))


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
