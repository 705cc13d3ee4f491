"""From the bytes of a document to its characters, whatever its labels say. Pure.

Asked in this order (RFC 7303, section 3, and what servers make of it): a byte order mark, the
charset of the HTTP header, the declaration in the document, and then the bytes themselves. A label
counts if the bytes can be read by it; labels are meant as browsers mean them (WHATWG Encoding).
Of labels for single bytes UTF-8 wins where the bytes are UTF-8: no text of another encoding is,
but many a server calls everything ISO 8859-1.
"""

import codecs
import re
from functools import lru_cache

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_EBCDIC = "<?xm".encode("cp037")
_WIDE = (
    (re.compile(rb"\s?[<{\[]\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00\x00\x00[<{\[]"), "utf-32-be"),
    (re.compile(rb"(?:[\s\w]\x00)*[<{\[]\x00"), "utf-16-le"),
    (re.compile(rb"(?:\x00[\s\w])*\x00[<{\[]"), "utf-16-be"),
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']\s*([\w.:-]{1,40})", re.IGNORECASE)
# Python's name of a label to what a browser reads by it: each a superset.
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
_ALIASES = {"windows-31j": "cp932", "sjis": "cp932", "euc": "euc_jp", "windows-874": "cp874"}
# Codecs that are no charset of a document, or (UTF-7) one that only attackers use.
_NO_CHARSET = re.compile(r"utf-?7|idna|punycode|.*escape|undefined|mbcs|oem", re.IGNORECASE)
_MULTIBYTE = ("gb", "big5", "euc", "cp932", "cp949", "iso2022", "shift", "johab", "hz")
_SAMPLE = 65_536
_LEAST_READ = 10  # characters beyond ASCII to one that its label cannot read
# A feed that says its language leaves few encodings to choose from.
_LANGUAGE = re.compile(
    rb"<(?:dc:)?language[^<>]{0,100}>\s*([a-z]{2})\b|xml:lang\s*=\s*[\"']([a-z]{2})\b",
    re.IGNORECASE,
)
_CENTRAL = ("cp1250", "iso8859_2")
_CYRILLIC = ("cp1251", "koi8_r", "koi8_u", "iso8859_5", "cp866")
_OF_LANGUAGE = {
    **dict.fromkeys((b"cs", b"sk", b"pl", b"hu", b"sl", b"hr", b"ro"), _CENTRAL),
    **dict.fromkeys((b"ru", b"uk", b"be", b"bg", b"sr", b"mk"), _CYRILLIC),
    **dict.fromkeys((b"lt", b"lv"), ("cp1257",)),
    **dict.fromkeys((b"ar", b"fa", b"ur"), ("cp1256",)),
    b"tr": ("cp1254",),
    b"el": ("cp1253",),
    b"he": ("cp1255",),
    b"th": ("cp874",),
    b"zh": ("gb18030", "big5hkscs"),
    b"ja": ("cp932", "euc_jp"),
    b"ko": ("cp949",),
}
# Near the encodings of the web, and written by no server.
_NEVER_SERVED = (
    "mac_cyrillic",
    "mac_greek",
    "mac_iceland",
    "mac_latin2",
    "mac_roman",
    "mac_turkish",
)
_WESTERN = tuple(
    frozenset(letters)
    for letters in (
        "àâæçèéêëîïôùûüœÿ",
        "äöüßéàè",
        "áéíñóúüºªçàèò",
        "àáâãçéêíóôõúü",
        "àèéìíòóùúî",
        "åäöæøéèü",
        "éëïóöüèêç",
        "áéíóú",
    )
)
_OF_ANY = "cp1252"
_SURELY_UTF_8 = 12
"""Of two Chinese, Japanese or Korean characters one makes a character of UTF-8 at most, of twelve
all do so once in thousands of millions.
"""
_SIGNS = re.compile(r"[\x00-\x7f\xa0-\xbf×÷€‚„…†‡‰‹‘’“”•–—™›]+")


def decoded(body: bytes, content_type: str | None = None) -> str:
    """The characters of `body`, without a byte order mark; what cannot be read is U+FFFD."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, "replace").lstrip("\ufeff")
    if body.startswith(_EBCDIC):
        return body.decode("cp037", "replace")
    head = body[:64].lstrip(b" \t\r\n")
    if b"\x00" in head:
        for start, name in _WIDE:
            if start.match(head):
                return body[len(body[:64]) - len(head) :].decode(name, "replace")
    labels = _labels(body, content_type)
    found = _by_label(body, labels)
    return found if found is not None else _by_bytes(body, labels)


def _labels(body: bytes, content_type: str | None) -> list[str]:
    """Python's names of the encodings that header and document name, the likelier one first: the
    header's, but for what servers say of every document that they know nothing of.
    """
    in_header = _IN_HEADER.search(content_type, 0, 1000) if content_type else None
    declared = _DECLARED.search(body, 0, 2000)
    said = [in_header[1]] if in_header else []
    said += [declared[1].decode("ascii")] if declared else []
    names = [name for name in map(_meant, said) if name]
    return names[::-1] if in_header and names[0:1] == [_OF_ANY] else names


@lru_cache(maxsize=64)
def _meant(label: str) -> str | None:
    label = label.strip().lower().removeprefix("x-")
    if _NO_CHARSET.fullmatch(label):
        return None
    try:
        found = codecs.lookup(_ALIASES.get(label, label))
    except (LookupError, ValueError):
        return None
    # Bytes that can be searched for a label in ASCII are neither UTF-16 nor UTF-32.
    if not getattr(found, "_is_text_encoding", True) or found.name.startswith(("utf-16", "utf-32")):
        return None
    return _MEANT.get(found.name, found.name)


def _by_label(body: bytes, labels: list[str]) -> str | None:
    """What the first label that fits makes of it, or UTF-8 where that fits as well."""
    multibyte = any(name.startswith(_MULTIBYTE) for name in labels)
    # ISO 2022 is made of ASCII characters, and of one that XML forbids.
    escaped = b"\x1b" in body and (b"\x1b$" in body or b"\x1b(J" in body)
    text = _strictly(body, "iso2022_jp_2" if escaped and not multibyte else "utf-8")
    if text is not None and not (multibyte and _may_be_chance(text)):
        return text
    for name in labels:
        text = _strictly(body, name)
        if text is None and name == "cp1252" and _looks_latin(body):
            text = body.decode("latin-1")
        if text is not None:
            return text
    return None


def _may_be_chance(text: str) -> bool:
    """Whether the bytes of other characters may have made so little of UTF-8."""
    return _beyond_ascii(text) < _SURELY_UTF_8


def _looks_latin(body: bytes) -> bool:
    return sum(1 for _ in re.finditer(rb"[\x81\x8d\x8f\x90\x9d]", body)) * 50 < len(body)


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeError, LookupError):
        return None


def _by_bytes(body: bytes, labels: list[str]) -> str:
    if (text := _nearly_utf8(body)) is not None:
        return text
    for name in labels:
        if name == "utf-8":  # which it is not even nearly
            continue
        text = body.decode(name, "replace")
        if text.count("\ufffd") * _LEAST_READ < _beyond_ascii(text):
            return text
    return body.decode(_guess(body), "replace")


def _beyond_ascii(text: str) -> int:
    return sum(1 for _ in re.finditer(r"[^\x00-\x7f]", text))


def _nearly_utf8(body: bytes) -> str | None:
    """UTF-8 with some damage; a stray byte is what it is in Windows-1252, where most come from."""
    text = body.decode("utf-8", "surrogateescape")
    strays = sum(1 for _ in re.finditer("[\udc80-\udcff]", text))
    if strays * 3 > _beyond_ascii(text) - strays:
        return None

    def read(found: re.Match[str]) -> str:
        return bytes(ord(char) - 0xDC00 for char in found.group()).decode("cp1252", "replace")

    return re.sub("[\udc80-\udcff]+", read, text)


def _guess(body: bytes) -> str:
    """The encoding that the bytes look like."""
    first = re.search(rb"[\x80-\xff]", body)
    start = max(first.start() - 200, 0) if first else 0
    sample = body[start : start + _SAMPLE]
    said = _LANGUAGE.search(body[:20_000])
    likely = _OF_LANGUAGE.get((said.group(1) or said.group(2)).lower(), ()) if said else ()
    if likely == _CENTRAL:  # they differ in whether 0x80 to 0x9F are letters
        return _CENTRAL[not re.search(rb"[\x80-\x9f]", sample)]
    if not likely and _is_western(sample):
        return "cp1252"
    pairs = re.findall(rb"[\xa1-\xfe][\xa1-\xfe]", sample)
    if sum(pair[0] in b"\xa4\xa5" for pair in pairs) * 4 > len(pairs):  # kana
        return "euc_jp"  # which charset-normalizer takes for Korean or Chinese
    from charset_normalizer import from_bytes  # with the first document that says nothing

    best = from_bytes(
        sample,
        steps=5,
        chunk_size=512,
        cp_isolation=list(likely) or None,
        cp_exclusion=list(_NEVER_SERVED),
    ).best()
    return best.encoding if best else "cp1252"


def _is_western(sample: bytes) -> bool:
    """Whether the letters beyond ASCII are, in Windows-1252, those of one Western language."""
    text = _strictly(sample, "cp1252")
    if text is None or re.search(rb"[\x80-\xff]{4}", sample):  # whole words of such letters
        return False
    letters = frozenset(_SIGNS.sub("", text).lower())
    return any(letters <= language for language in _WESTERN)
