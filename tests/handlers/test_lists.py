"""/latest, /search and /sources: headings by name, a button a row, and what empty lists offer."""

import pytest

from tests.handlers.stage import ADA_ID, BEN_ID, GROUP, Shown, Stage

QUARRY, FERRY = "Quarry lake is open for swimmers", "Ferry leaves the pier at noon"


async def _story(here: Stage, count: int) -> None:
    await here.publish(*(f"Ferry number {n} leaves pier {n} at noon" for n in range(count)))


async def test_a_heading_shows_a_topics_name_on_every_page_and_never_its_words(
    here: Stage,
) -> None:
    await here.ask("/topic Boats: ferry, vessel")
    await _story(here, 11)
    shown = await here.ask("/latest boats")
    for label in ("Older →", "Older →", "← Newer", "Older →"):
        assert shown.text.startswith("Latest on Boats\n")
        assert "vessel" not in shown.text
        assert "Follow" not in shown.labels
        await here.press(shown, label)


@pytest.mark.parametrize("command", ["/latest", "/search"])
async def test_a_heading_shows_words_as_they_were_typed_on_every_page(
    here: Stage, command: str
) -> None:
    await _story(here, 6)
    shown = await here.ask(f"{command} Ferry, vessel")
    other = await here.ask(f"{command} ferry | vessel")
    assert shown.text.startswith("Latest on Ferry, vessel\n")
    await here.press(shown, "Older →")
    assert shown.text.startswith("Latest on Ferry, vessel\n")
    await here.press(other, "Older →")
    assert other.text.startswith("Latest on ferry | vessel\n")
    assert "Follow" in shown.labels


async def test_what_a_search_finds_nothing_for_leads_to_all_stories(here: Stage) -> None:
    await _story(here, 1)
    shown = await here.ask("/latest volcano crater")
    assert shown.text == "Nothing found on volcano crater.\nFewer words find more."
    shown = await here.ask("/search volcano")
    assert shown.text == "Nothing found on volcano."
    await here.press(shown, "All stories")
    assert shown.text.startswith("Latest stories\n")


async def test_the_newest_of_a_day_are_listed_and_no_word_is_looked_for(here: Stage) -> None:
    """The clock of the stage stands at 08:00."""
    await here.publish(QUARRY)
    for named in ("yesterday", "gestern"):  # nothing is as old
        old = (await here.ask(f"/latest {named}")).text
        assert old.startswith("No stories from that day. The nearest:\n\nLatest stories\n")
        assert QUARRY in old
    here.clock[0] += 86_400
    await here.publish(FERRY)
    for named in ("today", "сегодня", "since monday", "this week"):
        shown = await here.ask(f"/latest {named}")
        assert shown.text.startswith("Latest stories\n")
        assert shown.text.index(FERRY) < shown.text.index(QUARRY)
    shown = await here.ask("/latest yesterday")
    assert shown.text.startswith("Latest stories\n")
    assert QUARRY in shown.text
    assert FERRY not in shown.text
    await here.press(shown, "← Newer")
    assert FERRY in shown.text
    assert (await here.ask("/search yesterday")).text == "Nothing found on yesterday."
    await here.ask("/topic Today: ferry")
    assert (await here.ask("/latest today")).text.startswith("Latest on Today\n")


async def test_without_a_story_sources_are_a_press_away(here: Stage) -> None:
    shown = await here.ask("/latest")
    assert "No stories yet." in shown.text
    await here.press(shown, "Sources")
    assert shown.text.startswith("Sources: 2")


async def _opened(here: Stage, chat_id: int = ADA_ID) -> Shown:
    shown = await here.ask("/sources", chat_id)
    await here.press(shown, "Harbour Post")
    return shown


async def test_each_source_has_a_button_to_a_page_of_its_own(here: Stage) -> None:
    await _story(here, 4)
    shown = await here.ask("/sources")
    listed = shown.text
    assert shown.labels[:2] == ["Harbour Post", "Hill Radio"]
    await here.press(shown, "Harbour Post")
    assert shown.text.startswith("Harbour Post")
    assert "Not read yet" in shown.text
    assert [f"number {n} " in shown.text for n in range(4)] == [False, True, True, True]
    assert shown.labels == ["Follow", "Mute for 2 days", "← Back"]
    await here.press(shown, "← Back")
    assert shown.text == listed
    alone = await here.ask("/sources harbour")
    assert alone.text.startswith("Harbour Post")


async def test_a_source_is_followed_and_muted_on_its_page(here: Stage) -> None:
    shown = await _opened(here)
    assert "Following Harbour Post." in await here.press(shown, "Follow")
    assert "Followed here." in shown.text
    followed = await here.storage.chats.subscriptions(ADA_ID)
    assert [each.feed_id for each in followed] == [1]
    assert "Unfollowed" in await here.press(shown, "Unfollow")
    assert await here.storage.chats.subscriptions(ADA_ID) == []
    assert await here.press(shown, "Mute for 2 days") == "Muted for 2 days."
    assert "Muted until" in shown.text
    assert [each.shown for each in await here.storage.chats.mutes(ADA_ID, here.clock[0])] == [
        "Harbour Post"
    ]
    await here.press(shown, "Unmute")
    assert await here.storage.chats.mutes(ADA_ID, here.clock[0]) == []
    assert len(here.messages()) == 1


async def test_where_everything_is_followed_a_source_can_be_muted(here: Stage) -> None:
    await here.ask("/subscribe")
    shown = await _opened(here)
    assert "All sources are followed here." in shown.text
    assert shown.labels == ["Mute for 2 days", "← Back"]


async def test_back_leads_to_the_page_of_the_list_it_came_from(here: Stage) -> None:
    await here.add_sources(*(f"Station {n:02}" for n in range(17)))
    shown = await here.ask("/sources station")
    await here.press(shown, "More →")
    await here.press(shown, "Station 09")
    await here.press(shown, "Mute for 2 days")
    await here.press(shown, "← Back")
    assert shown.text.startswith("Sources called 'station': 17, none in trouble, page 2 of 3")


async def test_a_member_sees_the_page_and_changes_nothing(here: Stage) -> None:
    shown = await here.ask("/sources", GROUP, BEN_ID)
    await here.press(shown, "Hill Radio", BEN_ID)
    for label in ("Follow", "Mute for 2 days"):
        assert "administrator" in await here.press(shown, label, BEN_ID)
    assert await here.storage.chats.subscriptions(GROUP) == []


@pytest.mark.parametrize(
    "data",
    ["v1:source:99:sources:0:0", "v1:source", "v1:source:x", "v1:source_set:follow:99:group:0:0"],
)
async def test_a_source_that_is_gone_is_said_to_be(here: Stage, data: str) -> None:
    shown = await here.ask("/sources")
    assert "gone" in await here.press_data(shown, data)


@pytest.mark.parametrize("data", ["v1:source_set", "v1:source_set:dance:1", "v1:source:1:x:y:z"])
async def test_a_forged_button_of_a_source_changes_nothing(here: Stage, data: str) -> None:
    shown = await here.ask("/sources")
    await here.press_data(shown, data)
    assert await here.storage.chats.subscriptions(ADA_ID) == []
    assert await here.storage.chats.mutes(ADA_ID, here.clock[0]) == []
