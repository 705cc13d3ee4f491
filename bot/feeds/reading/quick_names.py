"""The names in feeds that `bot.feeds.reading.quick` knows, and how feedparser reads them. Pure."""

import re

ATOM = "http://www.w3.org/2005/Atom"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# feedparser goes by these addresses, in any case, and not by the prefixes of a document. All for
# which it has handlers stand here.
PREFIXES = {
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://search.yahoo.com/mrss/": "media",
    "http://search.yahoo.com/mrss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://webns.net/mvcb/": "admin",
    "http://www.georss.org/georss": "georss",
    "http://www.opengis.net/gml": "gml",
    "http://www.w3.org/2003/01/geo/wgs84_pos#": "geo",
    "http://podlove.org/simple-chapters": "psc",
    "http://creativecommons.org/ns#license": "cc",
    "http://web.resource.org/cc/": "cc",
    "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativecommons",
}
# Elements under other prefixes only leave values that nobody looks at.
MEANT = frozenset((*PREFIXES.values(), "title", "summary")) - {""}
# These under the prefixes that mean something, or none, leave nothing that is looked at either.
LEFT_NAMES = """
    author contributor managingeditor webmaster generator category keywords comments rights docs
    copyright icon logo cloud rating expirationdate dc_creator dc_subject dc_rights dc_publisher
    media_credit media_rating media_keywords media_category media_copyright media_restriction
    media_license media_text media_player media_community itunes_author itunes_duration
    itunes_explicit itunes_keywords itunes_episode itunes_season itunes_episodetype itunes_title
    itunes_block itunes_type georss_point georss_featurename georss_elev geo_lat geo_long
    admin_generatoragent admin_errorreportsto
"""
LEFT_NAMES_OF_FEED = """
    subtitle itunes_subtitle updated published pubdate lastbuilddate itunes_image itunes_owner
    itunes_category media_thumbnail media_content
"""
# WordPress puts these under an address of their own without a prefix; they leave themselves only.
ALONE = frozenset(("site", "post-id"))
LEFT = ALONE | frozenset(LEFT_NAMES.split())
LEFT_OF_FEED = LEFT | frozenset(LEFT_NAMES_OF_FEED.split())
INSIDE = {
    **dict.fromkeys(("author", "contributor"), ("name", "email", "uri")),
    "itunes_owner": ("itunes_name", "itunes_email"),
    "itunes_category": ("itunes_category",),
}
NESTING = frozenset((*INSIDE, "media_content", "media_group", "image", "item", "entry"))
OF_IMAGE = frozenset(("url", "title", "link", "width", "height", "description"))
KEPT_OF_FEED = frozenset(("ttl", "sy_updateperiod", "sy_updatefrequency", "itunes_new-feed-url"))
HTML_TYPES = frozenset(("text/html", "application/xhtml+xml", "html", "xhtml"))
TEXT_TYPES = {
    "text": "text/plain", "plain": "text/plain", "text/plain": "text/plain",
    "html": "text/html", "text/html": "text/html",
}  # fmt: skip
WINDOWS = {code: bytes([code]).decode("cp1252", "replace") for code in range(0x80, 0xA0)}
WINDOWS = {code: char for code, char in WINDOWS.items() if char != "\ufffd"}
BLANKS = str.maketrans("\t\n", "  ")
CONTROL = re.compile("[\x80-\x9f]")
# One of these is in whatever was UTF-8 twice or has a control character.
ODD = re.compile("[\x80-\x9f]|[\xc2-\xf4][\xa0-\xbf]")
DATES = {
    "pubdate": "published", "published": "published", "dcterms_issued": "published",
    "updated": "updated", "dc_date": "updated", "dcterms_modified": "updated",
    "created": "created", "dcterms_created": "created",
}  # fmt: skip
BASE = re.compile(rb"base\s*=")
SLASHES = re.compile(r"^([A-Za-z][A-Za-z0-9+-.]*://)(/*)(.*?)")
DECLARED = re.compile(r"""\sxmlns:([\w.-]+)\s*=\s*["']([^"']*)""")
REFERENCE = re.compile("&([A-Za-z0-9_]+);")
