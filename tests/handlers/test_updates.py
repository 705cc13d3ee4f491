"""What is no update has no number, and stops nothing."""

import pytest

from handlers.updates import _number


@pytest.mark.parametrize("data", [None, 7, "x", [], {}, {"update_id": "x"}, {"update_id": None}])
def test_what_is_no_update_has_number_zero(data: object) -> None:
    assert _number(data) == 0


def test_an_update_has_its_number() -> None:
    assert _number({"update_id": 12}) == 12
