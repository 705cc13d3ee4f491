"""Digests as Telegram reads them, and in what order and on which page each story stands."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.delivery import digest_page
from bot.delivery.digest_page import digest_view, first_part, ranked
from bot.news.outbox import Also, Gathered
from bot.texts.locale import Locale
from tests.delivery.test_render import HOSTILE, NOW, Parsed, _links, _text, _times, _zones, here
from tests.effort import examples
from tests.reading import seen

_gathered = st.builds(
    Gathered, _text, _links, _text, _times, st.integers(1, 9), st.none() | _text, st.booleans(),
    _text, st.just(0.0) | st.floats(NOW - 1e6, NOW),
)  # fmt: skip
_doubts = st.lists(
    st.builds(Also, _text, _text, _links, st.none() | _text, st.just(True)), max_size=4
).map(tuple)
_FULL = tuple(Also("@b" * 99, f"{i}" + "@a" * 400, None, "@c" * 99, True) for i in range(9))


@pytest.mark.slow
@given(st.lists(_gathered, max_size=5), _zones)
@example([Gathered("'" * 300, "https://e.com/?" + "&" * 1900, "s", NOW, 2, "x" * 99)] * 30, "UTC")
@example([Gathered("@a@a" * 90, None, "@b" * 90, NOW, 2, f"@t{i}") for i in range(30)], "UTC")
@example([Gathered(h, None, h, NOW, 1, h) for h in HOSTILE], "UTC")
@example(
    [Gathered("@a" * 45, None, "@b" * 20, NOW, 2, f"{i}" + "@t" * 30) for i in range(99)], "UTC"
)
@example([Gathered("", None, "s", NOW, 2, None, summary="@a" * 900)] * 9, "UTC")
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
    told = [[line for line in one if "https://e.com/t" in line] for one in pages]
    assert sum(map(len, told)) == count
    assert all(len(one) <= digest_page.MOST_ON_A_PAGE for one in told)
    assert f"{count} stor" in view.page(10_000).html


def test_what_may_be_known_comes_last_and_under_a_headline_that_says_so() -> None:
    known = replace(_story("a", 9, 30.0, "Sea"), unsure=True)
    message = digest_view([known, _story("b", 1, 10.0, "Sea")], here()).page(0)
    lines = [line for line in message.html.splitlines() if line]
    assert lines[0] == "<b>Digest: 2 stories</b>"
    assert ">b</a></b>" in lines[1]
    assert "Sea" in lines[2]
    assert lines[3] == "<b>This may not have reached you</b>"
    assert ">a</a>" in lines[4]


def test_the_weightiest_story_leads_with_its_first_sentence_and_topics_stand_apart() -> None:
    stories = [
        replace(_story("a", 3, 30.0, "Sea"), summary="The boat is back. It left at noon."),
        _story("b", 1, 20.0, "Sea"),
        _story("c", 2, 10.0, None),
    ]
    text = seen(Parsed(digest_view(stories, here()).page(0).html).text)
    assert text.split("\n\n") == [
        "Digest: 3 stories",
        "a\nThe boat is back. It left at noon.\nCourier and 2 more · 1 Jan 1970 · Sea",
        "Sea\n• b\nCourier · 1 Jan 1970",
        "Other news\n• c\nCourier and 1 more · 1 Jan 1970",
    ]


def test_one_topic_alone_needs_no_headline() -> None:
    stories = [_story("a", 3, 30.0, "Sea"), _story("b", 1, 20.0, "Sea")]
    assert "Sea" not in digest_view(stories, here()).page(0).html


@pytest.mark.parametrize(
    ("held_at", "digest", "quiet", "since"),
    [
        (NOW - 60, (420,), None, "07:00"),  # it is 08:00
        (NOW - 3660, (420,), None, "14 Jan 07:00"),
        (NOW - 3600, (), (1320, 420), "07:00"),
        (NOW - 3660, (), (1320, 420), "14 Jan 22:00"),
        (NOW - 3660, (1080,), (1320, 420), "14 Jan 22:00"),
        (NOW - 1800, (), None, "07:30"),
    ],
)
def test_a_digest_names_its_period(
    held_at: float, digest: tuple[int, ...], quiet: tuple[int, int] | None, since: str
) -> None:
    stories = [replace(_story(name, 1, 1.0, None), held_at=held_at) for name in "ab"]
    page = digest_view(stories, here(), digest, quiet).page(0)
    assert page.plain.splitlines()[0] == f"Digest: 2 stories since {since}"
    assert Parsed(page.html).text.splitlines()[0] == f"Digest: 2 stories since {since}"


@given(st.lists(_gathered, min_size=1, max_size=40), _zones, st.floats(0, 1e7))
def test_a_story_keeps_its_page_however_late_it_is(
    gathered: list[Gathered], zone: str, later: float
) -> None:
    then = Locale("en", zone, NOW + later)
    before, after = digest_view(gathered, here(zone)), digest_view(gathered, then)
    count = [page.count("<i>") for page in before.pages]
    assert [page.count("<i>") for page in after.pages] == count


def test_a_digest_of_nothing_else_says_it_once_and_its_first_part_tells_no_story() -> None:
    known = replace(_story("a", 9, 30.0, "Sea"), unsure=True)
    message = digest_view([known], here()).page(0)
    assert message.html.splitlines()[0] == "<b>This may not have reached you: 1 story</b>"
    assert message.html.count("This may not") == 1
    assert first_part([known], here()).plain == "What may not have reached you: 1 story"
    assert first_part([_story("b", 1, 10.0, None)] * 2, here()).plain == "Your digest: 2 stories"


def test_what_joined_in_doubt_stands_below_its_story() -> None:
    doubts = tuple(
        Also("Hill Radio", title, f"https://hill.example/{title}", doubtful=True)
        for title in ("pier", "mill", "A", "quay", "lock")
    )
    stories = [
        replace(_story("a", 3, 30.0, None), doubts=doubts),
        replace(_story("b", 2, 20.0, None), doubts=doubts[:1]),
    ]
    parsed = Parsed(digest_view(stories, here()).page(0).html)
    assert seen(parsed.text).split("\n\n")[1:] == [
        "a\nCourier and 2 more · 1 Jan 1970\n"
        "Perhaps also: pier (Hill Radio)\n"
        "Perhaps also: mill (Hill Radio)\n"
        "Perhaps also: quay (Hill Radio)",
        "• b\nCourier and 1 more · 1 Jan 1970\nPerhaps also: pier (Hill Radio)",
    ]
    assert parsed.of_kind("TextUrl") == ["a", "pier", "mill", "quay", "b", "pier"]


@pytest.mark.slow
@examples(30)
@given(st.lists(st.builds(replace, _gathered, doubts=_doubts), max_size=12), _zones)
@example([Gathered("x" * 300, None, "s", NOW, 2, "t", doubts=_FULL, summary="y" * 160)] * 12, "UTC")
def test_pages_with_doubts_are_taken_too(gathered: list[Gathered], zone: str) -> None:
    view = digest_view(gathered, here(zone))
    for number in range(len(view.pages)):
        parsed = Parsed(view.page(number).html)
        assert parsed.live == []
        assert len(parsed.text.encode("utf-16-le")) // 2 <= 4096
