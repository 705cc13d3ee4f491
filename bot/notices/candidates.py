"""Candidates: feeds that a chat's list brought. Once all of them were polled, the chat is told in
one message which are feeds, and what is none goes again.

What was told is stored after it was sent: a crash in between tells it twice and loses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from bot.news.feed import Feed
from bot.notices.apart import Apart
from bot.notices.tell import Notices, Notified, listed, name_of, said_of
from bot.texts.html import Html, bold, lines
from bot.texts.locale import Locale

_EVERY_SECONDS = 2.0
_LONGEST_SECONDS = 900.0
_TRIES = 2  # a host may fail once


@dataclass
class CandidateTeller:
    """Tells chats what became of the feeds of their lists."""

    notices: Notices

    def __post_init__(self) -> None:
        self._storage, self._now = self.notices.storage, self.notices.now
        self._apart = Apart(self._storage.aside, self._now)

    async def step(self) -> None:
        """One round, then a rest."""
        over = await self._storage.candidates.over(_TRIES, self._now() - _LONGEST_SECONDS)
        for chat_id, thread_id in over:
            await self._apart.tell(chat_id, partial(self._tell_of_list, chat_id, thread_id))
        await self.notices.stop.sleep(_EVERY_SECONDS)

    async def _tell_of_list(self, chat_id: int, thread_id: int) -> None:
        feeds = await self._storage.candidates.of(chat_id, thread_id)
        unread = [
            feed
            for feed in feeds
            if not feed.settled and (feed.failures >= _TRIES or feed.suspended)
        ]
        hearer = await self.notices.hearer(chat_id)
        if hearer is not None:
            thread_id = thread_id if hearer.id == chat_id else 0
            summary = partial(_summary, feeds, unread)
            if await self.notices.tell_at_once(hearer, summary, thread_id) is Notified.LATER:
                return
        await self._storage.candidates.note_told(
            chat_id, [feed.id for feed in feeds], [feed.id for feed in unread]
        )


def _summary(feeds: Sequence[Feed], unread: Sequence[Feed], locale: Locale) -> Html:
    good = sum(feed.settled for feed in feeds)
    late = len(feeds) - good - len(unread)
    heading = locale.n(
        "List checked: {good} of 1 new source answered",
        "List checked: {good} of {n} new sources answered",
        len(feeds),
        good=good,
    )
    said = [bold(heading)]
    if late:
        said.append(
            locale.t("Still to be checked: {n}. Their sites are busy, so I keep them.", n=late)
        )
    if unread:
        said.append(locale.t("These gave no news. I removed those that only this chat added:"))
        said += listed(
            [_why(feed, locale) for feed in unread],
            lambda more: locale.t("… and {n} more", n=more),
        )
    return lines(*said)


def _why(feed: Feed, locale: Locale) -> Html:
    return locale.t("{source}: {why}", source=name_of(feed), why=said_of(feed))
