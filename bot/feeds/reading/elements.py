"""What an element of a well-formed document says, as feedparser takes it. Pure."""

from contextlib import suppress
from typing import Any

from bot.feeds.reading import quick_names as names


def text_of(element: Any) -> str:
    """pop: what an element says, which was UTF-8 twice or Windows-1252 for some."""
    text: str | None = element.text
    if text is None:
        return ""
    text = text.strip()
    if text.isascii() or names.ODD.search(text) is None:
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode("utf-8")
    return text.translate(names.WINDOWS) if names.CONTROL.search(text) else text


def without_slashes(address: str) -> str:
    """_urljoin, where nothing is known of the base."""
    return names.SLASHES.sub(r"\1\3", address) if ":///" in address else address
