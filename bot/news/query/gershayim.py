"""The sign of Hebrew abbreviations, for which phones have a quote only. Pure."""

import re

from bot.news.text.patterns import late

_WITHIN = r'(?<=[\u05d0-\u05ea])"(?=[\u05d0-\u05ea])'
# Whatever stands in a quotation. "In", "the" and the like are written together with its quote.
_PLACES = late(
    rf'(?<![\w"])"(?:[^"]|{_WITHIN})*"(?!\w)'
    rf'|(?P<joined>(?<![\w"])[ושהכלבמ]{{1,3}}"(?=[\u05d0-\u05ea])[^"]*(?<!\s)"(?!\w))'
    rf"|{_WITHIN}"
)
_QUOTES_WITHIN = late(_WITHIN)


def with_gershayim(text: str) -> str:
    """The text, as long as before, with ״ for each quote that stands within a Hebrew word.

    Quotes of a quotation stay, also of one that begins behind a prefix: `ב"הארץ"`.
    """
    if '"' not in text or not _QUOTES_WITHIN().search(text):
        return text
    return _PLACES().sub(_replaced, text)


def _replaced(found: re.Match[str]) -> str:
    if found["joined"]:
        return found[0]
    # The letters around a single quote are beside the match.
    return "״" if found[0] == '"' else _QUOTES_WITHIN().sub("״", found[0])
