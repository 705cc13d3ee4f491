"""Why something was not told, not read, or is known by less: a code and what stands in its words.

Logic reads codes and the database keeps them; people read the words, which stand beside the codes
and nowhere else. A new reason is a line here and a `because(…)` where it arises. Pure.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter
from typing import TypeAlias

from bot.errors import TocsinError
from bot.texts.said import Said, say

Argument: TypeAlias = str | int | float
"""What stands in the words: text of others, or a number."""


class Code(StrEnum):
    """One member a reason: how it is stored, and its words, whose places in braces name its
    arguments in their order.
    """

    words: Said
    names: tuple[str, ...]

    def __new__(cls, code: str, words: Said) -> "Code":
        made = str.__new__(cls, code)
        made._value_ = code
        made.words = words
        made.names = tuple(name for _, name, _, _ in Formatter().parse(words.msgid) if name)
        return made

    # What others wrote (Telegram, an exception), and what this version does not know.
    TEXT = "text", say("{text}")

    # A story, and when a chat is told of it.
    FEWER_SOURCES = "fewer_sources", say("fewer than {needed} sources carry it")
    GATHERED = "gathered", say("gathered for the digest")
    GATHERED_BY_TOPICS = "gathered_by_topics", say("gathered by its topics")
    CHAT_CAP = "chat_cap", say("this chat had its {cap} alerts of the day")
    TOPICS_CAP = "topics_cap", say("its topics had their alerts of the day")
    QUIET_HOURS = "quiet_hours", say("quiet hours")
    PAUSED = "paused", say("this chat is paused")
    BREAKING = "breaking", say("many sources carry it")
    MUTED = "muted", say("{what} is muted")
    TOPIC_MUTED = "topic_muted", say("the topic {topic} is muted")
    OTHER_LANGUAGE = "other_language", say("it is in another language: {language}")
    TOPICS_GONE = "topics_gone", say("its topics are muted or gone")

    # A delivery, and what became of it.
    LOST_TWICE = "lost_twice", say("Telegram's answer was lost twice")
    PROCESS_ENDED = "process_ended", say("the process ended while sending")
    CLAIM_RAN_OUT = "claim_ran_out", say("the claim ran out")
    BOT_STOPPED = "bot_stopped", say("the bot stopped while sending")
    EDIT_STOPPED = "edit_stopped", say("the bot stopped while editing")
    CAME_LATE = "came_late", say("it came late")
    DIGEST_REFUSED = "digest_refused", say("its digest was refused")
    TOLD_IN_MAIN = "told_in_main", say("the thread is gone, and the main one was told already")
    STORY_GONE = "story_gone", say("the story is no longer stored")
    UNWRITABLE = "unwritable", say("it cannot be written; see the log")
    UNEXPECTED = "unexpected", say("an unexpected error")
    UNEXPECTED_KIND = "unexpected_kind", say("unexpected {kind}")
    TOLD_TO_WAIT = "told_to_wait", say("Telegram has told the bot to wait")
    TELEGRAM_SILENT = "telegram_silent", say("Telegram did not answer in time")
    TELEGRAM_STATUS = "telegram_status", say("Telegram answered {status} without a result")
    ANSWER_LOST = "answer_lost", say("The answer was lost: {kind}")
    TELEGRAM_UNREACHED = "telegram_unreached", say("No connection to Telegram: {kind}")
    NO_API_ADDRESS = "no_api_address", say("TELEGRAM_API_URL is not an address")
    POOL_CLOSED = "pool_closed", say("The connection pool is closed")

    # A chat that is not served.
    NOT_SERVED = "not_served", say("the chat is not served")
    SAID_STOP = "said_stop", say("the chat said /stop")
    SHUT_OUT = "shut_out", say("shut out by an operator")
    REMOVED = "removed", say("the bot was removed")
    MAY_NOT_WRITE = "may_not_write", say("the bot may not write here")

    # An address that is not fetched.
    ADDRESS_LONG = "address_long", say("the address is longer than {most} characters")
    ADDRESS_UNFIT = (
        "address_unfit", say("the address has blanks, backslashes or control characters")
    )  # fmt: skip
    ADDRESS_UNREADABLE = "address_unreadable", say("the address cannot be read")
    SCHEME = "scheme", say("only http and https addresses can be fetched")
    NO_HOST = "no_host", say("the address has no host")
    HOST_UNFIT = "host_unfit", say("the address has no valid host name")
    CREDENTIALS = "credentials", say("an address with a user name or password is not fetched")
    PORT = "port", say("the port is not one of {ports}")
    # The same for whatever is refused, so that it tells nobody what there is inside; metadata of
    # clouds stays refused whatever the setting says.
    NOT_ALLOWED = (
        "not_allowed",
        say("address not allowed; an operator opens private hosts with ALLOWED_PRIVATE_HOSTS"),
    )

    # A host that gave no document.
    NO_ANSWER = "no_answer", say("no answer within {seconds} s")
    UNRESOLVED = "unresolved", say("the host name could not be resolved")
    CERTIFICATE = "certificate", say("the server's certificate is not valid")
    INSECURE = "insecure", say("no secure connection to the server could be made")
    UNREACHED = "unreached", say("no connection to the server could be made")
    CLOSED = "closed", say("the server closed the connection")
    CUT_SHORT = "cut_short", say("the document ended too early")
    BAD_HTTP = "bad_http", say("the server's answer is not proper HTTP")
    BROKEN = "broken", say("the connection failed")
    STATUS = "status", say("the server answered {status} {phrase}")
    ODD_STATUS = "odd_status", say("the server answered {status}")
    UNASKED = (
        "unasked", say("the server answered 304 Not Modified without having been asked")
    )  # fmt: skip
    GONE = "gone", say("the host says that this feed is gone (410)")
    GONE_ONCE = (
        "gone_once",
        say(
            "the host says that this feed is gone (410); it is asked once more before that is"
            " believed"
        ),
    )
    CIRCLE = "circle", say("the server redirects in a circle")
    REDIRECTS = "redirects", say("the server redirects more than {times} times")
    REDIRECTS_NOWHERE = (
        "redirects_nowhere", say("the server redirects to an address that is none")
    )  # fmt: skip
    LEFT_ALONE = "left_alone", say("that host asks to be left alone for now")
    HOST_BUSY = "host_busy", say("too much is asked of that host just now")
    HOST_CROWDED = (
        "host_crowded", say("too many feeds lead to the host that this one is found at")
    )  # fmt: skip

    # A document that is not read.
    NO_BODY = "no_body", say("empty: the server sent no document")
    TOO_LARGE = "too_large", say("the document is larger than {most} bytes")
    ENCODED_TWICE = "encoded_twice", say("the document is encoded more than once")
    ENCODING = "encoding", say("the document is in an encoding that was not asked for")
    COMPRESSION = "compression", say("the document's compression is damaged")
    NO_DOCUMENT = "no_document", say("empty: there is no document")
    DAMAGED = "damaged", say("the document is damaged and cannot be read")
    ATTRIBUTES = "attributes", say("the document is damaged: a tag has hundreds of attributes")
    WEB_PAGE = "web_page", say("this is a web page, not a feed")
    NOT_A_FEED = "not_a_feed", say("this is not a feed")
    DAMAGED_JSON = "damaged_json", say("this JSON document is damaged")
    OTHER_JSON = "other_json", say("this is a JSON document, but not a JSON Feed")
    TOO_SLOW = "too_slow", say("the document took too long to read")
    NO_PARSER = "no_parser", say("the parser could not be started")
    UNSTORABLE = "unstorable", say("what it sent cannot be stored; see the log")
    POLL_FAILED = "poll_failed", say("an unexpected error; see the log")

    # Why entries are known by less than their ids.
    IDS_REPEAT = "ids_repeat", say("ids repeat")
    IDS_MISSING = "ids_missing", say("ids are missing")
    IDS_REUSED = "ids_reused", say("ids are used again")
    IDS_CHANGE = "ids_change", say("ids change")
    LINKS_MISSING = "links_missing", say("links are missing or shared")
    LINKS_CHANGE = "links_change", say("links change")
    DATES_CHANGE = "dates_change", say("dates change")


@dataclass(frozen=True, slots=True, repr=False)
class Why:
    """A reason with its arguments, in the order of the code's names. Raises ValueError for more or
    fewer than those.
    """

    code: Code
    args: tuple[Argument, ...] = ()

    def __post_init__(self) -> None:
        if len(self.args) != len(self.code.names):
            raise ValueError(f"{self.code} has the arguments {self.code.names}, not {self.args}")

    def __str__(self) -> str:
        return str(self.said)

    def __repr__(self) -> str:
        return f"<{self.code.value}: {self}>"

    @property
    def said(self) -> Said:
        """The words. Numbers stand in them as they are written here: 5242880 and 0.5."""
        shown = [f"{each:g}" if isinstance(each, float) else str(each) for each in self.args]
        return Said(self.code.words.msgid, dict(zip(self.code.names, shown, strict=True)))

    def stored(self) -> str:
        """As the database keeps it: a JSON array, one text for each code without arguments."""
        return _json(self._parts())

    def _parts(self) -> list[Argument]:
        return [self.code, *self.args]


def because(code: Code, *args: Argument) -> Why:
    """The reason with this code."""
    return Why(code, args)


def quoted(text: str) -> Why:
    """What others wrote, as a reason."""
    return because(Code.TEXT, text)


def read_why(stored: str | None) -> Why | None:
    """What `Why.stored` made; text of another kind is kept as text. Never raises."""
    return None if stored is None else _why_of(_parsed(stored)) or quoted(stored)


def stored_whys(whys: Sequence[Why]) -> str | None:
    """Several reasons in one text; None for none."""
    return _json([why._parts() for why in whys]) if whys else None


def read_whys(stored: str | None) -> tuple[Why, ...]:
    """What `stored_whys` made; text of another kind is one reason. Never raises."""
    if stored is None:
        return ()
    parsed = _parsed(stored)
    read = [_why_of(each) for each in parsed] if isinstance(parsed, list) else []
    found = tuple(why for why in read if why)
    return found if found and len(found) == len(read) else (quoted(stored),)


def _json(parts: Sequence[object]) -> str:
    return json.dumps(parts, separators=(",", ":"))


def _parsed(stored: str) -> object:
    try:
        return json.loads(stored)
    except (ValueError, RecursionError):
        return None


def _why_of(parts: object) -> Why | None:
    if not isinstance(parts, list) or not all(isinstance(each, Argument) for each in parts):
        return None
    code = _BY_NAME.get(parts[0]) if parts else None
    try:
        return because(code, *parts[1:]) if code else None
    except ValueError:  # the arguments of another version
        return None


_BY_NAME = {code.value: code for code in Code}


class WithWhyError(TocsinError):
    """An error that is stored or shown as a reason."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.said)
        self.why = why


class AddressRefused(WithWhyError):  # noqa: N818
    """An address that feeds must not be fetched from."""


class NotAFeed(WithWhyError):  # noqa: N818
    """A document that is no feed, or one that cannot be read."""
