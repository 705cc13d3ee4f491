"""What compares languages: answers come in time or later, and nothing waits for one that fails."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.across.neighbours import EncoderLostError, Neighbours
from bot.loops import Stop
from bot.metrics import Metrics
from bot.news.telling.elsewhere import Opening

NOW = 1_800_000_000.0


def opening(number: int, text: str) -> Opening:
    return Opening(number, NOW, text, ("en",))


class Bench:
    """Neighbours with a program that a text can break, and what is stored."""

    def __init__(self, deadline: float = 5.0) -> None:
        self.stored = [opening(1, "ferry resumes")]
        self.stop, self.metrics = Stop(), Metrics()
        self.across = Neighbours(
            known=self._known,
            now=lambda: NOW,
            wakeup=self.stop.wakeup(),
            metrics=self.metrics,
            window=3600.0,
            deadline=deadline,
            program="tests.across.stand_in",
        )

    async def _known(self) -> list[Opening]:
        return self.stored

    async def begin(self) -> None:
        """Starts the program, and has it learn what is stored."""
        for _ in range(2):
            await self.across.step()

    def counted(self, outcome: str) -> float:
        found = self.metrics.registry.get_sample_value("tocsin_across_total", {"outcome": outcome})
        return found or 0.0


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    made = Bench()
    yield made
    await made.across.end()


async def test_what_is_stored_is_learned_and_found_after_it(bench: Bench) -> None:
    await bench.begin()
    bench.across.ask(opening(2, "ferry fährt"))
    await bench.across.step()
    assert await bench.across.found(5) == {2: 1}
    assert await bench.across.found(0) == {}
    bench.across.learn(opening(3, "bridge closes"))
    await bench.across.step()
    bench.across.ask(opening(4, "bridge gesperrt"))
    bench.across.ask(opening(5, "tram"))
    for _ in range(2):
        await bench.across.step()
    assert await bench.across.found(0) == {4: 3}
    assert (bench.counted("found"), bench.counted("none")) == (2, 1)


async def test_nobody_waits_longer_than_they_say_and_the_answer_comes_next_time(
    bench: Bench,
) -> None:
    await bench.begin()
    bench.across.ask(opening(2, "ferry fährt"))
    assert await bench.across.found(0.01) == {}
    assert bench.counted("late") == 1
    await bench.across.step()
    assert await bench.across.found(0) == {2: 1}


@pytest.mark.parametrize("fault", ["breaks", "babbles", "hangs"])
@pytest.mark.slow
async def test_a_program_that_fails_is_ended_and_the_next_learns_anew(fault: str) -> None:
    bench = Bench(deadline=2.0)
    await bench.begin()
    first = bench.across._process
    bench.across.ask(opening(2, f"ferry {fault}"))
    waiting = asyncio.create_task(bench.across.found(60))
    with pytest.raises(EncoderLostError, match="did not answer"):
        await bench.across.step()
    assert await waiting == {}
    assert first is not None
    assert first.returncode is not None
    # While there is none, nothing is asked and nobody waits.
    bench.across.ask(opening(3, "ferry"))
    assert await bench.across.found(60) == {}
    assert bench.counted("unasked") == 1
    await bench.begin()
    bench.across.ask(opening(4, "ferry"))
    await bench.across.step()
    assert await bench.across.found(0) == {4: 1}
    await bench.across.end()


async def test_a_program_that_cannot_begin_is_said_in_one_line(bench: Bench) -> None:
    bench.across.program = "tests.across.no_such_program"
    with pytest.raises(EncoderLostError, match="did not begin"):
        await bench.across.step()
    bench.across.ask(opening(2, "ferry"))
    assert await bench.across.found(60) == {}


async def test_what_cannot_be_read_from_storage_leaves_no_process(bench: Bench) -> None:
    async def known() -> list[Opening]:
        raise OSError("the disk is gone")

    bench.across.known = known
    with pytest.raises(OSError, match="the disk is gone"):
        await bench.across.step()
    assert bench.across._process is None


async def test_only_so_many_are_asked_at_once_and_the_rest_is_learned(bench: Bench) -> None:
    await bench.across.step()
    for number in range(2, 152):
        bench.across.ask(opening(number, f"w{number}"))
    assert len(bench.across._asked) == 100
    assert bench.counted("unasked") == 50


async def test_whoever_is_cancelled_in_the_middle_leaves_no_process(bench: Bench) -> None:
    await bench.across.step()
    process = bench.across._process
    bench.across.ask(opening(2, "hangs"))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await bench.across.step()
    assert process is not None
    assert process.returncode is not None
