"""Whether Telegram knows a bot, and who else receives its updates. Changes and confirms nothing."""

from dataclasses import dataclass

from telegram import Bot
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.delivery.transport import AiohttpRequest

_POLL_SECONDS = 4


@dataclass(frozen=True, slots=True)
class BotCheck:
    """What Telegram said. `error` is why it gave no name, unless it does not know the token."""

    username: str | None = None
    error: str | None = None
    has_webhook: bool = False
    is_polled: bool = False


async def check_bot(token: str, api_url: str, *, polls: bool) -> BotCheck:
    """Asks Telegram who has a token; where `polls`, also whether another program polls, for which
    one that does is interrupted.
    """
    request = AiohttpRequest(seconds=20, connect_seconds=10, connections=2)
    await request.initialize()
    try:
        bot = Bot(token, base_url=f"{api_url}/bot", request=request)
        me = await bot.get_me()
        if (await bot.get_webhook_info()).url:
            return BotCheck(me.username, has_webhook=True)
        return BotCheck(me.username, is_polled=polls and await _is_polled(bot, request))
    except InvalidToken:
        return BotCheck()
    except TelegramError as error:
        return BotCheck(error=str(error))
    finally:
        await request.shutdown()


async def _is_polled(bot: Bot, request: AiohttpRequest) -> bool:
    """Polls for some seconds, confirming nothing: the newer of two polls ends the older, so
    another poller shows itself by ending ours.
    """
    try:
        await request.post(f"{bot.base_url}/getUpdates?timeout={_POLL_SECONDS}&limit=1")
    except Conflict:
        return True
    return False
