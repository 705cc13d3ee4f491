"""What stands in menus and in /help, and what is refused to whom: all of it, as it is."""

from pathlib import Path
from zlib import crc32

from bot.data.shipped import starter_bytes
from bot.feeds.opml import read_opml
from bot.playground.chats.world import ADA_ID, BEN_ID
from handlers.screens.callback_data import pack
from handlers.surface import known
from tests.journey.test_channels import speak_for_channel
from tests.journey.town import Town, town

GROUP = -1002000000001

FOR_MEMBERS = """
latest The newest stories
topic Topics you follow
top What most sources have
search Find stories by words
sources Sources I read
settings When and how news comes
help All I can do
"""
IN_PRIVATE = FOR_ADMINISTRATORS = """
latest The newest stories
topic Topics you follow
top What most sources have
search Find stories by words
sources Sources I read
digest Stories together, at set hours
settings When and how news comes
help All I can do
"""

HEADING = "What I can do here"
HINT = "Send words to search news, or a link to add its source."
HELP_OF_MEMBERS = f"""
{HEADING}

Read: /latest /top /search /why /whynot

Follow: /topic /sources

This chat: /settings /status

Your data: /privacy

Administrators choose what comes here.
"""
HELP_OF_ADMINISTRATORS = f"""
{HEADING}

Read: /latest /top /search /why /whynot

Follow: /topic /sources /subscribe /unsubscribe /addfeed /removefeed

When: /digest /quiet /timezone

Fewer alerts: /cap /language /mute /unmute /stop

This chat: /settings /status /start

Your data: /export /import /privacy /forget
"""
HELP_IN_PRIVATE = HELP_OF_ADMINISTRATORS.replace(HEADING, f"{HEADING}\n\n{HINT}").replace(
    "/status /start", "/status /channels /start"
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
    "do latest top sources source group groups starter starter_regions try test topic "
    "topics help muted settings channels speak silent digest language language_page catalogue "
    "help_on help_do"
)
CHANGING_ACTIONS = _names(
    "addfeed starter_feed export import follow unfollow subscribe unsubscribe subscribe_all "
    "leave_all unfollow_all "
    "subscribe_group unsubscribe_group option name part preset forget mute_story take_out more "
    "less grow shrink mute_source unmute setting set held language_set again topic_back topic_mute "
    "interface topic_held unsubscribe_all "
    "here words words_back preset_words first first_more first_language first_topics first_topic "
    "first_words first_all first_place first_zone first_night alert "
    "alert_close leave why source_set pause pause_for "
    "resume removefeed presets preset_page each ready"
)
OPERATORS_ACTIONS = ["fulltext", "starter_all"]

ONLY_ADMINS = "Only administrators can change that."
ONLY_OPERATORS = "Only the operators of this bot can do that."


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
            assert await _asked(t, "/help", chat_id, user) == lines.strip()


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
            t.ahead += 600  # they are refused aloud once in ten minutes
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
                about = answer.startswith("Channel Evening bulletin")
                assert about == (name not in ABOUT_THE_CALLER), name
