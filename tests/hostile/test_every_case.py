"""Every case, through the real guard, fetcher, parser and renderer: its safe answer, and a feed
beside it that is read as ever.
"""

import ast
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.delivery.verdict import markup_is_readable
from tests.hostile.cases import GROUPS, NAMES
from tests.hostile.stage import Stage, alerts, stage
from tests.hostile.tries import REFUSED, TRIES, Try

ROOT = Path(__file__).parents[2]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def parts() -> AsyncIterator[Stage]:
    async with stage(answer=20.0, drip=0.3, reading=20.0, heavy=0.2) as opened:
        await opened.good()
        yield opened


@pytest.mark.slow
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "one", [pytest.param(one, id=one.id, marks=pytest.mark.hostile(one.case)) for one in TRIES]
)
async def test_its_answer_is_safe_and_other_feeds_are_read(parts: Stage, one: Try) -> None:
    del parts.visits[:]
    found = await parts.check(one)
    assert one.is_safe(found), found
    assert len(f"{found.error}{found.url}") < 1000
    for secret in ("hunter2", "Traceback", "127.0.0.1/", "/etc/passwd"):
        assert secret not in (found.error or "")
    for html in alerts(found):
        assert markup_is_readable(html), html
    if found.error == REFUSED:
        assert len(parts.visits) <= 1  # the redirect itself
    assert (await parts.good()).ok


def _claimed(source: str) -> set[int]:
    if "mark.hostile(" not in source:
        return set()
    return {
        int(number.value)
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.hostile"
        for number in call.args
        if isinstance(number, ast.Constant) and isinstance(number.value, int)
    }


def test_no_case_is_without_a_test() -> None:
    marked = {
        number
        for path in (ROOT / "tests").rglob("test_*.py")
        for number in _claimed(path.read_text(encoding="utf-8"))
    }
    tried = {one.case for one in TRIES}
    assert sorted(NAMES) == list(range(1, 93))
    assert sorted(set(range(1, 83)) - tried) == [43]  # which needs a certificate
    assert sorted(set(NAMES) - marked - tried) == [87, 90]  # there is no web hook, nothing inline
    assert marked <= set(NAMES)


def test_the_note_on_security_has_every_case() -> None:
    note = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    for group, cases in GROUPS.items():
        for number, name in cases.items():
            if number <= 82:
                assert f"### {group}" in note
                assert re.search(rf"\| {number} \| {re.escape(name)} \|", note), name
