"""What fails that is nobody's mistake: who waits for an answer is told so, and nobody else."""

from typing import Any

import pytest
import telegram

from storage.errors import StorageError
from tests.handlers.stage import ADA_ID, BOT_ID, BOT_NAME, CHANNEL, GROUP, Stage, bot_on
from tests.storage.samples import sql

FAILED = "Something went wrong here. Try again in a minute."
PERSON = {"id": ADA_ID, "is_bot": False, "first_name": "Ada"}


def _message(chat_id: int, text: str, **more: Any) -> dict[str, Any]:
    kind = {GROUP: "supergroup", CHANNEL: "channel"}.get(chat_id, "private")
    chat = {"id": chat_id, "type": kind}
    return {"message_id": 1, "date": 1, "chat": chat, "from": PERSON, "text": text} | more


async def _fails(here: Stage, **what: Any) -> None:
    data = {"update_id": 1} | what
    await here.router.failed(telegram.Update.de_json(data, bot_on(here.wire)))


async def test_what_the_database_did_not_do_is_no_refusal_in_its_own_words(here: Stage) -> None:
    page = await here.ask("/settings")
    await sql(here.storage, "DROP TABLE topics")
    with pytest.raises(StorageError):
        await here.say("/topic")
    with pytest.raises(StorageError):
        await here.press(page, "Topics")
    assert here.messages() == [page]


async def test_a_press_that_failed_ends_with_a_note_and_a_chat_reads_nothing(here: Stage) -> None:
    before = here.messages(GROUP)
    for number in ("71", "72"):
        press = {"id": number, "from": PERSON, "chat_instance": "1", "data": "v1:topics"}
        await _fails(here, callback_query=press | {"message": _message(GROUP, "Topics")})
        assert here.wire.notes[number] == FAILED
    assert here.messages(GROUP) == before


async def test_it_is_said_to_a_chat_once_a_minute_and_to_each(here: Stage) -> None:
    for chat_id in (ADA_ID, GROUP, CHANNEL):
        for _ in range(3):
            await _fails(here, message=_message(chat_id, "/topic ferry"))
        assert [each.text for each in here.messages(chat_id)] == [FAILED]
    here.clock[0] += 60
    await _fails(here, edited_message=_message(ADA_ID, "/latest"))
    assert [each.text for each in here.messages()] == [FAILED] * 2


async def test_where_nothing_was_said_to_the_bot_nothing_is_said(here: Stage) -> None:
    ours = _message(GROUP, "Ferry") | {"from": {"id": BOT_ID, "is_bot": True, "first_name": "B"}}
    for more in ({"text": "ferry"}, {"text": "wow ok", "reply_to_message": ours}):
        await _fails(here, message=_message(GROUP, **more))
    await _fails(here, channel_post=_message(CHANNEL, "ferry"))
    member = {"user": PERSON, "status": "left"}
    change = {"date": 1, "chat": {"id": GROUP, "type": "group"}, "from": PERSON}
    await _fails(
        here, my_chat_member=change | {"old_chat_member": member, "new_chat_member": member}
    )
    assert here.wire.shown == {}
    await _fails(here, message=_message(GROUP, f"@{BOT_NAME} ferry"))
    assert [each.text for each in here.messages(GROUP)] == [FAILED]


@pytest.mark.parametrize("is_known", [True, False])
async def test_it_is_said_in_the_language_of_the_chat_or_of_who_wrote(
    here: Stage, is_known: bool
) -> None:
    here.languages[ADA_ID] = "de"
    await here.say("/help")
    if not is_known:
        await sql(here.storage, "ALTER TABLE chats RENAME TO chats_away")
    french = PERSON | {"language_code": "fr"}
    await _fails(here, message=_message(ADA_ID, "/topic") | {"from": french})
    said = "Hier ist etwas schiefgegangen." if is_known else "Quelque chose a échoué ici."
    assert here.messages()[-1].text.startswith(said)
