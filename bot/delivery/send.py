"""The only place that sends. It keeps the pace, and turns what Telegram says into outcomes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
import telegram
from telegram import InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.delivery.outcome import (
    BadMarkup,
    Fate,
    Outcome,
    Refusal,
    Refused,
    Sent,
    TokenRefused,
    Wait,
    decide,
)
from bot.delivery.pace import Pace
from bot.delivery.render import Message
from bot.delivery.transport import AnswerLost, NeverSent
from bot.loops import Now
from bot.metrics import Metrics

log = structlog.get_logger(__name__)

_REPLY_WAIT_SECONDS = 20.0
_SHORTEST_SLEEP_SECONDS = 0.005
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


Buttons = InlineKeyboardMarkup
"""What stands under a message."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: `thread_id` 0 is no thread, or a forum's General."""

    chat_id: int
    kind: str
    thread_id: int = 0


@dataclass(frozen=True, slots=True)
class Manner:
    """How a message is told: in reply to a message if that is still there, with buttons under it,
    with or without a sound.
    """

    reply_to: int | None = None
    buttons: Buttons | None = None
    silent: bool = False


class Sender:
    """Sends over one bot, at one pace for alerts and answers together."""

    def __init__(
        self,
        bot: telegram.Bot,
        pace: Pace,
        now: Now,
        sleep: Callable[[float], Awaitable[None]],
        metrics: Metrics,
    ) -> None:
        self.bot = bot
        self.pace = pace
        self._now = now
        self._sleep = sleep
        self._metrics = metrics

    async def alert(
        self, address: Address, message: Message, attempts: int, manner: Manner
    ) -> Outcome:
        """Sends an alert for which the pace has made room; the outcome says what became of it."""
        outcome = await self._attempt(address, message.html, ParseMode.HTML, manner, attempts)
        if isinstance(outcome, BadMarkup):
            self._metrics.plain_resends.inc()
            log.error(
                "Telegram could not read our markup; resent as plain text", said=outcome.reason
            )
            outcome = await self._attempt(address, message.plain, None, manner, attempts)
            if isinstance(outcome, BadMarkup):
                outcome = Refused(outcome.reason)
        self._metrics.sends.labels(type(outcome).__name__.lower()).inc()
        return outcome

    async def reply(
        self,
        address: Address,
        html: str,
        buttons: InlineKeyboardMarkup | None = None,
        reply_to: int | None = None,
    ) -> Outcome:
        """Answers a person: goes as soon as the pace allows, and once more if told to wait."""
        manner = Manner(reply_to, buttons)
        outcome = await self._reply_once(address, html, manner)
        if isinstance(outcome, Wait) and outcome.seconds <= _REPLY_WAIT_SECONDS:
            # The chat is held for that long; trying again waits for it.
            outcome = await self._reply_once(address, html, manner)
        if not isinstance(outcome, Sent):
            log.warning("an answer was not taken", chat=address.chat_id, outcome=str(outcome))
        return outcome

    async def _reply_once(self, address: Address, html: str, manner: Manner) -> Outcome:
        began = now = self._now()
        while (ready := self.pace.ready_at(address.chat_id, address.kind, now)) > now:
            if ready - began > _REPLY_WAIT_SECONDS:
                return Wait(ready - now)
            await self._sleep(max(ready - now, _SHORTEST_SLEEP_SECONDS))
            now = self._now()
        self.pace.take(address.chat_id, address.kind, now)
        return await self._attempt(address, html, ParseMode.HTML, manner, 1)

    async def _attempt(
        self,
        address: Address,
        text: str,
        parse_mode: str | None,
        manner: Manner,
        attempts: int,
    ) -> Outcome:
        follows = (
            ReplyParameters(manner.reply_to, allow_sending_without_reply=True)
            if manner.reply_to
            else None
        )
        try:
            message = await self.bot.send_message(
                address.chat_id,
                text,
                parse_mode=parse_mode,
                message_thread_id=address.thread_id or None,
                link_preview_options=_NO_PREVIEW,
                reply_markup=manner.buttons,
                reply_parameters=follows,
                disable_notification=manner.silent or None,
            )
        except TelegramError as error:
            return await self._judge(error, address, attempts)
        finally:
            self.pace.answered(address.chat_id, address.kind, self._now())
        return Sent(message.message_id)

    async def _judge(self, error: TelegramError, address: Address, attempts: int) -> Outcome:
        refusal = facts(error)
        if isinstance(error, InvalidToken):
            return await self._token_or_method(refusal)
        outcome = decide(refusal, attempts)
        if isinstance(outcome, Wait):
            self.pace.hold(address.chat_id, self._now() + outcome.seconds)
        return outcome

    async def _token_or_method(self, refusal: Refusal) -> Outcome:
        """PTB says InvalidToken for an unknown method too; only getMe tells the two apart."""
        try:
            await self.bot.get_me()
        except InvalidToken:
            return TokenRefused(refusal.text)
        except TelegramError as error:
            return decide(facts(error), 1)
        return Refused(refusal.text)

    async def revise(
        self, address: Address, message_id: int, message: Message, buttons: Buttons | None
    ) -> Outcome:
        """Changes an alert that was sent. An edit may be repeated safely: that the message reads
        so already is success.
        """
        try:
            await self.bot.edit_message_text(
                message.html,
                address.chat_id,
                message_id,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=buttons,
            )
        except BadRequest as error:
            if "not modified" not in str(error).lower():
                return await self._judge(error, address, 1)
        except TelegramError as error:
            return await self._judge(error, address, 1)
        finally:
            self.pace.answered(address.chat_id, address.kind, self._now())
        return Sent(message_id)

    async def edit(
        self, chat_id: int, message_id: int, html: str, buttons: InlineKeyboardMarkup | None = None
    ) -> bool:
        """Changes a message in place; True if it now reads so."""
        try:
            await self.bot.edit_message_text(
                html,
                chat_id,
                message_id,
                parse_mode=ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                reply_markup=buttons,
            )
        except BadRequest as error:
            return "not modified" in str(error).lower()
        except TelegramError as error:
            log.warning("an edit was not taken", chat=chat_id, error=str(error))
            return False
        return True

    async def change_buttons(self, chat_id: int, message_id: int, buttons: Buttons | None) -> None:
        """Changes what stands under a message and leaves its text."""
        try:
            await self.bot.edit_message_reply_markup(chat_id, message_id, reply_markup=buttons)
        except TelegramError as error:
            if "not modified" not in str(error).lower():
                log.warning("buttons were not changed", chat=chat_id, error=str(error))

    async def acknowledge(self, query_id: str, text: str | None = None) -> None:
        """Ends a button's waiting, with a short note where there is one."""
        try:
            await self.bot.answer_callback_query(query_id, text=text[:200] if text else None)
        except TelegramError as error:
            log.info("a button press was answered too late", error=str(error))


def facts(error: TelegramError) -> Refusal:
    """A library error as plain facts; see telegram's errors and `bot.delivery.transport`."""
    text = str(error)
    match error.__cause__:
        case NeverSent():
            return Refusal(Fate.NOT_SENT, 0, text)
        case AnswerLost():
            return Refusal(Fate.LOST, 0, text)
        case None:
            pass
        case _:
            # Something in the client failed at an unknown point: assume the worse.
            return Refusal(Fate.LOST, 0, text)
    match error:
        case RetryAfter():
            return Refusal(Fate.ANSWERED, 429, text, retry_after=_seconds(error))
        case ChatMigrated():
            return Refusal(Fate.ANSWERED, 400, text, migrate_to=error.new_chat_id)
        case Forbidden():
            return Refusal(Fate.ANSWERED, 403, text)
        case InvalidToken():
            return Refusal(Fate.ANSWERED, 401, text)
        case BadRequest():
            return Refusal(Fate.ANSWERED, 400, text)
        case Conflict():
            return Refusal(Fate.ANSWERED, 409, text)
        case _ if "too many requests" in text.lower():
            return Refusal(Fate.ANSWERED, 429, text)
        case _ if "too large" in text.lower():
            return Refusal(Fate.ANSWERED, 413, text)
        case _:
            return Refusal(Fate.LOST, 0, text)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()
