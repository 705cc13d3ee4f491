"""What became of a message, decided from Telegram's answer or the lack of one. Pure.

Telegram has no idempotency key: what was sent and not answered may or may not have arrived. That
class, `Unknown`, must not grow by mistake (a resend would ring twice) nor shrink (a retry of what
was surely not sent is free). What counts is therefore not the kind of error, but whether the
request went out: see `Fate`.
"""

import re
from enum import Enum

from msgspec import Struct

from bot.news.why import Why, quoted


class Fate(Enum):
    """How far a request came."""

    ANSWERED = "answered"
    """Telegram answered it, with success or a refusal."""
    HELD_BACK = "held back"
    """It was not tried, since Telegram had just told the bot to wait."""
    NOT_SENT = "not sent"
    """It surely never reached Telegram: no connection was made."""
    LOST = "lost"
    """It went out, and the answer did not come back whole."""


class Refusal(Struct, frozen=True):
    """An error as facts: `status` is the HTTP status (0 without an answer), `text` what Telegram
    wrote, `why` what is known without an answer of its.
    """

    fate: Fate
    status: int
    text: str
    retry_after: float | None = None
    migrate_to: int | None = None
    why: Why | None = None

    @property
    def reason(self) -> Why:
        """Why it failed, as far as that is known."""
        return self.why or quoted(self.text)


class Sent(Struct, frozen=True):
    """It arrived, with its picture or without."""

    message_id: int
    as_picture: bool = False


class TryAgain(Struct, frozen=True):
    """It surely did not arrive; try again after `seconds`."""

    seconds: float
    reason: Why


class Wait(Struct, frozen=True):
    """Telegram says that this chat must be left alone for `seconds`; it did not arrive. The time is
    `guessed` where Telegram named none.
    """

    seconds: float
    guessed: bool = False


class Blocked(Struct, frozen=True):
    """The chat cannot be written to any more; pause it."""

    reason: Why


class NotFound(Struct, frozen=True):
    """Telegram does not find the chat, which may be its own trouble; try again after `seconds`."""

    seconds: float
    reason: Why


class Moved(Struct, frozen=True):
    """The group has become a supergroup with another id."""

    chat_id: int


class BadMarkup(Struct, frozen=True):
    """Telegram could not read our markup, or found the text too long; send it plain, once."""

    reason: Why


class PictureRefused(Struct, frozen=True):
    """Telegram did not take the picture, or takes none in this chat (`here`); send words alone."""

    reason: Why
    here: bool = False


class ThreadGone(Struct, frozen=True):
    """The forum thread is closed, or deleted `for_good`; send to the main one."""

    reason: Why
    for_good: bool = False


class Refused(Struct, frozen=True):
    """It will never be taken as it is."""

    reason: Why


class MessageGone(Struct, frozen=True):
    """The message that was to be edited is not there any more."""

    reason: Why


class TokenRefused(Struct, frozen=True):
    """Telegram does not know the bot; nothing can be sent until the operator acts."""

    reason: Why


class Unknown(Struct, frozen=True):
    """It may have arrived or not."""

    reason: Why


Outcome = (
    Sent | TryAgain | Wait | Blocked | NotFound | Moved | BadMarkup | PictureRefused | ThreadGone
    | Refused | MessageGone | TokenRefused | Unknown
)  # fmt: skip

_NOT_SENT_SECONDS = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0)
_FLOOD_WITHOUT_TIME_SECONDS = 45.0
_CHAT_NOT_FOUND_TRIES = 3
_CHAT_NOT_FOUND_SECONDS = 300.0

# Telegram's words, lower-cased; python-telegram-bot strips prefixes and changes capitals.
_MARKUP = re.compile(
    r"can't parse|unsupported start tag|message is too long|text is too long|caption is too long"
)
# What Telegram says when it cannot fetch a picture, or finds that it is none.
_PICTURE = re.compile(
    r"wrong type of the web page content|failed to get http url content|wrong file identifier"
    r"|wrong remote file|photo_\w+|image_process_failed|webpage_\w+|media_\w+|file_reference_\w+"
    r"|invalid file http url|file is too big|too big for a photo|unsupported url protocol"
)
_NO_PICTURES_HERE = re.compile(
    r"not enough rights to send (photos|media)|chat_send_photos_forbidden"
)
_THREAD = re.compile(r"thread not found|topic_closed|topic_deleted|topic closed|topic deleted")
_NO_RIGHTS = re.compile(
    r"not enough rights|chat_write_forbidden|have no rights|need administrator rights"
    r"|chat_restricted|user_banned_in_channel|chat_send_plain_forbidden"
    r"|group chat was deactivated|group chat was deleted|bot was kicked|peer_id_invalid"
)
_DELETED = re.compile(r"thread not found|topic_deleted|topic deleted")
_NOT_FOUND = re.compile(r"chat not found|user not found")
_MESSAGE_GONE = re.compile(r"message to edit not found|can't be edited|message_id_invalid")


def decide(refusal: Refusal, attempts: int, not_found: int = 0) -> Outcome:
    """The outcome of an attempt that ended in an error; `attempts` counts this one (1: first),
    `not_found` how often in a row the chat was not found before.
    """
    if refusal.fate is Fate.LOST or refusal.status >= 500:
        return Unknown(refusal.reason)
    if refusal.fate is Fate.HELD_BACK:
        return TryAgain(0.0, refusal.reason)
    if refusal.fate is Fate.NOT_SENT:
        step = min(attempts, len(_NOT_SENT_SECONDS)) - 1
        return TryAgain(_NOT_SENT_SECONDS[step], refusal.reason)
    if refusal.migrate_to is not None:
        return Moved(refusal.migrate_to)
    if refusal.retry_after is not None:
        return Wait(refusal.retry_after)
    return _refused(refusal, not_found)


def _refused(refusal: Refusal, not_found: int) -> Outcome:
    text = refusal.text.lower()
    match refusal.status:
        case 429:
            return Wait(_FLOOD_WITHOUT_TIME_SECONDS, guessed=True)
        case 401:
            return TokenRefused(refusal.reason)
        case 403:
            return Blocked(refusal.reason)
        case 400 if _MARKUP.search(text):
            return BadMarkup(refusal.reason)
        case 400 if _NO_PICTURES_HERE.search(text):
            return PictureRefused(refusal.reason, here=True)
        case 400 if _PICTURE.search(text):
            return PictureRefused(refusal.reason)
        case 400 if _THREAD.search(text):
            return ThreadGone(refusal.reason, bool(_DELETED.search(text)))
        case 400 if _MESSAGE_GONE.search(text):
            return MessageGone(refusal.reason)
        case 400 if _NO_RIGHTS.search(text):
            return Blocked(refusal.reason)
        case 400 if _NOT_FOUND.search(text):
            if not_found + 1 >= _CHAT_NOT_FOUND_TRIES:
                return Blocked(refusal.reason)
            return NotFound(_CHAT_NOT_FOUND_SECONDS, refusal.reason)
        case 409:
            return TryAgain(_NOT_SENT_SECONDS[-1], refusal.reason)
        case _:
            return Refused(refusal.reason)
