"""A message to people that nobody has read yet: which one, and with what. Pure.

Errors, reasons and advice carry it to where it is known who reads: `bot.texts.locale` says it in
their language; `str()` says it in English, for logs and the command line.
"""

from collections.abc import Mapping
from typing import TypeAlias

from msgspec import Struct, field

Arg: TypeAlias = "str | int | float | Said"
"""What stands in a message: text of others, a number, or a message. Html goes in as it is. What is
no whole number is shown with one decimal.
"""


class Said(Struct, frozen=True):
    """A message id, which is the English sentence, and what stands in the places in its braces.
    Where it counts something, `many` is the sentence for another number than one, and `n` the
    number. One that `begins` a sentence has a capital letter, where the script has some. A name out
    of `bot.data` has a `context`: what kind of thing it names.
    """

    msgid: str
    args: Mapping[str, Arg] = field(default_factory=dict)
    many: str | None = None
    begins: bool = False
    context: str = ""

    @property
    def number(self) -> int:
        """What chooses its form; one where it counts nothing."""
        counted = str(self.args["n"]) if self.many is not None else "1"
        return int(counted) if counted.isdecimal() else 1

    @property
    def form(self) -> str:
        """The English sentence for its number."""
        form = self.msgid if self.many is None or self.number == 1 else self.many
        return form[:1].upper() + form[1:] if self.begins else form

    def __str__(self) -> str:
        """In English, as plain text."""
        return self.form.format_map({name: _in_english(arg) for name, arg in self.args.items()})

    def __hash__(self) -> int:
        return hash((self.context, self.msgid, self.many, tuple(self.args.items())))


def _in_english(arg: Arg) -> str:
    if isinstance(arg, float):
        return f"{arg:,.1f}"
    return f"{arg:,}" if isinstance(arg, int) else str(arg)


def say(msgid: str, **args: Arg) -> Said:
    """A message; its arguments are named as in the braces of the sentence."""
    return Said(msgid, args)


def say_n(one: str, many: str, n: int, **args: Arg) -> Said:
    """A message that counts: `one` for the number one, `many` with `{n}` for others."""
    return Said(one, {"n": n, **args}, many)


def say_many(many: str, n: int, **args: Arg) -> Said:
    """A message that counts what is never one, or of which English says one alike: "1 a day"."""
    return Said(many, {"n": n, **args}, many)


def named(kind: str, name: str) -> Said:
    """A name out of a file of `bot.data`, which is translated where the catalogue has it under this
    kind of thing; others are shown as they are.
    """
    return Said(name.replace("{", "{{").replace("}", "}}"), context=kind)
