"""/addfeed and /removefeed, through the real bot and a real, small web site."""

import asyncio
from pathlib import Path

import pytest

from bot.actions.adding import MOST_ADDED
from bot.actions.feeds import FeedWish, add_feeds
from bot.news.polling.schedule import Bounds
from bot.playground.chats.world import ADA_ID, BEN_ID
from bot.playground.news.newsroom import quiet_newsroom
from bot.settings import load_settings
from tests.feeds.site import Page, Site, feed, page, site
from tests.journey.town import PATIENCE, Town, town, until
from tests.storage.samples import brought

GROUP = -1002000000001
OLD, NEWS = "Crane number four is painted", "Ferry to Lund Island resumes"


async def _polled(t: Town, url: str) -> None:
    """Waits for the first, quiet poll of a feed."""
    async with t.storage() as storage:
        known = {f.url: f for f in await storage.feeds.all()}
        assert url in known
    await t.settle()


async def _addresses(t: Town) -> list[str]:
    async with t.storage() as storage:
        return [feed.url for feed in await storage.feeds.all()]


async def test_the_address_of_a_site_is_enough_and_its_news_ring(tmp_path: Path) -> None:
    async with site() as harbour, town(tmp_path) as t:
        harbour.pages["/"] = page(("rss+xml", "/news.xml"))
        harbour.pages["/news.xml"] = feed("Pier Post", OLD)
        await t.start_bot()
        await t.ask("/start")
        answer = await t.ask(f"/addfeed {harbour.url}/")
        assert answer.text == (f"Added Pier Post. This chat follows it now.\nNewest story: {OLD}")
        await _polled(t, f"{harbour.url}/news.xml")
        harbour.pages["/news.xml"] = feed("Pier Post", NEWS, OLD)
        assert "Pier Post" in (await t.alert(f"{NEWS}")).text
        assert not [text for text in t.texts() if text.startswith(OLD)]
        await t.ask("/stop")
        again = await t.ask(f"/addfeed {harbour.url}/news.xml")
        assert again.text.startswith("This chat follows Pier Post already.")
        assert again.text.endswith("\nPaused until you resume.")
        assert t.labels(again) == ["Resume", "Unfollow"]


async def test_of_several_feeds_one_is_chosen_by_a_button(harbour: Site, idle: Town) -> None:
    harbour.pages["/"] = page(("rss+xml", "/world"), ("atom+xml", "/sport"))
    harbour.pages["/world"] = feed("World @desk", "Treaty & truce signed")
    harbour.pages["/sport"] = feed("Sport", "Rowers win")
    await idle.start_bot()
    await idle.ask("/start")
    offered = await idle.ask(f"/addfeed {harbour.url}")
    assert "Treaty & truce signed" in offered.text
    assert "Rowers win" in offered.text
    assert idle.labels(offered) == ["1. World @desk", "2. Sport"]
    before = len(idle.texts())
    await idle.press(offered, "2. Sport")
    await until(lambda: len(idle.texts()) > before, "the feed to be added")
    assert idle.texts()[-1].startswith("Added Sport.")
    assert f"{harbour.url}/sport" in await _addresses(idle)
    assert f"{harbour.url}/world" not in await _addresses(idle)


@pytest.mark.hostile(1, 6, 7, 22, 40)
async def test_what_cannot_be_added_is_said_in_one_sentence_and_changes_nothing(
    harbour: Site,
    idle: Town,
) -> None:
    """A refusal reads the same whatever its reason."""
    harbour.pages["/"] = Page("<p>No feed here")
    harbour.moves("/inside", "http://169.254.169.254/latest/meta-data/")
    await idle.start_bot()
    await idle.ask("/start")
    before = await _addresses(idle)
    refused = [
        "http://169.254.169.254/", "file:///etc/passwd", f"{harbour.url}/inside",
        "http://ada:hunter2@127.0.0.1/",
    ]  # fmt: skip
    answers = {(await idle.ask(f"/addfeed {address}")).text for address in refused}
    assert answers == {"I can't use that address. Send one of a public site."}
    idle.ahead += 61
    answer = await idle.ask(f"/addfeed {harbour.url}")
    assert answer.text.startswith("I could not add that: I found no source there.\nLook on the")
    answer = await idle.ask(f"/addfeed {harbour.url}/nowhere")
    assert "404 Not Found" in answer.text
    harbour.pages["/busy"] = Page(status=429)
    said = (await idle.ask(f"/addfeed {harbour.url}/busy")).text
    # Where only waiting helps, nothing else is advised.
    assert said == (
        "I could not add that: the site answered 429 Too Many Requests. Try again in 15 min."
    )
    assert "Send the address" in (await idle.ask("/addfeed")).text
    assert await _addresses(idle) == before


@pytest.mark.hostile(36)
async def test_a_source_whose_host_only_looks_like_another_is_listed_with_it(
    bot: Town,
) -> None:
    await bot.ask("/start")
    async with bot.storage() as storage:
        # A title of its own, and letters that are Cyrillic.
        wish = FeedWish("https://аррӏе.example/feed", "Orchard News")
        await add_feeds(storage.feeds, [wish], str, Bounds(1, 1), bot.now() + 9e6, lambda: 0.5)
    listed = await bot.ask("/sources orchard")
    assert "Orchard News (xn--80ak6aa92e.example)" in listed.text.replace("\u2060", "")


async def test_a_chat_searches_five_times_a_minute(bot: Town) -> None:
    inside, refused = (
        "/addfeed http://10.0.0.1/",
        "I can't use that address. Send one of a public site.",
    )
    await bot.ask("/start")
    for _ in range(5):
        assert (await bot.ask(inside)).text == refused
    assert "At most five tries a minute" in (await bot.ask(inside)).text
    bot.ahead += 61
    assert (await bot.ask(inside)).text == refused


@pytest.mark.town(allow_user_feeds=False, admin_ids=str(BEN_ID))
async def test_only_operators_add_where_people_may_not(harbour: Site, idle: Town) -> None:
    harbour.pages["/feed"] = feed("Pier Post", NEWS)
    await idle.start_bot()
    await idle.ask("/start")
    answer = await idle.ask(f"/addfeed {harbour.url}/feed")
    assert answer.text.startswith("Only operators of this bot add sources here")
    assert f"{harbour.url}/feed" not in await _addresses(idle)
    answer = await idle.ask(f"/addfeed {harbour.url}/feed", BEN_ID, user=BEN_ID)
    assert answer.text.startswith("Added Pier Post.")


async def test_in_a_group_only_administrators_add_and_remove(harbour: Site, idle: Town) -> None:
    harbour.pages["/feed"] = feed("Pier Post", NEWS)
    await idle.start_bot()
    words = f"/addfeed {harbour.url}/feed"
    assert "Only administrators" in (await idle.ask(words, GROUP, user=BEN_ID)).text
    assert harbour.visits == {}
    assert (await idle.ask(words, GROUP, user=ADA_ID)).text.startswith("Added Pier Post.")
    removal = "/removefeed pier post"
    idle.ahead += 600  # it is said aloud once in ten minutes
    assert "Only administrators" in (await idle.ask(removal, GROUP, user=BEN_ID)).text
    assert "Removed" in (await idle.ask(removal, GROUP, user=ADA_ID)).text
    assert f"{harbour.url}/feed" not in await _addresses(idle)


async def test_a_source_that_others_added_too_stays_for_them(harbour: Site, idle: Town) -> None:
    url = f"{harbour.url}/feed"
    harbour.pages["/feed"] = feed("Pier Post", OLD)
    await idle.start_bot()
    await idle.ask("/start")
    await idle.ask("/start", BEN_ID, user=BEN_ID)
    await idle.ask(f"/addfeed {url}")
    answer = await idle.ask(f"/addfeed {url}", BEN_ID, user=BEN_ID)
    assert answer.text.startswith("Added Pier Post.")
    await _polled(idle, url)
    assert "no longer follows it" in (await idle.ask(f"/removefeed {url}")).text
    harbour.pages["/feed"] = feed("Pier Post", NEWS, OLD)
    await idle.alert(NEWS, BEN_ID)
    assert NEWS not in "".join(idle.texts())
    assert "No source is called" in (await idle.ask(f"/removefeed {url}")).text
    assert "Removed" in (await idle.ask(f"/removefeed {url}", BEN_ID, user=BEN_ID)).text
    assert url not in await _addresses(idle)


@pytest.mark.town(admin_ids=str(BEN_ID))
async def test_what_the_operator_adds_as_well_is_the_operators_from_then_on(
    harbour: Site,
    idle: Town,
) -> None:
    url = f"{harbour.url}/feed"
    harbour.pages["/feed"] = feed("Pier Post", "Crane number four is painted")
    await idle.start_bot()
    await idle.ask("/start")
    await idle.ask("/start", BEN_ID, user=BEN_ID)
    await idle.ask("/subscribe", BEN_ID, user=BEN_ID)
    await idle.ask(f"/addfeed {url}")
    await idle.settle()
    await idle.ask(f"/addfeed {url}", BEN_ID, user=BEN_ID)
    await idle.ask("/unsubscribe pier", BEN_ID, user=BEN_ID)
    harbour.pages["/feed"] = feed("Pier Post", NEWS, "Crane number four is painted")
    # It rings for who follows everything, and who found it first cannot take it out.
    await idle.alert(NEWS, BEN_ID)
    assert "did not add that source" in (await idle.ask(f"/removefeed {url}")).text


@pytest.mark.town(admin_ids=str(BEN_ID))
async def test_what_the_operator_put_there_only_the_operator_takes_out(idle: Town) -> None:
    url = idle.playground.feeds["hill-radio"]
    await idle.start_bot()
    await idle.ask("/start")
    answer = await idle.ask(f"/addfeed {url}")
    assert answer.text.startswith("I know Hill Radio already.")
    assert "did not add that source" in (await idle.ask("/removefeed hill radio")).text
    assert url in await _addresses(idle)
    assert "No source is called" in (await idle.ask("/removefeed cliff radio")).text
    assert "Removed" in (await idle.ask("/removefeed hill radio", BEN_ID, user=BEN_ID)).text
    assert url not in await _addresses(idle)


@pytest.mark.parametrize("role", ["chat", "chat,desk"])
async def test_a_process_that_only_chats_finds_feeds_too(tmp_path: Path, role: str) -> None:
    async with site() as harbour, town(tmp_path, quiet_newsroom("harbour-post")) as t:
        harbour.pages["/feed"] = feed("Pier Post", NEWS)
        await t.start_bot()
        await t.stop_bot()
        t.settings = load_settings(None, vars(t.settings) | {"roles": role})
        await t.start_bot()
        await t.ask("/start")
        assert (await t.ask(f"/addfeed {harbour.url}")).text.startswith("Added Pier Post.")


async def test_a_chat_adds_only_so_many(harbour: Site, bot: Town) -> None:
    await bot.ask("/start")
    harbour.pages["/one"] = feed("One", NEWS)
    async with bot.storage() as storage:
        for n in range(MOST_ADDED):
            await brought(storage, f"https://x.example/{n}", ADA_ID, now=bot.now() + 1e6)
    answer = await bot.ask(f"/addfeed {harbour.url}/one")
    assert answer.text.startswith(f"A chat adds {MOST_ADDED} sources at most.")
    assert f"{harbour.url}/one" not in await _addresses(bot)


async def test_two_peoples_keys_to_one_site_are_two_feeds(harbour: Site, idle: Town) -> None:
    ada, ben = (f"/rss?auth={name}3dEf6hIj9lMn2pQr5tUv8xYz1bCd4" for name in ("Ada", "Ben"))
    harbour.pages[ada] = harbour.pages[ben] = feed("Pier Post", OLD)
    await idle.start_bot()
    for someone, path in ((ADA_ID, ada), (BEN_ID, ben)):
        await idle.ask("/start", someone, user=someone)
        answer = await idle.ask(f"/addfeed {harbour.url}{path}", someone, user=someone)
        assert answer.text.startswith("Added Pier Post.")
    await idle.settle()
    harbour.pages[ada] = feed("Pier Post", NEWS, OLD)
    await idle.alert(NEWS)
    assert NEWS not in "".join(idle.texts(BEN_ID))


async def test_a_feed_ends_when_all_who_brought_it_are_gone(harbour: Site, idle: Town) -> None:
    harbour.pages["/feed"] = feed("Pier Post", OLD)
    await idle.start_bot()
    await idle.ask("/start")
    before = await _addresses(idle)
    await idle.ask(f"/addfeed {harbour.url}/feed")
    await idle.press(await idle.ask("/forget"), "Delete everything")
    async with asyncio.timeout(PATIENCE):
        while f"{harbour.url}/feed" in await _addresses(idle):
            await asyncio.sleep(0.05)
    assert await _addresses(idle) == before


async def test_nobody_reads_or_adds_what_another_chat_was_offered(
    harbour: Site, idle: Town
) -> None:
    harbour.pages["/"] = page(("rss+xml", "/key-one"), ("rss+xml", "/key-two"))
    harbour.pages["/key-one"] = feed("World", OLD)
    harbour.pages["/key-two"] = feed("Sport", NEWS)
    await idle.start_bot()
    for someone in (ADA_ID, BEN_ID):
        await idle.ask("/start", someone, user=someone)
    offered = await idle.ask(f"/addfeed {harbour.url}")
    rows = (idle.shown(offered).reply_markup or {})["inline_keyboard"]
    chosen = [button["callback_data"] for row in rows for button in row]
    assert len(chosen) == 2
    before, asked = await _addresses(idle), dict(harbour.visits)
    mine = await idle.ask("/latest ferry", BEN_ID, user=BEN_ID)
    for data in (*chosen, chosen[0].replace("addfeed", "sources") + ":0"):
        forged = idle.playground.people.press(BEN_ID, mine.id, user=BEN_ID, data=data)
        assert "list is old" in await idle.noted(forged)
    assert (await _addresses(idle), dict(harbour.visits)) == (before, asked)
