"""How messages look: Telegram HTML from plain strings. Pure.

Strings are cut first, as plain text, then made neutral, then escaped, then put between tags: so
no cut goes through markup, and nothing of a feed is ever read as markup. Every public function
keeps to Telegram's limit of 4,096 characters after parsing (Bot API, sendMessage).
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.news.outbox import Also
from bot.news.text import urls
from bot.news.text.plain import cut, first_sentences, fold_title, tidy

MAX_MESSAGE = 4096
MAX_CAPTION = 1024
_MAX_BYTES = 32_768  # of the markup, tags and all
_LATEST = 2**31 - 1  # Telegram knows times from 1 to this
_HEADLINE = 300
_SUMMARY = 400
_LIST_SUMMARY = 160
_SHORT_SENTENCE = 25
_SOURCE = 60
_TOPIC = 40
_TOPICS_NAMED = 3
_ALSO_NAMED = 3
_ALSO_LISTED = 10
_ALSO_TITLE = 120

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


@dataclass(frozen=True, slots=True)
class Message:
    """A message ready to send: as HTML, as plain text should Telegram refuse the markup, and what
    stands under a picture where there is one.
    """

    html: str
    plain: str
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A story as it is shown: `at` in seconds since the epoch, `original` whose work the report
    is a copy of, `also` the other reports of the story. `pieces` are the headline's parts, each
    with whether it is to be marked.
    """

    title: str
    summary: str
    link: str | None
    source: str
    at: float
    topics: tuple[str, ...] = ()
    original: str | None = None
    also: tuple[Also, ...] = ()
    pieces: tuple[tuple[str, bool], ...] = ()


def escape(text: str) -> str:
    """Text as Telegram HTML that shows exactly this text, with nothing in it live."""
    return html.escape(neutral(text), quote=True)


def neutral(text: str) -> str:
    """The text with nothing that Telegram would turn into a mention, command, tag or link."""
    text = _LIVE.sub(_JOINER, _sendable(text))
    return _NUMBER.sub(lambda found: _JOINER.join(_fours(found[0])), text)


def _sendable(text: str) -> str:
    """The text without halves of characters, which cannot be encoded."""
    return text.encode("utf-8", "ignore").decode()


def _fours(digits: str) -> list[str]:
    return [digits[i : i + 4] for i in range(0, len(digits), 4)]


def bold(text: str) -> str:
    """Bold text."""
    return f"<b>{escape(text)}</b>"


def code(text: str) -> str:
    """Text to copy by a tap. Within it nothing becomes live, so it stays as it is."""
    return f"<code>{html.escape(_sendable(text), quote=True)}</code>"


def alert(item: Item, timezone: str, now: float) -> Message:
    """The alert of a story: linked headline, one or two sentences, source and time."""
    html, summary = _story(item, timezone, now, MAX_MESSAGE)
    plain = "\n".join(part for part in (item_title(item), summary, item.link or "") if part)
    return Message(html, cut(plain, MAX_MESSAGE))


def caption(item: Item, timezone: str, now: float) -> str:
    """The same under a picture, which leaves room for 1,024 characters (Bot API, sendPhoto)."""
    return _story(item, timezone, now, MAX_CAPTION)[0]


def _story(item: Item, timezone: str, now: float, most: int) -> tuple[str, str]:
    """A story in so many characters, as HTML, and as much of its summary as there was room for."""
    lines = [headline(item), _footer(item, timezone, now)]
    room = most - sum(_visible(line) + 1 for line in lines)
    if room < 0:
        room += _visible(lines.pop()) + 1
    summary = first_sentences(_sendable(item.summary), 2, max(min(_SUMMARY, room - 1), 0))
    # What keeps words from becoming live shows nothing, and counts.
    while summary and _visible(escape(summary)) + 1 > room:
        summary = cut(summary, len(summary) - 20) if len(summary) > 20 else ""
    if summary:
        lines.insert(1, escape(summary))
    if others := _others(item):
        item = replace(item, also=others)
        room = most - sum(_visible(line) + 1 for line in lines)
        octets = _MAX_BYTES - sum(len(line.encode()) + 1 for line in lines)
        if also := _also(item, room, octets):
            lines.append(also)
    return "\n".join(lines), summary


def update(item: Item, timezone: str, now: float) -> Message:
    """What an outlet changed in a story it told: its headline as it reads now."""
    lines = [f"Update: {headline(item)}", _footer(item, timezone, now)]
    plain = "\n".join(part for part in (f"Update: {item_title(item)}", item.link or "") if part)
    return Message("\n".join(lines), cut(plain, MAX_MESSAGE))


def listing(heading: str, items: Sequence[Item], timezone: str, now: float, empty: str) -> str:
    """A page of stories, newest first, as HTML; `empty` is said where there are none."""
    if not items:
        return f"{bold(cut(heading, _HEADLINE))}\n\n{escape(empty)}"
    parts = [bold(cut(heading, _HEADLINE))]
    for item in items:
        summary = _lead(item.summary)
        lines = [headline(item), escape(summary) if summary else "", _footer(item, timezone, now)]
        parts.append("\n".join(line for line in lines if line))
    return fitting(parts, "\n\n")


def _lead(summary: str) -> str:
    """One sentence for a list; two where the first is but a place or a name."""
    lead = first_sentences(summary, 1, _LIST_SUMMARY)
    return lead if len(lead) >= _SHORT_SENTENCE else first_sentences(summary, 2, _LIST_SUMMARY)


def headlines(items: Sequence[Item], timezone: str, now: float) -> str:
    """Stories as a short list of linked headlines, as HTML."""
    return fitting([_listed(item, timezone, now) for item in items], "\n")


def _listed(item: Item, timezone: str, now: float) -> str:
    # A date right after a headline that ends in digits would make one number of both.
    between = " " if item.source else " · "
    return f"• {headline(item, strong=False)}{between}{_footer(item, timezone, now)}"


def fitting(
    parts: Sequence[str], between: str, characters: int = MAX_MESSAGE, octets: int = _MAX_BYTES
) -> str:
    """Parts of HTML joined, without the last ones where all would be more than Telegram takes, or
    than there is room for.
    """
    for count, part in enumerate(parts):
        characters -= _visible(part) + len(between)
        octets -= len(part.encode()) + len(between)
        if characters < 0 or octets < 0:
            return between.join(parts[:count])
    return between.join(parts)


def _visible(part: str) -> int:
    """How many characters of HTML are shown."""
    return len(html.unescape(_TAG.sub("", part)))


def item_title(item: Item) -> str:
    """The headline as shown; what has none, as it says nothing, goes by its address."""
    address = re.sub(r"\Ahttps?://(?:www\.)?", "", item.link or "").rstrip("/")
    return cut(tidy(item.title) or tidy(address), _HEADLINE) or "(untitled)"


def headline(item: Item, *, strong: bool = True) -> str:
    """The headline as a link, where there is one that can be opened."""
    linked = bool(item.link and re.match(r"https?://", item.link))
    if item.link and linked:
        # Inside a link nothing else becomes one, so the headline can stay as it is.
        text = f'<a href="{html.escape(item.link, quote=True)}">{_marked(item)}</a>'
    else:
        text = escape(item_title(item))
    return f"<b>{text}</b>" if strong else text


def _marked(item: Item) -> str:
    title = item_title(item)
    # Pieces of a headline that had to be cut or cleaned do not fit it any more.
    if "".join(piece for piece, _ in item.pieces) != title:
        return html.escape(title, quote=True)
    return "".join(
        f"<u>{html.escape(piece, quote=True)}</u>" if wanted else html.escape(piece, quote=True)
        for piece, wanted in item.pieces
    )


def _footer(item: Item, timezone: str, now: float) -> str:
    parts = [f"<i>{isolated(cut(tidy(item.source), _SOURCE))}</i>"] if item.source else []
    if item.original and item.original != item.source:
        parts.append(f"from {isolated(cut(tidy(item.original), _SOURCE))}")
    parts.append(clock(item.at, timezone, now))
    if item.topics:
        named = [cut(tidy(name), _TOPIC) for name in item.topics[:_TOPICS_NAMED]]
        more = len(item.topics) - len(named)
        parts.append(", ".join(map(isolated, named)) + (f" +{more}" if more else ""))
    return " · ".join(parts)


def _also(item: Item, characters: int, octets: int) -> str:
    """Who else tells the story, folded: a line of names, then each report with its link, so that
    one that was put there wrongly can be seen; as many as there is room for, or nothing.
    """
    others = [name for name in dict.fromkeys(each.source for each in item.also) if name]
    others = [name for name in others if name != item.source]
    named = [isolated(cut(tidy(name), _SOURCE)) for name in others[:_ALSO_NAMED]]
    more = len(others) - len(named)
    line = f"Also: {', '.join(named)}{f' and {more} more' if more else ''}".rstrip()
    listed = fitting([line, *_told_by(item.also)], "\n", characters, octets - 50)
    return f"<blockquote expandable>{listed}</blockquote>" if listed else ""


def _others(item: Item) -> tuple[Also, ...]:
    """The other reports without what says the same again: the page that the headline leads to, or
    an outlet's headline that is there already.
    """
    seen = {urls.canonical(item.link) if item.link else None, _says(item.source, item.title)}
    found = []
    for each in item.also:
        page = urls.canonical(each.link) if each.link else None
        says = _says(each.source, each.title)
        if says not in seen and (page is None or page not in seen):
            found.append(each)
        seen.update((page, says))
    return tuple(found)


def _says(source: str, title: str) -> tuple[str, str]:
    return source, fold_title(title, source) or title


def _told_by(also: Sequence[Also]) -> list[str]:
    lines = []
    for each in also[:_ALSO_LISTED]:
        title = cut(tidy(each.title), _ALSO_TITLE)
        title_linked = headline(Item(title, "", each.link, each.source, 0.0), strong=False)
        copied = f", from {isolated(cut(tidy(each.original), _SOURCE))}" if each.original else ""
        lines.append(f"{title_linked} ({isolated(cut(tidy(each.source), _SOURCE))}{copied})")
    return lines


def isolated(text: str) -> str:
    """Text of unknown direction that must not turn what stands beside it (Unicode UAX 9)."""
    return f"\u2068{escape(text)}\u2069"


def clock(at: float, timezone: str, now: float) -> str:
    """A time that clients show in the reader's own zone; others see the chat's zone."""
    unix = int(min(max(at, 1), _LATEST))
    zone = ZoneInfo(timezone)
    then, today = datetime.fromtimestamp(unix, zone), datetime.fromtimestamp(now, zone).date()
    if then.date() == today:
        shown, form = f"{then:%H:%M}", "t"
    elif abs(today - then.date()) < timedelta(days=300):
        shown, form = f"{then.day} {then:%b %H:%M}", "dt"
    else:
        shown, form = f"{then.day} {then:%b %Y}", "d"
    return f'<tg-time unix="{unix}" format="{form}">{html.escape(shown)}</tg-time>'
