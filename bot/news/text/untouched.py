"""Summaries of which the rules leave every letter, as they leave most: one look is enough. Pure."""

import re
from collections.abc import Sequence

from bot.news.text.credits import CREDITING
from bot.news.text.summary import BEHIND_MORE, LEADING_ON, TAILS, THIRD_FORMS

# Four words: no byline, no place in capitals, no address, and one word more than there is in what
# says nothing.
_BEGINS = re.compile(
    r"(?!(?i:by|von|par|por) )[A-Za-z][a-z]*[,;:]? (?:[A-Za-z]+[,;:]? ){2}[A-Za-z]+[,;:]? "
)


# One of these is in whatever the rules find in a text: with them what `TAILS` and `CREDITING` have,
# in as few words as can be, as each costs a twentieth of a look.
_TELLING_IN_ASCII = (
    *("(", "/", "appeared", "paru", "apareceu", "proviene", "sembra", "rsch", "pochodzi", "ortaya"),
    *("copyright", "rights res", "rechte v", "derechos r", "permis", "original", "publis", "read"),
)
_TELLING = (*TAILS.all, *CREDITING, *_TELLING_IN_ASCII)


def stands_as_it_is(text: str, names: Sequence[str]) -> bool:
    """Whether `bot.news.text.summary` would take nothing off this plain text, which says something,
    and `bot.news.text.credits` would find nobody in it. `names` are the headline and who published
    it, none of them empty. False also where that is not seen at once.
    """
    if not _BEGINS.match(text) or text[-1].isspace() or text[-1] == "]":
        return False
    first = text[0].lower()
    for name in names:
        initial = name[0].lower()
        if initial == first or not (initial.isascii() and initial.isalnum()):
            return False
    lowered = text.lower()
    if text.isascii():
        if any(map(lowered.__contains__, _TELLING_IN_ASCII)):
            return False
    elif any(map(lowered.__contains__, _TELLING)) or THIRD_FORMS.search(lowered):
        return False
    return not lowered.rstrip(BEHIND_MORE).endswith(LEADING_ON)
