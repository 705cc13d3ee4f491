"""Placing is made quicker again and again; where reports go stays what it was, score by score."""

import random
from hashlib import sha256

import pytest

from benchmarks.stories import invented
from bot.news.stories.clustering import Sighting, Verdict
from bot.news.stories.placing import Placer
from bot.news.text.plain import fold_title

REPORTS = 900
WHERE_THEY_WENT = "b731df99f6ba92d9"
"""Changes only with a rule that is meant to decide otherwise; then `docs/stories.md` is measured
anew.
"""


def _mixed(theirs: str, own: str, chance: random.Random) -> str:
    """A text of words of both, in the order in which they stand."""
    share = chance.choice((0.4, 0.6, 0.8, 0.95))
    kept = [word for word in theirs.split() if chance.random() < share]
    added = [word for word in own.split() if chance.random() > share]
    named = [w.capitalize() if ord(w[0]) % 5 == 0 else w for w in [*kept, *added] if w.islower()]
    return " ".join(["Then", *named])


def _told_again(before: Sighting, own: Sighting, chance: random.Random) -> tuple[str, str]:
    """A headline and a text that another outlet made of a report: cut short, with another figure,
    or with words and names of its own.
    """
    title = before.title.split()
    match chance.randrange(6):
        case 0:
            return " ".join(title[: chance.randrange(3, 9)]), ""
        case 1:
            return " ".join([*title[:-1], str(chance.randrange(40))]), before.summary
    title_now = _mixed(before.title, own.title, chance)
    return title_now, _mixed(before.summary, own.summary, chance)


def _stream(count: int) -> list[Sighting]:
    """Invented reports, some of which tell others of them again."""
    chance, first = random.Random(7), invented(count)
    found: list[Sighting] = []
    for number, report in enumerate(first):
        title, summary, link = report.title, report.summary, report.canonical
        if number > 20 and number % 5 < 3:
            before = chance.choice(found[-60:])
            title, summary = _told_again(before, report, chance)
            link = before.canonical if number % 19 == 0 else link
        feed = number % 23 + 1
        source = f"Outlet {feed}"
        found.append(
            Sighting(
                link if number % 7 else None,
                fold_title(title, source),
                report.at * (3 if number > count // 2 else 1),
                title, summary, source, "en", feed,
            )
        )  # fmt: skip
    return found


def _figures(verdict: Verdict) -> tuple[object, ...]:
    told = None if verdict.told is None else round(verdict.told, 6)
    return verdict.story, verdict.reason, round(verdict.score, 6), verdict.related, told


@pytest.mark.slow
def test_reports_go_where_they_went_before() -> None:
    placer, lines, reasons = Placer(), list[str](), set[str]()
    for number, sighting in enumerate(_stream(REPORTS), 1):
        if sighting.feed % 6 == 0:
            where = placer.place_guest(sighting, number, frozenset({sighting.feed % 4}))
        else:
            where = placer.place(sighting, number)
        reasons.add(where.verdict.reason)
        lines.append(repr((where.story, where.takes_in, where.doubtful, *_figures(where.verdict))))
    assert reasons == {"link", "title", "copy", "alike", "new"}
    assert sha256("\n".join(lines).encode()).hexdigest()[:16] == WHERE_THEY_WENT
