"""Digests as Telegram reads them, and in what order and on which page each story stands."""

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.delivery import digest_page
from bot.delivery.digest_page import digest_view, first_part, ranked
from bot.news.outbox import Gathered
from tests.delivery.test_render import HOSTILE, NOW, Parsed, _links, _text, _times, _zones, here

_gathered = st.builds(
    Gathered, _text, _links, _text, _times, st.integers(1, 9), st.none() | _text, st.booleans()
)


@given(st.lists(_gathered, max_size=5), _zones)
@example([Gathered("'" * 300, "https://e.com/?" + "&" * 1900, "s", NOW, 2, "x" * 99)] * 30, "UTC")
@example([Gathered("@a@a" * 90, None, "@b" * 90, NOW, 2, f"@t{i}") for i in range(30)], "UTC")
@example([Gathered(h, None, h, NOW, 1, h) for h in HOSTILE], "UTC")
@pytest.mark.hostile(75, 76, 77, 78, 79, 82)
def test_every_page_is_taken_and_nothing_on_it_is_live(gathered: list[Gathered], zone: str) -> None:
    view = digest_view(gathered, here(zone))
    links = 0
    for number in range(len(view.pages)):
        message = view.page(number)
        parsed = Parsed(message.html)
        assert parsed.live == []
        links += len(parsed.of_kind("TextUrl"))
        assert 1 <= len(message.plain) <= 4096
    assert links == sum(bool(g.link and g.link.startswith("http")) for g in gathered)
    first = Parsed(first_part(gathered, here()).html)
    assert (first.live, first.of_kind("TextUrl")) == ([], [])


def _story(title: str, sources: int, at: float, topic: str | None) -> Gathered:
    return Gathered(title, f"https://e.com/{title}", "Courier", at, sources, topic)


def test_topics_and_stories_stand_by_sources_then_by_time() -> None:
    stories = [
        _story("a", 1, 30.0, "Sea"),
        _story("b", 3, 10.0, "Hills"),
        _story("c", 1, 20.0, "Hills"),
        _story("d", 1, 25.0, "Hills"),
        _story("e", 1, 40.0, None),
    ]
    assert [each.title for each in ranked(stories)] == ["b", "d", "c", "e", "a"]


@given(st.integers(0, 100))
def test_each_story_has_one_page(count: int) -> None:
    stories = [_story(f"t{i}", i % 4 + 1, float(i), f"topic {i % 3}") for i in range(count)]
    view = digest_view(stories, here())
    pages = [one.splitlines() for one in view.pages]
    lines = [line for one in pages for line in one if line.startswith("•")]
    assert len(lines) == count
    assert all(
        sum(line.startswith("•") for line in one) <= digest_page.MOST_ON_A_PAGE for one in pages
    )
    assert f"{count} stor" in view.page(10_000).html


def test_what_may_be_known_comes_last_and_under_a_headline_that_says_so() -> None:
    known = replace(_story("a", 9, 30.0, "Sea"), unsure=True)
    message = digest_view([known, _story("b", 1, 10.0, "Sea")], here()).page(0)
    lines = [line for line in message.html.splitlines() if line]
    assert lines[0] == "<b>Digest: 2 stories</b>"
    assert "Sea" in lines[1]
    assert ">b</a>" in lines[2]
    assert "This may not have reached you" in lines[3]
    assert ">a</a>" in lines[4]


def test_a_digest_of_nothing_else_says_it_once_and_its_first_part_tells_no_story() -> None:
    known = replace(_story("a", 9, 30.0, "Sea"), unsure=True)
    message = digest_view([known], here()).page(0)
    assert message.html.splitlines()[0] == "<b>This may not have reached you: 1 story</b>"
    assert message.html.count("This may not") == 1
    assert first_part([known], here()).plain == "What may not have reached you: 1 story"
    assert first_part([_story("b", 1, 10.0, None)] * 2, here()).plain == "Your digest: 2 stories"
