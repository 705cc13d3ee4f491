"""Summaries of which the rules leave every letter, as they leave most: one look is enough. Pure."""

import re
from collections.abc import Iterable, Sequence

from bot.news.text.credits import CREDITING
from bot.news.text.summary import BEHIND_MORE, LEADING_ON, TAILS, THIRD_FORMS

# Four words: no byline, no place in capitals, no address, and one word more than there is in what
# says nothing.
_BEGINS = re.compile(
    r"(?!(?i:by|von|par|por) )[A-Za-z][a-z]*[,;:]? (?:[A-Za-z]+[,;:]? ){2}[A-Za-z]+[,;:]? "
)
_FEW, _WORDS = 4, re.compile("(?:[A-Za-z0-9] ?)+")  # letters that tell a text from its headline
# One of these is in whatever the rules find in a text: with them what `TAILS` and `CREDITING` have,
# in as few words as can be, as each costs a twentieth of a look.
_TELLING_IN_ASCII = (
    *("(", "/", "appeared", "paru", "apareceu", "proviene", "sembra", "rsch", "pochodzi", "ortaya"),
    *("copyright", "rights res", "rechte v", "derechos r", "permis", "original", "publis", "read"),
)
_TELLING = (*TAILS.all, *CREDITING, *_TELLING_IN_ASCII)


def _differ(one: str, other: str) -> bool:
    """Whether two beginnings differ when they are made bare too: what goes by that is in none."""
    told = len(one) == len(other) == _FEW and _WORDS.fullmatch(one) and _WORDS.fullmatch(other)
    return bool(told) and one.lower() != other.lower()


def telling_in(texts: Iterable[str]) -> Sequence[str]:
    """For all texts of a document at once: which words are in any of them of those that are in
    whatever the rules find. To look for all of them in each text takes twice as long.
    """
    lowered = "\n".join(texts).lower()
    words = _TELLING_IN_ASCII if lowered.isascii() else _TELLING
    return tuple(filter(lowered.__contains__, words))


def stands_as_it_is(text: str, names: Sequence[str], telling: Sequence[str]) -> bool:
    """Whether `bot.news.text.summary` would take nothing off this plain text, which says something,
    and `bot.news.text.credits` would find nobody in it. `names` are the headline and who published
    it, none of them empty, `telling` is what `telling_in` says of this text or of it with others.
    False also where that is not seen at once.
    """
    if not _BEGINS.match(text) or text[-1].isspace() or text[-1] == "]":
        return False
    first = text[0].lower()
    for name in names:
        initial = name[0].lower()
        if not (initial.isascii() and initial.isalnum()):
            return False
        if initial == first and not _differ(text[:_FEW], name[:_FEW]):
            return False
    lowered = text.lower()
    if any(map(lowered.__contains__, telling)):
        return False
    if not text.isascii() and THIRD_FORMS.search(lowered):
        return False
    return not lowered.rstrip(BEHIND_MORE).endswith(LEADING_ON)
