"""From the bytes of a feed to the calls of the Bot API."""

from pathlib import Path

import pytest

from bot.actions.feeds import FeedWish
from bot.feeds_file import import_feeds
from bot.playground.chats.world import ADA_ID, BEN_ID
from bot.playground.news.newsroom import Newsroom, Outlet
from tests.journey.town import Town, town

GROUP = -1002000000001
FORUM = -1002000000002


@pytest.mark.both_engines
async def test_only_what_is_new_after_the_first_poll_rings_and_each_story_once(
    idle: Town,
) -> None:
    idle.playground.newsroom.publish("harbour-post", "Old bridge to be painted green again")
    await idle.start_bot()
    await idle.ask("/subscribe")
    idle.playground.newsroom.publish(
        "harbour-post",
        "Ferry to Lund Island resumes after storm",
        "<p>The first boat left at <b>noon</b>.</p><p>The post <a href='x'>Ferry</a> "
        "appeared first on Harbour Post.</p>",
    )
    alert = await idle.alert("Ferry to Lund Island")
    # The same headline from a second outlet, and a correction of nothing: no second ring.
    idle.playground.newsroom.publish("hill-radio", "Ferry to Lund Island resumes after storm")
    idle.playground.newsroom.publish("hill-radio", "Choir festival opens in the hills on Friday")
    await idle.alert("Choir festival opens")

    texts = idle.texts()
    assert sum("Ferry to Lund Island" in text for text in texts) == 1
    assert not any("Old bridge" in text for text in texts)
    assert "The first boat left at noon." in alert.text
    assert "appeared first" not in alert.text
    kinds = [entity["type"] for entity in alert.entities]
    assert kinds.count("text_link") == 1
    assert "bold" in kinds
    assert "date_time" in kinds


async def test_a_topic_rings_only_for_what_matches_and_names_itself(bot: Town) -> None:
    await bot.ask("/start")
    await bot.ask("/topic Cranes: crane")
    followed = await bot.ask("/topic Truce: ceasefire OR truce -football")
    assert followed.text.startswith("Following Truce.\n")
    newsroom = bot.playground.newsroom
    newsroom.publish("harbour-post", "Football truce ends in a draw")
    newsroom.publish("harbour-post", "Bakers agree on the size of rolls")
    newsroom.publish("hill-radio", "Ceasefires hold along the Kharan road")
    alert = await bot.alert("Ceasefires hold")
    assert "Truce" in alert.text.splitlines()[-1]
    assert not any("Football" in text or "Bakers" in text for text in bot.texts())


async def test_one_story_is_one_message_for_a_chat_that_wants_it_for_many_reasons(
    bot: Town,
) -> None:
    await bot.ask("/start")
    for command in ("/subscribe", "/topic Sea: ferry", "/topic Storms: storm"):
        await bot.ask(command)
    bot.playground.newsroom.publish("harbour-post", "Ferry waits out the storm at Lund")
    alert = await bot.alert("Ferry waits")
    last = alert.text.splitlines()[-1]
    assert "Sea" in last
    assert "Storms" in last
    assert sum("Ferry waits" in text for text in bot.texts()) == 1


async def test_in_a_forum_alerts_go_to_the_thread_in_which_the_topic_was_followed(
    bot: Town,
) -> None:
    forum = bot.playground.world.chats[FORUM]
    thread = next(i for i, thread in forum.threads.items() if thread.name == "Science")
    await bot.ask("/topic probe", FORUM, thread_id=thread)
    bot.playground.newsroom.publish("hill-radio", "Probe finds ice on the moon Ithra")
    alert = await bot.alert("Probe finds ice", FORUM)
    assert alert.thread_id == thread


async def test_all_following_chats_are_told_and_others_are_not(bot: Town) -> None:
    await bot.ask("/start")
    await bot.ask("/subscribe Harbour Post")
    await bot.ask("/subscribe", GROUP)
    await bot.ask("/start", BEN_ID, user=BEN_ID)
    bot.playground.newsroom.publish("harbour-post", "Harbour master retires after forty years")
    bot.playground.newsroom.publish("hill-radio", "Snow closes the upper road until Monday")
    await bot.alert("Harbour master")
    await bot.alert("Harbour master", GROUP)
    await bot.alert("Snow closes", GROUP)
    assert not any("Snow closes" in text for text in bot.texts(ADA_ID))
    assert len(bot.texts(BEN_ID)) == 1


async def test_the_story_of_a_restart_is_told_once_and_nothing_is_lost(bot: Town) -> None:
    await bot.ask("/start")
    await bot.ask("/subscribe")
    bot.playground.newsroom.publish("harbour-post", "Lighthouse lit again after ten dark years")
    await bot.alert("Lighthouse lit")
    await bot.stop_bot()
    async with bot.storage() as storage:
        assert [name async for name, _ in storage.window.parts()]
    bot.playground.newsroom.publish("harbour-post", "Night train to the coast returns in spring")
    bot.playground.newsroom.publish("hill-radio", "Lighthouse lit again after ten dark years")
    await bot.start_bot()
    await bot.alert("Night train")
    bot.playground.newsroom.publish("hill-radio", "Market square gets its old clock back")
    await bot.alert("Market square")
    assert sum("Lighthouse lit" in text for text in bot.texts()) == 1
    async with bot.storage() as storage:
        states = (await storage.stats()).deliveries
    assert states == {"sent": 3}


async def test_feeds_of_every_kind_are_taken_in_by_the_running_bot(tmp_path: Path) -> None:
    forms = ("rss", "atom", "rdf", "json")
    newsroom = Newsroom(Outlet(form, f"The {form} Herald", form) for form in forms)
    async with town(tmp_path, newsroom) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/subscribe")
        told = {
            "rss": ("Bakers agree on the size of rolls", "Seeds & salt stay free."),
            "atom": ("Glacier path closes for the winter", "Guides & goats are down."),
            "rdf": ("Old cinema shows silent films again", "A pianist & a projector came."),
            "json": ("River taxi adds a stop at the mill", "Boats & bicycles meet there."),
        }
        for form, (title, summary) in told.items():
            newsroom.publish(form, title, summary)
        for title, summary in told.values():
            alert = await t.alert(title)
            assert summary in alert.text


async def test_a_feed_that_is_added_while_the_bot_runs_is_polled_quietly_first(
    idle: Town,
    tmp_path: Path,
) -> None:
    (tmp_path / "feeds.txt").write_text(idle.playground.feeds["harbour-post"])
    await idle.start_bot()
    await idle.ask("/start")
    await idle.ask("/subscribe")
    idle.playground.newsroom.publish("hill-radio", "Valley school wins the spelling prize")
    async with idle.storage() as storage:
        url = idle.playground.feeds["hill-radio"]
        assert len((await import_feeds(idle.settings, storage, [FeedWish(url)])).added) == 1
        assert not (await import_feeds(idle.settings, storage, [FeedWish(url)])).added
    await idle.settle()
    idle.playground.newsroom.publish("hill-radio", "Valley bus runs on Sundays from now on")
    await idle.alert("Valley bus")
    assert not any("Valley school" in text for text in idle.texts())
