"""Every table that lives as long as the process has a bound, and docs/operating.md names it."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_TABLES = {
    "dict", "list", "set", "deque", "Counter", "defaultdict", "OrderedDict", "Queue",
    "WeakValueDictionary", "array", "_Terms",
}  # fmt: skip
_CACHES = {"lru_cache", "cache"}
# They end with the message, document, command or process that they were made for.
_SHORT = {
    "bot.app._Ending.errors", "bot.crash_points._armed", "bot.loops.Stop._inner",
    "bot.loops.Stop.wakeups",
    "bot.delivery.verdict._tdlib", "bot.feeds.reading.entries.RawEntry.images",
    "bot.feeds.reading.entries.RawEntry.links", "bot.feeds.reading.entries.RawEntry.summaries",
    "bot.feeds.finder._Trail.found",
    "bot.feeds.finder._Trail.tried", "bot.feeds.reading.quick._Reader._depths",
    "bot.feeds.reading.quick._Reader._names", "bot.feeds.reading.quick._Reader._parts",
    "bot.feeds.reading.former.Formerly.links", "bot.feeds.fetching.gzipped.Inflater._parts",
    "bot.feeds.opml._Outlines._groups", "bot.feeds.opml._Outlines.found",
    "bot.news.stories.layer._NONE",
    "bot.news.query.highlight._Wanted._beginnings", "bot.news.query.highlight._Wanted._stems",
    "bot.news.query.highlight._Wanted._words", "bot.news.query.match.Places._beginning",
    "bot.news.query.match.Places.of", "bot.news.query.match.StoryText._fields",
    "bot.pipeline.placing.tellings.ToldToday._counts",
    "bot.pipeline.placing.audience._Wish.topics",
    "storage.copying.Progress.tables",
}  # fmt: skip
_LINE = re.compile(r"^\| `(?P<where>[\w.]+)` \|", re.MULTILINE)


def _name(node: ast.AST | None) -> str:
    """`Counter` of `Counter()`, `Counter[int]()` and `collections.Counter`."""
    match node:
        case ast.Call(func=inner) | ast.Subscript(value=inner):
            return _name(inner)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Dict():
            return "dict"
        case ast.List():
            return "list"
    return ""


def _makes_a_table(value: ast.AST | None) -> bool:
    """Whether it is an empty table, a field that begins as one, or a cache."""
    match value:
        case ast.Call(func=ast.Name(id="field"), keywords=keywords):
            factory = next((k.value for k in keywords if k.arg == "default_factory"), None)
            made = factory.body if isinstance(factory, ast.Lambda) else factory
            return _name(made) in _TABLES
        case ast.Dict(keys=parts) | ast.List(elts=parts):
            return not parts
        case ast.Call(func=ast.Call() as cache):  # of a function that is made here
            return _name(cache) in _CACHES
        case ast.Call():
            return _name(value) in _TABLES
    return False


def _is_frozen(node: ast.ClassDef) -> bool:
    said = [*node.decorator_list, *node.keywords]
    return any("frozen=True" in ast.unparse(each) for each in said)


def _tables_of(module: str, tree: ast.Module) -> Iterator[str]:
    """Tables that objects or modules hold, and caches, by name."""
    for node in tree.body:
        if isinstance(node, ast.AnnAssign | ast.Assign) and _makes_a_table(node.value):
            target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
            yield f"{module}.{ast.unparse(target)}"
    for found in ast.walk(tree):
        if isinstance(found, ast.ClassDef) and not _is_frozen(found):
            for part in ast.walk(found):
                match part:
                    case ast.AnnAssign(target=ast.Name(id=name), value=value) if part in found.body:
                        pass
                    case ast.AnnAssign(
                        target=ast.Attribute(value=ast.Name(id="self"), attr=name), value=value
                    ):
                        pass
                    case ast.Assign(
                        targets=[ast.Attribute(value=ast.Name(id="self"), attr=name)], value=value
                    ):
                        pass
                    case _:
                        continue
                if _makes_a_table(value):
                    yield f"{module}.{found.name}.{name}"
        if isinstance(found, ast.FunctionDef):
            for decorator in found.decorator_list:
                if _name(decorator) in _CACHES:
                    yield f"{module}.{found.name}"


@cache
def _all_tables() -> frozenset[str]:
    found: set[str] = set()
    for folder in ("bot", "handlers", "storage"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            # The playground and the command line end with what they were called for.
            if not {"playground", "cli"} & set(path.relative_to(ROOT).parts):
                module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                found |= set(_tables_of(module, ast.parse(path.read_text("utf-8"))))
    return frozenset(found)


def _listed() -> set[str]:
    text = (ROOT / "docs" / "operating.md").read_text("utf-8")
    return set(_LINE.findall(text.partition("## What is held in memory")[2]))


@pytest.mark.slow
def test_every_table_that_lives_long_is_listed_with_its_bound() -> None:
    assert _all_tables() - _SHORT - _listed() == set()


@pytest.mark.slow
def test_nothing_is_listed_that_is_not_there() -> None:
    assert (_listed() | _SHORT) - _all_tables() == set()


@pytest.mark.slow
def test_every_cache_has_a_size() -> None:
    unsized = [
        f"{path.relative_to(ROOT)}: {ast.unparse(decorator)}"
        for folder in ("bot", "handlers", "storage")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if _name(decorator) in _CACHES and "maxsize=" not in ast.unparse(decorator)
    ]
    assert unsized == []
