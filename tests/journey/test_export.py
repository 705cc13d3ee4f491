"""/export and /import: files out of a chat and back into one, through the real bot."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from msgspec.structs import fields, replace

from bot.actions.adding import MOST_ADDED
from bot.feeds.opml import OpmlFeed, read_opml, write_opml
from bot.news.chat import Habits
from bot.playground.chats.world import ADA_ID, BEN_ID, PlaygroundMessage
from tests.feeds.site import Site, feed, site
from tests.journey.town import Town, town, until
from tests.storage.samples import brought

GROUP = -1002000000001
CHANNEL = -1002000000003
NEWS = "Ferry to Lund Island resumes"


def _documents(t: Town, chat_id: int = ADA_ID) -> list[PlaygroundMessage]:
    ledger = t.playground.ledger.find(method="sendDocument", chat_id=chat_id, applied=True)
    messages = t.playground.world.chats[chat_id].messages
    return [messages[entry.message_id] for entry in ledger if entry.message_id]


def _bytes(t: Town, message: PlaygroundMessage) -> bytes:
    assert message.document
    return t.playground.stage.files.get(message.document["file_id"]).data


async def _export(
    t: Town, chat_id: int = ADA_ID, user: int = ADA_ID
) -> tuple[PlaygroundMessage, PlaygroundMessage]:
    before = len(_documents(t, chat_id))
    t.playground.people.say(chat_id, "/export", user=user)
    await until(lambda: len(_documents(t, chat_id)) == before + 2, "two documents")
    first, second = _documents(t, chat_id)[-2:]
    return first, second


async def _import(
    t: Town, data: bytes, chat_id: int = ADA_ID, user: int = ADA_ID, **how: Any
) -> PlaygroundMessage:
    """Sends a file with /import as its caption; the bot's next message."""
    before = len(t.messages(chat_id))
    t.playground.people.send_document(chat_id, "file", data, caption="/import", user=user, **how)
    await until(lambda: len(t.messages(chat_id)) > before, "an answer to a file")
    return t.messages(chat_id)[-1]


async def test_a_chat_carries_everything_to_another_one(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/topic Boats: ferry OR boat -lottery")
        await t.ask("/topic remove nothing")
        await t.ask("/subscribe harbour post")
        await t.ask("/mute lottery 2d")
        await t.ask("/mute source:hill radio 2d")
        await t.ask("/digest 08:00 18:00")
        await t.ask("/quiet 22:00-07:00")
        await t.ask("/timezone Europe/London")
        listed, everything = await _export(t)
        assert listed.document
        assert listed.document["file_name"] == "sources.opml"
        assert listed.text == "1 source, for any news reader."
        assert [f.title for f in read_opml(_bytes(t, listed))] == ["Harbour Post"]
        data = _bytes(t, everything)
        assert json.loads(data)["tocsin_chat"] == 1
        again = await t.ask("/import", reply_to=everything.id)
        assert again.text == "That file would change nothing here."

        await t.ask("/start", BEN_ID, user=BEN_ID)
        await t.ask("/topic Boats: raft", BEN_ID, user=BEN_ID)
        shown = await _import(t, data, BEN_ID, BEN_ID)
        there = datetime.fromtimestamp(t.now(), ZoneInfo("Europe/London"))
        assert shown.text.replace("\u2060", "") == (
            "This would change\n"
            "When: Mornings and evenings, 08:00 18:00\nQuiet hours: 22:00–07:00\n"
            f"Time zone: London {there:%H:%M}\n"
            "Changed topics: 1 (Boats)\nMuted: 2 (lottery, Hill Radio)\nSources to follow: 1\n"
            "What is here now stays."
        )
        await t.press(shown, "Restore it", BEN_ID)
        await until(lambda: t.shown(shown).text.startswith("Restored\n"), "the answer")
        async with t.storage() as storage:
            ada, ben = await storage.chats.get(ADA_ID), await storage.chats.get(BEN_ID)
            assert ada
            assert ben
            assert (ben.habits, ben.timezone) == (ada.habits, "Europe/London")
            (topic,) = await storage.chats.topics(BEN_ID)
            assert topic.query == (await storage.chats.topics(ADA_ID))[0].query


async def test_every_setting_is_carried_and_shown_before_it_is(tmp_path: Path) -> None:
    languages = ("de", "en")
    other = Habits(
        "Europe/London", (480,), (1, 2), False, 7, False, False, True, True, True, languages, (0, 4)
    )
    async with town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        await t.ask("/start", BEN_ID, user=BEN_ID)
        async with t.storage() as storage:
            await storage.chats.set_habits(ADA_ID, other)
        _, everything = await _export(t)
        again = await t.ask("/import", reply_to=everything.id)
        assert again.text == "That file would change nothing here."
        shown = await _import(t, _bytes(t, everything), BEN_ID, BEN_ID)
        # Its days stand with the hours of the digest, and a pause is not carried.
        assert len(shown.text.splitlines()) == len(fields(Habits)) - 2 + 2, shown.text
        assert "\nWhen: Mon Fri, 08:00\n" in shown.text.replace("\u2060", "")
        assert "\nPictures: on\nLink previews: on\n" in shown.text
        assert "\nSound: off\n" in shown.text
        assert "\nLanguages of news: German, English\n" in shown.text
        await t.press(shown, "Restore it", BEN_ID)
        await until(lambda: t.shown(shown).text.startswith("Restored\n"), "the answer")
        shown = await _import(t, b'{"tocsin_chat": 1, "settings": {"cap": 3}}', BEN_ID, BEN_ID)
        assert shown.text.splitlines()[1:-1] == ["Daily limit: 3 a day"]
        async with t.storage() as storage:
            ben = await storage.chats.get(BEN_ID)
            assert ben
            assert replace(ben.habits, timezone=ben.timezone) == other


@pytest.mark.town(admin_ids=str(BEN_ID))
async def test_a_stranger_gets_no_address_that_others_brought(harbour: Site, idle: Town) -> None:
    harbour.pages["/rss?token=SECRET"] = feed("My desk", "Crane number four is painted")
    harbour.pages["/paid?auth=KEY"] = feed("Paid Post", "Reef lamp is lit")
    await idle.start_bot()
    await idle.ask("/start", BEN_ID, user=BEN_ID)
    assert (
        "Added Paid"
        in (await idle.ask(f"/addfeed {harbour.url}/paid?auth=KEY", BEN_ID, user=BEN_ID)).text
    )
    assert (
        "Added My desk" in (await idle.ask(f"/addfeed {harbour.url}/rss?token=SECRET", GROUP)).text
    )
    await idle.ask("/start")
    assert "No source is called" in (await idle.ask("/subscribe my desk")).text
    assert "My desk" not in (await idle.ask("/sources")).text
    await idle.ask("/subscribe")
    await idle.ask("/subscribe paid post")
    listed, everything = await _export(idle)
    assert listed.text == (
        "2 sources, for any news reader. 1 is left out: its address may be private, and this chat"
        " did not add it."
    )
    for file in (listed, everything):
        assert b"SECRET" not in _bytes(idle, file)
        assert b"KEY" not in _bytes(idle, file)
    await idle.ask("/unsubscribe paid post")
    shown = await idle.ask("/import", reply_to=everything.id)
    assert "Sources to follow: 1" in shown.text
    listed, everything = await _export(idle, GROUP)
    assert b"SECRET" in _bytes(idle, listed)
    await idle.ask("/subscribe", BEN_ID, user=BEN_ID)
    listed, _ = await _export(idle, BEN_ID, BEN_ID)
    assert b"KEY" in _bytes(idle, listed)


async def _tried_again(t: Town, url: str) -> None:
    """Waits until a feed has failed once, and lets the time pass until it is tried again."""
    await t.until_stored(
        lambda storage: storage.feeds.at(url), lambda feed: feed and feed.failures, "a failure"
    )
    t.ahead += 130


async def test_a_list_is_followed_and_its_new_feeds_are_checked_by_the_poller(
    tmp_path: Path,
) -> None:
    async with site() as harbour, town(tmp_path) as t:
        harbour.pages["/good"] = feed("Pier Post", "Crane number four is painted")
        harbour.pages["/also"] = feed("Reef Mail", "Reef lamp is lit")
        await t.start_bot()
        await t.ask("/start")
        opml = write_opml([
            OpmlFeed(f"{harbour.url}/good", "My pier", "Coast"),
            OpmlFeed(f"{harbour.url}/also"),
            OpmlFeed(f"{harbour.url}/none"),
            OpmlFeed("http://169.254.169.254/latest"),
            OpmlFeed(t.playground.feeds["hill-radio"]),
        ])  # fmt: skip
        answer = await _import(t, opml)
        assert answer.text == (
            "The list has 5 sources\n"
            "3 are new. I check them, and say here which answer.\n"
            "Newly followed: 1\nAddress not allowed: 1"
        )
        await _tried_again(t, f"{harbour.url}/none")
        told = await t.alert("List checked: 2 of 3 new sources answered")
        assert "127.0.0.1: the site answered 404" in told.text.replace("\u2060", "")
        harbour.pages["/good"] = feed("Pier Post", NEWS, "Crane number four is painted")
        assert "Pier Post" in (await t.alert(NEWS)).text
        async with t.storage() as storage:
            known = {f.url: f for f in await storage.feeds.all()}
            assert f"{harbour.url}/none" not in known
            assert known[f"{harbour.url}/good"].group == ""
            assert known[f"{harbour.url}/good"].guest
            assert len(await storage.feeds.added_by(ADA_ID)) == 2
            assert await storage.candidates.over(0, 1e12) == []
        again = await _import(t, opml.replace(b"/none", b"/none2"))
        assert "1 is new." in again.text
        assert "Already followed: 3" in again.text


@pytest.mark.town(admin_ids=str(BEN_ID))
async def test_a_list_is_bounded_as_addfeed_is(harbour: Site, idle: Town) -> None:
    many = write_opml([OpmlFeed(f"{harbour.url}/{n}") for n in range(600)])
    await idle.start_bot()
    await idle.ask("/start")
    async with idle.storage() as storage:
        for n in range(MOST_ADDED - 2):
            await brought(storage, f"https://x.example/{n}", ADA_ID, now=idle.now() + 1e6)
    answer = await _import(idle, many)
    assert "2 are new." in answer.text
    assert "Left out: 598. A chat adds 50 at most, from the first 500" in answer.text
    await idle.ask("/start", BEN_ID, user=BEN_ID)
    mine = write_opml([OpmlFeed(f"{harbour.url}/ops", "", "Coast")])
    answer = await _import(idle, mine, BEN_ID, BEN_ID)
    assert "1 is new." in answer.text
    await _tried_again(idle, f"{harbour.url}/ops")
    await idle.alert("0 of 1 new source answered", BEN_ID)
    async with idle.storage() as storage:
        ops = await storage.feeds.at(f"{harbour.url}/ops")
        assert ops
        assert (ops.group, ops.guest) == ("Coast", False)


@pytest.mark.town(allow_user_feeds=False)
async def test_only_operators_bring_new_feeds_where_people_may_not(bot: Town) -> None:
    await bot.ask("/start")
    url = bot.playground.feeds["hill-radio"]
    answer = await _import(bot, write_opml([OpmlFeed(url), OpmlFeed("https://new.example/feed")]))
    assert "Newly followed: 1" in answer.text
    assert "Left out: 1. Only operators" in answer.text


async def test_what_is_no_file_of_ours_is_refused_in_one_sentence(bot: Town) -> None:
    await bot.ask("/start")
    assert "reply to it with /import" in (await bot.ask("/import")).text
    before = len(bot.texts())
    bot.playground.people.send_document(ADA_ID, "x.opml", b"<opml/>")
    await until(lambda: len(bot.texts()) > before, "a hint")
    assert "reply to it with /import" in bot.texts()[-1]
    refusals = {
        b'{"tocsin_chat": 2}': "version 2. I read version 1 only",
        b'{"tocsin_chat": 1, "mutes": [{"shown": "a", "until": ' + b"9" * 400 + b"}]}": (
            "until is a time that cannot be"
        ),
        b"[" * 300_000: "I can't read that JSON",
        b'<!DOCTYPE o [<!ENTITY a "ha">]><opml/>': "document type or entities",
        b"PK\x03\x04 no list": "Line 1 is no http or https address",
        b"<opml/>": "no sources in that file",
    }
    for data, said in refusals.items():
        bot.ahead += 61
        assert said in (await _import(bot, data)).text
    bot.ahead += 61
    assert "larger than 1 MB" in (await _import(bot, b"x" * 1_100_000)).text
    lying = await _import(bot, b"x" * 1_100_000, tells=10)
    assert "larger than 1 MB" in lying.text
    gone = bot.playground.people.send_document(ADA_ID, "x", b"{}")
    bot.playground.stage.files._files.clear()
    await until(lambda: bot.texts()[-1].startswith("To restore this file"), "the hint")
    answer = await bot.ask("/import", reply_to=gone.id)
    assert answer.text == "Telegram does not give me that file. Send it again."


async def test_in_a_group_only_administrators_carry(bot: Town) -> None:
    await bot.ask("/topic Boats: ferry", GROUP)
    assert "Only administrators" in (await bot.ask("/export", GROUP, user=BEN_ID)).text
    _, everything = await _export(bot, GROUP)
    await bot.ask("/topic remove Boats", GROUP)
    shown = await bot.ask("/import", GROUP, reply_to=everything.id)
    assert "New topics: 1 (Boats)" in shown.text
    assert "administrator" in await bot.press(shown, "Restore it", BEN_ID)
    await bot.press(shown, "Leave it")
    await until(lambda: bot.shown(shown).text == "Nothing changed.", "an answer")
    bot.ahead += 600  # it is said aloud once in ten minutes
    assert "Only admin" in (await bot.ask("/import", GROUP, user=BEN_ID)).text


async def test_who_proposed_a_file_decides_whose_its_feeds_become(tmp_path: Path) -> None:
    """An operator who presses a button does not answer for what somebody else proposed."""
    async with town(tmp_path, admin_ids=str(BEN_ID)) as t:
        t.playground.world.chats[GROUP].members[BEN_ID] = "administrator"
        await t.start_bot()
        await t.ask("/start", GROUP)

        async def brought(name: str, proposer: int, presser: int) -> tuple[str, bool]:
            url = f"https://{name}.example/feed"
            document = json.dumps({"tocsin_chat": 1, "added": [{"url": url}]}).encode()
            file = t.playground.people.send_document(GROUP, "file", document, user=proposer)
            shown = await t.ask("/import", GROUP, user=proposer, reply_to=file.id)
            proposal = shown.text
            await t.press(shown, "Restore it", presser)
            await until(lambda: t.shown(shown).text.startswith("Restored\n"), "the answer")
            async with t.storage() as storage:
                feed = await storage.feeds.at(url)
                assert feed
                return proposal, feed.guest

        said, guest = await brought("one", ADA_ID, BEN_ID)
        assert guest
        assert "for everybody" not in said
        said, guest = await brought("two", BEN_ID, ADA_ID)
        assert guest
        assert "An operator who presses adds them for every chat." in said
        assert not (await brought("three", BEN_ID, BEN_ID))[1]


async def test_a_button_of_one_chat_brings_nothing_into_another(bot: Town) -> None:
    await bot.ask("/start")
    await bot.ask("/topic Secret: hidden harbour")
    _, everything = await _export(bot)
    await bot.ask("/topic remove Secret")
    shown = await bot.ask("/import", reply_to=everything.id)
    data = (shown.reply_markup or {})["inline_keyboard"][0][0]["callback_data"]
    await bot.ask("/start", BEN_ID, user=BEN_ID)
    other = await bot.ask("/settings", BEN_ID, user=BEN_ID)
    query = bot.playground.people.press(BEN_ID, other.id, user=BEN_ID, data=data)
    assert await bot.noted(query) == "This message is old. Send /import again."
    async with bot.storage() as storage:
        assert await storage.chats.topics(BEN_ID) == []


async def test_a_file_is_fetched_from_the_servers_own_address_only(tmp_path: Path) -> None:
    """A server that answers getFile with another place, or redirects, is not followed there."""
    asked: list[str] = []

    async def elsewhere(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(body=b'{"tocsin_chat": 1}')

    app = web.Application()
    app.router.add_get("/{path:.*}", elsewhere)
    async with TestServer(app, host="127.0.0.1") as other, town(tmp_path) as t:
        await t.start_bot()
        await t.ask("/start")
        place = str(other.make_url("/stolen"))
        files = t.playground.stage.files
        real = files.located
        for path in (place, "../../etc/passwd", "/etc/passwd", "documents/../x", f"//{place}"):
            t.ahead += 61
            files.located = lambda _, path=path: {  # type: ignore[method-assign,misc]
                "file_id": "a", "file_unique_id": "b", "file_path": path
            }  # fmt: skip
            answer = await _import(t, b"{}")
            assert answer.text == "Telegram does not give me that file. Send it again."
        files.located = real  # type: ignore[method-assign]
        files.respond = lambda file_id: web.Response(  # type: ignore[method-assign]
            status=302, headers={"Location": place}
        )
        t.ahead += 61
        assert "does not give me that file" in (await _import(t, b"{}")).text
        assert asked == []


async def test_who_speaks_for_a_channel_carries_files_for_it(harbour: Site, idle: Town) -> None:
    harbour.pages["/good"] = feed("Pier Post", "Crane number four is painted")
    await idle.start_bot()
    await idle.ask("/start")
    post = idle.playground.people.say(CHANNEL, "The bulletin begins at eight", user=ADA_ID)
    before = len(idle.messages())
    idle.playground.people.forward(CHANNEL, post.id, user=ADA_ID)
    await until(lambda: len(idle.messages()) > before, "an answer to a forwarded post")
    answer = await _import(idle, write_opml([OpmlFeed(f"{harbour.url}/good")]))
    assert answer.text.startswith("Channel Evening bulletin")
    # What became of the list is for who brought it, not for the channel's readers.
    await idle.alert("List checked: 1 of 1 new source answered")
    assert idle.texts(CHANNEL) == []
    async with idle.storage() as storage:
        assert await storage.chats.subscriptions(ADA_ID) == []
        assert len(await storage.chats.subscriptions(CHANNEL)) == 1
    listed, _ = await _export(idle)
    assert [f.url for f in read_opml(_bytes(idle, listed))] == [f"{harbour.url}/good"]
