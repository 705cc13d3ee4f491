"""`tocsin run`, without what only the other commands need: typer, and rich, which draws tables."""

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_FOR_COMMANDS = ("rich", "click")


@contextmanager
def importing() -> Iterator[None]:
    """Imports within it bring no command line, and are not looked through for garbage: what is
    imported stays for ever, and to look took a sixth of the time.
    """
    # structlog and httpx bring these for what is never asked of them here: tracebacks in colour,
    # and a command line. Both go without them where they are not there.
    hidden = [name for name in _FOR_COMMANDS if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
        for name in hidden:
            del sys.modules[name]


def run() -> None:
    """Runs the bot until SIGINT or SIGTERM; ends the process where that fails."""
    with importing():
        from bot.errors import TocsinError
        from bot.loops import run_until_interrupted
    try:
        run_until_interrupted(work)
    except (TocsinError, KeyboardInterrupt) as error:
        from bot.cli.console import exit_code  # brings rich, for one line in red

        sys.exit(exit_code(error))


async def work() -> None:
    """Reads the settings and runs the bot by them. Raises what `run_bot` does."""
    from bot.settings import load_settings

    known = load_settings()
    with importing():
        from bot import app, crash_points
        from bot.garbage import look_seldom
        from bot.logs import set_up_logging

        app.load(known.roles)
    set_up_logging(known.log_level, known.log_format)
    crash_points.arm(os.environ.get("CRASH_AT"))
    look_seldom()
    await app.run_bot(known)
