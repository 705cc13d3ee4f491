"""How a digest looks: many stories in one message, the weightiest first, page by page. Pure."""

import re
from collections.abc import Sequence
from typing import Protocol, TypeVar

from msgspec import Struct

from bot.delivery.render import (
    Message,
    StoryView,
    doubt_lines,
    doubts_of,
    headline,
    item_title,
    lead,
    named,
)
from bot.news.outbox import Gathered
from bot.news.telling.hours import Quiet
from bot.news.telling.period import gathered_since
from bot.news.text.plain import cut, tidy
from bot.texts.html import (
    MAX_MESSAGE,
    NOTHING,
    Html,
    bold,
    escape,
    isolated,
    italic,
    joined,
    lines,
    shown,
)
from bot.texts.locale import Locale
from bot.texts.said import Said, say, say_n

MOST_ON_A_PAGE = 12
# What Telegram takes, less a margin for the heading; markup is never longer than its bytes.
_MOST_BYTES = 30_000
_MOST_CHARACTERS = 3_700
_TIME = re.compile(r"<tg-time[^>]*>[^<]*</tg-time>")
_BYTES_OF_A_TIME = 100
_BESIDE_THE_TITLE = 130
_SOURCE = 40
_TOPIC = 60
_UNSURE = say("This may not have reached you")


class DigestView(Struct, frozen=True):
    """A digest as one reader sees it at one time: its heading, and its pages, one at least. Its
    stories were held `since` then, in seconds since 1970, where that is known.
    """

    gathered: Sequence[Gathered]
    locale: Locale
    pages: tuple[Html, ...]
    since: float | None = None

    def page(self, number: int) -> Message:
        """A page, counted from 0; the last for a number beyond."""
        number = min(max(number, 0), len(self.pages) - 1)
        heading = self._heading(number)
        plain = [
            f"{item_title(_item(each), self.locale)} {each.link or ''}".strip()
            for each in ranked(self.gathered)
        ]
        return Message(
            joined("\n\n", [bold(self.locale.t(heading)), self.pages[number]]),
            cut("\n".join([shown(self.locale.t(heading)), *plain]), MAX_MESSAGE),
        )

    def _heading(self, number: int) -> Said:
        stories = say_n("1 story", "{n} stories", len(self.gathered))
        if _all_unsure(self.gathered):
            heading = say("This may not have reached you: {stories}", stories=stories)
        elif self.since is not None:
            at = self.locale.clock(self.since)
            heading = say("Digest: {stories} since {time}", stories=stories, time=at)
        else:
            heading = say("Digest: {stories}", stories=stories)
        if len(self.pages) == 1:
            return heading
        return say(
            "{heading}, page {page} of {pages}",
            heading=heading,
            page=number + 1,
            pages=len(self.pages),
        )


def digest_view(
    gathered: Sequence[Gathered],
    locale: Locale,
    digest: tuple[int, ...] = (),
    quiet: Quiet | None = None,
) -> DigestView:
    """The stories of a digest, weightiest first, in as many pages as they need: none is left out.
    The first one leads, with its first sentence. Headlines of topics stand before the first story
    of each, anew on every page; what may be known to the chat comes last, under a headline of its
    own. `digest` and `quiet` are the chat's hours.
    """
    ordered = sorted(ranked(gathered), key=lambda each: each.unsure)
    is_grouped = len({_group_of(each) for each in ordered}) > 1
    entries = [_entry(each, locale, is_grouped) for each in ordered]
    if ordered and not ordered[0].unsure:
        entries[0] = _leading(ordered[0], locale, is_grouped)
    held = [each.held_at for each in ordered if each.held_at and not each.unsure]
    told_at = max((each.told_at for each in gathered), default=0.0)
    since = gathered_since(held, told_at, digest, quiet, locale.timezone)
    return DigestView(gathered, locale, _laid_out(entries), since)


class _Entry(Struct, frozen=True):
    """A story on a page, the headline that it stands under, and how many characters it shows at
    most: the same at any time, so that it stays on its page.
    """

    html: Html
    under: Html
    characters: int


def _laid_out(entries: Sequence[_Entry]) -> tuple[Html, ...]:
    """The entries on pages, as many on each as Telegram takes."""
    pages: list[list[_Entry]] = [[]]
    characters = octets = 0
    for each in entries:
        characters += each.characters
        octets += _octets(each)
        full = characters > _MOST_CHARACTERS or octets > _MOST_BYTES
        if len(pages[-1]) == MOST_ON_A_PAGE or (full and pages[-1]):
            pages.append([])
            characters, octets = each.characters, _octets(each)
        pages[-1].append(each)
    return tuple(_page(each) for each in pages)


def _octets(entry: _Entry) -> int:
    """How many bytes an entry has at most: the same at any time, whose words vary in length."""
    timeless = _TIME.sub("", entry.html)
    return len(timeless.encode()) + len(entry.under.encode()) + _BYTES_OF_A_TIME


def _page(entries: Sequence[_Entry]) -> Html:
    parts, under = [], NOTHING
    for each in entries:
        heading = bold(each.under) if each.under and each.under != under else NOTHING
        under = each.under
        parts.append(lines(heading, each.html))
    return joined("\n\n", parts)


def first_part(gathered: Sequence[Gathered], locale: Locale) -> Message:
    """What is sent of a digest at first, and edited into its first page then. It tells no story,
    so that it may come twice.
    """
    stories = say_n("1 story", "{n} stories", len(gathered))
    if _all_unsure(gathered):
        heading = say("What may not have reached you: {stories}", stories=stories)
    else:
        heading = say("Your digest: {stories}", stories=stories)
    return Message(bold(locale.t(heading)), locale.plain(heading))


def _all_unsure(gathered: Sequence[Gathered]) -> bool:
    return bool(gathered) and all(each.unsure for each in gathered)


def _group_of(each: Gathered) -> tuple[bool, str | None]:
    return each.unsure, None if each.unsure else each.topic


def _under(each: Gathered, locale: Locale) -> Html:
    if each.unsure:
        return locale.t(_UNSURE)
    return _topic(each.topic) if each.topic else locale.t("Other news")


def _topic(name: str) -> Html:
    return isolated(cut(tidy(name), _TOPIC))


class Weighty(Protocol):
    """What a digest ranks by: a topic, how many independent sources, and when it came out."""

    @property
    def topic(self) -> str | None: ...
    @property
    def sources(self) -> int: ...
    @property
    def at(self) -> float: ...


Ranked = TypeVar("Ranked", bound=Weighty)


def ranked(gathered: Sequence[Ranked]) -> list[Ranked]:
    """The stories by topic; each topic's and each story's place is by how many independent
    sources tell it, then by how new it is.
    """
    best: dict[str | None, tuple[int, float]] = {}
    for each in gathered:
        best[each.topic] = max(best.get(each.topic, (0, 0.0)), (each.sources, each.at))
    names = sorted(best, key=lambda topic: (*best[topic], topic or ""), reverse=True)
    place = {topic: i for i, topic in enumerate(names)}
    return sorted(gathered, key=lambda each: (place[each.topic], -each.sources, -each.at))


def _item(each: Gathered) -> StoryView:
    return StoryView(each.title, each.summary, each.link, each.source, each.at, also=each.doubts)


def _entry(each: Gathered, locale: Locale, is_grouped: bool) -> _Entry:
    item = _item(each)
    under = _under(each, locale) if is_grouped else NOTHING
    title, doubts = Html("• ") + headline(item, locale, strong=False), _doubts(item, locale)
    characters = 2 * (len(item_title(item, locale)) + len(under) + len(shown(doubts)))
    html = lines(title, _sources(each, locale), doubts)
    return _Entry(html, under, characters + _BESIDE_THE_TITLE)


def _leading(each: Gathered, locale: Locale, is_grouped: bool) -> _Entry:
    """The first story of all, which says more than those below it."""
    item = _item(each)
    said = lead(item)
    topic = _topic(each.topic) if each.topic and is_grouped else NOTHING
    below = joined(" · ", filter(None, [_sources(each, locale), topic]))
    doubts = _doubts(item, locale)
    parts = item_title(item, locale), said, topic, shown(doubts)
    characters = 2 * sum(map(len, parts)) + _BESIDE_THE_TITLE
    html = lines(headline(item, locale), escape(said), below, doubts)
    return _Entry(html, NOTHING, characters)


def _doubts(item: StoryView, locale: Locale) -> Html:
    return lines(*doubt_lines(doubts_of(item), locale))


def _sources(each: Gathered, locale: Locale) -> Html:
    parts = {"source": italic(named(each.source, _SOURCE)), "time": locale.clock(each.at)}
    if each.sources > 1:
        return locale.t("{source} and {more} more · {time}", more=each.sources - 1, **parts)
    return locale.t("{source} · {time}", **parts)
