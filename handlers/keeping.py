"""Who chose what a chat follows is who is told when the bot may not write there any more."""

from bot.actions.chats import resume
from handlers.kit import Call


async def begin(call: Call) -> None:
    """Serves the chat again if it had stopped, since somebody chooses something for it now."""
    now = call.kit.now()
    await resume(call.kit.storage.chats, call.chat, now)
    if call.chat.kind != "private" and call.user and not call.user.is_bot:
        await call.kit.storage.keepers.keep(call.chat.id, call.user.id, now)
