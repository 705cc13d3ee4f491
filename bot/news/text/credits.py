"""Whom a text credits: what it says of its origin ("originally published by …", "(Reuters) –").

Apart from what finds copies, which has tables that a process which reads documents need not load.
"""

import re

from bot.news.text.patterns import late
from bot.news.text.plain import bare

_NAME = r"(?P<name>[^\W\d_][^\n.,;:()|]{1,60}?)"
_ORIGINS = [
    late(pattern, re.IGNORECASE)
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
CREDITING = ("publ", "appeared", "perm", "enen", "ffentl", "paru")
_DATELINE_END = 81
_BEGINNING, _END = 2000, 1000
_DATELINE = late(r"\A[^\n]{0,80}?\((?P<name>[^\W\d_][^()\n\d]{1,40})\)\s*(?:--|[-–—])")


def credited(text: str, source: str = "") -> str | None:
    """The outlet that a text says it comes from, if it is another than `source`."""
    short = len(text) <= _END
    lowered = text.lower() if short else f"{text[:_BEGINNING]} {text[-_END:]}".lower()
    origins = _ORIGINS if any(map(lowered.__contains__, CREDITING)) else ()
    if not origins and "(" not in (text[:_DATELINE_END] if short else text):
        return None
    parts = (text,) if short else (text[:_BEGINNING], text[-_END:])
    for find in (*(pattern().search for pattern in origins), _DATELINE().match):
        found = next(filter(None, map(find, parts)), None)
        if found and bare(found["name"]) != bare(source) and not _is_short(found["name"], source):
            return found["name"].strip()
    return None


def _is_short(name: str, source: str) -> bool:
    """Whether a name is the first letters of a source's: MW of Meridian Wire."""
    short = bare(name)
    return len(short) > 1 and "".join(word[0] for word in source.lower().split()).endswith(short)
