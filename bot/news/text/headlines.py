"""Headlines: what is markup in them and what is not, counters that come and go, and what stands for
one where an entry has none.

Pure; takes anything, and nothing here raises.
"""

import re
import unicodedata
from functools import lru_cache
from html import unescape

from bot.news.text.patterns import late
from bot.news.text.plain import LONGEST_TITLE, first_sentences, tidy

_LONGEST_MARKED = 8000  # characters of a headline with its markup
_LONGEST_FIRST_WORDS = 200

# What feeds really put into headlines: these are never meant as words.
_FORMATTING_NAMES = """
    b big blockquote br center div em font h1 h2 h3 h4 h5 h6 hr i img li mark nobr ol p s small
    span strike strong sub sup td tr tt u ul wbr embed iframe object script style
"""
_FORMATTING = frozenset(_FORMATTING_NAMES.split())
# The rest of what HTML has or had. A headline may speak of these.
_OTHERS_NAMES = """
    a abbr acronym address applet area article aside audio base basefont bdi bdo blink body
    button canvas caption cite code col colgroup data datalist dd del details dfn dialog dir dl dt
    fieldset figcaption figure footer form frame frameset head header hgroup html input ins kbd
    label legend link main map marquee math menu meta meter nav noframes noscript optgroup option
    output param picture pre progress q rp rt ruby samp search section select slot source spacer
    summary svg table tbody template textarea tfoot th thead time title track var video xmp
"""
_OTHERS = frozenset(_OTHERS_NAMES.split())
_BREAKING_NAMES = """
    address article aside blockquote br center dd details div dl dt figcaption figure footer form
    h1 h2 h3 h4 h5 h6 header hr img li main nav ol p pre section table td th tr ul
"""
_BREAKING = frozenset(_BREAKING_NAMES.split())
_ATTRIBUTES = r"""(?:\s+(?:[\w:@.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s"'<>]+)
    |(?:allowfullscreen|async|autoplay|checked|controls|defer|disabled|hidden|loop|muted|nowrap
    |open|required|selected)(?=[\s/>])))""".replace("\n    ", "")
_TAG = late(rf"<(/?)([A-Za-z][A-Za-z0-9]{{0,11}})({_ATTRIBUTES}*)\s*(/?)>")
_TAG_CUT_OFF = late(r"<([A-Za-z][A-Za-z0-9]{0,11})\s+[\w:-]+=[\"'][^<>]*\Z")
_UNSEEN = late(
    r"<!--.{0,2000}?-->|<(script|style|noscript|template|iframe|svg|math|select|textarea)\b[^<>]*>.{0,2000}?</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
_CDATA = late(r"<!\[CDATA\[(.{0,2000}?)\]\]>", re.DOTALL)
# Names that HTML knows without a semicolon would make "®gae" of "&reggae".
_REFERENCE = late(
    r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|\w{2,32});|&(?:amp|lt|gt|quot|nbsp|shy)(?!\w)"
)

_SIGNS_OF_HTML = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});|</[A-Za-z]")


def has_markup(text: str) -> bool:
    """Whether a text that should be plain was written as HTML: it closes a tag or has references.
    One that only names a tag ("the <dialog> element") is plain.
    """
    return _SIGNS_OF_HTML.search(text) is not None


def plain_headline(text: str, limit: int = LONGEST_TITLE) -> str:
    """A headline of which nobody says whether it is HTML (RSS does not), as one plain line.

    Tags go where they are markup: of what formats, wherever they stand; of all other elements of
    HTML where they are closed, close themselves or have attributes. A headline may speak of the
    rest: "goodbye <blink>", "<a> as <area>" stay, as does what is no tag of HTML: `Vec<T>`, `<->`,
    `5 <6`, an address in brackets. A `<word` that nothing ends swallows nothing. References are
    decoded once: "&amp;lt;" becomes "&lt;".
    """
    text = text[:_LONGEST_MARKED]
    if "<" in text:
        text = _without_tags(_CDATA().sub(r"\1", _UNSEEN().sub(" ", text)))
    if "&" in text:
        text = _REFERENCE().sub(lambda found: unescape(found.group()), text)
    return tidy(text, limit)


def _without_tags(text: str) -> str:
    closed = {found[2].lower() for found in _TAG().finditer(text) if found[1]}

    def nothing_or_blank(found: re.Match[str]) -> str:
        name = found[2].lower()
        if not _is_markup(found, closed):
            return found.group()
        return " " if name in _BREAKING else ""

    text = _TAG().sub(nothing_or_blank, text)
    cut_off = _TAG_CUT_OFF().search(text)
    known = cut_off is not None and cut_off[1].lower() in _FORMATTING | _OTHERS
    return text[: cut_off.start()] if cut_off and known else text


def _is_markup(found: re.Match[str], closed: set[str]) -> bool:
    name = found[2].lower()
    if found[1] or found[3] or found[4] or name in closed:
        return name in _FORMATTING or name in _OTHERS
    # One capital behind a word is a type: Box<U>.
    is_type = len(found[2]) == 1 and found[2].isupper()
    after_word = found.string[max(0, found.start() - 1) : found.start()].isalnum()
    return name in _FORMATTING and not (is_type and after_word)


# What readers leave below an article, and what a live page counts.
_COUNTED = """
    comments? repl(?:y|ies) responses? reactions? views? reads? likes? upvotes? retweets? updates?
    kommentare? antwort(?:en)? reaktion(?:en)? aufrufe? aktualisierung(?:en)? updates?
    commentaires? r[ée]ponses? r[ée]actions? vues? mises?\\ [àa]\\ jour
    comentarios? respuestas? reacciones visitas? actualizaci[oó]n(?:es)?
    comment[oi] rispost[ae] reazioni visualizzazion[ei] aggiornament[oi]
    coment[áa]rios? respostas? visualiza[çc](?:[ãa]o|[õo]es) atualiza[çc](?:[ãa]o|[õo]es)
    reacties? weergaven? komentarz(?:e|y)? odpowied(?:ź|zi) wyświetle(?:nie|nia|ń) aktualizacj[aei]
    kommentar(?:er)? visningar? visninger oppdatering(?:er)? uppdatering(?:ar)? opdatering(?:er)?
    kommentti[a]? p[äa]ivitys(?:t[äa])? koment[áa]ř(?:e|ů)? yorum(?:lar)? yan[ıi]t görüntülenme
    комментари(?:й|я|ев|и) ответ(?:а|ов|ы)? просмотр(?:а|ов|ы)? обновлени[еяй]
    коментар(?:і|ів|я|ь)? коментар[аи] відповід(?:ь|і|ей) перегляд(?:и|ів)? оновлен(?:ня|ь)
    σχόλι[αο] comentarii?u?
    تعليق(?:ات|ا|ًا)? رد(?:ود)? تحديث(?:ات)? תגובות תגובה עדכונים
    条评论 條評論 条留言 則留言 条回复 次阅读 件のコメント コメント 件の更新 댓글 답글
"""
_FIGURE = r"\d(?:[\d.,\u00a0\u202f' ]{0,11}\d)?"
_NUMBER = rf"(?:{_FIGURE}[kKmM]?\+?|no|keine|aucun|sin|нет|without)"
_NEW = (
    r"(?:(?:new|more|neue|nouveaux?|nuev[oa]s|nuov[io]|nov[oa]s|nieuwe|ny[ae]|nowych|новых|нових)"
    r"\s)?"
)
_UNIT = "(?:" + "|".join(_COUNTED.replace("\\ ", "~").split()).replace("~", r"\ ") + ")"
_VOTES = r"(?:points?|votes?|punkte?|stimmen)"
_ONE = rf"(?:{_NUMBER}\s*{_NEW}{_UNIT}|{_UNIT}(?:\s*[:：])?\s*{_FIGURE}개?)"
_BESIDE = r"\s*[,;|·/]\s*"
_COUNT = (
    rf"(?:{_NUMBER}\s*{_VOTES}{_BESIDE})?{_ONE}(?:{_BESIDE}(?:{_ONE}|{_NUMBER}\s*{_VOTES})){{0,3}}"
)
_BEFORE_COUNTS = "([（【|,-·•–—"  # one of these stands before each
_LONGEST_COUNT = 120
"""Characters that are looked at for one at either end: figures and commas take a while."""


@lru_cache(maxsize=1)
def _counters() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What only counts, at the beginning and at the end; compiled with the first headline that may
    have one.
    """
    in_brackets = rf"[(\[（【]\s*{_COUNT}\s*[)\]）】]"
    return (
        re.compile(rf"\s*{in_brackets}\s*", re.IGNORECASE),
        re.compile(rf"\s*(?:{in_brackets}|(?:\s[|·•–—-]|,)\s*{_COUNT})\s*\Z", re.IGNORECASE),
    )


def without_counter(title: str) -> str:
    """The headline without what only counts readers' doings or updates: "(12 comments)",
    "[3 updates]", "· 12 Kommentare", ", 3 replies" at its end or, in brackets, at its beginning.

    A count in the sentence is news ("Ministry receives 12,000 comments"). So are points and votes,
    unless comments are counted beside them. A headline that is nothing else stays.
    """
    if not any(map(title.__contains__, _BEFORE_COUNTS)):
        return title
    first, last = _counters()
    begins = first.match(title[:_LONGEST_COUNT])
    shorter = title[begins.end() :] if begins else title
    at = max(0, len(shorter) - _LONGEST_COUNT)
    shorter = shorter[:at] + last.sub("", shorter[at:])
    return shorter if any(map(str.isalnum, shorter)) else title


def with_headline(title: str, summary: str) -> tuple[str, str]:
    """The headline and the summary to tell: where there is no headline its place is taken by the
    first words of the summary, which then goes on behind them.
    """
    if not summary or any(_is_said(char) for char in title):
        return title, summary
    words = first_sentences(summary, 1, _LONGEST_FIRST_WORDS)
    flat = " ".join(summary.split())
    if flat.startswith(words):
        return words, _after(summary, words)
    rest = _after(summary, words.removesuffix("…")).lstrip(" ,;:–—-")
    return words, f"…{rest}"


def _is_said(char: str) -> bool:
    """Whether a character is more than punctuation: a letter, a digit, a sign such as an emoji."""
    return unicodedata.category(char)[0] in "LNS"


def _after(text: str, taken: str) -> str:
    """What follows in `text` after the letters of `taken`, with which it begins but for blanks."""
    left = len("".join(taken.split()))
    for at, char in enumerate(text):
        if not left:
            return text[at:].strip()
        left -= not char.isspace()
    return ""
