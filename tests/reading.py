"""Messages as people read them."""

_SHOWS_NOTHING = dict.fromkeys(map(ord, "\u2068\u2069"))


def seen(text: str) -> str:
    """A text without what only keeps directions apart (Unicode UAX 9)."""
    return text.translate(_SHOWS_NOTHING)
