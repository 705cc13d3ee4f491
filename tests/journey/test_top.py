"""From what feeds publish to what /top lists."""

from tests.journey.town import Town

FIRE = "Warehouse fire at the old harbour is out after six hours"
QUIET = "Museum opens a room of sea charts in the old customs house"


async def test_what_two_sources_publish_is_listed_with_their_number(bot: Town) -> None:
    await bot.ask("/start")
    bot.playground.newsroom.publish("harbour-post", FIRE)
    bot.playground.newsroom.publish("hill-radio", FIRE)
    bot.playground.newsroom.publish("hill-radio", QUIET)
    await bot.stored(FIRE, QUIET)
    await bot.reports(2)
    shown = await bot.ask("/top")
    assert FIRE in shown.text
    assert "2 sources · Harbour Post" in shown.text or "2 sources · Hill Radio" in shown.text
    assert QUIET not in shown.text
    await bot.turned(shown, "This week", "Today")
    assert FIRE in bot.shown(shown).text
    assert FIRE in (await bot.ask("/top warehouse")).text
    assert "No story here has two sources" in (await bot.ask("/top museum")).text
