"""Whether Telegram knows a bot, and who receives its updates. Changes and confirms nothing."""

from msgspec import Struct
from telegram import Bot, WebhookInfo
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.delivery.transport import AiohttpRequest

_POLL_SECONDS = 4


class WebhookCheck(Struct, frozen=True):
    """Where Telegram posts updates, how many wait there, and what it said last of a post that was
    not taken, and when (seconds since 1970).
    """

    url: str
    waiting: int
    error: str | None
    failed_at: float


class BotCheck(Struct, frozen=True):
    """What Telegram said. `error` is why it gave no name, unless it does not know the token."""

    username: str | None = None
    error: str | None = None
    webhook: WebhookCheck | None = None
    is_polled: bool = False


async def check_bot(token: str, api_url: str, *, polls: bool) -> BotCheck:
    """Asks Telegram who has a token; where `polls`, also whether another program polls, for which
    one that does is interrupted.
    """
    request = AiohttpRequest(seconds=20, connect_seconds=10, connections=2)
    await request.initialize()
    try:
        # Named for both: the library would make a client of its own for one, and read certificates.
        bot = Bot(token, base_url=f"{api_url}/bot", request=request, get_updates_request=request)
        me = await bot.get_me()
        if webhook := _checked(await bot.get_webhook_info()):
            return BotCheck(me.username, webhook=webhook)
        return BotCheck(me.username, is_polled=polls and await _is_polled(bot, request))
    except InvalidToken:
        return BotCheck()
    except TelegramError as error:
        return BotCheck(error=str(error))
    finally:
        await request.shutdown()


def _checked(found: WebhookInfo) -> WebhookCheck | None:
    if not found.url:
        return None
    at = found.last_error_date
    return WebhookCheck(
        found.url,
        found.pending_update_count,
        found.last_error_message or None,
        at.timestamp() if at else 0.0,
    )


async def _is_polled(bot: Bot, request: AiohttpRequest) -> bool:
    """Polls for some seconds, confirming nothing: the newer of two polls ends the older, so
    another poller shows itself by ending ours.
    """
    try:
        await request.post(f"{bot.base_url}/getUpdates?timeout={_POLL_SECONDS}&limit=1")
    except Conflict:
        return True
    return False
