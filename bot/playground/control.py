"""The control API under `/playground/`: what the chat page and tests of other processes use.

Everything is JSON. Requests that change something must be sent as `application/json`, which a
page of another origin cannot do unasked.
"""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, fields
from inspect import isawaitable
from typing import Any, cast, get_args

from aiohttp import web
from msgspec import structs

from bot.errors import BadInput
from bot.playground.asked import RequestBody
from bot.playground.bot_api import wire
from bot.playground.bot_api.faults import Fault, FaultKind, FaultPlan
from bot.playground.bot_api.ledger import Ledger
from bot.playground.bot_api.limits import RateBook
from bot.playground.bot_api.refusals import BotApiError
from bot.playground.chats.people import ANONYMOUS, People, Speaker
from bot.playground.chats.places import PLACES
from bot.playground.chats.world import ADA_ID, ChatType, PlaygroundChat, Status
from bot.playground.clock import MovableClock
from bot.playground.news.newsroom import Newsroom, PublishedItem
from bot.playground.stage import Stage

Json = dict[str, Any]
Act = Callable[[RequestBody], Any]
ZoneOf = Callable[[int], Awaitable[str | None]]
_CHATS_SHOWN = 200
_MESSAGES_SHOWN = 200
LONGEST_TEXT = 4_096
_LONGEST_CAPTION = 1_024
_LONGEST_NAME = 255
_LONGEST_LANGUAGE = 35
_LONGEST_ARTICLE = 200_000
_MOST_BASE64 = 4 * 1024 * 1024
_MOST_BUTTONS = 100
_MOST_REQUESTS = 1_000_000
_LONGEST_WAIT = 366 * 86_400
_LATEST = 4_102_444_800.0  # the year 2100
_HEARTBEAT = b": still here\n\n"


@dataclass
class Control:
    """Reads and changes the playground on behalf of pages and tests.

    Where the bot goes by a `movable` clock, that can be put forward, to an hour in the zone that
    the bot knows of a chat by `zone_of`.
    """

    stage: Stage
    people: People
    faults: FaultPlan
    ledger: Ledger
    newsroom: Newsroom
    rates: RateBook
    movable: MovableClock | None
    zone_of: ZoneOf | None

    def routes(self) -> list[web.RouteDef]:
        """All addresses of the control API."""
        acts: dict[str, Act] = {
            "say": self._say,
            "document": self._send_document,
            "location": self._send_location,
            "edit": self._edit,
            "press": self._press,
            "forward": self._forward,
            "block": self._block,
            "bot": self._move_bot,
            "role": self._role,
            "chats": self._create_chat,
            "topics": self._topic,
            "migrate": self._migrate,
            "faults": self._add_fault,
            "faults/clear": self._clear_faults,
            "penalties": self._penalty,
            "publish": self._publish,
            "skip": self._skip,
            "trouble": self._feed_trouble,
        }
        return [
            web.get("/playground/state", self._state),
            web.get("/playground/events", self._events),
            web.get("/playground/messages", self._messages),
            web.get("/playground/files/{file_id}", self._file),
            web.get("/playground/commands", self._commands),
            web.get("/playground/ledger", self._ledger),
            web.get("/playground/faults", self._list_faults),
            web.get("/playground/feeds", self._feeds),
            *(web.post(f"/playground/{name}", _acting(act)) for name, act in acts.items()),
        ]

    def tell_published(self, item: PublishedItem) -> None:
        """Pass a published item on to watchers."""
        self.stage.events.tell("published", item=self._item(item))

    async def _state(self, _: web.Request) -> web.Response:
        stage, chats = self.stage, list(self.stage.world.chats.values())[:_CHATS_SHOWN]
        state = {
            "bot": wire.bot_user(stage.world),
            "verdicts": stage.verdicts.name,
            "last_event": stage.events.last,
            "users": [wire.user(user) for user in stage.world.users.values()][:_CHATS_SHOWN],
            "chats": [stage.chat_view(chat, newest=_MESSAGES_SHOWN) for chat in chats],
            "description": stage.profile.texts.get(("description", ""), ""),
            "feeds": self._outlets(),
            "published": [self._item(item) for item in self.newsroom.newest()],
            "places": PLACES,
            "now": stage.clock(),
            "skips": self.movable is not None,
        }
        return web.json_response(state)

    async def _events(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events, from the one after `after` on."""
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        await response.write(_HEARTBEAT)
        seen = _number(request, "after", self.stage.events.last)
        while events := await self.stage.events.after(seen):
            seen = events[-1][0]
            lines = (f"id: {number}\ndata: {json.dumps(event)}\n\n" for number, event in events)
            try:
                await response.write("".join(lines).encode())
            except ConnectionError:
                break
        return response

    async def _messages(self, request: web.Request) -> web.Response:
        chat = self._chat(_number(request, "chat_id", 0))
        after = _number(request, "after", 0)
        shown = [self.stage.view(sent) for sent in chat.messages.values() if sent.id > after]
        return web.json_response({"messages": shown})

    async def _commands(self, request: web.Request) -> web.Response:
        chat = self._chat(_number(request, "chat_id", 0))
        user_id = _number(request, "user_id", ADA_ID)
        user = self.stage.world.users.get(user_id)
        language = user.language_code if user else ""
        shown = self.stage.profile.commands_shown(chat, user_id, language)
        return web.json_response({"commands": shown})

    async def _ledger(self, request: web.Request) -> web.Response:
        chat_id = _number(request, "chat_id", 0) or None
        entries = self.ledger.find(
            method=request.query.get("method"),
            chat_id=chat_id,
            containing=request.query.get("containing", ""),
            after=_number(request, "after", 0),
        )
        shown = [entry.as_json() for entry in entries]
        return web.json_response({"total": self.ledger.total, "entries": shown})

    async def _list_faults(self, _: web.Request) -> web.Response:
        return web.json_response({"faults": [fault.as_json() for fault in self.faults.waiting]})

    async def _feeds(self, _: web.Request) -> web.Response:
        published = [self._item(item) for item in self.newsroom.newest()]
        return web.json_response({"feeds": self._outlets(), "published": published})

    def _say(self, asked: RequestBody) -> Json:
        message = self.people.say(
            asked.whole("chat_id"),
            asked.text("text", LONGEST_TEXT),
            user=_speaker(asked),
            thread_id=_or_none(asked, "thread_id"),
            reply_to=_or_none(asked, "reply_to"),
        )
        return {"message": self.stage.view(message)}

    def _send_document(self, asked: RequestBody) -> Json:
        """A document of a person, its bytes in base64."""
        content = asked.text("content", _MOST_BASE64)
        try:
            data = base64.b64decode(content, validate=True)
        except ValueError:
            raise BadInput("content must be base64.") from None
        message = self.people.send_document(
            asked.whole("chat_id"),
            asked.text("name", _LONGEST_NAME),
            data,
            caption=asked.text("caption", _LONGEST_CAPTION, ""),
            user=_speaker(asked),
            thread_id=_or_none(asked, "thread_id"),
            reply_to=_or_none(asked, "reply_to"),
        )
        return {"message": self.stage.view(message)}

    def _send_location(self, asked: RequestBody) -> Json:
        message = self.people.send_location(
            asked.whole("chat_id"),
            asked.number("latitude", -90, 90),
            asked.number("longitude", -180, 180),
            user=_speaker(asked),
            thread_id=_or_none(asked, "thread_id"),
        )
        return {"message": self.stage.view(message)}

    def _edit(self, asked: RequestBody) -> Json:
        message = self.people.edit(
            asked.whole("chat_id"),
            asked.whole("message_id"),
            asked.text("text", LONGEST_TEXT),
            user=_speaker(asked),
        )
        return {"message": self.stage.view(message)}

    def _press(self, asked: RequestBody) -> Json:
        speaker = _speaker(asked)
        query_id = self.people.press(
            asked.whole("chat_id"),
            asked.whole("message_id"),
            user=ADA_ID if speaker == ANONYMOUS else speaker,
            row=asked.whole("row", 0, _MOST_BUTTONS, 0),
            column=asked.whole("column", 0, _MOST_BUTTONS, 0),
            text=asked.text("text", LONGEST_TEXT) if asked.has("text") else None,
        )
        return {"query_id": query_id}

    def _forward(self, asked: RequestBody) -> None:
        speaker = _speaker(asked)
        user = ADA_ID if speaker == ANONYMOUS else speaker
        self.people.forward(asked.whole("chat_id"), asked.whole("message_id"), user=user)

    def _block(self, asked: RequestBody) -> None:
        blocked = asked.flag("blocked", default=True)
        self.people.block(asked.whole("user_id"), blocked=blocked)

    def _move_bot(self, asked: RequestBody) -> None:
        self.people.move_bot(asked.whole("chat_id"), _status(asked))

    def _role(self, asked: RequestBody) -> None:
        self.people.set_role(asked.whole("chat_id"), asked.whole("user_id"), _status(asked))

    def _create_chat(self, asked: RequestBody) -> Json:
        kind = asked.one_of("type", get_args(ChatType), "supergroup")
        title = asked.text("title", _LONGEST_NAME)
        if kind == "private":
            language = asked.text("language_code", _LONGEST_LANGUAGE, "en")
            person = self.people.create_person(asked.whole("id", 1), title, language_code=language)
            return {"chat": self.stage.chat_view(person)}
        chat = self.people.create_group(
            title, kind=cast(ChatType, kind), forum=asked.flag("forum", default=False)
        )
        return {"chat": self.stage.chat_view(chat)}

    def _topic(self, asked: RequestBody) -> Json:
        chat_id = asked.whole("chat_id")
        if asked.has("thread_id"):
            state = asked.one_of("state", ("open", "closed", "deleted"))
            self.people.set_topic(chat_id, asked.whole("thread_id"), state)
            return {}
        name = asked.text("name", _LONGEST_NAME)
        return {"thread": asdict(self.people.open_topic(chat_id, name))}

    def _migrate(self, asked: RequestBody) -> Json:
        return {"chat": self.stage.chat_view(self.people.migrate(asked.whole("chat_id")))}

    def _add_fault(self, asked: RequestBody) -> Json:
        asked.only(*(each.name for each in fields(Fault) if each.name not in ("id", "met")))
        usual = Fault(FaultKind.DELAY)
        lasts = asked.is_null("times")
        fault = self.faults.add(
            asked.one_of("kind", list(FaultKind)),
            method=asked.text("method", _LONGEST_NAME, usual.method),
            chat_id=_or_none(asked, "chat_id"),
            after=asked.whole("after", 0, _MOST_REQUESTS, usual.after),
            times=None if lasts else asked.whole("times", 1, _MOST_REQUESTS, 1),
            seconds=asked.number("seconds", 0, _LONGEST_WAIT, usual.seconds),
            retry_after=asked.whole("retry_after", 0, _LONGEST_WAIT, usual.retry_after),
            description=asked.text("description", LONGEST_TEXT, usual.description),
            migrate_to_chat_id=_or_none(asked, "migrate_to_chat_id"),
        )
        return {"fault": fault.as_json()}

    def _clear_faults(self, asked: RequestBody) -> None:
        if asked.has("id"):
            self.faults.remove(asked.whole("id"))
        else:
            self.faults.clear()

    def _penalty(self, asked: RequestBody) -> None:
        """Let a penalty begin with the next request of a chat, or of the bot."""
        self.rates.lay_in_wait(
            _or_none(asked, "chat_id"),
            asked.number("seconds", 0, _LONGEST_WAIT),
            grows=asked.number("grows", 0, _LONGEST_WAIT, 1),
            tells=asked.flag("tells", default=True),
        )

    def _publish(self, asked: RequestBody) -> Json:
        if not asked:
            item = self.newsroom.publish_next()
            return {"item": self._item(item) if item else None}
        asked.only(
            "feed", "title", "summary", "link", "id", "author", "tags", "published", "image"
        )  # fmt: skip
        item = self.newsroom.publish(
            asked.text("feed", _LONGEST_NAME),
            asked.text("title", _LONGEST_ARTICLE),
            asked.text("summary", _LONGEST_ARTICLE, ""),
            asked.text("link", LONGEST_TEXT) if asked.has("link") else None,
            id=asked.text("id", LONGEST_TEXT) if asked.has("id") else None,
            author=asked.text("author", _LONGEST_NAME, ""),
            tags=asked.texts("tags", _MOST_BUTTONS, _LONGEST_NAME),
            published=asked.number("published", 0, _LATEST) if asked.has("published") else None,
            image=asked.text("image", LONGEST_TEXT, ""),
        )
        return {"item": self._item(item)}

    async def _skip(self, asked: RequestBody) -> Json:
        """Put the clock forward to a minute of the day, in the chat's zone or the one given."""
        if self.movable is None:
            raise BadInput("The bot goes by a clock of its own: this one stays with it.")
        minute, chat_id = asked.whole("minute", 0, 24 * 60 - 1), asked.whole("chat_id")
        known = await self.zone_of(chat_id) if self.zone_of else None
        zone = known or asked.text("zone", _LONGEST_NAME, "UTC")
        self.movable.skip_to(minute, zone)
        self.stage.events.tell("clock", now=self.stage.clock())
        return {"zone": zone, "now": self.stage.clock()}

    def _feed_trouble(self, asked: RequestBody) -> None:
        """Let a feed answer with a status instead of its document; null mends it."""
        outlet = self.newsroom.outlets.get(asked.text("feed", _LONGEST_NAME))
        if outlet is None:
            raise BadInput("There is no such feed.")
        outlet.trouble = asked.whole("status", 200, 599) if asked.has("status") else None

    def _outlets(self) -> list[Json]:
        return [
            {"name": o.name, "title": o.title, "language": o.language, "form": o.form}
            for o in self.newsroom.outlets.values()
        ]

    def _item(self, item: PublishedItem) -> Json:
        return structs.asdict(item) | {"outlet": self.newsroom.outlets[item.feed].title}

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return self.stage.files.respond(request.match_info["file_id"])

    def _chat(self, chat_id: int) -> PlaygroundChat:
        chat = self.stage.world.chats.get(chat_id)
        if chat is None:
            raise web.HTTPNotFound(text="No such chat.")
        return chat


def _acting(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    """An address that takes a JSON object and does something with it."""

    async def handle(request: web.Request) -> web.Response:
        if request.content_type != "application/json":
            return _bad("Send this as application/json.", 415)
        try:
            body = await request.json()
        except (ValueError, LookupError, RecursionError):  # of JSON, its encoding, its depth
            return _bad("What was sent cannot be read as JSON.", 400)
        try:
            result = act(RequestBody(body))
            if isawaitable(result):
                result = await result
        except (BadInput, BotApiError) as error:
            return _bad(str(error), 400)
        return web.json_response({"ok": True, **(result or {})})

    return handle


def _bad(message: str, status: int) -> web.Response:
    return web.json_response({"ok": False, "error": message}, status=status)


def _speaker(asked: RequestBody) -> Speaker:
    return ANONYMOUS if asked.says("as", ANONYMOUS) else asked.whole("as", default=ADA_ID)


def _or_none(asked: RequestBody, name: str) -> int | None:
    return asked.whole(name) if asked.has(name) else None


def _status(asked: RequestBody) -> Status:
    return cast(Status, asked.one_of("status", get_args(Status)))


def _number(request: web.Request, name: str, default: int) -> int:
    try:
        return int(request.query.get(name, default))
    except ValueError:
        raise web.HTTPBadRequest(text=f"{name} is no number.") from None
