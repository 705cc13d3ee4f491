"""One event in three languages: one alert, in a language that the chat chose."""

from pathlib import Path

from bot.playground.news.newsroom import Newsroom, Outlet
from tests.journey.town import town

ENGLISH = "Ferry to Lund Island resumes after the storm"
GERMAN = "Fähre nach der Insel Lund fährt nach dem Sturm wieder"
RUSSIAN = "Паром на остров Лунд снова ходит после шторма"
LANTERNS = "Laternenfest in den Hügeln"
BRIDGE = "Mill bridge closes for repairs"
LATER = "Lantern festival opens in the hills"
EVENT = "https://harbour.example/lanterns"


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
        german = newsroom.publish("hafenblatt", LANTERNS, link=EVENT)
        await t.stored(LANTERNS)
        assert "It is in German" in (await t.ask(f"/whynot {german.link}")).text
        # The same story in a language of the chat, which was not told of it yet.
        newsroom.publish("hill-radio", LATER, link=EVENT)
        await t.alert(LATER)
        newsroom.publish("harbour-post", f"{LATER} tonight", link=EVENT)
        await t.reports(3)
        newsroom.publish("harbour-post", BRIDGE)
        await t.alert(BRIDGE)
        titles = {ENGLISH, GERMAN, RUSSIAN, LANTERNS, LATER, f"{LATER} tonight", BRIDGE}
        first_lines = [text.splitlines()[0] for text in t.texts()]
        assert [line for line in first_lines if line in titles] == [ENGLISH, LATER, BRIDGE]
        found = await t.ask("/latest")
        assert GERMAN in found.text
        assert RUSSIAN in found.text
