"""Who may change a chat: in a group only its administrators, asked anew at every press."""

import structlog
from telegram import ChatMember
from telegram.error import TelegramError

from bot.actions import chats
from bot.texts.said import Said, say
from handlers.call import Call
from handlers.surface import Who

log = structlog.get_logger(__name__)

OTHERS_CHANGE = say("Administrators can change this.")
"""Where somebody may only read what holds."""
_ON_AGAIN = say("Alerts are on again.")
_ADMINISTRATORS = (ChatMember.OWNER, ChatMember.ADMINISTRATOR)
_ONLY = {
    Who.CHANGERS: say("Only administrators can change that."),
    Who.OPERATORS: say("Only the operators of this bot can do that."),
}


async def admitted(call: Call, who: Who) -> bool:
    """Whether the person is one of these; says why not: as a note on a press, else as an answer,
    in a group now and then only.
    """
    match who:
        case Who.ANYBODY:
            return True
        case Who.CHANGERS:
            may = await may_change(call)
        case Who.OPERATORS:
            may = call.is_operator
    if not may:
        await _refuse(call, _ONLY[who])
    return may


async def _refuse(call: Call, only: Said) -> None:
    if call.query:
        await call.note(only)
        return
    user_id = call.user.id if call.user else 0
    if call.here.kind == "private" or call.services.limits.may_refuse(call.here.id, user_id):
        await call.answer(call.locale.t(only))


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
    if call.query:
        known = call.query.may_change
    if known is not None:
        return known
    try:
        member = await call.services.sender.bot.get_chat_member(call.chat.id, call.user.id)
    except TelegramError as error:
        log.warning("rights could not be asked", chat=call.chat.id, error=str(error))
        return False
    admin = member.status in _ADMINISTRATORS
    call.services.limits.remember_rights(call.chat.id, call.user.id, admin)
    if call.query:
        call.query.may_change = admin
    return admin


async def may_replace(call: Call) -> bool:
    """Whether what a press opens may stand in place of the message that it is under. What all of a
    group have before them stays when a member presses: they are answered with a message of their
    own, where they may go on.
    """
    if call.here.kind not in ("group", "supergroup") or call.user is None:
        return True
    own = call.services.answers.is_own_screen
    if call.message_id is not None and own(call.here.id, call.message_id, call.user.id):
        return True
    return await may_change(call)


async def resume(call: Call) -> list[Said]:
    """Serves the chat again if it had stopped, since somebody chooses something for it now, and
    who did is told when the bot may not write there any more. Returns what is to be said of it: an
    administrator may have paused what another one ends by that.
    """
    now = call.now()
    resumed = await chats.resume(call.storage.chats, call.chat, now)
    if call.chat.kind != "private" and call.user and not call.user.is_bot:
        await call.storage.keepers.keep(call.chat.id, call.user.id, now)
    return [_ON_AGAIN] if resumed and now >= call.chat.habits.paused_until else []
