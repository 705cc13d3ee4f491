"""What a feed's document leaves: its news, and what it says of the feed itself.

Pure decisions are made elsewhere (`bot.news`); here what is remembered is asked for, and what was
decided is put together. Nothing is stored here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import structlog
from msgspec.structs import replace

from bot import crash_points
from bot.feeds.fetching.fetch import Fetched, NotModified
from bot.loops import Now
from bot.news.feed import Feed, PollRecord, Times
from bot.news.polling import archive, gaps, listing, moves, rhythm, schedule
from bot.news.polling.archive import Past
from bot.news.polling.entry_keys import body_hash
from bot.news.polling.gaps import Gaps
from bot.news.polling.identity import Judgement, judge
from bot.news.polling.listing import Arranged
from bot.news.polling.parsed import ParsedFeed
from bot.news.polling.rhythm import Rhythm
from bot.news.polling.schedule import Bounds
from bot.news.story import NewReport
from bot.news.telling import health
from bot.news.text import urls
from bot.news.why import NotAFeed
from bot.pipeline.polling.articles import Articles
from bot.pipeline.polling.offers import DocumentReader
from bot.pipeline.polling.readings import Reading, Readings
from bot.pipeline.polling.reports import new_reports
from storage.polling.feeds import Feeds

log = structlog.get_logger(__name__)

# All that a feed shows is noted twice a day, and written where that is two days old by then
# (`storage.polling.packing`): what is three days older than the newest is shown no more.
_REMEMBER_SECONDS = 43_200.0

_Changes = dict[str, Any]
"""What changes of a feed, by the names of its fields. They are put into it once: each time costs as
much as all that is decided of a document.
"""
_NO_CHANGES: Mapping[str, Any] = MappingProxyType({})


@dataclass(kw_only=True)
class Documents:
    """Judges documents by what is remembered of their feeds. `is_ours` tells hosts of the
    operator's own, `articles` reads the pages of feeds for which that is wanted.
    """

    feeds: Feeds
    reader: DocumentReader
    bounds: Bounds
    now: Now
    chance: Callable[[], float]
    is_ours: Callable[[str], bool]
    articles: Articles | None = None

    def __post_init__(self) -> None:
        self._readings = Readings(self.feeds, self.reader)

    async def read(
        self, feed: Feed, fetched: Fetched, held: str = "", *, lowers: bool = True
    ) -> PollRecord:
        """What a document leaves; where wanted, with the leads of its new stories. `held` is the
        host at which this poll has a turn, `lowers` says whether the feed's policy may be.
        """
        record = await self._fetched(feed, fetched, lowers)
        if self.articles is None or not feed.full_text or not record.reports:
            return record
        leads = await self.articles.with_leads(feed, record.reports, held)
        return replace(record, reports=leads)

    def unchanged(self, feed: Feed, answer: Fetched | NotModified) -> PollRecord:
        """What an answer without news leaves: of most feeds no more than its time."""
        if _is_as_before(feed, answer):
            return PollRecord(feed, times=self._times(feed, answer))
        return PollRecord(self._answered(feed, answer, _hint(feed)))

    async def pushed(self, feed: Feed, document: Fetched) -> PollRecord:
        """What a pushed document leaves: its news. It may hold only what is new, and comes from the
        hub, so it says nothing of how the feed itself answers, by what its entries are known or
        when it is to be polled: the next poll sees all of it.
        """
        if feed.suspended or not feed.settled:
            return PollRecord(feed)
        # It may hold a part of the entries only: nothing has gone that it does not hold.
        listing_open = replace(feed.listing, shown=None)
        try:
            record = await self.read(replace(feed, listing=listing_open), document, lowers=False)
        except NotAFeed:
            return PollRecord(feed)
        found, now = record.feed, self.now()
        at = max(min(feed.answered_at or 0.0, now) + feed.interval, now)
        kept = replace(
            feed,
            # A host that asked for a pause, or fails, is left alone for as long as before.
            poll_at=feed.poll_at if feed.error else at,
            rhythm=found.rhythm,
            news_at=found.news_at,
            newest_at=found.newest_at,
            usual=found.usual,
            usual_at=found.usual_at,
            hushed=found.hushed,
            hushed_at=found.hushed_at,
            missed=0 if record.reports else feed.missed,
        )
        # Nor has it shown all that the feed shows.
        return replace(record, feed=kept, shown=None, times=None)

    async def _fetched(self, feed: Feed, fetched: Fetched, lowers: bool) -> PollRecord:
        digest = body_hash(fetched.body)
        if digest == feed.body_hash:
            return self.unchanged(feed, fetched)
        # What is still shown is noted anew twice a day, for which all of it is read.
        if not self._is_noted(feed):
            whole = await self._readings.whole(feed, fetched)
            return await self._judged(feed, fetched, digest, whole, lowers)
        reading = await self._readings.partly(feed, fetched)
        if reading is None:
            read = {"body_hash": digest}
            return PollRecord(self._answered(feed, fetched, _hint(feed), read))
        return await self._judged(feed, fetched, digest, reading, lowers)

    async def _judged(
        self, feed: Feed, fetched: Fetched, digest: bytes, reading: Reading, lowers: bool
    ) -> PollRecord:
        """What a document leaves, by what is remembered of its feed."""
        parsed, noted = reading.parsed, self._is_noted(feed)
        if parsed.breaks_off:  # the rest may come under the same marks
            fetched = replace(fetched, etag=None, last_modified=None)
        said = self._said(feed, fetched, reading, digest)
        # Only the wrapping of the entries changed, such as the date of the build. Twice a day it
        # counts as changed, so that what is still shown is not forgotten.
        if noted and feed.reads == said["reads"]:
            return PollRecord(self._answered(feed, fetched, parsed.moved_to, said))
        keys = await reading.keys()
        recalled = await self._readings.recall(feed, keys)
        judged = judge(
            feed.policy,
            keys,
            recalled.memory,
            beside=reading.beside(),
            lowers=lowers and not parsed.breaks_off,
        )
        if judged.policy != feed.policy:
            if reading.known:  # what is remembered of those changes as well
                whole = await self._readings.whole(feed, fetched)
                return await self._judged(feed, fetched, digest, whole, lowers)
            log.warning(
                "entries of a feed are known by less from now on",
                feed=urls.without_credentials(feed.url),
                known_by=judged.policy.known_by.value,
                reason=health.lowered(judged.policy),
            )
        found = listing.arrange(
            reading.document(judged), {key for key, _ in judged.new}, feed.listing
        )
        said |= {
            "policy": judged.policy,
            "remembered_at": feed.remembered_at if noted else self.now(),
            "listing": feed.listing if parsed.breaks_off else found.listing,
            "missed": said["missed"] + bool(found.news and self._is_pushed(feed)),
            "rhythm": self._rhythm(feed, reading, found),
        }
        found_by = self._later if feed.settled else self._first
        reports, changes = found_by(feed, reading, judged, found)
        # Of a whole document only what changed is noted. Of a part all of it, of which what changed
        # is written, and what came back as it was and is shown today.
        whole_again = noted and not reading.known
        return PollRecord(
            self._answered(feed, fetched, parsed.moved_to, said | changes),
            recalled.changed(judged.traces) if whole_again else judged.traces,
            reports,
            judged.rewritten if feed.settled else (),
            shown=reading.shown(keys, judged),
        )

    def _said(self, feed: Feed, fetched: Fetched, reading: Reading, digest: bytes) -> _Changes:
        """What changes by what a document says of its feed."""
        parsed = reading.parsed
        hub, topic, missed = self._pushed_by(feed, fetched, parsed)
        return {
            "title": _title(feed, parsed),
            "language": parsed.language,
            # What breaks off before its first entry does not say what is there already.
            "settled": feed.settled or bool(reading.dates) or not parsed.breaks_off,
            "body_hash": None if parsed.breaks_off else digest,
            "hints": parsed.hints,
            "reads": reading.reads,
            "hub": hub,
            "topic": topic,
            "missed": missed,
        }

    def _pushed_by(
        self, feed: Feed, fetched: Fetched, parsed: ParsedFeed
    ) -> tuple[str | None, str, int]:
        """The hub, the topic and the missed pushes after a document. What works is kept: a feed
        that names itself anew in each answer must not be subscribed anew each time.
        """
        named = fetched.hub or parsed.hub
        hub = self._safe(named) if named else feed.hub if self._is_pushed(feed) else None
        if feed.topic and hub == feed.hub and feed.missed < schedule.PUSHES_MISSED:
            return hub, feed.topic, feed.missed
        own = fetched.own_url or parsed.own_url or feed.url
        return hub, own, 0 if own != feed.topic else feed.missed

    def _safe(self, hub: str) -> str:
        """A hub's address, by https: it is told a secret. The operator's own hosts as they are."""
        return hub if self.is_ours(urls.host_of(hub)) else urls.encrypted(hub)

    def _is_noted(self, feed: Feed) -> bool:
        """Whether all that the feed shows was noted lately; then only what changed is."""
        noted = feed.remembered_at
        return noted is not None and 0 <= self.now() - noted < _REMEMBER_SECONDS

    def _is_pushed(self, feed: Feed) -> bool:
        return feed.pushed_until is not None and feed.pushed_until > self.now()

    def _rhythm(self, feed: Feed, reading: Reading, found: Arranged) -> Rhythm:
        if feed.rhythm.at is None:
            return rhythm.first_heard(reading.dates, self.now())
        dates = [entry.published for entry in found.news]
        return rhythm.heard(feed.rhythm, dates, feed.answered_at, self.now())

    def _first(
        self, feed: Feed, reading: Reading, judged: Judgement, found: Arranged
    ) -> tuple[tuple[NewReport, ...], _Changes]:
        """What a first poll leaves: all of it known, and nobody rung."""
        reports = new_reports(reading.parsed, found.new, frozenset(), judged.on_pages)
        known = gaps.of_dates(reading.dates)
        changes = self._by_news(feed, reading, known, len(reports))
        # Its last news came out when they say, and not when they were first seen.
        changes["news_at"] = changes["newest_at"] or changes["news_at"]
        return reports, changes

    def _later(
        self, feed: Feed, reading: Reading, judged: Judgement, found: Arranged
    ) -> tuple[tuple[NewReport, ...], _Changes]:
        """What any other poll leaves: what is news rings, unless it is an archive."""
        new, news = [entry for _, entry in found.new], found.news
        past = Past(feed.newest_at, feed.usual, feed.answered_at)
        ringing = archive.ringing(news, past, self.now())
        reports = new_reports(reading.parsed, found.new, ringing, judged.on_pages)
        changes = self._by_news(feed, reading, feed.gaps, len(news))
        changes["usual"], changes["usual_at"] = archive.usual_after(
            feed.usual, feed.usual_at, len(news), self.now()
        )
        if len(archive.ringing(new, past, self.now())) < len(new):
            changes |= {"hushed": len(new) - len(ringing), "hushed_at": self.now()}
        crash_points.point("fetched")
        return reports, changes

    def _by_news(self, feed: Feed, reading: Reading, known: Gaps, news: int) -> _Changes:
        """What changes where so many news were found."""
        now = self.now()
        return {
            "news_at": now if news else feed.news_at,
            "gaps": gaps.after_news(known, feed.news_at, news, now),
            "newest_at": archive.newest_after(feed.newest_at, reading.dates, now),
        }

    def _answered(
        self,
        feed: Feed,
        answer: Fetched | NotModified,
        hint: str | None,
        changes: Mapping[str, Any] = _NO_CHANGES,
    ) -> Feed:
        """The feed's state after a good answer, and with these changes."""
        times = self._times(feed, answer, changes)
        now = times.answered_at
        return replace(
            feed,
            **changes,
            failures=0,
            failing_since=None,
            error=None,
            answered_at=now,
            interval=times.interval,
            poll_at=times.poll_at,
            etag=answer.etag,
            last_modified=answer.last_modified,
            move=moves.after_answer(feed.move, feed.url, answer.permanent_url, hint, now),
            gone_at=None,
        )

    def _times(
        self,
        feed: Feed,
        answer: Fetched | NotModified,
        changes: Mapping[str, Any] = _NO_CHANGES,
    ) -> Times:
        now = self.now()
        interval = schedule.next_interval(
            changes.get("rhythm", feed.rhythm),
            changes.get("hints", feed.hints),
            answer.cache_seconds,
            self.bounds,
            now,
        )
        missed = changes.get("missed", feed.missed)
        interval = schedule.while_pushed(interval, now, feed.pushed_until, missed, self.bounds)
        return Times(now, interval, schedule.after_success(now, interval, self.chance()))


def _is_as_before(feed: Feed, answer: Fetched | NotModified) -> bool:
    """Whether a good answer leaves a feed, of which nothing was wrong, where it was."""
    return (
        feed.failures == 0
        and feed.error is None
        and feed.failing_since is None
        and feed.gone_at is None
        and feed.move is None
        and answer.permanent_url is None
        and (answer.etag, answer.last_modified) == (feed.etag, feed.last_modified)
    )


def _hint(feed: Feed) -> str | None:
    """Where an unchanged document says that the feed is: what it said before, it still says."""
    return feed.move.to if feed.move and feed.move.hinted else None


def _title(feed: Feed, parsed: ParsedFeed) -> str:
    """What a person called the feed, else what it calls itself now, else where it lives."""
    if feed.named:
        return feed.title
    return parsed.title or feed.title or urls.host_of(feed.url)
