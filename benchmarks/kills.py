"""Kills the running bot at random moments and counts what subscribers got.

The bot is a process of its own, killed with SIGKILL while stories go to several chats; the
playground's Bot API server, another process, keeps the ledger. Run with
`python -m benchmarks.kills [--kills 20] [--stories 200] [--chats 5] [--seed 1]
[--database postgresql://…/empty]`.
"""

import argparse
import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import asyncpg

from tests import warm
from tests.databases import empty_database
from tests.introduced import introduce

_FEED = "harbour-courier"
_TITLE = "Dispatch [{}] from the coast"


@dataclass(frozen=True)
class KillsOutcome:
    """Counts of (chat, story) pairs, and how the repeats came about.

    `repeats_unexplained` are pairs that were shown twice without having been under way at a kill.
    """

    expected: int
    once: int
    twice: int
    never: int
    repeats_unexplained: int
    under_way_at_a_kill: int
    kills: int
    seconds: float


class Reachable(Protocol):
    """A Bot API server: its address, and the token it knows."""

    url: str
    token: str


class Server:
    """The playground as a process, asked over its control API."""

    def __init__(self, address: dict[str, Any]) -> None:
        self.url: str = address["url"]
        self.token: str = address["token"]
        self.feeds: dict[str, str] = address["feeds"]

    def introduce(self, database: str) -> str:
        """Has a database remember that its bot has told this server what it is; returns its
        address.
        """
        return introduce(database, int(self.token.partition(":")[0]))

    def post(self, act: str, **body: Any) -> dict[str, Any]:
        """One act of the control API."""
        request = urllib.request.Request(
            f"{self.url}/playground/{act}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            found: dict[str, Any] = json.load(answer)
            return found

    def get(self, what: str) -> dict[str, Any]:
        """One reading of the control API."""
        with urllib.request.urlopen(f"{self.url}/playground/{what}", timeout=30) as answer:
            found: dict[str, Any] = json.load(answer)
            return found


@contextmanager
def server() -> Iterator[Server]:
    """A playground without news and limits of its own."""
    reading, writing = map(os.fdopen, os.pipe(), ("rb", "wb"))
    with reading:
        with writing:
            process = warm.start(
                *("bot.playground.server", "--no-news", "--no-limits"),
                env=_kept(), folder=Path.cwd(), stdout=writing,
            )  # fmt: skip
        try:
            yield Server(json.loads(reading.readline()))
        finally:
            process.terminate()
            process.wait(10)


def environment(known: Reachable, folder: Path, **more: str) -> dict[str, str]:
    """The bot's settings, apart from the caller's own."""
    return {
        **_kept(),
        "TELEGRAM_TOKEN": known.token,
        "TELEGRAM_API_URL": known.url,
        "DATABASE_URL": f"sqlite:///{folder}/bot.db",
        "FEEDS_FILE": str(folder / "feeds.txt"),
        "ALLOWED_PRIVATE_HOSTS": "127.0.0.1",
        "POLL_MIN_SECONDS": "1",
        "POLL_MAX_SECONDS": "1",
        "SEND_PER_SECOND": "0",
        "SEND_PER_CHAT_SECONDS": "0",
        "SEND_PER_GROUP_PER_MINUTE": "0",
        **more,
    }


def _kept() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def start_warm_bot(env: dict[str, str], folder: Path, program: str = "bot") -> warm.Started:
    """The same as `start_bot`, by a process that has the modules: for what is killed often."""
    words = ("run",) if program == "bot" else ()
    with (folder / "bot.log").open("ab") as log:
        return warm.start(program, *words, env=env, folder=folder, stdout=log, stderr=log)


def start_bot(env: dict[str, str], folder: Path) -> subprocess.Popen[bytes]:
    """Starts `tocsin run`; its log goes to a file in the folder."""
    with (folder / "bot.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], env=env, stdout=log, stderr=log, cwd=folder
        )


def rows(where: Path | str, sql: str) -> list[tuple[Any, ...]]:
    """Rows of the bot's database, in a folder or at an address of PostgreSQL, read beside it; none
    while it is not there yet.
    """
    if isinstance(where, str):
        return asyncio.run(rows_at(where, sql))
    try:
        with closing(sqlite3.connect(f"file:{where}/bot.db?mode=ro", uri=True, timeout=10)) as file:
            return file.execute(sql).fetchall()
    except sqlite3.OperationalError:
        return []


async def rows_at(address: str, sql: str) -> list[tuple[Any, ...]]:
    connection = await asyncpg.connect(address)
    try:
        return [tuple(row) for row in await connection.fetch(sql)]
    finally:
        await connection.close()


def wait_until(true: Any, seconds: float, what: str) -> None:
    """Waits until `true()`, looking twenty times a second."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s in vain for {what}")
        time.sleep(0.05)


def measure(stories: int, chats: int, kills: int, seed: int, database: str = "") -> KillsOutcome:
    """One run; `kills` are spread over the time in which the stories are published. `database` is
    the address of an empty PostgreSQL database, where it is not to be an SQLite file.
    """
    chance = random.Random(seed)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as name, server() as known:
        folder = Path(name)
        (folder / "feeds.txt").write_text(known.feeds[_FEED])
        env = environment(known, folder, **({"DATABASE_URL": database} if database else {}))
        known.introduce(database or empty_database(folder / "bot.db", "sqlite"))
        where = database or folder
        bot = start_warm_bot(env, folder)
        try:
            people = _subscribe(known, where, chats)
            done = 0
            for number in range(stories):
                known.post("publish", feed=_FEED, title=_TITLE.format(number))
                time.sleep(chance.uniform(0.0, 0.25))
                _wait_for_room(where, number)
                if kills and number >= (done + 1) * stories / (kills + 1) and done < kills:
                    time.sleep(chance.uniform(0.0, 1.5))
                    bot.send_signal(signal.SIGKILL)
                    bot.wait()
                    done += 1
                    bot = start_warm_bot(env, folder)
            _wait_for_the_end(where, stories * chats)
            shown = _shown(known, people)
        finally:
            bot.send_signal(signal.SIGTERM)
            bot.wait(15)
        resent = _resent(where)
    repeated = {pair for pair, count in shown.items() if count > 1}
    expected = {(chat, number) for chat in people for number in range(stories)}
    return KillsOutcome(
        expected=len(expected),
        once=sum(shown[pair] == 1 for pair in expected),
        twice=len(repeated),
        never=sum(shown[pair] == 0 for pair in expected),
        repeats_unexplained=len(repeated - resent),
        under_way_at_a_kill=len(resent),
        kills=done,
        seconds=time.monotonic() - began,
    )


def _subscribe(known: Server, where: Path | str, chats: int) -> list[int]:
    wait_until(
        lambda: rows(where, "SELECT 1 FROM feeds WHERE settled = 1"), 20, "the feed's first poll"
    )
    people = [900_000 + n for n in range(chats)]
    for person in people:
        known.post("chats", type="private", id=person, title=f"Reader {person}")
        known.post("say", chat_id=person, text="/subscribe", **{"as": person})
    wait_until(
        lambda: len(rows(where, "SELECT 1 FROM subscriptions")) == chats, 20, "the subscriptions"
    )
    return people


def _wait_for_room(where: Path | str, published: int) -> None:
    """A feed shows its newest 30 only: a bot that is killed before its first poll again and again
    must not miss what nobody could have read.
    """
    stored = f"SELECT count(*) FROM reports WHERE title LIKE '{_TITLE.format('%')}'"
    wait_until(lambda: (rows(where, stored) or [(0,)])[0][0] > published - 20, 60, "a poll")


def _wait_for_the_end(where: Path | str, deliveries: int) -> None:
    ended = "SELECT count(*) FROM deliveries WHERE state NOT IN ('pending', 'sending')"
    wait_until(lambda: rows(where, ended)[0][0] >= deliveries, 120, "the last delivery")


def _shown(known: Server, people: list[int]) -> Counter[tuple[int, int]]:
    """How often each chat was shown each story, by the server's ledger."""
    entries = known.get("ledger?method=sendMessage&containing=Dispatch")["entries"]
    return Counter(
        (entry["chat_id"], int(entry["text"].partition("[")[2].partition("]")[0]))
        for entry in entries
        if entry["applied"] and entry["chat_id"] in people
    )


def _resent(where: Path | str) -> set[tuple[int, int]]:
    """The pairs whose delivery was under way when the bot was killed, by its own records."""
    found = rows(
        where,
        "SELECT d.chat_id, r.title FROM deliveries d JOIN reports r ON r.id = d.report_id"
        " WHERE d.resends > 0",
    )
    return {(chat, int(title.partition("[")[2].partition("]")[0])) for chat, title in found}


def main() -> None:
    """Prints one line of figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--stories", type=int, default=200)
    parser.add_argument("--chats", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="")
    given = parser.parse_args()
    print(measure(given.stories, given.chats, given.kills, given.seed, given.database))


if __name__ == "__main__":
    main()
