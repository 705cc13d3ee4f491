"""The bot's webhook: updates are posted to it by the rules of the real server.

Those of one chat go one after the other, chats beside each other. What is not answered with a 2xx
is posted again, after a second, two, four, up to two minutes, for a day.
"""

import asyncio
import json
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.playground.bot_api.updates import UpdateQueue

Json = dict[str, Any]
_ANSWER_SECONDS = 60.0
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 120.0
_OWN_MACHINE = ("127.0.0.1", "localhost", "::1")
_USUAL_CONNECTIONS = 40


class Hook:
    """Posts what waits in `updates`, where the bot has named an address."""

    def __init__(self, updates: UpdateQueue) -> None:
        self._updates = updates
        self._secret = ""
        self._connections = _USUAL_CONNECTIONS
        self._error: tuple[float, str] | None = None
        self._posting: dict[int, asyncio.Task[None]] = {}
        self._session: aiohttp.ClientSession | None = None

    def set(self, url: str, secret: str = "", connections: int = 0) -> None:
        """Posts to this address from now on; to none where it is empty."""
        self._updates.webhook_url = url
        self._secret = secret
        self._connections = connections or _USUAL_CONNECTIONS
        self._error = None
        self._stop()
        self.look()

    def info(self) -> Json:
        """What getWebhookInfo answers."""
        said: Json = {
            "url": self._updates.webhook_url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }
        if not self._updates.webhook_url:
            return said
        if self._error:
            said |= {"last_error_date": int(self._error[0]), "last_error_message": self._error[1]}
        said["max_connections"] = self._connections
        if allowed := self._updates.allowed:
            said["allowed_updates"] = sorted(allowed)
        return said

    def look(self) -> None:
        """Begins with the chats that something waits for and nothing is posted of."""
        if not self._updates.webhook_url:
            return
        for update in self._updates.waiting():
            chat = chat_of(update)
            if chat not in self._posting and len(self._posting) < self._connections:
                self._posting[chat] = asyncio.create_task(self._post_all(chat))

    async def close(self) -> None:
        """Posts nothing more."""
        tasks = self._stop()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._session:
            await self._session.close()

    def _stop(self) -> list[asyncio.Task[None]]:
        tasks = list(self._posting.values())
        self._posting.clear()
        for task in tasks:
            task.cancel()
        return tasks

    async def _post_all(self, chat: int) -> None:
        pause = _FIRST_PAUSE
        while update := next((u for u in self._updates.waiting() if chat_of(u) == chat), None):
            trouble = await self._post(update)
            if trouble is None:
                self._updates.confirm(update["update_id"])
                pause = _FIRST_PAUSE
                continue
            self._error = (self._updates.now(), trouble)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        del self._posting[chat]
        self.look()

    async def _post(self, update: Json) -> str | None:
        """What was wrong with the answer; None if nothing was."""
        url = self._updates.webhook_url
        if urlsplit(url).hostname not in _OWN_MACHINE:
            return "This playground posts to its own machine only"
        if self._session is None:
            timeout = aiohttp.ClientTimeout(total=_ANSWER_SECONDS)
            self._session = aiohttp.ClientSession(timeout=timeout)
        headers = {"Content-Type": "application/json"}
        if self._secret:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self._secret
        try:
            async with self._session.post(
                url, data=json.dumps(update).encode(), headers=headers, allow_redirects=False
            ) as answer:
                if 200 <= answer.status < 300:
                    return None
                return f"Wrong response from the webhook: {answer.status} {answer.reason}"
        except TimeoutError:
            return "Read timeout expired"
        except aiohttp.ClientError:
            return "Connection refused"


def chat_of(update: Json) -> int:
    """The chat whose updates keep their order with this one."""
    for part in update.values():
        if isinstance(part, dict):
            message = part.get("message") or part
            chat = message.get("chat") or part.get("from") or {}
            return int(chat.get("id", 0))
    return 0
