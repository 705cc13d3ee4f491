"""Which reports tell the same story, decided when a report arrives.

Cheapest first: the same canonical link; the same normalised title of four words or more; a copy of
a text; likeness. Where we are unsure it is a new story, at most related to an earlier one: a wrong
join hides news, a repeat only annoys.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.news.copies import credited, is_copy, is_series, only_cut_from
from bot.news.likeness import Asked, ask, chance, features_of, neighbours, stories_near
from bot.news.summary import clean_summary
from bot.news.terms import Terms, terms_of
from bot.news.window import Filed, Term, Window

WINDOW_SECONDS = 72 * 3600
STORY_THRESHOLD = 0.85
"""The chance from which a report joins a story."""
RELATED_THRESHOLD = 0.45
"""From here on a new story is said to be related to the one it is like."""
MIN_TITLE_WORDS = 4
_SERIES_SECONDS = 18 * 3600
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
    _by_link: dict[int, Filed] = field(default_factory=dict)
    _by_title: dict[int, Filed] = field(default_factory=dict)
    _last_terms: tuple[Sighting, Terms] | None = None

    def __post_init__(self) -> None:
        self._window = Window(self.window_seconds)

    def judge(self, sighting: Sighting) -> Verdict:
        """Which story this report tells. Remembers nothing."""
        self._forget(sighting.at)
        original = credited(sighting.summary, sighting.source)
        if linked := self._lately(self._by_link, _link_key(sighting), sighting.at):
            return Verdict(linked.story.id, "link", 1.0, None, original)
        terms = self._terms(sighting)
        titled = self._lately(self._by_title, _title_key(sighting), sighting.at)
        if titled and not _is_next_issue(sighting, terms, titled):
            return Verdict(titled.story.id, "title", 1.0, None, original)
        asked = ask(self._window, terms, _source(sighting), sighting.at)
        return self._by_text(asked, sighting.feed, titled, original)

    def remember(self, sighting: Sighting, story_id: int) -> None:
        """Takes in that this report tells that story."""
        self._forget(sighting.at)
        terms = self._terms(sighting)
        report = self._window.add(terms, _source(sighting), sighting.at, story_id)
        if report is None:
            return
        report.link, report.title = _link_key(sighting), _title_key(sighting)
        report.feed = sighting.feed
        for known, key in ((self._by_link, report.link), (self._by_title, report.title)):
            # A report that comes late must not make its story look older than it is.
            if key and (key not in known or known[key].at <= report.at):
                known[key] = report

    def _by_text(
        self, asked: Asked, feed: int, not_this: Filed | None, original: str | None
    ) -> Verdict:
        found = neighbours(self._window, asked)
        terms, heads, numbers = asked.terms, asked.heads, asked.numbers
        # What one feed publishes twice under other headlines is a form that it fills in.
        others = [
            report
            for report, _ in found
            if report is not not_this and (not feed or report.feed != feed)
        ]
        if copied := _copied(asked, others):
            return Verdict(copied.story.id, "copy", 1.0, None, original)
        names = self._names(asked)
        best, story = 0.0, None
        for near in stories_near(found):
            score = chance(features_of(self._window, asked, near))
            # A feed that tells more of a story has news of it: that rings, as related.
            again = feed and any(report.feed == feed for report in near.story.reports)
            series = is_series(terms, heads, numbers, near.nearest)
            elsewhere = _names_differ(asked.terms, names, near.nearest)
            if again or series or elsewhere or near.nearest is not_this:
                score = min(score, self.threshold * 0.99)
            # A story that few have told is not well known yet, and a wrong join may be its last.
            score -= _DOUBT / len(near.story.reports)
            if score > best:
                best, story = score, near.story.id
        if best >= self.threshold and len(terms) >= _FEWEST_TERMS:
            return Verdict(story, "alike", best, None, original)
        if not_this is not None:
            return Verdict(None, "new", best, not_this.story.id, original)
        return Verdict(None, "new", best, story if best >= RELATED_THRESHOLD else None, original)

    def _terms(self, sighting: Sighting) -> Terms:
        """The terms of a report; judging and remembering it split it once."""
        if self._last_terms and self._last_terms[0] == sighting:
            return self._last_terms[1]
        summary = clean_summary(sighting.summary, title=sighting.title, source=sighting.source)
        terms = terms_of(sighting.title, summary, sighting.language)
        self._last_terms = sighting, terms
        return terms

    def _names(self, asked: Asked) -> frozenset[Term]:
        texts = self._last_terms[1].names if self._last_terms else ()
        return frozenset(term for term in asked.terms if term.text in texts)

    def _lately(self, known: dict[int, Filed], key: int, at: float) -> Filed | None:
        found = known.get(key) if key else None
        return found if found and abs(at - found.at) <= self.window_seconds else None

    def _forget(self, now: float) -> None:
        for report in self._window.forget(now):
            for known, key in ((self._by_link, report.link), (self._by_title, report.title)):
                if known.get(key) is report:
                    del known[key]


def _copied(asked: Asked, near: list[Filed]) -> Filed | None:
    terms, heads = asked.terms, asked.heads
    for other in near[:_COPIES_LOOKED_AT]:
        if is_copy(terms, heads, asked.numbers, other):
            return other
    return only_cut_from(terms, asked.idf, near) if len(terms) == heads else None


def _names_differ(terms: Sequence[Term], names: frozenset[Term], other: Filed) -> bool:
    """True if two reports name somebody or some place each, and neither has a name of the other:
    the same kind of event somewhere else.
    """
    if not names or not other.names:
        return False
    return names.isdisjoint(other.terms) and not set(other.names).intersection(terms)


# Sixty-four bits instead of texts: a window of a hundred thousand would hold twenty megabytes more.
def _link_key(sighting: Sighting) -> int:
    return hash(sighting.canonical) if sighting.canonical else 0


def _title_key(sighting: Sighting) -> int:
    enough = len(sighting.title_key.split()) >= MIN_TITLE_WORDS
    return hash(sighting.title_key) if enough else 0


def _source(sighting: Sighting) -> str:
    return sighting.source or (f"feed {sighting.feed}" if sighting.feed else "")


def _is_next_issue(sighting: Sighting, terms: Terms, before: Filed) -> bool:
    """Whether an outlet's equal title is the next of a daily series, not the same report again."""
    if not before.source or _source(sighting) != before.source:
        return False
    if sighting.at - before.at < _SERIES_SECONDS:
        return False
    theirs = [term.text for term in before.terms[before.heads :]]
    shared = sum(text in theirs for text in terms.summary)
    return shared <= 0.3 * min(len(theirs), len(terms.summary))
