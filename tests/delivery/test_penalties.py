"""Whom Telegram means when it says wait: the rule step by step, and before servers whose penalties
grow, that slow many groups at once, or that name no time, in simulated time.
"""

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery import penalties
from bot.delivery.outcome import Wait
from bot.delivery.pace import PaceLimits
from bot.news.penalty import Penalty, PenaltyStage, penalty_of
from tests.delivery.servers import START, Bot, Growing, Request, SlowMode, latency
from tests.effort import examples

ADA, BEN, CAY = 1, 2, 3
GROUP, CLUB = -1, -2


# --- the rule, step by step -----------------------------------------------------------------------


def test_one_chat_that_is_refused_waits_alone_however_often() -> None:
    known = Penalty()
    for at in (10.0, 20.0, 30.0):
        known = penalties.refused(known, GROUP, Wait(5.0), at - 0.1, at)
        assert not penalties.paused(known)
        assert penalties.any_ready_at(known, at) == at
        assert penalties.ready_at(known, ADA, at) == at


def in_doubt(*refused: int, seconds: float = 3.0) -> Penalty:
    """These were refused one after the other at 10, and each told so many seconds."""
    known = Penalty()
    for chat_id in refused:
        known = penalties.refused(known, chat_id, Wait(seconds), 9.9, 10.0)
    return known


def test_after_two_nothing_goes_but_one_probe_to_a_chat_that_was_not_refused() -> None:
    known = in_doubt(ADA, GROUP)
    assert known.stage is PenaltyStage.DOUBT
    assert penalties.ready_at(known, BEN, 10.0) == 10.0
    assert penalties.ready_at(known, ADA, 10.0) > 10.0
    assert penalties.rank(known, BEN) < penalties.rank(known, CLUB) < penalties.rank(known, ADA)
    known = penalties.probed(known, BEN, 10.0)
    for chat_id in (ADA, BEN, CAY, GROUP, CLUB):
        assert penalties.ready_at(known, chat_id, 10.1) > 10.1
    assert penalties.any_ready_at(known, 10.1) > 10.1


def test_a_probe_that_is_taken_lets_all_go_again() -> None:
    known = penalties.served(penalties.probed(in_doubt(ADA, GROUP), BEN, 10.0), 10.0)
    assert not penalties.paused(known)
    assert penalties.ready_at(known, CAY, 10.2) == 10.2


def test_a_probe_that_is_refused_lets_all_wait_for_the_time_it_was_told() -> None:
    known = penalties.probed(in_doubt(ADA, GROUP), BEN, 10.0)
    known = penalties.refused(known, BEN, Wait(7.0), 10.0, 10.2)
    for chat_id in (ADA, CAY, GROUP, CLUB):
        assert penalties.ready_at(known, chat_id, 10.2) == 17.2
    assert penalties.any_ready_at(known, 10.2) == 17.2
    known = penalties.probed(known, CAY, 17.2)
    assert penalties.ready_at(known, ADA, 17.3) > 17.3
    known = penalties.refused(known, CAY, Wait(30.0), 17.2, 17.4)
    assert penalties.any_ready_at(known, 17.4) == 47.4


def test_where_all_were_refused_all_wait_for_the_time_last_told() -> None:
    known = penalties.refused(in_doubt(ADA, seconds=2.0), BEN, Wait(3.0), 9.9, 10.5)
    known = penalties.nobody(known)
    assert penalties.ready_at(known, CAY, 10.6) == 13.5
    assert penalties.ready_at(known, ADA, 10.5) == penalties.ready_at(known, BEN, 10.5) == 13.5
    known = penalties.probed(known, ADA, 13.5)
    assert penalties.ready_at(known, BEN, 13.6) > 13.6
    assert not penalties.paused(penalties.served(known, 13.5))


def test_none_is_probed_to_spare_the_others_a_second() -> None:
    known = in_doubt(ADA, BEN, seconds=1.0)
    assert penalties.any_ready_at(known, 10.0) == penalties.ready_at(known, CAY, 10.0) == 11.0
    assert penalties.probed(known, CAY, 11.0).stage is PenaltyStage.ALL


def test_a_success_of_what_was_in_the_air_says_nothing() -> None:
    known = penalties.served(in_doubt(ADA), 9.95)
    known = penalties.refused(known, BEN, Wait(2.9), 9.9, 10.1)
    assert known.stage is PenaltyStage.DOUBT
    assert penalties.paused(penalties.served(known, 9.99))
    assert penalties.paused(penalties.served(known, 10.05)), "begun before the pause"


def test_a_success_of_what_began_after_the_first_refusal_means_that_one_alone() -> None:
    known = penalties.served(in_doubt(ADA), 10.1)
    assert known.stage is PenaltyStage.NOBODY
    known = penalties.refused(known, BEN, Wait(2.7), 10.15, 10.3)
    assert known.stage is PenaltyStage.ONE


def test_a_refusal_of_what_was_in_the_air_when_all_were_let_go_pauses_nothing() -> None:
    known = penalties.served(penalties.probed(in_doubt(GROUP, CLUB), ADA, 10.0), 10.0)
    for chat_id in (-3, -4, -5):
        known = penalties.refused(known, chat_id, Wait(3599.8), 9.95, 10.2)
    assert known.stage is PenaltyStage.NOBODY


def test_a_probe_that_says_nothing_makes_room_for_another() -> None:
    known = penalties.probed(in_doubt(ADA, GROUP), BEN, 10.0)
    assert penalties.ready_at(penalties.ended(known, BEN, 10.0), CAY, 10.2) == 10.2
    assert penalties.ready_at(penalties.ended(known, CAY, 10.0), CAY, 10.2) > 10.2
    later = known.probe_until
    assert penalties.ready_at(known, CAY, later) == later


def test_groups_that_are_slow_for_an_hour_keep_no_private_chat_from_being_probed() -> None:
    known = penalties.probed(in_doubt(GROUP, CLUB, seconds=3_600), -3, 10.0)
    known = penalties.refused(known, -3, Wait(3600.0), 10.0, 10.2)
    assert penalties.ready_at(known, ADA, 10.2) == 10.2
    assert penalties.ready_at(known, -4, 10.2) == 3_610.2
    known = penalties.probed(known, ADA, 10.2)
    assert not penalties.paused(penalties.served(known, 10.2))
    known = penalties.refused(known, ADA, Wait(5.0), 10.2, 10.4)
    assert penalties.ready_at(known, BEN, 10.4) == 15.4


def test_a_group_that_is_slow_for_an_hour_does_not_keep_another_refused_chat_so_long() -> None:
    known = penalties.refused(in_doubt(ADA, seconds=2), GROUP, Wait(3600.0), 9.9, 10.0)
    assert penalties.ready_at(known, ADA, 10.0) <= 70.0


def test_edits_are_no_early_probes() -> None:
    known = in_doubt(ADA, BEN)
    assert penalties.any_ready_at(known, 10.0, early=False) == 13.0
    assert penalties.ready_at(known, CAY, 10.0, early=False) == 13.0


@given(st.integers(1, 5_000))
def test_the_record_stays_small_however_many_are_refused(count: int) -> None:
    known = Penalty()
    for chat_id in range(1, count + 1):
        known = penalties.refused(known, 10**9 + chat_id, Wait(10.0), 9.9, 10.0)
    assert len(known.as_json()) < 2_500
    assert penalty_of(known.as_json()) == known


def test_a_clock_that_goes_back_changes_no_wait() -> None:
    known = penalties.probed(in_doubt(ADA, BEN), CAY, 10.0)
    known = penalties.refused(known, CAY, Wait(6.8), 10.0, 10.2)
    back = known.set_back(5.0)
    assert penalties.ready_at(back, ADA, 5.2) == 12.0
    assert not penalties.paused(penalties.served(back, 12.0))


# --- servers, in simulated time -------------------------------------------------------------------

# Two ways, and a moment before it begins.
ROUND = 1.0
_way = st.floats(0.01, 0.4)
_world = st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(lambda n: sum(n) >= 2)
_seed = st.integers(0, 10**6)
_restarts = st.lists(st.floats(0.1, 40), max_size=2)
_limits = st.sampled_from([PaceLimits(0, 0, 0), PaceLimits(28, 1, 18)])


def chats(private: int, groups: int) -> list[int]:
    """So many private chats and groups."""
    return [*range(1, private + 1), *range(-groups, 0)]


def strays(bot: Bot) -> list[Request]:
    """What began in spite of the rule, told from the answers alone: while another was in the air
    after two chats were refused, and before a success of what began after that.
    """
    answers = sorted((r for r in bot.requests if r.answered), key=lambda r: r.answered)
    begun = sorted(bot.requests, key=lambda r: r.began)
    found, first, free_from = [], None, 0.0
    paused_at: float | None = None
    for each in answers:
        if each.answer.taken:
            if first and each.began >= (paused_at or first.answered):
                found += _crowded(begun, paused_at, each.answered)
                first, paused_at, free_from = None, None, each.began
        elif paused_at is None and each.began < free_from:
            continue
        elif first is None:
            first = each
        elif paused_at is None and each.chat != first.chat:
            paused_at = each.answered
    return found + _crowded(begun, paused_at, float("inf"))


def _crowded(begun: Sequence[Request], since: float | None, until: float) -> list[Request]:
    """What began in this time while another of its process was in the air that began in it."""
    if since is None:
        return []
    within = [r for r in begun if since < r.began < until]
    return [b for a, b in pairwise(within) if a.life == b.life and b.began < a.answered]


@pytest.mark.slow
@given(
    _world, _seed, _way, st.floats(1, 60), st.floats(0, 30), st.floats(0, 2), st.booleans(),
    _limits, _restarts,
)  # fmt: skip
@examples(50)
def test_a_penalty_that_grows_with_each_violation_ends(
    world: tuple[int, int], seed: int, way: float, seconds: float, grows: float, share: float,
    tells: bool, limits: PaceLimits, restarts: list[float],
) -> None:  # fmt: skip
    everybody, chance = chats(*world), random.Random(seed)
    opens = START + chance.uniform(0, way)
    # One that names no time must not grow faster than anybody would wait.
    share = share if tells else 0.0
    server = Growing(chance.choice(everybody), opens, seconds, grows, share, tells)
    ways = latency(chance, way)
    bot = Bot(server, everybody, 4, ways, limits, restarts).run(1e5)
    assert bot.told()
    assert not strays(bot)
    # One probe tells that all are meant; of groups alone, one to a private chat too. A restart
    # forgets the one that was in the air.
    refused = [r for r in bot.probes() if r.answer.for_all]
    assert len(refused) <= (3 if tells else 20) + 2 * len(restarts)
    if server.until:
        first = min(r.arrived for r in bot.requests if r.arrived >= server.until)
        most = 1 if tells else 180
        assert first - server.until <= most + 2 * ROUND
    assert bot.twice() == 0 or restarts


@pytest.mark.slow
@given(_world, _seed, _way, st.floats(5, 3_600), _restarts)
@examples(50)
def test_slow_mode_of_many_groups_keeps_no_private_chat_waiting(
    world: tuple[int, int], seed: int, way: float, seconds: float, restarts: list[float]
) -> None:
    chance, everybody = random.Random(seed), chats(*world)
    slow = frozenset(chat for chat in everybody if chat < 0 and chance.random() < 0.7)
    bot = Bot(SlowMode(slow, seconds), everybody, 4, latency(chance, way), restarts=restarts)
    bot.run(4 * seconds + 100)
    assert not strays(bot)
    for chat_id in everybody:
        if chat_id > 0:
            assert bot.done_at(chat_id) <= 12 * ROUND + 2 * ROUND * len(restarts)
    assert bot.twice() == 0 or restarts


@given(_world, _seed, _way, st.booleans())
@examples(50)
def test_one_slow_chat_stops_nobody(
    world: tuple[int, int], seed: int, way: float, without_time: bool
) -> None:
    chance, everybody = random.Random(seed), chats(*world)
    slow = chance.choice(everybody)
    server = SlowMode(frozenset([slow]), 3_600, tells=not without_time)
    bot = Bot(server, everybody, 4, latency(chance, way)).run(60)
    assert not bot.probes()
    assert all(bot.done_at(chat) <= 4 * ROUND for chat in everybody if chat != slow)


@pytest.mark.parametrize("size", [2, 12, pytest.param(500, marks=pytest.mark.slow)])
@pytest.mark.parametrize("tells", [True, False])
@pytest.mark.parametrize("restarts", [[], [1.5]])
def test_the_rule_holds_for_two_chats_and_for_hundreds(
    size: int, tells: bool, restarts: list[float]
) -> None:
    chance, everybody = random.Random(1), chats(size // 2, size - size // 2)
    server = Growing(everybody[0], START, 3, 2, tells=tells)
    bot = Bot(server, everybody, 1, latency(chance, 0.2), restarts=restarts).run(1e5)
    assert bot.told()
    assert not strays(bot)
    in_the_air = [r for r in bot.requests if r.answer.for_all and not r.paused]
    assert len(in_the_air) <= min(size, 96)
    first = min(r.arrived for r in bot.requests if r.arrived >= server.until)
    assert first - server.until <= (1 if tells else 45) + ROUND
