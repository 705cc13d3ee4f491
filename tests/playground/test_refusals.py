"""The wordings of the real server, one situation a line."""

from collections.abc import Callable
from typing import Any

import aiohttp
import pytest
from telegram import Bot
from telegram.error import ChatMigrated

from bot.playground.chats.world import ADA_ID, BEN_ID, BOT_ID, Json, PlaygroundChat
from bot.playground.server import Playground
from tests.playground.conftest import needs_tdlib

Situation = Callable[[Playground], Json]


def _private(chat_id: int = ADA_ID, **fields: Any) -> Json:
    return {"chat_id": chat_id, "text": "x", **fields}


def _started(playground: Playground, **fields: Any) -> Json:
    playground.people.say(ADA_ID, "/start")
    return _private(**fields)


def _blocked(playground: Playground) -> Json:
    playground.people.say(ADA_ID, "/start")
    playground.people.block(ADA_ID)
    return _private()


def _deactivated(playground: Playground) -> Json:
    playground.people.say(ADA_ID, "/start")
    playground.world.users[ADA_ID].deactivated = True
    return _private()


def _group(kind: Any, status: Any) -> Situation:
    def build(playground: Playground) -> Json:
        chat = playground.world.add_group("A group", kind=kind, bot=status)
        return {"chat_id": chat.id, "text": "x"}

    return build


def _deleted_group(playground: Playground) -> Json:
    chat = playground.people.create_group("Gone")
    playground.people.delete_group(chat.id)
    return {"chat_id": chat.id, "text": "x"}


def _forum(playground: Playground) -> PlaygroundChat:
    return next(chat for chat in playground.world.chats.values() if chat.is_forum)


def _topic(state: str) -> Situation:
    def build(playground: Playground) -> Json:
        forum = _forum(playground)
        thread = max(forum.threads)
        playground.people.set_topic(forum.id, thread, state)
        return {"chat_id": forum.id, "text": "x", "message_thread_id": thread}

    return build


def _general_by_number(playground: Playground) -> Json:
    return {"chat_id": _forum(playground).id, "text": "x", "message_thread_id": 1}


def _button(**button: Any) -> Situation:
    markup = {"inline_keyboard": [[{"text": "B", **button}]]}
    return lambda playground: _started(playground, reply_markup=markup)


SITUATIONS: list[tuple[str, Situation, int, str]] = [
    ("nobody", lambda _: _private(99), 400, "Bad Request: chat not found"),
    ("no chat", lambda _: {"text": "x"}, 400, "Bad Request: chat_id is empty"),
    (
        "never started",
        lambda _: _private(),
        403,
        "Forbidden: bot can't initiate conversation with a user",
    ),
    ("blocked", _blocked, 403, "Forbidden: bot was blocked by the user"),
    ("deactivated", _deactivated, 403, "Forbidden: user is deactivated"),
    (
        "kicked from a group",
        _group("group", "kicked"),
        403,
        "Forbidden: bot was kicked from the group chat",
    ),
    (
        "kicked from a supergroup",
        _group("supergroup", "kicked"),
        403,
        "Forbidden: bot was kicked from the supergroup chat",
    ),
    (
        "not in the channel",
        _group("channel", "left"),
        403,
        "Forbidden: bot is not a member of the channel chat",
    ),
    (
        "plain member of a channel",
        _group("channel", "member"),
        400,
        "Bad Request: need administrator rights in the channel chat",
    ),
    (
        "muted",
        _group("supergroup", "restricted"),
        400,
        "Bad Request: not enough rights to send text messages to the chat",
    ),
    ("deleted group", _deleted_group, 403, "Forbidden: the group chat was deleted"),
    ("closed topic", _topic("closed"), 400, "Bad Request: TOPIC_CLOSED"),
    ("deleted topic", _topic("deleted"), 400, "Bad Request: message thread not found"),
    ("General by number", _general_by_number, 400, "Bad Request: message thread not found"),
    (
        "thread in a private chat",
        lambda p: _started(p, message_thread_id=7),
        400,
        "Bad Request: message thread not found",
    ),
    (
        "reply to nothing",
        lambda p: _started(p, reply_parameters={"message_id": 999}),
        400,
        "Bad Request: message to be replied not found",
    ),
    ("no text", lambda p: _started(p, text=""), 400, "Bad Request: message text is empty"),
    ("blank", lambda p: _started(p, text=" \n "), 400, "Bad Request: message text is empty"),
    ("4,097", lambda p: _started(p, text="x" * 4097), 400, "Bad Request: message is too long"),
    (
        "32,769 bytes",
        lambda p: _started(p, text="ü" * 16_384 + "x"),
        400,
        "Bad Request: text is too long",
    ),
    ("long data", _button(callback_data="ü" * 33), 400, "Bad Request: BUTTON_DATA_INVALID"),
    (
        "too much to copy",
        _button(copy_text={"text": "x" * 257}),
        400,
        "Bad Request: BUTTON_COPY_TEXT_INVALID",
    ),
    (
        "nothing to copy",
        _button(copy_text={"text": ""}),
        400,
        "Bad Request: BUTTON_COPY_TEXT_INVALID",
    ),
    (
        "idle button",
        _button(),
        400,
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the "
        "inline keyboard",
    ),
]


async def _send(playground: Playground, http: aiohttp.ClientSession, body: Json) -> Json:
    url = f"{playground.url}/bot{playground.token}/sendMessage"
    async with http.post(url, json=body) as answer:
        shown: Json = await answer.json()
        assert answer.status == shown.get("error_code", 200)
        return shown


@pytest.mark.parametrize(
    ("situation", "code", "words"),
    [row[1:] for row in SITUATIONS],
    ids=[row[0] for row in SITUATIONS],
)
async def test_send_message_is_refused_in_telegrams_words(
    playground: Playground,
    http: aiohttp.ClientSession,
    situation: Situation,
    code: int,
    words: str,
) -> None:
    answer = await _send(playground, http, situation(playground))
    assert answer == {"ok": False, "error_code": code, "description": words}
    assert playground.ledger.delivered() == []


@needs_tdlib
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "<b>hi",
            "Bad Request: can't parse entities: "
            'Can\'t find end tag corresponding to start tag "b"',
        ),
        ("a<br/>b", 'Bad Request: can\'t parse entities: Unsupported start tag "br/"'),
        ("a < b", 'Bad Request: can\'t parse entities: Unsupported start tag ""'),
    ],
)
async def test_bad_html_is_refused(
    playground: Playground, http: aiohttp.ClientSession, text: str, words: str
) -> None:
    body = _started(playground, text=text, parse_mode="HTML")
    answer = await _send(playground, http, body)
    assert str(answer["description"]).startswith(words)


@pytest.mark.parametrize(
    ("text", "message_id", "words"),
    [
        ("Same", None, "Bad Request: message is not modified: specified new message content and"),
        ("New", 999, "Bad Request: message to edit not found"),
        ("New", 1, "Bad Request: message can't be edited"),
    ],
)
async def test_edits_are_refused_in_telegrams_words(
    playground: Playground,
    http: aiohttp.ClientSession,
    text: str,
    message_id: int | None,
    words: str,
) -> None:
    sent = await _send(playground, http, _started(playground, text="Same"))
    body = {
        "chat_id": ADA_ID,
        "message_id": message_id or sent["result"]["message_id"],
        "text": text,
    }
    url = f"{playground.url}/bot{playground.token}/editMessageText"
    async with http.post(url, json=body) as answer:
        assert answer.status == 400
        assert (await answer.json())["description"].startswith(words)


async def test_a_group_that_moved_says_where_to(playground: Playground, bot: Bot) -> None:
    old = playground.world.add_group("Old group", kind="group")
    new = playground.people.migrate(old.id)
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(old.id, "x")
    assert caught.value.new_chat_id == new.id
    moved, arrived = (update.message for update in await bot.get_updates())
    assert moved
    assert arrived
    assert moved.migrate_to_chat_id == new.id
    assert arrived.migrate_from_chat_id == old.id
    assert await bot.send_message(new.id, "x")
    assert new.members[BEN_ID] == "member"
    assert new.members[BOT_ID] == "member"
