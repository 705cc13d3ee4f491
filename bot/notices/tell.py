"""Tell: a chat of what it did not ask for; of a channel, whose readers can do nothing, who keeps
it. What may have been sent counts as sent.
"""

from collections.abc import Callable, Sequence
from enum import Enum

from msgspec import Struct

from bot.delivery.outcome import Blocked, Moved, NotFound, TokenRefused, TryAgain, Wait
from bot.delivery.send import Address, Sender
from bot.loops import Now, Stop
from bot.news.chat import Chat, ChatState
from bot.news.feed import Feed
from bot.news.telling.hours import quiet_until
from bot.news.text import urls
from bot.news.text.plain import cut, tidy
from bot.texts.html import Html
from bot.texts.locale import Locale
from bot.texts.said import Said, say
from storage.storage import Storage

Writer = Callable[[Locale], Html]
"""What writes to a reader."""

_NAMED, _NAME = 10, 80


class Notified(Enum):
    """What became of a notice."""

    OVER = "it was sent, or will never be"
    UNHEARD = "nobody can be reached there"
    LATER = "it did not arrive, and may be tried again"


class Notices(Struct, frozen=True, kw_only=True):
    """What all who tell of something are given, and how they do it."""

    storage: Storage
    sender: Sender
    now: Now
    stop: Stop

    async def hearer(self, chat_id: int) -> Chat | None:
        """Who is told of what concerns a chat: None if it is not served, or nobody keeps it."""
        chat = await self.storage.chats.get(chat_id)
        if chat is not None and chat.kind == "channel":
            return next(iter(await self.storage.keepers.reachable(chat_id)), None)
        return chat if chat is not None and chat.state is ChatState.ACTIVE else None

    async def tell(self, chat: Chat, write: Writer) -> Notified:
        """Tells a chat what is written for it, but not in its quiet hours."""
        if quiet_until(chat.habits.quiet, chat.timezone, self.now()) is not None:
            return Notified.LATER
        return await self.tell_at_once(chat, write)

    async def tell_at_once(self, chat: Chat, write: Writer, thread_id: int = 0) -> Notified:
        """Tells a chat what it waits for, at any hour."""
        html = write(Locale(chat.language, chat.timezone, self.now()))
        outcome = await self.sender.reply(Address(chat.id, chat.kind, thread_id), html)
        if isinstance(outcome, Moved):
            await self.storage.chats.migrate(chat.id, outcome.chat_id, self.now())
        if isinstance(outcome, Moved | Wait | TryAgain | TokenRefused):
            return Notified.LATER
        return Notified.UNHEARD if isinstance(outcome, Blocked | NotFound) else Notified.OVER


def name_of(feed: Feed) -> str:
    """A feed's title, or its host."""
    return cut(tidy(feed.title) or urls.host_of(feed.url), _NAME)


def listed(lines: Sequence[Html], more: Callable[[int], Html]) -> list[Html]:
    """The first lines of a list, and a line that says how many more there are."""
    left = len(lines) - _NAMED
    return [*lines[:_NAMED], *([more(left)] if left > 0 else [])]


def said_of(feed: Feed) -> Said:
    """Why a feed gives nothing."""
    return feed.error.said if feed.error else say("no answer")
