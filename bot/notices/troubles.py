"""Troubles: who added a feed, and the operators, are told once when it fails for long, and once
when it answers again. Who added one that brings more than a chat's feed may is told once, too.

What was told is stored after it was sent, so a restart repeats nothing; what may have been sent
counts as sent. Feeds that fail together come in one note.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import structlog

from bot.delivery.outcome import Moved, TokenRefused, TryAgain, Wait
from bot.delivery.render import bold, escape
from bot.delivery.send import Address, Sender
from bot.loops import Now, Stop
from bot.news.chat import Chat, ChatState
from bot.news.feed import Feed, OverQuota
from bot.news.polling.quota import ENTRIES_OF_A_CHAT, ENTRIES_OF_A_GUEST
from bot.news.telling import health
from bot.news.telling.hours import quiet_until
from bot.news.text import urls
from bot.news.text.plain import cut, tidy
from bot.notices.apart import Apart
from storage.storage import Storage

log = structlog.get_logger(__name__)

_EVERY_SECONDS = 5.0
_NAMED = 10
_NAME, _REASON = 80, 200
_QUOTAS = (
    f"A source that chats added brings {ENTRIES_OF_A_GUEST} new entries an hour at most, all of a"
    f" chat's together {ENTRIES_OF_A_CHAT}; the newest of them are told. An operator of this bot"
    " can make a source one for all: then there is no such limit."
)


@dataclass
class TroubleTeller:
    """Tells chats of feeds in trouble. `admin_ids` are users, whose private chats have their id."""

    storage: Storage
    sender: Sender
    admin_ids: tuple[int, ...]
    now: Now
    stop: Stop

    def __post_init__(self) -> None:
        self._wakeup = self.stop.wakeup()
        self._apart = Apart(self.storage.aside, self.now)

    async def step(self) -> None:
        """One round, then a rest."""
        for chat_id, feeds in (await self._failing()).items():
            await self._apart.tell(chat_id, partial(self._tell_failing, chat_id, feeds))
        for chat_id, feeds in (await self._recovered()).items():
            await self._apart.tell(chat_id, partial(self._tell_recovered, chat_id, feeds))
        for chat_id, over in (await self._over()).items():
            await self._apart.tell(chat_id, partial(self._tell_over, chat_id, over))
        await self._wakeup.wait(_EVERY_SECONDS)

    async def _tell_failing(self, chat_id: int, feeds: list[Feed]) -> None:
        if await self._send(chat_id, _note("in trouble", feeds, _failing_line)):
            await self.storage.feeds.tell(chat_id, [f.id for f in feeds], self.now())

    async def _tell_recovered(self, chat_id: int, feeds: list[Feed]) -> None:
        if await self._send(chat_id, _note("well again", feeds, _name)):
            await self.storage.feeds.untell(chat_id, [f.id for f in feeds])

    async def _tell_over(self, chat_id: int, over: list[OverQuota]) -> None:
        if await self._send(chat_id, _too_much(over)):
            await self.storage.quotas.tell(chat_id, [each.feed.id for each in over])

    async def _over(self) -> dict[int, list[OverQuota]]:
        """By chat, the feeds that bring more than they may and of which it was not told."""
        found: defaultdict[int, list[OverQuota]] = defaultdict(list)
        for each in await self.storage.quotas.untold():
            found[each.chat_id].append(each)
        return found

    async def _failing(self) -> dict[int, list[Feed]]:
        """By chat, the feeds in trouble for long of which it was not told."""
        found: defaultdict[int, list[Feed]] = defaultdict(list)
        told = {(told.chat_id, told.feed.id) for told in await self.storage.feeds.told_troubles()}
        failing = await self.storage.feeds.failing(
            health.LONG_FAILURES, self.now() - health.LONG_WAIT_SECONDS
        )
        long = [feed for feed in failing if health.is_long_in_trouble(feed, self.now())]
        adders = await self.storage.feeds.adders([feed.id for feed in long])
        for feed in long:
            for chat_id in sorted(adders.get(feed.id, frozenset()) | set(self.admin_ids)):
                if (chat_id, feed.id) not in told:
                    found[chat_id].append(feed)
        return found

    async def _recovered(self) -> dict[int, list[Feed]]:
        """By chat, the feeds of whose trouble it was told and that answered since."""
        found: defaultdict[int, list[Feed]] = defaultdict(list)
        for told in await self.storage.feeds.told_troubles():
            answered = told.feed.answered_at or 0.0
            if answered > told.at and not told.feed.failures and not told.feed.suspended:
                found[told.chat_id].append(told.feed)
        return found

    async def _send(self, chat_id: int, html: str) -> bool:
        """True if nothing is left to do: it was sent, or will never be."""
        chat = await self._hearer(chat_id)
        if chat is None or not self._may_hear(chat):
            return False
        outcome = await self.sender.reply(Address(chat.id, chat.kind), html)
        if isinstance(outcome, Moved):
            await self.storage.chats.migrate(chat.id, outcome.chat_id, self.now())
        return not isinstance(outcome, Moved | Wait | TryAgain | TokenRefused)

    async def _hearer(self, chat_id: int) -> Chat | None:
        """The chat itself; of a channel, whose readers can do nothing, who keeps it."""
        chat = await self.storage.chats.get(chat_id)
        if chat is None or chat.kind != "channel":
            return chat
        return next(iter(await self.storage.keepers.reachable(chat_id)), None)

    def _may_hear(self, chat: Chat) -> bool:
        if chat.state is not ChatState.ACTIVE:
            return False
        return quiet_until(chat.habits.quiet, chat.timezone, self.now()) is None


def _too_much(over: list[OverQuota]) -> str:
    lines = [
        bold("Of sources that this chat added not all is told"),
        *(f"{_name(each.feed)}: {each.left_out} entries left out so far" for each in over[:_NAMED]),
    ]
    if len(over) > _NAMED:
        lines.append(f"… and {len(over) - _NAMED} more")
    return "\n".join([*lines, escape(_QUOTAS)])


def _note(what: str, feeds: list[Feed], line: Callable[[Feed], str]) -> str:
    sources = "A source is" if len(feeds) == 1 else f"{len(feeds)} sources are"
    lines = [bold(f"{sources} {what}"), *(line(feed) for feed in feeds[:_NAMED])]
    if len(feeds) > _NAMED:
        lines.append(f"… and {len(feeds) - _NAMED} more: /sources")
    return "\n".join(lines)


def _name(feed: Feed) -> str:
    return escape(cut(tidy(feed.title) or urls.host_of(feed.url), _NAME))


def _failing_line(feed: Feed) -> str:
    reason = cut(tidy(str(feed.error or "no answer")), _REASON)
    return f"{_name(feed)}: {escape(f'{reason}. {health.advice(feed)}')}"
