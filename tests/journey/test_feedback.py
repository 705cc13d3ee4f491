"""More and less like an alert, mutes of words and sources, and the settings of a chat."""

from pathlib import Path

from bot.playground.world import ADA_ID
from tests.journey.town import Town, town

FERRY = "Ferry to Lund Island resumes after storm"
CHOIR = "Choir festival opens in the hills on Friday"


async def _query_of(t: Town, name: str) -> str:
    async with t.storage() as storage:
        return next(x.query for x in await storage.chats.topics(ADA_ID) if x.name == name)


async def test_more_like_this_adds_a_counted_word_that_the_person_sees(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/topic Boats: ferry")
        newsroom = t.playground.newsroom
        newsroom.publish("harbour-post", "Lund quarry reopens")
        newsroom.publish("harbour-post", "Shoppers return to Lund market hall")
        newsroom.publish("harbour-post", FERRY)
        alert = await t.alert(FERRY)
        await t.turned(alert, "Options", "More like this")
        await t.press(alert, "More like this")
        offer = await t.alert("bring more like it")
        assert "+ lund (2)" in t.labels(offer)
        await t.press(offer, "+ lund (2)")
        assert await _query_of(t, "Boats") == "ferry OR lund"
        assert "ferry OR lund" in t.shown(offer).text
        newsroom.publish("harbour-post", "Lund school wins prize")
        await t.alert("Lund school")


async def test_less_like_this_leaves_out_a_counted_word(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/topic Boats: ferry")
        newsroom = t.playground.newsroom
        newsroom.publish("harbour-post", "Ferry museum shows sailors' knots")
        newsroom.publish("harbour-post", "Museum of knots beside the ferry pier grows")
        alert = await t.alert("Ferry museum")
        await t.alert("Museum of knots")
        await t.turned(alert, "Options", "Less like this")
        await t.press(alert, "Less like this")
        offer = await t.alert("leave out what is like it")
        assert "- museum (2)" in t.labels(offer)
        await t.press(offer, "- museum (2)")
        assert await _query_of(t, "Boats") == "ferry -museum"
        newsroom.publish("hill-radio", "Ferry museum closes for winter")
        newsroom.publish("hill-radio", FERRY)
        await t.alert(FERRY)
        assert not any("closes for winter" in text for text in t.texts())


async def test_words_and_sources_are_muted_for_a_time(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/subscribe")
        assert "lottery is silent here" in (await t.ask("/mute lottery 2d")).text
        assert "Hill Radio is silent here" in (await t.ask("/mute source:hill radio 8h")).text
        newsroom = t.playground.newsroom
        newsroom.publish("harbour-post", "Lottery winner found in Saint Orla")
        newsroom.publish("hill-radio", CHOIR)
        newsroom.publish("harbour-post", FERRY)
        await t.alert(FERRY)
        await t.stored(CHOIR)
        assert not any("Lottery winner" in text or CHOIR in text for text in t.texts())
        listed = await t.ask("/unmute")
        assert t.labels(listed) == ["Unmute lottery", "Unmute Hill Radio"]
        await t.turned(listed, "Unmute lottery", "Unmute Hill Radio")
        assert "may ring again" in (await t.ask("/unmute Hill Radio")).text
        newsroom.publish("hill-radio", "Lottery moves to Thursdays")
        await t.alert("Lottery moves")
        for words, said in (
            ("/mute lottery", "no time I know"),
            ("/mute -x 2d", "leave out"),
            ("/unmute fog", "not muted here"),
        ):
            assert said in (await t.ask(words)).text


async def test_a_source_is_muted_from_its_alert(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/subscribe")
        t.playground.newsroom.publish("hill-radio", CHOIR)
        alert = await t.alert(CHOIR)
        await t.turned(alert, "Options", "Mute Hill Radio for 2 days")
        assert "silent here" in await t.press(alert, "Mute Hill Radio for 2 days")
        t.playground.newsroom.publish("hill-radio", "Old mill for sale")
        t.playground.newsroom.publish("harbour-post", FERRY)
        await t.alert(FERRY)
        await t.stored("Old mill for sale")
        assert not any("Old mill" in text for text in t.texts())


async def test_settings_are_buttons_edited_in_place(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/subscribe")
        page = await t.ask("/settings")
        page = await t.turned(page, "Digest: off", "Digest: 08:00")
        page = await t.turned(page, "Quiet: off", "Quiet: 22:00-07:00")
        page = await t.turned(page, "Alerts a day: all", "Alerts a day: 12")
        page = await t.turned(page, "Button under alerts: on", "Button under alerts: off")
        await t.turned(
            page, "Breaking news in quiet hours: on", "Breaking news in quiet hours: off"
        )
        async with t.storage() as storage:
            chat = await storage.chats.get(ADA_ID)
        assert chat is not None
        assert chat.habits.digest == (480,)
        assert chat.habits.quiet == (1320, 420)
        assert (chat.habits.cap, chat.habits.buttons, chat.habits.breaking) == (12, False, False)
        await t.ask("/digest off")
        await t.ask("/quiet off")
        t.playground.newsroom.publish("harbour-post", FERRY)
        assert t.labels(await t.alert(FERRY)) == []
