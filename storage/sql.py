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


def numbers(values: str) -> str:
    """The rows of a list of whole numbers, as SQL in parentheses, each in the column `value`."""
    return either(
        f"(SELECT value FROM json_each({values}))",
        f"(SELECT value::bigint AS value FROM jsonb_array_elements({values}::jsonb))",
    )


_TYPES = {"": "bigint", "text": "text", "real": "double precision"}


def with_record(packed: str, record: str, key: int, size: int) -> str:
    """What is `packed` with one record more, or with it in place of the one of its key, which are
    the `key` first of its bytes of so many as `size`. That a key stands there by chance, across two
    records, is one case of 2^64.
    """

    def said(find: str, joined: str) -> str:
        at = find.format(packed, f"substr({record}, 1, {key})")
        put = f"substr({packed}, 1, {at} - 1) || {record} || substr({packed}, {at} + {size})"
        return (
            f"CASE {at} WHEN 0 THEN {joined.format(f'{packed} || {record}')}"
            f" ELSE {joined.format(put)} END"
        )

    return either(said("instr({}, {})", "CAST({} AS BLOB)"), said("position({1} IN {0})", "({})"))


def lacks_record(packed: str, record: str, but: int, since: str) -> str:
    """Whether what is `packed` has not that record, but for its last two bytes, which are not less
    than `since`; `but` are the bytes before these.
    """

    def said(find: str) -> str:
        at = find.format(packed, f"substr({record}, 1, {but})")
        return f"({at} = 0 OR substr({packed}, {at} + {but}, 2) < {since})"

    return either(said("instr({}, {})"), said("position({1} IN {0})"))


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
