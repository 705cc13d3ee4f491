"""Opening the database that an address names."""

from bot.errors import StorageUnusable
from storage.interface import Storage
from storage.sqlite import storage as sqlite

_SQLITE = "sqlite:///"


def missing(url: str) -> str | None:
    """Where there should be a database and is none yet; None where there is one. Makes nothing.

    Raises StorageUnusable as `open_storage` does.
    """
    if url.startswith(_SQLITE) and not sqlite.holds_data(url):
        return str(sqlite.path_of(url))
    return None


async def open_storage(url: str, *, alone: bool, now: float) -> Storage:
    """Opens the database at `url`; `alone` keeps a second bot away from it.

    Raises StorageUnusable with one sentence where it cannot be used as it is, and AlreadyRunning
    where another process holds it.
    """
    if url.startswith(_SQLITE):
        return await sqlite.open_sqlite(url, alone=alone, now=now)
    raise StorageUnusable(
        "DATABASE_URL: PostgreSQL is not supported by this version; use sqlite:///tocsin.db."
    )
