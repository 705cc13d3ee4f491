"""The roles of a process: one builder each, which says what it needs and returns its loops.

What must end with the process goes on its stack, which ends it in reverse order.
"""

import asyncio
import random
import secrets
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
import telegram

from bot.across.neighbours import Neighbours
from bot.across.wheel import check_wheel
from bot.delivery.pace import Pace, PaceLimits
from bot.delivery.send import Sender
from bot.delivery.transport import AiohttpRequest
from bot.feeds.fetching.fetch import Fetcher, user_agent
from bot.feeds.fetching.gate import Gate
from bot.feeds.fetching.guard import Guard
from bot.feeds.fetching.ourselves import Ourselves
from bot.feeds.fetching.visitor import Visitor
from bot.feeds.reading.worker import ParserPool
from bot.loops import Now, Stop
from bot.metrics import Metrics
from bot.news.members import SLOTS
from bot.news.polling.connectivity import HEARD_SECONDS, Connectivity
from bot.news.polling.politeness import Politeness
from bot.news.polling.schedule import Bounds
from bot.news.stories.clustering import WINDOW_SECONDS
from bot.news.telling.elsewhere import MOST_OPENINGS, Opening, opening_of
from bot.notices.candidates import CandidateTeller
from bot.notices.cutoff import CutOffTeller
from bot.notices.tell import Notices
from bot.notices.troubles import TroubleTeller
from bot.pipeline.articles import Articles
from bot.pipeline.bells import Bells
from bot.pipeline.deliver import Deliverer
from bot.pipeline.desk import Desk
from bot.pipeline.digests import Gatherer
from bot.pipeline.housekeeping import Housekeeper
from bot.pipeline.membership import Membership, where_held
from bot.pipeline.pacing import PaceKeeper
from bot.pipeline.poll import Poller
from bot.pipeline.push import Subscriber
from bot.settings import Settings
from handlers.commands.alert import buttons_under
from storage.storage import Storage

if TYPE_CHECKING:
    from aiohttp import web as http

log = structlog.get_logger(__name__)

_LAST_SENDS_SECONDS = 4.0
_UPDATE_SECONDS, _SEND_SECONDS, _CONNECT_SECONDS = 35.0, 20.0, 10.0
_CONNECTIONS = 128


@dataclass(frozen=True)
class Loop:
    """Something a process does again and again until it is stopped."""

    name: str
    step: Callable[[], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class Process:
    """What every role is given."""

    settings: Settings
    storage: Storage
    stop: Stop
    now: Now
    stack: AsyncExitStack
    metrics: Metrics
    connectivity: Connectivity
    token_refused: Callable[[str], None]
    membership: Membership
    bells: Bells

    def heard(self) -> None:
        """Telegram answered."""
        self.connectivity.heard(self.now())


@dataclass(frozen=True, kw_only=True)
class DocumentReading:
    """What fetches and reads documents of strangers, for feeds and for who searches for one."""

    politeness: Politeness
    fetcher: Fetcher
    visitor: Visitor
    parser: ParserPool


@dataclass(frozen=True, kw_only=True)
class Connection:
    """What speaks with Telegram: `updates` waits long for what people say, `request` for all else
    that is asked.
    """

    bot: telegram.Bot
    request: AiohttpRequest
    updates: AiohttpRequest
    sender: Sender


def guard_of(settings: Settings) -> Guard:
    """What may be fetched: nothing private but what is allowed, and nothing of our own."""
    hubs = f"{settings.websub_url}/websub" if settings.websub_url else None
    public = (hubs, settings.webhook_url)
    return Guard(settings.allowed_private_hosts, Ourselves.at(public, settings.web_listen))


def bounds(settings: Settings) -> Bounds:
    """The bounds of polling intervals."""
    return Bounds(settings.poll_min_seconds, settings.poll_max_seconds)


def connectivity_of(settings: Settings) -> Connectivity:
    """Who answers lately. Where nobody listens to Telegram, hours may lie between two answers."""
    if "chat" in settings.roles:
        return Connectivity()
    return Connectivity(max(HEARD_SECONDS, settings.poll_max_seconds))


def chance() -> float:
    """A number from 0 to 1, for spreading work over time."""
    return random.random()  # noqa: S311  (not a secret)


async def reading(process: Process) -> DocumentReading:
    """Opens what `poll` and `chat` read documents with."""
    guard = guard_of(process.settings)
    politeness = Politeness(guard.is_ours)
    gate = Gate(politeness, process.now, process.stop.sleep)
    agent = user_agent(process.settings.contact)
    fetcher = Fetcher(guard, now=process.now, user_agent=agent, gate=gate)
    await process.stack.enter_async_context(fetcher)
    parser = await process.stack.enter_async_context(ParserPool())
    return DocumentReading(
        politeness=politeness, fetcher=fetcher, visitor=Visitor(fetcher), parser=parser
    )


async def connection(process: Process) -> Connection:
    """Opens what `send` and `chat` speak with Telegram by."""
    settings, now = process.settings, process.now
    request = AiohttpRequest(
        seconds=_SEND_SECONDS,
        connect_seconds=_CONNECT_SECONDS,
        connections=_CONNECTIONS,
        heard=process.heard,
        may_begin=process.membership.is_good,
    )
    updates = AiohttpRequest(
        seconds=_UPDATE_SECONDS,
        connect_seconds=_CONNECT_SECONDS,
        connections=2,
        may_begin=process.membership.is_good,
    )
    for each in (request, updates):
        await each.initialize()
        process.stack.push_async_callback(each.shutdown)
    bot = telegram.Bot(
        settings.token or "",
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=request,
        get_updates_request=updates,
    )
    limits = PaceLimits(
        settings.send_per_second, settings.send_per_chat_seconds, settings.send_per_group_per_minute
    )
    pace = Pace(limits)
    # Where chats are shared, those come with their slots.
    chats = None if process.membership.alone else ()
    pace.restore(await process.storage.schedules.load(now(), chats), now())
    process.membership.on_rate = pace.send_at_most
    if not process.membership.alone:
        pace.send_at_most(0.0)
    sender = Sender(bot=bot, pace=pace, now=now, sleep=process.stop.sleep, metrics=process.metrics)
    return Connection(bot=bot, request=request, updates=updates, sender=sender)


def pacing(process: Process, sender: Sender) -> list[Loop]:
    """Every process that sends beside others: what they are told to wait for counts here too."""
    if process.membership.alone:
        return []
    keeper = PaceKeeper(
        schedules=process.storage.schedules,
        pace=sender.pace,
        membership=process.membership,
        now=process.now,
        wakeup=process.bells.wakeup("pace"),
        bell=process.bells.rope("pace"),
    )
    return [Loop("pacing", keeper.step)]


def sharing(process: Process) -> list[Loop]:
    """Every process that may have others beside it: what each of them does, and their bells."""
    if process.membership.alone:
        return []
    return [Loop("members", process.membership.share), Loop("bells", process.bells.step)]


def _alone(process: Process, role: str, *loops: Loop) -> list[Loop]:
    """Loops of what one process at a time does."""
    part = process.membership.part(role)
    return [Loop(loop.name, where_held(part, loop.step, process.stop)) for loop in loops]


def housekeeping(process: Process) -> list[Loop]:
    """Every process: deletes what is old."""
    housekeeper = Housekeeper(
        storage=process.storage,
        retention_days=process.settings.retention_days,
        now=process.now,
        stop=process.stop,
    )
    return _alone(process, "housekeeping", Loop("housekeeping", housekeeper.step))


async def poll(
    process: Process, *, reading: DocumentReading
) -> tuple[list[Loop], list["http.RouteDef"]]:
    """Reads feeds; where hubs may push, also lets them, by the calls that are returned."""
    part = process.membership.part("poll", SLOTS)
    poller = Poller(
        feeds=process.storage.feeds,
        fetch=reading.fetcher.fetch,
        parse=reading.parser.parse,
        bounds=bounds(process.settings),
        now=process.now,
        chance=chance,
        stop=process.stop,
        desk=process.bells.rope("desk"),
        metrics=process.metrics,
        politeness=reading.politeness,
        connectivity=process.connectivity,
        articles=_articles(process, reading),
        visit=reading.visitor.fetch,
        part=part,
    )
    part.busy, part.gain, part.bell = poller.busy, poller.gain, poller.look_again
    process.bells.when("poll", poller.look_again)
    process.stack.push_async_callback(poller.end)
    subscriber = await _subscriber(process, reading.fetcher, poller)
    if subscriber is None:
        return [Loop("poll", poller.step)], []
    from bot.web import websub  # brings a server, which most have no use for

    pushing = _alone(process, "push", Loop("push", subscriber.step))
    return [Loop("poll", poller.step), *pushing], websub.routes(subscriber)


def _articles(process: Process, reading: DocumentReading) -> Articles:
    return Articles(
        fetch=reading.fetcher.fetch,
        lead=reading.parser.lead,
        judge=reading.parser.judge,
        politeness=reading.politeness,
        now=process.now,
        sleep=process.stop.sleep,
        metrics=process.metrics,
    )


async def _subscriber(process: Process, fetcher: Fetcher, poller: Poller) -> Subscriber | None:
    """The part that lets hubs push, where they can reach us."""
    base = process.settings.websub_url if process.settings.web_listen else None
    if base is not None or not process.membership.others:
        await process.storage.pushes.begin(base)
    if base is None:
        return None

    async def pass_on(feed_id: int) -> bool:
        """Has another process, which polls the feed, do so now."""
        passed_on = await poller.pass_on(feed_id)
        if passed_on:
            process.bells.ring("poll")
        return passed_on

    return Subscriber(
        pushes=process.storage.pushes,
        post=fetcher.post,
        base=base,
        now=process.now,
        chance=chance,
        secret=secrets.token_urlsafe,
        offer=poller.offer,
        pass_on=pass_on,
        stop=process.stop,
        metrics=process.metrics,
    )


async def web(process: Process, *, listen: str, routes: list["http.RouteDef"]) -> None:
    """Answers at `listen` for health and metrics, and on `routes`; it has no loop of its own."""
    from bot.web.server import serve  # brings a server, which most have no use for

    password = process.settings.web_password
    address = await process.stack.enter_async_context(
        serve(
            listen,
            password.in_clear() if password else None,
            process.metrics,
            process.storage.feeds.next_poll_at,
            routes,
        )
    )
    log.info("health and metrics", address=address)


async def desk(process: Process) -> list[Loop]:
    """Places reports in stories, and decides whom to tell, at once or in a digest. Raises
    SettingsError where what compares languages is wanted and missing.
    """
    across = await _neighbours(process) if process.settings.semantic == "on" else None
    placing = Desk(
        stories=process.storage.stories,
        chats=process.storage.chats,
        digests=process.storage.digests,
        now=process.now,
        stop=process.stop,
        wakeup=process.bells.wakeup("desk"),
        outbox=process.bells.rope("outbox"),
        metrics=process.metrics,
        threshold=process.settings.story_threshold,
        across=across,
    )
    gatherer = Gatherer(
        digests=process.storage.digests,
        now=process.now,
        stop=process.stop,
        outbox=process.bells.rope("outbox"),
    )
    loops = [Loop("desk", placing.step), Loop("digests", gatherer.step)]
    return _alone(process, "desk", *loops, *([Loop("across", across.step)] if across else []))


async def _neighbours(process: Process) -> Neighbours:
    """What knows the newest stories of all languages."""
    await asyncio.to_thread(check_wheel)

    async def known() -> list[Opening]:
        now = process.now()
        newest = await process.storage.stories.sample(
            now - WINDOW_SECONDS, now + WINDOW_SECONDS, MOST_OPENINGS
        )
        return [opening_of(story) for story, _ in newest.stories]

    across = Neighbours(
        known=known,
        now=process.now,
        wakeup=process.stop.wakeup(),
        metrics=process.metrics,
        window=WINDOW_SECONDS,
    )
    process.stack.push_async_callback(across.end)
    return across


def send(
    process: Process,
    *,
    sender: Sender,
    check: Callable[[str], object],
) -> list[Loop]:
    """Delivers what waits, and notices of trouble. `check` refuses addresses of pictures."""
    part, wakeup = process.membership.part("send", SLOTS), process.bells.wakeup("outbox")
    deliverer = Deliverer(
        outbox=process.storage.outbox,
        schedules=process.storage.schedules,
        sender=sender,
        now=process.now,
        stop=process.stop,
        wakeup=wakeup,
        metrics=process.metrics,
        resend_unknown=process.settings.unknown_outcome == "resend",
        on_token_refused=process.token_refused,
        buttons=buttons_under,
        check=check,
        part=part,
        may_begin=process.membership.is_good,
        number=process.membership.number,
        pace_bell=process.bells.rope("pace"),
    )
    part.busy, part.gain, part.bell = deliverer.busy, deliverer.gain, wakeup.ring
    process.stack.push_async_callback(deliverer.end, _LAST_SENDS_SECONDS)
    return [Loop("deliver", deliverer.step), *_notices(process, sender)]


def _notices(process: Process, sender: Sender) -> list[Loop]:
    notices = Notices(storage=process.storage, sender=sender, now=process.now, stop=process.stop)
    return _alone(
        process,
        "notices",
        Loop("troubles", TroubleTeller(notices, process.settings.admin_ids).step),
        Loop("cutoff", CutOffTeller(notices).step),
        Loop("candidates", CandidateTeller(notices).step),
    )
