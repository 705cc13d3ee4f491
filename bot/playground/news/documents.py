"""Feeds as documents: RSS 2.0, Atom, RSS 1.0 and JSON Feed, from one list of items."""

import json
from datetime import UTC, datetime
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

from bot.playground.news.newsroom import IN_A_FEED, Outlet, PublishedItem

CONTENT_TYPES = {
    "rss": "application/rss+xml; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "rdf": "application/rdf+xml; charset=utf-8",
    "json": "application/feed+json",
}


def document(outlet: Outlet) -> str:
    """The feed of an outlet with its newest items; the same items give the same text."""
    items = outlet.twist(outlet.items) if outlet.twist else outlet.items[:IN_A_FEED]
    writers = {"rss": _rss, "atom": _atom, "rdf": _rdf, "json": _json}
    return writers[outlet.form](outlet, items)


def _rss(outlet: Outlet, items: list[PublishedItem]) -> str:
    body = "\n".join(_rss_item(item) for item in items)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:media="http://search.yahoo.com/mrss/">
<channel>
<title>{escape(outlet.title)}</title>
<link>{escape(outlet.site)}</link>
<description>{escape(outlet.about)}</description>
<language>{outlet.language}</language>
<lastBuildDate>{_rfc822(outlet.changed)}</lastBuildDate>
{body}
</channel>
</rss>
"""


def _rss_item(item: PublishedItem) -> str:
    tags = "".join(f"<category>{escape(tag)}</category>" for tag in item.tags)
    author = f"<dc:creator>{escape(item.author)}</dc:creator>" if item.author else ""
    if item.image:
        author += f'<media:content url={quoteattr(item.image)} medium="image"/>'
    return f"""<item>
<title>{escape(item.title)}</title>
<link>{escape(item.link)}</link>
<guid isPermaLink="false">{escape(item.id)}</guid>
<pubDate>{_rfc822(item.published)}</pubDate>
{author}{tags}
<description>{escape(item.summary)}</description>
</item>"""


def _atom(outlet: Outlet, items: list[PublishedItem]) -> str:
    body = "\n".join(_atom_entry(item) for item in items)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang={quoteattr(outlet.language)}>
<title>{escape(outlet.title)}</title>
<subtitle>{escape(outlet.about)}</subtitle>
<id>{escape(outlet.site)}/</id>
<link href={quoteattr(outlet.site)}/>
<updated>{_iso(outlet.changed)}</updated>
{body}
</feed>
"""


def _atom_entry(item: PublishedItem) -> str:
    tags = "".join(f"<category term={quoteattr(tag)}/>" for tag in item.tags)
    author = f"<author><name>{escape(item.author)}</name></author>" if item.author else ""
    if item.image:
        author += f'<link rel="enclosure" type="image/png" href={quoteattr(item.image)}/>'
    return f"""<entry>
<title>{escape(item.title)}</title>
<link rel="alternate" href={quoteattr(item.link)}/>
<id>{escape(item.id)}</id>
<published>{_iso(item.published)}</published>
<updated>{_iso(item.published)}</updated>
{author}{tags}
<summary type="html">{escape(item.summary)}</summary>
</entry>"""


def _rdf(outlet: Outlet, items: list[PublishedItem]) -> str:
    order = "\n".join(f"<rdf:li rdf:resource={quoteattr(item.link)}/>" for item in items)
    body = "\n".join(_rdf_item(item) for item in items)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<channel rdf:about={quoteattr(outlet.site)}>
<title>{escape(outlet.title)}</title>
<link>{escape(outlet.site)}</link>
<description>{escape(outlet.about)}</description>
<dc:language>{outlet.language}</dc:language>
<items><rdf:Seq>
{order}
</rdf:Seq></items>
</channel>
{body}
</rdf:RDF>
"""


def _rdf_item(item: PublishedItem) -> str:
    return f"""<item rdf:about={quoteattr(item.link)}>
<title>{escape(item.title)}</title>
<link>{escape(item.link)}</link>
<dc:date>{_iso(item.published)}</dc:date>
<description>{escape(item.summary)}</description>
</item>"""


def _json(outlet: Outlet, items: list[PublishedItem]) -> str:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": outlet.title,
        "home_page_url": outlet.site,
        "description": outlet.about,
        "language": outlet.language,
        "items": [_json_item(item) for item in items],
    }
    return json.dumps(feed, ensure_ascii=False, indent=1)


def _json_item(item: PublishedItem) -> dict[str, object]:
    shown: dict[str, object] = {
        "id": item.id,
        "url": item.link,
        "title": item.title,
        "content_html": item.summary,
        "date_published": _iso(item.published),
        "tags": list(item.tags),
    }
    if item.image:
        shown["image"] = item.image
    return shown | ({"authors": [{"name": item.author}]} if item.author else {})


def _rfc822(when: float) -> str:
    return format_datetime(datetime.fromtimestamp(int(when), UTC), usegmt=True)


def _iso(when: float) -> str:
    return datetime.fromtimestamp(int(when), UTC).isoformat().replace("+00:00", "Z")
