"""What stands in menus and in /help, and what is refused to whom: all of it, as it is."""

from pathlib import Path
from zlib import crc32

from bot.data.shipped import starter_bytes
from bot.feeds.opml import read_opml
from bot.playground.world import ADA_ID, BEN_ID
from handlers.callback_data import pack
from handlers.surface import known
from tests.journey.test_channels import speak_for_channel
from tests.journey.town import Town, town

GROUP = -1002000000001

FOR_MEMBERS = """
latest Newest stories, or those on your words
topic What this chat follows; add a topic
top What most sources carry, today or this week
search Stored stories with your words
sources The sources, and how they are
why Why an alert came: write it in reply to one
whynot Why a story did not come: /whynot LINK
status Alerts and sources at a glance
help What I can do here
privacy What I store
"""
FOR_ADMINISTRATORS = f"""{FOR_MEMBERS}
subscribe Every story, one group, or one source
unsubscribe End that
addfeed Add a source by its address
removefeed Remove a source that this chat added
start Begin, or go on after /stop
digest Stories in a digest, at hours you choose
quiet Hours without alerts
timezone The zone those hours are meant in
language Languages of the news, and mine
mute Mute a word or a source for a time
unmute What is muted, to unmute it
settings All of this as buttons
cap At most so many alerts a day
export Save topics and sources as files
import Restore such a file
stop Pause alerts
forget Delete everything about this chat
"""
IN_PRIVATE = f"{FOR_ADMINISTRATORS}channels Channels that you speak for\n"

HEADING = "What I can do here\n"
QUERIES = (
    "\n\nA topic is made of words that must all occur. OR or a comma between alternatives, "
    '"quotes" around a phrase, a minus before what to leave out.'
)
HELP_OF_MEMBERS = """
/latest - the newest stories; /latest ceasefire for those about it
/top - what most sources carry; /top week, /top ceasefire
/topic - what this chat follows; /topic ceasefire OR truce to follow more
/sources - the sources and how they are; /sources NAME for one
/search - stored stories; /search ferry AND pier
/why - in reply to an alert: why it came; /whynot LINK: what kept a story away
/status - alerts and sources at a glance
/privacy - what I store; /forget deletes it
Administrators of this group can also change what it follows.
"""
HELP_OF_ADMINISTRATORS = """
/latest - the newest stories; /latest ceasefire for those about it
/top - what most sources carry; /top week, /top ceasefire
/topic - what this chat follows; /topic ceasefire OR truce to follow more
/subscribe - every story, or /subscribe NAME for one source or group
/unsubscribe - the way back
/sources - the sources and how they are; /sources NAME for one
/addfeed - add a source by its address; /removefeed NAME removes it
/search - stored stories; /search ferry AND pier
/digest - stories in a digest; /digest 08:00 18:00
/quiet - hours without alerts; /quiet 22:00-07:00
/timezone - where those hours are meant; /timezone Europe/London
/language - languages of the news; /language de en
/cap - at most so many alerts a day; /cap 12
/mute - mute words or source:NAME for a time; /mute lottery 2d, /unmute
/settings - all of this as buttons
/export - save topics and sources as files; /import restores them
/why - in reply to an alert: why it came; /whynot LINK: what kept a story away
/status - alerts and sources at a glance
/stop - pause; /start goes on
/privacy - what I store; /forget deletes it
"""
HELP_IN_PRIVATE = HELP_OF_ADMINISTRATORS.replace(
    "\n/export", "\n/channels - channels that you administer, managed from here\n/export"
)


def _names(text: str) -> list[str]:
    return text.split()


COMMANDS = _names(
    "start help stop latest top search topic subscribe unsubscribe digest quiet cap timezone mute "
    "unmute settings language channels sources why whynot addfeed removefeed export import status "
    "privacy forget admin"
)
ALWAYS_REFUSED = {
    f"/{name}{words}"
    for name in _names("stop subscribe unsubscribe addfeed removefeed export import forget")
    for words in ("", " pier")
}
REFUSED_WITH_WORDS = {
    f"/{name} pier" for name in _names("topic digest quiet cap timezone language mute unmute")
} | {"/topic remove pier", "/topic MUTE pier 8h", "/topic remove", "/topic rename"}
ANSWERED_WITH_WORDS = {"/topic test", "/topic test pier", "/topic TEST pier"}

ABOUT_THE_CALLER = {"help", "channels", "why", "privacy", "admin"}

OPEN_ACTIONS = _names(
    "do latest top sources source group groups starter starter_regions try test topic presets "
    "topics help muted settings channels speak silent digest language language_page catalogue "
    "preset_page"
)
CHANGING_ACTIONS = _names(
    "addfeed starter_feed export import follow unfollow subscribe unsubscribe subscribe_all "
    "subscribe_group unsubscribe_group option name part preset forget mute_story take_out more "
    "less grow shrink mute_source unmute setting set held language_set again topic_back topic_mute "
    "here words words_back preset_words first first_more first_language first_topics first_topic "
    "first_words first_all first_place first_zone first_night alert "
    "alert_close leave why source_set"
)
OPERATORS_ACTIONS = ["fulltext", "starter_all"]

ONLY_ADMINS = "Only an administrator of this group can change that."
ONLY_OPERATORS = "This is for the operators of this bot only."


def _listed(commands: list[dict[str, str]]) -> list[str]:
    return [f"{each['command']} {each['description']}" for each in commands]


async def _asked(t: Town, text: str, chat_id: int, user: int = BEN_ID) -> str:
    t.ahead += 4  # nobody writes faster
    return (await t.ask(text, chat_id, user=user)).text.replace("\u2060", "")


async def _pressed(t: Town, action: str, chat_id: int, asked: str) -> str:
    """What is noted on a press of Ben, forged on what answers `asked`."""
    t.ahead += 4
    under = await t.ask(asked, chat_id, user=BEN_ID)
    mark = f"{crc32(read_opml(starter_bytes())[0].url.encode()):08x}"
    data = pack(action, mark) if action == "starter_feed" else pack(action, 1, 1)
    query = t.playground.people.press(chat_id, under.id, user=BEN_ID, data=data)
    return await t.noted(query)


async def test_menus_and_help_name_each_command_where_it_can_be_used(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        profile = t.playground.stage.profile
        for scope, menu in (
            ("all_private_chats", IN_PRIVATE),
            ("all_group_chats", FOR_MEMBERS),
            ("all_chat_administrators", FOR_ADMINISTRATORS),
        ):
            shown = _listed(profile.commands_of({"type": scope}, ""))
            assert shown == [line for line in menu.splitlines() if line]
        for chat_id, user, lines in (
            (ADA_ID, ADA_ID, HELP_IN_PRIVATE),
            (GROUP, ADA_ID, HELP_OF_ADMINISTRATORS),
            (GROUP, BEN_ID, HELP_OF_MEMBERS),
        ):
            assert await _asked(t, "/help", chat_id, user) == HEADING + lines.strip() + QUERIES


def test_no_command_and_no_button_is_left_out_here() -> None:
    assert set(COMMANDS) == set(known().commands)
    assert len(COMMANDS) == len(known().commands)
    assert {*OPEN_ACTIONS, *CHANGING_ACTIONS, *OPERATORS_ACTIONS} == set(known().actions)


async def test_members_of_a_group_are_refused_what_changes_it_and_nothing_else(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        refused = ALWAYS_REFUSED | REFUSED_WITH_WORDS
        asked = {f"/{name}{words}" for name in COMMANDS for words in ("", " pier")}
        for text in sorted(asked | refused | ANSWERED_WITH_WORDS):
            answer = await _asked(t, text, GROUP)
            assert (answer == ONLY_ADMINS) == (text in refused), (text, answer)
            assert (answer == ONLY_OPERATORS) == text.startswith("/admin"), (text, answer)


async def test_members_of_a_group_press_in_vain_what_changes_it(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        for actions, said in ((CHANGING_ACTIONS, ONLY_ADMINS), (OPERATORS_ACTIONS, ONLY_OPERATORS)):
            for action in actions:
                assert await _pressed(t, action, GROUP, "/topic") == said, action
        for action in OPEN_ACTIONS:
            noted = await _pressed(t, action, GROUP, "/topic")
            assert noted not in (ONLY_ADMINS, ONLY_OPERATORS), action
        await t.ask("/help", GROUP, user=BEN_ID)  # by then all presses are ended
        events = await t.playground.stage.events.after(0)
        ended = [event["query_id"] for _, event in events if event["type"] == "answer"]
        assert len(ended) == len(set(ended)) == len(known().actions)


async def test_a_chat_that_is_not_let_in_is_answered_on_its_data_only(tmp_path: Path) -> None:
    waiting = "This bot serves invited chats only."
    async with town(tmp_path, access="invite", admin_ids=(ADA_ID,)) as t:
        await t.start_bot()
        for name in COMMANDS:
            answer = await _asked(t, f"/{name}", BEN_ID)
            assert answer.startswith(waiting) == (name not in ("privacy", "forget", "admin")), name
        for action in OPEN_ACTIONS + CHANGING_ACTIONS + OPERATORS_ACTIONS:
            noted = await _pressed(t, action, BEN_ID, "/forget")
            assert (noted == waiting) == (action != "forget"), action


async def test_commands_are_about_the_channel_that_a_person_speaks_for_where_that_makes_sense(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        await speak_for_channel(t)
        for name in COMMANDS:
            if name != "export":  # which answers with files: tests/journey/test_carrying.py
                answer = await _asked(t, f"/{name}", ADA_ID, ADA_ID)
                about = answer.startswith("For the channel Evening bulletin")
                assert about == (name not in ABOUT_THE_CALLER), name
