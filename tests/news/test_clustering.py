"""One story, one alert: which reports are put together."""

from hypothesis import given
from hypothesis import strategies as st

from bot.news.clustering import WINDOW_SECONDS, Clusterer, Sighting

DAY = 86_400.0
LONG = "storm hits the coast"


def place(clusterer: Clusterer, sighting: Sighting, new: int) -> int:
    found = clusterer.find(sighting)
    story = new if found is None else found
    clusterer.remember(sighting, story)
    return story


def stories(sightings: list[Sighting]) -> list[int]:
    clusterer = Clusterer()
    return [place(clusterer, sighting, i) for i, sighting in enumerate(sightings)]


def test_the_same_link_is_the_same_story() -> None:
    assert stories([Sighting("a", "one", 0), Sighting("a", "two", 1)]) == [0, 0]
    assert stories([Sighting("a", "one", 0), Sighting("b", "one", 1)]) == [0, 1]


def test_the_same_title_of_four_words_is_the_same_story() -> None:
    assert stories([Sighting("a", LONG, 0), Sighting("b", LONG, 1)]) == [0, 0]
    assert stories([Sighting(None, LONG, 0), Sighting(None, LONG, 1)]) == [0, 0]


def test_a_short_title_says_too_little() -> None:
    assert stories(
        [Sighting("a", "storm hits coast", 0), Sighting("b", "storm hits coast", 1)]
    ) == [
        0,
        1,
    ]
    assert stories([Sighting(None, "", 0), Sighting(None, "", 1)]) == [0, 1]


def test_the_link_counts_before_the_title() -> None:
    seen = [Sighting("a", "one", 0), Sighting("b", LONG, 1), Sighting("a", LONG, 2)]
    assert stories(seen) == [0, 1, 0]


def test_a_story_ends_with_the_window_and_each_report_renews_it() -> None:
    assert stories([Sighting("a", "", 0), Sighting("a", "", WINDOW_SECONDS)]) == [0, 0]
    assert stories([Sighting("a", "", 0), Sighting("a", "", WINDOW_SECONDS + 1)]) == [0, 1]
    renewed = [Sighting("a", "", 0), Sighting("a", "", 2 * DAY), Sighting("a", "", 4 * DAY)]
    assert stories(renewed) == [0, 0, 0]


def test_a_report_that_comes_late_does_not_age_its_story() -> None:
    late = [Sighting("a", "", 2 * DAY), Sighting("a", "", 0), Sighting("a", "", 4 * DAY)]
    assert stories(late) == [0, 0, 0]


def test_nothing_is_kept_beyond_the_window() -> None:
    clusterer = Clusterer()
    for i in range(1000):
        place(clusterer, Sighting(f"link {i}", f"a long enough title {i}", i * DAY), i)
    assert len(clusterer._by_link) <= 4
    assert len(clusterer._by_title) <= 4
    assert len(clusterer._order) <= 4


_keys = st.tuples(
    st.sampled_from([None, "a", "b", "c"]), st.sampled_from(["", "short", LONG, LONG + " again"])
)


@st.composite
def _streams(draw: st.DrawFn) -> list[Sighting]:
    found, at = [], 0.0
    for link, title in draw(st.lists(_keys, max_size=25)):
        at += draw(st.sampled_from([0.0, 60.0, DAY, 2 * DAY, 3 * DAY, 3 * DAY + 1]))
        found.append(Sighting(link, title, at))
    return found


@given(_streams())
def test_a_report_joins_the_newest_of_its_link_else_of_its_title(stream: list[Sighting]) -> None:
    placed: list[int] = []
    for i, sighting in enumerate(stream):
        lately = [
            (old, story)
            for old, story in zip(stream[:i], placed, strict=True)
            if sighting.at - old.at <= WINDOW_SECONDS
        ]
        same_link = [
            s for old, s in lately if old.canonical and old.canonical == sighting.canonical
        ]
        same_title = [
            s
            for old, s in lately
            if len(old.title_key.split()) >= 4 and old.title_key == sighting.title_key
        ]
        placed.append((same_link or same_title or [i])[-1])
    assert stories(stream) == placed


@given(_streams(), st.integers(0, 25))
def test_a_stream_cut_in_two_gives_the_same_stories(stream: list[Sighting], cut: int) -> None:
    whole = stories(stream)
    clusterer = Clusterer()
    now = stream[cut].at if cut < len(stream) else 0.0
    for sighting, story in zip(stream[:cut], whole, strict=False):
        if sighting.at >= now - WINDOW_SECONDS:
            clusterer.remember(sighting, story)
    rest = [place(clusterer, stream[i], i) for i in range(cut, len(stream))]
    assert whole[cut:] == rest


@given(_streams().flatmap(st.permutations), st.integers(0, 25))
def test_a_stream_out_of_order_is_replayed_to_the_same_stories(
    stream: list[Sighting], cut: int
) -> None:
    whole = stories(stream)
    clusterer = Clusterer()
    for sighting, story in zip(stream[:cut], whole, strict=False):
        clusterer.remember(sighting, story)
    rest = [place(clusterer, stream[i], i) for i in range(cut, len(stream))]
    assert whole[cut:] == rest
