"""Loops that survive, stop when they are told, and miss no bell."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest
import structlog

from bot.loops import Outage, Stop, Wakeup, each_to_its_end, keep_running, together

LONG = 30.0


async def soon(work: Awaitable[object]) -> float:
    """Awaits something that must end at once; returns the seconds it took."""
    began = time.monotonic()
    async with asyncio.timeout(60):
        await work
    return time.monotonic() - began


async def test_a_bell_rung_before_the_wait_is_not_lost() -> None:
    bell = Wakeup()
    bell.ring()
    bell.ring()
    assert await bell.wait(LONG)
    assert not await bell.wait(0)


async def test_a_bell_rung_during_the_wait_ends_it() -> None:
    bell = Wakeup()
    asyncio.get_running_loop().call_soon(bell.ring)
    assert await bell.wait(LONG)


@pytest.mark.parametrize("seconds", [0.0, -1.0, 0.001])
async def test_a_wait_without_a_bell_ends_by_itself(seconds: float) -> None:
    assert not await Wakeup().wait(seconds)


async def test_a_stop_ends_every_wait() -> None:
    stop = Stop()
    waits = [
        stop.wait(),
        stop.sleep(LONG),
        stop.wakeup().wait(LONG),
        stop.wakeup().wait(LONG),
        stop.unless_wanted(asyncio.sleep(LONG)),
    ]
    asyncio.get_running_loop().call_later(0.01, stop.request)
    assert await soon(asyncio.gather(*waits)) < 2
    assert stop.wanted


async def test_after_a_stop_nothing_waits_any_more() -> None:
    stop = Stop()
    bell = stop.wakeup()
    stop.request()
    assert await soon(asyncio.gather(stop.wait(), stop.sleep(LONG), bell.wait(LONG))) < 2


async def test_after_a_stop_who_waits_in_vain_keeps_no_other_from_working() -> None:
    stop, worked = Stop(), []

    async def waits_in_vain() -> None:
        while True:
            await stop.sleep(10)

    async def works() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        worked.append(True)

    stop.request()
    waiting = asyncio.create_task(waits_in_vain())
    async with asyncio.timeout(60):
        await works()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert worked


async def test_work_that_ends_before_the_stop_gives_its_result() -> None:
    async def answer() -> int:
        return 42

    assert await Stop().unless_wanted(answer()) == 42


async def test_work_that_fails_before_the_stop_raises() -> None:
    async def fail() -> None:
        raise LookupError("no such thing")

    with pytest.raises(LookupError):
        await Stop().unless_wanted(fail())


async def test_work_given_up_for_a_stop_is_cancelled_and_ended() -> None:
    ended: list[str] = []

    async def work() -> str:
        try:
            await asyncio.sleep(LONG)
        finally:
            ended.append("ended")
        return "done"

    stop = Stop()
    asyncio.get_running_loop().call_later(0.01, stop.request)
    assert await stop.unless_wanted(work()) is None
    assert ended == ["ended"]


async def test_a_caller_that_is_cancelled_takes_its_work_along() -> None:
    ended: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(LONG)
        finally:
            ended.append("ended")

    caller = asyncio.create_task(Stop().unless_wanted(work()))
    await asyncio.sleep(0.01)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert ended == ["ended"]


class Recorded(Stop):
    """A stop whose sleeps take no time and are written down; it ends after so many."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.slept: list[float] = []
        self.most = most

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        if len(self.slept) >= self.most:
            self.request()


def failing(times: int, then: Callable[[], None]) -> Callable[[], Awaitable[None]]:
    left = times

    async def step() -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            raise RuntimeError("unexpected")
        then()

    return step


async def test_a_loop_survives_errors_and_waits_longer_after_each() -> None:
    stop, counted = Recorded(most=10), []
    await keep_running("test", failing(99, lambda: None), stop, lambda: counted.append(1))
    assert len(counted) == 10
    for i, seconds in enumerate(stop.slept):
        assert 0.8 * min(2**i, 60) <= seconds <= 1.2 * min(2**i, 60)


async def test_a_step_that_works_again_is_waited_for_no_longer() -> None:
    stop = Recorded(most=99)
    worked: list[int] = []

    def then() -> None:
        worked.append(1)
        if len(worked) == 5:
            stop.request()

    await keep_running("test", failing(3, then), stop)
    assert len(stop.slept) == 3
    assert len(worked) == 5


async def test_the_pause_begins_anew_after_a_success() -> None:
    stop, outcomes = Recorded(most=3), iter([False, False, True, False])

    async def step() -> None:
        if not next(outcomes):
            raise RuntimeError("unexpected")

    await keep_running("test", step, stop)
    assert stop.slept[1] > 1.2
    assert stop.slept[2] <= 1.2


async def test_an_error_is_logged_with_the_loop_it_ended() -> None:
    with structlog.testing.capture_logs() as lines:
        await keep_running("kitchen", failing(1, lambda: None), Recorded(most=1))
    assert [(line["log_level"], line["loop"]) for line in lines] == [("error", "kitchen")]


class Quay:
    """Something that is away, by a clock of its own, and what is said of it."""

    def __init__(self) -> None:
        self.now = 5_000.0
        self.outage = Outage("away", "back", kind=self._kind, clock=lambda: self.now)

    @staticmethod
    def _kind(error: object) -> str | None:
        return str(error) if isinstance(error, OSError) else None

    def after(self, seconds: float, error: Exception | None = None) -> list[str]:
        """What is said when something fails or works so much later, in lines without a trace."""
        self.now += seconds
        with structlog.testing.capture_logs() as lines:
            if error:
                self.outage.failed(error, loop="quay")
            else:
                self.outage.worked()
        said = [line for line in lines if line["log_level"] != "debug"]
        assert all("exc_info" not in line for line in said)
        return [line["event"] for line in said]


def test_what_is_away_is_said_at_first_and_once_an_hour() -> None:
    quay, gone = Quay(), OSError("gone")
    said = [quay.after(10, gone) for _ in range(3 * 360)]
    assert [n for n, lines in enumerate(said) if lines] == [0, 360, 720]


def test_it_is_over_once_nothing_has_failed_for_longer_than_a_loop_waits() -> None:
    quay, gone = Quay(), OSError("gone")
    assert quay.after(0) == []
    assert quay.after(0, gone) == ["away"]
    for _ in range(20):  # one loop works meanwhile, another one fails now and then
        assert [quay.after(36), quay.after(36), quay.after(0, gone)] == [[], [], []]
    assert [quay.after(s) for s in (60, 29, 1, 1)] == [[], [], ["back"], []]
    assert quay.after(0, gone) == ["away"]


def test_what_is_away_is_known_while_it_lasts() -> None:
    quay = Quay()
    seen = [quay.outage.lasting]
    for seconds, error in ((0, OSError("full")), (1, OSError("slow")), (89, None), (1, None)):
        quay.after(seconds, error)
        seen.append(quay.outage.lasting)
    assert seen == [None, "full", "slow", "slow", None]


def test_another_trouble_is_said_too_and_what_is_none_is_not() -> None:
    quay = Quay()
    assert quay.after(0, OSError("full")) == ["away"]
    assert [quay.after(1, OSError(what)) for what in ("slow", "full", "slow")] == [["away"], [], []]
    assert quay.after(1, RuntimeError("a fault of ours")) == []
    assert not quay.outage.failed(RuntimeError("a fault of ours"))


async def test_a_loop_says_an_outage_in_one_line_and_a_fault_with_its_trace() -> None:
    errors = iter([OSError("full"), OSError("full"), RuntimeError("unexpected")])

    async def step() -> None:
        raise next(errors)

    with structlog.testing.capture_logs() as lines:
        await keep_running("kitchen", step, Recorded(most=3), outage=Quay().outage)
    said = [line for line in lines if line["log_level"] != "debug"]
    assert [(line["event"], "exc_info" in line) for line in said] == [
        ("away", False),
        ("loop failed; it will go on", True),
    ]
    assert said[0]["loop"] == "kitchen"
    assert said[0]["error"] == "full"


async def test_a_loop_that_is_cancelled_ends() -> None:
    async def step() -> None:
        await asyncio.sleep(LONG)

    task = asyncio.create_task(keep_running("test", step, Stop()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_no_step_is_begun_once_a_stop_is_wanted() -> None:
    stop = Stop()
    stop.request()
    await keep_running("test", failing(0, lambda: pytest.fail("a step was begun")), stop)


async def test_of_what_is_done_together_nothing_goes_on_when_one_fails() -> None:
    ended: list[str] = []

    async def long() -> str:
        try:
            await asyncio.sleep(LONG)
        finally:
            await asyncio.sleep(0)
            ended.append("given up")
        return "done"

    async def fails() -> str:
        await asyncio.sleep(0)
        raise OSError("torn")

    with pytest.raises(OSError, match="torn"):
        await together(long(), fails(), long())
    assert ended == ["given up"] * 2
    assert await together(asyncio.sleep(0, 1), asyncio.sleep(0, 2)) == [1, 2]


async def test_each_comes_to_its_end_though_one_fails() -> None:
    ended: list[str] = []

    async def slow() -> None:
        await asyncio.sleep(0.01)
        ended.append("slow")

    async def fails() -> None:
        raise OSError("torn")

    with pytest.raises(OSError, match="torn"):
        await each_to_its_end(fails(), slow())
    assert ended == ["slow"]
