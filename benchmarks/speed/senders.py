"""Ways to send messages, each as a program of its own: python senders.py WAY URL IN_FLIGHT SECONDS

WAY is `tocsin` (python-telegram-bot over our transport), `default` (its own), `limiter` (its own,
with its rate limiter, whose limits are out of reach), or `limit` (bare aiohttp). IN_FLIGHT are
counts with commas between, which take turns: a machine that is slow for a second is so for all.
Prints for each messages a second and milliseconds of CPU for one, the median of its turns. Only
`tocsin` imports anything of ours.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from statistics import median

TOKEN = "1:benchmark"
TURNS = 7
TEXT = (
    "<b>Harbour ferry runs again after the storm</b>\n\nThe first boats left at dawn with 200"
    " on board; the company says that the evening ones will follow.\n\n"
    '<a href="https://harbour.example/articles/17">Harbour Post</a>'
)
Send = Callable[[int], Awaitable[object]]


async def _over_aiohttp(url: str, most: int, stack: AsyncExitStack) -> Send:
    import aiohttp

    connector = aiohttp.TCPConnector(limit=most)
    session = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
    address = f"{url}/bot{TOKEN}/sendMessage"

    async def send(chat: int) -> None:
        body = {"chat_id": str(chat), "text": TEXT, "parse_mode": "HTML"}
        async with session.post(address, data=body) as answer:
            await answer.json()

    return send


async def _over_ours(url: str, most: int, stack: AsyncExitStack) -> Send:
    import telegram

    from bot.delivery.transport import AiohttpRequest
    from bot.garbage import look_seldom

    look_seldom()  # as the bot does when it begins
    requests = [AiohttpRequest(seconds=20, connect_seconds=5, connections=most) for _ in range(2)]
    for request in requests:
        await request.initialize()
        stack.push_async_callback(request.shutdown)
    bot = telegram.Bot(
        TOKEN, base_url=f"{url}/bot", request=requests[0], get_updates_request=requests[1]
    )
    return lambda chat: bot.send_message(chat, TEXT, parse_mode="HTML")


async def _over_its_own(url: str, most: int, stack: AsyncExitStack) -> Send:
    import telegram
    from telegram.request import HTTPXRequest

    request = HTTPXRequest(connection_pool_size=most, pool_timeout=60, connect_timeout=60)
    bot = telegram.Bot(TOKEN, base_url=f"{url}/bot", request=request)
    await stack.enter_async_context(bot)
    return lambda chat: bot.send_message(chat, TEXT, parse_mode="HTML", read_timeout=60)


async def _limited(url: str, most: int, stack: AsyncExitStack) -> Send:
    from telegram.ext import AIORateLimiter, ExtBot
    from telegram.request import HTTPXRequest

    request = HTTPXRequest(connection_pool_size=most, pool_timeout=60, connect_timeout=60)
    limiter = AIORateLimiter(overall_max_rate=1_000_000, group_max_rate=0, group_time_period=0)
    bot = ExtBot(TOKEN, base_url=f"{url}/bot", request=request, rate_limiter=limiter)
    await stack.enter_async_context(bot)
    return lambda chat: bot.send_message(chat, TEXT, parse_mode="HTML", read_timeout=60)


WAYS = {
    "tocsin": _over_ours, "default": _over_its_own, "limiter": _limited, "limit": _over_aiohttp,
}  # fmt: skip


async def measure(way: str, url: str, in_flight: int, seconds: float) -> tuple[float, float]:
    """Messages a second, and milliseconds of CPU a message."""
    sent = 0

    async def one_after_the_other(send: Send, chat: int, until: float) -> None:
        nonlocal sent
        while time.monotonic() < until:
            await send(chat)
            sent += 1

    async with AsyncExitStack() as stack:
        send = await WAYS[way](url, in_flight, stack)
        await asyncio.gather(*(send(1 + n) for n in range(in_flight)))  # opens the connections
        began, cpu = time.monotonic(), time.process_time()
        until = began + seconds
        await asyncio.gather(*(one_after_the_other(send, 1 + n, until) for n in range(in_flight)))
        took, used = time.monotonic() - began, time.process_time() - cpu
    return sent / took, used * 1000 / sent


def main(way: str, url: str, in_flight: str, seconds: str) -> None:
    """Measures in turns, and prints a line for each count."""
    counts = [int(count) for count in in_flight.split(",")]
    turns = [
        [asyncio.run(measure(way, url, count, float(seconds) / TURNS)) for count in counts]
        for _ in range(TURNS)
    ]
    for found in zip(*turns, strict=True):
        print(*map(median, zip(*found, strict=True)))


if __name__ == "__main__":
    main(*sys.argv[1:])
