"""The bot by webhook: Telegram posts what people say, and nothing of it is lost or done twice."""

import asyncio
import dataclasses
import json
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from benchmarks import kills
from bot.playground.chats.world import ADA_ID, BEN_ID
from bot.settings import Secret
from storage.aside import Queue
from storage.updates import PostedUpdate
from tests import warm
from tests.databases import empty_database, look, refuse
from tests.journey.town import PATIENCE, Town, town, until
from tests.warm import Started

pytestmark = pytest.mark.slow

_SECRET = "hush_hush-7"
_HEADER = "X-Telegram-Bot-Api-Secret-Token"


def _settings() -> dict[str, Any]:
    listen = f"127.0.0.1:{unused_port()}"
    return {
        "web_listen": listen,
        "webhook_url": f"http://{listen}/telegram",
        "webhook_secret": _SECRET,
    }


@pytest.fixture
async def by_post(tmp_path: Path, engine: str) -> AsyncIterator[Town]:
    """A town whose bot has a webhook; the test starts it."""
    async with town(tmp_path, engine=engine, **_settings()) as made:
        yield made


async def _post(t: Town, update: dict[str, Any], secret: str = _SECRET) -> int:
    assert t.settings.webhook_url
    async with (
        aiohttp.ClientSession() as session,
        session.post(t.settings.webhook_url, json=update, headers={_HEADER: secret}) as answer,
    ):
        return answer.status


def _said(number: int, text: str, chat_id: int = ADA_ID) -> dict[str, Any]:
    """An update as Telegram posts it; its number is not one of the playground's."""
    person = {"id": chat_id, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    return {
        "update_id": number,
        "message": {
            "message_id": 100_000 + number,
            "date": 1_790_000_000,
            "chat": {"id": chat_id, "type": "private", "first_name": "Ada"},
            "from": person,
            "text": text,
        },
    }


async def _waiting(t: Town) -> list[int]:
    async with t.storage() as storage:
        return [update.id for update in await storage.updates.waiting([], None, 100)]


async def _all_handled(t: Town) -> None:
    async with asyncio.timeout(PATIENCE):
        while await _waiting(t):
            await asyncio.sleep(0.02)


@pytest.mark.both_engines
async def test_commands_and_alerts_go_by_webhook_as_they_do_by_polling(by_post: Town) -> None:
    t = by_post
    await t.start_bot()
    assert t.playground.stage.updates.webhook_url == t.settings.webhook_url
    await t.ask("/subscribe")
    message = await t.ask("/topic ferry")
    t.playground.newsroom.publish("harbour-post", "Ferry back on the northern line")
    alert = await t.alert("Ferry back")
    assert t.labels(alert)
    assert await t.press(alert, t.labels(alert)[0]) is not None
    assert message.text
    await until(lambda: not t.playground.stage.updates.waiting(), "all updates posted")
    assert "last_error_message" not in t.playground.stage.hook.info()


async def test_what_people_said_while_the_bot_was_off_is_answered_in_order(by_post: Town) -> None:
    t = by_post
    await t.start_bot()
    status = (await t.ask("/status")).text.split("\n")[0]
    privacy = (await t.ask("/privacy")).text.split("\n")[0]
    await t.stop_bot()
    before = len(t.messages())
    t.playground.people.say(ADA_ID, "/status")
    t.playground.people.say(ADA_ID, "/privacy")
    await until(lambda: "last_error_message" in t.playground.stage.hook.info(), "a failed post")
    await t.start_bot()
    await until(lambda: len(t.messages()) >= before + 2, "both answers")
    assert [status, privacy] == [text.split("\n")[0] for text in t.texts()[before:]]


async def test_who_does_not_know_the_secret_says_nothing_to_the_bot(by_post: Town) -> None:
    t = by_post
    await t.start_bot()
    await t.ask("/status")
    assert await _post(t, _said(1, "/subscribe"), "wrong") == 403
    assert await _post(t, _said(2, "/help")) == 200
    await until(lambda: len(t.messages()) > 1, "an answer")
    await _all_handled(t)
    assert len(t.messages()) == 2
    async with t.storage() as storage:
        assert await storage.chats.subscriptions(ADA_ID) == []


@pytest.mark.both_engines
async def test_the_same_update_twice_is_answered_once(by_post: Town) -> None:
    t = by_post
    await t.start_bot()
    await t.ask("/status")
    posted = [_post(t, _said(7, "/help")) for _ in range(5)]
    assert await asyncio.gather(*posted) == [200] * 5
    await until(lambda: len(t.messages()) > 1, "an answer")
    await _all_handled(t)
    assert await _post(t, _said(7, "/help")) == 200
    # After a start too: what was handled is remembered on disk.
    await t.stop_bot()
    await t.start_bot()
    await t.ask("/status")
    assert await _post(t, _said(7, "/help")) == 200
    await t.ask("/privacy")
    assert len(t.messages()) == 4


@pytest.mark.both_engines
async def test_an_update_that_fails_again_and_again_is_kept_and_passed_over(by_post: Town) -> None:
    t = by_post
    await t.start_bot()
    refuse(t.settings.database_url, "INSERT", "chats", f"NEW.id = {BEN_ID}")
    assert await _post(t, _said(7, "/help", BEN_ID)) == 200
    assert await _post(t, {"update_id": 8, "message": {"message_id": "nothing like it"}}) == 200
    await t.ask("/help")  # nobody else waits for it
    await _all_handled(t)
    async with t.storage() as storage:
        assert await storage.aside.counts() == {Queue.UPDATES: 2}
        unread, failed = sorted(await storage.aside.newest(9), key=lambda each: each.reason)
        assert (unread.item, unread.reason) == ("8", "It cannot be read.")
        assert failed.item == "7"
        assert failed.reason.startswith("RowRefusedError: ")
    assert t.messages(BEN_ID) == []


async def test_a_flood_by_webhook_is_answered_as_one_by_polling(by_post: Town) -> None:
    t = by_post
    await t.start_bot()
    await t.ask("/help")
    await asyncio.gather(*(_post(t, _said(n, "/status")) for n in range(1, 121)))
    await _all_handled(t)
    await until(lambda: "(101 times)" in t.texts()[-1], "what was left, said")
    assert len(t.messages()) == 21


async def test_who_goes_back_to_polling_answers_what_was_posted_before(by_post: Town) -> None:
    t = by_post
    await t.start_bot()
    await t.ask("/status")
    await t.stop_bot()
    async with t.storage() as storage:
        update = _said(7, "/help")
        posted = PostedUpdate(7, ADA_ID, json.dumps(update))
        await storage.updates.keep([posted], t.now())
    t.settings = dataclasses.replace(t.settings, webhook_url=None, webhook_secret=None)
    await t.start_bot()
    await until(lambda: len(t.messages()) > 1, "an answer to what was posted")
    await t.ask("/status")
    assert t.playground.stage.updates.webhook_url == ""


async def test_another_secret_is_set_at_the_next_start(by_post: Town) -> None:
    t = by_post
    await t.start_bot()
    await t.ask("/help")
    await t.stop_bot()
    t.settings = dataclasses.replace(t.settings, webhook_secret=Secret("another"))
    await t.start_bot()
    await t.ask("/help")
    assert "last_error_message" not in t.playground.stage.hook.info()


class Machine:
    """A playground and a bot, both processes of their own; the bot has a webhook."""

    def __init__(self, known: kills.Server, folder: Path, engine: str) -> None:
        self.known, self.folder = known, folder
        listen = f"127.0.0.1:{unused_port()}"
        self.database = known.introduce(empty_database(folder / "bot.db", engine))
        (folder / "feeds.txt").write_text(known.feeds["harbour-courier"])
        self.environment = kills.environment(
            known,
            folder,
            DATABASE_URL=self.database,
            WEB_LISTEN=listen,
            WEBHOOK_URL=f"http://{listen}/telegram",
            WEBHOOK_SECRET=_SECRET,
            LOG_LEVEL="debug",
        )
        self.bot: Started | None = None

    def start(self, crash_at: str = "") -> None:
        """Starts the bot, which dies at the point that is named."""
        more = {"CRASH_AT": crash_at} if crash_at else {}
        self.bot = kills.start_warm_bot(self.environment | more, self.folder)

    def died(self) -> None:
        """Waits until the bot has died as it was told."""
        assert self.bot
        assert self.bot.wait(40) == -signal.SIGKILL

    def listens(self) -> bool:
        """Whether the bot has said where Telegram may post."""
        return "Telegram posts updates here" in self.log()

    def log(self) -> str:
        """What the bot has logged."""
        return (self.folder / "bot.log").read_text()

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What another program sees in the database."""
        return look(self.database, sql)

    def answers(self, chat_id: int) -> int:
        """How many messages the bot has sent to a chat."""
        entries = self.known.get("ledger")["entries"]
        return sum(1 for e in entries if e["chat_id"] == chat_id and e["method"] == "sendMessage")

    def wait_for(self, true: Callable[[], object], what: str) -> None:
        """Waits until `true()`."""
        kills.wait_until(true, 40, what)


@pytest.fixture
def machine(tmp_path: Path, engine: str) -> Iterator[Machine]:
    with kills.server() as known:
        made = Machine(known, tmp_path, engine)
        try:
            yield made
        finally:
            if made.bot:
                made.bot.kill()
                made.bot.wait(10)


@pytest.mark.both_engines
@pytest.mark.parametrize("point", ["kept", "heard"])
def test_killed_before_an_update_was_handled_it_is_answered_after_the_start(
    machine: Machine, point: str
) -> None:
    machine.start(crash_at=point)
    machine.wait_for(machine.listens, "its webhook")
    machine.known.post("say", chat_id=ADA_ID, text="/help")
    machine.died()
    assert machine.answers(ADA_ID) == 0
    machine.start()
    machine.wait_for(lambda: machine.answers(ADA_ID), "an answer")
    machine.wait_for(
        lambda: machine.rows("SELECT 1 FROM updates WHERE handled_at > 0"), "the end of it"
    )
    assert machine.answers(ADA_ID) == 1


@pytest.mark.both_engines
def test_an_update_that_kills_the_process_three_times_is_passed_over(machine: Machine) -> None:
    machine.start(crash_at="heard")
    machine.wait_for(machine.listens, "its webhook")
    machine.known.post("say", chat_id=ADA_ID, text="/help")
    machine.died()
    for _ in range(2):
        machine.start(crash_at="heard")
        machine.died()
    machine.start()
    machine.wait_for(lambda: machine.rows("SELECT 1 FROM set_aside"), "what was set aside")
    machine.known.post("say", chat_id=ADA_ID, text="/status")
    machine.wait_for(lambda: machine.answers(ADA_ID), "an answer to the next")
    ((tries, body),) = machine.rows(
        "SELECT tries, body FROM updates WHERE body IS NOT NULL AND handled_at > 0"
    )
    assert tries == 3
    assert "/help" in body
    ((queue, reason),) = machine.rows("SELECT queue, reason FROM set_aside")
    assert (queue, reason) == ("updates", "It was begun 3 times and did not end.")
    assert machine.answers(ADA_ID) == 1
    assert _SECRET not in machine.log()


def _doctor(machine: Machine, **settings: str) -> dict[str, Any]:
    """What `tocsin doctor` says of Telegram."""
    env = machine.environment | settings
    ended = warm.run("bot", "doctor", "--json", env=env, folder=machine.folder)
    findings = json.loads(ended.stdout)["findings"]
    found: dict[str, Any] = next(each for each in findings if each["check"] == "telegram")
    return found


def test_doctor_says_what_telegram_says_of_the_webhook(machine: Machine) -> None:
    url = machine.environment["WEBHOOK_URL"]
    machine.start()
    machine.wait_for(machine.listens, "its webhook")
    well = _doctor(machine)
    assert well["ok"]
    assert f"updates are posted to {url}, 0 wait there" in well["detail"]
    assert "the bot is running" not in well["detail"]
    other = _doctor(machine, WEBHOOK_URL=f"{url}/elsewhere")
    assert not other["ok"]
    assert f"its webhook is {url}" in other["detail"]
    assert f"sets it to {url}/elsewhere" in other["advice"]

    assert machine.bot
    machine.bot.send_signal(signal.SIGTERM)
    assert machine.bot.wait(20) == 0
    machine.known.post("say", chat_id=ADA_ID, text="/help")
    machine.wait_for(lambda: "Connection refused" in _doctor(machine)["detail"], "the error")
    off = _doctor(machine)
    assert off["ok"]  # nobody is there to take it
    assert "1 wait there; the last error, of 20" in off["detail"]
    assert "403 means another WEBHOOK_SECRET" in off["advice"]
