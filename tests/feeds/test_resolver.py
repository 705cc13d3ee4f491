"""Names that do not answer hold up nobody else's. The resolver is real; names answer as told."""

import asyncio
import socket
import threading
from typing import Any

import pytest

from bot.feeds.fetching.resolver import Resolver
from bot.turns import on_behalf_of

ADDRESS = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("192.0.2.7", 80))


class Names:
    """What the system's resolver says: names that begin with "slow" answer when they are let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, **_: Any) -> list[tuple[Any, ...]]:
        self.asked.append(host)
        if host.startswith("slow"):
            self.go.wait(30)
        if host.startswith("unknown"):
            raise socket.gaierror(socket.EAI_NONAME, "unknown")
        return [ADDRESS]


async def resolved(resolver: Resolver, host: str) -> str:
    (found,) = await resolver.resolve(host, 80)
    return found["host"]


def begun(resolver: Resolver, who: int | None, host: str) -> "asyncio.Task[str]":
    with on_behalf_of(who):
        return asyncio.create_task(resolved(resolver, host))


async def test_slow_names_of_chats_hold_up_neither_others_nor_ours() -> None:
    names = Names()
    resolver = Resolver(names)
    slow = [begun(resolver, who, f"slow{who}-{n}") for who in range(1, 6) for n in range(50)]
    await asyncio.sleep(0)
    async with asyncio.timeout(60):
        for who in (99, None):
            assert await begun(resolver, who, f"quick{who}") == "192.0.2.7"
        # What does not ask for names is not held up either: it has the loop's own threads.
        assert await asyncio.to_thread(lambda: 1) == 1
    assert len(names.asked) == 5 * 4 + 2
    names.go.set()
    assert set(await asyncio.gather(*slow)) == {"192.0.2.7"}


async def test_who_gives_up_leaves_the_turn_to_the_thread_that_goes_on() -> None:
    names = Names()
    resolver = Resolver(names)
    given_up = [begun(resolver, 1, f"slow{n}") for n in range(4)]
    while len(names.asked) < 4:
        await asyncio.sleep(0)
    for each in given_up:
        each.cancel()
    await asyncio.gather(*given_up, return_exceptions=True)
    waiting = begun(resolver, 1, "quick")
    for _ in range(5):
        await asyncio.sleep(0)
    assert names.asked[4:] == []
    names.go.set()
    assert await waiting == "192.0.2.7"


async def test_an_unknown_name_is_an_error_as_the_system_gives_it() -> None:
    with pytest.raises(OSError, match="unknown"):
        await resolved(Resolver(Names()), "unknown.example")


async def test_this_machine_is_found_by_the_systems_own_resolver() -> None:
    (found, *_) = await Resolver().resolve("localhost", 80, socket.AF_INET)
    assert (found["host"], found["port"]) == ("127.0.0.1", 80)
