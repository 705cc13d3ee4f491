"""How many messages a second the bot can send on this machine, before a server in a process of its
own that takes everything at once (`benchmarks.taker`).

`python -m benchmarks.throughput [--chats 10000] [--idle 100] [--each 3000]` measures three things:
one story to many chats, by the whole bot; one story after the other to one chat of an idle bot,
from its first sight to its arrival; and the library over our transport beside its own, with more
and more requests in flight. CPU is user and system of the bot, its children included.
"""

import argparse
import asyncio
import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import telegram
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.request import BaseRequest, HTTPXRequest

from benchmarks import kills
from benchmarks.rig import Rig, rig
from benchmarks.taker import TakingServer, taker
from bot.delivery.transport import AiohttpRequest

_FIRST = 1_000_000
_IN_FLIGHT = (1, 16, 64, 96, 256)
_OF_THE_LIBRARY = 3
_WORDS = '<b><a href="http://harbour.example/1">Dispatch from the coast</a></b>\nHarbour Post'


async def measure(chats: int) -> dict[str, float]:
    """Messages a second, CPU of each, and the bot's memory in MB before and after."""
    with taker() as server:
        async with rig(_private(chats), api_port=server.port) as r:
            r.start()
            await r.polled()
            memory, cpu = _memory(r), cpu_seconds(r.pid)
            r.publish(1)
            most = max(120.0, chats / 100)
            await r.until(lambda: server.count() >= chats, "the last message", seconds=most)
            await r.drained()
            cpu = cpu_seconds(r.pid) - cpu
            after = _memory(r)
            twice = r.count("SELECT count(*) FROM deliveries WHERE attempts > 1 OR state <> 'sent'")
        times = server.times()
    seconds = times[-1] - times[0]
    return {
        "messages": len(times),
        "seconds": round(seconds, 2),
        "a second": round(len(times) / seconds),
        "CPU of each in µs": round(cpu / len(times) * 1e6),
        "MB before": memory,
        "MB after": after,
        "not sent once": twice,
    }


async def measure_idle(stories: int) -> dict[str, float]:
    """Milliseconds from a report's first sight to its message's arrival, where nothing else is
    sent.
    """
    with taker() as server:
        async with rig(_private(1), api_port=server.port) as r:
            r.start()
            await r.polled()
            for number in range(1, stories + 1):
                r.publish(1)
                await r.until(partial(_has_taken, server, number), "a message", seconds=60)
            await r.drained()
            seen = _seen(r)
        times = server.times()
    took = sorted((at - first) * 1000 for at, first in zip(times, seen, strict=True))
    return {
        "stories": stories,
        "p50 ms": round(statistics.median(took), 1),
        "p99 ms": round(took[math.ceil(len(took) * 0.99) - 1], 1),
        "most ms": round(took[-1], 1),
    }


def _has_taken(server: TakingServer, messages: int) -> bool:
    return server.count() >= messages


def _seen(r: Rig) -> list[float]:
    """When each story that was sent was seen first, in the order of sending."""
    sql = (
        "SELECT r.seen_at FROM deliveries d JOIN reports r ON r.id = d.report_id"
        " WHERE d.state = 'sent' ORDER BY d.message_id"
    )
    return [float(at) for (at,) in kills.rows(r.folder, sql)]


async def over(
    request: BaseRequest, server: TakingServer, in_flight: int, messages: int
) -> list[float]:
    """Messages a second of the library over a transport, and seconds of CPU for one."""
    bot = telegram.Bot("1:A", base_url=f"http://127.0.0.1:{server.port}/bot", request=request)
    left = in_flight

    async def send_some() -> None:
        nonlocal left
        while left > 0:
            left -= 1
            await bot.send_message(
                _FIRST + left,
                _WORDS,
                parse_mode="HTML",
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=InlineKeyboardMarkup(
                    [[InlineKeyboardButton("Options", callback_data=f"v1:alert:{left}")]]
                ),
            )

    await request.initialize()
    await asyncio.gather(*(send_some() for _ in range(in_flight)))  # opens the connections
    left, began, cpu = messages, time.perf_counter(), time.process_time()
    await asyncio.gather(*(send_some() for _ in range(in_flight)))
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    await request.shutdown()
    return [messages / took, cpu / messages]


def beside_the_library(in_flight: int, messages: int) -> dict[str, float]:
    """Our transport and then the library's own, each in a process of its own."""
    row: dict[str, float] = {"in flight": in_flight}
    for name, share in (("ours", 1), ("the library's", _OF_THE_LIBRARY)):
        asked = [name, str(in_flight), str(messages // share)]
        command = [sys.executable, "-m", "benchmarks.throughput", "--over", *asked]
        ran = subprocess.run(command, stdout=subprocess.PIPE, check=True)
        a_second, cpu = json.loads(ran.stdout)
        row[f"{name}, a second"] = round(a_second)
        row[f"{name}, CPU in µs"] = round(cpu * 1e6)
    return row


def _over(name: str, in_flight: int, messages: int) -> None:
    """One cell of the table, in this process."""
    request: BaseRequest
    if name == "ours":
        request = AiohttpRequest(seconds=20, connect_seconds=5, connections=in_flight)
    else:
        request = HTTPXRequest(connection_pool_size=in_flight, pool_timeout=60)
    with taker() as server:
        print(json.dumps(asyncio.run(over(request, server, in_flight, messages))))


def _private(count: int) -> list[tuple[int, str, int]]:
    return [(_FIRST + n, "private", 0) for n in range(count)]


def _memory(r: Rig) -> float:
    """Resident memory of the bot in MB."""
    for line in Path(f"/proc/{r.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return round(int(line.split()[1]) / 1024, 1)
    return 0.0


def cpu_seconds(pid: int) -> float:
    """Seconds of CPU of a process and of its children, those included that have ended."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    own = sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(cpu_seconds(int(child)) for child in children)


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints a line of figures for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=10_000)
    parser.add_argument("--idle", type=int, default=100, help="stories to an idle bot")
    parser.add_argument("--each", type=int, default=3_000, help="messages a transport")
    parser.add_argument("--over", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.over:
        name, in_flight, messages = given.over
        _over(name, int(in_flight), int(messages))
        return
    if given.chats:
        _print(asyncio.run(measure(given.chats)))
    if given.idle:
        _print(asyncio.run(measure_idle(given.idle)))
    if given.each:
        for in_flight in _IN_FLIGHT:
            _print(beside_the_library(in_flight, given.each))


def _print(row: Mapping[str, float]) -> None:
    print(", ".join(f"{k}: {v}" for k, v in row.items()), flush=True)


if __name__ == "__main__":
    main()
