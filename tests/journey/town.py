"""A town for journeys: the playground's Bot API server and feeds, and the real bot between."""

import asyncio
import dataclasses
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from bot.app import run_bot
from bot.errors import AlreadyRunning
from bot.loops import Stop
from bot.news.feed import Feed
from bot.playground.bot_api.limits import BotApiLimits
from bot.playground.chats.world import ADA_ID, PlaygroundMessage
from bot.playground.news.newsroom import Newsroom, quiet_newsroom
from bot.playground.server import Playground, start_playground
from bot.settings import Settings, load_settings
from storage.open import missing, open_storage
from storage.storage import Storage
from tests.databases import ENGINE, empty_database
from tests.introduced import introduce
from tests.parsers import shared_parser
from tests.reading import seen

T = TypeVar("T")

# What is waited for comes at once, but for a busy machine: this only bounds a failure.
PATIENCE = 60.0
# Seconds between two polls: fewer than may be set, for each story that is told waits for one.
_OFTEN = 0.25


async def until(true: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Waits until `true()` holds; fails saying `what` was waited for."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain for: {what}"
        await asyncio.sleep(0.02)


def _seen(message: PlaygroundMessage) -> PlaygroundMessage:
    return dataclasses.replace(message, text=seen(message.text))


class Town:
    """A running playground and bot."""

    def __init__(self, playground: Playground, settings: Settings) -> None:
        self.playground = playground
        self.settings = settings
        self._stop = Stop()
        self._bot: asyncio.Task[None] | None = None
        self._ahead = 0.0

    @property
    def ahead(self) -> float:
        """How far the bot's clock is ahead of the real one, in seconds."""
        return self._ahead

    @ahead.setter
    def ahead(self, seconds: float) -> None:
        self._ahead = seconds
        # What rests would look at the clock within seconds; here it looks now.
        for bell in self._stop.wakeups:
            bell.ring()

    def now(self) -> float:
        """The bot's clock: the real one, and as far ahead as a test has put it."""
        return time.time() + self.ahead

    async def start_bot(self) -> None:
        """Starts the bot and waits until every feed has had its first, quiet poll."""
        self.start_quietly()
        await self.settle()
        await until(lambda: self.playground.stage.profile.commands, "the bot's commands")

    def start_quietly(self) -> None:
        """Starts the bot and waits for nothing."""
        self._stop = Stop()
        bot = run_bot(self.settings, now=self.now, stop=self._stop, parser=shared_parser())
        self._bot = asyncio.create_task(bot)

    async def settle(self) -> None:
        """Waits until every feed was polled and every report placed."""
        deadline = time.monotonic() + PATIENCE
        while not (storage := await self._opened()):
            self._must_go_on(deadline)
            await asyncio.sleep(0.02)
        try:
            while not await settled(storage):
                self._must_go_on(deadline)
                await asyncio.sleep(0.02)
        finally:
            await storage.close()

    def _must_go_on(self, deadline: float) -> None:
        assert self._bot is not None
        assert not self._bot.done(), "the bot ended"
        assert time.monotonic() < deadline, "the feeds were not polled"

    async def turn(self) -> None:
        """Lets every loop that rests take a whole turn now, instead of waiting for its hour."""
        for _ in range(2):  # the first ring may have met a step that was under way
            for bell in self._stop.wakeups:
                bell.ring()
            await until(lambda: not any(b.rung for b in self._stop.wakeups), "a turn of the loops")

    async def turned_until(self, true: Callable[[], object], what: str) -> None:
        """Lets the loops turn until `true()` holds: for what they look after now and then only."""
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline, f"the loops turned in vain for: {what}"
            await self.turn()
            await asyncio.sleep(0.05)

    async def _opened(self) -> Storage | None:
        """The database; None while it is not there, or the bot still brings it up to date."""
        if await missing(self.settings.database_url):
            return None
        try:
            return await open_storage(self.settings.database_url, alone=False, now=time.time())
        except AlreadyRunning:
            return None

    async def stop_bot(self) -> None:
        """Asks the bot to end and waits for it."""
        self._stop.request()
        if self._bot:
            await asyncio.wait_for(self._bot, PATIENCE)
            self._bot = None

    @asynccontextmanager
    async def storage(self) -> AsyncIterator[Storage]:
        """The bot's database, opened beside it."""
        storage = await open_storage(self.settings.database_url, alone=False, now=time.time())
        try:
            yield storage
        finally:
            await storage.close()

    def messages(self, chat_id: int = ADA_ID) -> list[PlaygroundMessage]:
        """What the bot wrote in a chat and is still there, oldest first, as people read it now."""
        ledger = self.playground.ledger.delivered(chat_id)
        there = self.playground.world.chats[chat_id].messages
        return [_seen(there[entry.message_id]) for entry in ledger if entry.message_id in there]

    def texts(self, chat_id: int = ADA_ID) -> list[str]:
        """The texts of these messages."""
        return [message.text for message in self.messages(chat_id)]

    async def ask(self, text: str, chat_id: int = ADA_ID, **how: Any) -> PlaygroundMessage:
        """Writes to the bot and waits for its next message in that chat that is no alert: one may
        come in between.
        """
        before = len(self.messages(chat_id))
        self.playground.people.say(chat_id, text, **how)

        def answers() -> list[PlaygroundMessage]:
            return [each for each in self.messages(chat_id)[before:] if not _is_alert(each)]

        await until(lambda: bool(answers()), f"an answer to {text!r}")
        return answers()[-1]

    async def press(self, message: PlaygroundMessage, label: str, user: int = ADA_ID) -> str:
        """Presses a button; waits for the bot's answer to the press and returns its note."""
        query = self.playground.people.press(
            message.chat_id, message.id, user=user, text=label or None
        )
        return await self.noted(query)

    async def noted(self, query: str) -> str:
        """Waits for the bot's answer to a press and returns its note."""
        async with asyncio.timeout(PATIENCE):
            seen = 0
            while True:
                for number, event in await self.playground.stage.events.after(seen):
                    seen = number
                    if event["type"] == "answer" and event["query_id"] == query:
                        return str(event["text"])

    def shown(self, message: PlaygroundMessage) -> PlaygroundMessage:
        """The message as it reads now."""
        return _seen(self.playground.world.chats[message.chat_id].messages[message.id])

    def labels(self, message: PlaygroundMessage) -> list[str]:
        """The labels of the buttons that stand under the message now."""
        rows = (self.shown(message).reply_markup or {}).get("inline_keyboard", [])
        return [button["text"] for row in rows for button in row]

    async def turned(
        self, message: PlaygroundMessage, label: str, until_label: str, user: int = ADA_ID
    ) -> PlaygroundMessage:
        """Presses a button that changes the message in place, and waits for another button."""
        await self.press(message, label, user)
        await until(lambda: until_label in self.labels(message), f"the button {until_label!r}")
        return self.shown(message)

    async def until_stored(
        self,
        asked: Callable[[Storage], Awaitable[T]],
        true: Callable[[T], object],
        what: str,
    ) -> T:
        """Asks the database until `true` holds of what it answers, and returns that; fails saying
        `what` was waited for.
        """
        deadline = time.monotonic() + PATIENCE
        async with self.storage() as storage:
            while not true(found := await asked(storage)):
                assert time.monotonic() < deadline, f"waited {PATIENCE} s in vain for: {what}"
                await asyncio.sleep(0.02)
        return found

    async def stored(self, *titles: str) -> None:
        """Waits until stories with these titles are stored."""
        await self.until_stored(
            lambda storage: storage.stories.newest(None, 100),
            lambda rows: {row.story.title for row in rows} >= set(titles),
            f"stories: {titles}",
        )

    async def reports(self, count: int) -> None:
        """Waits until a story has so many reports."""
        await self.until_stored(
            lambda storage: storage.stories.newest(None, 100),
            lambda rows: any(row.story.reports >= count for row in rows),
            f"a story of {count} reports",
        )

    async def deliveries(self, state: str, count: int = 1) -> None:
        """Waits until so many messages are in this state; it is from "sent" that they age."""
        await self.until_stored(
            lambda storage: storage.stats(),
            lambda stats: stats.deliveries.get(state, 0) >= count,
            f"messages {state}: {count}",
        )

    async def told(self, message: PlaygroundMessage) -> None:
        """Waits until an alert is on record as sent under its number."""
        await self.until_stored(
            lambda storage: storage.history.told_by(message.chat_id, message.id),
            bool,
            f"the record of {message.text!r}",
        )

    async def some_feed(self, true: Callable[[Feed], object], what: str) -> list[Feed]:
        """Waits until it holds of a feed; returns all feeds."""
        return await self.until_stored(
            lambda storage: storage.feeds.all(), lambda feeds: any(map(true, feeds)), what
        )

    async def alert(
        self, part: str, chat_id: int = ADA_ID, seconds: float = PATIENCE
    ) -> PlaygroundMessage:
        """Waits for a message of the bot that has this part."""
        await until(
            lambda: any(part in text for text in self.texts(chat_id)), f"an alert: {part}", seconds
        )
        return next(m for m in self.messages(chat_id) if part in m.text)


async def settled(storage: Storage) -> bool:
    """Whether every feed was polled and every report placed."""
    feeds = await storage.feeds.all()
    placed = not await storage.stories.unplaced(1)
    return bool(feeds) and all(feed.settled for feed in feeds) and placed


def _is_alert(message: PlaygroundMessage) -> bool:
    rows = (message.reply_markup or {}).get("inline_keyboard", [])
    carried = (str(button.get("callback_data")) for row in rows for button in row)
    return any(each.startswith("v1:alert:") for each in carried)


@asynccontextmanager
async def town(
    folder: Path,
    newsroom: Newsroom | None = None,
    limits: BotApiLimits | None = None,
    engine: str = ENGINE,
    introduced: bool = True,
    **settings: Any,
) -> AsyncIterator[Town]:
    """A town with quiet feeds, polled often; the bot is started by the caller. One that is
    `introduced` has said in each language what it is: to read all catalogues takes a third of the
    time of a journey.
    """
    playground = await start_playground(
        newsroom=newsroom or quiet_newsroom("harbour-post", "hill-radio"),
        limits=limits or BotApiLimits(enforced=False),
    )
    try:
        feeds = folder / "feeds.txt"
        feeds.write_text("\n".join(playground.feeds.values()), "utf-8")
        known = load_settings(
            None,
            {
                "telegram_token": playground.token,
                "telegram_api_url": playground.url,
                "database_url": empty_database(folder / "town.db", engine),
                "feeds_file": feeds,
                "allowed_private_hosts": "127.0.0.1",
                "send_per_chat_seconds": 0,
                "poll_min_seconds": 1,
                "poll_max_seconds": 1,
                **settings,
            },
        )
        if not {"poll_min_seconds", "poll_max_seconds"} & settings.keys():
            known = dataclasses.replace(known, poll_min_seconds=_OFTEN, poll_max_seconds=_OFTEN)
        if introduced:
            introduce(known.database_url, playground.world.bot.id)
        made = Town(playground, known)
        try:
            yield made
        finally:
            await made.stop_bot()
    finally:
        await playground.close()
