"""What python-telegram-bot's requests tell of the connection, over real HTTP."""

import pytest
from telegram.error import NetworkError

from bot.delivery.transport import AiohttpRequest
from tests.feeds.site import Page, site


async def test_every_answer_is_heard_whatever_it_says_and_no_silence() -> None:
    heard: list[str] = []
    request = AiohttpRequest(
        seconds=5, connect_seconds=2, connections=2, heard=lambda: heard.append("answer")
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
