"""Receiving updates by long polling.

Updates are confirmed after they were handled, or after two seconds: a crash loses no command but
one that was slow to answer. Nobody waits for that: while some are under way Telegram is asked again
and again from the first of them on, and what was handed over already is passed over. Each is read
by itself: one that cannot be read is skipped, and does not hold up those behind it.

Numbers go up by one, but the first after a week without any is chosen at random (Bot API, Update):
where it is a lower one, all is counted from there.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import structlog
import telegram
from telegram import Update
from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.request import BaseRequest

from bot.loops import Outage, Stop
from bot.metrics import Metrics
from handlers.receiving.entrance import Entrance
from handlers.receiving.presence import WANTED, Presence
from handlers.receiving.rivals import Rivals
from handlers.receiving.workers import Workers

log = structlog.get_logger(__name__)

_LONG_POLL_SECONDS = 25
_CONFIRM_AFTER_SECONDS = 2.0
_ASK_AGAIN_SECONDS = 0.1
_MOST_UNCONFIRMED = 80  # Telegram sends a hundred at once: there must be room for new ones
_REMEMBERED = 1_000  # numbers: more than may come again while some are unconfirmed
_PAUSE_SECONDS = 5.0
_SOON_SECONDS = 0.2


class Listener:
    """Long-polls one bot. `on_rival` is to end this process, where another program received its
    updates first; while `may_begin` says no, another process may be the one that receives.
    """

    def __init__(
        self,
        *,
        bot: telegram.Bot,
        presence: Presence,
        workers: Workers,
        request: BaseRequest,
        stop: Stop,
        metrics: Metrics,
        on_token_refused: Callable[[str], None],
        outage: Outage,
        heard: Callable[[], None] = lambda: None,
        on_rival: Callable[[], None] = lambda: None,
        may_begin: Callable[[], bool] = lambda: True,
    ) -> None:
        self._bot = bot
        self._presence = presence
        self._workers = workers
        self._heard = heard
        self._request = request
        self._stop = stop
        self._metrics = metrics
        self._on_token_refused = on_token_refused
        self._outage = outage
        self._on_rival = on_rival
        self._may_begin = may_begin
        self._rivals = Rivals()
        self._next = 0
        self._handed_over: deque[int] = deque(maxlen=_REMEMBERED)
        self._unconfirmed: dict[int, tuple[float, asyncio.Future[None]]] = {}

    async def step(self) -> None:
        """One poll, and the handing over of what it brought."""
        if not self._may_begin():
            await self._stop.sleep(_SOON_SECONDS)
            return
        try:
            entrance = self._presence.entrance or await self._introduce()
            updates = await self._stop.unless_wanted(self._updates())
        except InvalidToken as error:
            self._on_token_refused(str(error))
            return
        except Conflict:
            await self._yield_to_rival()
            return
        except TelegramError as error:
            self._outage.failed(error)
            await self._stop.sleep(_PAUSE_SECONDS)
            return
        if updates is not None:
            self._outage.worked()
            self._rivals.received(asyncio.get_running_loop().time())
        if not self._may_begin():
            # They were not confirmed: whoever receives them now gets them.
            await self._stop.sleep(_PAUSE_SECONDS)
            return
        if self._hand_over_all(entrance, updates or []):
            log.warning("Telegram sends what cannot be confirmed", seconds=_PAUSE_SECONDS)
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

    async def _introduce(self) -> Entrance:
        async def end_webhook(_: int) -> None:
            await self._bot.delete_webhook()

        return await self._presence.introduce(end_webhook)

    async def _updates(self) -> list[dict[str, Any]]:
        # Asked for raw, not through Bot.get_updates: that reads all of a batch or nothing, and
        # one update that it cannot read would be fetched for ever.
        waiting = self._under_way()
        wanted = urlencode(
            {
                "offset": min(self._unconfirmed, default=self._next),
                "timeout": 0 if waiting else _LONG_POLL_SECONDS,
                "allowed_updates": json.dumps(WANTED),
            }
        )
        found = await self._request.post(
            f"{self._bot.base_url}/getUpdates?{wanted}",
            read_timeout=_LONG_POLL_SECONDS + 10,
        )
        self._heard()
        return found if isinstance(found, list) else []

    def _hand_over_all(self, entrance: Entrance, raw: list[dict[str, Any]]) -> bool:
        """Hands each new update over. True where none is new and none under way: what came cannot
        be confirmed, and comes again at once.
        """
        now = asyncio.get_running_loop().time()
        known = {0, *self._handed_over}
        new = {number: data for data in raw if (number := _number(data)) not in known}
        for number, data in new.items():
            if number < self._next:
                log.info("Telegram counts updates anew", update=number, expected=self._next)
                self._unconfirmed.clear()
            self._next = number + 1
            self._handed_over.append(number)
            self._metrics.updates.inc()
            if update := self._workers.read(number, data):
                self._unconfirmed[number] = (now, self._hand_over(entrance, update))
        return bool(raw) and not new and not self._unconfirmed

    def _hand_over(self, entrance: Entrance, update: Update) -> asyncio.Future[None]:
        """Gives what is done when the update was handled or left."""
        handled: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        async def work() -> None:
            try:
                await self._workers.handle(entrance, update)
            except Exception:
                self._workers.failed(update.update_id)
                await self._workers.say_failed(entrance, update)
            finally:
                handled.set_result(None)

        if not self._workers.hand_over(entrance, update, work):
            handled.set_result(None)
        return handled


def _number(data: object) -> int:
    """The number of an update; 0 where it has none, which must not stop those behind it."""
    number = data.get("update_id") if isinstance(data, dict) else None
    return number if isinstance(number, int) else 0
