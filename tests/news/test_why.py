"""Reasons: kept as codes with arguments, said in the words of one table."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.news.why import (
    Argument,
    Code,
    Why,
    because,
    quoted,
    read_why,
    read_whys,
    stored_whys,
)

ROOT = Path(__file__).parents[2]
ARGUMENTS: st.SearchStrategy[Argument] = st.one_of(
    st.text(), st.integers(), st.floats(allow_nan=False)
)
WHYS = st.sampled_from(list(Code)).flatmap(
    lambda code: st.tuples(*[ARGUMENTS] * len(code.names)).map(lambda args: Why(code, args))
)


@given(WHYS)
def test_what_is_stored_is_read_again(why: Why) -> None:
    assert read_why(why.stored()) == why


@given(st.lists(WHYS).map(tuple))
def test_several_reasons_are_read_again(whys: tuple[Why, ...]) -> None:
    assert read_whys(stored_whys(whys)) == whys


@given(
    st.text()
    | st.recursive(st.none() | st.booleans() | st.text(), st.lists).map(str)
    | st.sampled_from(["[" * 100_000, '["muted"]', '["muted", ["x"]]', "{}", "[]", '[["text"]]'])
)
def test_what_cannot_be_read_is_kept_as_text(stored: str) -> None:
    why = read_why(stored)
    assert why in (quoted(stored), read_why(why.stored() if why else None))
    assert read_whys(stored)


def test_what_is_not_there_is_no_reason() -> None:
    assert (read_why(None), read_whys(None), stored_whys(())) == (None, (), None)


@given(WHYS)
def test_the_words_have_all_that_stands_in_them(why: Why) -> None:
    said = str(why)
    assert "{" not in said.replace("{", "", sum(str(arg).count("{") for arg in why.args))
    for arg in why.args:
        assert (f"{arg:g}" if isinstance(arg, float) else str(arg)) in said


def test_a_reason_without_arguments_is_one_text_without_an_apostrophe() -> None:
    """It stands in statements."""
    texts = [because(code).stored() for code in Code if not code.names]
    assert len(set(texts)) == len(texts)
    assert not [text for text in texts if "'" in text]


def test_numbers_stand_in_words_as_they_are_written_here() -> None:
    assert str(because(Code.TOO_LARGE, 5_242_880)) == "what it sent is larger than 5242880 bytes"
    assert [str(because(Code.NO_ANSWER, s)) for s in (30.0, 0.5)] == [
        "no answer within 30 s",
        "no answer within 0.5 s",
    ]


def test_what_ended_for_a_mute_or_a_removal_before_is_not_said_to_be_removed() -> None:
    assert str(read_why('["topics_gone"]')) == "its topics are muted or removed"
    assert str(because(Code.TOPICS_REMOVED)) == "its topics were removed"


def test_no_two_codes_say_the_same() -> None:
    assert len({code.words.msgid for code in Code}) == len(Code)


@pytest.mark.parametrize(("code", "args"), [(Code.MUTED, ()), (Code.QUIET_HOURS, ("x",))])
def test_a_reason_has_what_stands_in_its_words(code: Code, args: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="arguments"):
        because(code, *args)


def _trees() -> list[tuple[Path, ast.Module]]:
    files = [file for top in ("bot", "handlers", "storage") for file in (ROOT / top).rglob("*.py")]
    return [(file, ast.parse(file.read_text("utf-8"))) for file in files]


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


_OF_BEFORE = {"TOPICS_GONE"}
"""What is stored and is given no more."""


@pytest.mark.slow
def test_reasons_are_made_with_what_their_words_name_and_none_is_idle() -> None:
    used: set[str] = set()
    for file, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and _is_name(node.value, "Code"):
                used.add(node.attr)
            if isinstance(node, ast.Call) and _is_name(node.func, "because"):
                first, *args = node.args
                if isinstance(first, ast.Attribute) and not isinstance(
                    args and args[-1], ast.Starred
                ):
                    names = Code[first.attr].names
                    assert len(args) == len(names), (file, node.lineno, names)
    assert used == set(Code.__members__) - _OF_BEFORE


_SENTENCES = ("reason", "error", "why", "kept_by", "stopped")


def _is_sentence(node: ast.expr) -> bool:
    """Whether an expression reads a reason by its name: `feed.error`, `row["error"]`, `reason`."""
    match node:
        case (
            ast.Name(id=name)
            | ast.Attribute(attr=name)
            | ast.Subscript(slice=ast.Constant(value=str(name)))
        ):
            return name in _SENTENCES
        case ast.Call(func=ast.Name(id="str"), args=[inner]) | ast.BoolOp(values=[inner, *_]):
            return _is_sentence(inner)
        case ast.Call(func=ast.Attribute(attr="lower" | "casefold", value=inner)):
            return _is_sentence(inner)
    return False


@pytest.mark.slow
def test_nobody_looks_into_the_words_of_a_reason() -> None:
    ours = {"bot/delivery/from_telegram.py", "bot/delivery/send.py", "storage/sqlite/connection.py"}
    found = []
    for file, tree in _trees():
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(attr="startswith" | "endswith", value=value)):
                    looks = _is_sentence(value)
                case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[right]):
                    looks = _is_sentence(right) and isinstance(left, ast.Constant | ast.Name)
                case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
                    looks = _is_sentence(left) and isinstance(right, ast.Constant)
                case _:
                    looks = False
            if looks and str(file.relative_to(ROOT)) not in ours:
                found.append(f"{file}: {ast.unparse(node)}")
    assert found == []
