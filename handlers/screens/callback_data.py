"""What buttons carry: `v1:action:argument:…`, at most 64 bytes (Bot API, InlineKeyboardButton).
Buttons of a screen about a channel that stands elsewhere name it: `v1@channel:action:…`.

Buttons are stateless: anybody may press any button at any time, so each press is checked anew.
Pure.
"""

from collections.abc import Sequence

from msgspec import Struct

_VERSION = "v1"
_MOST_BYTES = 64
_TICK = "✓ "
# Characters of a label that Telegram shows whole at 390 pixels, by how many stand in a row.
_LONGEST_ABREAST = {2: 17, 3: 10}


class Press(Struct, frozen=True):
    """A button's action and its arguments; `about` is the channel that its screen is about."""

    action: str
    arguments: tuple[str, ...]
    about: int | None = None

    def number(self, place: int) -> int | None:
        """The argument at `place` as a whole number, if it is one."""
        return _whole(self.arguments[place] if place < len(self.arguments) else "")


def _whole(text: str) -> int | None:
    digits = text.removeprefix("-")
    # Eighteen digits are within what the database can hold, and more than any id has.
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) <= 18 else None


def pack(action: str, *arguments: int | str) -> str:
    """The text a button carries. Raises ValueError if it is longer than Telegram allows."""
    data = ":".join([_VERSION, action, *map(str, arguments)])
    if len(data.encode()) > _MOST_BYTES:
        raise ValueError(f"a button would carry more than {_MOST_BYTES} bytes: {data!r}")
    return data


def about_channel(data: str, channel_id: int) -> str:
    """The same button on a screen about a channel. Raises ValueError as `pack` does."""
    marked = data.replace(_VERSION, f"{_VERSION}@{channel_id}", 1)
    if len(marked.encode()) > _MOST_BYTES:
        raise ValueError(f"a button would carry more than {_MOST_BYTES} bytes: {marked!r}")
    return marked


def unpack(data: str) -> Press | None:
    """What a button carried, or None for one of another version or another bot."""
    head, *rest = data.split(":")
    version, at, channel = head.partition("@")
    about = _whole(channel) if at else None
    if version != _VERSION or not rest or not rest[0].isidentifier() or (at and about is None):
        return None
    return Press(rest[0], tuple(rest[1:]), about)


def in_rows(labels: Sequence[str]) -> list[list[int]]:
    """Places of labels arranged in rows that fit a phone: indexes of `labels`, row by row.

    Telegram gives all buttons of a row the same width and cuts what is longer, so the longest
    decides. A tick counts as nothing: buttons must not move when one is pressed.
    """
    rows: list[list[int]] = [[]]
    longest = 0
    for place, label in enumerate(labels):
        longest = max(longest, len(label.removeprefix(_TICK)))
        if rows[-1] and longest > _LONGEST_ABREAST.get(len(rows[-1]) + 1, -1):
            rows.append([])
            longest = len(label.removeprefix(_TICK))
        rows[-1].append(place)
    return [row for row in rows if row]
