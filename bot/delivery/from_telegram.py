"""What an error of the library says happened to a request, as plain facts for `outcome`."""

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)

from bot.delivery.outcome import Fate, Refusal
from bot.delivery.transport import AnswerLost, HeldBack, NeverSent


def refusal_of(error: TelegramError) -> Refusal:
    """A library error as plain facts; see telegram's errors and `bot.delivery.transport`."""
    text = str(error)
    match error.__cause__:
        case HeldBack(why=why):
            return Refusal(Fate.HELD_BACK, 0, text, why=why)
        case NeverSent(why=why):
            return Refusal(Fate.NOT_SENT, 0, text, why=why)
        case AnswerLost(why=why):
            return Refusal(Fate.LOST, 0, text, why=why)
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
