"""What rings when a feed shows much at once."""

from hypothesis import given
from hypothesis import strategies as st

from bot.news.polling.archive import Past, newest_after, ringing, usual_after
from bot.news.story import ParsedEntry

NOW = 1_800_000_000.0
HOUR, DAY = 3600.0, 86_400.0
PAST = Past(newest_at=NOW - HOUR, usual=1.0, answered_at=NOW - 60)


def entries(count: int, age: float | None, step: float = 1.0) -> list[ParsedEntry]:
    """Entries, the newest first, the first of them so old."""
    return [
        ParsedEntry(f"{age}-{n}", None, f"Headline {n}", "", NOW - age - n * step if age else None)
        for n in range(count)
    ]


def test_what_comes_as_usual_rings_whatever_its_date() -> None:
    for age in (None, 60.0, 400 * DAY):
        few = entries(20, age)
        assert ringing(few, PAST, NOW) == set(few)


def test_much_at_once_rings_where_it_is_news() -> None:
    news = entries(60, 60.0)
    assert ringing(news, PAST, NOW) == set(news)


def test_of_an_archive_rings_what_is_fresh() -> None:
    fresh = entries(5, 60.0)
    assert ringing([*fresh, *entries(40, 30 * DAY, DAY)], PAST, NOW) == set(fresh)
    assert ringing(entries(40, 30 * DAY, DAY), PAST, NOW) == set()


def test_a_feed_that_shows_more_of_the_last_days_than_before_does_not_ring_them() -> None:
    past = Past(newest_at=NOW - 60, usual=1.0, answered_at=NOW - 60)
    widened = entries(30, 26 * HOUR, HOUR)
    assert ringing(widened, past, NOW) == set()


def test_without_dates_ten_ring_those_that_stand_first() -> None:
    found = entries(40, None)
    assert ringing(found, PAST, NOW) == set(found[:10])


def test_five_thousand_at_once_ring_ten_times_also_where_all_are_dated_now() -> None:
    """hostile: publishes 5,000 at once"""
    flood = entries(5_000, 1.0, 0.001)
    assert ringing(flood, PAST, NOW) == set(flood[:10])


def test_a_busy_outlet_rings_after_an_outage_as_much_as_it_can_have_written() -> None:
    past = Past(newest_at=NOW - DAY, usual=4.0, answered_at=NOW - 20 * HOUR)
    missed = entries(300, 60.0, 200.0)
    assert ringing(missed, past, NOW) == set(missed)


def test_an_outlet_that_publishes_a_days_issue_at_once_is_learned_to_do_so() -> None:
    usual, usual_at, rang = 0.0, None, []
    for day in range(6):
        issue, now = entries(300, None), NOW + day * DAY
        past = Past(None, usual, now - HOUR)
        rang.append(len(ringing(issue, past, now)))
        usual, usual_at = usual_after(usual, usual_at, len(issue), now)
    assert rang[:2] == [10, 10]
    assert rang[-1] == 300
    assert usual_after(usual, usual_at, 0, NOW + 9 * DAY) == (usual, usual_at)


def test_a_flood_at_every_poll_of_an_afternoon_is_no_habit() -> None:
    usual, usual_at, rang = 1.0, None, 0
    for minute in range(300):
        flood, now = entries(300, 1.0 - minute * 60), NOW + minute * 60
        rang += len(ringing(flood, Past(NOW, usual, now - 60), now))
        usual, usual_at = usual_after(usual, usual_at, len(flood), now)
    assert rang == 300 * 10


def test_a_habit_that_a_clock_ahead_has_noted_is_learned_all_the_same() -> None:
    assert usual_after(0.0, NOW + DAY, 400, NOW) == (100.0, NOW)


def test_some_dozens_at_each_poll_are_soon_a_habit() -> None:
    usual, usual_at, silenced = 1.0, None, 0
    for poll in range(24):
        news, now = entries(30, None), NOW + poll * 900
        silenced += 30 - len(ringing(news, Past(None, usual, now - 900), now))
        usual, usual_at = usual_after(usual, usual_at, len(news), now)
    assert silenced == 3 * 20


def test_the_newest_date_is_never_in_the_future() -> None:
    assert newest_after(None, [], NOW) is None
    assert newest_after(5.0, [None, None], NOW) == 5.0
    assert newest_after(5.0, [None, NOW - DAY, 3.0], NOW) == NOW - DAY
    assert newest_after(5.0, [NOW + DAY], NOW) == NOW
    assert newest_after(NOW + 30 * DAY, [NOW - DAY], NOW) == NOW - DAY  # a clock was ahead


def test_much_at_once_rings_also_after_a_clock_that_was_ahead() -> None:
    news, past = entries(60, 60.0), Past(NOW + 30 * DAY, 1.0, NOW + 30 * DAY)
    assert ringing(news, past, NOW) == set(news)


_new = st.lists(
    st.builds(
        lambda n, age: ParsedEntry(str(n), None, "", "", age if age is None else NOW - age),
        st.integers(),
        st.none() | st.floats(-DAY, 1000 * DAY),
    ),
    max_size=300,
)


@given(_new, st.floats(0, 300), st.none() | st.floats(0, 30 * DAY))
def test_nothing_rings_that_is_not_new_and_little_at_once_always_does(
    new: list[ParsedEntry], usual: float, ago: float | None
) -> None:
    past = Past(None, usual, NOW - ago if ago is not None else None)
    rang = ringing(new, past, NOW)
    assert rang <= set(new)
    if len(new) <= 20:
        assert rang == set(new)
