"""A process that has loaded what the commands need and becomes one of them as often as it is asked:
each runs in a process of its own, without the second that the imports take.

It reads an object a line: arguments, environment, folder, the files for stdout and stderr, and the
number of a user to become. It answers each with the exit code. `tests.cli.shell` is who asks.
"""

import gc
import json
import os
import sys
from importlib import import_module
from typing import Any

from bot.cli import main


def warm() -> None:
    """Loads the commands, and serves until stdin ends."""
    for name in ("demo", "doctor", "feeds", "moving", "news", "operate"):
        import_module(f"bot.cli.{name}")
    # Loaded by who needs it first; and another user may be unable to read this Python.
    for name in ("concurrent.futures.thread", "importlib.metadata", "typer.rich_utils"):
        import_module(name)
    # The end of each would look through all that was loaded for garbage.
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        asked = json.loads(line)
        process = os.fork()
        if not process:
            _become(asked)
            return
        _, status = os.waitpid(process, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _become(asked: dict[str, Any]) -> None:
    """Runs a command, and ends as it does."""
    for number, path in enumerate([os.devnull, *asked["files"]]):
        file = os.open(path, os.O_RDWR)
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    if asked["user"]:
        os.setgroups([])
        os.setgid(asked["user"])
        os.setuid(asked["user"])
    sys.argv = ["tocsin", *asked["words"]]
    try:
        main.main()
    except SystemExit as ended:
        if not isinstance(ended.code, int | None):
            raise
        sys.stdout.flush()
        sys.stderr.flush()
        # To take down all that was loaded would take a third of the time.
        os._exit(ended.code or 0)


if __name__ == "__main__":
    warm()
