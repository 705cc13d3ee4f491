"""Files that people send to the bot, fetched from the Bot API server and from nowhere else."""

import re

import structlog
import telegram
from telegram.error import TelegramError

from bot.delivery.transport import AiohttpRequest
from bot.errors import BadInput
from bot.texts.said import say

log = structlog.get_logger(__name__)

_PATH = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")
_LONGEST_PATH = 300


class Files:
    """Fetches files by the ids that messages name them by."""

    def __init__(self, bot: telegram.Bot, request: AiohttpRequest) -> None:
        self._bot = bot
        self._request = request

    async def read(self, file_id: str, most_bytes: int) -> bytes:
        """The file. Raises BadInput with one sentence, for one that is larger too: what a message
        says of a file's size is not relied on.
        """
        try:
            found = await self._bot.get_file(file_id)
            data = await self._request.download(self._address(found), most_bytes)
        except TelegramError as error:
            # Its text holds no address, and so no token.
            log.warning("a file could not be fetched", error=type(error).__name__)
            raise BadInput(say("Telegram does not give me that file. Send it again.")) from None
        if data is None:
            raise BadInput(
                say(
                    "That file is larger than {most} MB. Send a smaller one.",
                    most=most_bytes // 1024 // 1024,
                )
            )
        return data

    def _address(self, found: telegram.File) -> str:
        """Where the file is: below the server's own address, whatever path it names."""
        base = f"{self._bot.base_file_url}/"
        path = (found.file_path or "").removeprefix(base)
        if len(path) > _LONGEST_PATH or not _PATH.fullmatch(path):
            raise TelegramError("the server names no path that a file can have")
        return base + path
