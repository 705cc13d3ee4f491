"""Receiving updates by long polling, and telling Telegram which commands there are.

Updates are confirmed after they were handled, or after two seconds: a crash loses no command but
one that was slow to answer. Nobody waits for that: while some are under way Telegram is asked again
and again from the first of them on, and what was handed over already is passed over. Each is read
by itself: one that cannot be read is skipped, and does not hold up those behind it.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import structlog
from telegram import Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.request import BaseRequest

from bot.loops import Stop
from bot.turns import on_behalf_of
from handlers.introduction import introduce
from handlers.rivals import Rivals
from handlers.router import Dispatcher
from handlers.services import Services

log = structlog.get_logger(__name__)

_LONG_POLL_SECONDS = 25
_HANDLER_SECONDS = 45.0
_CONFIRM_AFTER_SECONDS = 2.0
_ASK_AGAIN_SECONDS = 0.1
_MOST_UNCONFIRMED = 80  # Telegram sends a hundred at once: there must be room for new ones
_MOST_WAITING = 50
_PAUSE_SECONDS = 5.0
_INTRODUCED_AGAIN_SECONDS = 60.0
_WANTED = ["message", "edited_message", "channel_post", "callback_query", "my_chat_member"]


class Listener:
    """Long-polls one bot. `on_rival` is to end this process, where another program received its
    updates first; while `may_begin` says no, another process may be the one that receives.
    """

    def __init__(
        self,
        *,
        services: Services,
        request: BaseRequest,
        stop: Stop,
        on_token_refused: Callable[[str], None],
        heard: Callable[[], None] = lambda: None,
        on_rival: Callable[[], None] = lambda: None,
        may_begin: Callable[[], bool] = lambda: True,
    ) -> None:
        self._services = services
        self._heard = heard
        self._request = request
        self._stop = stop
        self._on_token_refused = on_token_refused
        self._on_rival = on_rival
        self._may_begin = may_begin
        self._rivals = Rivals()
        self._dispatcher: Dispatcher | None = None
        self._next = 0
        self._unconfirmed: dict[int, tuple[float, asyncio.Future[None]]] = {}
        self._waiting: dict[int, deque[tuple[Update, asyncio.Future[None]]]] = {}
        self._workers: dict[int, asyncio.Task[None]] = {}
        self._saying: asyncio.Task[None] | None = None

    async def step(self) -> None:
        """One poll, and the handing over of what it brought."""
        try:
            dispatcher = self._dispatcher or await self._introduce()
            updates = await self._stop.unless_wanted(self._updates())
        except InvalidToken as error:
            self._on_token_refused(str(error))
            return
        except Conflict:
            await self._yield_to_rival()
            return
        except TelegramError as error:
            log.warning("Telegram cannot be reached", error=str(error), seconds=_PAUSE_SECONDS)
            await self._stop.sleep(_PAUSE_SECONDS)
            return
        if updates is not None:
            self._rivals.received(asyncio.get_running_loop().time())
        if not self._may_begin():
            # They were not confirmed: whoever receives them now gets them.
            await self._stop.sleep(_PAUSE_SECONDS)
            return
        if self._hand_over_all(dispatcher, updates or []):
            await self._stop.sleep(_PAUSE_SECONDS)
        await self._rest()

    async def _yield_to_rival(self) -> None:
        """Asks again later, or gives up where another program was there first."""
        seconds = self._rivals.refused()
        if seconds is None:
            self._on_rival()
            return
        log.warning(
            "another program receives this bot's updates; stop it, or use another token",
            seconds=seconds,
        )
        await self._stop.sleep(seconds)

    async def _rest(self) -> None:
        """Waits for what is under way, but only for a moment: others may have written."""
        if waiting := self._under_way():
            await asyncio.wait(waiting, timeout=_ASK_AGAIN_SECONDS)

    def _under_way(self) -> list[asyncio.Future[None]]:
        """What is not to be confirmed yet; forgets the rest."""
        now = asyncio.get_running_loop().time()
        young = {
            number: (at, done)
            for number, (at, done) in self._unconfirmed.items()
            if not done.done() and now - at < _CONFIRM_AFTER_SECONDS
        }
        newest = sorted(young)[-_MOST_UNCONFIRMED:]
        self._unconfirmed = {number: young[number] for number in newest}
        return [done for _, done in self._unconfirmed.values()]

    async def _introduce(self) -> Dispatcher:
        """Asks who this bot is, ends a webhook, and says what it does."""
        bot = self._services.sender.bot
        me = await bot.get_me()
        await bot.delete_webhook()
        await self._say_who_i_am(me.id, everybody=False)
        self._saying = asyncio.create_task(self._in_each_language(me.id))
        log.info("connected to Telegram", bot=me.username)
        self._dispatcher = Dispatcher(self._services, me.username or "", me.id)
        return self._dispatcher

    async def _say_who_i_am(self, bot_id: int, *, everybody: bool) -> None:
        services = self._services
        bot, kept = services.sender.bot, services.storage.introductions
        await introduce(bot, bot_id, kept, services.locale(), everybody=everybody)

    async def _in_each_language(self, bot_id: int) -> None:
        """Says what the bot is in each language, beside all else: that may be many messages."""
        while not self._stop.wanted:
            try:
                await self._say_who_i_am(bot_id, everybody=True)
            except TelegramError as error:
                log.warning("menus are not in each language yet", error=str(error))
                await self._stop.sleep(_INTRODUCED_AGAIN_SECONDS)
            else:
                return

    async def _updates(self) -> list[dict[str, Any]]:
        # Asked for raw, not through Bot.get_updates: that reads all of a batch or nothing, and
        # one update that it cannot read would be fetched for ever.
        waiting = self._under_way()
        wanted = urlencode(
            {
                "offset": min(self._unconfirmed, default=self._next),
                "timeout": 0 if waiting else _LONG_POLL_SECONDS,
                "allowed_updates": json.dumps(_WANTED),
            }
        )
        found = await self._request.post(
            f"{self._services.sender.bot.base_url}/getUpdates?{wanted}",
            read_timeout=_LONG_POLL_SECONDS + 10,
        )
        self._heard()
        return found if isinstance(found, list) else []

    def _hand_over_all(self, dispatcher: Dispatcher, raw: list[dict[str, Any]]) -> bool:
        """Hands each new update to its chat's worker: chats beside each other, each in order. True
        where none has a number: they cannot be confirmed and come again at once.
        """
        now = asyncio.get_running_loop().time()
        for data in raw:
            number = _number(data)
            if number < self._next:
                continue
            self._next = number + 1
            self._services.metrics.updates.inc()
            update = self._read(data)
            if update is None:
                continue
            chat = update.effective_chat
            if chat and update.effective_message:
                self._services.sender.message_ids.saw(chat.id, update.effective_message.message_id)
            self._unconfirmed[number] = (
                now,
                self._hand_over(dispatcher, chat.id if chat else 0, update),
            )
        return bool(raw) and not any(map(_number, raw))

    def _hand_over(
        self, dispatcher: Dispatcher, chat_id: int, update: Update
    ) -> asyncio.Future[None]:
        """Gives what is done when the update was handled or left."""
        waiting = self._waiting.setdefault(chat_id, deque())
        handled: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if len(waiting) < _MOST_WAITING:
            waiting.append((update, handled))
        else:
            dispatcher.left(update)
            handled.set_result(None)
        if chat_id not in self._workers:
            # What an operator asks in private goes first, as all that is ours.
            with on_behalf_of(None if chat_id in self._services.access.operators else chat_id):
                worker = asyncio.create_task(self._in_order(dispatcher, chat_id))
            self._workers[chat_id] = worker
        return handled

    async def end(self) -> None:
        """Gives up the answers under way."""
        workers = list(self._workers.values())
        workers += [self._saying] if self._saying else []
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)

    def _read(self, data: dict[str, Any]) -> Update | None:
        try:
            return Update.de_json(data, self._services.sender.bot)
        except Exception:
            self._services.metrics.bad_updates.inc()
            log.exception("an update cannot be read; skipped", update=_number(data))
            return None

    async def _in_order(self, dispatcher: Dispatcher, chat_id: int) -> None:
        waiting = self._waiting[chat_id]
        try:
            while waiting:
                update, handled = waiting.popleft()
                await self._handle(dispatcher, update)
                if not handled.done():
                    handled.set_result(None)
                if not waiting:
                    await self._say_what_was_left(dispatcher, chat_id)
        finally:
            del self._workers[chat_id], self._waiting[chat_id]

    async def _handle(self, dispatcher: Dispatcher, update: Update) -> None:
        try:
            async with asyncio.timeout(_HANDLER_SECONDS):
                await dispatcher.handle(update)
        except Exception:
            self._services.metrics.bad_updates.inc()
            log.exception("an update could not be handled", update=update.update_id)

    async def _say_what_was_left(self, dispatcher: Dispatcher, chat_id: int) -> None:
        try:
            async with asyncio.timeout(_HANDLER_SECONDS):
                await dispatcher.drained(chat_id)
        except Exception:
            log.exception("what was left undone could not be said", chat=chat_id)


def _number(data: object) -> int:
    """The number of an update; 0 where it has none, which must not stop those behind it."""
    number = data.get("update_id") if isinstance(data, dict) else None
    return number if isinstance(number, int) else 0
