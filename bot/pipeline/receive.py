"""Receive: what Telegram posts is kept before it is answered, so that no crash loses it.

Many posts at one time become one transaction. What cannot be kept is refused: Telegram keeps it
for a day, and posts it again.
"""

import asyncio
import json
import re
from collections import deque
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

import structlog

from bot import crash_points
from bot.loops import Bell, Now, Outage, Stop
from bot.metrics import Metrics
from storage.errors import database_outage
from storage.updates import PostedUpdate, Updates

log = structlog.get_logger(__name__)

_AT_ONCE = 200
_MOST_ARRIVED = 1_000
_GATHER_SECONDS = 0.005
_MOST_NUMBER = 2**63 - 1
# What Telegram or the bot itself wrote.
_NO_WORDS = {"id", "type", "status", "language_code", "mime_type", "data", "chat_instance"}
_WORD = re.compile(r"(?:^|(?<=\s))/\w+|\w+")
_OF_A_CHAT = ("message", "edited_message", "channel_post", "my_chat_member")


class PostOutcome(Enum):
    """What becomes of a post."""

    TAKEN = auto()
    REPEATED = auto()
    UNREADABLE = auto()
    TOO_MUCH = auto()
    NOT_STORED = auto()


def read_post(body: bytes) -> PostedUpdate | None:
    """The update that a post holds: a JSON object (UTF-8) with a number. None for anything else."""
    try:
        text = body.decode()
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    number = _number_in(data, "update_id")
    if number is None or number <= 0:
        return None
    return PostedUpdate(number, chat_of(data), text)


def chat_of(update: dict[str, Any]) -> int:
    """The chat that an update is of, by its id; 0 where it is of none."""
    pressed = update.get("callback_query")
    under = pressed.get("message") if isinstance(pressed, dict) else None
    for part in (*(update.get(kind) for kind in _OF_A_CHAT), under):
        chat = part.get("chat") if isinstance(part, dict) else None
        if number := _number_in(chat, "id"):
            return number
    return 0


def blotted(body: str) -> str:
    """An update without what a person wrote or is called: letters and digits are crossed out, so
    that its form can still be looked into. Commands stay.
    """
    return json.dumps(_crossed_out(json.loads(body)), ensure_ascii=False)


def _crossed_out(part: Any) -> Any:
    match part:
        case dict():
            return {
                name: value if name in _NO_WORDS and isinstance(value, str) else _crossed_out(value)
                for name, value in part.items()
            }
        case list():
            return [_crossed_out(each) for each in part]
        case str():
            return _WORD.sub(lambda w: w[0] if w[0][0] == "/" else "x" * len(w[0]), part)
    return part


def _number_in(part: object, name: str) -> int | None:
    """What is called so in a JSON object, if it is a whole number that a database holds; True and
    False are none.
    """
    value = part.get(name) if isinstance(part, dict) else None
    return value if type(value) is int and abs(value) <= _MOST_NUMBER else None


@dataclass(kw_only=True)
class Receiver:
    """Keeps posts; rings `bell` when something is to be handled."""

    updates: Updates
    now: Now
    stop: Stop
    bell: Bell
    metrics: Metrics
    outage: Outage = field(default_factory=database_outage)
    _arrived: deque[tuple[PostedUpdate, asyncio.Future[PostOutcome]]] = field(default_factory=deque)
    _keeping: asyncio.Task[None] | None = None

    async def receive(self, body: bytes) -> PostOutcome:
        """Keeps what was posted, if it is new and there is room; returns once that is stored."""
        outcome = await self._received(body)
        self.metrics.posts.labels(outcome.name.lower()).inc()
        if outcome is PostOutcome.TAKEN:
            self.metrics.updates.inc()
        return outcome

    async def _received(self, body: bytes) -> PostOutcome:
        update = read_post(body)
        if update is None:
            return PostOutcome.UNREADABLE
        if len(self._arrived) >= _MOST_ARRIVED or self.stop.wanted:
            return PostOutcome.TOO_MUCH
        kept: asyncio.Future[PostOutcome] = asyncio.get_running_loop().create_future()
        self._arrived.append((update, kept))
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep_all())
        return await kept

    async def _keep_all(self) -> None:
        while self._arrived:
            await asyncio.sleep(_GATHER_SECONDS)
            batch = [self._arrived.popleft() for _ in range(min(_AT_ONCE, len(self._arrived)))]
            outcomes = await self._keep([update for update, _ in batch])
            for (_, kept), outcome in zip(batch, outcomes, strict=True):
                if not kept.done():  # who asked may have been given up
                    kept.set_result(outcome)

    async def _keep(self, batch: list[PostedUpdate]) -> list[PostOutcome]:
        """What becomes of each; never raises, since Telegram waits for an answer."""
        try:
            new = await self.updates.keep(batch, self.now())
        except Exception as error:
            if not self.outage.failed(error):
                log.exception("updates cannot be kept; Telegram will post them again")
            return [PostOutcome.NOT_STORED] * len(batch)
        crash_points.point("kept")
        if new is None:
            log.warning("too many updates wait; Telegram will post the next again")
            return [PostOutcome.TOO_MUCH] * len(batch)
        if new:
            self.bell.ring()
        return [PostOutcome.TAKEN if update.id in new else PostOutcome.REPEATED for update in batch]

    async def end(self) -> None:
        """Waits until what arrived is kept."""
        if self._keeping is not None:
            await self._keeping
