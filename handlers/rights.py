"""Who may change a chat: in a group only its administrators, asked anew at every press."""

import structlog
from telegram import ChatMember
from telegram.error import TelegramError

from bot.actions import chats
from bot.texts.said import say
from handlers.call import Call
from handlers.surface import Who

log = structlog.get_logger(__name__)

_ADMINISTRATORS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)
_ONLY = {
    Who.CHANGERS: say("Only an administrator of this group can change that."),
    Who.OPERATORS: say("This is for the operators of this bot only."),
}


async def admitted(call: Call, who: Who) -> bool:
    """Whether the person is one of these; says why not: as a note on a press, else as an answer."""
    match who:
        case Who.ANYBODY:
            return True
        case Who.CHANGERS:
            may = await may_change(call)
        case Who.OPERATORS:
            may = call.is_operator
    if not may:
        only = _ONLY[who]
        await (call.note(only) if call.query else call.answer(call.locale.t(only)))
    return may


async def may_change(call: Call) -> bool:
    """True if the person may change what this chat follows.

    In a private chat that is its owner. Who writes as the chat itself is an anonymous
    administrator, or posts in a channel; of who speaks for a channel it was asked before. If
    Telegram cannot be asked, the answer is no.
    """
    if call.chat.kind == "private" or call.as_chat or call.place:
        return True
    if call.user is None:
        return False
    known = call.services.limits.known_rights(call.chat.id, call.user.id)
    # Seconds matter where rights are taken away: a press asks Telegram, a command may remember.
    if known is not None and call.query is None:
        return known
    try:
        member = await call.services.sender.bot.get_chat_member(call.chat.id, call.user.id)
    except TelegramError as error:
        log.warning("rights could not be asked", chat=call.chat.id, error=str(error))
        return False
    admin = member.status in _ADMINISTRATORS
    call.services.limits.remember_rights(call.chat.id, call.user.id, admin)
    return admin


async def resume(call: Call) -> None:
    """Serves the chat again if it had stopped, since somebody chooses something for it now, and
    who did is told when the bot may not write there any more.
    """
    now = call.now()
    await chats.resume(call.storage.chats, call.chat, now)
    if call.chat.kind != "private" and call.user and not call.user.is_bot:
        await call.storage.keepers.keep(call.chat.id, call.user.id, now)
