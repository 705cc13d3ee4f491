"""What a database that does not do what was asked raises.

One that is locked for longer than it is waited for, full or damaged raises StorageError; nothing of
the transaction has happened then.
"""

from bot.errors import TocsinError


class StorageError(TocsinError):
    """The database did not do what was asked; the transaction was rolled back."""


class ConnectionLostError(StorageError):
    """The server has gone, or ended the connection; a new one may do what was asked."""


class RowRefusedError(StorageError):
    """What was to be stored cannot be: it would be refused again."""


def is_down(error: BaseException) -> bool:
    """Whether the database itself failed, and not what it was given: that will pass, or stop
    everything. All else is the fault of one thing, which is set aside.
    """
    return isinstance(error, StorageError) and not isinstance(error, RowRefusedError)
