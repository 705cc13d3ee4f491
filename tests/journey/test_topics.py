"""Topics by buttons: ready-made ones, other names, options, and queries that bring more or less."""

from pathlib import Path

from bot.playground.chats.world import ADA_ID
from bot.playground.news.newsroom import quiet_newsroom
from tests.journey.town import Town, town, until

BRIDGE = "Old bridge at Mill Lane to be painted green"
FORUM = -1002000000002


async def _query_of(t: Town, name: str) -> str:
    async with t.storage() as storage:
        return next(x.query for x in await storage.chats.topics(ADA_ID) if x.name == name)


async def test_other_names_are_offered_included_and_matched(bot: Town) -> None:
    await bot.ask("/language all")
    said = await bot.ask("/topic Strip: gaza")
    page = await bot.turned(said, "Add other names", "+ Gaza Strip")
    page = await bot.turned(page, "+ Gaza Strip", "✕ gaza strip")
    assert "غزه" not in await _query_of(bot, "Strip")
    page = await bot.turned(page, "Add all other names", "Next →")
    await until(lambda: "Add all other names" not in bot.labels(page), "all names to be included")
    query = await _query_of(bot, "Strip")
    assert "gaza" in query
    assert "غزه" in query  # as it is folded
    bot.playground.newsroom.publish("harbour-post", "وصول المساعدات إلى غزة")
    assert "غزة" in (await bot.alert("غزة")).text


async def test_the_page_of_a_topic_changes_how_it_alerts(tmp_path: Path) -> None:
    newsroom = quiet_newsroom("harbour-post", "hill-radio")
    async with town(tmp_path, newsroom) as t:
        await t.start_bot()
        page = await t.ask("/topic Bridges: bridge")
        page = await t.turned(page, "Options", "Sound: on")
        for row, choice, now in (
            ("Sound: on", "Off", "Sound: off"),
            ("Wait: no", "2 sources", "Wait: 2 sources"),
            ("Daily limit: none", "3 a day", "Daily limit: 3 a day"),
        ):
            page = await t.turned(page, row, choice)
            page = await t.turned(page, choice, f"✓ {choice}")
            page = await t.turned(page, "← Back", now)
        assert "no sound · when 2 sources have it · 3 alerts a day" in t.shown(page).text
        newsroom.publish("harbour-post", BRIDGE)
        await t.stored(BRIDGE)
        newsroom.publish("hill-radio", BRIDGE)
        alert = await t.alert(f"{BRIDGE}\n")
        assert alert.silent
        assert "Also:" in alert.text


async def test_each_of_two_things_that_were_named_together_alerts(bot: Town) -> None:
    asked = await bot.ask("I want news on Ukraine and football")
    done = await bot.turned(asked, "Follow both: Ukraine, football", "All topics")
    assert bot.shown(done).text.startswith("Following ")
    for title in ("Grain ship leaves for Ukraine", "Arsenal win in the Premier League"):
        bot.playground.newsroom.publish("harbour-post", title)
        assert title in (await bot.alert(title)).text


async def test_what_waits_for_a_topic_comes_when_its_removal_is_undone(tmp_path: Path) -> None:
    newsroom = quiet_newsroom("harbour-post", "hill-radio")
    async with town(tmp_path, newsroom) as t:
        await t.start_bot()
        page = await t.turned(await t.ask("/topic Bridges: bridge"), "Options", "Wait: no")
        page = await t.turned(page, "Wait: no", "2 sources")
        page = await t.turned(page, "2 sources", "✓ 2 sources")
        newsroom.publish("harbour-post", BRIDGE)
        await t.stored(BRIDGE)
        removed = await t.ask("/topic remove Bridges")
        await t.turned(removed, "Undo", "Wait: 2 sources")
        newsroom.publish("hill-radio", BRIDGE)
        assert "Also:" in (await t.alert(f"{BRIDGE}\n")).text


async def test_one_name_in_two_threads_alerts_in_both(bot: Town) -> None:
    threads = bot.playground.world.chats[FORUM].threads
    first, second = (i for i, each in threads.items() if each.name in ("Science", "Middle East"))
    await bot.ask("/topic Bridges: bridge", FORUM, thread_id=first)
    asked = await bot.ask("/topic Bridges", FORUM, thread_id=second)
    await bot.turned(asked, "Follow here too", "When: At once")
    bot.playground.newsroom.publish("harbour-post", BRIDGE)
    await until(
        lambda: {m.thread_id for m in bot.messages(FORUM) if BRIDGE in m.text} == {first, second},
        "an alert in both threads",
    )
