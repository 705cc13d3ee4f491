"""/top: what it lists, in which order, and what its buttons and words do."""

import pytest
from msgspec.structs import replace

from bot.news.feed import PollRecord
from tests.handlers.stage import Stage
from tests.storage.samples import report, traces_of

FIRE = "Warehouse fire at the old harbour is out"
STRIKE = "Ferry crews begin a strike at noon"
QUIET = "Museum opens a room of sea charts"
_DAY = 86_400.0


async def _told(here: Stage, number: int, title: str, *feed_ids: int, language: str = "en") -> None:
    """These feeds bring a story now."""
    for n, feed_id in enumerate(feed_ids, number):
        at = here.clock[0] + n
        made = [report(n, title=title, language=language, published_at=at)]
        feed = await here.storage.feeds.get(feed_id)
        assert feed is not None
        record = PollRecord(replace(feed, settled=True), traces_of(made), tuple(made))
        await here.storage.feeds.record([record], here.clock[0])
        while await here.storage.stories.unplaced(1):
            await here.desk.step()


async def test_the_stories_that_most_sources_carry_come_first(here: Stage) -> None:
    await here.add_sources("Coast Wire")
    await _told(here, 10, STRIKE, 1, 2)
    await _told(here, 20, FIRE, 1, 2, 3)
    await _told(here, 30, QUIET, 1)
    said = (await here.ask("/top")).text
    assert said.startswith("Top stories of the last 24 hours")
    assert said.index(FIRE) < said.index("3 sources") < said.index(STRIKE) < said.index("2 sources")
    assert QUIET not in said


async def test_a_button_shows_the_week_and_the_way_back(here: Stage) -> None:
    await _told(here, 10, STRIKE, 1, 2)
    here.clock[0] += 2 * _DAY
    shown = await here.ask("/top")
    assert "No story here has two sources yet" in shown.text
    await here.press(shown, "This week")
    assert STRIKE in shown.text
    assert shown.labels == ["Today", "✓ This week"]
    for week in (
        "week",
        "this week",
        "за неделю",
        "diese Woche",
        "本周",
        "هذا الأسبوع",
        "Bu hafta",
    ):
        said = (await here.ask(f"/top {week}")).text
        assert said.startswith("Top stories of the last 7 days\n")
        assert STRIKE in said
    await here.press(shown, "Today")
    assert STRIKE not in shown.text
    for today in ("today", "heute", "за сегодня"):
        assert (await here.ask(f"/top {today}")).text == shown.text


async def test_words_and_topics_narrow_it(here: Stage) -> None:
    await _told(here, 10, STRIKE, 1, 2)
    await _told(here, 20, FIRE, 1, 2)
    await here.ask("/topic Boats: ferry")
    for words in ("strike", "Boats"):
        said = (await here.ask(f"/top {words}")).text
        assert STRIKE in said
        assert FIRE not in said


@pytest.mark.parametrize("command", ["top", "latest", "search"])
async def test_the_beginning_of_a_topic_s_name_is_a_word_like_any_other(
    here: Stage, command: str
) -> None:
    await _told(here, 10, "Art of the sea is shown in the old museum", 1, 2)
    await _told(here, 20, STRIKE, 1, 2)
    await here.ask("/topic Artificial intelligence: ferry")
    said = (await here.ask(f"/{command} art")).text
    assert "on art" in said
    assert "Art of the sea" in said
    assert STRIKE not in said
    assert STRIKE in (await here.ask(f"/{command} artificial intelligence")).text


async def test_what_an_old_button_names_is_today(here: Stage) -> None:
    shown = await here.ask("/top week")
    await here.press_data(shown, "v1:top:decade")
    assert shown.text.startswith("Top stories of the last 24 hours")


async def test_it_has_pages_and_words_keep_their_name_on_each(here: Stage) -> None:
    for n in range(7):
        await _told(here, 10 * n + 10, f"Ferry number {n} leaves pier {n} at noon", 1, 2)
    await here.ask("/topic Boats: ferry, vessel")
    shown = await here.ask("/top")
    assert shown.text.startswith("Top stories of the last 24 hours, page 1 of 2")
    assert shown.labels == ["More →", "✓ Today", "This week"]
    await here.press(shown, "More →")
    assert shown.text.startswith("Top stories of the last 24 hours, page 2 of 2")
    assert shown.text.count("2 sources") == 2
    named = await here.ask("/top boats")
    for page, label in ((1, "More →"), (2, "← Back"), (1, "All top stories")):
        heading = f"Top stories of the last 7 days on Boats, page {page} of 2"
        assert named.text.startswith(heading)
        assert "vessel" not in named.text
        await here.press(named, label)
    assert named.text.startswith("Top stories of the last 7 days, page 1 of 2")


async def test_an_empty_one_says_so_and_leads_to_the_newest(here: Stage) -> None:
    await here.publish(QUIET)
    shown = await here.ask("/top")
    assert "No story here has two sources yet." in shown.text
    await here.press(shown, "Newest stories")
    assert QUIET in shown.text


async def test_a_forged_or_old_button_of_words_changes_nothing(here: Stage) -> None:
    shown = await here.ask("/top")
    before = shown.text
    assert "old" in await here.press_data(shown, "v1:top:words:999:0")
    assert shown.text == before


async def test_it_lists_news_in_the_languages_that_the_chat_chose(here: Stage) -> None:
    await _told(here, 10, "Lagerhausbrand am alten Hafen ist gelöscht", 1, 2, language="de")
    await _told(here, 20, STRIKE, 1, 2)
    assert "Lagerhausbrand" not in (await here.ask("/top")).text
    assert "Lagerhausbrand" in (await here.ask("/top Lagerhausbrand")).text
    await here.say("/language all")
    shown = (await here.ask("/top")).text
    assert STRIKE in shown
    assert "Lagerhausbrand" in shown


async def test_words_find_the_chat_s_languages_and_others_where_these_have_nothing(
    here: Stage,
) -> None:
    german, dutch = "Ferry Lund fährt wieder", "Ferry Lund vaart weer uit de haven"
    await _told(here, 10, german, 1, 2, language="de")
    await _told(here, 20, dutch, 1, 2, language="nl")
    await _told(here, 30, STRIKE, 1, 2)
    said = (await here.ask("/top ferry")).text
    assert STRIKE in said
    assert german not in said
    assert dutch not in said
    assert german in (await here.ask("/top ferry lang:de")).text
    assert german in (await here.ask("/top lund")).text
    await here.say("/language all")
    assert german in (await here.ask("/top ferry")).text
