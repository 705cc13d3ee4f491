"""By what an entry is known again, and what to do when its feed breaks that.

An entry can be known by its id, by its link, by title and date, or by its title alone. A feed is
taken at its word, by id, until what it publishes shows that its ids are missing, repeat, change
or are used again; then the next of these is used, for good. Every entry is remembered under all
of its keys, so that a change of the rule makes nothing new that was seen.

Where a feed leaves it open the entry is new, since a repeat only annoys. Pure: what is remembered
comes in, what is to be remembered goes out.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum, StrEnum

from msgspec import Struct
from msgspec.structs import replace

from bot.news.polling.entry_keys import EntryKeys, Trace
from bot.news.story import ParsedEntry
from bot.news.why import Code, Why, because


class KnownBy(StrEnum):
    """What tells a feed's entries apart, the most lasting first."""

    ID = "id"
    LINK = "link"
    MOMENT = "title and date"
    TITLE = "title"


class Policy(Struct, frozen=True):
    """By what the entries of a feed are known, and why not by the feed's own ids: a reason for each
    step down.
    """

    known_by: KnownBy = KnownBy.ID
    reason: tuple[Why, ...] = ()


class Rewrite(Struct, frozen=True):
    """A known entry whose headline reads otherwise now. `key` is that of its report."""

    key: bytes
    title: str
    summary: str


class Beside(Struct, frozen=True):
    """Entries that a document shows beside those that are judged, known and as they were: how many,
    and how many have an id, and a link of their own.
    """

    entries: int = 0
    ids: int = 0
    links: int = 0


class Judgement(Struct, frozen=True):
    """What a document says beyond what is remembered: its new entries with their keys, in the
    order of the document, each once; the headlines rewritten; and all that is to be remembered.
    `document` is all that was judged with their keys, in its order, each once; `on_pages` are those
    whose link is no entry's own.
    """

    policy: Policy
    document: tuple[tuple[bytes, ParsedEntry], ...]
    new: tuple[tuple[bytes, ParsedEntry], ...]
    rewritten: tuple[Rewrite, ...]
    traces: Mapping[bytes, Trace]
    on_pages: frozenset[ParsedEntry] = frozenset()


Memory = Mapping[bytes, Trace]
"""What is remembered of a feed, by key."""

_BELOW = {
    KnownBy.ID: KnownBy.LINK,
    KnownBy.LINK: KnownBy.MOMENT,
    KnownBy.MOMENT: KnownBy.TITLE,
}
_PLACES = {known_by: place for place, known_by in enumerate(KnownBy)}
_CHANGE = {
    KnownBy.ID: Code.IDS_CHANGE,
    KnownBy.LINK: Code.LINKS_CHANGE,
    KnownBy.MOMENT: Code.DATES_CHANGE,
}
_PAGE = Trace(b"", b"", None)
_NONE_BESIDE = Beside()
_LEAST_WEAK = 3
_NEARLY_ALL = 0.8


def keys_to_recall(document: Sequence[EntryKeys]) -> frozenset[bytes]:
    """All keys whose traces `judge` asks for."""
    found: set[bytes | None] = set()
    for keys in document:
        found.update((keys.id, keys.link, keys.moment, keys.title, keys.former, keys.page))
        found.update(keys.otherwise)
    return frozenset(filter(None, found))


def judge(
    policy: Policy,
    document: Sequence[EntryKeys],
    memory: Memory,
    *,
    beside: Beside = _NONE_BESIDE,
    lowers: bool = True,
) -> Judgement:
    """Tells a document's new entries from those seen, given the traces of its keys. Entries
    `beside` them share nothing with them.

    The policy that comes back is the one given or, if the document `lowers` it, a lower one: a
    document that breaks off, or was pushed, says nothing of what its feed does otherwise.
    """
    document = [_with_own_link(keys, memory) for keys in document]
    while lowers and (reason := _broken(policy.known_by, document, memory, beside)):
        policy = Policy(_BELOW[policy.known_by], (*policy.reason, because(reason)))
    first: dict[bytes, EntryKeys] = {}
    for keys in document:
        first.setdefault(key_of(keys, policy.known_by), keys)
    new = {key: keys for key, keys in first.items() if _is_new(keys, policy.known_by, key, memory)}
    known = {key: keys for key, keys in first.items() if key not in new}
    pages = {m.page for m in document if m.page_shown}
    pages |= {m.page for m in new.values() if _is_next_of_page(m, memory)}
    return Judgement(
        policy,
        tuple((key, keys.entry) for key, keys in first.items()),
        tuple((key, keys.entry) for key, keys in new.items()),
        tuple(_rewrites(known, memory)),
        _traces(document, policy.known_by) | {key: _PAGE for key in pages if key},
        frozenset(keys.entry for keys in document if keys.page_shown),
    )


def _with_own_link(keys: EntryKeys, memory: Memory) -> EntryKeys:
    """Without its link where that was seen to be a page on which entries follow one another."""
    return replace(keys, link=None, page_shown=True) if keys.page in memory else keys


def _is_next_of_page(keys: EntryKeys, memory: Memory) -> bool:
    """Whether a new id with a new title stands under a link that had another: a page that shows
    the newest entry only, such as that of a service's status.
    """
    trace = memory.get(keys.link) if keys.link and keys.id else None
    return trace is not None and keys.id not in memory and trace.title not in (None, keys.reads)


def key_of(keys: EntryKeys, known_by: KnownBy) -> bytes:
    """The key by which an entry is known under a policy: the first that it has from there on."""
    if known_by is KnownBy.ID and keys.id:
        return keys.id
    return next(filter(None, _keys_from(keys, known_by)))


def _keys_from(keys: EntryKeys, known_by: KnownBy) -> tuple[bytes | None, ...]:
    kinds = (keys.id, keys.link, keys.moment, keys.title)
    return kinds[_PLACES[known_by] :]


def _broken(
    known_by: KnownBy, document: Sequence[EntryKeys], memory: Memory, beside: Beside
) -> Code | None:
    """Why entries cannot be known by that any more, as far as this document shows it."""
    shown = len(document) + beside.entries
    if not shown or known_by is KnownBy.TITLE:
        return None
    if known_by is KnownBy.ID:
        if any(keys.entry.id and not keys.id for keys in document):
            return Code.IDS_REPEAT
        if _are_few(beside.ids + sum(1 for keys in document if keys.entry.id), shown):
            return Code.IDS_MISSING
        if _ids_are_used_again(document, memory, beside):
            return Code.IDS_REUSED
    if known_by is KnownBy.LINK and _are_few(
        beside.links + sum(1 for keys in document if keys.link), shown
    ):
        return Code.LINKS_MISSING
    return _CHANGE[known_by] if _changes(known_by, document, memory, shown) else None


def _are_few(having: int, shown: int) -> bool:
    """Whether most of what is shown is without."""
    return (shown - having) * 2 > shown


def _ids_are_used_again(document: Sequence[EntryKeys], memory: Memory, beside: Beside) -> bool:
    """One such entry of many may be a thorough correction; most of them are a rule."""
    known = [keys for keys in document if keys.id in memory]
    again = sum(1 for m in known if _id_used_again(m, memory) or _id_moved(m, memory))
    all_of_it = len(document) + beside.entries
    return again > 0 and (again == all_of_it or 1 < again > (len(known) + beside.ids) / 2)


def _id_used_again(keys: EntryKeys, memory: Memory) -> bool:
    """True for another article under an id that was seen: a link and a title of its own, and a
    later date. A headline rewritten in place keeps its link.
    """
    trace = memory.get(keys.id) if keys.id else None
    if trace is None or trace.title in (None, keys.reads):
        return False
    if not keys.link or keys.link in memory or keys.title in memory:
        return False
    before, now = trace.published, keys.dated
    return now > before if before is not None and now is not None else before == now


def _id_moved(keys: EntryKeys, memory: Memory) -> bool:
    """True for an article seen under another id before, as where ids count places in the feed."""
    by_id = memory.get(keys.id) if keys.id else None
    by_link = memory.get(keys.link) if keys.link else None
    if by_id is None or by_link is None or by_id.title is None:
        return False
    return by_id.title != keys.reads and by_link.title == keys.reads


class _Echo(Enum):
    """How surely an entry with a new key was seen under another."""

    NONE = 0
    WEAK = 1
    STRONG = 2


def _changes(known_by: KnownBy, document: Sequence[EntryKeys], memory: Memory, shown: int) -> bool:
    """True if most entries that seem new were seen before under keys that come after this one, or
    some of them where hardly any of all that is shown is known.
    """
    if not memory:
        return False
    fresh = [
        keys
        for keys in document
        if key_of(keys, known_by) not in memory and not _kept_before(keys, memory)
    ]
    echoes = [_echo(keys, known_by, memory) for keys in fresh]
    strong, weak = echoes.count(_Echo.STRONG), echoes.count(_Echo.WEAK)
    nearly_all = len(fresh) >= _NEARLY_ALL * shown
    if strong == shown or (strong > 1 and (nearly_all or strong > len(fresh) / 2)):
        return True
    # Series with one title and text an issue look like this too; but not half of a feed at once.
    return nearly_all and strong + weak >= max(_LEAST_WEAK, shown / 2)


def _echo(keys: EntryKeys, known_by: KnownBy, memory: Memory) -> _Echo:
    found = _Echo.NONE
    for key in _keys_from(keys, _BELOW[known_by]):
        trace = memory.get(key) if key else None
        if trace is None or trace.title != keys.reads:
            continue
        if keys.title_shared and key in (keys.moment, keys.title):
            continue
        if _same_moment(keys, trace, undated=key == keys.link):
            return _Echo.STRONG
        if trace.summary == keys.says:
            found = _Echo.WEAK
    return found


def _same_moment(keys: EntryKeys, trace: Trace, *, undated: bool) -> bool:
    """True if an entry with a known title has its date too; or its text where neither has one."""
    if keys.dated is not None:
        return trace.published == keys.dated
    return undated and trace.published is None and trace.summary == keys.says


def _kept_before(keys: EntryKeys, memory: Memory) -> bool:
    """True for an entry stored when each had one key only."""
    trace = memory.get(keys.former)
    return trace is not None and trace.title is None


def _is_new(keys: EntryKeys, known_by: KnownBy, key: bytes, memory: Memory) -> bool:
    if key in memory:
        return known_by is KnownBy.ID and key == keys.id and _id_used_again(keys, memory)
    if _kept_before(keys, memory):
        return False
    for other in (keys.id, keys.link):
        trace = memory.get(other) if other else None
        if trace and trace.title == keys.reads and _same_moment(keys, trace, undated=True):
            return False
    return not any(_reads_as(keys, memory.get(other)) for other in keys.otherwise)


def _reads_as(keys: EntryKeys, trace: Trace | None) -> bool:
    """Whether an entry says what was seen, and is dated so."""
    return trace is not None and (trace.title, trace.summary, trace.published) == (
        keys.reads, keys.says, keys.dated,
    )  # fmt: skip


def _rewrites(known: Mapping[bytes, EntryKeys], memory: Memory) -> Iterator[Rewrite]:
    for key, keys in known.items():
        trace = memory.get(key)
        if trace is None or trace.title in (None, keys.reads) or not keys.entry.title:
            continue
        if key in (keys.id, keys.link) and not (key == keys.id and _id_moved(keys, memory)):
            yield Rewrite(key, keys.entry.title, keys.entry.summary)


def _traces(document: Sequence[EntryKeys], known_by: KnownBy) -> dict[bytes, Trace]:
    """What to remember: of versions of one entry the first, which feeds list as the newest."""
    found: dict[bytes, Trace] = {}
    for keys in document:
        chosen = key_of(keys, known_by)
        own = Trace(keys.reads, keys.says, keys.dated)
        spare = Trace(keys.reads, keys.says, keys.dated, spare=True)
        for key in keys.keys:
            found.setdefault(key, own if key == chosen else spare)
    return found
