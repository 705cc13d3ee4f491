"""Who keeps which chat, who speaks for which channel, and who is told when the bot is cut off."""

from bot.news.chat import ChatState, Topic
from bot.news.why import quoted
from storage.chats.chats import WordsAsked
from storage.storage import Storage
from tests.storage.samples import chat

ADA, BEN, CHANNEL, GROUP = 5001, 5002, -1003, -4


async def _chats(storage: Storage) -> None:
    for each in (chat(ADA), chat(BEN), chat(CHANNEL, "channel"), chat(GROUP, "group")):
        await storage.chats.meet(each)


async def test_a_chat_remembers_its_five_newest_keepers(storage: Storage) -> None:
    await _chats(storage)
    for n in range(7):
        await storage.keepers.keep(GROUP, 6000 + n, 1_000.0 + n)
    await storage.keepers.keep(GROUP, 6003, 2_000.0)
    for n in range(6):
        await storage.chats.meet(chat(6000 + n))
    await storage.chats.set_state(6004, ChatState.STOPPED, None, 3_000.0)
    assert [each.id for each in await storage.keepers.reachable(GROUP)] == [6003, 6005, 6002]


async def test_the_newest_keeper_is_who_chose_last(storage: Storage) -> None:
    await _chats(storage)
    assert await storage.keepers.newest(GROUP) is None
    for user_id, at in ((ADA, 1_000.0), (BEN, 2_000.0), (ADA, 3_000.0)):
        await storage.keepers.keep(GROUP, user_id, at)
    assert await storage.keepers.newest(GROUP) == ADA
    assert await storage.keepers.newest(CHANNEL) is None


async def test_words_are_counted_in_all_chats_of_the_newest_keeper(storage: Storage) -> None:
    await _chats(storage)
    await storage.keepers.keep(GROUP, ADA, 1_000.0)
    await storage.keepers.keep(CHANNEL, ADA, 1_000.0)
    for chat_id, query in (
        (ADA, "ferry"),
        (GROUP, "ferry OR boat"),
        (CHANNEL, '"red ferry" -tram'),
    ):
        await storage.chats.put_topic(Topic(0, chat_id, 0, "Boats", query, 0.0), "boats", 1_000.0)
    assert await storage.chats.words_asked(ADA) == WordsAsked(1, 6)
    assert await storage.chats.words_asked(GROUP) == WordsAsked(2, 6)
    assert await storage.chats.words_asked(BEN) == WordsAsked(0, 0)
    await storage.keepers.keep(GROUP, BEN, 2_000.0)
    assert await storage.chats.words_asked(GROUP) == WordsAsked(2, 2)
    (topic,) = await storage.chats.topics(GROUP)
    await storage.chats.set_topic_aside(topic.id, 3_000.0)
    assert await storage.chats.words_asked(GROUP) == WordsAsked(0, 0)


async def test_a_keeper_of_a_chat_that_is_not_known_is_nobody(storage: Storage) -> None:
    await storage.keepers.keep(-99, ADA, 1_000.0)
    await storage.keepers.speak(ADA, -99, 2_000.0)
    assert await storage.keepers.channels_of(ADA) == []
    assert await storage.keepers.speaking(ADA) is None


async def test_a_block_is_told_once_until_it_is_over_and_not_when_it_is_old(
    storage: Storage,
) -> None:
    await _chats(storage)
    keepers = storage.keepers
    await keepers.keep(GROUP, ADA, 1_000.0)
    for since in (2_000.0, 3_000.0):
        await storage.chats.set_state(GROUP, ChatState.BLOCKED, quoted("removed"), since)
        assert [each.id for each in await keepers.cut_off(since - 1)] == [GROUP]
        assert await keepers.cut_off(since + 1) == []
        await keepers.note_told(GROUP)
        assert await keepers.cut_off(since - 1) == []
        await storage.chats.set_state(GROUP, ChatState.ACTIVE, None, since + 10)
    await storage.chats.set_state(GROUP, ChatState.STOPPED, quoted("/stop"), 4_000.0)
    assert await keepers.cut_off(0.0) == []


async def test_chats_of_which_nobody_can_be_told_keep_no_other_from_being_told(
    storage: Storage,
) -> None:
    await _chats(storage)
    for n in range(51):
        await storage.chats.meet(chat(-500 - n, "group"))
        await storage.keepers.keep(-500 - n, BEN, 1_000.0)
        await storage.chats.set_state(-500 - n, ChatState.BLOCKED, quoted("removed"), 2_000.0)
    await storage.keepers.keep(GROUP, ADA, 1_000.0)
    await storage.chats.set_state(GROUP, ChatState.BLOCKED, quoted("removed"), 2_001.0)
    in_vain = [each.id for each in await storage.keepers.cut_off(1_000.0)]
    assert len(in_vain) == 50
    assert GROUP in [each.id for each in await storage.keepers.cut_off(1_000.0, in_vain)]
    await storage.chats.set_state(BEN, ChatState.STOPPED, quoted("/stop"), 2_002.0)
    assert [each.id for each in await storage.keepers.cut_off(1_000.0)] == [GROUP]


async def test_a_person_speaks_for_one_channel_until_they_leave_it(storage: Storage) -> None:
    await _chats(storage)
    keepers = storage.keepers
    await storage.chats.meet(chat(-1009, "channel"))
    for channel in (CHANNEL, -1009):
        await keepers.keep(channel, ADA, 1_000.0)
        await keepers.speak(ADA, channel, 2_000.0)
    speaking = await keepers.speaking(ADA)
    assert speaking is not None
    assert (speaking.chat.id, speaking.until) == (-1009, 2_000.0)
    await keepers.leave(-1009, ADA)
    assert await keepers.speaking(ADA) is None
    assert [each.id for each in await keepers.channels_of(ADA)] == [CHANNEL]


async def test_keepers_go_with_their_group_and_with_their_own_chat(storage: Storage) -> None:
    await _chats(storage)
    keepers = storage.keepers
    await keepers.keep(GROUP, ADA, 1_000.0)
    await keepers.keep(GROUP, BEN, 1_001.0)
    await keepers.keep(CHANNEL, BEN, 1_001.0)
    await storage.chats.meet(chat(-1007, "supergroup"))
    await storage.chats.migrate(GROUP, -1007, 2_000.0)
    await storage.chats.forget(BEN)
    await storage.chats.set_state(-1007, ChatState.BLOCKED, quoted("removed"), 3_000.0)
    assert [each.id for each in await keepers.cut_off(0.0)] == [-1007]
    assert [each.id for each in await keepers.reachable(-1007)] == [ADA]
    assert await keepers.channels_of(BEN) == []
