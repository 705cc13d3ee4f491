"""Reading the query language: from what a person wrote to a query, or one clear sentence.

    query  = all ((OR | "|" | ",") all)*             OR binds loosest
    all    = part+                                   words beside each other must all occur
    part   = ("-" | NOT) part                        NOT binds tightest
           | "(" query ")" | near(a b, N)
           | [field ":"] ( word | =word | word* | "a phrase" )
    field  = title | source | lang | link

What a person types is read by `read_query`, which leaves out articles, prepositions,
conjunctions and signs that stand alone, and takes `or` between two words for OR; what is stored, by
`parse_query`, in which every word counts. Depth, words and length are bounded, and the time that
reading takes grows with the length alone.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace

from msgspec import Struct

from bot.errors import QueryError
from bot.news.query.function_words import either_words, may_name, small_words, spoken_in
from bot.news.query.gershayim import with_gershayim
from bot.news.query.match import MAX_NEAR, And, Near, Not, Or, Query, Term, has_cover
from bot.news.text import words
from bot.news.text.patterns import late
from bot.texts.said import Said, say, say_many

MAX_QUERY = 4_000
MAX_TERMS = 400
MAX_DEPTH = 20

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
_DIGITS = late("[0-9]+")
_BETWEEN_BLANKS = late(r"\S+")
_STANDING = '()|,"'
"""Signs that mean something in a query, also where they stand alone."""
_TWO_INITIALS = late(r"(?<![\w.])[a-z]\.[a-z](?![\w.])", re.IGNORECASE)
# In threes, or as in India in twos before the last three; 2024,100 and 10,20 are lists.
_GROUPED = late(r"(?<!\d)(?:\d{1,3}(?:[,，،]\d{3})+|\d{1,2}(?:[,，،]\d{2})+[,，،]\d{3})(?!\d)")
_NO_COMMAS = str.maketrans(",，،", "...")
_OPERATORS = ("or", "and", "not")
_SAME_SIGNS = str.maketrans("“”„«»＂「」『』，،、（）｜：＝＊－", '""""""""""' + ",,,()|:=*-")


class _Lexeme(Struct, frozen=True):
    kind: str
    text: str
    place: int


def parse_query(text: str) -> Query:
    """Reads a query as it is stored. Raises QueryError with one sentence and the place of what is
    wrong.
    """
    _check_length(text)
    return _read(list(_lexemes(text)), len(text))


def read_query(text: str, language: str = "") -> Query:
    """Reads what a person typed, in which `war in ukraine` means two words.

    An article, preposition or conjunction of the query's language that stands before another bare
    word is left out; one in quotes, with `=`, after a field or NOT, in capitals among small letters
    or in a name (`La Paz`) counts. Signs that stand alone, as in `ferry & boat`, are left out
    too. `or` in small letters, or what it is in another language, is OR between two words.
    `language` is the writer's. Raises QueryError as `parse_query` does, and where nothing but such
    words must occur.
    """
    _check_length(text)
    lexemes = list(_lexemes(_without_lone_signs(text)))
    # A word or two in capitals are names, as AI and LA TIMES are.
    shouted = text.isupper() and sum(lexeme.kind == "word" for lexeme in lexemes) > 2
    spoken = spoken_in([_bare(lexeme) for lexeme in lexemes], language)
    small = _Small(small_words(spoken), shouted)
    either = either_words(spoken, language)
    return _read(_with_either(lexemes, either, small), len(text), small)


def _check_length(text: str) -> None:
    if len(text) > MAX_QUERY:
        raise QueryError(
            say_many("That has more than {n} characters. Use fewer words.", MAX_QUERY),
            MAX_QUERY,
        )


def _read(lexemes: list[_Lexeme], end: int, small: "_Small | None" = None) -> Query:
    reader = _Reader(lexemes, end, small or _Small())
    query = reader.query(0)
    reader.expect_end()
    if not has_cover(query):
        raise QueryError(say("That only leaves words out. Add a word to look for."), 0)
    return query


def _without_lone_signs(text: str) -> str:
    """The text, as long as before, with blanks for signs that stand alone and mean nothing in a
    query; but one without a letter or digit stays as it is.
    """

    def blanked(found: re.Match[str]) -> str:
        signs = found[0].translate(_SAME_SIGNS)
        means = any(sign.isalnum() or sign in _STANDING for sign in signs)
        return found[0] if means else " " * len(signs)

    return _BETWEEN_BLANKS().sub(blanked, text) if any(map(str.isalnum, text)) else text


def _with_either(lexemes: list[_Lexeme], either: frozenset[str], small: "_Small") -> list[_Lexeme]:
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
            found[place] = _Lexeme("or", lexeme.text, lexeme.place)
    return found


def _as_typed(text: str) -> str:
    """A word as it is typed but for capitals: no accent is taken off."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).lower()


def _lexemes(text: str) -> Iterator[_Lexeme]:
    plain = _plain(text)
    place = 0
    while place < len(plain):
        found = _LEXEME().match(plain, place)
        if found is None:
            raise QueryError(
                say("I can't read '{plain}' {at}.", plain=plain[place], at=_at(place)), place
            )
        kind = found.lastgroup or "word"
        for name in (
            "space",
            "near",
            "open",
            "close",
            "or",
            "and",
            "not",
            "field",
            "quoted",
            "word",
        ):
            if found[name] is not None:
                kind = name
                break
        lexeme = found[0]
        # Operators are words in capitals: "or" and "not" in a headline are ordinary words.
        if kind in _OPERATORS and lexeme.isalpha() and not lexeme.isupper():
            kind = "word"
        if kind == "quoted" and not found["end"]:
            raise QueryError(say("The quote {at} is open. Close it.", at=_at(place)), place)
        if kind != "space":
            yield _Lexeme(kind, lexeme, place)
        place = found.end()


def _plain(text: str) -> str:
    """The text, as long as before, with one sign for each that means something in a query. The
    comma of `10,000` means nothing: a point stands for it, which takes a number apart as well.
    """
    plain = _GROUPED().sub(lambda found: found[0].translate(_NO_COMMAS), text)
    return with_gershayim(plain.translate(_SAME_SIGNS))


def _is_bare(lexeme: _Lexeme) -> bool:
    return lexeme.kind == "word" and lexeme.text[0] != "=" and lexeme.text[-1] != "*"


def _bare(lexeme: _Lexeme) -> str:
    """The folded word of a bare word, or "" for anything else and what is taken apart."""
    if not _is_bare(lexeme):
        return ""
    found = words.split_words(_with_last_dots(lexeme.text).strip("\"'"))
    return found[0] if len(found) == 1 else ""


def _with_last_dots(text: str) -> str:
    """The lexeme with `U.S.` for `U.S`, whose last dot is easily left out in typing. What ends in
    * goes on.
    """
    return text if text.endswith("*") else _TWO_INITIALS().sub(r"\g<0>.", text)


def _with_above(term: Term) -> Query:
    """The term, or for a phrase with "uber" also one with "über", which was no word of
    its own when such phrases were stored.
    """
    if len(term.words) < 2 or "uber" not in term.words:
        return term
    spelled = tuple("ueber" if word == "uber" else word for word in term.words)
    return _flat(Or, [term, replace(term, words=spelled)])


def _at(place: int) -> Said:
    return say("at character {number}", number=place + 1)


class _Small(Struct, frozen=True):
    """The folded words that need not occur; `shouted` where all is in capitals, which then say
    nothing.
    """

    words: frozenset[str] = frozenset()
    shouted: bool = False

    def has(self, lexeme: _Lexeme, following: _Lexeme | None) -> bool:
        """Whether a bare word is one, and no name that is written as names are."""
        word = _bare(lexeme)
        return word in self.words and not self._is_name(lexeme, word, following)

    def _is_name(self, lexeme: _Lexeme, word: str, following: _Lexeme | None) -> bool:
        if self.shouted or not lexeme.text[:1].isupper():
            return False
        if lexeme.text.isupper() and len(lexeme.text) > 1:
            return True
        # Phones begin whatever is typed with a capital.
        is_meant = lexeme.place > 0 or (following is not None and following.text[:1].isupper())
        return is_meant and may_name(word)


class _Reader:
    """Recursive descent over the lexemes; depth and number of terms are bounded."""

    def __init__(self, lexemes: list[_Lexeme], end: int, small: _Small) -> None:
        self._lexemes = lexemes
        self._small = small
        self._next = 0
        self._end = end
        self._terms = 0

    def _peek(self) -> _Lexeme | None:
        return self._lexemes[self._next] if self._next < len(self._lexemes) else None

    def _take(self, *kinds: str) -> _Lexeme | None:
        lexeme = self._peek()
        if lexeme and lexeme.kind in kinds:
            self._next += 1
            return lexeme
        return None

    def expect_end(self) -> None:
        lexeme = self._peek()
        if lexeme:
            raise QueryError(
                say("The bracket {at} closes none. Remove it.", at=_at(lexeme.place)),
                lexeme.place,
            )

    def query(self, depth: int) -> Query:
        if depth > MAX_DEPTH:
            raise QueryError(
                say_many("Brackets go more than {n} deep. Use fewer.", MAX_DEPTH), self._end
            )
        parts = [self._all(depth)]
        while operator := self._take("or"):
            parts.append(self._all(depth, after=operator))
        return _flat(Or, parts)

    def _all(self, depth: int, after: _Lexeme | None = None) -> Query:
        parts: list[Query] = []
        leading: list[_Lexeme] = []
        while (lexeme := self._peek()) and lexeme.kind not in ("or", "close"):
            if lexeme.kind == "and":
                self._next += 1
                following = self._peek()
                if not parts or following is None or following.kind in ("or", "and", "close"):
                    raise QueryError(
                        say("AND {at} needs a word on each side.", at=_at(lexeme.place)),
                        lexeme.place,
                    )
                continue
            leading.append(lexeme)
            parts.append(self._part(depth))
        if not parts:
            raise self._missing(after)
        return _flat(And, self._without_small(parts, leading))

    def _without_small(self, parts: list[Query], leading: list[_Lexeme]) -> list[Query]:
        """The parts, each with its first lexeme, without small words that a bare word follows."""
        small = list(map(self._small.has, leading, [*leading[1:], None]))
        if any(small) and all(
            is_small or isinstance(part, Not) for part, is_small in zip(parts, small, strict=True)
        ):
            said = " ".join(x.text for x, is_small in zip(leading, small, strict=True) if is_small)
            raise QueryError(
                say(
                    "Nearly every story has '{said}' {at}. Add a word that says more.",
                    said=said,
                    at=_at(leading[0].place),
                ),
                leading[0].place,
            )
        following = [*map(_is_bare, leading[1:]), False]
        return [
            part
            for part, is_small, followed in zip(parts, small, following, strict=True)
            if not (is_small and followed)
        ]

    def _missing(self, after: _Lexeme | None) -> QueryError:
        place = (self._peek() or _Lexeme("", "", self._end)).place
        if after:
            return QueryError(
                say(
                    "Nothing follows '{text}' {at}. Add a word.",
                    text=after.text,
                    at=_at(after.place),
                ),
                after.place,
            )
        if not self._lexemes:
            return QueryError(say("There are no words. Write what to look for."), 0)
        return QueryError(say("A word is missing {at}. Add it.", at=_at(place)), place)

    def _part(self, depth: int) -> Query:
        if lexeme := self._take("not"):
            following = self._peek()
            if following is None or following.kind in ("or", "close", "and"):
                raise QueryError(
                    say(
                        "Nothing follows '{text}' {at}. Add a word.",
                        text=lexeme.text,
                        at=_at(lexeme.place),
                    ),
                    lexeme.place,
                )
            if depth > MAX_DEPTH:
                raise QueryError(
                    say_many("Brackets go more than {n} deep. Use fewer.", MAX_DEPTH),
                    lexeme.place,
                )
            part = self._part(depth + 1)
            return part.part if isinstance(part, Not) else Not(part)
        if lexeme := self._take("open"):
            inner = self.query(depth + 1)
            self._close(lexeme)
            return inner
        if lexeme := self._take("near"):
            return self._near(lexeme)
        field = self._take("field")
        lexeme = self._peek()
        term = self._term(field)
        if lexeme is None or _with_last_dots(lexeme.text) == lexeme.text:
            return _with_above(term)
        # Some stories leave that dot out too, and a.c may be no abbreviation.
        self._count(lexeme)
        as_typed = replace(term, words=tuple(words.split_words(lexeme.text)))
        return _flat(Or, [term, as_typed])

    def _close(self, opening: _Lexeme) -> None:
        if not self._take("close"):
            raise QueryError(
                say("The bracket {at} is open. Close it.", at=_at(opening.place)),
                opening.place,
            )

    def _term(self, field: _Lexeme | None) -> Term:
        lexeme = self._take("word", "quoted")
        if lexeme is None:
            at = field or self._peek() or _Lexeme("", "", self._end)
            raise QueryError(say("A word is missing {at}. Add it.", at=_at(at.place)), at.place)
        self._count(lexeme)
        body = _with_last_dots(lexeme.text)
        exact = body.startswith("=")
        prefix = body.endswith("*")
        found = tuple(words.split_words(body.strip("=*\"'")))
        if not found:
            raise QueryError(
                say(
                    "'{text}' {at} has no letters. Write a word.",
                    text=lexeme.text,
                    at=_at(lexeme.place),
                ),
                lexeme.place,
            )
        if prefix and len(found[-1]) < 2 and not words.is_unspaced(found[-1]):
            raise QueryError(
                say(
                    "Write two letters or more before the * of '{text}' {at}.",
                    text=lexeme.text,
                    at=_at(lexeme.place),
                ),
                lexeme.place,
            )
        return Term(found, exact, prefix, field.text[:-1].lower() if field else None)

    def _count(self, lexeme: _Lexeme) -> None:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise QueryError(
                say_many("That has more than {n} words. Use fewer.", MAX_TERMS),
                lexeme.place,
            )

    def _near(self, opening: _Lexeme) -> Query:
        example = "near(one two, 5)"
        first = self._term(self._take("field"))
        second = self._term(self._take("field"))
        comma = self._take("or")
        number = self._take("word")
        if not comma or comma.text != "," or not number or not _DIGITS().fullmatch(number.text):
            raise QueryError(
                say(
                    "near {at} needs a distance. Write it as {example}.",
                    at=_at(opening.place),
                    example=example,
                ),
                opening.place,
            )
        distance = int(number.text[:9])
        if not 1 <= distance <= MAX_NEAR:
            raise QueryError(
                say("The distance of near is a number from 1 to {most}.", most=MAX_NEAR),
                number.place,
            )
        if not {first.field, second.field} <= {None, "title"}:
            raise QueryError(
                say("near looks in titles and summaries only. Leave source, lang and link out."),
                opening.place,
            )
        self._close(opening)
        return Near(first, second, distance)


def _flat(kind: type[And] | type[Or], parts: list[Query]) -> Query:
    """Joins parts, taking in those of the same kind, so that equal queries are equal values."""
    flat: dict[Query, None] = {}
    for part in parts:
        inner = part.parts if isinstance(part, And | Or) and type(part) is kind else (part,)
        flat.update(dict.fromkeys(inner))
    return next(iter(flat)) if len(flat) == 1 else kind(tuple(flat))
