"""Having Telegram post updates to us, and looking whether it can."""

import hashlib
from collections.abc import Callable
from datetime import datetime

import structlog
import telegram
from telegram import WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.loops import Outage, Stop
from handlers.receiving.presence import WANTED, Presence
from storage.chats.introductions import Introductions

log = structlog.get_logger(__name__)

_MOST_CONNECTIONS = 40
_PAUSE_SECONDS = 5.0
# Often enough for what believes that the network is away where Telegram is silent.
_LOOK_AGAIN_SECONDS = 60.0
_WHAT = "webhook"


class Webhook:
    """The webhook of one bot: `url` is our public address, `secret` what Telegram shows there."""

    def __init__(
        self,
        *,
        bot: telegram.Bot,
        presence: Presence,
        kept: Introductions,
        url: str,
        secret: str,
        stop: Stop,
        on_token_refused: Callable[[str], None],
        outage: Outage,
    ) -> None:
        self._bot = bot
        self._presence = presence
        self._kept = kept
        self._url = url
        self._secret = secret
        self._stop = stop
        self._on_token_refused = on_token_refused
        self._outage = outage
        self._bot_id = 0
        self._failed_at: datetime | None = None

    async def step(self) -> None:
        """Sets the webhook where it is not as it should be, and waits a while."""
        try:
            if self._presence.entrance is None:
                await self._presence.introduce(self._begin)
            else:
                self._say_what_failed(await self._ensure())
        except InvalidToken as error:
            self._on_token_refused(str(error))
        except TelegramError as error:
            self._outage.failed(error)
            await self._stop.sleep(_PAUSE_SECONDS)
        else:
            self._outage.worked()
            await self._stop.sleep(_LOOK_AGAIN_SECONDS)

    async def _begin(self, bot_id: int) -> None:
        self._bot_id = bot_id
        self._failed_at = (await self._ensure()).last_error_date

    async def _ensure(self) -> WebhookInfo:
        """Sets the webhook unless it is so already; what Telegram said of it before. The secret is
        never told back, so a hash is kept of the one that was set.
        """
        found = await self._bot.get_webhook_info()
        mark = hashlib.sha256(f"{self._url} {self._secret}".encode()).hexdigest()[:16]
        said = await self._kept.said(self._bot_id)
        if not self._is_ours(found) or said.get((_WHAT, "")) != mark:
            await self._bot.set_webhook(
                self._url,
                secret_token=self._secret,
                allowed_updates=WANTED,
                max_connections=_MOST_CONNECTIONS,
            )
            await self._kept.note(self._bot_id, _WHAT, "", mark)
            log.info("Telegram posts updates here", webhook=self._url)
        return found

    def _is_ours(self, found: WebhookInfo) -> bool:
        return (
            found.url == self._url
            and found.max_connections == _MOST_CONNECTIONS
            and set(found.allowed_updates) == set(WANTED)
        )

    def _say_what_failed(self, found: WebhookInfo) -> None:
        if found.last_error_date in (None, self._failed_at):
            return
        self._failed_at = found.last_error_date
        log.warning(
            "Telegram could not post updates; they wait there",
            error=found.last_error_message,
            waiting=found.pending_update_count,
        )
