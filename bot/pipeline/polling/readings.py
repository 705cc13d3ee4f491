"""Reading documents by as much of them as is not known: only those entries go to the parser whose
bytes are others than at the last poll, and what was kept stands for the rest.

Where that might say something else than the whole document, the whole is read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

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
from bot.news.polling.listing import Entries
from bot.news.polling.parsed import ParsedFeed
from bot.news.polling.rereading import all_keys, in_todays_words
from bot.news.polling.shown import ShownEntry
from bot.news.story import ParsedEntry
from bot.news.why import NotAFeed
from bot.pipeline.polling.offers import DocumentReader
from storage.polling.feeds import Feeds


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document says, and hashes of how each of its entries reads. `known` are the entries,
    by place, that were not read again: in `parsed` only their dates are in their place, and `part`
    are the keys of the others. Then `entries` is what is kept of each.
    """

    parsed: ParsedFeed
    reads_of: Sequence[bytes]
    pieces: Pieces | None
    known: Mapping[int, ShownEntry] = field(default_factory=dict)
    part: Sequence[EntryKeys] = ()
    entries: Sequence[ShownEntry] = ()

    @property
    def reads(self) -> bytes:
        """A hash of how all of its entries read."""
        return reads_hash(self.reads_of)

    def keys(self) -> Sequence[EntryKeys]:
        """The keys of each different entry that was read, in the order of the document."""
        return self.part if self.known else entry_keys_of(self.parsed.entries)

    def beside(self) -> Beside:
        """What those that were not read say of their feed."""
        return shown.beside(self.known.values())

    def document(self, judged: Judgement) -> Entries:
        """What was judged with its keys, and in their places what was not read."""
        if not self.known:
            return judged.document
        keys = {entry: key for key, entry in judged.document}
        entries = self.parsed.entries
        return [
            (b"shown%d" % place if place in self.known else keys[entry], entry)
            for place, entry in enumerate(entries)
            if place in self.known or entry in keys
        ]

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


@dataclass(frozen=True, slots=True)
class Recalled:
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
        return Reading(parsed, list(map(entry_reads, parsed.entries)), pieces)

    async def partly(self, feed: Feed, fetched: Fetched) -> Reading | None:
        """What a document says, read without the entries that the last one showed; None where it
        shows the same ones. Raises NotAFeed.
        """
        pieces = pieces_of(fetched.body, fetched.content_type, fetched.url)
        before = shown.read(await self._feeds.shown(feed.id), pieces.context) if pieces else {}
        if pieces is None or not before:
            return await self.whole(feed, fetched)
        digests = pieces.digests
        if digests == tuple(before):
            return None
        known = {n: before[digest] for n, digest in enumerate(digests) if digest in before}
        found = await self._without(feed, fetched, pieces, known) if known else None
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
        part = entry_keys_of(parsed.entries)
        if not parsed.apart or parsed.breaks_off or len(part) != len(unread):
            return None
        read = {
            n: shown.shown_entry(pieces.digests[n], keys)
            for n, keys in zip(unread, part, strict=True)
        }
        entries = [known.get(n) or read[n] for n in range(len(pieces.entries))]
        if not shown.are_apart(entries):
            return None
        new = {n: keys.entry for n, keys in zip(unread, part, strict=True)}
        all_of_it = tuple(
            new.get(n) or ParsedEntry(None, None, "", "", each.published)
            for n, each in enumerate(entries)
        )
        reads = [each.reads for each in entries]
        return Reading(replace(parsed, entries=all_of_it), reads, pieces, known, part, entries)

    async def recall(self, feed: Feed, keys: Sequence[EntryKeys]) -> Recalled:
        """What is remembered of entries with these keys: nothing before a feed's first poll."""
        if not feed.settled:
            return Recalled({}, {})
        document = list(keys)
        formerly = former_entry_keys_of([each.entry for each in document], document)
        stored = await self._feeds.recall(feed.id, all_keys(document, formerly))
        return Recalled(stored, in_todays_words(stored, document, formerly))
