"""What the bot hears, and the rules of getUpdates and of webhooks."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from telegram import Bot, Update
from telegram.error import Conflict

from bot.errors import BadInput
from bot.playground.chats.world import ADA_ID, BEN_ID, BOT_ID, PlaygroundChat
from bot.playground.server import Playground
from tests.playground.conftest import Clock, client_of


def _group(playground: Playground) -> PlaygroundChat:
    return next(chat for chat in playground.world.chats.values() if chat.type == "supergroup")


async def test_updates_wait_until_an_offset_confirms_them(playground: Playground, bot: Bot) -> None:
    for text in ("one", "two", "three"):
        playground.people.say(ADA_ID, text)
    first = await bot.get_updates(limit=2)
    assert [u.message.text for u in first if u.message] == ["one", "two"]
    assert await bot.get_updates(limit=2) == first
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [u.message.text for u in rest if u.message] == ["three"]
    assert await bot.get_updates(offset=rest[-1].update_id + 1) == ()


async def test_a_negative_offset_keeps_the_newest(playground: Playground, bot: Bot) -> None:
    for text in ("one", "two", "three"):
        playground.people.say(ADA_ID, text)
    (last,) = await bot.get_updates(offset=-1)
    assert last.message
    assert last.message.text == "three"


async def test_updates_older_than_a_day_are_gone(
    playground: Playground, bot: Bot, clock: Clock
) -> None:
    playground.people.say(ADA_ID, "yesterday")
    clock.now += 25 * 3600
    assert await bot.get_updates() == ()


async def test_after_a_week_without_any_numbers_are_chosen_anew(
    playground: Playground, bot: Bot, clock: Clock
) -> None:
    numbers: list[int] = []
    for days in (1, 6, 7, 0):
        clock.now += days * 86_400
        playground.people.say(ADA_ID, f"after {days} days")
        (update,) = await bot.get_updates(offset=numbers[-1] + 1 if numbers else 0)
        numbers.append(update.update_id)
    one, two, anew, last = numbers
    assert (two - one, last - anew) == (1, 1)
    assert anew not in range(one, two + 2)


async def test_an_offset_far_behind_the_last_update_confirms_nothing(
    playground: Playground, bot: Bot
) -> None:
    playground.people.say(ADA_ID, "still there")
    (update,) = await bot.get_updates()
    assert await bot.get_updates(offset=update.update_id + 1_000) == (update,)


async def test_a_long_poll_answers_as_soon_as_something_happens(
    playground: Playground, bot: Bot
) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.05)
    assert not poll.done()
    playground.people.say(ADA_ID, "/start")
    (update,) = await asyncio.wait_for(poll, 60)
    assert update.message
    assert update.message.text == "/start"


async def test_a_second_poller_ends_the_first_with_409(playground: Playground, bot: Bot) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.05)
    async with client_of(playground) as rival:
        assert await rival.get_updates(timeout=0) == ()
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await asyncio.wait_for(older, 60)


async def test_a_webhook_excludes_polling(bot: Bot) -> None:
    await bot.set_webhook("https://bot.example/hook")
    assert (await bot.get_webhook_info()).url == "https://bot.example/hook"
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


async def test_allowed_updates_are_remembered(playground: Playground, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=[Update.MY_CHAT_MEMBER])
    playground.people.say(ADA_ID, "unheard")
    playground.people.block(ADA_ID)
    (update,) = await bot.get_updates()
    assert update.my_chat_member


async def test_a_typed_command_carries_its_entity(playground: Playground, bot: Bot) -> None:
    playground.people.say(ADA_ID, "🔔 /topic ceasefire")
    (update,) = await bot.get_updates()
    assert update.message
    (entity,) = update.message.entities
    assert (entity.type, update.message.parse_entity(entity)) == ("bot_command", "/topic")


async def test_privacy_mode_hides_what_is_not_meant_for_the_bot(
    playground: Playground, bot: Bot
) -> None:
    group = _group(playground)
    sent = await bot.send_message(group.id, "Quiet today.")
    playground.people.say(group.id, "good morning")
    playground.people.say(group.id, "/latest@another_bot")
    playground.people.say(group.id, "/latest", user=BEN_ID)
    playground.people.say(group.id, "/help@tocsin_playground_bot")
    playground.people.say(group.id, "why?", reply_to=sent.message_id)
    heard = [u.message.text for u in await bot.get_updates() if u.message]
    assert heard == ["/latest", "/help@tocsin_playground_bot", "why?"]


async def test_an_admin_bot_hears_everything(playground: Playground, bot: Bot) -> None:
    group = _group(playground)
    playground.people.move_bot(group.id, "administrator")
    playground.people.say(group.id, "good morning")
    promoted, heard = await bot.get_updates()
    assert promoted.my_chat_member
    assert promoted.my_chat_member.new_chat_member.status == "administrator"
    assert heard.message


async def test_an_anonymous_admin_speaks_for_the_group(playground: Playground, bot: Bot) -> None:
    group = _group(playground)
    playground.people.say(group.id, "/settings", user="anonymous")
    (update,) = await bot.get_updates()
    assert update.message
    assert update.message.sender_chat
    assert update.message.sender_chat.id == group.id
    assert update.message.from_user
    assert update.message.from_user.username == "GroupAnonymousBot"


async def test_a_channel_post_has_no_author(playground: Playground, bot: Bot) -> None:
    channel = next(c for c in playground.world.chats.values() if c.type == "channel")
    playground.people.say(channel.id, "/latest")
    with pytest.raises(BadInput, match="Only administrators"):
        playground.people.say(channel.id, "me too", user=BEN_ID)
    (update,) = await bot.get_updates()
    assert update.channel_post
    assert update.channel_post.from_user is None


async def test_block_and_return_are_told(playground: Playground, bot: Bot) -> None:
    playground.people.say(ADA_ID, "/start")
    playground.people.block(ADA_ID)
    playground.people.say(ADA_ID, "/start")
    _, blocked, back, start = await bot.get_updates()
    assert blocked.my_chat_member
    assert blocked.my_chat_member.new_chat_member.status == "kicked"
    assert back.my_chat_member
    assert back.my_chat_member.new_chat_member.status == "member"
    assert start.message


async def test_a_message_in_a_topic_points_at_the_topic(playground: Playground, bot: Bot) -> None:
    forum = next(chat for chat in playground.world.chats.values() if chat.is_forum)
    thread = playground.people.open_topic(forum.id, "Harvest")
    playground.people.say(forum.id, "/latest", thread_id=thread.id)
    playground.people.say(forum.id, "/latest", thread_id=1)
    opened, in_topic, in_general = (u.message for u in await bot.get_updates())
    assert opened
    assert opened.forum_topic_created
    assert in_topic
    assert (in_topic.message_thread_id, in_topic.is_topic_message) == (thread.id, True)
    assert in_topic.reply_to_message
    assert in_topic.reply_to_message.forum_topic_created
    assert in_general
    assert in_general.message_thread_id is None


async def test_a_location_arrives_as_the_wire_has_it(playground: Playground, bot: Bot) -> None:
    playground.people.send_location(ADA_ID, 34.6937, 135.5023)
    (update,) = await bot.get_updates()
    assert update.message
    assert update.message.text is None
    assert update.message.location
    assert (update.message.location.latitude, update.message.location.longitude) == (
        34.6937,
        135.5023,
    )
    with pytest.raises(BadInput, match="latitude is from -90"):
        playground.people.send_location(ADA_ID, 91, 0)


async def test_privacy_mode_keeps_a_location_in_a_group_to_the_group(
    playground: Playground, bot: Bot
) -> None:
    group = _group(playground)
    playground.people.send_location(group.id, 38.72, -9.14)
    assert await bot.get_updates() == ()
    playground.people.set_role(group.id, BOT_ID, "administrator")
    playground.people.send_location(group.id, 38.72, -9.14)
    assert [bool(u.message and u.message.location) for u in await bot.get_updates()] == [True]


async def test_an_edit_is_heard_where_the_message_was(
    playground: Playground, bot: Bot, clock: Clock
) -> None:
    written = playground.people.say(ADA_ID, "/latest fery")
    clock.now += 60
    playground.people.edit(ADA_ID, written.id, "/latest ferry")
    edited = (await bot.get_updates(offset=-1))[0].edited_message
    assert edited
    assert (edited.message_id, edited.text) == (written.id, "/latest ferry")
    assert edited.edit_date
    assert (edited.edit_date - edited.date).total_seconds() == 60

    group = _group(playground)
    unheard = playground.people.say(group.id, "good morning")
    playground.people.edit(group.id, unheard.id, "good evening")
    heard = await bot.get_updates(offset=-1)
    assert heard[0].edited_message == edited
    playground.people.edit(group.id, unheard.id, "/latest")
    assert (await bot.get_updates(offset=-1))[0].edited_message != edited


async def test_only_ones_own_text_is_edited_and_to_another_one(
    playground: Playground, bot: Bot
) -> None:
    people = playground.people
    group = _group(playground)
    bens = people.say(group.id, "mine", user=BEN_ID)
    place = people.send_location(ADA_ID, 0, 0)
    sent = await bot.send_message(ADA_ID, "from the bot")
    post = people.say(ADA_ID, "Hello")
    for chat_id, message_id in (
        (group.id, bens.id),
        (ADA_ID, place.id),
        (ADA_ID, sent.message_id),
        (ADA_ID, 999),
    ):
        with pytest.raises(BadInput, match="Only a text that one has written"):
            people.edit(chat_id, message_id, "changed")
    for text in ("Hello", "  Hello ", " "):
        with pytest.raises(BadInput, match="needs another text"):
            people.edit(ADA_ID, post.id, text)
    anonymous = people.say(group.id, "/why", user="anonymous")
    assert people.edit(group.id, anonymous.id, "/top", user="anonymous").text == "/top"


@dataclass
class Inbox:
    """A bot's webhook, which answers with one status after the other, and then with 200."""

    url: str
    answers: list[int]
    heard: list[tuple[str, str, str]]

    def texts(self) -> list[str]:
        """What was posted, in the order of arrival."""
        return [text for _, text, _ in self.heard]


@pytest.fixture
async def inbox() -> AsyncIterator[Inbox]:
    made = Inbox("", [], [])

    async def receive(request: web.Request) -> web.Response:
        update = await request.json()
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        made.heard.append((secret, update["message"]["text"], request.content_type))
        return web.Response(status=made.answers.pop(0) if made.answers else 200)

    app = web.Application()
    app.router.add_post("/hook", receive)
    async with TestServer(app) as server:
        made.url = str(server.make_url("/hook"))
        yield made


async def _heard(inbox: Inbox, count: int) -> None:
    async with asyncio.timeout(60):
        while len(inbox.heard) < count:
            await asyncio.sleep(0.01)


async def test_updates_are_posted_to_a_webhook_with_its_secret(
    playground: Playground, bot: Bot, inbox: Inbox
) -> None:
    playground.people.say(ADA_ID, "before")
    wanted = ["message", "callback_query"]
    await bot.set_webhook(inbox.url, secret_token="hush", allowed_updates=wanted, max_connections=7)
    playground.people.say(ADA_ID, "after")
    playground.people.block(ADA_ID)
    await _heard(inbox, 2)
    assert inbox.heard == [("hush", text, "application/json") for text in ("before", "after")]
    async with asyncio.timeout(60):
        while (info := await bot.get_webhook_info()).pending_update_count:
            await asyncio.sleep(0.01)
    assert (info.url, info.max_connections) == (inbox.url, 7)
    assert set(info.allowed_updates) == set(wanted)
    assert info.last_error_date is None


async def test_what_is_not_answered_well_is_posted_again_before_what_comes_after_it(
    playground: Playground, bot: Bot, inbox: Inbox
) -> None:
    inbox.answers[:] = [503]
    await bot.set_webhook(inbox.url)
    playground.people.say(ADA_ID, "one")
    playground.people.say(ADA_ID, "two")
    await _heard(inbox, 1)
    playground.people.say(BEN_ID, "of another chat", user=BEN_ID)
    await _heard(inbox, 4)
    assert inbox.texts() == ["one", "of another chat", "one", "two"]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"


async def test_what_waits_for_a_webhook_can_be_polled_for_when_it_is_gone(
    playground: Playground, bot: Bot
) -> None:
    await bot.set_webhook("https://bot.example/hook")
    playground.people.say(ADA_ID, "kept")
    async with asyncio.timeout(60):
        while not (info := await bot.get_webhook_info()).last_error_message:
            await asyncio.sleep(0.01)
    assert "its own machine only" in info.last_error_message
    await bot.delete_webhook()
    (update,) = await bot.get_updates()
    assert update.message
    assert update.message.text == "kept"
