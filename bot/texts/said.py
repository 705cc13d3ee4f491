"""A message to people that nobody has read yet: which one, and with what. Pure.

Errors, reasons and advice carry it to where it is known who reads: `bot.texts.locale` says it in
their language; `str()` says it in English, for logs and the command line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Arg: TypeAlias = "str | int | Said"
"""What stands in a message: text of others, a number, or a message. Html goes in as it is."""


@dataclass(frozen=True, slots=True)
class Said:
    """A message id, which is the English sentence, and what stands in the places in its braces.
    Where it counts something, `many` is the sentence for another number than one, and `n` the
    number. One that `begins` a sentence has a capital letter, where the script has some.
    """

    msgid: str
    args: Mapping[str, Arg] = field(default_factory=dict)
    many: str | None = None
    begins: bool = False

    @property
    def form(self) -> str:
        """The English sentence for its number."""
        form = self.msgid if self.many is None or self.args["n"] == 1 else self.many
        return form[:1].upper() + form[1:] if self.begins else form

    def __str__(self) -> str:
        """In English, as plain text."""
        shown = {name: f"{v:,}" if isinstance(v, int) else str(v) for name, v in self.args.items()}
        return self.form.format_map(shown)

    def __hash__(self) -> int:
        return hash((self.msgid, self.many, tuple(self.args.items())))


def say(msgid: str, **args: Arg) -> Said:
    """A message; its arguments are named as in the braces of the sentence."""
    return Said(msgid, args)


def say_n(one: str, many: str, n: int, **args: Arg) -> Said:
    """A message that counts: `one` for the number one, `many` with `{n}` for others."""
    return Said(one, {"n": n, **args}, many)
