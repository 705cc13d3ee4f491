"""Telegram HTML that is safe already, and how plain text becomes such. Pure.

What is `Html` may be put into a message as it is; what is any other `str` may not. Text is cut
first, as plain text, then made neutral, then escaped, then put between tags: so no cut goes
through markup, and nothing of a feed is ever read as markup.
"""

import html
import re
from collections.abc import Iterable, Sequence

MAX_MESSAGE = 4096
MAX_BYTES = 32_768  # of the markup, tags and all

# What Telegram's clients turn into links by themselves; a word joiner, which shows nothing,
# keeps the parts apart. Checked in tests against the code that Telegram itself uses.
_JOINER = "\u2060"
_LIVE = re.compile(
    # Telegram may know letters that this Python does not, hence \S where \w would do.
    r"(?<=[@#/$＃／])(?=\S)"  # mentions, hashtags, commands, cashtags
    r"|(?<=://)"
    r"|(?<=\S)(?=[.．。](?:[^\W\d]{2}|\d+[.．。]))"  # hosts, files, addresses; not 0.8, U.S.
    r"|(?<=\d)(?=:\d)"  # places in a video
)
_TAG = re.compile("<[^>]*>")
_NUMBER = re.compile(r"\d(?:[ -]?\d){11,}")  # card numbers have 13 to 19 digits


class Html(str):
    """Markup that Telegram reads as it is meant: made here and by `bot.texts.locale` only, or from
    constants of ours.
    """

    __slots__ = ()

    def __add__(self, other: str) -> "Html":
        """Both one after the other; what is no Html is escaped."""
        return Html(str.__add__(self, other if isinstance(other, Html) else escape(other)))


NOTHING = Html()


def escape(text: str) -> Html:
    """Text as Telegram HTML that shows exactly this text, with nothing in it live."""
    return Html(html.escape(neutral(text), quote=True))


def literal(text: str) -> Html:
    """The same where nothing could become live: within links and code."""
    return Html(html.escape(sendable(text), quote=True))


def neutral(text: str) -> str:
    """The text with nothing that Telegram would turn into a mention, command, tag or link."""
    text = _LIVE.sub(_JOINER, sendable(text))
    return _NUMBER.sub(lambda found: _JOINER.join(_fours(found[0])), text)


def sendable(text: str) -> str:
    """The text without halves of characters, which cannot be encoded."""
    return text.encode("utf-8", "ignore").decode()


def _fours(digits: str) -> list[str]:
    return [digits[i : i + 4] for i in range(0, len(digits), 4)]


def html_of(text: str) -> Html:
    """Html as it is, other text escaped."""
    return text if isinstance(text, Html) else escape(text)


def bold(text: str) -> Html:
    """Bold text."""
    return Html(f"<b>{html_of(text)}</b>")


def italic(text: str) -> Html:
    """Italic text."""
    return Html(f"<i>{html_of(text)}</i>")


def underlined(text: str) -> Html:
    """Underlined text, as it stands within a link."""
    return Html(f"<u>{literal(text)}</u>")


def code(text: str) -> Html:
    """Text to copy by a tap. Within it nothing becomes live, so it stays as it is."""
    return Html(f"<code>{literal(text)}</code>")


def link(shown: Html, address: str) -> Html:
    """A link that shows this; nothing else within it becomes one."""
    return Html(f'<a href="{literal(address)}">{shown}</a>')


def folded(text: Html) -> Html:
    """A quotation that is opened by a tap."""
    return Html(f"<blockquote expandable>{text}</blockquote>")


def isolated(text: str) -> Html:
    """Text of unknown direction that must not turn what stands beside it (Unicode UAX 9)."""
    return Html(set_apart(html_of(text)))


def set_apart(text: str) -> str:
    """The same of plain text."""
    return f"\u2068{text}\u2069"


def balanced(text: str) -> str:
    """Plain text that was cut, with an end for each isolate that lost its own."""
    return text + "\u2069" * (text.count("\u2068") - text.count("\u2069"))


def joined(between: str, parts: Iterable[str]) -> Html:
    """Parts one after the other, each escaped where it is no Html; `between` is ours."""
    return Html(between.join(map(html_of, parts)))


def lines(*parts: str) -> Html:
    """Lines, without those that are empty."""
    return joined("\n", filter(None, parts))


def fitting(
    parts: Sequence[Html], between: str, characters: int = MAX_MESSAGE, octets: int = MAX_BYTES
) -> Html:
    """Parts joined, without the last ones where all would be more than Telegram takes (4,096
    characters after parsing: Bot API, sendMessage), or than there is room for.
    """
    for count, part in enumerate(parts):
        characters -= visible(part) + len(between)
        octets -= len(part.encode()) + len(between)
        if characters < 0 or octets < 0:
            return joined(between, parts[:count])
    return joined(between, parts)


def visible(part: Html) -> int:
    """How many characters of it are shown."""
    return len(shown(part))


def shown(part: Html) -> str:
    """What is shown of it, as plain text."""
    return html.unescape(_TAG.sub("", part))
