"""`tocsin run`, without what only the other commands need: typer, and rich, which draws tables."""

import os
import sys

has_rich = "rich" in sys.modules
if not has_rich:
    # structlog and httpx bring it for what is never asked of them here: tracebacks in colour, and
    # a command line. Both go without it where it is not there.
    sys.modules["rich"] = None  # type: ignore[assignment]

from bot import app, crash_points  # noqa: E402
from bot.errors import TocsinError  # noqa: E402
from bot.garbage import look_seldom  # noqa: E402
from bot.logs import set_up_logging  # noqa: E402
from bot.loops import run_until_interrupted  # noqa: E402
from bot.settings import load_settings  # noqa: E402

if not has_rich:
    del sys.modules["rich"]


def run() -> None:
    """Runs the bot until SIGINT or SIGTERM; ends the process where that fails."""
    try:
        run_until_interrupted(work)
    except (TocsinError, KeyboardInterrupt) as error:
        from bot.cli.console import exit_code  # brings rich, for one line in red

        sys.exit(exit_code(error))


async def work() -> None:
    """Reads the settings and runs the bot by them. Raises what `run_bot` does."""
    known = load_settings()
    set_up_logging(known.log_level, known.log_format)
    crash_points.arm(os.environ.get("CRASH_AT"))
    look_seldom()
    await app.run_bot(known)
