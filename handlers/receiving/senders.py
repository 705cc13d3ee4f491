"""Who sent an update: the person on whose behalf it is handled, also where they write as a chat."""

import structlog
from telegram import ChatMember, Update
from telegram.error import TelegramError

from bot.news.polling.shares import NOBODY, Who
from handlers.services import Services

log = structlog.get_logger(__name__)


async def behind(services: Services, update: Update) -> Who:
    """On whose behalf an update is handled: many groups of one person have one share, and what an
    operator asks is ours.
    """
    who = await _person_of(services, update)
    return None if who in services.access.operators else who


async def _person_of(services: Services, update: Update) -> int:
    """The person who sent an update. Who writes as a chat has no number of their own, and so goes
    by who keeps that chat, or by whose it is.
    """
    chat, person = update.effective_chat, update.effective_user
    if chat and chat.type == "private":
        return chat.id
    message = None if update.callback_query else update.effective_message
    if person and not person.is_bot and not (message and message.sender_chat):
        return person.id
    if message and message.sender_chat:
        chat = message.sender_chat
    if not chat:
        return NOBODY
    return await _keeper_of(services, chat.id) or NOBODY


async def _keeper_of(services: Services, chat_id: int) -> int | None:
    """Who kept a group or channel last. Where nobody is known to, as where an anonymous
    administrator let the bot in, it is its owner, whom Telegram is asked for once an hour.
    """
    keepers, limits = services.storage.keepers, services.limits
    if keeper := await keepers.newest(chat_id):
        return keeper
    owner = limits.known_owner(chat_id)
    if owner is None:
        owner = await _owner_of(services, chat_id)
        limits.remember_owner(chat_id, owner)
    if owner:
        await keepers.keep(chat_id, owner, services.now())
    return owner or None


async def _owner_of(services: Services, chat_id: int) -> int:
    try:
        found = await services.sender.bot.get_chat_administrators(chat_id)
    except TelegramError as error:
        log.debug("an owner could not be asked", chat=chat_id, error=str(error))
        return 0
    return next((each.user.id for each in found if each.status == ChatMember.OWNER), 0)
