"""Texts of news: from markup to plain, from plain to readable, from title to its folded form.

Works on characters, never on bytes, and takes anything: nothing here raises. What it returns is
plain text; escaping it for Telegram is the renderer's work. Lengths count code points.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from bot.news.text.markup import without_simple_markup
from bot.news.text.patterns import late

LONGEST_TITLE = 500
LONGEST_TEXT = 4000

# The HTML reader's time grows with the square of unclosed tags and of attributes (13 s for 100,000
# <div>). Forty thousand characters keep the worst near a tenth of a second, and a lead is shorter.
_LONGEST_MARKUP = 40_000
_MOST_MARKS = 4  # combining marks on one letter: Vietnamese needs 2, Hebrew with accents 4

_MARKUP = re.compile(r"<[A-Za-z/!?]|&[#A-Za-z]")
_BREAK = "\u2029"  # PARAGRAPH SEPARATOR; cannot be in the source, which loses it first
_NARROW_BREAK = "\x00"  # in no simple markup, and no wider than a letter of ASCII
_BLOCKS = (
    "p,div,br,hr,li,ul,ol,dl,dt,dd,tr,table,td,th,h1,h2,h3,h4,h5,h6,blockquote,pre,article,section,"
    "aside,header,footer,figure,figcaption,main,nav,address,details,summary,center"
)
_DROPPED = (
    "script,style,noscript,template,iframe,embed,svg,math,canvas,audio,video,img,picture,"
    "head,title,textarea,select,button,form input"
)
_BIDI = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVISIBLE = re.compile(
    f"[\\x00-\\x08\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\xad{_BIDI}"
    "\u115f\u1160\u180e\u200b\u2060-\u2065"
    "\u206a-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000\U000e0001]"
)
# Letters to Unicode, so that `str.isprintable` lets these pass; of the others it lets none.
_PRINTED_INVISIBLE = "\u115f\u1160\u3164\uffa0"
# A joiner is spelling between Arabic or Indic letters and glue inside an emoji; elsewhere it hides.
_LOOSE_JOINER = late(
    "(?<![\u0600-\U000e007f])[\u200c\u200d]|[\u200c\u200d](?![\u0600-\u1fff\u2190-\U000e007f])"
)
_JOINERS = late("[\u200c\u200d]{2,}")
_NON_WORDS = re.compile(rf"[^\w\s]{{{_MOST_MARKS + 1},}}")


def plain_text(html: str, limit: int = LONGEST_TEXT) -> str:
    """The text of a piece of HTML: one paragraph a line, nothing invisible, at most `limit`.

    References are decoded exactly once, so `&amp;lt;` becomes `&lt;`. Pictures, scripts, styles
    and forms leave nothing.
    """
    text = html[:_LONGEST_MARKUP]
    if not text.isascii():
        text = text.replace(_BREAK, " ").replace("\u2028", " ")
    mark = _BREAK
    if ("<" in text or "&" in text) and _MARKUP.search(text):
        simple = without_simple_markup(text, _NARROW_BREAK)
        text, mark = (_without_markup(text), mark) if simple is None else (simple, _NARROW_BREAK)
    if mark not in (text := text.strip(mark)):
        return cut(_tidy_line(text), limit)
    return cut(_beginning(map(_tidy_line, filter(None, text.split(mark))), limit), limit)


def plain_title(html_or_text: str, limit: int = LONGEST_TITLE) -> str:
    """A headline as one line of plain text; "" if nothing visible is left. See `plain_text`."""
    return tidy(plain_text(html_or_text, limit), limit)


def tidy(text: str, limit: int = LONGEST_TITLE) -> str:
    """Text that is plain already, on one line, without what is invisible or piled up."""
    return cut(_tidy_line(text[: limit * 8]), limit)


def tidy_lines(text: str, limit: int = LONGEST_TEXT) -> str:
    """Text that is plain already, line by line, without what is invisible or piled up."""
    lines = (tidy(line, limit) for line in text[: limit * 5].splitlines())
    return cut(_beginning(lines, limit), limit)


def _beginning(lines: Iterable[str], limit: int) -> str:
    """The lines that are not empty, as many as are needed to have more than `limit` characters."""
    found, length = [], 0
    for line in filter(None, lines):
        found.append(line)
        length += len(line) + 1
        if length > limit + 1:
            break
    return "\n".join(found)


def cut(text: str, limit: int) -> str:
    """At most `limit` code points, ended with "…" if something is missing.

    Cuts between words where one ends in the last third, else between graphemes: never inside an
    emoji sequence, a flag, or between a letter and its marks.
    """
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    end = limit - 1
    space = max(text.rfind(" ", 0, end + 1), text.rfind("\n", 0, end + 1))
    if space > end * 2 // 3:
        end = space
    while end and not _is_boundary(text, end):
        end -= 1
    return text[:end].rstrip(" \n,;:–—-") + "…"


_ENDS = late(r"(?:[.!?…]+[\"'”’»)\]]*(?=\s|\Z)|[。！？｡؟।॥۔]+[」』”’）\"]*|\n)")
# "art", "min" and others that end sentences as often are left out.
_SHORT_FORMS = """
    mr mrs ms dr prof st mt sr jr gen gov sen rep rev hon capt col lt sgt maj cmdr adm pres sec
    no nos vs etc inc ltd co corp bros dept est approx al fig vol pp ed jan feb mar apr jun jul
    aug sep sept oct nov dec mon tue wed thu fri sat sun ave blvd ft e.g i.e
    z.b bzw ca usw d.h u.a nr hr fr bspw mio mrd tel
    mme mlle av env sra dña dn ee núm pág sig dott ing
    г гг ул им тыс млн млрд руб т.е т.д т.п др стр проф св
"""
_ABBREVIATIONS = frozenset(_SHORT_FORMS.split())
_INITIALS = late(r"[^\W\d_](?:\.[^\W\d_])*")
_OPENERS = late(r"(?:The|It|He|She|They|In|But|And|A|An|This|That)\b")


def first_sentences(text: str, count: int = 2, limit: int = 400) -> str:
    """The first `count` sentences on one line, or as many as fit; if not one fits, `cut`.

    Knows sentence ends of Latin, Cyrillic, Arabic, Indic and East Asian writing, abbreviations,
    initials and decimals. A line break ends a sentence too.
    """
    text = text.strip()
    best, found = 0, 0
    for end in _ENDS().finditer(text):
        if not _ends_sentence(text, end):
            continue
        if len(text[: end.end()].rstrip()) > limit:
            break
        best, found = end.end(), found + 1
        if found == count:
            break
    else:
        if len(text) <= limit:
            best = len(text)
    return cut(" ".join((text[:best] if best else text).split()), limit)


_APOSTROPHES = late("['’‘ʼ`´\u02b9\uff07]")
_PUNCTUATION = re.compile(r"[\W_]+")
_SIGNIFICANT = re.compile(r"[^\w\s]")
_SINGLE_DOTS = re.compile(r"(?<![^\W\d_])([^\W\d_])\.(?=[^\W\d_](?:\.|\b))")
_DIACRITICS = late(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0640]"
)
_LETTERS = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_INNER_DOT = re.compile(r"\.[a-z]")
_BARE_ASCII = {
    code: None if char in "'`" else char if char.isalnum() else " "
    for code, char in enumerate(map(chr, range(128)))
}
_SUFFIX = late(r"\s+[-–—|·•»:]+\s+")
_HERALD = late(
    r"""\s*(?:
        (?:breaking(?:\ news)?|just\ in|urgent|exclusive|live(?:\ updates?|\ blog)?|watch|video
         |photos?|in\ pictures|updated?|eilmeldung|eil|liveticker|en\ direct|direct|alerte\ info
         |[uú]ltima\ hora|urgente|en\ vivo|ao\ vivo|ultim'ora|срочно|молния|видео|терміново|pilne
         |عاجل|速報|快讯|快訊)\s*(?:[:：|]|\s[-–—]\s)
      | (?:update|wrapup|corrected|refile|rpt|insight|exclusive)(?:\ \d{1,2})?-(?=\w)
      | [\[(【](?:breaking|live|video|watch|updated?|速報|快讯|快訊)[\])】]
      )\s*""",
    re.IGNORECASE | re.VERBOSE,
)


def fold_title(title: str, source: str = "") -> str:
    """The form in which one headline is equal across outlets; "" if it has no letter or digit.

    Drops heralds ("Breaking:", "UPDATE 2-"), the outlet's name at the end if it is `source`,
    capitals, accents, width, apostrophes and punctuation. A title of signs only, as emoji, keeps
    them.
    """
    text = _compatible(title)
    while (herald := _HERALD().match(text)) and herald.end() < len(text):
        text = text[herald.end() :]
    if source and (parts := list(_SUFFIX().finditer(text))):
        last = parts[-1]
        if bare(text[last.end() :]) == bare(source):
            text = text[: last.start()]
    return bare(text) or "".join(_SIGNIFICANT.findall(text))


def _compatible(text: str) -> str:
    """The text in NFKC; of what that makes eighteen times as long not much more than there was."""
    return unicodedata.normalize("NFKC", text)[: len(text) + LONGEST_TITLE]


def _without_markup(html: str) -> str:
    from selectolax.lexbor import LexborHTMLParser  # most markup is simple

    tree = LexborHTMLParser(html)
    for node in tree.css(_DROPPED):
        node.decompose()
    for node in tree.css(_BLOCKS):
        node.insert_before(_BREAK)
        node.insert_after(_BREAK)
    return tree.root.text(deep=True) if tree.root else ""


def _tidy_line(text: str) -> str:
    printable = text.isprintable()
    if not text.isascii():
        if not printable or any(map(text.__contains__, _PRINTED_INVISIBLE)):
            text = _INVISIBLE.sub("", text)
            text = _LOOSE_JOINER().sub("", _JOINERS().sub(lambda run: run.group()[0], text))
        text = _NON_WORDS.sub(_fewer_marks, text)
    elif not printable:
        text = _INVISIBLE.sub("", text)
    # Of all blanks only this one is printable.
    return text.strip(" ") if printable and "  " not in text else " ".join(text.split())


def _fewer_marks(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for char in run.group():
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks <= _MOST_MARKS:
            kept.append(char)
    return "".join(kept)


def _is_boundary(text: str, at: int) -> bool:
    """Whether a grapheme begins at `at`; the rules of UAX #29 that news needs."""
    char, before = text[at], text[at - 1]
    if unicodedata.category(char)[0] == "M" or before == "\u200d" or char in "\u200c\u200d":
        return False
    if "\U0001f3fb" <= char <= "\U0001f3ff" or "\U000e0020" <= char <= "\U000e007f":
        return False  # skin tones; tags, as in the flag of Scotland
    if "\u1160" <= char <= "\u11ff":
        return False  # Hangul vowels and finals that follow their consonant
    if not _is_flag_half(char):
        return True
    start = at
    while start and _is_flag_half(text[start - 1]):
        start -= 1
    return (at - start) % 2 == 0


def _is_flag_half(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _ends_sentence(text: str, end: re.Match[str]) -> bool:
    if end.group()[0] != "." or end.group().startswith(".."):
        # An exclamation inside a sentence ("Yahoo! said") goes on in small letters.
        return end.group() == "\n" or not text[end.end() :].lstrip()[:1].islower()
    rest = text[end.end() :].lstrip()
    if not rest:
        return True
    if rest[0].islower():
        return False
    before = text[max(0, end.start() - 24) : end.start()].split()
    word = before[-1].lstrip('(["“„«') if before else ""
    if word.lower() in _ABBREVIATIONS or (word.isdecimal() and len(word) <= 2):
        return False  # also "3. Oktober"; at worst two sentences stay together
    if word.lower() in ("a.m", "p.m"):
        return True
    # "U.S. President" and "J. Smith" go on; "in the U.S. The" begins anew.
    return not _INITIALS().fullmatch(word) or ("." in word and bool(_OPENERS().match(rest)))


def bare_ascii(text: str) -> str:
    """As `bare`, of a text in ASCII."""
    text = text.lower()
    if _INNER_DOT.search(text):
        text = _SINGLE_DOTS.sub(r"\1", text)
    return " ".join(text.translate(_BARE_ASCII).split())


@lru_cache(maxsize=64)  # headline, lead and outlet of an entry are asked about several times each
def bare(text: str) -> str:
    """The text without capitals, accents, width, apostrophes and punctuation."""
    if text.isascii():
        return bare_ascii(text)
    text = _SINGLE_DOTS.sub(r"\1", _compatible(text).casefold())
    text = unicodedata.normalize("NFD", _APOSTROPHES().sub("", text))
    text = unicodedata.normalize("NFC", _DIACRITICS().sub("", text).translate(_LETTERS))
    return _PUNCTUATION.sub(" ", text).strip()
