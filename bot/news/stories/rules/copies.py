"""Copies of a report: the same text under another headline, or the same headline cut short.

Agencies and partners publish one text many times. A copy is found by its words; whom it credits
stands in `bot.news.text.credits`.
"""

from collections.abc import Container, Iterable, Sequence

from bot.news.stories.filed import Filed
from bot.news.stories.likeness import Asked
from bot.news.stories.splitting.terms import STOCK
from bot.news.stories.vocabulary import Term, Vocabulary

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
_SAME_FORM = 0.33
_SAME_BUT_ONE = 0.5


def is_copy(asked: Asked, other: Filed) -> bool:
    """Whether a report repeats the text or the headline of the other.

    Where figures or names of the headlines differ it is the next notice of one form, not a copy.
    """
    shared = len(asked.own.intersection(other.terms))
    bare_title = len(asked.terms) == asked.heads and len(other.terms) > other.heads
    # Most have too little in common for either: nobody asks in which order it stands.
    one_headline = shared >= min(asked.heads, other.heads)
    repeats = (
        (_same_lead(asked, other, shared) and not _is_form(asked, other))
        or (one_headline and _same_title(asked, other))
        or (
            one_headline
            and bare_title
            and not says_little(asked, other)
            and _is_cut_from(asked.terms, other)
        )
    )
    return repeats and not (is_series(asked, other) or each_has_its_own(asked, other))


def may_be_copy(asked: Asked, other: Filed) -> bool:
    """Whether two reports have enough in common for one to be a copy: what `is_copy` asks first."""
    shared = len(asked.own.intersection(other.terms))
    return shared >= _OF_A_LEAD or shared >= asked.heads or shared >= other.heads


def is_next_notice(asked: Asked, other: Filed) -> bool:
    """Whether a report has the lead of another and tells of something else: it is a form that is
    filled in.
    """
    shared = len(asked.own.intersection(other.terms))
    one_text = _same_lead(asked, other, shared) or _same_brief_text(asked, other)
    return one_text and (each_has_its_own(asked, other) or _is_form(asked, other))


def is_series(asked: Asked, other: Filed) -> bool:
    """Whether the titles are alike but for their figures: "Day 12 of …" and "Day 13 of …"."""
    numbers = asked.numbers
    if not numbers or not other.numbers or numbers == other.numbers:
        return False
    mine = [term for term in asked.terms[: asked.heads] if not asked.vocabulary.is_figure(term)]
    theirs = [term for term in other.terms[: other.heads] if not asked.vocabulary.is_figure(term)]
    if not mine or not theirs:
        return True
    return _shared(mine, theirs) >= _SAME_PATTERN and not (
        numbers <= other.numbers or other.numbers <= numbers
    )


def each_has_its_own(asked: Asked, other: Filed) -> bool:
    """Whether each headline has a name or a figure that the other report has nowhere: one text,
    sent out anew for every quake and every county. Under stock wording the texts are asked.
    """
    mine, theirs = asked.terms[: asked.heads], other.terms[: other.heads]
    own = (
        _own(asked.vocabulary, mine, asked.names, other.terms),
        _own(asked.vocabulary, theirs, other.names, asked.terms),
    )
    if asked.of.wording & other.wording & STOCK:
        own = (
            _own(asked.vocabulary, asked.terms, asked.names, other.terms),
            _own(asked.vocabulary, other.terms, other.names, asked.terms),
        )
    return all(own) or _begin_otherwise(asked, other)


def _begin_otherwise(asked: Asked, other: Filed) -> bool:
    """Whether two headlines of one form begin with a word each that the other report lacks: any
    headline begins with a capital, so it may be a name.
    """
    mine, theirs = asked.terms[: asked.heads], other.terms[: other.heads]
    if not mine or not theirs or _shared(mine, theirs) < _SAME_BUT_ONE:
        return False
    return not any(
        asked.vocabulary.is_common(first) or first in elsewhere
        for first, elsewhere in ((mine[0], other.terms), (theirs[0], asked.terms))
    )


def names_differ(asked: Asked, other: Filed) -> bool:
    """True if two reports name somebody or some place each, and neither has a name of the other:
    the same kind of event somewhere else.
    """
    if not asked.names or not other.names:
        return False
    return asked.names.isdisjoint(other.terms) and not set(other.names).intersection(asked.terms)


def _own(
    vocabulary: Vocabulary,
    title: Sequence[Term],
    names: Container[Term],
    elsewhere: Sequence[Term],
) -> list[Term]:
    return [
        term
        for term in title
        if term not in elsewhere and (term in names or vocabulary.is_figure(term))
    ]


def _same_lead(asked: Asked, other: Filed, shared: int) -> bool:
    mine, theirs = len(asked.terms) - asked.heads, len(other.terms) - other.heads
    if min(mine, theirs) < _LEAD_TERMS // 2 or max(mine, theirs) < _LEAD_TERMS:
        return False
    # Most have too little in common for either lead: they are not asked which words are missing.
    return (
        mine >= _LEAD_TERMS
        and shared >= mine - _may_miss(mine)
        and _nearly_all(asked.vocabulary, asked.terms[asked.heads :], other.terms)
    ) or (
        theirs >= _LEAD_TERMS
        and shared >= theirs - _may_miss(theirs)
        and _nearly_all(asked.vocabulary, other.terms[other.heads :], asked.terms)
    )


def _same_brief_text(asked: Asked, other: Filed) -> bool:
    mine, theirs = asked.terms[asked.heads :], other.terms[other.heads :]
    return asked.of.brief and bool(mine) and set(mine) == set(theirs)


def _is_form(asked: Asked, other: Filed) -> bool:
    """Whether a lead that two reports share may stand under any notice of its kind: it names
    nobody, no place and no figure, and each headline has a word that the other report lacks.

    Where capitals do not tell names that word may be one: then the headlines are of one form.
    """
    if asked.of.cased and not asked.of.anonymous:
        return False
    if _one_title(asked, other):
        return asked.of.anonymous and asked.of.brief
    mine, theirs = asked.terms[: asked.heads], other.terms[: other.heads]
    if set(mine).issubset(other.terms) or set(theirs).issubset(asked.terms):
        return False
    return asked.of.anonymous or _shared(mine, theirs) >= _SAME_FORM


def _nearly_all(vocabulary: Vocabulary, some: Sequence[Term], all_terms: Sequence[Term]) -> bool:
    """Whether few of some terms are missing in the others, and no figure."""
    missing = set(some).difference(all_terms)
    return len(missing) <= _may_miss(len(some)) and not any(map(vocabulary.is_figure, missing))


def _may_miss(terms: int) -> int:
    """How many of so many terms of a lead a copy may lack."""
    return int((1 - _SAME_LEAD) * terms)


_OF_A_LEAD = _LEAD_TERMS - _may_miss(_LEAD_TERMS)
"""So many terms of the shortest lead a copy has at least."""


def _shared(mine: Sequence[Term], theirs: Sequence[Term]) -> float:
    """The part of the terms of two that both have, 0 to 1."""
    shared = sum(term in theirs for term in mine)
    return shared / (len(mine) + len(theirs) - shared)


def _same_title(asked: Asked, other: Filed) -> bool:
    if asked.numbers != other.numbers and asked.numbers and other.numbers:
        return False
    return _one_title(asked, other) and not says_little(asked, other)


def _one_title(asked: Asked, other: Filed) -> bool:
    """Whether a headline is the other one, or that one with words left out."""
    mine, theirs = asked.terms[: asked.heads], other.terms[: other.heads]
    short, long = (mine, theirs) if len(mine) <= len(theirs) else (theirs, mine)
    needed = _CUT_TITLE if len(mine) <= len(theirs) else _LONGER_TITLE
    enough = len(short) >= _TITLE_TERMS and len(short) >= needed * len(long)
    return enough and _in_order(short, long)


def says_little(asked: Asked, other: Filed) -> bool:
    """Whether an equal headline is no sign that two reports tell one story: because it is stock
    wording, because several stories have it, or because the texts name other people and places.
    """
    both_stock = bool(asked.of.wording & other.wording & STOCK)
    return asked.repeated or both_stock or names_differ(asked, other)


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
    all_of_it = frozenset(title)
    have_all = [
        report for report in near if len(all_of_it.intersection(report.terms)) == len(all_of_it)
    ]
    if len({report.story for report in have_all}) != 1:
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
