"""A backup of a PostgreSQL database, by the server's own pg_dump."""

import asyncio
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from bot.errors import StorageUnusable
from storage.postgres import schema
from storage.postgres.connection import end
from storage.postgres.opening import reached

_PROGRAM = "pg_dump"
_SAID = 300


async def back_up(url: str, copy: Path) -> int:
    """Writes the database to a new file in the format `custom`, consistent although others write;
    returns its bytes. The file gets its name last: an interrupted backup never looks like one.

    Raises StorageUnusable with one sentence.
    """
    program = await _program_for(url)
    with _new_file(copy) as unfinished:
        await _dump(program, url, unfinished)
    return _size(copy)


def _size(file: Path) -> int:
    return file.stat().st_size


@contextmanager
def _new_file(copy: Path) -> Iterator[Path]:
    """A file that its owner alone may read, which gets its name when all is written."""
    if copy.exists():
        raise StorageUnusable(f"{copy} exists already; name a new file.")
    unfinished = copy.with_name(copy.name + ".unfinished")
    try:
        # Before pg_dump writes to it, and whatever the umask.
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        unfinished.chmod(0o600)
        yield unfinished
        unfinished.replace(copy)
    except OSError as error:
        raise StorageUnusable(f"{copy} cannot be written: {error.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)


async def _program_for(url: str) -> str:
    """The program that can write this database. Raises where there is none, or nothing to write."""
    connection = await reached(url)
    try:
        if await schema.inspect(connection) == 0:
            raise StorageUnusable("The database in DATABASE_URL holds no data yet.")
        server = int(await connection.fetchval("SHOW server_version_num")) // 10_000
    finally:
        await end(connection)
    program = shutil.which(_PROGRAM)
    if program is None:
        raise StorageUnusable(
            f"pg_dump is not installed; install PostgreSQL's client programs, {server} or newer."
        )
    version = await _version_of(program)
    if version < server:
        raise StorageUnusable(
            f"{program} is of version {version} and the server of {server}; install PostgreSQL's "
            f"client programs, {server} or newer."
        )
    return program


async def _version_of(program: str) -> int:
    """The number that `pg_dump (PostgreSQL) 16.2` begins with; 0 where it says none."""
    process = await asyncio.create_subprocess_exec(
        program, "--version", stdout=asyncio.subprocess.PIPE
    )
    said, _ = await process.communicate()
    found = re.search(rb"\) (\d+)", said)
    return int(found[1]) if found else 0


async def _dump(program: str, url: str, file: Path) -> None:
    address, password = without_password(url)
    process = await asyncio.create_subprocess_exec(
        *(program, "--format=custom", "--no-password"),
        *(f"--file={file}", f"--dbname={address}"),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env=os.environ | ({"PGPASSWORD": password} if password else {}),
    )
    try:
        _, said = await process.communicate()
    except asyncio.CancelledError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        raise
    if process.returncode:
        words = " ".join(said.decode("utf-8", "replace").split())[:_SAID]
        raise StorageUnusable(f"pg_dump failed: {words}")


def without_password(url: str) -> tuple[str, str]:
    """An address as others may see it, and the password that it held; empty where it held none.

    What comes last in an address counts, as it does for PostgreSQL's own programs.
    """
    parts = urlsplit(url)
    who, at, where = parts.netloc.rpartition("@")
    user, _, password = who.partition(":")
    asked = parse_qsl(parts.query, keep_blank_values=True)
    secrets = [value for name, value in asked if name == "password"]
    left = urlencode([pair for pair in asked if pair[0] != "password"], quote_via=quote)
    shown = f"{parts.scheme}://{user}{at}{where}{parts.path}{'?' if left else ''}{left}"
    return shown, (secrets or [unquote(password)])[-1]
