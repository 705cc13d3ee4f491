"""From an update to the one handler that answers it."""

from enum import Enum

import telegram
from msgspec.structs import replace
from telegram import Message, MessageOriginChannel, Update

from bot.actions.pausing import is_paused
from bot.delivery.send import Address
from bot.texts.locale import Locale
from bot.texts.said import say
from bot.turns import asking
from handlers.answers import HeardMessage
from handlers.call import Call, OpenPress
from handlers.commands import alert, channels, export, first_minute, latest, start, written
from handlers.rights import may_change, may_replace
from handlers.routing import membership, sent, threads
from handlers.routing.in_reply import is_told
from handlers.routing.message_parts import (
    document_of,
    post_replied_to,
    replied_to,
    text_of,
    thread_of,
)
from handlers.routing.obeying import answering, obey
from handlers.routing.pleas import Plea, read_plea, said_of_alert, says_go_on
from handlers.routing.replying import ends_command, only_answers
from handlers.routing.standing import invites, is_news, who_may_press
from handlers.routing.typed import (
    Typed,
    address_meant,
    asks_for_help,
    asks_for_news,
    channel_named,
    is_small_talk,
    is_thanks,
    link_in,
    read_typed,
    without_greeting,
    without_mention,
)
from handlers.screens.callback_data import unpack
from handlers.services import Services
from handlers.surface import Who, known
from storage.errors import StorageError

# What may come without a word; not what Telegram says of the chat itself.
_WITHOUT_WORDS = (
    "document", "photo", "sticker", "voice", "video", "video_note", "audio", "animation",
    "contact", "poll", "dice", "game", "story", "paid_media", "checklist", "live_photo", "invoice",
    "giveaway", "giveaway_winners", "gift", "unique_gift",
)  # fmt: skip


class _Replied(Enum):
    """For whom a message is meant that may only reply to one of ours."""

    TO_US = "it names the bot, or answers what it asked"
    TOLD = "it tells the bot what to do, if an administrator says it"
    TOLD_OF_NEWS = "the same in reply to an alert or a digest"
    ASIDE = "it is said of an alert, to the others of a group"
    PERHAPS = "to the bot, where it can be looked for"


class Dispatcher:
    """Finds the handler for each update. `username` is the bot's own, without the @."""

    def __init__(self, services: Services, username: str, bot_id: int) -> None:
        self._services = services
        self._bot_id = bot_id
        self._name, self._username = username, username.lower()
        self._floods = services.limits.floods
        self._surface = known()

    async def handle(self, update: Update) -> None:
        """Answers an update, or leaves it."""
        if update.callback_query:
            await self._pressed(update.callback_query)
        elif update.my_chat_member:
            await membership.changed(self._services, update.my_chat_member)
        elif update.edited_message:
            await self._edited(update.edited_message)
        elif message := update.message or update.channel_post:
            if message.migrate_to_chat_id or message.migrate_from_chat_id:
                await membership.moved(self._services, message)
            elif threads.is_of_thread(message):
                await threads.learn(self._services, message)
            else:
                await self._said(message)

    async def _said(self, message: Message) -> None:
        private = message.chat.type == "private"
        if private and message.forward_origin:
            await self._forwarded(message)
            return
        if private and message.location:
            await self._located(message, message.location)
            return
        typed = self._typed(message)
        if typed is None or self._is_said_by_telegram(message, typed):
            return
        replied = await self._replied(message, typed)
        if replied is _Replied.ASIDE or self._is_flood(message):
            return
        heard = self._services.answers.hear(
            message.chat.id, message.message_id, text_of(message), self._services.now()
        )
        command = self._surface.commands.get(typed.name)
        # What changes something is not taken back by an edit, so its answer stands.
        lasts = command is not None and not command.only_reads(typed.words)
        await self._answer(message, typed, None if lasts else heard, replied)

    async def _edited(self, message: Message) -> None:
        """A message that was answered says something else now: so does its answer."""
        typed = self._typed(message)
        if typed is None:
            return
        heard = self._services.answers.hear_again(
            message.chat.id, message.message_id, text_of(message), self._services.now()
        )
        if heard is None or self._is_flood(message):
            return
        command = self._surface.commands.get(typed.name)
        if command is None or command.only_reads(typed.words):
            await self._answer(message, typed, heard, await self._replied(message, typed))
            return
        call = await self._call(message, "", heard)
        if start.waits(call):
            await start.explain_waiting(call)
        else:
            await written.not_applied(call, typed.name, typed.words)

    async def _answer(
        self, message: Message, typed: Typed, heard: HeardMessage | None, replied: _Replied
    ) -> None:
        """Answers what a person wrote, if their chat is let in."""
        command = self._surface.commands.get(typed.name)
        only_replies = replied is not _Replied.TO_US
        answers = self._services.answers
        if typed.name:
            answers.end_step(message.chat.id)
        asked = answers.step_asked(message.chat.id, self._services.now())
        begun, first = answers.command_begun(message.chat.id, self._services.now())
        person = message.from_user.id if message.from_user else 0
        of_whom = message.chat.id, thread_of(message), person
        buttons = answers.press_asked(of_whom, self._services.now())
        call = await self._call(message, typed.words, heard)
        if replied in (_Replied.TOLD_OF_NEWS, _Replied.TOLD):
            only_replies = not await may_change(call)
            if only_replies and replied is _Replied.TOLD_OF_NEWS:
                return
        if start.waits(call) and not (command and command.uninvited):
            await start.explain_waiting(call)
        elif command:
            await obey(call, command)
        elif typed.name:
            await written.not_known(call, typed.name, typed.words)
        elif message.text is None:
            said = export.how_this if message.document else written.only_text
            await call.answer(said(call.locale))
        elif (plea := said_of_alert(typed.words)) and await alert.replied_to(call):
            await obey(call, alert.REPLIES.get(plea) or written.answer_to(plea))
        elif buttons and only_answers(typed.words, self._surface.commands):
            await obey(call, written.asking_for(buttons))
        elif asked and await first_minute.took(call, typed.words, asked):
            return
        elif begun and ends_command(typed.words):
            await obey(replace(call, words=first + typed.words), self._surface.commands[begun])
        else:
            await self._answer_words(message, call, only_replies=only_replies)

    async def _answer_words(self, message: Message, call: Call, *, only_replies: bool) -> None:
        """Answers plain words, which are no answer to what was asked; in a group where it speaks to
        others `only_replies`, what can only be meant for the bot.
        """
        words, is_private = call.words, message.chat.type == "private"
        if is_private and channel_named(words):
            await written.no_channel(call)
        elif is_private and (channel := await channels.named(call, words)):
            await channels.manage(call, channel)
        elif not only_replies and is_paused(call.chat, call.now()) and says_go_on(words):
            await obey(replace(call, words=""), written.answer_to(Plea.RESUME))
        elif asks_for_help(words) and not only_replies and not await written.topic_in(call):
            await obey(replace(call, words=""), self._surface.commands["help"])
        elif is_small_talk(words):
            if not only_replies and is_thanks(words):
                await call.answer(call.locale.t("You're welcome."))
            elif not only_replies:
                name = "" if is_private else self._name
                await call.ask_words(written.what_to_send(call.locale, name))
        elif address := address_meant(words):
            await obey(replace(call, words=address), written.OFFER)
        elif is_private and link_in(words):
            await sent.forwarded(call, message.text or "", None)  # as browsers share what they show
        elif asks_for_news(words) and not only_replies and not await written.topic_in(call):
            await obey(replace(call, words=""), latest.NEWS)
        elif not only_replies and (plea := read_plea(words)) and not await written.topic_in(call):
            await obey(replace(call, words=""), written.answer_to(plea))
        elif not only_replies or await written.is_search(call):
            await obey(call, written.LOOK)

    def _typed(self, message: Message) -> Typed | None:
        """What a message says, if it is meant for this bot: a command; in private anything; in a
        group also what names the bot or replies to it.
        """
        private = message.chat.type == "private"
        typed = read_typed(text_of(message))
        if message.forward_origin:
            return None
        if typed.name:
            if typed.whom not in ("", self._username):
                # In private nobody else hears it; whole, it is a name that no command has.
                whole = f"{typed.name}@{typed.whom}"
                return Typed(typed.words, whole, typed.whom) if private else None
            meant = private or typed.whom or typed.name in self._surface.commands
            return typed if meant else None
        if private:
            if not message.text:
                return typed if self._is_shown_to_us(message) else None
            return Typed(without_greeting(typed.words))
        if not message.text or message.chat.type == "channel":
            return None
        named = without_mention(typed.words, self._username)
        if named is None:
            return typed if self._replied_to_us(message) else None
        return Typed(without_greeting(named))

    def _is_said_by_telegram(self, message: Message, typed: Typed) -> bool:
        """Whether it is the /start that Telegram writes for who adds a bot to a group: the greeting
        has answered it.
        """
        alone = typed.name == "start" and not typed.words and message.chat.type != "private"
        return alone and self._services.limits.was_greeted(message.chat.id)

    def _replied_to_us(self, message: Message) -> Message | None:
        """The message of ours that this one replies to."""
        answered = message.reply_to_message
        author = answered.from_user if answered else None
        return answered if author and author.id == self._bot_id else None

    def _only_replies(self, message: Message, typed: Typed) -> bool:
        """Whether words in a group are for us only if a reply to a message of ours is."""
        if message.chat.type == "private" or typed.name:
            return False
        return without_mention(read_typed(text_of(message)).words, self._username) is None

    def _replies_to_question(self, message: Message) -> bool:
        """Whether it replies to a message of ours that asks what to look for."""
        answered = self._replied_to_us(message)
        asks = self._services.answers.asks_words
        return answered is not None and asks(message.chat.id, answered.message_id)

    async def _replied(self, message: Message, typed: Typed) -> _Replied:
        """For whom it is meant, which what only replies to a message of ours does not say."""
        answered = self._replied_to_us(message)
        if answered is None or not self._only_replies(message, typed):
            return _Replied.TO_US
        if await is_news(self._services.storage.history, answered):
            told = is_told(typed.words, of_news=True)
            return _Replied.TOLD_OF_NEWS if told else _Replied.ASIDE
        if self._replies_to_question(message):
            return _Replied.TO_US
        told = is_told(typed.words, of_news=not invites(answered))
        return _Replied.TOLD if told else _Replied.PERHAPS

    def _is_shown_to_us(self, message: Message) -> bool:
        """Whether it is a picture, a voice or the like, once for each album."""
        seen = any(getattr(message, kind, None) for kind in _WITHOUT_WORDS)
        return seen and not self._is_seen_already(message)

    def _is_seen_already(self, message: Message) -> bool:
        """Whether another part of its album was answered."""
        return self._services.answers.is_of_last_album(message.chat.id, message.media_group_id)

    async def _forwarded(self, message: Message) -> None:
        """What others wrote and a person passed on: perhaps to bind the channel that has it."""
        if not text_of(message) and self._is_seen_already(message):
            return
        origin = message.forward_origin
        channel = origin.chat if isinstance(origin, MessageOriginChannel) else None
        if call := await self._call_unless_flood(message, ""):
            await sent.forwarded(call, text_of(message), channel)

    async def _located(self, message: Message, place: telegram.Location) -> None:
        """A place where somebody is; of one that moves, the first."""
        words = f"{place.latitude} {place.longitude}"
        if call := await self._call_unless_flood(message, words):
            await obey(call, sent.LOCATED)

    async def _call_unless_flood(self, message: Message, words: str) -> Call | None:
        """The call, unless it is too many or its chat is not let in, which is said."""
        if self._is_flood(message):
            return None
        call = await self._call(message, words)
        if not start.waits(call):
            return call
        await start.explain_waiting(call)
        return None

    def left(self, update: Update) -> None:
        """Notes that an update is not handled, where too many of its chat are waiting."""
        message = update.message or update.channel_post
        typed = self._typed(message) if message else None
        if message and typed and not self._only_replies(message, typed):
            self._leave(message)

    async def failed(self, update: Update) -> None:
        """Says that an update could not be handled, where a person waits for an answer to it: of a
        press each time, in a chat once a minute.
        """
        said, services = say("Something went wrong here. Try again in a minute."), self._services
        if query := update.callback_query:
            chat = query.message.chat if query.message else None
            locale = await self._locale_of(chat, query.from_user)
            await services.sender.acknowledge(query.id, locale.plain(said))
            return
        message = update.message or update.edited_message or update.channel_post
        if not message or not self._is_awaited(message):
            return
        if services.limits.may_say_failed(message.chat.id):
            locale = await self._locale_of(message.chat, message.from_user)
            address = Address(message.chat.id, message.chat.type, thread_of(message))
            await services.sender.reply(address, locale.t(said))

    def _is_awaited(self, message: Message) -> bool:
        """Whether who sent a message waits for an answer to it."""
        if message.chat.type == "private":
            return True
        typed = self._typed(message)
        return typed is not None and not self._only_replies(message, typed)

    async def _locale_of(self, chat: telegram.Chat | None, user: telegram.User | None) -> Locale:
        """How a chat is spoken to, also where the database cannot say it."""
        try:
            known = await self._services.storage.chats.get(chat.id) if chat else None
        except StorageError:
            known = None
        if known is None:
            return self._services.locale(user)
        return Locale(known.language, known.timezone, self._services.now())

    async def drained(self, chat_id: int) -> None:
        """Says what was left undone, once all updates of a chat were seen."""
        await self._floods.say(chat_id)

    def _is_flood(self, message: Message) -> bool:
        """True for one command more than a person means: it is left, which will be said."""
        chat, person = message.sender_chat, message.from_user
        keeper = asking() if chat and chat.id == message.chat.id else None
        if not self._floods.is_one((chat or person or message.chat).id, keeper):
            return False
        self._leave(message)
        return True

    def _leave(self, message: Message) -> None:
        address = Address(message.chat.id, message.chat.type, thread_of(message))
        locale = self._services.locale(message.from_user)
        self._floods.leave(address, self._name_of(message, locale), locale)

    def _name_of(self, message: Message, locale: Locale) -> str:
        """How a message is named where it is left."""
        is_forwarded = message.forward_origin is not None
        said = say("a forwarded post") if is_forwarded else say("a message without words")
        return text_of(message) or locale.plain(said)

    async def _call(self, message: Message, words: str, heard: HeardMessage | None = None) -> Call:
        sender_chat = message.sender_chat
        chat = await self._services.chat_of(message.chat, message.from_user)
        await threads.learn(self._services, message)
        return Call(
            services=self._services,
            chat=chat,
            thread_id=thread_of(message),
            user=message.from_user,
            as_chat=sender_chat is not None and sender_chat.id == message.chat.id,
            words=words,
            said=self._name_of(message, self._services.locale(message.from_user)),
            reply_to=replied_to(message),
            post=post_replied_to(message),
            document=document_of(message),
            heard=heard,
        )

    async def _say_old(self, query: telegram.CallbackQuery) -> None:
        said = say("This menu is old. Send /help for a new one.")
        text = self._services.locale(query.from_user).plain(said)
        await self._services.sender.acknowledge(query.id, text)

    async def _pressed(self, query: telegram.CallbackQuery) -> None:
        press = unpack(query.data or "")
        action = self._surface.actions.get(press.action) if press else None
        message = query.message
        if not isinstance(message, Message) or press is None or action is None:
            await self._say_old(query)
            return
        if self._floods.is_one(query.from_user.id):
            said = self._services.locale(query.from_user).plain("That was fast. Wait a little.")
            await self._services.sender.acknowledge(query.id, said)
            return
        who = await who_may_press(self._services.storage.history, query, message, press, action)
        if who is None:
            await self._say_old(query)
            return
        self._services.answers.end_step(message.chat.id)
        of_whom = message.chat.id, thread_of(message), query.from_user.id
        self._services.answers.press_asked(of_whom, self._services.now())
        call = Call(
            services=self._services,
            chat=await self._services.chat_of(message.chat, query.from_user),
            thread_id=thread_of(message),
            user=query.from_user,
            message_id=message.message_id,
            query=OpenPress(query.id),
        )
        if who is Who.ANYBODY and not action.under_news and not await may_replace(call):
            call = replace(call, message_id=None)
        meant = await channels.about(call, press.about) if press.about is not None else call
        command = self._surface.owners.get(action.name)
        if meant and start.waits(meant) and not (command and command.uninvited):
            await call.note(say("This bot serves invited chats only."))
        elif meant:
            await answering(meant, command, who, lambda: action.handler(meant, press))
        await call.note()
