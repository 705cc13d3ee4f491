"""/status counts as people count, and names no delay that was wished for."""

from tests.handlers.delivering import deliver
from tests.handlers.stage import ADA_ID, Stage


async def _status(here: Stage) -> list[str]:
    return (await here.ask("/status")).text.splitlines()


async def test_a_digest_is_one_message_and_its_wait_no_delay(here: Stage) -> None:
    await here.say("/subscribe")
    await here.publish("Ferry stopped by ice")
    here.clock[0] += 5
    await deliver(here)
    await here.say("/digest 18:00")
    await here.publish("Bridge at Mill Lane shut", "Port strike ends", "Lighthouse opens")
    here.clock[0] += 12 * 3600
    assert await here.storage.digests.enqueue_due(here.clock[0]) == 1
    await deliver(here)
    await deliver(here)
    assert (await here.storage.chats.status(ADA_ID)).pending == 0
    said = await _status(here)
    assert said[2:4] == ["Alerts sent: 1", "Digests sent: 1"]
    (delay,) = [line for line in said if line.startswith("From reading a story")]
    assert delay.endswith("about 5 seconds") or delay.endswith("about 7 seconds")


async def test_a_wait_for_more_sources_is_no_delay(here: Stage) -> None:
    await here.say("/topic ferry")
    (topic,) = await here.storage.chats.topics(ADA_ID)
    page = await here.ask("/topic")
    await here.press_data(page, f"v1:option:{topic.id}:sources:2")
    await here.publish("Ferry to Lund Island stopped by thick ice on Monday")
    assert (await here.storage.chats.status(ADA_ID)).held == 1
    here.clock[0] += 6 * 3600
    await here.publish("Ferry to Lund Island stopped by thick ice on Monday", source=1)
    here.clock[0] += 3
    await deliver(here)
    said = await _status(here)
    assert "Alerts sent: 1" in said
    assert not any("minutes" in line for line in said if line.startswith("From reading"))
