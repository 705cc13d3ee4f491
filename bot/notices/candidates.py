"""Candidates: feeds that a chat's list brought. Once all of them were polled, the chat is told in
one message which are feeds, and what is none goes again.

What was told is stored after it was sent: a crash in between tells it twice and loses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import structlog

from bot.delivery.outcome import Moved, TokenRefused, TryAgain, Wait
from bot.delivery.render import bold, escape
from bot.delivery.send import Address, Sender
from bot.loops import Now, Stop
from bot.news.chat import ChatState
from bot.news.feed import Feed
from bot.news.telling.saved import counted
from bot.news.text import urls
from bot.news.text.plain import cut, tidy
from bot.notices.apart import Apart
from storage.storage import Storage

log = structlog.get_logger(__name__)

_EVERY_SECONDS = 2.0
_LONGEST_SECONDS = 900.0
_TRIES = 2  # a host may fail once
_NAMED = 10
_NAME, _REASON = 80, 160


@dataclass
class CandidateTeller:
    """Tells chats what became of the feeds of their lists."""

    storage: Storage
    sender: Sender
    now: Now
    stop: Stop

    def __post_init__(self) -> None:
        self._apart = Apart(self.storage.aside, self.now)

    async def step(self) -> None:
        """One round, then a rest."""
        over = await self.storage.candidates.over(_TRIES, self.now() - _LONGEST_SECONDS)
        for chat_id, thread_id in over:
            await self._apart.tell(chat_id, partial(self._tell_of_list, chat_id, thread_id))
        await self.stop.sleep(_EVERY_SECONDS)

    async def _tell_of_list(self, chat_id: int, thread_id: int) -> None:
        brought = await self.storage.candidates.of(chat_id, thread_id)
        await self._tell(chat_id, thread_id, brought)

    async def _tell(self, chat_id: int, thread_id: int, feeds: Sequence[Feed]) -> None:
        hearer = await self._hearer(chat_id, thread_id)
        unread = [
            feed
            for feed in feeds
            if not feed.settled and (feed.failures >= _TRIES or feed.suspended)
        ]
        if hearer is not None:
            outcome = await self.sender.reply(hearer, _summary(feeds, unread))
            if isinstance(outcome, Moved):
                await self.storage.chats.migrate(hearer.chat_id, outcome.chat_id, self.now())
            if isinstance(outcome, Moved | Wait | TryAgain | TokenRefused):
                return
        await self.storage.candidates.note_told(
            chat_id, [feed.id for feed in feeds], [feed.id for feed in unread]
        )

    async def _hearer(self, chat_id: int, thread_id: int) -> Address | None:
        """The chat, if it is served; of a channel, whose readers brought nothing, who keeps it."""
        chat = await self.storage.chats.get(chat_id)
        if chat is not None and chat.kind == "channel":
            keepers = await self.storage.keepers.reachable(chat_id)
            return Address(keepers[0].id, keepers[0].kind) if keepers else None
        if chat is None or chat.state is not ChatState.ACTIVE:
            return None
        return Address(chat.id, chat.kind, thread_id)


def _summary(feeds: Sequence[Feed], unread: Sequence[Feed]) -> str:
    good = sum(feed.settled for feed in feeds)
    late = len(feeds) - good - len(unread)
    lines = [bold(f"The list is checked: {good} of {counted(len(feeds), 'new source')} answered")]
    if late:
        lines.append(f"Not asked yet, since their hosts are busy: {late}. They stay.")
    if unread:
        lines.append("No feeds there; what only this chat brought is taken out again:")
        lines += [_why(feed) for feed in unread[:_NAMED]]
    if len(unread) > _NAMED:
        lines.append(f"… and {len(unread) - _NAMED} more")
    return "\n".join(lines)


def _why(feed: Feed) -> str:
    name = cut(tidy(feed.title) or urls.host_of(feed.url), _NAME)
    return escape(f"{name}: {cut(tidy(str(feed.error or 'no answer')), _REASON)}")
