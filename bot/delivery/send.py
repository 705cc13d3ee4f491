"""The only place that sends. It keeps the pace, and turns what Telegram says into outcomes."""

from collections.abc import Awaitable, Callable

import structlog
import telegram
from msgspec import Struct
from telegram import InlineKeyboardMarkup
from telegram.constants import ParseMode
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.delivery.asking import Address, Buttons, Json, Manner, MessageText, Requests
from bot.delivery.from_telegram import refusal_of
from bot.delivery.message_ids import KINDS, MessageIds, Probe, read_probe
from bot.delivery.outcome import (
    BadMarkup,
    Outcome,
    PictureRefused,
    Refusal,
    Refused,
    Sent,
    TokenRefused,
    Unknown,
    Wait,
    decide,
)
from bot.delivery.pace import Lane, Pace
from bot.delivery.pictures import RefusedPictures
from bot.delivery.render import Message
from bot.loops import Now
from bot.metrics import Metrics
from bot.texts.html import Html

log = structlog.get_logger(__name__)

_REPLY_WAIT_SECONDS = 20.0
_SHORTEST_SLEEP_SECONDS = 0.005


__all__ = ["Address", "Buttons", "Manner", "Sender", "Tries"]


class Tries(Struct, frozen=True):
    """How often this was tried, this time included, and how often in a row its chat was not found
    before.
    """

    attempts: int = 1
    not_found: int = 0


class Sender:
    """Sends over one bot, at one pace for alerts and answers together."""

    def __init__(
        self,
        *,
        bot: telegram.Bot,
        pace: Pace,
        now: Now,
        sleep: Callable[[float], Awaitable[None]],
        metrics: Metrics,
    ) -> None:
        self.bot = bot
        self.pace = pace
        self.message_ids = MessageIds()
        self._refused = RefusedPictures()
        self._requests = Requests(bot, pace, now)
        self._now = now
        self._sleep = sleep
        self._metrics = metrics

    async def alert(
        self, address: Address, message: Message, tries: Tries, manner: Manner
    ) -> Outcome:
        """Sends an alert for which the pace has made room; the outcome says what became of it."""
        if manner.picture and self._takes_picture(address.chat_id, manner.picture):
            text = MessageText(message.caption, ParseMode.HTML, manner.picture)
            outcome, after = await self._attempt(address, text, manner, tries)
            if isinstance(outcome, PictureRefused | BadMarkup | Refused):
                # Refused as it was, so it surely did not arrive: the words go alone.
                self._note_refused(address.chat_id, manner.picture, outcome)
                if wait := await self._turn(address, Lane.ALERT):
                    return wait
                text, outcome, after = await self._words(address, message, tries, manner)
        else:
            text, outcome, after = await self._words(address, message, tries, manner)
        if isinstance(outcome, Unknown):
            outcome = await self._find(address, text, manner, after) or outcome
        self._metrics.sends.labels(type(outcome).__name__.lower()).inc()
        return outcome

    def _takes_picture(self, chat_id: int, picture: str) -> bool:
        now = self._now()
        return not (self._refused.has(picture, now) or self._refused.has(chat_id, now))

    def _note_refused(
        self, chat_id: int, picture: str, outcome: PictureRefused | BadMarkup | Refused
    ) -> None:
        here = isinstance(outcome, PictureRefused) and outcome.here
        self._refused.note(chat_id if here else picture, self._now())
        self._metrics.picture_refusals.inc()
        log.info("a picture was not taken", chat=chat_id, picture=picture, said=str(outcome.reason))

    async def _words(
        self, address: Address, message: Message, tries: Tries, manner: Manner
    ) -> tuple[MessageText, Outcome, int]:
        """Sends words alone, once more without markup if that was refused; returns them too."""
        text = MessageText(message.html, ParseMode.HTML, preview=_preview(manner))
        outcome, after = await self._attempt(address, text, manner, tries)
        if isinstance(outcome, BadMarkup):
            self._metrics.plain_resends.inc()
            log.error(
                "Telegram could not read our markup; resent as plain text", said=str(outcome.reason)
            )
            self.pace.take(address.chat_id, address.kind, self._now())
            text = MessageText(message.plain, None)
            outcome, after = await self._attempt(address, text, manner, tries)
            if isinstance(outcome, BadMarkup):
                outcome = Refused(outcome.reason)
        return text, outcome, after

    async def reply(
        self,
        address: Address,
        html: Html,
        buttons: InlineKeyboardMarkup | None = None,
        reply_to: int | None = None,
        patience: float = _REPLY_WAIT_SECONDS,
    ) -> Outcome:
        """Answers a person: goes as soon as the pace allows, and once more if told to wait. Waits
        for no more than `patience` seconds.
        """
        manner = Manner(reply_to, buttons)
        outcome = await self._reply_once(address, html, manner, patience)
        if isinstance(outcome, Wait) and outcome.seconds <= patience:
            # The chat is held for that long; trying again waits for it.
            outcome = await self._reply_once(address, html, manner, patience)
        if not isinstance(outcome, Sent):
            log.warning("an answer was not taken", chat=address.chat_id, outcome=str(outcome))
        return outcome

    async def document(self, address: Address, name: str, data: bytes, caption: Html) -> Outcome:
        """Answers a person with a file; `caption` is HTML. Goes as soon as the pace allows."""
        if wait := await self._turn(address):
            return wait
        self.message_ids.began(address.chat_id)
        message_id = None
        try:
            message_id = await self._requests.document(address, name, data, caption)
        except TelegramError as error:
            outcome = await self._judge(error, address, Tries())
            if isinstance(outcome, Unknown):
                self.message_ids.lost(address.chat_id, self._now())
            return outcome
        finally:
            self.pace.answered(address.chat_id, address.kind, self._now())
            self.message_ids.ended(address.chat_id, message_id)
        return Sent(message_id)

    async def _reply_once(
        self, address: Address, html: Html, manner: Manner, patience: float
    ) -> Outcome:
        if wait := await self._turn(address, patience=patience):
            return wait
        text = MessageText(html, ParseMode.HTML)
        outcome, _ = await self._attempt(address, text, manner, Tries())
        if isinstance(outcome, Unknown):
            self.message_ids.lost(address.chat_id, self._now())
        return outcome

    async def _turn(
        self,
        address: Address,
        lane: Lane = Lane.ANSWER,
        patience: float = _REPLY_WAIT_SECONDS,
    ) -> Wait | None:
        """Waits for the turn of a message and takes it; alerts leave it to answers that wait."""
        began = now = self._now()
        answers = int(lane is Lane.ANSWER)
        self.pace.answer_waits(address.chat_id, answers)
        try:
            while (ready := self.pace.ready_at(address.chat_id, now, lane)) > now:
                if ready - began > patience:
                    return Wait(ready - now)
                await self._sleep(max(ready - now, _SHORTEST_SLEEP_SECONDS))
                now = self._now()
            self.pace.take(address.chat_id, address.kind, now, lane)
        finally:
            self.pace.answer_waits(address.chat_id, -answers)
        return None

    async def _find(
        self, address: Address, text: MessageText, manner: Manner, after: int
    ) -> Outcome | None:
        """Looks for a message whose answer was lost where it must lie; see `message_ids`."""
        if address.kind not in KINDS:
            return None
        tried = self.message_ids.candidates(address.chat_id, after, self._now())
        found = Probe.UNCLEAR
        for message_id in tried:
            if await self._turn(address, Lane.EDIT):
                break
            # Turns are left to answers: one may have come to lie there meanwhile.
            if message_id not in self.message_ids.candidates(address.chat_id, after, self._now()):
                self.pace.answered(address.chat_id, address.kind, self._now())
                break
            found = await self._probe(address, text, manner, message_id)
            if found is Probe.ARRIVED:
                self.message_ids.saw(address.chat_id, message_id)
                self._metrics.probes.labels(found.value).inc()
                return Sent(message_id, text.picture is not None)
            if found is Probe.UNCLEAR:
                break
        self.message_ids.lost(address.chat_id, self._now())
        self._metrics.probes.labels(found.value if tried else "impossible").inc()
        return None

    async def _probe(
        self, address: Address, text: MessageText, manner: Manner, message_id: int
    ) -> Probe:
        try:
            await self._requests.rewrite(address.chat_id, message_id, text, manner.buttons)
        except TelegramError as error:
            return read_probe(refusal_of(error))
        finally:
            self.pace.answered(address.chat_id, address.kind, self._now())
        return read_probe(None)

    async def _attempt(
        self, address: Address, text: MessageText, manner: Manner, tries: Tries
    ) -> tuple[Outcome, int]:
        """One request: its outcome, and the last message known in that chat before it."""
        after = self.message_ids.began(address.chat_id)
        message_id = None
        try:
            outcome = await self._request(address, text, manner, tries)
            message_id = outcome.message_id if isinstance(outcome, Sent) else None
        finally:
            self.pace.answered(address.chat_id, address.kind, self._now())
            self.message_ids.ended(address.chat_id, message_id)
        return outcome, after

    async def _request(
        self, address: Address, text: MessageText, manner: Manner, tries: Tries
    ) -> Outcome:
        try:
            message_id = await self._requests.send(address, text, manner)
        except TelegramError as error:
            return await self._judge(error, address, tries)
        return Sent(message_id, text.picture is not None)

    async def _judge(self, error: TelegramError, address: Address, tries: Tries) -> Outcome:
        refusal = refusal_of(error)
        if isinstance(error, InvalidToken):
            return await self._token_or_method(refusal)
        return decide(refusal, tries.attempts, tries.not_found)

    async def _token_or_method(self, refusal: Refusal) -> Outcome:
        """PTB says InvalidToken for an unknown method too; only getMe tells the two apart."""
        try:
            await self.bot.get_me()
        except InvalidToken:
            return TokenRefused(refusal.reason)
        except TelegramError as error:
            return decide(refusal_of(error), 1)
        return Refused(refusal.reason)

    async def revise(
        self, address: Address, message_id: int, message: Message, manner: Manner
    ) -> Outcome:
        """Changes an alert that was sent, as words or with a picture. An edit may be repeated
        safely: that the message reads so already is success.
        """
        text = MessageText(message.html, ParseMode.HTML, preview=_preview(manner))
        if manner.picture:
            text = MessageText(message.caption, ParseMode.HTML, manner.picture)
        try:
            await self._requests.rewrite(address.chat_id, message_id, text, manner.buttons)
        except BadRequest as error:
            if "not modified" not in str(error).lower():
                return await self._judge(error, address, Tries())
        except TelegramError as error:
            return await self._judge(error, address, Tries())
        finally:
            self.pace.answered(address.chat_id, address.kind, self._now())
        return Sent(message_id)

    async def edit(
        self, chat_id: int, message_id: int, html: Html, buttons: InlineKeyboardMarkup | None = None
    ) -> bool:
        """Changes a message in place; True if it now reads so."""
        try:
            await self._wait_to_edit(chat_id)
            await self._requests.rewrite(
                chat_id, message_id, MessageText(html, ParseMode.HTML), buttons
            )
        except BadRequest as error:
            return "not modified" in str(error).lower()
        except TelegramError as error:
            log.warning("an edit was not taken", chat=chat_id, error=str(error))
            return False
        return True

    async def _wait_to_edit(self, chat_id: int) -> None:
        """Waits while the chat, or the bot, is told to wait, but no longer than a person does."""
        began = now = self._now()
        while (ready := self.pace.edit_ready_at(chat_id, now)) > now:
            if ready - began > _REPLY_WAIT_SECONDS:
                return  # the pace holds it back
            await self._sleep(max(ready - now, _SHORTEST_SLEEP_SECONDS))
            now = self._now()
        self.pace.take_probe(chat_id, now)

    async def change_buttons(self, chat_id: int, message_id: int, buttons: Buttons | None) -> None:
        """Changes what stands under a message and leaves its text."""
        try:
            await self._wait_to_edit(chat_id)
            await self._requests.change_buttons(chat_id, message_id, buttons)
        except TelegramError as error:
            if "not modified" not in str(error).lower():
                log.warning("buttons were not changed", chat=chat_id, error=str(error))

    async def acknowledge(self, query_id: str, text: str | None = None) -> None:
        """Ends a button's waiting, with a short note where there is one."""
        try:
            await self.bot.answer_callback_query(query_id, text=text[:200] if text else None)
        except TelegramError as error:
            log.info("a button press was answered too late", error=str(error))


def _preview(manner: Manner) -> Json | None:
    if manner.preview is None:
        return None
    return {"url": manner.preview, "prefer_small_media": True}
