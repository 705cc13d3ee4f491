"""Several processes of the bot on one PostgreSQL database, killed, stopped and woken, with the
server starting again in the middle; and how many messages and reports a second 1, 2 and 3 of them
make, beside one on SQLite. `python -m benchmarks.processes [--seconds 300] [--stories 2000]
[--chats 200] [--only kills|speed]`.
"""

import argparse
import asyncio
import random
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path

from benchmarks import kills
from benchmarks.cold_poll import outlets
from benchmarks.kills import Server, rows, wait_until
from bot.news.chat import Chat, ChatState, Subscription
from bot.news.feed import NewFeed
from storage.open import open_storage
from tests import postgres

_KILL_EVERY_SECONDS, _STOPPED_SECONDS = 5.0, 12.0
_FIRST_CHAT = 900_000
_TITLE = "Dispatch [{}] from the coast"
_BURST, _SPEED_CHATS, _SPEED_FEEDS = 5, 1_000, 200


@dataclass
class Crew:
    """Processes on one database; one that was killed is started again in its place."""

    known: Server
    folder: Path
    url: str
    roles: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, place: int | None = None) -> None:
        """Starts one more, or the one of a place anew."""
        where = self.folder / str(len(self.processes) if place is None else place)
        where.mkdir(exist_ok=True)
        more = {"DATABASE_URL": self.url, "FEEDS_FILE": "", "ROLES": self.roles}
        made = kills.start_bot(kills.environment(self.known, where, **more), where)
        if place is None:
            self.processes.append(made)
        else:
            self.processes[place] = made

    def kill(self, place: int) -> None:
        """Kills one and starts it again."""
        self.processes[place].kill()
        self.processes[place].wait()
        self.start(place)

    def count(self, sql: str) -> int:
        """The number that a statement gives."""
        found = rows(self.url if self.url.startswith("postgres") else self.folder, sql)
        return int(found[0][0]) if found else 0

    def end(self) -> None:
        """Ends all."""
        for process in self.processes:
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for process in self.processes:
            process.wait(20)


@contextmanager
def crew(known: Server, url: str, processes: int, roles: str, folder: Path) -> Iterator[Crew]:
    """So many processes, on PostgreSQL where there is an address, else on SQLite in the folder."""
    made = Crew(known, folder, url or f"sqlite:///{folder}/bot.db", roles)
    try:
        for _ in range(processes):
            made.start()
        yield made
    finally:
        made.end()


async def _fill(url: str, feeds: Sequence[str], chats: int, *, whole: bool) -> None:
    """Feeds, and chats that each follow one of them, or all."""
    storage = await open_storage(url, alone=False, now=1.0)
    try:
        added = await storage.feeds.add([NewFeed(each, "", 1.0) for each in feeds], 1.0)
        for n in range(chats):
            chat = Chat(
                _FIRST_CHAT + n, "private", "Reader", ChatState.ACTIVE, None, "en", "UTC", 0.0, 1.0
            )
            await storage.chats.meet(chat)
            feed = None if whole else added[n % len(added)].id
            await storage.chats.subscribe(Subscription(chat.id, 0, feed), 1.0)
    finally:
        await storage.close()


def _filled(known: Server, url: str, feeds: Sequence[str], chats: int, *, whole: bool) -> None:
    asyncio.run(_fill(url, feeds, chats, whole=whole))
    for n in range(chats):
        person = _FIRST_CHAT + n
        known.post("chats", type="private", id=person, title=f"Reader {n}")
        known.post("say", chat_id=person, text="/help", **{"as": person})  # it may be written to


def endure(seconds: float, stories: int, chats: int, seed: int) -> list[tuple[str, object]]:
    """Kills, a stop and a start of the server; what became of each story for each chat."""
    chance = random.Random(seed)
    url = postgres.empty_database()
    with kills.server() as known, tempfile.TemporaryDirectory() as name:
        names = list(known.feeds)
        _filled(known, url, list(known.feeds.values()), chats, whole=False)
        with crew(known, url, 3, "chat,poll,desk,send", Path(name)) as bots:
            polled = "SELECT count(*) FROM feeds WHERE settled = 1"
            wait_until(lambda: bots.count(polled) == len(names), 60, "the first polls")
            killed = _publish(bots, names, seconds, stories, chance)
            expected = sum(len(range(n % len(names), chats, len(names))) for n in range(stories))
            ended = "SELECT count(*) FROM deliveries WHERE state NOT IN ('pending', 'sending')"
            wait_until(lambda: bots.count(ended) >= expected, 180, "the last delivery")
            shown = _shown(known)
            unsure = _pairs(url, "d.resends > 0 OR d.state = 'unknown'")
            waits = rows(url, "SELECT settled_at - created_at, created_at FROM deliveries")
    wanted = [
        (_FIRST_CHAT + c, n)
        for n in range(stories)
        for c in range(n % len(names), chats, len(names))
    ]
    placed = sorted({at for _, at in waits})
    return [
        ("feeds, chats, stories, messages", f"{len(names)}, {chats}, {stories}, {len(wanted)}"),
        ("kill -9, of 3 processes in turn by lot", killed),
        ("once", sum(shown[pair] == 1 for pair in wanted)),
        ("never", sum(shown[pair] == 0 for pair in wanted)),
        ("twice or more", sum(shown[pair] > 1 for pair in wanted)),
        ("of these not of unknown outcome", sum(shown[p] > 1 and p not in unsure for p in wanted)),
        (
            "longest time in which nothing was placed, s",
            _round(max(b - a for a, b in pairwise(placed))),
        ),
        ("longest wait of a message, s", _round(max(wait for wait, _ in waits))),
    ]


def _publish(
    bots: Crew, names: list[str], seconds: float, stories: int, chance: random.Random
) -> int:
    """Publishes all stories over the time, with what is done to the processes meanwhile."""
    began, killed, next_kill = time.monotonic(), 0, _KILL_EVERY_SECONDS
    stopped_at, restarted = 0.0, False
    for number in range(stories):
        feed = names[number % len(names)]
        bots.known.post("publish", feed=feed, title=_TITLE.format(number))
        if number % len(names) == 0:  # a feed shows its newest 30 only
            wait_until(partial(_has_stored, bots, number - 20), 90, "a poll")
        time.sleep(max(0.0, seconds * number / stories - (time.monotonic() - began)))
        now = time.monotonic() - began
        if not stopped_at and now > seconds / 3:
            stopped_at = now
            bots.processes[0].send_signal(signal.SIGSTOP)
        if stopped_at and now > stopped_at + _STOPPED_SECONDS:
            bots.processes[0].send_signal(signal.SIGCONT)
        if not restarted and now > seconds / 2:
            restarted = True
            postgres.end(postgres.server())
            postgres.begin(postgres.server())
        if now > next_kill:
            next_kill, killed = now + _KILL_EVERY_SECONDS, killed + 1
            awake = not stopped_at or now > stopped_at + _STOPPED_SECONDS
            bots.kill(chance.randrange(3) if awake else chance.choice((1, 2)))
    return killed


def _has_stored(bots: Crew, reports: int) -> bool:
    stored = f"SELECT count(*) FROM reports WHERE title LIKE '{_TITLE.format('%')}'"
    return bots.count(stored) > reports


def _shown(known: Server) -> Counter[tuple[int, int]]:
    entries = known.get("ledger?method=sendMessage&containing=Dispatch")["entries"]
    return Counter(
        (entry["chat_id"], _number(entry["text"])) for entry in entries if entry["applied"]
    )


def _pairs(url: str, where: str) -> set[tuple[int, int]]:
    found = rows(
        url,
        "SELECT d.chat_id, r.title FROM deliveries d JOIN reports r ON r.id = d.report_id"
        f" WHERE {where}",
    )
    return {(chat, _number(title)) for chat, title in found}


def _number(title: str) -> int:
    return int(title.partition("[")[2].partition("]")[0])


def _round(seconds: float) -> float:
    return round(seconds, 1)


def speed(engine: str, processes: int) -> tuple[str, int, int, int]:
    """Engine, processes, messages a second and reports a second, all of the way but the chat."""
    with kills.server() as known, tempfile.TemporaryDirectory() as name:
        url = postgres.empty_database() if engine == "PostgreSQL" else ""
        feed = next(iter(known.feeds))
        address = url or f"sqlite:///{name}/bot.db"
        _filled(known, address, [known.feeds[feed]], _SPEED_CHATS, whole=True)
        with crew(known, url, processes, "poll,desk,send", Path(name)) as bots:
            polled = "SELECT count(*) FROM feeds WHERE settled = 1"
            wait_until(lambda: bots.count(polled) == 1, 60, "the first poll")
            time.sleep(4)  # they share
            for number in range(_BURST):
                known.post("publish", feed=feed, title=_TITLE.format(number))
            sent = "SELECT count(*) FROM deliveries WHERE state = 'sent'"
            whole = _BURST * _SPEED_CHATS
            wait_until(lambda: bots.count(sent) == whole, 180, "the last message")
            times = "SELECT min(created_at), max(settled_at) FROM deliveries"
            ((first, last),) = rows(url or Path(name), times)
    return engine, processes, int(whole / (last - first)), _reports(engine, processes)


def _reports(engine: str, processes: int) -> int:
    """Reports read, stored and placed in a second of a first poll, start included."""
    with (
        kills.server() as known,
        outlets(_SPEED_FEEDS) as served,
        tempfile.TemporaryDirectory() as name,
    ):
        url = postgres.empty_database() if engine == "PostgreSQL" else ""
        asyncio.run(_fill(url or f"sqlite:///{name}/bot.db", served.feeds, 0, whole=True))
        began, whole = time.monotonic(), _SPEED_FEEDS * 30
        with crew(known, url, processes, "poll,desk,send", Path(name)) as bots:
            placed = "SELECT count(*) FROM reports WHERE story_id IS NOT NULL"
            wait_until(lambda: bots.count(placed) >= whole, 240, "the last report")
            return int(whole / (time.monotonic() - began))


def main() -> None:
    """Prints both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--stories", type=int, default=2_000)
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=("kills", "speed"))
    given = parser.parse_args()
    try:
        if given.only != "speed":
            print("| kills | |\n|---|--:|")
            for said, value in endure(given.seconds, given.stories, given.chats, given.seed):
                print(f"| {said} | {value} |", flush=True)
        if given.only != "kills":
            print(
                "| engine | processes | messages a second | reports a second |\n|---|--:|--:|--:|"
            )
            for engine, count in (("SQLite", 1), *(("PostgreSQL", n) for n in (1, 2, 3))):
                print("| {} | {} | {:,} | {:,} |".format(*speed(engine, count)), flush=True)
    finally:
        postgres.drop_databases()


if __name__ == "__main__":
    main()
