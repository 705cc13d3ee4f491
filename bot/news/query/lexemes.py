"""From the text of a query to its lexemes: words, quotes, operators, brackets, and their places."""

import re
from collections.abc import Iterator

from msgspec import Struct

from bot.errors import QueryError
from bot.news.query.gershayim import with_gershayim
from bot.news.text import words
from bot.news.text.patterns import late
from bot.texts.said import Said, say

_LEXEME = late(
    r"(?P<space>\s+)"
    r"|(?P<near>near\()"
    r"|(?P<open>\()|(?P<close>\))"
    r"|(?P<or>\||,|OR(?![^\s()|,\"]))|(?P<and>AND(?![^\s()|,\"]))"
    r"|(?P<not>NOT(?![^\s()|,\"])|[-−–](?=[^\s]))"
    r"|(?P<field>(?:title|source|lang|link):)"
    r'|(?P<quoted>=?"(?P<phrase>[^"]*)(?P<end>"?)(?P<phrase_more>\*?))'
    r'|(?P<word>[^\s()|,"]+)',
    re.IGNORECASE,
)
_TWO_INITIALS = late(r"(?<![\w.])[a-z]\.[a-z](?![\w.])", re.IGNORECASE)
# In threes, or as in India in twos before the last three; 2024,100 and 10,20 are lists.
_GROUPED = late(r"(?<!\d)(?:\d{1,3}(?:[,，،]\d{3})+|\d{1,2}(?:[,，،]\d{2})+[,，،]\d{3})(?!\d)")
_NO_COMMAS = str.maketrans(",，،", "...")
_KINDS = ("space", "near", "open", "close", "or", "and", "not", "field", "quoted", "word")
_OPERATORS = ("or", "and", "not")
SAME_SIGNS = str.maketrans("“”„«»＂「」『』，،、（）｜：＝＊－", '""""""""""' + ",,,()|:=*-")
"""One sign for each that means something in a query, of whatever script it is."""


class Lexeme(Struct, frozen=True):
    """A part of a query as it was written, what it is, and at which character it begins."""

    kind: str
    text: str
    place: int


def lexemes_of(text: str) -> Iterator[Lexeme]:
    """The lexemes of a query, in its order. Raises QueryError for a quote that is not closed."""
    plain = plain_signs(text)
    place = 0
    while place < len(plain):
        found = _LEXEME().match(plain, place)
        if found is None:
            raise QueryError(
                say("I can't read '{plain}' {at}.", plain=plain[place], at=place_said(place)), place
            )
        kind = next(name for name in _KINDS if found[name] is not None)
        lexeme = found[0]
        # Operators are words in capitals: "or" and "not" in a headline are ordinary words.
        if kind in _OPERATORS and lexeme.isalpha() and not lexeme.isupper():
            kind = "word"
        if kind == "quoted" and not found["end"]:
            raise QueryError(say("The quote {at} is open. Close it.", at=place_said(place)), place)
        if kind != "space":
            yield Lexeme(kind, lexeme, place)
        place = found.end()


def plain_signs(text: str) -> str:
    """The text, as long as before, with one sign for each that means something in a query. The
    comma of `10,000` means nothing: a point stands for it, which takes a number apart as well.
    """
    plain = _GROUPED().sub(lambda found: found[0].translate(_NO_COMMAS), text)
    return with_gershayim(plain.translate(SAME_SIGNS))


def is_comma(lexeme: Lexeme) -> bool:
    """Whether it is an OR that is written as a comma."""
    return lexeme.kind == "or" and lexeme.text == ","


def is_bare(lexeme: Lexeme) -> bool:
    """Whether it is a word without a sign."""
    return lexeme.kind == "word" and lexeme.text[0] != "=" and lexeme.text[-1] != "*"


def bare(lexeme: Lexeme) -> str:
    """The folded word of a bare word, or "" for anything else and what is taken apart."""
    if not is_bare(lexeme):
        return ""
    found = words.split_words(with_last_dots(lexeme.text).strip("\"'"))
    return found[0] if len(found) == 1 else ""


def with_last_dots(text: str) -> str:
    """The lexeme with `U.S.` for `U.S`, whose last dot is easily left out in typing. What ends in
    * goes on.
    """
    return text if text.endswith("*") else _TWO_INITIALS().sub(r"\g<0>.", text)


def place_said(place: int) -> Said:
    """How people are told where in a query something is wrong."""
    return say("at character {number}", number=place + 1)
