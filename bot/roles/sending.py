"""The role that tells: it speaks with Telegram, as who hears people does too."""

from collections.abc import Callable

import telegram
from msgspec import Struct

from bot.delivery.asking import Buttons
from bot.delivery.pace import Pace, PaceLimits
from bot.delivery.send import Sender
from bot.delivery.transport import AiohttpRequest
from bot.delivery.views import DeliveryView
from bot.news.members import SLOTS
from bot.news.outbox import Delivery
from bot.notices.candidates import CandidateTeller
from bot.notices.cutoff import CutOffTeller
from bot.notices.tell import Notices
from bot.notices.troubles import TroubleTeller
from bot.pipeline.deliver import Deliverer
from bot.pipeline.pacing import PaceKeeper
from bot.roles.process import Loop, Process, alone

_LAST_SENDS_SECONDS = 7.0  # from the wish to end on: after ten a container is killed
_UPDATE_SECONDS, _SEND_SECONDS, _CONNECT_SECONDS = 35.0, 20.0, 10.0
_CONNECTIONS = 128


class Connection(Struct, frozen=True, kw_only=True):
    """What speaks with Telegram: `updates` waits long for what people say, `request` for all else
    that is asked.
    """

    bot: telegram.Bot
    request: AiohttpRequest
    updates: AiohttpRequest
    sender: Sender


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
        threads=process.storage.threads,
        sender=sender,
        now=process.now,
        stop=process.stop,
        wakeup=wakeup,
        metrics=process.metrics,
        resend_unknown=process.settings.unknown_outcome == "resend",
        on_token_refused=process.token_refused,
        buttons=_buttons_under,
        check=check,
        telegram=process.telegram,
        part=part,
        may_begin=process.membership.is_good,
        number=process.membership.number,
        pace_bell=process.bells.rope("pace"),
    )
    part.busy, part.gain, part.bell = deliverer.busy, deliverer.gain, wakeup.ring

    async def end() -> None:
        await deliverer.end(max(_LAST_SENDS_SECONDS - process.stop.wanted_for, 0.0))

    process.stack.push_async_callback(end)
    return [Loop("deliver", deliverer.step), *_notices(process, sender)]


def _buttons_under(delivery: Delivery, view: DeliveryView) -> Buttons | None:
    """What stands under a message; with the first, what answers people is loaded."""
    from handlers.commands.alert import buttons_under

    return buttons_under(delivery, view)


def _notices(process: Process, sender: Sender) -> list[Loop]:
    notices = Notices(storage=process.storage, sender=sender, now=process.now, stop=process.stop)
    return alone(
        process,
        "notices",
        Loop("troubles", TroubleTeller(notices, process.settings.admin_ids).step),
        Loop("cutoff", CutOffTeller(notices).step),
        Loop("candidates", CandidateTeller(notices).step),
    )
