"""What each outcome means for a delivery and its chat."""

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs
from telegram.error import NetworkError

from bot.delivery import outcome as outcomes
from bot.delivery.outcome import Outcome
from bot.delivery.pace import Lane, Pace, PaceLimits
from bot.delivery.send import Sender
from bot.delivery.transport import NeverSent
from bot.loops import Now, Outage, Stop
from bot.metrics import Metrics
from bot.news.outbox import Delivery, DeliveryKind, DeliveryState, Due
from bot.news.why import Code, because, quoted
from bot.pipeline.deliver import Deliverer, in_turn, lane_of
from bot.pipeline.settlement import settlement
from storage.open import open_storage
from storage.storage import Storage
from tests.handlers.stage import Wire, bot_on
from tests.storage.samples import chat, placed, report, ring, store

_NOW = 5_000.0


def _delivery(thread_id: int = 0) -> Delivery:
    return Delivery(
        1, 7, "supergroup", thread_id, (), "T", "", None, "S", "UTC", 4_000.0, 4_000.0, 1
    )


@pytest.mark.parametrize(
    ("outcome", "state", "what_else"),
    [
        (outcomes.Sent(55), DeliveryState.SENT, {"message_id": 55}),
        (
            outcomes.TryAgain(30, quoted("no connection")),
            DeliveryState.PENDING,
            {"retry_at": 5_030.0},
        ),
        (outcomes.Wait(17), DeliveryState.PENDING, {"hold_until": 5_017.0}),
        (outcomes.Moved(-1007), DeliveryState.PENDING, {"migrate_to": -1007}),
        (outcomes.TokenRefused(quoted("401")), DeliveryState.PENDING, {"retry_at": 0.0}),
        (
            outcomes.Blocked(quoted("kicked")),
            DeliveryState.DEAD,
            {"block_reason": quoted("kicked")},
        ),
        (outcomes.Refused(quoted("odd")), DeliveryState.FAILED, {"error": quoted("odd")}),
        (outcomes.BadMarkup(quoted("odd")), DeliveryState.FAILED, {"error": quoted("odd")}),
        (
            outcomes.Unknown(quoted("reset")),
            DeliveryState.UNKNOWN,
            {"error": quoted("reset")},
        ),
    ],
)
def test_an_outcome_has_one_next_step(
    outcome: Outcome, state: DeliveryState, what_else: dict[str, object]
) -> None:
    made = settlement(_delivery(), outcome, _NOW)
    assert made.state is state
    assert (made.delivery_id, made.chat_id, made.at) == (1, 7, _NOW)
    for name, value in what_else.items():
        assert getattr(made, name) == value


def test_only_refusals_in_a_row_count_against_a_chat_that_is_not_found() -> None:
    twice = replace(_delivery(), not_found=2)
    again = settlement(twice, outcomes.NotFound(300, quoted("chat not found")), _NOW)
    assert (again.state, again.not_found) == (DeliveryState.PENDING, 3)
    assert again.hold_until == 5_300.0
    assert settlement(twice, outcomes.Sent(5), _NOW).not_found == 0
    assert settlement(twice, outcomes.Wait(5), _NOW).not_found == 0
    assert settlement(twice, outcomes.TryAgain(1, quoted("no connection")), _NOW).not_found is None
    assert settlement(twice, outcomes.Unknown(quoted("reset")), _NOW).not_found is None
    assert settlement(_delivery(), outcomes.Sent(5), _NOW).not_found is None


def test_a_gone_thread_falls_back_to_the_main_one_and_a_closed_main_one_ends_the_delivery() -> None:
    gone = outcomes.ThreadGone(quoted("topic_deleted"))
    in_thread, in_main = (settlement(_delivery(thread), gone, _NOW) for thread in (9, 0))
    assert (in_thread.state, in_thread.to_main_thread) == (DeliveryState.PENDING, True)
    assert (in_main.state, in_main.block_reason) == (DeliveryState.FAILED, None)


_SENT, _LATER, _LOST = DeliveryState.SENT, DeliveryState.PENDING, DeliveryState.UNKNOWN


@pytest.mark.parametrize(
    ("begun", "outcome", "expected"),
    [
        (None, outcomes.Sent(55), (_LATER, 55, True, False)),
        (None, outcomes.Unknown(quoted("reset")), (_LOST, None, False, False)),
        (None, outcomes.ThreadGone(quoted("topic_closed")), (_LATER, None, False, False)),
        (55, outcomes.Sent(55), (_SENT, 55, False, False)),
        (55, outcomes.Unknown(quoted("reset")), (_LOST, 55, False, False)),
        (55, outcomes.Wait(9), (_LATER, 55, False, False)),
        (55, outcomes.TryAgain(9, quoted("refused")), (_LATER, 55, False, False)),
        (55, outcomes.MessageGone(quoted("not found")), (_LOST, None, False, True)),
        (55, outcomes.ThreadGone(quoted("topic_closed")), (_LOST, None, False, True)),
        (55, outcomes.Refused(quoted("odd")), (DeliveryState.FAILED, 55, False, False)),
        (55, outcomes.Blocked(quoted("kicked")), (DeliveryState.DEAD, 55, False, False)),
    ],
)
def test_a_digest_keeps_its_first_part_until_that_is_the_whole_or_gone(
    begun: int | None, outcome: Outcome, expected: tuple[DeliveryState, int | None, bool, bool]
) -> None:
    digest = replace(_delivery(thread_id=9), kind=DeliveryKind.DIGEST, message_id=begun)
    made = settlement(digest, outcome, _NOW)
    assert (made.state, made.message_id, made.begun, made.begin_anew) == expected


@pytest.mark.parametrize("begun", [None, 55])
def test_a_refused_digest_that_may_have_been_told_begins_anew(begun: int | None) -> None:
    digest = replace(_delivery(), kind=DeliveryKind.DIGEST, message_id=begun, perhaps_told=True)
    made = settlement(digest, outcomes.Refused(quoted("odd")), _NOW)
    assert (made.state, made.begin_anew) == (_LOST, True)
    assert not settlement(digest, outcomes.Wait(9), _NOW).begin_anew


def test_a_digest_that_has_begun_goes_before_alerts() -> None:
    due = [Due(1, 5, "private"), Due(2, 7, "private", DeliveryKind.DIGEST, begun=True)]
    assert [d.delivery_id for d in in_turn(due, Pace(PaceLimits(28, 1, 18)))] == [2, 1]


def test_what_changed_of_what_was_told_goes_after_alerts() -> None:
    kinds = (DeliveryKind.UPDATE, DeliveryKind.ALERT, DeliveryKind.DIGEST, DeliveryKind.ALERT)
    due = [Due(n, n, "private", kind) for n, kind in enumerate(kinds)]
    assert [d.delivery_id for d in in_turn(due, Pace(PaceLimits(28, 1, 18)))] == [1, 3, 0, 2]
    assert [lane_of(d) for d in due] == [Lane.DIGEST, Lane.ALERT, Lane.DIGEST, Lane.ALERT]
    assert lane_of(replace(due[2], begun=True)) is Lane.ALERT


def test_alerts_go_before_digests_and_the_chat_told_longest_ago_first() -> None:
    keeper = Pace(PaceLimits(28, 1, 18))
    keeper.take(7, "private", 100.0)
    keeper.take(8, "private", 90.0)
    due = [
        Due(1, 5, "private", DeliveryKind.DIGEST),
        Due(2, 7, "private"),
        Due(3, 8, "private"),
        Due(4, 9, "private"),
        Due(5, 6, "private"),
    ]
    assert [d.delivery_id for d in in_turn(due, keeper)] == [4, 5, 3, 2, 1]


class Unreached(Wire):
    """Telegram, to which no connection is made while it is `away`."""

    away = True

    async def do_request(self, *asked: Any, **more: Any) -> tuple[int, bytes]:
        """One call of the Bot API."""
        if self.away:
            kind = because(Code.TELEGRAM_UNREACHED, "ClientConnectorError")
            raise NetworkError(str(kind)) from NeverSent(kind)
        return await super().do_request(*asked, **more)


@pytest.mark.slow
async def test_what_waits_for_telegram_is_no_line_for_each_chat_and_try(url: str) -> None:
    storage = await open_storage(url, alone=True, now=_NOW)
    chats, now, wire = range(1, 21), [_NOW], Unreached()
    for number in chats:
        await storage.chats.meet(chat(number))
    await store(storage, report(1))
    await storage.stories.place([placed(1, None, *map(ring, chats))], _NOW)
    deliverer = _deliverer(storage, wire, Pace(PaceLimits(0, 0, 0)), lambda: now[0])

    async def until(seconds: float) -> None:
        while now[0] < seconds:
            deliverer.wakeup.ring()
            await deliverer.step()
            await asyncio.gather(*deliverer._under_way.values())
            now[0] += 5

    try:
        with capture_logs() as logged:
            await until(_NOW + 300)
            assert wire.shown == {}
            wire.away = False
            await until(_NOW + 500)
            await store(storage, report(2))
            await storage.stories.place([placed(2, None, *map(ring, chats))], now[0])
            await until(_NOW + 600)
    finally:
        await storage.close()
    assert sorted(shown.chat_id for shown in wire.shown.values()) == sorted([*chats, *chats])
    said = [line["event"] for line in logged if line["log_level"] != "debug"]
    assert said == ["Telegram cannot be reached", "Telegram is reached again"]


class BadGateway(Wire):
    """Telegram behind a proxy that answers for it."""

    async def do_request(self, *_: Any, **__: Any) -> tuple[int, bytes]:
        """One call of the Bot API."""
        return 502, b"<html>Bad Gateway</html>"


async def test_neither_is_what_a_proxy_answers_for_it(url: str) -> None:
    storage = await open_storage(url, alone=True, now=_NOW)
    chats, now = range(1, 21), [_NOW]
    for number in chats:
        await storage.chats.meet(chat(number))
    await store(storage, report(1))
    await storage.stories.place([placed(1, None, *map(ring, chats))], _NOW)
    deliverer = _deliverer(storage, BadGateway(), Pace(PaceLimits(0, 0, 0)), lambda: now[0])
    try:
        with capture_logs() as logged:
            while (await storage.stats()).deliveries != {"held": 20}:
                deliverer.wakeup.ring()
                await deliverer.step()
                await asyncio.gather(*deliverer._under_way.values())
                now[0] += 5
    finally:
        await storage.close()
    said = [line["event"] for line in logged if line["log_level"] != "debug"]
    assert said == ["Telegram cannot be reached"]
    assert sum(line["event"] == "an outcome is unknown" for line in logged) == 40


def _deliverer(storage: Storage, wire: Wire, pace: Pace, now: Now) -> Deliverer:
    stop, metrics = Stop(), Metrics()
    return Deliverer(
        outbox=storage.outbox, schedules=storage.schedules, threads=storage.threads, now=now,
        sender=Sender(bot=bot_on(wire), pace=pace, now=now, sleep=stop.sleep, metrics=metrics),
        stop=stop, wakeup=stop.wakeup(), metrics=metrics, resend_unknown=True,
        on_token_refused=lambda reason: None, buttons=lambda *_: None, check=lambda url: None,
        telegram=Outage("Telegram cannot be reached", "Telegram is reached again", clock=now),
    )  # fmt: skip


@pytest.mark.slow
async def test_a_first_alert_waits_for_the_next_of_each_older_queue_at_most(url: str) -> None:
    storage = await open_storage(url, alone=True, now=_NOW)
    groups, now, wire = range(-460, 0), [_NOW], Wire()
    for number in (*groups, 5):
        await storage.chats.meet(chat(number, "private" if number > 0 else "supergroup"))
    await store(storage, *[report(n) for n in range(1, 6)])
    queue = [placed(n, None, *map(ring, groups)) for n in range(1, 5)]
    await storage.stories.place([*queue, placed(5, None, ring(5))], _NOW)
    deliverer = _deliverer(storage, wire, Pace(PaceLimits(28, 1, 18)), lambda: now[0])

    async def told() -> int:
        """How many messages go before that of the chat which has one."""
        while len(wire.shown) < 4 * len(groups):
            deliverer.wakeup.ring()
            await deliverer.step()
            await asyncio.gather(*deliverer._under_way.values())
            if 5 in (to := [shown.chat_id for shown in wire.shown.values()]):
                return to.index(5)
            now[0] += 0.2
        return len(wire.shown)

    try:
        assert await told() <= 1.5 * len(groups)
    finally:
        await storage.close()
