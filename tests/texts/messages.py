"""The messages that the code names, found by reading it: those in f-strings too."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
_ONE = {"t", "plain", "say", "label"}
_COUNTING = {"n", "plain_n", "say_n"}
_ALWAYS = {"n"}


@dataclass(frozen=True)
class Found:
    """A call that makes a message: its forms, which are None where they are no literals, and the
    names of its arguments.
    """

    place: str
    forms: tuple[str | None, ...]
    names: frozenset[str]


@cache
def messages() -> tuple[Found, ...]:
    """All of them, in the order of files and lines."""
    files = sorted(p for top in ("bot", "handlers", "storage") for p in (ROOT / top).rglob("*.py"))
    return tuple(found for path in files for found in _of(path))


def _of(path: Path) -> Iterator[Found]:
    if path.is_relative_to(ROOT / "bot" / "texts") or path == ROOT / "bot" / "news" / "why.py":
        return  # reasons get their arguments later: tests/news/test_why.py
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and (name := _name(node.func)):
            forms = node.args[: 2 if name in _COUNTING else 1]
            names = {keyword.arg or "**" for keyword in node.keywords}
            yield Found(
                f"{path.relative_to(ROOT)}:{node.lineno}",
                tuple(map(_literal, forms)),
                frozenset(names | (_ALWAYS if name in _COUNTING else set())),
            )


def _literal(said: ast.expr) -> str | None:
    return said.value if isinstance(said, ast.Constant) and isinstance(said.value, str) else None


def _name(called: ast.expr) -> str | None:
    """What makes a message: a method of a locale, or a function of `said`."""
    if isinstance(called, ast.Name) and called.id in ("say", "say_n"):
        return called.id
    if isinstance(called, ast.Attribute) and called.attr in _ONE | _COUNTING:
        owner = called.value
        last = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
        return called.attr if last in ("locale", "_locale") else None
    return None
