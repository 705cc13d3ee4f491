"""What an unmodified python-telegram-bot gets from the playground's Bot API."""

import aiohttp
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllPrivateChats,
    ChatMemberAdministrator,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MenuButtonCommands,
    Message,
    MessageEntity,
    ReplyParameters,
)
from telegram.constants import ChatType
from telegram.error import BadRequest

from bot.playground.chats.world import ADA_ID, BEN_ID, BOT_ID
from bot.playground.server import Playground
from tests.playground.conftest import Clock, needs_tdlib

BUTTONS = InlineKeyboardMarkup([[InlineKeyboardButton("Follow", callback_data="follow:1")]])


async def test_the_bot_knows_itself(bot: Bot) -> None:
    assert bot.id == BOT_ID
    assert bot.username == "tocsin_playground_bot"


@needs_tdlib
async def test_html_becomes_entities_in_utf16_units(playground: Playground, bot: Bot) -> None:
    playground.people.say(ADA_ID, "/start")
    html = "🔔 <b>Truce</b> see https://example.org"
    sent = await bot.send_message(ADA_ID, html, parse_mode="HTML")
    assert sent.text == "🔔 Truce see https://example.org"
    assert [(e.type, e.offset, e.length) for e in sent.entities] == [
        (MessageEntity.BOLD, 3, 5),
        (MessageEntity.URL, 13, 19),
    ]


async def test_entities_given_are_kept(playground: Playground, bot: Bot) -> None:
    playground.people.say(ADA_ID, "/start")
    bold = MessageEntity(MessageEntity.BOLD, 0, 5)
    sent = await bot.send_message(ADA_ID, "Truce signed", entities=[bold])
    assert sent.entities == (bold,)


async def test_reply_thread_and_keyboard_come_back(playground: Playground, bot: Bot) -> None:
    forum = next(chat for chat in playground.world.chats.values() if chat.is_forum)
    thread_id = max(forum.threads)
    asked = playground.people.say(forum.id, "/latest", thread_id=thread_id)
    sent = await bot.send_message(
        forum.id,
        "Here",
        message_thread_id=thread_id,
        reply_parameters=ReplyParameters(asked.id),
        reply_markup=BUTTONS,
    )
    assert (sent.message_thread_id, sent.is_topic_message) == (thread_id, True)
    assert sent.reply_to_message
    assert sent.reply_to_message.message_id == asked.id
    assert sent.reply_markup == BUTTONS


async def test_an_edit_changes_the_message(playground: Playground, bot: Bot, clock: Clock) -> None:
    playground.people.say(ADA_ID, "/start")
    sent = await bot.send_message(ADA_ID, "One source", reply_markup=BUTTONS)
    clock.now += 60
    edited = await bot.edit_message_text("Two sources", ADA_ID, sent.message_id)
    assert not isinstance(edited, bool)
    assert (edited.text, edited.reply_markup) == ("Two sources", None)
    assert edited.edit_date
    assert await bot.edit_message_reply_markup(ADA_ID, sent.message_id, reply_markup=BUTTONS)
    assert playground.world.chats[ADA_ID].messages[sent.message_id].text == "Two sources"


async def test_a_button_makes_the_round_trip(
    playground: Playground, bot: Bot, clock: Clock
) -> None:
    playground.people.say(ADA_ID, "/start")
    sent = await bot.send_message(ADA_ID, "Pick one", reply_markup=BUTTONS)
    playground.people.press(ADA_ID, sent.message_id, text="Follow")
    query = (await bot.get_updates())[-1].callback_query
    assert query
    assert query.data == "follow:1"
    assert query.from_user.id == ADA_ID
    assert await query.answer("Followed")
    (shown,) = [e for _, e in await playground.stage.events.after(0) if e["type"] == "answer"]
    assert shown["text"] == "Followed"
    clock.now += 16 * 60
    with pytest.raises(BadRequest, match="Query is too old"):
        await query.answer()


async def test_a_deleted_message_is_gone(playground: Playground, bot: Bot, clock: Clock) -> None:
    playground.people.say(ADA_ID, "/start")
    sent = await bot.send_message(ADA_ID, "Soon gone")
    old = await bot.send_message(ADA_ID, "Here to stay")
    assert await sent.delete()
    clock.now += 49 * 3600
    with pytest.raises(BadRequest, match="can't be deleted"):
        await old.delete()


async def test_commands_are_kept_by_scope_and_language(playground: Playground, bot: Bot) -> None:
    private, admins = BotCommandScopeAllPrivateChats(), BotCommandScopeAllChatAdministrators()
    await bot.set_my_commands([BotCommand("start", "Begin")], scope=private)
    await bot.set_my_commands([BotCommand("start", "Anfang")], scope=private, language_code="de")
    await bot.set_my_commands([BotCommand("settings", "Settings")], scope=admins)
    assert (await bot.get_my_commands(scope=private))[0].description == "Begin"
    group = next(c for c in playground.world.chats.values() if c.type == "supergroup")
    profile, ada = playground.stage.profile, playground.world.chats[ADA_ID]
    assert profile.commands_shown(ada, ADA_ID, "de")[0]["description"] == "Anfang"
    assert profile.commands_shown(ada, ADA_ID, "fr")[0]["description"] == "Begin"
    assert profile.commands_shown(group, ADA_ID, "en")[0]["command"] == "settings"
    assert profile.commands_shown(group, BEN_ID, "en") == []
    await bot.delete_my_commands(scope=private)
    assert await bot.get_my_commands(scope=private) == ()


async def test_the_profile_is_kept_by_language(bot: Bot) -> None:
    assert await bot.set_my_name("Tocsin")
    assert await bot.set_my_description("Rings once.")
    assert await bot.set_my_description("Läutet einmal.", language_code="de")
    assert await bot.set_my_short_description("A bell.")
    assert await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
    assert (await bot.get_my_description("de")).description == "Läutet einmal."
    assert (await bot.get_my_description("fr")).description == "Rings once."


async def test_every_chat_and_member_can_be_read(playground: Playground, bot: Bot) -> None:
    playground.people.say(ADA_ID, "/start")
    for place in list(playground.world.chats.values()):
        if place.bot_status == "left":
            continue
        chat = await bot.get_chat(place.id)
        assert (chat.type, chat.is_forum or False) == (place.type, place.is_forum)
        if chat.type != ChatType.PRIVATE:
            admins = await bot.get_chat_administrators(place.id)
            assert ADA_ID in {admin.user.id for admin in admins}
            assert await bot.get_chat_member_count(place.id) == 3
            for user_id, status in place.members.items():
                assert (await bot.get_chat_member(place.id, user_id)).status == status
    channel = await bot.get_chat("@evening_bulletin")
    assert isinstance(await bot.get_chat_member(channel.id, BOT_ID), ChatMemberAdministrator)


async def test_an_admin_bot_opens_topics_and_pins(playground: Playground, bot: Bot) -> None:
    forum = next(chat for chat in playground.world.chats.values() if chat.is_forum)
    playground.people.move_bot(forum.id, "administrator")
    topic = await bot.create_forum_topic(forum.id, "Elections")
    sent = await bot.send_message(forum.id, "x", message_thread_id=topic.message_thread_id)
    assert await sent.pin()
    assert await bot.send_chat_action(forum.id, "typing", topic.message_thread_id)
    assert await bot.leave_chat(forum.id)
    assert forum.bot_status == "left"


@pytest.mark.parametrize("how", ["json", "urlencoded", "multipart", "query"])
async def test_parameters_come_in_all_four_ways(
    playground: Playground, http: aiohttp.ClientSession, how: str
) -> None:
    playground.people.say(ADA_ID, "/start")
    url = f"{playground.url}/bot{playground.token}/SENDMESSAGE"
    fields = {"chat_id": str(ADA_ID), "text": "hello"}
    form = aiohttp.FormData(fields)
    if how == "multipart":
        form = aiohttp.FormData(default_to_multipart=True)
        for name, value in fields.items():
            form.add_field(name, value)
    ways = {"json": {"json": fields}, "query": {"params": fields}}
    async with http.post(url, **ways.get(how, {"data": form})) as answer:
        assert (await answer.json())["result"]["text"] == "hello"


async def test_a_wrong_token_and_an_unknown_method_are_refused_as_json(
    playground: Playground, http: aiohttp.ClientSession
) -> None:
    async with http.get(f"{playground.url}/bot123:wrong/getMe") as answer:
        assert await answer.json() == {
            "ok": False,
            "error_code": 401,
            "description": "Unauthorized",
        }
        assert answer.status == 401
    async with http.get(f"{playground.url}/bot{playground.token}/makeCoffee") as answer:
        assert answer.status == 404
        assert (await answer.json())["description"] == "Not Found: method not found"


async def test_a_picture_has_a_caption_that_is_edited_as_one(
    playground: Playground, bot: Bot
) -> None:
    playground.people.say(ADA_ID, "/start")
    picture = "https://pictures.example/1.png"
    sent = await bot.send_photo(ADA_ID, picture, caption="<b>Truce</b>", parse_mode="HTML")
    assert (sent.caption, len(sent.photo), sent.text) == ("Truce", 1, None)
    edited = await bot.edit_message_caption(ADA_ID, sent.message_id, caption="Truce signed")
    assert isinstance(edited, Message)
    assert edited.caption == "Truce signed"
    with pytest.raises(BadRequest, match="not modified"):
        await bot.edit_message_caption(ADA_ID, sent.message_id, caption="Truce signed")
    with pytest.raises(BadRequest, match="no text in the message"):
        await bot.edit_message_text("Words", ADA_ID, sent.message_id)
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_photo(ADA_ID, picture, caption="a" * 1025)
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_photo(ADA_ID, "ftp://pictures.example/1.png")
    words = await bot.send_message(ADA_ID, "Words")
    with pytest.raises(BadRequest, match="no caption in the message"):
        await bot.edit_message_caption(ADA_ID, words.message_id, caption="Under nothing")
    told = [(e.method, e.picture, e.text) for e in playground.ledger.delivered(ADA_ID)]
    assert told == [("sendPhoto", picture, "Truce"), ("sendMessage", "", "Words")]
