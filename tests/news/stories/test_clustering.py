"""One story, one alert: which reports are put together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.news.stories.clustering import (
    STORY_THRESHOLD,
    WINDOW_SECONDS,
    Clusterer,
    Sighting,
    Verdict,
)
from bot.news.stories.splitting.terms import terms_of
from bot.news.text.plain import fold_title
from bot.settings import Settings

DAY = 86_400.0
LONG = "storm drowns lund harbour cranes"


def headline(canonical: str | None, title: str, at: float) -> Sighting:
    return Sighting(canonical, fold_title(title), at, title)


def place(clusterer: Clusterer, sighting: Sighting, new: int) -> int:
    found = clusterer.judge(sighting).story
    story = new if found is None else found
    clusterer.remember(sighting, story)
    return story


def stories(sightings: list[Sighting]) -> list[int]:
    clusterer = Clusterer()
    return [place(clusterer, sighting, i) for i, sighting in enumerate(sightings)]


def test_the_same_link_is_the_same_story() -> None:
    assert stories([headline("a", "one", 0), headline("a", "two", 1)]) == [0, 0]
    assert stories([headline("a", "one", 0), headline("b", "one", 1)]) == [0, 1]


def test_the_same_title_of_four_words_is_the_same_story() -> None:
    assert stories([headline("a", LONG, 0), headline("b", LONG, 1)]) == [0, 0]
    assert stories([headline(None, LONG, 0), headline(None, LONG, 1)]) == [0, 0]


def test_a_short_title_says_too_little() -> None:
    assert stories([headline("a", "storm at lund", 0), headline("b", "storm at lund", 1)]) == [0, 1]
    assert stories([headline(None, "", 0), headline(None, "", 1)]) == [0, 1]


def test_the_link_counts_before_the_title() -> None:
    seen = [headline("a", "one", 0), headline("b", LONG, 1), headline("a", LONG, 2)]
    assert stories(seen) == [0, 1, 0]


def test_a_story_ends_with_the_window_and_each_report_renews_it() -> None:
    assert stories([headline("a", "", 0), headline("a", "", WINDOW_SECONDS)]) == [0, 0]
    assert stories([headline("a", "", 0), headline("a", "", WINDOW_SECONDS + 1)]) == [0, 1]
    renewed = [headline("a", "", 0), headline("a", "", 2 * DAY), headline("a", "", 4 * DAY)]
    assert stories(renewed) == [0, 0, 0]


def test_a_report_that_comes_late_does_not_age_its_story() -> None:
    late = [headline("a", "", 2 * DAY), headline("a", "", 0), headline("a", "", 4 * DAY)]
    assert stories(late) == [0, 0, 0]


@pytest.mark.slow
def test_nothing_is_kept_beyond_the_window() -> None:
    clusterer = Clusterer()
    for i in range(1000):
        place(clusterer, headline(f"link {i}", f"a long enough title {i}", i * DAY), i)
    window = clusterer.window
    assert len(window._links) <= 1_000
    assert len(window._titles) <= 1_000
    assert len(window.reports) <= 4
    assert len(window.stories) <= 4
    assert len(window.vocabulary.terms) <= 4 * 5


_keys = st.tuples(
    st.sampled_from([None, "a", "b", "c"]),
    st.sampled_from(["", "short", LONG, "mayor of ostwick opens museum"]),
)


@st.composite
def _streams(draw: st.DrawFn) -> list[Sighting]:
    found, at = [], 0.0
    for link, title in draw(st.lists(_keys, max_size=25)):
        at += draw(st.sampled_from([0.0, 60.0, DAY, 2 * DAY, 3 * DAY, 3 * DAY + 1]))
        found.append(headline(link, title, at))
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
        if len(set(same_title)) > 2:
            same_title = []  # a headline of three stories says nothing
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


_WORD_LIST = (
    "ostwick varnholm harbour council ferry strike quake mayor bridge flood votes closes opens"
    " rises falls 12 13 5.6 東京 大火 زلزال"
)
_texts = st.lists(st.sampled_from(_WORD_LIST.split()), max_size=7).map(" ".join)


@st.composite
def _told_streams(draw: st.DrawFn) -> list[Sighting]:
    found, at = [], 0.0
    rows = st.tuples(_texts, _texts, st.sampled_from(["", "Gull Wire", "Ostwick Daily"]))
    for title, summary, source in draw(st.lists(rows, max_size=30)):
        at += draw(st.sampled_from([0.0, 60.0, -3600.0, DAY / 2, DAY, 3 * DAY]))
        found.append(Sighting(None, title, at, title, summary, source))
    return found


def _verdicts(clusterer: Clusterer, stream: list[Sighting], first: int) -> list[Verdict]:
    found = []
    for number, sighting in enumerate(stream, first):
        found.append(clusterer.judge(sighting))
        story = found[-1].story
        clusterer.remember(sighting, number if story is None else story)
    return found


@settings(deadline=None)  # the first example builds the stemmers
@given(_told_streams(), st.integers(0, 30))
def test_a_window_rebuilt_from_its_reports_alone_judges_the_same(
    stream: list[Sighting], cut: int
) -> None:
    whole = _verdicts(Clusterer(0.5), stream, 0)
    newest = max((s.at for s in stream[: cut + 1]), default=0.0)
    rebuilt = Clusterer(0.5)
    for number, (sighting, verdict) in enumerate(zip(stream[:cut], whole, strict=False)):
        if sighting.at >= newest - WINDOW_SECONDS:
            rebuilt.remember(sighting, number if verdict.story is None else verdict.story)
    assert _verdicts(rebuilt, stream[cut:], cut) == whole[cut:]


def test_reports_in_other_words_join_and_what_is_only_near_is_related() -> None:
    clusterer = Clusterer()
    first = told(
        "Varnholm bridge closes after cracks found in pillar",
        "Engineers closed the Varnholm bridge on Monday when divers found cracks in a pillar.",
    )
    clusterer.remember(first, 1)
    other_words = told(
        "Cracks in pillar close Varnholm bridge",
        "The bridge at Varnholm is closed: engineers say divers found deep cracks in one pillar.",
    )
    assert clusterer.judge(other_words).story == 1
    assert clusterer.judge(told("Ostwick bakery wins prize for rye loaf", "")) == Verdict(
        None, "new"
    )


def test_what_only_shares_a_name_with_an_alert_is_not_related_to_it() -> None:
    clusterer = Clusterer()
    storm = told(
        "Storm Ida nears Marrick coast, ferries stay in port",
        "Keepers of three harbours told crews to double their lines before night.",
    )
    clusterer.remember(storm, 1)
    about_it = told(
        "Storm Ida leaves Marrick coast without power",
        "Keepers of two harbours say that ferries stay in port until noon.",
    )
    yacht = told(
        "Banker who fled before Storm Ida is asked to pay for a lost yacht",
        "A court in Quillane heard that insurance never covered races, nor guests aboard.",
    )
    assert clusterer.judge(about_it).related == 1
    assert clusterer.judge(yacht) == Verdict(None, "new")


def test_an_outlets_daily_title_is_a_new_story_the_next_day() -> None:
    clusterer = Clusterer()
    title = "Your morning briefing from Ostwick"
    clusterer.remember(told(title, "Ferry strike ends, mayor resigns", 0, "Gull Wire"), 1)
    same_day = told(title, "Ferry strike ends, mayor resigns", 3600, "Gull Wire")
    next_day = told(title, "Bakery prize, flood warning lifted", DAY, "Gull Wire")
    assert clusterer.judge(same_day).story == 1
    verdict = clusterer.judge(next_day)
    assert (verdict.story, verdict.related) == (None, 1)


def test_the_setting_and_the_clusterer_mean_the_same_threshold() -> None:
    assert Settings().story_threshold == STORY_THRESHOLD


def told(title: str, summary: str, at: float = 0.0, source: str = "") -> Sighting:
    return Sighting(None, fold_title(title, source), at, title, summary, source, "en")


def test_what_is_remembered_counts_not_what_was_judged() -> None:
    """A user may take a report out of its story; a replay then names another story."""
    clusterer = Clusterer()
    bridge = told("Varnholm bridge closes after cracks found in pillar", "", 0, "Gull Wire")
    again = told("Varnholm bridge closes after cracks found in pillar", "", 60, "Ostwick Daily")
    clusterer.remember(bridge, 1)
    assert clusterer.judge(again).story == 1
    clusterer.remember(again, 2)
    third = told("Varnholm bridge closes after cracks found in pillar", "", 120, "Hill Radio")
    assert clusterer.judge(third).story == 2
    sizes = [story.size for n in (1, 2) if (story := clusterer.window.stories.story(n))]
    assert (len(clusterer.window.stories), sizes) == (2, [1, 1])


@settings(deadline=None)
@given(_told_streams(), st.lists(st.integers(0, 3), min_size=30, max_size=30), st.integers(0, 30))
def test_any_story_may_be_remembered_of_a_report_and_a_replay_judges_the_same(
    stream: list[Sighting], ids: list[int], cut: int
) -> None:
    """Ids come back after their story left the window, and stories take in what is unlike them."""
    newest = max((s.at for s in stream[: cut + 1]), default=0.0)
    whole, replayed = Clusterer(0.5), Clusterer(0.5)
    for sighting, story_id in zip(stream[:cut], ids, strict=False):
        whole.judge(sighting)
        whole.remember(sighting, story_id)
        if sighting.at >= newest - WINDOW_SECONDS:
            replayed.remember(sighting, story_id)
    for sighting, story_id in list(zip(stream, ids, strict=False))[cut:]:
        assert replayed.judge(sighting) == whole.judge(sighting)
        replayed.remember(sighting, story_id)
        whole.remember(sighting, story_id)


def test_the_same_kind_of_event_with_other_names_is_another_story() -> None:
    clusterer = Clusterer(threshold=0.5)
    first = Sighting(
        None, "strong earthquake off norrvik island no tsunami warning", 1_000.0,
        "Strong earthquake off Norrvik island, no tsunami warning",
        "A strong earthquake was felt off the island of Norrvik. No tsunami warning was given and "
        "no damage is known.",
    )  # fmt: skip
    clusterer.remember(first, 1)
    elsewhere = Sighting(
        None, "earthquake felt in saint orla no tsunami warning", 1_600.0,
        "Earthquake felt in Saint Orla, no tsunami warning",
        "A strong earthquake was felt in Saint Orla. No tsunami warning was given and no damage is "
        "known.",
    )  # fmt: skip
    assert clusterer.judge(elsewhere).story is None
    same = Sighting(
        None, "earthquake felt on norrvik no tsunami warning", 1_700.0,
        "Earthquake felt on Norrvik, no tsunami warning",
        "A strong earthquake was felt on Norrvik. No tsunami warning was given and no damage is "
        "known.",
    )  # fmt: skip
    assert clusterer.judge(same).story == 1


def test_capitals_say_nothing_where_every_word_has_one() -> None:
    told = terms_of("Strong Earthquake Off Norrvik Island", "a quake was felt off Norrvik", "en")
    assert told.names == tuple(stem for stem in told.names if stem.startswith("norrvik"))
    assert terms_of("Erdbeben bei Norrvik spürbar", "Ein Beben vor der Insel", "de").names == ()
    assert terms_of("Землетрясение в Норрвике", "", "ru").names != ()


# --- one link, one entry at a time ---------------------------------------------------------------

STATUS = "https://status.example/now"


def _shown(title: str, feed: int, at: float, link: str | None = STATUS) -> Sighting:
    key = fold_title(title, f"Feed {feed}")
    return Sighting(link, key, at, title, "", f"Feed {feed}", "en", feed)


@pytest.mark.parametrize("between", [False, True])
def test_another_headline_of_one_feed_joins_nothing_by_its_link(between: bool) -> None:
    """Also where another feed has told the first of them since."""
    clusterer = Clusterer()
    clusterer.remember(_shown("Login slow", 1, 0.0), 1)
    if between:
        other = _shown("Trouble at the login of the bank", 2, 1.0)
        assert clusterer.judge(other).story == 1
        clusterer.remember(other, 1)
    stolen = _shown("Customer data stolen", 1, 2.0)
    assert clusterer.judge(stolen).story is None
    clusterer.remember(stolen, 2)
    # From then on the link says of nobody's report which of the two it tells.
    assert clusterer.judge(_shown("Bank says what it lost", 3, 3.0)).story is None


def test_a_link_of_a_feed_that_was_removed_says_no_more_than_before() -> None:
    """Its reports name no feed then, and its source still."""
    clusterer = Clusterer()
    for number, title in enumerate(("Login slow", "Customer data stolen")):
        clusterer.remember(replace(_shown(title, 1, float(number)), feed=0), number)
    assert clusterer.judge(_shown("Bank says what it lost", 3, 3.0)).story is None


def test_what_a_link_says_follows_from_the_reports_of_the_window_alone() -> None:
    """As a restart rebuilds them."""
    whole, rebuilt = Clusterer(window_seconds=100.0), Clusterer(window_seconds=100.0)
    told = [("Login slow", 1, 0.0), ("Login mended", 1, 90.0), ("Cables were cut", 2, 150.0)]
    for number, (title, feed, at) in enumerate(told):
        whole.remember(_shown(title, feed, at), number)
        if at > 50.0:
            rebuilt.remember(_shown(title, feed, at), number)
    asked = _shown("Repair of the cables begins", 3, 160.0)
    assert whole.judge(asked) == rebuilt.judge(asked)
    assert whole.judge(asked).reason == "link"
