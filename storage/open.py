"""Opening the database that an address names."""

from bot.errors import StorageUnusable
from storage.interface import Storage
from storage.sqlite.storage import open_sqlite


async def open_storage(url: str, *, alone: bool, now: float) -> Storage:
    """Opens the database at `url`; `alone` keeps a second bot away from it.

    Raises StorageUnusable with one sentence where it cannot be used as it is, and AlreadyRunning
    where another process holds it.
    """
    if url.startswith("sqlite:///"):
        return await open_sqlite(url, alone=alone, now=now)
    raise StorageUnusable(
        "DATABASE_URL: PostgreSQL is not supported by this version; use sqlite:///tocsin.db."
    )
