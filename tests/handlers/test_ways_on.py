"""An answer that explains something has a button for what can be done about it."""

import re

import pytest

from tests.handlers.stage import ADA_ID, BEN_ID, GROUP, Stage


async def _link(here: Stage) -> str:
    (newest,) = await here.storage.stories.newest(None, 1)
    return newest.story.link or ""


async def test_status_leads_to_settings_topics_and_sources(here: Stage) -> None:
    status = await here.ask("/status")
    assert status.text.startswith("Alerts are on\nFollowing: nothing yet\n")
    assert status.labels == ["Settings", "Topics", "Sources"]
    await here.press(status, "Settings")
    assert status.text.startswith("Settings of this chat")
    await here.say("/stop")
    paused = await here.ask("/status")
    assert paused.text.startswith("Paused until you resume.\n")
    await here.press(paused, "Resume")
    await here.say("/stop 2h")
    assert re.match(r"Paused until \d\d:\d\d\.\n", (await here.ask("/status")).text)


async def test_privacy_leads_to_the_files_and_asks_before_it_deletes(here: Stage) -> None:
    await here.ask("/topic flood")
    privacy = await here.ask("/privacy")
    before = len(here.messages())
    await here.press(privacy, "Export")
    assert len(here.messages()) == before + 2
    await here.press(privacy, "Delete everything")
    assert privacy.text.startswith("Delete everything about this chat?")
    await here.press(privacy, "Keep it all")
    assert privacy.text == "Nothing was deleted."
    assert await here.storage.chats.get(ADA_ID) is not None


async def test_who_may_change_nothing_is_offered_nothing_that_does(here: Stage) -> None:
    assert (await here.ask("/privacy", GROUP, user=BEN_ID)).labels == []
    assert "Export" in (await here.ask("/privacy", GROUP)).labels


@pytest.mark.rights(access="invite")
async def test_who_waits_to_be_let_in_can_delete_and_export_nothing(here: Stage) -> None:
    privacy = await here.ask("/privacy")
    assert privacy.labels == ["Delete everything"]
    await here.press(privacy, "Delete everything")
    await here.press(privacy, "Delete everything")
    assert privacy.text.startswith("Everything about this chat is deleted.")


async def test_a_mute_is_undone_where_it_is_said(here: Stage) -> None:
    await here.ask("/mute flood 2d")
    muted = await here.ask("/mute lottery 2d")
    assert muted.labels == ["Unmute", "All muted"]
    await here.press(muted, "Unmute")
    assert [mute.shown for mute in await here.storage.chats.mutes(ADA_ID, 0.0)] == ["flood"]
    assert muted.labels == ["Unmute flood", "← Settings"]


@pytest.mark.parametrize(
    ("does", "label", "opens"),
    [
        ("/quiet 00:00-23:59", "Quiet hours", "Quiet hours"),
        ("/digest 18:00", "When alerts come", "When"),
        ("/cap 1", "Daily limit", "Daily limit"),
        ("/language fr", "Languages", "Languages of news"),
        ("/mute ferry 2d", "Muted", "Muted"),
        ("/unsubscribe", "Topics", "Topics\nNone yet."),
    ],
)
async def test_what_kept_a_story_away_is_one_press_away(
    here: Stage, does: str, label: str, opens: str
) -> None:
    await here.say("/subscribe")
    await here.say(does)
    if does == "/cap 1":
        await here.publish("The lighthouse keeper has the morning off today")
    await here.publish("The ferry stands still because of the storm at noon")
    answer = await here.ask(f"/whynot {await _link(here)}")
    assert answer.labels == [label]
    await here.press(answer, label)
    assert answer.text.startswith(opens)


async def test_the_site_of_a_link_that_nobody_had_is_offered(here: Stage) -> None:
    answer = await here.ask("/whynot https://pier.example/a/b")
    assert answer.text.startswith("I have not seen it\nNo source has had this link in the last 30")
    assert answer.labels == ["Add pier.example", "Sources"]
    data = dict(answer.buttons)["Add pier.example"]
    kept = await here.storage.stories.search_words(ADA_ID, int(data.rpartition(":")[2]))
    assert kept == "https://pier.example/a/b"
    platform = await here.ask("/whynot https://t.me/tides/12")
    assert platform.labels == ["Sources"]


@pytest.mark.rights(user_feeds=False)
async def test_where_people_may_add_nothing_no_site_is_offered(here: Stage) -> None:
    assert (await here.ask("/whynot https://pier.example/a/b")).labels == ["Sources"]
