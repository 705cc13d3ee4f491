"""The terms of a report as they are stored with it, so that a start need not split texts again."""

from bot.news.stories.terms import NO_NUMBERS, Terms

VERSION = "1"
"""Rises where `terms_of` splits a text otherwise than before: what is stored is then split anew."""
_FIELD, _ITEM = "\x1f", "\x1e"
_FLAGS = ("cased", "anonymous", "stock", "brief")


def packed(terms: Terms) -> str:
    """The terms as one text, some two hundred characters."""
    lists = (terms.title, terms.summary, sorted(terms.numbers), terms.names)
    flags = "".join("01"[getattr(terms, flag)] for flag in _FLAGS)
    return _FIELD.join([VERSION, flags, *(_ITEM.join(items) for items in lists)])


def unpacked(text: str | None) -> Terms | None:
    """What `packed` made, or None where it was of another version."""
    fields = (text or "").split(_FIELD)
    if len(fields) != 6 or fields[0] != VERSION:
        return None
    title, summary, numbers, names = (
        tuple(field.split(_ITEM)) if field else () for field in fields[2:]
    )
    cased, anonymous, stock, brief = (flag == "1" for flag in fields[1])
    kept = frozenset(numbers) if numbers else NO_NUMBERS
    return Terms(title, summary, kept, names, cased, anonymous, stock, brief)
