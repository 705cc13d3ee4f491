"""`tocsin run` on a clock that is ahead by `AHEAD` seconds, and by `JUMP` more at each SIGUSR1: so
that what waits for minutes can be measured in seconds. At SIGUSR2 it is to die at the point that
the file `CRASH_FILE` names. Everything else is the real bot.
"""

import asyncio
import os
import signal
import time
from pathlib import Path

from bot import crash_points
from bot.app import run_bot
from bot.logs import set_up_logging
from bot.settings import load_settings


def main() -> None:
    """Runs until SIGTERM."""
    ahead, jump = [float(os.environ.get("AHEAD", 0))], float(os.environ.get("JUMP", 0))
    signal.signal(signal.SIGUSR1, lambda *_: ahead.append(ahead[-1] + jump))
    signal.signal(
        signal.SIGUSR2, lambda *_: crash_points.arm(Path(os.environ["CRASH_FILE"]).read_text())
    )
    settings = load_settings(None)
    set_up_logging(settings.log_level, settings.log_format)
    crash_points.arm(os.environ.get("CRASH_AT"))
    asyncio.run(run_bot(settings, now=lambda: time.time() + ahead[-1]))


if __name__ == "__main__":
    main()
