"""What every handler is given, and what it knows of the message it answers."""

from dataclasses import dataclass, field

import telegram
from telegram import InlineKeyboardMarkup

from bot.actions.adding import Adding
from bot.delivery.files import Files
from bot.delivery.outcome import Outcome
from bot.delivery.pace import Window
from bot.delivery.send import Address, Sender
from bot.feeds.finder import Finder
from bot.feeds.opml import OpmlFeed
from bot.loops import Now, Wakeup
from bot.metrics import Metrics
from bot.news.chat import Chat, ChatState
from bot.news.query.aliases import Aliases
from bot.news.query.presets import Preset
from handlers.channel_screen import about_channel
from storage.storage import Storage
from storage.stories import Stories

_MOST_SEARCHES = 5


@dataclass(frozen=True)
class Kit:
    """The parts that handlers use; wired once by `bot.roles`."""

    storage: Storage
    sender: Sender
    now: Now
    metrics: Metrics
    access: str
    admin_ids: tuple[int, ...]
    language: str
    timezone: str
    retention_days: float
    outbox: Wakeup
    aliases: Aliases
    presets: tuple[Preset, ...]
    finder: Finder
    adding: Adding
    user_feeds: bool
    files: Files
    starter: tuple[OpmlFeed, ...]
    _searches: dict[int, Window] = field(default_factory=dict)
    _rights: dict[tuple[int, int], tuple[float, bool]] = field(default_factory=dict)

    async def chat_of(self, chat: telegram.Chat, user: telegram.User | None) -> Chat:
        """The chat as stored; a new one is stored, waiting to be let in if access says so."""
        now = self.now()
        invited = self.access == "open" or bool(user and user.id in self.admin_ids)
        return await self.storage.chats.meet(
            Chat(
                id=chat.id,
                kind=chat.type,
                title=chat.effective_name or "",
                state=ChatState.ACTIVE if invited else ChatState.WAITING,
                reason=None,
                language=self.language,
                timezone=self.timezone,
                hold_until=0.0,
                since=now,
            )
        )

    def may_search_feeds(self, chat_id: int) -> bool:
        """Counts a search for feeds; False for more than a few a minute in one chat, since each
        makes this machine ask strangers' servers.
        """
        now = self.now()
        if len(self._searches) > 10_000:
            self._searches.clear()
        window = self._searches.setdefault(chat_id, Window(_MOST_SEARCHES, 60.0))
        if window.ready_at(now) > now:
            return False
        window.take(now)
        return True

    def remember_rights(self, chat_id: int, user_id: int, admin: bool) -> None:
        """Keeps for a minute whether a user administers a chat."""
        now = self.now()
        if len(self._rights) > 10_000:
            self._rights.clear()
        self._rights[chat_id, user_id] = (now + 60, admin)

    def known_rights(self, chat_id: int, user_id: int) -> bool | None:
        """Whether a user administers a chat, if that was asked within the last minute."""
        until, admin = self._rights.get((chat_id, user_id), (0.0, False))
        return admin if until > self.now() else None


@dataclass(frozen=True)
class Place:
    """The private chat and thread in which a person speaks for a channel, and until when."""

    chat: Chat
    thread_id: int
    until: float


@dataclass(frozen=True)
class Call:
    """A command or a button press: who, where, and with what words.

    `chat` and `thread_id` are what it is about, and where it is answered, unless it was made at
    another `place`: who speaks for a channel does so in private, and rights were asked.

    `message_id` is the message to edit in place, for a press; None for a command. `reply_to` is
    the message that a command replies to; `document` came with
    the command, or with that message.
    """

    kit: Kit
    chat: Chat
    thread_id: int
    user: telegram.User | None
    as_chat: bool
    words: str
    message_id: int | None = None
    query_id: str | None = None
    reply_to: int | None = None
    place: Place | None = None
    document: telegram.Document | None = None

    @property
    def is_operator(self) -> bool:
        """Whether one of the people in ADMIN_IDS speaks."""
        return self.user is not None and self.user.id in self.kit.admin_ids

    @property
    def stories(self) -> Stories:
        """The stories that the chat may read."""
        return self.kit.storage.stories.seen_by(self.chat.id)

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
        self, html: str, buttons: InlineKeyboardMarkup | None = None, reply_to: int | None = None
    ) -> Outcome:
        """Sends a new message, in reply to one of the chat where that is named."""
        return await self.kit.sender.reply(self.address, *self._screen(html, buttons), reply_to)

    async def show(self, html: str, buttons: InlineKeyboardMarkup | None = None) -> None:
        """Answers a command with a message, and a press by editing the message it was on."""
        if self.message_id is None or not await self.kit.sender.edit(
            self.here.id, self.message_id, *self._screen(html, buttons)
        ):
            await self.answer(html, buttons)

    def _screen(
        self, html: str, buttons: InlineKeyboardMarkup | None
    ) -> tuple[str, InlineKeyboardMarkup | None]:
        """A screen as it is shown: one about a channel says so, and how that ends."""
        if self.place is None:
            return html, buttons
        return about_channel(self.chat, self.place.chat.timezone, self.place.until, html, buttons)

    async def note(self, text: str | None = None) -> None:
        """Ends a press with a short note; for a command there is nothing to end."""
        if self.query_id:
            await self.kit.sender.acknowledge(self.query_id, text)
