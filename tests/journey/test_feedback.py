"""More and less like an alert, mutes of words and sources, and the settings of a chat."""

from bot.playground.chats.world import ADA_ID
from tests.journey.town import Town

FERRY = "Ferry to Lund Island resumes after storm"
CHOIR = "Choir festival opens in the hills on Friday"


async def _query_of(t: Town, name: str) -> str:
    async with t.storage() as storage:
        return next(x.query for x in await storage.chats.topics(ADA_ID) if x.name == name)


async def test_more_like_this_adds_a_counted_word_that_the_person_sees(bot: Town) -> None:
    await bot.ask("/topic Boats: ferry")
    newsroom = bot.playground.newsroom
    newsroom.publish("harbour-post", "Lund quarry reopens")
    newsroom.publish("harbour-post", "Shoppers return to Lund market hall")
    newsroom.publish("harbour-post", FERRY)
    alert = await bot.alert(FERRY)
    await bot.turned(alert, "Options", "More like this")
    await bot.press(alert, "More like this")
    offer = await bot.alert("More like this\nTopic: Boats\nAdd: lund · +2 so far")
    await bot.turned(offer, "Add it", "Undo")
    assert await _query_of(bot, "Boats") == "ferry OR lund"
    newsroom.publish("harbour-post", "Lund school wins prize")
    await bot.alert("Lund school")


async def test_less_like_this_leaves_out_a_counted_word(bot: Town) -> None:
    await bot.ask("/topic Boats: ferry")
    newsroom = bot.playground.newsroom
    newsroom.publish("harbour-post", "Ferry museum shows sailors' knots")
    newsroom.publish("harbour-post", "Museum of knots beside the ferry pier grows")
    alert = await bot.alert("Ferry museum")
    await bot.alert("Museum of knots")
    await bot.turned(alert, "Options", "Less like this")
    await bot.press(alert, "Less like this")
    offer = await bot.alert("Less like this\nTopic: Boats\nLeave out: museum · −2 so far")
    await bot.turned(offer, "Leave it out", "Undo")
    assert await _query_of(bot, "Boats") == "ferry -museum"
    newsroom.publish("hill-radio", "Ferry museum closes for winter")
    newsroom.publish("hill-radio", FERRY)
    await bot.alert(FERRY)
    assert not any("closes for winter" in text for text in bot.texts())


async def test_words_and_sources_are_muted_for_a_time(bot: Town) -> None:
    await bot.ask("/subscribe")
    assert "Muted lottery until" in (await bot.ask("/mute lottery 2d")).text
    assert "Muted Hill Radio until" in (await bot.ask("/mute source:hill radio 8h")).text
    newsroom = bot.playground.newsroom
    newsroom.publish("harbour-post", "Lottery winner found in Saint Orla")
    newsroom.publish("hill-radio", CHOIR)
    newsroom.publish("harbour-post", FERRY)
    await bot.alert(FERRY)
    await bot.stored(CHOIR)
    assert not any("Lottery winner" in text or CHOIR in text for text in bot.texts())
    listed = await bot.ask("/unmute")
    assert bot.labels(listed) == ["Unmute lottery", "Unmute Hill Radio"]
    await bot.turned(listed, "Unmute lottery", "Unmute Hill Radio")
    assert "Unmuted Hill Radio" in (await bot.ask("/unmute Hill Radio")).text
    newsroom.publish("hill-radio", "Lottery moves to Thursdays")
    await bot.alert("Lottery moves")
    for words, said in (
        ("/mute lottery", "Mute lottery for how long?"),
        ("/mute -x 2d", "only leaves words out"),
        ("/unmute fog", "is not muted. Nothing is."),
    ):
        assert said in (await bot.ask(words)).text


async def test_a_source_is_muted_from_its_alert(bot: Town) -> None:
    await bot.ask("/subscribe")
    bot.playground.newsroom.publish("hill-radio", CHOIR)
    alert = await bot.alert(CHOIR)
    await bot.turned(alert, "Options", "Mute Hill Radio")
    assert "is muted for 2 days" in await bot.press(alert, "Mute Hill Radio")
    bot.playground.newsroom.publish("hill-radio", "Old mill for sale")
    bot.playground.newsroom.publish("harbour-post", FERRY)
    await bot.alert(FERRY)
    await bot.stored("Old mill for sale")
    assert not any("Old mill" in text for text in bot.texts())


async def test_settings_are_buttons_edited_in_place(bot: Town) -> None:
    await bot.ask("/subscribe")
    page = await bot.ask("/settings")
    for row, choice, chosen in (
        ("When: At once", "Mornings, 08:00", "✓ Mornings, 08:00"),
        ("Quiet hours: off", "22:00–07:00", "✓ 22:00–07:00"),
        ("Daily limit: none", "12 a day", "✓ 12 a day"),
        ("Look", "✓ Options under alerts", "Options under alerts"),
    ):
        page = await bot.turned(page, row, choice)
        page = await bot.turned(page, choice, chosen)
        page = await bot.turned(page, "← Back", "Muted")
    page = await bot.turned(page, "Quiet hours: 22:00–07:00", "✓ Major news when quiet")
    await bot.turned(page, "✓ Major news when quiet", "Major news when quiet")
    async with bot.storage() as storage:
        chat = await storage.chats.get(ADA_ID)
    assert chat is not None
    assert chat.habits.digest == (480,)
    assert chat.habits.quiet == (1320, 420)
    assert (chat.habits.cap, chat.habits.buttons, chat.habits.breaking) == (12, False, False)
    await bot.ask("/digest off")
    await bot.ask("/quiet off")
    bot.playground.newsroom.publish("harbour-post", FERRY)
    assert bot.labels(await bot.alert(FERRY)) == []
