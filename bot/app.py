"""The only place that builds and wires the parts."""

import asyncio
import random
import secrets
import signal
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import structlog
import telegram
from aiohttp import web

from bot.actions import feeds as feeds_actions
from bot.actions.adding import Adding
from bot.actions.feeds import FeedWish, Imported, sort_out
from bot.data.shipped import aliases_text, presets_text, starter_bytes
from bot.delivery.files import Files
from bot.delivery.pace import Limits, Pace
from bot.delivery.send import Sender
from bot.delivery.transport import AiohttpRequest
from bot.errors import AlreadyRunning, BadInput, SettingsError
from bot.feeds import opml
from bot.feeds.fetch import Fetcher, user_agent
from bot.feeds.finder import Finder
from bot.feeds.gate import Gate
from bot.feeds.guard import Guard
from bot.feeds.opml import OpmlFeed
from bot.feeds.ourselves import Ourselves
from bot.feeds.visitor import Visitor
from bot.feeds.worker import ParserPool
from bot.loops import Now, Stop, Wakeup, keep_running, wall_clock
from bot.metrics import Metrics
from bot.news.outbox import Unsure
from bot.news.polling.connectivity import HEARD_SECONDS, Connectivity
from bot.news.polling.politeness import Politeness
from bot.news.polling.schedule import Bounds
from bot.news.query.aliases import read_aliases
from bot.news.query.presets import read_presets
from bot.notices.candidates import CandidateTeller
from bot.notices.cutoff import CutOffTeller
from bot.notices.troubles import TroubleTeller
from bot.pipeline.articles import Articles
from bot.pipeline.deliver import Deliverer, count_unsure
from bot.pipeline.desk import Desk
from bot.pipeline.digests import Gatherer
from bot.pipeline.housekeeping import Housekeeper
from bot.pipeline.poll import Poller
from bot.pipeline.push import Subscriber
from bot.playground.server import Playground, start_playground
from bot.settings import Settings
from bot.web import websub
from bot.web.server import serve
from handlers.commands.alert import buttons_under
from handlers.services import Access, RateLimits, Services
from handlers.updates import Listener
from storage.open import open_storage
from storage.storage import Storage

log = structlog.get_logger(__name__)

_LAST_STEPS_SECONDS, _LAST_SENDS_SECONDS = 3.0, 4.0
_START_SPREAD_SECONDS = 60.0
_UPDATE_SECONDS, _SEND_SECONDS, _CONNECT_SECONDS = 35.0, 20.0, 10.0
_CONNECTIONS = 128


@dataclass
class _Parts:
    """What is built once and shared by the loops."""

    settings: Settings
    storage: Storage
    stop: Stop
    now: Now
    metrics: Metrics = field(default_factory=Metrics)
    refused: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.connectivity = reach(self.settings)

    def heard(self) -> None:
        """Telegram answered."""
        self.connectivity.heard(self.now())

    def token_refused(self, reason: str) -> None:
        """Nothing can be sent or received any more; ends the process with a clear line."""
        self.refused.append(reason)
        self.stop.request()

    def taken_over(self, by: str) -> None:
        """Another process works on the database; ends this one before both send."""
        self.others.append(by)
        self.stop.request()


async def run_bot(settings: Settings, *, now: Now = wall_clock, stop: Stop | None = None) -> None:
    """Runs the bot until SIGINT, SIGTERM or `stop`.

    Raises SettingsError if Telegram does not know the token, StorageUnusable or AlreadyRunning if
    the database cannot be used, or is another process's meanwhile.
    """
    if settings.token is None:
        raise SettingsError("TELEGRAM_TOKEN is not set; `tocsin demo` runs without one.")
    if settings.webhook_url:
        log.warning("WEBHOOK_URL is not used by this version; it polls instead")
    if settings.websub_url and not settings.web_listen:
        log.warning("WEBSUB_URL needs WEB_LISTEN, where hubs call; feeds are polled instead")
    stop = stop or Stop()
    _stop_on_signals(stop)
    async with AsyncExitStack() as stack:
        storage = await open_storage(settings.database_url, alone=True, now=now())
        stack.push_async_callback(storage.close)
        parts = _Parts(settings, storage, stop, now)
        await _prepare(parts)
        loops = await _build(parts, stack)
        await _run_until_stopped(parts, loops)
    if parts.others:
        raise AlreadyRunning(parts.others[0])
    if parts.refused:
        raise SettingsError(
            f"TELEGRAM_TOKEN: Telegram does not know this bot ({parts.refused[0]}); "
            "ask @BotFather for its token."
        )


def _stop_on_signals(stop: Stop) -> None:
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.request)


async def _prepare(parts: _Parts) -> None:
    """What must be done before the loops begin: abandoned sends, and the file of feeds."""
    resend = parts.settings.unknown_outcome == "resend"
    recovered = await parts.storage.outbox.recover(resend, parts.now())
    if recovered != Unsure():
        log.warning("the last process ended while sending", **asdict(recovered))
        count_unsure(parts.metrics, recovered)
    if parts.settings.feeds_file:
        await _read_feeds_file(parts, parts.settings.feeds_file)
    spread = min(_START_SPREAD_SECONDS, parts.settings.poll_min_seconds)
    await parts.storage.feeds.begin(parts.now(), spread)


async def _read_feeds_file(parts: _Parts, path: Path) -> None:
    """Adds what the file names. One bad address in it is said, and does not stop the bot."""
    found = await read_feeds_file(path)
    guard = guard_of(parts.settings)
    wishes, refused = sort_out(hints_of(found), guard.check_url)
    for url, reason in refused.items():
        log.warning("an address in the feeds file is refused", feed=url, reason=reason)
    imported = await import_feeds(parts.settings, parts.storage, wishes)
    log.info(
        "feeds file read",
        path=str(path),
        added=len(imported.added),
        grouped=imported.grouped,
    )


def hints_of(found: list[OpmlFeed]) -> list[FeedWish]:
    """The feeds of a file as wishes."""
    return [FeedWish(feed.url, feed.title, feed.group) for feed in found]


async def read_feeds_file(path: Path) -> list[OpmlFeed]:
    """The feeds that an OPML file or a list of addresses names. Raises BadInput."""
    try:
        data = await asyncio.to_thread(_beginning, path)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from None
    return opml.read_feed_list(data)


def _beginning(path: Path) -> bytes:
    """A file, or as much of it as shows that it is too large."""
    with path.open("rb") as file:
        return file.read(opml.MOST_BYTES + 1)


async def import_feeds(settings: Settings, storage: Storage, wishes: list[FeedWish]) -> Imported:
    """Adds feeds to the catalogue, checked and spread as the settings say."""
    guard = guard_of(settings)
    return await feeds_actions.import_feeds(
        storage.feeds, wishes, guard.check_url, bounds(settings), wall_clock(), chance
    )


def guard_of(settings: Settings) -> Guard:
    """What may be fetched: nothing private but what is allowed, and nothing of our own."""
    hubs = f"{settings.websub_url}/websub" if settings.websub_url else None
    public = (hubs, settings.webhook_url)
    return Guard(settings.allowed_private_hosts, Ourselves.at(public, settings.web_listen))


def bounds(settings: Settings) -> Bounds:
    """The bounds of polling intervals."""
    return Bounds(settings.poll_min_seconds, settings.poll_max_seconds)


def reach(settings: Settings) -> Connectivity:
    """Who answers lately. Where nobody listens to Telegram, hours may lie between two answers."""
    if "chat" in settings.roles:
        return Connectivity()
    return Connectivity(max(HEARD_SECONDS, settings.poll_max_seconds))


def chance() -> float:
    """A number from 0 to 1, for spreading work over time."""
    return random.random()  # noqa: S311  (not a secret)


@dataclass
class _Loop:
    name: str
    step: Callable[[], Awaitable[None]]


async def _build(parts: _Parts, stack: AsyncExitStack) -> list[_Loop]:
    """Builds the parts that this process's roles need; `stack` ends them in reverse order."""
    settings, storage, stop, now = parts.settings, parts.storage, parts.stop, parts.now
    desk_bell, outbox_bell = stop.wakeup(), stop.wakeup()
    loops = [_Loop("garden", _housekeeper(parts).step)]
    routes: list[web.RouteDef] = []
    guard = guard_of(settings)
    politeness = Politeness(guard.is_ours)
    gate = Gate(politeness, now, stop.sleep)
    fetcher = Fetcher(guard, now=now, user_agent=user_agent(settings.contact), gate=gate)
    visitor = Visitor(fetcher)
    parser = ParserPool()
    if {"poll", "chat"} & set(settings.roles):
        await stack.enter_async_context(fetcher)
        await stack.enter_async_context(parser)
    if "poll" in settings.roles:
        articles = Articles(
            fetcher.fetch, parser.lead, parser.judge, politeness, now, stop.sleep, parts.metrics
        )
        poller = Poller(
            storage.feeds, fetcher.fetch, parser.parse, bounds(settings), now, chance, stop,
            desk_bell, parts.metrics, politeness, parts.connectivity, articles, visitor.fetch,
        )  # fmt: skip
        stack.push_async_callback(poller.end)
        loops.append(_Loop("poll", poller.step))
        subscriber = await _subscriber(parts, fetcher, poller)
        if subscriber:
            loops.append(_Loop("push", subscriber.step))
            routes = websub.routes(subscriber)
    if settings.web_listen:
        password = settings.web_password.get_secret_value() if settings.web_password else None
        address = await stack.enter_async_context(
            serve(settings.web_listen, password, parts.metrics, storage.feeds.next_poll_at, routes)
        )
        log.info("health and metrics", address=address)
    if "desk" in settings.roles:
        desk = Desk(
            storage.stories, storage.chats, storage.digests, now, stop, desk_bell, outbox_bell,
            parts.metrics, settings.story_threshold,
        )  # fmt: skip
        loops.append(_Loop("desk", desk.step))
        loops.append(_Loop("digests", Gatherer(storage.digests, now, stop, outbox_bell).step))
    if {"send", "chat"} & set(settings.roles):
        finder = Finder(visitor, parser, guard.check_url)
        loops += await _build_telegram(parts, stack, outbox_bell, finder, guard)
    return loops


def _housekeeper(parts: _Parts) -> Housekeeper:
    days = parts.settings.retention_days
    return Housekeeper(parts.storage, days, parts.now, parts.stop, parts.taken_over)


async def _subscriber(parts: _Parts, fetcher: Fetcher, poller: Poller) -> Subscriber | None:
    """The part that lets hubs push, where they can reach us."""
    settings = parts.settings
    base = settings.websub_url if settings.web_listen else None
    await parts.storage.pushes.begin(base)
    if base is None:
        return None
    return Subscriber(
        parts.storage.pushes, fetcher.post, base, parts.now, chance, secrets.token_urlsafe,
        poller.offer, parts.stop, parts.metrics,
    )  # fmt: skip


async def _build_telegram(
    parts: _Parts, stack: AsyncExitStack, bell: Wakeup, finder: Finder, guard: Guard
) -> list[_Loop]:
    settings, storage, stop, now = parts.settings, parts.storage, parts.stop, parts.now
    request = AiohttpRequest(
        seconds=_SEND_SECONDS,
        connect_seconds=_CONNECT_SECONDS,
        connections=_CONNECTIONS,
        heard=parts.heard,
    )
    updates = AiohttpRequest(
        seconds=_UPDATE_SECONDS, connect_seconds=_CONNECT_SECONDS, connections=2
    )
    for each in (request, updates):
        await each.initialize()
        stack.push_async_callback(each.shutdown)
    bot = telegram.Bot(
        settings.token or "",
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=request,
        get_updates_request=updates,
    )
    limits = Limits(
        settings.send_per_second, settings.send_per_chat_seconds, settings.send_per_group_per_minute
    )
    pace = Pace(limits)
    pace.restore(await storage.schedules.load(now()), now())
    sender = Sender(bot, pace, now, stop.sleep, parts.metrics)
    loops = []
    if "send" in settings.roles:
        deliverer = Deliverer(
            storage.outbox, storage.schedules, sender, now, stop, bell, parts.metrics,
            settings.unknown_outcome == "resend", parts.token_refused, buttons_under,
            guard.check_url,
        )  # fmt: skip
        stack.push_async_callback(deliverer.end, _LAST_SENDS_SECONDS)
        loops.append(_Loop("deliver", deliverer.step))
        teller = TroubleTeller(storage, sender, settings.admin_ids, now, stop)
        loops.append(_Loop("troubles", teller.step))
        loops.append(_Loop("cutoff", CutOffTeller(storage, sender, now, stop).step))
        candidates = CandidateTeller(storage, sender, now, stop)
        loops.append(_Loop("candidates", candidates.step))
    if "chat" in settings.roles:
        services = Services(
            storage=storage,
            sender=sender,
            now=now,
            metrics=parts.metrics,
            access=Access(
                is_open=settings.access == "open",
                operators=settings.admin_ids,
                user_feeds=settings.allow_user_feeds,
            ),
            limits=RateLimits(sender=sender, now=now),
            language=settings.default_language,
            timezone=settings.default_timezone,
            retention_days=settings.retention_days,
            outbox=bell,
            aliases=read_aliases(aliases_text()),
            presets=read_presets(presets_text()),
            finder=finder,
            adding=Adding(guard.check_url, bounds(settings), chance),
            files=Files(bot, request),
            directory=tuple(opml.read_opml(starter_bytes())),
        )
        listener = Listener(
            services=services,
            request=updates,
            stop=stop,
            on_token_refused=parts.token_refused,
            heard=parts.heard,
        )
        stack.push_async_callback(listener.end)
        loops.append(_Loop("chat", listener.step))
    return loops


async def _run_until_stopped(parts: _Parts, loops: list[_Loop]) -> None:
    log.info("running", roles=",".join(parts.settings.roles))
    tasks = []
    for loop in loops:
        count = parts.metrics.loop_errors.labels(loop.name).inc
        tasks.append(asyncio.create_task(keep_running(loop.name, loop.step, parts.stop, count)))
    try:
        await parts.stop.wait()
        # What waits for Telegram may wait long; what is under way on disk ends by itself.
        await asyncio.wait(tasks, timeout=_LAST_STEPS_SECONDS)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    log.info("stopping")


# --- the playground ----------------------------------------------------------------------------


async def run_demo(
    settings_for: Callable[[dict[str, Any]], Settings],
    port: int,
    ready: Callable[[Playground], None],
    stop: Stop | None = None,
) -> None:
    """Runs the playground and the real bot against it, on a database that is thrown away."""
    stop = stop or Stop()
    try:
        playground = await start_playground(port=port)
    except OSError as error:
        raise BadInput(
            f"Port {port} cannot be used ({error.strerror}); choose another with --port, or 0."
        ) from None
    try:
        with tempfile.TemporaryDirectory(prefix="tocsin-") as folder:
            settings = settings_for(
                {
                    "telegram_token": playground.token,
                    "telegram_api_url": playground.url,
                    "database_url": f"sqlite:///{folder}/playground.db",
                    "feeds_file": await _feed_list(playground, Path(folder)),
                    "allowed_private_hosts": "127.0.0.1",
                    "access": "open",
                    "poll_min_seconds": 2,
                    "poll_max_seconds": 4,
                    "web_listen": None,
                    "roles": "chat,poll,desk,send",
                }
            )
            ready(playground)
            await run_bot(settings, stop=stop)
    finally:
        await playground.close()


async def _feed_list(playground: Playground, folder: Path) -> Path:
    path = folder / "feeds.txt"
    await asyncio.to_thread(path.write_text, "\n".join(playground.feeds.values()), "utf-8")
    return path
