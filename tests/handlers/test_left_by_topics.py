"""What a topic held by its daily limit, or for digests, where that ends."""

import pytest

from bot.news.chat import Topic
from bot.news.telling.timing import BY_TOPICS
from bot.playground.chats.world import ADA_ID
from handlers.screens.callback_data import pack
from tests.handlers.stage import Shown, Stage

MILL = "Bridge at Mill Lane shut"
QUAY = "Bridge at the old quay shut"
TOWN = "Town bridge opens at last"
DAY = 86_400


async def _limited(here: Stage) -> Topic:
    """Two stories wait, since one a day is told."""
    await here.say("/topic Bridges: bridge")
    await here.say("/cap Bridges 1")
    await here.publish(MILL, QUAY, TOWN)
    (topic,) = await here.storage.chats.topics(ADA_ID)
    assert (await _held(here))[0] == 2
    return topic


async def _held(here: Stage) -> tuple[int, float | None]:
    return await here.storage.digests.held(ADA_ID, BY_TOPICS)


async def _choose(here: Stage, page: Shown, topic: Topic, *choices: str) -> None:
    await here.press_data(page, pack("option", topic.id, *choices))


def _plain(page: Shown) -> str:
    return page.text.replace("\u2060", "")


async def test_a_limit_that_ends_or_rises_asks_and_waits_for_the_hour_meanwhile(
    here: Stage,
) -> None:
    await _limited(here)
    assert (await here.ask("/cap Bridges 1")).labels == []
    asked = await here.ask("/cap Bridges 2")
    assert "2 stories wait until 18:00. Send them now?" in _plain(asked)
    assert asked.labels == ["Send now", "Wait until 18:00"]
    assert await here.press(asked, "Wait until 18:00") == "They come at 18:00."
    assert _plain(asked).startswith("Bridges: Daily limit\n")
    assert "Send now" not in asked.labels
    assert await here.storage.digests.enqueue_due(here.clock[0]) == 0
    asked = await here.ask("/cap Bridges off")
    send = dict(asked.buttons)["Send now"]
    assert await here.press_data(asked, send) == "They are on their way."
    assert await here.storage.digests.enqueue_due(here.clock[0]) == 1
    assert await here.press_data(asked, send) == "Nothing waits any more."
    assert (await here.ask("/cap Bridges off")).labels == []


async def test_the_screen_of_a_limit_asks_as_well(here: Stage) -> None:
    topic = await _limited(here)
    page = await here.ask("/topic")
    await _choose(here, page, topic, "cap")
    assert "Send now" not in page.labels
    await _choose(here, page, topic, "cap", "0")
    assert "2 stories wait until 18:00. Send them now?" in _plain(page)
    assert await here.press(page, "Send now") == "They are on their way."
    assert await here.storage.digests.enqueue_due(here.clock[0]) == 1


async def test_a_new_day_ends_no_limit(here: Stage) -> None:
    await _limited(here)
    here.clock[0] += DAY
    assert (await here.ask("/cap Bridges 1")).labels == []
    assert (await here.ask("/cap Bridges 2")).labels[0] == "Send now"


async def test_a_topic_that_leaves_digests_asks_likewise(here: Stage) -> None:
    await here.say("/topic Bridges: bridge")
    (topic,) = await here.storage.chats.topics(ADA_ID)
    page = await here.ask("/topic")
    await _choose(here, page, topic, "digest", "1")
    await here.publish(MILL)
    assert (await _held(here))[0] == 1
    await _choose(here, page, topic, "cap", "0")
    assert "Send now" not in page.labels
    await _choose(here, page, topic, "digest", "0")
    assert "1 story waits until 18:00. Send it now?" in _plain(page)
    assert await here.press(page, "Wait until 18:00") == "They come at 18:00."
    assert _plain(page).startswith("Bridges: When\n")


async def test_what_other_topics_hold_stays_held(here: Stage) -> None:
    await here.say("/topic Bridges: bridge")
    await here.say("/topic Ferries: ferry")
    for name in ("Bridges", "Ferries"):
        await here.say(f"/cap {name} 1")
    await here.publish(MILL, QUAY, "Ferry stopped by ice", "Ferry crew trains at sea")
    asked = await here.ask("/cap Bridges off")
    assert "1 story waits" in _plain(asked)
    await here.press(asked, "Send now")
    assert (await _held(here))[1] == here.clock[0]
    assert await here.storage.digests.enqueue_due(here.clock[0]) == 1
    assert (await _held(here))[0] == 1


@pytest.mark.parametrize("data", ["topic_held", "topic_held:99:now:cap", "topic_held:1:x:odd"])
async def test_buttons_that_say_nothing_send_nothing(here: Stage, data: str) -> None:
    await _limited(here)
    page = await here.ask("/topic")
    await here.press_data(page, f"v1:{data}")
    assert await here.storage.digests.enqueue_due(here.clock[0]) == 0
