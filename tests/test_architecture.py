"""What importing does: nothing."""

import ast
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "storage")
SOURCES = sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    for path in SOURCES
)


@dataclass(frozen=True)
class Outline:
    """What a module says of itself, how many statements it has, and its classes."""

    docstring: str
    statements: int
    classes: tuple[str, ...]


@cache
def outline(path: Path) -> Outline:
    """Read once for all tests."""
    tree = ast.parse(path.read_text("utf-8"))
    classes = tuple(each.name for each in tree.body if isinstance(each, ast.ClassDef))
    return Outline(ast.get_docstring(tree) or "", len(tree.body), classes)


# Looks around after the imports, from within the process that did them.
LOOK = """
import importlib, sys, threading, warnings
warnings.simplefilter("error")
for name in sys.argv[1:]:
    importlib.import_module(name)
import asyncio
for module in [sys.modules[name] for name in sys.argv[1:]]:
    for name, value in vars(module).items():
        bad = (asyncio.AbstractEventLoop, asyncio.Event, asyncio.Lock, asyncio.Queue,
               asyncio.Semaphore, asyncio.Future, threading.Thread)
        assert not isinstance(value, bad), f"{module.__name__}.{name} is a {type(value)}"
assert threading.active_count() == 1, threading.enumerate()
import logging
assert not logging.getLogger().handlers, "importing set up logging"
"""


@pytest.mark.slow
def test_importing_every_module_does_nothing(tmp_path: Path) -> None:
    found = subprocess.run(
        [sys.executable, "-B", "-c", LOOK, *(name for name in MODULES if name != "bot.__main__")],
        cwd=tmp_path,
        env={},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "path",
    [path for path in SOURCES if path.name == "__init__.py"],
    ids=lambda path: path.parent.name,
)
def test_a_package_holds_a_docstring_only(path: Path) -> None:
    assert outline(path).docstring
    assert outline(path).statements == 1


def test_each_module_says_what_it_is_for() -> None:
    assert [str(path) for path in SOURCES if not outline(path).docstring] == []


def test_no_two_classes_have_one_name() -> None:
    """Who meets a name knows which thing it is. What is private is met in one module only, and each
    engine has its own `translated`.
    """
    paths = [*SOURCES, *(ROOT / "benchmarks").rglob("*.py")]
    homes: dict[str, list[str]] = {}
    for path in paths:
        for name in outline(path).classes:
            if not name.startswith("_"):
                homes.setdefault(name, []).append(str(path.relative_to(ROOT)))
    assert {name for name, of in homes.items() if len(of) > 1} == {"translated"}


def test_every_module_can_be_found() -> None:
    assert "bot.app" in MODULES
    assert len(MODULES) > 50


def _pure_by_contract() -> set[str]:
    """The modules that the contract of pure parts names; a package stands for all in it."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    (pure,) = [each for each in contracts if each["name"].startswith("Pure parts")]
    return set(pure["source_modules"])


def test_who_says_that_it_is_pure_is_held_to_it_and_who_is_held_to_it_says_so() -> None:
    said = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in SOURCES
        if re.search(r"\bPure[.,:;]", outline(path).docstring)
    }
    held = _pure_by_contract()
    assert held - said == set()
    assert {name for name in said if not any(f"{name}.".startswith(f"{h}.") for h in held)} == set()
