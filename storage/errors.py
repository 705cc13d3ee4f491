"""What a database that does not do what was asked raises.

One that is locked for longer than it is waited for, full or damaged raises StorageError; nothing of
the transaction has happened then.
"""

import logging
from enum import Enum

from bot.errors import TocsinError
from bot.loops import Outage


class Trouble(Enum):
    """What is wrong with a database that does not do what it was asked, and what to do about it, in
    the words for who runs it.
    """

    FULL = "its disk is full", "Make room there."
    LOCKED = "another program keeps it locked", "End that program."
    READ_ONLY = (
        "it cannot be written",
        "Let this user write it, its file and its folder; where the file was replaced, start anew.",
    )
    DAMAGED = "it is damaged", "Restore a backup, as docs/operating.md says."
    DISK = (
        "its disk cannot be read or written",
        "Look whether that is full or failing; the system's log says more.",
    )
    AWAY = "its server does not answer", "Look whether that runs and can be reached."
    OTHER = "", ""


class StorageError(TocsinError):
    """The database did not do what was asked; the transaction was rolled back. `trouble` is what is
    wrong with it; None where it is not known, or what was asked is wrong.
    """

    def __init__(self, said: str, trouble: Trouble | None = None) -> None:
        super().__init__(said)
        self.trouble = trouble


class ConnectionLostError(StorageError):
    """The server has gone, or ended the connection; a new one may do what was asked."""


class RowRefusedError(StorageError):
    """What was to be stored cannot be: it would be refused again."""


def is_down(error: BaseException) -> bool:
    """Whether the database itself failed, and not what it was given: that will pass, or stop
    everything. All else is the fault of one thing, which is set aside.
    """
    return isinstance(error, StorageError) and not isinstance(error, RowRefusedError)


def troubled(trouble: Trouble | None, error: object) -> StorageError:
    """The error for what is wrong with a database, by what the engine raised."""
    return StorageError(
        f"The database cannot be used now: {what_is_wrong(trouble, error)}", trouble
    )


def what_is_wrong(trouble: Trouble | None, error: object) -> str:
    """The same as the end of a sentence, and what to do about it."""
    what, to_do = trouble.value if trouble else ("", "")
    return f"{what or error}. {to_do}".strip()


def database_outage() -> Outage:
    """How the errors of one database are said that will pass, or want somebody who does something
    about it. What is wrong with a statement of ours is none of them.
    """
    return Outage(
        "the database fails; what needs it is tried again and again",
        "the database works again",
        kind=_name_of_trouble,
        level=logging.ERROR,
    )


def _name_of_trouble(error: object) -> str | None:
    return error.trouble.name if isinstance(error, StorageError) and error.trouble else None
