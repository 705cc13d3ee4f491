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
from handlers.services import Services

log = structlog.get_logger(__name__)

_HANDLER_SECONDS = 45.0
MOST_WAITING = 50
# What was left is said when the chat may be written to again, which may take a minute.
_LAST_WORD_SECONDS = 90.0

Work = Callable[[], Awaitable[None]]


class Workers:
    """One worker for each chat that has work, which goes when there is none."""

    def __init__(self, services: Services) -> None:
        self._services = services
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
        """Handles one update, for some time at most. Raises what its handler does."""
        async with asyncio.timeout(_HANDLER_SECONDS):
            await self._services.shipped.read()
            await entrance.handle(update)

    def failed(self, number: int) -> None:
        """Counts and logs the error that an update ended with."""
        if self._is_outage(update=number):
            self._services.metrics.bad_updates.inc()
            return
        self._services.metrics.bad_updates.inc()
        log.exception("an update could not be handled", update=number)

    async def say_failed(self, entrance: Entrance, update: Update) -> None:
        """Says to who waits for an answer that something failed. Raises nothing: what fails in
        this is logged.
        """
        try:
            async with asyncio.timeout(_HANDLER_SECONDS):
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
