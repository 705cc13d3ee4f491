"""Taking updates from the database, where a webhook keeps them.

An update is handled when its beginning is stored, and gone when its end is: a crash in the middle
gives it again. What fails three times, or ends the process, is set aside and passed over; what was
begun before is handled alone, so that one that kills takes no other with it.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext

import structlog
from telegram import Update

from bot import crash_points
from bot.loops import Now, Stop, Wakeup
from bot.news.members import slot_of_chat
from bot.pipeline.receive import blotted
from handlers.receiving.entrance import Entrance
from handlers.receiving.presence import Presence
from handlers.receiving.workers import MOST_WAITING, Workers
from storage.updates import PostedUpdate, Updates, UpdateTries

log = structlog.get_logger(__name__)

MOST_TRIES = 3
_PAUSES = (1.0, 3.0)
_MOST_TAKEN = 1_000
# The others of a chat wait on disk: where its first is slow, they would keep all chats from theirs.
_OF_ONE_CHAT = 3
_AT_ONCE = 200
_LOOK_AGAIN_SECONDS = 15.0
_SOON_SECONDS = 0.2
# In a burst a few are waited for, so that one transaction notes many.
_MANY, _GATHER_SECONDS = 8, 0.005
_UNREADABLE = "It cannot be read."

Mine = Callable[[], Collection[int] | None]
"""The slots of chats that are this process's; None for all."""


class Taker:
    """Takes what waits in the database, and hands it over."""

    def __init__(
        self,
        *,
        updates: Updates,
        presence: Presence,
        workers: Workers,
        now: Now,
        stop: Stop,
        bell: Wakeup,
        set_aside: Callable[[], None],
        mine: Mine = lambda: None,
        may_begin: Callable[[], bool] = lambda: True,
        pauses: Sequence[float] = _PAUSES,
    ) -> None:
        self._updates = updates
        self._presence = presence
        self._workers = workers
        self._now = now
        self._stop = stop
        self._bell = bell
        self._count_set_aside = set_aside
        self._mine = mine
        self._may_begin = may_begin
        self._pauses = pauses
        self._taken: dict[int, int] = {}  # chats, by updates
        self._let_go: set[int] = set()
        self._begun: dict[int, UpdateTries] = {}
        self._beginning: list[tuple[UpdateTries, asyncio.Future[bool]]] = []
        self._ended: list[int] = []
        self._alone = asyncio.Lock()

    async def step(self) -> None:
        """Notes what began and ended, takes what waits, and waits for either."""
        if len(self._taken) > _MANY:
            await asyncio.sleep(_GATHER_SECONDS)
        await self._mark()
        if not await self._take():
            await self._bell.wait(_LOOK_AGAIN_SECONDS)

    def busy(self) -> set[int]:
        """The slots of chats of which an update was taken and has not ended on disk."""
        return set(map(slot_of_chat, self._taken.values()))

    async def end(self) -> None:
        """Gives back what was begun and did not end, when the workers have: a stop is no try."""
        back = [UpdateTries(each.id, each.has, each.has - 1) for each in self._begun.values()]
        if back or self._ended:
            await self._updates.mark(back, self._ended, self._now())

    async def _mark(self) -> None:
        beginning, ended = list(self._beginning), list(self._ended)
        if not beginning and not ended:
            return
        begun = await self._updates.mark([tries for tries, _ in beginning], ended, self._now())
        del self._beginning[: len(beginning)]
        del self._ended[: len(ended)]
        for number in ended:
            self._leave(number)
        for tries, granted in beginning:
            if tries.id in begun:
                self._begun[tries.id] = tries
            if not granted.done():
                granted.set_result(tries.id in begun)

    async def _take(self) -> int:
        """Hands over what waits and was not yet; returns how many."""
        entrance = self._presence.entrance
        room = min(_AT_ONCE, _MOST_TAKEN - len(self._taken))
        if entrance is None or room <= 0 or self._stop.wanted:
            return 0
        slots = self._mine()
        mine = None if slots is None else {*slots} - self._let_go
        of_chat = Counter(self._taken.values())
        full = [chat_id for chat_id, taken in of_chat.items() if taken >= _OF_ONE_CHAT]
        found = await self._updates.waiting(self._taken, mine, room, full)
        for posted in found:
            if posted.tries >= MOST_TRIES:
                said = f"It was begun {posted.tries} times and did not end."
                await self._set_aside(posted, said)
            elif of_chat[posted.chat_id] < _OF_ONE_CHAT:
                of_chat[posted.chat_id] += 1
                await self._hand_over(entrance, posted)
        room -= len(found)
        ours = [chat for chat in full if mine is None or slot_of_chat(chat) in mine]
        return len(found) + (await self._leave_too_many(entrance, ours, room) if room else 0)

    async def _leave_too_many(self, entrance: Entrance, chats: list[int], limit: int) -> int:
        """Leaves what is more than may wait of chats whose first are not done; returns how much."""
        if not chats:
            return 0
        most = MOST_WAITING + 1  # one of them is under way
        found = await self._updates.too_many(self._taken, chats, most, limit)
        for posted in found:
            update = self._workers.read(posted.id, json.loads(posted.body))
            if update is None:
                await self._set_aside(posted, _UNREADABLE)
                continue
            self._taken[posted.id] = posted.chat_id
            self._workers.leave(entrance, update)
            self._end(posted.id)
        return len(found)

    async def _hand_over(self, entrance: Entrance, posted: PostedUpdate) -> None:
        update = self._workers.read(posted.id, json.loads(posted.body))
        if update is None:
            await self._set_aside(posted, _UNREADABLE)
            return
        self._taken[posted.id] = posted.chat_id

        async def work() -> None:
            async with self._turn(posted):
                await self._handle(entrance, posted, update)

        if not self._workers.hand_over(entrance, update, work):
            self._end(posted.id)

    def _turn(self, posted: PostedUpdate) -> AbstractAsyncContextManager[None]:
        return self._alone if posted.tries else nullcontext()

    async def _handle(self, entrance: Entrance, posted: PostedUpdate, update: Update) -> None:
        reason = ""
        for had in range(posted.tries, MOST_TRIES):
            if reason:
                await self._stop.sleep(self._pauses[had - 1])
            if not await self._begin(posted, had):
                self._leave(posted.id)
                return
            crash_points.point("heard")
            try:
                await self._workers.handle(entrance, update)
            except Exception as error:
                self._workers.failed(posted.id)
                reason = f"{type(error).__name__}: {error}"
                self._begun.pop(posted.id)
            else:
                self._end(posted.id)
                return
        try:
            await self._set_aside(posted, reason)
            await self._workers.say_failed(entrance, update)
        finally:
            self._leave(posted.id)

    async def _begin(self, posted: PostedUpdate, had: int) -> bool:
        """Returns once it is stored that an update is begun; False where it is somebody else's."""
        while not self._may_begin():
            if self._stop.wanted:
                return False
            await self._stop.sleep(_SOON_SECONDS)
        slots, slot = self._mine(), slot_of_chat(posted.chat_id)
        if slots is not None and slot not in slots:
            self._let_go.add(slot)
        if slot in self._let_go:
            return False
        granted: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._beginning.append((UpdateTries(posted.id, had, had + 1), granted))
        self._bell.ring()
        return await granted

    def _leave(self, number: int) -> None:
        """Holds an update no longer. What was let go of a slot is not taken again before all is: a
        slot may come back meanwhile, and what is earlier would come after what is later.
        """
        chat_id = self._taken.pop(number, None)
        slot = None if chat_id is None else slot_of_chat(chat_id)
        if slot in self._let_go and slot not in self.busy():
            self._let_go.remove(slot)
            self._bell.ring()

    def _end(self, number: int) -> None:
        self._begun.pop(number, None)
        self._ended.append(number)
        self._bell.ring()

    async def _set_aside(self, posted: PostedUpdate, reason: str) -> None:
        log.warning("an update is passed over; it is kept", update=posted.id, reason=reason)
        kept = blotted(posted.body)
        await self._updates.set_aside(posted.id, kept, reason, self._now())
        self._count_set_aside()
