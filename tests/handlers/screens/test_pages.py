"""Pages: each thing stands on one of them, and buttons lead to the pages beside."""

from hypothesis import given
from hypothesis import strategies as st

from bot.texts.html import Html
from bot.texts.locale import Locale
from bot.texts.said import say
from handlers.screens.callback_data import unpack
from handlers.screens.pages import page_of, turning

HERE = Locale("en", "UTC", 0.0)
_counts = st.integers(0, 200)
_sizes = st.integers(1, 20)
_wanted = st.integers(-(10**18), 10**18) | st.none()


def _led_to(data: str) -> int:
    press = unpack(data)
    assert press
    number = press.number(len(press.arguments) - 1)
    assert number is not None
    return number


@given(_counts, _sizes)
def test_the_pages_hold_everything_once_and_in_order(count: int, size: int) -> None:
    things = list(range(count))
    pages = [page_of(count, size, n) for n in range(page_of(count, size, 0).last + 1)]
    assert [thing for page in pages for thing in page.of(things)] == things
    assert all(len(page.of(things)) == size for page in pages[:-1])
    assert [page.is_last for page in pages] == [False] * (len(pages) - 1) + [True]


@given(_counts, _sizes, _wanted)
def test_whatever_is_wanted_there_is_a_page(count: int, size: int, wanted: int | None) -> None:
    page = page_of(count, size, wanted)
    assert 0 <= page.number <= page.last
    assert page.of(range(count)) or not count
    if wanted is not None and 0 <= wanted <= page.last:
        assert page.number == wanted


@given(_counts, _sizes, _wanted)
def test_buttons_lead_to_the_pages_beside_and_nowhere_else(
    count: int, size: int, wanted: int | None
) -> None:
    page = page_of(count, size, wanted)
    led = {label: _led_to(data) for label, data in page.turning(HERE, "groups")}
    assert led.get("← Back", -1) == page.number - 1
    assert led.get("More →", page.last + 1) == page.number + 1
    for number in led.values():
        assert page_of(count, size, number).number == number


@given(_counts, _sizes, _wanted)
def test_a_heading_names_the_page_where_there_are_several(
    count: int, size: int, wanted: int | None
) -> None:
    page = page_of(count, size, wanted)
    of = f", page {page.number + 1:,} of {page.last + 1:,}"
    assert page.under(Html("Sources"), HERE) == "Sources" + (of if count > size else "")


def test_buttons_that_stand_in_chats_already_carry_the_same() -> None:
    page = page_of(25, 10, 1)
    for arguments, data in (
        (("groups",), "v1:groups"),
        (("sources", 7), "v1:sources:7"),
        (("group", 7), "v1:group:7"),
        (("starter", "0a1b2c3d"), "v1:starter:0a1b2c3d"),
        (("digest", 7), "v1:digest:7"),
    ):
        action, *rest = map(str, arguments)
        back, on = page.turning(HERE, action, *rest)
        assert (back, on) == (("← Back", f"{data}:0"), ("More →", f"{data}:2"))


def test_only_the_ways_that_there_are_have_a_button() -> None:
    labels = (say("← Newer"), say("Older →"))
    assert turning(HERE, None, None) == []
    assert turning(HERE, "a", None, labels) == [("← Newer", "a")]
    assert turning(HERE, None, "b", labels) == [("Older →", "b")]
