"""Answers to commands with words: the result first, then a way on."""

import pytest
from telegram import InlineKeyboardMarkup

from handlers.answers import Answers
from tests.handlers.stage import ADA_ID, BEN_ID, GROUP, Stage


@pytest.mark.parametrize(
    ("text", "first", "sums_up"),
    [
        ("/cap 12", "At most 12 alerts a day.", "At once · at most 12 a day · UTC 08:00"),
        ("/cap off", "No daily limit: all alerts come.", "At once · UTC 08:00"),
        ("/quiet 10pm-7am", "Quiet from 22:00 to 07:00.", "At once · quiet 22:00–07:00"),
        ("/quiet off", "No quiet hours.", "At once · UTC 08:00"),
        ("/digest 8am", "Stories come in a digest.", "Mornings, 08:00 · UTC 08:00"),
        ("/digest at eight", "Stories come in a digest.", "Mornings, 08:00 · UTC 08:00"),
        ("/digest every 6 hours", "Stories come in a digest.", "02:00 08:00 14:00 20:00 · UTC"),
        ("/digest immediately", "Stories come at once, one by one.", "At once · UTC 08:00"),
        ("/quiet nachts", "Quiet from 22:00 to 07:00.", "At once · quiet 22:00–07:00"),
        ("/cap no limit", "No daily limit: all alerts come.", "At once · UTC 08:00"),
        ("/cap five please", "At most 5 alerts a day.", "At once · at most 5 a day · UTC 08:00"),
        ("/timezone I live in Tokyo", "It is 17\u2060:00 in Tokyo now.", "At once · Tokyo 17:00"),
        ("/digest off", "Stories come at once, one by one.", "At once · UTC 08:00"),
        ("/timezone Tokyo", "It is 17\u2060:00 in Tokyo now.", "At once · Tokyo 17:00"),
    ],
)
async def test_what_was_set_is_said_first_and_then_what_holds(
    here: Stage, text: str, first: str, sums_up: str
) -> None:
    said = await here.ask(text)
    assert said.text.splitlines()[0] == first
    assert said.text.splitlines()[-1].startswith(sums_up)
    assert (await here.turned(said, "Settings")).text.startswith("Settings of this chat")


async def test_a_source_is_asked_about_by_its_name(here: Stage) -> None:
    asked = await here.ask("/mute source:Hill Radio")
    assert asked.text.startswith("Mute Hill Radio for how long?")
    await here.press(asked, "1 day")
    assert here.messages()[-1].text.startswith("Muted Hill Radio until ")


async def test_a_mute_without_a_time_asks_for_one(here: Stage) -> None:
    asked = await here.ask("/mute county lottery")
    assert asked.text == ("Mute county lottery for how long?\nOr send /mute county lottery 2d")
    assert asked.labels == ["1 day", "1 week", "1 month"]
    await here.press(asked, "1 week")
    assert here.messages()[-1].text.startswith("Muted county lottery until ")
    assert "I can't read '2x'" in (await here.ask("/mute lottery 2x")).text


@pytest.mark.parametrize(
    "words",
    [
        "covid-19",
        "5G",
        "World Cup 2026",
        "jets MH17",
        "ساعة",
        "יום",
        "ocean's eleven",
        "elf",
        "足球周",
    ],
)
async def test_a_name_with_a_figure_is_no_time(here: Stage, words: str) -> None:
    assert (await here.ask(f"/mute {words}")).labels == ["1 day", "1 week", "1 month"]


@pytest.mark.parametrize(
    "words", ["lottery for 2 fortnights", "lottery until 8 moons", "lottery por dos quincenas"]
)
async def test_what_was_meant_as_a_time_is_not_muted(here: Stage, words: str) -> None:
    asked = await here.ask(f"/mute {words}")
    assert asked.text.startswith("Mute lottery for how long?")
    await here.press(asked, "1 day")
    assert here.messages()[-1].text.startswith("Muted lottery until ")


async def test_a_limit_of_a_topic_is_told_from_that_of_the_chat(here: Stage) -> None:
    await here.ask("/topic Ferries: ferry")
    said = "At most 5 alerts a day of Ferries."
    assert (await here.ask("/cap Ferries max 5 a day")).text.startswith(said)
    assert "No daily limit for Ferries" in (await here.ask("/cap Ferries no limit")).text
    assert (await here.ask("/cap max 5")).text.startswith("At most 5 alerts a day.")
    await here.ask("/topic Max: boat")
    assert (await here.ask("/cap max 5")).text.startswith("At most 5 alerts a day of Max.")


@pytest.mark.parametrize("words", ["٥", "5 a day", "۵", "5 am Tag"])
async def test_a_limit_is_read_in_other_digits_and_of_a_day(here: Stage, words: str) -> None:
    assert (await here.ask(f"/cap {words}")).text.startswith("At most 5 alerts a day.")
    assert (await here.ask("/cap aus")).text.startswith("No daily limit")


async def test_other_digits_are_read_as_times_and_what_is_none_says_how_to_end(here: Stage) -> None:
    assert "08:00" in (await here.ask("/digest ٨ صباحا")).text
    assert "22:00 to 07:00" in (await here.ask("/quiet ٢٢-٧")).text
    assert (await here.ask("/timezone ١٢:٠٠")).text == "Which place is nearest to you?"
    refused = "I can't read 'soon' as a time. Send 08:00, 8am or off."
    assert (await here.ask("/digest soon")).text == refused
    assert (await here.ask("/digest sofort")).text.startswith("Stories come at once")


async def test_who_named_nothing_that_is_there_is_told_what_is(here: Stage) -> None:
    await here.ask("/mute lottery 2d")
    assert (await here.ask("/unmute ferry")).text == "'ferry' is not muted. Muted now: lottery."
    unknown = "No source is called 'nowhere'. /sources shows all."
    assert (await here.ask("/unsubscribe nowhere")).text == unknown
    none = await here.ask("/removefeed")
    assert (none.text, none.labels) == ("This chat has added no source.", ["Add a source"])


async def test_who_keeps_everything_has_a_way_on(here: Stage) -> None:
    kept = await here.turned(await here.ask("/forget"), "Keep it all")
    assert (kept.text, kept.labels) == ("Nothing was deleted.", ["Settings"])
    assert (await here.turned(await here.ask("/forget"), "Delete everything")).labels == []


async def test_long_names_of_regions_are_whole_on_their_buttons(here: Stage) -> None:
    assert all("…" not in label for label in (await here.ask("/addfeed")).labels)


@pytest.mark.parametrize(
    ("words", "button"),
    [
        ("mute 2h", "/mute 2h"),
        ("Pause", "/stop"),
        ("pause until monday", "/stop until monday"),
        ("stop", "/stop"),
    ],
)
async def test_a_command_without_its_slash_is_offered(here: Stage, words: str, button: str) -> None:
    said = await here.ask(words)
    assert said.labels[0] == button
    await here.press(said, button)
    assert here.messages()[-1].text.startswith("Paused")


@pytest.mark.parametrize("words", ["pause in the fighting", "follow the money"])
async def test_words_that_begin_as_a_command_does_are_a_search(here: Stage, words: str) -> None:
    assert all(not label.startswith("/") for label in (await here.ask(words)).labels)


@pytest.mark.parametrize(
    "words",
    ["yes", "no", "ok", "Yes please", "no, thanks", "ja", "nein", "sí", "oui", "non", "sì", "não",
     "да", "нет", "так", "ні", "evet", "hayır", "نعم", "لا", "بله", "כן", "לא", "हाँ", "नहीं", "ya",
     "tidak", "是", "好的"],
)  # fmt: skip
async def test_yes_and_no_do_nothing_where_a_button_answers(here: Stage, words: str) -> None:
    await here.ask("/topic ferry")
    question = await here.ask("/forget")
    said = await here.ask(words)
    assert said.text == "Nothing was done. Press a button."
    assert said.labels == question.labels
    assert len(await here.storage.chats.topics(ADA_ID)) == 1
    assert (await here.ask(words)).text == "Nothing was done. Press a button."
    await here.press(said, "Delete everything")
    assert await here.storage.chats.get(ADA_ID) is None


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("/topic ferry: boat", "/topic ferry: ship"),
        ("/topic ferry", "/topic remove boats"),
        ("/topic ferry", "unfollow ferry"),
        ("/topic ferry", "unfollow everything"),
        ("/topic ferry", "/stop ferry"),
        ("/topic ferry", "/mute lottery"),
        ("/topic ferry", "/topic remove all"),
    ],
)
async def test_each_question_with_buttons_is_asked_again_where_yes_is_written(
    here: Stage, before: str, text: str
) -> None:
    await here.ask(before)
    question = await here.ask(text)
    said = await here.ask("yes")
    assert said.text == "Nothing was done. Press a button."
    assert said.buttons == question.buttons


async def test_yes_answers_nothing_once_a_button_was_pressed_or_something_else_said(
    here: Stage,
) -> None:
    question = await here.ask("/forget")
    await here.press(question, "Keep it all")
    assert "Nothing was done" not in (await here.ask("yes")).text
    await here.ask("/forget")
    await here.ask("/status")
    assert "Nothing was done" not in (await here.ask("yes")).text
    await here.ask("/forget")
    assert (await here.ask("stop")).labels == ["/stop"]
    await here.ask("/forget")
    here.clock[0] += 601
    assert "Nothing was done" not in (await here.ask("yes")).text


def test_a_question_is_answered_by_whom_and_where_it_was_asked() -> None:
    answers, buttons = Answers(), InlineKeyboardMarkup([])
    answers.ask_press((GROUP, 5, ADA_ID), buttons, 1_000.0)
    assert answers.press_asked((GROUP, 7, ADA_ID), 1_001.0) is None
    assert answers.press_asked((GROUP, 5, BEN_ID), 1_001.0) is None
    assert answers.press_asked((GROUP, 5, ADA_ID), 1_001.0) is buttons
    assert answers.press_asked((GROUP, 5, ADA_ID), 1_001.0) is None
