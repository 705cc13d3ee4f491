"""A channel is bound, spoken for from a private chat, and left alone when rights are gone."""

import asyncio
from pathlib import Path

import pytest

from bot.news.chat import ChatState
from bot.playground.faults import Kind
from bot.playground.world import ADA_ID, BEN_ID, Message
from tests.journey.test_faults import HEADLINE
from tests.journey.town import Town, town, until

CHANNEL = -1002000000003
GROUP = -1002000000001


async def speak_for_channel(t: Town, user: int = ADA_ID) -> Message:
    """Forwards a post of the channel to the bot, by which it is bound; its answer."""
    post = t.playground.people.say(CHANNEL, "The bulletin begins at eight", user=ADA_ID)
    before = len(t.messages(user))
    t.playground.people.forward(CHANNEL, post.id, user=user)
    await until(lambda: len(t.messages(user)) > before, "an answer to a forwarded post")
    return t.messages(user)[-1]


async def test_who_administers_a_channel_speaks_for_it_after_forwarding_a_post(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        screen = await speak_for_channel(t)
        assert screen.text.startswith("For the channel Evening bulletin, until ")
        assert "End speaking for Evening bulletin" in t.labels(screen)
        followed = await t.ask("/topic Ferries: ferry")
        assert followed.text.startswith("For the channel Evening bulletin")
        assert "Following Ferries" in followed.text
        t.playground.newsroom.publish("harbour-post", HEADLINE)
        assert HEADLINE in (await t.alert(HEADLINE, CHANNEL)).text
        assert not any(HEADLINE in text for text in t.texts())
        # Nothing but alerts is written into the channel.
        assert len(t.texts(CHANNEL)) == 1


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/subscribe", "follows every story"),
        ("/digest 08:00", "Stories come gathered"),
        ("/quiet 22:00-07:00", "Quiet from 22:00"),
        ("/cap 12", "At most 12 alerts a day"),
        ("/timezone Europe/London", "Europe/London"),
        ("/mute lottery 2d", "is silent here until"),
        ("/settings", "Settings of this channel"),
        ("/language de", "language"),
        ("/import", "reply /import to a file"),
        ("/stop", "Paused"),
    ],
)
async def test_all_that_a_group_can_set_is_set_for_a_channel(
    tmp_path: Path, command: str, said: str
) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        await speak_for_channel(t)
        answer = await t.ask(command)
        assert answer.text.startswith("For the channel Evening bulletin")
        assert said in answer.text
        async with t.storage() as storage:
            own, channel = await storage.chats.get(ADA_ID), await storage.chats.get(CHANNEL)
        assert own is not None
        assert channel is not None
        assert own.state is ChatState.ACTIVE
        assert own.habits == type(own.habits)()
        if command in ("/stop",):
            assert channel.state is ChatState.STOPPED


async def test_buttons_of_a_channels_screens_are_about_the_channel(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        await speak_for_channel(t)
        screen = await t.ask("/settings")
        await t.turned(screen, "Alerts a day: all", "Alerts a day: 12")
        assert t.shown(screen).text.startswith("For the channel Evening bulletin")
        async with t.storage() as storage:
            own, channel = await storage.chats.get(ADA_ID), await storage.chats.get(CHANNEL)
        assert own is not None
        assert channel is not None
        assert (own.habits.cap, channel.habits.cap) == (0, 12)
        await t.press(screen, "End speaking for Evening bulletin")
        assert "Your channels" in t.shown(screen).text
        own_screen = await t.ask("/settings")
        assert own_screen.text.startswith("Settings of this chat")
        await t.press(own_screen, "Channels")
        await t.press(own_screen, "Evening bulletin")
        assert t.shown(own_screen).text.startswith("For the channel Evening bulletin")


async def test_words_found_with_latest_are_followed_for_the_channel(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        await speak_for_channel(t)
        found = await t.ask("/latest ferry")
        assert found.text.startswith("For the channel Evening bulletin")
        await t.press(found, next(label for label in t.labels(found) if "Follow" in label))
        async with t.storage() as storage:
            assert await storage.chats.topics(ADA_ID) == []
            assert [topic.query for topic in await storage.chats.topics(CHANNEL)] == ["ferry"]


async def test_a_screen_of_a_channel_is_dead_once_one_speaks_for_oneself(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        begun = await speak_for_channel(t)
        screen = await t.ask("/settings")
        await t.press(begun, "End speaking for Evening bulletin")
        note = await t.press(screen, "Alerts a day: all")
        assert "do not speak for that channel" in note
        async with t.storage() as storage:
            for chat_id in (ADA_ID, CHANNEL):
                chat = await storage.chats.get(chat_id)
                assert chat is not None
                assert chat.habits.cap == 0


@pytest.mark.parametrize("seconds", [3_601, 7_300, 200_000])
async def test_speaking_ends_by_itself_and_nothing_is_done_for_another_chat(
    tmp_path: Path, seconds: int
) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        await speak_for_channel(t)
        t.ahead = seconds
        said = await t.ask("/subscribe")
        assert "hour of speaking for Evening bulletin is over" in said.text
        async with t.storage() as storage:
            assert await storage.chats.subscriptions(ADA_ID) == []
            assert await storage.chats.subscriptions(CHANNEL) == []
        said = await t.ask("/subscribe")
        assert said.text.startswith("This chat follows every story")


async def test_who_does_not_administer_a_channel_cannot_bind_it(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start", BEN_ID, user=BEN_ID)
        refused = await speak_for_channel(t, BEN_ID)
        assert "You are no administrator of Evening bulletin" in refused.text
        assert not (await t.ask("/settings", BEN_ID, user=BEN_ID)).text.startswith("For")


async def test_a_channel_in_which_the_bot_may_not_post_is_notspeak_for_channel(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        t.playground.world.chats[CHANNEL].bot_may_post = False
        assert "I may not post in Evening bulletin" in (await speak_for_channel(t)).text
        t.playground.people.move_bot(CHANNEL, "left")
        assert "I may not post in Evening bulletin" in (await speak_for_channel(t)).text


async def test_who_lost_the_channel_is_told_once_and_speaks_for_themselves(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        await speak_for_channel(t)
        screen = await t.ask("/settings")
        t.playground.people.set_role(CHANNEL, ADA_ID, "member")
        await t.press(screen, "Alerts a day: all")
        await until(lambda: "no administrator of" in t.texts()[-1], "a refusal")
        own = await t.ask("/settings")
        assert own.text.startswith("Settings of this chat")
        await t.press(own, "Channels")
        assert "Evening bulletin" not in t.labels(own)
        async with t.storage() as storage:
            channel = await storage.chats.get(CHANNEL)
        assert channel is not None
        assert channel.habits.cap == 0


async def test_a_chosen_channel_is_asked_of_telegram_and_forged_buttons_are_refused(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/start", BEN_ID, user=BEN_ID)
        await speak_for_channel(t)
        screen = await t.ask("/settings", BEN_ID, user=BEN_ID)
        for forged in (f"v1:speak:{CHANNEL}", f"v1@{CHANNEL}:setting:cap"):
            t.playground.people.press(BEN_ID, screen.id, user=BEN_ID, data=forged)
        answer = await t.ask("/cap 5", BEN_ID, user=BEN_ID)
        assert not answer.text.startswith("For the channel")
        async with t.storage() as storage:
            channel = await storage.chats.get(CHANNEL)
        assert channel is not None
        assert channel.habits.cap == 0


async def test_nothing_is_changed_while_telegram_does_not_say_who_administers(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        await speak_for_channel(t)
        t.playground.faults.add(Kind.DROP, method="getChatMember", chat_id=CHANNEL, times=1)
        assert "Telegram does not say" in (await t.ask("/cap 5")).text
        assert (await t.ask("/cap 5")).text.startswith("For the channel")


async def test_making_the_bot_an_administrator_binds_a_channel_too(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        made = t.playground.people.create_group("Morning paper", kind="channel")
        hello = await t.alert("I may post in Morning paper now")
        await t.press(hello, "Speak for Morning paper")
        assert t.shown(hello).text.startswith("For the channel Morning paper")
        await t.ask("/subscribe")
        t.playground.newsroom.publish("harbour-post", HEADLINE)
        await t.alert(HEADLINE, made.id)


async def test_a_channel_waits_to_be_let_in_where_access_is_by_invitation(tmp_path: Path) -> None:
    async with town(tmp_path, access="invite", admin_ids=str(BEN_ID)) as t:
        await t.start_bot()
        await t.ask("/start", BEN_ID, user=BEN_ID)
        refused = await speak_for_channel(t)
        assert str(ADA_ID) in refused.text
        await t.ask(f"/admin letin {ADA_ID}", BEN_ID, user=BEN_ID)
        waiting = await speak_for_channel(t)
        assert str(CHANNEL) in waiting.text
        assert str(CHANNEL) in (await t.ask("/subscribe")).text
        await t.ask(f"/admin letin {CHANNEL}", BEN_ID, user=BEN_ID)
        assert "follows every story" in (await t.ask("/subscribe")).text
        assert t.texts(CHANNEL) == []


async def test_commands_in_the_channel_itself_work_as_ever(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        answer = await t.ask("/topic ferry", CHANNEL)
        assert "Following ferry" in answer.text
        t.playground.newsroom.publish("harbour-post", HEADLINE)
        await t.alert(HEADLINE, CHANNEL)


@pytest.mark.parametrize("chat_id", [GROUP, CHANNEL])
async def test_a_keeper_is_told_once_when_the_bot_may_not_write_any_more(
    tmp_path: Path, chat_id: int
) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        if chat_id == GROUP:
            await t.ask("/subscribe", GROUP)
        else:
            await speak_for_channel(t)
            await t.ask("/subscribe")
        title = t.playground.world.chats[chat_id].title

        def notes() -> int:
            return sum(f"I cannot write in {title} any more" in text for text in t.texts())

        _take_rights(t, chat_id)
        await t.turned_until(lambda: notes() == 1, "a note")
        await t.stop_bot()
        await t.start_bot()
        await t.turn()
        assert notes() == 1
        _give_rights(t, chat_id)
        await _until_state(t, chat_id, ChatState.ACTIVE)
        _take_rights(t, chat_id)
        await t.turned_until(lambda: notes() == 2, "another note")


async def _until_state(t: Town, chat_id: int, state: ChatState) -> None:
    async with t.storage() as storage, asyncio.timeout(10):
        while (chat := await storage.chats.get(chat_id)) is None or chat.state is not state:
            await asyncio.sleep(0.02)


def _take_rights(t: Town, chat_id: int) -> None:
    if chat_id == GROUP:
        t.playground.people.move_bot(GROUP, "restricted")
    else:
        t.playground.people.let_post(CHANNEL, allowed=False)


def _give_rights(t: Town, chat_id: int) -> None:
    if chat_id == GROUP:
        t.playground.people.move_bot(GROUP, "member")
    else:
        t.playground.people.let_post(CHANNEL, allowed=True)


async def test_a_refused_alert_is_noted_too_and_a_paused_keeper_is_left_alone(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/subscribe", GROUP)
        t.playground.faults.add(
            Kind.REFUSE, chat_id=GROUP, description="Bad Request: CHAT_WRITE_FORBIDDEN", times=1
        )
        t.playground.newsroom.publish("harbour-post", HEADLINE)
        await t.turned_until(
            lambda: any("I cannot write in Newsroom watch" in text for text in t.texts()), "a note"
        )
        await t.ask("/stop")
        t.playground.people.move_bot(GROUP, "administrator")
        await _until_state(t, GROUP, ChatState.ACTIVE)
        t.playground.people.move_bot(GROUP, "kicked")
        await _until_state(t, GROUP, ChatState.BLOCKED)
        await t.turn()
        assert sum("I cannot write" in text for text in t.texts()) == 1


async def test_who_forgets_themselves_keeps_no_channel(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        begun = await speak_for_channel(t)
        await t.press(begun, "End speaking for Evening bulletin")
        asked = await t.ask("/forget")
        await t.press(asked, "Delete")
        async with t.storage() as storage:
            assert await storage.keepers.channels_of(ADA_ID) == []


async def test_what_belongs_to_a_chat_that_blocked_the_bot_goes_after_its_time(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/subscribe", GROUP)
        t.playground.people.move_bot(GROUP, "kicked")
        await _until_state(t, GROUP, ChatState.BLOCKED)
        await t.stop_bot()
        # A clock that jumped is believed when it has stood for a day.
        for days, there in ((89.0, True), (91.0, True), (91.6, True), (92.1, False)):
            t.ahead = days * 86_400.0
            begun = t.now()
            await t.start_bot()
            async with t.storage() as storage, asyncio.timeout(15):
                while (await storage.tended(begun)).seen < begun:
                    await asyncio.sleep(0.05)
                while (await storage.chats.get(GROUP) is not None) is not there:
                    await asyncio.sleep(0.05)
                assert await storage.chats.get(ADA_ID) is not None
            await t.stop_bot()
