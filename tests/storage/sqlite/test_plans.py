"""How SQLite finds what it is asked for at every message: never by all that a chat was told."""

import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from benchmarks import aged, year
from bot.news.feed import NewFeed
from bot.news.outbox import DeliveryState, Settlement
from storage import ends
from storage.open import open_storage
from storage.sqlite.connection import SqliteDatabase
from storage.storage import Storage
from storage.stories.search_index import keys_again
from storage.updates import PostedUpdate, UpdateTries
from tests.databases import empty_database, look
from tests.storage.samples import chat, placed, report, ring, store

pytestmark = pytest.mark.slow


class Plans:
    """The steps by which SQLite carries out what is asked of a storage."""

    def __init__(self, path: Path, storage: Storage) -> None:
        self.path, self.storage = path, storage
        self.said: list[str] = []

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[list[str]]:
        """Fills a list with the steps of all that is asked within the block."""
        self.said.clear()
        steps: list[str] = []
        assert isinstance(self.storage._database, SqliteDatabase)
        for connection in self.storage._database._all:
            await connection.set_trace_callback(self.said.append)
        yield steps
        with closing(sqlite3.connect(self.path)) as file:
            for statement in self.said:
                if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "--")):
                    plan = file.execute(f"EXPLAIN QUERY PLAN {statement}")
                    steps += [row[3] for row in plan]


@asynccontextmanager
async def _asked(tmp_path: Path, stories: int = 3) -> AsyncIterator[Plans]:
    path = tmp_path / "plans.db"
    storage = await open_storage(empty_database(path, "sqlite"), alone=True, now=1_000.0)
    every = range(1, stories + 1)
    try:
        await storage.chats.meet(chat(1))
        await store(storage, *[report(n) for n in every])
        await storage.stories.place([placed(n, None, ring(1)) for n in every], 2_900.0)
        yield Plans(path, storage)
    finally:
        await storage.close()


def _told_before(steps: list[str]) -> list[str]:
    return [step for step in steps if "deliveries_by_chat" in step or step == "SCAN deliveries"]


def _sent(delivery: int) -> Settlement:
    return Settlement(delivery, 1, DeliveryState.SENT, 3_000.0, message_id=70 + delivery)


async def test_what_waits_to_be_placed_is_found_in_its_order_without_sorting_it(
    tmp_path: Path,
) -> None:
    async with _asked(tmp_path) as plans, plans.watched() as steps:
        await plans.storage.stories.unplaced(50)
    assert any("reports_unplaced" in step for step in steps)
    assert not any("ORDER BY" in step for step in steps)


async def test_a_message_that_arrived_is_settled_without_reading_what_its_chat_was_told(
    tmp_path: Path,
) -> None:
    async with _asked(tmp_path) as plans:
        await plans.storage.outbox.claim([1], 3_000.0, 60.0)
        async with plans.watched() as steps:
            await plans.storage.outbox.settle([_sent(1)], True)
        assert any("deliveries_digests_of_chat" in step for step in steps)
        assert _told_before(steps) == []


async def test_what_a_pressed_message_is_is_found_without_reading_what_its_chat_was_told(
    tmp_path: Path,
) -> None:
    async with _asked(tmp_path) as plans:
        await plans.storage.outbox.claim([1], 3_000.0, 60.0)
        await plans.storage.outbox.settle([_sent(1)], True)
        async with plans.watched() as steps:
            assert await plans.storage.history.delivery_of(1, 71) == 1
        assert any("deliveries_of_message" in step for step in steps)
        assert _told_before(steps) == []


async def test_a_digest_that_ends_is_settled_without_reading_all_that_is_gathered(
    tmp_path: Path,
) -> None:
    async with _asked(tmp_path) as plans:
        await plans.storage.digests.fold(5_000.0, 600.0, 3)
        await plans.storage.digests.enqueue_due(5_000.0)
        await plans.storage.outbox.claim([4], 5_000.0, 60.0)
        async with plans.watched() as steps:
            await plans.storage.outbox.settle([_sent(4)], True)
        assert any("deliveries_of_digest" in step for step in steps)
        assert not any("deliveries_gathered" in step for step in steps)
        assert (await plans.storage.stats()).deliveries == {"sent": 4}


async def test_the_next_moment_is_found_without_reading_all_that_is_pending(
    tmp_path: Path,
) -> None:
    async with _asked(tmp_path) as plans:
        async with plans.watched() as steps:
            assert await plans.storage.outbox.next_due_at(5_000.0) is None
        assert any("deliveries_later" in step for step in steps)
        assert any("chats_held" in step for step in steps)
        assert not any("deliveries_pending" in step for step in steps)


async def test_what_is_due_is_found_chat_by_chat_without_reading_what_waits_behind(
    tmp_path: Path,
) -> None:
    async with _asked(tmp_path) as plans:
        async with plans.watched() as steps:
            assert len(await plans.storage.outbox.due(3_000.0, [], 9)) == 1
            assert await plans.storage.outbox.due(3_000.0, [1], 9, after=0) == []
        found = {step.partition(" USING ")[2] for step in steps if "deliveries" in step}
        by_chat = {how for how in found if how.startswith("INDEX deliveries_open (chat_id>?")}
        assert by_chat
        assert all("rowid=?" in how for how in found - by_chat), found
        assert not any("ORDER BY" in step or step in ("SCAN d", "SCAN c") for step in steps)


async def test_a_digest_is_gathered_without_reading_what_its_chat_was_told(tmp_path: Path) -> None:
    async with _asked(tmp_path) as plans:
        assert await plans.storage.digests.fold(5_000.0, 600.0, 3) == 3
        async with plans.watched() as steps:
            assert await plans.storage.digests.enqueue_due(5_000.0) == 1
        for index in ("deliveries_digests_of_chat", "deliveries_held_of_chat"):
            assert any(index in step for step in steps), index
        assert _told_before(steps) == []


async def test_what_is_placed_is_written_in_sets_and_without_reading_what_chats_were_told(
    tmp_path: Path,
) -> None:
    async with _asked(tmp_path) as plans:
        await store(plans.storage, report(9))
        many = [ring(1, thread_id=thread) for thread in range(600)]
        async with plans.watched() as steps:
            await plans.storage.stories.place([placed(4, None, *many)], 2_950.0)
        assert _told_before(steps) == []
        # Once for each part of 500 rows, of deliveries and of matches.
        written = ("INSERT INTO deliveries", "INSERT INTO matches")
        assert sum(said.startswith(written) for said in plans.said) == 2 + 2


async def test_what_is_due_behind_those_that_wait_is_found_host_by_host(tmp_path: Path) -> None:
    async with _asked(tmp_path) as plans:
        crowd = [NewFeed(f"https://busy.example/{n}", "", 1.0) for n in range(1_000)]
        await plans.storage.feeds.add(crowd, 1.0)
        async with plans.watched() as steps:
            await plans.storage.feeds.due(3_000.0, 32, ["busy.example"])
    assert any("feeds_due_of_host (host=? AND poll_at<?)" in step for step in steps)
    assert not any(re.match(r"SCAN (feeds|f)\b", step) for step in steps), steps
    assert not any("feeds_due_of_host" in step and "SCAN" in step for step in steps), steps


async def test_a_link_and_the_links_of_a_site_are_found_by_their_marks(tmp_path: Path) -> None:
    link = "https://news.example/1"
    async with _asked(tmp_path) as plans, plans.watched() as steps:
        assert (await plans.storage.history.of_link(1, link, link)) is not None
        assert await plans.storage.history.feeds_of_host(1, "https://news.example/")
    assert sum("reports_by_link (link_mark=?)" in step for step in steps) == 1
    assert sum("reports_by_link (link_mark>? AND link_mark<?)" in step for step in steps) == 1
    assert not any(step in ("SCAN r", "SCAN reports") for step in steps)


async def test_what_is_due_is_found_by_its_time_apart_from_what_chats_brought(
    tmp_path: Path,
) -> None:
    async with _asked(tmp_path) as plans:
        async with plans.watched() as steps:
            await plans.storage.feeds.due(3_000.0, 32)
            await plans.storage.feeds.due_guests(3_000.0, 32, served={1: 1})
        *ours, guests = (step for step in steps if "feeds_due" in step)
        assert ours
        assert all("feeds_due_ours" in step for step in ours)
        assert "feeds_due_guests" in guests
        assert not any(step.startswith("SCAN f") for step in steps)
        async with plans.watched() as steps:
            await plans.storage.feeds.next_poll_at(3_000.0)
        found = [step for step in steps if "feeds" in step]
        assert found == [
            "SEARCH feeds USING INDEX feeds_due_ours (poll_at>?)",
            "SEARCH feeds USING INDEX feeds_due_guests (poll_at>?)",
        ]


# --- as after years ----------------------------------------------------------------------------

_HISTORY = ("deliveries", "reports", "stories", "matches", "entries", "muted_stories", "taken_out")
"""What grows for as long as the bot runs."""
_OF_WHAT_WAITS = (
    "deliveries_open", "deliveries_pending", "deliveries_sending", "deliveries_to_edit",
    "deliveries_held", "deliveries_ripening", "deliveries_gathered", "deliveries_pending_digests",
    "deliveries_digests_of_chat", "deliveries_held_of_chat", "deliveries_later",
    "deliveries_waiting_of_chat", "reports_unplaced",
)  # fmt: skip
"""Indexes that hold nothing that has ended."""
_BY_CHAT = ("deliveries_by_chat", "deliveries_once", "deliveries_of_message", "matches_of_chat")
"""Indexes of all that a chat was ever told: not by the chat alone."""
_MAY_READ_ALL = {
    "housekeeping: nothing to prune": "once an hour: what each feed is remembered by",
    "housekeeping: nothing to end": "once an hour: how much each feed and chat has",
    "threads of a chat": "the first row of each thread",
    "/status": "how many alerts a chat was sent, counted in an index that holds nothing else",
}


def _reads_history(step: str, statement: str) -> bool:
    """Whether a step of a plan reads more of what ended the longer the bot runs."""
    what, _, how = step.partition(" USING ")
    verb, _, alias = what.partition(" ")
    is_of_another_step = f") {alias}" in statement
    if _aliases(statement).get(alias) not in _HISTORY or (not how and is_of_another_step):
        return False
    if any(f"INDEX {index}" in how for index in _OF_WHAT_WAITS):
        return False
    by_chat_alone = any(f"{index} (chat_id=?)" in how for index in _BY_CHAT)
    return verb == "SCAN" or by_chat_alone or "deliveries_sent_of_chat" in how


_NAMED = re.compile(rf"\b({'|'.join(_HISTORY)})(?: (?:INDEXED|AS) \w+)? (?!WHERE|SET)([a-z]+)\b")


def _aliases(statement: str) -> dict[str, str]:
    """The names by which a statement calls its tables."""
    named = {alias: table for table, alias in _NAMED.findall(statement)}
    return {table: table for table in _HISTORY} | named


async def _all_plans(path: Path, storage: Storage) -> AsyncIterator[tuple[str, str, str]]:
    """Each stage, statement and step of what the bot asks again and again."""
    said: list[str] = []
    assert isinstance(storage._database, SqliteDatabase)
    for connection in storage._database._all:
        await connection.set_trace_callback(said.append)
    for name, prepare in year.stages(storage, 400).items():
        work = await prepare(0)
        said.clear()
        await work()
        with closing(sqlite3.connect(path)) as file:
            file.create_function("keys_again", 6, keys_again)
            for statement in said:
                if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "--", "PRAGMA")):
                    for row in file.execute(f"EXPLAIN QUERY PLAN {statement}"):
                        yield name, statement, row[3]


async def test_nothing_that_is_asked_again_and_again_reads_what_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "aged.db"
    aged.make(path, aged.Age("small", 30, 400, 800))
    storage = await open_storage(f"sqlite:///{path}", alone=True, now=aged.NOW)
    try:
        read = {
            f"{name}: {step} in {statement[:200]}"
            async for name, statement, step in _all_plans(path, storage)
            if _reads_history(step, statement) and name not in _MAY_READ_ALL
        }
    finally:
        await storage.close()
    assert read == set()


def test_every_index_of_what_grows_has_figures(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    empty_database(path, "sqlite")
    with closing(sqlite3.connect(path)) as file:
        grown = {
            name
            for (name,) in file.execute(
                "SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%'"
                " AND tbl_name IN ('deliveries', 'reports', 'stories', 'matches')"
            )
        }
        known = {name for (name,) in file.execute("SELECT idx FROM sqlite_stat1")}
    assert grown - known == set()


async def test_the_stories_that_most_carry_are_found_by_when_they_came_out(tmp_path: Path) -> None:
    async with _asked(tmp_path) as plans:
        async with plans.watched() as steps:
            await plans.storage.stories.seen_by(1).most_carried(3_000.0, 20)
        assert any("stories_carried (sort_key>?)" in step for step in steps), steps
        assert not [step for step in steps if step in ("SCAN stories", "SCAN s", "SCAN r")]


def test_edits_that_are_due_are_found_without_reading_all_deliveries(url: str) -> None:
    due_edits = (
        "SELECT min(e.id) FROM deliveries e JOIN chats h ON h.id = e.chat_id"
        " WHERE e.edit_due_at <= 1 AND h.hold_until <= 1 AND e.state = 'sent'"
        " GROUP BY +e.chat_id LIMIT 9"
    )
    plan = [row[3] for row in look(url, f"EXPLAIN QUERY PLAN {due_edits}")]
    assert any("deliveries_to_edit" in step for step in plan), plan


async def test_updates_that_wait_are_found_without_reading_those_that_were_handled(
    tmp_path: Path,
) -> None:
    async with _asked(tmp_path) as plans:
        updates = plans.storage.updates
        async with plans.watched() as steps:
            await updates.keep([PostedUpdate(7, 1, "{}")], 1.0)
            await updates.waiting([1, 2], None, 9)
            await updates.waiting([1, 2], [3, 4], 9, [5])
            await updates.mark([UpdateTries(7, 0, 1)], [8, 9], 2.0)
        found = [step for step in steps if "updates" in step]
        by_time = [step for step in found if "updates_by_time (handled_at=?)" in step]
        by_number = [step for step in found if "INTEGER PRIMARY KEY" in step]
        assert (len(by_time), len(by_number)) == (3, 2)
        assert len(found) == 5
        assert not any("ORDER BY" in step for step in steps)
        async with plans.watched() as steps:
            await updates.too_many([1, 2], [5], 50, 9)
        looked = [step for step in steps if " updates " in step]
        assert [step.partition("USING ")[2] for step in looked] == [
            "INTEGER PRIMARY KEY (rowid=?)",
            "INDEX updates_by_time (handled_at=?)",
        ]
        async with plans.watched() as steps:
            await ends.end_what_is_over(plans.storage._database, 9e9)
            await ends.end_many_updates(plans.storage._database)
        found = [step for step in steps if "updates" in step]
        assert any("updates_by_time" in step for step in found)


async def test_a_list_of_feeds_is_looked_up_line_by_line_and_not_once_for_each_feed(
    tmp_path: Path,
) -> None:
    async with _asked(tmp_path) as plans, plans.watched() as steps:
        await plans.storage.feeds.adopt({"https://tide.example/feed": "Coast"})
    assert not any(re.match(r"SCAN (f|feeds)\b", step) for step in steps), steps


async def test_a_list_of_feeds_that_are_the_operators_goes_through_nothing_that_they_told(
    tmp_path: Path,
) -> None:
    async with _asked(tmp_path) as plans:
        url = "https://tide.example/feed"
        await plans.storage.feeds.add([NewFeed(url, "Tide", 0.0)], 1_000.0)
        async with plans.watched():
            assert await plans.storage.feeds.adopt({url: "Coast"}) == 1
    told = [said for said in plans.said if re.search(r"\b(reports|stories|story_keys)\b", said)]
    assert told == []


async def test_whom_a_feeds_trouble_was_told_is_found_without_reading_all_feeds(
    tmp_path: Path,
) -> None:
    async with _asked(tmp_path) as plans, plans.watched() as steps:
        assert await plans.storage.feeds.told_troubles() == []
        assert await plans.storage.quotas.untold() == []
    assert not any(re.match(r"SCAN (f|feeds)\b", step) for step in steps), steps
