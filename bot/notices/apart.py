"""Work for many chats, so that one for whom it fails stops no other."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

from bot.loops import Now
from storage.aside import Aside, Queue
from storage.errors import is_down

log = structlog.get_logger(__name__)

_AGAIN_SECONDS = 3600.0
_MOST = 10_000


@dataclass
class Apart:
    """Tells chats one by one. A chat for whom that fails is left alone for an hour, on record."""

    aside: Aside
    now: Now
    _resting: dict[int, float] = field(default_factory=dict)

    async def tell(self, chat_id: int, work: Callable[[], Awaitable[object]]) -> None:
        """Does what is to be done for a chat, if it is not left alone. Raises only where the
        database is down.
        """
        now = self.now()
        if self._resting.get(chat_id, 0.0) > now:
            return
        try:
            await work()
        except Exception as error:
            if is_down(error):
                raise
            log.exception("a chat cannot be told; it is left alone for an hour", chat=chat_id)
            self._rest(chat_id, now)
            reason = f"{type(error).__name__}: {error}"
            await self.aside.put(Queue.NOTICES, f"chat {chat_id}", reason, now)

    def _rest(self, chat_id: int, now: float) -> None:
        self._resting = {chat: until for chat, until in self._resting.items() if until > now}
        if len(self._resting) < _MOST:
            self._resting[chat_id] = now + _AGAIN_SECONDS
