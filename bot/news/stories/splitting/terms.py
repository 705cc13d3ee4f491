"""Terms of a report, as stories are compared by: stems, numbers, and pairs of characters.

A term is what is left of a word when its form does not matter. Chinese, Japanese and Thai have no
spaces, so there two neighbouring characters make a term. Never raises, whatever the script.
"""

import re
from collections.abc import Container, Iterable, Sequence
from functools import lru_cache

from msgspec import Struct

from bot.news.stories.splitting.calendar_words import calendar_terms
from bot.news.stories.splitting.names import CAPITAL_NOUNS, has_no_capitals, names_without_capitals
from bot.news.stories.splitting.number_words import SMALL_FIGURES, number_words
from bot.news.stories.splitting.stock_wording import is_stock_lead, is_stock_title, is_stock_word
from bot.news.stories.splitting.stopwords import SMALL_WORDS
from bot.news.stories.splitting.turning_words import denies, repeats
from bot.news.text.words import (
    fold,
    has_one_stem,
    language_of,
    split_words,
    stems,
    stems_in,
    unspaced_in,
    words_of,
)

LONGEST_SUMMARY = 600
"""Characters of a summary that are compared: the lead says which story it is."""
_MOST_TERMS = 60
NO_NUMBERS: frozenset[str] = frozenset()
_MOST_NAMES = 12
_MOST_WORDS = 5_000
_NO_TERM = " "
_CAPITALS_SAY = 0.6
# A word after another one of the same sentence.
_INNER = re.compile(r"\s(?<=[\w,;'’\"”)]\s)([^\W\d_][\w'’-]*)")
_FIRST = re.compile(r"(?:^|[.!?:]\s+)[\W_]*([^\W\d_][\w'’-]*)", re.MULTILINE)
_CAPITALS_OR_FIGURE = re.compile(r"\d|\b[A-ZÀ-ÖØ-ÞА-ЯЁ]{2}")
_MAY_BE_EITHER = re.compile("[0-9]|[A-Z]{2}")  # in ASCII; three times as fast
_FIGURE = re.compile("[0-9]")
# A320 and G20 are no figures; scripts without capitals write other letters beside them: 死亡36人.
_LETTER = r"[0-9A-Za-z_\u00aa-\u052f\u1e00-\u1fff]"
# They begin with a digit, which is looked for faster than what stands before one.
_NUMBER = re.compile(
    rf"[0-9](?<!{_LETTER}[0-9])"
    rf"(?:(?<![.,][0-9])[0-9]*(?:[.,:][0-9]+)*(?!{_LETTER})|[0-9]*(?:[.,][0-9]+)*)"
)
_GROUPED = re.compile(r"([1-9]\d{0,2}([.,])\d{3}(?:\2\d{3})*)(?:(?!\2)[.,](\d+))?")
_APART = re.compile(r"[1-9](?<![0-9.,:-][1-9])(?<![0-9] [1-9])[0-9]{0,2}(?: [0-9]{3})+(?![0-9])")


STOCK, DENIES, DENIES_ANYWHERE, REPEATS = 1, 8, 16, 32
"""How a headline is worded, as bits: see `Terms.wording`. 2 and 4 are for who stores them."""
WORDING = STOCK | DENIES | DENIES_ANYWHERE | REPEATS


class Terms(Struct, frozen=True):
    """The terms of a report, each once, in order: `title` and those only in the `summary`.

    `numbers` are the figures of the title, as written but for separators. `names` are the terms
    that are written as names: with a capital where a sentence goes on; where no capital tells, what
    `names_without_capitals` sees. Days and months are none.
    `cased` says that the summary's capitals tell names from other words; `anonymous` that it is
    so and names nobody, no place and no figure; `brief` are summaries of little but stock wording.

    `wording` has STOCK for a headline of stock wording, DENIES and REPEATS for one with a word such
    as "not" or "again", DENIES_ANYWHERE where it or the summary denies.
    """

    title: tuple[str, ...]
    summary: tuple[str, ...]
    numbers: frozenset[str]
    names: tuple[str, ...] = ()
    cased: bool = False
    anonymous: bool = False
    wording: int = 0
    brief: bool = False
    language: str = ""


def terms_of(title: str, summary: str, language: str | None) -> Terms:
    """Splits a report into terms; small words ("the", "said") are no terms."""
    summary = summary[:LONGEST_SUMMARY]
    known = language_of(f"{title} {summary}", language)
    in_title = _terms(title, known)
    in_summary = _terms(summary, known)
    wording = _wording(title, summary, known)
    for term in in_title:
        in_summary.pop(term, None)
    inner = _inside_sentences(title), _inside_sentences(summary)
    names = _names(title, summary, known, inner)
    cased = _is_cased(summary, known, inner[1])
    return Terms(
        tuple(in_title)[:_MOST_TERMS],
        tuple(in_summary)[:_MOST_TERMS],
        # A window of a hundred thousand would hold as many empty sets, two hundred bytes each.
        frozenset(numbers_of(title)).union(SMALL_FIGURES.intersection(in_title)) or NO_NUMBERS,
        names,
        cased,
        cased and not _names_anyone(summary, known, inner[1]),
        wording | (STOCK if is_stock_title(in_title, names, known) else 0),
        is_stock_lead(tuple(in_summary), known),
        known,
    )


def _wording(title: str, summary: str, language: str) -> int:
    words = words_of(title)
    found = REPEATS if repeats(words, language) else 0
    if denies(title, words, language):
        return found | DENIES | DENIES_ANYWHERE
    if denies(summary, words_of(summary), language):
        found |= DENIES_ANYWHERE
    return found


def _inside_sentences(text: str) -> list[str]:
    """The words that no sentence begins with."""
    found: list[str] = _INNER.findall(text)
    return found


def _names(
    title: str, summary: str, language: str, inner: Iterable[Sequence[str]]
) -> tuple[str, ...]:
    """The terms that are names, as the script or the language tells them; no day, no month. `inner`
    are the words inside the sentences of both.
    """
    if language in CAPITAL_NOUNS or has_no_capitals(f"{title} {summary}"):
        found = names_without_capitals(f"{title}\n{summary}", language)
    else:
        found = _with_capitals(inner, language)
    if found and (dates := found.keys() & calendar_terms(language)):
        for date in dates:
            del found[date]
    return tuple(found)[:_MOST_NAMES]


def _with_capitals(texts: Iterable[Sequence[str]], language: str) -> dict[str, None]:
    """Words with a capital that no sentence begins with; many headlines write every word so, and
    they say nothing.
    """
    found: dict[str, None] = {}
    figures = number_words(language)  # a name, too: the Seven Network
    for inner in texts:
        capitals = [word for word in inner if word[0].isupper()]
        if len(capitals) > _CAPITALS_SAY * len(inner):
            continue
        for name in capitals:
            for word in split_words(name):
                if len(word) > 1 and word not in SMALL_WORDS:
                    found[figures.get(word) or stems(word, language)[-1]] = None
    return found


def _is_cased(text: str, language: str, inner: Sequence[str]) -> bool:
    """Whether a text is written in sentences that begin with a capital and go on without."""
    if language in CAPITAL_NOUNS or not inner or not any(map(str.isupper, text)):
        return False
    return sum([word[0].isupper() for word in inner]) <= _CAPITALS_SAY * len(inner)


def _names_anyone(text: str, language: str, inner: Sequence[str]) -> bool:
    """Whether a text in sentences has a figure, a word in capitals, one with a capital inside a
    sentence, or begins a sentence with a word that is nobody's everyday word.
    """
    # What most texts begin with says so already.
    begins = (word for found in _FIRST.finditer(text) for word in split_words(found[1]))
    if any(not is_stock_word(word, language) for word in begins):
        return True
    may_be = not text.isascii() or _MAY_BE_EITHER.search(text)
    if may_be and _CAPITALS_OR_FIGURE.search(text):
        return True
    return bool(_names("", text, language, (inner,)))


def numbers_of(text: str) -> list[str]:
    """The figures of a text in order, each in one form: `1,000`, `1.000` and `1 000` are `1000`,
    `5,6` is `5.6`, and `6.0` is `6`.
    """
    if not text.isascii():
        text = fold(text)
    elif not _FIGURE.search(text):
        return []
    text = _APART.sub(lambda found: found[0].replace(" ", ""), text)
    return list(map(_in_one_form, _NUMBER.findall(text)))


def _in_one_form(figure: str) -> str:
    if figure.isdigit():
        return figure
    if grouped := _GROUPED.fullmatch(figure):
        whole, rest = grouped[1].replace(grouped[2], ""), grouped[3] or ""
    else:
        whole, _, rest = figure.replace(",", ".").partition(".")
    return f"{whole}.{rest}" if rest.strip("0") else whole


class _Words(dict[str, str]):
    """The terms of words, found by `[]`; of one that makes none `_NO_TERM`."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._stem = stems_in(language).new if has_one_stem(language) else None
        self._figures = number_words(language)

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_WORDS:
            self.clear()
        if word in self._figures:
            term = self._figures[word]
        elif len(word) < 2 or word in SMALL_WORDS:
            term = _NO_TERM
        elif self._stem and word.isascii() and word.isalpha():  # as `stems` does
            term = self._stem(word)
        elif word.isdigit():
            term = _NO_TERM
        else:
            term = stems(word, self._language)[-1]
        self[word] = term
        return term


@lru_cache(maxsize=8)
def _words_of(language: str) -> _Words:
    return _Words(language)


def _terms(text: str, language: str) -> dict[str, None]:
    """An ordered set."""
    words = words_of(text)
    if text.isascii() or not (unspaced := frozenset(unspaced_in(" ".join(words)))):
        found = dict.fromkeys(map(_words_of(language).__getitem__, words))
        found.pop(_NO_TERM, None)
    else:
        found = _with_pairs(words, unspaced, language)
    for number in numbers_of(text):
        found[number] = None
    return found


def _with_pairs(words: Iterable[str], unspaced: Container[str], language: str) -> dict[str, None]:
    """The terms of words some of which are written without spaces, a character each."""
    found: dict[str, None] = {}
    before = ""
    for word in words:
        if word in unspaced:
            if before:
                found[before + word] = None
            before = word
            continue
        before = ""
        if len(word) > 1 and word not in SMALL_WORDS and not word.isdigit():
            found[stems(word, language)[-1]] = None
    return found
