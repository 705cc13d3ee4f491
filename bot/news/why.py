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

from msgspec.structs import replace

from bot.errors import TocsinError
from bot.texts.said import Said, say, say_many

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

    # A story, and when it comes to a chat. These follow "because".
    FEWER_SOURCES = "fewer_sources", say_many("fewer than {n} sources have it", 0)
    GATHERED = "gathered", say("this chat gets digests")
    GATHERED_BY_TOPICS = "gathered_by_topics", say("its topics come in digests")
    CHAT_CAP = "chat_cap", say("the daily limit of {cap} was reached")
    TOPICS_CAP = "topics_cap", say("the daily limit of its topics was reached")
    QUIET_HOURS = "quiet_hours", say("it came in quiet hours")
    PAUSED = "paused", say("this chat is paused")
    BREAKING = "breaking", say("it is major news")
    MUTED = "muted", say("{what} is muted")
    TOPIC_MUTED = "topic_muted", say("the topic {topic} is muted")
    OTHER_LANGUAGE = "other_language", say("it is in another language: {language}")
    TOLD_BESIDE = "told_beside", say("this chat had an alert about it")
    TOPICS_REMOVED = "topics_removed", say("its topics were removed")
    # Of before: a mute ends nothing any more.
    TOPICS_GONE = "topics_gone", say("its topics are muted or removed")

    # A delivery, and what became of it.
    LOST_TWICE = "lost_twice", say("Telegram's answer was lost twice")
    PROCESS_ENDED = "process_ended", say("the bot was cut off while sending")
    CLAIM_RAN_OUT = "claim_ran_out", say("sending took too long")
    BOT_STOPPED = "bot_stopped", say("the bot stopped while sending")
    EDIT_STOPPED = "edit_stopped", say("the bot stopped while editing")
    CAME_LATE = "came_late", say("it could not be sent in time")
    DIGEST_REFUSED = "digest_refused", say("Telegram refused its digest")
    TOLD_IN_MAIN = "told_in_main", say("its thread is gone, and the main one has the story")
    STORY_GONE = "story_gone", say("the story is no longer stored")
    UNWRITABLE = "unwritable", say("its message could not be made (see the log)")
    UNEXPECTED = "unexpected", say("an unexpected error")
    UNEXPECTED_KIND = "unexpected_kind", say("an unexpected error: {kind}")
    TOLD_TO_WAIT = "told_to_wait", say("Telegram asked the bot to wait")
    TELEGRAM_SILENT = "telegram_silent", say("Telegram did not answer in time")
    TELEGRAM_STATUS = "telegram_status", say("Telegram answered {status} without a result")
    ANSWER_LOST = "answer_lost", say("Telegram's answer was lost: {kind}")
    TELEGRAM_UNREACHED = "telegram_unreached", say("no connection to Telegram: {kind}")
    NO_API_ADDRESS = "no_api_address", say("TELEGRAM_API_URL is not an address")
    LEASE_OVER = "lease_over", say("the bot stood still for a while")
    POOL_CLOSED = "pool_closed", say("the connection pool is closed")

    # A chat that is not served.
    NOT_SERVED = "not_served", say("alerts are off in this chat")
    SAID_STOP = "said_stop", say("/stop was sent here")
    SHUT_OUT = "shut_out", say("an operator shut this chat out")
    REMOVED = "removed", say("the bot was removed")
    MAY_NOT_WRITE = "may_not_write", say("the bot may not write")

    # An address that is not fetched.
    ADDRESS_LONG = "address_long", say_many("the address is longer than {n} characters", 0)
    ADDRESS_UNFIT = (
        "address_unfit", say("the address has spaces, backslashes or control characters")
    )  # fmt: skip
    ADDRESS_UNREADABLE = "address_unreadable", say("the address cannot be read")
    SCHEME = "scheme", say("only http and https addresses work")
    NO_HOST = "no_host", say("the address names no site")
    HOST_UNFIT = "host_unfit", say("the address has no valid name of a site")
    CREDENTIALS = "credentials", say("an address must not have a user name or password")
    PORT = "port", say("the port is not one of {ports}")
    # The same for whatever is refused, so that it tells nobody what there is inside; metadata of
    # clouds stays refused whatever the setting says.
    NOT_ALLOWED = (
        "not_allowed",
        say("address not allowed; an operator opens private hosts with ALLOWED_PRIVATE_HOSTS"),
    )

    # A host that gave no document.
    NO_ANSWER = "no_answer", say("no answer within {seconds} s")
    UNRESOLVED = "unresolved", say("the name of the site could not be looked up")
    CERTIFICATE = "certificate", say("the site's certificate is not valid")
    INSECURE = "insecure", say("no secure connection to the site")
    UNREACHED = "unreached", say("no connection to the site")
    CLOSED = "closed", say("the site closed the connection")
    CUT_SHORT = "cut_short", say("its answer ended too early")
    BAD_HTTP = "bad_http", say("its answer is not proper HTTP")
    BROKEN = "broken", say("the connection failed")
    STATUS = "status", say("the site answered {status} {phrase}")
    ODD_STATUS = "odd_status", say("the site answered {status}")
    UNASKED = (
        "unasked", say("the site answered 304 Not Modified without being asked")
    )  # fmt: skip
    GONE = "gone", say("the site says that it is gone (410)")
    GONE_ONCE = (
        "gone_once",
        say("the site says that it is gone (410), and is asked once more"),
    )
    CIRCLE = "circle", say("the site redirects in a circle")
    REDIRECTS = "redirects", say_many("the site redirects more than {n} times", 0)
    REDIRECTS_NOWHERE = (
        "redirects_nowhere", say("the site redirects to something that is no address")
    )  # fmt: skip
    LEFT_ALONE = "left_alone", say("the site asks to be left alone for now")
    HOST_BUSY = "host_busy", say("too many requests go to that site now")
    HOST_CROWDED = (
        "host_crowded", say("too many other sources share its server")
    )  # fmt: skip

    # A document that is not read.
    NO_BODY = "no_body", say("empty: the site sent nothing")
    TOO_LARGE = "too_large", say_many("what it sent is larger than {n} bytes", 0)
    ENCODED_TWICE = "encoded_twice", say("what it sent is compressed more than once")
    ENCODING = "encoding", say("what it sent is compressed in a way not asked for")
    COMPRESSION = "compression", say("its compression is damaged")
    NO_DOCUMENT = "no_document", say("empty: there is nothing in what it sent")
    DAMAGED = "damaged", say("what it sent is damaged and cannot be read")
    ATTRIBUTES = "attributes", say("what it sent is damaged: a tag has hundreds of attributes")
    WEB_PAGE = "web_page", say("it is a web page, not a feed")
    NOT_A_FEED = "not_a_feed", say("it is not a feed")
    DAMAGED_JSON = "damaged_json", say("its JSON is damaged")
    OTHER_JSON = "other_json", say("it is JSON, but not a JSON Feed")
    TOO_SLOW = "too_slow", say("it takes too long to read")
    NO_PARSER = "no_parser", say("reading it could not begin")
    UNSTORABLE = "unstorable", say("what it sent cannot be stored (see the log)")
    POLL_FAILED = "poll_failed", say("an unexpected error (see the log)")

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
        args = dict(zip(self.code.names, shown, strict=True))
        return replace(self.code.words, args=args)

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
