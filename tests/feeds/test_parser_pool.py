"""Parsing in worker processes: the answers are the same, and nothing can stop it for long."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from bot.feeds.reading.parse import parse_document
from bot.feeds.reading.worker import ParserPool
from bot.news.why import NotAFeed
from bot.turns import on_behalf_of

pytestmark = pytest.mark.slow

BODY = (Path(__file__).parent / "fixtures" / "rss20.xml").read_bytes()
# Many tags, each with fewer attributes than are refused at sight, nested without end: the
# attribute flood of hostile 66 in the form that only the deadline stops.
SLOW = (
    b"<rss><channel><item>"
    + (b"<a " + b" ".join(b"b%d='1'" % n for n in range(250)) + b">") * 900
    + b"</item></channel></rss>"
)


def pids(pool: ParserPool) -> list[int]:
    return [worker.pid for worker in pool._all]


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def test_a_worker_reads_what_the_parser_reads() -> None:
    async with ParserPool() as pool:
        found = await pool.parse(BODY, content_type="text/xml", url="https://harbour.example/")
        assert found == parse_document(
            BODY, content_type="text/xml", url="https://harbour.example/"
        )
        with pytest.raises(NotAFeed, match="web page"):
            await pool.parse(b"<html><body>no</body></html>")


async def until_gone(pid: int) -> None:
    while is_running(pid):
        await asyncio.sleep(0.01)


async def test_a_worker_that_waits_long_ends_but_for_the_last() -> None:
    async with ParserPool(size=2, patience=0.0) as pool:
        await pool.parse(BODY)
        (first,) = pids(pool)
        os.kill(first, signal.SIGSTOP)  # it is busy until the second has started
        busy = asyncio.create_task(pool.parse(BODY))
        while pool._idle:
            await asyncio.sleep(0)
        await pool.parse(BODY)
        os.kill(first, signal.SIGCONT)
        await busy
        started = pids(pool)
        assert len(started) == 2
        pool._idle_seconds = 0.0
        await asyncio.gather(pool.parse(BODY), pool.parse(BODY))
        while len(pids(pool)) > 1:
            await asyncio.sleep(0.01)
        (left,) = pids(pool)
        started.remove(left)
        await until_gone(started[0])
        assert (await pool.parse(BODY)).title == "Harbour Post"
        assert pids(pool) == [left]


async def test_while_one_process_starts_no_other_does() -> None:
    """A start takes seconds on a busy machine, and twice that where two start."""
    async with ParserPool(size=2, patience=0.0) as pool:
        asked = [asyncio.create_task(pool.parse(BODY)) for _ in range(2)]
        most = 0
        while not all(each.done() for each in asked):
            most = max(most, pool._starting)
            await asyncio.sleep(0)
        assert most == 1
        assert {each.result().title for each in asked} == {"Harbour Post"}


async def test_who_gives_up_leaves_the_process_to_the_next() -> None:
    async with ParserPool(size=2, patience=30.0) as pool:
        await pool.parse(BODY)
        asked = [asyncio.create_task(pool.parse(BODY)) for _ in range(9)]
        while not pool._waiting:
            await asyncio.sleep(0)
        for each in asked[1::2]:
            each.cancel()
        ended = await asyncio.gather(*asked, return_exceptions=True)
        assert sum(isinstance(each, asyncio.CancelledError) for each in ended) == 4
        assert (await pool.parse(BODY)).title == "Harbour Post"
        assert len(pids(pool)) == 1


async def test_the_readers_process_loads_no_more_than_it_needs() -> None:
    program = "import sys, bot.feeds.reading.child; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    heavy = {b"asyncio", b"ssl", b"structlog", b"telegram", b"bot.data", b"bot.news.stories"}
    heavy |= {b"selectolax", b"logging", b"_hashlib"}
    heavy |= {b"feedparser", b"bot.feeds.reading.article", b"bot.feeds.discover", b"bot.news.feed"}
    assert heavy & set(loaded.stdout.split()) == set()


@pytest.mark.hostile(66, 67, 68)
async def test_a_document_that_takes_too_long_is_given_up_and_the_next_one_is_read() -> None:
    async with ParserPool(size=1, deadline=0.5) as pool:
        await pool.parse(BODY)
        (first,) = pids(pool)
        began = time.monotonic()
        with pytest.raises(NotAFeed, match="takes too long to read"):
            await pool.parse(SLOW)
        assert time.monotonic() - began < 3
        assert not is_running(first)
        assert (await pool.parse(BODY)).title == "Harbour Post"


async def test_documents_of_chats_leave_one_worker_to_ours_and_come_in_turn() -> None:
    read: list[str] = []

    async def reads(name: str, body: bytes = BODY) -> None:
        with suppress(NotAFeed):
            await pool.parse(body)
        read.append(name)

    # Without patience two processes run before the slow document comes, however long a start takes.
    async with ParserPool(size=2, deadline=1.5, patience=0.0) as pool:
        await asyncio.gather(reads("warm"), pool.parse(BODY))
        tasks = []
        for who, name, body in (
            (7, "slow", SLOW), (7, "a1", BODY), (7, "a2", BODY), (8, "b", BODY),
            (None, "ours", BODY),
        ):  # fmt: skip
            with on_behalf_of(who):
                tasks.append(asyncio.create_task(reads(name, body)))
        await asyncio.gather(*tasks)
    assert read == ["warm", "ours", "slow", "a1", "b", "a2"]


async def test_a_worker_that_dies_is_replaced() -> None:
    async with ParserPool(size=1) as pool:
        await pool.parse(BODY)
        os.kill(pids(pool)[0], signal.SIGKILL)
        await asyncio.sleep(0.1)
        assert (await pool.parse(BODY)).kind == "rss"


async def test_a_cancelled_parse_ends_its_worker_and_no_other_answer_is_mixed_up() -> None:
    async with ParserPool(size=1) as pool:
        await pool.parse(BODY)
        (first,) = pids(pool)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await pool.parse(SLOW)
        assert not is_running(first)
        assert (await pool.parse(BODY)).title == "Harbour Post"


async def test_a_pool_that_ends_under_somebody_who_waits_ends_all_the_same() -> None:
    async with ParserPool(size=1) as pool:
        await pool.parse(BODY)
        waiting = asyncio.create_task(pool.parse(SLOW))
        await asyncio.sleep(0.1)
        workers = pids(pool)
    with pytest.raises(NotAFeed):
        await waiting
    assert not any(map(is_running, workers))


async def test_the_pool_grows_to_its_size_and_ends_with_its_workers() -> None:
    async with ParserPool(size=2, patience=0.0) as pool:
        await asyncio.gather(*(pool.parse(BODY) for _ in range(10)))
        workers = pids(pool)
        assert len(workers) == 2
    assert not any(map(is_running, workers))


async def test_one_worker_reads_what_it_can_and_another_begins_beside_a_slow_one() -> None:
    async with ParserPool(size=2, deadline=60.0, patience=60.0) as pool:
        await asyncio.gather(*(pool.parse(BODY) for _ in range(10)))
        workers = pids(pool)
        assert len(workers) == 1
        pool._patient_seconds = 0.01
        slow = asyncio.create_task(pool.parse(SLOW))
        while pool._idle:
            await asyncio.sleep(0)
        await pool.parse(BODY)
        assert len(pids(pool)) == 2
        slow.cancel()
    assert not any(map(is_running, workers))


async def test_a_worker_sees_no_secret_of_the_bot(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_TOKEN", "12345:secret")
    async with ParserPool(size=1) as pool:
        await pool.parse(BODY)
        place = Path(f"/proc/{pids(pool)[0]}/environ")
        if not place.exists():
            pytest.skip("this system has no /proc")
        assert b"secret" not in place.read_bytes()


PROGRAM = """
import asyncio
from bot.feeds.reading.worker import ParserPool
from bot.loops import run_until_interrupted

async def main():
    async with ParserPool() as pool:
        await pool.parse(b"<rss version='2.0'><channel><title>x</title></channel></rss>")
        print(*[worker.pid for worker in pool._all], flush=True)
        await asyncio.sleep(60)

run_until_interrupted(main)
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_the_program_however_it_ends(how: signal.Signals) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    with program:
        assert program.stdout is not None
        worker = int(program.stdout.readline())
        os.killpg(program.pid, how)
        program.wait(10)
    for _ in range(50):
        if not is_running(worker):
            break
        time.sleep(0.1)
    assert not is_running(worker)
