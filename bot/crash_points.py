"""Named points at which a process may be told to die, so that tests can kill it exactly there.

`CRASH_AT=name:count` in the environment of `tocsin run`, `tocsin db copy` or `tocsin db restore`
kills it with SIGKILL when it comes to that point for the count-th time. Without the variable a
point costs one comparison.
"""

import os
import signal
from dataclasses import dataclass

from bot.errors import SettingsError

POINTS = {
    "fetched": "after a fetch, before what it brought is stored",
    "stored": "after reports are stored, before they are placed",
    "placed": "after story and outbox rows are stored",
    "claimed": "after claims are stored, before their requests",
    "answered": "after Telegram took a message, before that is stored",
    "settled": "after what became of messages is stored",
    "edited": "after Telegram took an edit, before that is stored",
    "gathering": "while a digest is put into the outbox, inside the transaction",
    "headed": "after Telegram took a digest's first part, before that is stored",
    "begun": "after a digest's first part is stored, before it is edited into the whole",
    "kept": "after updates that Telegram posted are stored, before that is answered",
    "heard": "after the beginning of an update is stored, before it is handled",
    "completed": "after Telegram took the whole of a digest, before that is stored",
    "migrated": "after a migration of an SQLite file is stored",
    "copied": "after a batch of `tocsin db copy` is stored",
    "replacing": "between the steps of `tocsin db restore`",
    "restored": "after `tocsin db copy` made an index or the like",
}


@dataclass
class _Fuse:
    name: str
    left: int


_armed: list[_Fuse] = []


def arm(wanted: str | None) -> None:
    """Reads the wish, `name:count` or `name`; nothing is armed without one. Raises SettingsError
    for a point that is not there.
    """
    _armed.clear()
    if not wanted:
        return
    name, _, count = wanted.partition(":")
    if name not in POINTS or not (count or "1").isdecimal():
        raise SettingsError(f"CRASH_AT={wanted!r} is none of {', '.join(POINTS)}, with a count")
    _armed.append(_Fuse(name, int(count or 1)))


def point(name: str) -> None:
    """Ends the process here and now, if that was asked for."""
    if not _armed or _armed[0].name != name:
        return
    _armed[0].left -= 1
    if _armed[0].left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
