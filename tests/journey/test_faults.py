"""Telegram answers badly, late or not at all: what becomes of the messages under way."""

import asyncio
import time
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.app import run_bot
from bot.errors import SettingsError
from bot.playground.bot_api.faults import FaultKind
from bot.playground.bot_api.limits import BotApiLimits
from bot.playground.chats.world import ADA_ID, BEN_ID
from tests.databases import locked
from tests.journey.town import PATIENCE, Town, town, until

GROUP = -1002000000001
FORUM = -1002000000002
HEADLINE = "Ferry crews accept the new timetable"


async def _following(t: Town, *chats: int) -> None:
    await t.start_bot()
    for chat in chats:
        user = chat if chat > 0 else ADA_ID
        if chat > 0:
            await t.ask("/start", chat, user=user)
        await t.ask("/subscribe", chat, user=user)


def _times(t: Town, part: str, chat_id: int = ADA_ID) -> int:
    return sum(part in text for text in t.texts(chat_id))


async def _states(t: Town) -> dict[str, int]:
    async with t.storage() as storage:
        return (await storage.stats()).deliveries


async def _until_states(t: Town, wanted: dict[str, int]) -> None:
    async with asyncio.timeout(PATIENCE):
        while await _states(t) != wanted:
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.APPLY_THEN_DROP,
        FaultKind.TRUNCATED,
        FaultKind.APPLY_THEN_ERROR,
        FaultKind.BAD_GATEWAY,
    ],
)
async def test_an_unknown_outcome_is_sent_again_once_and_then_told_in_a_digest(
    idle: Town, kind: FaultKind
) -> None:
    await _following(idle, ADA_ID)
    # The alert, its second try, and the first part of the digest.
    idle.playground.faults.add(kind, times=3, chat_id=ADA_ID)
    idle.playground.newsroom.publish("harbour-post", HEADLINE)
    await _until_states(idle, {"sent": 2})
    tries = idle.playground.ledger.find(method="sendMessage", containing=HEADLINE)
    assert len(tries) == 2
    digest = idle.messages()[-1]
    assert digest.text.startswith("This may not have reached you: 1 story")
    assert HEADLINE in digest.text
    firsts = idle.playground.ledger.find(method="sendMessage", containing="not have reached you")
    assert len(firsts) == 2
    assert not any(HEADLINE in first.text for first in firsts)


@pytest.mark.town(unknown_outcome="drop")
async def test_an_unknown_outcome_is_dropped_where_the_operator_wants_it_so(idle: Town) -> None:
    await _following(idle, ADA_ID)
    idle.playground.faults.add(FaultKind.APPLY_THEN_DROP, chat_id=ADA_ID)
    idle.playground.newsroom.publish("harbour-post", HEADLINE)
    await _until_states(idle, {"unknown": 1})
    assert _times(idle, HEADLINE) == 1


async def test_a_message_that_surely_did_not_go_out_is_sent_until_it_arrives(
    idle: Town,
) -> None:
    await _following(idle, ADA_ID)
    idle.playground.faults.add(FaultKind.TOO_MANY, chat_id=ADA_ID, retry_after=1, times=2)
    idle.playground.newsroom.publish("harbour-post", HEADLINE)
    await _until_states(idle, {"sent": 1})
    assert _times(idle, HEADLINE) == 1
    assert not idle.playground.ledger.violations()


async def test_a_chat_told_to_wait_waits_exactly_and_others_go_on(idle: Town) -> None:
    await _following(idle, ADA_ID, BEN_ID)
    idle.playground.faults.add(FaultKind.TOO_MANY, chat_id=ADA_ID, retry_after=3)
    began = time.monotonic()
    idle.playground.newsroom.publish("harbour-post", HEADLINE)
    await idle.alert(HEADLINE, ADA_ID)
    assert time.monotonic() - began >= 3
    told = idle.playground.ledger.delivered(containing=HEADLINE)
    assert [entry.chat_id for entry in told] == [BEN_ID, ADA_ID]
    assert not idle.playground.ledger.violations()


async def test_a_chat_that_blocks_is_paused_at_once_and_resumed_when_it_returns(
    idle: Town,
) -> None:
    await _following(idle, ADA_ID, BEN_ID)
    # Telegram refuses before it tells: the update that says so comes later, or never.
    idle.playground.faults.add(
        FaultKind.REFUSE, chat_id=BEN_ID, description="Forbidden: bot was blocked by the user"
    )
    idle.playground.newsroom.publish("harbour-post", HEADLINE)
    await _until_states(idle, {"sent": 1, "dead": 1})
    idle.playground.newsroom.publish("harbour-post", "A second headline for those who stayed")
    await idle.alert("A second headline")
    tries = idle.playground.ledger.find(method="sendMessage", chat_id=BEN_ID, containing="headline")
    assert tries == []
    idle.playground.people.block(BEN_ID)
    idle.playground.people.block(BEN_ID, blocked=False)
    await idle.ask("/status", BEN_ID, user=BEN_ID)
    idle.playground.newsroom.publish("harbour-post", "Third time lucky for the old crane")
    await idle.alert("Third time lucky", BEN_ID)


async def test_a_group_that_becomes_a_supergroup_takes_its_wishes_and_its_queue_along(
    idle: Town,
) -> None:
    group = idle.playground.people.create_group("Row club", kind="group")
    await _following(idle, group.id)
    await idle.ask("/topic regatta", group.id)
    await idle.ask("/topic cranes", group.id)
    moved = idle.playground.people.migrate(group.id)
    idle.playground.newsroom.publish("harbour-post", HEADLINE)
    await idle.alert(HEADLINE, moved.id)
    idle.playground.newsroom.publish("harbour-post", "Regatta dates are out, rowers rejoice")
    alert = await idle.alert("Regatta dates", moved.id)
    assert "regatta" in alert.text.splitlines()[-1]
    async with idle.storage() as storage:
        assert await storage.chats.get(group.id) is None


async def test_markup_that_telegram_refuses_is_resent_once_as_plain_text(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await _following(t, ADA_ID)
        t.playground.faults.add(
            FaultKind.REFUSE,
            chat_id=ADA_ID,
            description="Bad Request: can't parse entities: Unsupported start tag",
        )
        item = t.playground.newsroom.publish("harbour-post", HEADLINE, "One sentence.")
        alert = await t.alert(HEADLINE)
        assert alert.text == f"{HEADLINE}\nOne sentence.\n{item.link}"
        await _until_states(t, {"sent": 1})


async def test_what_telegram_will_never_take_fails_and_does_not_hold_up_the_next(
    idle: Town,
) -> None:
    await _following(idle, ADA_ID)
    idle.playground.faults.add(
        FaultKind.REFUSE, chat_id=ADA_ID, description="Bad Request: a reason nobody has seen yet"
    )
    idle.playground.newsroom.publish("harbour-post", HEADLINE)
    await _until_states(idle, {"failed": 1})
    idle.playground.newsroom.publish("harbour-post", "The next headline arrives as ever")
    await idle.alert("The next headline")


async def test_a_closed_thread_falls_back_to_the_main_one(bot: Town) -> None:
    forum = bot.playground.world.chats[FORUM]
    thread = next(i for i, thread in forum.threads.items() if thread.name == "Science")
    await bot.ask("/topic probe", FORUM, thread_id=thread)
    bot.playground.people.set_topic(FORUM, thread, "deleted")
    bot.playground.newsroom.publish("hill-radio", "Probe finds ice on the moon Ithra")
    alert = await bot.alert("Probe finds ice", FORUM)
    assert alert.thread_id is None


async def test_telegram_away_for_a_while_loses_nothing_and_keeps_the_order(idle: Town) -> None:
    await _following(idle, ADA_ID)
    idle.playground.faults.add(FaultKind.TOO_MANY_BARE, chat_id=BEN_ID)
    fault = idle.playground.faults.add(FaultKind.TOO_MANY, chat_id=ADA_ID, retry_after=1, times=3)
    titles = [f"Bulletin {n} from the harbour office" for n in range(5)]
    for title in titles:
        idle.playground.newsroom.publish("harbour-post", title)
    await _until_states(idle, {"sent": 5})
    assert fault.met == 3
    shown = [text.splitlines()[0] for text in idle.texts() if text.startswith("Bulletin")]
    assert shown == titles


async def test_the_limits_of_telegram_are_kept_without_being_told(tmp_path: Path) -> None:
    limits = BotApiLimits()
    async with town(tmp_path, limits=limits, send_per_chat_seconds=1) as t:
        await _following(t, ADA_ID, GROUP)
        for n in range(6):
            t.playground.newsroom.publish("harbour-post", f"Bulletin {n} from the harbour office")
        await _until_states(t, {"sent": 12})
        outcomes = {entry.outcome for entry in t.playground.ledger.find(method="sendMessage")}
        assert outcomes == {"ok"}


async def test_an_update_that_cannot_be_read_is_skipped(bot: Town) -> None:
    bot.playground.stage.updates.offer("message", {"message_id": 1, "chat": "no chat at all"})
    bot.playground.stage.updates.offer("callback_query", {"id": 5})
    assert "What I can do here" in (await bot.ask("/help")).text


async def test_a_database_that_cannot_be_written_is_one_line_whoever_tries(bot: Town) -> None:
    fails = "the database fails; what needs it is tried again and again"

    def tries() -> set[str]:
        return {name for line in logged if line["event"] == fails for name in line}

    with capture_logs() as logged, locked(bot.settings.database_url):
        assert "went wrong here" in (await bot.ask("/quiet 22:00-07:00")).text
        bot.ahead = 3_600.0  # all feeds are due
        await until(lambda: {"update", "loop"} <= tries(), "tries of two kinds")
    (said,) = [line for line in logged if line["log_level"] == "error"]
    assert said["event"] == fails
    assert "another program keeps it locked" in said["error"]
    assert "exc_info" not in said
    assert "22:00" in (await bot.ask("/quiet 22:00-07:00")).text


@pytest.mark.town(telegram_token="1000001:not-the-token-AAAAAAAAAAAAAA")
async def test_a_token_that_telegram_does_not_know_ends_the_bot_with_a_clear_line(
    idle: Town,
) -> None:
    with pytest.raises(SettingsError, match="TELEGRAM_TOKEN: Telegram does not know this bot"):
        await asyncio.wait_for(_run(idle), 10)


async def _run(t: Town) -> None:
    await run_bot(t.settings)


@pytest.mark.town(roles="chat,poll")
async def test_a_bot_that_can_send_no_alert_says_so_when_it_starts(idle: Town) -> None:
    with capture_logs() as said:
        await idle.start_bot()
    (warned,) = [each for each in said if "no alert will be sent" in each["event"]]
    assert (warned["log_level"], warned["lacking"]) == ("warning", "desk,send")
