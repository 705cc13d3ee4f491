"""What people leave out in what they type: `ferry but not race`, and for which words that holds."""

from collections.abc import Iterator

from bot.news.query.lexemes import Lexeme, bare, is_comma
from bot.news.query.typed import BEGINNING, SmallWords

_BUT_NOT = frozenset((
    ("but", "not"), ("aber", "nicht"), ("mais", "pas"), ("pero", "no"), ("ma", "non"),
    ("mas", "nao"), ("но", "не"), ("але", "не"), ("ale", "nie"),
))  # fmt: skip
_BRACKETS = {"open": 1, "near": 1, "close": -1}


def with_but_not(lexemes: list[Lexeme]) -> list[Lexeme]:
    """The lexemes with NOT for `but not`, which holds for all behind it up to an OR of signs or
    capitals.
    """
    for place in range(1, len(lexemes) - 2):
        first, second, following = lexemes[place : place + 3]
        said = (bare(first), bare(second))
        before = lexemes[place - 1]
        begins = before.kind in ("or", "and", "not", "open") and not is_comma(before)
        if said not in _BUT_NOT or begins:
            continue
        if first.text.islower() and second.text.islower() and following.kind in BEGINNING:
            end = _end_of_all(lexemes, place + 2)
            bracket = [Lexeme("not", second.text, second.place), Lexeme("open", "(", second.place)]
            closing = Lexeme("close", ")", lexemes[end - 1].place)
            left_out = [*bracket, *lexemes[place + 2 : end], closing]
            return [*lexemes[:place], *left_out, *with_but_not(lexemes[end:])]
    return lexemes


def _end_of_all(lexemes: list[Lexeme], begin: int) -> int:
    depth = 0
    for place in range(begin, len(lexemes)):
        depth += _BRACKETS.get(lexemes[place].kind, 0)
        if depth < 0 or (not depth and lexemes[place].kind == "or"):
            return place
    return len(lexemes)


def for_all(lexemes: list[Lexeme], joining: frozenset[str], small: SmallWords) -> list[Lexeme]:
    """The lexemes with what is left out at the end held for all before it that `or` in small
    letters parts, as in `ferry or boat -drill`, or of which a comma parts it. Behind OR in capitals
    it holds for the last, as in a query that is stored.
    """
    before, behind = list(_parts(lexemes)), list[list[Lexeme]]()
    while before and (before[-1][0].kind in ("not", "and") or is_comma(before[-1][0])):
        behind.insert(0, before.pop())
    left_out = [part for part in behind if part[0].kind == "not"]
    while left_out and before and small.is_said(before[-1][0], joining):
        before.pop()
    if not left_out or not before or before[-1][0].kind == "or":
        return lexemes
    first, *_ = kept = [lexeme for part in before for lexeme in part]
    ors = [part[0].text for part in before if part[0].kind == "or"]
    is_spoken = any(text not in (",", "|") and not text.isupper() for text in ors)
    if ors and not is_spoken and not any(is_comma(part[0]) for part in behind):
        return lexemes
    if ors:
        kept = [Lexeme("open", "(", first.place), *kept, Lexeme("close", ")", kept[-1].place)]
    return [*kept, *(lexeme for part in left_out for lexeme in part)]


def _parts(lexemes: list[Lexeme]) -> Iterator[list[Lexeme]]:
    """What stands beside each other outside of brackets: operators, and each word or what is in
    brackets, with the NOT and the field before it.
    """
    part: list[Lexeme] = []
    depth = 0
    for lexeme in lexemes:
        part.append(lexeme)
        depth += _BRACKETS.get(lexeme.kind, 0)
        if depth <= 0 and lexeme.kind not in ("not", "field"):
            yield part
            part = []
    if part:
        yield part
