"""How near a text came to a query that it does not match: what it has, what it misses. Pure."""

from msgspec import Struct

from bot.news.query.match import And, Not, Or, Query, StoryText, match


class Miss(Struct, frozen=True):
    """Parts of a query, printed: those that the text `has`, those that it `misses`, and the
    exclusions by which it is `left_out`.
    """

    has: tuple[str, ...]
    misses: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    @property
    def distance(self) -> tuple[bool, int, int]:
        """Orders misses: the nearest has something, then lacks least, then has most."""
        return not self.has, len(self.misses) + len(self.left_out), -len(self.has)


def nearest_miss(query: Query, text: StoryText) -> Miss | None:
    """What kept the text from matching, or None where it matches.

    Looks at the parts that stand side by side at the top; of alternatives at the one that misses
    least, and at all of them where the text has nothing of any. Nothing is said to be missing
    that matches by itself.
    """
    if match(query, text) is not None:
        return None
    match query:
        case Or(parts=parts):
            misses = [miss for part in parts if (miss := nearest_miss(part, text))]
            best = min(misses, key=lambda miss: miss.distance)
            return best if best.has else Miss((), (str(query),))
        case And(parts=parts):
            return _parts_missed(parts, text)
        case Not():
            return Miss((), (), (str(query),))
    return Miss((), (str(query),))


def _parts_missed(parts: tuple[Query, ...], text: StoryText) -> Miss:
    has: list[str] = []
    misses: list[str] = []
    left_out: list[str] = []
    for part in parts:
        fits = match(part, text) is not None
        if isinstance(part, Not):
            left_out += [] if fits else [str(part)]
        else:
            (has if fits else misses).append(str(part))
    return Miss(tuple(has), tuple(misses), tuple(left_out))
