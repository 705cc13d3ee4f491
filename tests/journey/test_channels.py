"""A channel is bound, spoken for from a private chat, and left alone when rights are gone."""

import asyncio

import pytest

from bot.news.chat import ChatState
from bot.playground.bot_api.faults import FaultKind
from bot.playground.chats.world import ADA_ID, BEN_ID, PlaygroundMessage
from tests.journey.test_faults import HEADLINE
from tests.journey.town import PATIENCE, Town, until

CHANNEL = -1002000000003
GROUP = -1002000000001


async def speak_for_channel(t: Town, user: int = ADA_ID) -> PlaygroundMessage:
    """Forwards a post of the channel to the bot; its answer."""
    post = t.playground.people.say(CHANNEL, "The bulletin begins at eight", user=ADA_ID)
    before = len(t.messages(user))
    t.playground.people.forward(CHANNEL, post.id, user=user)
    await until(lambda: len(t.messages(user)) > before, "an answer to a forwarded post")
    return t.messages(user)[-1]


async def test_who_administers_a_channel_speaks_for_it_after_forwarding_a_post(
    bot: Town,
) -> None:
    await bot.ask("/start")
    screen = await speak_for_channel(bot)
    assert screen.text.startswith("Channel Evening bulletin, until ")
    assert "Stop managing" in bot.labels(screen)
    followed = await bot.ask("/topic Ferries: ferry")
    assert followed.text.startswith("Channel Evening bulletin")
    assert "Following Ferries" in followed.text
    bot.playground.newsroom.publish("harbour-post", HEADLINE)
    assert HEADLINE in (await bot.alert(HEADLINE, CHANNEL)).text
    assert not any(HEADLINE in text for text in bot.texts())
    # Nothing but alerts is written into the channel.
    assert len(bot.texts(CHANNEL)) == 1


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/subscribe", "follows every story"),
        ("/digest 08:00", "Stories come in a digest"),
        ("/quiet 22:00-07:00", "Quiet from 22:00"),
        ("/cap 12", "At most 12 alerts a day"),
        ("/timezone Europe/London", "in London now"),
        ("/mute lottery 2d", "Muted lottery until"),
        ("/settings", "Settings of this channel"),
        ("/language de", "language"),
        ("/import", "reply to it with /import"),
        ("/stop", "Paused"),
    ],
)
async def test_all_that_a_group_can_set_is_set_for_a_channel(
    bot: Town, command: str, said: str
) -> None:
    await bot.ask("/start")
    await speak_for_channel(bot)
    answer = await bot.ask(command)
    assert answer.text.startswith("Channel Evening bulletin")
    assert said in answer.text
    async with bot.storage() as storage:
        own, channel = await storage.chats.get(ADA_ID), await storage.chats.get(CHANNEL)
    assert own is not None
    assert channel is not None
    assert own.state is ChatState.ACTIVE
    assert own.habits == type(own.habits)(languages=("en",))
    if command in ("/stop",):
        assert channel.state is ChatState.STOPPED


async def test_buttons_of_a_channels_screens_are_about_the_channel(bot: Town) -> None:
    await bot.ask("/start")
    await speak_for_channel(bot)
    screen = await bot.ask("/settings")
    await bot.turned(screen, "Daily limit: none", "12 a day")
    await bot.turned(screen, "12 a day", "✓ 12 a day")
    assert bot.shown(screen).text.startswith("Channel Evening bulletin")
    async with bot.storage() as storage:
        own, channel = await storage.chats.get(ADA_ID), await storage.chats.get(CHANNEL)
    assert own is not None
    assert channel is not None
    assert (own.habits.cap, channel.habits.cap) == (0, 12)
    await bot.press(screen, "Stop managing")
    assert "Your channels" in bot.shown(screen).text
    own_screen = await bot.ask("/settings")
    assert own_screen.text.startswith("Settings of this chat")
    await bot.press(own_screen, "Channels")
    await bot.press(own_screen, "Evening bulletin")
    assert bot.shown(own_screen).text.startswith("Channel Evening bulletin")
    await bot.press(own_screen, "Stop managing")
    assert (await bot.ask("manage evening bulletin")).text.startswith("Channel Evening bulletin")


async def test_words_found_with_latest_are_followed_for_the_channel(bot: Town) -> None:
    await bot.ask("/start")
    await speak_for_channel(bot)
    found = await bot.ask("/latest ferry")
    assert found.text.startswith("Channel Evening bulletin")
    await bot.press(found, next(label for label in bot.labels(found) if "Follow" in label))
    async with bot.storage() as storage:
        assert await storage.chats.topics(ADA_ID) == []
        assert [topic.query for topic in await storage.chats.topics(CHANNEL)] == ["ferry"]


async def test_a_screen_of_a_channel_is_dead_once_one_speaks_for_oneself(bot: Town) -> None:
    await bot.ask("/start")
    begun = await speak_for_channel(bot)
    screen = await bot.ask("/settings")
    await bot.press(begun, "Stop managing")
    note = await bot.press(screen, "Daily limit: none")
    assert "don't manage that channel" in note
    async with bot.storage() as storage:
        for chat_id in (ADA_ID, CHANNEL):
            chat = await storage.chats.get(chat_id)
            assert chat is not None
            assert chat.habits.cap == 0


@pytest.mark.parametrize("seconds", [3_601, 7_300, 200_000])
async def test_speaking_ends_by_itself_and_nothing_is_done_for_another_chat(
    bot: Town, seconds: int
) -> None:
    await bot.ask("/start")
    await speak_for_channel(bot)
    bot.ahead = seconds
    said = await bot.ask("/subscribe")
    assert "Your hour for Evening bulletin is over" in said.text
    async with bot.storage() as storage:
        assert await storage.chats.subscriptions(ADA_ID) == []
        assert await storage.chats.subscriptions(CHANNEL) == []
    said = await bot.ask("/subscribe")
    assert said.text.startswith("This chat follows every story")


async def test_who_does_not_administer_a_channel_cannot_bind_it(bot: Town) -> None:
    await bot.ask("/start", BEN_ID, user=BEN_ID)
    refused = await speak_for_channel(bot, BEN_ID)
    assert refused.text.startswith("Nothing found on bulletin begins.")
    assert "administrator" not in refused.text
    assert "Channels" not in bot.labels(refused)
    assert not (await bot.ask("/settings", BEN_ID, user=BEN_ID)).text.startswith("For")


async def test_the_name_of_a_channel_turns_nothing_round_and_stays_on_its_line(bot: Town) -> None:
    await bot.ask("/start")
    await bot.ask("/start", BEN_ID, user=BEN_ID)
    there = bot.playground.world.chats[CHANNEL]
    there.title = "News \u2069\u2067 of\n\u202eHarbour"
    begun = await speak_for_channel(bot)
    assert begun.text.startswith("Channel News of Harbour, until ")
    there.title = "\u202e"
    await speak_for_channel(bot)
    listed = await bot.ask("/channels")
    assert "without a name" in bot.labels(listed)


async def test_a_channel_in_which_the_bot_may_not_post_is_not_bound(bot: Town) -> None:
    await bot.ask("/start")
    bot.playground.world.chats[CHANNEL].bot_may_post = False
    said = (await speak_for_channel(bot)).text
    assert said.endswith("I can't post in Evening bulletin. Give me the right to post there.")
    bot.playground.people.move_bot(CHANNEL, "left")
    unknown = await speak_for_channel(bot)
    assert "administrator" not in unknown.text
    assert bot.labels(unknown)[-1] == "Channels"


async def test_who_managed_a_channel_reads_why_it_cannot_be_managed_now(bot: Town) -> None:
    await bot.ask("/start")
    await bot.press(await speak_for_channel(bot), "Stop managing")
    bot.playground.people.move_bot(CHANNEL, "left")
    said = (await speak_for_channel(bot)).text
    assert said.startswith("Nothing found on")
    assert said.endswith("make me its administrator first.")


async def test_who_loses_a_channel_reads_that_they_manage_their_own_chat_again(bot: Town) -> None:
    await bot.ask("/start")
    await speak_for_channel(bot)
    await bot.ask("/topic ferry")
    bot.playground.people.let_post(CHANNEL, allowed=False)
    await _until_state(bot, CHANNEL, ChatState.BLOCKED)
    lost = await bot.ask("/cap 4")
    assert lost.text == (
        "I can't post in Evening bulletin. Give me the right to post there.\n"
        "You manage your own chat again."
    )
    assert bot.labels(lost) == ["Manage Evening bulletin"]
    # Chosen while it cannot be managed, it ends nothing, and says no such thing.
    await bot.press(lost, "Manage Evening bulletin")
    await until(lambda: bot.texts()[-1].endswith("Give me the right to post there."), "a refusal")
    bot.playground.people.let_post(CHANNEL, allowed=True)
    back = await bot.alert("I can post in Evening bulletin now")
    assert back.text == "I can post in Evening bulletin now.\nFollowing: 1 topic"
    await bot.press(back, "Manage Evening bulletin")
    assert (await bot.ask("/cap 4")).text.startswith("Channel ")


async def test_who_has_paused_their_alerts_hears_of_their_new_channel(bot: Town) -> None:
    await bot.ask("/start")
    await bot.ask("/stop")
    bot.playground.people.create_group("Morning paper", kind="channel")
    hello = await bot.alert("I can post in Morning paper now")
    assert bot.labels(hello) == ["Manage Morning paper"]


async def test_who_is_told_that_the_bot_was_removed_is_asked_to_add_it(bot: Town) -> None:
    await bot.ask("/start")
    await bot.ask("/subscribe", GROUP)
    bot.playground.people.move_bot(GROUP, "kicked")
    await bot.turned_until(lambda: "I can't write in" in bot.texts()[-1], "a note")
    assert "Reason: the bot was removed.\nTo go on, add me again.\n" in bot.texts()[-1]


async def test_who_lost_the_channel_is_told_once_and_speaks_for_themselves(
    bot: Town,
) -> None:
    await bot.ask("/start")
    await speak_for_channel(bot)
    screen = await bot.ask("/settings")
    bot.playground.people.set_role(CHANNEL, ADA_ID, "member")
    await bot.press(screen, "Daily limit: none")
    await until(lambda: "not an administrator of" in bot.texts()[-1], "a refusal")
    own = await bot.ask("/settings")
    assert own.text.startswith("Settings of this chat")
    await bot.press(own, "Channels")
    assert "Evening bulletin" not in bot.labels(own)
    async with bot.storage() as storage:
        channel = await storage.chats.get(CHANNEL)
    assert channel is not None
    assert channel.habits.cap == 0


async def test_a_chosen_channel_is_asked_of_telegram_and_forged_buttons_are_refused(
    bot: Town,
) -> None:
    await bot.ask("/start")
    await bot.ask("/start", BEN_ID, user=BEN_ID)
    await speak_for_channel(bot)
    screen = await bot.ask("/settings", BEN_ID, user=BEN_ID)
    for forged in (f"v1:speak:{CHANNEL}", f"v1@{CHANNEL}:setting:cap"):
        bot.playground.people.press(BEN_ID, screen.id, user=BEN_ID, data=forged)
    answer = await bot.ask("/cap 5", BEN_ID, user=BEN_ID)
    assert not answer.text.startswith("Channel ")
    async with bot.storage() as storage:
        channel = await storage.chats.get(CHANNEL)
    assert channel is not None
    assert channel.habits.cap == 0


async def test_nothing_is_changed_while_telegram_does_not_say_who_administers(
    bot: Town,
) -> None:
    await bot.ask("/start")
    await speak_for_channel(bot)
    bot.playground.faults.add(FaultKind.DROP, method="getChatMember", chat_id=CHANNEL, times=1)
    assert "Telegram can't tell me" in (await bot.ask("/cap 5")).text
    assert (await bot.ask("/cap 5")).text.startswith("Channel ")


async def test_making_the_bot_an_administrator_binds_a_channel_too(bot: Town) -> None:
    await bot.ask("/start")
    made = bot.playground.people.create_group("Morning paper", kind="channel")
    hello = await bot.alert("I can post in Morning paper now")
    await bot.press(hello, "Manage Morning paper")
    assert bot.shown(hello).text.startswith("Channel Morning paper")
    await bot.ask("/subscribe")
    bot.playground.newsroom.publish("harbour-post", HEADLINE)
    await bot.alert(HEADLINE, made.id)


@pytest.mark.town(access="invite", admin_ids=str(BEN_ID))
async def test_a_channel_waits_to_be_let_in_where_access_is_by_invitation(bot: Town) -> None:
    await bot.ask("/start", BEN_ID, user=BEN_ID)
    refused = await speak_for_channel(bot)
    assert str(ADA_ID) in refused.text
    await bot.ask(f"/admin letin {ADA_ID}", BEN_ID, user=BEN_ID)
    await until(lambda: "can use the bot now" in bot.texts()[-1], "word that she may come in")
    waiting = await speak_for_channel(bot)
    assert str(CHANNEL) in waiting.text
    assert str(CHANNEL) in (await bot.ask("/subscribe")).text
    await bot.ask(f"/admin letin {CHANNEL}", BEN_ID, user=BEN_ID)
    assert "follows every story" in (await bot.ask("/subscribe")).text
    assert bot.texts(CHANNEL) == []


async def test_commands_in_the_channel_itself_work_as_ever(bot: Town) -> None:
    answer = await bot.ask("/topic ferry", CHANNEL)
    assert "Following ferry" in answer.text
    bot.playground.newsroom.publish("harbour-post", HEADLINE)
    await bot.alert(HEADLINE, CHANNEL)


async def test_readers_of_a_channel_press_in_vain_and_its_administrators_do_not(
    bot: Town,
) -> None:
    post = await bot.ask("/topic ferry", CHANNEL)
    texts = bot.texts(CHANNEL)
    only = "Only administrators can change that."
    assert await bot.press(post, "All topics", BEN_ID) == only
    for data in ("v1:help", "v1:latest:0", "v1:test:1", "v1:channels", "v1:digest:1:1"):
        query = bot.playground.people.press(CHANNEL, post.id, user=BEN_ID, data=data)
        assert await bot.noted(query) == only, data
    assert bot.texts(CHANNEL) == texts
    await bot.press(post, "All topics")
    await until(lambda: bot.shown(post).text.startswith("Topics"), "the topics")


@pytest.mark.parametrize("chat_id", [GROUP, CHANNEL])
async def test_a_keeper_is_told_once_a_day_when_the_bot_may_not_write_any_more(
    bot: Town, chat_id: int
) -> None:
    await bot.ask("/start")
    if chat_id == GROUP:
        await bot.ask("/subscribe", GROUP)
    else:
        await speak_for_channel(bot)
        await bot.ask("/subscribe")
    title = bot.playground.world.chats[chat_id].title

    def notes() -> int:
        return sum(f"I can't write in {title} any more" in text for text in bot.texts())

    _take_rights(bot, chat_id)
    await bot.turned_until(lambda: notes() == 1, "a note")
    await bot.stop_bot()
    await bot.start_bot()
    await bot.turn()
    assert notes() == 1

    async def taken_again() -> None:
        _give_rights(bot, chat_id)
        await _until_state(bot, chat_id, ChatState.ACTIVE)
        _take_rights(bot, chat_id)
        await _until_state(bot, chat_id, ChatState.BLOCKED)

    # The process that told it before has ended.
    await taken_again()
    await bot.turned_until(lambda: notes() == 2, "another note")
    bot.ahead += 600.0
    await taken_again()
    await bot.turn()
    assert notes() == 2
    bot.ahead += 86_400.0
    await taken_again()
    await bot.turned_until(lambda: notes() == 3, "a note of the next day")


async def _until_state(t: Town, chat_id: int, state: ChatState) -> None:
    async with t.storage() as storage, asyncio.timeout(PATIENCE):
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
    bot: Town,
) -> None:
    await bot.ask("/start")
    await bot.ask("/subscribe", GROUP)
    bot.playground.faults.add(
        FaultKind.REFUSE, chat_id=GROUP, description="Bad Request: CHAT_WRITE_FORBIDDEN", times=1
    )
    bot.playground.newsroom.publish("harbour-post", HEADLINE)
    await bot.turned_until(
        lambda: any("I can't write in Newsroom watch" in text for text in bot.texts()), "a note"
    )
    await bot.ask("/stop")
    bot.playground.people.move_bot(GROUP, "administrator")
    await _until_state(bot, GROUP, ChatState.ACTIVE)
    bot.playground.people.move_bot(GROUP, "kicked")
    await _until_state(bot, GROUP, ChatState.BLOCKED)
    await bot.turn()
    assert sum("I can't write" in text for text in bot.texts()) == 1


async def test_who_forgets_themselves_keeps_no_channel(bot: Town) -> None:
    await bot.ask("/start")
    begun = await speak_for_channel(bot)
    await bot.press(begun, "Stop managing")
    asked = await bot.ask("/forget")
    await bot.press(asked, "Delete everything")
    async with bot.storage() as storage:
        assert await storage.keepers.channels_of(ADA_ID) == []


async def test_what_belongs_to_a_chat_that_blocked_the_bot_goes_after_its_time(
    bot: Town,
) -> None:
    await bot.ask("/start")
    await bot.ask("/subscribe", GROUP)
    bot.playground.people.move_bot(GROUP, "kicked")
    await _until_state(bot, GROUP, ChatState.BLOCKED)
    await bot.stop_bot()
    # A clock that jumped is believed when it has stood for a day.
    for days, there in ((89.0, True), (91.0, True), (91.6, True), (92.1, False)):
        bot.ahead = days * 86_400.0
        begun = bot.now()
        await bot.start_bot()
        async with bot.storage() as storage, asyncio.timeout(PATIENCE):
            while (await storage.tended(begun)).seen < begun:
                await asyncio.sleep(0.05)
            while (await storage.chats.get(GROUP) is not None) is not there:
                await asyncio.sleep(0.05)
            assert await storage.chats.get(ADA_ID) is not None
        await bot.stop_bot()
