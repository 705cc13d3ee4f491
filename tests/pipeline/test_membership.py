"""What a process has beside others, when it may begin something, and the bells between them."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.cli import doctor
from bot.errors import TakenOver
from bot.loops import Stop
from bot.metrics import Metrics
from bot.news.members import SLOTS
from bot.pipeline.bells import Bells
from bot.pipeline.membership import Membership, Part
from bot.settings import Settings
from storage.errors import StorageError, database_outage
from storage.open import open_storage
from storage.storage import Storage
from tests import postgres
from tests.databases import empty_database, look

# A server of PostgreSQL begins first.
pytestmark = pytest.mark.slow


@pytest.fixture
def url(tmp_path: Path) -> str:
    return empty_database(tmp_path, "postgres")


@dataclass
class Process:
    """The place of one process, with clocks that a test sets."""

    storage: Storage
    stop: Stop = field(default_factory=Stop)
    mono: float = 100.0
    wall: float = 5_000.0
    over: list[Exception] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bells = Bells(self.storage.hold, self.stop)
        self.metrics = Metrics()
        self.database = database_outage()
        self.membership = Membership(
            hold=self.storage.hold,
            bells=self.bells,
            now=lambda: 1.0,
            stop=self.stop,
            on_taken_over=self.over.append,
            metrics=self.metrics,
            most=30.0,
            database=self.database,
            clocks=lambda: (self.mono, self.wall),
        )
        self.membership.on_rate = self.rates.append
        self.part = self.membership.part("send", SLOTS)

    async def share(self) -> None:
        """One round, without the rest."""
        self.bells.heard("members")
        await self.membership.share()

    async def renew(self) -> None:
        """One renewal, without the rest."""
        renewing = asyncio.create_task(self.membership.renew())
        async with asyncio.timeout(60):
            while not self.membership.is_good() and not self.over and not renewing.done():
                await asyncio.sleep(0.01)
        renewing.cancel()
        await asyncio.gather(renewing, return_exceptions=True)


@pytest.fixture
async def two(url: str) -> AsyncIterator[tuple[Process, Process]]:
    opened = [await open_storage(url, alone=True, now=1.0) for _ in range(2)]
    yield Process(opened[0]), Process(opened[1])
    for each in opened:
        await each.close()


async def test_a_newcomer_gets_its_part_once_nothing_is_under_way_there(
    two: tuple[Process, Process],
) -> None:
    first, second = two
    await first.share()
    assert (len(first.part.slots or ()), first.rates) == (64, [30.0])
    first.part.busy = lambda: range(64)
    for _ in range(3):
        await second.share()
        await first.share()
    # What is to be left begins nothing any more, and is not left while something is under way.
    assert (len(first.part.slots or ()), len(first.part.leaving)) == (32, 32)
    assert second.part.slots == frozenset()
    first.part.busy = tuple
    for _ in range(2):
        await first.share()
        await second.share()
    assert (first.part.slots or set()) | (second.part.slots or set()) == set(range(64))
    assert (first.rates[-1], second.rates[-1]) == (15.0, 15.0)


async def test_metrics_say_how_many_there_are_and_what_each_has(
    two: tuple[Process, Process],
) -> None:
    first, second = two
    first.membership.part("desk")
    await first.share()
    assert _gauges(first) == {"tocsin_members": 2, "desk": 1, "send": 64}
    for _ in range(3):
        await second.share()
        await first.share()
    await second.share()
    assert _gauges(first) == {"tocsin_members": 2, "desk": 1, "send": 32}
    assert _gauges(second) == {"tocsin_members": 2, "send": 32}
    await second.storage.close()
    await first.share()
    assert _gauges(first) == {"tocsin_members": 1, "desk": 1, "send": 64}


def _gauges(process: Process) -> dict[str, float]:
    """What is to be read there, by role where it has one."""
    return {
        sample.labels.get("role", sample.name): sample.value
        for metric in process.metrics.registry.collect()
        for sample in metric.samples
        if sample.name in ("tocsin_members", "tocsin_slots")
    }


async def test_doctor_names_each_process_and_what_it_has(
    url: str, two: tuple[Process, Process]
) -> None:
    first, _ = two
    first.membership.part("desk")
    await first.share()
    settings = Settings(database_url=url)
    before = look(url, "SELECT id, until FROM members")
    findings, _, runs = await doctor._database(settings)
    assert runs
    had, none = [each for each in findings if each.check.startswith("process ")]
    assert had.ok
    assert (had.detail.rpartition(": ")[2], none.detail.rpartition(": ")[2]) == (
        "desk, send 64", "nothing yet",
    )  # fmt: skip
    assert had.detail.startswith("tocsin, process ")
    # It only looks.
    assert look(url, "SELECT id, until FROM members") == before


async def test_a_slot_is_begun_with_once_it_was_made_ready(two: tuple[Process, Process]) -> None:
    first, _ = two
    tries: list[frozenset[int]] = []

    async def gain(slots: frozenset[int]) -> None:
        tries.append(slots)
        if len(tries) == 1:
            raise OSError

    first.part.gain = gain
    with pytest.raises(OSError, match=r"^$"):
        await first.share()
    assert not first.part.held
    await first.share()
    assert tries == [frozenset(range(64))] * 2
    assert first.part.slots == frozenset(range(64))


async def test_a_role_that_cannot_be_made_ready_leaves_nothing_half_done_elsewhere(
    two: tuple[Process, Process],
) -> None:
    first, _ = two
    desk = first.membership.part("desk")
    under_way: list[int] = []
    may_end = asyncio.Event()

    async def gain(slots: frozenset[int]) -> None:
        under_way.append(1)
        assert under_way == [1], "the same slots are made ready twice at one time"
        asyncio.get_running_loop().call_later(0.01, may_end.set)
        await may_end.wait()
        under_way.clear()

    async def fails(slots: frozenset[int]) -> None:
        raise OSError

    first.part.gain, desk.gain = gain, fails
    with pytest.raises(OSError, match=r"^$"):
        await first.share()
    # The other role has what it gained, and goes on with it.
    assert (desk.held, under_way, first.part.slots) == (False, [], frozenset(range(64)))


@pytest.mark.parametrize("clock", ["mono", "wall"])
async def test_one_that_stood_still_by_either_clock_begins_nothing_until_it_has_renewed(
    two: tuple[Process, Process], clock: str
) -> None:
    first, _ = two
    assert not first.membership.is_good()
    await first.renew()
    assert first.membership.is_good()
    setattr(first, clock, getattr(first, clock) + 5.4)
    assert first.membership.is_good()
    setattr(first, clock, getattr(first, clock) + 0.2)
    assert not first.membership.is_good()
    await first.renew()
    assert first.membership.is_good()


async def test_a_server_that_is_away_is_said_once_whoever_asks_it(
    two: tuple[Process, Process],
) -> None:
    first, _ = two
    await first.renew()
    folder = postgres.server()
    postgres.end(folder)
    try:
        with capture_logs() as lines:
            for _ in range(3):
                await first.membership.renew()
            with pytest.raises(StorageError) as raised:
                await first.storage.feeds.all()
            assert first.database.failed(raised.value, loop="poll")
    finally:
        postgres.begin(folder)
    said = [line for line in lines if line["log_level"] != "debug"]
    assert [(line["event"], line["loop"]) for line in said] == [
        ("the database fails; what needs it is tried again and again", "lease")
    ]
    await first.renew()
    assert first.membership.is_good()


async def test_one_that_was_taken_for_dead_is_told_so(
    url: str, two: tuple[Process, Process]
) -> None:
    first, _ = two
    await first.share()
    look(url, "DELETE FROM members WHERE id = (SELECT min(id) FROM members)")
    await first.renew()
    await first.share()
    assert [type(error) for error in first.over] == [TakenOver, TakenOver]
    assert not first.membership.is_good()


async def test_bells_that_are_rung_together_are_carried_together(
    two: tuple[Process, Process],
) -> None:
    first, second = two
    for each in two:
        await each.bells.begin()
        await each.share()
    await first.share()
    here, there = first.bells.wakeup("desk"), second.bells.wakeup("desk")
    other = second.bells.wakeup("outbox")
    for _ in range(50):
        first.bells.rope("desk").ring()
    assert here.rung
    await first.bells.step()
    assert await there.wait(10)
    assert not other.rung


def test_what_was_to_be_left_is_kept_where_others_went() -> None:
    part = Part(count=SLOTS, slots=frozenset(range(40)), leaving=frozenset(range(40, 64)))
    asyncio.run(part.follow(frozenset(range(64)), 0))
    assert (part.slots, part.leaving) == (frozenset(range(64)), frozenset())
