"""Receiving updates by long polling, and telling Telegram which commands there are.

Updates are confirmed after they were handled, so that a crash loses no command. Each is read by
itself: one that cannot be read is skipped, and does not hold up those behind it.
"""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import structlog
import telegram
from telegram import BotCommand, Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.request import BaseRequest

from bot.loops import Stop
from handlers.dispatch import Dispatcher
from handlers.kit import Kit

log = structlog.get_logger(__name__)

_LONG_POLL_SECONDS = 25
_HANDLER_SECONDS = 45.0
_PAUSE_SECONDS = 5.0
_CONFLICT_SECONDS = 30.0
_WANTED = ["message", "channel_post", "callback_query", "my_chat_member"]

_EVERYBODY = {
    "latest": "Newest stories, or those on your words",
    "topic": "What this chat follows; add a topic",
    "status": "How this chat is served",
    "help": "What I can do here",
    "privacy": "What is stored",
}
_CHANGES = {
    "subscribe": "Every story, or one source",
    "unsubscribe": "End that",
    "start": "Begin, or go on after /stop",
    "stop": "Pause alerts",
    "forget": "Delete everything about this chat",
}


class Listener:
    """Long-polls one bot."""

    def __init__(
        self,
        kit: Kit,
        request: BaseRequest,
        stop: Stop,
        on_token_refused: Callable[[str], None],
    ) -> None:
        self._kit = kit
        self._request = request
        self._stop = stop
        self._on_token_refused = on_token_refused
        self._dispatcher: Dispatcher | None = None
        self._offset = 0

    async def step(self) -> None:
        """One long poll, and the handling of what it brought."""
        try:
            dispatcher = self._dispatcher or await self._introduce()
            updates = await self._stop.unless_wanted(self._updates())
        except InvalidToken as error:
            self._on_token_refused(str(error))
            return
        except Conflict:
            log.warning(
                "another program receives this bot's updates; stop it, or use another token",
                seconds=_CONFLICT_SECONDS,
            )
            await self._stop.sleep(_CONFLICT_SECONDS)
            return
        except TelegramError as error:
            log.warning("Telegram cannot be reached", error=str(error), seconds=_PAUSE_SECONDS)
            await self._stop.sleep(_PAUSE_SECONDS)
            return
        await self._handle_all(dispatcher, updates or [])

    async def _introduce(self) -> Dispatcher:
        """Asks who this bot is, ends a webhook, and sets the lists of commands."""
        bot = self._kit.sender.bot
        me = await bot.get_me()
        await bot.delete_webhook()
        await self._set_commands(bot)
        log.info("connected to Telegram", bot=me.username)
        self._dispatcher = Dispatcher(self._kit, me.username or "")
        return self._dispatcher

    async def _set_commands(self, bot: telegram.Bot) -> None:
        everybody = [BotCommand(name, text) for name, text in _EVERYBODY.items()]
        everything = everybody + [BotCommand(name, text) for name, text in _CHANGES.items()]
        await bot.set_my_commands(everything, scope=telegram.BotCommandScopeAllPrivateChats())
        await bot.set_my_commands(everybody, scope=telegram.BotCommandScopeAllGroupChats())
        await bot.set_my_commands(everything, scope=telegram.BotCommandScopeAllChatAdministrators())

    async def _updates(self) -> list[dict[str, Any]]:
        # Asked for raw, not through Bot.get_updates: that reads all of a batch or nothing, and
        # one update that it cannot read would be fetched for ever.
        wanted = urlencode(
            {
                "offset": self._offset,
                "timeout": _LONG_POLL_SECONDS,
                "allowed_updates": json.dumps(_WANTED),
            }
        )
        found = await self._request.post(
            f"{self._kit.sender.bot.base_url}/getUpdates?{wanted}",
            read_timeout=_LONG_POLL_SECONDS + 10,
        )
        return found if isinstance(found, list) else []

    async def _handle_all(self, dispatcher: Dispatcher, raw: list[dict[str, Any]]) -> None:
        """Handles a batch: chats beside each other, the updates of one chat in order."""
        by_chat: dict[int, list[Update]] = {}
        for data in raw:
            self._kit.metrics.updates.inc()
            update = self._read(data)
            if update is not None:
                chat = update.effective_chat
                by_chat.setdefault(chat.id if chat else 0, []).append(update)
        await asyncio.gather(*(self._in_order(dispatcher, each) for each in by_chat.values()))
        for data in raw:
            self._offset = max(self._offset, int(data.get("update_id", 0)) + 1)

    def _read(self, data: dict[str, Any]) -> Update | None:
        try:
            return Update.de_json(data, self._kit.sender.bot)
        except Exception:
            self._kit.metrics.bad_updates.inc()
            log.exception("an update cannot be read; skipped", update=data.get("update_id"))
            return None

    async def _in_order(self, dispatcher: Dispatcher, updates: list[Update]) -> None:
        for update in updates:
            try:
                async with asyncio.timeout(_HANDLER_SECONDS):
                    await dispatcher.handle(update)
            except Exception:
                self._kit.metrics.bad_updates.inc()
                log.exception("an update could not be handled", update=update.update_id)
