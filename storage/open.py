"""Opening the database that an address names."""

from pathlib import Path

from bot.errors import BadInput, StorageUnusable
from storage.sqlite import opening as sqlite
from storage.sqlite import schema
from storage.storage import Storage

_SQLITE = "sqlite:///"


def missing(url: str) -> str | None:
    """Where there should be a database and is none yet; None where there is one. Makes nothing.

    Raises StorageUnusable as `open_storage` does.
    """
    if url.startswith(_SQLITE) and not sqlite.holds_data(url):
        return str(sqlite.path_of(url))
    return None


def migrate(url: str) -> list[str]:
    """Brings the schema of the database at `url` up to date while no bot works on it, and returns
    the names of the migrations that it lacked. Raises StorageUnusable or AlreadyRunning.
    """
    return sqlite.bring_up_to_date(_path_of(url, "only sqlite:/// is supported by this version"))


def back_up(url: str, file: Path) -> int:
    """Copies the database at `url` to a new file, also while the bot runs; returns its bytes.

    Raises StorageUnusable as `migrate` does, and what `schema.back_up` raises.
    """
    return schema.back_up(_path_of(url, "use PostgreSQL's own tools to back it up"), file)


def _path_of(url: str, otherwise: str) -> Path:
    if not url.startswith(_SQLITE):
        raise BadInput(f"DATABASE_URL: {otherwise}.")
    return sqlite.path_of(url)


async def open_storage(url: str, *, alone: bool, now: float) -> Storage:
    """Opens the database at `url`; `alone` keeps a second bot away from it.

    Raises StorageUnusable with one sentence where it cannot be used as it is, and AlreadyRunning
    where another process holds it.
    """
    if url.startswith(_SQLITE):
        return Storage(*await sqlite.open_sqlite(url, alone=alone, now=now))
    raise StorageUnusable(
        "DATABASE_URL: PostgreSQL is not supported by this version; use sqlite:///tocsin.db."
    )
