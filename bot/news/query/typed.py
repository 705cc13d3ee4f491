"""What people mean by what they type: which words need not occur, which mean OR, and which signs
mean nothing.
"""

import re
import unicodedata

from msgspec import Struct

from bot.news.query.function_words import may_name
from bot.news.query.lexemes import SAME_SIGNS, Lexeme, bare
from bot.news.text.patterns import late
from bot.news.text.words import fold

_BETWEEN_BLANKS = late(r"\S+")
# French and Italian words of which nothing but this is left before a vowel.
_ELIDED = late(
    "(?P<elided>(?:[ldjnscmt]|qu|jusqu|lorsqu|puisqu|quoiqu|(?:de|a|da|ne|su|que)ll|quest|un)"
    "['’ʼ‘＇])(?=(?P<rest>[^\\W\\d_]{2}))",
    re.IGNORECASE,
)
_VOWELS = frozenset("aeiouhy")
_STANDING = '()|,"'
"""Signs that mean something in a query, also where they stand alone."""
BEGINNING = ("word", "quoted", "open", "field", "near")
"""What something that must occur begins with."""
_LEADING = frozenset(("either", "entweder", "soit", "либо"))
JOINING_SIGNS = frozenset("&＆+＋")
"""Signs that, where they stand alone, may join the last two of a list."""


class SmallWords(Struct, frozen=True):
    """The folded words that need not occur; `shouted` where all is in capitals, which then say
    nothing.
    """

    words: frozenset[str] = frozenset()
    shouted: bool = False

    def has(self, lexeme: Lexeme, following: Lexeme | None) -> bool:
        """Whether a bare word is one, and no name that is written as names are."""
        word = bare(lexeme)
        return word in self.words and not self._is_name(lexeme, word, following)

    def is_said(self, lexeme: Lexeme, among: frozenset[str]) -> bool:
        """Whether it is one of some words, as they are typed, and none that stands out."""
        return (
            lexeme.kind == "word"
            and _as_typed(lexeme.text) in among
            and (self.shouted or not any(map(str.isupper, lexeme.text)))
        )

    def _is_name(self, lexeme: Lexeme, word: str, following: Lexeme | None) -> bool:
        if self.shouted or not lexeme.text[:1].isupper():
            return False
        if lexeme.text.isupper() and len(lexeme.text) > 1:
            return True
        # Phones begin whatever is typed with a capital.
        is_meant = lexeme.place > 0 or (following is not None and following.text[:1].isupper())
        return is_meant and may_name(word)


def without_lone_signs(text: str) -> str:
    """The text, as long as before, with blanks for signs that stand alone and mean nothing in a
    query; but one without a letter or digit stays as it is, and so do those that join.
    """

    def blanked(found: re.Match[str]) -> str:
        signs = found[0].translate(SAME_SIGNS)
        means = signs in JOINING_SIGNS or any(s.isalnum() or s in _STANDING for s in signs)
        return found[0] if means else " " * len(signs)

    return _BETWEEN_BLANKS().sub(blanked, text) if any(map(str.isalnum, text)) else text


def with_either(lexemes: list[Lexeme], either: frozenset[str], small: SmallWords) -> list[Lexeme]:
    """The lexemes with an OR for each word that means it and stands between two others."""
    found = list(lexemes)
    for place in range(1, len(lexemes) - 1):
        lexeme = found[place]
        if small.is_said(lexeme, either) and joins(found, place, small):
            found[place] = Lexeme("or", lexeme.text, lexeme.place)
    return found


def without_leading(lexemes: list[Lexeme]) -> list[Lexeme]:
    """The lexemes without `either` before all, where an OR follows."""
    is_leading = len(lexemes) > 1 and _as_typed(lexemes[0].text) in _LEADING
    begins = is_leading and lexemes[1].kind in BEGINNING
    return lexemes[1:] if begins and any(each.kind == "or" for each in lexemes) else lexemes


def joins(lexemes: list[Lexeme], place: int, small: SmallWords) -> bool:
    """Whether a lexeme stands between two things that may occur. Behind what is left out it would
    mean neither.
    """
    if not 0 < place < len(lexemes) - 1:
        return False
    lexeme, before = lexemes[place], lexemes[place - 1]
    # Who writes "A or B" means no article.
    is_letter = len(before.text) == 1 and before.text.isupper()
    return (
        before.kind in ("word", "quoted", "close")
        and not (place > 1 and lexemes[place - 2].kind == "not")
        and (is_letter or not small.has(before, lexeme))
        and lexemes[place + 1].kind in BEGINNING
    )


def without_elided(lexemes: list[Lexeme], shouted: bool) -> list[Lexeme]:
    """The lexemes without what is left of an article or the like at the beginning of a word, as in
    `l'Ukraine`. In capitals it may begin a list or a part of it, but is a name's in `D'Artagnan`.
    """
    found = []
    for place, lexeme in enumerate(lexemes):
        begins = not place or lexemes[place - 1].kind in ("or", "open")
        left = elided(lexeme, begins, shouted) if lexeme.kind == "word" else 0
        found.append(Lexeme(lexeme.kind, lexeme.text[left:], lexeme.place + left))
    return found


def words_said(lexemes: list[Lexeme], shouted: bool) -> list[str]:
    """The folded words by which a query's language is told, "" for what is none. In `l'or` it is
    no English word.
    """
    plain = zip(lexemes, without_elided(lexemes, shouted), strict=True)
    return [bare(each) if typed == each or bare(each) != "or" else "" for typed, each in plain]


def elided(lexeme: Lexeme, begins: bool = False, shouted: bool = False) -> int:
    """How many letters and signs of a word are of one before it."""
    found = _ELIDED().match(lexeme.text)
    if found is None or fold(found["rest"])[0] not in _VOWELS:
        return 0
    left = found["elided"]
    may_be = begins and not (left[0] == "D" and found["rest"][0].isupper())
    return len(left) if left.islower() or may_be or shouted else 0


def _as_typed(text: str) -> str:
    """A word as it is typed but for capitals: no accent is taken off."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower()
