"""/help: what each command is for, and that each can be done without typing it."""

import re

import pytest

from bot.actions.adding import Adding, add_for_chat
from bot.feeds.fetching.guard import Guard
from bot.feeds.finder import FoundFeed
from bot.news.chat import ChatState
from bot.news.polling.schedule import Bounds
from handlers.surface import Where, known
from tests.handlers.stage import ADA_ID, BEN_ID, CHANNEL, GROUP, Shown, Stage

PURPOSES = ["Read", "Follow", "When", "Fewer alerts", "This chat", "Your data"]


async def _opened(here: Stage, name: str) -> tuple[Shown, str]:
    """The page of /help that has a command, and the label of its button there."""
    line = dict(known().help(Where.PRIVATE))[name]
    page = await here.ask("/help")
    await here.press(page, str(line.purpose.value))
    return page, str(line.label)


async def test_help_fits_a_phone_and_has_a_button_for_each_purpose(here: Stage) -> None:
    page = await here.ask("/help")
    assert page.labels == [*PURPOSES, "Settings"]
    assert len(page.text.splitlines()) <= 16
    await here.press(page, "Settings")
    assert page.text.startswith("Settings of this chat")


async def test_a_page_of_help_says_what_each_does_with_an_example_to_copy(here: Stage) -> None:
    page = await here.turned(await here.ask("/help"), "When")
    assert page.text == (
        "When\n\n/digest: at once, or in a digest at set hours\n/digest 8am 6pm\n\n"
        "/quiet: hours with major news at most\n/quiet 10pm-7am\n\n"
        "/timezone: the time zone of those hours\n/timezone London"
    )
    assert page.labels == ["When", "Quiet hours", "Time zone", "← Back"]
    await here.press(page, "← Back")
    assert page.labels == [*PURPOSES, "Settings"]


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name, _ in known().help(Where.PRIVATE)])
async def test_every_command_can_be_done_by_pressing(here: Stage, name: str) -> None:
    page, label = await _opened(here, name)
    before = page.text
    await here.press(page, label)
    newest = here.messages()[-1]
    assert (newest.text, newest.labels) != (before, [])
    if newest is page:
        assert newest.text != before
        # There is a way back from whatever stands there now.
        assert {"← Back", "← Settings"} & set(page.labels)


EXAMPLES = [line.example for _, line in known().help(Where.PRIVATE) if line.example]


@pytest.mark.slow
@pytest.mark.parametrize("example", [each for each in EXAMPLES if "…" not in each])
async def test_the_examples_of_help_can_be_sent_as_they_are(here: Stage, example: str) -> None:
    await here.add_sources("Harbour Gazette")
    if example.startswith("/un"):
        await here.say("/mute lottery 2d")
        await here.say("/subscribe Harbour")
    answer = (await here.ask(example)).text
    assert not re.search(r"can't|no time|no number|is not muted", answer), answer


async def test_a_press_of_help_by_a_member_of_a_group_does_what_a_member_may(here: Stage) -> None:
    page = await here.ask("/help", GROUP, user=BEN_ID)
    assert page.labels == ["Read", "Follow", "This chat", "Your data", "Settings"]
    assert "/digest" not in page.text
    await here.press_data(page, "v1:help_on:WHEN", user=BEN_ID)
    assert page.text.startswith("What I can do here")
    note = await here.press_data(page, "v1:help_do:stop", user=BEN_ID)
    assert note == "Only administrators can change that."
    chat = await here.storage.chats.get(GROUP)
    assert chat
    assert chat.state is ChatState.ACTIVE


async def test_help_in_a_channel_names_what_works_there(here: Stage) -> None:
    here.wire.administrators.add((CHANNEL, ADA_ID))
    page = await here.ask("/help", CHANNEL)
    assert "/channels" not in page.text
    assert "Send words" not in page.text


@pytest.mark.parametrize("data", ["help_on", "help_on:LOUD", "help_do", "help_do:admin",
                                  "help_do:pier", "help_on:READ:1"])  # fmt: skip
async def test_a_forged_button_of_help_is_answered(here: Stage, data: str) -> None:
    page = await here.ask("/help")
    await here.press_data(page, f"v1:{data}")
    assert page.text.startswith(("What I can do here", "Read"))


async def test_a_source_that_a_chat_added_is_removed_by_pressing(here: Stage) -> None:
    await here.ask("/help")
    await here.add_sources("Harbour Gazette")
    (other,) = [feed for feed in await here.storage.feeds.all() if feed.title == "Harbour Gazette"]
    adding = Adding(Guard().check_url, Bounds(60, 3600), lambda: 0.5)
    found = FoundFeed("https://pier.example/feed", "Pier News", "A heron lands")
    await add_for_chat(here.storage, ADA_ID, 0, found, adding, here.clock[0])
    page, label = await _opened(here, "removefeed")
    await here.press(page, label)
    assert (page.text, page.labels) == (
        "Which source do you want to remove?", ["Pier News", "← Back"]
    )  # fmt: skip
    note = await here.press_data(page, f"v1:removefeed:{other.id}")
    assert note == "That source is not one this chat added."
    assert await here.press(page, "Pier News") == "Removed. It comes no more."
    assert page.text == "This chat has added no source."
    assert await here.storage.feeds.added_by(ADA_ID) == frozenset()
