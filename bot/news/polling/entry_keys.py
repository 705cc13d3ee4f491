"""The keys by which an entry can be known, and the trace it leaves under each.

A key is a hash of 8 bytes with the version of its rule in it, and is looked for among those of its
feed only: of 100,000, beyond which a feed keeps what the last three days brought only, two are
alike in one of four thousand million feeds (n²/2^65). What several entries of one document share
identifies none of them and gives no key; where nothing else is left, the summary tells equal titles
apart.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from urllib.parse import urlsplit

from msgspec import Struct

from bot.news.story import ParsedEntry
from bot.news.text import urls
from bot.news.text.headlines import without_counter
from bot.news.text.plain import bare, fold_title

READING = 1
"""By which reading of documents and headlines traces are stored. What was stored by an earlier one
is put into today's words (`bot.news.polling.rereading`).
"""
_VERSION = b"1"
KEY_BYTES, TEXT_BYTES = 8, 3
"""How much of a hash is a key, and how much says how an entry read: of sixteen million edits one
goes unnoticed. They are beginnings of longer hashes, which databases had before.
"""
_LAST_TIME = (1 << 32) - 1.0
# To be copied, which costs less than to begin anew.
_SHORT = hashlib.blake2b(digest_size=8)
_VERSIONS_OF_ONE = 2
_SLASHES_OF_A_HOST = "https://host/".count("/")


class Trace(Struct, frozen=True):
    """How an entry read when it was last seen: hashes of title and summary, and its date as
    `dated` gives it.

    `title` is None where the key was stored before titles were remembered; `spare` says that the
    entry is known by another of its keys now; `reading` by which version it was read.
    """

    title: bytes | None
    summary: bytes | None
    published: float | None
    spare: bool = False
    reading: int = READING


class EntryKeys(Struct, frozen=True):
    """An entry with its keys, None where it has none of its own; `former` is the key it had when
    there was but one. `title_shared` says that others of the document have the same title, `page`
    is the key under which it is remembered that the link is no entry's own, and `page_shown`
    whether the document says so. `headline` is what titles are compared by. `otherwise` are the
    keys that an entry without id and link had where others shared its title and date, or did not:
    others come and go.
    """

    entry: ParsedEntry
    id: bytes | None
    link: bytes | None
    moment: bytes | None
    title: bytes
    former: bytes
    title_shared: bool
    reads: bytes
    says: bytes
    page: bytes | None = None
    page_shown: bool = False
    headline: str = ""
    otherwise: tuple[bytes, ...] = ()

    @property
    def keys(self) -> tuple[bytes, ...]:
        """The keys it has, the best first."""
        return tuple(filter(None, (self.id, self.link, self.moment, self.title)))

    @property
    def dated(self) -> float | None:
        """Its date as a trace has it."""
        published = self.entry.published
        return None if published is None else dated(published)


def dated(published: float) -> float:
    """A date as a trace has it: whole seconds, from 1970 to 2106; what is dated before or after
    counts for the first or the last of these.
    """
    return float(int(min(max(published, 0.0), _LAST_TIME)))


def entry_keys_of(entries: Sequence[ParsedEntry]) -> list[EntryKeys]:
    """The keys of each different entry of one document, in its order."""
    return _marks(list(dict.fromkeys(entries)), without_counter)


def former_entry_keys_of(
    entries: Sequence[ParsedEntry], today: list[EntryKeys] | None = None
) -> list[EntryKeys]:
    """The keys that the same entries had by the reading before this one, in the same order. They
    are those of `today`, where these are given, if nothing is read otherwise now, as of most feeds.
    """
    different = list(dict.fromkeys(entries))
    if today is not None and not any(map(_is_read_otherwise, different)):
        return today
    return _marks([e.formerly or e for e in different], lambda title: title)


def _is_read_otherwise(entry: ParsedEntry) -> bool:
    return entry.formerly is not None or without_counter(entry.title) != entry.title


def _marks(different: Sequence[ParsedEntry], said: Callable[[str], str]) -> list[EntryKeys]:
    """The keys of entries; `said` is what counts of a headline."""
    titles = [_headline(entry, said) for entry in different]
    links = [_link(entry) for entry in different]
    shared_ids = _shared_ids(different, titles, links)
    shared_links = _shared_links(different, shared_ids, links, titles)
    once = dict(zip(different, titles, strict=True))  # as read before, some may be equal
    of_title = Counter(once.values())
    of_moment = Counter((title, entry.published) for entry, title in once.items())
    former = _former_keys(different)
    found = []
    for entry, title, link, former_key in zip(different, titles, links, former, strict=True):
        title_shared = of_title[title] > 1
        moment_shared = of_moment[title, entry.published] > 1
        has_id = bool(entry.id) and entry.id not in shared_ids
        has_link = bool(link) and link not in shared_links
        found.append(
            EntryKeys(
                entry,
                id=_key("id", entry.id) if entry.id and has_id else None,
                link=_key("link", link) if link and has_link else None,
                moment=_moment(entry, title, moment_shared),
                title=_title(entry, title, title_shared),
                former=former_key,
                title_shared=title_shared,
                reads=_short(bare(said(entry.title)) or entry.title.strip())[:TEXT_BYTES],
                says=_short(entry.summary.strip())[:TEXT_BYTES],
                page=_key("page", link) if link else None,
                page_shown=link in shared_links,
                headline=title,
                otherwise=()
                if has_id or has_link
                else _otherwise(entry, title, title_shared, moment_shared),
            )
        )
    return found


def _shared_ids(
    entries: Sequence[ParsedEntry], titles: Sequence[str], links: Sequence[str | None]
) -> set[str]:
    """Ids of different entries. Two texts under one id and link are versions of one entry (RFC
    4287, section 4.1.1); more are not believed.
    """

    def shared(group: list[int]) -> bool:
        pages = {links[place] for place in group}
        one_page = len(pages) == 1 and None not in pages
        return len({titles[place] for place in group}) > (_VERSIONS_OF_ONE if one_page else 1)

    return _groups([entry.id for entry in entries], shared)


def _shared_links(
    entries: Sequence[ParsedEntry],
    shared_ids: set[str],
    links: Sequence[str | None],
    titles: Sequence[str],
) -> set[str]:
    """Links of different entries, such as the address of a page that lists them."""

    def shared(group: list[int]) -> bool:
        texts = {(titles[place], entries[place].published) for place in group}
        named = [entries[place].id for place in group]
        ids = {name if name not in shared_ids else None for name in named}
        return len(texts) > 1 and (len(ids) > 1 or ids <= {None, ""})

    return _groups(links, shared)


def _groups(names: Sequence[str | None], shared: Callable[[list[int]], bool]) -> set[str]:
    """Names that several places have, if these are of different entries."""
    if len(set(names)) == len(names):
        return set()
    found: defaultdict[str, list[int]] = defaultdict(list)
    for place, name in enumerate(names):
        if name:
            found[name].append(place)
    return {name for name, group in found.items() if len(group) > 1 and shared(group)}


def _link(entry: ParsedEntry) -> str | None:
    """The link as far as it names a page: without what changes from visit to visit, with the
    place in the page. An outlet's front page names no entry.
    """
    folded = urls.canonical(entry.link) if entry.link else None
    if not entry.link or not folded:
        return entry.link
    if "#" not in entry.link:
        is_front = folded[-1] == "/" and folded.count("/") == _SLASHES_OF_A_HOST
        return None if is_front else folded
    place = urlsplit(entry.link).fragment
    front = urlsplit(folded)
    if front.path == "/" and not front.query and not place:
        return None
    return f"{folded}#{place}" if place and "#" not in folded else folded


def _moment(entry: ParsedEntry, title: str, shared: bool) -> bytes | None:
    if entry.published is None:
        return None
    if shared:
        return _key("moment and text", title, str(entry.published), entry.summary)
    return _key("moment", title, str(entry.published))


def _title(entry: ParsedEntry, title: str, shared: bool) -> bytes:
    return _key("title and text", title, entry.summary) if shared else _key("title", title)


def _otherwise(
    entry: ParsedEntry, title: str, title_shared: bool, moment_shared: bool
) -> tuple[bytes, ...]:
    keys = (_moment(entry, title, not moment_shared), _title(entry, title, not title_shared))
    return tuple(filter(None, keys))


def _headline(entry: ParsedEntry, said: Callable[[str], str]) -> str:
    """The title for comparing; the beginning of the text where there is none."""
    return fold_title(said(entry.title)) or fold_title(entry.summary[:200])


def _former_keys(entries: Sequence[ParsedEntry]) -> list[bytes]:
    """The one key that each entry had before it had several: databases of that time know it."""
    ids = Counter(entry.id for entry in entries if entry.id)
    links = Counter(entry.link for entry in entries if entry.link)
    return [_former_key(entry, ids, links) for entry in entries]


def _former_key(entry: ParsedEntry, ids: Counter[str], links: Counter[str]) -> bytes:
    if entry.id and ids[entry.id] == 1:
        return _key("id", entry.id)
    if entry.id:
        return _key("id and more", entry.id, entry.link or "", entry.title)
    if entry.link and links[entry.link] == 1:
        return _key("link", entry.link)
    return _key("title and date", entry.link or "", entry.title, str(entry.published))


def _key(kind: str, *parts: str) -> bytes:
    digest = _begun(kind).copy()
    for part in parts:
        digest.update(_with_length(part))
    return digest.digest()[:KEY_BYTES]


@lru_cache(maxsize=16)  # kinds of keys
def _begun(kind: str) -> "hashlib.blake2b":
    digest = hashlib.blake2b(digest_size=16, person=_VERSION)
    digest.update(_with_length(kind))
    return digest


def _with_length(part: str) -> bytes:
    raw = part.encode("utf-8", "surrogatepass")
    return len(raw).to_bytes(4, "big") + raw


def _short(text: str) -> bytes:
    """Enough of a hash to know a text again."""
    digest = _SHORT.copy()
    digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.digest()


def entry_reads(entry: ParsedEntry) -> bytes:
    """A hash of how an entry reads; equal hashes mean that there is nothing to store."""
    read = repr((entry.id, entry.link, entry.title, entry.summary, entry.published))
    return _short(read)


def reads_hash(entries: Iterable[bytes]) -> bytes:
    """A hash of how a document's entries read, given by `entry_reads`."""
    return hashlib.blake2b(b"".join(entries), digest_size=16, person=_VERSION).digest()


def body_hash(body: bytes) -> bytes:
    """A hash of a feed's body, by which an unchanged one is known without parsing it."""
    return hashlib.blake2b(body, digest_size=16, person=_VERSION).digest()
