"""A fast reader of well-formed RSS 2.0 and Atom 1.0, in front of feedparser: a tenth of its time.

It gives what feedparser gives, in the fields that `bot.feeds.reading.items` looks at, and nothing
where a document has anything that it does not know to be read alike: then feedparser reads it. What
is read how follows feedparser's handlers (its `mixin.py` and `namespaces/_base.py`), whose names
stand in the comments; `tests/feeds/test_quick.py` holds the two against each other.

Pure. No entity is resolved, no document type allowed, nothing fetched; lxml's own bounds hold.
"""

from collections.abc import Callable
from typing import Any, Protocol

from lxml import etree

from bot.feeds.reading import quick_names as names
from bot.feeds.reading.elements import text_of, without_slashes
from bot.feeds.reading.mending import CAPTION

# Where a document type stands, if it is to be seen before anything is parsed.
_PROLOGUE = 20_000


class _Unknown(Exception):  # noqa: N818  (no error: feedparser reads it)
    """The document has what this reader does not know."""


class Usual(Protocol):
    """Reads an entry of the usual kind, or says None; see `bot.feeds.reading.usual`."""

    def __call__(self, item: Any, *, is_atom: bool, leaves: Callable[[Any], bool]) -> Any: ...


def read_quickly(
    text: str, looks_like_html: Callable[[str], bool], usual: Usual | None = None
) -> dict[str, Any] | None:
    """What feedparser would find in a mended document: `feed`, `entries`, `version`; None where it
    must be asked itself. `looks_like_html` is feedparser's own, asked of few titles. In the place
    of entries that are `usual` stands what that makes of them.
    """
    body = text.encode("utf-8", "replace")
    lowered = body.lower()
    # A base can outlast its element there.
    if b"base" in lowered and names.BASE.search(lowered):
        return None
    if body.find(b"<!DOCTYPE", 0, _PROLOGUE) >= 0:
        return None
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False,
        remove_comments=True, remove_pis=True, huge_tree=False, collect_ids=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(body, parser)
        if root.getroottree().docinfo.doctype or _has_odd_prefixes(text):
            return None
        return _Reader(looks_like_html, usual).read(root)
    except (etree.LxmlError, ValueError, _Unknown):
        return None


def _has_odd_prefixes(text: str) -> bool:
    """Whether a prefix that means something stands for another address."""
    last = text.rfind("xmlns:")
    declared = names.DECLARED.findall(text, 0, text.find(">", last)) if last >= 0 else []
    return any(
        prefix.lower() in names.MEANT and uri.lower() not in names.PREFIXES
        for prefix, uri in declared
    )


def _with_href(attributes: dict[str, str]) -> dict[str, str]:
    """_enforce_href"""
    href = attributes.get("url", attributes.get("uri", attributes.get("href")))
    if href:
        attributes = {k: v for k, v in attributes.items() if k not in ("url", "uri")}
        attributes["href"] = href
    return attributes


class _Reader:
    """Reads one document, in its order, since feedparser's answers depend on it. Depths are those
    of its elements, the root's being 1.
    """

    def __init__(self, looks_like_html: Callable[[str], bool], usual: Usual | None) -> None:
        self._looks_like_html = looks_like_html
        self._usual = usual
        self._names: dict[tuple[str, str | None], str] = {}
        self._parts: dict[tuple[str, str | None], tuple[str, bool, _Part | None]] = {}
        self._is_atom = False
        self._title_depth = -1
        self._depths: dict[str, int] = {}
        self._has_content = False

    def read(self, root: Any) -> dict[str, Any]:
        """The whole document, or raises _Unknown."""
        if "http://purl.org/rss/1.0/" in map(str.lower, root.nsmap.values()):
            raise _Unknown  # it would be called RDF
        self._is_atom = root.tag == f"{{{names.ATOM}}}feed"
        if any(name not in (names.LANG, "version") for name in root.attrib):
            raise _Unknown
        said = root.get(names.LANG)
        feed = {"language": said.replace("_", "-")} if said else {}
        if self._is_atom:
            return {"feed": feed, "entries": self._feed(root, feed, 2), "version": "atom10"}
        if root.tag != "rss" or [child.tag for child in root] != ["channel"] or root[0].attrib:
            raise _Unknown
        return {"feed": feed, "entries": self._feed(root[0], feed, 3), "version": "rss20"}

    def _feed(self, channel: Any, feed: dict[str, Any], depth: int) -> list[Any]:
        entries: list[Any] = []
        entry = "entry" if self._is_atom else "item"
        as_most_write_it = f"{{{names.ATOM}}}entry" if self._is_atom else "item"
        for child in channel:
            name = entry if child.tag == as_most_write_it else self._name(child)
            if name == entry:
                entries.append(self._entry(child, depth + 1))
            elif name == "title":
                self._title(child, feed, depth, in_entry=False)
            elif name == "link":
                self._link(child, name, feed, depth)
            elif name == "id":
                self._id(child, name, feed, depth)
            elif name in ("language", "dc_language"):
                feed["language"] = text_of(child)
            elif name == "image" and not self._is_atom:
                self._image(child, depth)
            elif name in names.KEPT_OF_FEED:
                feed[name] = dict(child.attrib) or text_of(child)
            elif name in ("description", "itunes_summary") and not self._is_atom:
                self._of_feed(child, feed)
            elif not self._leaves(name, names.LEFT_OF_FEED):
                raise _Unknown
            elif name in names.INSIDE:
                self._look_inside(child, name)
        return entries

    def _of_feed(self, child: Any, feed: dict[str, Any]) -> None:
        """_start_description, _start_summary: a second one counts as content until an item ends."""
        self._typed(child, "text/html")
        if "summary" in feed:
            self._has_content = True
        elif self._name(child) == "itunes_summary":
            feed["summary"] = ""

    def _image(self, image: Any, depth: int) -> None:
        """_start_image: what is in it is not the feed's, but its title ends the search for one."""
        found = {self._name(part) for part in image if not len(part) and not part.attrib}
        if len(found) != len(image) or not found <= names.OF_IMAGE:
            raise _Unknown
        titled = any(self._name(part) == "title" and text_of(part) for part in image)
        self._title_depth = depth + 1 if titled else -1

    def _entry(self, item: Any, depth: int) -> Any:
        if self._usual is not None:
            usual = self._usual(item, is_atom=self._is_atom, leaves=self._leaves_nothing)
            if usual is not None:
                self._title_depth, self._has_content = depth, False
                return usual
        if item.keys() not in ([], [names.LANG]):
            raise _Unknown
        entry: dict[str, Any] = {}
        self._title_depth, self._depths = -1, {}
        parts = self._parts
        for child in item:
            place = (child.tag, child.prefix)
            name, nests, read = parts.get(place) or self._part(place)
            if len(child) and not nests:
                self._look_through(child, name)
            if read is not None:
                read(self, child, name, entry, depth)
        self._has_content = False
        return entry

    def _leaves_nothing(self, child: Any) -> bool:
        place = (child.tag, child.prefix)
        return (self._parts.get(place) or self._part(place))[2] is None

    def _part(self, place: tuple[str, str | None]) -> tuple[str, bool, "_Part | None"]:
        """What a part of an entry is called, whether others may stand in it, and what reads it, if
        it leaves anything.
        """
        name = _named(*place)
        read = (_OF_ATOM if self._is_atom else _OF_RSS).get(name) or _OF_BOTH.get(name)
        if read is None and name.startswith("media_"):
            read = _Reader._media
        if read is None and not self._leaves(name, names.LEFT):
            raise _Unknown
        self._parts[place] = found = (name, name in names.NESTING, read)
        return found

    def _date(self, child: Any, name: str, entry: dict[str, Any], _: int) -> None:
        entry[names.DATES[name]] = text_of(child)

    def _subtitle(self, child: Any, _: str, entry: dict[str, Any], __: int) -> None:
        entry["subtitle"], _ = self._typed(child, "text/plain")

    def _enclosure(self, child: Any, _: str, entry: dict[str, Any], __: int) -> None:
        attributes = _with_href(self._attributes(child)) | {"rel": "enclosure"}
        entry.setdefault("links", []).append(attributes)

    def _source(self, child: Any, _: str, entry: dict[str, Any], __: int) -> None:
        entry["source"] = {"title": value} if (value := text_of(child)) else {}
        self._title_depth = -1

    def _original(self, child: Any, name: str, entry: dict[str, Any], _: int) -> None:
        entry[name] = dict(child.attrib) or text_of(child)

    def _picture(self, child: Any, _: str, entry: dict[str, Any], __: int) -> None:
        said = self._attributes(child)
        if address := said.get("href") or said.get("url"):
            entry["image"] = {"href": address}

    def _person(self, child: Any, name: str, entry: dict[str, Any], depth: int) -> None:
        inside = names.INSIDE[name]
        for part in child:
            inner = self._name(part)
            if len(part) or not (inner in inside or self._leaves(inner)):
                raise _Unknown
            if inner == "uri":  # _end_url leaves it as the entry's own
                self._attributes(part)
                self._keep(entry, "href", "href", self._address(part), depth + 1)

    def _leaves(self, name: str, left: frozenset[str] = frozenset()) -> bool:
        """Whether what is so called leaves nothing that is looked at."""
        prefix, mark, _ = name.partition("_")
        return name in left or (bool(mark) and prefix not in names.MEANT)

    def _look_inside(self, child: Any, name: str) -> None:
        """Passes over what leaves nothing, if it has in it what is known."""
        inside = names.INSIDE.get(name, ())
        for part in child:
            inner = self._name(part)
            if len(part) or not (inner in inside or self._leaves(inner)):
                raise _Unknown

    def _look_through(self, child: Any, name: str) -> None:
        """Passes over what is of an address without a meaning, with all that is in it."""
        if not self._leaves(name) or not all(
            self._leaves(_named(part.tag, part.prefix)) for part in child.iterdescendants()
        ):
            raise _Unknown

    def _media(self, child: Any, name: str, entry: dict[str, Any], depth: int) -> None:
        attributes = self._attributes(child)
        if name == "media_content":
            entry.setdefault(name, []).append(attributes)
        if name in ("media_content", "media_group"):
            for part in child:
                if not (inner := self._name(part)).startswith("media_"):
                    raise _Unknown
                self._media(part, inner, entry, depth + 1)
        elif name == "media_thumbnail":
            address = self._address(child)
            # pop: a FeedParserDict keeps `url` under `href`, a picture's attributes do not.
            self._keep(entry, "url", "href", address, depth)
            if address:
                attributes.setdefault("url", address)
            entry.setdefault(name, []).append(attributes)
        elif name == "media_title":
            before = self._title_depth
            self._title(child, entry, depth, in_entry=True)
            self._title_depth = before
        elif name == CAPTION and not attributes:
            self._keep(entry, name, name, text_of(child), depth)
        elif not self._leaves(name, names.LEFT):
            raise _Unknown

    def _title(self, child: Any, context: dict[str, Any], depth: int, *, in_entry: bool) -> None:
        """_start_title, pop, _end_title: the first that is not empty counts, unless deeper."""
        value, kind = self._typed(child, "text/plain")
        if not -1 < self._title_depth <= depth:
            if in_entry:
                self._keep(context, "title", "title", value, depth)
            else:
                context["title"] = value
            context["title_detail"] = {"type": kind}
        if value:
            self._title_depth = depth

    def _title_of_entry(self, child: Any, _: str, entry: dict[str, Any], depth: int) -> None:
        self._title(child, entry, depth, in_entry=True)

    def _summary(self, child: Any, name: str, entry: dict[str, Any], _: int) -> None:
        """_start_description, _start_summary: a second one is taken for content."""
        if "summary" in entry and not self._has_content:
            return self._as_content(child, entry, "text/plain")
        value, kind = self._typed(child, "text/html" if name == "description" else "text/plain")
        entry["summary"], entry["summary_detail"] = value, {"type": kind}

    def _content(self, child: Any, name: str, entry: dict[str, Any], _: int) -> None:
        self._as_content(child, entry, "text/html" if "_" in name else "text/plain")

    def _as_content(self, child: Any, entry: dict[str, Any], kind: str) -> None:
        self._has_content = True
        if child.get("src"):
            raise _Unknown
        value, kind = self._typed(child, kind)
        entry.setdefault("content", []).append({"type": kind, "value": value})
        entry.setdefault("summary", value)

    def _link(self, child: Any, _: str, context: dict[str, Any], __: int) -> None:
        attributes = self._attributes(child)
        own = attributes.setdefault("rel", "alternate") == "self"
        attributes.setdefault("type", "application/atom+xml" if own else "text/html")
        if "url" in attributes or "uri" in attributes:
            attributes = _with_href(attributes)
        context.setdefault("links", []).append(attributes)
        if "href" not in attributes:
            value = self._address(child)
            if "&" in value:
                value = names.REFERENCE.sub(r"&\g<1>", value.replace("&amp;", "&"))
            context["link"] = value
            if value:
                attributes["href"] = value
            return
        attributes["href"] = without_slashes(attributes["href"])
        if attributes["rel"] == "alternate" and attributes["type"] in names.HTML_TYPES:
            context["link"] = attributes["href"]

    def _id(self, child: Any, _: str, context: dict[str, Any], __: int) -> None:
        """_end_guid"""
        is_link = self._attributes(child).get("ispermalink", "true") == "true"
        context["id"] = self._address(child) if is_link else text_of(child)
        if is_link:
            context.setdefault("link", context["id"])

    def _keep(self, entry: dict[str, Any], what: str, key: str, value: str, depth: int) -> None:
        """pop: what stands deeper gives way to what stood higher."""
        if depth <= self._depths.get(what, depth):
            self._depths[what] = depth
            entry[key] = value

    def _typed(self, child: Any, kind: str) -> tuple[str, str]:
        """A text and its type, as push_content and pop have it."""
        if child.keys() and (attributes := self._attributes(child)):
            if attributes.keys() != {"type"} or attributes["type"] not in names.TEXT_TYPES:
                raise _Unknown
            kind = names.TEXT_TYPES[attributes["type"]]
        value = text_of(child)
        guessed = kind == "text/plain" and not self._is_atom and ("</" in value or "&" in value)
        return value, "text/html" if guessed and self._looks_like_html(value) else kind

    def _address(self, child: Any) -> str:
        return without_slashes(text_of(child))

    def _attributes(self, element: Any) -> dict[str, str]:
        """_normalize_attributes; those of other namespaces would be taken for plain ones."""
        found = {}
        for name, value in element.items():
            if name == names.LANG:
                continue
            key = name.lower()
            if key[0] == "{":
                raise _Unknown
            if not value.isprintable():  # a blank that is written as it is comes as a space
                value = value.translate(names.BLANKS)
            found[key] = value.lower() if key in ("rel", "type") else value
        return found

    def _name(self, element: Any) -> str:
        """startElementNS: the prefix that an address means, and the name in small letters."""
        place = (element.tag, element.prefix)
        if place not in self._names:
            self._names[place] = _named(*place)
        name = self._names[place]
        if len(element) and name not in names.NESTING:
            self._look_through(element, name)
        return name


_Part = Callable[[_Reader, Any, str, dict[str, Any], int], None]
_OF_BOTH: dict[str, _Part] = {
    "title": _Reader._title_of_entry,
    "link": _Reader._link,
    "guid": _Reader._id,
    "id": _Reader._id,
    **dict.fromkeys(names.DATES, _Reader._date),
    "itunes_summary": _Reader._summary,
    "itunes_subtitle": _Reader._subtitle,
    "content_encoded": _Reader._content,
    "enclosure": _Reader._enclosure,
    "feedburner_origlink": _Reader._original,
    "itunes_image": _Reader._picture,
    "author": _Reader._person,
    "contributor": _Reader._person,
}
_OF_RSS: dict[str, _Part] = {"description": _Reader._summary, "source": _Reader._source}
_OF_ATOM: dict[str, _Part] = {"summary": _Reader._summary, "content": _Reader._content}


def _named(tag: str, prefix: str | None) -> str:
    uri, _, name = tag.rpartition("}")
    prefix = names.PREFIXES.get(uri[1:].lower(), prefix) if uri else ""
    if prefix is None and name not in names.ALONE:
        raise _Unknown
    return (f"{prefix}_{name}" if prefix else name).lower()
