"""The role that hears people: by long polling, or by a webhook, whose posts are kept first."""

from urllib.parse import urlsplit

from aiohttp.web import RouteDef

from bot.loops import Wakeup
from bot.pipeline.receive import Receiver
from bot.roles import Connection, Loop, Process
from bot.web import webhook
from handlers.presence import Presence
from handlers.services import Services
from handlers.taking import Mine, Taker
from handlers.updates import Listener
from handlers.webhook import Webhook
from handlers.workers import Workers
from storage.aside import Queue


def receive(process: Process, *, updates_bell: Wakeup) -> list[RouteDef]:
    """Where Telegram posts what people say, if it is to: the calls for that."""
    settings = process.settings
    if settings.webhook_url is None or settings.webhook_secret is None:
        return []
    receiver = Receiver(
        updates=process.storage.updates,
        now=process.now,
        stop=process.stop,
        bell=updates_bell,
        metrics=process.metrics,
    )
    process.stack.push_async_callback(receiver.end)
    path, secret = urlsplit(settings.webhook_url).path, settings.webhook_secret.get_secret_value()
    return webhook.routes(path, secret, receiver, process.heard)


def chat(
    process: Process,
    *,
    connection: Connection,
    services: Services,
    updates_bell: Wakeup,
    mine: Mine = lambda: None,
) -> list[Loop]:
    """Answers people. Of what is posted only chats of slots that are `mine` are answered here."""
    workers = Workers(services)
    presence = Presence(services, process.stop, updates_bell.ring)
    taker = Taker(
        updates=process.storage.updates,
        presence=presence,
        workers=workers,
        now=process.now,
        stop=process.stop,
        bell=updates_bell,
        set_aside=process.metrics.set_aside.labels(Queue.UPDATES).inc,
        mine=mine,
    )
    for part in (taker, presence, workers):
        process.stack.push_async_callback(part.end)
    # Also where updates are polled for: a webhook that was there before may have left some.
    return [_hearing(process, connection, presence, workers), Loop("updates", taker.step)]


def _hearing(
    process: Process, connection: Connection, presence: Presence, workers: Workers
) -> Loop:
    """What has Telegram tell us what people say: by a webhook, or else by long polling."""
    settings = process.settings
    if settings.webhook_url and settings.webhook_secret:
        hook = Webhook(
            bot=connection.bot,
            presence=presence,
            kept=process.storage.introductions,
            url=settings.webhook_url,
            secret=settings.webhook_secret.get_secret_value(),
            stop=process.stop,
            on_token_refused=process.token_refused,
        )
        return Loop("chat", hook.step)
    listener = Listener(
        bot=connection.bot,
        presence=presence,
        workers=workers,
        request=connection.updates,
        stop=process.stop,
        metrics=process.metrics,
        on_token_refused=process.token_refused,
        heard=process.heard,
    )
    return Loop("chat", listener.step)
