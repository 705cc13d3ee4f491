"""One event in three languages: one alert, in a language that the chat chose."""

import asyncio
from pathlib import Path

from bot.playground.newsroom import Newsroom, Outlet
from tests.journey.town import Town, town

ENGLISH = "Ferry to Lund Island resumes after the storm"
GERMAN = "Fähre nach der Insel Lund fährt nach dem Sturm wieder"
RUSSIAN = "Паром на остров Лунд снова ходит после шторма"
LATER = "Lantern festival opens in the hills"
EVENT = "https://harbour.example/lanterns"


async def _whynot(t: Town, link: str, part: str) -> str:
    async with asyncio.timeout(15):
        while True:  # until it has been placed
            said = (await t.ask(f"/whynot {link}")).text
            if part in said:
                return said


async def test_of_one_event_in_three_languages_one_alerts_and_a_later_report_once(
    tmp_path: Path,
) -> None:
    outlets = [
        Outlet("harbour-post", "Harbour Post", "rss", "en-GB"),
        Outlet("hafenblatt", "Hafenblatt", "atom", "de"),
        Outlet("parus", "Парус", "json", "ru"),
        Outlet("hill-radio", "Hill Radio", "rss", "en"),
    ]
    newsroom = Newsroom(outlets)
    async with town(tmp_path, newsroom) as t:
        await t.start_bot()
        await t.ask("/subscribe")
        await t.ask("/language en")
        newsroom.publish("hafenblatt", GERMAN)
        newsroom.publish("parus", RUSSIAN)
        await t.stored(GERMAN, RUSSIAN)
        newsroom.publish("harbour-post", ENGLISH)
        await t.alert(ENGLISH)
        german = newsroom.publish("hafenblatt", "Laternenfest in den Hügeln", link=EVENT)
        await _whynot(t, german.link, "it is in German")
        # The same story in a language of the chat, which was not told of it yet.
        newsroom.publish("hill-radio", LATER, link=EVENT)
        await t.alert(LATER)
        newsroom.publish("harbour-post", f"{LATER} tonight", link=EVENT)
        await t.reports(3)
        newsroom.publish("harbour-post", "Mill bridge closes for repairs")
        await t.alert("Mill bridge")
        alerts = [
            text for text in t.texts() if "Post" in text or "Radio" in text or "blatt" in text
        ]
        told = [text.splitlines()[0] for text in alerts if "Kept away" not in text]
        assert told == [ENGLISH, LATER, "Mill bridge closes for repairs"]
        found = await t.ask("/latest")
        assert GERMAN in found.text
        assert RUSSIAN in found.text
