"""What SQL says in an engine's own words, where there is no way to say it that all engines read. It
stands here and in `search_index`, and nowhere else.

The texts are written for SQLite. Another engine translates them: what it knows by its form (a list,
an index that is named) as well as what stands side by side here.
"""

import json
from collections.abc import Collection, Iterable

from bot.news.members import SLOTS


def either(sqlite: str, postgres: str) -> str:
    """Two texts that say the same, each for one engine; SQLite takes the other for a comment."""
    return f"/*sqlite*/{sqlite}/*postgres {postgres}*/"


def listed(values: str = "?") -> str:
    """The values of a list, as SQL in parentheses; the list is passed as `as_list` makes it."""
    return f"(SELECT value FROM json_each({values}))"


def tabled(values: str, *columns: str) -> str:
    """The rows of a list, as SQL in parentheses, with these names for their columns; the list is
    passed as `as_list` makes it. A name stands alone for a whole number, and with `text` or `real`
    behind it for what is that.
    """
    names = [name.split() for name in columns]
    named = ", ".join(f"value ->> {n} AS {name[0]}" for n, name in enumerate(names))
    typed = ", ".join(
        f"(value ->> {n})::{_TYPES[''.join(name[1:])]} AS {name[0]}" for n, name in enumerate(names)
    )
    return either(
        f"(SELECT {named} FROM json_each({values}))",
        f"(SELECT {typed}, nth FROM jsonb_array_elements({values}::jsonb)"
        " WITH ORDINALITY AS l (value, nth))",
    )


_TYPES = {"": "bigint", "text": "text", "real": "double precision"}


def in_slots(chat_id: str, values: str, slots: Collection[int] | None) -> tuple[str, list[str]]:
    """The end of a condition: of these chats those of some slots, with the value that is passed for
    it; nothing where all are meant.
    """
    if slots is None:
        return "", []
    return f" AND ({chat_id} & {SLOTS - 1}) IN {listed(values)}", [as_list(slots)]


def of_hosts_in(host: str, values: str, slots: Collection[int] | None) -> tuple[str, list[str]]:
    """As `in_slots`, for hosts. Only an engine on which processes share has slots of those."""
    if slots is None:
        return "", []
    return f" AND host_slot({host}) IN {listed(values)}", [as_list(slots)]


def in_order_of(rows: str) -> str:
    """The end of a statement that takes the rows of `tabled`, of this name, in their order, where
    an engine would not do so by itself.
    """
    return either("", f" ORDER BY {rows}.nth")


def as_list(values: Iterable[object]) -> str:
    """A list of values, or of rows, as `listed` and `tabled` read it: text and numbers only."""
    return json.dumps(list(values))


def by(index: str) -> str:
    """Names the index that finds the rows of the table before it. Where it may be left to SQLite,
    it is; an engine that chooses by what it knows of the tables needs none.
    """
    return f"INDEXED BY {index}"
