"""Invented outlets that publish invented news, one item after the other.

The texts are in the `*.toml` beside this, to be edited by anybody; `inventions` goes on when they
are used up. Nothing here speaks HTTP: `kiosk` serves what was published.
"""

import asyncio
import random
import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from bot.errors import BadInput
from bot.playground.news.inventions import Inventions

NEWS = Path(__file__).parent
IN_A_FEED = 30
KEPT = 300
_BACKLOG_STEP = 23 * 60
# What is newest when a visitor comes is in this language; the others published earlier.
OPENS_IN = "en"
_EARLIER = 3 * 3600


class Draft(Struct, frozen=True):
    """An item that waits to be published; items without a `slot` are there from the start."""

    feed: str
    title: str
    summary: str
    author: str = ""
    tags: tuple[str, ...] = ()
    slot: int = 0
    image: str = ""


class PublishedItem(Struct, frozen=True):
    """A published item; `summary` is HTML, `published` seconds since 1970."""

    feed: str
    id: str
    title: str
    summary: str
    link: str
    author: str
    tags: tuple[str, ...]
    published: float
    image: str = ""


@dataclass
class Outlet:
    """An invented publisher and its feed. `form` is rss, atom, rdf or json. One that is
    `illustrated` has a picture with each item.

    For tests, `trouble` is the status its feed answers with instead of a document, and `twist`
    makes of its items, newest first, what the document says of them this time. `breaks_off_at` is
    the text with which an answer ends too early.
    """

    name: str
    title: str
    form: str = "rss"
    language: str = "en"
    site: str = ""
    about: str = ""
    illustrated: bool = False
    items: list[PublishedItem] = field(default_factory=list)
    trouble: int | None = None
    breaks_off_at: str = ""
    twist: Callable[[list[PublishedItem]], list[PublishedItem]] | None = None

    def __post_init__(self) -> None:
        self.site = self.site or f"https://{self.name}.example"

    @property
    def changed(self) -> float:
        """When the feed was last added to."""
        return max((item.published for item in self.items), default=0.0)


class Newsroom:
    """All outlets. `every` seconds something new appears somewhere; None publishes nothing."""

    def __init__(
        self,
        outlets: Iterable[Outlet],
        drafts: Iterable[Draft] = (),
        *,
        every: float | None = None,
        inventions: Inventions | None = None,
        clock: Callable[[], float] = time,
        seed: int = 1,
    ) -> None:
        self.outlets = {outlet.name: outlet for outlet in outlets}
        self.every = every
        self.listeners: list[Callable[[PublishedItem], None]] = []
        self._clock = clock
        self._inventions = inventions
        self._chance = random.Random(seed)  # noqa: S311  (invented news, not secrets)
        self._published = 0
        waiting = list(drafts)
        self._script = sorted((d for d in waiting if d.slot), key=lambda draft: draft.slot)
        self._backlog = [draft for draft in waiting if not draft.slot]

    def open(self) -> None:
        """Publish the backlog, dated back from now; once."""
        now = self._clock()
        ages: dict[str, int] = {}
        for draft in self._backlog:
            ages[draft.feed] = ages.get(draft.feed, 0) + 1
            shift = minutes_apart(draft.feed)
            shift += 0 if self.outlets[draft.feed].language == OPENS_IN else _EARLIER
            self._put(draft, now - ages[draft.feed] * _BACKLOG_STEP - shift)
        self._backlog.clear()

    async def run(self) -> None:
        """Publish for as long as the task lives."""
        while self.every is not None:
            await asyncio.sleep(self.every)
            self.publish_next()

    def publish_next(self) -> PublishedItem | None:
        """Publish what is next in the script, or an invention when that is used up."""
        if not self._script and self._inventions:
            self._script = [Draft(**told) for told in self._inventions.next_event(self._chance)]
        return self._put(self._script.pop(0), self._clock()) if self._script else None

    def publish(
        self,
        feed: str,
        title: str,
        summary: str = "",
        link: str | None = None,
        *,
        id: str | None = None,
        author: str = "",
        tags: tuple[str, ...] = (),
        published: float | None = None,
        image: str = "",
    ) -> PublishedItem:
        """Publish an item now; raises BadInput for a feed that is not there.

        An `id` that is in the feed already replaces that item, as a corrected headline does.
        """
        if feed not in self.outlets:
            raise BadInput(f"There is no feed {feed!r}; there are {', '.join(self.outlets)}.")
        draft = Draft(feed, title, summary, author, tags, image=image)
        when = self._clock() if published is None else published
        return self._put(draft, when, link=link, item_id=id)

    def newest(self, count: int = 30) -> list[PublishedItem]:
        """The newest items of all feeds, newest first."""
        items = (item for outlet in self.outlets.values() for item in outlet.items)
        return sorted(items, key=lambda item: item.published, reverse=True)[:count]

    def find(self, link: str) -> PublishedItem | None:
        """The item with this link, while it is kept."""
        items = (item for outlet in self.outlets.values() for item in outlet.items)
        return next((item for item in items if item.link == link), None)

    def _put(
        self, draft: Draft, when: float, *, link: str | None = None, item_id: str | None = None
    ) -> PublishedItem:
        outlet = self.outlets[draft.feed]
        self._published += 1
        day = datetime.fromtimestamp(when, UTC)
        # The time in the id keeps items of an earlier run apart from those of this one.
        number = f"{int(when)}-{self._published}"
        host = urlsplit(outlet.site).netloc
        item = PublishedItem(
            feed=draft.feed,
            id=item_id or f"tag:{host},{day:%Y-%m-%d}:{number}",
            title=draft.title,
            summary=draft.summary,
            link=link or f"{outlet.site}/{day:%Y/%m/%d}/{slug(draft.title) or 'news'}-{number}",
            author=draft.author,
            tags=draft.tags,
            published=when,
            image=draft.image or _picture(outlet, number),
        )
        others = [kept for kept in outlet.items if kept.id != item.id]
        outlet.items = sorted([item, *others], key=lambda kept: kept.published, reverse=True)[:KEPT]
        for listener in self.listeners:
            listener(item)
        return item


def _picture(outlet: Outlet, number: str) -> str:
    """Where an invented picture would be; the page draws it."""
    return f"{outlet.site}/pictures/{number}.png" if outlet.illustrated else ""


def slug(title: str) -> str:
    """The words of a title for an address; empty for scripts other than Latin."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower())[:8])


def minutes_apart(feed: str) -> int:
    """Some minutes that differ between feeds, so that their backlogs interleave."""
    return sum(feed.encode()) % 19 * 60


def quiet_newsroom(*feeds: str, form: str = "rss", clock: Callable[[], float] = time) -> Newsroom:
    """Empty feeds that publish only what they are told to, for tests."""
    names = feeds or ("alpha", "beta", "gamma")
    outlets = (Outlet(name, name.replace("-", " ").title(), form) for name in names)
    return Newsroom(outlets, clock=clock)


def sample_newsroom(
    *, every: float | None = 8.0, clock: Callable[[], float] = time, seed: int = 1
) -> Newsroom:
    """The outlets and news of the `*.toml` beside this, and inventions without end."""
    outlets: list[Outlet] = []
    drafts: list[Draft] = []
    for path in sorted(NEWS.glob("*.toml")):
        if path.stem != "endless":
            outlet, items = _read_outlet(path)
            outlets.append(outlet)
            drafts.extend(items)
    endless = Inventions(tomllib.loads((NEWS / "endless.toml").read_text("utf-8")))
    return Newsroom(outlets, drafts, every=every, inventions=endless, clock=clock, seed=seed)


def _read_outlet(path: Path) -> tuple[Outlet, list[Draft]]:
    page: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    items = page.pop("item", [])
    return Outlet(name=path.stem, **page), [_draft(path.stem, item) for item in items]


def _draft(feed: str, item: dict[str, Any]) -> Draft:
    return Draft(feed=feed, **item | {"tags": tuple(item.get("tags", ()))})
