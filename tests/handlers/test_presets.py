"""Ready-made topics under /topic: the popular ones, groups, ticks, and topics of one's own."""

from functools import cache

import pytest

from bot.data.shipped import presets_text
from bot.news.query.presets import Preset, read_presets
from handlers.screens.callback_data import pack
from tests.handlers.stage import ADA_ID, BEN_ID, GROUP, Shown, Stage

MINE = "ukraine ferry -lottery"


@cache
def _presets() -> dict[str, Preset]:
    return {preset.key: preset for preset in read_presets(presets_text())}


async def _topics(here: Stage, chat_id: int = ADA_ID) -> dict[str, str]:
    return {topic.name: topic.query for topic in await here.storage.chats.topics(chat_id)}


async def _menu(here: Stage, chat_id: int = ADA_ID) -> Shown:
    return await here.turned(await here.ask("/topic", chat_id), "Ready-made topics")


@pytest.mark.slow
async def test_all_are_within_three_taps_and_no_screen_has_more_than_fifteen_buttons(
    here: Stage,
) -> None:
    page = await _menu(here)
    found = set(page.labels)
    await here.press(page, "More topics")
    for group in dict.fromkeys(preset.group for preset in _presets().values()):
        await here.press(page, group)
        assert page.text.startswith(f"Ready-made topics: {group}")
        assert len(page.labels) <= 15
        found |= set(page.labels)
        await here.press(page, "← Back")
    await here.press(page, "← Back")
    assert page.text.startswith("Ready-made topics\n")
    assert found >= {preset.name for preset in _presets().values()}


async def test_a_press_sets_what_its_button_says_however_often(here: Stage) -> None:
    page = await _menu(here)
    follow = dict(page.buttons)["Health"]
    await here.press_data(page, follow)
    assert await here.press_data(page, follow) == "You follow Health already."
    unfollow = dict(page.buttons)["✓ Health"]
    await here.press_data(page, unfollow)
    assert await here.press_data(page, unfollow) == "Unfollowed Health."
    assert await _topics(here) == {}


async def test_a_button_of_before_follows_and_never_takes_away(here: Stage) -> None:
    page = await _menu(here)
    for _ in range(2):
        await here.press_data(page, "v1:preset:health")
        assert [*await _topics(here)] == ["Health"]
    page = await here.ask("/topic")
    await here.press_data(page, "v1:presets:0")
    assert "✓ Health" in page.labels


@pytest.mark.parametrize("name", ["Ukraine", "ukraine", "UKRAINE"])
async def test_a_topic_of_ones_own_with_the_same_name_is_asked_about_and_stays(
    here: Stage, name: str
) -> None:
    await here.ask(f"/topic {name}: {MINE}")
    page = await _menu(here)
    for data in ("v1:preset:ukraine", "v1:preset:ukraine:0:", "v1:preset:ukraine:1:2"):
        await here.press_data(page, data)
        assert page.text == "You have a topic Ukraine\nIts words are your own. Keep them?"
        assert await _topics(here) == {name: MINE}
    await here.press(page, "Keep my words")
    assert await _topics(here) == {name: MINE}


async def test_it_can_be_given_the_ready_made_words_and_keeps_its_options(here: Stage) -> None:
    await here.ask(f"/topic Ukraine: {MINE}")
    (topic,) = await here.storage.chats.topics(ADA_ID)
    until = here.clock[0] + 1e6
    await here.storage.chats.mute_topic(topic.id, until)
    page = await _menu(here)
    await here.press(page, "✓ Ukraine")
    note = await here.press(page, "Use ready-made words")
    assert note == "Ukraine has the ready-made words now."
    (after,) = await here.storage.chats.topics(ADA_ID)
    assert after.query == _presets()["ukraine"].words
    assert (after.id, after.muted_until) == (topic.id, until)
    await here.press(page, "✓ Ukraine")
    assert await _topics(here) == {}


async def test_the_ready_made_words_are_known_under_another_name(here: Stage) -> None:
    page = await _menu(here)
    await here.press(page, "Health")
    (topic,) = await here.storage.chats.topics(ADA_ID)
    await here.storage.chats.set_topic_aside(topic.id, 0.0)
    await here.ask(f"/topic Doctors: {_presets()['health'].query}")
    page = await _menu(here)
    assert "✓ Health" in page.labels
    await here.press(page, "✓ Health")
    assert await _topics(here) == {}


async def test_in_a_group_only_administrators_turn_and_choose(here: Stage) -> None:
    page = await _menu(here, GROUP)
    # A member would turn the page that an administrator reads.
    assert "administrator" in await here.press(page, "More topics", BEN_ID)
    await here.press(page, "More topics")
    await here.press(page, "Society")
    assert "administrator" in await here.press(page, "Religion", BEN_ID)
    assert await _topics(here, GROUP) == {}
    await here.press(page, "Religion", ADA_ID)
    assert [*await _topics(here, GROUP)] == ["Religion"]


@pytest.mark.parametrize(
    "data",
    [
        pack("preset"), pack("preset", "gone", 1, ""), pack("preset_page"), pack("preset_page", 99),
        pack("preset_page", "x"), pack("preset_words"), pack("preset_words", "ukraine", "0"),
        pack("preset_words", "gone", "99"),
    ],
)  # fmt: skip
async def test_a_forged_button_shows_a_page_and_changes_nothing(here: Stage, data: str) -> None:
    page = await _menu(here)
    await here.press_data(page, data)
    assert page.text.startswith("Ready-made topics")
    assert await _topics(here) == {}
