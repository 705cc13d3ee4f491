"""Answers that are lost, answers that must not wait, and chats that change."""

import time
from pathlib import Path

import pytest

from bot.playground.faults import Kind
from bot.playground.world import ADA_ID
from tests.journey.test_faults import HEADLINE, _following, _times, _until_states
from tests.journey.town import town

GROUP = -1002000000001


@pytest.mark.parametrize("kind", [Kind.APPLY_THEN_DROP, Kind.TRUNCATED, Kind.APPLY_THEN_ERROR])
async def test_a_supergroup_gets_a_message_once_although_its_answer_was_lost(
    tmp_path: Path, kind: Kind
) -> None:
    async with town(tmp_path) as t:
        await _following(t, GROUP)
        answers = t.messages(GROUP)
        t.playground.people.say(GROUP, "A word between people", user=ADA_ID)
        t.playground.faults.add(kind, chat_id=GROUP)
        t.playground.newsroom.publish("harbour-post", HEADLINE)
        await _until_states(t, {"sent": 1})
        assert _times(t, HEADLINE, GROUP) == 1
        assert [t.shown(answer).text for answer in answers] == [a.text for a in answers]
        assert t.messages(GROUP)[-1].edit_date is None
        async with t.storage() as storage:
            alert = await storage.alerts.get(1)
            assert alert is not None


async def test_a_lost_request_that_never_arrived_in_a_supergroup_is_sent_again(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await _following(t, GROUP)
        answers = t.texts(GROUP)
        t.playground.faults.add(Kind.DROP, chat_id=GROUP)
        t.playground.newsroom.publish("harbour-post", HEADLINE)
        await _until_states(t, {"sent": 1})
        assert _times(t, HEADLINE, GROUP) == 1
        assert t.texts(GROUP)[:-1] == answers
        probes = t.playground.ledger.find(method="editMessageText", chat_id=GROUP)
        assert 0 < len(probes) <= 3
        assert not any(probe.applied for probe in probes)


async def test_a_private_chat_is_not_searched(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await _following(t, ADA_ID)
        t.playground.faults.add(Kind.APPLY_THEN_DROP, chat_id=ADA_ID)
        t.playground.newsroom.publish("harbour-post", HEADLINE)
        await _until_states(t, {"sent": 1})
        assert _times(t, HEADLINE) == 2
        assert not t.playground.ledger.find(method="editMessageText")


async def test_an_answer_does_not_wait_behind_a_burst_of_alerts(tmp_path: Path) -> None:
    async with town(tmp_path, send_per_second=5) as t:
        await _following(t, ADA_ID, GROUP)
        for n in range(12):
            t.playground.newsroom.publish("harbour-post", f"Bulletin {n} from the harbour office")
        await t.alert("Bulletin 1 from", seconds=20)
        began = time.monotonic()
        await t.ask("/help")
        assert time.monotonic() - began < 2.5
        sent = t.playground.ledger.find(method="sendMessage", containing="Bulletin")
        assert len(sent) < 24
