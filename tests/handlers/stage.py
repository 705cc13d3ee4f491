"""A stage for commands: real SQLite, the real router and handlers, and a wire that records what
would have gone to Telegram. Nothing is polled and no bot runs, so a command takes milliseconds.
"""

import html
import itertools
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import telegram
from msgspec.structs import replace
from telegram.request import BaseRequest, RequestData

from bot.actions.adding import Adding
from bot.delivery.files import Files
from bot.delivery.pace import Pace, PaceLimits
from bot.delivery.send import Sender
from bot.delivery.transport import AiohttpRequest
from bot.feeds.fetching.fetch import Fetcher
from bot.feeds.fetching.guard import Guard
from bot.feeds.fetching.visitor import Visitor
from bot.feeds.finder import Finder
from bot.feeds.reading.worker import ParserPool
from bot.loops import Stop
from bot.metrics import Metrics
from bot.news.feed import NewFeed, PollRecord
from bot.news.polling.schedule import Bounds
from bot.pipeline.placing.desk import Desk
from handlers.routing.router import Dispatcher
from handlers.services import Access, RateLimits, Services
from handlers.shipped import shipped
from storage.open import open_storage
from storage.storage import Storage
from tests.databases import empty_database
from tests.desks import desk_on
from tests.reading import seen
from tests.storage.samples import report, traces_of

ADA_ID, BEN_ID = 5001, 5002
GROUP, CHANNEL, SMALL_GROUP = -1002000000001, -1002000000003, -4001
BOT_NAME, BOT_ID = "stage_bot", 1
START = 1_800_000_000.0
_KINDS = {GROUP: "supergroup", CHANNEL: "channel", SMALL_GROUP: "group"}
_ANONYMOUS = 1087968824  # the account in whose name an anonymous administrator writes
# Between two things that a person does: fewer than are a flood.
_SECONDS = 2.0


@dataclass
class Shown:
    """A message of the bot as it reads now."""

    id: int
    chat_id: int
    html: str
    buttons: list[tuple[str, str]]

    @property
    def text(self) -> str:
        """What a person reads."""
        return seen(html.unescape(re.sub(r"<[^>]+>", "", self.html)))

    @property
    def labels(self) -> list[str]:
        """What is written on its buttons."""
        return [label for label, _ in self.buttons]


class Wire(BaseRequest):
    """Telegram as far as commands need it: it takes messages, edits and answers to presses, and
    knows who administers a group.
    """

    def __init__(self) -> None:
        self.shown: dict[tuple[int, int], Shown] = {}
        self.notes: dict[str, str] = {}
        self.introduced: list[dict[str, str]] = []
        self.administrators = {(GROUP, ADA_ID)}
        self.owners: dict[int, int] = {}
        self.troubled: set[str] = set()
        self._ids = itertools.count(1)

    @property
    def read_timeout(self) -> float:
        """Seconds an answer may take."""
        return 1.0

    async def initialize(self) -> None:
        """Nothing is to be opened."""

    async def shutdown(self) -> None:
        """Nothing is to be closed."""

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *_: Any, **__: Any
    ) -> tuple[int, bytes]:
        """Does what a method of the Bot API asks for."""
        asked = request_data.json_parameters if request_data else {}
        called = url.rpartition("/")[2]
        if called in self.troubled:
            return 502, b'{"ok": false, "description": "Bad Gateway"}'
        result = self._answer(called, asked)
        return 200, json.dumps({"ok": True, "result": result}).encode()

    def new_id(self) -> int:
        """The number of the next message, which people and the bot share."""
        return next(self._ids)

    def _answer(self, method: str, asked: dict[str, str]) -> Any:
        match method:
            case "sendMessage" | "sendDocument":
                return self._show(int(asked["chat_id"]), self.new_id(), asked)
            case "editMessageText":
                return self._show(int(asked["chat_id"]), int(asked["message_id"]), asked)
            case "editMessageReplyMarkup":
                return self._show(int(asked["chat_id"]), int(asked["message_id"]), asked)
            case "answerCallbackQuery":
                self.notes[asked["callback_query_id"]] = asked.get("text", "")
                return True
            case "setMyCommands" | "setMyDescription" | "setMyShortDescription":
                self.introduced.append({"language_code": ""} | asked)
                return True
            case "getChatAdministrators":
                owner = self.owners.get(int(asked["chat_id"]))
                return [_owner(owner)] if owner else []
            case "getChatMember":
                who = int(asked["chat_id"]), int(asked["user_id"])
                return _member(who[1], who in self.administrators)
        raise AssertionError(f"the stage does not know {method}")

    def _show(self, chat_id: int, number: int, asked: dict[str, str]) -> dict[str, Any]:
        rows = json.loads(asked.get("reply_markup", "{}")).get("inline_keyboard", [])
        buttons = [(each["text"], each.get("callback_data", "")) for row in rows for each in row]
        there = self.shown.setdefault((chat_id, number), Shown(number, chat_id, "", buttons))
        said = asked.get("text", asked.get("caption", there.html))
        there.html, there.buttons = said, buttons
        return _message(chat_id, number, said)


@dataclass
class Stage:
    """People who write and press, and what they are shown."""

    storage: Storage
    wire: Wire
    router: Dispatcher
    desk: Desk
    clock: list[float]
    languages: dict[int, str] = field(default_factory=dict)
    """What Telegram says of people who are here: their language."""
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    def messages(self, chat_id: int = ADA_ID) -> list[Shown]:
        """What the bot wrote in a chat, oldest first, as it reads now."""
        return [each for (chat, _), each in sorted(self.wire.shown.items()) if chat == chat_id]

    def alert(self, part: str, chat_id: int = ADA_ID) -> Shown:
        """The newest message that has this part."""
        return [each for each in self.messages(chat_id) if part in each.text][-1]

    async def say(
        self,
        text: str,
        chat_id: int = ADA_ID,
        user: int | str = ADA_ID,
        quickly: bool = False,
        edits: int | None = None,
        **more: Any,
    ) -> int:
        """Somebody writes, or edits an own message by its number; returns that. `user` may be
        "anonymous"; `more` are other fields of the message.
        """
        number = edits or self.wire.new_id()
        data = _message(chat_id, number, text) | more
        if chat_id == CHANNEL or user == "anonymous":
            data["sender_chat"] = data["chat"]
        if chat_id != CHANNEL:
            who = user if isinstance(user, int) else _ANONYMOUS
            data["from"] = _user(who, language=self.languages.get(who))
        if command := re.match(r"/\S+", text):
            end = command.end()
            data["entities"] = [{"type": "bot_command", "offset": 0, "length": end}]
        kind = "channel_post" if chat_id == CHANNEL else "edited_message" if edits else "message"
        await self._happens({kind: data}, 0.0 if quickly else _SECONDS)
        return number

    async def send(self, what: dict[str, Any], chat_id: int = ADA_ID, **how: Any) -> None:
        """Somebody sends something without words, by its fields."""
        data = _message(chat_id, self.wire.new_id(), "") | {"from": _user(ADA_ID)} | what
        del data["text"]
        await self._happens({"edited_message" if how.get("edits") else "message": data}, _SECONDS)

    async def bot_becomes(
        self, now: str, before: str = "left", chat_id: int = GROUP, user: int = ADA_ID
    ) -> None:
        """Somebody adds the bot to a chat, takes it out, or gives it other rights."""
        chat = _message(chat_id, 0, "")["chat"]
        old, new = ({**_member(BOT_ID, each == "administrator"), "status": each}
                    for each in (before, now))  # fmt: skip
        who = _user(user, language=self.languages.get(user))
        told = {"chat": chat, "from": who, "date": int(self.clock[0])}
        changed = told | {"old_chat_member": old, "new_chat_member": new}
        await self._happens({"my_chat_member": changed}, _SECONDS)

    async def becomes_supergroup(self, old: int, new: int) -> None:
        """A group moves to another number; Telegram says so in both."""
        chat = {"id": old, "type": "group", "title": "Harbour watch"}
        moved = _message(new, self.wire.new_id(), "") | {"migrate_from_chat_id": old}
        left = moved | {"chat": chat, "migrate_to_chat_id": new}
        del left["migrate_from_chat_id"], left["text"], moved["text"]
        for message in (left, moved):
            await self._happens({"message": message | {"from": _user(ADA_ID)}}, 0.0)

    async def ask(
        self, text: str, chat_id: int = ADA_ID, user: int | str = ADA_ID, **more: Any
    ) -> Shown:
        """Somebody writes and is answered; `more` are other fields of the message."""
        before = len(self.messages(chat_id))
        await self.say(text, chat_id, user, **more)
        assert len(self.messages(chat_id)) > before, f"no answer to {text!r}"
        return self.messages(chat_id)[-1]

    async def press(self, shown: Shown, label: str, user: int = ADA_ID) -> str:
        """Somebody presses a button; returns the note that they are shown."""
        return await self.press_data(shown, dict(shown.buttons)[label], user)

    async def turned(self, shown: Shown, label: str, user: int = ADA_ID) -> Shown:
        """Somebody presses a button that changes the message in place."""
        await self.press(shown, label, user)
        return shown

    async def press_data(self, shown: Shown, data: str, user: int = ADA_ID, **more: Any) -> str:
        """Somebody presses what carries this, be it there or not; `more` are other fields of the
        message.
        """
        query = f"{next(self._numbers)}"
        message = (
            _message(shown.chat_id, shown.id, shown.text)
            | {"from": _user(BOT_ID, is_bot=True)}
            | _keyboard(shown.buttons)
            | more
        )
        who = _user(user, language=self.languages.get(user))
        pressed = {"id": query, "from": who, "chat_instance": "1", "data": data}
        await self._happens({"callback_query": pressed | {"message": message}}, _SECONDS)
        return self.wire.notes[query]

    async def add_sources(self, *titles: str) -> None:
        """The catalogue gets feeds that have been read."""
        now = self.clock[0]
        wanted = [NewFeed(f"https://n{n}.example/", title, now) for n, title in enumerate(titles)]
        for feed in await self.storage.feeds.add(wanted, now):
            await self.storage.feeds.record([PollRecord(replace(feed, settled=True))], now)

    async def publish(self, *titles: str, source: int = 0) -> None:
        """The first feed brings news, or another by its place; the reports are placed."""
        feed = sorted(await self.storage.feeds.all(), key=lambda each: each.id)[source]
        made = [
            report(next(self._numbers), title=title, published_at=self.clock[0] + n)
            for n, title in enumerate(titles)
        ]
        record = PollRecord(replace(feed, settled=True), traces_of(made), tuple(made))
        await self.storage.feeds.record([record], self.clock[0])
        while await self.storage.stories.unplaced(1):
            await self.desk.step()

    async def _happens(self, what: dict[str, Any], seconds: float) -> None:
        self.clock[0] += seconds
        data = what | {"update_id": next(self._numbers)}
        await self.router.handle(telegram.Update.de_json(data, bot_on(self.wire)))


def bot_on(wire: Wire) -> telegram.Bot:
    """The bot, whose requests go to this wire."""
    return telegram.Bot("1:stage", request=wire, get_updates_request=wire)


def _user(number: int, *, is_bot: bool = False, language: str | None = None) -> dict[str, Any]:
    known = {"id": number, "first_name": f"Person {number}", "is_bot": is_bot}
    return known | ({"language_code": language} if language else {})


def _message(chat_id: int, number: int, text: str) -> dict[str, Any]:
    kind = _KINDS.get(chat_id, "private")
    chat = {"id": chat_id, "type": kind}
    chat |= {"first_name": "Somebody"} if kind == "private" else {"title": "A chat"}
    return {"message_id": number, "date": int(START), "chat": chat, "text": text}


def _keyboard(buttons: list[tuple[str, str]]) -> dict[str, Any]:
    rows = [[{"text": text, "callback_data": data}] for text, data in buttons if data]
    return {"reply_markup": {"inline_keyboard": rows}} if rows else {}


def _member(user: int, is_administrator: bool) -> dict[str, Any]:
    if not is_administrator:
        return {"user": _user(user), "status": "member"}
    rights = dict.fromkeys(
        [
            "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages",
            "can_manage_video_chats", "can_restrict_members", "can_promote_members",
            "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
            "can_delete_stories",
        ],
        True,
    )  # fmt: skip
    return {"user": _user(user), "status": "administrator"} | rights


def _owner(user: int) -> dict[str, Any]:
    return {"user": _user(user), "status": "creator", "is_anonymous": True}


def router(
    storage: Storage,
    wire: Wire,
    clock: list[float],
    *,
    access: str = "open",
    admin_ids: tuple[int, ...] = (),
    user_feeds: bool = True,
    language: str = "en",
    limits: PaceLimits | None = None,
) -> Dispatcher:
    """The router, with all that handlers need; the last five are as the settings say them. What is
    waited for is there at once, and the clock says that it took its time.
    """
    guard, bot = Guard(), bot_on(wire)
    pace = Pace(limits or PaceLimits(0, 0, 0))
    stop, metrics = Stop(), Metrics()

    def now() -> float:
        return clock[0]

    async def sleep(seconds: float) -> None:
        clock[0] += seconds

    sender = Sender(bot=bot, pace=pace, now=now, sleep=sleep, metrics=metrics)
    services = Services(
        storage=storage,
        sender=sender,
        now=now,
        metrics=metrics,
        access=Access(is_open=access == "open", operators=admin_ids, user_feeds=user_feeds),
        limits=RateLimits(sender=sender, now=now),
        language=language,
        timezone="UTC",
        retention_days=30.0,
        outbox=stop.wakeup(),
        shipped=shipped(),
        finder=Finder(Visitor(Fetcher(guard)), ParserPool(), guard.check_url),
        adding=Adding(guard.check_url, Bounds(60, 3600), lambda: 0.5),
        files=Files(bot, AiohttpRequest(seconds=1, connect_seconds=1, connections=1)),
    )
    return Dispatcher(services, BOT_NAME, BOT_ID)


@asynccontextmanager
async def stage(folder: Path, **settings: Any) -> AsyncIterator[Stage]:
    """A stage with two feeds, Harbour Post and Hill Radio."""
    clock, wire, stop = [START], Wire(), Stop()
    storage = await open_storage(empty_database(folder / "stage.db"), alone=True, now=clock[0])
    try:
        names = {"harbour": "Harbour Post", "hill": "Hill Radio"}
        feeds = [NewFeed(f"https://{n}.example/", name, START) for n, name in names.items()]
        for feed in await storage.feeds.add(feeds, START):
            await storage.feeds.record([PollRecord(replace(feed, settled=True))], START)
        desk = desk_on(storage, lambda: clock[0], stop)
        yield Stage(storage, wire, router(storage, wire, clock, **settings), desk, clock)
    finally:
        await storage.close()
