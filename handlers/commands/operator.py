"""/admin: what only the people named in ADMIN_IDS may do."""

from bot.actions.chats import let_in, shut_out
from bot.delivery.send import Address
from bot.errors import BadInput
from bot.texts.html import bold, code, lines
from bot.texts.locale import Locale
from bot.texts.said import say
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
            raise BadInput(say("Send /admin, /admin letin CHAT or /admin shutout CHAT."))


async def _let_in(call: Call, text: str, *, wanted: bool) -> None:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
        raise BadInput(say("Send the number of the chat. It sees it when it writes to me."))
    now = call.now()
    if not wanted:
        await shut_out(call.storage, int(text), now)
        await call.answer(call.locale.t("Chat {number} is shut out.", number=code(text)))
        return
    await let_in(call.storage, int(text), now)
    await call.answer(call.locale.t("Chat {number} can use this bot now.", number=code(text)))
    chat = await call.storage.chats.get(int(text))
    if chat and chat.kind != "channel":  # whose readers need not know
        locale = Locale(chat.language, chat.timezone, now)
        said = locale.t("This chat can use the bot now. To begin: /start")
        await call.services.sender.reply(Address(chat.id, chat.kind), said)


async def _overview(call: Call) -> None:
    stats, locale = await call.storage.stats(), call.locale
    failing, none = stats.failing_feeds, locale.number(0)
    chats, deliveries = (
        locale.list(locale.t("{n} {state}", n=n, state=state) for state, n in sorted(each.items()))
        for each in (stats.chats, stats.deliveries)
    )
    await call.answer(
        lines(
            bold(locale.t("This bot")),
            locale.t("Sources: {n}, not working: {failing}", n=stats.feeds, failing=failing),
            locale.t("Stories: {n}", n=stats.stories),
            locale.t("Chats: {chats}", chats=chats or none),
            locale.t("Messages: {messages}", messages=deliveries or none),
        )
    )


COMMANDS = (Command("admin", admin, Who.OPERATORS, where=Where.HERE, uninvited=True),)
