"""Whom a text credits: what it says of its origin ("originally published by …", "(Reuters) –").

Apart from what finds copies, which has tables that a process which reads documents need not load.
"""

import re
from collections.abc import Callable, Sequence

from bot.news.text.plain import bare

_NAME = r"(?P<name>[^\W\d_][^\n.,;:()|]{1,60}?)"
_ORIGINS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"(?:originally|first)\s+(?:published|appeared)\s+(?:on|by|in|at)\s+" + _NAME
        + r"(?=\s+and\b|\s+on\b|\s+under\b|\s*[.,;:()|\n]|\s*\Z)",
        r"(?:reprinted|republished|reproduced)\s+(?:here\s+)?with\s+(?:the\s+)?permission\s+"
        r"(?:from|of|by)\s+" + _NAME + r"(?=\s*[.,;:()|\n]|\s*\Z)",
        r"(?:zuerst|ursprünglich)\s+(?:erschienen|veröffentlicht)\s+(?:auf|bei|in)\s+" + _NAME
        + r"(?=\s*[.,;:()|\n]|\s*\Z)",
        r"(?:publié\s+(?:initialement|à\s+l'origine)|paru\s+initialement)\s+(?:par|sur|dans)\s+"
        + _NAME + r"(?=\s*[.,;:()|\n]|\s*\Z)",
        r"(?:publicado\s+originalmente)\s+(?:en|por)\s+" + _NAME + r"(?=\s*[.,;:()|\n]|\s*\Z)",
    )
]  # fmt: skip
# One of these is in whatever those find; no letter of them has a third form (as ſ is of s).
_CREDITING = ("publ", "appeared", "perm", "enen", "ffentl", "paru")
_LONGEST_DATELINE = 81
_DATELINE = re.compile(r"\A[^\n]{0,80}?\((?P<name>[^\W\d_][^()\n\d]{1,40})\)\s*(?:--|[-–—])")


def credited(text: str, source: str = "") -> str | None:
    """The outlet that a text says it comes from, if it is another than `source`."""
    parts = (text[:2000], text[-1000:]) if len(text) > 1000 else (text,)
    for find in _credits_in(parts):
        found = next(filter(None, map(find, parts)), None)
        if found and bare(found["name"]) != bare(source) and not _is_short(found["name"], source):
            return found["name"].strip()
    return None


def _credits_in(parts: Sequence[str]) -> list[Callable[[str], re.Match[str] | None]]:
    """What may find a credit: what is not there need not be looked for."""
    finds: list[Callable[[str], re.Match[str] | None]] = []
    if any(any(map(part.lower().__contains__, _CREDITING)) for part in parts):
        finds += [pattern.search for pattern in _ORIGINS]
    if any(part.find("(", 0, _LONGEST_DATELINE) >= 0 for part in parts):
        finds.append(_DATELINE.match)
    return finds


def _is_short(name: str, source: str) -> bool:
    """Whether a name is the first letters of a source's: MW of Meridian Wire."""
    short = bare(name)
    return len(short) > 1 and "".join(word[0] for word in source.lower().split()).endswith(short)
