"""After an upgrade that reads documents better: what was remembered, in today's words.

What an earlier version stored is kept under keys and hashes of how it read an entry. An entry says
how that was, so its traces can be found and put as if today's version had read it then. So nothing
rings again or looks like a correction because it is read better; what the feed itself changed still
does. Each trace says by which reading it was stored, and is translated once. Pure.
"""

from collections.abc import Sequence

from msgspec.structs import replace

from bot.news.polling.entry_keys import READING, EntryKeys, Trace
from bot.news.polling.identity import Memory, keys_to_recall

Keys = tuple[bytes | None, ...]


def all_keys(document: Sequence[EntryKeys], formerly: Sequence[EntryKeys]) -> frozenset[bytes]:
    """All keys whose traces `in_todays_words` and `bot.news.polling.identity.judge` ask for."""
    today = keys_to_recall(document)
    return today if formerly is document else today | keys_to_recall(formerly)


def in_todays_words(
    memory: Memory, document: Sequence[EntryKeys], formerly: Sequence[EntryKeys]
) -> Memory:
    """The memory as if all of the document's entries had always been read as today. `formerly` are
    the keys that they had before, in the same order.
    """
    if all(trace.reading >= READING for trace in memory.values()):
        return memory
    found = dict(memory)
    for now, then in zip(document, formerly, strict=True):
        for key, former in zip(_kinds(now), _kinds(then), strict=True):
            if key is None:
                continue
            trace = _former_trace(memory, then, former)
            if trace is not None and _is_former(found.get(key)):
                found[key] = _translated(trace, now, then)
    return found


def _kinds(keys: EntryKeys) -> Keys:
    return (keys.id, keys.link, keys.moment, keys.title, keys.former)


def _former_trace(memory: Memory, then: EntryKeys, key: bytes | None) -> Trace | None:
    """What was stored under a key; where there was none of this kind, such as a link that was not
    found then, what was stored of an entry that read and was dated like this one.
    """
    keys = (key,) if key else then.keys
    for each in keys:
        trace = memory.get(each)
        if trace is None or trace.reading >= READING:
            continue
        same = (trace.title, trace.published) == (then.reads, then.dated)
        if key or (same and trace.summary == then.says):
            return trace
    return None


def _is_former(trace: Trace | None) -> bool:
    return trace is None or trace.reading < READING


def _translated(trace: Trace, now: EntryKeys, then: EntryKeys) -> Trace:
    """The trace, where it says what the entry said then, with what it says now; what differs is
    the feed's own change, and stays.
    """
    published, said = trace.published, now.dated
    return replace(
        trace,
        title=now.reads if trace.title == then.reads else trace.title,
        summary=now.says if trace.summary == then.says else trace.summary,
        published=said if published == then.dated else published,
    )
