"""What people mean by what they type: which words need not occur, which mean OR, and which signs
mean nothing.
"""

import re
import unicodedata

from msgspec import Struct

from bot.news.query.function_words import may_name
from bot.news.query.lexemes import SAME_SIGNS, Lexeme, bare
from bot.news.text.patterns import late

_BETWEEN_BLANKS = late(r"\S+")
_STANDING = '()|,"'
"""Signs that mean something in a query, also where they stand alone."""


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
    query; but one without a letter or digit stays as it is.
    """

    def blanked(found: re.Match[str]) -> str:
        signs = found[0].translate(SAME_SIGNS)
        means = any(sign.isalnum() or sign in _STANDING for sign in signs)
        return found[0] if means else " " * len(signs)

    return _BETWEEN_BLANKS().sub(blanked, text) if any(map(str.isalnum, text)) else text


def with_either(lexemes: list[Lexeme], either: frozenset[str], small: SmallWords) -> list[Lexeme]:
    """The lexemes with an OR for each word that means it and stands between two others. Behind what
    is left out it means neither, and is left as it is.
    """
    found = list(lexemes)
    for place in range(1, len(lexemes) - 1):
        lexeme, before = found[place], found[place - 1]
        is_left_out = place > 1 and found[place - 2].kind == "not"
        if (
            lexeme.kind == "word"
            and _as_typed(lexeme.text) in either
            and (small.shouted or not any(map(str.isupper, lexeme.text)))
            and before.kind in ("word", "quoted", "close")
            and not small.has(before, lexeme)
            and not is_left_out
            and found[place + 1].kind in ("word", "quoted", "open", "field", "near")
        ):
            found[place] = Lexeme("or", lexeme.text, lexeme.place)
    return found


def _as_typed(text: str) -> str:
    """A word as it is typed but for capitals: no accent is taken off."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower()
