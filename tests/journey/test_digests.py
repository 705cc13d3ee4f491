"""When a chat is told: digests at its hours, quiet hours, and what is gathered in between."""

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.news.chat import TopicOptions
from bot.playground.bot_api.faults import FaultKind
from bot.playground.chats.world import ADA_ID
from bot.playground.news.newsroom import quiet_newsroom
from tests.journey.town import Town, town, until

CHOIR = "Choir festival opens in the hills on Friday"
FERRY = "Ferry to Lund Island resumes after storm"
BRIDGE = "Old bridge at Mill Lane to be painted green"


def _clock(hours: float) -> str:
    """The UTC time of day so many hours from now."""
    return f"{datetime.fromtimestamp(time.time() + hours * 3600, UTC):%H:%M}"


async def test_a_chat_that_gathers_gets_one_digest_at_its_hour(tmp_path: Path) -> None:
    newsroom = quiet_newsroom("harbour-post", "hill-radio", "coast-wire")
    async with town(tmp_path, newsroom) as t:
        await t.start_bot()
        await t.ask("/subscribe")
        await t.ask("/topic Bridges: bridge")
        said = await t.ask(f"/digest {_clock(3)}")
        assert "in a digest" in said.text
        newsroom.publish("harbour-post", CHOIR)
        newsroom.publish("harbour-post", BRIDGE)
        newsroom.publish("harbour-post", FERRY)
        newsroom.publish("hill-radio", FERRY)
        await t.deliveries("held", 3)
        await t.reports(2)
        assert not any(FERRY in text for text in t.texts())
        t.ahead = 3 * 3600 + 60
        digest = await t.alert("Digest: 3 stories")
        lines = digest.text.replace("\u2068", "").replace("\u2069", "").splitlines()
        # Two sources weigh more than one; what a topic wanted stands under its name.
        assert lines[0].startswith("Digest: 3 stories since ")
        assert lines[2] == FERRY
        assert "and 1 more" in lines[3]
        assert lines.index("Bridges") > lines.index("Other news")
        kinds = [entity["type"] for entity in digest.entities]
        assert kinds.count("text_link") == 3
        newsroom.publish("hill-radio", "Market day moves to Thursday")
        # What the digest before held may be held still: this one is placed when it is stored.
        await t.stored("Market day moves to Thursday")
        t.ahead += 86_400
        digest = await t.alert("Market day")
        assert "Digest: 1 story" in digest.text
        assert sum("Digest" in text for text in t.texts()) == 2


@pytest.mark.both_engines
async def test_a_long_digest_is_turned_page_by_page_and_no_link_is_lost(bot: Town) -> None:
    await bot.ask("/subscribe")
    await bot.ask(f"/digest {_clock(3)}")
    titles = [f"Bulletin {n} of the {word} club" for n, word in enumerate(_WORDS)]
    for title in titles:
        bot.playground.newsroom.publish("harbour-post", title)
    await bot.deliveries("held", len(titles))
    bot.ahead = 3 * 3600 + 60
    digest = await bot.alert("page 1 of 3")
    assert f"Digest: {len(titles)} stories since " in digest.text
    seen = digest.text
    for number in (2, 3):
        await bot.press(digest, "More →")
        digest = bot.playground.world.chats[ADA_ID].messages[digest.id]
        assert f"page {number} of 3" in digest.text
        seen += digest.text
    assert all(title in seen for title in titles)
    await bot.press(digest, "← Back")
    digest = bot.playground.world.chats[ADA_ID].messages[digest.id]
    assert "page 2 of 3" in digest.text


async def test_quiet_hours_end_with_a_digest_and_break_for_what_many_carry(
    tmp_path: Path,
) -> None:
    newsroom = quiet_newsroom("harbour-post", "hill-radio", "coast-wire", "courier")
    async with town(tmp_path, newsroom) as t:
        await t.start_bot()
        await t.ask("/subscribe")
        said = await t.ask(f"/quiet {_clock(-1)}-{_clock(4)}")
        assert "Quiet from" in said.text
        newsroom.publish("harbour-post", CHOIR)
        for outlet in ("harbour-post", "hill-radio", "coast-wire"):
            newsroom.publish(outlet, FERRY)
        await t.deliveries("held", 2)
        assert not any(FERRY in text for text in t.texts())
        newsroom.publish("courier", FERRY)
        alert = await t.alert(FERRY)
        assert "Also:" in alert.text
        t.ahead = 4 * 3600 + 120
        digest = await t.alert("Digest: 1 story")
        assert CHOIR in digest.text
        assert FERRY not in digest.text


async def test_a_topic_waits_for_two_outlets_and_keeps_to_its_volume(bot: Town) -> None:
    await bot.ask("/topic Ferries: ferry")
    await bot.ask("/topic Choirs: choir")
    async with bot.storage() as storage:
        ferries, choirs = await storage.chats.topics(ADA_ID)
        await storage.chats.set_options(ferries.id, TopicOptions(sources=2))
        await storage.chats.set_options(choirs.id, TopicOptions(cap=1, silent=True))
    bot.playground.newsroom.publish("harbour-post", FERRY)
    bot.playground.newsroom.publish("harbour-post", CHOIR)
    first = await bot.alert("Choir festival")
    assert first.silent
    assert not any(FERRY in text for text in bot.texts())
    bot.playground.newsroom.publish("hill-radio", FERRY)
    alert = await bot.alert(FERRY)
    assert "Also:" in alert.text
    bot.playground.newsroom.publish("hill-radio", "Children's choir sings at the mill tonight")
    await bot.deliveries("held", 1)
    bot.ahead = 86_400
    digest = await bot.alert("Digest: 1 story")
    assert "Children's choir" in digest.text


@pytest.mark.both_engines
async def test_what_a_topic_held_comes_where_its_limit_ends_and_somebody_says_so(bot: Town) -> None:
    await bot.ask("/topic Choirs: choir")
    await bot.ask("/cap Choirs 1")
    bot.playground.newsroom.publish("harbour-post", CHOIR)
    await bot.alert("Choir festival")
    bot.playground.newsroom.publish("hill-radio", "Children's choir sings at the mill tonight")
    await bot.deliveries("held", 1)
    assert bot.labels(await bot.ask("/cap Choirs 1")) == []
    asked = await bot.ask("/cap Choirs off")
    assert "1 story waits until" in asked.text
    await bot.press(asked, "Send now")
    digest = await bot.alert("Digest: 1 story")
    assert "Children's choir" in digest.text
    assert bot.labels(await bot.ask("/cap Choirs off")) == []


async def test_what_comes_late_comes_as_one_digest_with_all_links(bot: Town) -> None:
    await bot.ask("/subscribe")
    bot.playground.faults.add(FaultKind.TOO_MANY, chat_id=ADA_ID, retry_after=4000)
    titles = [f"Bulletin {n} of the {word} club" for n, word in enumerate(_WORDS[:9])]
    for title in titles:
        bot.playground.newsroom.publish("harbour-post", title)
    await bot.stored(*titles)
    await until(lambda: not bot.playground.faults.waiting, "the 429")
    # What is decided after the leap is not late.
    await bot.until_stored(
        lambda storage: storage.stats(),
        lambda stats: sum(stats.deliveries.values()) >= len(titles),
        "a delivery for each",
    )
    bot.ahead = 2100
    await bot.deliveries("held", 9)
    bot.ahead = 4100
    digest = await bot.alert("Digest: 9 stories")
    assert all(title in digest.text for title in titles)
    assert sum("Bulletin" in text for text in bot.texts()) == 1


async def test_digest_off_sends_what_was_held_where_asked_to_and_bad_hours_change_nothing(
    bot: Town,
) -> None:
    await bot.ask("/subscribe")
    await bot.ask(f"/digest {_clock(3)}")
    assert "can't read 'luncheon'" in (await bot.ask("/digest luncheon")).text
    assert "can't read those hours" in (await bot.ask("/quiet soon")).text
    assert any("London" in each for each in bot.labels(await bot.ask("/timezone Londonn")))
    bot.playground.newsroom.publish("harbour-post", CHOIR)
    await bot.deliveries("held", 1)
    await bot.press(await bot.ask("/digest off"), "Send now")
    await bot.alert("Digest: 1 story")
    bot.playground.newsroom.publish("harbour-post", FERRY)
    alert = await bot.alert(FERRY)
    assert "Digest" not in alert.text
    said = await bot.ask("/timezone new york")
    assert "New York" in said.text


_WORDS = (
    "rowing",
    "chess",
    "garden",
    "knitting",
    "sailing",
    "cycling",
    "walking",
    "baking",
    "painting",
    "reading",
    "singing",
    "dancing",
    "fishing",
    "juggling",
    "kite",
    "lantern",
    "marble",
    "needle",
    "origami",
    "pottery",
    "quilting",
    "rocket",
    "saddle",
    "tennis",
    "umbrella",
    "violin",
)


async def test_a_chat_and_a_topic_have_volumes_of_their_own_numbers(bot: Town) -> None:
    await bot.ask("/topic Ferries: ferry")
    await bot.ask("/topic Choirs: choir")
    assert "✓ None" in bot.labels(await bot.ask("/cap"))
    assert "At most 1 alert a day of Ferries" in (await bot.ask("/cap Ferries 1")).text
    assert "At most 2 alerts a day" in (await bot.ask("/cap 2")).text
    assert "Daily limit: 2 a day" in bot.labels(await bot.ask("/settings"))
    bot.playground.newsroom.publish("harbour-post", FERRY)
    await bot.alert(FERRY)
    bot.playground.newsroom.publish("harbour-post", "New ferry is named at the yard today")
    await bot.deliveries("held", 1)
    bot.playground.newsroom.publish("harbour-post", CHOIR)
    await bot.alert("Choir festival")
    bot.playground.newsroom.publish("hill-radio", "Children's choir sings at the mill tonight")
    await bot.deliveries("held", 2)
    for wrong in ("/cap 0", "/cap -3", "/cap many", "/cap 99999999999", "/cap Ferries x"):
        assert "Send a number from 1 to 1,000" in (await bot.ask(wrong)).text
    assert "No topic is called Trains." in (await bot.ask("/cap Trains 3")).text
    assert "all alerts come" in (await bot.ask("/cap Ferries off")).text
    assert "At most" not in (await bot.ask("/cap off")).text
    async with bot.storage() as storage:
        chat = await storage.chats.get(ADA_ID)
        topics = await storage.chats.topics(ADA_ID)
    assert chat is not None
    assert (chat.habits.cap, [topic.options.cap for topic in topics]) == (0, [0, 0])


async def test_what_a_digest_holds_outlives_a_standstill(tmp_path: Path) -> None:
    """Longer than stories are kept: it is told late, and never as a digest of nothing."""
    newsroom = quiet_newsroom("harbour-post")
    async with town(tmp_path, newsroom, retention_days=1) as t:
        await t.start_bot()
        await t.ask("/subscribe")
        await t.ask(f"/digest {_clock(3)}")
        newsroom.publish("harbour-post", FERRY)
        await t.deliveries("held", 1)
        await t.stop_bot()
        t.ahead += 6 * 86_400
        await t.start_bot()
        digest = await t.alert(FERRY)
        assert "1 story" in digest.text
        assert not any("0 stories" in text for text in t.texts())
