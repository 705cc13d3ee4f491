"""Processes of our own for work that may take long, fill the memory or break: they load one module
and nothing of the bot around it, get an environment without secrets and a session of their own, and
end when their input does: also when the bot is killed.
"""

import asyncio
import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_KEPT = ("PATH", "SYSTEMROOT", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "TMPDIR")


async def start(
    module: str, *arguments: str, more: Mapping[str, str] | None = None
) -> asyncio.subprocess.Process:
    """Starts a module as a program, with `more` in its environment. Raises OSError."""
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path or str(Path.cwd()) for path in sys.path)
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", module, *arguments),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment | dict(more or {}),
        start_new_session=True,  # a Ctrl-C is for the bot, which then ends them
    )


async def end(process: asyncio.subprocess.Process) -> None:
    """Kills a process and closes its pipes."""
    with suppress(ProcessLookupError):
        process.kill()
    try:
        # Reads to the end, so that the pipes are closed when this returns.
        await asyncio.shield(process.communicate())
    except RuntimeError:
        # Somebody still waits for its answer, and reads to the end instead.
        await process.wait()
