"""What the outcome of a poll makes of its feed: news, another address, a pause, a failure."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

import structlog
from msgspec.structs import replace

from bot.feeds.fetching.fetch import Failed, Fetched, FetchOutcome, Gone, NotModified, TryLater
from bot.loops import Now
from bot.news.feed import Feed, PollRecord
from bot.news.polling import moves, schedule
from bot.news.polling.connectivity import Connectivity
from bot.news.polling.identity import keys_to_recall
from bot.news.polling.moves import Move
from bot.news.polling.politeness import Politeness, host_key
from bot.news.polling.schedule import Bounds
from bot.news.text import urls
from bot.news.why import Code, NotAFeed, Why, because
from bot.pipeline.polling.documents import Documents
from bot.pipeline.polling.offers import DocumentReader
from bot.pipeline.polling.readings import keys_of
from storage.polling.feeds import Feeds

log = structlog.get_logger(__name__)


class Fetch(Protocol):
    """Fetches an address conditionally; see `bot.feeds.fetching.fetch`."""

    def __call__(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Awaitable[FetchOutcome]: ...


@dataclass(kw_only=True)
class PollOutcomes:
    """Takes outcomes one by one. `visit` fetches where a feed says it has moved to, at the pace of
    visits; `chance` gives numbers from 0 to 1.
    """

    feeds: Feeds
    reader: DocumentReader
    documents: Documents
    visit: Fetch
    bounds: Bounds
    now: Now
    chance: Callable[[], float]
    politeness: Politeness
    connectivity: Connectivity

    async def take(self, feed: Feed, outcome: FetchOutcome) -> PollRecord:
        """What a poll with this outcome leaves. Raises NotAFeed for a document that is none."""
        if self._is_ours(feed, outcome):
            at = schedule.while_cut_off(self.now(), self.chance())
            return PollRecord(replace(feed, poll_at=at))
        match outcome:
            case Fetched():
                return await self._follow_move(
                    await self.documents.read(feed, outcome, host_key(feed.url))
                )
            case NotModified():
                return await self._follow_move(self.documents.unchanged(feed, outcome))
            case Gone():
                return self._gone(feed)
            case TryLater(seconds=seconds, reason=reason, host=host):
                at = schedule.after_try_later(self.now(), seconds, self.chance())
                until, own = self.now() + seconds, host_key(feed.url)
                platform = host in (None, own) and self.politeness.pause(own, until)
                since = _since(feed.failing_since, self.now())
                waiting = replace(feed, poll_at=at, error=reason, gone_at=None, failing_since=since)
                return PollRecord(waiting, host_rests_until=until if platform else None)
            case Failed(reason=reason, status=status):
                # Without an answer nothing is known of what the host says.
                gone_at = feed.gone_at if status is None else None
                return self.failed(replace(feed, gone_at=gone_at), reason)

    def _is_ours(self, feed: Feed, outcome: FetchOutcome) -> bool:
        """Whether a feed could not be reached because this machine reaches nobody."""
        now, was = self.now(), self.connectivity.is_cut_off(self.now())
        if isinstance(outcome, Failed) and outcome.unreached:
            self.connectivity.silent(host_key(feed.url), now)
        elif not (isinstance(outcome, Failed) and outcome.refused):
            self.connectivity.heard(now)
        cut_off = self.connectivity.is_cut_off(now)
        if cut_off and not was:
            log.warning("no host can be reached; feeds are asked again within minutes")
        return cut_off and isinstance(outcome, Failed) and outcome.unreached

    async def _follow_move(self, record: PollRecord) -> PollRecord:
        """Gives the feed the address on which several polls agreed, if a feed is found there."""
        feed, now = record.feed, self.now()
        if feed.move is None or not moves.is_agreed(feed.move, now):
            return record
        if await self._is_there(feed, feed.move):
            to = urls.without_credentials(feed.move.to)
            log.info("a feed moves", feed=urls.without_credentials(feed.url), to=to)
            # What is known of the move goes when it is made, which may have to wait.
            return replace(record, moved_to=feed.move.to)
        doubted = replace(feed.move, since=now, polls=0)
        return replace(record, feed=replace(feed, move=doubted))

    async def _is_there(self, feed: Feed, move: Move) -> bool:
        """Whether the feed is found where it moves to: where its server redirects to, any feed;
        where only its document says so, one of the same entries.
        """
        outcome = await self.visit(move.to)
        if not isinstance(outcome, Fetched):
            return False
        try:
            found = await self.reader.read(feed.id, outcome)
        except NotAFeed:
            return False
        if not move.hinted:
            return True
        document = await keys_of(found.entries)
        memory = await self.feeds.recall(feed.id, keys_to_recall(document))
        return moves.is_the_same(document, memory.keys())

    def after_pause(self, host: str, record: PollRecord) -> PollRecord:
        """What a poll found; where its platform asked for a pause meanwhile, the next is after it.
        When feeds are polled is all by which the next process knows of a pause.
        """
        until = self.politeness.paused_until(host)
        if until <= (record.times or record.feed).poll_at:
            return record
        if record.times:
            return replace(record, times=replace(record.times, poll_at=until))
        return replace(record, feed=replace(record.feed, poll_at=until))

    def _gone(self, feed: Feed) -> PollRecord:
        """410 is believed when it is said twice with time between: hosts say it by mistake too."""
        now = self.now()
        first = _since(feed.gone_at, now)
        believed = now - first >= schedule.GONE_APART_SECONDS
        why = because(Code.GONE if believed else Code.GONE_ONCE)
        record = self.failed(replace(feed, gone_at=first), why)
        at = schedule.after_gone(now, self.chance())
        return replace(record, feed=replace(record.feed, suspended=believed, poll_at=at))

    def failed(self, feed: Feed, reason: Why) -> PollRecord:
        """What a poll that failed leaves: the feed is asked again later each time."""
        failures = feed.failures + 1
        at = schedule.after_failure(self.now(), failures, self.bounds, self.chance())
        log.info("a poll failed", feed=urls.without_credentials(feed.url), reason=str(reason))
        since = _since(feed.failing_since, self.now())
        return PollRecord(
            replace(feed, failures=failures, failing_since=since, error=reason, poll_at=at)
        )


def _since(at: float | None, now: float) -> float:
    """Since when something is so that was seen at that time first: since now where it was not, or
    by a clock that was ahead.
    """
    return now if at is None or at > now else at
