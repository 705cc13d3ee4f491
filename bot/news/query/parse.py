"""Reading the query language: from what a person wrote to a query, or one clear sentence.

    query  = all ((OR | "|" | ",") all)*             OR binds loosest
    all    = part+                                   words beside each other must all occur
    part   = ("-" | NOT) part                        NOT binds tightest
           | "(" query ")" | near(a b, N)
           | [field ":"] ( word | =word | word* | "a phrase" )
    field  = title | source | lang | link

What a person types is read by `read_query`, which leaves out articles, prepositions,
conjunctions and signs that stand alone, takes `or` between two words for OR, and reads lists as
people write them; what is stored, by `parse_query`, in which every word counts. Depth, words and
length are bounded, and the time that reading takes grows with the length alone.
"""

from dataclasses import replace

from bot.errors import QueryError
from bot.news.query.function_words import either_words, joining_words, small_words, spoken_in
from bot.news.query.introducing import without_introduction
from bot.news.query.left_out import for_all, with_but_not
from bot.news.query.lexemes import (
    Lexeme,
    is_bare,
    lexemes_of,
    place_said,
    plain_signs,
    with_last_dots,
)
from bot.news.query.lists import with_commas, with_lists
from bot.news.query.match import MAX_NEAR, And, Near, Not, Or, Query, Term, has_cover
from bot.news.query.typed import (
    JOINING_SIGNS,
    SmallWords,
    with_either,
    without_elided,
    without_leading,
    without_lone_signs,
    words_said,
)
from bot.news.text import words
from bot.news.text.patterns import late
from bot.texts.said import say, say_many

MAX_QUERY = 4_000
MAX_TERMS = 400
MAX_DEPTH = 20

_DIGITS = late("[0-9]+")


def parse_query(text: str) -> Query:
    """Reads a query as it is stored. Raises QueryError with one sentence and the place of what is
    wrong.
    """
    _check_length(text)
    return _read(list(lexemes_of(text)), len(text))


def read_query(text: str, language: str = "") -> Query:
    """Reads what a person typed, in which `war in ukraine` means two words.

    An article, preposition or conjunction of the query's language that stands before another bare
    word is left out; one in quotes, with `=`, after a field or NOT, in capitals among small letters
    or in a name (`La Paz`) counts. Signs that stand alone, as in `ferry & boat`, are left out
    too, and so is `l'` of `l'Ukraine`. `or` in small letters, or what it is in another language, is
    OR between two words; so is `and` in `A, B and C`. `language` is the writer's. Raises QueryError
    as `parse_query` does, and where nothing but such words must occur.
    """
    _check_length(text)
    lexemes = list(lexemes_of(without_lone_signs(with_commas(plain_signs(text)))))
    # A word or two in capitals are names, as AI and LA TIMES are.
    typed = (lexeme for lexeme in lexemes if lexeme.kind == "word")
    shouted = text.isupper() and sum(lexeme.text not in JOINING_SIGNS for lexeme in typed) > 2
    spoken = spoken_in(words_said(lexemes, shouted), language)
    small = SmallWords(small_words(spoken), shouted)
    either, joining = either_words(spoken, language), joining_words(spoken, language)
    lexemes = with_but_not(without_introduction(lexemes))
    lexemes = with_lists(with_either(lexemes, either, small), joining | either, small)
    lexemes = without_leading(lexemes)
    lexemes = without_elided(for_all(lexemes, joining, small), shouted)
    return _read(lexemes, len(text), small)


def _check_length(text: str) -> None:
    if len(text) > MAX_QUERY:
        raise QueryError(
            say_many("That has more than {n} characters. Use fewer words.", MAX_QUERY),
            MAX_QUERY,
        )


def _read(lexemes: list[Lexeme], end: int, small: SmallWords | None = None) -> Query:
    reader = _Reader(lexemes, end, small or SmallWords())
    query = reader.query(0)
    reader.expect_end()
    if not has_cover(query):
        raise QueryError(say("That only leaves words out. Add a word to look for."), 0)
    return query


def _with_above(term: Term) -> Query:
    """The term, or for a phrase with "uber" also one with "über", which was no word of
    its own when such phrases were stored.
    """
    if len(term.words) < 2 or "uber" not in term.words:
        return term
    spelled = tuple("ueber" if word == "uber" else word for word in term.words)
    return _flat(Or, [term, replace(term, words=spelled)])


class _Reader:
    """Recursive descent over the lexemes; depth and number of terms are bounded."""

    def __init__(self, lexemes: list[Lexeme], end: int, small: SmallWords) -> None:
        self._lexemes = lexemes
        self._small = small
        self._next = 0
        self._end = end
        self._terms = 0

    def _peek(self) -> Lexeme | None:
        return self._lexemes[self._next] if self._next < len(self._lexemes) else None

    def _take(self, *kinds: str) -> Lexeme | None:
        lexeme = self._peek()
        if lexeme and lexeme.kind in kinds:
            self._next += 1
            return lexeme
        return None

    def expect_end(self) -> None:
        lexeme = self._peek()
        if lexeme:
            raise QueryError(
                say("The bracket {at} closes nothing. Remove it.", at=place_said(lexeme.place)),
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

    def _all(self, depth: int, after: Lexeme | None = None) -> Query:
        parts: list[Query] = []
        leading: list[Lexeme] = []
        while (lexeme := self._peek()) and lexeme.kind not in ("or", "close"):
            if lexeme.kind == "and":
                self._next += 1
                following = self._peek()
                if not parts or following is None or following.kind in ("or", "and", "close"):
                    raise QueryError(
                        say("AND {at} needs a word on each side.", at=place_said(lexeme.place)),
                        lexeme.place,
                    )
                continue
            leading.append(lexeme)
            parts.append(self._part(depth))
        if not parts:
            raise self._missing(after)
        return _flat(And, self._without_small(parts, leading))

    def _without_small(self, parts: list[Query], leading: list[Lexeme]) -> list[Query]:
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
                    at=place_said(leading[0].place),
                ),
                leading[0].place,
            )
        following = [*map(is_bare, leading[1:]), False]
        return [
            part
            for part, is_small, followed in zip(parts, small, following, strict=True)
            if not (is_small and followed)
        ]

    def _missing(self, after: Lexeme | None) -> QueryError:
        place = (self._peek() or Lexeme("", "", self._end)).place
        if after:
            return QueryError(
                say(
                    "Nothing follows '{text}' {at}. Add a word.",
                    text=after.text,
                    at=place_said(after.place),
                ),
                after.place,
            )
        if not self._lexemes:
            return QueryError(say("There are no words. Write what to look for."), 0)
        return QueryError(say("A word is missing {at}. Add it.", at=place_said(place)), place)

    def _part(self, depth: int) -> Query:
        if lexeme := self._take("not"):
            following = self._peek()
            if following is None or following.kind in ("or", "close", "and"):
                raise QueryError(
                    say(
                        "Nothing follows '{text}' {at}. Add a word.",
                        text=lexeme.text,
                        at=place_said(lexeme.place),
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
        if lexeme is None or with_last_dots(lexeme.text) == lexeme.text:
            return _with_above(term)
        # Some stories leave that dot out too, and a.c may be no abbreviation.
        self._count(lexeme)
        as_typed = replace(term, words=tuple(words.split_words(lexeme.text)))
        return _flat(Or, [term, as_typed])

    def _close(self, opening: Lexeme) -> None:
        if not self._take("close"):
            raise QueryError(
                say("The bracket {at} is open. Close it.", at=place_said(opening.place)),
                opening.place,
            )

    def _term(self, field: Lexeme | None) -> Term:
        lexeme = self._take("word", "quoted")
        if lexeme is None:
            at = field or self._peek() or Lexeme("", "", self._end)
            raise QueryError(
                say("A word is missing {at}. Add it.", at=place_said(at.place)), at.place
            )
        self._count(lexeme)
        body = with_last_dots(lexeme.text)
        exact = body.startswith("=")
        prefix = body.endswith("*")
        found = tuple(words.split_words(body.strip("=*\"'")))
        if not found:
            raise QueryError(
                say(
                    "'{text}' {at} has no letters. Write a word.",
                    text=lexeme.text,
                    at=place_said(lexeme.place),
                ),
                lexeme.place,
            )
        if prefix and len(found[-1]) < 2 and not words.is_unspaced(found[-1]):
            raise QueryError(
                say(
                    "Write two letters or more before the * of '{text}' {at}.",
                    text=lexeme.text,
                    at=place_said(lexeme.place),
                ),
                lexeme.place,
            )
        return Term(found, exact, prefix, field.text[:-1].lower() if field else None)

    def _count(self, lexeme: Lexeme) -> None:
        self._terms += 1
        if self._terms > MAX_TERMS:
            raise QueryError(
                say_many("That has more than {n} words. Use fewer.", MAX_TERMS),
                lexeme.place,
            )

    def _near(self, opening: Lexeme) -> Query:
        example = "near(one two, 5)"
        first = self._term(self._take("field"))
        second = self._term(self._take("field"))
        comma = self._take("or")
        number = self._take("word")
        if not comma or comma.text != "," or not number or not _DIGITS().fullmatch(number.text):
            raise QueryError(
                say(
                    "near {at} needs a distance. Write it as {example}.",
                    at=place_said(opening.place),
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
