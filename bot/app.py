"""The only place that puts a whole bot together: settings, storage, Telegram, roles."""

import asyncio
import signal
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path

import structlog
from aiohttp.web import RouteDef

from bot import hearing, roles
from bot.actions import feeds as feeds_actions
from bot.actions.feeds import FeedWish, Imported, sort_out
from bot.errors import AlreadyRunning, BadInput, SettingsError
from bot.feeds import opml
from bot.feeds.opml import OpmlFeed
from bot.loops import Now, Stop, keep_running, wall_clock
from bot.metrics import Metrics
from bot.news.outbox import Unsure
from bot.pipeline.deliver import count_unsure
from bot.roles import Loop, Process
from bot.settings import Settings
from storage.open import open_storage
from storage.storage import Storage

log = structlog.get_logger(__name__)

_LAST_STEPS_SECONDS = 3.0
_START_SPREAD_SECONDS = 60.0


@dataclass
class _Ending:
    """Why a process ends before it was asked to."""

    stop: Stop
    refused: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    def token_refused(self, reason: str) -> None:
        """Nothing can be sent or received any more; ends the process with a clear line."""
        self.refused.append(reason)
        self.stop.request()

    def taken_over(self, by: str) -> None:
        """Another process works on the database; ends this one before both send."""
        self.others.append(by)
        self.stop.request()

    def complain(self) -> None:
        """Raises the reason, if there is one."""
        if self.others:
            raise AlreadyRunning(self.others[0])
        if self.refused:
            raise SettingsError(
                f"TELEGRAM_TOKEN: Telegram does not know this bot ({self.refused[0]}); "
                "ask @BotFather for its token."
            )


async def run_bot(settings: Settings, *, now: Now = wall_clock, stop: Stop | None = None) -> None:
    """Runs the bot until SIGINT, SIGTERM or `stop`.

    Raises SettingsError if Telegram does not know the token, StorageUnusable or AlreadyRunning if
    the database cannot be used, or is another process's meanwhile.
    """
    if settings.token is None:
        raise SettingsError("TELEGRAM_TOKEN is not set; `tocsin demo` runs without one.")
    if settings.websub_url and not settings.web_listen:
        log.warning("WEBSUB_URL needs WEB_LISTEN, where hubs call; feeds are polled instead")
    stop = stop or Stop()
    _stop_on_signals(stop)
    ending = _Ending(stop)
    async with AsyncExitStack() as stack:
        storage = await open_storage(settings.database_url, alone=True, now=now())
        stack.push_async_callback(storage.close)
        process = Process(
            settings=settings,
            storage=storage,
            stop=stop,
            now=now,
            stack=stack,
            metrics=Metrics(),
            connectivity=roles.connectivity_of(settings),
            token_refused=ending.token_refused,
        )
        await _prepare(process)
        await _run_until_stopped(process, await _loops(process, ending))
    ending.complain()


def _stop_on_signals(stop: Stop) -> None:
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.request)


async def _prepare(process: Process) -> None:
    """What must be done before the loops begin: abandoned sends, and the file of feeds."""
    resend = process.settings.unknown_outcome == "resend"
    recovered = await process.storage.outbox.recover(resend, process.now())
    if recovered != Unsure():
        log.warning("the last process ended while sending", **asdict(recovered))
        count_unsure(process.metrics, recovered)
    if process.settings.feeds_file:
        await _read_feeds_file(process, process.settings.feeds_file)
    spread = min(_START_SPREAD_SECONDS, process.settings.poll_min_seconds)
    await process.storage.feeds.begin(process.now(), spread)


async def _read_feeds_file(process: Process, path: Path) -> None:
    """Adds what the file names. One bad address in it is said, and does not stop the bot."""
    found = await read_feeds_file(path)
    guard = roles.guard_of(process.settings)
    wishes, refused = sort_out(hints_of(found), guard.check_url)
    for url, reason in refused.items():
        log.warning("an address in the feeds file is refused", feed=url, reason=reason)
    imported = await import_feeds(process.settings, process.storage, wishes, process.now)
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


async def import_feeds(
    settings: Settings, storage: Storage, wishes: list[FeedWish], now: Now = wall_clock
) -> Imported:
    """Adds feeds to the catalogue, checked and spread as the settings say."""
    guard = roles.guard_of(settings)
    return await feeds_actions.import_feeds(
        storage.feeds, wishes, guard.check_url, roles.bounds(settings), now(), roles.chance
    )


async def _loops(process: Process, ending: _Ending) -> list[Loop]:
    """Builds the roles that this process has."""
    wanted, check = set(process.settings.roles), roles.guard_of(process.settings).check_url
    desk_bell, outbox_bell = process.stop.wakeup(), process.stop.wakeup()
    updates_bell = process.stop.wakeup()
    loops = roles.housekeeping(process, taken_over=ending.taken_over)
    routes: list[RouteDef] = []
    if wanted & {"poll", "chat"}:
        reading = await roles.reading(process)
    if "poll" in wanted:
        polling, routes = await roles.poll(process, reading=reading, desk_bell=desk_bell)
        loops += polling
    if "chat" in wanted:
        routes += hearing.receive(process, updates_bell=updates_bell)
    if process.settings.web_listen:
        await roles.web(process, listen=process.settings.web_listen, routes=routes)
    if "desk" in wanted:
        loops += await roles.desk(process, desk_bell=desk_bell, outbox_bell=outbox_bell)
    if wanted & {"send", "chat"}:
        telegram = await roles.connection(process)
    if "send" in wanted:
        loops += roles.send(process, sender=telegram.sender, check=check, outbox_bell=outbox_bell)
    if "chat" in wanted:
        services = roles.services(process, telegram, reading, check, outbox_bell)
        loops += hearing.chat(
            process, connection=telegram, services=services, updates_bell=updates_bell
        )
    return loops


async def _run_until_stopped(process: Process, loops: list[Loop]) -> None:
    log.info("running", roles=",".join(process.settings.roles))
    tasks = []
    for loop in loops:
        count = process.metrics.loop_errors.labels(loop.name).inc
        tasks.append(asyncio.create_task(keep_running(loop.name, loop.step, process.stop, count)))
    try:
        await process.stop.wait()
        # What waits for Telegram may wait long; what is under way on disk ends by itself.
        await asyncio.wait(tasks, timeout=_LAST_STEPS_SECONDS)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    log.info("stopping")
