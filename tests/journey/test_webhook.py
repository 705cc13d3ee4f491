"""The bot by webhook: Telegram posts what people say, and nothing of it is lost or done twice."""

import asyncio
import json
import signal
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import unused_port

from benchmarks import kills
from bot.playground.world import ADA_ID, BEN_ID
from storage.aside import Queue
from tests.databases import empty_database, refuse
from tests.journey.town import Town, town, until

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


def _said(t: Town, number: int, text: str) -> dict[str, Any]:
    """An update as Telegram posts it; its number is far behind those of the playground."""
    message = t.playground.people.say(ADA_ID, text)
    chat = {"id": ADA_ID, "type": "private", "first_name": "Ada"}
    person = {"id": ADA_ID, "is_bot": False, "first_name": "Ada", "language_code": "en"}
    return {
        "update_id": number,
        "message": {
            "message_id": message.id,
            "date": int(message.date),
            "chat": chat,
            "from": person,
            "text": text,
        },
    }


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
    await t.ask("/help")
    await t.stop_bot()
    before = len(t.messages())
    t.playground.people.say(ADA_ID, "/status")
    t.playground.people.say(ADA_ID, "/privacy")
    await until(lambda: "last_error_message" in t.playground.stage.hook.info(), "a failed post")
    await t.start_bot()
    await until(lambda: len(t.messages()) >= before + 2, "both answers")
    assert "/subscribe" in t.texts()[before] or "follow" in t.texts()[before].lower()
    assert "stored" in t.texts()[before + 1].lower()
