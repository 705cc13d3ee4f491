"""One story, one alert: later reports edit what was sent."""

import asyncio
from pathlib import Path

from bot.playground.faults import Kind
from bot.playground.newsroom import quiet_newsroom
from bot.playground.world import ADA_ID
from tests.journey.town import Town, town, until

HEADLINE = "Ferry to Lund Island resumes after storm"


def _edits(t: Town) -> int:
    return len(t.playground.ledger.find(method="editMessageText", chat_id=ADA_ID))


async def test_later_reports_edit_the_alert_gathered_and_named(tmp_path: Path) -> None:
    newsroom = quiet_newsroom("harbour-post", "hill-radio", "coast-wire")
    async with town(tmp_path, newsroom) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/subscribe")
        newsroom.publish("harbour-post", HEADLINE, "The first boat left at noon.")
        alert = await t.alert(HEADLINE)
        newsroom.publish("hill-radio", HEADLINE)
        await _until_reports(t, 2)
        newsroom.publish("coast-wire", f"BREAKING: {HEADLINE}")
        await _until_reports(t, 3)
        assert _edits(t) == 0
        t.ahead = 61
        await until(lambda: _edits(t) == 1, "an edit")
        edited = t.playground.world.chats[ADA_ID].messages[alert.id]
        also = edited.text.splitlines()
        assert also[0] == HEADLINE
        assert also[1] == "The first boat left at noon."
        assert also[3].replace("\u2068", "").replace("\u2069", "") == "Also: Hill Radio, Coast Wire"
        kinds = [entity["type"] for entity in edited.entities]
        assert "expandable_blockquote" in kinds
        assert kinds.count("text_link") == 3
        t.ahead = 180
        newsroom.publish("hill-radio", "Choir festival opens in the hills on Friday")
        await t.alert("Choir festival")
        assert _edits(t) == 1
        assert sum(HEADLINE in text for text in t.texts()) == 1


async def test_an_alert_older_than_a_day_is_not_edited(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/subscribe")
        t.playground.newsroom.publish("harbour-post", HEADLINE)
        await t.alert(HEADLINE)
        t.ahead = 86_500
        t.playground.newsroom.publish("hill-radio", HEADLINE)
        await _until_reports(t, 2)
        t.ahead = 86_700
        t.playground.newsroom.publish("hill-radio", "Choir festival opens in the hills on Friday")
        await t.alert("Choir festival")
        assert _edits(t) == 0


async def test_an_edit_whose_answer_is_lost_is_repeated(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/subscribe")
        t.playground.newsroom.publish("harbour-post", HEADLINE)
        await t.alert(HEADLINE)
        t.playground.newsroom.publish("hill-radio", HEADLINE)
        await _until_reports(t, 2)
        t.playground.faults.add(Kind.APPLY_THEN_DROP, method="editMessageText")
        t.ahead = 61
        await until(lambda: _edits(t) == 1, "an edit")
        t.ahead = 130
        await until(lambda: _edits(t) == 2, "its repetition")
        t.ahead = 300
        t.playground.newsroom.publish("hill-radio", "Choir festival opens in the hills on Friday")
        await t.alert("Choir festival")
        assert _edits(t) == 2
        assert sum(HEADLINE in text for text in t.texts()) == 1


async def test_a_story_that_grew_before_its_alert_went_out_is_told_whole(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/subscribe")
        t.playground.faults.add(Kind.TOO_MANY, chat_id=ADA_ID, retry_after=3)
        t.playground.newsroom.publish("harbour-post", HEADLINE)
        t.playground.newsroom.publish("hill-radio", HEADLINE)
        alert = await t.alert(HEADLINE)
        assert "Also:" in alert.text
        assert _edits(t) == 0


async def _until_reports(t: Town, count: int) -> None:
    async with t.storage() as storage, asyncio.timeout(15):
        while True:
            rows = await storage.stories.newest(None, 1)
            if rows and rows[0].story.reports >= count:
                return
            await asyncio.sleep(0.02)
