"""The playground and the real bot against it, in one process and by one clock."""

import asyncio
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.across.wheel import check_wheel
from bot.app import run_bot
from bot.errors import AlreadyRunning, BadInput, TocsinError, TokenShared
from bot.loops import Stop
from bot.playground.chats.world import BOT_ID
from bot.playground.clock import MovableClock
from bot.playground.news.newsroom import Newsroom
from bot.playground.server import Playground, start_playground
from bot.settings import Settings
from storage.open import open_storage

NOT_HERE: dict[str, Any] = {
    "web_listen": None,
    "web_password": None,
    "webhook_url": None,
    "webhook_secret": None,
    "websub_url": None,
}
"""Settings that the demo has no use for, whatever they are set to: it listens to its page alone."""


async def run_demo(
    settings_for: Callable[[dict[str, Any]], Settings],
    port: int,
    ready: Callable[[Playground], None],
    stop: Stop | None = None,
    clock: MovableClock | None = None,
    newsroom: Newsroom | None = None,
) -> None:
    """Runs the playground and the real bot against it, on a database that is thrown away. What
    the settings ask for and is not there is said before the page is `ready`.
    """
    stop, clock = stop or Stop(), clock or MovableClock()
    clock.moved.append(stop.hurry)
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
        database = f"sqlite:///{folder}/playground.db"
        playground = await _playground(port, clock, newsroom, database)
        try:
            settings = settings_for(
                {
                    "telegram_token": playground.token,
                    "telegram_api_url": playground.url,
                    "database_url": database,
                    "feeds_file": await _feed_list(playground, Path(folder)),
                    "allowed_private_hosts": "127.0.0.1",
                    "access": "open",
                    "poll_min_seconds": 2,
                    "poll_max_seconds": 4,
                    "roles": "chat,poll,desk,send",
                    **NOT_HERE,
                }
            )
            if settings.semantic == "on":
                check_wheel()
            ready(playground)
            await run_bot(settings, now=clock, stop=stop)
        except TokenShared:
            raise TocsinError(
                "The playground has ended: another program spoke to it as its bot, which heard no "
                "more of what you write. Start it again."
            ) from None
        finally:
            await playground.close()


async def _playground(
    port: int, clock: MovableClock, newsroom: Newsroom | None, database: str
) -> Playground:
    async def zone_of(chat_id: int) -> str | None:
        return await _zone(database, chat_id, clock())

    try:
        return await start_playground(
            port=port, token=_drawn_token(), clock=clock, newsroom=newsroom, zone_of=zone_of
        )
    except OSError as error:
        raise BadInput(
            f"Port {port} cannot be used ({error.strerror}); choose another with --port, or 0."
        ) from None


def _drawn_token() -> str:
    """A token for one start, which no web page can know: it stands in for no secret but lets act
    as the bot.
    """
    return f"{BOT_ID}:{secrets.token_urlsafe(30)}"


async def _zone(database: str, chat_id: int, now: float) -> str | None:
    """The zone in which a chat lives, as the bot knows it; None where it does not yet."""
    try:
        storage = await open_storage(database, alone=False, now=now)
    except AlreadyRunning:
        return None  # the bot is still making its database
    try:
        chat = await storage.chats.get(chat_id)
    finally:
        await storage.close()
    return chat.timezone if chat else None


async def _feed_list(playground: Playground, folder: Path) -> Path:
    path = folder / "feeds.txt"
    await asyncio.to_thread(path.write_text, "\n".join(playground.feeds.values()), "utf-8")
    return path
