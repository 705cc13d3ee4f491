"""The bot on Telegram: who it is, and that it says so, in each language."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from telegram.error import TelegramError

from bot.loops import Outage, Stop
from handlers.receiving.entrance import Entrance
from handlers.receiving.introduction import introduce
from handlers.services import Services

log = structlog.get_logger(__name__)

WANTED = ("message", "edited_message", "channel_post", "callback_query", "my_chat_member")
"""The kinds of updates that are answered."""
_INTRODUCED_AGAIN_SECONDS = 60.0


class Presence:
    """One bot; `ready` is called once it knows who it is, and its `entrance` is there."""

    def __init__(self, services: Services, stop: Stop, ready: Callable[[], None]) -> None:
        self._services = services
        self._stop = stop
        self._ready = ready
        self._saying: asyncio.Task[None] | None = None
        self.entrance: Entrance | None = None

    async def introduce(self, prepare: Callable[[int], Awaitable[object]]) -> Entrance:
        """Asks who this bot is, has its updates come as `prepare` wants, by the number of the bot,
        and says what it does. Raises TelegramError.
        """
        bot = self._services.sender.bot
        me = await bot.get_me()
        await prepare(me.id)
        await self._say_who_i_am(me.id, everybody=False)
        self._saying = asyncio.create_task(self._in_each_language(me.id))
        log.info("connected to Telegram", bot=me.username)
        self.entrance = Entrance(self._services, me.username or "", me.id)
        self._ready()
        return self.entrance

    async def end(self) -> None:
        """Gives up what is still to be said."""
        if self._saying:
            self._saying.cancel()
            await asyncio.gather(self._saying, return_exceptions=True)

    async def _say_who_i_am(self, bot_id: int, *, everybody: bool) -> None:
        services = self._services
        bot, kept = services.sender.bot, services.storage.introductions
        await introduce(bot, bot_id, kept, services.locale(), everybody=everybody)

    async def _in_each_language(self, bot_id: int) -> None:
        """Says what the bot is in each language, beside all else: that may be many messages."""
        outage = Outage("menus are not in each language yet", "")
        while not self._stop.wanted:
            try:
                await self._say_who_i_am(bot_id, everybody=True)
            except TelegramError as error:
                outage.failed(error)
                await self._stop.sleep(_INTRODUCED_AGAIN_SECONDS)
            else:
                return
