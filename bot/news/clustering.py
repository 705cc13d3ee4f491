"""Which reports tell the same story, decided when a report arrives.

Cheapest first: the same canonical link; the same normalised title of four words or more, where it
says what happened and the texts do not differ; a copy of a text; likeness. Where we are unsure it
is a new story, at most related to an earlier one: a wrong join hides news, a repeat only annoys.
"""

from dataclasses import dataclass, field, replace

from bot.news.copies import (
    credited,
    is_copy,
    is_next_notice,
    is_series,
    names_differ,
    only_cut_from,
    says_little,
)
from bot.news.follow_ups import says_unrelated, share_a_subject
from bot.news.likeness import Asked, ask, chance, features_of, neighbours, stories_near
from bot.news.summary import clean_summary
from bot.news.terms import Terms, terms_of
from bot.news.window import Filed, Told, Window

WINDOW_SECONDS = 72 * 3600
STORY_THRESHOLD = 0.86
"""The chance from which a report joins a story."""
RELATED_THRESHOLD = 0.45
"""From here on a new story is said to be related to the one it is like."""
MIN_TITLE_WORDS = 4
_SERIES_SECONDS = 18 * 3600
_STORIES_OF_A_HEADLINE = 2
"""A headline that more stories have says nothing."""
_COPIES_LOOKED_AT = 8
_FEWEST_TERMS = 3
"""A report of fewer terms says too little to be like another."""
_DOUBT = 0.04


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the clusterer needs to know of a report: `at` in seconds, links and titles as
    `bot.news.urls.canonical` and `bot.news.text.fold_title` make them; the rest is plain text.
    """

    canonical: str | None
    title_key: str
    at: float
    title: str = ""
    summary: str = ""
    source: str = ""
    language: str | None = None
    feed: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The story that a report tells, or None for a new one.

    `reason` is `link`, `title`, `copy`, `alike` or `new`; `score` the chance, 1 where it was not
    asked. `related` is an earlier story that a new one is like; `original` an outlet to credit.
    """

    story: int | None
    reason: str
    score: float = 0.0
    related: int | None = None
    original: str | None = None


@dataclass
class Clusterer:
    """Holds the window's stories and places one report after another.

    What it knows follows from the reports of the window and their order alone: remembering them
    again gives the same verdicts. Times may run backwards a little, as reports of different feeds
    do; a report's age is judged against the newest one seen.
    """

    threshold: float = STORY_THRESHOLD
    window_seconds: float = WINDOW_SECONDS
    _window: Window = field(init=False)
    _by_link: dict[int, list[Filed]] = field(default_factory=dict)
    _by_title: dict[int, list[Filed]] = field(default_factory=dict)
    _last_terms: tuple[Sighting, Terms] | None = None

    def __post_init__(self) -> None:
        self._window = Window(self.window_seconds)

    def judge(self, sighting: Sighting) -> Verdict:
        """Which story this report tells. Remembers nothing."""
        self._forget(sighting.at)
        original = credited(sighting.summary, sighting.source)
        if linked := self._linked(sighting):
            return Verdict(linked.story.id, "link", 1.0, None, original)
        terms = self._terms(sighting)
        asked = ask(self._window, terms, _source(sighting), sighting.at)
        titled = self._titled(sighting)
        asked.repeated = len({report.story for report in titled}) > _STORIES_OF_A_HEADLINE
        others = {report.story for report in titled if _is_another(sighting, terms, report)}
        if joined := self._by_headline(asked, titled, others):
            return Verdict(joined.id, "title", 1.0, None, original)
        verdict = self._by_text(asked, sighting.feed, titled, others, original)
        if verdict.related is not None and says_unrelated(f"{sighting.title}\n{sighting.summary}"):
            return replace(verdict, related=None)
        return verdict

    def remember(self, sighting: Sighting, story_id: int) -> None:
        """Takes in that this report tells that story."""
        self._forget(sighting.at)
        terms = self._terms(sighting)
        report = self._window.add(terms, _source(sighting), sighting.at, story_id)
        if report is None:
            return
        report.link, report.title = _link_key(sighting), _title_key(sighting)
        report.feed = sighting.feed
        report.headline = _headline(sighting)
        if report.link:
            self._by_link.setdefault(report.link, []).append(report)
        if report.title:
            self._by_title.setdefault(report.title, []).append(report)

    def _titled(self, sighting: Sighting) -> list[Filed]:
        """The reports with this headline within the window, newest first."""
        known = self._by_title.get(_title_key(sighting), ())
        near = [r for r in known if abs(sighting.at - r.at) <= self.window_seconds]
        return sorted(near, key=lambda report: (report.at, report.number), reverse=True)

    def _by_headline(self, asked: Asked, titled: list[Filed], others: set[Told]) -> Told | None:
        for report in titled:
            if report.story not in others and not says_little(asked, report):
                return report.story
        return None

    def _by_text(
        self,
        asked: Asked,
        feed: int,
        titled: list[Filed],
        others: set[Told],
        original: str | None,
    ) -> Verdict:
        found = neighbours(self._window, asked)
        # What one feed publishes twice under other headlines is a form that it fills in.
        elsewhere = [
            report
            for report, _ in found
            if report.story not in others and (not feed or report.feed != feed)
        ]
        if copied := _copied(asked, elsewhere):
            return Verdict(copied.story.id, "copy", 1.0, None, original)
        apart = others.union(report.story for report in titled)
        best, nearest = 0.0, None
        for near in stories_near(found):
            score = chance(features_of(self._window, asked, near))
            # A feed that tells more of a story has news of it: that rings, as related.
            again = feed and any(report.feed == feed for report in near.story.reports)
            if again or near.story in apart or _is_next(asked, near.nearest):
                score = min(score, self.threshold * 0.99)
            # A story that few have told is not well known yet, and a wrong join may be its last.
            score -= _DOUBT / len(near.story.reports)
            if score > best:
                best, nearest = score, near.nearest
        if nearest and best >= self.threshold and len(asked.terms) >= _FEWEST_TERMS:
            return Verdict(nearest.story.id, "alike", best, None, original)
        like = titled[0] if titled else nearest if best >= RELATED_THRESHOLD else None
        related = like.story.id if like and share_a_subject(asked, like) else None
        return Verdict(None, "new", best, related, original)

    def _terms(self, sighting: Sighting) -> Terms:
        """The terms of a report; judging and remembering it split it once."""
        if self._last_terms and self._last_terms[0] == sighting:
            return self._last_terms[1]
        summary = clean_summary(sighting.summary, title=sighting.title, source=sighting.source)
        terms = terms_of(sighting.title, summary, sighting.language)
        self._last_terms = sighting, terms
        return terms

    def _linked(self, sighting: Sighting) -> Filed | None:
        """The newest report with this link. Where one feed shows one entry after another under it,
        as on the page of a service's status, it says of none which it is.
        """
        known = self._by_link.get(_link_key(sighting), ())
        near = [r for r in known if abs(sighting.at - r.at) <= self.window_seconds]
        shown = {(r.feed, r.headline) for r in near} | {(sighting.feed, _headline(sighting))}
        feeds = [feed for feed, _ in shown if feed]
        if not near or len(feeds) > len(set(feeds)):
            return None
        # A report that comes late must not make its story look older than it is.
        return max(near, key=lambda report: (report.at, report.number))

    def _forget(self, now: float) -> None:
        for report in self._window.forget(now):
            if report.link:
                self._by_link[report.link].remove(report)
                if not self._by_link[report.link]:
                    del self._by_link[report.link]
            if report.title:
                self._by_title[report.title].remove(report)
                if not self._by_title[report.title]:
                    del self._by_title[report.title]


def _copied(asked: Asked, near: list[Filed]) -> Filed | None:
    for other in near[:_COPIES_LOOKED_AT]:
        if is_copy(asked, other):
            return other
    bare_title = len(asked.terms) == asked.heads and not asked.repeated
    return only_cut_from(asked.terms, asked.idf, near) if bare_title else None


def _is_next(asked: Asked, other: Filed) -> bool:
    """Whether it is another of the same kind: other figures, or other people and places. What says
    little more than its kind may be of any.
    """
    says_nothing = asked.of.stock and asked.of.brief
    return (
        says_nothing
        or is_series(asked, other)
        or names_differ(asked, other)
        or is_next_notice(asked, other)
    )


# Sixty-four bits instead of texts: a window of a hundred thousand would hold twenty megabytes more.
def _link_key(sighting: Sighting) -> int:
    return hash(sighting.canonical) if sighting.canonical else 0


def _title_key(sighting: Sighting) -> int:
    enough = len(sighting.title_key.split()) >= MIN_TITLE_WORDS
    return hash(sighting.title_key) if enough else 0


def _headline(sighting: Sighting) -> int:
    return hash(sighting.title_key or sighting.title)


def _source(sighting: Sighting) -> str:
    return sighting.source or (f"feed {sighting.feed}" if sighting.feed else "")


def _is_another(sighting: Sighting, terms: Terms, before: Filed) -> bool:
    """Whether an equal headline of the same outlet stands over something else: another text, or
    hours later no text at all, as in a daily series. A text that was cut is no other.
    """
    one_outlet = before.feed == sighting.feed and before.source == _source(sighting)
    if not one_outlet or not before.source:
        return False
    theirs = {term.text for term in before.terms[before.heads :]}
    mine = set(terms.summary)
    if not mine and not theirs:
        return sighting.at - before.at >= _SERIES_SECONDS
    return not (mine <= theirs or theirs <= mine)
