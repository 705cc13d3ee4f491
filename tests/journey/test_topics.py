"""Topics by buttons: ready-made ones, other names, options, and queries that bring more or less."""

from pathlib import Path

from bot.playground.newsroom import quiet_newsroom
from bot.playground.world import ADA_ID
from tests.journey.town import Town, town, until

BRIDGE = "Old bridge at Mill Lane to be painted green"
QUAKE = "Quake shakes the northern coast"


async def _query_of(t: Town, name: str) -> str:
    async with t.storage() as storage:
        return next(x.query for x in await storage.chats.topics(ADA_ID) if x.name == name)


async def test_other_names_are_offered_included_and_matched(bot: Town) -> None:
    await bot.ask("/language all")
    said = await bot.ask("/topic Strip: gaza")
    assert "by other names" in said.text
    page = await bot.turned(said, "+ Gaza Strip", "Sound: on")
    assert "+ Gaza Strip" not in bot.labels(page)
    assert "غزه" not in await _query_of(bot, "Strip")
    page = await bot.turned(page, "Include all", "Remove topic")
    await until(lambda: "Include all" not in bot.labels(page), "all names to be included")
    query = await _query_of(bot, "Strip")
    assert "gaza" in query
    assert "غزه" in query  # as it is folded
    bot.playground.newsroom.publish("harbour-post", "وصول المساعدات إلى غزة")
    assert "غزة" in (await bot.alert("غزة")).text


async def test_the_page_of_a_topic_changes_how_it_tells(tmp_path: Path) -> None:
    newsroom = quiet_newsroom("harbour-post", "hill-radio")
    async with town(tmp_path, newsroom) as t:
        await t.start_bot()
        said = await t.ask("/topic Bridges: bridge")
        page = await t.turned(said, "Options", "Sound: on")
        page = await t.turned(page, "Sound: on", "Sound: off")
        page = await t.turned(page, "Sources: 1 or more", "Sources: 2 or more")
        page = await t.turned(page, "A day: all", "A day: 3")
        assert "once 2 independent sources carry it" in page.text
        newsroom.publish("harbour-post", BRIDGE)
        await t.stored(BRIDGE)
        newsroom.publish("hill-radio", BRIDGE)
        alert = await t.alert(f"{BRIDGE}\n")
        assert alert.silent
        assert "Also:" in alert.text
        page = await t.turned(page, "At once", "In digests")
        await t.turned(page, "← Back", "Ready-made topics")
        async with t.storage() as storage:
            (topic,) = await storage.chats.topics(ADA_ID)
        assert (topic.options.silent, topic.options.digest) == (True, True)
        assert (topic.options.sources, topic.options.cap) == (2, 3)
