"""The messages that the code names, found by reading it; and the names out of `bot.data`."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

ROOT = Path(__file__).parents[3]
_ONE = {"t", "plain", "say", "say_many"}
_COUNTING = {"n", "plain_n", "say_n"}
_FUNCTIONS = {"say", "say_n", "say_many"}
_SHORT = {"plain", "plain_n"}
LABEL = 24
_ENDS = (".", ":", "?")
# As far as a text tells: most files make none, and need not be parsed.
_MAKES = re.compile(rf"\b(?:{'|'.join(sorted(_ONE | _COUNTING))})\(")
PLACE = re.compile(r"\{\w+\}")
# Texts that no chat sees: what `tocsin …` prints keeps the words of its settings and tables.
COMMAND_LINE = ("bot/cli/", "bot/actions/feeds.py", "bot/texts/")


class TextCall(Struct, frozen=True):
    """A call that makes a message: its forms, which are None where they are no literals; the names
    of its arguments; and whether it may stand on a button.
    """

    place: str
    line: int
    forms: tuple[str | None, ...]
    names: frozenset[str]
    short: bool = False


class Translatable(Struct, frozen=True):
    """What is to be translated: the sentence for one, that for many where it counts, the kind of
    thing it names where it is a name, the files it stands in, and whether it may be on a button.
    """

    msgid: str
    many: str | None
    context: str
    places: tuple[str, ...]
    short: bool


def messages() -> list[Translatable]:
    """All that a translator translates, in the order of files and lines.

    Raises ValueError for a sentence that is said with a number and without: a language may have no
    form of it that does without the number.
    """
    found: dict[tuple[str, str], Translatable] = {}
    for call in calls():
        one, *more = call.forms
        if one is not None and not call.place.startswith(COMMAND_LINE):
            many = more[0] if more else None
            add(found, Translatable(one, many, "", (call.place,), call.short))
    for message in _names():
        add(found, message)
    return list(found.values())


def add(found: dict[tuple[str, str], Translatable], new: Translatable) -> None:
    """Adds a message to those found. Raises ValueError where it was found with another plural."""
    key = new.context, new.msgid
    old = found.get(key, new)
    if old.many != new.many:
        raise ValueError(f"{new.places[0]}: {new.msgid!r} has {_many(new)}, elsewhere {_many(old)}")
    places = tuple(dict.fromkeys((*old.places, *new.places)))
    found[key] = Translatable(new.msgid, new.many, new.context, places, old.short or new.short)


def _many(message: Translatable) -> str:
    return f"the plural {message.many!r}" if message.many else "no plural"


def calls() -> Iterator[TextCall]:
    """All calls that make a message, in the order of files and lines."""
    texts = [(path, path.read_text("utf-8")) for path in _files()]
    trees = [(path, ast.parse(text)) for path, text in texts if _MAKES.search(text)]
    labels = {name for _, tree in trees for name in _shown_plainly(tree)}
    for path, tree in trees:
        place = path.relative_to(ROOT).as_posix()
        short = _in_labels(tree, labels)
        nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        for node in sorted(nodes, key=lambda each: (each.lineno, each.col_offset)):
            if name := _maker(node.func):
                yield from _of(node, name, place, short)


def _files() -> list[Path]:
    tops = ("bot", "handlers", "storage")
    return sorted(path for top in tops for path in (ROOT / top).rglob("*.py"))


def _of(node: ast.Call, name: str, place: str, short: set[int]) -> Iterator[TextCall]:
    names = {keyword.arg or "**" for keyword in node.keywords}
    if name in _COUNTING or name == "say_many":
        names.add("n")
    ones = _literals(node.args[0]) if node.args else []
    if name in _COUNTING:
        manys = _literals(node.args[1]) if len(node.args) > 1 else [None]
        found: list[tuple[str | None, ...]] = list(zip(ones, manys, strict=False))
    else:
        found = [(one, one) if name == "say_many" else (one,) for one in ones]
    for forms in found:
        shown = PLACE.sub("", forms[0] or "")
        # What the chat says without a reader, and not as a sentence, may become a button too.
        label = place.startswith("handlers/") and name in _FUNCTIONS and not shown.endswith(_ENDS)
        is_short = 0 < len(shown) <= LABEL and (name in _SHORT or id(node) in short or label)
        yield TextCall(place, node.lineno, forms, frozenset(names), is_short)


def _literals(said: ast.expr) -> list[str | None]:
    """The sentences that an expression may be: more than one where a condition chooses."""
    if isinstance(said, ast.IfExp):
        return _literals(said.body) + _literals(said.orelse)
    return [said.value if isinstance(said, ast.Constant) and isinstance(said.value, str) else None]


def _maker(called: ast.expr) -> str | None:
    """What makes a message: a method of a locale, or a function of `said`."""
    if isinstance(called, ast.Name) and called.id in _FUNCTIONS:
        return called.id
    if isinstance(called, ast.Attribute) and called.attr in (_ONE | _COUNTING) - _FUNCTIONS:
        owner = called.value
        if isinstance(owner, ast.Call):  # which makes a locale
            return called.attr
        last = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
        return called.attr if last in ("locale", "_locale") else None
    return None


def _shown_plainly(tree: ast.Module) -> Iterator[str]:
    """The names of constants that `plain` shows: `SETTINGS` of `locale.plain(SETTINGS[name])`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _maker(node.func) == "plain" and node.args:
            shown = node.args[0]
            while isinstance(shown, ast.Subscript | ast.Attribute):
                shown = shown.value
            if isinstance(shown, ast.Name):
                yield shown.id


def _in_labels(tree: ast.Module, labels: set[str]) -> set[int]:
    """The calls within such constants, those of `HelpLine`, and the first of pairs that make a
    button.
    """
    inside: list[ast.expr] = []
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in labels:
                inside.append(value)
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                inside += [value] if name in labels else []
            case ast.Call(func=ast.Name(id="HelpLine"), args=[_, _, label, *_]):
                inside.append(label)
            case ast.Tuple(elts=[label, ast.Call(func=ast.Name(id="pack"))]):
                inside.append(label)
    return {id(call) for each in inside for call in ast.walk(each) if isinstance(call, ast.Call)}


def _names() -> Iterable[Translatable]:
    """Names of ready-made topics and their groups, and of the regions of well-known sources."""
    topics, regions = "bot/data/presets.txt", "bot/data/starter.opml"
    for line in (ROOT / topics).read_text("utf-8").splitlines():
        if group := re.fullmatch(r"\[([^\[\]]+)\]", line):
            yield Translatable(group[1], None, "group of topics", (topics,), True)
        elif topic := re.fullmatch(r"\*?\s*[a-z0-9-]+ = ([^;]+).*", line):
            yield Translatable(topic[1].strip(), None, "topic", (topics,), True)
    for region in re.findall(
        r'^<outline text="([^"]+)">', (ROOT / regions).read_text("utf-8"), re.M
    ):
        yield Translatable(region, None, "region", (regions,), False)
