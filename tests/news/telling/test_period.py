"""From when on a digest gathers."""

from hypothesis import given
from hypothesis import strategies as st

from bot.news.telling.hours import next_slot, quiet_until
from bot.news.telling.period import gathered_since

_slots = st.lists(st.integers(0, 1439), max_size=4, unique=True).map(lambda s: tuple(sorted(s)))
_quiet = st.none() | st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(
    lambda pair: pair[0] != pair[1]
)
_zones = st.sampled_from(["UTC", "Asia/Kathmandu", "America/St_Johns", "Pacific/Apia"])
_held = st.lists(st.floats(1_600_000_000, 1_900_000_000), min_size=1, max_size=5)


@given(_held, _slots, _quiet, _zones)
def test_it_is_the_hour_before_the_first_story(
    held: list[float], slots: tuple[int, ...], quiet: tuple[int, int] | None, zone: str
) -> None:
    first = min(held)
    since = gathered_since(held, 0.0, slots, quiet, zone)
    assert since is not None
    assert since <= first
    if slots:
        assert next_slot(slots, zone, since) > first or since == first
        assert first - since <= 2 * 86_400
    elif quiet is None or quiet_until(quiet, zone, first) is None:
        assert since == first


def test_a_digest_of_nothing_has_no_period() -> None:
    assert gathered_since([], 0.0, (480,), None, "UTC") is None


def test_what_was_told_by_itself_since_that_hour_is_not_of_the_period() -> None:
    eight, held = 28_800.0, 50_000.0
    assert gathered_since([held], 0.0, (480,), None, "UTC") == eight
    assert gathered_since([held], eight - 1, (480,), None, "UTC") == eight
    assert gathered_since([held], eight + 1, (480,), None, "UTC") == held
