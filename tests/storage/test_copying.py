"""A database moves from one engine to the other, and back, and is the same."""

import math
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.errors import AlreadyRunning, BadInput, StorageUnusable, TocsinError
from storage import open as opening
from storage.copying import Copied, Progress, progress_of
from storage.errors import RowRefusedError, StorageError
from storage.rows_alike import sum_of
from storage.storage import Storage
from storage.stories import search_index
from tests import warm
from tests.databases import empty_database, look
from tests.storage.everything import contents, fill, made_of
from tests.storage.samples import brought, chat, placed, report, store

# A server of PostgreSQL begins first.
pytestmark = pytest.mark.slow

_NOW = 1_000.0
_OTHER = {"sqlite": "postgres", "postgres": "sqlite"}
_numbers = count(1)


class Silent:
    """Looks at nothing."""

    def stage(self, name: str, total: int, done: int = 0) -> None:
        pass

    def advance(self, steps: int) -> None:
        pass


async def copy(source: str, new: str) -> Copied:
    copied = await opening.copy(source, new, _NOW, Silent())
    assert all(table.equal for table in copied.tables)
    return copied


async def filled(folder: Path, engine: str, rows: int = 40) -> str:
    """The address of a database with something in every table."""
    path = folder / f"filled{next(_numbers)}.db"
    made = empty_database(path, "sqlite")
    fill(path, rows)
    look(made, "UPDATE facts SET value = ? WHERE name = 'refusal_key'", os.urandom(9).hex())
    if engine == "sqlite":
        return made
    url = empty_database(path, engine)
    await copy(made, url)
    return url


@pytest.fixture
async def source(engine: str, tmp_path: Path) -> str:
    return await filled(tmp_path, engine)


@pytest.fixture
def new(engine: str, tmp_path: Path) -> str:
    return empty_database(tmp_path / "new.db", _OTHER[engine])


async def test_all_goes_over_and_comes_back(source: str, new: str, tmp_path: Path) -> None:
    await copy(source, new)
    assert contents(new) == contents(source)
    back = empty_database(tmp_path / "back.db", "sqlite")
    await copy(new, back)
    assert contents(back) == contents(source)
    assert all(contents(back).values())


async def test_what_is_made_is_as_if_it_had_been_filled_row_by_row(
    source: str, new: str, engine: str, tmp_path: Path
) -> None:
    fresh = made_of(empty_database(tmp_path / "fresh.db", _OTHER[engine]))
    await copy(source, new)
    assert made_of(new) == fresh
    assert look(new, "SELECT count(*) FROM facts WHERE name LIKE 'copying%'") == [(0,)]


async def test_a_database_that_is_not_there_yet_is_made(
    source: str, engine: str, tmp_path: Path
) -> None:
    if engine == "postgres":
        new = f"sqlite:///{tmp_path}/begun.db"
    else:
        new = empty_database(tmp_path, "postgres")
        look(new, "DROP SCHEMA public CASCADE")
        look(new, "CREATE SCHEMA public")
    await copy(source, new)
    assert contents(new) == contents(source)


async def test_one_engine_is_copied_to_itself_as_well(
    source: str, engine: str, tmp_path: Path
) -> None:
    new = empty_database(tmp_path / "same.db", engine)
    await copy(source, new)
    assert contents(new) == contents(source)


_floats = st.floats(allow_nan=False)
_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
_odd = st.lists(
    st.fixed_dictionaries(
        {
            "INTEGER": st.integers(-(2**63), 2**63 - 1),
            "REAL": _floats | st.sampled_from([-0.0, 0.1, 5e-324, math.inf, -math.inf]),
            "BLOB": st.binary(max_size=30),
            "TEXT": _texts | st.sampled_from(["", "\\N", "\\", "\t", "{}", "\U0001f6a2\u202e"]),
        }
    ),
    min_size=5,
    max_size=15,
)


@pytest.mark.slow
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(odd=_odd)
async def test_odd_values_are_kept_to_the_last_bit(
    odd: list[dict[str, Any]], tmp_path: Path
) -> None:
    def value(table: str, column: str, kind: str, n: int) -> Any:
        return odd[(n + len(column)) % len(odd)][kind]

    path = tmp_path / f"odd{next(_numbers)}.db"
    source, other = empty_database(path, "sqlite"), empty_database(path, "postgres")
    # Each example is three databases: rather many values in few.
    fill(path, 15, value)
    await copy(source, other)
    assert contents(other) == contents(source)
    back = empty_database(tmp_path / f"odd{next(_numbers)}.db", "sqlite")
    await copy(other, back)
    assert contents(back) == contents(source)


async def test_numbers_go_on_behind_those_that_were_given(source: str, new: str) -> None:
    look(source, "DELETE FROM deliveries WHERE id > 30")
    look(source, "DELETE FROM mutes")
    await copy(source, new)
    for url in (source, new):
        assert look(url, _NEW_DELIVERY) == [(41,)]
        assert look(url, "INSERT INTO mutes (chat_id, shown, query, until)"
                    " VALUES (1, 'a', 'a', 1) RETURNING id") == [(41,)]  # fmt: skip


_NEW_DELIVERY = (
    "INSERT INTO deliveries (chat_id, story_id, report_id, state, created_at)"
    " VALUES (1, 99, 99, 'sent', 1) RETURNING id"
)


async def _shelf(url: str) -> None:
    """Stories that an operator's feed opened, and one that a guest did."""
    storage = await opening.open_storage(url, alone=True, now=_NOW)
    told = {n: f"All k{n}{' few' if n % 9 == 0 else ''}" for n in range(1, 40)}
    await store(storage, *[report(n, title=title) for n, title in told.items()], now=9_000.0)
    await storage.chats.meet(chat(7))
    await brought(storage, "https://guest.example/feed", 7)
    (guest,) = [feed for feed in await storage.feeds.all() if feed.guest]
    keys = {
        n: " ".join(search_index.keys_of(title, "", "", "en", None)) for n, title in told.items()
    }
    await storage.stories.place([replace(placed(n), keys=k) for n, k in keys.items()], 9_000.0)
    async with storage._database.write() as transaction:
        await transaction.run("UPDATE stories SET opened_by = ? WHERE id = 18", guest.id)
        await search_index.put(transaction, [(18, keys[18])])
    await storage.close()


async def _found(storage: Storage, key: str) -> list[int]:
    rows = await storage.stories.with_keys({key}, None, 50, 0.0)
    return [row.story.id for row in rows]


async def test_the_same_is_found_on_both_sides(engine: str, new: str, tmp_path: Path) -> None:
    source = empty_database(tmp_path / "shelf.db", engine)
    await _shelf(source)
    await copy(source, new)
    found = []
    for url in (source, new):
        storage = await opening.open_storage(url, alone=True, now=_NOW)
        own = [await _found(storage, key) for key in ("all", "few", "k7", "none")]
        async with storage._database.write() as transaction:
            guests = [row["id"] for row in await transaction.rows("SELECT id FROM feeds")]
            await search_index.open_to_all(transaction, guests)
        found.append((own, [await _found(storage, key) for key in ("all", "few")]))
        await storage.close()
    assert found[0] == found[1]
    assert found[0][0][1] == [36, 27, 9]
    assert found[0][1][1] == [36, 27, 18, 9]


async def test_nul_which_postgresql_cannot_hold_is_replaced_and_said(tmp_path: Path) -> None:
    source = await filled(tmp_path, "sqlite")
    look(source, "UPDATE reports SET title = ? WHERE id = 3", "high\0tide\0")
    new = empty_database(tmp_path, "postgres")
    assert (await copy(source, new)).replaced == {"reports.title": 1}
    assert look(new, "SELECT title FROM reports WHERE id = 3") == [("high\ufffdtide\ufffd",)]


async def test_what_is_no_number_is_nothing_in_sqlite_or_said_where_it_may_not_be(
    tmp_path: Path,
) -> None:
    source = await filled(tmp_path, "postgres")
    look(source, "UPDATE reports SET published_at = ? WHERE id = 3", math.nan)
    new = empty_database(tmp_path / "new.db", "sqlite")
    assert (await copy(source, new)).replaced == {"reports.published_at": 1}
    assert look(new, "SELECT published_at FROM reports WHERE id = 3") == [(None,)]
    look(source, "UPDATE reports SET seen_at = ? WHERE id = 3", math.nan)
    with pytest.raises(RowRefusedError, match=r"cannot keep a row of reports: .*reports\.seen_at"):
        await copy(source, empty_database(tmp_path / "other.db", "sqlite"))


@pytest.mark.parametrize(
    ("statement", "feed"),
    [
        ("UPDATE feeds SET url = ? WHERE id = 3", 3),
        ("INSERT INTO former_addresses (url, feed_id) VALUES (?, 4)", 4),
    ],
)
async def test_an_address_that_no_index_of_postgresql_can_hold_is_said_with_what_to_do(
    tmp_path: Path, statement: str, feed: int
) -> None:
    source = await filled(tmp_path, "sqlite")
    new = empty_database(tmp_path, "postgres")
    look(source, statement, os.urandom(2_000).hex())
    with pytest.raises(RowRefusedError, match=f"feed {feed} has 4,000 bytes.*'#{feed}'"):
        await copy(source, new)
    storage = await opening.open_storage(source, alone=True, now=_NOW)
    await storage.feeds.remove(feed)
    await storage.close()
    await copy(source, new)


async def test_a_database_in_which_nothing_happened_yet_is_copied(
    engine: str, new: str, tmp_path: Path
) -> None:
    source = empty_database(tmp_path / "begun.db", engine)
    await (await opening.open_storage(source, alone=True, now=_NOW)).close()
    assert {table.rows for table in (await copy(source, new)).tables} == {0, 3}


async def test_a_database_with_something_in_it_is_left_alone(source: str, new: str) -> None:
    look(new, "INSERT INTO chats (id, kind, state, language, timezone, since, changed_at)"
         " VALUES (1, 'private', 'active', 'en', 'UTC', 1, 1)")  # fmt: skip
    before = contents(new), made_of(new)
    with pytest.raises(StorageUnusable, match=r"is not empty \(rows of .*: 1\); name a new"):
        await copy(source, new)
    assert (contents(new), made_of(new)) == before


async def test_an_empty_database_and_one_of_before_are_not_copied(
    source: str, engine: str, new: str, tmp_path: Path
) -> None:
    old = "DELETE FROM tocsin_schema WHERE number > 58" if engine == "postgres" else (
        "PRAGMA user_version = 58"
    )  # fmt: skip
    look(source, old)
    with pytest.raises(StorageUnusable, match=r"has the schema 58, .* run `tocsin db migrate`"):
        await copy(source, new)
    none = f"sqlite:///{tmp_path}/none.db"
    with pytest.raises(StorageUnusable, match="holds no data yet"):
        await copy(none, new)
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("turned", [False, True], ids=["from", "to"])
async def test_where_a_bot_works_nothing_is_copied(source: str, new: str, turned: bool) -> None:
    storage = await opening.open_storage(new if turned else source, alone=True, now=_NOW)
    with pytest.raises(AlreadyRunning):
        await copy(source, new)
    await storage.close()
    await copy(source, new)


async def test_meanwhile_no_bot_works_on_either_and_nobody_writes(source: str, new: str) -> None:
    refused: list[tuple[str, type[BaseException]]] = []

    class Intruder(Silent):
        def stage(self, name: str, total: int, done: int = 0) -> None:
            self.name = name

        def advance(self, steps: int) -> None:
            if self.name != "Comparing" or refused:
                return
            for url in (source, new):
                try:
                    _apart(_use(url, alone=True))
                except TocsinError as error:
                    refused.append(("bot", type(error)))
            try:
                _apart(_use(source, alone=False))
            except TocsinError as error:
                refused.append(("command", type(error)))

    await opening.copy(source, new, _NOW, Intruder())
    assert refused == [
        ("bot", AlreadyRunning),
        ("bot", StorageUnusable),
        ("command", StorageError),
    ]


async def _use(url: str, *, alone: bool) -> None:
    """What a bot, or a command beside it, would begin with."""
    storage = await opening.open_storage(url, alone=alone, now=_NOW)
    try:
        await storage.feeds.begin(_NOW, 60.0)
    finally:
        await storage.close()


def _apart(work: Any) -> Any:
    """On a thread of its own, while this one waits."""
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@pytest.mark.parametrize(
    ("source", "new", "said"),
    [
        ("news.db", "sqlite:///new.db", "FROM is no address of a database"),
        ("sqlite:///news.db", "mysql://news", "TO is no address of a database"),
        ("sqlite:///news.db", "sqlite:///:memory:", "TO is no address of a database"),
        ("sqlite:///news.db", "sqlite:///./news.db", "the same database"),
        ("sqlite:///gone/news.db", "sqlite:///new.db", "The folder gone does not exist"),
        ("postgresql://u:hun/ter2@h/news", "sqlite:///new.db", "FROM is no address of PostgreSQL"),
        ("postgresql://u:hunter2@127.0.0.1:9/news", "sqlite:///new.db", "cannot be reached"),
    ],
)
async def test_an_address_that_cannot_be_used_is_said_without_its_password(
    source: str, new: str, said: str
) -> None:
    with pytest.raises((BadInput, StorageUnusable), match=said) as refused:
        await opening.copy(source, new, _NOW, Silent())
    assert "ter2" not in str(refused.value)
    assert "\n" not in str(refused.value)


def _run(source: str, new: str, **more: str) -> subprocess.CompletedProcess[str]:
    words = ("bot", "db", "copy", source, new)
    return warm.run(*words, env=os.environ | more, folder=Path.cwd(), seconds=100)


def _many(path: Path, rows: int) -> None:
    """Gives a feed so many rows of keys."""
    with closing(sqlite3.connect(path)) as file, file:
        file.executemany(
            "INSERT INTO entries (feed_id, begins, packed, newest, oldest, oldest_spare)"
            " VALUES (1, ?, x'00', 1, 1, 1)",
            ((1_000 + n,) for n in range(rows)),
        )
        file.executemany(
            "INSERT INTO matches (story_id, chat_id, thread_id, report_id, terms, at)"
            " VALUES (?, 1, 0, 1, 'a', 1)",
            ((1 + n % 40,) for n in range(rows)),
        )


@pytest.mark.slow
async def test_a_copy_that_is_killed_goes_on_behind_its_last_batch(
    engine: str, new: str, tmp_path: Path
) -> None:
    path = tmp_path / "large.db"
    source = empty_database(path, "sqlite")
    fill(path, 40)
    _many(path, 30_000)
    if engine == "postgres":
        large, source = source, empty_database(path, engine)
        await copy(large, source)
    stored = [0]
    # A first time, one that went on, and when all rows are there.
    for place in ("copied:14", "copied:9", "restored:30"):
        assert _run(source, new, CRASH_AT=place).returncode == -signal.SIGKILL
        with pytest.raises(StorageUnusable, match=r"a copy of .* that was not finished"):
            await opening.open_storage(new, alone=False, now=_NOW)
        stored.append(_rows(new))
        assert stored[-1] > stored[-2] or place.startswith("restored")
    # Somebody used the old one again: that is seen when all rows are compared.
    look(source, "UPDATE added_feeds SET at = 77 WHERE feed_id = 3")
    look(source, "DELETE FROM matches WHERE story_id = 40")
    ended = _run(source, new)
    assert ended.returncode == 0, ended.stderr
    assert contents(new) == contents(source)
    await (await opening.open_storage(new, alone=True, now=_NOW)).close()


@pytest.mark.slow
async def test_ctrl_c_says_how_to_go_on(engine: str, new: str, tmp_path: Path) -> None:
    path = tmp_path / "large.db"
    source = empty_database(path, "sqlite")
    fill(path, 40)
    _many(path, 60_000)
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "db", "copy", source, new],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    while not look(new, "SELECT 1 FROM facts WHERE name = 'copying'"):
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    said, complained = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said == ""
    assert "Stopped. Run the same command again to go on from here." in complained
    assert "Traceback" not in complained
    ended = _run(source, new, COLUMNS="100")
    assert ended.returncode == 0, ended.stderr
    assert "entries" in ended.stdout
    assert "NO" not in ended.stdout


async def test_half_a_copy_of_another_database_is_left_alone(
    source: str, engine: str, new: str, tmp_path: Path
) -> None:
    class Cut(Silent):
        def stage(self, name: str, total: int, done: int = 0) -> None:
            if name == "Comparing":
                raise StorageError("cut off")

    with pytest.raises(StorageError, match="cut off"):
        await opening.copy(source, new, _NOW, Cut())
    other = await filled(tmp_path, "sqlite")
    with pytest.raises(StorageUnusable, match=r"holds a part of .*, of a copy that was not fini"):
        await copy(other, new)
    for use in (opening.migrate(new), opening.missing(new), _use(new, alone=False)):
        with pytest.raises(StorageUnusable, match=r"a copy of .* that was not finished"):
            await use
    await copy(source, new)
    assert contents(new) == contents(source)


_row = st.tuples(st.none() | st.integers() | st.text() | st.binary() | _floats, st.text())


@given(st.lists(_row), st.randoms(use_true_random=False))
def test_a_sum_knows_no_order_and_sees_every_difference(rows: list[Any], chance: Any) -> None:
    turned = list(rows)
    chance.shuffle(turned)
    assert sum_of(rows) == sum_of(turned)
    assert sum_of([*rows, (1, "a")]) != sum_of(rows)
    assert sum_of([*rows, (1, "a")]) != sum_of([*rows, ("1", "a")])
    assert sum_of([*rows, (0.0, None)]) == sum_of([*rows, (-0.0, None)])


@example({"bytes": [1]})
@given(st.dictionaries(_texts, st.none() | st.lists(st.integers() | st.binary() | _texts)))
def test_how_far_a_copy_is_can_be_read_again(tables: dict[str, Any]) -> None:
    places = {name: at if at is None else tuple(at) for name, at in tables.items()}
    progress = Progress("news.db", "abc", places)
    assert progress_of(progress.text()) == progress


def _rows(url: str) -> int:
    return sum(map(len, contents(url).values()))
