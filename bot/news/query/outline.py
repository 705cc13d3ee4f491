"""What a query asks for, in numbers: for who should not have to read it. Pure."""

from collections.abc import Iterator

from msgspec import Struct

from bot.news.query.match import And, Near, Not, Or, Query, Term


class Outline(Struct, frozen=True):
    """How many words and phrases a query looks for, and how many things it leaves out."""

    words: int
    left_out: int


def outline(query: Query) -> Outline:
    """The outline of a query; each word counts once."""
    terms = set(_terms(query))
    return Outline(len(terms), _left_out(query))


def _terms(query: Query) -> Iterator[Term]:
    match query:
        case Term():
            yield query
        case Near(first, second):
            yield from (first, second)
        case And(parts) | Or(parts):
            for part in parts:
                yield from _terms(part)


def _left_out(query: Query) -> int:
    match query:
        case Not(Or(parts)):
            return len(parts)
        case Not():
            return 1
        case And(parts) | Or(parts):
            return sum(map(_left_out, parts))
        case _:
            return 0
