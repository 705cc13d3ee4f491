"""Handing updates over: chats beside each other, the updates of each in their order."""

import asyncio
import sys
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from telegram import Update

from bot.turns import on_behalf_of
from handlers.receiving.entrance import Entrance
from handlers.receiving.senders import behind
from handlers.screens.callback_data import unpack
from handlers.services import Services

log = structlog.get_logger(__name__)

_HANDLER_SECONDS = 45.0
MOST_WAITING = 50
# What was left is said when the chat may be written to again, which may take a minute.
_LAST_WORD_SECONDS = 90.0
_LONGEST_NAME = 32  # of a command, by the Bot API

Work = Callable[[], Awaitable[None]]


class OutOfTime(TimeoutError):  # noqa: N818  (what became of it)
    """A handler was given up; what it did (`command`) and for how many `seconds`."""

    def __init__(self, command: str, seconds: float) -> None:
        super().__init__(f"given up after {seconds:.0f} s: {command}")
        self.command = command
        self.seconds = seconds


class Workers:
    """One worker for each chat that has work, which goes when there is none. A handler is given up
    after so many `seconds`.
    """

    def __init__(self, services: Services, seconds: float = _HANDLER_SECONDS) -> None:
        self._services = services
        self._seconds = seconds
        self._waiting: dict[int, deque[tuple[int, Work]]] = {}
        self._workers: dict[int, asyncio.Task[None]] = {}

    def read(self, number: int, data: dict[str, Any]) -> Update | None:
        """An update; None for one that cannot be read, which is counted and logged."""
        try:
            return Update.de_json(data, self._services.sender.bot)
        except Exception:
            self._services.metrics.bad_updates.inc()
            log.exception("an update cannot be read; skipped", update=number)
            return None

    def hand_over(self, entrance: Entrance, update: Update, work: Work) -> bool:
        """Has `work` done when all that was handed over before of the same chat is. False where too
        much of that waits: the update is left, which the chat will be told.
        """
        chat = update.effective_chat
        chat_id = chat.id if chat else 0
        waiting = self._waiting.setdefault(chat_id, deque())
        has_room = len(waiting) < MOST_WAITING
        if has_room:
            self._saw(update)
            waiting.append((update.update_id, work))
        else:
            self.leave(entrance, update)
        if chat_id not in self._workers:
            # What an operator asks in private goes first, as all that is ours.
            with on_behalf_of(None if chat_id in self._services.access.operators else chat_id):
                worker = asyncio.create_task(self._in_order(entrance, chat_id))
            self._workers[chat_id] = worker
        return has_room

    def leave(self, entrance: Entrance, update: Update) -> None:
        """Leaves an update undone, which its chat will be told."""
        self._saw(update)
        entrance.left(update)

    def _saw(self, update: Update) -> None:
        if (chat := update.effective_chat) and update.effective_message:
            self._services.sender.message_ids.saw(chat.id, update.effective_message.message_id)

    async def handle(self, entrance: Entrance, update: Update) -> None:
        """Handles one update, on behalf of who sent it, for some time at most. Raises what its
        handler does, and OutOfTime.
        """
        began = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(self._seconds) as deadline:
                with on_behalf_of(await behind(self._services, update)):
                    await self._services.shipped.read()
                    await entrance.handle(update)
        except TimeoutError as error:
            if not deadline.expired():
                raise
            seconds = asyncio.get_running_loop().time() - began
            raise OutOfTime(_command_of(update), seconds) from error

    def failed(self, number: int) -> None:
        """Counts and logs the error that an update ended with."""
        if self._is_outage(update=number):
            self._services.metrics.bad_updates.inc()
            return
        self._services.metrics.bad_updates.inc()
        if isinstance(error := sys.exception(), OutOfTime):
            seconds = round(error.seconds, 1)
            log.warning("an update took too long", update=number, did=error.command, took=seconds)
        else:
            log.exception("an update could not be handled", update=number)

    async def say_failed(self, entrance: Entrance, update: Update) -> None:
        """Says to who waits for an answer that something failed. Raises nothing: what fails in
        this is logged.
        """
        try:
            async with asyncio.timeout(self._seconds):
                await entrance.failed(update)
        except Exception:
            if self._is_outage(update=update.update_id):
                return
            log.exception("that an update failed could not be said", update=update.update_id)

    def _is_outage(self, **facts: object) -> bool:
        """Whether the error under way is one of a database that is away, which says so itself."""
        return self._services.database.failed(sys.exception(), **facts)

    async def end(self) -> None:
        """Gives up what is under way."""
        workers = list(self._workers.values())
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    async def _in_order(self, entrance: Entrance, chat_id: int) -> None:
        waiting = self._waiting[chat_id]
        try:
            while waiting:
                number, work = waiting.popleft()
                try:
                    await work()
                except Exception:
                    self.failed(number)
                if not waiting:
                    await self._say_what_was_left(entrance, chat_id)
        finally:
            del self._workers[chat_id], self._waiting[chat_id]

    async def _say_what_was_left(self, entrance: Entrance, chat_id: int) -> None:
        try:
            async with asyncio.timeout(_LAST_WORD_SECONDS):
                await entrance.drained(chat_id)
        except Exception:
            if self._is_outage(chat=chat_id):
                return
            log.exception("what was left undone could not be said", chat=chat_id)


def _command_of(update: Update) -> str:
    """What an update asked for, without what a person wrote to it."""
    if query := update.callback_query:
        press = unpack(query.data or "")
        return f"a press of {press.action}" if press else "a press"
    message = update.effective_message
    first = (message.text or message.caption or "").split(maxsplit=1) if message else []
    return first[0][:_LONGEST_NAME] if first and first[0].startswith("/") else "words"
