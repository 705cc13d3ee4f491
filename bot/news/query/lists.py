"""Lists as people type them: `A, B and C`, one a line, with bullets or numbers. Each may occur."""

import re

from bot.news.query.function_words import is_joined
from bot.news.query.lexemes import Lexeme, bare, is_comma
from bot.news.query.typed import BEGINNING, JOINING_SIGNS, SmallWords, joins
from bot.news.text.patterns import late

_BETWEEN_LISTED = late(
    r'(?P<quoted>"[^"]*"?)'
    r"|(?P<sign>[;；؛\r\n\u2028]+(?:\s*[-*–—]+(?=\s))?|(?<!\S)[•‣◦▪●·](?=\s|\w))"
    r"|(?<!\S)(?P<number>[0-9]{1,2})[.)](?=\s+\S)"
)
_NO_COMMA_BEHIND = ("or", "and", "not", "open")
_NO_COMMA_BEFORE = ("or", "and", "close")


def with_commas(text: str) -> str:
    """The text, as long as before, with a comma for each semicolon, line break, bullet and number
    of a list (`1. ferry 2. boat`) that is not in quotes.
    """
    numbers = _numbers(text)

    def listed(found: re.Match[str]) -> str:
        if found["quoted"] or (found["number"] and found.start() not in numbers):
            return found[0]
        return ",".ljust(len(found[0]))

    return _BETWEEN_LISTED().sub(listed, text)


def _numbers(text: str) -> frozenset[int]:
    """Where the numbers of a list stand: two at least, from 1 on, the first before all else."""
    found = [each for each in _BETWEEN_LISTED().finditer(text) if each["number"]]
    counted = [int(each["number"]) for each in found] == list(range(1, len(found) + 1))
    if len(found) < 2 or not counted or text[: found[0].start()].strip():
        return frozenset()
    return frozenset(each.start() for each in found)


def with_lists(lexemes: list[Lexeme], joining: frozenset[str], small: SmallWords) -> list[Lexeme]:
    """The lexemes with an OR for what joins the last two of a list, of which commas stand before;
    without commas between which nothing stands, and without signs that join nothing.
    """
    found: list[Lexeme] = []
    for place, (lexeme, behind) in enumerate(zip(lexemes, _behind_commas(lexemes), strict=True)):
        is_sign = lexeme.kind == "word" and lexeme.text in JOINING_SIGNS
        may_join = is_sign or small.is_said(lexeme, joining) or _is_shouted_and(lexeme, small)
        if may_join and behind > 1 and joins(lexemes, place, small):
            found.append(Lexeme("or", lexeme.text, lexeme.place))
        elif is_sign or (may_join and behind == 1 and _goes_on(lexemes, place)):
            continue
        elif behind == 2 and _is_last_joined(lexemes, place):
            found += [Lexeme("or", lexeme.text[0], lexeme.place), lexeme]
        else:
            found.append(lexeme)
    return _without_lone_commas(found)


def _behind_commas(lexemes: list[Lexeme]) -> list[int]:
    """How many lexemes each stands behind the last comma of its brackets; 0 where not behind it."""
    brackets, opened, last = [0], 0, dict[int, int]()
    within: list[int] = []
    for place, lexeme in enumerate(lexemes):
        if lexeme.kind == "close" and len(brackets) > 1:
            brackets.pop()
        within.append(brackets[-1])
        if is_comma(lexeme):
            last[brackets[-1]] = place
        if lexeme.kind in ("open", "near"):
            opened += 1
            brackets.append(opened)
    return [max(0, place - last.get(each, place)) for place, each in enumerate(within)]


def _is_shouted_and(lexeme: Lexeme, small: SmallWords) -> bool:
    return lexeme.kind == "and" and small.shouted


def _goes_on(lexemes: list[Lexeme], place: int) -> bool:
    return place + 1 < len(lexemes) and lexemes[place + 1].kind in BEGINNING


def _is_last_joined(lexemes: list[Lexeme], place: int) -> bool:
    """Whether a word is the last and written together with what joins it to a single word."""
    is_last = place + 1 == len(lexemes) or lexemes[place + 1].kind in ("close", "not")
    return is_last and bool(bare(lexemes[place - 1])) and is_joined(bare(lexemes[place]))


def _without_lone_commas(lexemes: list[Lexeme]) -> list[Lexeme]:
    found: list[Lexeme] = []
    for place, lexeme in enumerate(lexemes):
        begins = not found or found[-1].kind in _NO_COMMA_BEHIND
        ends = place + 1 == len(lexemes) or lexemes[place + 1].kind in _NO_COMMA_BEFORE
        if not (is_comma(lexeme) and (begins or ends)):
            found.append(lexeme)
    return found
