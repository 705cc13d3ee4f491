"""How documents were read before `bot.news.polling.entry_keys.READING` was 1.

What was stored then is remembered by how it was read then: to be known again, and not to look
like a correction, an entry that is read otherwise now says how it would have been read
(`bot.news.polling.rereading`). Entries are forgotten 400 days after they were last shown; when
READING 1 is as old as that, this module can go.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.feeds.reading.dates import read_date
from bot.feeds.reading.items import elsewhere, is_html, published_of, rows, said
from bot.feeds.reading.mending import CAPTION
from bot.news.text.plain import LONGEST_TITLE

_ZONES = {
    **dict.fromkeys(("z", "ut", "utc", "gmt", "wet", ""), 0),
    **{"cet": 60, "mez": 60, "west": 60, "cest": 120, "mesz": 120, "eet": 120, "eest": 180},
    **{"msk": 180, "sast": 120, "trt": 180, "pkt": 300, "wib": 420, "sgt": 480, "hkt": 480},
    **{"jst": 540, "kst": 540, "aest": 600, "aedt": 660, "nzst": 720, "nzdt": 780, "brt": -180},
    **{"est": -300, "edt": -240, "et": -300, "cst": -360, "cdt": -300, "ct": -360},
    **{"mst": -420, "mdt": -360, "mt": -420, "pst": -480, "pdt": -420, "pt": -480},
    **{"akst": -540, "akdt": -480, "hst": -600, "ast": -240, "adt": -180, "nst": -210, "at": -240},
}
# As most write it; then both readers understand the whole date alike.
_SAME_ZONE = re.compile(r"\d(?: ?GMT|Z| ?[+-]\d\d:?\d\d)\Z")
_SAME_LENGTH = len("0 +00:00")
# What comes behind all else today, and did not count or came first.
_OTHER_TEXTS = frozenset(("subtitle", CAPTION))


@dataclass(slots=True)
class Formerly:
    """What the former reader took of an entry, before it was made plain."""

    links: Sequence[str] = field(default_factory=list)
    title_is_html: bool = True
    summary: str = ""
    summary_is_html: bool = True
    published: float | None = None


def formerly(
    entry: Mapping[str, Any], language: str, date: tuple[float | None, str], only_link: str
) -> Formerly | None:
    """What the former reader took of an entry of RSS or Atom; None where that is what is taken
    today: the `only_link`, a title that reads alike either way, the first text and the `date`,
    which is given as it is read today and as it is written.
    """
    published, written = date
    if written and not _SAME_ZONE.search(written, max(len(written) - _SAME_LENGTH, 0)):
        published = published_of(entry, language, _zone)
    elif only_link and _OTHER_TEXTS.isdisjoint(entry) and is_plain(said(entry, "title")):
        return None
    summary, html = _summary(entry)
    return Formerly(_links(entry), is_html(entry, "title"), summary, html, published)


def is_plain(title: str) -> bool:
    """Whether a title reads alike as a text and as HTML."""
    return (
        title.isprintable()
        and len(title) <= LONGEST_TITLE
        and "<" not in title
        and "&" not in title
    )


def former_date(value: str) -> float | None:
    """A date as the former reader read it in a JSON Feed."""
    return read_date(value, "", _zone)


def _zone(name: str, language: str) -> int:
    return _ZONES.get(name, 0)


def _summary(entry: Mapping[str, Any]) -> tuple[str, bool]:
    # A caption that stood before the description was taken for it.
    if CAPTION in entry:
        names = [name for name in entry if name in ("summary", CAPTION)]
        if names[:1] == [CAPTION] and (caption := said(entry, CAPTION)):
            return caption, True
    if summary := said(entry, "summary"):
        return summary, is_html(entry, "summary")
    for content in rows(entry, "content"):
        if value := said(content, "value"):
            return value, said(content, "type") != "text/plain"
    return "", True


def _links(entry: Mapping[str, Any]) -> list[str]:
    alternates = [
        said(link, "href") for link in rows(entry, "links") if said(link, "rel") == "alternate"
    ]
    links = [said(entry, "feedburner_origlink"), *alternates[:1], said(entry, "link"), *alternates]
    if entry.get("link") == "":
        links.append(said(entry, "id"))
    links += [elsewhere(content) for content in rows(entry, "content")]
    return list(filter(None, links))
