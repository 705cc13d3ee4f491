"""The control API, which the page and tests of other processes use."""

import asyncio
import json
import math
import signal
import sys
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import NetworkError

from bot.playground.chats.world import ADA_ID, BEN_ID, Json
from bot.playground.clock import MovableClock
from bot.playground.news.newsroom import quiet_newsroom
from bot.playground.server import Playground, start_playground
from tests.playground.conftest import Clock


class Remote:
    """The control API as another process uses it."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = f"{url}/playground"

    async def get(self, path: str, **query: Any) -> Json:
        async with self._http.get(f"{self._url}/{path}", params=query) as answer:
            shown: Json = await answer.json()
            return shown

    async def post(self, path: str, **body: Any) -> Json:
        async with self._http.post(f"{self._url}/{path}", json=body) as answer:
            shown: Json = await answer.json()
            return shown


@pytest.fixture
def remote(playground: Playground, http: aiohttp.ClientSession) -> Remote:
    return Remote(http, playground.url)


async def test_a_conversation_by_remote_control(
    playground: Playground, remote: Remote, bot: Bot
) -> None:
    said = await remote.post("say", chat_id=ADA_ID, text="/start")
    assert said["message"]["text"] == "/start"
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Go", callback_data="go")]])
    sent = await bot.send_message(ADA_ID, "Ready?", reply_markup=keyboard)
    pressed = await remote.post("press", chat_id=ADA_ID, message_id=sent.message_id, text="Go")
    query = (await bot.get_updates())[-1].callback_query
    assert query
    assert query.id == pressed["query_id"]
    shown = await remote.get("messages", chat_id=ADA_ID, after=1)
    assert [message["text"] for message in shown["messages"]] == ["Ready?"]
    ledger = await remote.get("ledger", chat_id=ADA_ID, containing="Ready")
    assert [entry["outcome"] for entry in ledger["entries"]] == ["ok"]
    assert playground.ledger.total == ledger["total"] == 1


async def test_a_visitor_says_where_they_are_and_mends_what_they_wrote(
    remote: Remote, bot: Bot
) -> None:
    osaka = next(p for p in (await remote.get("state"))["places"] if p["name"] == "Osaka")
    place = {name: osaka[name] for name in ("latitude", "longitude")}
    sent = (await remote.post("location", chat_id=ADA_ID, **place))["message"]
    assert (sent["location"], sent["place"]) == (place, "Osaka")
    written = (await remote.post("say", chat_id=ADA_ID, text="/latset"))["message"]
    changed = await remote.post(
        "edit", chat_id=ADA_ID, message_id=written["message_id"], text="/latest"
    )
    assert changed["message"]["edit_date"]
    heard = await bot.get_updates()
    assert [bool(update.edited_message) for update in heard] == [False, False, True]


async def test_the_clock_is_put_forward_to_an_hour_of_the_chats_own_zone(
    http: aiohttp.ClientSession, clock: Clock
) -> None:
    clock.now = datetime(2031, 5, 4, 21, tzinfo=UTC).timestamp()
    moved = MovableClock(clock)

    async def zone_of(chat_id: int) -> str | None:
        return "Asia/Tokyo" if chat_id == ADA_ID else None

    newsroom = quiet_newsroom(clock=moved)
    playground = await start_playground(newsroom=newsroom, clock=moved, zone_of=zone_of)
    try:
        remote = Remote(http, playground.url)
        assert (await remote.get("state"))["skips"] is True
        hour: Json = {"minute": 480, "zone": "Europe/Lisbon"}
        here = await remote.post("skip", chat_id=ADA_ID, **hour)
        assert (here["zone"], here["now"]) == ("Asia/Tokyo", moved())
        assert datetime.fromtimestamp(moved(), UTC).hour == 23
        there = await remote.post("skip", chat_id=BEN_ID, **hour)
        assert there["zone"] == "Europe/Lisbon"
        assert datetime.fromtimestamp(moved(), UTC).hour == 7
        assert newsroom.publish("alpha", "Morning").published == moved()
        refused = await remote.post("skip", chat_id=BEN_ID, minute=480, zone="Moon/Base")
        assert "no time zone 'Moon/Base'" in refused["error"]
    finally:
        await playground.close()


async def test_a_clock_that_the_bot_does_not_go_by_stays(remote: Remote, clock: Clock) -> None:
    before = clock.now
    assert (await remote.get("state"))["skips"] is False
    answer = await remote.post("skip", chat_id=ADA_ID, minute=480)
    assert (answer["ok"], clock.now) == (False, before)
    assert "a clock of its own" in answer["error"]


async def test_the_state_shows_chats_people_and_news(
    playground: Playground, remote: Remote
) -> None:
    playground.newsroom.publish("alpha", "Truce")
    state = await remote.get("state")
    assert {chat["type"] for chat in state["chats"]} == {"private", "supergroup", "channel"}
    assert {user["first_name"] for user in state["users"]} == {"Tocsin", "Ada", "Ben"}
    assert [item["title"] for item in state["published"]] == ["Truce"]
    assert state["verdicts"] == playground.stage.verdicts.name


async def test_the_world_can_be_changed(playground: Playground, remote: Remote) -> None:
    group = (await remote.post("chats", title="New group", type="group"))["chat"]
    await remote.post("role", chat_id=group["id"], user_id=BEN_ID, status="administrator")
    await remote.post("bot", chat_id=group["id"], status="restricted")
    chat = playground.world.chats[group["id"]]
    assert (chat.is_admin(BEN_ID), chat.bot_status) == (True, "restricted")
    moved = (await remote.post("migrate", chat_id=group["id"]))["chat"]
    assert chat.migrated_to == moved["id"]
    await remote.post("chats", type="private", id=5003, title="Cleo", language_code="de")
    await remote.post("say", chat_id=5003, text="/start", **{"as": 5003})
    await remote.post("block", user_id=5003)
    assert playground.world.chats[5003].bot_status == "kicked"
    forum = next(c for c in playground.world.chats.values() if c.is_forum)
    thread = (await remote.post("topics", chat_id=forum.id, name="Harvest"))["thread"]
    await remote.post("topics", chat_id=forum.id, thread_id=thread["id"], state="closed")
    assert forum.threads[thread["id"]].closed


async def test_faults_and_news_by_remote_control(playground: Playground, remote: Remote) -> None:
    fault = (await remote.post("faults", kind="too_many", chat_id=ADA_ID, times=None))["fault"]
    assert [f["id"] for f in (await remote.get("faults"))["faults"]] == [fault["id"]]
    await remote.post("faults/clear", id=fault["id"])
    assert playground.faults.waiting == []
    item = (await remote.post("publish", feed="beta", title="Truce", tags=["World"]))["item"]
    assert (item["outlet"], item["tags"]) == ("Beta", ["World"])
    await remote.post("trouble", feed="beta", status=500)
    assert playground.newsroom.outlets["beta"].trouble == 500


@pytest.mark.parametrize(
    ("path", "body", "words"),
    [
        ("say", {"chat_id": 99, "text": "x"}, "There is no chat 99."),
        ("say", {"text": "x"}, "chat_id must be a whole number from"),
        ("say", {"chat_id": math.inf, "text": "x"}, "not Infinity."),
        ("say", {"chat_id": ADA_ID, "text": "x" * 4_097}, "text must be a text of at most 4096"),
        ("say", {"chat_id": ADA_ID, "text": "\ud800"}, "text must be a text"),
        ("say", {"chat_id": ADA_ID, "text": "x", "thread_id": {}}, "thread_id must be a whole"),
        ("document", {"chat_id": ADA_ID, "name": "a", "content": "?"}, "content must be base64."),
        ("location", {"chat_id": ADA_ID, "latitude": math.nan, "longitude": 0}, "from -90 to 90"),
        ("bot", {"chat_id": ADA_ID, "status": "odd"}, "status must be one of creator, admin"),
        ("chats", {"title": "x", "type": "odd"}, "type must be one of private, group"),
        ("penalties", {"seconds": math.inf}, "seconds must be a number from 0 to"),
        (
            "faults",
            {"kind": "delay", "seconds": "x"},
            "seconds must be a number from 0 to 31622400",
        ),
        ("faults", {"kind": "delay", "times": 0}, "times must be a whole number from 1"),
        ("faults", {"kind": "delay", "colour": "red"}, 'There is no "colour" to set; there are'),
        ("publish", {"feed": "beta", "title": 5}, "title must be a text"),
        ("publish", {"feed": "beta", "title": "x", "published": 1e300}, "published must be"),
        ("trouble", {"feed": "beta", "status": "x"}, "status must be a whole number from 200"),
        ("trouble", {"feed": "beta", "status": 99_999}, "from 200 to 599, not 99999."),
        ("press", {"chat_id": ADA_ID, "message_id": 5}, "That message is not there."),
        ("faults", {"kind": "plague"}, "kind must be one of delay, too_many"),
        ("publish", {"feed": "omega", "title": "x"}, "There is no feed"),
    ],
)
async def test_what_cannot_be_is_said_in_words(
    remote: Remote, path: str, body: Json, words: str
) -> None:
    answer = await remote.post(path, **body)
    assert answer["ok"] is False
    assert words in answer["error"]


_COMPLETE: dict[str, Json] = {
    "say": {"chat_id": ADA_ID, "text": "x", "thread_id": None, "reply_to": None, "as": "5001"},
    "document": {"chat_id": ADA_ID, "name": "a", "content": "aGk=", "caption": "", "as": ADA_ID},
    "location": {"chat_id": ADA_ID, "latitude": 1, "longitude": 2, "thread_id": None},
    "edit": {"chat_id": ADA_ID, "message_id": 1, "text": "x"},
    "press": {"chat_id": ADA_ID, "message_id": 1, "row": 0, "column": 0, "text": "x"},
    "forward": {"chat_id": ADA_ID, "message_id": 1, "as": ADA_ID},
    "block": {"user_id": BEN_ID, "blocked": True},
    "bot": {"chat_id": BEN_ID, "status": "member"},
    "role": {"chat_id": -1002000000001, "user_id": BEN_ID, "status": "member"},
    "chats": {"type": "private", "id": 5003, "title": "x", "language_code": "de", "forum": False},
    "topics": {"chat_id": -1002000000002, "thread_id": 2, "name": "x", "state": "open"},
    "migrate": {"chat_id": -1002000000001},
    "faults": {
        "kind": "delay", "method": "x", "chat_id": 1, "after": 0, "times": 1, "seconds": 0,
        "retry_after": 0, "description": "x", "migrate_to_chat_id": 1,
    },
    "faults/clear": {"id": 1},
    "penalties": {"chat_id": 1, "seconds": 0, "grows": 1, "tells": True},
    "publish": {
        "feed": "beta", "title": "x", "summary": "x", "link": "x", "id": "x", "author": "x",
        "tags": ["x"], "published": 1, "image": "x",
    },
    "skip": {"chat_id": ADA_ID, "minute": 480, "zone": "UTC"},
    "trouble": {"feed": "alpha", "status": 500},
}  # fmt: skip
_OTHER_LETTERS = {"Content-Type": "application/json; charset=none"}
_ODD: tuple[Any, ...] = (
    math.inf,
    math.nan,
    10**400,
    -1,
    True,
    None,
    "",
    "9" * 5_000,
    "²",
    [[]],
    {},
    "\ud800",
)


@pytest.mark.slow
@pytest.mark.parametrize("path", _COMPLETE)
async def test_whatever_is_sent_is_done_or_refused_and_breaks_nothing(
    playground: Playground, http: aiohttp.ClientSession, path: str
) -> None:
    url, kind = f"{playground.url}/playground/{path}", {"Content-Type": "application/json"}
    complete = _COMPLETE[path]
    bodies = [json.dumps(complete | {name: odd}).encode() for name in complete for odd in _ODD]
    for body in (*bodies, b"", b"[]", b"5", b"{", b"\xff", b"[" * 100_000, b'{"odd": 1}'):
        async with http.post(url, data=body, headers=kind) as answer:
            assert answer.status in (200, 400), body[:200]
            said = await answer.json()
            assert "Error" not in said.get("error", "")
    async with http.post(url, data=b"{}", headers=_OTHER_LETTERS) as answer:
        assert answer.status == 400
    for seen in ("playground/state", "playground/faults", "feeds/beta"):
        async with http.get(f"{playground.url}/{seen}") as answer:
            assert answer.status == 200


async def test_who_is_not_there_changes_nothing(playground: Playground, remote: Remote) -> None:
    group = next(c for c in playground.world.chats.values() if c.type == "supergroup")
    before, nobody = dict(group.members), 777
    for path, body in (
        ("role", {"chat_id": group.id, "user_id": nobody, "status": "administrator"}),
        ("block", {"user_id": group.id}),
        ("say", {"chat_id": ADA_ID, "text": "/start", "as": nobody}),
    ):
        assert "There is no user" in (await remote.post(path, **body))["error"]
    assert group.members == before
    assert playground.world.chats[ADA_ID].bot_status == "left"


async def test_other_origins_cannot_reach_in(
    playground: Playground, http: aiohttp.ClientSession
) -> None:
    url = f"{playground.url}/playground"
    async with http.post(f"{url}/say", data='{"chat_id": 5001, "text": "x"}') as answer:
        assert answer.status == 415
    async with http.get(f"{url}/state", headers={"Host": "evil.example"}) as answer:
        assert answer.status == 421


@pytest.mark.parametrize(
    "sent",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "navigate"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
    ids=lambda sent: " ".join(sent.values()),
)
async def test_a_page_of_somebody_else_neither_acts_as_the_bot_nor_asks_the_control_api(
    playground: Playground, http: aiohttp.ClientSession, bot: Bot, sent: dict[str, str]
) -> None:
    await http.post(f"{playground.url}/playground/say", json={"chat_id": ADA_ID, "text": "/start"})
    api = f"{playground.url}/bot{playground.token}"
    for address in (
        f"{api}/sendMessage?chat_id={ADA_ID}&text=Hello",
        f"{api}/setWebhook?url=http://127.0.0.1:9/",
        f"{api}/getUpdates?offset=-1",
        f"{playground.url}/file/bot{playground.token}/documents/1",
        f"{playground.url}/playground/state",
    ):
        async with http.get(address, headers=sent) as answer:
            assert answer.status == 403
    async with http.post(
        f"{playground.url}/playground/say", json={"chat_id": ADA_ID, "text": "x"}, headers=sent
    ) as answer:
        assert answer.status == 403
    assert [m.text for m in playground.world.chats[ADA_ID].messages.values()] == ["/start"]
    assert playground.stage.updates.webhook_url == ""
    assert len(await bot.get_updates()) == 1
    async with http.get(playground.url, headers=sent) as answer:
        assert answer.status == 200


async def test_the_page_asks_the_control_api_and_never_acts_as_the_bot(
    playground: Playground, http: aiohttp.ClientSession
) -> None:
    ours = {"Sec-Fetch-Site": "same-origin", "Origin": playground.url}
    async with http.get(f"{playground.url}/playground/state", headers=ours) as answer:
        assert answer.status == 200
    by_origin = {"Origin": playground.url}
    async with http.post(
        f"{playground.url}/playground/say",
        json={"chat_id": ADA_ID, "text": "/start"},
        headers=by_origin,
    ) as answer:
        assert answer.status == 200
    picture_of_a_feed = f"/bot{playground.token}/sendMessage?chat_id={ADA_ID}&text=Hello"
    async with http.get(playground.url + picture_of_a_feed, headers=ours) as answer:
        assert answer.status == 403


async def test_events_stream_as_they_happen(
    playground: Playground, http: aiohttp.ClientSession
) -> None:
    url = f"{playground.url}/playground/events"
    async with http.get(url) as stream:
        await stream.content.readuntil(b"\n\n")
        playground.people.say(ADA_ID, "/start")
        kinds = []
        while "message" not in kinds:
            block = await asyncio.wait_for(stream.content.readuntil(b"\n\n"), 60)
            kinds.append(json.loads(block.partition(b"data: ")[2])["type"])
        assert kinds == ["chat", "message"]


@pytest.mark.slow
async def test_the_server_runs_as_a_process_of_its_own(http: aiohttp.ClientSession) -> None:
    command = (sys.executable, "-m", "bot.playground.server", "--no-news", "--no-limits")
    server = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert server.stdout
    try:
        address = json.loads(await asyncio.wait_for(server.stdout.readline(), 60))
        assert (await Remote(http, address["url"]).get("state"))["bot"]["is_bot"]
        async with http.get(address["feeds"]["meridian-wire"]) as answer:
            assert answer.status == 200
    finally:
        server.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(server.wait(), 60) == 0


async def test_penalties_are_opened_by_remote_control(
    remote: Remote, bot: Bot, clock: Clock
) -> None:
    await remote.post("say", chat_id=ADA_ID, text="/start")
    await remote.post("penalties", seconds=60, tells=False)
    with pytest.raises(NetworkError, match="Too Many Requests"):
        await bot.send_message(ADA_ID, "too soon")
    clock.now += 60
    await bot.send_message(ADA_ID, "in time")
