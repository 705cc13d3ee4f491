"""Summaries as feeds publish them, without what is not news: bylines, datelines, credits.

Works on plain text and takes anything: nothing here raises. What could be the first words of the
news stays: a byline left in is ugly, a subject lost is wrong.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Self

from msgspec import Struct

from bot.news.text.patterns import late
from bot.news.text.plain import bare, bare_ascii

# A word in capitals, two letters or more. It gives no letter back, since nothing that follows one
# begins with a letter: a text without spaces and capitals is one such word.
_PLACE = r"[^\W\d_a-zà-öø-ÿа-яё][^\W\d_a-zà-öø-ÿа-яё'’.-]++"
_PLACES = rf"{_PLACE}(?:(?:\s*[/,&]\s*|\s+){_PLACE}){{0,5}}"
_AGENCY_NAMES = (
    "Reuters|AP|AFP|dpa|DPA|UPI|EFE|ANSA|Xinhua|TASS|Tass|ТАСС|Интерфакс|РИА Новости|PTI|ANI|IANS|"
    "Kyodo|Yonhap|Anadolu|AA|PA|PA Media|CNN|CP|The Canadian Press|SDA|APA|sid|SID|Belga|ANP|NTB|"
    "TT|PAP|Lusa|Bloomberg|BBC|NPR|JTA|IPS|CNS|CNA|RNS|BP|Europa Press|AP Photo|"
    "The Associated Press|Associated Press|Agence France-Presse|dts Nachrichtenagentur|"
    "Business Wire|GLOBE NEWSWIRE"
)
_AGENCY = rf"[(/](?:{_AGENCY_NAMES})[)/]"
_CREDIT = r"[(/][^\W\d_][^()/\n\d]{1,40}[)/]"
_DASH = r"\s*\.?\s*(?:--|[-–—―:])\s*"
_AFTER_SOURCE = late(rf"[)/]{_DASH}")
_DATE = r"(?:,?\s+(?:le\s+)?(?:\d{1,2}\.?\s+\w{3,9}\.?|\w{3,9}\.?\s+\d{1,2})(?:,?\s+\d{4})?)"
_REGION = r"(?:,\s+[^\W\d_][\w.]*(?:\s[^\W\d_][\w.]*){0,2}?)"
_TITLED = r"[^\W\d_a-zа-яё][\w'’-]++(?:[ /][^\W\d_a-zа-яё][\w'’-]++){0,3}"
_DATELINES = [
    late(pattern)
    for pattern in (
        rf"{_PLACES}{_REGION}?{_DATE}?,?\s+{_CREDIT}{_DASH}",
        rf"{_TITLED}{_REGION}?{_DATE}?,?\s+{_AGENCY}{_DASH}",
        rf"{_PLACES}{_REGION}?{_DATE}\.?\s*(?:{_DASH})(?:(?:{_AGENCY_NAMES})[.,]\s+)?(?=\S)",
        rf"{_PLACES}{_DATE}\.\s+{_AGENCY}\.\s+",
        rf"{_AGENCY}{_DASH}(?:{_PLACES}{_DATE}?{_DASH})?",
        r"新华社[^，。\s]{1,8}?\d{1,2}月\d{1,2}日电\s*(?:[（(]记者[^）)]{1,30}[）)])?\s*",
        r"【[^】]{1,12}(?:共同|時事|ロイター|AFP)】\s*",
    )
]
# Each of them begins with a place or one of these, or has a credit.
_IN_CAPITALS = re.compile(_PLACE)
_EASTERN = ("新", "【")
# Capitals and a dash alone could be an acronym and an aside ("NASA – the agency – said"), so the
# place is four letters or more, no known acronym, the text begins anew, and no second dash follows.
_BARE_DATELINE = late(
    rf"({_PLACES}{_REGION}?)\s+[-–—]\s+(?=[\"“«„]?[^\W_a-zа-яё])(?![^.!?]*\s[-–—]\s)"
)
_ACRONYM_LIST = """
    NATO NASA UNESCO UNICEF OPEC FIFA UEFA ASEAN BRICS COVID NSPCC RSPCA MPEG IKEA ISIS ISIL AUKUS
    HAMAS UNRWA UNHCR WADA NOAA FEMA IAEA OSCE НАТО ЮНЕСКО ОПЕК МАГАТЭ ФИФА УЕФА
"""
_ACRONYMS = frozenset(_ACRONYM_LIST.split())
_CONNECTOR = (
    "(?:and|with|reporting|from|for|of|the|in|by|additional|contributions?|special|to|und|et|y|e|и"
    "|de|del|da|van|von|der|den|di|bin|al|el|la)"
)
_NAME = r"[^\W\d_a-zа-яё][\w'’.-]*"
_BY = r"(?i:by|von|par|por|автор:?)\s+"
_BY_SOMEBODY = re.compile(_BY)
_NAMES = rf"{_NAME}(?:,?\s+(?:{_NAME}|{_CONNECTOR})){{1,20}}"
_BYLINE_LINE = late(rf"{_BY}{_NAMES},?\s*\n")
_ROLE = r"(?i:staff|writers?|correspondents?|reporters?|editors?|bureau|chief)"
_BYLINE_ROLE = late(
    rf"{_BY}{_NAMES}?,?\s+"
    rf"{_ROLE}(?:\s+{_ROLE})*"
    r"\b[,.:|–—-]*\s+(?=[\"“]?[A-Z])"
)
_BYLINE_MARKED = late(rf"{_BY}{_NAME}(?:\s+{_NAME}){{1,3}}\s*[|•·]\s*")
_BYLINE_RUN = late(rf"{_BY}(?:{_NAME}|{_CONNECTOR})(?:,?\s+(?:{_NAME}|{_CONNECTOR})){{0,20}}?,?\s+")

_APPEARED = late(
    r"""(?:^|(?<=[.!?…\]”"»])\s+|\n)(?:
        (?:The\ (?:post|article))\s.{1,400}?\s(?:appeared\ first|first\ appeared)\ on\s.{1,200}
      | Der\ Beitrag\s.{1,400}?\serschien\ zuerst\ (?:auf|bei)\s.{1,200}
      | (?:L['’]article|Cet\ article)\s.{1,400}?\sest\ apparu\ en\ premier\ sur\s.{1,200}
      | (?:La\ entrada|El\ cargo|El\ artículo)\s.{1,400}?\s
        (?:apareció\ primero|se\ publicó\ primero)\ en\s.{1,200}
      | L['’]articolo\s.{1,400}?\s(?:proviene\ da|sembra\ essere\ il\ primo\ su)\s.{1,200}
      | O\ (?:post|conteúdo)\s.{1,400}?\sapareceu\ primeiro\ em\s.{1,200}
      | Het\ bericht\s.{1,400}?\sverscheen\ eerst\ op\s.{1,200}
      | (?:Сообщение|Запись)\s.{1,400}?\s
        (?:появил[аио]сь?\ сначала\ на|впервые\ появилась)\s.{1,200}
      | (?:Artykuł|Wpis)\s.{1,400}?\spochodzi\ z\ serwisu\s.{1,200}
      | Inlägget\s.{1,400}?\sdök\ först\ upp\ på\s.{1,200}
      | .{1,200}?\silk\ önce\s.{1,200}?\süzerinde\ ortaya\ çıktı
      | 投稿\s.{1,400}?\sは\s.{1,200}?\sに最初に表示されました
      | (?:文章|这篇文章).{1,400}?(?:最先出现在|最先出現於|首先出现在).{1,200}
      )[.。]?\s*\Z""",
    re.VERBOSE,
)
_RIGHTS = late(
    r"""(?:(?<=[.!?…\]”"»])\s+|^|\n)\s*(?:
        (?i:copyright)\s*(?:©|\([cC]\))?\s*\d{4}(?:\s?[-–]\s?\d{4})?
        (?:,?\s(?:by\s)?[^\W\d_a-zа-яё].*|\W*)
      | (?:©|\([cC]\))\s*(?:(?i:copyright)\s*)?(?:\d{4}\b|[^\W\d_]).*
      | (?i:all\ rights\ reserved|tous\ droits\ réservés|alle\ rechte\ vorbehalten
         |todos\ los\ derechos\ reservados|все\ права\ защищены)\W*
      | (?:This|The)\ (?:article|story|post|piece|report)\ (?:was|is|has\ been|first)\s
        (?=[^\n]{0,250}\bpermission|originally)[^.\n]{0,40}?(?:published|appeared)\s
        (?:on|by|in|at|from)\ (?!\d)[^\n]{1,250}
      | (?:Reprinted|Republished|Reproduced)\ with\ permission[^\n]{0,200}
      )\s*\Z""",
    re.VERBOSE,
)


class _Words(Struct, frozen=True):
    """One of them is in whatever a pattern finds: looking for all of them costs a tenth of it."""

    all: tuple[str, ...]
    ascii: tuple[str, ...]

    @classmethod
    def of(cls, listed: str) -> Self:
        words = tuple(listed.split(";"))
        return cls(words, tuple(filter(str.isascii, words)))

    def may_be_in(self, text: str) -> bool:
        if text.isascii():
            return any(map(text.__contains__, self.ascii))
        return any(map(text.__contains__, self.all)) or THIRD_FORMS.search(text) is not None


_APPEARING = _Words.of(
    "appeared;erschien;apparu;apareció;publicó;proviene;sembra;apareceu;verscheen;появи;pochodzi"
    ";dök;ortaya;最初;最先;首先"
)
_RIGHTS_HELD = _Words.of(
    "copyright;©;(c);rights res;rechte v;derechos r;permission;originally;droits r;права защ"
)
TAILS = _Words.of(";".join(_APPEARING.all + _RIGHTS_HELD.all))
# With one of these ends what `_MORE` finds, but for signs behind it, or it has others in it.
LEADING_ON = (
    *("more", "article", "story", "the rest", "weiterlesen", "mehr lesen", "suite", "plus", "más"),
    *("leyendo", "tutto", "leggere", "mais", "meer", "verder", "więcej", "dalej", "mer", "oku"),
    *("далее", "дальше", "полностью", "подробнее", "далі", "読む", "全文"),
)
BEHIND_MORE = (
    "→»›>.…)] \t\n\x0b\x0c\r\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005"
    "\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
# Letters that a pattern without regard to case takes for others, and `str.lower` does not.
THIRD_FORMS = re.compile("[\u0130\u0131\u0307\u017f\u1c80-\u1c88\u212a]")
_BEGINNING = re.compile(r"""[.!?…\]”"»]\s|\n""")  # its last character is the blank before it
_MORE = late(
    r"""(?:(?<=[.!?…\]”"»])\s+|^|\n)\s*[\[(]?(?:
        (?i:read|see|view)\ (?i:more|(?:the\ )?full\ (?:article|story)|the\ rest)(?:\.{3}|…)?
      | (?i:continue\ reading|keep\ reading|click\ here\ to\ read)[^.\n]{0,200}(?:\.{3}|…|\.)?
      | (?i:weiterlesen|mehr\ lesen|lire\ la\ suite|en\ savoir\ plus|leer\ más|seguir\ leyendo
         |leggi\ tutto|continua\ a\ leggere|leia\ mais|ler\ mais|lees\ (?:meer|verder)
         |czytaj\ (?:więcej|dalej)|läs\ mer|devamını\ oku|читать\ (?:далее|дальше|полностью)
         |подробнее|читати\ далі)(?:\.{3}|…)?
      | 続きを読む | もっと読む | 阅读全文 | 閱讀全文 | 查看全文
      )[\])]?\s*[→»›>.…]*\s*\Z""",
    re.VERBOSE,
)
_ELISION = late(r"\s*(?:[\[(]\s*(?:…|\.{3}|&\#8230;|&hellip;)\s*[\])]|\[(?:\+\d+\ chars)\])\s*\Z")
_ADDRESS = re.compile(r"[(\[<]?(?:https?://|www\.)\S+\Z", re.IGNORECASE)
_ADDRESS_FIRST = re.compile(r"\s*[(\[<]?(?:https?://|www\.)", re.IGNORECASE)
# What templates write where there is no summary, as `bare` leaves it.
_NOTHING_SAID = frozenset(
    """comments;link;link comments;permalink;more;more info;article url;view article;full story
    full article;read article;view original;original article;view fullsize;null;none;undefined
    n a;no description;no description available;no summary;no content;kommentare;commentaires
    comentarios;комментарии""".replace("\n    ", ";").split(";")
)
_LONGEST_NOTHING = max(map(len, _NOTHING_SAID))
_LONG_LINE = 80
_AFTER_TITLE = late(r"\s*\n\s*|\s*[.:|–—-]+\s+|(?<=[.!?…])\s+|\s+(?=[^\W\d_a-zа-яё])|\s*\Z")


@lru_cache(maxsize=16)  # one entry asks twice, by this reading and by the former one
def clean_summary(text: str, *, title: str, source: str) -> str:
    """The summary without what is not news; `text` is plain, as `plain_text` gives it.

    Takes off, at the start: the title once more, byline, dateline, agency credit. At the end:
    "The post … appeared first on …", copyright and reprint lines, "Read more", "[…]". What could be
    the first words of the news stays: a byline left in is ugly, a subject lost is wrong.
    """
    return _without_head(_without_tail(text.strip(), title, source), title, source)


def first_with_words(texts: Iterable[str], *, title: str, source: str, outlet: str = "") -> str:
    """The first of several texts of an entry that says something beside its headline, clean; ""
    if none does. `outlet` is whom the entry names as its source, which aggregators do.

    Nothing is said by what is empty or signs only, by the headline again (whole, cut short, or
    with an outlet beside it), by the outlet's name, by "Read more", "Comments" and their like. A
    bare address says something only where there is no headline.
    """
    names = [name for name in (title, source, outlet) if name]
    for text in map(str.strip, texts):
        again = _forms(title, source, outlet) if _may_begin_with(text, names) else []
        found = clean_summary(_without_lines_of(text, again), title=title, source=source)
        if found != text and not again and _may_begin_with(found, names):
            again = _forms(title, source, outlet)
        if _says_something(found, again, alone=not title):
            return found
    return ""


def _may_begin_with(text: str, names: Iterable[str]) -> bool:
    """Whether a text may begin, as `bare` leaves it, like one of some names."""
    first = text[:1].lower()
    if not first.isascii() or not first.isalnum():
        return True
    return not all(
        name.isascii() and (initial := name[0].lower()) != first and initial.isalnum()
        for name in names
    )


def _forms(title: str, source: str, outlet: str) -> list[str]:
    """How a headline reads that is only repeated, and the names of who published it."""
    forms = {bare(title), *(bare(f"{title} {name}") for name in (outlet, source) if name)}
    return [form for form in (*forms, bare(source), bare(outlet)) if form]


def _without_lines_of(text: str, again: list[str]) -> str:
    """The text from its first line that is none of these."""
    if not again or ((begins := _begins(text)) and not _goes_on(begins, again)):
        return text
    lines = text.split("\n")
    while lines and bare(lines[0]) in again:
        lines.pop(0)
    return "\n".join(lines)


def _says_something(text: str, again: list[str], *, alone: bool) -> bool:
    begins = _begins(text)
    if (not begins or _goes_on(begins, again)) and (
        not (said := bare(text)) or _goes_on(said, again)
    ):
        return False
    if not begins and all(bare(line) in _NOTHING_SAID for line in text.split("\n")):
        return False
    return alone or not (_ADDRESS_FIRST.match(text) and all(map(_ADDRESS.match, text.split())))


def _begins(text: str) -> str:
    """How a long line reads at its beginning, to a blank; it is enough to tell it from a headline
    and from what says nothing.
    """
    head = text[:_LONG_LINE]
    end = head.rfind(" ")
    if len(head) < _LONG_LINE or end < 0 or "\n" in head or not head.isascii():
        return ""
    found = bare_ascii(head[:end])
    return found if len(found) > _LONGEST_NOTHING else ""


def _goes_on(said: str, again: list[str]) -> bool:
    """Whether one of these begins with those words."""
    return any(f"{form} ".startswith(f"{said} ") for form in again)


def _without_tail(text: str, title: str, source: str) -> str:
    while (shorter := _with_shorter_tail(text, title, source).rstrip()) != text:
        text = shorter
    return text


def _with_shorter_tail(text: str, title: str, source: str) -> str:
    lowered = text.lower()
    if not (TAILS.may_be_in(lowered) or _may_lead_on(lowered) or text.endswith((")", "]"))):
        return text
    shorter = text
    appeared = _APPEARED().search(text) if _APPEARING.may_be_in(text) else None
    # Inside a paragraph "The post … appeared first on" may be news about a post.
    if appeared and (
        appeared.start() == 0
        or text[appeared.start()] == "\n"
        or _mentions(appeared.group(), title)
        or (len(source) > 3 and bare(appeared.group()).endswith(bare(source)))
    ):
        shorter = text[: appeared.start()]
    lowered = shorter.lower()
    if _RIGHTS_HELD.may_be_in(lowered) and (found := _match_at(_RIGHTS(), shorter)):
        shorter = shorter[: found.start()]
        lowered = shorter.lower()
    if _may_lead_on(lowered) and (found := _match_at(_MORE(), shorter)):
        shorter = shorter[: found.start()]
    ends_in_brackets = shorter.rstrip().endswith((")", "]"))
    if ends_in_brackets and (elision := _ELISION().search(shorter)):
        shorter = shorter[: elision.start()].rstrip()
        shorter += "" if not shorter or shorter[-1] in '.!?…。！？”"»' else "…"
    return shorter


def _may_lead_on(lowered: str) -> bool:
    """Whether a text in small letters may end in "Read more" or the like."""
    if "reading" in lowered or "to read" in lowered:
        return True
    if lowered.rstrip(BEHIND_MORE).endswith(LEADING_ON):
        return True
    return not lowered.isascii() and THIRD_FORMS.search(lowered) is not None


def _beginnings(text: str) -> list[int]:
    """Where a text, a line or a sentence begins, the blank before it included."""
    return [0, *[found.end() - 1 for found in _BEGINNING.finditer(text)]]


def _match_at(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """As `search`, for a pattern that begins at one of these: three times as fast."""
    return next(
        (found for start in _beginnings(text) if (found := pattern.match(text, start))), None
    )


def _without_head(text: str, title: str, source: str) -> str:
    text = _without_title(text, title)
    if _BY_SOMEBODY.match(text):
        for byline in (_BYLINE_LINE, _BYLINE_MARKED):
            if found := byline().match(text):
                text = text[found.end() :].lstrip()
        if (found := _BYLINE_RUN().match(text)) and (end := _run_byline_end(text, found, source)):
            return text[end:].lstrip()
        if found := _BYLINE_ROLE().match(text):
            text = text[found.end() :].lstrip()
    return text[_dateline_end(text, 0, source) :].lstrip()


def _without_title(text: str, title: str) -> str:
    head = text[: len(title)]
    if not title or head.casefold() != title.casefold():
        return text
    found = _AFTER_TITLE().match(text, len(title))
    # A short title before a capital letter may be a name: "Storm Boris Johnson said …".
    if not found or (found.group() == " " and len(title) < 20):
        return text
    return text[found.end() :].lstrip()


def _run_byline_end(text: str, byline: re.Match[str], source: str) -> int:
    """Where the dateline ends that a byline runs into; 0 if none follows within its words."""
    for space in re.compile(r"\s+").finditer(text, 0, min(len(text), 250)):
        if space.end() > 3 and (end := _dateline_end(text, space.end(), source)):
            words = text[: space.start()].rstrip(",") + " "
            return end if _BYLINE_RUN().fullmatch(words) else 0
    return 0


def _dateline_end(text: str, start: int, source: str) -> int:
    is_place = _IN_CAPITALS.match(text, start) is not None
    credits_somebody = "(" in text or "/" in text
    if not is_place and not credits_somebody and not text.startswith(_EASTERN, start):
        return start and 0
    for pattern in _DATELINES:
        if found := pattern().match(text, start):
            return found.end()
    credited = source and text.startswith((f"({source}", f"/{source}"), start)
    if credited and (found := _AFTER_SOURCE().match(text, start + 1 + len(source))):
        return found.end()
    bare = _BARE_DATELINE().match(text, start) if is_place else None
    if bare and len(bare.group(1)) >= 4 and not _ACRONYMS & set(re.split(r"\W+", bare.group(1))):
        return bare.end()
    return start and 0


def _mentions(text: str, name: str) -> bool:
    return len(name) > 3 and bare(name) in bare(text)
