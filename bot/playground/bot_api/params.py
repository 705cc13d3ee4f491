"""The parameters of a Bot API request, whichever way they came.

The real server takes them from the address, from an urlencoded or multipart form, and from a
JSON body, all the same.
"""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from msgspec import Struct

from bot.playground.bot_api.refusals import BotApiError

Json = dict[str, Any]


class Upload(Struct, frozen=True):
    """A file of a request."""

    name: str
    kind: str
    data: bytes


class Params:
    """Typed reading of one request's parameters."""

    def __init__(self, values: Json, files: Mapping[str, Upload] | None = None) -> None:
        self._values = values
        self._files = files or {}

    def __contains__(self, name: str) -> bool:
        return self._values.get(name) not in (None, "")

    def text(self, name: str, default: str = "") -> str:
        """A text; numbers are written out."""
        value = self._values.get(name)
        return default if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number; what is none counts as absent, as on the real server."""
        try:
            return int(self._values.get(name, default))
        except (TypeError, ValueError, OverflowError):  # the last of 1e400
            return default

    def upload(self, name: str) -> Upload | None:
        """A file that came with the request, by its own name or as `attach://other`."""
        return self._files.get(self.text(name).removeprefix("attach://") or name)

    def flag(self, name: str) -> bool:
        """A truth value: true, 1, yes or a JSON true."""
        return str(self._values.get(name, "")).strip().lower() in ("true", "1", "yes", "t", "y")

    def structure(self, name: str) -> Any:
        """A nested value, as JSON text or already nested; None when absent."""
        value = self._values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            readable = name.replace("_", " ")
            raise BotApiError(f"Bad Request: can't parse {readable} JSON object") from None


async def read_params(request: web.Request) -> Params:
    """Collect the parameters of a request; raises BotApiError for a body that cannot be read."""
    values: Json = dict(request.query)
    if not request.can_read_body:
        return Params(values)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise BotApiError("Bad Request: can't parse JSON object") from None
        values.update(body if isinstance(body, dict) else {})
    else:
        form = await request.post()
        values.update({name: value for name, value in form.items() if isinstance(value, str)})
        files = {
            name: Upload(value.filename, value.content_type, value.file.read())
            for name, value in form.items()
            if isinstance(value, web.FileField)
        }
        return Params(values, files)
    return Params(values)
