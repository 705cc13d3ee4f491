"""Small repairs of XML that a person can read and a strict reader cannot. Pure.

Only what has one meaning is mended: what stands before the document, characters that XML forbids,
ampersands that begin nothing, names that HTML knows and XML does not. Of a document that breaks off
the whole entries are left: half a link is worse than none, and half a headline rings too early.
"""

import re
from html import escape, unescape

_STARTS = re.compile(
    r"<(?:\?xml|!DOCTYPE\s+(?:rss|rdf|feed|opml)|(?:\w{1,20}:)?(?:rss|RDF|feed|channel|opml)\b)",
    re.IGNORECASE,
)
# What may stand there. A comment in it may speak of elements.
_PROLOGUE = re.compile(r"(?:\s+|<\?.{0,1000}?\?>|<!--.*?-->)*", re.S)
_ROOT = re.compile(r"<(?:!DOCTYPE\b|[A-Za-z_])")
_LONGEST_JUNK = 8192
_DECLARATION = re.compile(r"<\?xml\b[^<>]{0,300}\?>\s*", re.IGNORECASE)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufeff\ufffe\uffff]")
# What is inside CDATA and comments stays. Of the rest every ampersand is looked at, but for those
# that begin what any reader knows, which are most.
_KNOWN_NUMBER = (
    r"#(?:3[2-9]|[4-9]\d|1[01]\d|1[6-9]\d|[2-9]\d\d|8\d{3}"
    r"|[xX](?:[2-6a-fA-F][0-9a-fA-F]|20[0-9a-fA-F]{2}));"
)
_ODD_AMPERSAND = re.compile(rf"&(?!(?:amp|lt|gt|quot|apos);|{_KNOWN_NUMBER})")
# Of any other number it is known that a strict reader and HTML mean one character by it.
_SAFE_NUMBER = (
    r"#0*(?:9|10|3[2-9]|[4-9]\d|1[01]\d|1[6-9]\d|[2-9]\d\d|[1-9]\d{3}|[1-4]\d{4}|12[89]\d{3});"
    r"|#[xX]0*(?:[9aA]|[2-6a-fA-F][0-9a-fA-F]|[1-9a-cA-C][0-9a-fA-F]{2,3}|1[fF][0-9a-fA-F][0-9a-eA-E]"
    r"[0-9a-fA-F]);"
)
_ODD_NUMBER = re.compile(f"&(?=#)(?!{_SAFE_NUMBER})")
_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)"
    rf"|{_ODD_AMPERSAND.pattern}(?:(#[xX]?[0-9A-Fa-f]{{1,12}}|\w{{1,40}});)?",
    re.DOTALL,
)
_PAIR = re.compile(r"&#[xX]0*([dD][89abAB][0-9a-fA-F]{2});&#[xX]0*([dD][c-fC-F][0-9a-fA-F]{2});")
# An entry's picture as a bare address, which the RSS reader would take for the text of its own tag.
_HIDDEN = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_END = re.compile(r"</(?:\w{1,20}:)?(?:rss|RDF|feed)\s*>", re.IGNORECASE)
_AT_THE_END = re.compile(_END.pattern + r"\s*\Z", re.IGNORECASE)
_ENTRY_BEGINS = re.compile(r"<(?:\w{1,20}:)?(?:item|entry)(?=[\s>])", re.IGNORECASE)
_ENTRY_ENDS = re.compile(r"</(?:\w{1,20}:)?(?:item|entry|channel)\s*>", re.IGNORECASE)
CAPTION = "media_caption"
"""Under this name feedparser gives what describes a picture or a film beside an entry. Under its
own (media:description) it would be taken for the entry's description.
"""
_MEDIA = re.compile(r"xmlns:(\w{1,20})\s*=\s*[\"']https?://search\.yahoo\.com/mrss/?[\"']")
_BARE_IMAGE = re.compile(r"<image>\s*(https?://[^<>\s]{1,2000})\s*</image>", re.IGNORECASE)


def is_in_order(text: str) -> bool:
    """Whether a document that is well-formed, and declares no names, reads the same mended."""
    return (
        _AT_THE_END.search(text, max(len(text) - 200, 0)) is not None
        and ":description" not in text
        and "\ufeff" not in text
        and (text.startswith("<?xml") or "<?xml" not in text)
        and _ODD_NUMBER.search(text) is None
    )


def mended(text: str) -> str:
    """The document, beginning with its first element or its document type."""
    text = _DECLARATION.sub("", _without_junk(text), count=1)
    text = _FORBIDDEN.sub(_nothing_or_blank, text)
    text = _BARE_IMAGE.sub(r"<image><url>\1</url></image>", text)
    text = _with_captions(text)
    if not _ODD_AMPERSAND.search(text):
        return text
    text = _PAIR.sub(_one_character, text)
    declares = "<!ENTITY" in text[:20_000]
    return _AMPERSAND.sub(lambda found: _reference(found, declares=declares), text)


def _with_captions(text: str) -> str:
    if ":description" not in text:
        return text
    prefixes = "|".join({"media", *_MEDIA.findall(text)})
    tag = re.compile(
        rf"{_HIDDEN.pattern}|<(/?)({prefixes}):description(?=[\s/>])(?:[^<>]*?(/)|[^<>]*)>",
        re.DOTALL,
    )

    def renamed(found: re.Match[str]) -> str:
        # Of an element with attributes feedparser keeps these, and not its text.
        end, prefix, empty = found[1], found[2], found[3] or ""
        return f"<{end}{prefix}:caption{empty}>" if prefix else found.group()

    return tag.sub(renamed, text)


def whole_entries(text: str) -> tuple[str, bool]:
    """The document up to the entry in which it breaks off, all of it where it does in none; and
    whether it breaks off at all, be it between two entries or before the first.
    """
    if _AT_THE_END.search(text, len(text) - 200):
        return text, False
    seen = _HIDDEN.sub(lambda found: " " * len(found.group()), text)
    if _END.search(seen):
        return text, False
    begins = [found.start() for found in _ENTRY_BEGINS.finditer(seen)]
    ends = [found.group() for found in _ENTRY_ENDS.finditer(seen, begins[-1] if begins else 0)]
    if begins and not ends:
        return text[: begins[-1]], True
    # Behind an entry the end of the channel is the end of all; in RDF it stands before the first.
    is_closed = bool(begins) and "channel" in ends[-1].lower()
    return text, not is_closed


def _without_junk(text: str) -> str:
    """Without warnings of PHP, blank lines, texts of proxies: what stands before the document."""
    prologue = _PROLOGUE.match(text)
    begin = prologue.end() if prologue else 0
    if _ROOT.match(text, begin):
        return text.lstrip()
    start = _STARTS.search(text, begin, begin + _LONGEST_JUNK)
    return text[start.start() :] if start else text


def _nothing_or_blank(found: re.Match[str]) -> str:
    return " " if found.group() in "\x0b\x0c" else ""


def _one_character(found: re.Match[str]) -> str:
    """Two references to the halves of a pair of UTF-16."""
    high, low = (int(half, 16) for half in found.groups())
    return f"&#x{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):X};"


def _reference(found: re.Match[str], *, declares: bool) -> str:
    whole, name = found.group(), found.group(1)
    if whole[0] == "<":
        return whole
    if name is None:
        return "&amp;"
    if name.startswith("#"):
        # As HTML has it: 0x80 to 0x9F are those of Windows-1252, what is no character is U+FFFD.
        return escape(_FORBIDDEN.sub("", unescape(whole)))
    if declares:
        return whole
    return escape(unescape(whole))
