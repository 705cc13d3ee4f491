"""The requests that send and edit. Each tells the pace when it began and what came of it, and none
begins while Telegram has told its chat, or the bot, to wait.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import telegram
from msgspec import Struct
from telegram import InlineKeyboardMarkup, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import NetworkError, TelegramError

from bot.delivery.from_telegram import refusal_of
from bot.delivery.outcome import Wait, decide
from bot.delivery.pace import Pace
from bot.delivery.transport import HeldBack, sent
from bot.loops import Now
from bot.news.why import Code, because

_Result = TypeVar("_Result")

Json = Mapping[str, object]
"""An object as the Bot API takes it. The library's own takes ten times as long to make and to write
as JSON, so what stands in every alert is none.
"""
Buttons = InlineKeyboardMarkup | Json
"""What stands under a message."""
_NO_PREVIEW: Json = {"is_disabled": True}


class Address(Struct, frozen=True):
    """Where a message goes: `thread_id` 0 is no thread, or a forum's General."""

    chat_id: int
    kind: str
    thread_id: int = 0


class Manner(Struct, frozen=True):
    """How a message is told: in reply to a message if that is still there, with buttons under it,
    with or without a sound, with the picture or a preview of the page at an address.
    """

    reply_to: int | None = None
    buttons: Buttons | None = None
    silent: bool = False
    picture: str | None = None
    preview: str | None = None


class MessageText(Struct, frozen=True):
    """What a message says, with the markup it is written in (None: plain): under a picture, or
    above the preview of a page.
    """

    words: str
    parse_mode: str | None
    picture: str | None = None
    preview: Json | None = None


class Requests:
    """Requests over one bot, at one pace. All raise TelegramError."""

    def __init__(self, bot: telegram.Bot, pace: Pace, now: Now) -> None:
        self._bot = bot
        self._pace = pace
        self._now = now

    async def send(self, address: Address, text: MessageText, manner: Manner) -> int:
        """Sends words, or a picture with words under it; returns the message's id."""
        follows = (
            ReplyParameters(manner.reply_to, allow_sending_without_reply=True)
            if manner.reply_to
            else None
        )
        thread_id, silent = address.thread_id or None, manner.silent or None

        def picture(source: str) -> Awaitable[object]:
            return self._bot.send_photo(
                address.chat_id,
                source,
                caption=text.words,
                parse_mode=text.parse_mode,
                message_thread_id=thread_id,
                reply_parameters=follows,
                disable_notification=silent,
                api_kwargs={"reply_markup": manner.buttons},
            )

        def words() -> Awaitable[object]:
            return self._bot.send_message(
                address.chat_id,
                text.words,
                parse_mode=text.parse_mode,
                message_thread_id=thread_id,
                reply_parameters=follows,
                disable_notification=silent,
                api_kwargs=_below(text, manner.buttons),
            )

        source = text.picture
        return await self._ask(
            address.chat_id, lambda: sent(words() if source is None else picture(source))
        )

    async def document(self, address: Address, name: str, data: bytes, caption: str) -> int:
        """Sends a file; `caption` is HTML. Returns the message's id."""
        return await self._ask(
            address.chat_id,
            lambda: sent(
                self._bot.send_document(
                    address.chat_id,
                    telegram.InputFile(data, name),
                    caption=caption,
                    parse_mode=ParseMode.HTML,
                    message_thread_id=address.thread_id or None,
                )
            ),
        )

    async def rewrite(
        self, chat_id: int, message_id: int, text: MessageText, buttons: Buttons | None
    ) -> None:
        """Asks for a message to read so; the picture above it stays as it is."""
        if text.picture:
            await self._ask(
                chat_id,
                lambda: self._bot.edit_message_caption(
                    chat_id,
                    message_id,
                    caption=text.words,
                    parse_mode=text.parse_mode,
                    api_kwargs={"reply_markup": buttons},
                ),
            )
            return
        await self._ask(
            chat_id,
            lambda: self._bot.edit_message_text(
                text.words,
                chat_id,
                message_id,
                parse_mode=text.parse_mode,
                api_kwargs=_below(text, buttons),
            ),
        )

    async def change_buttons(self, chat_id: int, message_id: int, buttons: Buttons | None) -> None:
        """Asks for other buttons under a message."""
        await self._ask(
            chat_id,
            lambda: self._bot.edit_message_reply_markup(
                chat_id, message_id, api_kwargs={"reply_markup": buttons}
            ),
        )

    async def _ask(self, chat_id: int, request: Callable[[], Awaitable[_Result]]) -> _Result:
        """Makes a request. Raises what it raises, and NetworkError from HeldBack where it may not
        begin any more since its turn came.
        """
        began = self._now()
        if not self._pace.begin(chat_id, began):
            held = HeldBack(because(Code.TOLD_TO_WAIT))
            raise NetworkError(str(held)) from held
        try:
            result = await request()
        except TelegramError as error:
            if isinstance(outcome := decide(refusal_of(error), 1), Wait):
                self._pace.refused(chat_id, outcome, began, self._now())
            raise
        else:
            self._pace.served(began, self._now())
            return result
        finally:
            self._pace.ended(chat_id, began)


def _below(text: MessageText, buttons: Buttons | None) -> dict[str, object]:
    """What stands under words."""
    return {"link_preview_options": text.preview or _NO_PREVIEW, "reply_markup": buttons}
