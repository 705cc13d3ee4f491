"""Copies of a report: the same text under another headline, or the same headline cut short.

Agencies and partners publish one text many times. A copy is found by its words; what it says of
its origin ("originally published by …", "(Reuters) –") names the outlet to be credited.
"""

import re
from collections.abc import Iterable, Sequence

from bot.news.text import bare
from bot.news.window import Filed, Term

_LEAD_TERMS = 8
_SAME_LEAD = 0.85
_TITLE_TERMS = 4
_CUT_TERMS = 3
_CUT_BARE = 0.45
_CUT_TITLE = 0.55
_ONLY_TERMS = 2
_ONLY_IDF = 8.5
_CUT_ONLY = 0.33
_LONGER_TITLE = 0.7
_SAME_PATTERN = 0.7

_NAME = r"(?P<name>[^\W\d_][^\n.,;:()|]{1,60}?)"
_ORIGINS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:originally|first)\s+(?:published|appeared)\s+(?:on|by|in|at)\s+" + _NAME
        + r"(?=\s+and\b|\s+on\b|\s+under\b|\s*[.,;:()|\n]|\s*\Z)",
        r"(?:reprinted|republished|reproduced)\s+(?:here\s+)?with\s+(?:the\s+)?permission\s+"
        r"(?:from|of|by)\s+" + _NAME + r"(?=\s*[.,;:()|\n]|\s*\Z)",
        r"(?:zuerst|ursprünglich)\s+(?:erschienen|veröffentlicht)\s+(?:auf|bei|in)\s+" + _NAME
        + r"(?=\s*[.,;:()|\n]|\s*\Z)",
        r"(?:publié\s+(?:initialement|à\s+l'origine)|paru\s+initialement)\s+(?:par|sur|dans)\s+"
        + _NAME + r"(?=\s*[.,;:()|\n]|\s*\Z)",
        r"(?:publicado\s+originalmente)\s+(?:en|por)\s+" + _NAME + r"(?=\s*[.,;:()|\n]|\s*\Z)",
    )
]  # fmt: skip
_DATELINE = re.compile(r"\A[^\n]{0,80}?\((?P<name>[^\W\d_][^()\n\d]{1,40})\)\s*(?:--|[-–—])")


def credited(text: str, source: str = "") -> str | None:
    """The outlet that a text says it comes from, if it is another than `source`."""
    for pattern in (*_ORIGINS, _DATELINE):
        found = pattern.search(text[:2000]) or pattern.search(text[-1000:])
        if found and bare(found["name"]) != bare(source):
            return found["name"].strip()
    return None


def is_copy(terms: Sequence[Term], heads: int, numbers: frozenset[str], other: Filed) -> bool:
    """Whether a report with these terms repeats the text or the headline of the other.

    Where figures differ it is the next report of a series, not a copy.
    """
    if is_series(terms, heads, numbers, other) or _contradict(terms, numbers, other):
        return False
    bare_title = len(terms) == heads and len(other.terms) > other.heads
    return (
        _same_lead(terms, heads, other)
        or _same_title(terms[:heads], numbers, other)
        or (bare_title and _is_cut_from(terms, other))
    )


def is_series(terms: Sequence[Term], heads: int, numbers: frozenset[str], other: Filed) -> bool:
    """Whether the titles are alike but for their figures: "Day 12 of …" and "Day 13 of …"."""
    if not numbers or not other.numbers or numbers == other.numbers:
        return False
    mine = [term for term in terms[:heads] if not _is_number(term)]
    theirs = [term for term in other.terms[: other.heads] if not _is_number(term)]
    if not mine or not theirs:
        return True
    shared = sum(term in theirs for term in mine)
    alike = shared / (len(mine) + len(theirs) - shared) >= _SAME_PATTERN
    return alike and not (numbers <= other.numbers or other.numbers <= numbers)


def _contradict(terms: Sequence[Term], numbers: frozenset[str], other: Filed) -> bool:
    """Whether two titles name figures that the other report has nowhere: one text, sent out anew
    for every quake.
    """
    if numbers <= other.numbers or other.numbers <= numbers:
        return False
    theirs, mine = {term.text for term in other.terms}, {term.text for term in terms}
    return not (numbers <= theirs or other.numbers <= mine)


def _same_lead(terms: Sequence[Term], heads: int, other: Filed) -> bool:
    mine, theirs = terms[heads:], other.terms[other.heads :]
    for some, all_terms in ((mine, other.terms), (theirs, terms)):
        enough = len(some) >= _LEAD_TERMS and min(len(mine), len(theirs)) >= _LEAD_TERMS // 2
        if enough and _nearly_all(some, all_terms):
            return True
    return False


def _nearly_all(some: Sequence[Term], all_terms: Sequence[Term]) -> bool:
    """Whether few of some terms are missing in the others, and no figure."""
    missing = set(some).difference(all_terms)
    return len(missing) <= int((1 - _SAME_LEAD) * len(some)) and not any(map(_is_number, missing))


def _same_title(mine: Sequence[Term], numbers: frozenset[str], other: Filed) -> bool:
    theirs = other.terms[: other.heads]
    short, long = (mine, theirs) if len(mine) <= len(theirs) else (theirs, mine)
    if len(short) < _TITLE_TERMS or not _in_order(short, long):
        return False
    if numbers != other.numbers and numbers and other.numbers:
        return False
    needed = _CUT_TITLE if len(mine) <= len(theirs) else _LONGER_TITLE
    return len(short) >= needed * len(long)


def _is_cut_from(title: Sequence[Term], other: Filed) -> bool:
    """Whether a title without text is three terms of the headline of a report with text."""
    theirs = other.terms[: other.heads]
    enough = len(title) >= _CUT_TERMS and len(title) >= _CUT_BARE * len(theirs)
    return enough and _in_order(title, theirs)


def only_cut_from(
    title: Sequence[Term], idf: Sequence[float], near: Iterable[Filed]
) -> Filed | None:
    """The report whose headline a title without text was cut from, if it can be of one story only:
    no other story near has all of its words, and they are not words that anyone uses.
    """
    if len(title) < _ONLY_TERMS or sum(idf) < _ONLY_IDF:
        return None
    have_all = [report for report in near if set(title).issubset(report.terms)]
    if len({report.story.id for report in have_all}) != 1:
        return None
    for report in have_all:
        theirs = report.terms[: report.heads]
        enough = len(theirs) < len(report.terms) and len(title) >= _CUT_ONLY * len(theirs)
        if enough and _in_order(title, theirs):
            return report
    return None


def _in_order(short: Sequence[Term], long: Sequence[Term]) -> bool:
    rest = iter(long)
    return all(term in rest for term in short)


def _is_number(term: Term) -> bool:
    return term.text[0].isdigit()
