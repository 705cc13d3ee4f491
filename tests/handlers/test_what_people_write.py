"""What people write beside commands, and what each gets: nothing is met with silence, and from
every answer there is a way on.
"""

import re
from collections.abc import Sequence
from typing import Any

import pytest

from bot.news.chat import ChatState
from bot.turns import on_behalf_of
from tests.handlers.delivering import deliver
from tests.handlers.stage import (
    ADA_ID,
    BEN_ID,
    BOT_ID,
    BOT_NAME,
    CHANNEL,
    GROUP,
    SMALL_GROUP,
    Shown,
    Stage,
)

STORED = (
    "Ferry to Lund Island resumes after the storm",
    "Ferry crew rescues a kayaker off Cape Morrow",
    "Old bridge at Mill Lane to be painted green",
    "Harbourmaster's office opens a second ferry berth",
    "Night ferry gets a new timetable",
    "Грузовой паром сел на мель у мыса",
    "الميناء يستقبل عبارة جديدة",
    "港口渡轮恢复通航",
    "पुराना पुल फिर से खुला",
)
HINT = "Send words to search news, or a link to add its source. /help shows more."
WELCOME = "You're welcome."
ONLY_TEXT = "I can't read that. Send words, a link, a post or your location."
HITS, NONE = "Latest on", "Nothing found on"
NEWEST = "Latest stories"
SLIP, UNKNOWN = "Did you mean this?", "/help shows what I do."
FOLLOWING, REFUSED = "Following", "I can't use that address. Send one of a public site."

# What is typed, and what the answer says.
WRITTEN: Sequence[tuple[str, str]] = (
    ("ferry", HITS),
    ("Ferry", HITS),
    ("FERRY!", HITS),
    ("  ferry  ", HITS),
    ("ｆｅｒｒｙ", HITS),
    ("ferry OR bridge", HITS),
    ("ferry, bridge", HITS),
    ("ferry -kayaker", HITS),
    ("ferry —kayaker", HITS),
    ("“Lund Island”", HITS),
    ("«Lund Island»", HITS),
    ("harbourmaster’s", HITS),
    ("Ferry to Lund Island — resumes after the storm", HITS),
    ("ferry :)", HITS),
    ("ferry (Lund", HITS),
    ('"Lund Island', HITS),
    ("ferry & berth", HITS),
    ("what about the ferry?", HITS),
    ("When does the night ferry to Lund Island get a new timetable and a berth?", NONE),
    ("#ferry", HITS),
    ("title:bridge", HITS),
    ("паром", HITS),
    ("«грузовой паром»", HITS),
    ("где паром?", NONE),
    ("عبارة", HITS),
    ("الميناء", HITS),
    ("渡轮", HITS),
    ("港口，渡轮", HITS),
    ("पुल", HITS),
    ("volcano", NONE),
    ("вулкан", NONE),
    ("火山", NONE),
    ("ferry 2026", NONE),
    ("24/7", NONE),
    ("the", "Nearly every story has"),
    ("-war", "only leaves words out"),
    ("ada@harbour.example", NONE),
    ("what was /latest again", NONE),
    ("stop", "Did you mean this?"),
    ("latest", NEWEST),
    ("Hi", HINT),
    ("hello bot!", HINT),
    ("Good morning", HINT),
    ("thanks a lot 🙏", WELCOME),
    ("Thanks for your help", WELCOME),
    ("thank you!", WELCOME),
    ("Привет!", HINT),
    ("спасибо", WELCOME),
    ("السلام عليكم", HINT),
    ("谢谢！", WELCOME),
    ("नमस्ते", HINT),
    ("👍", HINT),
    ("❤️", HINT),
    ("What’s new?", NEWEST),
    ("any news today?", NEWEST),
    ("News", NEWEST),
    ("was gibt’s Neues?", NEWEST),
    ("Quoi de neuf ?", NEWEST),
    ("¿Qué hay de nuevo?", NEWEST),
    ("Что нового?", NEWEST),
    ("چه خبر؟", NEWEST),
    ("有什么新闻？", NEWEST),
    ("???", HINT),
    ("http://127.0.0.1/", REFUSED),
    ("https://ada:secret@harbour.example/", REFUSED),
    ("paint.club:22", REFUSED),
    ("xn--a.club", REFUSED),
    ("https://t.me/tides", "I can't follow"),
    ("t.me/tides/12", "I can't follow"),
    ("www.tiktok.com/@tides", "I can't follow"),
    ("/latst", SLIP),
    ("/serach ferry", SLIP),
    ("/settigns", SLIP),
    ("/sub", SLIP),
    ("/тopic", SLIP),
    ("/помощь", SLIP),
    ("/pingpong", UNKNOWN),
    ("/latest@another_bot", SLIP),
    ("/latst@another_bot ferry", SLIP),
    ("/pingpong@another_bot", UNKNOWN),
    ("／latest　ferry", HITS),
    ("/\u2060latest \u2068ferry\u2069", HITS),
    ("/LATEST: ferry", HITS),
    ("/topic “Lund Island”", FOLLOWING),
    ("/topic ferry —kayaker", FOLLOWING),
    ("/topic 船：渡轮", FOLLOWING),
    ("/help!", "What I can do here"),
    ("/ latest", NEWEST),
)

THING: dict[str, Any] = {"file_id": "f", "file_unique_id": "u"}
SIZED = THING | {"width": 9, "height": 9}
PHOTO = {"photo": [SIZED]}
STICKER = {"sticker": SIZED | {"type": "regular", "is_animated": False, "is_video": False}}
SENT: Sequence[dict[str, Any]] = (
    PHOTO,
    PHOTO | {"caption": "the ferry this morning"},
    STICKER,
    {"voice": THING | {"duration": 3}},
    {"video": SIZED | {"duration": 3}},
    {"video_note": THING | {"length": 9, "duration": 3}},
    {"audio": THING | {"duration": 3}},
    {"animation": SIZED | {"duration": 3}, "document": THING},
    {"contact": {"phone_number": "1", "first_name": "Cy"}},
    {
        "poll": {
            "id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
            "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
            "allows_revoting": False, "members_only": False,
        }
    },
    {"dice": {"emoji": "🎲", "value": 3}},
    {
        "invoice": {
            "title": "Oars", "description": "Two", "start_parameter": "a", "currency": "EUR",
            "total_amount": 900,
        }
    },
    {"giveaway": {"chats": [], "winners_selection_date": 1, "winner_count": 1}},
    {
        "giveaway_winners": {
            "chat": {"id": CHANNEL, "type": "channel"}, "giveaway_message_id": 1, "winner_count": 1,
            "winners_selection_date": 1, "winners": [],
        }
    },
)  # fmt: skip


def test_people_write_in_five_scripts_and_in_sixty_ways() -> None:
    all_ = "".join(text for text, _ in WRITTEN)
    assert len(dict(WRITTEN)) == len(WRITTEN) >= 60
    for script in ("[a-z]", "[а-я]", "[ء-ي]", "[一-龥]", "[ऀ-ॿ]"):
        assert re.search(script, all_)


def _leads_on(answer: Shown) -> bool:
    """Whether there is a button, a command to tap, or what to send instead."""
    return bool(answer.labels or "/help" in answer.text or "<code>" in answer.html) or any(
        way in answer.text for way in ("Send me a site", "Send words", "/")
    )


async def test_what_is_written_in_private_is_answered_once_with_a_way_on(here: Stage) -> None:
    """Each in a chat of its own."""
    await here.publish(*STORED)
    for person, (text, part) in enumerate(WRITTEN, 7_001):
        answer = await here.ask(text, person, user=person)
        assert part in answer.text, text
        assert len(here.messages(person)) == 1, text
        assert part in (REFUSED, WELCOME) or _leads_on(answer), text


@pytest.mark.parametrize("what", SENT, ids=lambda what: next(iter(what)))
async def test_what_has_no_words_gets_one_line(here: Stage, what: dict[str, Any]) -> None:
    await here.send(what)
    (answer,) = here.messages()
    if "animation" not in what:
        assert answer.text == ONLY_TEXT


async def test_an_album_is_answered_once_and_the_next_one_again(here: Stage) -> None:
    for album in ("one", "one", "one", "two", "two"):
        await here.send(PHOTO | {"media_group_id": album})
    assert [each.text for each in here.messages()] == [ONLY_TEXT] * 2


@pytest.mark.parametrize(
    "what",
    [{"new_chat_title": "Pier"}, {"pinned_message": None}, {"delete_chat_photo": True}, {}],
)
async def test_what_telegram_says_of_the_chat_is_left(here: Stage, what: dict[str, Any]) -> None:
    await here.send(what)
    assert here.messages() == []


async def test_a_search_shows_the_newest_three_and_leads_to_all_a_test_and_a_topic(
    here: Stage,
) -> None:
    await here.publish(*STORED)
    found = await here.ask("ferry")
    assert found.text.count("Harbour Post") == 3
    assert "Night ferry" in found.text
    assert "Lund Island" not in found.text
    assert found.labels == ["Follow", "Test it", "All that match"]
    await here.press(found, "Test it")
    here.alert("Test: ferry")
    assert await here.press(found, "Follow") == "Followed."
    here.alert("Following ferry.")
    await here.press(found, "All that match")
    assert "Lund Island" in found.text
    (topic,) = await here.storage.chats.topics(ADA_ID)
    assert topic.query == "ferry"


async def test_what_is_not_found_can_be_followed_and_comes_with_words_that_find_some(
    here: Stage,
) -> None:
    await here.publish(*STORED)
    none = await here.ask("volcano ferry")
    assert none.text.startswith("Nothing found on volcano ferry.")
    assert none.labels == [
        "ferry · 4 so far", "volcano OR ferry · 4 so far", "Follow", "Test it",
    ]  # fmt: skip
    await here.press(none, "ferry · 4 so far")
    here.alert("Test: ferry")
    await here.press(none, "Follow")
    here.alert("Following volcano ferry.")


async def test_a_question_is_followed_by_what_it_asks_about(here: Stage) -> None:
    await here.publish(*STORED)
    found = await here.ask("hi, any news about the ferry?")
    assert found.text.startswith("Latest on ferry\n")
    await here.press(found, "Follow")
    here.alert("Following ferry.")
    assert (await here.ask("/latest what's new at the bridge?")).text.startswith("Latest on bridge")
    assert "Following bridge." in (await here.ask("/topic any news about the bridge?")).text
    names = [topic.name for topic in await here.storage.chats.topics(ADA_ID)]
    assert names == ["ferry", "bridge"]


@pytest.mark.parametrize(
    "words",
    [
        "whats new at the ferry",
        "hey there, could you tell me what's new with the ferry?",
        "ferry news",
        "subscribe me to ferry news",
        "any news about the ferry today?",
        "add ferry to my topics",
        "add topic ferry",
    ],
)
async def test_a_question_finds_what_it_asks_about(here: Stage, words: str) -> None:
    await here.publish(*STORED)
    assert (await here.ask(words)).text.startswith("Latest on ferry\n")


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("no volcano?", "no volcano"),
        ("volcano?!", "volcano"),
        ("please volcano, lava and geysers", "please volcano, lava and geysers"),
    ],
)
async def test_what_is_not_found_is_named_as_it_was_typed(
    here: Stage, words: str, shown: str
) -> None:
    assert (await here.ask(words)).text.startswith(f"Nothing found on {shown}.")


async def test_no_word_is_offered_that_was_said_to_the_bot(here: Stage) -> None:
    await here.publish(*STORED, "Send help, says 7 crew", "Remove it, says the mayor")
    none = await here.ask("remove volcano ferry")
    assert none.labels[:-2] == ["ferry · 4 so far"]
    assert (await here.ask("send volcanoes at 7")).labels == ["Follow", "Test it"]


async def test_the_name_of_a_topic_finds_what_it_asks_for_and_opens_it(here: Stage) -> None:
    await here.publish(*STORED)
    await here.ask("/topic Boats: ferry")
    found = await here.ask("boats")
    assert "Night ferry" in found.text
    assert found.labels == ["Options", "All that match"]
    # The beginning of a topic's name is a word like any other.
    assert "Nothing found on boat." in (await here.ask("boat")).text


async def test_a_command_without_its_slash_is_offered(here: Stage) -> None:
    found = await here.ask("Stop")
    assert found.text == "Did you mean this?"
    assert found.labels == ["/stop"]
    assert "/admin" not in (await here.ask("admin")).labels
    await here.press(found, "/stop")
    here.alert("Paused")


async def test_a_mistyped_command_is_done_by_its_button_with_its_words(here: Stage) -> None:
    await here.publish(*STORED)
    slip = await here.ask("/latst bridge")
    assert slip.labels == ["/latest bridge"]
    await here.press(slip, "/latest bridge")
    assert "Mill Lane" in slip.text
    slip = await here.ask("/tpic ferry -kayaker")
    await here.press(slip, "/topic ferry -kayaker")
    here.alert("Following ferry -kayaker.")
    assert (await here.ask("/admni")).labels == []
    assert "This button is old" in await here.press_data(slip, "v1:do:topic:999")


@pytest.mark.hostile(89, 91)
async def test_the_button_of_a_mistyped_command_gives_nobody_a_right(here: Stage) -> None:
    slip = await here.ask(f"/tpic@{BOT_NAME} ferry", GROUP, user=BEN_ID)
    only = "Only administrators can change that."
    assert await here.press(slip, "/topic ferry", user=BEN_ID) == only
    assert "operators" in await here.press_data(slip, "v1:do:admin", user=BEN_ID)
    assert await here.storage.chats.topics(GROUP) == []
    await here.press(slip, "/topic ferry", user=ADA_ID)
    here.alert("Following ferry.", GROUP)


async def test_in_a_group_only_what_is_said_to_the_bot_is_answered(here: Stage) -> None:
    await here.publish(*STORED)
    for text in ("ferry", "hi", "https://t.me/tides", "@other_bot ferry", "/pingpong"):
        await here.say(text, GROUP)
    await here.send(PHOTO, GROUP)
    await here.send(PHOTO | {"caption": f"@{BOT_NAME} ferry"}, GROUP)
    by_ben = {"from": {"id": BEN_ID, "is_bot": False, "first_name": "Ben"}}
    to_ben = {"message_id": 1, "date": 1, "chat": {"id": GROUP, "type": "supergroup"}} | by_ben
    await here.say("ferry", GROUP, reply_to_message=to_ben)
    assert here.messages(GROUP) == []
    named = await here.ask(f"@{BOT_NAME.upper()}, ferry?", GROUP, user=BEN_ID)
    assert "Night ferry" in named.text
    only = "Only administrators can change that."
    assert await here.press(named, "Follow", user=BEN_ID) == only
    ours = to_ben | {"from": {"id": BOT_ID, "is_bot": True, "first_name": "Bot"}}
    reply = await here.ask("bridge", GROUP, user=BEN_ID, reply_to_message=ours)
    assert "Mill Lane" in reply.text
    # Words alone are not heard there.
    assert (await here.ask(f"@{BOT_NAME}", GROUP)).text == (
        f"To search news: @{BOT_NAME} ceasefire. /help shows more."
    )
    link = f"@{BOT_NAME} https://harbour.example/"
    assert (await here.ask(link, GROUP, user=BEN_ID)).text == only


def _ours(number: int, **more: Any) -> dict[str, Any]:
    """A message of the bot in a group, as a reply names it."""
    bot = {"id": BOT_ID, "is_bot": True, "first_name": "Bot"}
    chat = {"id": GROUP, "type": "supergroup"}
    return {"message_id": number, "date": 1, "chat": chat, "from": bot} | more


async def test_what_a_group_says_of_an_alert_is_no_search(here: Stage) -> None:
    await here.ask("/topic bridge", GROUP)
    await here.publish(*STORED)
    await deliver(here)
    news = here.alert("Mill Lane", GROUP)
    before = len(here.messages(GROUP))
    markup = {"inline_keyboard": [[{"text": "Options", "callback_data": "v1:alert:1"}]]}
    no_more_on_record = _ours(900, reply_markup=markup)
    for reply in (_ours(news.id), no_more_on_record):
        for text in ("thanks", "wow ok", "ferry", "https://t.me/tides"):
            await here.say(text, GROUP, user=BEN_ID, reply_to_message=reply)
    assert len(here.messages(GROUP)) == before
    for text in (f"@{BOT_NAME} ferry", "/latest ferry"):
        said = await here.ask(text, GROUP, user=BEN_ID, reply_to_message=_ours(news.id))
        assert "Night ferry" in said.text


async def test_a_reply_to_an_answer_in_a_group_is_a_search_where_it_finds_something(
    here: Stage,
) -> None:
    await here.publish(*STORED)
    await here.ask("/topic Boats: ferry", GROUP)
    found = await here.ask("/latest", GROUP)
    before = len(here.messages(GROUP))
    for text in ("thanks", "wow ok", "the", "ok (", "volcano"):
        await here.say(text, GROUP, user=BEN_ID, reply_to_message=_ours(found.id))
    assert len(here.messages(GROUP)) == before
    for text in ("bridge", "boats"):
        said = await here.ask(text, GROUP, user=BEN_ID, reply_to_message=_ours(found.id))
        assert said.text.startswith(HITS)


@pytest.mark.parametrize("asks", ["/search", f"@{BOT_NAME}"])
async def test_what_replies_to_the_question_what_to_look_for_is_a_search(
    here: Stage, asks: str
) -> None:
    question = await here.ask(asks, GROUP)
    said = await here.ask("volcano", GROUP, user=BEN_ID, reply_to_message=_ours(question.id))
    assert said.text.startswith("Nothing found on volcano.")


async def test_a_post_of_a_channel_is_no_search(here: Stage) -> None:
    for text in ("ferry", "hi", "https://t.me/tides", f"@{BOT_NAME} ferry", "/latst"):
        await here.say(text, CHANNEL)
    assert here.messages(CHANNEL) == []


CY = {"type": "hidden_user", "date": 1, "sender_user_name": "Cy"}


@pytest.mark.hostile(91)
async def test_what_is_forwarded_is_not_obeyed(here: Stage) -> None:
    said = await here.ask("/stop", forward_origin=CY)
    assert said.text.startswith("Nothing found on stop.")
    chat = await here.storage.chats.get(ADA_ID)
    assert chat
    assert chat.state is ChatState.ACTIVE
    await here.say("/stop", GROUP, forward_origin=CY)
    await here.say("ferry", GROUP, forward_origin=CY)
    assert here.messages(GROUP) == []


async def test_of_a_forwarded_post_the_headline_is_looked_for(here: Stage) -> None:
    await here.publish(*STORED)
    post = (
        "https://harbour-radio.example/a/1\n🚢 NOT again: the Lund Island ferry is back\n"
        "Much more is said below the first line, about a kayaker."
    )
    found = await here.ask(post, forward_origin=CY)
    assert "Ferry to Lund Island resumes" in found.text
    assert "kayaker" not in found.text
    assert found.labels[:2] == ["Follow", "Test it"]
    assert found.labels[-1].startswith("Add harbour-radio.")
    (answer,) = here.messages()
    assert answer is found


@pytest.mark.parametrize(
    "text",
    [
        "The Lund Island ferry is back\n\nhttps://harbour-radio.example/a/1",
        "The Lund Island ferry is back https://harbour-radio.example/a/1?x=1",
    ],
)
async def test_a_link_that_is_shared_with_its_headline_is_answered_as_a_post(
    here: Stage, text: str
) -> None:
    await here.publish(*STORED)
    found = await here.ask(text)
    assert "Ferry to Lund Island resumes" in found.text
    assert found.labels[-1].startswith("Add harbour-radio.")


@pytest.mark.parametrize("slip", ["/unfollow ferries", "/remove Ferries"])
async def test_who_leaves_a_topic_by_another_name_is_offered_its_removal(
    here: Stage, slip: str
) -> None:
    await here.ask("/topic Ferries: ferry")
    offered = await here.ask(slip)
    assert offered.labels == ["/topic remove Ferries"]
    await here.press(offered, "/topic remove Ferries")
    assert await here.storage.chats.topics(ADA_ID) == []


async def test_a_topic_that_is_called_a_source_can_be_left(here: Stage) -> None:
    await here.ask("/topic Ferries: ferry")
    offered = await here.ask("/unsubscribe ferries")
    assert offered.labels == ["Unfollow Ferries"]
    await here.press(offered, "Unfollow Ferries")
    assert await here.storage.chats.topics(ADA_ID) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("https://paint.club:22", REFUSED),
        ("Quay wall crumbles in Port Aldous", "Nothing found on"),
        ("港口渡轮恢复通航", "港口渡轮恢复通航"),
        ("🚢🚢", CANT_READ := "I can't read that."),
    ],
)
async def test_a_forwarded_post_is_never_met_with_silence(
    here: Stage, text: str, said: str
) -> None:
    await here.publish(*STORED)
    assert said in (await here.ask(text, forward_origin=CY)).text
    await here.send(PHOTO | {"forward_origin": CY})
    assert CANT_READ in here.messages()[-1].text


async def test_a_location_sets_the_zone_after_asking(here: Stage) -> None:
    await here.send({"location": {"latitude": 38.9, "longitude": -9.3}})
    (asked,) = here.messages()
    assert asked.text.replace("\u2060", "") == "Is it 08:00 for you?"
    assert asked.labels[0] == "Use Lisbon time (08:00)"
    assert asked.labels[-1] == "Another time zone"
    chat = await here.storage.chats.get(ADA_ID)
    assert chat
    assert chat.timezone == "UTC"
    assert await here.press(asked, asked.labels[0]) == "Time zone: Lisbon 08:00"
    await here.send({"location": {"latitude": 38.9, "longitude": -9.3}})
    again = here.messages()[-1]
    assert again.text.replace("\u2060", "") == "Your time zone is set already: Lisbon 08:00"


async def test_between_two_zones_both_are_offered(here: Stage) -> None:
    await here.send({"location": {"latitude": 41.0, "longitude": -7.0}})  # near two countries
    (asked,) = here.messages()
    assert "Use Lisbon time (08:00)" not in asked.labels or len(asked.labels) > 1
    assert any("08:00" in label for label in asked.labels)
    assert any("09:00" in label for label in asked.labels)


async def test_a_location_that_moves_is_asked_about_once_and_one_in_a_group_is_left(
    here: Stage,
) -> None:
    place = {"latitude": 38.9, "longitude": -9.3}
    await here.send({"location": place | {"live_period": 900}})
    for moved in (38.8, 38.7):
        await here.send({"location": place | {"latitude": moved, "live_period": 900}}, edits=True)
    await here.send({"location": place}, GROUP)
    (asked,) = here.messages()
    assert asked.text.startswith("Is it ")
    assert here.messages(GROUP) == []


async def test_in_private_the_command_of_another_bot_is_offered_and_not_done(here: Stage) -> None:
    slip = await here.ask("/stop@another_bot")
    assert slip.labels == ["/stop"]
    chat = await here.storage.chats.get(ADA_ID)
    assert chat
    assert chat.state is ChatState.ACTIVE
    assert (await here.ask("/top@another_bot ferry")).labels == ["/top ferry"]
    await here.say(f"/stop@{BOT_NAME}")
    here.alert("Paused")
    for text in ("/stop@another_bot", "/pingpong@another_bot"):
        await here.say(text, GROUP)
    assert here.messages(GROUP) == []


@pytest.mark.rights(access="invite", admin_ids=(ADA_ID,))
async def test_a_location_of_who_is_not_let_in_is_not_looked_at(here: Stage) -> None:
    here.wire.shown.clear()
    data = {"location": {"latitude": 38.9, "longitude": -9.3}}
    await here.send(data | {"from": {"id": BEN_ID, "first_name": "B", "is_bot": False}}, BEN_ID)
    assert here.messages(BEN_ID)[0].text.startswith("This bot serves invited chats only.")


@pytest.mark.rights(access="invite", admin_ids=(ADA_ID,))
async def test_who_is_not_let_in_is_told_so_whatever_they_write(here: Stage) -> None:
    for text in ("ferry", "hi", "/latst", "https://t.me/tides"):
        said = (await here.ask(text, BEN_ID, user=BEN_ID)).text
        assert said.startswith("This bot serves invited chats only.")


@pytest.mark.rights(user_feeds=False)
async def test_where_people_may_add_nothing_a_link_says_so(here: Stage) -> None:
    said = (await here.ask("https://harbour.example/")).text
    assert said.startswith("Only operators of this bot add sources here.")


async def test_a_name_with_a_dot_that_is_no_site_can_be_searched_for(here: Stage) -> None:
    await here.publish("Version 3 of paint.club is out")
    said = await here.ask("paint.club:22")
    await here.press(said, "Search for paint.club:22")
    assert said.text.startswith("Nothing found on")


async def test_an_edit_of_what_only_reads_changes_its_answer_in_place(here: Stage) -> None:
    await here.publish(*STORED)
    number = await here.say("/latest ferry")
    (answer,) = here.messages()
    for text, part in (
        ("/latest bridge", "Mill Lane"),
        ("/sources", "Sources: 2"),
        ("bridge", "Latest on bridge"),
        ("hi", HINT),
        ("/latst", SLIP),
        ("/latest bridge", "Mill Lane"),
    ):
        await here.say(text, edits=number)
        assert part in answer.text
    assert len(here.messages()) == 1


async def test_an_edit_that_says_the_same_is_left(here: Stage) -> None:
    """Telegram reports an edit too where only the preview of a link has come."""
    number = await here.say("/topic ferry")
    before = here.messages()[-1].html
    await here.say("/topic ferry", edits=number)
    assert [each.html for each in here.messages()] == [before]


async def test_an_edit_of_what_changes_something_does_nothing_by_itself(here: Stage) -> None:
    number = await here.say("/topic ferry")
    for text in ("/topic ferry -kayaker", "/topic bridge"):
        await here.say(text, edits=number)
    following, again = here.messages()
    assert "Following ferry." in following.text
    assert again.text == "Send it again to apply it."
    assert [topic.query for topic in await here.storage.chats.topics(ADA_ID)] == ["ferry"]
    await here.press(again, "/topic bridge")
    here.alert("Following bridge.")
    number = await here.say("/start")
    await here.say("/start t-ZmVycnk", edits=number)
    assert here.messages()[-1].text == "Send it again to apply it."


async def test_an_edit_after_ten_minutes_or_of_what_was_not_answered_is_left(here: Stage) -> None:
    number = await here.say("/latest ferry")
    before = here.messages()[0].html
    here.clock[0] += 601
    await here.say("/latest bridge", edits=number)
    await here.say("/topic bridge", edits=number)
    assert [each.html for each in here.messages()] == [before]
    unheard = await here.say("ferry", GROUP)
    await here.say("bridge", GROUP, edits=unheard)
    assert here.messages(GROUP) == []


async def test_an_edit_by_a_member_of_a_group_gives_no_right(here: Stage) -> None:
    number = await here.say("/latest", GROUP, user=BEN_ID)
    await here.say("/stop", GROUP, user=BEN_ID, edits=number)
    answer = here.messages(GROUP)[-1]
    assert answer.text == "Send it again to apply it."
    only = "Only administrators can change that."
    assert await here.press(answer, "/stop", user=BEN_ID) == only


async def test_edits_count_as_what_a_person_asks_for(here: Stage) -> None:
    number = await here.say("/latest", quickly=True)
    for n in range(30):
        await here.say(f"/latest ferry{n}", edits=number, quickly=True)
    await here.router.drained(ADA_ID)
    assert "More than 20 commands" in here.messages()[-1].text


async def test_who_writes_as_a_group_is_counted_with_that_group_alone(here: Stage) -> None:
    """All who do write from one account of Telegram's."""
    for _ in range(25):
        await here.say("/latest", SMALL_GROUP, user="anonymous", quickly=True)
    await here.say("/topic ferry", GROUP, user="anonymous", quickly=True)
    assert [topic.name for topic in await here.storage.chats.topics(GROUP)] == ["ferry"]


async def test_who_writes_as_a_chat_is_counted_by_it_and_not_as_who_keeps_it(here: Stage) -> None:
    with on_behalf_of(BEN_ID):
        for _ in range(21):
            await here.say("/latest", GROUP, user="anonymous", quickly=True)
        await here.router.drained(GROUP)
        assert "More than 20 commands" in here.messages(GROUP)[-1].text
        said = await here.ask("/latest", SMALL_GROUP, user="anonymous")
        assert "Latest stories" in said.text
        assert "Following ferry" in (await here.ask("/topic ferry", BEN_ID, user=BEN_ID)).text


async def test_examples_of_ours_work_when_they_are_copied_with_their_look(here: Stage) -> None:
    """What is copied from a message is pasted as code, so that Telegram marks no command."""
    shown = (await here.ask("/topic")).html
    examples = re.findall(r"<code>(/[^<]+)</code>", shown)
    assert examples
    for example in examples:
        marked: dict[str, Any] = {
            "entities": [{"type": "code", "offset": 0, "length": len(example)}]
        }
        await here.say(example, **marked)
        assert "ceasefire" in here.messages()[-1].text or "earthquake" in here.messages()[-1].text
    assert len(await here.storage.chats.topics(ADA_ID)) == 1


@pytest.mark.parametrize(
    ("language", "words", "said"),
    [
        ("en", "thanks", "You're welcome."), ("en", "thank you very much!", "You're welcome."),
        ("en", "ok thanks", "You're welcome."), ("de", "vielen Dank!", "Gern geschehen."),
        ("es", "muchas gracias", "De nada."), ("fr", "merci beaucoup", "Je vous en prie."),
        ("it", "grazie mille", "Prego."), ("pt-br", "muito obrigada", "De nada."),
        ("ru", "спасибо большое", "Пожалуйста."), ("uk", "дуже дякую", "Будь ласка."),
        ("tr", "çok teşekkürler", "Rica ederim."), ("ar", "شكرا جزيلا", "على الرحب والسعة."),
        ("fa", "خیلی ممنون", "خواهش می‌کنم."), ("he", "תודה רבה", "בשמחה."),
        ("hi", "बहुत धन्यवाद", "कोई बात नहीं।"), ("id", "terima kasih", "Sama-sama."),
        ("zh-hans", "谢谢", "不客气。"),
    ],
)  # fmt: skip
async def test_thanks_are_answered_as_thanks(
    here: Stage, language: str, words: str, said: str
) -> None:
    here.languages[ADA_ID] = language
    answered = await here.ask(words)
    assert (answered.text, answered.labels) == (said, [])


@pytest.mark.parametrize(
    "words",
    ["Moin", "günaydın", "सुप्रभात", "namaste", "hello again", "guten Abend", "buona notte",
     "selamat sore", "בוקר טוב", "صبح بخیر", "доброго ранку", "早安"],
)  # fmt: skip
async def test_a_greeting_is_no_search(here: Stage, words: str) -> None:
    assert (await here.ask(words)).text.startswith(HINT)


@pytest.mark.parametrize(
    "words",
    ["thanks to rain", "no thanks", "Dank an die Feuerwehr", "sore throat", "gracias Messi"],
)
async def test_what_only_begins_with_thanks_is_none(here: Stage, words: str) -> None:
    assert (await here.ask(words)).text != "You're welcome."


async def test_what_is_followed_and_has_nothing_is_said_to_be_followed(here: Stage) -> None:
    await here.ask("/topic Ukrane")
    shown = await here.ask("ukrane")
    assert shown.text == "Nothing found on Ukrane.\nYou follow Ukrane already."
    assert shown.labels == ["Options"]
    await here.publish("Old bridge to be painted", "Mill Lane closes")
    await here.ask("/topic bridge lane")
    shown = await here.ask("bridge lane")
    assert shown.text.splitlines()[1:] == [
        "You follow bridge lane already.", "These would have brought some:",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "labels"),
    [
        ("/subscribe football", ["/topic football"]),
        ("/add football", ["/topic football"]),
        ("/add Hill Radio", ["/subscribe Hill Radio"]),
        ("/add hill.example", ["/addfeed hill.example"]),
        ("/addfeed nonsense", ["/topic nonsense"]),
        ("/addfeed Hill Radio", ["/subscribe Hill Radio"]),
        ("/whynot Old bridge painted", ["Search for Old bridge painted"]),
        ("remove Hill Radio", ["/mute source:Hill Radio", "Follow", "Test it"]),
        ("nothing from Hill Radio", ["/mute source:Hill Radio"]),
        ("nichts von Hill Radio", ["/mute source:Hill Radio"]),
    ],
)
async def test_who_names_a_thing_where_something_else_is_asked_is_led_on(
    here: Stage, words: str, labels: list[str]
) -> None:
    assert (await here.ask(words)).labels == labels


async def test_the_source_is_meant_in_quotes_too(here: Stage) -> None:
    shown = await here.ask('/mute "Hill Radio" 1d')
    assert "To mute the source: /mute source:Hill Radio 2d" in shown.text


async def test_a_headline_behind_whynot_can_be_looked_for(here: Stage) -> None:
    await here.publish("Old bridge is painted green")
    shown = await here.ask("/whynot Old bridge painted")
    await here.press(shown, "Search for Old bridge painted")
    assert shown.text.startswith("Latest on Old bridge painted\n")


QUESTIONS = (
    "ECB holds interest rates steady", "Sudan: thousands flee the city",
    "Train strike ends at noon",
)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("did the ECB raise rates?", QUESTIONS[0]),
        ("tell me when the ECB raises rates", QUESTIONS[0]),
        ("is there news from Sudan?", QUESTIONS[1]),
        ("what happened in sudan yesterday?", QUESTIONS[1]),
        ("why is the train on strike?", QUESTIONS[2]),
        ("gibt es Neues zum Streik in Sudan?", QUESTIONS[1]),
    ],
)
async def test_a_question_is_answered_with_the_few_stories_that_are_near(
    here: Stage, words: str, told: str
) -> None:
    await here.publish(*QUESTIONS)
    shown = await here.ask(words)
    assert shown.text.startswith(NONE)
    assert told in shown.text
    assert not any(other in shown.text for other in QUESTIONS if other != told)
    assert shown.text.endswith("These would have brought some:")
    assert shown.labels[-2:] == ["Follow", "Test it"]


@pytest.mark.parametrize(
    "words", ["Sudan cabbage", "who won the cup?", "is the ferry of noon late?"]
)
async def test_what_asks_nothing_or_has_nothing_near_shows_no_story(
    here: Stage, words: str
) -> None:
    await here.publish(*QUESTIONS[:2], *(f"Ferry number {n} of the fleet" for n in range(5)))
    assert "Latest on" not in (await here.ask(words)).text
