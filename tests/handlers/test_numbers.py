"""Numbers in the answers of commands: one of a thing is called so, thousands stand apart."""

from tests.handlers.stage import Stage


async def test_status_counts_what_the_chat_follows(here: Stage) -> None:
    assert "Following: nothing yet" in (await here.ask("/status")).text
    await here.say("/subscribe Hill Radio")
    await here.say("/topic Boats: boat OR ship")
    assert "Following: 1 topic, 1 source" in (await here.ask("/status")).text


async def test_a_cap_of_one_and_of_a_thousand(here: Stage) -> None:
    assert "At most 1 alert a day." in (await here.ask("/cap 1")).text
    assert "At most 1,000 alerts a day." in (await here.ask("/cap 1000")).text
    assert "Daily limit: 1,000 a day" in (await here.ask("/settings")).labels
    assert "✓ 1,000 a day" in (await here.ask("/cap")).labels


async def test_a_topic_of_one_alert_a_day(here: Stage) -> None:
    followed = await here.ask("/topic Boats: boat")
    await here.say("/cap Boats 1")
    assert "· 1 alert a day" in (await here.turned(followed, "Options")).text
    assert "Daily limit: 1 a day" in followed.labels
