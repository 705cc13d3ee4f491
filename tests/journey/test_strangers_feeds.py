"""What a chat's people brought is theirs: everything a stranger may press or write, tried."""

from bot.news.feed import Feed
from bot.playground.chats.world import ADA_ID, BEN_ID
from handlers.screens.callback_data import pack
from handlers.surface import known
from tests.feeds.site import Site, feed
from tests.journey.town import Town, until

OLD, SECRET = "Crane number four is painted", "Budget of the pier is cut by half"
KEY = "K3yOfAda9f8e7d6c5b4a"


async def _brought(t: Town, url: str) -> Feed:
    """Ada's own feed, polled once."""
    for someone in (ADA_ID, BEN_ID):
        await t.ask("/start", someone, user=someone)
    assert (await t.ask(f"/addfeed {url}")).text.startswith("Added Pier Post.")
    await t.settle()
    async with t.storage() as storage:
        found = await storage.feeds.at(url)
    assert found
    return found


async def test_a_forged_button_neither_follows_nor_names_what_another_chat_brought(
    harbour: Site,
    idle: Town,
) -> None:
    harbour.pages[f"/feed?key={KEY}"] = feed("Pier Post", OLD)
    await idle.start_bot()
    theirs = await _brought(idle, f"{harbour.url}/feed?key={KEY}")
    mine = await idle.ask("/latest ferry", BEN_ID, user=BEN_ID)
    number = theirs.id
    for data, note in (
        (f"subscribe:{number}", "That source is gone."),
        (f"unsubscribe:{number}", "That source is gone."),
        (f"subscribe:{number + 1}", "That source is gone."),  # as where there is none
        (f"fulltext:{number}:1", "Only the operators"),
        (f"mute_source:{number}", "too old"),
        (f"addfeed:{number}", "list is old"),
        (f"sources:{number}:0", "list is old"),
        (f"group:{number}:0", "list is old"),
        (f"subscribe_group:{number}", "That source is gone."),
    ):
        forged = idle.playground.people.press(BEN_ID, mine.id, user=BEN_ID, data=pack(data))
        assert note in await idle.noted(forged), data
    for action in known().actions:  # and whatever else there is to press
        idle.ahead += 2  # a person presses no faster
        data = pack(action, number, number)
        idle.playground.people.press(BEN_ID, mine.id, user=BEN_ID, data=data)
    await idle.ask("/status", BEN_ID, user=BEN_ID)
    async with idle.storage() as storage:
        followed = await storage.chats.subscriptions(BEN_ID)
        assert [each for each in followed if not each.is_all] == []
        assert await storage.chats.mutes(BEN_ID, idle.now()) == []
    assert "Pier Post" not in "".join(idle.texts(BEN_ID))


async def test_no_command_names_or_shows_what_another_chat_brought(
    harbour: Site, idle: Town
) -> None:
    url = f"{harbour.url}/feed?key={KEY}"
    harbour.pages[f"/feed?key={KEY}"] = feed("Pier Post", OLD)
    await idle.start_bot()
    theirs = await _brought(idle, url)
    harbour.pages[f"/feed?key={KEY}"] = feed("Pier Post", SECRET, OLD)
    await idle.alert(SECRET)
    host = harbour.url.removeprefix("http://")
    for words in (
        "/start", "/status", "/latest", "/latest budget", "/search pier", "/sources",
        "/sources pier", f"/sources #{theirs.id}", f"/sources {url}", "/subscribe pier post",
        f"/subscribe #{theirs.id}", "/unsubscribe pier post", "/removefeed pier post",
        f"/removefeed {url}", "/mute source:pier post 2d", f"/mute source:#{theirs.id} 2d",
        f"/whynot {harbour.url}/", f"/whynot {host}", "/topic test budget", "/topic budget",
        "/unmute",
    ):  # fmt: skip
        idle.ahead += 2  # a person writes no faster
        answer = await idle.ask(words, BEN_ID, user=BEN_ID)
        # What they wrote themselves is said back to them.
        said = answer.text.replace("\u2060", "").replace(words.partition(" ")[2][:60], "")
        for private in ("Pier Post", "Budget of the pier", KEY):
            assert private not in said, words
    assert "Budget of the pier" in (await idle.ask("/latest")).text
    assert "Budget of the pier" in (await idle.ask("/search budget")).text
    assert "Pier Post" in (await idle.ask("/sources pier")).text
    async with idle.storage() as storage:
        assert await storage.chats.subscriptions(BEN_ID) == []


async def test_what_its_owner_took_out_lives_on_for_nobody(harbour: Site, idle: Town) -> None:
    harbour.pages["/feed"] = feed("Pier Post", OLD)
    await idle.start_bot()
    theirs = await _brought(idle, f"{harbour.url}/feed")
    mine = await idle.ask("/latest ferry", BEN_ID, user=BEN_ID)
    forged = idle.playground.people.press(
        BEN_ID, mine.id, user=BEN_ID, data=pack("subscribe", theirs.id)
    )
    await idle.noted(forged)
    assert "Removed" in (await idle.ask("/removefeed pier post")).text
    await idle.until_stored(
        lambda storage: storage.feeds.get(theirs.id), lambda feed: feed is None, "its end"
    )


async def test_a_feed_that_is_called_like_a_word_does_not_take_the_word_over(
    harbour: Site,
    idle: Town,
) -> None:
    harbour.pages["/feed"] = feed("lottery", OLD)
    await idle.start_bot()
    for someone in (ADA_ID, BEN_ID):
        await idle.ask("/start", someone, user=someone)
        await idle.ask("/subscribe", someone, user=someone)
    await idle.ask(f"/addfeed {harbour.url}/feed", BEN_ID, user=BEN_ID)
    await idle.settle()
    for someone in (ADA_ID, BEN_ID):  # whoever sees it
        said = (await idle.ask("/mute lottery 2d", someone, user=someone)).text
        assert "Muted lottery until" in said
        assert ("/mute source:lottery" in said) is (someone == BEN_ID)
    assert "No source is called" in (await idle.ask("/mute source:lottery 2d")).text
    newsroom = idle.playground.newsroom
    newsroom.publish("harbour-post", "Lottery winner found in Saint Orla")
    newsroom.publish("harbour-post", "Ferry to Lund Island resumes")
    harbour.pages["/feed"] = feed("lottery", SECRET, OLD)
    await idle.alert("Ferry to Lund")
    await idle.alert(SECRET, BEN_ID)
    await until(lambda: any("Ferry" in text for text in idle.texts(BEN_ID)), "the other story")
    said = "".join(idle.texts() + idle.texts(BEN_ID))
    assert "Lottery winner" not in said
    answer = await idle.ask("/mute source:lottery 2d", BEN_ID, user=BEN_ID)
    assert "Muted lottery until" in answer.text
