"""The role that hears people: by long polling, or by a webhook, whose posts are kept first."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from bot.actions.adding import Adding
from bot.delivery.files import Files
from bot.feeds.finder import Finder
from bot.loops import Outage
from bot.news.members import SLOTS
from bot.pipeline.membership import where_held
from bot.pipeline.receive import Receiver
from bot.roles.by_settings import bounds, chance
from bot.roles.polling import DocumentReading
from bot.roles.process import Loop, Process
from bot.roles.sending import Connection
from handlers.receiving.presence import Presence
from handlers.receiving.taking import Taker
from handlers.receiving.updates import Listener
from handlers.receiving.webhook import Webhook
from handlers.receiving.workers import Workers
from handlers.services import Access, RateLimits, Services
from handlers.shipped import shipped
from storage.aside import Queue

if TYPE_CHECKING:
    from aiohttp.web import RouteDef

_UPDATES = "updates"


def receive(process: Process) -> list["RouteDef"]:
    """Where Telegram posts what people say, if it is to: the calls for that."""
    settings = process.settings
    if settings.webhook_url is None or settings.webhook_secret is None:
        return []
    from bot.web import webhook  # brings a server

    receiver = Receiver(
        updates=process.storage.updates,
        now=process.now,
        stop=process.stop,
        bell=process.bells.rope(_UPDATES),
        metrics=process.metrics,
        outage=process.database,
    )
    process.stack.push_async_callback(receiver.end)
    path, secret = urlsplit(settings.webhook_url).path, settings.webhook_secret.in_clear()
    return webhook.routes(path, secret, receiver, process.heard)


def chat(
    process: Process,
    *,
    connection: Connection,
    services: Services,
    on_rival: Callable[[], None],
) -> list[Loop]:
    """Answers people. `on_rival` ends the process where another program received what they write
    before it.
    """
    wakeup = process.bells.wakeup(_UPDATES)
    workers = Workers(services)
    presence = Presence(services, process.stop, wakeup.ring)
    posted = process.settings.webhook_url is not None
    # Where updates are polled for, who does so takes what a webhook left that was there before.
    part = process.membership.part(_UPDATES, SLOTS) if posted else process.membership.part("chat")
    taker = Taker(
        updates=process.storage.updates,
        presence=presence,
        workers=workers,
        now=process.now,
        stop=process.stop,
        bell=wakeup,
        set_aside=process.metrics.set_aside.labels(Queue.UPDATES).inc,
        mine=lambda: part.slots if posted else None,
        may_begin=process.membership.is_good,
    )
    for each in (taker, presence, workers):
        process.stack.push_async_callback(each.end)
    if posted:
        part.busy, part.bell = taker.busy, wakeup.ring
        return [_posted(process, connection, presence), Loop("updates", taker.step)]
    polled = _polled(process, connection, presence, workers, on_rival)
    return [
        Loop(loop.name, where_held(part, loop.step, process.stop))
        for loop in (polled, Loop("updates", taker.step))
    ]


def _posted(process: Process, connection: Connection, presence: Presence) -> Loop:
    """Has Telegram post what people say."""
    settings = process.settings
    secret = settings.webhook_secret
    hook = Webhook(
        bot=connection.bot,
        presence=presence,
        kept=process.storage.introductions,
        url=settings.webhook_url or "",
        secret=secret.in_clear() if secret else "",
        stop=process.stop,
        on_token_refused=process.token_refused,
        outage=Outage("the webhook cannot be set", "the webhook is set"),
    )
    return Loop("chat", hook.step)


def _polled(
    process: Process,
    connection: Connection,
    presence: Presence,
    workers: Workers,
    on_rival: Callable[[], None],
) -> Loop:
    """Asks Telegram for what people say."""
    listener = Listener(
        bot=connection.bot,
        presence=presence,
        workers=workers,
        request=connection.updates,
        stop=process.stop,
        metrics=process.metrics,
        on_token_refused=process.token_refused,
        outage=process.telegram,
        heard=process.heard,
        on_rival=on_rival,
        may_begin=process.membership.is_good,
    )
    return Loop("chat", listener.step)


def services(
    process: Process,
    connection: Connection,
    reading: DocumentReading,
    check: Callable[[str], object],
) -> Services:
    """What answers are made with. `check` refuses addresses of feeds that people add."""
    settings = process.settings
    return Services(
        storage=process.storage,
        sender=connection.sender,
        now=process.now,
        metrics=process.metrics,
        access=Access(
            is_open=settings.access == "open",
            operators=settings.admin_ids,
            user_feeds=settings.allow_user_feeds,
        ),
        limits=RateLimits(sender=connection.sender, now=process.now),
        language=settings.default_language,
        timezone=settings.default_timezone,
        retention_days=settings.retention_days,
        outbox=process.bells.rope("outbox"),
        shipped=shipped(),
        finder=Finder(reading.visitor, reading.parser, check),
        adding=Adding(check, bounds(settings), chance),
        files=Files(connection.bot, connection.request),
        database=process.database,
    )
