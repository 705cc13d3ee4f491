"""Names into addresses by the system's own resolver, which may take half a minute for one and
cannot be stopped: each is asked in a thread of its own, in turns, so that names that do not answer
hold up neither the names of others nor anything else, and no thread keeps the bot from ending.

Not by c-ares (aiohttp's AsyncResolver): it does not ask what the system is set up to ask, as names
of the local network, and is one more library in C.
"""

import asyncio
import socket
import threading
from collections.abc import Callable
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult

from bot.turns import Turns

_AT_ONCE, _OF_CHATS, _OF_ONE = 48, 32, 4
_TURN_SECONDS = 15.0
_NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV

Answer = list[tuple[Any, ...]]
GetAddresses = Callable[..., Answer]


class Resolver(AbstractResolver):
    """`ask` is `socket.getaddrinfo`, except in tests."""

    def __init__(self, ask: GetAddresses = socket.getaddrinfo) -> None:
        self._ask = ask
        self._turns = Turns(_AT_ONCE, chats=_OF_CHATS, each=_OF_ONE)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """As aiohttp's; raises OSError where the name is unknown, or waited too long for its turn
        behind others of the same chat.
        """
        try:
            async with asyncio.timeout(_TURN_SECONDS):
                who = await self._turns.take()
        except TimeoutError:
            raise OSError("too many names are being looked up") from None
        answer = self._begin(host, port, family)
        # The turn lasts as long as the thread does, whoever still waits for it.
        answer.add_done_callback(lambda _: self._turns.give(who))
        found = await asyncio.shield(answer)
        return [each for row in found if (each := _result(host, row))]

    async def close(self) -> None:
        """Nothing is held."""

    def _begin(self, host: str, port: int, family: int) -> "asyncio.Future[Answer]":
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        # Nobody may be there any more to hear that it failed.
        answer.add_done_callback(lambda done: done.cancelled() or done.exception())

        def settle(found: Answer | None, error: Exception | None) -> None:
            if answer.done():
                return
            if error is not None:
                answer.set_exception(error)
            else:
                answer.set_result(found or [])

        def look_up() -> None:
            found, error = None, None
            try:
                found = self._ask(
                    host, port, type=socket.SOCK_STREAM, family=family, flags=socket.AI_ADDRCONFIG
                )
            except Exception as failed:  # a name may be one that cannot be encoded
                error = failed if isinstance(failed, OSError) else OSError(str(failed))
            try:
                loop.call_soon_threadsafe(settle, found, error)
            except RuntimeError:
                return  # the loop has ended meanwhile

        threading.Thread(target=look_up, name="resolver", daemon=True).start()
        return answer


def _result(host: str, row: tuple[Any, ...]) -> ResolveResult | None:
    """One address as aiohttp wants it; those of a link (fe80::) keep their zone."""
    family, _, proto, _, address = row
    if family == socket.AF_INET6 and len(address) < 3:
        return None  # Python was built without IPv6
    if family == socket.AF_INET6 and address[3]:
        numeric, port = socket.getnameinfo(address, socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)
        address = (numeric, int(port))
    return ResolveResult(
        hostname=host,
        host=address[0],
        port=int(address[1]),
        family=family,
        proto=proto,
        flags=_NUMERIC,
    )
