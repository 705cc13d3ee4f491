"""Troubles: who added a feed, and the operators, are told once when it fails for long, and once
when it answers again. Who added one that brings more than a chat's feed may is told once, too.

What was told is stored after it was sent, so a restart repeats nothing; what may have been sent
counts as sent. Feeds that fail together come in one note.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import partial

from bot.news.feed import Feed, OverQuota
from bot.news.polling.quota import ENTRIES_OF_A_CHAT, ENTRIES_OF_A_GUEST
from bot.news.telling import health
from bot.notices.apart import Apart
from bot.notices.tell import Notices, Notified, Writer, listed, name_of, said_of
from bot.texts.html import NOTHING, Html, bold, escape, lines
from bot.texts.locale import Locale
from bot.texts.said import say, say_many

_EVERY_SECONDS = 5.0


@dataclass
class TroubleTeller:
    """Tells chats of feeds in trouble. `admin_ids` are users, whose private chats have their id."""

    notices: Notices
    admin_ids: tuple[int, ...]

    def __post_init__(self) -> None:
        self._feeds, self._quotas = self.notices.storage.feeds, self.notices.storage.quotas
        self._now = self.notices.now
        self._wakeup = self.notices.stop.wakeup()
        self._apart = Apart(self.notices.storage.aside, self._now)

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
        if await self._send(chat_id, partial(_failing_note, feeds)):
            await self._feeds.tell(chat_id, [f.id for f in feeds], self._now())

    async def _tell_recovered(self, chat_id: int, feeds: list[Feed]) -> None:
        if await self._send(chat_id, partial(_well_note, feeds)):
            await self._feeds.untell(chat_id, [f.id for f in feeds])

    async def _tell_over(self, chat_id: int, over: list[OverQuota]) -> None:
        if await self._send(chat_id, partial(_too_much, over)):
            await self._quotas.tell(chat_id, [each.feed.id for each in over])

    async def _over(self) -> dict[int, list[OverQuota]]:
        """By chat, the feeds that bring more than they may and of which it was not told."""
        found: defaultdict[int, list[OverQuota]] = defaultdict(list)
        for each in await self._quotas.untold():
            found[each.chat_id].append(each)
        return found

    async def _failing(self) -> dict[int, list[Feed]]:
        """By chat, the feeds in trouble for long of which it was not told."""
        found: defaultdict[int, list[Feed]] = defaultdict(list)
        told = {(told.chat_id, told.feed.id) for told in await self._feeds.told_troubles()}
        failing = await self._feeds.failing(
            health.LONG_FAILURES, self._now() - health.LONG_WAIT_SECONDS
        )
        long = [feed for feed in failing if health.is_long_in_trouble(feed, self._now())]
        adders = await self._feeds.adders([feed.id for feed in long])
        for feed in long:
            for chat_id in sorted(adders.get(feed.id, frozenset()) | set(self.admin_ids)):
                if (chat_id, feed.id) not in told:
                    found[chat_id].append(feed)
        return found

    async def _recovered(self) -> dict[int, list[Feed]]:
        """By chat, the feeds of whose trouble it was told and that answered since."""
        found: defaultdict[int, list[Feed]] = defaultdict(list)
        for told in await self._feeds.told_troubles():
            answered = told.feed.answered_at or 0.0
            if answered > told.at and not told.feed.failures and not told.feed.suspended:
                found[told.chat_id].append(told.feed)
        return found

    async def _send(self, chat_id: int, write: Writer) -> bool:
        """True if nothing is left to do: it was sent, or will never be."""
        hearer = await self.notices.hearer(chat_id)
        return hearer is not None and await self.notices.tell(hearer, write) is not Notified.LATER


def _too_much(over: list[OverQuota], locale: Locale) -> Html:
    left_out = [
        locale.n(
            "{source}: 1 story left out",
            "{source}: {n} stories left out",
            each.left_out,
            source=name_of(each.feed),
        )
        for each in over
    ]
    limits = (
        say_many("A source that a chat added may bring {n} stories an hour.", ENTRIES_OF_A_GUEST),
        say("All that one chat added may bring {n}. The newest come.", n=ENTRIES_OF_A_CHAT),
        say("An operator of this bot can lift the limit for a source."),
    )
    heading = bold(locale.t("Some stories are left out"))
    return lines(heading, *_listed(left_out, locale), *map(locale.t, limits))


def _failing_note(feeds: list[Feed], locale: Locale) -> Html:
    heading = locale.n("A source does not work", "{n} sources do not work", len(feeds))
    said = [
        locale.t(
            "{source}: {why}. {advice}",
            source=name_of(feed),
            why=said_of(feed),
            advice=health.advice(feed) or NOTHING,
        )
        for feed in feeds
    ]
    return lines(bold(heading), *_listed(said, locale))


def _well_note(feeds: list[Feed], locale: Locale) -> Html:
    heading = locale.n("A source works again", "{n} sources work again", len(feeds))
    return lines(bold(heading), *_listed([escape(name_of(feed)) for feed in feeds], locale))


def _listed(said: list[Html], locale: Locale) -> list[Html]:
    return listed(said, lambda more: locale.t("… and {n} more: /sources", n=more))
