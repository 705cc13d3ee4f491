"""What the library's requests tell of the connection and of what was sent, over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import telegram
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import NetworkError, TelegramError

from bot.delivery.asking import Address, Manner, MessageText, Requests
from bot.delivery.from_telegram import refusal_of
from bot.delivery.outcome import Fate
from bot.delivery.pace import Pace, PaceLimits
from bot.delivery.transport import AiohttpRequest, LeaseOver
from tests.feeds.site import Page, site

HERE = Address(70, "private")
WORDS = MessageText("<b>Ferry late</b> – «позже» 🚢", "HTML")


@dataclass
class Api:
    """A Bot API server that remembers what it was asked, and answers with what it is told to."""

    url: str = ""
    results: list[Any] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.Response:
        assert request.content_type == "application/json"
        self.asked.append(await request.json())
        return web.json_response({"ok": True, "result": self.results.pop(0)})

    def takes(self, *message_ids: object) -> None:
        """Answers with whole messages of these ids."""
        self.results += [
            {
                "message_id": each,
                "date": 1,
                "chat": {"id": 70, "type": "private", "first_name": "Ada"},
                "text": "Ferry late",
                "entities": [{"type": "bold", "offset": 0, "length": 10}],
            }
            for each in message_ids
        ]


@asynccontextmanager
async def requests() -> AsyncIterator[tuple[Api, Requests]]:
    """A server, and what sends to it through the library."""
    api = Api()
    app = web.Application()
    app.router.add_post("/{path:.*}", api.answer)
    request = AiohttpRequest(seconds=60, connect_seconds=60, connections=64)
    async with TestServer(app, host="127.0.0.1") as server:
        api.url = str(server.make_url("")).rstrip("/")
        bot = telegram.Bot(
            "1:A", base_url=f"{api.url}/bot", request=request, get_updates_request=request
        )
        await request.initialize()
        try:
            yield api, Requests(bot, Pace(PaceLimits(0, 0, 0)), lambda: 1_800_000_000.0)
        finally:
            await request.shutdown()


async def test_every_answer_is_heard_whatever_it_says_and_no_silence() -> None:
    heard: list[str] = []
    request = AiohttpRequest(
        seconds=60, connect_seconds=60, connections=2, heard=lambda: heard.append("answer")
    )
    await request.initialize()
    async with site() as server:
        server.pages["/good"] = Page('{"ok": true}', "application/json")
        server.pages["/bad"] = Page("Bad gateway", status=502)
        await request.do_request(f"{server.url}/good", "GET")
        assert len(heard) == 1
        with pytest.raises(NetworkError):
            await request.do_request(f"{server.url}/bad", "GET")
        assert len(heard) == 2
    with pytest.raises(NetworkError):
        await request.do_request(f"{server.url}/good", "GET")
    assert len(heard) == 2
    await request.shutdown()


async def test_a_message_goes_out_as_one_object_and_its_id_comes_back() -> None:
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Why?", callback_data="v1:why:3")]])
    same = {"inline_keyboard": [[{"text": "Why?", "callback_data": "v1:why:3"}]]}
    async with requests() as (api, made):
        for each in (buttons, same):
            api.takes(41)
            assert await made.send(HERE, WORDS, Manner(7, each, silent=True)) == 41
        assert (
            api.asked[0]
            == api.asked[1]
            == {
                "chat_id": 70,
                "text": WORDS.words,
                "parse_mode": "HTML",
                "disable_notification": True,
                "link_preview_options": {"is_disabled": True},
                "reply_markup": same,
                "reply_parameters": {"message_id": 7, "allow_sending_without_reply": True},
            }
        )


async def test_an_edit_takes_the_same_words_and_buttons() -> None:
    same = {"inline_keyboard": [[{"text": "Why?", "callback_data": "v1:why:3"}]]}
    preview = {"url": "https://pier.example/1", "prefer_small_media": True}
    async with requests() as (api, made):
        api.takes(41, 41, 41)
        await made.rewrite(70, 41, MessageText("Words", "HTML", preview=preview), same)
        await made.rewrite(70, 41, MessageText("Words", "HTML", "https://pier.example/a.png"), None)
        await made.change_buttons(70, 41, same)
        known = {"chat_id": 70, "message_id": 41}
        words = {"text": "Words", "parse_mode": "HTML", "link_preview_options": preview}
        assert api.asked == [
            known | words | {"reply_markup": same},
            known | {"caption": "Words", "parse_mode": "HTML"},
            known | {"reply_markup": same},
        ]


async def test_each_of_many_requests_at_once_learns_its_own_id() -> None:
    async with requests() as (api, made):
        api.takes(*range(1, 201))
        found = await asyncio.gather(*(made.send(HERE, WORDS, Manner()) for _ in range(200)))
    assert sorted(found) == list(range(1, 201))


@pytest.mark.parametrize("result", [True, [], "taken", {"ok": "yes"}, {"message_id": "41"}])
async def test_a_success_that_names_no_message_is_of_unknown_outcome(result: object) -> None:
    async with requests() as (api, made):
        api.takes(40)
        await made.send(HERE, WORDS, Manner())
        api.results.append(result)
        # What the library says of an object that is none is the caller's to take for unknown.
        with pytest.raises((TelegramError, AttributeError, KeyError, TypeError)) as raised:
            await made.send(HERE, WORDS, Manner())
    if isinstance(raised.value, TelegramError):
        assert refusal_of(raised.value).fate is Fate.LOST


async def test_an_answer_is_read_as_the_library_reads_it() -> None:
    body = json.dumps({"ok": True, "result": {"id": 1, "first_name": "Bot"}}).encode()
    assert AiohttpRequest.parse_json_payload(body)["result"]["first_name"] == "Bot"


async def test_after_the_lease_nothing_is_tried_and_the_reason_is_its_own() -> None:
    request = AiohttpRequest(seconds=60, connect_seconds=60, connections=2, may_begin=lambda: False)
    await request.initialize()
    async with site() as server:
        address = f"{server.url}/x"
        for asked in (request.retrieve(address), request.download(address, 10)):
            with pytest.raises(NetworkError, match="the bot stood still for a while") as raised:
                await asked
            assert isinstance(raised.value.__cause__, LeaseOver)
            assert refusal_of(raised.value).fate is Fate.NOT_SENT
        assert not server.visits
    await request.shutdown()
