"""What Telegram posts is kept before it is answered: real HTTP, a real database."""

import asyncio
import gzip
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs
from telegram import Update

from bot.loops import Stop, Wakeup
from bot.metrics import Metrics
from bot.pipeline.receive import Receiver, blotted, chat_of, read_post
from bot.web import webhook
from bot.web.server import serve
from storage.storage import Storage
from storage.updates import MOST_WAITING
from tests.databases import locked, look
from tests.storage.samples import sql

_SECRET = "a-secret_of-64"
_HEADER = "X-Telegram-Bot-Api-Secret-Token"


def _message(number: int, chat_id: int = 5001, text: str = "/help") -> dict[str, Any]:
    chat = {"id": chat_id, "type": "private", "first_name": "Ada"}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1, "chat": chat, "text": text},
    }


@dataclass
class Door:
    """Where Telegram posts, and what is behind it."""

    url: str
    session: aiohttp.ClientSession
    storage: Storage
    receiver: Receiver
    heard: list[bool]
    bell: Wakeup

    async def post(self, body: object, secret: str | None = _SECRET, **headers: str) -> int:
        """Posts bytes, or something as JSON; returns the status."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        known = {} if secret is None else {_HEADER: secret}
        async with self.session.post(
            self.url, data=io.BytesIO(data), headers=known | headers
        ) as answer:
            return answer.status

    async def kept(self) -> list[int]:
        """The numbers of what waits."""
        return [update.id for update in await self.storage.updates.waiting([], None, 1_000)]

    def counted(self, outcome: str) -> float:
        """How many posts came to this."""
        name = "tocsin_webhook_posts_total"
        found = self.receiver.metrics.registry.get_sample_value(name, {"outcome": outcome})
        return found or 0.0


@pytest.fixture
async def door(storage: Storage) -> AsyncIterator[Door]:
    stop, metrics, heard = Stop(), Metrics(), list[bool]()
    bell = stop.wakeup()
    receiver = Receiver(
        updates=storage.updates,
        now=lambda: 1_000.0,
        stop=stop,
        bell=bell,
        metrics=metrics,
    )
    routes = webhook.routes("/telegram", _SECRET, receiver, lambda: heard.append(True))

    async def ready() -> None:
        return None

    async with (
        serve("127.0.0.1:0", None, metrics, ready, routes) as url,
        aiohttp.ClientSession() as session,
    ):
        yield Door(f"{url}/telegram", session, storage, receiver, heard, bell)
        await receiver.end()


async def test_what_is_posted_is_kept_as_it_was_written_and_rings(door: Door) -> None:
    body = json.dumps(_message(7, text="naïve \x00 \ud83d ’")).encode()
    assert await door.post(body) == 200
    (update,) = await door.storage.updates.waiting([], None, 9)
    assert (update.id, update.chat_id, update.body.encode()) == (7, 5001, body)
    assert door.bell.rung
    assert door.heard == [True]


async def test_the_same_twice_is_kept_once_and_answered_twice(door: Door) -> None:
    assert [await door.post(_message(7)) for _ in range(3)] == [200] * 3
    await door.storage.updates.mark([], [7], 2.0)
    assert await door.post(_message(7)) == 200
    assert await door.kept() == []
    assert (door.counted("taken"), door.counted("repeated")) == (1, 3)


async def test_who_does_not_know_the_secret_is_turned_away_unread(door: Door) -> None:
    for secret in (None, "", "a-secret_of-6", "a-secret_of-644", "A-SECRET_OF-64", "öffne"):
        assert await door.post(_message(7), secret) == 403
    assert await door.post(b"x" * 9_000_000, "wrong") == 403
    assert await door.kept() == []
    assert door.counted("wrongsecret") == 7
    assert door.heard == []


_NO_UPDATES: tuple[object, ...] = (
    b"",
    b"{",
    b"[]",
    b"7",
    b'"update_id"',
    b"\xff\xfe",
    json.dumps(_message(7)).encode("utf-16"),
    b"[" * 100_000,
    b'{"update_id": ' + b"9" * 5_000 + b"}",
    {},
    {"update_id": "7"},
    {"update_id": True},
    {"update_id": 7.0},
    {"update_id": None},
    {"update_id": 0},
    {"update_id": -7},
    {"update_id": 2**63},
)


async def test_what_is_no_update_is_refused_and_counted(door: Door) -> None:
    for body in _NO_UPDATES:
        assert await door.post(body) == 400
    assert await door.kept() == []
    assert door.counted("unreadable") == len(_NO_UPDATES)


async def test_a_body_has_a_size_and_is_not_packed(door: Door) -> None:
    fits = _message(7, text="x" * 900_000)
    assert await door.post(fits) == 200
    assert await door.post(_message(8, text="x" * 1_100_000)) == 413

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(64):
            yield b"x" * 65_536

    async with door.session.post(door.url, data=parts(), headers={_HEADER: _SECRET}) as answer:
        assert answer.status == 413
    packed = gzip.compress(json.dumps(_message(9)).encode())
    assert await door.post(packed, **{"Content-Encoding": "gzip"}) == 415
    assert await door.kept() == [7]


async def test_only_posts_are_taken(door: Door) -> None:
    for method in ("GET", "PUT", "HEAD"):
        async with door.session.request(method, door.url, headers={_HEADER: _SECRET}) as answer:
            assert answer.status == 405


async def test_many_at_one_time_become_few_transactions(door: Door, url: str) -> None:
    numbers = list(range(1, 301))
    answers = await asyncio.gather(*(door.post(_message(n, chat_id=n)) for n in numbers))
    assert set(answers) == {200}
    assert await door.kept() == numbers
    if url.startswith("postgresql"):
        ((transactions,),) = await sql(
            door.storage, "SELECT count(DISTINCT CAST(xmin AS text)) FROM updates"
        )
        assert isinstance(transactions, int)
        assert transactions < 100


@pytest.mark.slow
async def test_without_the_database_telegram_is_asked_to_come_again(door: Door, url: str) -> None:
    with capture_logs() as logged, locked(url):
        assert await asyncio.gather(*(door.post(_message(7)) for _ in range(2))) == [503] * 2
        assert await door.post(_message(7)) == 503
    (said,) = [line for line in logged if line["log_level"] != "debug"]
    assert "another program keeps it locked" in said["error"]
    assert "exc_info" not in said
    assert await door.post(_message(7)) == 200
    assert await door.kept() == [7]
    assert door.counted("not_stored") == 3


async def test_where_too_many_wait_telegram_keeps_the_next(door: Door, url: str) -> None:
    await asyncio.to_thread(
        look,
        url,
        "INSERT INTO updates (id, chat_id, body, received_at) WITH RECURSIVE s (n) AS"
        f" (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {MOST_WAITING})"
        " SELECT n, n, '{}', 1 FROM s",
    )
    assert await door.post(_message(MOST_WAITING + 1)) == 503
    await door.storage.updates.mark([], [5], 2.0)
    assert await door.post(_message(MOST_WAITING + 1)) == 200


async def test_who_ends_takes_nothing_more(door: Door) -> None:
    door.receiver.stop.request()
    assert await door.post(_message(7)) == 503


_CHATS = st.fixed_dictionaries(
    {"id": st.integers(-(2**52), 2**52).filter(bool), "type": st.just("supergroup")}
)


@given(chat=_CHATS)
def test_an_update_is_of_the_chat_that_the_library_finds(chat: dict[str, Any]) -> None:
    user = {"id": 8, "is_bot": False, "first_name": "Ben"}
    member = {"status": "member", "user": user}
    moved = {"from": user, "date": 1, "old_chat_member": member, "new_chat_member": member}
    message = {"message_id": 3, "date": 1, "chat": chat, "text": "Hello"}
    for kind, part in (
        ("message", message),
        ("edited_message", message),
        ("channel_post", message),
        ("my_chat_member", moved | {"chat": chat}),
        ("callback_query", {"id": "1", "from": user, "chat_instance": "x", "message": message}),
        ("callback_query", {"id": "1", "from": user, "chat_instance": "x", "data": "y"}),
    ):
        update = {"update_id": 1, kind: part}
        found = Update.de_json(update, None).effective_chat
        assert chat_of(update) == (found.id if found else 0)


def test_of_what_is_kept_for_inspection_the_words_of_people_are_crossed_out() -> None:
    update = _message(7, text="/topic Fähre 12 & \u200f👍🏽 naïve_x of/mine /now")
    update["message"]["entities"] = [{"type": "bot_command", "offset": 0, "length": 6}]
    kept = json.loads(blotted(json.dumps(update)))
    message = kept["message"]
    assert message["text"] == "/topic xxxxx xx & \u200f👍🏽 xxxxxxx xx/xxxx /now"
    assert message["chat"] == {"id": 5001, "type": "private", "first_name": "xxx"}
    assert message["entities"] == update["message"]["entities"]
    pressed = {"update_id": 8, "callback_query": {"id": "77", "data": "v1:follow:3"}}
    assert json.loads(blotted(json.dumps(pressed))) == pressed


def _nested(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    names = st.sampled_from(["update_id", "message", "callback_query", "chat", "id", "x"])
    return inner | st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4)


_PLAIN: st.SearchStrategy[object] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)
)
_JSON = _nested(_nested(_nested(_PLAIN)))


@given(_JSON | st.binary(max_size=20))
def test_nothing_that_is_posted_makes_reading_fail(data: object) -> None:
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    update = read_post(body)
    if update is not None:
        assert 0 < update.id < 2**63
        assert abs(update.chat_id) < 2**63
