"""How a digest looks: many stories in one message, the weightiest first, page by page. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bot.delivery.render import Item, Message, headline, item_title, named
from bot.news.outbox import Gathered
from bot.news.text.plain import cut, tidy
from bot.texts.html import MAX_MESSAGE, NOTHING, Html, bold, isolated, italic, joined
from bot.texts.locale import Locale
from bot.texts.said import Said, say, say_n

MOST_ON_A_PAGE = 12
# What Telegram takes, less a margin for the heading; markup is never longer than its bytes.
_MOST_BYTES = 30_000
_MOST_CHARACTERS = 3_600
_BESIDE_THE_TITLE = 120
_SOURCE = 40
_TOPIC = 60
_UNSURE = say("This may not have reached you")


@dataclass(frozen=True, slots=True)
class DigestView:
    """A digest as one reader sees it at one time: its heading, and its pages, one at least."""

    gathered: Sequence[Gathered]
    locale: Locale
    pages: tuple[Html, ...]

    def page(self, number: int) -> Message:
        """A page, counted from 0; the last for a number beyond."""
        number = min(max(number, 0), len(self.pages) - 1)
        heading = self._heading(number)
        plain = [
            f"{item_title(_item(each))} {each.link or ''}".strip() for each in ranked(self.gathered)
        ]
        return Message(
            joined("\n", [bold(self.locale.t(heading)), self.pages[number]]),
            cut("\n".join([self.locale.plain(heading), *plain]), MAX_MESSAGE),
        )

    def _heading(self, number: int) -> Said:
        stories = say_n("1 story", "{n} stories", len(self.gathered))
        if _all_unsure(self.gathered):
            heading = say("This may not have reached you: {stories}", stories=stories)
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


def digest_view(gathered: Sequence[Gathered], locale: Locale) -> DigestView:
    """The stories of a digest, weightiest first, in as many pages as they need: none is left out.
    Headlines of topics stand before the first story of each, anew on every page; what may be known
    to the chat comes last, under a headline of its own.
    """
    pages: list[list[Html]] = [[]]
    under, stories, octets, characters = "", 0, 0, 0
    for each in sorted(ranked(gathered), key=lambda each: each.unsure):
        topic = _under(each, gathered, locale)
        line = _line(each, locale)
        octets += len(line.encode())
        characters += 2 * len(item_title(_item(each))) + _BESIDE_THE_TITLE
        if stories == MOST_ON_A_PAGE or octets > _MOST_BYTES or characters > _MOST_CHARACTERS:
            pages.append([])
            under, stories, octets, characters = "", 0, len(line.encode()), 0
        if topic and topic != under:
            under = topic
            pages[-1].append(Html("\n") + bold(topic))
        pages[-1].append(line)
        stories += 1
    return DigestView(gathered, locale, tuple(joined("\n", page) for page in pages))


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


def _under(each: Gathered, gathered: Sequence[Gathered], locale: Locale) -> Html:
    """The headline that a story stands under; none where the whole digest says it."""
    if not each.unsure:
        if each.topic:
            return isolated(cut(tidy(each.topic), _TOPIC))
        return locale.t("Other news")
    return NOTHING if _all_unsure(gathered) else locale.t(_UNSURE)


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


def _item(each: Gathered) -> Item:
    return Item(each.title, "", each.link, each.source, each.at)


def _line(each: Gathered, locale: Locale) -> Html:
    parts = {
        "headline": headline(_item(each), strong=False),
        "source": italic(named(each.source, _SOURCE)),
        "time": locale.clock(each.at),
    }
    if each.sources > 1:
        return locale.t(
            "• {headline} {source} and {more} more · {time}", more=each.sources - 1, **parts
        )
    return locale.t("• {headline} {source} · {time}", **parts)
