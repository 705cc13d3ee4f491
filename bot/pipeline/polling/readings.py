"""Reading documents by as much of them as is not known: only those entries go to the parser whose
bytes are others than at the last poll, and what was kept stands for the rest.

Where that might say something else than the whole document, the whole is read.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from bot.aside import aside
from bot.feeds.fetching.fetch import Fetched
from bot.feeds.reading.pieces import Pieces, pieces_of
from bot.news.feed import Feed
from bot.news.polling import shown
from bot.news.polling.entry_keys import (
    EntryKeys,
    Trace,
    entry_keys_of,
    entry_reads,
    former_entry_keys_of,
    reads_hash,
)
from bot.news.polling.identity import Beside, Judgement, Memory
from bot.news.polling.listing import Dated, Listed
from bot.news.polling.parsed import ParsedFeed
from bot.news.polling.rereading import all_keys, in_todays_words
from bot.news.polling.shown import ShownEntry
from bot.news.story import ParsedEntry
from bot.news.why import NotAFeed
from bot.pipeline.polling.offers import DocumentReader
from storage.polling.feeds import Feeds

_MANY = 100


class _Known(NamedTuple):
    """What stands for an entry that was not read again."""

    published: float | None


class Reading(Struct, frozen=True):
    """What a document says, hashes of how each of its entries reads, and their dates. `known` are
    the entries, by place, that were not read again: then `parsed` has the others only, `part` are
    the keys of these, and `entries` is what is kept of each.
    """

    parsed: ParsedFeed
    reads_of: Sequence[bytes]
    dates: Sequence[float | None]
    pieces: Pieces | None
    known: Mapping[int, ShownEntry] = field(default_factory=dict)
    part: Sequence[EntryKeys] = ()
    entries: Sequence[ShownEntry] = ()

    @property
    def reads(self) -> bytes:
        """A hash of how all of its entries read."""
        return reads_hash(self.reads_of)

    async def keys(self) -> Sequence[EntryKeys]:
        """The keys of each different entry that was read, in the order of the document."""
        return self.part if self.known else await keys_of(self.parsed.entries)

    def beside(self) -> Beside:
        """What those that were not read say of their feed."""
        return shown.beside(self.known.values())

    def document(self, judged: Judgement) -> Listed:
        """What was judged with its keys, and in their places what was not read."""
        if not self.known:
            return judged.document
        keys = {entry: key for key, entry in judged.document}
        unread = iter(self.parsed.entries)
        listed: list[tuple[bytes, Dated]] = []
        for place, at in enumerate(self.dates):
            if place in self.known:
                listed.append((b"shown%d" % place, _Known(at)))
            elif (entry := next(unread)) in keys:
                listed.append((keys[entry], entry))
        return listed

    def shown(self, keys: Sequence[EntryKeys], judged: Judgement) -> bytes:
        """What is kept of the document after it was judged; empty where the next is read whole."""
        pieces, parsed = self.pieces, self.parsed
        if pieces is None or not parsed.apart or parsed.breaks_off:
            return b""
        if judged.on_pages or any(each.page in judged.traces for each in keys):
            return b""
        if self.known:
            return shown.stored(pieces.context, self.entries)
        if not len(pieces.entries) == len(parsed.entries) == len(keys):
            return b""
        entries = [
            shown.shown_entry(*each)
            for each in zip(pieces.digests, keys, self.reads_of, strict=True)
        ]
        return shown.stored(pieces.context, entries) if shown.are_apart(entries) else b""


async def keys_of(entries: Sequence[ParsedEntry]) -> list[EntryKeys]:
    """The keys of each different entry of one document, in its order."""
    return await _in_turn(entries, entry_keys_of, entries)


async def _in_turn(
    entries: Sequence[ParsedEntry], work: Callable[..., list[EntryKeys]], *given: object
) -> list[EntryKeys]:
    """Works on many entries beside the loop: of texts and links that are made to be slow a thousand
    take seconds, in which all others would wait.
    """
    return await aside(work, *given) if len(entries) > _MANY else work(*given)


class Recalled(Struct, frozen=True):
    """What is remembered of a document's entries: as `stored`, and as the `memory` by which it is
    judged.
    """

    stored: Memory
    memory: Memory

    def changed(self, traces: Memory) -> dict[bytes, Trace]:
        """Of the traces of a document those that are not stored as they are."""
        return {key: trace for key, trace in traces.items() if self.stored.get(key) != trace}


class Readings:
    """Reads documents with what `feeds` keeps of those before."""

    def __init__(self, feeds: Feeds, reader: DocumentReader) -> None:
        self._feeds = feeds
        self._reader = reader

    async def whole(self, feed: Feed, fetched: Fetched) -> Reading:
        """What a document says, all of it read. Raises NotAFeed."""
        pieces = pieces_of(fetched.body, fetched.content_type, fetched.url)
        parsed = await self._reader.read(feed.id, fetched)
        entries = parsed.entries
        dates = [entry.published for entry in entries]
        return Reading(parsed, list(map(entry_reads, entries)), dates, pieces)

    async def partly(self, feed: Feed, fetched: Fetched) -> Reading | None:
        """What a document says, read without the entries that the last one showed; None where it
        shows the same ones. Raises NotAFeed.
        """
        before = shown.read(await self._feeds.shown(feed.id))
        if not before.entries:
            return await self.whole(feed, fetched)
        body, known = fetched.body, before.entries
        pieces = pieces_of(body, fetched.content_type, fetched.url, known)
        if pieces is None or pieces.context != before.context:
            return await self.whole(feed, fetched)
        if pieces.digests == tuple(known):
            return None
        there = {n: known[digest] for n, digest in enumerate(pieces.digests) if digest in known}
        found = await self._without(feed, fetched, pieces, there) if there else None
        return found or await self.whole(feed, fetched)

    async def _without(
        self, feed: Feed, fetched: Fetched, pieces: Pieces, known: Mapping[int, ShownEntry]
    ) -> Reading | None:
        """The document without the entries that are known; None where that says too little."""
        unread = [n for n in range(len(pieces.entries)) if n not in known]
        try:
            parsed = await self._reader.read(feed.id, replace(fetched, body=pieces.only(unread)))
        except NotAFeed:
            return None
        part = await keys_of(parsed.entries)
        if not parsed.apart or parsed.breaks_off or len(part) != len(unread):
            return None
        all_of_it = dict(known)
        for n, keys in zip(unread, part, strict=True):
            all_of_it[n] = shown.shown_entry(pieces.digests[n], keys)
        entries = [all_of_it[n] for n in range(len(pieces.entries))]
        if not shown.are_apart(entries):
            return None
        reads_of, dates = shown.reads_of(entries), shown.dates_of(entries)
        return Reading(parsed, reads_of, dates, pieces, known, part, entries)

    async def recall(self, feed: Feed, keys: Sequence[EntryKeys]) -> Recalled:
        """What is remembered of entries with these keys: nothing before a feed's first poll."""
        if not feed.settled:
            return Recalled({}, {})
        document = list(keys)
        entries = [each.entry for each in document]
        formerly = await _in_turn(entries, former_entry_keys_of, entries, document)
        stored = await self._feeds.recall(feed.id, all_keys(document, formerly))
        return Recalled(stored, in_todays_words(stored, document, formerly))
