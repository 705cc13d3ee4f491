"""From an update to the one handler that answers it."""

from collections.abc import Awaitable, Callable

import structlog
import telegram
from telegram import Message, MessageEntity, MessageOriginChannel, Update

from bot.delivery.send import Address
from bot.errors import QueryError, TocsinError
from bot.news.text.plain import cut
from bot.texts.html import Html, code, escape, lines
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers import membership, rights
from handlers.call import Call, Query
from handlers.callback_data import unpack
from handlers.commands import channels, export, start
from handlers.services import Services
from handlers.surface import Command, Where, Who, known, where_of

log = structlog.get_logger(__name__)

_LONGEST_WORDS = 2_000


class Dispatcher:
    """Finds the handler for each update. `username` is the bot's own, without the @."""

    def __init__(self, services: Services, username: str) -> None:
        self._services = services
        self._username = username.lower()
        self._floods = services.limits.floods
        self._surface = known()

    async def handle(self, update: Update) -> None:
        """Answers an update, or leaves it. Edited messages are left: the first was answered."""
        if update.callback_query:
            await self._pressed(update.callback_query)
        elif update.my_chat_member:
            await membership.changed(self._services, update.my_chat_member)
        elif message := update.message or update.channel_post:
            if message.migrate_to_chat_id or message.migrate_from_chat_id:
                await membership.moved(self._services, message)
            else:
                await self._said(message)

    async def _said(self, message: Message) -> None:
        said = self._command(message)
        private = message.chat.type == "private"
        if private and isinstance(message.forward_origin, MessageOriginChannel):
            await self._forwarded(message, message.forward_origin.chat)
            return
        speaks = message.text or message.document
        if message.forward_origin or (said is None and not (private and speaks)):
            return
        name, words = said or ("", "")
        command = self._surface.commands.get(name)
        who = message.from_user.id if message.from_user else message.chat.id
        if (command is None and not private) or self._is_flood(who, message):
            return
        call = await self._call(message, words)
        if start.waits(call) and not (command and command.uninvited):
            await start.explain_waiting(call)
        elif said is None:
            await call.answer(
                _only_commands(call.locale) if message.text else export.how(call.locale)
            )
        elif command is None:
            unknown = escape("/" + cut(name, 40))
            await call.answer(
                call.locale.t("I do not know {command}. /help shows what I do.", command=unknown)
            )
        else:
            await _obey(call, command)

    async def _forwarded(self, message: Message, origin: telegram.Chat) -> None:
        """A post of a channel, which a person forwarded to bind it."""
        if self._is_flood(message.chat.id, message):
            return
        call = await self._call(message, "")
        if start.waits(call):
            await start.explain_waiting(call)
        else:
            await channels.forwarded(call, origin)

    def _command(self, message: Message) -> tuple[str, str] | None:
        """The command's name and the words after it, if it is one and meant for this bot."""
        text = message.text or message.caption
        entities = message.entities or message.caption_entities
        first = entities[0] if entities else None
        if not text or not first or first.offset != 0:
            return None
        if first.type != MessageEntity.BOT_COMMAND:
            return None
        # A command is plain ASCII, so that its length in UTF-16 is that in characters.
        name, _, whom = text[1 : first.length].partition("@")
        if whom and whom.lower() != self._username:
            return None
        words = text[first.length :].strip()
        return name.lower(), words[:_LONGEST_WORDS]

    def left(self, update: Update) -> None:
        """Notes that an update is not handled, where too many of its chat are waiting."""
        if (message := update.message or update.channel_post) and self._command(message):
            self._leave(message)

    async def drained(self, chat_id: int) -> None:
        """Says what was left undone, once all updates of a chat were seen."""
        await self._floods.say(chat_id, self._services.locale())

    def _is_flood(self, who: int, message: Message) -> bool:
        """True for one command more than a person means: it is left, which will be said."""
        if not self._floods.is_one(who):
            return False
        self._leave(message)
        return True

    def _leave(self, message: Message) -> None:
        address = Address(message.chat.id, message.chat.type, _thread(message))
        said = self._services.locale().plain("a forwarded post")
        self._floods.leave(address, message.text or message.caption or said)

    async def _call(self, message: Message, words: str) -> Call:
        sender_chat = message.sender_chat
        return Call(
            services=self._services,
            chat=await self._services.chat_of(message.chat, message.from_user),
            thread_id=_thread(message),
            user=message.from_user,
            as_chat=sender_chat is not None and sender_chat.id == message.chat.id,
            words=words,
            reply_to=_replied_to(message),
            document=_document(message),
        )

    async def _pressed(self, query: telegram.CallbackQuery) -> None:
        press = unpack(query.data or "")
        action = self._surface.actions.get(press.action) if press else None
        message = query.message
        if not isinstance(message, Message) or press is None or action is None:
            said = self._services.locale().plain("This menu is old; send /help for a new one.")
            await self._services.sender.acknowledge(query.id, said)
            return
        if self._floods.is_one(query.from_user.id):
            said = self._services.locale().plain("That was fast. Wait a little.")
            await self._services.sender.acknowledge(query.id, said)
            return
        call = Call(
            services=self._services,
            chat=await self._services.chat_of(message.chat, query.from_user),
            thread_id=_thread(message),
            user=query.from_user,
            message_id=message.message_id,
            query=Query(query.id),
        )
        meant = await channels.about(call, press.about) if press.about is not None else call
        command = self._surface.owners.get(action.name)
        if meant and start.waits(meant) and not (command and command.uninvited):
            await call.note(say("This bot serves invited chats only."))
        elif meant:
            await _answering(meant, command, action.who, lambda: action.handler(meant, press))
        await call.note()


def _thread(message: Message) -> int:
    """The forum thread of a message. Replies in ordinary groups carry a thread id too, to which
    nothing can be sent.
    """
    return (message.message_thread_id or 0) if message.is_topic_message else 0


def _replied_to(message: Message) -> int | None:
    """The message that this one replies to. In a forum thread, what replies to nothing carries the
    message that opened the thread.
    """
    answered = message.reply_to_message
    if answered is None or answered.forum_topic_created:
        return None
    return answered.message_id


def _document(message: Message) -> telegram.Document | None:
    """The document of a message, or of the one that it replies to."""
    answered = message.reply_to_message
    return message.document or (answered.document if answered else None)


async def _obey(call: Call, command: Command) -> None:
    """Does what a command says, about the channel that its person speaks for if they do."""
    meant = await channels.about(call, None) if Where.FOR_CHANNEL in command.where else call
    if meant is None:
        return
    if start.waits(meant) and not command.uninvited:
        await start.explain_waiting(meant)
        return
    who = command.who_may(meant.words)
    await _answering(meant, command, who, lambda: command.handler(meant))


async def _answering(
    call: Call, command: Command | None, who: Who, work: Callable[[], Awaitable[None]]
) -> None:
    """Lets a handler work, if its command works here and who asks may; what it refuses is said to
    the person in its own sentence.
    """
    if command and where_of(call.here.kind) not in command.where:
        await call.answer(call.locale.t(command.elsewhere))
        return
    try:
        if await rights.admitted(call, who):
            await work()
    except QueryError as error:
        await call.answer(lines(call.locale.t(error.said), _query_help(call.locale)))
    except TocsinError as error:
        await call.answer(call.locale.t(error.said))


def _only_commands(locale: Locale) -> Html:
    return locale.t(
        "I answer commands: {look} shows stories about it, {follow} follows it, /help shows the"
        " rest.",
        look=code("/latest rain"),
        follow=code("/topic rain"),
    )


def _query_help(locale: Locale) -> Html:
    return locale.t(
        "For example: {one}, {two}",
        one=code("ceasefire OR truce"),
        two=code('"rare earth" -mining'),
    )
