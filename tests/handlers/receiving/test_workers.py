"""On whose behalf updates are handled, and what is said of a handler that takes too long."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs
from telegram import Update

from bot.news.polling.shares import NOBODY, Who
from bot.turns import Turns, asking
from handlers.floods import MOST
from handlers.receiving.entrance import Entrance
from handlers.receiving.workers import OutOfTime, Workers
from handlers.services import Services
from storage.open import open_storage
from storage.storage import Storage
from tests.databases import empty_database
from tests.handlers.stage import (
    ADA_ID,
    BEN_ID,
    BOT_ID,
    BOT_NAME,
    CHANNEL,
    GROUP,
    SMALL_GROUP,
    START,
    Wire,
    bot_on,
    router,
)
from tests.storage.samples import chat

OPERATOR = 77
BEN = {"id": BEN_ID, "is_bot": False, "first_name": "Ben"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
ELSEWHERE = -1_009_999


class Heard(Entrance):
    """Notes on whose behalf each update was handled, once it had a turn at what all share."""

    def __init__(self, services: Services, turns: Turns) -> None:
        super().__init__(services, BOT_NAME, BOT_ID)
        self.turns = turns
        self.behind: list[Who] = []

    async def handle(self, update: Update) -> None:
        """Waits for a turn, as costly commands do."""
        async with self.turns.turn():
            self.behind.append(asking())


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(empty_database(tmp_path / "bot.db"), alone=True, now=START)
    for chat_id in (GROUP, SMALL_GROUP, CHANNEL, ELSEWHERE):
        await opened.chats.meet(chat(chat_id, kind="channel" if chat_id == CHANNEL else "group"))
    yield opened
    await opened.close()


@pytest.fixture
def services(storage: Storage) -> Services:
    return router(storage, Wire(), [START], admin_ids=(OPERATOR,))._services


def _message(chat_id: int, text: str = "/topic test ferry", **more: Any) -> dict[str, Any]:
    kind = "private" if chat_id > 0 else "channel" if chat_id == CHANNEL else "supergroup"
    return {"message_id": 1, "date": 1, "chat": {"id": chat_id, "type": kind}, "text": text} | more


def _as_chat(chat_id: int, **more: Any) -> dict[str, Any]:
    said = _message(chat_id, **more)
    return said | {"sender_chat": said["chat"], "from": ANONYMOUS}


def _update(number: int = 1, **what: Any) -> Update:
    update = Update.de_json({"update_id": number} | what, bot_on(Wire()))
    assert update
    return update


async def _behind(services: Services, *updates: Update) -> list[Who]:
    entrance, workers = Heard(services, Turns(1, chats=1)), Workers(services)
    for update in updates:
        await workers.handle(entrance, update)
    return entrance.behind


async def test_what_a_person_asks_is_theirs_in_whatever_chat(services: Services) -> None:
    press = {"id": "1", "from": BEN, "chat_instance": "1", "data": "v1:topics"}
    assert (
        await _behind(
            services,
            _update(message=_message(BEN_ID) | {"from": BEN}),
            _update(message=_message(GROUP) | {"from": BEN}),
            _update(edited_message=_message(SMALL_GROUP) | {"from": BEN}),
            _update(callback_query=press | {"message": _as_chat(GROUP)}),
        )
        == [BEN_ID] * 4
    )


async def test_who_writes_as_a_chat_is_whoever_kept_it_last(
    services: Services, storage: Storage
) -> None:
    for chat_id in (GROUP, CHANNEL):
        await storage.keepers.keep(chat_id, ADA_ID, START)
        await storage.keepers.keep(chat_id, BEN_ID, START + 1)
    channel_in_group = _message(GROUP) | {"sender_chat": _message(ELSEWHERE)["chat"]}
    post = _as_chat(CHANNEL)
    del post["from"]
    updates = [
        _update(message=_as_chat(GROUP)),
        _update(message=channel_in_group | {"from": ANONYMOUS}),
        _update(channel_post=post),
    ]
    # A member who writes as a channel of theirs is not who keeps the group.
    assert await _behind(services, *updates) == [BEN_ID, NOBODY, BEN_ID]
    await storage.keepers.keep(ELSEWHERE, ADA_ID, START)
    assert await _behind(services, *updates) == [BEN_ID, ADA_ID, BEN_ID]


@pytest.mark.slow
async def test_chats_that_nobody_is_known_to_keep_have_one_share(services: Services) -> None:
    for chat_id in (GROUP, SMALL_GROUP, CHANNEL):
        assert await _behind(services, _update(message=_as_chat(chat_id))) == [NOBODY]


async def test_who_writes_as_a_chat_that_nobody_is_known_to_keep_is_whose_it_is(
    storage: Storage,
) -> None:
    wire = Wire()
    wire.owners = {GROUP: ADA_ID, SMALL_GROUP: BEN_ID}
    services = router(storage, wire, [START])._services
    groups = [_update(message=_as_chat(each)) for each in (GROUP, SMALL_GROUP)]
    assert await _behind(services, *groups) == [ADA_ID, BEN_ID]
    wire.owners.clear()
    assert await _behind(services, *groups) == [ADA_ID, BEN_ID]
    assert await storage.keepers.newest(GROUP) == ADA_ID


@pytest.mark.slow
async def test_who_writes_as_many_groups_of_theirs_counts_as_three_people(
    storage: Storage,
) -> None:
    wire, groups = Wire(), range(-100, -9)
    wire.owners = dict.fromkeys(groups, BEN_ID)
    services = router(storage, wire, [START])._services
    entrance, workers = Entrance(services, BOT_NAME, BOT_ID), Workers(services)
    for number, group in enumerate(groups):
        await workers.handle(entrance, _update(number, message=_as_chat(group, text="/latest")))
    assert len({group for group, _ in wire.shown}) == 3 * MOST


async def test_what_an_operator_asks_is_ours(services: Services) -> None:
    operator = BEN | {"id": OPERATOR}
    assert await _behind(
        services,
        _update(message=_message(OPERATOR) | {"from": operator}),
        _update(message=_message(GROUP) | {"from": operator}),
    ) == [None, None]


async def test_the_groups_of_one_person_wait_behind_one_another_and_nobody_behind_them(
    services: Services,
) -> None:
    """Twenty groups of Ben's ask for what is costly, then Ada does."""
    turns = Turns(1, chats=1)
    entrance, workers = Heard(services, turns), Workers(services)

    async def ask(number: int, update: Update) -> None:
        workers.hand_over(entrance, update, lambda: workers.handle(entrance, update))
        async with asyncio.timeout(60):
            while turns.waiting < number:
                await asyncio.sleep(0)

    await turns.take()
    for n in range(1, 21):
        await ask(n, _update(n, message=_message(-1_000_000 - n) | {"from": BEN}))
    ada = BEN | {"id": ADA_ID}
    await ask(21, _update(21, message=_message(ADA_ID) | {"from": ada}))
    turns.give(None)
    async with asyncio.timeout(60):
        while len(entrance.behind) < 21:
            await asyncio.sleep(0)
    assert entrance.behind[:3] == [BEN_ID, ADA_ID, BEN_ID]


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"message": _message(GROUP, "/topic test secret") | {"from": BEN}}, "/topic"),
        ({"message": _message(BEN_ID, "my secret") | {"from": BEN}}, "words"),
        (
            {
                "callback_query": {
                    "id": "1", "from": BEN, "chat_instance": "1", "data": "v1:try:5",
                    "message": _message(GROUP),
                }
            },
            "a press of try",
        ),
    ],
)  # fmt: skip
async def test_what_takes_too_long_is_one_line_that_names_it(
    services: Services, asked: dict[str, Any], named: str
) -> None:
    turns = Turns(1, chats=1)
    await turns.take()
    entrance, workers = Heard(services, turns), Workers(services, seconds=0.01)
    with capture_logs() as logged:
        try:
            await workers.handle(entrance, _update(5, **asked))
        except OutOfTime:
            workers.failed(5)
    (line,) = logged
    assert (line["log_level"], line["did"]) == ("warning", named)
    assert line["took"] >= 0
    assert "exc_info" not in line


async def test_a_deadline_of_somebody_else_is_an_error_like_any_other(services: Services) -> None:
    class Failing(Entrance):
        async def handle(self, update: Update) -> None:
            raise TimeoutError("a site did not answer")

    entrance, workers = Failing(services, BOT_NAME, BOT_ID), Workers(services)
    with capture_logs() as logged:
        try:
            await workers.handle(entrance, _update(message=_message(BEN_ID) | {"from": BEN}))
        except TimeoutError:
            workers.failed(1)
    assert [(line["log_level"], line["exc_info"]) for line in logged] == [("error", True)]
