"""What `tocsin` begins with: the bot itself at once, all else by the commands."""

import atexit
import gc
import sys


def main() -> None:
    """Runs the command that the arguments name."""
    # What is left at the end goes with the process. To look through a window of thirty thousand
    # reports for garbage before took a second and more.
    atexit.register(gc.freeze)
    if sys.argv[1:] == ["run"]:
        from bot.cli.running import run  # brings no command line, which takes an eighth of a start

        run()
    else:
        from bot.cli.commands import app

        app()
