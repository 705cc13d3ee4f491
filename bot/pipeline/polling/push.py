"""Push: hubs are asked for subscriptions, verified against, and what they send is handed to Poll.

A hub's call names a subscription by its token. Whatever the caller got wrong, apart from a token
that nobody has, it is told the same: an attacker learns nothing from the answer.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

import structlog

from bot.feeds.fetching.fetch import Failed, Fetched
from bot.feeds.websub import LONGEST_CHALLENGE, is_signed, lease_of, request_of
from bot.loops import Now, Stop, together
from bot.metrics import Metrics
from bot.news.polling import push as rules
from bot.news.polling.push import Push, PushState, Wanted
from bot.news.text import urls
from bot.turns import on_behalf_of
from storage.aside import Queue
from storage.errors import is_down
from storage.polling.pushes import Pushes

log = structlog.get_logger(__name__)

_AT_A_TIME = 10
_LOOK_AGAIN_SECONDS = 15.0
_AGAIN_SECONDS = 3600.0


class PushOutcome(Enum):
    """What becomes of a hub's call."""

    TAKEN = auto()
    UNKNOWN = auto()
    TOO_MUCH = auto()


class Post(Protocol):
    """Sends a form; gives the status. See `bot.feeds.fetching.fetch`."""

    def __call__(self, url: str, form: Mapping[str, str]) -> Awaitable[int | Failed]: ...


@dataclass(kw_only=True)
class Subscriber:
    """Keeps subscriptions for feeds that name a hub. `base` is our public address, `secret` gives
    words that nobody can guess, `offer` hands a document of a feed to Poll, or, where another
    process polls it, `pass_on` has that poll it now.
    """

    pushes: Pushes
    post: Post
    base: str
    now: Now
    chance: Callable[[], float]
    secret: Callable[[], str]
    offer: Callable[[int, Fetched], bool]
    stop: Stop
    metrics: Metrics
    pass_on: Callable[[int], Awaitable[bool]] | None = None

    def __post_init__(self) -> None:
        self._wakeup = self.stop.wakeup()

    async def step(self) -> None:
        """Asks the hubs that are to be asked now, and waits a little."""
        for wanted in await self.pushes.wanted(_AT_A_TIME):
            await self._alone(self.pushes.put(self._new(wanted)), f"feed {wanted.feed_id}")
        asked = []
        for push in await self.pushes.due(self.now(), _AT_A_TIME):
            with on_behalf_of(push.brought_by):  # a hub that is slow keeps no other waiting
                asked.append(asyncio.create_task(self._asked_alone(push)))
        await together(*asked)
        await self._wakeup.wait(_LOOK_AGAIN_SECONDS)

    async def _asked_alone(self, push: Push) -> None:
        if not await self._alone(self._ask(push), f"feed {push.feed_id}"):
            await self.pushes.postpone(push.token, self.now() + _AGAIN_SECONDS)

    async def _alone(self, work: Awaitable[object], item: str) -> bool:
        """Does it, so that what it stumbles over stops no other; False if it did not end well."""
        try:
            await work
        except Exception as error:
            if is_down(error):
                raise
            log.exception("a hub cannot be asked; it is left for an hour", item=item)
            await self.pushes.set_aside(item, f"{type(error).__name__}: {error}", self.now())
            self.metrics.set_aside.labels(Queue.PUSHES).inc()
            return False
        return True

    def _new(self, wanted: Wanted) -> Push:
        return Push(
            token=self.secret(),
            feed_id=wanted.feed_id,
            base=self.base,
            hub=wanted.hub,
            topic=wanted.topic,
            secret=self.secret(),
            state=PushState.ASKED,
            next_at=self.now(),
        )

    async def _ask(self, due: Push) -> None:
        # The hub may have come back since, while others were being asked.
        push = await self.pushes.get(due.token)
        if push is None or push.next_at > self.now():
            return
        asked = rules.asking(push, self.now(), self.chance())
        if asked is None:
            await self.pushes.drop(push.token)
            return
        # Stored first: a hub may come back to verify before it has answered.
        await self.pushes.put(asked)
        answer = await self.post(push.hub, request_of(push))
        said = str(answer.reason) if isinstance(answer, Failed) else f"status {answer}"
        log.info(
            "a hub was asked",
            hub=urls.without_credentials(push.hub),
            mode=push.mode,
            answer=said,
        )

    async def verify(self, token: str, asked: Mapping[str, str]) -> str | None:
        """The answer to a hub's GET: the challenge where we asked for what it says, else None."""
        push = await self.pushes.get(token)
        mode, topic = asked.get("hub.mode", ""), asked.get("hub.topic", "")
        if push is None:
            return None
        if mode == "denied" and topic == push.topic and push.state is not PushState.LEAVING:
            await self.pushes.put(rules.denied(push, self.now()))
            return ""
        challenge = asked.get("hub.challenge", "")
        if not rules.is_expected(push, mode, topic) or not 0 < len(challenge) <= LONGEST_CHALLENGE:
            return None
        if mode == "unsubscribe":
            await self.pushes.drop(token)
            return challenge
        lease = lease_of(asked.get("hub.lease_seconds"))
        if (verified := rules.verified(push, lease, self.now())) != push:
            await self.pushes.put(verified)
        return challenge

    async def known(self, token: str) -> Push | None:
        """The subscription that a call means, if reading its body is worth it."""
        push = await self.pushes.get(token)
        return None if push is None or push.state is PushState.LEAVING else push

    def refused(self) -> PushOutcome:
        """What becomes of a call whose body is not read, as too many are being read."""
        self.metrics.pushes.labels("toomuch").inc()
        return PushOutcome.TOO_MUCH

    async def receive(
        self, token: str, body: bytes, signature: str | None, topic: str | None, kind: str | None
    ) -> PushOutcome:
        """Takes what a hub pushed. `topic` is what the call says it is about, where it says so."""
        push = await self.known(token)
        if push is None:
            return PushOutcome.UNKNOWN
        outcome = await self._judge(push, body, signature, topic, kind)
        self.metrics.pushes.labels(outcome).inc()
        return PushOutcome.TOO_MUCH if outcome == "toomuch" else PushOutcome.TAKEN

    async def _judge(
        self, push: Push, body: bytes, signature: str | None, topic: str | None, kind: str | None
    ) -> str:
        if not is_signed(body, signature, push.secret):
            return "badsignature"
        if push.lease_until is None or push.lease_until <= self.now():
            return "expired"
        if topic is not None and topic != push.topic:
            return "wrongtopic"
        if not await self.pushes.received(push, _digest(body), self.now()):
            return "repeated"
        if self.pass_on is not None and await self.pass_on(push.feed_id):
            return "passedon"
        document = Fetched(push.topic, body, kind, None, None, None, None)
        with on_behalf_of(push.brought_by):
            if self.offer(push.feed_id, document):
                return "taken"
        # The hub is asked to push this again, and then it must not count as a repetition.
        await self.pushes.forget(push, _digest(body))
        return "toomuch"


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).digest()
