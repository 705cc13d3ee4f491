"""The playground's server: Bot API, control API, feeds and chat page on one port.

`start_playground` runs it inside a program; `python -m bot.playground.server` runs it as a
process of its own, so that a bot may be killed and started again while it lives.
"""

import argparse
import asyncio
import contextlib
import ipaddress
import json
import random
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.playground.bot_api.api import BotApi
from bot.playground.bot_api.faults import FaultPlan
from bot.playground.bot_api.ledger import Ledger
from bot.playground.bot_api.limits import BotApiLimits, RateBook
from bot.playground.bot_api.updates import UpdateQueue
from bot.playground.bot_api.verdict import Verdicts
from bot.playground.chats.people import People
from bot.playground.chats.world import World, sample_world
from bot.playground.clock import MovableClock
from bot.playground.control import Control, ZoneOf
from bot.playground.events import Events
from bot.playground.news.kiosk import Kiosk
from bot.playground.news.newsroom import Newsroom, sample_newsroom
from bot.playground.stage import Stage

TOKEN = "1000001:playground-token-AAAAAAAAAAAAAAAAAAA"  # noqa: S105  (opens nothing real)
STATIC = Path(__file__).parent / "static"
_BOT_API = ("/bot", "/file/bot")
_CONTROL = "/playground/"
_SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


@dataclass
class Playground:
    """A running playground. The Bot API is at `{url}/bot{token}/METHOD`, the page at `{url}/`."""

    url: str
    token: str
    world: World
    people: People
    ledger: Ledger
    faults: FaultPlan
    rates: RateBook
    newsroom: Newsroom
    kiosk: Kiosk
    stage: Stage
    _runner: web.AppRunner
    _publishing: asyncio.Task[None]
    _closed: bool = field(default=False)

    @property
    def feeds(self) -> dict[str, str]:
        """The addresses of all feeds by name."""
        return {name: f"{self.url}/feeds/{name}" for name in self.newsroom.outlets}

    async def close(self) -> None:
        """Stop publishing, let watchers and pollers go, free the port."""
        if self._closed:
            return
        self._closed = True
        self._publishing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._publishing
        self.stage.updates.close()
        await self.stage.hook.close()
        self.stage.events.close()
        await self._runner.cleanup()


async def start_playground(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    token: str = TOKEN,
    newsroom: Newsroom | None = None,
    limits: BotApiLimits | None = None,
    clock: Callable[[], float] = time.time,
    seed: int | None = None,
    world: World | None = None,
    zone_of: ZoneOf | None = None,
) -> Playground:
    """Start a playground; port 0 takes a free one.

    Without a newsroom the sample one publishes every few seconds; `quiet_newsroom` is for tests.
    `clock` gives seconds since 1970 and dates messages, limits and penalties. Visitors may move one
    that can be moved: the bot has to go by it too, and `zone_of` says in which zone a chat lives.
    """
    chance = random.Random(seed)  # noqa: S311  (numbers of updates, not secrets)
    world = world or sample_world(clock)
    updates = UpdateQueue(partial(chance.randrange, 100_000_000, 900_000_000), clock)
    stage = Stage(world, updates, Verdicts(), Events(), clock)
    newsroom = newsroom or sample_newsroom(clock=clock)
    people, ledger, faults, kiosk = People(stage), Ledger(), FaultPlan(), Kiosk(newsroom)
    rates = RateBook(limits or BotApiLimits())
    api = BotApi(token, stage, ledger, faults, rates)
    movable = clock if isinstance(clock, MovableClock) else None
    control = Control(stage, people, faults, ledger, newsroom, rates, movable, zone_of)
    newsroom.open()
    newsroom.listeners.append(control.tell_published)
    runner = web.AppRunner(_application(api, control, kiosk, host), shutdown_timeout=0.5)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    try:
        await site.start()
    except OSError:
        await runner.cleanup()
        raise
    bound = runner.addresses[0][1]
    shown_host = f"[{host}]" if ":" in host else host
    return Playground(
        url=f"http://{shown_host}:{bound}",
        token=token,
        world=world,
        people=people,
        ledger=ledger,
        faults=faults,
        rates=rates,
        newsroom=newsroom,
        kiosk=kiosk,
        stage=stage,
        _runner=runner,
        _publishing=asyncio.create_task(newsroom.run()),
    )


def _application(api: BotApi, control: Control, kiosk: Kiosk, host: str) -> web.Application:
    app = web.Application(middlewares=[_guarded(host)], client_max_size=4 * 1024 * 1024)
    app.router.add_route("*", "/bot{token}/{method}", api.handle)
    app.router.add_get("/file/bot{token}/documents/{file_id}", api.file)
    app.add_routes(control.routes())
    app.router.add_get("/feeds/{name}", kiosk.feed)
    app.router.add_get("/article", kiosk.article)
    app.router.add_get("/picture", kiosk.picture)
    app.router.add_get("/", _page)
    app.router.add_static("/static", STATIC)
    return app


async def _page(_: web.Request) -> web.FileResponse:
    return web.FileResponse(STATIC / "index.html")


def _guarded(host: str) -> Middleware:
    """Refuse foreign host names, so that no web site can reach in by renaming this machine, and
    what the pages of others have a browser send.
    """
    anywhere = ipaddress.ip_address(host).is_unspecified if _is_address(host) else False
    welcome = {host, "localhost", "127.0.0.1", "::1"}

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        asked = request.url.host or ""
        if not anywhere and asked not in welcome:
            return web.Response(status=421, text="This address is not served here.")
        if _is_of_a_stranger(request):
            return web.Response(status=403, text="This is not for the pages of others.")
        response = await handler(request)
        if not response.prepared:
            response.headers.update(_SECURITY)
        return response

    return guard


def _is_of_a_stranger(request: web.Request) -> bool:
    """Whether a page has a browser act here that may not: for the control API one of another
    origin, for the Bot API any, as ours has no use for it and shows pictures that feeds name.

    A page can forge neither header (Fetch Metadata; Fetch Standard, "forbidden request-header").
    Programs send none of them, nor does a browser with an address that somebody typed.
    """
    if request.path.startswith(_BOT_API):
        ours: tuple[str, ...] = ("none",)
    elif request.path.startswith(_CONTROL):
        ours = ("none", "same-origin")
    else:
        return False
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site not in ours
    # An older browser, or an address that it does not trust: it names an origin at least with POST.
    return origin is not None and origin.partition("://")[2] != request.host


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


async def _serve(arguments: argparse.Namespace) -> None:
    limits = BotApiLimits(enforced=not arguments.no_limits)
    newsroom = sample_newsroom(every=None if arguments.no_news else arguments.every)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    playground = await start_playground(
        host=arguments.host, port=arguments.port, limits=limits, newsroom=newsroom
    )
    address = {"url": playground.url, "token": playground.token, "feeds": playground.feeds}
    sys.stdout.write(json.dumps(address) + "\n")
    sys.stdout.flush()
    await stop.wait()
    await playground.close()


def main() -> None:
    """Run the playground until SIGTERM; prints its address as one line of JSON."""
    parser = argparse.ArgumentParser(description="A local Bot API server with invented news.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--every", type=float, default=8.0, help="seconds between news items")
    parser.add_argument("--no-news", action="store_true", help="publish only when told to")
    parser.add_argument("--no-limits", action="store_true", help="never answer 429 by itself")
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
