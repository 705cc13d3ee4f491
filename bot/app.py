"""The only place that puts a whole bot together: settings, storage, Telegram, roles."""

import asyncio
import signal
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import structlog
from msgspec.structs import asdict

from bot.errors import BadInput, SettingsError, StorageAway, TakenOver, TokenShared
from bot.loops import Now, Outage, Stop, keep_running, wall_clock
from bot.metrics import Metrics
from bot.news.outbox import Unsure
from bot.pipeline.bells import Bells
from bot.pipeline.membership import Membership
from bot.roles.by_settings import connectivity_of, guard_of
from bot.roles.process import Loop, Process, housekeeping, sharing
from bot.settings import ALERTING, Settings
from bot.version import version_here
from storage.errors import StorageError, database_outage
from storage.open import missing, open_storage
from storage.storage import Storage

if TYPE_CHECKING:
    from aiohttp.web import RouteDef

    from bot.feeds.reading.worker import DocumentParser

log = structlog.get_logger(__name__)

_LAST_STEPS_SECONDS = 3.0
_START_SPREAD_SECONDS = 60.0
_LONGEST_PAUSE_SECONDS = 15.0
_BUILDERS = {
    "poll": "bot.roles.polling", "desk": "bot.roles.placing", "send": "bot.roles.sending",
    "chat": "bot.roles.hearing",
}  # fmt: skip


@dataclass
class _Ending:
    """Why a process ends, or begins anew, before it was asked to."""

    stop: Stop
    errors: list[Exception] = field(default_factory=list)

    def token_refused(self, reason: str) -> None:
        """Nothing can be sent or received any more; ends the process with a clear line."""
        self._end(
            SettingsError(
                f"TELEGRAM_TOKEN: Telegram does not know this bot ({reason}); "
                "ask @BotFather for its token."
            )
        )

    def rival(self) -> None:
        """Another program receives this bot's updates, and did so before."""
        self._end(
            TokenShared(
                "TELEGRAM_TOKEN: another program receives this bot's updates, perhaps a Tocsin on "
                "another database; stop it, or use another token."
            )
        )

    def taken_over(self, error: Exception) -> None:
        """Another process has what this one had; ends it before both send."""
        self._end(error)

    def _end(self, error: Exception) -> None:
        self.errors.append(error)
        self.stop.request()

    @property
    def begins_anew(self) -> bool:
        """Whether others took this process for dead: it forgets everything, and joins them."""
        return bool(self.errors) and isinstance(self.errors[0], TakenOver)

    def complain(self) -> None:
        """Raises the reason, if there is one."""
        if self.errors:
            raise self.errors[0]


async def run_bot(
    settings: Settings,
    *,
    now: Now = wall_clock,
    stop: Stop | None = None,
    parser: "DocumentParser | None" = None,
) -> None:
    """Runs the bot until SIGINT, SIGTERM, SIGHUP or `stop`. A `parser` that is given reads its
    documents, and outlives it.

    A server of the database that does not answer is waited for. Raises SettingsError if Telegram
    does not know the token, or another program uses it, StorageUnusable or AlreadyRunning if the
    database cannot be used, or is another process's meanwhile.
    """
    if settings.token is None:
        raise SettingsError("TELEGRAM_TOKEN is not set; `tocsin demo` runs without one.")
    if settings.websub_url and not settings.web_listen:
        log.warning("WEBSUB_URL needs WEB_LISTEN, where hubs call; feeds are polled instead")
    stop = stop or Stop()
    _stop_on_signals(stop)
    _warn_of_roles(settings)
    anew = False
    while storage := await _joined(settings, now, stop):
        if not await _run(settings, storage, now, stop, parser, anew=anew):
            return
        anew = True
        log.warning("this process stood still, and others have what it had; it begins anew")


def _warn_of_roles(settings: Settings) -> None:
    """Says what nobody can do where this process is the only one of its database."""
    lacking = [role for role in ALERTING if role not in settings.roles]
    if lacking and settings.database_url.startswith("sqlite"):
        log.warning(
            "no alert will be sent: ROLES lacks what no other process can do on an SQLite file",
            lacking=",".join(lacking),
        )


async def _joined(settings: Settings, now: Now, stop: Stop) -> Storage | None:
    """The database, once its server answers; None if the process is to end before."""
    pause = 1.0
    outage = Outage("the database cannot be reached; it is waited for", "")
    while not stop.wanted:
        try:
            lacking = await missing(settings.database_url)
            storage = await open_storage(settings.database_url, alone=True, now=now())
        except StorageAway as error:
            outage.failed(error)
            await stop.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
        else:
            if lacking:
                log.info("there was no database; a new one was made", at=lacking)
            return storage
    return None


async def _run(
    settings: Settings,
    storage: Storage,
    now: Now,
    outer: Stop,
    parser: "DocumentParser | None",
    *,
    anew: bool,
) -> bool:
    """Runs the bot on a database that it has joined, perhaps `anew`. True where it is to begin
    anew, since others took it for dead.
    """
    ending = _Ending(outer.inner())
    try:
        await _work(settings, storage, now, ending, parser, anew=anew)
    except StorageError:
        # What it still had to store is not this process's any more.
        if not ending.begins_anew:
            raise
    finally:
        outer.leave(ending.stop)
    if ending.begins_anew:
        return not outer.wanted
    ending.complain()
    return False


async def _work(
    settings: Settings,
    storage: Storage,
    now: Now,
    ending: _Ending,
    parser: "DocumentParser | None",
    *,
    anew: bool,
) -> None:
    async with AsyncExitStack() as stack:
        stack.push_async_callback(storage.close)
        bells, metrics = Bells(storage.hold, ending.stop), Metrics()
        database = database_outage()
        process = Process(
            settings=settings,
            storage=storage,
            stop=ending.stop,
            now=now,
            stack=stack,
            metrics=metrics,
            connectivity=connectivity_of(settings),
            token_refused=ending.token_refused,
            bells=bells,
            parser=parser,
            database=database,
            membership=Membership(
                hold=storage.hold,
                bells=bells,
                now=now,
                stop=ending.stop,
                on_taken_over=ending.taken_over,
                metrics=metrics,
                most=settings.send_per_second,
                database=database,
            ),
        )
        await stack.enter_async_context(_renewing(process))
        await bells.begin()
        await _prepare(process, anew=anew)
        await _run_until_stopped(process, await _loops(process, ending))


def _stop_on_signals(stop: Stop) -> None:
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stop.request)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as nohup has it
        loop.add_signal_handler(signal.SIGHUP, stop.request)


async def _prepare(process: Process, *, anew: bool) -> None:
    """What must be done before the loops begin: abandoned sends, and the file of feeds."""
    resend = process.settings.unknown_outcome == "resend"
    # Where chats are shared, whoever gets them looks after what was abandoned there.
    chats = None if process.membership.alone else ()
    recovered = await process.storage.outbox.recover(resend, process.now(), chats)
    if recovered != Unsure():
        from bot.pipeline.deliver import count_unsure

        log.warning("the last process ended while sending", **asdict(recovered))
        count_unsure(process.metrics, recovered)
    if process.settings.feeds_file:
        await _add_feeds(process, process.settings.feeds_file, anew=anew)
    spread = min(_START_SPREAD_SECONDS, process.settings.poll_min_seconds)
    others = not process.membership.alone and len(await process.storage.hold.members()) > 1
    await process.storage.feeds.begin(process.now(), None if others else spread)


async def _add_feeds(process: Process, path: Path, *, anew: bool) -> None:
    """Adds what the file of feeds names; one that was broken while the bot ran does not end it."""
    from bot import feeds_file

    try:
        await feeds_file.add_all(process.settings, process.storage, path, process.now)
    except BadInput as error:
        if not anew:
            raise
        log.warning("the file of feeds cannot be read; feeds stay as they are", error=str(error))


def load(roles: Collection[str]) -> None:
    """Imports what a process with some roles needs, which it does else when it takes them."""
    for role in roles:
        import_module(_BUILDERS[role])


async def _loops(process: Process, ending: _Ending) -> list[Loop]:
    """Builds the roles that this process has. What others need is not imported."""
    wanted = set(process.settings.roles)
    loops = housekeeping(process)
    routes: list[RouteDef] = []
    if wanted & {"poll", "chat"}:
        from bot.roles import polling

        reading = await polling.reading(process)
    if "poll" in wanted:
        polled, routes = await polling.poll(process, reading=reading)
        loops += polled
    if "chat" in wanted:
        from bot.roles import hearing

        routes += hearing.receive(process)
    if process.settings.web_listen:
        await _serve(process, process.settings.web_listen, routes)
    if "desk" in wanted:
        from bot.roles import placing

        loops += await placing.desk(process)
    if wanted & {"send", "chat"}:
        from bot.roles import sending

        check = guard_of(process.settings).check_url
        telegram = await sending.connection(process)
        loops += sending.pacing(process, telegram.sender)
    if "send" in wanted:
        loops += sending.send(process, sender=telegram.sender, check=check)
    if "chat" in wanted:
        services = hearing.services(process, telegram, reading, check)
        loops += hearing.chat(
            process, connection=telegram, services=services, on_rival=ending.rival
        )
    return [*loops, *sharing(process)]


async def _serve(process: Process, listen: str, routes: list["RouteDef"]) -> None:
    """Answers at `listen` for health and metrics, and on `routes`; it has no loop of its own."""
    from bot.web.server import readiness, serve  # brings a server, which most have no use for

    password = process.settings.web_password
    address = await process.stack.enter_async_context(
        serve(
            listen,
            password.in_clear() if password else None,
            process.metrics,
            readiness(process.database, process.storage.feeds.next_poll_at),
            routes,
        )
    )
    log.info("health and metrics", address=address)


@asynccontextmanager
async def _renewing(process: Process) -> AsyncIterator[None]:
    """Renews the lease meanwhile, also when all else ends, which takes its time."""
    count = process.metrics.loop_errors.labels("lease").inc
    task = asyncio.create_task(
        keep_running("lease", process.membership.renew, Stop(), count, process.database)
    )
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _run_until_stopped(process: Process, loops: list[Loop]) -> None:
    log.info("running", version=version_here(), roles=",".join(process.settings.roles))
    tasks = []
    for loop in loops:
        count = process.metrics.loop_errors.labels(loop.name).inc
        work = keep_running(loop.name, loop.step, process.stop, count, process.database)
        tasks.append(asyncio.create_task(work))
    try:
        await process.stop.wait()
        # What waits for Telegram may wait long; what is under way on disk ends by itself.
        await asyncio.wait(tasks, timeout=_LAST_STEPS_SECONDS)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    log.info("stopping")
