"""Which reports tell the same story, decided when a report arrives.

Cheapest first: the same canonical link; the same normalised title of four words or more, where it
says what happened and the texts do not differ; a copy of a text; likeness. Where we are unsure it
is a new story, at most related to an earlier one: a wrong join hides news, a repeat only annoys.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, islice

from msgspec import Struct
from msgspec.structs import replace

from bot.news.stories.cards import Card, PlacedByCard, card_of
from bot.news.stories.features import chance, features_of
from bot.news.stories.filed import Filed
from bot.news.stories.likeness import (
    Asked,
    ask,
    compare,
    neighbours,
    rivals_of,
    stories_near,
)
from bot.news.stories.rules.copies import (
    is_copy,
    is_next_notice,
    is_series,
    may_be_copy,
    names_differ,
    only_cut_from,
    says_little,
)
from bot.news.stories.rules.equal_headlines import is_of_a_series, is_of_another_day
from bot.news.stories.rules.follow_ups import says_unrelated, share_a_subject
from bot.news.stories.rules.other_news import is_other_news, says_otherwise
from bot.news.stories.rules.repetition import only_its_form_in_common
from bot.news.stories.splitting.terms import STOCK, Terms, terms_of
from bot.news.stories.window import MOST_BYTES, MOST_REPORTS, View, Window
from bot.news.text.credits import credited
from bot.news.text.summary import clean_summary

WINDOW_SECONDS = 72 * 3600
STORY_THRESHOLD = 0.86
"""The chance from which a report joins a story."""
RELATED_THRESHOLD = 0.45
"""From here on a new story is said to be related to the one it is like."""
MIN_TITLE_WORDS = 4
_STORIES_OF_A_HEADLINE = 2
"""A headline that more stories have says nothing."""
_COPIES_LOOKED_AT = 8
_FEWEST_TERMS = 3
"""A report of fewer terms says too little to be like another."""
_DOUBT = 0.04
_HARDLY_ALIKE = 0.24
"""What is less like what an alert told is not looked at closely: it would not join, and of what was
called related to such an alert readers found a quarter to be so.
"""


class Sighting(Struct, frozen=True):
    """What the clusterer needs to know of a report: `at` in seconds, links and titles as
    `bot.news.text.urls.canonical` and `bot.news.text.plain.fold_title` make them; the rest is
    plain text.
    """

    canonical: str | None
    title_key: str
    at: float
    title: str = ""
    summary: str = ""
    source: str = ""
    language: str | None = None
    feed: int = 0

    @property
    def outlet(self) -> str:
        """Who published it, by its name or by its feed."""
        return _outlet(self.source, self.feed)


class Placed(Struct, frozen=True):
    """A report as it was placed: the story it tells, and its number in the order of placing. A
    `guest` is of a feed that only chats brought; a story is `opened` by guests or not. Where its
    `card` is not known, its text is split.
    """

    sighting: Sighting
    story: int
    number: int
    guest: bool = False
    opened: bool = False
    card: Card | None = None


class Verdict(Struct, frozen=True):
    """The story that a report tells, or None for a new one.

    `reason` is `link`, `title`, `copy`, `alike` or `new`; `score` the chance, 1 where it was not
    asked. `related` is an earlier story that a new one is like; `original` an outlet to credit.
    Of one that is `alike`, `told` is how much it is so to the report that opened the story, which
    is what the alert told; it is 0 of one whose link another feed has under a headline that says
    nothing of the same.
    """

    story: int | None
    reason: str
    score: float = 0.0
    related: int | None = None
    original: str | None = None
    told: float | None = None


@dataclass
class Clusterer:
    """Holds the window's stories and places one report after another: those of the operator's
    feeds. `bot.news.stories.circles` places those of guests upon it.

    What it knows follows from the reports of the window and their order alone: remembering them
    again gives the same verdicts. Times may run backwards a little, as reports of different feeds
    do; a report's age is judged against the newest one seen.
    """

    threshold: float = STORY_THRESHOLD
    window_seconds: float = WINDOW_SECONDS
    most_reports: int = MOST_REPORTS
    most_bytes: int = MOST_BYTES
    window: Window = field(init=False)
    _last_terms: tuple[Sighting, Terms] | None = None

    def __post_init__(self) -> None:
        self.window = Window(self.window_seconds, self.most_reports, self.most_bytes)

    def judge(self, sighting: Sighting) -> Verdict:
        """Which story this report tells. Remembers nothing."""
        self.forget(sighting.at)
        known = Known(self.window, self.threshold, self.window_seconds)
        return judged(known, sighting, self.terms)

    def remember(self, sighting: Sighting, story_id: int, number: int | None = None) -> Card:
        """Takes in that this report tells that story, and returns what it is filed by. `number` is
        its place in the order of placing, above all before it; else it is the next one.
        """
        self.forget(sighting.at)
        card, outlet = self.card(sighting), sighting.outlet
        self.window.add(card, outlet, sighting.at, story_id, number, sighting.feed)
        return card

    def put_back(self, held: Sequence[PlacedByCard], cards: Sequence[Card]) -> None:
        """Takes in what was remembered before a restart. When all of it is there, and before
        anything is asked, `window.settling` must have ended.
        """
        outlets = [_outlet(each.source, each.feed) for each in held]
        self.window.put_back(held, cards, outlets)

    def card(self, sighting: Sighting) -> Card:
        """What a report is filed by."""
        link, headline = link_key(sighting), _headline(sighting)
        return card_of(self.terms(sighting), link, headline, long=_is_long(sighting.title_key))

    def terms(self, sighting: Sighting) -> Terms:
        """The terms of a report; judging and remembering it split it once."""
        known = self._last_terms
        if known and (known[0] is sighting or known[0] == sighting):
            return known[1]
        summary = clean_summary(sighting.summary, title=sighting.title, source=sighting.source)
        terms = terms_of(sighting.title, summary, sighting.language)
        self._last_terms = sighting, terms
        return terms

    def forget(self, now: float) -> None:
        """Lets go of what is older than the window at that time."""
        self.window.forget(now)


@dataclass(slots=True)
class Known:
    """What a report is compared with."""

    window: View
    threshold: float
    window_seconds: float

    def linked(self, sighting: Sighting) -> Filed | None:
        """The newest report with this link within the window. Where one feed shows one entry after
        another under it, as on the page of a service's status, it says of none which it is.
        """
        near = self._near(sighting, self.window.linked(link_key(sighting)))
        if not near:
            return None
        # A feed that was removed meanwhile is known by its name alone.
        shown = {(r.feed or r.source, r.headline) for r in near}
        shown.add((sighting.feed or sighting.outlet, _headline(sighting)))
        feeds = [feed for feed, _ in shown if feed]
        if len(feeds) > len(set(feeds)):
            return None
        # One that came late does not make its story look older than it is.
        return max(near, key=_age)

    def titled(self, sighting: Sighting) -> list[Filed]:
        """The reports with this headline within the window, newest first."""
        near = self._near(sighting, self.window.titled(title_key(sighting)))
        return sorted(near, key=_age, reverse=True)

    def _near(self, sighting: Sighting, found: Sequence[Filed]) -> list[Filed]:
        return [each for each in found if abs(sighting.at - each.at) <= self.window_seconds]


def judged(known: Known, sighting: Sighting, split: Callable[[Sighting], Terms]) -> Verdict:
    """Which story a report tells, of those that are known."""
    original = credited(sighting.summary, sighting.source)
    if linked := known.linked(sighting):
        told = (
            0.0 if _says_something_else(known.window, sighting, split(sighting), linked) else None
        )
        return Verdict(linked.story, "link", 1.0, None, original, told)
    terms = split(sighting)
    asked = ask(known.window, terms, sighting.outlet, sighting.at)
    others: set[int] = set()
    if titled := known.titled(sighting):
        asked.repeated = len({report.story for report in titled}) > _STORIES_OF_A_HEADLINE
        others = {
            report.story for report in titled if _is_another(known.window, sighting, terms, report)
        }
        joined = _by_headline(asked, titled, others)
        if joined is not None:
            return Verdict(joined, "title", 1.0, None, original)
    verdict = _by_text(known, asked, sighting.feed, titled, others, original)
    if verdict.related is not None and says_unrelated(f"{sighting.title}\n{sighting.summary}"):
        return replace(verdict, related=None)
    return verdict


def _says_something_else(window: View, sighting: Sighting, terms: Terms, linked: Filed) -> bool:
    """Whether another feed shows a page under a headline without any telling term of this one. Who
    shows it first, under whatever headline, must not hide what it says.
    """
    if linked.headline == _headline(sighting) or linked.source == sighting.outlet:
        return False
    own = window.vocabulary.asked(terms.title)
    theirs = set(linked.terms[: linked.heads])
    shared = theirs.intersection(own)
    return bool(own and theirs) and all(map(window.vocabulary.is_common, shared))


def _by_headline(asked: Asked, titled: list[Filed], others: set[int]) -> int | None:
    for report in titled:
        if report.story not in others and not says_little(asked, report):
            return report.story
    return None


def _by_text(
    known: Known,
    asked: Asked,
    feed: int,
    titled: list[Filed],
    others: set[int],
    original: str | None,
) -> Verdict:
    found = neighbours(known.window, asked)
    story_of, feed_of = known.window.story_of, known.window.feed_of
    # What one feed publishes twice under other headlines is a form that it fills in.
    elsewhere = (
        each
        for each in found
        if story_of(each) not in others and (not feed or feed_of(each) != feed)
    )
    if copied := _copied(known.window, asked, elsewhere):
        return Verdict(copied.story, "copy", 1.0, None, original)
    apart = others.union(report.story for report in titled)
    best, told, nearest, below = 0.0, 0.0, None, known.threshold * 0.99
    stories = stories_near(known.window, found)
    for near in stories:
        opening = near.story.first
        compared = compare(known.window, asked, opening)
        alike = compared.alike
        if alike < _HARDLY_ALIKE:
            continue
        rivals = rivals_of(known.window, found, stories, near)
        score = chance(features_of(known.window, asked, near, compared, rivals))
        # Only what would join is asked for what speaks against it. A feed that tells more of a
        # story has news of it: that rings, as related.
        if score > below and (
            (feed and near.story.has_feed(feed))
            or near.story.id in apart
            or _is_next(asked, near.nearest)
            or is_other_news(known.window, asked, opening, alike)
            or only_its_form_in_common(known.window, asked, opening, found)
        ):
            score = below
        # A story that few have told is not well known yet, and a wrong join may be its last.
        score -= _DOUBT / near.story.size
        if score > best:
            best, told, nearest = score, alike, near.nearest
    if nearest and best >= known.threshold and len(asked.terms) >= _FEWEST_TERMS:
        return Verdict(nearest.story, "alike", best, None, original, told)
    like = titled[0] if titled else nearest if best >= RELATED_THRESHOLD else None
    related = like.story if like and share_a_subject(asked, like) else None
    return Verdict(None, "new", best, related, original)


def _copied(window: View, asked: Asked, near: Iterator[int]) -> Filed | None:
    nearest = list(islice(near, _COPIES_LOOKED_AT))
    for each in nearest:
        other = window.report(each)
        if (
            may_be_copy(asked, other)
            and is_copy(asked, other)
            and not says_otherwise(window, asked, other)
        ):
            return other
    if len(asked.terms) > asked.heads or asked.repeated:
        return None
    return only_cut_from(asked.terms, asked.idf, map(window.report, chain(nearest, near)))


def _is_next(asked: Asked, other: Filed) -> bool:
    """Whether it is another of the same kind: other figures, or other people and places. What says
    little more than its kind may be of any.
    """
    says_nothing = asked.of.wording & STOCK and asked.of.brief
    return (
        says_nothing
        or is_series(asked, other)
        or names_differ(asked, other)
        or is_next_notice(asked, other)
    )


# Sixty-four bits instead of texts: a window of a hundred thousand would hold twenty megabytes more.
def link_key(sighting: Sighting) -> int:
    """A hash of its link, 0 without one."""
    return _hash_of(sighting.canonical) if sighting.canonical else 0


def title_key(sighting: Sighting) -> int:
    """A hash of its title, 0 for one of few words."""
    return _hash_of(sighting.title_key) if _is_long(sighting.title_key) else 0


def _is_long(title: str) -> bool:
    return len(title.split()) >= MIN_TITLE_WORDS


def _headline(sighting: Sighting) -> int:
    return _hash_of(sighting.title_key or sighting.title)


@lru_cache(maxsize=8)  # judging a report and filing it ask for the same
def _hash_of(text: str) -> int:
    """Of 64 bits, the same in every process, so that it may be kept."""
    return int.from_bytes(blake2b(text.encode(errors="surrogatepass"), digest_size=8).digest())


def _outlet(name: str, feed: int) -> str:
    return name or (f"feed {feed}" if feed else "")


def _age(report: Filed) -> tuple[float, int]:
    return report.at, report.number


def _is_another(window: View, sighting: Sighting, terms: Terms, before: Filed) -> bool:
    """Whether an equal headline stands over something else."""
    seconds = sighting.at - before.at
    if before.source and before.feed == sighting.feed and before.source == sighting.outlet:
        return is_of_a_series(window, terms, before, seconds)
    return is_of_another_day(window, terms, before, seconds, sighting.language)
