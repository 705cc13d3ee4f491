"""Several processes of the bot on one database: one is killed, one stopped and woken, and the
server starts again; every chat is told once, and what one had the others go on with.
"""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from benchmarks import kills
from benchmarks.kills import Server
from tests import postgres
from tests.databases import empty_database
from tests.warm import Started

pytestmark = pytest.mark.slow

_FEED = "harbour-courier"
_PEOPLE = range(900_000, 900_020)
_TAKEOVER_SECONDS = 10.0


@dataclass
class Crew:
    """Processes of the bot, by the order of their start, which is that of their numbers."""

    known: Server
    folder: Path
    url: str
    processes: list[Started] = field(default_factory=list)

    def start(self, **more: str) -> Started:
        """Starts one more."""
        where = self.folder / str(len(self.processes))
        where.mkdir()
        (where / "feeds.txt").write_text(self.known.feeds[_FEED])
        env = kills.environment(self.known, where, DATABASE_URL=self.url, **more)
        self.processes.append(kills.start_warm_bot(env, where))
        return self.processes[-1]

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """What the database says."""
        return kills.rows(self.url, sql)

    def shared_among(self, count: int) -> None:
        """Waits until so many processes have everything in even parts."""
        parts = "SELECT count(*) FROM shares WHERE role = 'send' GROUP BY member"
        fair = -(-64 // count)

        def even() -> bool:
            sizes = [int(str(size)) for (size,) in self.rows(parts)]
            return len(sizes) == count and sum(sizes) == 64 and max(sizes) <= fair

        kills.wait_until(even, 60, f"{count} even parts")

    def who_has(self, role: str) -> Started:
        """The process that has a role of one at a time."""
        ((name,),) = self.rows(
            "SELECT m.name FROM shares s JOIN members m ON m.id = s.member"
            f" WHERE s.role = '{role}' AND slot = 0"
        )
        pid = int(str(name).split("process ")[1].split()[0])
        return next(process for process in self.processes if process.pid == pid)

    def tell(self, number: int, seconds: float = 30.0) -> float:
        """Publishes a story and waits until everybody was told; how long that took."""
        began = time.monotonic()
        self.known.post("publish", feed=_FEED, title=f"Dispatch [{number}] from the coast")
        kills.wait_until(lambda: len(self.told(number)) >= len(_PEOPLE), seconds, f"{number}")
        return time.monotonic() - began

    def told(self, number: int) -> list[int]:
        """The chats that were shown a story, as often as they were."""
        found = self.known.get(f"ledger?method=sendMessage&containing=Dispatch%20[{number}]")
        return [entry["chat_id"] for entry in found["entries"] if entry["applied"]]

    def unsure(self, number: int) -> set[object]:
        """The chats to which a story was under way in a process that was taken for dead."""
        found = self.rows(
            "SELECT d.chat_id FROM deliveries d JOIN reports r ON r.id = d.report_id"
            f" WHERE d.resends > 0 AND r.title LIKE '%[{number}]%'"
        )
        return {chat for (chat,) in found}

    def log(self, number: int) -> str:
        """What a process has logged."""
        return (self.folder / str(number) / "bot.log").read_text()


@contextmanager
def crew(folder: Path) -> Iterator[Crew]:
    """A playground and a first process, to which people have subscribed."""
    with kills.server() as known:
        made = Crew(known, folder, known.introduce(empty_database(folder, "postgres")))
        try:
            made.start()
            kills.wait_until(lambda: made.rows("SELECT 1 FROM feeds WHERE settled = 1"), 30, "poll")
            for person in _PEOPLE:
                known.post("chats", type="private", id=person, title=f"Reader {person}")
                known.post("say", chat_id=person, text="/subscribe", **{"as": person})
            kills.wait_until(
                lambda: len(made.rows("SELECT 1 FROM subscriptions")) == len(_PEOPLE), 20, "people"
            )
            yield made
        finally:
            for process in made.processes:
                process.send_signal(signal.SIGCONT)
                process.kill()
                process.wait(10)


def test_one_is_killed_and_one_stopped_and_woken_and_everybody_is_told_once(
    tmp_path: Path,
) -> None:
    with crew(tmp_path) as bots:
        for _ in range(2):
            bots.start()
        bots.shared_among(3)
        bots.tell(1)
        # The one that polls, places and answers, in the middle of nothing.
        bots.who_has("desk").kill()
        assert bots.tell(2) < _TAKEOVER_SECONDS + 2.0
        bots.shared_among(2)
        stopped = bots.who_has("desk")
        stopped.send_signal(signal.SIGSTOP)
        assert bots.tell(3) < _TAKEOVER_SECONDS + 2.0
        # What is wrong with its file of feeds by now does not end a process that begins anew.
        number = bots.processes.index(stopped)
        (bots.folder / str(number) / "feeds.txt").write_text("no address\n")
        stopped.send_signal(signal.SIGCONT)
        bots.tell(4)
        bots.shared_among(2)
        bots.tell(5)
        bots.known.post("say", chat_id=_PEOPLE[0], text="/help", **{"as": _PEOPLE[0]})
        kills.wait_until(
            lambda: bots.known.get("ledger?method=sendMessage&containing=/latest")["entries"],
            15,
            "an answer",
        )
        assert "begins anew" in bots.log(number)
        assert "FEEDS_FILE=" in bots.log(number)
        for story in range(1, 6):
            told = Counter(bots.told(story))
            assert sorted(told) == list(_PEOPLE)
            # One that is slow for seconds counts as dead, and what it was sending as unsure.
            assert {chat for chat, times in told.items() if times > 1} <= bots.unsure(story)
        for process in bots.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                assert process.wait(10) == 0
        assert bots.rows("SELECT 1 FROM deliveries WHERE state IN ('pending', 'sending')") == []
        assert bots.rows("SELECT name FROM members") == []


def test_the_server_starts_again_and_all_go_on_also_who_starts_meanwhile(tmp_path: Path) -> None:
    with crew(tmp_path) as bots:
        bots.start()
        bots.shared_among(2)
        bots.tell(1)
        before = bots.rows("SELECT id FROM members ORDER BY id")
        postgres.end(postgres.server())
        asked_to_end, early = bots.start(), bots.start()
        for number in (2, 3):
            kills.wait_until(lambda n=number: "cannot be reached" in bots.log(n), 60, "a warning")
        asked_to_end.send_signal(signal.SIGTERM)
        assert asked_to_end.wait(10) == 0
        bots.processes.remove(asked_to_end)
        postgres.begin(postgres.server())
        bots.tell(2, 60)
        bots.shared_among(3)
        early.send_signal(signal.SIGTERM)
        assert early.wait(10) == 0
        bots.processes.remove(early)
        assert all(process.poll() is None for process in bots.processes)
        assert bots.rows("SELECT id FROM members ORDER BY id") == before
        for story in (1, 2):
            assert sorted(bots.told(story)) == list(_PEOPLE)


def test_two_databases_with_one_token_the_second_says_why_and_stops(tmp_path: Path) -> None:
    with crew(tmp_path) as bots:
        bots.url = bots.known.introduce(empty_database(tmp_path, "postgres"))
        second = bots.start()
        assert second.wait(60) == 2
        assert "another program receives this bot's updates" in bots.log(1)
        assert "Traceback" not in bots.log(1)
        assert bots.processes[0].poll() is None
