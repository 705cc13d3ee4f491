"""Clocks, wake-ups, loops that survive an unexpected error without spinning, and how it is said
that something is away for a while.

Time, chance and sleep are arguments everywhere else; here is what is handed in.
"""

import asyncio
import contextlib
import logging
import math
import random
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import structlog

log = structlog.get_logger(__name__)

Result = TypeVar("Result")

Now = Callable[[], float]
"""Gives the wall clock: seconds since the epoch."""

_BACKOFF_FIRST = 1.0
_BACKOFF_MOST = 60.0
_LAST_SLEEP_SECONDS = 0.05
_SAID_AGAIN_SECONDS = 3600.0
# More than the longest pause of a loop: what one of them could do a moment ago says nothing of what
# another one waits to try again.
_OVER_AFTER_SECONDS = 90.0


class Bell(Protocol):
    """Something that may be rung for another stage, here or in another process."""

    def ring(self) -> None:
        """Says that there is work; safe to call any number of times."""


class Wakeup:
    """A bell between two stages: `ring` ends the other's `wait` early, and is never lost."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    @property
    def rung(self) -> bool:
        """True until the ring has ended a wait."""
        return self._event.is_set()

    def ring(self) -> None:
        """Says that there is work; safe to call any number of times."""
        self._event.set()

    async def wait(self, seconds: float) -> bool:
        """Waits until rung, at most `seconds`; tells whether it was rung."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0)):
                await self._event.wait()
        rung = self._event.is_set()
        self._event.clear()
        return rung


@dataclass
class Stop:
    """The wish to end, shared by all loops; every wait of a loop ends when it is made."""

    wakeups: list[Wakeup] = field(default_factory=list)
    _event: asyncio.Event = field(default_factory=asyncio.Event)
    _wanted_at: float = 0.0
    _inner: list["Stop"] = field(default_factory=list)

    @property
    def wanted(self) -> bool:
        """True once the process should end."""
        return self._event.is_set()

    @property
    def wanted_for(self) -> float:
        """How many seconds ago that was asked for; 0 where it was not."""
        return time.monotonic() - self._wanted_at if self.wanted else 0.0

    def request(self) -> None:
        """Asks all loops to end after what they are doing."""
        if not self.wanted:
            self._wanted_at = time.monotonic()
        self._event.set()
        for inner in self._inner:
            inner.request()
        self.hurry()

    def inner(self) -> "Stop":
        """A wish of its own to end something that may begin anew: this one includes it, and its
        bells are rung with ours. The caller says `leave` in the end.
        """
        inner = Stop()
        # The same bells, so that who puts the clock forward reaches them.
        inner.wakeups = self.wakeups
        self._inner.append(inner)
        if self.wanted:
            inner.request()
        return inner

    def leave(self, inner: "Stop") -> None:
        """What that was to end has ended."""
        self._inner.remove(inner)
        self.wakeups.clear()

    def hurry(self) -> None:
        """Lets every loop that rests look at the clock now: it was put forward."""
        for wakeup in self.wakeups:
            wakeup.ring()

    def wakeup(self) -> Wakeup:
        """A bell that a stop rings too."""
        bell = Wakeup()
        self.wakeups.append(bell)
        return bell

    async def wait(self) -> None:
        """Returns when a stop is wanted."""
        await self._event.wait()

    async def unless_wanted(self, work: Coroutine[Any, Any, Result]) -> Result | None:
        """Awaits `work`; if a stop is wanted meanwhile, gives it up and returns None."""
        task = asyncio.create_task(work)
        stopped = asyncio.create_task(self._event.wait())
        try:
            await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() else None
        finally:
            for each in (task, stopped):
                each.cancel()
            await asyncio.gather(task, stopped, return_exceptions=True)

    async def sleep(self, seconds: float) -> None:
        """Sleeps, but not beyond a stop. Once that is wanted, a moment: whoever waits for something
        that will not come any more must not keep the others from ending.
        """
        if self.wanted:
            await asyncio.sleep(min(max(seconds, 0), _LAST_SLEEP_SECONDS))
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(max(seconds, 0)):
                await self._event.wait()


async def together(*work: Awaitable[Result]) -> list[Result]:
    """What each returns, in their order. Where one fails the others are given up and waited for,
    before what it raised is raised: nothing goes on behind the back of the caller.
    """
    tasks = [asyncio.ensure_future(each) for each in work]
    try:
        return await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def each_to_its_end(*work: Awaitable[None]) -> None:
    """Does all, though some fail; raises then what the first of these raised."""
    ended = await asyncio.gather(*work, return_exceptions=True)
    for outcome in ended:
        if isinstance(outcome, BaseException):
            raise outcome


class Outage:
    """Something that many need and that is away for a while, as a full disk or a network: it is
    said when it begins, once an hour while it lasts, and when it is over, however often and by
    whomever it is tried. It is over once nothing has failed for a while, so that something that
    works now and then is not said to come and go.

    `kind` names what is wrong by an error, of which each is said; None where that is something
    else. There are a few of them. `clock` counts seconds from anywhere on.
    """

    def __init__(
        self,
        began: str,
        over: str,
        *,
        kind: Callable[[object], str | None] = lambda error: "",
        level: int = logging.WARNING,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._began = began
        self._over = over
        self._kind = kind
        self._level = level
        self._clock = clock
        self._said: dict[str, float] = {}
        self._began_at: float | None = None
        self._failed_at = 0.0
        self._last = ""

    @property
    def lasting(self) -> str | None:
        """What failed last, while it lasts; None where nothing is away."""
        return None if self._began_at is None else self._last

    def failed(self, error: object, **facts: object) -> bool:
        """Says, unless it was said lately, that something failed by this error, in one line. False
        where the error is of another kind, of which nothing is said.
        """
        kind = self._kind(error)
        if kind is None:
            return False
        now = self._failed_at = self._clock()
        self._last = str(error)
        if self._began_at is None:
            self._began_at = now
        # Where it happened helps whoever mends the program, and nobody else.
        trace = error if isinstance(error, BaseException) else None
        log.debug(self._began, error=str(error), **facts, exc_info=trace)
        if now - self._said.get(kind, -math.inf) >= _SAID_AGAIN_SECONDS:
            self._said[kind] = now
            log.log(self._level, self._began, error=str(error), **facts)
        return True

    def worked(self) -> None:
        """Something worked that may need it; says that it is over, where it is."""
        if self._began_at is None or self._clock() - self._failed_at < _OVER_AFTER_SECONDS:
            return
        log.warning(self._over, seconds=round(self._failed_at - self._began_at))
        self._began_at = None
        self._said.clear()


async def keep_running(
    name: str,
    step: Callable[[], Awaitable[None]],
    stop: Stop,
    on_error: Callable[[], None] = lambda: None,
    outage: Outage | None = None,
) -> None:
    """Calls `step` again and again until a stop is wanted.

    A step does a piece of work and waits for the next by itself. An unexpected error is logged,
    unless `outage` knows it, and waited after, twice as long each time in a row, so that a fault
    that stays costs little.
    """
    pause = _BACKOFF_FIRST
    while not stop.wanted:
        try:
            await step()
            pause = _BACKOFF_FIRST
            if outage:
                outage.worked()
        except Exception as error:
            on_error()
            if not (outage and outage.failed(error, loop=name)):
                log.exception("loop failed; it will go on", loop=name, seconds=pause)
            await stop.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311  (not a secret)
            pause = min(pause * 2, _BACKOFF_MOST)


def wall_clock() -> float:
    """The real time, seconds since the epoch."""
    return time.time()


def run_until_interrupted(work: Callable[[], Awaitable[Result]]) -> Result:
    """As `asyncio.run`; a Ctrl-C ends it at once, by KeyboardInterrupt.

    asyncio's own handler can be slept through: it wakes the loop only if the signal comes while
    the loop waits already, and one that comes a moment before stays unseen until a timer is due.
    """
    return asyncio.run(_interruptible(work))


async def _interruptible(work: Callable[[], Awaitable[Result]]) -> Result:
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    interrupted = []

    def interrupt() -> None:
        interrupted.append(True)
        if task:
            task.cancel()

    with contextlib.suppress(NotImplementedError):  # on Windows, where the loop has no handlers
        loop.add_signal_handler(signal.SIGINT, interrupt)
    try:
        return await work()
    except asyncio.CancelledError:
        if interrupted:
            raise KeyboardInterrupt from None
        raise
