"""What commands and buttons answer, on a stage: no feed is read and no bot runs."""

import base64

import pytest

from tests.handlers.stage import ADA_ID, BEN_ID, BOT_NAME, GROUP, Stage


async def test_start_in_a_group_is_one_short_screen_and_its_button_subscribes(
    here: Stage,
) -> None:
    hello = await here.ask("/start", GROUP)
    assert len(hello.text.splitlines()) <= 5
    assert hello.labels == [
        "Choose topics",
        "Follow everything",
        "Newest stories",
        "Topics",
        "Help",
    ]
    await here.press(hello, "Follow everything")
    here.alert("This chat follows every story", GROUP)
    again = await here.ask("/start", GROUP)
    assert again.labels == hello.labels


async def test_start_with_a_payload_follows_the_topic_it_carries(here: Stage) -> None:
    payload = base64.urlsafe_b64encode(b"quake, flood").decode().rstrip("=")
    assert "Following quake, flood" in (await here.ask(f"/start t-{payload}", GROUP)).text
    assert "can't read the topic" in (await here.ask("/start t-%%%", GROUP)).text
    assert "News alerts" in (await here.ask("/start somebody-elses", GROUP)).text


async def test_latest_turns_pages_in_place_and_back(here: Stage) -> None:
    await here.publish(*[f"Bulletin {n} from the harbour office" for n in range(1, 13)])
    first = await here.ask("/latest")
    shown = first.text
    assert shown.startswith("Latest stories")
    assert shown.count("Harbour Post") == 5
    assert first.labels == ["Older →"]
    await here.press(first, "Older →")
    assert first.text != shown
    assert first.labels == ["← Newer", "Older →"]
    await here.press(first, "Older →")
    assert first.text.count("Harbour Post") == 2
    assert first.labels == ["← Newer"]
    await here.press(first, "← Newer")
    await here.press(first, "← Newer")
    assert first.text == shown
    numbers = {n for n in range(1, 13) for text in (shown,) if f"Bulletin {n} " in text}
    assert len(numbers) == 5
    assert len(here.messages()) == 1


async def test_latest_with_words_finds_what_matches_and_offers_it_as_a_topic(
    here: Stage,
) -> None:
    titles = ["Strike at the port ends", "Rail strikes begin", "Bowling club strikes gold"]
    await here.publish(*titles, "Museum opens late on Thursdays")
    found = await here.ask("/latest strike -bowling")
    assert "Strike at the port" in found.text
    assert "Rail strikes" in found.text
    assert "Bowling" not in found.text
    assert "Museum" not in found.text
    await here.press(found, "Follow")
    assert "2 stories so far." in (here.alert("Following strike -bowling")).text
    assert "Rail strikes" in (await here.ask("/latest strike -bowling")).text
    empty = await here.ask("/latest volcano")
    assert "Nothing found on" in empty.text


async def test_topics_are_listed_tested_muted_and_removed(here: Stage) -> None:
    await here.publish("Quake shakes the northern coast", "Quake drill at schools")
    tried = await here.ask("/topic test quake -drill")
    assert "1 story so far" in tried.text
    assert "None yet." in (await here.ask("/topic")).text
    followed = await here.ask("/topic Quakes: quake -drill")
    assert "Following Quakes." in followed.text
    assert "Quake shakes the northern coast" in followed.text
    assert "Muted until" in (await here.ask("/topic mute quakes 8h")).text
    await here.publish("Second quake shakes the coast at night")
    assert (await here.storage.stats()).deliveries == {}
    listed = await here.ask("/topic")
    assert "1 is muted." in listed.text
    assert listed.labels == ["Quakes · muted", "Ready-made topics"]
    page = await here.turned(listed, "Quakes · muted")
    assert await here.press(page, "Remove") == "Quakes removed."
    assert "No topic is called quakes." in (await here.ask("/topic remove quakes")).text


@pytest.mark.hostile(85)
async def test_a_query_that_cannot_be_read_is_refused_with_its_place(here: Stage) -> None:
    answer = await here.ask('/topic "unclosed')
    assert "The quote at character 1 is open." in answer.text
    assert "only leaves words out" in (await here.ask("/topic -war")).text
    for words in ('%_ " OR *', "'; DROP TABLE chats; --", "x" * 4000, "\x00 OR"):
        assert (await here.ask(f"/topic {words}")).text
    assert (await here.ask("/status")).text.startswith("Alerts are on")


@pytest.mark.hostile(89, 91)
async def test_in_a_group_only_administrators_change_anything(here: Stage) -> None:
    only = "Only administrators can change that."
    none = await here.ask("/topic", GROUP, user=BEN_ID)
    assert none.text == "Topics\nNone yet. Administrators choose them."
    for command in ("/subscribe", "/topic flood", "/stop", "/forget", "/unsubscribe"):
        here.clock[0] += 600  # it is said aloud once in ten minutes
        assert (await here.ask(command, GROUP, user=BEN_ID)).text == only
    assert "follows every story" in (await here.ask("/subscribe", GROUP, user=ADA_ID)).text
    assert "Following flood" in (await here.ask("/topic flood", GROUP, user="anonymous")).text
    listed = await here.ask("/topic", GROUP, user=BEN_ID)
    assert listed.text == "Topics\n1 topic\nAdministrators can change this."
    assert listed.labels == ["flood"]
    page = await here.turned(listed, "flood", user=BEN_ID)
    assert page.text == (
        "flood\nNo stories yet\nAt once · with sound\nAdministrators can change this."
    )
    assert page.labels == ["← Back"]
    page = await here.turned(await here.ask("/topic", GROUP), "flood")
    for label in ("Remove", "Sound: on", "Daily limit: none", "Edit words", "Mute"):
        assert await here.press(page, label, user=BEN_ID) == only
    # Rights that were taken between the menu and the press do not count any more.
    here.wire.administrators.clear()
    assert await here.press(page, "Remove", user=ADA_ID) == only
    assert [topic.name for topic in await here.storage.chats.topics(GROUP)] == ["flood"]


async def test_a_command_for_another_bot_or_an_unknown_one_in_a_group_is_left(
    here: Stage,
) -> None:
    for text in ("/latest@another_bot", "/pingpong", "good morning /latest"):
        await here.say(text, GROUP)
    assert (await here.ask(f"/help@{BOT_NAME}", GROUP)).text.startswith("What I can do here")
    assert len(here.messages(GROUP)) == 1
    assert "I don't know /\u2060pingpong" in (await here.ask("/pingpong")).text


async def test_forget_asks_first_and_then_deletes_everything(here: Stage) -> None:
    await here.ask("/subscribe")
    await here.ask("/topic flood")
    assert "What I store" in (await here.ask("/privacy")).text
    asked = await here.ask("/forget")
    await here.press(asked, "Keep it all")
    asked = await here.ask("/forget")
    await here.press(asked, "Delete everything")
    here.alert("is deleted")
    assert await here.storage.chats.get(ADA_ID) is None
    assert (await here.storage.stats()).topics == 0


async def test_a_stale_or_forged_button_is_answered_and_changes_nothing(here: Stage) -> None:
    listed = await here.ask("/start")
    forged = [
        "", "v1", "v1:", "v0:latest:0", "v1:nothing", "v1:unfollow:999", "v1:follow:77",
        "v1:latest:55:1:older", "v1:latest:x:y:z", "v1:subscribe:4711", "\x00" * 30,
    ]  # fmt: skip
    for data in forged:
        await here.press_data(listed, data)
    assert await here.storage.chats.subscriptions(ADA_ID) == []


@pytest.mark.hostile(84, 86)
async def test_a_strange_start_and_the_button_of_a_deleted_topic_change_nothing(
    here: Stage,
) -> None:
    for payload in ("t-%%%", "t-" + "A" * 60, "x" * 64, "v1:forget", "\u202e"):
        assert (await here.ask(f"/start {payload}")).text
    await here.ask("/topic flood")
    page = await here.turned(await here.ask("/topic"), "flood")
    buttons = dict(page.buttons)
    await here.ask("/topic remove flood")
    for label in ("Remove", "Sound: on", "Mute", "Edit words"):
        assert "flood" not in (await here.press_data(page, buttons[label])).lower()
    assert await here.storage.chats.topics(ADA_ID) == []


@pytest.mark.rights(access="invite", admin_ids=(ADA_ID,))
async def test_by_invitation_a_chat_waits_until_an_operator_lets_it_in(here: Stage) -> None:
    answer = await here.ask("/subscribe", BEN_ID, user=BEN_ID)
    assert f"let in chat {BEN_ID}" in answer.text
    assert "operators" in (await here.ask("/admin letin 5002", BEN_ID, user=BEN_ID)).text
    assert "can use this bot now" in (await here.ask(f"/admin letin {BEN_ID}")).text
    assert "follows every story" in (await here.ask("/subscribe", BEN_ID, user=BEN_ID)).text
    assert "Sources: 2" in (await here.ask("/admin")).text
    assert "never written" in (await here.ask("/admin letin 777")).text


@pytest.mark.rights(admin_ids=(ADA_ID,))
async def test_who_is_shut_out_stays_so_when_their_data_are_deleted(here: Stage) -> None:
    for someone in (ADA_ID, BEN_ID):
        await here.ask("/start", someone, user=someone)
    assert "is shut out" in (await here.ask(f"/admin shutout {BEN_ID}")).text
    for _ in range(2):
        asked = await here.ask("/forget", BEN_ID, user=BEN_ID)
        await here.press(asked, "Delete everything", user=BEN_ID)
        assert "is deleted" in asked.text
        assert "an operator shut this chat out" in asked.text
        for words in ("/start", "/subscribe", "/latest"):
            said = (await here.ask(words, BEN_ID, user=BEN_ID)).text
            assert said.startswith("This bot serves invited chats only.")
    assert "can use this bot now" in (await here.ask(f"/admin letin {BEN_ID}")).text
    here.alert("This chat can use the bot now.", BEN_ID)
    asked = await here.ask("/forget", BEN_ID, user=BEN_ID)
    await here.press(asked, "Delete everything", user=BEN_ID)
    assert "To begin again" in asked.text
    assert "1 of 4" in (await here.ask("/start", BEN_ID, user=BEN_ID)).text


async def test_a_source_is_named_by_part_of_its_title_or_chosen_by_a_button(
    here: Stage,
) -> None:
    assert "follows Hill Radio from now on" in (await here.ask("/subscribe hill")).text
    which = await here.ask("/subscribe r")
    assert "2 sources fit" in which.text
    await here.press(which, "Harbour Post")
    here.alert("follows Harbour Post from now on")
    asked = await here.ask("/unsubscribe")
    await here.press(asked, "Hill Radio")
    assert "It still follows 1 source." in (here.alert("no longer follows")).text
    assert "No source is called" in (await here.ask("/subscribe daily planet")).text


async def test_what_a_topic_asks_for_can_be_taken_out_part_by_part(here: Stage) -> None:
    said = await here.ask("/topic Roads: (bridge OR tunnel) -toll")
    page = await here.turned(await here.turned(said, "Options"), "Edit words")
    page = await here.turned(page, "✕ tunnel")
    assert "✕ tunnel" not in page.labels
    (topic,) = await here.storage.chats.topics(ADA_ID)
    assert topic.query == "bridge -toll"


async def test_a_query_that_brought_nothing_comes_with_one_that_would(here: Stage) -> None:
    await here.publish(
        "Old bridge at Mill Lane to be painted green", "Quake shakes the northern coast"
    )
    said = await here.ask("/topic test bridge volcano")
    assert "Nothing so far." in said.text
    assert "bridge · 1 so far" in said.labels
    await here.press(said, "bridge · 1 so far")
    tried = here.alert("1 story so far")
    assert tried.html.count("<u>") == 1
    await here.press(tried, "Follow")
    here.alert("Following bridge")


async def test_a_query_that_brings_too_much_comes_with_narrower_ones(here: Stage) -> None:
    words = ("green", "blue", "white", "black")
    titles = [f"Bulletin {n} says {words[n % 4]} paint dries" for n in range(150)]
    await here.publish(*titles)
    said = await here.ask("/topic test paint")
    assert "a lot for one chat" in said.text
    offered = [label for label in said.labels if label != "Follow"]
    assert offered
    assert all(0 < int(label.rpartition(" · ")[2].split()[0]) < 150 for label in offered)


async def test_sources_are_paged_in_place_and_by_anybody(here: Stage) -> None:
    await here.add_sources(*(f"Station {n:02}" for n in range(17)))
    first = await here.ask("/sources", GROUP, user=BEN_ID)
    assert "Sources: 19, none in trouble, page 1 of 3" in first.text
    assert "Station 05" in first.text
    assert "Station 06" not in first.text
    await here.press(first, "More →", BEN_ID)
    assert "page 2 of 3" in first.text
    assert "Station 06" in first.text
    await here.press(first, "← Back", BEN_ID)
    assert "page 1 of 3" in first.text
    assert len(here.messages(GROUP)) == 1
    filtered = await here.ask("/sources station-1")
    assert "No source is called" in filtered.text
    filtered = await here.ask("/sources station")
    assert "Sources called 'station': 17, none in trouble, page 1 of 3" in filtered.text
    await here.turned(filtered, "More →")
    await here.turned(filtered, "More →")
    assert "Station 16" in filtered.text
    assert "Station 08" not in filtered.text
    assert "Harbour" not in filtered.text
