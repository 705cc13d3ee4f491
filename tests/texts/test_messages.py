"""What holds for every message of ours."""

import re
from string import Formatter

import pytest

from tests.texts.messages import messages


def _placeholders(form: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(form) if name is not None}


@pytest.mark.slow
def test_a_message_is_given_what_stands_in_its_braces() -> None:
    found = [each for each in messages() if any(each.forms)]
    assert len(found) > 600
    for each in found:
        named = set().union(*(_placeholders(form) for form in each.forms if form))
        assert named <= each.names or "**" in each.names, each
        assert each.names - {"n", "**"} <= named, each


@pytest.mark.slow
def test_a_message_says_something_and_nothing_twice_blank() -> None:
    for each in messages():
        for form in filter(None, each.forms):
            assert re.search(r"\w", form), each
            assert "  " not in form, each
            assert form == form.strip(), each
