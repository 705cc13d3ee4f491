"""Several processes of the bot on one database, before a playground in this process."""

import asyncio
import signal
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
from aiohttp import web

from benchmarks import kills
from bot.news.chat import Chat, ChatState, Subscription
from bot.news.feed import NewFeed
from bot.playground.bot_api.limits import BotApiLimits
from bot.playground.news.newsroom import quiet_newsroom
from bot.playground.server import Playground, start_playground
from storage.open import open_storage
from tests import postgres
from tests.databases import empty_database

FIRST = 1_000_000
"""The id of the first chat; the others follow."""

_SEND_SIZES = "SELECT count(*) FROM shares WHERE role = 'send' GROUP BY member"


@dataclass
class Crew:
    """A playground with feeds on as many hosts, a database, and processes by their place."""

    folder: Path
    playground: Playground
    urls: Sequence[str]
    database: str
    api: str
    processes: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)
    stories: int = 0

    async def settle_in(self, chats: int, followed: int) -> None:
        """Puts feeds into the database, and chats of which each follows so many; 0: all."""
        storage = await open_storage(self.database, alone=False, now=time.time())
        now = time.time()
        try:
            feeds = await storage.feeds.add([NewFeed(url, "", now) for url in self.urls], now)
            for n in range(chats):
                self.playground.world.add_private_chat(FIRST + n)
                chat = Chat(FIRST + n, "private", "", ChatState.ACTIVE, None, "en", "UTC", 0.0, now)
                await storage.chats.meet(chat)
                theirs = [
                    feeds[(n + k * len(feeds) // followed) % len(feeds)] for k in range(followed)
                ]
                ids: list[int | None] = [feed.id for feed in theirs]
                for feed_id in ids or [None]:
                    await storage.chats.subscribe(Subscription(chat.id, 0, feed_id), now)
        finally:
            await storage.close()

    def start(self, place: int) -> None:
        """Starts the process of a place, anew where it was killed."""
        folder = self.folder / str(place)
        folder.mkdir(exist_ok=True)
        env = kills.environment(
            self.playground,
            folder,
            DATABASE_URL=self.database,
            TELEGRAM_API_URL=self.api,
            ALLOWED_PRIVATE_HOSTS="127.0.0.0/8",
            LOG_LEVEL="warning",
            PYTHONPATH=str(Path(__file__).parent.parent),
        )
        del env["FEEDS_FILE"]
        self.processes[place] = kills.start_bot(env, folder)

    def publish(self, feed: int) -> None:
        """Publishes one story more."""
        title = f"Dispatch [{self.stories}] from the coast"
        self.playground.newsroom.publish(f"feed-{feed}", title)
        self.stories += 1

    async def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database says; none while its server is away."""
        if self.database.startswith("sqlite"):
            return kills.rows(self.folder, sql)
        try:
            return await kills.rows_at(self.database, sql)
        except (OSError, asyncpg.PostgresError):
            return []

    async def until(self, sql: str, true: Callable[[list[int]], bool], seconds: float) -> None:
        """Waits until the first column is as it should be."""
        deadline = time.monotonic() + seconds
        while not true(found := [row[0] for row in await self.rows(sql)]):
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited in vain: {sql}: {found}; see {self.folder}")
            await asyncio.sleep(0.05)

    async def settled(self, processes: int) -> None:
        """Waits until all feeds had their first poll and the chats are in even parts."""
        await self.until(
            "SELECT count(*) FROM feeds WHERE settled = 1", lambda n: n == [len(self.urls)], 60
        )
        if not self.database.startswith("sqlite"):
            even = -(-64 // processes)
            await self.until(
                _SEND_SIZES, lambda n: len(n) == processes and sum(n) == 64 and max(n) <= even, 30
            )


@asynccontextmanager
async def crew(
    engine: str, feeds: int, chats: int, followed: int, api_port: int = 0
) -> AsyncIterator[Crew]:
    """Such a crew, of which nothing runs yet."""
    names = [f"feed-{n}" for n in range(feeds)]
    playground = await start_playground(
        newsroom=quiet_newsroom(*names), limits=BotApiLimits(enforced=False)
    )
    app = web.Application()
    app.router.add_get("/feeds/{name}", playground.kiosk.feed)
    runner = web.AppRunner(app, shutdown_timeout=0.5)
    await runner.setup()
    port = 0
    for n in range(feeds):
        await web.TCPSite(runner, f"127.0.0.{2 + n}", port).start()
        port = runner.addresses[0][1]
    urls = [f"http://127.0.0.{2 + n}:{port}/feeds/{name}" for n, name in enumerate(names)]
    api = f"http://127.0.0.1:{api_port}" if api_port else playground.url
    with tempfile.TemporaryDirectory(prefix="tocsin-crew-") as name:
        folder = Path(name)
        database = await asyncio.to_thread(empty_database, folder / "bot.db", engine)
        made = Crew(folder, playground, urls, database, api)
        try:
            await made.settle_in(chats, followed)
            yield made
        finally:
            for process in made.processes.values():
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait(10)
            await runner.cleanup()
            await playground.close()
    await asyncio.to_thread(postgres.drop_databases)
