"""The real bot as a process, before a playground in this one, and what each chat was shown."""

import asyncio
import re
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import kills
from benchmarks.door import Door
from bot.news.chat import Chat, ChatState, Habits, Subscription
from bot.news.feed import NewFeed
from bot.news.why import Code, because
from bot.playground.bot_api.limits import BotApiLimits
from bot.playground.news.newsroom import quiet_newsroom
from bot.playground.server import Playground, start_playground
from storage.open import open_storage
from tests.databases import empty_database
from tests.introduced import introduce
from tests.warm import Started

FEEDS = ("harbour-post", "hill-radio")
STORY = re.compile(r"Dispatch \[(\d+)\]")
_OPEN = (
    "SELECT count(*) FROM deliveries WHERE state IN ('pending', 'sending')"
    f" OR state = 'held' AND error = '{because(Code.LOST_TWICE).stored()}'"
)


@dataclass
class Rig:
    """A playground, a door before it, and a bot that is started and killed at will."""

    folder: Path
    playground: Playground
    door: Door
    settings: dict[str, str]
    ahead: list[float]
    jump: float = 0.0
    fused: bool = False
    stories: int = 0
    _bot: Started | None = None
    _known: set[int] = field(default_factory=set)

    async def settle_in(self, chats: Sequence[tuple[int, str, int]], habits: Habits | None) -> None:
        """Puts chats that follow everything (id, kind, thread) and the feeds into the database."""
        url = f"sqlite:///{self.folder}/bot.db"
        storage = await open_storage(url, alone=False, now=time.time())
        try:
            now = time.time()
            for chat_id, kind, thread in chats:
                await storage.chats.meet(
                    Chat(chat_id, kind, "", ChatState.ACTIVE, None, "en", "UTC", 0.0, now)
                )
                await storage.chats.subscribe(Subscription(chat_id, thread, None), now)
                if habits:
                    await storage.chats.set_habits(chat_id, habits)
            feeds = [NewFeed(self.playground.feeds[name], "", now) for name in FEEDS]
            await storage.feeds.add(feeds, now)
        finally:
            await storage.close()
        self._known = {chat_id for chat_id, _, _ in chats}

    def start(self, crash_at: str = "") -> None:
        """Starts the bot; with `crash_at` it will kill itself there."""
        program = "benchmarks.hurried" if self.jump or self.ahead[0] or self.fused else "bot"
        env = kills.environment(
            self.playground,
            self.folder,
            TELEGRAM_API_URL=f"http://127.0.0.1:{self.door.port}",
            CRASH_AT=crash_at,
            CRASH_FILE=str(self.folder / "crash_at"),
            AHEAD=str(self.ahead[0]),
            JUMP=str(self.jump),
            LOG_LEVEL="warning",
            PYTHONPATH=str(Path(__file__).parent.parent),
            **self.settings,
        )
        del env["FEEDS_FILE"]
        self._bot = kills.start_warm_bot(env, self.folder, program)

    @property
    def pid(self) -> int:
        """The bot's process."""
        assert self._bot is not None
        return self._bot.pid

    def leap(self) -> None:
        """Puts the clocks of the bot and of the playground ahead by `jump`."""
        assert self._bot is not None
        self.ahead[0] += self.jump
        self._bot.send_signal(signal.SIGUSR1)

    async def arm(self, crash_at: str) -> None:
        """Tells the running bot at which point to kill itself."""
        assert self._bot is not None
        lease = f"SELECT value LIKE '%\"pid\": {self._bot.pid},%' FROM facts WHERE name = 'lease'"
        await self.until(lambda: self.count(lease), "the bot's start")
        (self.folder / "crash_at").write_text(crash_at)
        self._bot.send_signal(signal.SIGUSR2)

    def signal(self, sign: signal.Signals) -> None:
        """Sends the bot a signal."""
        assert self._bot is not None
        self._bot.send_signal(sign)

    def exit_code(self) -> int | None:
        """How the bot ended; None while it runs."""
        assert self._bot is not None
        return self._bot.returncode

    def kill(self) -> None:
        """Kills the bot with SIGKILL, at whatever it does."""
        if self._bot:
            self._bot.kill()
            self._bot.wait()

    def dead(self) -> bool:
        """Whether the bot has died."""
        return self._bot is not None and self._bot.poll() is not None

    def publish(self, count: int) -> None:
        """Publishes so many stories more."""
        for _ in range(count):
            self.playground.newsroom.publish(FEEDS[0], _title(self.stories))
            self.stories += 1

    def repeat(self, count: int) -> None:
        """Lets the other outlet tell the last stories too."""
        for number in range(self.stories - count, self.stories):
            self.playground.newsroom.publish(FEEDS[1], _title(number))

    async def polled(self) -> None:
        """Waits until every feed has had its first, quiet poll."""
        await self.until(
            lambda: self.count("SELECT count(*) FROM feeds WHERE settled") == len(FEEDS), "a poll"
        )

    async def placed(self) -> None:
        """Waits until all that was published is placed, and so in the outbox."""
        sql = "SELECT count(*) FROM stories"
        await self.until(lambda: self.count(sql) >= self.stories, "the last story")

    async def drained(self, leaps: bool = False, seconds: float = 240) -> None:
        """Waits until nothing is left to send; with `leaps`, the clock is put ahead meanwhile."""
        await self.placed()
        deadline, leapt = time.monotonic() + seconds, time.monotonic()
        while self.count(_OPEN):
            if time.monotonic() > deadline or self.dead():
                raise TimeoutError(f"not drained; see {self._log()}")
            if leaps and time.monotonic() - leapt > 2:
                leapt = time.monotonic()
                self.leap()
            await asyncio.sleep(0.1)

    async def until(self, true: Callable[[], object], what: str, seconds: float = 120) -> None:
        """Waits until `true()`, or until the bot has died where that is not what is waited for."""
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline:
                raise TimeoutError(f"waited in vain for {what}: {self._log()}")
            await asyncio.sleep(0.05)

    def count(self, sql: str) -> int:
        """The number that a statement gives; 0 while there is no database."""
        rows = kills.rows(self.folder, sql)
        return int(rows[0][0] or 0) if rows else 0

    def shown(self) -> Counter[tuple[int, int]]:
        """In how many messages each chat was shown each story, by the server's ledger, in what was
        sent and in what that was edited into; a group that moved counts under its first id.
        """
        told = {
            (entry.chat_id, entry.message_id, int(number))
            for entry in self.playground.ledger.find(applied=True)
            if entry.method in ("sendMessage", "editMessageText")
            for number in STORY.findall(entry.text)
        }
        return Counter((self._first_id(chat_id), number) for chat_id, _, number in told)

    def resent(self) -> set[tuple[int, int]]:
        """What the bot sent again since its outcome was unknown, by its own records."""
        found = kills.rows(
            self.folder,
            "SELECT d.chat_id, r.title FROM deliveries d JOIN reports r ON r.id = d.report_id"
            " LEFT JOIN deliveries g ON g.id = d.digest_id WHERE d.resends + ifnull(g.resends, 0)"
            " OR g.whole_in IS NOT NULL",
        )
        return {
            (self._first_id(chat), int(number))
            for chat, title in found
            for number in STORY.findall(title)
        }

    def _first_id(self, chat_id: int) -> int:
        chats = self.playground.world.chats.values()
        return next((chat.id for chat in chats if chat.migrated_to == chat_id), chat_id)

    def _log(self) -> str:
        return (self.folder / "bot.log").read_text()[-2000:]


def _title(number: int) -> str:
    return f"Dispatch [{number}] from the coast"


@asynccontextmanager
async def rig(
    chats: Sequence[tuple[int, str, int]] = (),
    *,
    playground: Playground | None = None,
    limits: BotApiLimits | None = None,
    api_port: int | None = None,
    jump: float = 0.0,
    habits: Habits | None = None,
    ahead: list[float] | None = None,
    fused: bool = False,
    **settings: str,
) -> AsyncIterator[Rig]:
    """A rig whose chats follow everything; the bot is started by the caller. One that is `fused`
    can be armed while it runs.
    """
    ahead = ahead if ahead is not None else [0.0]
    made = playground or await start_playground(
        newsroom=quiet_newsroom(*FEEDS),
        limits=limits or BotApiLimits(enforced=False),
        clock=lambda: time.time() + ahead[0],
    )
    door = Door(int(made.url.rpartition(":")[2]))
    if api_port is None:
        await door.open()
    else:
        door.port = api_port
    with TemporaryDirectory() as name:
        introduce(empty_database(Path(name) / "bot.db", "sqlite"), made.world.bot.id)
        found = Rig(Path(name), made, door, settings, ahead, jump, fused)
        try:
            for chat_id, kind, _ in chats:
                if kind == "private":
                    made.world.add_private_chat(chat_id)
            await found.settle_in(chats, habits)
            yield found
        finally:
            found.kill()
            door.shut()
            await made.close()
