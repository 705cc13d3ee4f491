"""Documents at the playground's Bot API server, as an unmodified python-telegram-bot uses them."""

import aiohttp
import pytest
from telegram import Bot, InputFile
from telegram.error import BadRequest

from bot.playground.chats.world import ADA_ID, BEN_ID
from bot.playground.server import Playground

GROUP = -1002000000001


async def test_a_document_goes_out_and_comes_back(playground: Playground, bot: Bot) -> None:
    playground.people.say(ADA_ID, "/start")
    sent = await bot.send_document(
        ADA_ID, InputFile(b"<opml/>", "my feeds.opml"), caption="<b>Sources</b>", parse_mode="HTML"
    )
    assert sent.document
    assert (sent.document.file_name, sent.document.file_size) == ("my feeds.opml", 7)
    assert sent.caption == "Sources"
    assert sent.text is None
    file = await bot.get_file(sent.document.file_id)
    assert bytes(await file.download_as_bytearray()) == b"<opml/>"
    with pytest.raises(BadRequest, match="no text in the message"):
        await bot.edit_message_text("x", ADA_ID, sent.message_id)


async def test_what_cannot_be_sent_or_fetched_is_refused(
    playground: Playground, bot: Bot, http: aiohttp.ClientSession
) -> None:
    playground.people.say(ADA_ID, "/start")
    with pytest.raises(BadRequest, match="caption is too long"):
        await bot.send_document(ADA_ID, b"x", caption="a" * 1025)
    with pytest.raises(BadRequest, match="Wrong file_id"):
        await bot.get_file("nothing")
    address = f"{playground.url}/file/bot1:wrong/documents/x"
    assert (await http.get(address)).status == 401
    address = f"{playground.url}/file/bot{playground.token}/documents/..%2F..%2Fetc%2Fpasswd"
    assert (await http.get(address)).status == 404


async def test_the_bot_hears_of_a_persons_document(playground: Playground, bot: Bot) -> None:
    playground.people.send_document(ADA_ID, 'a"b/../c.json', b"{}", caption="/import please")
    playground.people.send_document(GROUP, "unheard.json", b"{}", caption="/import", user=BEN_ID)
    (update,) = await bot.get_updates(timeout=1)
    assert update.message
    assert update.message.document
    assert update.message.document.file_name == "a_b_.._c.json"
    assert update.message.caption_entities[0].type == "bot_command"


async def test_files_are_forgotten_beyond_a_bound(
    playground: Playground, http: aiohttp.ClientSession
) -> None:
    first = playground.people.send_document(ADA_ID, "first", b"1").document
    assert first
    address = f"{playground.url}/playground/files/{first['file_id']}"
    answer = await http.get(address)
    assert (answer.status, await answer.read()) == (200, b"1")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    for _ in range(50):
        playground.people.send_document(ADA_ID, "more", b"2")
    assert (await http.get(address)).status == 404
