"""Documents in chats: sent by people and by the bot, kept for a while, fetched by their addresses.

The Bot API's way: a message names a file by its `file_id`; getFile gives its path, and the file is
at `/file/bot<token>/<path>`. A path is the file's number and name, made here and never opened.
"""

import re
from dataclasses import dataclass, field

from aiohttp import web
from msgspec import Struct

from bot.playground.bot_api.refusals import FILE_TOO_BIG, WRONG_FILE_ID, BotApiError

MOST_BYTES = 20 * 1024 * 1024  # that a bot may fetch
_KEPT = 50
_LONGEST_NAME = 100
_UNFIT = re.compile(r"[^\w.() -]+")
Json = dict[str, object]


class Stored(Struct, frozen=True):
    """A file of a chat. `tells` is the size that messages name, which a test may have lie."""

    id: str
    name: str
    kind: str
    data: bytes
    tells: int

    def as_document(self) -> Json:
        """The Document of a message."""
        return {
            "file_id": self.id,
            "file_unique_id": f"u{self.id}",
            "file_name": self.name,
            "mime_type": self.kind,
            "file_size": self.tells,
        }


@dataclass
class FileStore:
    """The newest files of all chats."""

    _files: dict[str, Stored] = field(default_factory=dict)
    _count: int = 0

    def add(self, name: str, kind: str, data: bytes, tells: int | None = None) -> Stored:
        """Keeps a file, and forgets the oldest beyond a bound."""
        self._count += 1
        clean = _UNFIT.sub("_", name).strip()[-_LONGEST_NAME:] or "document"
        made = Stored(
            f"BQACAgIAAxkBAAID{self._count:08}", clean, kind or "application/octet-stream", data,
            len(data) if tells is None else tells,
        )  # fmt: skip
        self._files[made.id] = made
        if len(self._files) > _KEPT:
            del self._files[next(iter(self._files))]
        return made

    def get(self, file_id: str) -> Stored:
        """The file of this id, or a refusal in Telegram's words."""
        found = self._files.get(file_id)
        if found is None:
            raise BotApiError(WRONG_FILE_ID)
        return found

    def located(self, file_id: str) -> Json:
        """The File that getFile answers with."""
        found = self.get(file_id)
        if len(found.data) > MOST_BYTES:
            raise BotApiError(FILE_TOO_BIG)
        return {
            "file_id": found.id,
            "file_unique_id": f"u{found.id}",
            "file_size": found.tells,
            "file_path": f"documents/{found.id}",
        }

    def respond(self, file_id: str) -> web.Response:
        """The file over HTTP, as something to save: never shown as a page of ours."""
        try:
            found = self.get(file_id)
        except BotApiError:
            return web.Response(status=404, text="No such file.")
        return web.Response(
            body=found.data,
            content_type="application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{found.name}"'},
        )
