"""What buttons carry: round trips, the limit of 64 bytes, and forged presses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.screens.callback_data import Press, in_rows, pack, unpack

_actions = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
_arguments = st.lists(
    st.integers(-(10**14), 10**14) | st.text(alphabet="abcé日-_ ", max_size=8), max_size=3
)


@given(_actions, _arguments)
def test_what_is_packed_is_unpacked_and_fits_a_button(
    action: str, arguments: list[int | str]
) -> None:
    try:
        data = pack(action, *arguments)
    except ValueError:
        assert len(":".join(["v1", action, *map(str, arguments)]).encode()) > 64
        return
    assert len(data.encode()) <= 64
    assert unpack(data) == Press(action, tuple(map(str, arguments)))


def test_the_limit_counts_bytes_and_not_letters() -> None:
    assert len(pack("a", "x" * 59).encode()) == 64
    with pytest.raises(ValueError, match="64 bytes"):
        pack("a", "x" * 60)
    with pytest.raises(ValueError, match="64 bytes"):
        pack("a", "日" * 20)


@given(st.integers(-(2**52), 2**52))
def test_numbers_come_back_as_numbers(number: int) -> None:
    press = unpack(pack("go", number))
    assert press
    assert press.number(0) == number


@given(st.text(max_size=80) | st.text(alphabet="v1:-0٣a", max_size=20).map("v1:a:".__add__))
@pytest.mark.hostile(83)
def test_forged_data_never_raises(data: str) -> None:
    press = unpack(data)
    if press:
        for place in range(len(press.arguments) + 1):
            number = press.number(place)
            assert number is None or abs(number) < 10**19


@pytest.mark.parametrize(
    "data", ["", "v1", "v1:", "v0:topic:1", "v2:topic:1", "topic", ":::", "v1:a b"]
)
@pytest.mark.hostile(83)
def test_buttons_of_another_version_or_bot_are_not_read(data: str) -> None:
    assert unpack(data) is None


@pytest.mark.parametrize("text", ["", "x", "--1", "1-", "٣", "1.5", " 1", "9" * 20, "-"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert Press("go", (text,)).number(0) is None


@given(st.lists(st.text(max_size=50), max_size=20))
def test_every_label_has_one_place_and_rows_fit(labels: list[str]) -> None:
    rows = in_rows(labels)
    assert [place for row in rows for place in row] == list(range(len(labels)))
    for row in rows:
        longest = max(len(labels[place].removeprefix("✓ ")) for place in row)
        assert len(row) == 1 or (len(row) == 2 and longest <= 17) or longest <= 10
        assert len(row) <= 3


@given(st.lists(st.text("abc ·", max_size=20), max_size=20))
def test_no_button_moves_when_one_gets_a_tick(labels: list[str]) -> None:
    assert in_rows([f"✓ {label}" for label in labels]) == in_rows(labels)
