"""A message whose answer was lost is looked for, over real HTTP, and no other is overwritten."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import telegram
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.delivery.asking import Address, Manner
from bot.delivery.outcome import Sent, Unknown
from bot.delivery.pace import Pace, PaceLimits
from bot.delivery.render import Message
from bot.delivery.send import Sender, Tries
from bot.delivery.transport import AiohttpRequest
from bot.metrics import Metrics
from bot.texts.html import Html

_GROUP = Address(-1001, "supergroup")


@dataclass
class _Group:
    """A supergroup: ids count up, whoever writes. What `breaks` is not taken, and nobody knows."""

    messages: dict[int, str] = field(default_factory=dict)
    breaks: str = "nothing"
    edited: list[int] = field(default_factory=list)

    def add(self, words: str) -> int:
        number = 101 + len(self.messages)
        self.messages[number] = words
        return number

    async def answer(self, request: web.Request) -> web.Response:
        asked = await request.json()
        words = asked["text"]
        if request.path.endswith("/sendMessage"):
            if self.breaks in words:
                return web.Response(status=502)
            return _message(self.add(words), words)
        number = asked["message_id"]
        if number not in self.messages:
            refused = {"error_code": 400, "description": "Bad Request: message to edit not found"}
            return web.json_response({"ok": False} | refused, status=400)
        self.edited.append(number)
        self.messages[number] = words
        return _message(number, words)


def _message(number: int, words: str) -> web.Response:
    chat: dict[str, Any] = {"id": _GROUP.chat_id, "type": "supergroup", "title": "Harbour"}
    result = {"message_id": number, "date": 1, "chat": chat, "text": words}
    return web.json_response({"ok": True, "result": result})


@dataclass
class _Clock:
    """Time that passes only while somebody waits; `meanwhile` is what happens in the first wait."""

    now: float = 1_800_000_000.0
    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def sleep(self, seconds: float) -> None:
        happens, self.meanwhile = self.meanwhile, None
        if happens is not None:
            await happens()
        self.now += seconds
        await asyncio.sleep(0)


@asynccontextmanager
async def _sender(group: _Group, clock: _Clock) -> AsyncIterator[Sender]:
    app = web.Application()
    app.router.add_post("/{path:.*}", group.answer)
    request = AiohttpRequest(seconds=60, connect_seconds=60, connections=8)
    async with TestServer(app, host="127.0.0.1") as server:
        url = str(server.make_url("/bot"))
        bot = telegram.Bot("1:A", base_url=url, request=request, get_updates_request=request)
        await request.initialize()
        pace = Pace(PaceLimits(0, 1, 0))
        sleep, metrics = clock.sleep, Metrics()
        try:
            yield Sender(bot=bot, pace=pace, now=lambda: clock.now, sleep=sleep, metrics=metrics)
        finally:
            await request.shutdown()


async def _alert(sender: Sender, clock: _Clock, words: str) -> object:
    clock.now += 5.0
    sender.pace.take(_GROUP.chat_id, _GROUP.kind, clock.now)
    return await sender.alert(_GROUP, Message(Html(words), words), Tries(), Manner())


@pytest.mark.parametrize("person_first", [False, True])
async def test_a_search_overwrites_no_answer_that_went_out_while_it_waited_for_its_turn(
    person_first: bool,
) -> None:
    group, clock = _Group(), _Clock()
    async with _sender(group, clock) as sender:
        assert await _alert(sender, clock, "Ferry late") == Sent(101)

        async def somebody_asks() -> None:
            if person_first:
                sender.message_ids.saw(_GROUP.chat_id, group.add("/latest"))
            assert isinstance(await sender.reply(_GROUP, Html("The latest")), Sent)

        group.breaks, clock.meanwhile = "Bridge", somebody_asks
        assert isinstance(await _alert(sender, clock, "Bridge closed"), Unknown)
        assert "The latest" in group.messages.values()
        assert group.edited == []


async def test_a_search_that_nobody_comes_between_asks_for_the_next_ids() -> None:
    group, clock = _Group(), _Clock()
    async with _sender(group, clock) as sender:
        await _alert(sender, clock, "Ferry late")
        group.breaks = "Bridge"

        async def it_arrives() -> None:
            group.add("Bridge closed")

        clock.meanwhile = it_arrives
        assert await _alert(sender, clock, "Bridge closed") == Sent(102)
        assert group.edited == [102]
