"""The Bot API over HTTP: addresses, tokens, faults, limits, answers and the ledger."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.playground.bot_api.faults import Fault, FaultKind, FaultPlan
from bot.playground.bot_api.ledger import Ledger
from bot.playground.bot_api.limits import RateBook
from bot.playground.bot_api.methods import METHODS
from bot.playground.bot_api.params import Params, read_params
from bot.playground.bot_api.refusals import (
    METHOD_NOT_FOUND,
    UNAUTHORIZED,
    BotApiError,
    too_many_requests,
)
from bot.playground.stage import Stage

Json = dict[str, Any]
_EDITS = frozenset({"editmessagetext", "editmessagecaption", "editmessagereplymarkup"})
_COUNTED = _EDITS | {"sendmessage", "sendphoto", "senddocument"}
_LEDGERED = _COUNTED | {"deletemessage", "pinchatmessage"}
_BAD_GATEWAY = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body></body>\r\n</html>"


@dataclass
class Outcome:
    """What the server did with a request: the answer, and what the ledger has to know."""

    status: int
    answer: Json
    violation: bool = False

    @property
    def applied(self) -> bool:
        """Whether the world changed."""
        return bool(self.answer.get("ok"))


@dataclass
class BotApi:
    """Answers `/bot<token>/<method>` as the real server does, with its faults on order."""

    token: str
    stage: Stage
    ledger: Ledger
    faults: FaultPlan
    rates: RateBook

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One Bot API request."""
        if request.match_info["token"] != self.token:
            return _respond(401, BotApiError(UNAUTHORIZED).as_json())
        method = request.match_info["method"]
        try:
            params = await read_params(request)
        except BotApiError as refusal:
            return _respond(refusal.code, refusal.as_json())
        chat = self.stage.world.find_chat(params.text("chat_id"))
        chat_id = chat.id if chat else params.integer("chat_id") or None
        arrived = self.stage.clock()
        fault = self.faults.take(method, chat_id)
        if fault and fault.kind is FaultKind.DELAY:
            await asyncio.sleep(fault.seconds)
        outcome = self._refused_by(fault, chat_id) if fault else None
        if outcome is None:
            outcome = await self._apply(method, params, chat_id)
        answered = request.transport is not None and not request.transport.is_closing()
        answered = answered and not _lost(fault)
        self._record(method, params, chat_id, outcome, arrived, answered)
        return await _deliver(request, outcome, fault)

    async def file(self, request: web.Request) -> web.StreamResponse:
        """A file of a chat, at the path that getFile gave."""
        if request.match_info["token"] != self.token:
            return _respond(401, BotApiError(UNAUTHORIZED).as_json())
        return self.stage.files.respond(request.match_info["file_id"])

    def _refused_by(self, fault: Fault, chat_id: int | None) -> Outcome | None:
        """The answer of a fault that keeps the request from being carried out."""
        match fault.kind:
            case FaultKind.TOO_MANY:
                self.rates.punish(self.stage.clock(), chat_id, fault.retry_after)
                refusal = too_many_requests(fault.retry_after)
            case FaultKind.TOO_MANY_BARE:
                refusal = BotApiError("Too Many Requests")
            case FaultKind.REFUSE if fault.migrate_to_chat_id:
                refusal = BotApiError(
                    fault.description, migrate_to_chat_id=fault.migrate_to_chat_id
                )
            case FaultKind.REFUSE:
                refusal = BotApiError(fault.description)
            case FaultKind.SERVER_ERROR:
                refusal = BotApiError("Internal Server Error")
            case FaultKind.BAD_GATEWAY | FaultKind.DROP:
                return Outcome(502, {"ok": False, "description": f"fault: {fault.kind}"})
            case _:
                return None
        return Outcome(refusal.code, refusal.as_json())

    async def _apply(self, method: str, params: Params, chat_id: int | None) -> Outcome:
        name = method.lower()
        violation = False
        try:
            if name in _COUNTED and chat_id is not None:
                violation = self._judge(name, chat_id)
            result = await self._run(name, params)
        except TooFast as refused:
            seconds = refused.retry_after
            bare = BotApiError("Too Many Requests")
            refusal = bare if seconds is None else too_many_requests(seconds)
            return Outcome(429, refusal.as_json(), refused.violation)
        except BotApiError as refusal:
            return Outcome(refusal.code, refusal.as_json(), violation)
        return Outcome(200, {"ok": True, "result": result}, violation)

    async def _run(self, name: str, params: Params) -> Any:
        if name == "getupdates":
            return await self._get_updates(params)
        if name not in METHODS:
            raise BotApiError(METHOD_NOT_FOUND)
        return METHODS[name](self.stage, params)

    def _judge(self, name: str, chat_id: int) -> bool:
        """Whether the request violates a penalty; raises TooFast where it is refused."""
        judgement = self.rates.judge(
            self.stage.clock(), chat_id, private=chat_id > 0, edit=name in _EDITS
        )
        if judgement.retry_after is not None or judgement.untold:
            raise TooFast(judgement.retry_after, judgement.violation)
        return judgement.violation

    async def _get_updates(self, params: Params) -> list[Json]:
        updates = self.stage.updates
        updates.allow(params.structure("allowed_updates"))
        return await updates.poll(
            params.integer("offset"), params.integer("limit", 100), params.integer("timeout")
        )

    def _record(
        self,
        method: str,
        params: Params,
        chat_id: int | None,
        outcome: Outcome,
        arrived: float,
        answered: bool,
    ) -> None:
        if method.lower() not in _LEDGERED or chat_id is None:
            return
        result = outcome.answer.get("result")
        sent: Json = result if isinstance(result, dict) else {}
        entry = self.ledger.record(
            time=self.stage.clock(),
            arrived=arrived,
            method=method,
            chat_id=chat_id,
            thread_id=params.integer("message_thread_id") or None,
            message_id=sent.get("message_id") or params.integer("message_id") or None,
            text=str(sent.get("text", sent.get("caption", ""))) or _words(params),
            entities=sent.get("entities", sent.get("caption_entities", [])),
            picture=params.text("photo"),
            outcome="ok" if outcome.applied else str(outcome.answer.get("description")),
            applied=outcome.applied,
            answered=answered,
            violation=outcome.violation,
        )
        if not entry.applied or not entry.answered or entry.violation:
            self.stage.events.tell("trouble", entry=entry.as_json())


class TooFast(Exception):  # noqa: N818  (an answer of the server, not a fault in it)
    """A request came faster than the limits allow."""

    def __init__(self, retry_after: int | None, violation: bool) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after
        self.violation = violation


def _words(params: Params) -> str:
    """What a request that was not carried out would have said."""
    return params.text("text") or params.text("caption")


def _lost(fault: Fault | None) -> bool:
    kinds = (
        FaultKind.DROP,
        FaultKind.APPLY_THEN_DROP,
        FaultKind.APPLY_THEN_HANG,
        FaultKind.TRUNCATED,
    )
    return fault is not None and fault.kind in kinds


def _respond(status: int, answer: Json) -> web.Response:
    return web.json_response(answer, status=status)


async def _deliver(
    request: web.Request, outcome: Outcome, fault: Fault | None
) -> web.StreamResponse:
    """Answer, or break the answer in the way the fault says."""
    response = _respond(outcome.status, outcome.answer)
    match fault.kind if fault else None:
        case FaultKind.BAD_GATEWAY:
            return web.Response(text=_BAD_GATEWAY, status=502, content_type="text/html")
        case FaultKind.APPLY_THEN_ERROR:
            return _respond(500, BotApiError("Internal Server Error").as_json())
        case FaultKind.TRUNCATED:
            whole = json.dumps(outcome.answer)
            half = whole[: len(whole) // 2]
            return web.Response(text=half, content_type="application/json")
        case FaultKind.APPLY_THEN_HANG:
            await asyncio.sleep(fault.seconds if fault else 0)
            _hang_up(request)
        case FaultKind.DROP | FaultKind.APPLY_THEN_DROP:
            _hang_up(request)
    return response


def _hang_up(request: web.Request) -> None:
    """Cut the connection at once; what is returned afterwards reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
