"""Asking a process of its own which earlier story is the same news in another language.

Nobody waits for it longer than they say: an answer that is late is there when asked for next. What
the process cannot take in is forgotten, and a process that hangs or breaks is ended; the loop that
calls `step` waits, as after every error, and the next one learns the newest openings anew.
"""

import asyncio
import json
import struct
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import asdict

from bot import children
from bot.loops import Now, Wakeup
from bot.metrics import Metrics
from bot.news.telling.elsewhere import MOST_OPENINGS, Opening

_MEMORY = 1024 * 1024 * 1024
_STARTING_SECONDS = 30.0
_MOST_ASKED = 100
_LOOK_AGAIN_SECONDS = 60.0
_SIZE = struct.Struct(">I")
# One thread: others work on this machine, and the encoder's process may begin none.
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}


class EncoderLostError(Exception):
    """The process that compares languages could not answer, and was ended."""


@dataclass(kw_only=True)
class Neighbours:
    """Openings, and what each is near to. `known` gives the newest ones that are stored, the
    newest first; `window` is how many seconds back news is the same news, and `deadline` how many
    one opening may take. `program` is the module that answers.
    """

    known: Callable[[], Awaitable[Sequence[Opening]]]
    now: Now
    wakeup: Wakeup
    metrics: Metrics
    window: float
    deadline: float = 5.0
    program: str = "bot.across.child"
    _process: asyncio.subprocess.Process | None = None
    _asked: deque[Opening] = field(default_factory=lambda: deque(maxlen=_MOST_ASKED))
    _to_learn: deque[Opening] = field(default_factory=lambda: deque(maxlen=MOST_OPENINGS))
    _found: dict[int, int] = field(default_factory=dict)
    _answered: asyncio.Event = field(default_factory=asyncio.Event)

    def learn(self, opening: Opening) -> None:
        """Has an opening known to those that come later."""
        if self._process is not None:  # the next process learns what is stored
            self._to_learn.appendleft(opening)
            self.wakeup.ring()

    def ask(self, opening: Opening) -> None:
        """The same, and looks for an earlier one, before all that is only to be learned."""
        if self._process is None:
            self.metrics.across.labels("unasked").inc()
        elif len(self._asked) == _MOST_ASKED:
            self.metrics.across.labels("unasked").inc()
            self.learn(opening)
        else:
            self._asked.append(opening)
            self._answered.clear()
            self.wakeup.ring()

    async def found(self, seconds: float) -> dict[int, int]:
        """What was found since this was called last: the earlier opening's id by that of the one
        which was asked for. Waits until all are answered, for so many seconds at most.
        """
        if self._asked:
            try:
                async with asyncio.timeout(seconds):
                    await self._answered.wait()
            except TimeoutError:
                self.metrics.across.labels("late").inc(len(self._asked))
        found, self._found = self._found, {}
        return found

    async def step(self) -> None:
        """Has the process take in one opening, or waits for some. Raises EncoderLostError."""
        if self._process is None:
            self._process = await self._started()
            # Those stored from now on are learned too: it is there already.
            self._to_learn.extend(await self._stored())
        elif self._asked:
            opening = self._asked[0]
            near = await self._exchange(opening, self.now() - self.window)
            self.metrics.across.labels("none" if near is None else "found").inc()
            if near is not None:
                self._found[opening.id] = near
            self._asked.popleft()
            if not self._asked:
                self._answered.set()
        elif self._to_learn:
            await self._exchange(self._to_learn.popleft(), None)
        else:
            await self.wakeup.wait(_LOOK_AGAIN_SECONDS)

    async def _stored(self) -> Sequence[Opening]:
        try:
            return await self.known()
        except BaseException:
            await self.end()
            raise

    async def end(self) -> None:
        """Ends the process, and whoever waits for it."""
        process, self._process = self._process, None
        self._asked.clear()
        self._to_learn.clear()
        self._answered.set()
        if process is not None:
            await children.end(process)

    async def _started(self) -> asyncio.subprocess.Process:
        try:
            process = await children.start(self.program, str(_MEMORY), more=_ONE_THREAD)
        except OSError as error:
            raise EncoderLostError(
                "the process that compares languages cannot be started"
            ) from error
        assert process.stdout is not None
        try:
            async with asyncio.timeout(_STARTING_SECONDS):
                await process.stdout.readexactly(1)
        except BaseException as error:
            await children.end(process)
            if isinstance(error, TimeoutError | EOFError | OSError):
                raise EncoderLostError("what compares languages did not begin") from error
            raise
        return process

    async def _exchange(self, opening: Opening, since: float | None) -> int | None:
        assert self._process is not None
        try:
            async with asyncio.timeout(self.deadline):
                answer = await _exchange(self._process, asdict(opening) | {"since": since})
            near = answer["near"]
            return None if near is None else int(near)
        except (TimeoutError, OSError, EOFError, ValueError, TypeError, KeyError) as error:
            await self.end()
            raise EncoderLostError("what compares languages did not answer") from error
        except BaseException:  # cancelled: it is in the middle of an opening
            await self.end()
            raise


async def _exchange(
    process: asyncio.subprocess.Process, request: Mapping[str, Any]
) -> Mapping[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    body = json.dumps(request).encode()
    process.stdin.write(_SIZE.pack(len(body)) + body)
    await process.stdin.drain()
    (size,) = _SIZE.unpack(await process.stdout.readexactly(_SIZE.size))
    answer = json.loads(await process.stdout.readexactly(size))
    if not isinstance(answer, dict):
        raise TypeError("the process answers with an object")
    return answer
