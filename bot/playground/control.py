"""The control API under `/playground/`: what the chat page and tests of other processes use.

Everything is JSON. Requests that change something must be sent as `application/json`, which a
page of another origin cannot do unasked.
"""

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from inspect import isawaitable
from typing import Any

from aiohttp import web
from msgspec import structs

from bot.errors import BadInput
from bot.playground.bot_api import wire
from bot.playground.bot_api.faults import FaultPlan
from bot.playground.bot_api.ledger import Ledger
from bot.playground.bot_api.limits import RateBook
from bot.playground.bot_api.refusals import BotApiError
from bot.playground.chats.people import ANONYMOUS, People, Speaker
from bot.playground.chats.places import PLACES
from bot.playground.chats.world import ADA_ID, PlaygroundChat
from bot.playground.clock import MovableClock
from bot.playground.news.newsroom import Newsroom, PublishedItem
from bot.playground.stage import Stage

Json = dict[str, Any]
Act = Callable[[Json], Any]
ZoneOf = Callable[[int], Awaitable[str | None]]
_CHATS_SHOWN = 200
_MESSAGES_SHOWN = 200
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

    def _say(self, body: Json) -> Json:
        message = self.people.say(
            int(body["chat_id"]),
            str(body["text"]),
            user=_speaker(body),
            thread_id=body.get("thread_id"),
            reply_to=body.get("reply_to"),
        )
        return {"message": self.stage.view(message)}

    def _send_document(self, body: Json) -> Json:
        """A document of a person, its bytes in base64."""
        message = self.people.send_document(
            int(body["chat_id"]),
            str(body["name"]),
            base64.b64decode(str(body["content"]), validate=True),
            caption=str(body.get("caption", "")),
            user=_speaker(body),
            thread_id=body.get("thread_id"),
            reply_to=body.get("reply_to"),
        )
        return {"message": self.stage.view(message)}

    def _send_location(self, body: Json) -> Json:
        message = self.people.send_location(
            int(body["chat_id"]),
            float(body["latitude"]),
            float(body["longitude"]),
            user=_speaker(body),
            thread_id=body.get("thread_id"),
        )
        return {"message": self.stage.view(message)}

    def _edit(self, body: Json) -> Json:
        message = self.people.edit(
            int(body["chat_id"]), int(body["message_id"]), str(body["text"]), user=_speaker(body)
        )
        return {"message": self.stage.view(message)}

    def _press(self, body: Json) -> Json:
        speaker = _speaker(body)
        query_id = self.people.press(
            int(body["chat_id"]),
            int(body["message_id"]),
            user=ADA_ID if speaker == ANONYMOUS else speaker,
            row=int(body.get("row", 0)),
            column=int(body.get("column", 0)),
            text=body.get("text"),
        )
        return {"query_id": query_id}

    def _forward(self, body: Json) -> None:
        speaker = _speaker(body)
        user = ADA_ID if speaker == ANONYMOUS else speaker
        self.people.forward(int(body["chat_id"]), int(body["message_id"]), user=user)

    def _block(self, body: Json) -> None:
        self.people.block(int(body["user_id"]), blocked=bool(body.get("blocked", True)))

    def _move_bot(self, body: Json) -> None:
        self.people.move_bot(int(body["chat_id"]), body["status"])

    def _role(self, body: Json) -> None:
        self.people.set_role(int(body["chat_id"]), int(body["user_id"]), body["status"])

    def _create_chat(self, body: Json) -> Json:
        if body.get("type") == "private":
            language = str(body.get("language_code", "en"))
            person = self.people.create_person(
                int(body["id"]), str(body["title"]), language_code=language
            )
            return {"chat": self.stage.chat_view(person)}
        chat = self.people.create_group(
            str(body["title"]),
            kind=body.get("type", "supergroup"),
            forum=bool(body.get("forum", False)),
        )
        return {"chat": self.stage.chat_view(chat)}

    def _topic(self, body: Json) -> Json:
        chat_id = int(body["chat_id"])
        if "thread_id" in body:
            self.people.set_topic(chat_id, int(body["thread_id"]), str(body["state"]))
            return {}
        return {"thread": asdict(self.people.open_topic(chat_id, str(body["name"])))}

    def _migrate(self, body: Json) -> Json:
        return {"chat": self.stage.chat_view(self.people.migrate(int(body["chat_id"])))}

    def _add_fault(self, body: Json) -> Json:
        return {"fault": self.faults.add(**body).as_json()}

    def _clear_faults(self, body: Json) -> None:
        if "id" in body:
            self.faults.remove(int(body["id"]))
        else:
            self.faults.clear()

    def _penalty(self, body: Json) -> None:
        """Let a penalty begin with the next request of a chat, or of the bot."""
        chat_id = body.get("chat_id")
        self.rates.lay_in_wait(
            None if chat_id is None else int(chat_id),
            float(body["seconds"]),
            grows=float(body.get("grows", 1)),
            tells=bool(body.get("tells", True)),
        )

    def _publish(self, body: Json) -> Json:
        if not body:
            item = self.newsroom.publish_next()
        else:
            tags = tuple(body.pop("tags", ()))
            item = self.newsroom.publish(**body, tags=tags)
        return {"item": self._item(item) if item else None}

    async def _skip(self, body: Json) -> Json:
        """Put the clock forward to a minute of the day, in the chat's zone or the one given."""
        if self.movable is None:
            raise BadInput("The bot goes by a clock of its own: this one stays with it.")
        known = await self.zone_of(int(body["chat_id"])) if self.zone_of else None
        zone = known or str(body.get("zone", "UTC"))
        self.movable.skip_to(int(body["minute"]), zone)
        self.stage.events.tell("clock", now=self.stage.clock())
        return {"zone": zone, "now": self.stage.clock()}

    def _feed_trouble(self, body: Json) -> None:
        """Let a feed answer with a status instead of its document; null mends it."""
        outlet = self.newsroom.outlets.get(str(body["feed"]))
        if outlet is None:
            raise BadInput("There is no such feed.")
        outlet.trouble = body.get("status")

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
            result = act(body if isinstance(body, dict) else {})
            if isawaitable(result):
                result = await result
        except (KeyError, TypeError, ValueError) as error:
            return _bad(f"{type(error).__name__}: {error}", 400)
        except (BadInput, BotApiError) as error:
            return _bad(str(error), 400)
        return web.json_response({"ok": True, **(result or {})})

    return handle


def _bad(message: str, status: int) -> web.Response:
    return web.json_response({"ok": False, "error": message}, status=status)


def _speaker(body: Json) -> Speaker:
    who = body.get("as", ADA_ID)
    return ANONYMOUS if who == ANONYMOUS else int(who)


def _number(request: web.Request, name: str, default: int) -> int:
    try:
        return int(request.query.get(name, default))
    except ValueError:
        raise web.HTTPBadRequest(text=f"{name} is no number.") from None
