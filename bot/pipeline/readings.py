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
from bot.news.polling.identity import Judgement, Memory
from bot.news.polling.parsed import ParsedFeed
from bot.news.polling.rereading import all_keys, in_todays_words
from bot.news.polling.shown import ShownEntry
from bot.news.why import NotAFeed
from bot.pipeline.offers import DocumentReader
from storage.polling.feeds import Feeds


@dataclass(frozen=True, slots=True)
class Reading:
    """What a document says, and hashes of how each of its entries reads. `known` are the entries,
    by place, that were not read again: stand-ins are in their place in `parsed` and among the
    `keys`, which are those of all of its entries.
    """

    parsed: ParsedFeed
    reads_of: Sequence[bytes]
    pieces: Pieces | None
    known: Mapping[int, ShownEntry] = field(default_factory=dict)
    part: Sequence[EntryKeys] = ()
    with_stand_ins: Sequence[EntryKeys] = ()

    @property
    def reads(self) -> bytes:
        """A hash of how all of its entries read."""
        return reads_hash(self.reads_of)

    def keys(self) -> Sequence[EntryKeys]:
        """The keys of each different entry, in the order of the document."""
        return self.with_stand_ins if self.known else entry_keys_of(self.parsed.entries)

    def shown(self, keys: Sequence[EntryKeys], judged: Judgement) -> bytes:
        """What is kept of the document after it was judged; empty where the next is read whole."""
        pieces, parsed = self.pieces, self.parsed
        if pieces is None or not parsed.apart or parsed.breaks_off:
            return b""
        if not len(pieces.entries) == len(parsed.entries) == len(keys):
            return b""
        if judged.on_pages or any(each.page in judged.traces for each in keys):
            return b""
        entries = [
            self.known.get(place) or shown.shown_entry(digest, keys[place], self.reads_of[place])
            for place, digest in enumerate(pieces.digests())
        ]
        return shown.stored(pieces.context, entries) if shown.are_apart(entries) else b""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What is remembered of a document's entries: as `stored`, and as the `memory` by which it is
    judged. Of `stand_ins` nothing is asked.
    """

    stored: Memory
    memory: Memory
    stand_ins: frozenset[bytes] = frozenset()

    def changed(self, traces: Memory) -> dict[bytes, Trace]:
        """Of the traces of a document those that are not stored as they are."""
        return {
            key: trace
            for key, trace in traces.items()
            if key not in self.stand_ins and self.stored.get(key) != trace
        }


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
        digests = pieces.digests()
        if digests == list(before):
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
        digests = pieces.digests()
        read = {
            n: shown.shown_entry(digests[n], keys) for n, keys in zip(unread, part, strict=True)
        }
        all_of_it = [known.get(n) or read[n] for n in range(len(digests))]
        if not shown.are_apart(all_of_it):
            return None
        read_keys = iter(part)
        keys = [
            shown.stand_in(n, known[n]) if n in known else next(read_keys)
            for n in range(len(digests))
        ]
        entries = tuple(each.entry for each in keys)
        reads = [each.reads for each in all_of_it]
        return Reading(replace(parsed, entries=entries), reads, pieces, known, part, keys)

    async def recall(self, feed: Feed, reading: Reading, keys: Sequence[EntryKeys]) -> Recalled:
        """What is remembered of a document's entries; of stand-ins, that they are known."""
        document = list(reading.part if reading.known else keys)
        formerly = former_entry_keys_of([each.entry for each in document], document)
        stored = await self._feeds.recall(feed.id, all_keys(document, formerly))
        memory = in_todays_words(stored, document, formerly)
        known = shown.remembered(keys[place] for place in reading.known)
        return Recalled(stored, {**memory, **known}, frozenset(known))
