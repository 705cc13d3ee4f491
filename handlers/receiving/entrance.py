"""What updates are handed to when they come in: the router, which is loaded with the first one.

It brings all commands, screens and actions, a fifth of what a start costs; where nobody writes they
are not needed. Meanwhile all else goes on.
"""

import asyncio
from functools import cached_property
from typing import TYPE_CHECKING

from telegram import Update

from handlers.services import Services

if TYPE_CHECKING:
    from handlers.routing.router import Dispatcher


class Entrance:
    """Answers updates. `username` is the bot's own, without the @."""

    def __init__(self, services: Services, username: str, bot_id: int) -> None:
        self._services = services
        self._username = username
        self._bot_id = bot_id
        self._is_open = False

    async def handle(self, update: Update) -> None:
        """Answers an update, or leaves it."""
        if not self._is_open:
            await asyncio.to_thread(lambda: self._dispatcher)
            self._is_open = True
        await self._dispatcher.handle(update)

    def left(self, update: Update) -> None:
        """Notes that an update is not handled, where too many of its chat are waiting."""
        self._dispatcher.left(update)

    async def failed(self, update: Update) -> None:
        """Says that an update could not be handled, where a person waits for an answer to it."""
        await self._dispatcher.failed(update)

    async def drained(self, chat_id: int) -> None:
        """Says what was left undone, once all updates of a chat were seen."""
        await self._dispatcher.drained(chat_id)

    @cached_property
    def _dispatcher(self) -> "Dispatcher":
        from handlers.routing.router import Dispatcher

        return Dispatcher(self._services, self._username, self._bot_id)
