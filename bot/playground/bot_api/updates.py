"""What the bot is told: the queue behind getUpdates and its webhook, by the rules of the real
server.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from bot.playground.bot_api.refusals import OTHER_POLLER, WEBHOOK_ACTIVE, BotApiError

Json = dict[str, Any]
KEPT_SECONDS = 24 * 3600
LONGEST_POLL = 50
_QUIET_SECONDS = 7 * 86_400  # after which numbers are chosen anew
_IN_THE_FUTURE = 10  # an offset so far behind the last update is passed over
_NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class UpdateQueue:
    """Updates in order; `clock` gives seconds since 1970. `chosen` gives the number of the first,
    and of the next after a week without any.
    """

    def __init__(self, chosen: Callable[[], int], clock: Callable[[], float]) -> None:
        self._clock = clock
        self._chosen = chosen
        self._next_id = chosen()
        self._offered_at = clock()
        self._waiting: deque[tuple[float, Json]] = deque()
        self.allowed: frozenset[str] = frozenset()
        self.on_offer: Callable[[], None] = lambda: None
        self._poller: asyncio.Future[str] | None = None
        self.webhook_url = ""

    def __len__(self) -> int:
        return len(self._waiting)

    def offer(self, kind: str, payload: Json) -> int | None:
        """Queue an update; its id, or None where the bot did not ask for this kind."""
        wanted = kind in self.allowed if self.allowed else kind not in _NOT_BY_DEFAULT
        if not wanted:
            return None
        now = self._clock()
        if now - self._offered_at >= _QUIET_SECONDS:
            self.count_from(self._chosen())
        self._offered_at = now
        update_id = self._next_id
        self._next_id += 1
        self._waiting.append((now, {"update_id": update_id, kind: payload}))
        self._wake("news")
        self.on_offer()
        return update_id

    def count_from(self, number: int) -> None:
        """Give the next update this number, as after a week without any: it may be a lower one."""
        self._next_id = number

    def allow(self, kinds: list[str] | None) -> None:
        """Set the kinds the bot wants; None leaves the earlier choice, [] is the default set."""
        if kinds is not None:
            self.allowed = frozenset(kinds)

    def now(self) -> float:
        """The time by which updates are dated."""
        return self._clock()

    def waiting(self) -> list[Json]:
        """All that waits, but what is older than a day."""
        self._confirm(0)
        return [update for _, update in self._waiting]

    def confirm(self, update_id: int) -> None:
        """Drop one that the bot has taken."""
        self._waiting = deque(each for each in self._waiting if each[1]["update_id"] != update_id)

    def forget_all(self) -> None:
        """Drop what waits, as drop_pending_updates asks."""
        self._waiting.clear()

    async def poll(self, offset: int, limit: int, timeout: int) -> list[Json]:
        """One getUpdates: confirms all before `offset`, waits `timeout` seconds for the next.

        A newer poll ends an older one with 409, which is what two running bots look like.
        """
        if self.webhook_url:
            raise BotApiError(WEBHOOK_ACTIVE)
        self._wake("other poller")
        self._confirm(offset)
        if not self._waiting and timeout > 0:
            await self._wait(min(timeout, LONGEST_POLL))
        return [update for _, update in list(self._waiting)[: max(1, min(limit, 100))]]

    def close(self) -> None:
        """End a poll that waits."""
        self._wake("closing")

    def _confirm(self, offset: int) -> None:
        oldest = self._clock() - KEPT_SECONDS
        if offset < 0:
            while len(self._waiting) > -offset:
                self._waiting.popleft()
        if offset > self._next_id + _IN_THE_FUTURE:
            offset = 0
        while self._waiting and (
            self._waiting[0][1]["update_id"] < offset or self._waiting[0][0] < oldest
        ):
            self._waiting.popleft()

    async def _wait(self, timeout: int) -> None:
        poller: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._poller = poller
        done, _ = await asyncio.wait([poller], timeout=timeout)
        if self._poller is poller:
            self._poller = None
        if done and poller.result() == "other poller":
            raise BotApiError(OTHER_POLLER)

    def _wake(self, reason: str) -> None:
        if self._poller and not self._poller.done():
            self._poller.set_result(reason)
        self._poller = None
