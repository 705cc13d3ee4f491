"""A command or a press as its handler is given it: who, where, with what words, and the answer."""

from dataclasses import dataclass

import telegram
from msgspec import Struct
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.actions import chats
from bot.delivery.outcome import Outcome, Sent, ThreadGone, Wait
from bot.delivery.send import Address
from bot.news.chat import Chat, ChatState
from bot.texts.html import Html, fitting
from bot.texts.locale import Locale
from bot.texts.said import Said
from handlers.answers import HeardMessage
from handlers.floods import Left
from handlers.screens.channel_screen import about_channel
from handlers.screens.keyboard import Button
from handlers.services import Services
from storage.storage import Storage
from storage.stories.stories import Stories


class Place(Struct, frozen=True):
    """The private chat and thread in which a person speaks for a channel, and until when."""

    chat: Chat
    thread_id: int
    until: float


class ChannelPost(Struct, frozen=True):
    """A post of a channel, which Telegram puts into the group that discusses the channel."""

    channel_id: int
    message_id: int


@dataclass
class OpenPress:
    """A press, which Telegram shows as under way until it is ended. `may_change` says whether its
    person may change the chat, once Telegram was asked.
    """

    id: str
    is_open: bool = True
    may_change: bool | None = None


class Call(Struct, frozen=True, kw_only=True):
    """A command or a button press: who, where, and with what words.

    `chat` and `thread_id` are what it is about, and where it is answered, unless it was made at
    another `place`: who speaks for a channel does so in private, and rights were asked.

    `message_id` is the message to edit in place, for a press; None for a command. `reply_to` is
    the message that a command replies to, and the `post` that Telegram made it of; `document` came
    with the command, or with that message. `said` is all that was written, by which it is named
    where it cannot be answered. `heard` is the message whose answer an edit of it replaces.
    `way_back` is a button under what is shown in place: to where the press was made.
    """

    services: Services
    chat: Chat
    thread_id: int = 0
    user: telegram.User | None = None
    as_chat: bool = False
    words: str = ""
    said: str = ""
    message_id: int | None = None
    query: OpenPress | None = None
    reply_to: int | None = None
    post: ChannelPost | None = None
    place: Place | None = None
    document: telegram.Document | None = None
    heard: HeardMessage | None = None
    way_back: Button | None = None

    @property
    def storage(self) -> Storage:
        """The database."""
        return self.services.storage

    def now(self) -> float:
        """The time, in seconds since 1970."""
        return self.services.now()

    @property
    def locale(self) -> Locale:
        """How who asked is spoken to: in their language, with the times of what it is about."""
        return Locale(self.here.language, self.chat.timezone, self.now())

    @property
    def is_operator(self) -> bool:
        """Whether one of the people in ADMIN_IDS speaks."""
        return self.services.access.operates(self.user)

    @property
    def stories(self) -> Stories:
        """The stories that the chat may read."""
        return self.storage.stories.seen_by(self.chat.id)

    @property
    def here(self) -> Chat:
        """The chat in which it was made."""
        return self.place.chat if self.place else self.chat

    @property
    def address(self) -> Address:
        """Where the answer goes: the chat and thread in which it was made."""
        thread_id = self.place.thread_id if self.place else self.thread_id
        return Address(self.here.id, self.here.kind, thread_id)

    async def answer(
        self, html: Html, buttons: InlineKeyboardMarkup | None = None, reply_to: int | None = None
    ) -> Outcome:
        """Sends a new message, in reply to one of the chat where that is named; or puts it in place
        of what answered a message before that was edited.
        """
        sender, heard, screen = self.services.sender, self.heard, self._screen(html, buttons)
        if heard and heard.is_stale and heard.answer_id:
            heard.is_stale = False
            if await sender.edit(self.here.id, heard.answer_id, *screen):
                return Sent(heard.answer_id)
            heard.answer_id = None
        outcome = await sender.reply(self.address, *screen, reply_to)
        if isinstance(outcome, ThreadGone) and self.address.thread_id:
            outcome = await self._answer_in_main(*screen)
        if isinstance(outcome, Wait) and self.said:
            floods = self.services.limits.floods
            floods.leave(self.address, self.said, self.locale, Left.UNANSWERED)
        if heard and heard.answer_id is None and isinstance(outcome, Sent):
            heard.answer_id = outcome.message_id
        if isinstance(outcome, Sent):
            await self._opened(outcome.message_id)
        return outcome

    async def _answer_in_main(self, html: Html, buttons: InlineKeyboardMarkup | None) -> Outcome:
        """Answers in the main thread what came from one that takes nothing of the bot."""
        why = self.locale.t("I can't write in that thread: it is closed. My answer is here.")
        main = Address(self.here.id, self.here.kind, 0)
        return await self.services.sender.reply(main, fitting([html, why], "\n\n"), buttons)

    async def ask_words(self, html: Html) -> None:
        """Asks what to look for: what replies to it is looked for."""
        outcome = await self.answer(html)
        if isinstance(outcome, Sent):
            self.services.answers.ask_words(self.here.id, outcome.message_id)

    def undo(self, data: str) -> Button:
        """A button that undoes what was done; so does who writes `undo` a moment later."""
        self.services.answers.offer_undo(self.chat.id, data, self.now())
        return self.locale.plain("Undo"), data

    async def show(self, html: Html, buttons: InlineKeyboardMarkup | None = None) -> None:
        """Answers a command with a message, and a press by editing the message it was on."""
        if self.message_id is None:
            await self.answer(html, self._with_way_back(buttons))
        elif await self.services.sender.edit(
            self.here.id, self.message_id, *self._screen(html, self._with_way_back(buttons))
        ):
            await self._opened(self.message_id)
        else:
            await self.answer(html, buttons)

    async def ask(self, html: Html, buttons: InlineKeyboardMarkup | None) -> None:
        """Shows a question that only these buttons answer: who writes yes or no is told so."""
        await self.show(html, buttons)
        self._await_press(buttons)

    async def ask_anew(self, html: Html, buttons: InlineKeyboardMarkup | None) -> None:
        """The same in a new message."""
        await self.answer(html, buttons)
        self._await_press(buttons)

    def _await_press(self, buttons: InlineKeyboardMarkup | None) -> None:
        if buttons:
            asked = self.here.id, self.thread_id, self.user.id if self.user else 0
            self.services.answers.ask_press(asked, buttons, self.now())

    async def _opened(self, message_id: int) -> None:
        """Notes in a group for whom a message reads as it does, and serves a chat again that the
        bot could not write to, since now it could.
        """
        if self.chat.state is ChatState.BLOCKED:
            known = await self.storage.chats.get(self.chat.id)
            if known and known.state is ChatState.BLOCKED:  # the answer may be to /stop
                await chats.resume(self.storage.chats, known, self.now())
        if self.user and self.here.kind in ("group", "supergroup"):
            self.services.answers.open_screen(self.here.id, message_id, self.user.id)

    def _with_way_back(self, buttons: InlineKeyboardMarkup | None) -> InlineKeyboardMarkup | None:
        if self.way_back is None:
            return buttons
        label, data = self.way_back
        rows = buttons.inline_keyboard if buttons else ()
        return InlineKeyboardMarkup([*rows, [InlineKeyboardButton(label, callback_data=data)]])

    def _screen(
        self, html: Html, buttons: InlineKeyboardMarkup | None
    ) -> tuple[Html, InlineKeyboardMarkup | None]:
        """A screen as it is shown: one about a channel says so, and how that ends."""
        if self.place is None:
            return html, buttons
        locale = Locale(self.here.language, self.here.timezone, self.place.until)
        return about_channel(self.chat, locale, html, buttons)

    async def note(self, *said: Said) -> None:
        """Ends a press, with a short note where there is something to say, if it was not ended
        before; for a command there is nothing to end.
        """
        if self.query and self.query.is_open:
            self.query.is_open = False
            text = " ".join(map(self.locale.plain, said)) or None
            await self.services.sender.acknowledge(self.query.id, text)
