"""One bot's pace kept by several processes: each sends its part, and chats change hands."""

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.outcome import Wait
from bot.delivery.pace import Pace, PaceLimits
from bot.news.outbox import Schedule
from bot.news.penalty import Penalty, PenaltyStage

START = 1_800_000_000.0


def _sent(keeper: Pace, now: float, seconds: float) -> list[float]:
    """When messages go in so many seconds, each to another chat, as many as may."""
    times, chat = [], 1
    while now < START + seconds:
        ready = keeper.ready_at(chat, now)
        if ready > now:
            now = min(ready, now + 0.05)
            continue
        keeper.take(chat, "private", now)
        keeper.answered(chat, "private", now)
        times.append(now)
        chat += 1
    return times


@given(st.sampled_from([10.0, 28.0, 30.0]), st.lists(st.floats(0.5, 30), min_size=1, max_size=3))
def test_a_part_of_the_rate_is_kept_from_when_it_is_told(whole: float, parts: list[float]) -> None:
    keeper = Pace(PaceLimits(whole, 1.0, 18))
    for part in parts:
        keeper.send_at_most(part)
    part = parts[-1]
    times = _sent(keeper, START, 4.0)
    count = max(1, int(part))
    for at, later in zip(times, times[count:], strict=False):
        assert later - at >= count / part - 0.001
    assert len(times) >= 4 * part - count - 1


def test_without_a_part_nothing_goes_and_with_one_it_goes_on() -> None:
    keeper = Pace(PaceLimits(30.0, 1.0, 18))
    keeper.send_at_most(0.0)
    assert keeper.ready_at(1, START) > START
    assert _sent(keeper, START, 2.0) == []
    keeper.send_at_most(15.0)
    assert keeper.ready_at(1, START) == START


def test_without_a_limit_there_is_nothing_to_share() -> None:
    keeper = Pace(PaceLimits(0.0, 1.0, 18))
    keeper.send_at_most(0.0)
    assert keeper.ready_at(1, START) == START


def test_what_was_learned_is_that_of_the_whole_bot() -> None:
    ours, theirs = Pace(PaceLimits(30.0, 1.0, 18)), Pace(PaceLimits(30.0, 1.0, 18))
    ours.send_at_most(15.0)
    theirs.send_at_most(15.0)
    ours.restore(Schedule(lowered=10), START)
    assert ours.to_store() is None
    assert len(_sent(ours, START, 1.0)) == 5
    # The other one takes it in where all are told to wait.
    everybody = Penalty(PenaltyStage.ALL, (1, 2), START, START, START)
    theirs.take_in(everybody, 10, START)
    theirs.served(START + 0.1, START + 0.1)
    assert len(_sent(theirs, START + 0.2, 1.2)) == 5


def test_a_chat_that_is_gained_is_told_no_sooner_than_its_pace_allows() -> None:
    keeper = Pace(PaceLimits(30.0, 1.0, 18))
    keeper.gain(Schedule(holds=((2, START + 9),), sent=((1, "private", START - 0.4),)), START)
    assert keeper.ready_at(1, START) == START - 0.4 + 1.0
    assert keeper.ready_at(2, START) == START + 9
    assert keeper.ready_at(3, START) == START


def test_a_pause_that_another_was_told_is_kept_and_ends_with_it() -> None:
    ours, theirs = Pace(PaceLimits(30.0, 0.0, 0)), Pace(PaceLimits(30.0, 0.0, 0))
    for chat in (1, 2):
        theirs.begin(chat, START)
        theirs.refused(chat, Wait(5.0), START, START + 0.1 * chat)
    changed = theirs.to_store()
    assert changed is not None
    ours.take_in(changed[1], changed[2], START + 1)
    assert ours.paused()
    assert ours.to_store() is None
    theirs.served(START + 6, START + 6.1)
    changed = theirs.to_store()
    assert changed is not None
    ours.take_in(changed[1], changed[2], START + 7)
    assert not ours.paused()
