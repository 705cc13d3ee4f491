"""How a digest looks: many stories in one message, the weightiest first, page by page. Pure."""

from collections.abc import Sequence
from typing import Protocol, TypeVar

from bot.delivery.render import (
    MAX_MESSAGE,
    Item,
    Message,
    bold,
    clock,
    escape,
    headline,
    isolated,
    item_title,
)
from bot.news.outbox import Gathered
from bot.news.text.plain import cut, tidy

MOST_ON_A_PAGE = 12
# What Telegram takes, less a margin for the heading; markup is never longer than its bytes.
_MOST_BYTES = 30_000
_MOST_CHARACTERS = 3_600
_BESIDE_THE_TITLE = 120
_SOURCE = 40
_TOPIC = 60
_UNSURE = "This may not have reached you"
_UNSURE_FIRST = "What may not have reached you"


def paged(gathered: Sequence[Gathered], timezone: str, now: float) -> list[list[str]]:
    """The stories of a digest as lines, weightiest first, in as many pages as they need: none is
    left out. Headlines of topics stand before the first story of each, anew on every page; what may
    be known to the chat comes last, under a headline of its own.
    """
    pages: list[list[str]] = [[]]
    under, stories, octets, characters = "", 0, 0, 0
    for each in sorted(ranked(gathered), key=lambda each: each.unsure):
        topic = _under(each, gathered)
        line = _line(each, timezone, now)
        octets += len(line.encode())
        characters += 2 * len(item_title(_item(each))) + _BESIDE_THE_TITLE
        if stories == MOST_ON_A_PAGE or octets > _MOST_BYTES or characters > _MOST_CHARACTERS:
            pages.append([])
            under, stories, octets, characters = "", 0, len(line.encode()), 0
        if topic and topic != under:
            under = topic
            pages[-1].append(f"\n<b>{isolated(cut(tidy(topic), _TOPIC))}</b>")
        pages[-1].append(line)
        stories += 1
    return pages


def page(gathered: Sequence[Gathered], number: int, timezone: str, now: float) -> Message:
    """A page of a digest, counted from 0; the last for a number beyond."""
    pages = paged(gathered, timezone, now)
    number = min(max(number, 0), len(pages) - 1)
    heading = f"{_UNSURE if _all_unsure(gathered) else 'Digest'}: {_stories(gathered)}"
    if len(pages) > 1:
        heading += f", page {number + 1} of {len(pages)}"
    plain = [f"{item_title(_item(each))} {each.link or ''}".strip() for each in ranked(gathered)]
    return Message(
        "\n".join([bold(heading), *pages[number]]),
        cut("\n".join([heading, *plain]), MAX_MESSAGE),
    )


def first_part(gathered: Sequence[Gathered]) -> Message:
    """What is sent of a digest at first, and edited into its first page then. It tells no story,
    so that it may come twice.
    """
    name = _UNSURE_FIRST if _all_unsure(gathered) else "Your digest"
    heading = f"{name}: {_stories(gathered)}"
    return Message(bold(heading), heading)


def _stories(gathered: Sequence[Gathered]) -> str:
    return "1 story" if len(gathered) == 1 else f"{len(gathered)} stories"


def _all_unsure(gathered: Sequence[Gathered]) -> bool:
    return bool(gathered) and all(each.unsure for each in gathered)


def _under(each: Gathered, gathered: Sequence[Gathered]) -> str:
    """The headline that a story stands under; none where the whole digest says it."""
    if not each.unsure:
        return each.topic or "Other news"
    return "" if _all_unsure(gathered) else _UNSURE


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


def _line(each: Gathered, timezone: str, now: float) -> str:
    source = f"<i>{isolated(cut(tidy(each.source), _SOURCE))}</i>"
    more = escape(f" and {each.sources - 1} more") if each.sources > 1 else ""
    at = clock(each.at, timezone, now)
    return f"• {headline(_item(each), strong=False)} {source}{more} · {at}"
