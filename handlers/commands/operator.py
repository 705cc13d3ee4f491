"""/admin: what only the people named in ADMIN_IDS may do."""

from bot.actions.chats import let_in, shut_out
from bot.delivery.render import bold, code
from bot.delivery.send import Address
from bot.errors import BadInput
from handlers.call import Call
from handlers.surface import Command, Where, Who


async def admin(call: Call) -> None:
    """Counts, and letting chats in and shutting them out."""
    verb, _, rest = call.words.strip().partition(" ")
    match verb.lower():
        case "letin" | "shutout":
            await _let_in(call, rest.strip(), wanted=verb.lower() == "letin")
        case "":
            await _overview(call)
        case _:
            raise BadInput("Known here: /admin, /admin letin CHAT, /admin shutout CHAT.")


async def _let_in(call: Call, text: str, *, wanted: bool) -> None:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        raise BadInput("Name the chat by its number, which it is told when it writes to the bot.")
    change = let_in if wanted else shut_out
    await change(call.storage, int(text), call.now())
    await call.answer(f"Chat {code(text)} is {'let in' if wanted else 'shut out'}.")
    chat = await call.storage.chats.get(int(text))
    if wanted and chat and chat.kind != "channel":  # whose readers need not know
        await call.services.sender.reply(
            Address(chat.id, chat.kind), "This chat is let in. /start begins."
        )


async def _overview(call: Call) -> None:
    stats = await call.storage.stats()
    chats = ", ".join(f"{count} {state}" for state, count in sorted(stats.chats.items()))
    queue = ", ".join(f"{count} {state}" for state, count in sorted(stats.deliveries.items()))
    await call.answer(
        f"{bold('This bot')}\n"
        f"Feeds: {stats.feeds}, failing: {stats.failing_feeds}\n"
        f"Stories: {stats.stories}\nChats: {chats or 'none'}\nDeliveries: {queue or 'none'}"
    )


COMMANDS = (
    Command(name="admin", handler=admin, who=Who.OPERATORS, where=Where.HERE, uninvited=True),
)
