"""Topics: their pages and options, what is asked before words are lost, which topic is meant."""

from typing import Any

import pytest

from bot.news.chat import ChatState, Topic
from handlers.routing.replying import ends_command
from tests.handlers.stage import ADA_ID, BEN_ID, GROUP, Shown, Stage

HOUR = 3_600.0
FERRY = "Ferry to Lund Island resumes after storm"


def in_thread(number: int) -> dict[str, Any]:
    """What makes a message one of a forum thread."""
    return {"message_thread_id": number, "is_topic_message": True}


async def _topics(here: Stage, chat_id: int = ADA_ID) -> list[Topic]:
    return await here.storage.chats.topics(chat_id)


async def _only(here: Stage) -> Topic:
    (topic,) = await _topics(here)
    return topic


async def _page(here: Stage, name: str) -> Shown:
    return await here.turned(await here.ask("/topic"), name)


async def test_following_is_answered_shortly(here: Stage) -> None:
    await here.publish(FERRY)
    said = await here.ask("/topic Boats: ferry OR tram")
    assert said.text.startswith("Following Boats.\nIt looks for: ferry OR tram\n1 story so far.\n")
    assert FERRY in said.text
    assert said.labels == ["Options", "Remove", "All topics"]


@pytest.mark.parametrize(
    ("typed", "looks"),
    [
        ("storm in Lund", "It looks for: storm Lund"),
        ("the Fähre", "It looks for: Fähre"),
        ("\n- ferry\n- boat\n", "It looks for: ferry OR boat"),
        ("Boats:\nferry\nboat", "It looks for: ferry OR boat"),
        ("ferry or boat", "It looks for: ferry OR boat"),
        ("ferry & boat", "It looks for: ferry boat"),
        ("Trips: storm in lund", "It looks for: storm lund"),
        ("Ukraine: latest news", "It looks for: latest news"),
        ("ferry OR boat", ""),
        ("Ferry Lund", ""),
        ("F-35", ""),
    ],
)
async def test_following_says_what_is_looked_for_where_that_is_not_what_was_typed(
    here: Stage, typed: str, looks: str
) -> None:
    said = (await here.ask(f"/topic {typed}")).text.split("\n")
    assert said[0].startswith("Following ")
    assert [line for line in said if line.startswith("It looks for")] == ([looks] if looks else [])


async def test_following_a_search_says_what_is_looked_for_too(here: Stage) -> None:
    for ask in ("storm in lund", "/latest ferry or boat"):
        await here.press(await here.ask(ask), "Follow")
    said = [each.text for each in here.messages()]
    assert any("Following storm in lund.\nIt looks for: storm lund\n" in text for text in said)
    assert any("Following ferry or boat.\nIt looks for: ferry OR boat\n" in t for t in said)


async def test_suggestions_are_spelled_as_their_words_were_typed(here: Stage) -> None:
    await here.publish("Fähre nach Oslo fällt aus")
    said = await here.ask("/topic Fähre Wetterlage")
    (label,) = [each for each in said.labels if each.startswith("Fähre ·")]
    await here.press(said, label)
    await here.press(here.alert("Test: Fähre\n"), "Follow")
    assert {each.name: each.query for each in await _topics(here)} == {
        "Fähre Wetterlage": "fahre wetterlage", "Fähre": "fahre",
    }  # fmt: skip


async def test_pages_spell_the_words_as_the_name_does(here: Stage) -> None:
    await here.ask("/topic Fähre or Île")
    page = await _page(here, "Fähre or Île")
    assert "fähre OR île · " in page.text
    page = await here.turned(page, "Edit words")
    assert "fähre OR île" in page.text
    assert {"✕ fähre", "✕ île"} <= set(page.labels)
    assert (await here.turned(page, "✕ île")).labels
    assert (await _only(here)).query == "fahre"


async def test_other_verbs_are_words_but_before_the_name_of_a_topic(here: Stage) -> None:
    for verb in ("delete", "Unfollow", "stop"):
        await here.ask("/topic Boats: ferry")
        assert (await here.ask(f"/topic {verb} boats")).text == "Boats removed."
        assert await _topics(here) == []
    await here.ask("/topic Boats: ferry")
    await here.ask("/topic mute Boats 8h")
    assert (await here.ask("/topic unmute boats")).text.startswith("Boats\n")
    assert (await _only(here)).muted_until <= here.clock[0]
    await here.ask("/topic stop boats: stopped boats")
    await here.ask("/topic delete data: deleted data")
    assert "is a topic here already" in (await here.ask("/topic stop boats")).text
    assert {each.name for each in await _topics(here)} == {"Boats", "stop boats", "delete data"}


async def test_a_page_says_in_few_lines_what_a_topic_is_and_how_it_alerts(here: Stage) -> None:
    await here.publish(FERRY)
    await here.ask("/topic Boats: ferry -race")
    page = await _page(here, "Boats")
    assert page.text.split("\n") == [
        "Boats", "ferry -race · 1 so far", "At once · with sound",
    ]  # fmt: skip
    assert page.labels == [
        "When: At once", "Sound: on", "Wait: no", "Daily limit: none", "Edit words", "Rename",
        "Mute", "Remove", "← Back",
    ]  # fmt: skip


async def test_a_page_counts_many_words_and_does_not_show_them(here: Stage) -> None:
    many = " OR ".join(f"harbour{n}" for n in range(60))
    await here.ask(f"/topic Ports: ({many}) -race -regatta")
    page = await _page(here, "Ports")
    assert "60 words · 2 exclusions" in page.text
    assert len(page.text) < 120


@pytest.mark.parametrize(
    ("row", "choice", "chosen", "now", "options"),
    [
        ("When: At once", "In digests", "✓ In digests", "When: In digests", {"digest": True}),
        ("Sound: on", "Off", "✓ Off", "Sound: off", {"silent": True}),
        ("Wait: no", "2 sources", "✓ 2 sources", "Wait: 2 sources", {"sources": 2}),
        ("Daily limit: none", "5 a day", "✓ 5 a day", "Daily limit: 5 a day", {"cap": 5}),
    ],
)
async def test_each_option_has_a_screen_of_choices_and_none_is_cycled(
    here: Stage, row: str, choice: str, chosen: str, now: str, options: dict[str, Any]
) -> None:
    await here.ask("/topic Boats: ferry")
    page = await here.turned(await _page(here, "Boats"), row)
    before = await _only(here)
    assert [label for label in page.labels if label.startswith("✓")]
    assert page.labels[-1] == "← Back"
    for _ in range(2):  # pressed twice it does no more
        data = dict(page.buttons).get(choice) or dict(page.buttons)[chosen]
        assert await here.press_data(page, data)
        assert chosen in page.labels
    stored = (await _only(here)).options
    assert {name: getattr(stored, name) for name in options} == options
    assert before.options != stored
    await here.press(page, "← Back")
    assert now in page.labels


async def test_buttons_of_before_open_the_screen_and_change_nothing(here: Stage) -> None:
    await here.ask("/topic Boats: ferry")
    topic = await _only(here)
    page = await _page(here, "Boats")
    for name in ("silent", "digest", "sources", "cap"):
        await here.press_data(page, f"v1:option:{topic.id}:{name}")
        assert page.text.startswith("Boats: ")
        assert "← Back" in page.labels
    assert (await _only(here)).options == topic.options


async def test_a_number_of_ones_own_stays_among_the_choices(here: Stage) -> None:
    await here.ask("/topic Boats: ferry")
    await here.ask("/cap Boats 7")
    page = await here.turned(await _page(here, "Boats"), "Daily limit: 7 a day")
    assert "✓ 7 a day" in page.labels
    page = await here.turned(page, "3 a day")
    assert "7 a day" in page.labels
    page = await here.turned(page, "7 a day")
    assert (await _only(here)).options.cap == 7
    assert "✓ 7 a day" in page.labels


@pytest.mark.parametrize(
    "rest", ["cap:-1", "cap:9999", "cap:x", "sources:0", "sources:99", "digest:2", "silent:٣", "no"]
)
async def test_forged_options_change_nothing(here: Stage, rest: str) -> None:
    await here.ask("/topic Boats: ferry")
    before = await _only(here)
    page = await _page(here, "Boats")
    await here.press_data(page, f"v1:option:{before.id}:{rest}")
    assert (await _only(here)).options == before.options
    await here.press_data(page, f"v1:topic_mute:{before.id}:{10**12}")
    assert (await _only(here)).muted_until == 0


async def test_a_topic_is_muted_and_unmuted_by_choices(here: Stage) -> None:
    await here.ask("/topic Boats: ferry")
    page = await here.turned(await _page(here, "Boats"), "Mute")
    assert page.labels == ["1 hour", "8 hours", "1 day", "1 week", "← Back"]
    assert await here.press(page, "8 hours") == "Muted."
    assert (await _only(here)).muted_until == here.clock[0] + 8 * HOUR
    assert "Muted until" in page.text
    page = await here.turned(page, "Muted now")
    assert await here.press(page, "Unmute") == "Unmuted."
    assert "At once · with sound" in page.text
    assert (await _only(here)).muted_until <= here.clock[0]


async def test_words_names_and_parts_are_six_a_page(here: Stage) -> None:
    await here.ask("/topic Strip: gaza OR rafah")
    page = await here.turned(await _page(here, "Strip"), "Edit words")
    changing = [label for label in page.labels if label[0] in "✕+"]
    assert changing[:2] == ["✕ gaza", "✕ rafah"]
    assert len(changing) == 6
    assert ", page 1 of " in page.text
    page = await here.turned(page, "Next →")
    assert ", page 2 of " in page.text
    added = next(label for label in page.labels if label.startswith("+"))
    assert await here.press(page, added) == "Changed."
    assert added not in page.labels
    assert ", page 2 of " in page.text
    page = await here.turned(page, "← Previous")
    assert await here.press(page, "✕ rafah") == "Changed."
    assert "rafah" not in (await _only(here)).query
    assert await here.press(page, "Add all other names") == "Changed."
    assert len((await _only(here)).query) > 200
    assert len(page.text) < 400
    page = await here.turned(page, "← Back")
    assert page.text.startswith("Strip\n")


async def test_a_topic_gets_another_name_and_keeps_the_rest(here: Stage) -> None:
    await here.ask("/topic Boats: ferry")
    await here.ask("/cap Boats 7")
    page = await here.turned(await _page(here, "Boats"), "Rename")
    assert "Send the new name." in page.text
    assert (await here.ask("/topic rename boats: Sea and ships")).text.startswith("Sea and ships\n")
    topic = await _only(here)
    assert (topic.name, topic.query, topic.options.cap) == ("Sea and ships", "ferry", 7)
    await here.ask("/topic Hills")
    taken = await here.ask("/topic rename Sea and ships: HILLS")
    assert "There is a topic called 'HILLS' already." in taken.text
    assert "1 to 60 characters" in (await here.ask(f"/topic rename hills: {'x' * 61}")).text
    names = [each.name for each in await _topics(here)]
    assert names == ["Sea and ships", "Hills"]


async def test_a_name_with_a_colon_is_renamed_too(here: Stage) -> None:
    await here.ask("/topic source:post ferry")
    await here.ask("/topic rename source:post ferry: Boats")
    assert (await _only(here)).name == "Boats"


async def test_rename_without_a_new_name_or_of_none_asks(here: Stage) -> None:
    await here.ask("/topic Boats: ferry")
    assert "Send the new name." in (await here.ask("/topic rename boats")).text
    asked = await here.ask("/topic rename baots: Ships")
    assert "No topic is called baots." in asked.text
    assert "Send the new name." in (await here.turned(asked, "Boats")).text


async def test_what_is_written_next_is_the_new_name_once(here: Stage) -> None:
    await here.ask("/topic Boats: ferry")
    await here.turned(await _page(here, "Boats"), "Rename")
    assert (await here.ask("My ferries: all of them")).text.startswith("My ferries: all of them\n")
    assert (await _only(here)).name == "My ferries: all of them"
    assert "Nothing found on" in (await here.ask("zeppelin")).text
    assert (await _only(here)).name == "My ferries: all of them"


@pytest.mark.parametrize(
    "words", ["/status", "no", "cancel", "never mind", "help", "stop the alerts"]
)
async def test_what_is_no_name_ends_the_question(here: Stage, words: str) -> None:
    await here.ask("/topic Boats: ferry")
    await here.turned(await _page(here, "Boats"), "Rename")
    await here.ask(words)
    await here.ask("zeppelin")
    assert (await _only(here)).name == "Boats"


def test_a_link_is_the_end_of_no_command() -> None:
    assert not ends_command("see https://harbour.example/1")
    assert ends_command("Harbour.example and more")


async def test_another_button_or_ten_minutes_end_the_question(here: Stage) -> None:
    await here.ask("/topic Boats: ferry")
    page = await here.turned(await _page(here, "Boats"), "Rename")
    await here.turned(page, "← Back")
    await here.ask("zeppelin")
    await here.turned(await _page(here, "Boats"), "Rename")
    here.clock[0] += 601
    await here.ask("zeppelin")
    assert (await _only(here)).name == "Boats"


async def test_in_a_group_where_words_are_not_heard_the_whole_command_is_shown(
    here: Stage,
) -> None:
    await here.ask("/topic Boats: ferry", GROUP)
    asked = await here.ask("/topic rename boats", GROUP)
    assert "/topic rename Boats: NEW NAME" in asked.text


async def test_a_removal_is_undone_with_all_that_the_topic_had(here: Stage) -> None:
    await here.publish(FERRY)
    await here.ask("/topic Boats: ferry OR tram")
    await here.ask("/cap Boats 7")
    await here.ask("/topic mute boats 8h")
    before = await _only(here)
    await here.publish("Tram line to the pier opens")
    removed = await here.ask("/topic remove boats")
    assert removed.text == "Boats removed."
    assert await _topics(here) == []
    assert (await here.storage.stats()).topics == 0
    assert await here.press(removed, "Undo") == "Boats is back."
    assert await _only(here) == before
    assert removed.text.startswith("Boats\n")
    assert await here.press_data(removed, f"v1:topic_back:{before.id}") == "It is back already."


async def test_after_a_minute_it_is_too_late_to_undo(here: Stage) -> None:
    await here.ask("/topic Boats: ferry")
    page = await _page(here, "Boats")
    assert await here.press(page, "Remove") == "Boats removed."
    here.clock[0] += 61
    undo = dict(page.buttons)["Undo"]
    assert await here.press_data(page, undo) == "Too late to undo."
    assert page.text.startswith("Topics\n")
    assert await _topics(here) == []


async def test_what_was_removed_is_nobody_elses_and_its_name_is_free(here: Stage) -> None:
    await here.ask("/topic Boats: ferry")
    removed = await here.ask("/topic remove boats")
    undo = dict(removed.buttons)["Undo"]
    foreign = await here.ask("/topic", BEN_ID, user=BEN_ID)
    assert await here.press_data(foreign, undo, BEN_ID) == "Too late to undo."
    assert await _topics(here, BEN_ID) == []
    assert "Following Boats." in (await here.ask("/topic Boats: tram")).text
    await here.press_data(removed, undo)
    assert "Another topic is called 'Boats' now." in here.messages()[-1].text
    assert (await _only(here)).query == "tram"


async def test_what_is_removed_is_not_kept_longer_than_it_can_be_brought_back(here: Stage) -> None:
    for name in ("Boats", "Hills"):
        await here.ask(f"/topic {name}")
        await here.ask(f"/topic remove {name}")
        here.clock[0] += 61
    await here.ask("/topic Trams")
    await here.storage.tidy(here.clock[0])
    assert (await here.storage.stats()).rows["topics"] == 1


async def test_typing_a_topic_again_asks_and_loses_nothing(here: Stage) -> None:
    await here.ask("/topic Boats: ferry OR lund")
    await here.ask("/cap Boats 7")
    before = await _only(here)
    asked = await here.ask("/topic boats: tram")
    assert "Boats is a topic here already." in asked.text
    assert "It has: ferry OR lund" in asked.text
    assert "You sent: tram" in asked.text
    assert asked.labels == ["Replace words", "Keep old and new words", "Leave it"]
    assert await _only(here) == before
    assert await here.press(asked, "Leave it") == "Left as it is."
    assert await _only(here) == before
    asked = await here.ask("/topic boats: tram")
    assert await here.press(asked, "Keep old and new words") == "Both are kept."
    after = await _only(here)
    assert (after.query, after.options.cap) == ("ferry OR lund OR tram", 7)
    asked = await here.ask("/topic boats: hill")
    assert await here.press(asked, "Replace words") == "Words replaced."
    after = await _only(here)
    assert (after.query, after.options.cap, after.name) == ("hill", 7, "Boats")


@pytest.mark.parametrize(
    ("label", "becomes"),
    [
        ("Replace words", "football OR rugby"),
        ("Keep old and new words", "soccer OR football OR rugby"),
    ],
)
async def test_a_question_that_others_answered_meanwhile_is_asked_again(
    here: Stage, label: str, becomes: str
) -> None:
    await here.ask("/topic Football: football", GROUP)
    hers = await here.ask("/topic Football: football OR rugby", GROUP)
    others = await here.ask("/topic Football: soccer", GROUP)
    await here.press(others, "Replace words")
    assert await here.press(hers, label) == "Somebody changed its words meanwhile."
    assert "It has: soccer\nYou sent: football OR rugby" in hers.text
    assert [t.query for t in await _topics(here, GROUP)] == ["soccer"]
    data = dict(hers.buttons)[label]
    for _ in range(2):
        assert await here.press_data(hers, data) in ("Words replaced.", "Both are kept.")
        assert [t.query for t in await _topics(here, GROUP)] == [becomes]


async def test_following_here_too_does_not_replace_what_others_follow_here_now(
    here: Stage,
) -> None:
    await here.ask("/topic Boats: ferry", GROUP, **in_thread(7))
    hers = await here.ask("/topic Boats", GROUP, **in_thread(8))
    others = await here.ask("/topic Boats: tram", GROUP, **in_thread(8))
    await here.press_data(others, dict(others.buttons)["Follow here too"], **in_thread(8))
    note = await here.press_data(hers, dict(hers.buttons)["Follow here too"], **in_thread(8))
    assert note == "Somebody changed its words meanwhile."
    assert [t.query for t in await _topics(here, GROUP)] == ["ferry", "tram"]


async def test_a_button_of_before_asks_anew_and_says_nothing_of_others(here: Stage) -> None:
    await here.ask("/topic Football: football OR rugby")
    asked = await here.ask("/topic Football: soccer")
    data = dict(asked.buttons)["Replace words"]
    assert await here.press_data(asked, data.rpartition(":")[0]) == ""
    assert "You sent: soccer" in asked.text
    assert await here.press(asked, "Replace words") == "Words replaced."


async def _is_paused(here: Stage, chat_id: int) -> bool:
    chat = await here.storage.chats.get(chat_id)
    return chat is not None and chat.state is ChatState.STOPPED


async def test_looking_and_asking_leave_a_pause_and_following_says_that_it_ends(
    here: Stage,
) -> None:
    await here.ask("/topic goats", GROUP)
    await here.ask("/stop", GROUP)
    await here.ask("/topic goats", GROUP)
    asked = await here.ask("/topic goats: sheep", GROUP)
    await here.press(asked, "Leave it")
    await here.ask("/topic test ferry", GROUP)
    assert await _is_paused(here, GROUP)
    said = await here.ask("/topic ferry", GROUP)
    assert said.text.startswith("Following ferry. Alerts are on again.\n")
    assert not await _is_paused(here, GROUP)
    assert "on again" not in (await here.ask("/topic tram", GROUP)).text


@pytest.mark.parametrize("label", ["Replace words", "Keep old and new words"])
async def test_an_answer_that_follows_other_words_ends_a_pause_and_says_so(
    here: Stage, label: str
) -> None:
    await here.ask("/topic goats", GROUP)
    await here.ask("/stop", GROUP)
    asked = await here.ask("/topic goats: sheep", GROUP)
    assert (await here.press(asked, label)).endswith(". Alerts are on again.")
    assert not await _is_paused(here, GROUP)


async def test_all_that_follows_something_says_that_a_pause_ends(here: Stage) -> None:
    await here.ask("/stop")
    page = await here.turned(await here.ask("/topic"), "Ready-made topics")
    assert (await here.press(page, "Health")).endswith(" Alerts are on again.")
    await here.ask("/stop")
    assert (await here.press(page, "✓ Health")) == "Unfollowed Health."
    assert await _is_paused(here, ADA_ID)
    said = await here.ask("/subscribe Harbour Post")
    assert said.text == "This chat follows Harbour Post from now on. Alerts are on again."
    await here.ask("/stop")
    await here.ask("/subscribe Harbour Post")
    assert await _is_paused(here, ADA_ID)
    page = await here.turned(await here.ask("/sources"), "Hill Radio")
    assert await here.press(page, "Follow") == "Following Hill Radio. Alerts are on again."


async def test_words_that_a_topic_has_already_cannot_be_added(here: Stage) -> None:
    await here.ask("/topic ceasefire")
    page = await here.turned(await _page(here, "ceasefire"), "Edit words")
    await here.press(page, "Add all other names")
    asked = await here.ask("/topic ceasefire")
    assert asked.labels == ["Replace words", "Leave it"]
    assert len(asked.text) < 300


async def test_the_same_words_again_show_the_topic(here: Stage) -> None:
    await here.ask("/topic Boats: ferry")
    await here.ask("/topic mute Boats 8h")
    page = await here.ask("/topic Boats: ferry")
    assert "Muted until" in page.text
    assert (await _only(here)).muted_until > here.clock[0]


async def test_a_question_whose_words_or_topic_are_gone_says_so(here: Stage) -> None:
    await here.ask("/topic Boats: ferry")
    topic = await _only(here)
    asked = await here.ask("/topic Boats: tram")
    old = f"v1:again:{topic.id}:999:replace"
    assert "question is old" in await here.press_data(asked, old)
    await here.ask("/topic remove Boats")
    assert await here.press(asked, "Replace words") == "That topic is gone already."


async def test_a_search_button_asks_too_and_leaves_its_list(here: Stage) -> None:
    await here.publish(FERRY)
    await here.ask("/topic Ferry: ferry OR lund")
    found = await here.ask("/latest ferry pier OR ferry")
    shown = found.text
    await here.ask("/topic ferry pier OR ferry")
    asked = await here.press(found, "Follow")
    assert asked != "Followed."
    assert found.text == shown


async def test_in_another_thread_it_is_moved_or_followed_twice_as_one_likes(here: Stage) -> None:
    await here.ask("/topic Boats: ferry", GROUP, **in_thread(7))
    await here.ask("/cap Boats 7", GROUP, **in_thread(7))
    asked = await here.ask("/topic Boats", GROUP, **in_thread(8))
    assert "Boats is a topic in another thread." in asked.text
    assert asked.labels == ["Move here", "Follow here too", "Leave it"]
    (topic,) = await _topics(here, GROUP)
    await here.press_data(asked, dict(asked.buttons)["Follow here too"], **in_thread(8))
    first, second = await _topics(here, GROUP)
    assert (first, second.thread_id) == (topic, 8)
    # Who writes the bare name means the words that it has.
    assert (second.name, second.query) == ("Boats", "ferry")
    page = await here.ask("/topic Boats: ferry", GROUP, **in_thread(8))
    assert "Its alerts come to this thread." in page.text
    asked = await here.ask("/topic Boats", GROUP, **in_thread(9))
    assert asked.text == "2 topics fit Boats.\nWhich topic do you mean?"
    await here.press_data(asked, asked.buttons[0][1], **in_thread(9))
    await here.press_data(asked, dict(asked.buttons)["Move here"], **in_thread(9))
    moved, stayed = await _topics(here, GROUP)
    assert (moved.thread_id, stayed.thread_id, moved.options.cap) == (9, 8, 7)


async def test_of_one_name_in_two_threads_the_one_here_is_meant_else_it_is_asked(
    here: Stage,
) -> None:
    await here.ask("/topic Boats: ferry", GROUP, **in_thread(7))
    asked = await here.ask("/topic Boats: tram", GROUP, **in_thread(8))
    await here.press_data(asked, dict(asked.buttons)["Follow here too"], **in_thread(8))
    assert [t.query for t in await _topics(here, GROUP)] == ["ferry", "tram"]
    asked = await here.ask("/topic remove boats", GROUP)
    assert "2 topics fit boats." in asked.text
    listed = await here.ask("/topic", GROUP, **in_thread(7))
    assert listed.labels[:2] == ["Boats · this thread", "Boats · elsewhere"]
    assert "removed" in (await here.ask("/topic remove boats", GROUP, **in_thread(8))).text
    (left,) = await _topics(here, GROUP)
    assert left.query == "ferry"


async def test_a_topic_is_moved_from_its_page_in_another_thread(here: Stage) -> None:
    await here.ask("/topic Boats: ferry", GROUP, **in_thread(7))
    (topic,) = await _topics(here, GROUP)
    page = await here.ask("/topic", GROUP, **in_thread(8))
    await here.press_data(page, f"v1:topic:{topic.id}", **in_thread(8))
    assert "Its alerts come to another thread." in page.text
    await here.press_data(page, dict(page.buttons)["Thread"], **in_thread(8))
    note = await here.press_data(page, dict(page.buttons)["Move here"], **in_thread(8))
    assert note == "Its alerts come here now."
    assert [t.thread_id for t in await _topics(here, GROUP)] == [8]
    await here.press_data(page, dict(page.buttons)["Thread"], **in_thread(8))
    assert "Move here" not in page.labels
    assert "/topic Boats" in page.text


async def test_two_of_one_name_do_not_meet_in_one_thread_by_a_move(here: Stage) -> None:
    await here.ask("/topic Boats: ferry", GROUP, **in_thread(7))
    first = (await _topics(here, GROUP))[0]
    asked = await here.ask("/topic Boats: tram", GROUP, **in_thread(8))
    await here.press_data(asked, dict(asked.buttons)["Follow here too"], **in_thread(8))
    await here.press_data(asked, f"v1:here:{first.id}", **in_thread(8))
    assert "There is a topic called 'Boats' already." in here.messages(GROUP)[-1].text
    assert sorted(t.thread_id for t in await _topics(here, GROUP)) == [7, 8]


@pytest.mark.parametrize(
    ("asks", "question", "does"),
    [
        ("/topic remove", "Which topic do you want to remove?", "removed"),
        ("/topic mute", "Which topic do you want to mute?", "for how long?"),
        ("/topic rename", "Which topic do you want to rename?", "Send the new name."),
        ("/topic test", "Which topic do you want to test?", ""),
    ],
)
async def test_a_verb_without_a_name_offers_the_topics(
    here: Stage, asks: str, question: str, does: str
) -> None:
    assert "No topics are followed yet." in (await here.ask(asks)).text
    await here.ask("/topic Boats: ferry")
    await here.ask("/topic Hills: hill")
    asked = await here.ask(asks)
    assert question in asked.text
    assert asked.labels == ["Boats", "Hills", "All topics"]
    await here.press(asked, "Hills")
    assert does in asked.text
    assert len(await _topics(here)) == (1 if does == "removed" else 2)


async def test_a_name_that_is_none_is_said_and_the_nearest_come_first(here: Stage) -> None:
    for name in ("Hills", "Trams", "Ferries", "Fern"):
        await here.ask(f"/topic {name}")
    for command, said in (
        ("/topic remove feries", "removed"),
        ("/cap feries 7", "✓ 7 a day"),
        ("/topic mute feries 8h", "Muted until"),
    ):
        asked = await here.ask(command)
        assert "No topic is called feries." in asked.text
        assert asked.labels[:2] == ["Ferries", "Fern"]
        assert len(asked.labels) == 5
        await here.press(asked, "Ferries")
        assert said in asked.text + " ".join(asked.labels)
        if said == "removed":
            await here.press(asked, "Undo")
    several = await here.ask("/topic remove fer")
    assert "2 topics fit fer." in several.text
    assert several.labels == ["Ferries · muted", "Fern", "All topics"]


async def test_the_time_of_a_mute_is_asked_where_it_is_missing_or_cannot_be_read(
    here: Stage,
) -> None:
    await here.ask("/topic Two words: ferry")
    asked = await here.ask("/topic mute two words")
    assert asked.labels[:4] == ["1 hour", "8 hours", "1 day", "1 week"]
    unread = await here.ask("/topic mute two words soon")
    assert "'soon'" in unread.text
    assert "1 week" in unread.labels
    await here.press(unread, "1 week")
    assert (await _only(here)).muted_until == here.clock[0] + 7 * 24 * HOUR
    await here.ask("/topic mute two 2 d")
    assert (await _only(here)).muted_until == here.clock[0] + 2 * 24 * HOUR
    await here.ask("/topic mute two words until tomorrow")
    until = (await _only(here)).muted_until
    assert (until % (24 * HOUR), until - here.clock[0] > 23 * HOUR) == (8 * HOUR, True)
    await here.ask("/topic mute two words for half an hour")
    assert (await _only(here)).muted_until == here.clock[0] + HOUR / 2
    await here.ask("/topic Tonight show: late")
    assert "for how long?" in (await here.ask("/topic mute tonight")).text
    both = await here.ask("/topic mute seals soon")
    assert "No topic is called seals soon." in both.text


async def test_words_that_cannot_be_tested_are_named_and_the_topics_offered(here: Stage) -> None:
    await here.publish(FERRY)
    alone = await here.ask("/topic test ferry OR")
    assert "OR" in alone.text
    await here.ask("/topic Boats: ferry")
    asked = await here.ask("/topic test boats OR")
    assert "Which topic do you want to test?" in asked.text
    assert asked.labels == ["Boats", "All topics"]
    await here.press(asked, "Boats")
    tested = here.messages()[-1]
    assert tested.text.startswith("Test: Boats\n1 story so far.")
    assert tested.labels == ["Options"]
    assert (await here.ask("/topic test Boats")).text.startswith("Test: Boats\n1 story so far.")


async def test_the_list_has_names_only_twenty_a_page_and_marks_what_is_muted(here: Stage) -> None:
    for n in range(21):
        await here.ask(f"/topic Topic {n:02}: harbour{n}")
    await here.ask("/topic mute Topic 03 8h")
    listed = await here.ask("/topic")
    assert "harbour" not in listed.text
    assert "21 topics. Press one to change it.\n1 is muted." in listed.text
    assert "Topic 03 · muted" in listed.labels
    assert "Topic 20" not in listed.labels
    listed = await here.turned(listed, "Next →")
    assert listed.labels == ["Topic 20", "← Previous", "Ready-made topics", "← Settings"]
    await here.press_data(listed, "v1:topics")  # a button of before
    assert "Topic 00" in listed.labels


async def test_a_member_of_a_group_sees_pages_and_changes_nothing(here: Stage) -> None:
    await here.ask("/topic Boats: ferry", GROUP)
    (topic,) = await _topics(here, GROUP)
    page = await here.turned(await here.ask("/topic", GROUP, user=BEN_ID), "Boats", user=BEN_ID)
    only = "Only administrators can change that."
    for data in (
        "option:{}:cap:3", "topic_mute:{}:3600", "words:{}:0", "unfollow:{}", "topic_back:{}",
        "here:{}", "again:{}:1:replace", "words_back:{}:1:x",
    ):  # fmt: skip
        assert await here.press_data(page, "v1:" + data.format(topic.id), BEN_ID) == only
    assert await _topics(here, GROUP) == [topic]
    assert (
        "Which topic do you want to test?"
        in (await here.ask("/topic test", GROUP, user=BEN_ID)).text
    )
