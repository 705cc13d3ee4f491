"""Lists of feeds that others put together; they are not part of this repository."""

from pathlib import Path

import pytest

from bot.errors import BadInput
from bot.feeds.opml import read_feed_list

LISTS = Path(__file__).parents[2] / "../shared/data/field"
A, B, C = "https://a.example/", "https://b.example/", "https://c.example/"
RIGHT = {
    "30": [(A + "feed", "Top > News", "News"), (B + "feed", "B", "News")],
    "31": [(A + "feed?x=1&y=2", "A & B", ""), (C + "f", "C", "")],
    "32": [(A + "feed", "Café News", ""), (C + "f", "C", "")],
    "39": [(A + "f", "Café News", ""), (B + "f", "B", "")],
    "40": [(A + "f", "A News", ""), (B + "f", "B", "")],
    "41": "in line 3",
    "42": [(A + "f", "A", "")],
}

pytestmark = pytest.mark.skipif(not LISTS.is_dir(), reason="../shared/data is not on this machine")


@pytest.mark.parametrize(("number", "right"), RIGHT.items(), ids=RIGHT)
def test_a_list_gives_the_answer_that_lies_beside_it(
    number: str, right: str | list[tuple[str, str, str]]
) -> None:
    (path,) = LISTS.glob(f"{number}-*.opml")
    if isinstance(right, str):
        with pytest.raises(BadInput, match=right):
            read_feed_list(path.read_bytes())
    else:
        found = read_feed_list(path.read_bytes())
        assert [(feed.url, feed.title, feed.group) for feed in found] == right
