"""Two processes know of one bot's penalty: neither forgets what the other was told, nor its end."""

from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.delivery import penalties
from bot.delivery.outcome import Wait
from bot.news.penalty import Penalty, PenaltyStage, merged


@st.composite
def _lives(draw: st.DrawFn, chats: tuple[int, ...] = (1, 2, -3, 4)) -> Penalty:
    """What a process knows after some refusals, successes and probes."""
    known, now = Penalty(), draw(st.floats(100, 110))
    for _ in range(draw(st.integers(0, 8))):
        now += draw(st.floats(0.1, 5))
        chat = draw(st.sampled_from(chats))
        what = draw(st.sampled_from(["refused", "refused", "served", "probed", "nobody"]))
        if what == "refused":
            wait = Wait(draw(st.floats(0.5, 60)))
            known = penalties.refused(known, chat, wait, now - 0.05, now)
        elif what == "served":
            known = penalties.served(known, now - 0.05)
        elif what == "probed" and penalties.paused(known):
            known = penalties.probed(known, chat, now)
        elif what == "nobody":
            known = penalties.nobody(known)
    return known


def _doubted(*chats: int) -> Penalty:
    return Penalty(PenaltyStage.DOUBT, chats, 106.0, 108.0, 108.0, 103.95)


@given(_lives(), _lives())
@example(_doubted(2, 1), _doubted(1, -3, 2))
@example(_doubted(2, 1), _doubted(1, 2, -3))
@example(_doubted(2, 1), _doubted(-3, 2))
def test_it_does_not_matter_who_hears_of_whom(ours: Penalty, theirs: Penalty) -> None:
    both = merged(ours, theirs)
    assert both == merged(theirs, ours)
    assert merged(both, theirs) == both == merged(both, ours)


@given(_lives())
def test_what_is_heard_twice_is_what_it_was(known: Penalty) -> None:
    assert merged(known, known) == known


@given(_lives(), _lives())
def test_a_pause_that_nobody_ended_is_kept_by_both(ours: Penalty, theirs: Penalty) -> None:
    both = merged(ours, theirs)
    for mine, other in ((ours, theirs), (theirs, ours)):
        if penalties.paused(mine) and other.passed < mine.since:
            assert penalties.paused(both)
            assert both.stage >= mine.stage
            assert set(mine.refused) <= set(both.refused)


@given(_lives())
def test_a_success_of_the_other_ends_a_pause(known: Penalty) -> None:
    free = Penalty(passed=known.since + 1.0)
    assert merged(known, free).stage is PenaltyStage.NOBODY
    # But not one that began before.
    if known.stage is not PenaltyStage.NOBODY:
        before = Penalty(passed=known.since - 0.01)
        assert merged(known, before) == replace(known, passed=max(known.passed, before.passed))


def test_one_chat_each_makes_two() -> None:
    ours = penalties.refused(Penalty(), 1, Wait(9.0), 99.0, 100.0)
    theirs = penalties.refused(Penalty(), 2, Wait(5.0), 100.0, 101.0)
    both = merged(ours, theirs)
    assert both.stage is PenaltyStage.DOUBT
    assert set(both.refused) == {1, 2}
    # The same one, in both, is still one.
    assert merged(ours, replace(ours, all_at=104.0)).stage is PenaltyStage.ONE
