"""How stories look in messages: their headlines, summaries, sources and times. Pure.

Every public function keeps to Telegram's limit of 4,096 characters after parsing (Bot API,
sendMessage); `bot.texts.html` says how nothing of a feed is read as markup.
"""

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.news.outbox import Also
from bot.news.story import Story
from bot.news.text import urls
from bot.news.text.headlines import with_headline
from bot.news.text.plain import cut, first_sentences, fold_title, tidy
from bot.news.text.words import fold
from bot.texts.html import (
    MAX_BYTES,
    MAX_MESSAGE,
    NOTHING,
    Html,
    bold,
    escape,
    fitting,
    folded,
    isolated,
    italic,
    joined,
    lines,
    link,
    literal,
    sendable,
    shown,
    underlined,
    visible,
)
from bot.texts.locale import Locale

MAX_CAPTION = 1024
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
_DOUBTS_SHOWN = 3
_BETWEEN = " · "


class Message(Struct, frozen=True):
    """A message ready to send: as HTML, as plain text should Telegram refuse the markup, and what
    stands under a picture where there is one.
    """

    html: Html
    plain: str
    caption: Html = NOTHING


class StoryView(Struct, frozen=True):
    """A story as it is shown: `at` in seconds since the epoch, `original` whose work the report
    is a copy of, `also` the other reports of the story, `elsewhere` one in another language.
    `pieces` are the headline's parts, each with whether it is to be marked.
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
    elsewhere: Also | None = None


def item_of(story: Story) -> StoryView:
    """A story as lists show it."""
    return StoryView(story.title, story.summary, story.link, story.source, story.at)


def alert(item: StoryView, locale: Locale) -> Message:
    """The alert of a story: linked headline, one or two sentences, source and time, what may be
    other news, and who else has it.
    """
    html, summary = _story(item, locale, MAX_MESSAGE)
    doubts = map(shown, doubt_lines(doubts_of(item), locale))
    plain = "\n".join(filter(None, (item_title(item, locale), summary, item.link, *doubts)))
    return Message(html, cut(plain, MAX_MESSAGE))


def caption(item: StoryView, locale: Locale) -> Html:
    """The same under a picture, which leaves room for 1,024 characters (Bot API, sendPhoto)."""
    return _story(item, locale, MAX_CAPTION)[0]


def _story(item: StoryView, locale: Locale, most: int) -> tuple[Html, str]:
    """A story in so many characters, as HTML, and as much of its summary as there was room for."""
    parts = [headline(item, locale), _footer(item, locale)]
    if _room(parts, most) < 0:
        parts.pop()
    doubts = doubts_of(item)
    # What may be other news goes before what says more of this.
    perhaps = fitting(doubt_lines(doubts, locale), "\n", _room(parts, most), _octets_left(parts))
    parts += [perhaps] if perhaps else []
    summary = _summary(item, _room(parts, most))
    if summary:
        parts.insert(1, escape(summary))
    if item.elsewhere:
        told = _told(item.elsewhere, _ALSO_TITLE, locale)
        line = locale.t("In another language: {report}", report=told)
        if visible(line) + 1 <= _room(parts, most):
            parts.append(line)
    if others := tuple(each for each in others_of(item) if each not in doubts):
        also = replace(item, also=others)
        parts.append(_also(also, locale, _room(parts, most), _octets_left(parts)))
    return lines(*parts), summary


def _room(parts: Sequence[Html], most: int) -> int:
    """How many of so many characters lines leave."""
    return most - sum(visible(part) + 1 for part in parts)


def _octets_left(parts: Sequence[Html]) -> int:
    return MAX_BYTES - sum(len(part.encode()) + 1 for part in parts)


def _summary(item: StoryView, room: int) -> str:
    """The first sentences below the headline, in so many characters."""
    _, text = with_headline(item.title, item.summary)
    summary = first_sentences(sendable(text), 2, max(min(_SUMMARY, room - 1), 0))
    # What keeps words from becoming live shows nothing, and counts.
    while summary and visible(escape(summary)) + 1 > room:
        summary = cut(summary, len(summary) - 20) if len(summary) > 20 else ""
    return summary


def update(item: StoryView, locale: Locale) -> Message:
    """What an outlet changed in a story it told: its headline as it reads now."""
    shown = headline(item, locale)
    html = lines(locale.t("Update: {headline}", headline=shown), _footer(item, locale))
    said = locale.plain("Update: {headline}", headline=item_title(item, locale))
    return Message(html, cut("\n".join(filter(None, (said, item.link))), MAX_MESSAGE))


def listing(heading: str, items: Sequence[StoryView], locale: Locale, empty: Html) -> Html:
    """A page of stories, newest first; `empty` is said where there are none."""
    top = bold(heading if isinstance(heading, Html) else cut(heading, _HEADLINE))
    if not items:
        return joined("\n\n", [top, empty])
    shown = (
        lines(headline(item, locale), escape(lead(item)), _footer(item, locale)) for item in items
    )
    return fitting([top, *shown], "\n\n")


def lead(item: StoryView) -> str:
    """One sentence below the headline of a list; two where the first is but a place or a name."""
    _, summary = with_headline(item.title, item.summary)
    lead = first_sentences(summary, 1, _LIST_SUMMARY)
    return lead if len(lead) >= _SHORT_SENTENCE else first_sentences(summary, 2, _LIST_SUMMARY)


def headlines(items: Sequence[StoryView], locale: Locale) -> Html:
    """Stories as a short list of linked headlines."""
    return fitting([_listed(item, locale) for item in items], "\n")


def _listed(item: StoryView, locale: Locale) -> Html:
    # A date right after a headline that ends in digits would make one number of both.
    between = "\n" if item.source else _BETWEEN
    return Html("• ") + headline(item, locale, strong=False) + between + _footer(item, locale)


def item_title(item: StoryView, locale: Locale) -> str:
    """The headline as shown; where there is none the first words, and where it says nothing its
    address.
    """
    title, _ = with_headline(item.title, item.summary)
    address = re.sub(r"\Ahttps?://(?:www\.)?", "", item.link or "").rstrip("/")
    return cut(tidy(title) or tidy(address), _HEADLINE) or locale.plain("Untitled")


def headline(item: StoryView, locale: Locale, *, strong: bool = True) -> Html:
    """The headline as a link, where there is one that can be opened."""
    title = item_title(item, locale)
    if item.link and re.match(r"https?://", item.link):
        text = link(_marked(title, item), item.link)
    else:
        text = escape(title)
    return bold(text) if strong else text


def _marked(title: str, item: StoryView) -> Html:
    """The headline within its link, where nothing else becomes one."""
    # Pieces of a headline that had to be cut or cleaned do not fit it any more.
    if "".join(piece for piece, _ in item.pieces) != title:
        return literal(title)
    return joined(
        "", (underlined(piece) if wanted else literal(piece) for piece, wanted in item.pieces)
    )


def _footer(item: StoryView, locale: Locale) -> Html:
    parts = [italic(named(item.source))] if item.source else []
    if item.original and item.original != item.source:
        parts.append(locale.t("from {source}", source=named(item.original)))
    parts.append(locale.clock(item.at))
    if item.topics:
        names = locale.list(cut(tidy(name), _TOPIC) for name in item.topics[:_TOPICS_NAMED])
        more = len(item.topics) - _TOPICS_NAMED
        parts.append(names + (f" +{more}" if more > 0 else ""))
    return joined(_BETWEEN, parts)


def named(source: str, most: int = _SOURCE) -> Html:
    """The name of a source, in so many characters."""
    return isolated(cut(tidy(source), most))


def _also(item: StoryView, locale: Locale, characters: int, octets: int) -> Html:
    """Who else tells the story, folded: a line of names, then each report with its link, so that
    one that was put there wrongly can be seen; as many as there is room for, or nothing. Of a
    single one its report says whose it is.
    """
    told = _told_by(item.also, locale)
    if len(told) == 1:
        parts = [locale.t("Also: {report}", report=told[0])]
    else:
        parts = [_named_others(item, locale), *told]
    listed = fitting(parts, "\n", characters, octets - 50)
    return folded(listed) if listed else NOTHING


def _named_others(item: StoryView, locale: Locale) -> Html:
    others = [name for name in dict.fromkeys(each.source for each in item.also) if name]
    others = [name for name in others if name != item.source]
    names = locale.list(named(name) for name in others[:_ALSO_NAMED])
    more = len(others) - _ALSO_NAMED
    if more > 0:
        return locale.t("Also: {names} and {more} more", names=names, more=more)
    return locale.t("Also: {names}", names=names) if others else locale.t("Also:")


def others_of(item: StoryView) -> tuple[Also, ...]:
    """The other reports without what says the same again: a page under a headline that it has there
    already, an outlet's headline that is there, and the report that this one is a copy of.
    """
    outlets = [name for name in (item.source, item.original) if name]
    own = [_says(name, item.title) for name in outlets or [item.source]]
    seen: set[object] = {*own, *((_page(item.link), title) for _, title in own)}
    found, pages = [], {_page(item.link)}
    for each in item.also:
        says, page = _says(each.source, each.title), _page(each.link)
        is_there = (page, says[1]) in seen or (page in pages and not each.doubtful)
        if says not in seen and (page is None or not is_there):
            found.append(each)
        seen |= {(page, says[1]), says}
        pages.add(page)
    return tuple(found)


def doubts_of(item: StoryView) -> tuple[Also, ...]:
    """The other reports that may tell something else, a few at most: those whose headlines are
    neither the item's nor each other's.
    """
    _, own = _says(item.source, item.title)
    known, found = {own}, []
    for each in others_of(item):
        _, says = _says(each.source, each.title)
        if each.doubtful and says not in known:
            found.append(each)
        known.add(says)
    return tuple(found[:_DOUBTS_SHOWN])


def doubt_lines(doubts: Sequence[Also], locale: Locale) -> list[Html]:
    """A line for each report that may tell something else, with its whole headline."""
    return [
        locale.t("Perhaps also: {report}", report=_told(each, _HEADLINE, locale)) for each in doubts
    ]


def _page(link: str | None) -> str | None:
    return urls.canonical(link) if link else None


def _says(source: str, title: str) -> tuple[str, str]:
    return fold(source), fold_title(title, source) or title


def _told_by(also: Sequence[Also], locale: Locale) -> list[Html]:
    return [_told(each, _ALSO_TITLE, locale) for each in also[:_ALSO_LISTED]]


def _told(each: Also, most: int, locale: Locale) -> Html:
    """A report by its headline, linked and cut to so many characters, and its source."""
    item = StoryView(cut(tidy(each.title), most), "", each.link, each.source, 0.0)
    title, source = headline(item, locale, strong=False), named(each.source)
    if not each.original:
        return locale.t("{headline} ({source})", headline=title, source=source)
    return locale.t(
        "{headline} ({source}, from {original})",
        headline=title,
        source=source,
        original=named(each.original),
    )
