"""The playground and the real bot against it, in one process."""

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.app import run_bot
from bot.errors import BadInput
from bot.loops import Stop
from bot.playground.server import Playground, start_playground
from bot.settings import Settings


async def run_demo(
    settings_for: Callable[[dict[str, Any]], Settings],
    port: int,
    ready: Callable[[Playground], None],
    stop: Stop | None = None,
) -> None:
    """Runs the playground and the real bot against it, on a database that is thrown away."""
    stop = stop or Stop()
    try:
        playground = await start_playground(port=port)
    except OSError as error:
        raise BadInput(
            f"Port {port} cannot be used ({error.strerror}); choose another with --port, or 0."
        ) from None
    try:
        with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
            settings = settings_for(
                {
                    "telegram_token": playground.token,
                    "telegram_api_url": playground.url,
                    "database_url": f"sqlite:///{folder}/playground.db",
                    "feeds_file": await _feed_list(playground, Path(folder)),
                    "allowed_private_hosts": "127.0.0.1",
                    "access": "open",
                    "poll_min_seconds": 2,
                    "poll_max_seconds": 4,
                    "web_listen": None,
                    "roles": "chat,poll,desk,send",
                }
            )
            ready(playground)
            await run_bot(settings, stop=stop)
    finally:
        await playground.close()


async def _feed_list(playground: Playground, folder: Path) -> Path:
    path = folder / "feeds.txt"
    await asyncio.to_thread(path.write_text, "\n".join(playground.feeds.values()), "utf-8")
    return path
