"""Several processes of the bot on one database: what they survive, and what they are worth.

`python -m benchmarks.processes [--seconds 300] [--stories 2000] [--seed 1]` starts three with all
roles on one PostgreSQL database, kills a random one every few seconds and starts it again, stops
one for longer than its lease and wakes it, and has the server start again in the middle; it counts
what each chat was shown by the playground's ledger. `--speed` measures messages and reports a
second with 1, 2 and 3 processes instead, beside one on SQLite.
"""

import argparse
import asyncio
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median

from benchmarks.crew import FIRST, Crew, crew
from benchmarks.rig import STORY
from benchmarks.taker import taker
from bot.news.members import LEASE_SECONDS, slot_of_chat
from tests import postgres

FEEDS = 50
CHATS = 200
FOLLOWED = 5
# So many that a poll a second of each finds more than is placed meanwhile.
_MANY_FEEDS = 200
_A_FEED = 30
_DURABLE = "-c max_wal_size=1GB"
_ANSWER_SECONDS = 0.1
# What a process that is dead had sent may reach the server so much later.
_STILL_ARRIVES_SECONDS = 0.5
# On a busy machine what was published goes out long after.
_DRAIN_SECONDS = 900.0
_OPEN = "SELECT count(*) FROM deliveries WHERE state IN ('pending', 'sending')"


@dataclass
class Loss:
    """When a process was lost, and what it had: slots of chats, and whether the desk."""

    at: float
    slots: frozenset[int]
    desk: bool
    by: str


@dataclass
class Troubles:
    """What befell the crew."""

    crew: Crew
    chance: random.Random
    losses: list[Loss] = field(default_factory=list)
    restarts: int = 0

    async def lose(self, sign: signal.Signals) -> int:
        """Sends a random process that runs a signal after which it does nothing; its place."""
        place = self.chance.choice(
            [p for p, process in self.crew.processes.items() if _runs(process)]
        )
        process = self.crew.processes[place]
        has = await self.crew.rows(
            "SELECT s.role, s.slot FROM shares s JOIN members m ON m.id = s.member"
            f" WHERE m.name LIKE '%process {process.pid} on%'"
        )
        process.send_signal(sign)
        slots = frozenset(slot for role, slot in has if role == "send")
        self.losses.append(Loss(time.time(), slots, ("desk", 0) in has, sign.name))
        return place

    async def kill_some(self, until: float) -> None:
        """Kills one every few seconds, and starts it again soon after."""
        while time.monotonic() < until:
            await asyncio.sleep(self.chance.uniform(3.0, 7.0))
            place = await self.lose(signal.SIGKILL)
            self.crew.processes[place].wait()
            await asyncio.sleep(self.chance.uniform(0.0, 2.0))
            self.crew.start(place)

    async def stop_one(self, wait: float) -> None:
        """Stops one for longer than its lease, and wakes it."""
        await asyncio.sleep(wait)
        place = await self.lose(signal.SIGSTOP)
        await asyncio.sleep(LEASE_SECONDS + 5.0)
        # A kill may have ended it meanwhile.
        self.crew.processes[place].send_signal(signal.SIGCONT)

    async def restart_server(self, wait: float) -> None:
        """Has the database's server end and start again."""
        await asyncio.sleep(wait)
        await asyncio.to_thread(postgres.end, postgres.server())
        await asyncio.to_thread(postgres.begin, postgres.server(), _DURABLE)
        self.restarts += 1


def _runs(process: subprocess.Popen[bytes]) -> bool:
    if process.poll() is not None:
        return False
    return Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()[0] != "T"


async def survive(seconds: float, stories: int, seed: int) -> dict[str, object]:
    """One run with kills; what chats were shown, and how long takeovers took."""
    async with crew("postgres", FEEDS, CHATS, FOLLOWED) as bots:
        bots.playground.faults.add("delay", times=None, seconds=_ANSWER_SECONDS)
        for place in range(3):
            bots.start(place)
        await bots.settled(3)
        troubles = Troubles(bots, random.Random(seed))
        until = time.monotonic() + seconds
        await asyncio.gather(
            _publish_all(bots, stories, seconds),
            troubles.kill_some(until),
            troubles.stop_one(seconds / 3),
            troubles.restart_server(seconds / 2),
        )
        await bots.until(
            "SELECT count(*) FROM stories", lambda n: n == [stories], max(60, seconds / 3)
        )
        await bots.until(_OPEN, lambda n: n == [0], _DRAIN_SECONDS)
        placed = [row[0] for row in await bots.rows("SELECT created_at FROM deliveries")]
        resent = await bots.rows(
            "SELECT d.chat_id, r.title FROM deliveries d JOIN reports r ON r.id = d.report_id"
            " WHERE d.resends > 0"
        )
        return _outcome(troubles, stories, sorted(placed), resent)


async def _publish_all(bots: Crew, stories: int, seconds: float) -> None:
    began = time.monotonic()
    for n in range(stories):
        await asyncio.sleep(max(0.0, began + n * seconds / stories - time.monotonic()))
        bots.publish(n % FEEDS)


def _outcome(
    troubles: Troubles, stories: int, placed: Sequence[float], resent: Sequence[tuple[int, str]]
) -> dict[str, object]:
    told = [
        (entry.chat_id, int(number), entry.arrived)
        for entry in troubles.crew.playground.ledger.find(applied=True, method="sendMessage")
        for number in STORY.findall(entry.text)
    ]
    shown = Counter((chat, number) for chat, number, _ in told)
    expected = {(FIRST + n, s) for s in range(stories) for n in _followers(s % FEEDS)}
    repeated = {pair for pair, count in shown.items() if count > 1}
    unknown = {(chat, int(STORY.findall(title)[0])) for chat, title in resent}
    kinds = Counter(loss.by for loss in troubles.losses)
    return {
        "kills, stops, restarts of the server": f"{kinds['SIGKILL']}, {kinds['SIGSTOP']},"
        f" {troubles.restarts}",
        "processes that ended by themselves": _ended(troubles.crew),
        "(story, chat) that should be": len(expected),
        "never": sum(shown[pair] == 0 for pair in expected),
        "once": sum(shown[pair] == 1 for pair in expected),
        "twice": sum(shown[pair] == 2 for pair in expected),
        "more": sum(shown[pair] > 2 for pair in expected),
        "to whom it should not": len(set(shown) - expected),
        "sent again since the outcome was unknown": len(unknown),
        "repeats of another cause": len(repeated - unknown),
        **_takeovers(troubles, told, placed),
    }


def _ended(crew: Crew) -> int:
    """How many ended though nobody killed them; what they said last goes to stderr."""
    ended = {n: p.returncode for n, p in crew.processes.items() if p.poll() is not None}
    for place, code in ended.items():
        said = (crew.folder / str(place) / "bot.log").read_text("utf-8", "replace")
        sys.stderr.write(f"process {place} ended with {code}; its last words:\n{said[-4000:]}\n")
    return len(ended)


def _followers(feed: int) -> list[int]:
    steps = {k * FEEDS // FOLLOWED for k in range(FOLLOWED)}
    return [n for n in range(CHATS) if (feed - n) % FEEDS in steps]


def _takeovers(
    troubles: Troubles, told: Sequence[tuple[int, int, float]], placed: Sequence[float]
) -> dict[str, object]:
    """Seconds from a loss to the next message to a chat of the lost, and to the next placing."""
    sent: dict[str, list[float]] = {"SIGKILL": [], "SIGSTOP": []}
    desk: list[float] = []
    for loss in troubles.losses:
        after = loss.at + _STILL_ARRIVES_SECONDS
        again = [at for chat, _, at in told if at > after and slot_of_chat(chat) in loss.slots]
        sent[loss.by] += [min(again) - loss.at] if again else []
        later = [at for at in placed if at > loss.at]
        desk += [min(later) - loss.at] if loss.desk and later else []
    return {
        "a killed one's chats, to their next message: usual, longest": _spread(sent["SIGKILL"]),
        "a stopped one's chats, the same": _spread(sent["SIGSTOP"]),
        "a lost desk, to the next placing: usual, longest": _spread(desk),
        "longest time without a placing": f"{max(b - a for a, b in pairwise(placed)):.1f} s",
    }


def _spread(found: list[float]) -> str:
    return f"{median(found):.1f} s, {max(found):.1f} s of {len(found)}" if found else "-"


async def speed(engine: str, processes: int, chats: int) -> dict[str, int]:
    """Messages a second of one story to so many chats, and reports a second, polled and placed,
    where nobody follows them.
    """
    with taker() as server:
        async with crew(engine, 1, chats, 0, server.port) as bots:
            await _start(bots, processes)
            bots.publish(0)
            while await asyncio.to_thread(server.count) < chats:
                await asyncio.sleep(0.05)
        times = server.times()
    return {
        "messages": round(chats / (times[-1] - times[0])),
        "reports": await _reports(engine, processes),
    }


async def _reports(engine: str, processes: int) -> int:
    count = _MANY_FEEDS * _A_FEED
    with taker() as server:
        async with crew(engine, _MANY_FEEDS, 0, 0, server.port) as bots:
            await _start(bots, processes)
            for n in range(count):
                bots.publish(n % _MANY_FEEDS)
            await bots.until(
                "SELECT count(*) FROM reports WHERE story_id IS NOT NULL",
                lambda found: found == [count],
                120,
            )
            ended = time.time()
            ((first,),) = await bots.rows("SELECT min(seen_at) FROM reports")
    return round(count / (ended - float(first)))


async def _start(bots: Crew, processes: int) -> None:
    for place in range(processes):
        bots.start(place)
    await bots.settled(processes)


def _print(rows: Mapping[str, object]) -> None:
    for name, found in rows.items():
        print(f"| {name} | {found} |", flush=True)


def _print_speed(chats: int) -> None:
    print("| | messages a second | reports a second |\n|---|---|---|", flush=True)
    for engine, processes in (("sqlite", 1), *(("postgres", n) for n in (1, 2, 3))):
        found = asyncio.run(speed(engine, processes, chats))
        name = "SQLite" if engine == "sqlite" else "PostgreSQL"
        print(f"| {name}, {processes} | {found['messages']:,} | {found['reports']:,} |", flush=True)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--stories", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--chats", type=int, default=10_000, help="of the story, with --speed")
    given = parser.parse_args(arguments)
    folder = postgres.server()
    postgres.end(folder)
    postgres.begin(folder, _DURABLE)
    if given.speed:
        _print_speed(given.chats)
    else:
        _print(asyncio.run(survive(given.seconds, given.stories, given.seed)))


if __name__ == "__main__":
    main()
